/*
 * receipt.c -- proofs of inclusion, checked, and kept outside the database.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/file.h"
#include "cases/act_parts.h"
#include "cases/nodes.h"
#include "custody/log.h"

enum {
	ID_MAX = 60, /* bytes of a stream's id that a name shows */
	STEM = 160
};

/* "item-EXH-1-7-" and 16 digits of the leaf. */
static void
name_stem(char out[STEM], const struct ex_act_entry *e)
{
	char hex[17], id[ID_MAX + 1];
	size_t n;

	ex_hex(hex, e->leaf, 8);
	for (n = 0; n < ID_MAX && e->stream.id[n] != '\0'; n++) {
		char c = e->stream.id[n];
		int plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '-';

		id[n] = (char)(plain ? c : '_');
	}
	id[n] = '\0';
	(void)snprintf(out, STEM, "%s-%s-%" PRIu64 "-%s",
	    ex_stream_kind_name(e->stream.kind), id, e->seq, hex);
}

static int
put(const char *dir, const char *stem, const char *ending,
    const struct ex_buf *b, struct ex_err *err)
{
	char name[STEM + 32], path[EX_PATH];

	(void)snprintf(name, sizeof(name), "%s.%s", stem, ending);
	if (ex_path_join(path, sizeof(path), dir, name, err) == -1)
		return -1;
	return ex_file_write(path, b->data, b->len, 0600, err);
}

/* The proof comes last: where it is, the others are. */
static int
keep(const char *dir, const struct ex_act_entry *e, const struct ex_buf *proof,
    struct ex_err *err)
{
	char stem[STEM];

	name_stem(stem, e);
	if (put(dir, stem, "p7m", &e->entry, err) == -1)
		return -1;
	if (e->openings.len > 0 &&
	    put(dir, stem, "openings.json", &e->openings, err) == -1)
		return -1;
	return put(dir, stem, "tlog-proof", proof, err);
}

/* Build the proof, and check what was written as anybody could. */
static int
prove(struct ex_buf *text, const struct ex_vkey *log, struct ex_nodes *nodes,
    const struct ex_act_entry *e, uint64_t size, const struct ex_buf *note,
    struct ex_err *err)
{
	struct ex_tlog_proof parsed;
	struct ex_tree_proof proof;
	uint64_t index = e->status.index;

	ex_buf_cut(text, 0);
	if (ex_tree_prove_inclusion(
		&proof, index, size, ex_nodes_fetch, nodes, err) == -1 ||
	    ex_tlog_proof_write(
		text, index, &proof, note->data, note->len, err) == -1 ||
	    ex_tlog_proof_read(&parsed, text->data, text->len, err) == -1)
		return -1;
	return ex_tlog_proof_check(&parsed, e->leaf, log, NULL, err);
}

int
ex_receipts_keep(const struct ex_act_job *job, uint64_t size,
    const struct ex_buf *note, struct ex_err *err)
{
	const struct ex_vkey *log = ex_house_log_key(job->house);
	struct ex_buf text = EX_BUF_INIT;
	struct ex_nodes *nodes = NULL;
	struct ex_conn *conn;
	char dir[EX_PATH];
	int rc = 0;

	if (ex_house_path(dir, job->house, "receipts", err) == -1 ||
	    ex_dir_make(dir, 0700, err) == -1 ||
	    ex_house_conn(job->house, &conn, err) == -1 ||
	    ex_nodes_new(&nodes, conn, err) == -1)
		return -1;
	for (size_t i = 0; rc == 0 && i < job->n; i++) {
		const struct ex_act_entry *e = &job->entry[i];

		if (e->status.state != EX_ENTRY_INCLUDED)
			continue;
		rc = prove(&text, log, nodes, e, size, note, err);
		if (rc == 0)
			rc = keep(dir, e, &text, err);
	}
	ex_nodes_free(nodes);
	ex_buf_free(&text);
	return rc == -1 ? ex_while(err, "receipt") : 0;
}
