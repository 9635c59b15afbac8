/*
 * lab.c -- a laboratory for tests.
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

#include "base/file.h"
#include "base/proc.h"
#include "tests/signing/lab.h"

/* Show why, then fail. */
#define MUST(call)                                                \
	do {                                                      \
		struct ex_err must_err = EX_ERR_INIT;             \
		struct ex_err *err = &must_err;                   \
		if ((call) == -1)                                 \
			fail_msg("%s: %s", #call, must_err.text); \
	} while (0)

const char *
lab_path(const struct lab *lab, const char *name)
{
	static char path[4][LAB_PATH];
	static size_t at;

	at = (at + 1) % 4;
	(void)snprintf(path[at], LAB_PATH, "%s/%s", lab->dir, name);
	return path[at];
}

const char *
lab_write(const struct lab *lab, const char *name, const struct ex_buf *b)
{
	const char *path = lab_path(lab, name);

	MUST(ex_file_write(path, b->data, b->len, 0600, err));
	return path;
}

int
lab_run(struct ex_buf *out, const char *const *argv)
{
	struct ex_proc p = EX_PROC_INIT;
	int quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int status = -1;

	assert_true(quiet != -1);
	p.path = argv[0];
	p.argv = argv;
	p.err = quiet;
	MUST(ex_proc_run(&p, out, 1 << 20, 60 * EX_SECOND, &status, err));
	(void)close(quiet);
	return status;
}

void
lab_issue(struct ex_buf *out, const struct ex_key *ca_key,
    const struct ex_buf *ca, const struct ex_key *key, const char *cn)
{
	struct ex_buf csr = EX_BUF_INIT;

	MUST(ex_csr_make(&csr, key, "whatever the request says", "?", err));
	MUST(ex_cert_issue(out, ca_key, ca->data, ca->len, csr.data, csr.len,
	    EX_CERT_PERSON, cn, "EXLAB", LAB_TIME - EX_SECOND, 3, err));
	ex_buf_free(&csr);
}

/* RSA keys come from cards; here openssl plays the card. */
static void
rsa_key(struct lab *lab)
{
	const char *path = lab_path(lab, "rsa.pem");
	const char *const argv[] = { "openssl", "genpkey", "-algorithm", "RSA",
		"-pkeyopt", "rsa_keygen_bits:2048", "-out", path, NULL };

	assert_int_equal(lab_run(NULL, argv), 0);
	MUST(ex_key_load(&lab->key[LAB_RSA], path, NULL, err));
}

void
lab_open(struct lab *lab)
{
	static const char *const cn[] = { "S-1001", "S-1002", "S-1003" };
	struct ex_buf pem = EX_BUF_INIT;

	memset(lab, 0, sizeof(*lab));
	(void)snprintf(lab->dir, sizeof(lab->dir), "/tmp/exlab.XXXXXX");
	assert_non_null(mkdtemp(lab->dir));
	MUST(ex_key_new(&lab->ca_key, EX_KEY_P256, err));
	MUST(ex_cert_make_ca(&lab->ca, lab->ca_key, "Test Laboratory CA",
	    "EXLAB", LAB_TIME - EX_SECOND, 20, err));
	MUST(ex_cert_to_pem(&pem, lab->ca.data, lab->ca.len, err));
	MUST(ex_roots_load(&lab->roots, lab_write(lab, "ca.pem", &pem), err));
	MUST(ex_key_new(&lab->key[LAB_ALMA], EX_KEY_P256, err));
	MUST(ex_key_new(&lab->key[LAB_BRUNO], EX_KEY_P256, err));
	rsa_key(lab);
	for (int i = 0; i < LAB_SIGNERS; i++)
		lab_issue(
		    &lab->cert[i], lab->ca_key, &lab->ca, lab->key[i], cn[i]);
	ex_buf_free(&pem);
}

void
lab_close(struct lab *lab)
{
	for (int i = 0; i < LAB_SIGNERS; i++) {
		ex_key_free(lab->key[i]);
		ex_buf_free(&lab->cert[i]);
	}
	ex_roots_free(lab->roots);
	ex_buf_free(&lab->ca);
	ex_key_free(lab->ca_key);
	MUST(ex_remove_tree(lab->dir, err));
}

void
lab_entry(const struct lab *lab, struct ex_buf *out, const char *body,
    const int *signer, size_t n)
{
	struct ex_buf value[LAB_SIGNERS] = { EX_BUF_INIT };
	struct ex_cms_sig sig[LAB_SIGNERS] = { 0 };

	for (size_t i = 0; i < n; i++) {
		const struct ex_buf *cert = &lab->cert[signer[i]];
		const struct ex_key *key = lab->key[signer[i]];
		struct ex_buf attrs = EX_BUF_INIT;

		MUST(ex_cms_to_sign(&attrs, cert->data, cert->len, body,
		    strlen(body), LAB_TIME, err));
		MUST(ex_key_sign(key, attrs.data, attrs.len, &value[i], err));
		sig[i] = (struct ex_cms_sig){ cert->data, cert->len,
			ex_key_kind(key), value[i].data, value[i].len };
		ex_buf_free(&attrs);
	}
	MUST(ex_cms_build(out, body, strlen(body), LAB_TIME, sig, n, err));
	for (size_t i = 0; i < n; i++)
		ex_buf_free(&value[i]);
}
