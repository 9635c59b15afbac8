/*
 * test_stamp.c -- time-stamps of an authority that is openssl's, asked for and
 * checked by us.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/proc.h"
#include "signing/stamp.h"

/* Show why, then fail. */
#define MUST(call)                                                \
	do {                                                      \
		struct ex_err must_err = EX_ERR_INIT;             \
		struct ex_err *err = &must_err;                   \
		if ((call) == -1)                                 \
			fail_msg("%s: %s", #call, must_err.text); \
	} while (0)

static char dir[] = "/tmp/exhibit-stamp-XXXXXX";
static struct ex_roots *roots, *strangers;
static uint8_t digest[EX_SHA256_LEN];
static const uint8_t nonce[EX_STAMP_NONCE] = { 0x81, 2, 3, 4, 5, 6, 7, 8 };

/* A path below the test's folder. */
static const char *
at(const char *name)
{
	static char path[4][EX_PATH];
	static size_t i;

	i = (i + 1) % 4;
	MUST(ex_path_join(path[i], EX_PATH, dir, name, err));
	return path[i];
}

static void
tsa(const char *folder, const char *verb, const struct ex_buf *in,
    struct ex_buf *out)
{
	const char *const argv[] = { "python3", "scripts/tsa.py", folder, verb,
		NULL };
	struct ex_proc p = EX_PROC_INIT;
	int status = -1;

	p.path = argv[0];
	p.argv = argv;
	if (in != NULL) {
		MUST(ex_file_write(at("in"), in->data, in->len, 0600, err));
		p.in = open(at("in"), O_RDONLY | O_CLOEXEC);
		assert_true(p.in != -1);
	}
	MUST(ex_proc_run(&p, out, 1 << 20, 60 * EX_SECOND, &status, err));
	assert_int_equal(status, 0);
	if (in != NULL)
		(void)close(p.in);
}

static int
setup(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	tsa(at("tsa"), "make", NULL, NULL);
	tsa(at("other"), "make", NULL, NULL);
	MUST(ex_roots_load(&roots, at("tsa/root.pem"), err));
	MUST(ex_roots_load(&strangers, at("other/root.pem"), err));
	ex_sha256(digest, "abc", 3);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	ex_roots_free(roots);
	ex_roots_free(strangers);
	MUST(ex_remove_tree(dir, err));
	return 0;
}

/* An answer of the authority in this folder. */
static void
stamp(struct ex_buf *out, const char *folder)
{
	struct ex_buf request = EX_BUF_INIT;

	MUST(ex_stamp_request(&request, digest, nonce, err));
	tsa(folder, "reply", &request, out);
	ex_buf_free(&request);
}

static void
an_answer_says_when_and_whose(void **state)
{
	struct ex_buf tsr = EX_BUF_INIT;
	struct ex_stamp s;
	int64_t before = ex_now() / EX_SECOND * EX_SECOND;

	(void)state;
	stamp(&tsr, at("tsa"));
	MUST(ex_stamp_check(&s, tsr.data, tsr.len, digest, nonce, roots, err));
	assert_true(s.time >= before && s.time <= ex_now());
	assert_string_equal(s.signer, "EXAMPLE-TIME Clock");
	assert_memory_equal(s.root, ex_roots_sha256(roots, 0), EX_SHA256_LEN);
	assert_true(s.valid_until > ex_now());
	MUST(ex_stamp_check(&s, tsr.data, tsr.len, digest, NULL, roots, err));
	ex_buf_free(&tsr);
}

static void
another_digest_nonce_or_root_is_refused(void **state)
{
	static const uint8_t other_nonce[EX_STAMP_NONCE] = { 9 };
	struct ex_err why = EX_ERR_INIT;
	struct ex_buf tsr = EX_BUF_INIT;
	uint8_t other[EX_SHA256_LEN];
	struct ex_stamp s;

	(void)state;
	stamp(&tsr, at("tsa"));
	ex_sha256(other, "abd", 3);
	assert_int_equal(
	    ex_stamp_check(&s, tsr.data, tsr.len, other, nonce, roots, &why),
	    -1);
	assert_int_equal(why.code, EX_DAMAGED);
	ex_err_clear(&why);
	assert_int_equal(ex_stamp_check(&s, tsr.data, tsr.len, digest,
			     other_nonce, roots, &why),
	    -1);
	assert_int_equal(why.code, EX_DAMAGED);
	ex_err_clear(&why);
	assert_int_equal(ex_stamp_check(&s, tsr.data, tsr.len, digest, nonce,
			     strangers, &why),
	    -1);
	assert_int_equal(why.code, EX_DENIED);
	ex_buf_free(&tsr);
}

/* Whatever byte changes, it is no longer accepted as the same time-stamp. */
static void
no_byte_that_counts_may_change(void **state)
{
	struct ex_buf tsr = EX_BUF_INIT;
	struct ex_stamp good, s;
	size_t accepted = 0;

	(void)state;
	stamp(&tsr, at("tsa"));
	MUST(ex_stamp_check(
	    &good, tsr.data, tsr.len, digest, nonce, roots, err));
	for (size_t i = 0; i < tsr.len; i++) {
		tsr.data[i] ^= 0x10;
		if (ex_stamp_check(&s, tsr.data, tsr.len, digest, nonce, roots,
			NULL) == 0) {
			/* The carried root is the verifier's own anyway. */
			assert_int_equal(s.time, good.time);
			assert_memory_equal(s.root, good.root, EX_SHA256_LEN);
			accepted++;
		}
		tsr.data[i] ^= 0x10;
	}
	assert_true(accepted < tsr.len / 2);
	for (size_t n = 0; n < tsr.len; n += 7)
		assert_int_equal(
		    ex_stamp_check(&s, tsr.data, n, digest, nonce, roots, NULL),
		    -1);
	MUST(ex_buf_add_byte(&tsr, 0, err));
	assert_int_equal(
	    ex_stamp_check(&s, tsr.data, tsr.len, digest, nonce, roots, NULL),
	    -1);
	ex_buf_free(&tsr);
}

/* What an authority says when it does not want to is no time-stamp. */
static void
what_was_not_granted_is_refused(void **state)
{
	struct ex_buf conf = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	struct ex_buf refused = EX_BUF_INIT, query = EX_BUF_INIT;
	struct ex_stamp s;
	char *policy;

	(void)state;
	MUST(ex_file_read(&conf, at("tsa/tsa.conf"), 1 << 16, err));
	policy = strstr((char *)conf.data, "digests = sha256");
	assert_non_null(policy);
	memcpy(policy, "digests = sha512", 16);
	MUST(ex_file_write(at("tsa/tsa.conf"), conf.data, conf.len, 0600, err));
	MUST(ex_stamp_request(&query, digest, nonce, err));
	tsa(at("tsa"), "reply", &query, &refused);
	assert_int_equal(ex_stamp_check(&s, refused.data, refused.len, digest,
			     nonce, roots, &why),
	    -1);
	assert_int_equal(why.code, EX_DAMAGED);
	assert_non_null(strstr(why.text, "not granted"));
	ex_buf_free(&conf);
	ex_buf_free(&query);
	ex_buf_free(&refused);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_says_when_and_whose),
		cmocka_unit_test(another_digest_nonce_or_root_is_refused),
		cmocka_unit_test(no_byte_that_counts_may_change),
		cmocka_unit_test(what_was_not_granted_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
