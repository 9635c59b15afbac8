/*
 * anchor_witness.c -- asking one witness: C2SP tlog-witness, as a client.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/http.h"
#include "base/limits.h"
#include "base/text.h"
#include "custody/log.h"
#include "daemons/anchor_parts.h"
#include "db/anchor.h"
#include "db/store.h"

enum {
	URL_MAX = EX_OUTSIDER_URL + 128
};

/* What came of it, in words. */
static int
result(struct ex_witnessed *out, enum ex_witness_result is, const char *text)
{
	out->result = is;
	(void)ex_text_shown(out->text, sizeof(out->text), text);
	return 0;
}

/* The add-checkpoint body from old to the newest. */
static int
make_body(
    struct ex_buf *out, struct ex_anchor *a, uint64_t old, struct ex_err *err)
{
	struct ex_tree_proof proof = { 0 };

	if (old <= a->newest.size &&
	    ex_tree_prove_consistency(
		&proof, old, a->newest.size, ex_store_node, a->conn, err) == -1)
		return -1;
	return ex_tlog_consistency_write(
	    out, old, &proof, a->note.data, a->note.len, err);
}

/* The note with the witness's line and no other but the log's. */
static int
take_line(struct ex_buf *note, size_t *line, uint64_t *time,
    const struct ex_anchor *a, const struct ex_outsider *w,
    const struct ex_buf *answer, struct ex_err *err)
{
	struct ex_buf all = EX_BUF_INIT, own = EX_BUF_INIT;
	struct ex_note parsed;
	struct ex_vkey both[2];
	int rc = -1;

	both[0] = a->vkey;
	both[1] = w->key;
	if (ex_buf_add(&all, a->note.data, a->note.len, err) == -1 ||
	    ex_buf_add(&all, answer->data, answer->len, err) == -1 ||
	    ex_note_parse(&parsed, all.data, all.len, err) == -1 ||
	    ex_note_check(&parsed, &w->key, time, err) == -1 ||
	    ex_note_keep(&own, &parsed, both, 1, err) == -1 ||
	    ex_note_keep(note, &parsed, both, 2, err) == -1)
		goto out;
	*line = own.len;
	rc = 0;
out:
	ex_buf_free(&all);
	ex_buf_free(&own);
	return rc;
}

/* 200: a line that holds is kept, another says nothing. */
static int
take_cosignature(struct ex_witnessed *out, struct ex_anchor *a,
    const struct ex_outsider *w, const struct ex_buf *answer,
    struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_span span;
	uint64_t time = 0;
	size_t line = 0;

	ex_buf_cut(&out->note, 0);
	if (take_line(&out->note, &line, &time, a, w, answer, &why) == -1) {
		ex_buf_cut(&out->note, 0);
		return result(out, EX_WITNESS_UNREACHABLE, why.text);
	}
	span.p = &out->note.data[line];
	span.n = out->note.len - line;
	if (ex_anchor_put_cosignature(
		a->conn, a->newest.size, w->name, span, time, err) == -1)
		return -1;
	return result(out, EX_WITNESS_COSIGNED, "cosigned");
}

/* The larger tree that it knows, if it shows it, under the log's own key. */
static int
fetch_larger(struct ex_witnessed *out, const struct ex_anchor *a,
    const struct ex_outsider *w)
{
	struct ex_http_answer answer = { 0 };
	struct ex_http request = { .max = EX_NOTE_MAX };
	char hex[EX_SHA256_HEX], url[URL_MAX];
	struct ex_checkpoint c;

	ex_sha256_hex(hex, a->vkey.name, strlen(a->vkey.name));
	(void)snprintf(url, sizeof(url), "%s/newest/%s", w->url, hex);
	request.url = url;
	ex_buf_cut(&out->note, 0);
	if (ex_http_ask(&answer, &request, NULL) == 0 && answer.status == 200 &&
	    ex_checkpoint_check(
		&c, answer.body.data, answer.body.len, &a->vkey, NULL) == 0 &&
	    c.size > a->newest.size)
		(void)ex_buf_add(
		    &out->note, answer.body.data, answer.body.len, NULL);
	ex_buf_free(&answer.body);
	return result(out, EX_WITNESS_LARGER,
	    "it has cosigned a larger tree than there is here");
}

/* The body of a 409: a size and a newline. */
static int
read_size(uint64_t *out, const struct ex_http_answer *answer)
{
	const char *text = ex_buf_text(&answer->body);
	size_t n = strcspn(text, "\n");
	unsigned long long size;
	char digits[32];

	if (strcmp(answer->type, "text/x.tlog.size") != 0 ||
	    n >= sizeof(digits) || n + 1 != answer->body.len)
		return -1;
	memcpy(digits, text, n);
	digits[n] = '\0';
	if (ex_text_number(&size, digits, INT64_MAX, NULL) == -1)
		return -1;
	*out = size;
	return 0;
}

/* A refusal that says something of the history; another says nothing. */
static int
take_refusal(struct ex_witnessed *out, const struct ex_http_answer *answer)
{
	char text[300];

	(void)snprintf(text, sizeof(text), "HTTP %d: %.*s", answer->status,
	    (int)strcspn(ex_buf_text(&answer->body), "\n"),
	    ex_buf_text(&answer->body));
	return result(out,
	    answer->status == 422 || answer->status == 409
		? EX_WITNESS_REFUSED
		: EX_WITNESS_UNREACHABLE,
	    text);
}

/*
 * One request.  *again is 1, and *old what the witness says it knows, when it
 * is worth another.
 */
static int
ask_from(struct ex_witnessed *out, struct ex_anchor *a,
    const struct ex_outsider *w, uint64_t *old, int *again, struct ex_err *err)
{
	struct ex_http_answer answer = { 0 };
	struct ex_buf body = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	char url[URL_MAX];
	struct ex_http request = {
		.url = url, .type = "text/plain", .max = EX_NOTE_MAX
	};
	uint64_t theirs;
	int rc = -1;

	*again = 0;
	(void)snprintf(url, sizeof(url), "%s/add-checkpoint", w->url);
	if (make_body(&body, a, *old, err) == -1)
		goto out;
	request.body = body.data;
	request.nbody = body.len;
	if (ex_http_ask(&answer, &request, &why) == -1) {
		rc = result(out, EX_WITNESS_UNREACHABLE, why.text);
	} else if (answer.status == 200) {
		rc = take_cosignature(out, a, w, &answer.body, err);
	} else if (answer.status == 409 && read_size(&theirs, &answer) == 0 &&
		   theirs > a->newest.size) {
		out->size = theirs;
		rc = fetch_larger(out, a, w);
	} else if (answer.status == 409 && read_size(&theirs, &answer) == 0 &&
		   theirs != *old) {
		*old = theirs;
		*again = 1;
		rc = result(out, EX_WITNESS_UNREACHABLE, "it knows another");
	} else {
		rc = take_refusal(out, &answer);
	}
out:
	ex_buf_free(&answer.body);
	ex_buf_free(&body);
	return rc;
}

int
ex_anchor_ask(struct ex_anchor *a, const struct ex_outsider *w,
    struct ex_witnessed *out, struct ex_err *err)
{
	uint64_t old = 0;
	int again = 0;

	memset(out, 0, sizeof(*out));
	if (ex_anchor_cosigned(a->conn, w->name, &old, err) == -1 ||
	    ask_from(out, a, w, &old, &again, err) == -1)
		return -1;
	return again ? ask_from(out, a, w, &old, &again, err) : 0;
}
