/*
 * catalogue.c -- runs of a catalogue, and their lines on their way in, as
 * rows of PostgreSQL's binary COPY.
 */
#include "db/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "db/sql_queries.h"

enum {
	PIECE = 1 << 18, /* bytes that are sent at once */
	FIELDS = 42,	 /* columns of db/sql/queries/catalogue_copy.sql */
	SHOWN = 4	 /* \xHH: bytes that one may be shown as, and more */
};

struct ex_catalogue_copy {
	struct ex_conn *conn;
	int64_t run, no;
	struct ex_buf out;
	struct ex_err *err; /* of the line that is being written */
	int failed;
	char shown[EX_CATALOGUE_PATH * SHOWN + 64];
};

int
ex_store_catalogue_begin(
    struct ex_conn *conn, const char *image, int64_t *run, struct ex_err *err)
{
	struct ex_param p = ex_param_text(image);
	struct ex_rows *rows;

	if (ex_conn_run(conn, &ex_query_catalogue_begin, &p, 1, EX_ONE_ROW,
		&rows, err) == -1)
		return -1;
	*run = ex_rows_int(rows, 0, 0);
	ex_rows_free(rows);
	return 0;
}

int
ex_store_catalogue_end(struct ex_conn *conn, int64_t run, const char *summary,
    const uint8_t sha256[EX_SHA256_LEN], struct ex_err *err)
{
	struct ex_param p[3] = { ex_param_int(run), ex_param_text(summary),
		ex_param_bytes(sha256, EX_SHA256_LEN) };

	return ex_conn_run(
	    conn, &ex_query_catalogue_end, p, 3, EX_ONE_ROW, NULL, err);
}

static void
put16(struct ex_catalogue_copy *c, uint16_t v)
{
	if (!c->failed)
		c->failed = ex_buf_add_u16(&c->out, v, c->err) == -1;
}

static void
put32(struct ex_catalogue_copy *c, uint32_t v)
{
	if (!c->failed)
		c->failed = ex_buf_add_u32(&c->out, v, c->err) == -1;
}

/* A column each: its length, then its value. */
static void
put_bytes(struct ex_catalogue_copy *c, const void *p, size_t n)
{
	put32(c, (uint32_t)n);
	if (!c->failed)
		c->failed = ex_buf_add(&c->out, p, n, c->err) == -1;
}

static void
put_null(struct ex_catalogue_copy *c)
{
	put32(c, UINT32_MAX);
}

static void
put_int8(struct ex_catalogue_copy *c, int64_t v)
{
	put32(c, 8);
	if (!c->failed)
		c->failed = ex_buf_add_u64(&c->out, (uint64_t)v, c->err) == -1;
}

static void
put_int4(struct ex_catalogue_copy *c, uint32_t v)
{
	put32(c, 4);
	put32(c, v);
}

static void
put_int2(struct ex_catalogue_copy *c, int v)
{
	put32(c, 2);
	put16(c, (uint16_t)v);
}

static void
put_text(struct ex_catalogue_copy *c, const char *text)
{
	put_bytes(c, text, strlen(text));
}

/* As it is shown; 1 when that is not byte for byte what it is. */
static int
put_shown(struct ex_catalogue_copy *c, struct ex_span raw)
{
	(void)ex_text_show(
	    c->shown, sizeof(c->shown), (const char *)raw.p, raw.n);
	put_text(c, c->shown);
	return !ex_span_is(raw, c->shown);
}

static void
put_raw(struct ex_catalogue_copy *c, struct ex_span raw, int differs)
{
	if (differs)
		put_bytes(c, raw.p, raw.n);
	else
		put_null(c);
}

static void
put_names(struct ex_catalogue_copy *c, const struct ex_file *f)
{
	int folder = put_shown(c, f->folder), name = put_shown(c, f->name);
	int stream = put_shown(c, f->stream), link = put_shown(c, f->link);

	put_raw(c, f->folder, folder);
	put_raw(c, f->name, name);
	put_raw(c, f->stream, stream);
	put_raw(c, f->link, link);
}

static void
put_moment(struct ex_catalogue_copy *c, const struct ex_moment *m)
{
	put_int8(c, m->seconds);
	put_int4(c, m->ns);
}

static void
put_runs(struct ex_catalogue_copy *c, const struct ex_file *f)
{
	put32(c, (uint32_t)(f->nruns * 17));
	for (size_t i = 0; i < f->nruns && !c->failed; i++)
		c->failed =
		    ex_buf_add_u64(&c->out, f->run[i].at, c->err) == -1 ||
		    ex_buf_add_u64(&c->out, f->run[i].bytes, c->err) == -1 ||
		    ex_buf_add_byte(&c->out, f->run[i].kind, c->err) == -1;
}

static void
put_content(struct ex_catalogue_copy *c, const struct ex_file *f)
{
	put_runs(c, f);
	if (f->digested) {
		put_bytes(c, f->md5, sizeof(f->md5));
		put_bytes(c, f->sha1, sizeof(f->sha1));
		put_bytes(c, f->sha256, sizeof(f->sha256));
	} else {
		put_null(c);
		put_null(c);
		put_null(c);
	}
	put_text(c, f->mime);
	put_text(c, f->type);
	put_int2(c, (int)f->entropy);
}

static void
put_line(struct ex_catalogue_copy *c, const struct ex_file *f)
{
	put16(c, FIELDS);
	put_int8(c, c->run);
	put_int8(c, ++c->no);
	put_int4(c, f->place.volume);
	put_int4(c, f->stream_no);
	put_names(c, f);
	put_int2(c, (int)f->kind);
	put_int4(c, f->flags);
	put_int8(c, (int64_t)f->inode);
	put_int8(c, (int64_t)f->sequence);
	put_int4(c, f->attribute);
	put_int4(c, f->attribute_id);
	put_int8(c, (int64_t)f->size);
	put_int8(c, (int64_t)f->room);
	put_moment(c, &f->modified);
	put_moment(c, &f->accessed);
	put_moment(c, &f->changed);
	put_moment(c, &f->created);
	put_moment(c, &f->deleted);
	put_int4(c, f->mode);
	put_int8(c, f->links);
	put_int8(c, f->uid);
	put_int8(c, f->gid);
	put_text(c, f->owner);
	put_content(c, f);
}

/* What waits is sent. */
static int
send_out(struct ex_catalogue_copy *c, struct ex_err *err)
{
	int rc = ex_conn_copy(c->conn, c->out.data, c->out.len, err);

	ex_buf_cut(&c->out, 0);
	return rc;
}

int
ex_catalogue_copy_begin(struct ex_catalogue_copy **out, struct ex_conn *conn,
    int64_t run, struct ex_err *err)
{
	static const uint8_t head[] = { 'P', 'G', 'C', 'O', 'P', 'Y', '\n',
		0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0 };
	struct ex_catalogue_copy *c = calloc(1, sizeof(*c));

	*out = NULL;
	if (c == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	c->conn = conn;
	c->run = run;
	if (ex_buf_add(&c->out, head, sizeof(head), err) == -1 ||
	    ex_conn_copy_begin(conn, &ex_query_catalogue_copy, err) == -1) {
		ex_catalogue_copy_free(c);
		return -1;
	}
	*out = c;
	return 0;
}

int
ex_catalogue_copy_add(
    struct ex_catalogue_copy *c, const struct ex_file *f, struct ex_err *err)
{
	c->err = err;
	put_line(c, f);
	if (c->failed)
		return -1;
	return c->out.len < PIECE ? 0 : send_out(c, err);
}

int
ex_catalogue_copy_end(struct ex_catalogue_copy *c, struct ex_err *err)
{
	c->err = err;
	put16(c, UINT16_MAX);
	if (c->failed || send_out(c, err) == -1)
		return -1;
	return ex_conn_copy_end(c->conn, &ex_query_catalogue_copy, err);
}

void
ex_catalogue_copy_free(struct ex_catalogue_copy *c)
{
	if (c == NULL)
		return;
	ex_buf_free(&c->out);
	free(c);
}
