/*
 * bundle_certs.c -- the certificates that signed, against the verifier's
 * roots or, as a hint, against those that the bundle brings along.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/limits.h"
#include "custody/bundle_checking.h"

static int
add_cert(struct ex_bundle_checking *c, const struct ex_cms_signer *s,
    int64_t at, size_t n, struct ex_err *err)
{
	struct ex_bundle_cert *cert;
	void *array = c->cert;

	if (ex_bundle_grow(
		&array, &c->capcerts, c->ncerts, sizeof(*c->cert), err) == -1)
		return -1;
	c->cert = array;
	cert = &c->cert[c->ncerts];
	memset(cert, 0, sizeof(*cert));
	if (ex_buf_add(&cert->der, s->cert.p, s->cert.n, err) == -1)
		return -1;
	memcpy(cert->sha256, s->cert_sha256, sizeof(cert->sha256));
	cert->first = cert->last = at;
	cert->n = n;
	c->ncerts++;
	return 0;
}

int
ex_bundle_gather_certs(struct ex_bundle_checking *c, const struct ex_cms *cms,
    size_t n, struct ex_err *err)
{
	for (size_t i = 0; i < cms->nsigners; i++) {
		const struct ex_cms_signer *s = &cms->signer[i];
		int64_t at = cms->signing_time;
		size_t k = 0;

		while (
		    k < c->ncerts && memcmp(c->cert[k].sha256, s->cert_sha256,
					 sizeof(s->cert_sha256)) != 0)
			k++;
		if (k == c->ncerts) {
			if (add_cert(c, s, at, n, err) == -1)
				return -1;
			continue;
		}
		if (at < c->cert[k].first)
			c->cert[k].first = at;
		if (at > c->cert[k].last)
			c->cert[k].last = at;
	}
	return 0;
}

/* trust/roots.pem: only of use if the log names each of them, its first entry
 * the laboratory's CA, its policy those of other bodies. */
static int
load_hint(
    struct ex_bundle_checking *c, struct ex_roots **out, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_buf pem = EX_BUF_INIT;
	int rc = 0;

	*out = NULL;
	if (ex_folder_read(
		&pem, &c->folder, EX_BUNDLE_ROOTS, EX_ROOTS_MAX, &why) == -1 ||
	    ex_roots_from_pem(out, pem.data, pem.len, &why) == -1)
		rc = why.code == EX_ABSENT
			 ? 0
			 : ex_bundle_fault(
			       c->r, err, &why, "roots", EX_BUNDLE_ROOTS, NULL);
	ex_buf_free(&pem);
	return rc;
}

/* Does the list name this root? */
static int
is_named(const struct ex_json *list, const uint8_t sha256[EX_SHA256_LEN])
{
	char hex[EX_SHA256_HEX];

	ex_hex(hex, sha256, EX_SHA256_LEN);
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const char *text = ex_json_text(ex_json_at(list, i));

		if (text != NULL && strcmp(text, hex) == 0)
			return 1;
	}
	return 0;
}

static int
check_hint(struct ex_bundle_checking *c, const struct ex_roots *roots,
    struct ex_err *err)
{
	const struct ex_view *view = ex_world_view(c->world);
	struct ex_json *v = NULL, *policy = NULL;
	int rc = 0;

	if (view->get(view->arg, "log", "log", &v, err) == -1 ||
	    view->get(view->arg, "policy", "policy", &policy, err) == -1)
		rc = -1;
	for (size_t i = 0; rc == 0 && v != NULL && i < ex_roots_count(roots);
	     i++) {
		const uint8_t *root = ex_roots_sha256(roots, i);

		if (is_named(ex_json_get(v, "ca"), root) ||
		    is_named(ex_json_get(policy, "roots"), root))
			continue;
		rc = ex_bundle_remark(c->r, err, EX_FAULT, "roots",
		    EX_BUNDLE_ROOTS, NULL,
		    "a certificate that the log does not name");
	}
	ex_json_free(v);
	ex_json_free(policy);
	return rc;
}

static int
keep_roots(struct ex_bundle_result *r, const struct ex_roots *roots,
    struct ex_err *err)
{
	size_t n = ex_roots_count(roots);

	if ((r->root = calloc(n + 1, sizeof(*r->root))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < n; i++)
		memcpy(r->root[i], ex_roots_sha256(roots, i), EX_SHA256_LEN);
	r->nroots = n;
	return 0;
}

/* The CA that its enrolment names, where that is another body's. */
static int
check_ca(struct ex_bundle_checking *c, const struct ex_roots *roots,
    const struct ex_bundle_cert *cert, struct ex_err *err)
{
	const struct ex_view *view = ex_world_view(c->world);
	struct ex_json *key = NULL;
	char hex[EX_SHA256_HEX];
	const char *ca;
	int rc = 0;

	ex_hex(hex, cert->sha256, EX_SHA256_LEN);
	if (view->get(view->arg, "key", hex, &key, err) == -1)
		return -1;
	if ((ca = ex_json_get_text(key, "ca")) != NULL)
		rc = ex_cert_check_issuer(
		    roots, cert->der.data, cert->der.len, ca, err);
	ex_json_free(key);
	return rc;
}

/* At the first and at the last time that it signed here. */
static int
check_cert(struct ex_bundle_checking *c, const struct ex_roots *roots,
    const struct ex_bundle_cert *cert, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	char path[EX_BUNDLE_PATH];

	if (c->tiles)
		(void)snprintf(path, sizeof(path), "entry %zu", cert->n);
	else
		ex_bundle_entry_path(path, cert->n);
	if (check_ca(c, roots, cert, &why) == -1 ||
	    ex_cert_check_chain(roots, cert->der.data, cert->der.len,
		cert->first, &why) == -1 ||
	    (cert->last != cert->first &&
		ex_cert_check_chain(roots, cert->der.data, cert->der.len,
		    cert->last, &why) == -1))
		return ex_bundle_fault(
		    c->r, err, &why, "certificate", path, NULL);
	return 0;
}

int
ex_bundle_check_certs(struct ex_bundle_checking *c, struct ex_err *err)
{
	const struct ex_roots *roots = c->trust->roots;
	struct ex_roots *hint = NULL;
	int rc = -1;

	if (roots == NULL) {
		if (load_hint(c, &hint, err) == -1 ||
		    (hint != NULL && check_hint(c, hint, err) == -1))
			goto out;
		roots = hint;
	}
	if (roots == NULL) {
		rc = ex_bundle_remark(c->r, err, EX_NOTED, "roots", NULL, NULL,
		    "no roots: nothing says who certified the signers' keys");
		goto out;
	}
	if (keep_roots(c->r, roots, err) == -1)
		goto out;
	for (size_t i = 0; i < c->ncerts; i++) {
		if (check_cert(c, roots, &c->cert[i], err) == -1)
			goto out;
	}
	rc = 0;
out:
	ex_roots_free(hint);
	return rc;
}
