/*
 * test_note_form.c -- notes, verifier keys and checkpoints: one form each.
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
#define SIG	 " AAAAAAECAwQ=\n"
#define NEUMANN \
	"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

static struct lab lab;
static struct ex_key *log_key;

static int
setup(void **state)
{
	(void)state;
	lab_open(&lab);
	return ex_key_new(&log_key, EX_KEY_ED25519, NULL);
}

static int
teardown(void **state)
{
	(void)state;
	ex_key_free(log_key);
	lab_close(&lab);
	return 0;
}

static void
malformed_notes_are_refused(void **state)
{
	static const struct {
		const char *note;
		size_t n;
	} cases[] = {
#define NOTE(s) { s, sizeof(s) - 1 }
		NOTE(""),
		NOTE("\n"),
		NOTE("\n\n"),
		NOTE("text\n"),
		NOTE("text\n\n"),
		NOTE("text\n" DASH "a" SIG),
		NOTE("text\n\n" DASH "a AAAAAAECAwQ="),
		NOTE("text\n\n- a" SIG),
		NOTE("text\n\n" DASH SIG),
		NOTE("text\n\n" DASH "a\n"),
		NOTE("text\n\n" DASH "a \n"),
		NOTE("text\n\n" DASH "a AAAAAA==\n"),
		NOTE("text\n\n" DASH "a AAAAAAECAwQ\n"),
		NOTE("text\n\n" DASH "a AAAAAAECAwR=\n"),
		NOTE("text\n\n" DASH "a  AAAAAAECAwQ=\n"),
		NOTE("text\n\n" DASH "a AAAAAAECAwQ= \n"),
		NOTE("text\n\n" DASH "a+b" SIG),
		NOTE("text\n\n" DASH "a\xe3\x80\x80"
		     "b" SIG),
		NOTE("text\n\n" DASH "a\xc2\xa0"
		     "b" SIG),
		NOTE("text\n\n" DASH "a" SIG "more\n"),
		NOTE("te\txt\n\n" DASH "a" SIG),
		NOTE("te\0xt\n\n" DASH "a" SIG),
		NOTE("te\rxt\n\n" DASH "a" SIG),
		NOTE("te\xffxt\n\n" DASH "a" SIG),
#undef NOTE
	};
	static const char good[] = "text\n\n" DASH "a" SIG;
	struct ex_err err = EX_ERR_INIT;
	struct ex_note parsed;

	(void)state;
	assert_int_equal(
	    ex_note_parse(&parsed, good, sizeof(good) - 1, &err), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		ex_err_clear(&err);
		if (ex_note_parse(&parsed, cases[i].note, cases[i].n, &err) !=
		    -1)
			fail_msg("case %zu: accepted", i);
		assert_int_equal(err.code, EX_FORMAT);
	}
}

static void
the_last_blank_line_parts_text_from_signatures(void **state)
{
	static const char text[] = "one\n\ntwo\n\n\n";
	struct ex_buf note = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_note parsed;
	struct ex_vkey v;

	(void)state;
	assert_int_equal(
	    ex_note_sign(&note, text, sizeof(text) - 1, "n", log_key, &err), 0);
	assert_int_equal(ex_note_parse(&parsed, note.data, note.len, &err), 0);
	assert_true(ex_span_is(parsed.text, text));
	assert_int_equal(
	    ex_vkey_of(&v, "n", EX_NOTE_ED25519, log_key, &err), 0);
	assert_int_equal(ex_note_check(&parsed, &v, NULL, &err), 0);
	ex_buf_free(&note);
}

static void
limits_of_notes_hold(void **state)
{
	static char large[EX_NOTE_MAX + 1];
	struct ex_buf note = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_note parsed;

	(void)state;
	assert_int_equal(
	    ex_note_parse(&parsed, large, sizeof(large), &err), -1);
	assert_int_equal(err.code, EX_LIMIT);
	ex_err_clear(&err);
	assert_int_equal(ex_buf_add_text(&note, "text\n\n", &err), 0);
	for (int i = 0; i < EX_NOTE_SIGS_MAX; i++)
		assert_int_equal(ex_buf_add_text(&note, DASH "a" SIG, &err), 0);
	assert_int_equal(ex_note_parse(&parsed, note.data, note.len, &err), 0);
	assert_int_equal(parsed.nsigs, EX_NOTE_SIGS_MAX);
	assert_int_equal(ex_buf_add_text(&note, DASH "a" SIG, &err), 0);
	assert_int_equal(ex_note_parse(&parsed, note.data, note.len, &err), -1);
	assert_int_equal(err.code, EX_LIMIT);
	ex_buf_free(&note);
}

static void
what_cannot_be_read_back_is_not_signed(void **state)
{
	static const struct {
		const char *text;
		const char *name;
	} cases[] = {
		{ "no newline", "n" },
		{ "tab\there\n", "n" },
		{ "text\n", "" },
		{ "text\n", "a b" },
		{ "text\n", "a+b" },
		{ "text\n", "a\nb" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ex_buf note = EX_BUF_INIT;
		struct ex_err err = EX_ERR_INIT;

		assert_int_equal(
		    ex_note_sign(&note, cases[i].text, strlen(cases[i].text),
			cases[i].name, log_key, &err),
		    -1);
		assert_int_equal(err.code, EX_FORMAT);
		assert_int_equal(note.len, 0);
		ex_buf_free(&note);
	}
	{
		struct ex_buf note = EX_BUF_INIT;
		struct ex_err err = EX_ERR_INIT;

		assert_int_equal(ex_note_sign(&note, "text\n", 5, "n",
				     lab.key[LAB_ALMA], &err),
		    -1);
		assert_int_equal(err.code, EX_USAGE);
		ex_buf_free(&note);
	}
}

static void
checkpoints_are_exactly_three_lines(void **state)
{
#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
	static const char *const bad[] = { "", "a\n", "a\n1\n", "a\n1\n" ROOT,
		"\n1\n" ROOT "\n", "a\n\n" ROOT "\n", "a\n01\n" ROOT "\n",
		"a\n+1\n" ROOT "\n", "a\n-1\n" ROOT "\n", "a\n 1\n" ROOT "\n",
		"a\n1 \n" ROOT "\n", "a\n0x1\n" ROOT "\n",
		"a\n18446744073709551616\n" ROOT "\n",
		"a\n99999999999999999999999\n" ROOT "\n", "a\n1\nAAAA\n",
		"a\n1\n" ROOT "=\n", "a\n1\n" ROOT "\nextension\n",
		"a\n1\n" ROOT "\n\n", "a\tb\n1\n" ROOT "\n" };
	static const struct {
		const char *text;
		uint64_t size;
	} good[] = {
		{ "a\n0\n" ROOT "\n", 0 },
		{ "a b/c\n1\n" ROOT "\n", 1 },
		{ "a\n18446744073709551615\n" ROOT "\n", UINT64_MAX },
	};
	struct ex_checkpoint c;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct ex_span span = { (const uint8_t *)good[i].text,
			strlen(good[i].text) };
		struct ex_buf text = EX_BUF_INIT;
		struct ex_err err = EX_ERR_INIT;

		assert_int_equal(ex_checkpoint_read(&c, span, &err), 0);
		assert_true(c.size == good[i].size);
		assert_int_equal(ex_checkpoint_text(&text, &c, &err), 0);
		assert_string_equal(ex_buf_text(&text), good[i].text);
		ex_buf_free(&text);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct ex_span span = { (const uint8_t *)bad[i],
			strlen(bad[i]) };
		struct ex_err err = EX_ERR_INIT;

		if (ex_checkpoint_read(&c, span, &err) != -1)
			fail_msg("case %zu: accepted", i);
		assert_int_equal(err.code, EX_FORMAT);
	}
}

static void
malformed_verifier_keys_are_refused(void **state)
{
	static const char *const bad[] = { "", "name", "name+c74f20a3",
		"+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+c74f20a4+"
		"ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+C74F20A3+"
		"ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"Peter Neumann+c74f20a3+"
		"ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+c74f20a3+"
		"AxpcVQcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/",
		NEUMANN "=", NEUMANN "\n", NEUMANN "+" };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct ex_err err = EX_ERR_INIT;
		struct ex_vkey v;

		if (ex_vkey_read(&v, bad[i], &err) != -1)
			fail_msg("\"%s\": accepted", bad[i]);
		assert_int_equal(err.code, EX_FORMAT);
	}
}

/* What docs and verify.sh do: openssl pkeyutl over text and signature. */
static void
stock_openssl_checks_the_log_line(void **state)
{
	struct ex_buf note = EX_BUF_INIT, pem = EX_BUF_INIT;
	struct ex_buf text = EX_BUF_INIT, sig = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_note parsed;
	struct ex_vkey v;

	(void)state;
	assert_int_equal(ex_note_sign(&note, "one text\n", 9, "lab.example/log",
			     log_key, &err),
	    0);
	assert_int_equal(ex_note_parse(&parsed, note.data, note.len, &err), 0);
	assert_int_equal(
	    ex_vkey_of(&v, "lab.example/log", EX_NOTE_ED25519, log_key, &err),
	    0);
	assert_int_equal(ex_vkey_pem(&pem, &v, &err), 0);
	assert_int_equal(
	    ex_buf_add(&text, parsed.text.p, parsed.text.n, &err), 0);
	assert_int_equal(ex_buf_add(&sig, parsed.sig[0].sig, 64, &err), 0);
	{
		const char *const argv[] = { "openssl", "pkeyutl", "-verify",
			"-rawin", "-pubin", "-inkey",
			lab_write(&lab, "log.pem", &pem), "-in",
			lab_write(&lab, "log.txt", &text), "-sigfile",
			lab_write(&lab, "log.sig", &sig), NULL };

		assert_int_equal(lab_run(NULL, argv), 0);
	}
	ex_buf_free(&note);
	ex_buf_free(&pem);
	ex_buf_free(&text);
	ex_buf_free(&sig);
}

/* The fingerprint that a stranger computes from the published PEM. */
static void
stock_openssl_gives_the_fingerprint(void **state)
{
	uint8_t sha256[EX_SHA256_LEN], want[EX_SHA256_LEN];
	struct ex_buf pem = EX_BUF_INIT, der = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_vkey v;

	(void)state;
	assert_int_equal(
	    ex_vkey_of(&v, "lab.example/log", EX_NOTE_ED25519, log_key, &err),
	    0);
	assert_int_equal(ex_vkey_pem(&pem, &v, &err), 0);
	{
		const char *const argv[] = { "openssl", "pkey", "-pubin", "-in",
			lab_write(&lab, "log.pem", &pem), "-outform", "DER",
			NULL };

		assert_int_equal(lab_run(&der, argv), 0);
	}
	ex_sha256(want, der.data, der.len);
	ex_vkey_sha256(sha256, &v);
	assert_memory_equal(sha256, want, sizeof(want));
	ex_buf_free(&pem);
	ex_buf_free(&der);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checkpoints_are_exactly_three_lines),
		cmocka_unit_test(malformed_verifier_keys_are_refused),
		cmocka_unit_test(stock_openssl_checks_the_log_line),
		cmocka_unit_test(stock_openssl_gives_the_fingerprint),
		cmocka_unit_test(what_cannot_be_read_back_is_not_signed),
		cmocka_unit_test(limits_of_notes_hold),
		cmocka_unit_test(malformed_notes_are_refused),
		cmocka_unit_test(
		    the_last_blank_line_parts_text_from_signatures),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
