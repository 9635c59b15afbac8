/*
 * test_failing.c -- every call into base and OpenSSL that can fail does, one
 * after the other: each failure is reported, and sanitizers see no leak.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/signing/lab.h"
#include "signing/note.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
	MOST = 400 /* calls of one operation, more would be a loop */
};

static struct lab lab;
static struct ex_key *ed;
static struct ex_buf entry, csr, pem;
static size_t left; /* calls until the one that fails; 0: none does */
static int failed;  /* it came */

/* Is this call the one? */
static int
fails_now(void)
{
	if (left == 0 || --left > 0)
		return 0;
	failed = 1;
	return 1;
}

/* Functions of base, which say why they failed. */
#define BASE(name, parameters, arguments)                                \
	int __real_##name parameters;                                    \
	int __wrap_##name parameters;                                    \
	int __wrap_##name parameters                                     \
	{                                                                \
		if (fails_now())                                         \
			return ex_fail(err, EX_SYSTEM, "out of memory"); \
		return __real_##name arguments;                          \
	}

/* Functions of OpenSSL that return a pointer or 1; what fails is 0. */
#define FOREIGN(type, name, parameters, arguments)                \
	type __real_##name parameters;                            \
	type __wrap_##name parameters;                            \
	type __wrap_##name parameters                             \
	{                                                         \
		return fails_now() ? 0 : __real_##name arguments; \
	}

BASE(ex_buf_add,
    (struct ex_buf * b, const void *data, size_t n, struct ex_err *err),
    (b, data, n, err))
BASE(ex_buf_add_byte, (struct ex_buf * b, uint8_t byte, struct ex_err *err),
    (b, byte, err))
BASE(ex_buf_add_text, (struct ex_buf * b, const char *t, struct ex_err *err),
    (b, t, err))
BASE(ex_buf_reserve, (struct ex_buf * b, size_t n, struct ex_err *err),
    (b, n, err))
BASE(ex_base64,
    (struct ex_buf * b, const void *data, size_t n, struct ex_err *err),
    (b, data, n, err))

FOREIGN(int, EVP_DigestVerifyInit,
    (void *a, void *b, const void *c, void *d, void *e), (a, b, c, d, e))
FOREIGN(int, EVP_DigestSignInit,
    (void *a, void *b, const void *c, void *d, void *e), (a, b, c, d, e))
FOREIGN(int, EVP_DigestSign,
    (void *a, uint8_t *b, size_t *c, const uint8_t *d, size_t e),
    (a, b, c, d, e))
FOREIGN(void *, EVP_PKEY2PKCS8, (const void *a), (a))
FOREIGN(void *, EVP_PKCS82PKEY, (const void *a), (a))
FOREIGN(void *, PKCS8_set0_pbe, (const char *a, int b, void *c, void *d),
    (a, b, c, d))
FOREIGN(void *, BIO_new, (const void *a), (a))
FOREIGN(void *, BIO_new_mem_buf, (const void *a, int b), (a, b))
FOREIGN(void *, X509_new, (void), ())
FOREIGN(void *, X509_REQ_new, (void), ())
FOREIGN(void *, X509_STORE_new, (void), ())
FOREIGN(void *, X509_STORE_CTX_new, (void), ())
FOREIGN(void *, X509V3_EXT_nconf,
    (void *a, void *b, const char *c, const char *d), (a, b, c, d))
FOREIGN(void *, ASN1_TIME_set, (void *a, long b), (a, b))
FOREIGN(int, X509_add_ext, (void *a, void *b, int c), (a, b, c))
FOREIGN(int, X509_set_pubkey, (void *a, void *b), (a, b))
FOREIGN(int, X509_sign, (void *a, void *b, const void *c), (a, b, c))
FOREIGN(int, X509_REQ_sign, (void *a, void *b, const void *c), (a, b, c))
FOREIGN(int, i2d_X509, (const void *a, void *b), (a, b))
FOREIGN(int, i2d_X509_REQ, (const void *a, void *b), (a, b))
FOREIGN(int, i2d_PUBKEY, (const void *a, void *b), (a, b))

/* The operations: each leaves nothing behind, failed or not. */

static int
build(struct ex_err *err)
{
	struct ex_buf out = EX_BUF_INIT;
	struct ex_cms_sig sig[2] = { 0 };
	struct ex_cms cms;
	int rc;

	rc = ex_cms_parse(&cms, entry.data, entry.len, err);
	for (size_t i = 0; rc == 0 && i < 2; i++)
		sig[i] = (struct ex_cms_sig){ cms.signer[i].cert.p,
			cms.signer[i].cert.n, cms.signer[i].kind,
			cms.signer[i].sig.p, cms.signer[i].sig.n };
	if (rc == 0)
		rc = ex_cms_build(&out, cms.body.p, cms.body.n,
		    cms.signing_time, sig, 2, err);
	/* A failed build leaves the buffer as it was. */
	if (rc == -1)
		assert_int_equal(out.len, 0);
	ex_buf_free(&out);
	return rc;
}

static int
check(struct ex_err *err)
{
	struct ex_cms cms;

	if (ex_cms_parse(&cms, entry.data, entry.len, err) == -1)
		return -1;
	return ex_cms_check(&cms, err);
}

static int
check_openssl(struct ex_err *err)
{
	return ex_cms_check_openssl(entry.data, entry.len, err);
}

static int
sign(struct ex_err *err)
{
	struct ex_buf out = EX_BUF_INIT;
	int rc = ex_cms_to_sign(
	    &out, lab.cert[0].data, lab.cert[0].len, "{}", 2, LAB_TIME, err);

	if (rc == 0)
		rc = ex_key_sign(lab.key[0], "x", 1, &out, err);
	ex_buf_free(&out);
	return rc;
}

static int
make_key(struct ex_err *err)
{
	struct ex_key *key;
	int rc = ex_key_new(&key, EX_KEY_P256, err);

	assert_int_equal(rc == -1, key == NULL);
	ex_key_free(key);
	return rc;
}

static int
save_and_load(struct ex_err *err)
{
	const char *path = lab_path(&lab, "failing.pem");
	struct ex_key *key = NULL;
	int rc = ex_key_save(lab.key[0], path, "1234", err);

	/* Nothing half-written stays. */
	if (rc == -1)
		assert_int_equal(access(path, F_OK), -1);
	if (rc == 0)
		rc = ex_key_load(&key, path, "1234", err);
	(void)unlink(path);
	ex_key_free(key);
	return rc;
}

static int
make_ca(struct ex_err *err)
{
	struct ex_buf out = EX_BUF_INIT;
	int rc =
	    ex_cert_make_ca(&out, lab.ca_key, "CA", "EXLAB", LAB_TIME, 1, err);

	ex_buf_free(&out);
	return rc;
}

static int
issue(struct ex_err *err)
{
	struct ex_buf out = EX_BUF_INIT;
	int rc =
	    ex_cert_issue(&out, lab.ca_key, lab.ca.data, lab.ca.len, csr.data,
		csr.len, EX_CERT_PERSON, "S-1", "EXLAB", LAB_TIME, 1, err);

	ex_buf_free(&out);
	return rc;
}

static int
request(struct ex_err *err)
{
	struct ex_buf out = EX_BUF_INIT;
	int rc = ex_csr_make(&out, lab.key[0], "S-1", "EXLAB", err);

	ex_buf_free(&out);
	return rc;
}

static int
read_cert(struct ex_err *err)
{
	struct ex_cert_info info;

	return ex_cert_read(&info, lab.cert[0].data, lab.cert[0].len, err);
}

static int
chain(struct ex_err *err)
{
	struct ex_roots *roots;
	int rc = ex_roots_from_pem(&roots, pem.data, pem.len, err);

	if (rc == 0)
		rc = ex_cert_check_chain(
		    roots, lab.cert[0].data, lab.cert[0].len, LAB_TIME, err);
	else
		assert_null(roots);
	ex_roots_free(roots);
	return rc;
}

static int
to_pem_and_back(struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT, der = EX_BUF_INIT;
	int rc = ex_cert_to_pem(&text, lab.ca.data, lab.ca.len, err);

	if (rc == 0)
		rc = ex_cert_from_pem(&der, text.data, text.len, err);
	ex_buf_free(&text);
	ex_buf_free(&der);
	return rc;
}

static int
note(struct ex_err *err)
{
	struct ex_buf out = EX_BUF_INIT;
	struct ex_note parsed;
	struct ex_vkey v;
	size_t before;
	int rc = ex_note_sign(&out, "text\n", 5, "n", ed, err);

	if (rc == -1)
		assert_int_equal(out.len, 0);
	before = out.len;
	if (rc == 0 && (rc = ex_note_cosign(&out, "w", ed, 7, err)) == -1)
		assert_int_equal(out.len, before);
	before = out.len;
	if (rc == 0 && (rc = ex_note_add_sig(&out, "m", ed, err)) == -1)
		assert_int_equal(out.len, before);
	if (rc == 0)
		rc = ex_note_parse(&parsed, out.data, out.len, err);
	if (rc == 0)
		rc = ex_vkey_of(&v, "w", EX_NOTE_COSIGNATURE, ed, err);
	if (rc == 0)
		rc = ex_note_check(&parsed, &v, NULL, err);
	ex_buf_free(&out);
	return rc;
}

static int
vkey_and_checkpoint(struct ex_err *err)
{
	struct ex_checkpoint c = { "log", 5, { 0 } };
	char text[EX_VKEY_TEXT];
	struct ex_buf out = EX_BUF_INIT;
	struct ex_vkey v;
	int rc = ex_vkey_of(&v, "log", EX_NOTE_ED25519, ed, err);

	if (rc == 0)
		rc = ex_vkey_text(text, &v, err);
	if (rc == 0)
		rc = ex_vkey_pem(&out, &v, err);
	if (rc == 0)
		rc = ex_checkpoint_text(&out, &c, err);
	ex_buf_free(&out);
	return rc;
}

static const struct {
	const char *name;
	int (*run)(struct ex_err *err);
} operations[] = {
	{ "parse and build", build },
	{ "parse and check", check },
	{ "check with OpenSSL", check_openssl },
	{ "sign", sign },
	{ "new key", make_key },
	{ "save and load", save_and_load },
	{ "CA", make_ca },
	{ "issue", issue },
	{ "request", request },
	{ "read certificate", read_cert },
	{ "chain", chain },
	{ "PEM", to_pem_and_back },
	{ "note", note },
	{ "vkey and checkpoint", vkey_and_checkpoint },
};

static int
setup(void **state)
{
	static const int two[] = { LAB_ALMA, LAB_BRUNO };

	(void)state;
	lab_open(&lab);
	lab_entry(&lab, &entry, "{}", two, 2);
	if (ex_key_new(&ed, EX_KEY_ED25519, NULL) == -1 ||
	    ex_csr_make(&csr, lab.key[0], "S-1", "EXLAB", NULL) == -1)
		return -1;
	return ex_cert_to_pem(&pem, lab.ca.data, lab.ca.len, NULL);
}

static int
teardown(void **state)
{
	(void)state;
	ex_buf_free(&entry);
	ex_buf_free(&csr);
	ex_buf_free(&pem);
	ex_key_free(ed);
	lab_close(&lab);
	return 0;
}

static void
every_failure_is_reported(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(operations); i++) {
		size_t n;

		for (n = 1; n < MOST; n++) {
			struct ex_err err = EX_ERR_INIT;
			int rc;

			left = n;
			failed = 0;
			rc = operations[i].run(&err);
			left = 0;
			if (!failed) {
				assert_int_equal(rc, 0);
				break;
			}
			if (rc != -1 || err.code == EX_OK ||
			    err.text[0] == '\0')
				fail_msg("%s: failure %zu is lost",
				    operations[i].name, n);
		}
		print_message("  %s: %zu\n", operations[i].name, n - 1);
		/* It has calls that fail, and an end. */
		assert_in_range(n, 2, MOST - 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_failure_is_reported),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
