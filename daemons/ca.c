/*
 * ca.c -- certificates of the laboratory.
 */
#include "daemons/ca.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "signing/key.h"

enum {
	CA_YEARS = 30,	/* reports are checked for twenty years */
	CERT_YEARS = 25 /* no longer than its CA; keys end by revocation */
};

/* The key comes first: a certificate without its key could never be used. */
static int
make_key(const char *path, struct ex_err *err)
{
	struct ex_key *key = NULL;
	int rc = -1;

	if (ex_file_exists(path))
		return 0;
	if (ex_key_new(&key, EX_KEY_P256, err) == 0)
		rc = ex_key_save(key, path, NULL, err);
	ex_key_free(key);
	return rc;
}

int
ex_ca_make(const char *dir, const char *cn, const char *o, struct ex_err *err)
{
	struct ex_buf der = EX_BUF_INIT, pem = EX_BUF_INIT;
	char key_path[EX_PATH], pem_path[EX_PATH];
	struct ex_key *key = NULL;
	int rc = -1;

	if (ex_path_join(key_path, EX_PATH, dir, "ca.key", err) == -1 ||
	    ex_path_join(pem_path, EX_PATH, dir, "ca.pem", err) == -1)
		return -1;
	if (ex_file_exists(pem_path))
		return 0;
	if (ex_dir_make(dir, 0700, err) == -1 ||
	    make_key(key_path, err) == -1 ||
	    ex_key_load(&key, key_path, NULL, err) == -1 ||
	    ex_cert_make_ca(&der, key, cn, o, ex_now(), CA_YEARS, err) == -1 ||
	    ex_cert_to_pem(&pem, der.data, der.len, err) == -1)
		goto out;
	rc = ex_file_create(pem_path, pem.data, pem.len, 0644, err);
out:
	ex_key_free(key);
	ex_buf_free(&der);
	ex_buf_free(&pem);
	return rc;
}

/* issued/SHA256.pem */
static int
keep(const char *dir, const struct ex_buf *der, struct ex_err *err)
{
	struct ex_buf pem = EX_BUF_INIT;
	char hex[EX_SHA256_HEX], name[128], path[EX_PATH];
	int rc = -1;

	ex_sha256_hex(hex, der->data, der->len);
	(void)snprintf(name, sizeof(name), "issued/%s.pem", hex);
	if (ex_path_join(path, EX_PATH, dir, "issued", err) == -1 ||
	    ex_dir_make(path, 0700, err) == -1 ||
	    ex_path_join(path, EX_PATH, dir, name, err) == -1)
		return -1;
	if (ex_cert_to_pem(&pem, der->data, der->len, err) == 0)
		rc = ex_file_create(path, pem.data, pem.len, 0444, err);
	ex_buf_free(&pem);
	return rc;
}

/* What stands in a certificate is what the log calls its holder. */
static int
check_names(const char *cn, const char *o, struct ex_err *err)
{
	if (!ex_text_name_ok(cn))
		return ex_fail(
		    err, EX_USAGE, "\"%.60s\" is no service number", cn);
	if (!ex_text_name_ok(o))
		return ex_fail(
		    err, EX_USAGE, "\"%.60s\" is no organisation's code", o);
	return 0;
}

/* Issue it; a key that is not the CA's is damage here, not misuse. */
static int
issue(struct ex_buf *der, const struct ex_key *key, const struct ex_buf *ca,
    enum ex_cert_kind kind, const char *cn, const char *o, const void *csr,
    size_t ncsr, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;

	if (ex_cert_issue(der, key, ca->data, ca->len, csr, ncsr, kind, cn, o,
		ex_now(), CERT_YEARS, &why) == 0)
		return 0;
	return ex_fail(
	    err, why.code == EX_USAGE ? EX_DAMAGED : why.code, "%s", why.text);
}

int
ex_ca_issue(struct ex_buf *out, const char *dir, enum ex_cert_kind kind,
    const char *cn, const char *o, const void *csr, size_t ncsr,
    struct ex_err *err)
{
	struct ex_buf pem = EX_BUF_INIT, ca = EX_BUF_INIT, der = EX_BUF_INIT;
	char path[EX_PATH];
	struct ex_key *key = NULL;
	int rc = -1;

	if (check_names(cn, o, err) == -1 ||
	    ex_path_join(path, EX_PATH, dir, "ca.key", err) == -1 ||
	    ex_key_load(&key, path, NULL, err) == -1 ||
	    ex_path_join(path, EX_PATH, dir, "ca.pem", err) == -1 ||
	    ex_file_read(&pem, path, EX_KEYFILE_MAX, err) == -1 ||
	    ex_cert_from_pem(&ca, pem.data, pem.len, err) == -1 ||
	    issue(&der, key, &ca, kind, cn, o, csr, ncsr, err) == -1 ||
	    keep(dir, &der, err) == -1)
		goto out;
	rc = ex_buf_add(out, der.data, der.len, err);
out:
	ex_key_free(key);
	ex_buf_free(&pem);
	ex_buf_free(&ca);
	ex_buf_free(&der);
	return rc;
}
