/*
 * test_note.c -- signed notes, cosignatures, checkpoints.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tests/signing/lab.h"
#include "signing/note.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define DASH	 "\xe2\x80\x94 "

/* The example of golang.org/x/mod/sumdb/note: key, text, signature. */
#define NEUMANN \
	"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define NEUMANN_TEXT                                                 \
	"If you think cryptography is the answer to your problem,\n" \
	"then you don't know what your problem is.\n"
#define NEUMANN_LINE                                                         \
	DASH "PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuG" \
	     "UgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

/* The example of C2SP tlog-checkpoint and tlog-cosignature; its keys are not
 * published, so only the form can be compared. */
#define SOFA_TEXT                                 \
	"example.com/behind-the-sofa\n20852163\n" \
	"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
#define SOFA                                                                 \
	SOFA_TEXT "\n" DASH                                                  \
		  "example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5" \
		  "IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeM" \
		  "cTOAYQ8=\n" DASH                                          \
		  "witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9D" \
		  "Yn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+m" \
		  "bIUBkBIfZ+qnA==\n"

static struct lab lab;
static struct ex_key *log_key, *witness_key;

static int
setup(void **state)
{
	(void)state;
	lab_open(&lab);
	if (ex_key_new(&log_key, EX_KEY_ED25519, NULL) == -1)
		return -1;
	return ex_key_new(&witness_key, EX_KEY_ED25519, NULL);
}

static int
teardown(void **state)
{
	(void)state;
	ex_key_free(log_key);
	ex_key_free(witness_key);
	lab_close(&lab);
	return 0;
}

static void
gos_example_note_verifies(void **state)
{
	static const char note[] = NEUMANN_TEXT "\n" NEUMANN_LINE;
	char text[EX_VKEY_TEXT];
	struct ex_err err = EX_ERR_INIT;
	struct ex_note parsed;
	struct ex_vkey v;

	(void)state;
	assert_int_equal(ex_vkey_read(&v, NEUMANN, &err), 0);
	assert_string_equal(v.name, "PeterNeumann");
	assert_int_equal(v.type, EX_NOTE_ED25519);
	assert_int_equal(ex_vkey_text(text, &v, &err), 0);
	assert_string_equal(text, NEUMANN);
	assert_int_equal(
	    ex_note_parse(&parsed, note, sizeof(note) - 1, &err), 0);
	assert_true(ex_span_is(parsed.text, NEUMANN_TEXT));
	assert_int_equal(ex_note_check(&parsed, &v, NULL, &err), 0);
}

/* The same example's private key, as PKCS#8. */
static void
gos_example_note_is_signed_again_byte_for_byte(void **state)
{
	static const char pem[] =
	    "-----BEGIN PRIVATE KEY-----\n"
	    "MC4CAQAwBQYDK2VwBCIEIIEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n"
	    "-----END PRIVATE KEY-----\n";
	static const char want[] = NEUMANN_TEXT "\n" NEUMANN_LINE;
	struct ex_buf b = EX_BUF_INIT, note = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_key *key;

	(void)state;
	assert_int_equal(ex_buf_add_text(&b, pem, &err), 0);
	assert_int_equal(
	    ex_key_load(&key, lab_write(&lab, "neumann.pem", &b), NULL, &err),
	    0);
	assert_int_equal(ex_note_sign(&note, NEUMANN_TEXT, strlen(NEUMANN_TEXT),
			     "PeterNeumann", key, &err),
	    0);
	assert_string_equal(ex_buf_text(&note), want);
	ex_key_free(key);
	ex_buf_free(&b);
	ex_buf_free(&note);
}

static void
the_c2sp_example_is_read(void **state)
{
	static const uint8_t root[] = { 0x0a, 0xc5, 0x18, 0x6a };
	struct ex_err err = EX_ERR_INIT;
	struct ex_checkpoint c;
	struct ex_note note;
	struct ex_buf text = EX_BUF_INIT;

	(void)state;
	assert_int_equal(ex_note_parse(&note, SOFA, strlen(SOFA), &err), 0);
	assert_true(ex_span_is(note.text, SOFA_TEXT));
	assert_int_equal(note.nsigs, 2);
	assert_true(
	    ex_span_is(note.sig[0].name, "example.com/behind-the-sofa"));
	assert_int_equal(note.sig[0].nsig, 64);
	assert_memory_equal(note.sig[0].id, "\x03\x3d\xe0\xae", 4);
	assert_true(ex_span_is(note.sig[1].name, "witness.example.com/w1"));
	assert_int_equal(note.sig[1].nsig, 72);
	/* Its time: 20 March 2023. */
	assert_memory_equal(note.sig[1].sig, "\0\0\0\0\x64\x18\x50\xcb", 8);
	assert_int_equal(ex_checkpoint_read(&c, note.text, &err), 0);
	assert_string_equal(c.origin, "example.com/behind-the-sofa");
	assert_int_equal(c.size, 20852163);
	assert_memory_equal(c.root, root, sizeof(root));
	assert_int_equal(ex_checkpoint_text(&text, &c, &err), 0);
	assert_string_equal(ex_buf_text(&text), SOFA_TEXT);
	ex_buf_free(&text);
}

/* A checkpoint signed by the log and cosigned by the witness. */
static void
cosigned(struct ex_buf *note)
{
	struct ex_err err = EX_ERR_INIT;

	assert_int_equal(ex_note_sign(note, SOFA_TEXT, strlen(SOFA_TEXT),
			     "lab.example/log", log_key, &err),
	    0);
	assert_int_equal(ex_note_cosign(note, "justice.example/w", witness_key,
			     1772443800, &err),
	    0);
}

static void
lines_of_log_and_witness_hold_side_by_side(void **state)
{
	struct ex_buf note = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_vkey log, witness;
	struct ex_note parsed;
	uint64_t time = 7;

	(void)state;
	cosigned(&note);
	assert_int_equal(
	    ex_vkey_of(&log, "lab.example/log", EX_NOTE_ED25519, log_key, &err),
	    0);
	assert_int_equal(ex_vkey_of(&witness, "justice.example/w",
			     EX_NOTE_COSIGNATURE, witness_key, &err),
	    0);
	assert_int_equal(ex_note_parse(&parsed, note.data, note.len, &err), 0);
	assert_int_equal(parsed.nsigs, 2);
	assert_int_equal(ex_note_check(&parsed, &log, &time, &err), 0);
	assert_int_equal(time, 0);
	assert_int_equal(ex_note_check(&parsed, &witness, &time, &err), 0);
	assert_int_equal(time, 1772443800);
	ex_buf_free(&note);
}

static void
the_earliest_of_several_cosignatures_counts(void **state)
{
	struct ex_buf note = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_vkey witness;
	struct ex_note parsed;
	uint64_t time;

	(void)state;
	cosigned(&note);
	assert_int_equal(ex_note_cosign(&note, "justice.example/w", witness_key,
			     1772443000, &err),
	    0);
	assert_int_equal(ex_note_cosign(&note, "justice.example/w", witness_key,
			     1772449000, &err),
	    0);
	assert_int_equal(ex_vkey_of(&witness, "justice.example/w",
			     EX_NOTE_COSIGNATURE, witness_key, &err),
	    0);
	assert_int_equal(ex_note_parse(&parsed, note.data, note.len, &err), 0);
	assert_int_equal(parsed.nsigs, 4);
	assert_int_equal(ex_note_check(&parsed, &witness, &time, &err), 0);
	assert_int_equal(time, 1772443000);
	ex_buf_free(&note);
}

static void
a_rotated_log_key_signs_beside_the_old_one(void **state)
{
	struct ex_buf note = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_note parsed;
	struct ex_vkey v;

	(void)state;
	cosigned(&note);
	assert_int_equal(
	    ex_note_add_sig(&note, "lab.example/log", witness_key, &err), 0);
	assert_int_equal(ex_note_parse(&parsed, note.data, note.len, &err), 0);
	assert_int_equal(parsed.nsigs, 3);
	assert_int_equal(ex_vkey_of(&v, "lab.example/log", EX_NOTE_ED25519,
			     witness_key, &err),
	    0);
	assert_int_equal(ex_note_check(&parsed, &v, NULL, &err), 0);
	assert_int_equal(
	    ex_vkey_of(&v, "lab.example/log", EX_NOTE_ED25519, log_key, &err),
	    0);
	assert_int_equal(ex_note_check(&parsed, &v, NULL, &err), 0);
	ex_buf_free(&note);
}

/* One Ed25519 key must not lend its signature to the other type. */
static void
the_types_are_not_exchangeable(void **state)
{
	struct ex_buf note = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_vkey v1, v4;
	struct ex_note parsed;

	(void)state;
	cosigned(&note);
	assert_int_equal(ex_vkey_of(&v1, "justice.example/w", EX_NOTE_ED25519,
			     witness_key, &err),
	    0);
	assert_int_equal(ex_vkey_of(&v4, "lab.example/log", EX_NOTE_COSIGNATURE,
			     log_key, &err),
	    0);
	assert_int_equal(ex_note_parse(&parsed, note.data, note.len, &err), 0);
	assert_int_equal(ex_note_check(&parsed, &v1, NULL, &err), -1);
	assert_int_equal(err.code, EX_ABSENT);
	ex_err_clear(&err);
	assert_int_equal(ex_note_check(&parsed, &v4, NULL, &err), -1);
	assert_int_equal(err.code, EX_ABSENT);
	/* Even where somebody makes the ids collide. */
	ex_err_clear(&err);
	memcpy(v1.id, parsed.sig[1].id, 4);
	assert_int_equal(ex_note_check(&parsed, &v1, NULL, &err), -1);
	assert_int_equal(err.code, EX_DAMAGED);
	ex_err_clear(&err);
	memcpy(v4.id, parsed.sig[0].id, 4);
	assert_int_equal(ex_note_check(&parsed, &v4, NULL, &err), -1);
	assert_int_equal(err.code, EX_DAMAGED);
	ex_buf_free(&note);
}

static void
lines_of_strangers_are_ignored(void **state)
{
	static const char *const strangers[] = {
		/* a stranger, a namesake, a long one of a type to come */
		DASH "other.example/x AAAAAAECAwQ=\n",
		DASH "lab.example/log AAAAAAECAwQ=\n",
		DASH "pq.example/w AAAAAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB"
		     "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB"
		     "AQEBAQEBAQEBAQEBAQEBAQEB\n",
	};
	struct ex_buf note = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_note parsed;
	struct ex_vkey log;

	(void)state;
	cosigned(&note);
	for (size_t i = 0; i < COUNT(strangers); i++)
		assert_int_equal(ex_buf_add_text(&note, strangers[i], &err), 0);
	assert_int_equal(ex_note_parse(&parsed, note.data, note.len, &err), 0);
	assert_int_equal(parsed.nsigs, 5);
	assert_int_equal(parsed.sig[2].nsig, 4);
	assert_int_equal(parsed.sig[4].nsig, 0);
	assert_int_equal(
	    ex_vkey_of(&log, "lab.example/log", EX_NOTE_ED25519, log_key, &err),
	    0);
	assert_int_equal(ex_note_check(&parsed, &log, NULL, &err), 0);
	ex_buf_free(&note);
}

static void
any_changed_byte_is_noticed(void **state)
{
	struct ex_buf note = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_vkey log, witness;

	(void)state;
	cosigned(&note);
	assert_int_equal(
	    ex_vkey_of(&log, "lab.example/log", EX_NOTE_ED25519, log_key, &err),
	    0);
	assert_int_equal(ex_vkey_of(&witness, "justice.example/w",
			     EX_NOTE_COSIGNATURE, witness_key, &err),
	    0);
	for (size_t i = 0; i < note.len; i++) {
		struct ex_note parsed;

		note.data[i] ^= 1;
		assert_false(
		    ex_note_parse(&parsed, note.data, note.len, NULL) == 0 &&
		    ex_note_check(&parsed, &log, NULL, NULL) == 0 &&
		    ex_note_check(&parsed, &witness, NULL, NULL) == 0);
		note.data[i] ^= 1;
	}
	ex_buf_free(&note);
}

static void
a_false_line_of_a_known_key_is_damage(void **state)
{
	struct ex_buf note = EX_BUF_INIT, other = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_note parsed;
	struct ex_vkey log;
	size_t cut;

	(void)state;
	cosigned(&note);
	/* A line over another text of the same key, put behind the good one. */
	assert_int_equal(ex_note_sign(&other, "other\n", 6, "lab.example/log",
			     log_key, &err),
	    0);
	cut = strlen("other\n\n");
	assert_int_equal(
	    ex_buf_add(&note, &other.data[cut], other.len - cut, &err), 0);
	assert_int_equal(
	    ex_vkey_of(&log, "lab.example/log", EX_NOTE_ED25519, log_key, &err),
	    0);
	assert_int_equal(ex_note_parse(&parsed, note.data, note.len, &err), 0);
	assert_int_equal(ex_note_check(&parsed, &log, NULL, &err), -1);
	assert_int_equal(err.code, EX_DAMAGED);
	assert_non_null(strstr(err.text, "lab.example/log"));
	ex_buf_free(&note);
	ex_buf_free(&other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gos_example_note_verifies),
		cmocka_unit_test(
		    gos_example_note_is_signed_again_byte_for_byte),
		cmocka_unit_test(the_c2sp_example_is_read),
		cmocka_unit_test(lines_of_log_and_witness_hold_side_by_side),
		cmocka_unit_test(the_earliest_of_several_cosignatures_counts),
		cmocka_unit_test(a_rotated_log_key_signs_beside_the_old_one),
		cmocka_unit_test(the_types_are_not_exchangeable),
		cmocka_unit_test(lines_of_strangers_are_ignored),
		cmocka_unit_test(any_changed_byte_is_noticed),
		cmocka_unit_test(a_false_line_of_a_known_key_is_damage),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
