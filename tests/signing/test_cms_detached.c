/*
 * test_cms_detached.c -- a signature beside its content, before openssl.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "signing/cms_detached.h"
#include "tests/signing/lab.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct lab lab;
static const int signers[] = { LAB_ALMA, LAB_RSA };

static int
setup(void **state)
{
	(void)state;
	lab_open(&lab);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	lab_close(&lab);
	return 0;
}

static void
sign(struct ex_buf *out, int who, const char *content)
{
	const struct ex_span cert = { lab.cert[who].data, lab.cert[who].len };
	struct ex_buf tbs = EX_BUF_INIT, sig = EX_BUF_INIT;
	uint8_t sha256[EX_SHA256_LEN];

	ex_sha256(sha256, content, strlen(content));
	assert_int_equal(ex_cms_detached_to_sign(&tbs, cert, sha256, NULL), 0);
	assert_int_equal(
	    ex_key_sign(lab.key[who], tbs.data, tbs.len, &sig, NULL), 0);
	assert_int_equal(
	    ex_cms_detached_build(out, cert, sha256, ex_key_kind(lab.key[who]),
		(struct ex_span){ sig.data, sig.len },
		(struct ex_span){ NULL, 0 }, NULL),
	    0);
	ex_buf_free(&tbs);
	ex_buf_free(&sig);
}

static int
openssl_takes(const struct ex_buf *cms, const char *content)
{
	struct ex_buf text = EX_BUF_INIT;
	const char *argv[] = { "openssl", "cms", "-verify", "-binary", "-cades",
		"-inform", "DER", "-no-CApath", "-no-CAstore", "-CAfile",
		lab_path(&lab, "ca.pem"), "-purpose", "smimesign", "-attime",
		"1772443800", "-in", NULL, "-content", NULL, "-out",
		"/dev/null", NULL };
	int status;

	assert_int_equal(ex_buf_add_text(&text, content, NULL), 0);
	argv[16] = lab_write(&lab, "sig.der", cms);
	argv[18] = lab_write(&lab, "content", &text);
	status = lab_run(NULL, argv);
	ex_buf_free(&text);
	return status == 0;
}

static void
openssl_takes_it_and_no_other_content(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(signers); i++) {
		struct ex_buf cms = EX_BUF_INIT;

		sign(&cms, signers[i], "a report");
		assert_true(openssl_takes(&cms, "a report"));
		assert_false(openssl_takes(&cms, "a reporT"));
		ex_buf_free(&cms);
	}
}

/* Neither is ever taken for the other. */
static void
it_is_no_entry_and_has_no_signing_time(void **state)
{
	static const uint8_t signing_time[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
		0x0d, 0x01, 0x09, 0x05 };
	struct ex_buf cms = EX_BUF_INIT;
	struct ex_cms parsed;

	(void)state;
	sign(&cms, LAB_ALMA, "a report");
	assert_int_equal(ex_cms_parse(&parsed, cms.data, cms.len, NULL), -1);
	for (size_t i = 0; i + sizeof(signing_time) <= cms.len; i++)
		assert_memory_not_equal(
		    &cms.data[i], signing_time, sizeof(signing_time));
	ex_buf_free(&cms);
}

static void
another_kind_of_key_is_refused(void **state)
{
	const struct ex_span cert = { lab.cert[LAB_ALMA].data,
		lab.cert[LAB_ALMA].len };
	const uint8_t sig[] = { 1 }, sha256[EX_SHA256_LEN] = { 0 };
	struct ex_err err = EX_ERR_INIT;
	struct ex_buf out = EX_BUF_INIT;

	(void)state;
	assert_int_equal(
	    ex_cms_detached_build(&out, cert, sha256, EX_KEY_RSA,
		(struct ex_span){ sig, 1 }, (struct ex_span){ NULL, 0 }, &err),
	    -1);
	assert_int_equal(err.code, EX_USAGE);
	assert_int_equal(out.len, 0);
}

/* What is no answer of an authority has no token. */
static void
a_broken_answer_has_no_token(void **state)
{
	static const struct {
		const char *name;
		const uint8_t der[12];
		size_t n;
	} harm[] = {
		{ "empty", { 0 }, 0 },
		{ "no sequence", { 0x31, 0x00 }, 2 },
		{ "status alone", { 0x30, 0x02, 0x30, 0x00 }, 4 },
		{ "cut short", { 0x30, 0x04, 0x30, 0x00, 0x30 }, 5 },
		{ "bytes behind it", { 0x30, 0x04, 0x30, 0, 0x30, 0, 0x05 },
		    7 },
		{ "a third member", { 0x30, 0x06, 0x30, 0, 0x30, 0, 0x30, 0 },
		    8 },
	};
	static const uint8_t good[] = { 0x30, 0x04, 0x30, 0, 0x30, 0 };
	struct ex_span token;

	(void)state;
	for (size_t i = 0; i < COUNT(harm); i++) {
		print_message("  %s\n", harm[i].name);
		assert_int_equal(
		    ex_stamp_token(&token, harm[i].der, harm[i].n, NULL), -1);
	}
	assert_int_equal(ex_stamp_token(&token, good, sizeof(good), NULL), 0);
	assert_ptr_equal(token.p, &good[4]);
	assert_int_equal(token.n, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(openssl_takes_it_and_no_other_content),
		cmocka_unit_test(it_is_no_entry_and_has_no_signing_time),
		cmocka_unit_test(another_kind_of_key_is_refused),
		cmocka_unit_test(a_broken_answer_has_no_token),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
