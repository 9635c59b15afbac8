/*
 * stamp_openssl.c -- RFC 3161 through OpenSSL.
 *
 * The chain is verified twice, by TS_RESP_verify_response() and here, because
 * only here its end can be read.
 */
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pkcs7.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "signing/key_evp.h"
#include "signing/roots.h"
#include "signing/stamp.h"

enum {
	STATUS_GRANTED = 0,
	STATUS_GRANTED_WITH_MODS = 1
};

/* The imprint of a request: SHA-256 with NULL parameters, as all send it. */
static int
set_imprint(TS_REQ *req, const uint8_t *sha256)
{
	TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
	X509_ALGOR *alg = X509_ALGOR_new();
	uint8_t copy[EX_SHA256_LEN];
	int ok;

	memcpy(copy, sha256, sizeof(copy));
	ok = imprint != NULL && alg != NULL &&
	     X509_ALGOR_set0(alg, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) ==
		 1 &&
	     TS_MSG_IMPRINT_set_algo(imprint, alg) == 1 &&
	     TS_MSG_IMPRINT_set_msg(imprint, copy, EX_SHA256_LEN) == 1 &&
	     TS_REQ_set_msg_imprint(req, imprint) == 1;
	X509_ALGOR_free(alg);
	TS_MSG_IMPRINT_free(imprint);
	return ok;
}

static ASN1_INTEGER *
nonce_of(const uint8_t *nonce)
{
	BIGNUM *bn = BN_bin2bn(nonce, EX_STAMP_NONCE, NULL);
	ASN1_INTEGER *n = bn == NULL ? NULL : BN_to_ASN1_INTEGER(bn, NULL);

	BN_free(bn);
	return n;
}

int
ex_stamp_request(struct ex_buf *out, const uint8_t sha256[EX_SHA256_LEN],
    const uint8_t nonce[EX_STAMP_NONCE], struct ex_err *err)
{
	ASN1_INTEGER *n = nonce_of(nonce);
	TS_REQ *req = TS_REQ_new();
	unsigned char *der = NULL;
	int len = 0, rc;

	if (n != NULL && req != NULL && TS_REQ_set_version(req, 1) == 1 &&
	    set_imprint(req, sha256) && TS_REQ_set_nonce(req, n) == 1 &&
	    TS_REQ_set_cert_req(req, 1) == 1)
		len = i2d_TS_REQ(req, &der);
	if (len > 0)
		rc = ex_buf_add(out, der, (size_t)len, err);
	else
		rc = ex_fail_openssl(err, EX_SYSTEM, "time-stamp request");
	OPENSSL_free(der);
	TS_REQ_free(req);
	ASN1_INTEGER_free(n);
	return rc;
}

static int
check_status(TS_RESP *resp, struct ex_err *err)
{
	const ASN1_INTEGER *status =
	    TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(resp));
	long value = ASN1_INTEGER_get(status);

	if (value != STATUS_GRANTED && value != STATUS_GRANTED_WITH_MODS)
		return ex_fail(err, EX_DAMAGED,
		    "the time-stamp was not granted (status %ld)", value);
	if (TS_RESP_get_tst_info(resp) == NULL)
		return ex_fail(err, EX_FORMAT, "time-stamp without a token");
	return 0;
}

static int
check_imprint(TS_TST_INFO *info, const uint8_t *sha256, struct ex_err *err)
{
	TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(info);
	const ASN1_OBJECT *alg;
	ASN1_OCTET_STRING *msg = TS_MSG_IMPRINT_get_msg(imprint);

	X509_ALGOR_get0(&alg, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
	if (OBJ_obj2nid(alg) != NID_sha256 ||
	    ASN1_STRING_length(msg) != EX_SHA256_LEN ||
	    memcmp(ASN1_STRING_get0_data(msg), sha256, EX_SHA256_LEN) != 0)
		return ex_fail(
		    err, EX_DAMAGED, "the time-stamp is of something else");
	return 0;
}

static int
check_nonce(TS_TST_INFO *info, const uint8_t *nonce, struct ex_err *err)
{
	const ASN1_INTEGER *got = TS_TST_INFO_get_nonce(info);
	ASN1_INTEGER *want;
	int same;

	if (nonce == NULL)
		return 0;
	want = nonce_of(nonce);
	same = want != NULL && got != NULL && ASN1_INTEGER_cmp(got, want) == 0;
	ASN1_INTEGER_free(want);
	return same ? 0
		    : ex_fail(err, EX_DAMAGED,
			  "the time-stamp answers another request");
}

/* "YYYYMMDDHHMMSS[.f]Z", with broken seconds cut off. */
static int
read_time(int64_t *out, const ASN1_TIME *t, struct ex_err *err)
{
	char text[64];
	struct tm tm;

	memset(&tm, 0, sizeof(tm));
	if (ASN1_TIME_to_tm(t, &tm) != 1) {
		ERR_clear_error();
		return ex_fail(err, EX_FORMAT, "time-stamp without a time");
	}
	(void)snprintf(text, sizeof(text),
	    "%04d-%02d-%02dT%02d:%02d:%02d.000000Z", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	return ex_time_read(out, text, err);
}

/* A fresh store of the roots that judges at this time. */
static X509_STORE *
store_at(const struct ex_roots *roots, int64_t at)
{
	X509_VERIFY_PARAM *param = X509_VERIFY_PARAM_new();
	X509_STORE *store = X509_STORE_new();
	int ok = store != NULL && param != NULL;

	for (size_t i = 0; ok && i < ex_roots_count(roots); i++)
		ok = X509_STORE_add_cert(store, ex_roots_cert(roots, i)) == 1;
	if (ok) {
		X509_VERIFY_PARAM_set_time(param, (time_t)(at / EX_SECOND));
		ok = X509_STORE_set1_param(store, param) == 1;
	}
	X509_VERIFY_PARAM_free(param);
	if (!ok) {
		X509_STORE_free(store);
		return NULL;
	}
	return store;
}

/* Everything that RFC 3161 wants checked of a token's signature. */
static int
check_signature(
    TS_RESP *resp, const struct ex_roots *roots, int64_t at, struct ex_err *err)
{
	TS_VERIFY_CTX *ctx = TS_VERIFY_CTX_new();
	X509_STORE *store = store_at(roots, at);
	int ok;

	if (ctx == NULL || store == NULL) {
		X509_STORE_free(store);
		TS_VERIFY_CTX_free(ctx);
		return ex_fail_openssl(err, EX_SYSTEM, "time-stamp");
	}
	(void)TS_VERIFY_CTX_set_store(ctx, store);
	(void)TS_VERIFY_CTX_set_flags(ctx, TS_VFY_VERSION | TS_VFY_SIGNATURE);
	ok = TS_RESP_verify_response(ctx, resp) == 1;
	TS_VERIFY_CTX_free(ctx);
	return ok ? 0
		  : ex_fail_openssl(
			err, EX_DAMAGED, "the time-stamp does not verify");
}

/* The signer's certificate as the token carries it; borrowed from token. */
static X509 *
signer_of(PKCS7 *token)
{
	STACK_OF(X509) *all = PKCS7_get0_signers(token, NULL, 0);
	X509 *x =
	    all == NULL || sk_X509_num(all) != 1 ? NULL : sk_X509_value(all, 0);

	sk_X509_free(all);
	return x;
}

static int
read_end(struct ex_stamp *out, X509_STORE_CTX *ctx, struct ex_err *err)
{
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(ctx);
	int n = sk_X509_num(chain);
	unsigned char *der = NULL;
	int len = n < 1 ? -1 : i2d_X509(sk_X509_value(chain, n - 1), &der);

	if (len < 0)
		return ex_fail_openssl(err, EX_SYSTEM, "time-stamp");
	ex_sha256(out->root, der, (size_t)len);
	OPENSSL_free(der);
	return 0;
}

/* Which root it ends in. */
static int
check_chain(struct ex_stamp *out, PKCS7 *token, X509 *signer,
    const struct ex_roots *roots, struct ex_err *err)
{
	X509_STORE *store = store_at(roots, out->time);
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	int rc = -1;

	if (store == NULL || ctx == NULL ||
	    X509_STORE_CTX_init(ctx, store, signer, token->d.sign->cert) != 1 ||
	    X509_STORE_CTX_set_purpose(ctx, X509_PURPOSE_TIMESTAMP_SIGN) != 1)
		(void)ex_fail_openssl(err, EX_SYSTEM, "time-stamp");
	else if (X509_verify_cert(ctx) != 1)
		(void)ex_fail(err, EX_DENIED,
		    "the time-stamp's authority does not lead to a root: %s",
		    X509_verify_cert_error_string(
			X509_STORE_CTX_get_error(ctx)));
	else
		rc = read_end(out, ctx, err);
	ERR_clear_error();
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	return rc;
}

static int
read_signer(struct ex_stamp *out, X509 *x, struct ex_err *err)
{
	char cn[128] = "";

	(void)X509_NAME_get_text_by_NID(
	    X509_get_subject_name(x), NID_commonName, cn, sizeof(cn));
	(void)ex_text_shown(out->signer, sizeof(out->signer), cn);
	return read_time(&out->valid_until, X509_get0_notAfter(x), err);
}

static int
check(struct ex_stamp *out, TS_RESP *resp, const uint8_t *sha256,
    const uint8_t *nonce, const struct ex_roots *roots, struct ex_err *err)
{
	TS_TST_INFO *info;
	PKCS7 *token;
	X509 *signer;

	if (check_status(resp, err) == -1)
		return -1;
	info = TS_RESP_get_tst_info(resp);
	token = TS_RESP_get_token(resp);
	if (check_imprint(info, sha256, err) == -1 ||
	    check_nonce(info, nonce, err) == -1 ||
	    read_time(&out->time, TS_TST_INFO_get_time(info), err) == -1)
		return -1;
	if (!PKCS7_type_is_signed(token) || (signer = signer_of(token)) == NULL)
		return ex_fail_openssl(
		    err, EX_FORMAT, "time-stamp without its certificate");
	if (read_signer(out, signer, err) == -1 ||
	    check_chain(out, token, signer, roots, err) == -1)
		return -1;
	return check_signature(resp, roots, out->time, err);
}

int
ex_stamp_check(struct ex_stamp *out, const void *tsr, size_t n,
    const uint8_t sha256[EX_SHA256_LEN], const uint8_t *nonce,
    const struct ex_roots *roots, struct ex_err *err)
{
	const unsigned char *p = tsr, *end;
	TS_RESP *resp;
	int rc = -1;

	memset(out, 0, sizeof(*out));
	if (n == 0 || n > EX_STAMP_MAX)
		return ex_fail(err, EX_LIMIT, "time-stamp of %zu bytes", n);
	end = p + n;
	if ((resp = d2i_TS_RESP(NULL, &p, (long)n)) == NULL)
		return ex_fail_openssl(err, EX_FORMAT, "no time-stamp");
	if (p != end)
		(void)ex_fail(err, EX_FORMAT, "bytes behind the time-stamp");
	else
		rc = check(out, resp, sha256, nonce, roots, err);
	TS_RESP_free(resp);
	ERR_clear_error();
	return rc;
}
