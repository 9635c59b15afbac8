/*
 * test_policy.c -- what a verifier trusts: C2SP tlog-policy read strictly,
 * and whose signatures it takes.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/log.h"
#include "tests/custody/house.h"

enum {
	WITNESSES = 4
};

static const char *const name[WITNESSES] = { "w.example/a", "w.example/b",
	"w.example/c", "w.example/d" };

static struct ex_key *log_key, *key[WITNESSES];
static struct ex_vkey log_vkey, vkey[WITNESSES];
static char log_text[EX_VKEY_TEXT], text_of[WITNESSES][EX_VKEY_TEXT];

static int
setup(void **state)
{
	(void)state;
	MUST(ex_key_new(&log_key, EX_KEY_ED25519, err));
	MUST(
	    ex_vkey_of(&log_vkey, HOUSE_ORIGIN, EX_NOTE_ED25519, log_key, err));
	MUST(ex_vkey_text(log_text, &log_vkey, err));
	for (int i = 0; i < WITNESSES; i++) {
		MUST(ex_key_new(&key[i], EX_KEY_ED25519, err));
		MUST(ex_vkey_of(
		    &vkey[i], name[i], EX_NOTE_COSIGNATURE, key[i], err));
		MUST(ex_vkey_text(text_of[i], &vkey[i], err));
	}
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	ex_key_free(log_key);
	for (int i = 0; i < WITNESSES; i++)
		ex_key_free(key[i]);
	return 0;
}

/* $L the log's key, $A to $D those of witnesses, $0 some SHA-256. */
#define ROOT "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
static void
fill(struct ex_buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text != '$') {
			MUST(ex_buf_add_byte(out, (uint8_t)*text, err));
			continue;
		}
		text++;
		if (*text == '0')
			MUST(ex_buf_add_text(out, ROOT, err));
		else
			MUST(ex_buf_add_text(out,
			    *text == 'L' ? log_text : text_of[*text - 'A'],
			    err));
	}
}

static int
read_policy(struct ex_policy **out, const char *text, struct ex_err *why)
{
	struct ex_buf b = EX_BUF_INIT;
	int rc;

	fill(&b, text);
	rc = ex_policy_read(out, b.data, b.len, why);
	ex_buf_free(&b);
	return rc;
}

static const char *const right[] = {
	"log $L\nquorum none\n",
	"# a comment\n\n  log\t$L  https://log.example/ \nquorum none\n",
	"witness a $A\nlog $L\nquorum a\n",
	"log $L\nwitness a $A\nwitness b $B\ngroup g all a b\nquorum g\n",
	"log $L\nwitness a $A\nwitness b $B\ngroup g 1 a b\nquorum g\n",
	"log $L\nwitness a $A\ngroup g any a\ngroup h all g\nquorum h\n",
	"witness a $A\nquorum a\n",
	("log $L\nwitness a $A\nquorum a\n#exhibit: operator LAB\n"
	 "#exhibit: organisation a MOJ\n# exhibit: not one of ours\n"
	 "#exhibit: monitor a\n"),
	("log $L\nquorum none\n#exhibit: operator LAB\n"
	 "#exhibit: authority clock TIME $0 http://tsa.example/\n"),
};

static const struct {
	const char *text, *says;
} wrong[] = {
	{ "", "without a quorum" },
	{ "log $L\n", "without a quorum" },
	{ "log $L\nquorum none", "" },
	{ "log $L\nquorum none\nquorum none\n", "a second quorum" },
	{ "log $L\nquorum x\n", "not defined above" },
	{ "log $L\nquorum a\nwitness a $A\n", "not defined above" },
	{ "log $L\nlog $L\nquorum none\n", "that of a log above" },
	{ "witness a $A\nwitness b $A\nquorum none\n",
	    "that of a witness above" },
	{ "witness a $A\nwitness a $B\nquorum none\n", "name is taken" },
	{ "witness none $A\nquorum none\n", "not a free name" },
	{ "log $A\nquorum none\n", "another type" },
	{ "witness a $L\nquorum none\n", "another type" },
	{ "log\nquorum none\n", "expected" },
	{ "log $L a b\nquorum none\n", "expected" },
	{ "witness a\nquorum none\n", "expected" },
	{ "group g all\nquorum none\n", "expected" },
	{ "group g all a\nquorum none\n", "not defined above" },
	{ "witness a $A\ngroup g 2 a\nquorum g\n", "threshold" },
	{ "witness a $A\ngroup g 0 a\nquorum g\n", "threshold" },
	{ "witness a $A\ngroup g most a\nquorum g\n", "threshold" },
	{ "witness a $A\ngroup g all a a\nquorum g\n", "in a group already" },
	{ "witness a $A\ngroup g all a\ngroup h all a\nquorum h\n",
	    "in a group already" },
	{ "witness a $A\ngroup a all a\nquorum a\n", "name is taken" },
	{ "trust everybody\nquorum none\n", "not a log" },
	{ "log $L\r\nquorum none\n", "control character" },
	{ "# \x01\nquorum none\n", "control character" },
	{ "log x+00000000+AAAA\nquorum none\n", "" },
	{ "#exhibit:\nquorum none\n", "not an operator" },
	{ "#exhibit: owner LAB\nquorum none\n", "not an operator" },
	{ "#exhibit: operator LAB\n#exhibit: operator LAB\nquorum none\n",
	    "a second operator" },
	{ "#exhibit: operator L+B\nquorum none\n", "no code" },
	{ "#exhibit: organisation a MOJ\nwitness a $A\nquorum a\n",
	    "no witness above" },
	{ "witness a $A\nquorum a\n#exhibit: organisation a MOJ\n",
	    "named together" },
	{ "witness a $A\nquorum a\n#exhibit: operator LAB\n",
	    "named together" },
	{ "witness a $A\nquorum a\n#exhibit: operator LAB\n"
	  "#exhibit: organisation a X\n#exhibit: organisation a Y\n",
	    "named above" },
	{ "#exhibit: monitor a\nwitness a $A\nquorum a\n", "no witness above" },
	{ "quorum none\n#exhibit: authority c TIME $0\n", "no operator" },
	{ "quorum none\n#exhibit: operator LAB\n"
	  "#exhibit: authority c TIME 00\n",
	    "no SHA-256" },
	{ "quorum none\n#exhibit: operator LAB\n"
	  "#exhibit: authority c TIME $0\n#exhibit: authority d TIME $0\n",
	    "named above" },
};

static void
a_policy_is_read_strictly(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		struct ex_policy *p = NULL;
		struct ex_err why = EX_ERR_INIT;

		if (read_policy(&p, right[i], &why) == -1)
			fail_msg("%s: %s", right[i], why.text);
		ex_policy_free(p);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct ex_policy *p = NULL;
		struct ex_err why = EX_ERR_INIT;

		if (read_policy(&p, wrong[i].text, &why) == 0 ||
		    strstr(why.text, wrong[i].says) == NULL)
			fail_msg("%s: %s", wrong[i].text, why.text);
		assert_null(p);
	}
}

static void
a_policy_has_an_end(void **state)
{
	struct ex_buf text = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	struct ex_policy *p = NULL;

	(void)state;
	MUST(ex_buf_add_text(&text, "quorum none\n", err));
	while (text.len <= EX_POLICY_MAX)
		MUST(ex_buf_add_text(&text, "#\n", err));
	assert_int_equal(ex_policy_read(&p, text.data, text.len, &why), -1);
	assert_int_equal(why.code, EX_LIMIT);
	ex_buf_cut(&text, 12);
	for (int i = 0; i < EX_POLICY_KEYS + EX_POLICY_GROUPS + 4; i++)
		MUST(ex_buf_add_text(&text, "x ", err));
	MUST(ex_buf_add_text(&text, "\n", err));
	assert_int_equal(ex_policy_read(&p, text.data, text.len, NULL), -1);
	ex_buf_free(&text);
}

/* A checkpoint of the log, cosigned by these ("ac"), by S for a forgery in
 * the name of the next one. */
static void
make_note(struct ex_buf *note, const char *who)
{
	struct ex_checkpoint c = { .size = 5 };
	struct ex_buf text = EX_BUF_INIT;

	memcpy(c.origin, HOUSE_ORIGIN, sizeof(HOUSE_ORIGIN));
	MUST(ex_checkpoint_text(&text, &c, err));
	MUST(ex_note_sign(
	    note, text.data, text.len, HOUSE_ORIGIN, log_key, err));
	for (; *who != '\0'; who++)
		MUST(ex_note_cosign(
		    note, name[*who - 'a'], key[*who - 'a'], 1772443800, err));
	ex_buf_free(&text);
}

static const struct {
	const char *policy, *who;
	int anchored;
} quorum[] = {
	{ "log $L\nquorum none\n", "", 0 },
	{ "log $L\nwitness a $A\nquorum none\n", "a", 0 },
	{ "log $L\nwitness a $A\nquorum a\n", "", 0 },
	{ "log $L\nwitness a $A\nquorum a\n", "a", 1 },
	{ "log $L\nwitness a $A\nquorum a\n", "b", 0 },
	{ "log $L\nwitness a $A\nquorum a\n#exhibit: operator LAB\n"
	  "#exhibit: organisation a MOJ\n",
	    "a", 1 },
	{ "log $L\nwitness a $A\nquorum a\n#exhibit: operator LAB\n"
	  "#exhibit: organisation a LAB\n",
	    "a", 0 },
	{ "log $L\nwitness a $A\nwitness b $B\ngroup g any a b\nquorum g\n"
	  "#exhibit: operator LAB\n#exhibit: organisation a LAB\n"
	  "#exhibit: organisation b MOJ\n",
	    "a", 0 },
	{ "log $L\nwitness a $A\nwitness b $B\ngroup g any a b\nquorum g\n"
	  "#exhibit: operator LAB\n#exhibit: organisation a LAB\n"
	  "#exhibit: organisation b MOJ\n",
	    "ab", 1 },
	{ "log $L\nwitness a $A\nwitness b $B\ngroup g all a b\nquorum g\n",
	    "a", 0 },
	{ "log $L\nwitness a $A\nwitness b $B\ngroup g all a b\nquorum g\n",
	    "ba", 1 },
	{ "log $L\nwitness a $A\nwitness b $B\ngroup g any a b\nquorum g\n",
	    "b", 1 },
	{ "log $L\nwitness a $A\nwitness b $B\nwitness c $C\n"
	  "group g 2 a b c\nquorum g\n",
	    "c", 0 },
	{ "log $L\nwitness a $A\nwitness b $B\nwitness c $C\n"
	  "group g 2 a b c\nquorum g\n",
	    "ac", 1 },
	/* One twice is one. */
	{ "log $L\nwitness a $A\nwitness b $B\nwitness c $C\n"
	  "group g 2 a b c\nquorum g\n",
	    "cc", 0 },
	{ "log $L\nwitness a $A\nwitness b $B\nwitness c $C\nwitness d $D\n"
	  "group g all a b\ngroup h any c d\ngroup i all g h\nquorum i\n",
	    "abd", 1 },
	{ "log $L\nwitness a $A\nwitness b $B\nwitness c $C\nwitness d $D\n"
	  "group g all a b\ngroup h any c d\ngroup i all g h\nquorum i\n",
	    "acd", 0 },
};

static void
a_quorum_is_counted_as_it_is_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(quorum) / sizeof(quorum[0]); i++) {
		struct ex_buf b = EX_BUF_INIT;
		struct ex_policy *p = NULL;
		struct ex_note note;
		int anchored = -1;

		MUST(read_policy(&p, quorum[i].policy, err));
		make_note(&b, quorum[i].who);
		MUST(ex_note_parse(&note, b.data, b.len, err));
		MUST(ex_policy_check(p, &note, &anchored, err));
		if (anchored != quorum[i].anchored)
			fail_msg("%s with %s: %d", quorum[i].policy,
			    quorum[i].who, anchored);
		ex_policy_free(p);
		ex_buf_free(&b);
	}
}

static void
another_log_is_denied_and_a_false_line_is_damage(void **state)
{
	struct ex_buf b = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	struct ex_policy *p = NULL;
	struct ex_note note;
	int anchored;

	(void)state;
	make_note(&b, "a");
	MUST(ex_note_parse(&note, b.data, b.len, err));
	MUST(read_policy(&p, "witness b $B\nquorum b\n", err));
	assert_int_equal(ex_policy_check(p, &note, &anchored, &why), -1);
	assert_int_equal(why.code, EX_DENIED);
	assert_int_equal(anchored, 0);
	ex_policy_free(p);
	MUST(read_policy(&p, "log $L\nwitness a $A\nquorum a\n", err));
	/* The witness's line, one bit of its signature changed. */
	note.sig[1].sig[40] ^= 1;
	ex_err_clear(&why);
	assert_int_equal(ex_policy_check(p, &note, &anchored, &why), -1);
	assert_int_equal(why.code, EX_DAMAGED);
	note.sig[1].sig[40] ^= 1;
	/* Its time as well. */
	note.sig[1].sig[7] ^= 1;
	assert_int_equal(ex_policy_check(p, &note, &anchored, NULL), -1);
	note.sig[1].sig[7] ^= 1;
	MUST(ex_policy_check(p, &note, &anchored, err));
	assert_int_equal(anchored, 1);
	note.sig[0].sig[0] ^= 1;
	assert_int_equal(ex_policy_check(p, &note, &anchored, NULL), -1);
	ex_policy_free(p);
	ex_buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_policy_is_read_strictly),
		cmocka_unit_test(a_policy_has_an_end),
		cmocka_unit_test(a_quorum_is_counted_as_it_is_written),
		cmocka_unit_test(
		    another_log_is_denied_and_a_false_line_is_damage),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
