/*
 * logview.c -- the log, looked at: entries, heads, single proofs.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/text.h"
#include "cases/house.h"
#include "cases/logview.h"
#include "cases/wait.h"
#include "custody/log.h"
#include "db/store.h"
#include "signing/cms.h"

/* An entry's body; the bytes must outlive *out. */
static int
take_apart(struct ex_event *out, struct ex_span entry, struct ex_err *err)
{
	struct ex_cms *cms = calloc(1, sizeof(*cms));
	int rc = -1;

	memset(out, 0, sizeof(*out));
	if (cms == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_cms_parse(cms, entry.p, entry.n, err) == 0)
		rc = ex_event_parse(out, cms->body.p, cms->body.n, err);
	free(cms);
	return rc;
}

static int
set_event(struct ex_json *v, const struct ex_event *e, struct ex_err *err)
{
	struct ex_json *list = ex_json_array();
	char at[EX_TIME_TEXT];

	ex_time_text(at, e->time_claimed);
	if (ex_json_set(v, "parties", list, err) == -1)
		return -1;
	for (size_t i = 0; i < e->nparties; i++) {
		if (ex_json_add(
			list, ex_json_string(e->party[i].person), err) == -1)
			return -1;
	}
	if (ex_json_set_text(v, "action", e->def->name, err) == -1)
		return -1;
	return ex_json_set_text(v, "time_claimed", at, err);
}

static int
set_row(struct ex_json *v, const struct ex_entry_row *row, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_event e;
	int rc;

	if (ex_json_set_int(v, "index", (int64_t)row->index, err) == -1 ||
	    ex_json_set_text(v, "stream", row->stream, err) == -1 ||
	    ex_json_set_int(v, "seq", (int64_t)row->seq, err) == -1 ||
	    ex_json_set_hex(v, "leaf", row->leaf, EX_HASH, err) == -1)
		return -1;
	if (take_apart(&e, row->entry, &why) == 0)
		rc = set_event(v, &e, err);
	else
		rc = ex_json_set_text(v, "unreadable", why.text, err);
	ex_event_free(&e);
	return rc;
}

static int
show(void *arg, const struct ex_entry_row *row, struct ex_err *err)
{
	struct ex_json *list = arg, *v = ex_json_object();

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (set_row(v, row, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	return ex_json_add(list, v, err);
}

static int
list_entries(struct ex_json *list, struct ex_conn *conn, const char *item,
    struct ex_err *err)
{
	struct ex_stream s;
	struct ex_json *fact = NULL;

	if (item == NULL)
		return ex_store_entries(conn, 0, show, list, err);
	if (ex_stream_set(&s, EX_STREAM_ITEM, item, err) == -1 ||
	    ex_store_fact(conn, "item", item, &fact, err) == -1)
		return -1;
	if (fact == NULL)
		return ex_fail(err, EX_ABSENT,
		    "%s: no such item, or it may not be seen", item);
	ex_json_free(fact);
	return ex_store_stream(conn, &s, show, list, err);
}

static int
set_checkpoint(
    struct ex_json *v, const struct ex_checkpoint *p, struct ex_err *err)
{
	if (ex_json_set_text(v, "origin", p->origin, err) == -1 ||
	    ex_json_set_int(v, "size", (int64_t)p->size, err) == -1)
		return -1;
	return ex_json_set_hex(v, "root", p->root, EX_HASH, err);
}

int
ex_log_show(struct ex_json **out, struct ex_house *house, const char *item,
    struct ex_err *err)
{
	struct ex_json *v = ex_json_object(), *list = ex_json_array();
	struct ex_checkpoint p;
	struct ex_conn *conn;

	*out = NULL;
	if (ex_json_set(v, "entries", list, err) == -1 ||
	    ex_house_conn(house, &conn, err) == -1 ||
	    ex_house_seen(house, &p, NULL, err) == -1 ||
	    set_checkpoint(v, &p, err) == -1 ||
	    list_entries(list, conn, item, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}

int
ex_log_checkpoint(
    struct ex_json **out, struct ex_house *house, struct ex_err *err)
{
	struct ex_json *v = ex_json_object(), *heads = ex_json_object();
	struct ex_buf note = EX_BUF_INIT;
	struct ex_heads_seen seen;

	*out = NULL;
	if (ex_json_set(v, "heads", heads, err) == -1 ||
	    ex_heads_wait(&seen, &note, house, err) == -1 ||
	    set_checkpoint(v, &seen.checkpoint, err) == -1 ||
	    ex_json_set_text(v, "note", ex_buf_text(&note), err) == -1 ||
	    ex_json_set_hex(heads, "leaf", seen.leaf, EX_HASH, err) == -1 ||
	    ex_json_set_int(heads, "index", (int64_t)seen.index, err) == -1) {
		ex_buf_free(&note);
		ex_json_free(v);
		return -1;
	}
	ex_buf_free(&note);
	*out = v;
	return 0;
}

/* Lower-case, 8 to 64 hexadecimal digits. */
static int
check_prefix(char out[2 * EX_HASH + 1], const char *event, struct ex_err *err)
{
	size_t n = strlen(event);

	if (n < 8 || n > 2 * EX_HASH ||
	    strspn(event, "0123456789abcdefABCDEF") != n)
		return ex_fail(err, EX_USAGE,
		    "\"%.80s\" names no event: give its leaf, or at least the "
		    "first 8 of its 64 hexadecimal digits",
		    event);
	for (size_t i = 0; i <= n; i++)
		out[i] = (char)(event[i] >= 'A' && event[i] <= 'F'
				    ? event[i] - 'A' + 'a'
				    : event[i]);
	return 0;
}

static int
find_leaf(uint8_t leaf[EX_HASH], uint64_t *index, struct ex_house *house,
    const char *event, struct ex_err *err)
{
	uint8_t found[2][EX_HASH];
	char prefix[2 * EX_HASH + 1];
	uint64_t at[2];
	struct ex_conn *conn;
	size_t n;

	if (check_prefix(prefix, event, err) == -1 ||
	    ex_house_conn(house, &conn, err) == -1 ||
	    ex_store_leaves(conn, prefix, found, at, 2, &n, err) == -1)
		return -1;
	if (n == 0)
		return ex_fail(err, EX_ABSENT,
		    "%s: no such event in the log, or it may not be seen",
		    event);
	if (n > 1)
		return ex_fail(err, EX_USAGE,
		    "%s: several events begin so, give more digits", event);
	memcpy(leaf, found[0], EX_HASH);
	*index = at[0];
	return 0;
}

int
ex_leaf_find(uint8_t leaf[EX_HASH], struct ex_house *house, const char *event,
    struct ex_err *err)
{
	uint64_t index;

	return find_leaf(leaf, &index, house, event, err);
}

/* Build the proof, check it, write it. */
static int
prove(struct ex_buf *text, struct ex_house *house, struct ex_conn *conn,
    const uint8_t leaf[EX_HASH], uint64_t index, struct ex_checkpoint *p,
    struct ex_err *err)
{
	struct ex_buf note = EX_BUF_INIT;
	struct ex_tlog_proof parsed;
	struct ex_tree_proof proof;
	int rc = -1;

	if (ex_house_seen(house, p, &note, err) == -1 ||
	    ex_tree_prove_inclusion(
		&proof, index, p->size, ex_store_node, conn, err) == -1 ||
	    ex_tlog_proof_write(
		text, index, &proof, note.data, note.len, err) == -1 ||
	    ex_tlog_proof_read(&parsed, text->data, text->len, err) == -1)
		goto out;
	rc = ex_tlog_proof_check(
	    &parsed, leaf, ex_house_log_key(house), NULL, err);
out:
	ex_buf_free(&note);
	return rc;
}

int
ex_log_proof(struct ex_json **out, struct ex_house *house, const char *event,
    struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	struct ex_buf text = EX_BUF_INIT;
	struct ex_checkpoint p;
	uint8_t leaf[EX_HASH];
	struct ex_conn *conn;
	uint64_t index;
	int rc = -1;

	*out = NULL;
	if (find_leaf(leaf, &index, house, event, err) == -1 ||
	    ex_house_conn(house, &conn, err) == -1 ||
	    prove(&text, house, conn, leaf, index, &p, err) == -1 ||
	    set_checkpoint(v, &p, err) == -1 ||
	    ex_json_set_hex(v, "event", leaf, EX_HASH, err) == -1 ||
	    ex_json_set_int(v, "index", (int64_t)index, err) == -1 ||
	    ex_json_set_text(v, "proof", ex_buf_text(&text), err) == -1)
		goto out;
	*out = ex_json_ref(v);
	rc = 0;
out:
	ex_buf_free(&text);
	ex_json_free(v);
	return rc;
}
