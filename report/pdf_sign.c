/*
 * pdf_sign.c -- PAdES: a signature over every byte of a PDF but its own.
 */
#include "report/pdf_sign.h"

#include <string.h>

#include "base/codec.h"
#include "base/log.h"
#include "cases/anchor.h"
#include "signing/cms_detached.h"

/* The digest of what is signed. */
static void
digest(uint8_t out[EX_SHA256_LEN], const struct ex_buf *pdf,
    const struct ex_archive_hole *hole)
{
	ex_sha256_two(out, pdf->data, hole->start, &pdf->data[hole->end],
	    pdf->len - hole->end);
}

/* A time-stamp over the signature's value, where one is to be had. */
static int
stamp(struct ex_buf *tsr, struct ex_span *token, const struct ex_buf *sig,
    const struct ex_pdf_hand *hand)
{
	struct ex_err why = EX_ERR_INIT;
	uint8_t sha256[EX_SHA256_LEN];

	if (hand->house == NULL)
		return 0;
	ex_sha256(sha256, sig->data, sig->len);
	if (ex_house_token(tsr, hand->house, sha256, &why) == 0 &&
	    ex_stamp_token(token, tsr->data, tsr->len, &why) == 0 &&
	    token->n < EX_ARCHIVE_SIGNATURE / 2)
		return 1;
	*token = (struct ex_span){ NULL, 0 };
	if (why.code != EX_STATE)
		ex_log(EX_WARN, "report", "signed without a time-stamp: %s",
		    why.code == EX_OK ? "it is too large" : why.text);
	return 0;
}

/* Written over the zeros of the hole. */
static int
fill(struct ex_buf *pdf, const struct ex_archive_hole *hole,
    const struct ex_buf *cms, struct ex_err *err)
{
	char hex[2 * EX_ARCHIVE_SIGNATURE + 1];

	if (cms->len > EX_ARCHIVE_SIGNATURE)
		return ex_fail(err, EX_LIMIT,
		    "signature of %zu bytes, at most %d", cms->len,
		    EX_ARCHIVE_SIGNATURE);
	ex_hex(hex, cms->data, cms->len);
	memcpy(&pdf->data[hole->start + 1], hex, 2 * cms->len);
	return 0;
}

int
ex_pdf_sign(struct ex_buf *pdf, const struct ex_archive_hole *hole,
    const struct ex_pdf_hand *hand, int *stamped, struct ex_err *err)
{
	const struct ex_signer *s = hand->signer;
	const struct ex_span cert = { s->cert.data, s->cert.len };
	struct ex_buf tbs = EX_BUF_INIT, sig = EX_BUF_INIT, cms = EX_BUF_INIT;
	struct ex_buf tsr = EX_BUF_INIT;
	struct ex_span token = { NULL, 0 };
	uint8_t sha256[EX_SHA256_LEN];
	int rc = -1, has = 0;

	digest(sha256, pdf, hole);
	if (ex_cms_detached_to_sign(&tbs, cert, sha256, err) == -1 ||
	    ex_key_sign(s->key, tbs.data, tbs.len, &sig, err) == -1)
		goto out;
	has = stamp(&tsr, &token, &sig, hand);
	if (ex_cms_detached_build(&cms, cert, sha256, ex_key_kind(s->key),
		(struct ex_span){ sig.data, sig.len }, token, err) == 0)
		rc = fill(pdf, hole, &cms, err);
	if (stamped != NULL)
		*stamped = has;
out:
	ex_buf_free(&tsr);
	ex_buf_free(&cms);
	ex_buf_free(&sig);
	ex_buf_free(&tbs);
	return rc;
}
