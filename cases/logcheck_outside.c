/*
 * logcheck_outside.c -- what lies outside the database: the sequencer's
 * store, what this machine had seen, what the verifier brought along.
 *
 * Files are read before the database is looked at, since both grow: what is
 * in a file then must be in the log afterwards.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "cases/logcheck_tree.h"

enum {
	RECEIPT_MAX = 131072 /* bytes: a note and 64 hashes fit */
};

/* A receipt: this entry is at this index. */
struct ex_logcheck_receipt {
	char name[256];
	uint64_t index;
	uint8_t leaf[EX_HASH];
	struct ex_buf note;
};

/* Append a file; 0 when it is not there or may not be read, 1, or -1. */
static int
read_if_there(struct ex_logcheck *c, struct ex_buf *out, const char *path,
    struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;

	if (path == NULL)
		return 0;
	if (ex_file_read(out, path, EX_NOTE_MAX, &why) == 0)
		return 1;
	if (why.code == EX_ABSENT)
		return 0;
	return ex_logcheck_say(
		   c, err, EX_NOTED, "unread", NULL, "%s", why.text) == -1
		   ? -1
		   : 0;
}

static struct ex_logcheck_receipt *
new_receipt(struct ex_logcheck *c, struct ex_err *err)
{
	size_t want = (c->nreceipts + 1) * sizeof(*c->receipt);
	struct ex_logcheck_receipt *p = realloc(c->receipt, want);

	if (p == NULL) {
		ex_fail(err, EX_SYSTEM, "out of memory");
		return NULL;
	}
	c->receipt = p;
	p = &c->receipt[c->nreceipts++];
	memset(p, 0, sizeof(*p));
	return p;
}

/* The entry beside a proof has the same name, with another ending. */
static int
read_receipt(struct ex_logcheck_receipt *r, const char *dir, const char *name,
    size_t stem, struct ex_err *err)
{
	char path[EX_PATH], entry[256];
	struct ex_buf text = EX_BUF_INIT, bytes = EX_BUF_INIT;
	struct ex_tlog_proof p;
	int rc = -1;

	(void)snprintf(r->name, sizeof(r->name), "%s", name);
	(void)snprintf(entry, sizeof(entry), "%.*s.p7m", (int)stem, name);
	if (ex_path_join(path, sizeof(path), dir, name, err) == -1 ||
	    ex_file_read(&text, path, RECEIPT_MAX, err) == -1 ||
	    ex_tlog_proof_read(&p, text.data, text.len, err) == -1 ||
	    ex_path_join(path, sizeof(path), dir, entry, err) == -1 ||
	    ex_file_read(&bytes, path, EX_ENTRY_MAX, err) == -1 ||
	    ex_buf_add(&r->note, p.note.p, p.note.n, err) == -1)
		goto out;
	r->index = p.index;
	ex_entry_leaf(r->leaf, bytes.data, bytes.len);
	rc = 0;
out:
	ex_buf_free(&text);
	ex_buf_free(&bytes);
	return rc;
}

static int
add_receipt(void *arg, const char *name, struct ex_err *err)
{
	static const char end[] = ".tlog-proof";
	struct ex_logcheck *c = arg;
	struct ex_logcheck_receipt *r;
	struct ex_err why = EX_ERR_INIT;
	size_t n = strlen(name);

	if (n <= sizeof(end) - 1 || n >= sizeof(r->name) ||
	    strcmp(name + n - (sizeof(end) - 1), end) != 0)
		return 0;
	if ((r = new_receipt(c, err)) == NULL)
		return -1;
	if (read_receipt(
		r, c->v->receipts, name, n - (sizeof(end) - 1), &why) == 0)
		return 0;
	c->nreceipts--;
	ex_buf_free(&r->note);
	return ex_logcheck_fault(c, err, &why, "receipt-unreadable", NULL);
}

int
ex_logcheck_before(struct ex_logcheck *c, struct ex_err *err)
{
	const struct ex_log_verify *v = c->v;

	if (read_if_there(c, &c->store, v->outside, err) == -1 ||
	    read_if_there(c, &c->seen, v->seen, err) == -1)
		return -1;
	if (v->against != NULL &&
	    ex_file_read(&c->against, v->against, EX_NOTE_MAX, err) == -1)
		return -1;
	if (v->receipts != NULL)
		return ex_dir_each(v->receipts, add_receipt, c, err);
	return 0;
}

/* What the sequencer's store says is not signed. */
static int
compare_store(struct ex_logcheck *c, struct ex_err *err)
{
	struct ex_span text = { c->store.data, c->store.len };
	struct ex_err why = EX_ERR_INIT;
	struct ex_checkpoint p;

	if (c->store.len == 0)
		return 0;
	if (ex_checkpoint_read(&p, text, &why) == -1)
		return ex_logcheck_fault(c, err, &why, "store", NULL);
	return ex_logcheck_compare(c, EX_FROM_STORE, c->v->outside, &p, err);
}

static int
compare_receipt(struct ex_logcheck *c, const struct ex_logcheck_receipt *r,
    struct ex_err *err)
{
	const uint8_t *leaf = ex_logcheck_leaf(c, r->index);
	struct ex_logcheck_at at = { (int64_t)r->index, NULL, 0 };

	c->r->compared = 1;
	if (leaf == NULL || memcmp(leaf, r->leaf, EX_HASH) != 0)
		return ex_logcheck_say(c, err, EX_FAULT, "receipt-differs", &at,
		    "%s: the log had taken another entry at index %" PRIu64
		    " than it has now",
		    r->name, r->index);
	return ex_logcheck_note(
	    c, EX_FROM_GIVEN, r->name, r->note.data, r->note.len, err);
}

int
ex_logcheck_outside(struct ex_logcheck *c, struct ex_err *err)
{
	if (compare_store(c, err) == -1)
		return -1;
	if (c->seen.len > 0 && ex_logcheck_note(c, EX_FROM_SEEN, c->v->seen,
				   c->seen.data, c->seen.len, err) == -1)
		return -1;
	if (c->against.len > 0 &&
	    ex_logcheck_note(c, EX_FROM_GIVEN, c->v->against, c->against.data,
		c->against.len, err) == -1)
		return -1;
	for (size_t i = 0; i < c->nreceipts; i++) {
		if (compare_receipt(c, &c->receipt[i], err) == -1)
			return -1;
	}
	return 0;
}

void
ex_logcheck_outside_free(struct ex_logcheck *c)
{
	for (size_t i = 0; i < c->nreceipts; i++)
		ex_buf_free(&c->receipt[i].note);
	free(c->receipt);
	ex_buf_free(&c->store);
	ex_buf_free(&c->seen);
	ex_buf_free(&c->against);
}
