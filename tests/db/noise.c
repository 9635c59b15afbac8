/*
 * noise.c -- entries for the database, which looks into none: any bytes.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "db/sequence.h"
#include "tests/db/bench.h"
#include "tests/db/noise.h"

void
noise_make(struct noise *n, const char *stream, uint64_t seq,
    const struct noise *prev, const char *text)
{
	char body[80];

	memset(n, 0, sizeof(*n));
	MUST(ex_stream_read(&n->stream, stream, err));
	if (prev != NULL)
		memcpy(n->prev, prev->leaf, EX_HASH);
	(void)snprintf(n->text, sizeof(n->text), "%s", text);
	(void)snprintf(body, sizeof(body), "body of %s", text);
	ex_sha256(n->leaf, text, strlen(text));
	ex_sha256(n->body, body, strlen(body));
	n->row.stream = &n->stream;
	n->row.seq = seq;
	n->row.prev = n->prev;
	n->row.leaf = n->leaf;
	n->row.body_sha256 = n->body;
	n->row.entry = n->text;
	n->row.nentry = strlen(n->text);
	n->row.openings = "openings";
	n->row.nopenings = strlen("openings");
	n->row.case_number = "";
}

int
noise_append(struct ex_conn *conn, const struct noise *n, struct ex_err *err)
{
	return ex_store_append(conn, &n->row, err);
}

void
noise_put(struct ex_conn *conn, const struct noise *n)
{
	MUST(noise_append(conn, n, err));
}

int
noise_index(struct ex_conn *conn, int64_t id, uint64_t index,
    const uint8_t leaf[EX_HASH], struct ex_err *err)
{
	struct ex_sequence_rows rows = { 0 };
	int rc = ex_sequence_rows_index(&rows, id, index, leaf, err);

	if (rc == 0)
		rc = ex_sequence_put(conn, &rows, err);
	ex_sequence_rows_free(&rows);
	return rc;
}
