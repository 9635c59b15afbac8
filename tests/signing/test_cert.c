/*
 * test_cert.c -- issuing, reading, and whom a certificate leads to.
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
a_certificate_says_what_the_ca_decided(void **state)
{
	struct ex_cert_info info;
	struct ex_err err = EX_ERR_INIT;
	uint8_t sha256[EX_SHA256_LEN];

	(void)state;
	assert_int_equal(ex_cert_read(&info, lab.cert[LAB_ALMA].data,
			     lab.cert[LAB_ALMA].len, &err),
	    0);
	assert_string_equal(info.subject_cn, "S-1001");
	assert_string_equal(info.subject_o, "EXLAB");
	assert_string_equal(info.issuer_cn, "Test Laboratory CA");
	assert_true(strlen(info.serial_hex) <= 34);
	assert_true(info.not_before == LAB_TIME - EX_SECOND);
	assert_true(info.not_after == LAB_TIME - EX_SECOND + 3 * YEAR);
	assert_int_equal(info.kind, EX_KEY_P256);
	assert_int_equal(info.key_bits, 256);
	assert_int_equal(info.is_ca, 0);
	assert_int_equal(info.non_repudiation, 1);
	assert_int_equal(info.key_usage_critical, 1);
	assert_int_equal(info.server_auth, 0);
	ex_sha256(sha256, lab.cert[LAB_ALMA].data, lab.cert[LAB_ALMA].len);
	assert_memory_equal(info.sha256, sha256, sizeof(sha256));

	assert_int_equal(ex_cert_read(&info, lab.cert[LAB_RSA].data,
			     lab.cert[LAB_RSA].len, &err),
	    0);
	assert_int_equal(info.kind, EX_KEY_RSA);
	assert_int_equal(info.key_bits, 2048);

	assert_int_equal(ex_cert_read(&info, lab.ca.data, lab.ca.len, &err), 0);
	assert_int_equal(info.is_ca, 1);
	assert_int_equal(info.non_repudiation, 0);
	assert_string_equal(info.subject_cn, info.issuer_cn);
}

static void
stock_openssl_sees_the_same_extensions(void **state)
{
	static const char *const want[] = { "X509v3 Key Usage: critical",
		"Non Repudiation", "CA:FALSE", "Authority Key Identifier",
		"O = EXLAB, CN = S-1001" };
	struct ex_buf pem = EX_BUF_INIT, out = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	const char *argv[] = { "openssl", "x509", "-noout", "-text", "-in",
		NULL, NULL };

	(void)state;
	assert_int_equal(ex_cert_to_pem(&pem, lab.cert[LAB_ALMA].data,
			     lab.cert[LAB_ALMA].len, &err),
	    0);
	argv[5] = lab_write(&lab, "alma.pem", &pem);
	assert_int_equal(lab_run(&out, argv), 0);
	for (size_t i = 0; i < COUNT(want); i++)
		assert_non_null(strstr(ex_buf_text(&out), want[i]));
	assert_null(strstr(ex_buf_text(&out), "Extended Key Usage"));
	ex_buf_free(&pem);
	ex_buf_free(&out);
}

static void
serials_differ(void **state)
{
	struct ex_buf again = EX_BUF_INIT;
	struct ex_cert_info a, b;
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	lab_issue(&again, lab.ca_key, &lab.ca, lab.key[LAB_ALMA], "S-1001");
	assert_int_equal(ex_cert_read(&a, lab.cert[LAB_ALMA].data,
			     lab.cert[LAB_ALMA].len, &err),
	    0);
	assert_int_equal(ex_cert_read(&b, again.data, again.len, &err), 0);
	assert_string_not_equal(a.serial_hex, b.serial_hex);
	ex_buf_free(&again);
}

static void
a_request_must_be_signed_by_its_key(void **state)
{
	struct ex_buf csr = EX_BUF_INIT, out = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	assert_int_equal(
	    ex_csr_make(&csr, lab.key[LAB_ALMA], "S-1", "EXLAB", &err), 0);
	csr.data[csr.len - 1] ^= 1;
	assert_int_equal(
	    ex_cert_issue(&out, lab.ca_key, lab.ca.data, lab.ca.len, csr.data,
		csr.len, EX_CERT_PERSON, "S-1", "EXLAB", LAB_TIME, 1, &err),
	    -1);
	assert_int_equal(err.code, EX_DAMAGED);
	assert_int_equal(out.len, 0);

	/* One byte too many, and every length too short. */
	csr.data[csr.len - 1] ^= 1;
	assert_int_equal(ex_buf_add_byte(&csr, 0, NULL), 0);
	for (size_t n = 0; n <= csr.len; n++) {
		if (n == csr.len - 1)
			continue;
		ex_err_clear(&err);
		assert_int_equal(ex_cert_issue(&out, lab.ca_key, lab.ca.data,
				     lab.ca.len, csr.data, n, EX_CERT_PERSON,
				     "S-1", "EXLAB", LAB_TIME, 1, &err),
		    -1);
		assert_int_equal(err.code, EX_FORMAT);
	}
	ex_buf_free(&csr);
	ex_buf_free(&out);
}

static void
a_foreign_ca_key_or_a_leaf_does_not_issue(void **state)
{
	struct ex_buf csr = EX_BUF_INIT, out = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	assert_int_equal(
	    ex_csr_make(&csr, lab.key[LAB_BRUNO], "S-1", "EXLAB", &err), 0);
	assert_int_equal(ex_cert_issue(&out, lab.key[LAB_ALMA], lab.ca.data,
			     lab.ca.len, csr.data, csr.len, EX_CERT_PERSON,
			     "S-1", "EXLAB", LAB_TIME, 1, &err),
	    -1);
	assert_int_equal(err.code, EX_USAGE);
	ex_err_clear(&err);
	assert_int_equal(
	    ex_cert_issue(&out, lab.key[LAB_ALMA], lab.cert[LAB_ALMA].data,
		lab.cert[LAB_ALMA].len, csr.data, csr.len, EX_CERT_PERSON,
		"S-1", "EXLAB", LAB_TIME, 1, &err),
	    -1);
	assert_int_equal(err.code, EX_USAGE);
	ex_buf_free(&csr);
	ex_buf_free(&out);
}

static void
an_ed25519_key_gets_no_certificate(void **state)
{
	struct ex_buf csr = EX_BUF_INIT, out = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_key *ed;

	(void)state;
	assert_int_equal(ex_key_new(&ed, EX_KEY_ED25519, &err), 0);
	assert_int_equal(ex_csr_make(&csr, ed, "log", "EXLAB", &err), 0);
	assert_int_equal(
	    ex_cert_issue(&out, lab.ca_key, lab.ca.data, lab.ca.len, csr.data,
		csr.len, EX_CERT_SERVICE, "log", "EXLAB", LAB_TIME, 1, &err),
	    -1);
	assert_int_equal(err.code, EX_FORMAT);
	ex_err_clear(&err);
	assert_int_equal(
	    ex_cert_make_ca(&out, ed, "CA", "EXLAB", LAB_TIME, 1, &err), -1);
	assert_int_equal(err.code, EX_USAGE);
	ex_key_free(ed);
	ex_buf_free(&csr);
	ex_buf_free(&out);
}

static void
names_that_do_not_fit_are_refused(void **state)
{
	char cn[80];
	struct ex_buf csr = EX_BUF_INIT, out = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	memset(cn, 'x', sizeof(cn) - 1);
	cn[sizeof(cn) - 1] = '\0';
	assert_int_equal(
	    ex_csr_make(&csr, lab.key[LAB_BRUNO], cn, "EXLAB", &err), -1);
	assert_int_equal(err.code, EX_USAGE);
	ex_err_clear(&err);
	assert_int_equal(
	    ex_cert_make_ca(&out, lab.ca_key, "", "EXLAB", LAB_TIME, 1, &err),
	    -1);
	assert_int_equal(err.code, EX_USAGE);
	ex_buf_free(&csr);
	ex_buf_free(&out);
}

static void
a_leaf_does_not_outlive_its_ca(void **state)
{
	struct ex_buf ca = EX_BUF_INIT, csr = EX_BUF_INIT, leaf = EX_BUF_INIT;
	struct ex_cert_info info;
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	assert_int_equal(
	    ex_cert_make_ca(&ca, lab.ca_key, "CA", "EXLAB", LAB_TIME, 2, &err),
	    0);
	assert_int_equal(
	    ex_csr_make(&csr, lab.key[LAB_ALMA], "S-1", "EXLAB", &err), 0);
	assert_int_equal(
	    ex_cert_issue(&leaf, lab.ca_key, ca.data, ca.len, csr.data, csr.len,
		EX_CERT_STATION, "S-1", "EXLAB", LAB_TIME, 30, &err),
	    0);
	assert_int_equal(ex_cert_read(&info, leaf.data, leaf.len, &err), 0);
	assert_true(info.not_after == LAB_TIME + 2 * YEAR);
	ex_buf_free(&ca);
	ex_buf_free(&csr);
	ex_buf_free(&leaf);
}

static void
a_tls_certificate_is_noticed(void **state)
{
	const char *key = lab_path(&lab, "tls.key");
	const char *pem = lab_path(&lab, "tls.pem");
	const char *const argv[] = { "openssl", "req", "-x509", "-newkey", "ec",
		"-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
		"-out", pem, "-subj", "/CN=example.org", "-addext",
		"extendedKeyUsage=serverAuth", NULL };
	struct ex_buf text = EX_BUF_INIT, der = EX_BUF_INIT;
	const char *const cat[] = { "cat", pem, NULL };
	struct ex_cert_info info;
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	assert_int_equal(lab_run(NULL, argv), 0);
	assert_int_equal(lab_run(&text, cat), 0);
	assert_int_equal(ex_cert_from_pem(&der, text.data, text.len, &err), 0);
	assert_int_equal(ex_cert_read(&info, der.data, der.len, &err), 0);
	assert_int_equal(info.server_auth, 1);
	assert_int_equal(info.non_repudiation, 0);
	assert_int_equal(info.key_usage_critical, 0);
	assert_string_equal(info.subject_o, "");
	ex_buf_free(&text);
	ex_buf_free(&der);
}

static void
pem_goes_there_and_back_for_exactly_one(void **state)
{
	struct ex_buf pem = EX_BUF_INIT, der = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	size_t one;

	(void)state;
	assert_int_equal(
	    ex_cert_to_pem(&pem, lab.ca.data, lab.ca.len, &err), 0);
	one = pem.len;
	assert_int_equal(ex_cert_from_pem(&der, pem.data, pem.len, &err), 0);
	assert_int_equal(der.len, lab.ca.len);
	assert_memory_equal(der.data, lab.ca.data, der.len);
	assert_int_equal(
	    ex_cert_to_pem(&pem, lab.ca.data, lab.ca.len, &err), 0);
	assert_int_equal(ex_cert_from_pem(&der, pem.data, pem.len, &err), -1);
	assert_int_equal(err.code, EX_FORMAT);
	ex_err_clear(&err);
	assert_int_equal(ex_cert_from_pem(&der, pem.data, one / 2, &err), -1);
	assert_int_equal(err.code, EX_FORMAT);
	ex_err_clear(&err);
	assert_int_equal(ex_cert_from_pem(&der, NULL, 0, &err), -1);
	assert_int_equal(err.code, EX_FORMAT);
	ex_buf_free(&pem);
	ex_buf_free(&der);
}

static void
its_parts_can_be_taken_out(void **state)
{
	struct ex_buf issuer = EX_BUF_INIT, serial = EX_BUF_INIT;
	struct ex_buf spki = EX_BUF_INIT, want = EX_BUF_INIT;
	const struct ex_buf *cert = &lab.cert[LAB_BRUNO];
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	assert_int_equal(ex_cert_issuer_serial(
			     &issuer, &serial, cert->data, cert->len, &err),
	    0);
	assert_int_equal(issuer.data[0], 0x30);
	assert_int_equal(issuer.len, 2u + issuer.data[1]);
	assert_int_equal(serial.data[0], 0x02);
	assert_int_equal(serial.len, 2u + serial.data[1]);
	assert_int_equal(ex_cert_public(&spki, cert->data, cert->len, &err), 0);
	assert_int_equal(ex_key_public(lab.key[LAB_BRUNO], &want, &err), 0);
	assert_int_equal(spki.len, want.len);
	assert_memory_equal(spki.data, want.data, want.len);
	ex_buf_free(&issuer);
	ex_buf_free(&serial);
	ex_buf_free(&spki);
	ex_buf_free(&want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_certificate_says_what_the_ca_decided),
		cmocka_unit_test(stock_openssl_sees_the_same_extensions),
		cmocka_unit_test(serials_differ),
		cmocka_unit_test(a_request_must_be_signed_by_its_key),
		cmocka_unit_test(a_foreign_ca_key_or_a_leaf_does_not_issue),
		cmocka_unit_test(an_ed25519_key_gets_no_certificate),
		cmocka_unit_test(names_that_do_not_fit_are_refused),
		cmocka_unit_test(a_leaf_does_not_outlive_its_ca),
		cmocka_unit_test(a_tls_certificate_is_noticed),
		cmocka_unit_test(pem_goes_there_and_back_for_exactly_one),
		cmocka_unit_test(its_parts_can_be_taken_out),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
