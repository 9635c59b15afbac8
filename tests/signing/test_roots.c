/*
 * test_roots.c -- whom a certificate leads to, and when.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tests/signing/lab.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define YEAR	 (INT64_C(31557600) * EX_SECOND)

static struct lab lab;

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
chains_are_judged_at_a_time(void **state)
{
	static const struct {
		int64_t at;
		enum ex_code code;
		const char *says;
	} cases[] = {
		{ LAB_TIME, EX_OK, NULL },
		{ LAB_TIME - EX_SECOND, EX_OK, NULL },
		{ LAB_TIME - 2 * EX_SECOND, EX_DENIED, "not yet valid" },
		{ LAB_TIME + 2 * YEAR, EX_OK, NULL },
		{ LAB_TIME + 4 * YEAR, EX_DENIED, "has expired" },
		{ LAB_TIME + 25 * YEAR, EX_DENIED, "has expired" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ex_err err = EX_ERR_INIT;
		int rc = ex_cert_check_chain(lab.roots, lab.cert[LAB_ALMA].data,
		    lab.cert[LAB_ALMA].len, cases[i].at, &err);

		assert_int_equal(rc, cases[i].code == EX_OK ? 0 : -1);
		assert_int_equal(err.code, cases[i].code);
		if (cases[i].says != NULL)
			assert_non_null(strstr(err.text, cases[i].says));
	}
}

/* A certificate of another CA that gives itself the same name. */
static void
a_foreign_ca_is_refused(void **state)
{
	struct ex_buf ca = EX_BUF_INIT, leaf = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_key *key;

	(void)state;
	assert_int_equal(ex_key_new(&key, EX_KEY_P256, &err), 0);
	assert_int_equal(ex_cert_make_ca(&ca, key, "Test Laboratory CA",
			     "EXLAB", LAB_TIME - EX_SECOND, 20, &err),
	    0);
	lab_issue(&leaf, key, &ca, lab.key[LAB_ALMA], "S-1001");
	assert_int_equal(
	    ex_cert_check_chain(lab.roots, leaf.data, leaf.len, LAB_TIME, &err),
	    -1);
	assert_int_equal(err.code, EX_DENIED);
	/* The foreign root itself, and our own certificate damaged. */
	ex_err_clear(&err);
	assert_int_equal(
	    ex_cert_check_chain(lab.roots, ca.data, ca.len, LAB_TIME, &err),
	    -1);
	assert_int_equal(err.code, EX_DENIED);
	ex_err_clear(&err);
	lab.cert[LAB_ALMA].data[lab.cert[LAB_ALMA].len - 1] ^= 1;
	assert_int_equal(ex_cert_check_chain(lab.roots, lab.cert[LAB_ALMA].data,
			     lab.cert[LAB_ALMA].len, LAB_TIME, &err),
	    -1);
	assert_int_equal(err.code, EX_DENIED);
	lab.cert[LAB_ALMA].data[lab.cert[LAB_ALMA].len - 1] ^= 1;
	ex_key_free(key);
	ex_buf_free(&ca);
	ex_buf_free(&leaf);
}

/* A leaf that was issued by a leaf: pathlen 0 and CA:FALSE stop it. */
static void
a_holder_cannot_play_ca(void **state)
{
	struct ex_buf ca = EX_BUF_INIT, leaf = EX_BUF_INIT, pem = EX_BUF_INIT;
	struct ex_roots *roots;
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	/* Self-made CA certificate of Alma's key under Alma's name. */
	assert_int_equal(ex_cert_make_ca(&ca, lab.key[LAB_ALMA], "S-1001",
			     "EXLAB", LAB_TIME - EX_SECOND, 5, &err),
	    0);
	lab_issue(&leaf, lab.key[LAB_ALMA], &ca, lab.key[LAB_BRUNO], "S-9");
	assert_int_equal(
	    ex_cert_check_chain(lab.roots, leaf.data, leaf.len, LAB_TIME, &err),
	    -1);
	assert_int_equal(err.code, EX_DENIED);
	/* And a leaf is no trust anchor. */
	ex_err_clear(&err);
	assert_int_equal(ex_cert_to_pem(&pem, lab.cert[LAB_ALMA].data,
			     lab.cert[LAB_ALMA].len, &err),
	    0);
	assert_int_equal(
	    ex_roots_from_pem(&roots, pem.data, pem.len, &err), -1);
	assert_int_equal(err.code, EX_FORMAT);
	assert_null(roots);
	ex_buf_free(&ca);
	ex_buf_free(&leaf);
	ex_buf_free(&pem);
}

static void
roots_are_counted_and_named_by_digest(void **state)
{
	struct ex_buf pem = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	uint8_t sha256[EX_SHA256_LEN];
	struct ex_roots *roots;

	(void)state;
	assert_int_equal(ex_buf_add_text(&pem, "# two anchors\n", &err), 0);
	for (int i = 0; i < 2; i++) {
		struct ex_buf ca = EX_BUF_INIT;

		assert_int_equal(
		    ex_cert_make_ca(&ca, lab.ca_key, i == 0 ? "A" : "B",
			"EXLAB", LAB_TIME, 1, &err),
		    0);
		assert_int_equal(
		    ex_cert_to_pem(&pem, ca.data, ca.len, &err), 0);
		ex_sha256(sha256, ca.data, ca.len);
		ex_buf_free(&ca);
	}
	assert_int_equal(ex_roots_from_pem(&roots, pem.data, pem.len, &err), 0);
	assert_int_equal(ex_roots_count(roots), 2);
	assert_memory_equal(ex_roots_sha256(roots, 1), sha256, sizeof(sha256));
	ex_roots_free(roots);
	ex_roots_free(NULL);
	assert_int_equal(
	    ex_roots_load(&roots, lab_path(&lab, "none.pem"), &err), -1);
	assert_int_equal(err.code, EX_ABSENT);
	assert_null(roots);
	ex_buf_free(&pem);
}

/* Every byte changed, every length cut: never accepted as the same. */
static void
damaged_certificates_do_not_verify(void **state)
{
	struct ex_buf der = EX_BUF_INIT;
	const struct ex_buf *good = &lab.cert[LAB_ALMA];
	struct ex_cert_info info;
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	assert_int_equal(ex_buf_add(&der, good->data, good->len, &err), 0);
	for (size_t i = 0; i < der.len; i++) {
		der.data[i] ^= 1;
		assert_int_equal(ex_cert_check_chain(lab.roots, der.data,
				     der.len, LAB_TIME, NULL),
		    -1);
		der.data[i] ^= 1;
	}
	for (size_t n = 0; n < der.len; n++) {
		ex_err_clear(&err);
		assert_int_equal(ex_cert_read(&info, der.data, n, &err), -1);
		assert_int_equal(err.code, EX_FORMAT);
	}
	ex_err_clear(&err);
	assert_int_equal(ex_buf_add_byte(&der, 0, NULL), 0);
	assert_int_equal(ex_cert_read(&info, der.data, der.len, &err), -1);
	assert_int_equal(err.code, EX_FORMAT);
	ex_buf_free(&der);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chains_are_judged_at_a_time),
		cmocka_unit_test(a_foreign_ca_is_refused),
		cmocka_unit_test(a_holder_cannot_play_ca),
		cmocka_unit_test(roots_are_counted_and_named_by_digest),
		cmocka_unit_test(damaged_certificates_do_not_verify),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
