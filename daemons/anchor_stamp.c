/*
 * anchor_stamp.c -- asking one time-stamp authority.
 */
#include <string.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/http.h"
#include "base/limits.h"
#include "daemons/anchor_parts.h"
#include "db/anchor.h"
#include "signing/stamp.h"

/* What is stamped: the checkpoint's three lines. */
static int
digest(
    uint8_t out[EX_SHA256_LEN], const struct ex_anchor *a, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	int rc = ex_checkpoint_text(&text, &a->newest, err);

	if (rc == 0)
		ex_sha256(out, text.data, text.len);
	ex_buf_free(&text);
	return rc;
}

/* Checked by the authority's roots, and by the one that the policy names. */
static int
check(struct ex_stamp *out, const struct ex_anchor *a,
    const struct ex_outsider *tsa, const struct ex_buf *tsr,
    const uint8_t *sha256, const uint8_t *nonce, struct ex_err *err)
{
	struct ex_roots *roots = NULL;
	char path[EX_PATH];
	int rc = -1;

	if (ex_path_join(path, EX_PATH, a->o->data, "trust/tsa.pem", err) ==
		-1 ||
	    ex_roots_load(&roots, path, err) == -1)
		return -1;
	if (ex_stamp_check(
		out, tsr->data, tsr->len, sha256, nonce, roots, err) == 0)
		rc = memcmp(out->root, tsa->root, sizeof(tsa->root)) == 0
			 ? 0
			 : ex_fail(err, EX_DENIED,
			       "its authority is another than the policy "
			       "names");
	ex_roots_free(roots);
	return rc;
}

static int
ask(struct ex_buf *tsr, const struct ex_outsider *tsa, const uint8_t *sha256,
    const uint8_t *nonce, struct ex_err *err)
{
	struct ex_http_answer answer = { 0 };
	struct ex_buf query = EX_BUF_INIT;
	struct ex_http request = { .url = tsa->url,
		.type = "application/timestamp-query",
		.max = EX_STAMP_MAX };
	int rc = -1;

	if (ex_stamp_request(&query, sha256, nonce, err) == -1)
		return -1;
	request.body = query.data;
	request.nbody = query.len;
	if (ex_http_ask(&answer, &request, err) == 0)
		rc = answer.status == 200
			 ? ex_buf_add(
			       tsr, answer.body.data, answer.body.len, err)
			 : ex_fail(err, EX_UNREACHABLE, "%s: HTTP %d", tsa->url,
			       answer.status);
	ex_buf_free(&answer.body);
	ex_buf_free(&query);
	return rc;
}

int
ex_anchor_stamp_digest(struct ex_buf *tsr, struct ex_anchor *a,
    const struct ex_outsider *tsa, const uint8_t sha256[EX_SHA256_LEN],
    int64_t *time, struct ex_err *err)
{
	uint8_t nonce[EX_STAMP_NONCE];
	struct ex_stamp stamp;

	ex_random(nonce, sizeof(nonce));
	nonce[0] |= 0x40; /* a DER INTEGER keeps no leading zeros */
	nonce[0] &= 0x7f;
	if (ask(tsr, tsa, sha256, nonce, err) == -1 ||
	    check(&stamp, a, tsa, tsr, sha256, nonce, err) == -1)
		return -1;
	*time = stamp.time;
	return 0;
}

int
ex_anchor_stamp_it(
    struct ex_anchor *a, const struct ex_outsider *tsa, struct ex_err *err)
{
	uint8_t sha256[EX_SHA256_LEN];
	struct ex_buf tsr = EX_BUF_INIT;
	struct ex_span span;
	int64_t time;
	int rc = -1;

	if (digest(sha256, a, err) == 0 &&
	    ex_anchor_stamp_digest(&tsr, a, tsa, sha256, &time, err) == 0) {
		span.p = tsr.data;
		span.n = tsr.len;
		rc = ex_anchor_put_stamp(
		    a->conn, a->newest.size, tsa->name, span, time, err);
	}
	ex_buf_free(&tsr);
	return rc;
}
