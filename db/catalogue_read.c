/*
 * catalogue_read.c -- lines of a catalogue on their way out.
 */
#include <stdlib.h>
#include <string.h>

#include "db/catalogue.h"
#include "db/sql_queries.h"

enum {
	RUN = 17 /* bytes of one */
};

/* Columns of db/sql/queries/catalogue_lines.sql. */
enum {
	NO,
	VOLUME,
	STREAM_NO,
	FOLDER, /* name, stream, link follow; then the same raw */
	FOLDER_RAW = FOLDER + 4,
	KIND = FOLDER_RAW + 4,
	FLAGS,
	INODE,
	SEQUENCE,
	ATTRIBUTE,
	ATTRIBUTE_ID,
	SIZE,
	ROOM,
	MODIFIED, /* two columns each */
	MODE = MODIFIED + 10,
	LINKS,
	UID,
	GID,
	OWNER,
	RUNS,
	MD5,
	SHA1,
	SHA256,
	MIME,
	TYPE,
	ENTROPY,
	KNOWN
};

int
ex_store_catalogue_newest(struct ex_conn *conn, const char *image, int64_t *run,
    char **summary, uint8_t sha256[EX_SHA256_LEN], struct ex_err *err)
{
	struct ex_param p = ex_param_text(image);
	struct ex_rows *rows;
	struct ex_span digest;
	int rc = 0;

	*summary = NULL;
	if (ex_conn_run(conn, &ex_query_catalogue_newest, &p, 1, EX_MAYBE_ROW,
		&rows, err) == -1)
		return -1;
	if (ex_rows_count(rows) == 0) {
		ex_rows_free(rows);
		return ex_fail(err, EX_ABSENT,
		    "%.60s has no catalogue: exhibit catalogue %.60s", image,
		    image);
	}
	*run = ex_rows_int(rows, 0, 0);
	digest = ex_rows_bytes(rows, 0, 2);
	if (digest.n != EX_SHA256_LEN)
		rc =
		    ex_fail(err, EX_DAMAGED, "a digest of %zu bytes", digest.n);
	else
		memcpy(sha256, digest.p, EX_SHA256_LEN);
	if (rc == 0 && (*summary = strdup(ex_rows_text(rows, 0, 1))) == NULL)
		rc = ex_fail(err, EX_SYSTEM, "out of memory");
	ex_rows_free(rows);
	return rc;
}

/* The bytes themselves where they are kept, else those of the shown text. */
static struct ex_span
name_at(const struct ex_rows *rows, size_t row, unsigned i)
{
	return ex_rows_bytes(rows, row,
	    ex_rows_null(rows, row, FOLDER_RAW + i) ? FOLDER + i
						    : FOLDER_RAW + i);
}

static struct ex_moment
moment_at(const struct ex_rows *rows, size_t row, unsigned i)
{
	struct ex_moment m = { ex_rows_int(rows, row, MODIFIED + 2 * i),
		(uint32_t)ex_rows_int(rows, row, MODIFIED + 2 * i + 1) };

	return m;
}

static int
take_runs(struct ex_file *f, struct ex_span s, struct ex_err *err)
{
	struct ex_reader r;

	ex_reader_init(&r, s.p, s.n);
	if (s.n % RUN != 0 || s.n / RUN > EX_CATALOGUE_RUNS)
		return ex_fail(err, EX_DAMAGED, "runs of %zu bytes", s.n);
	for (f->nruns = 0; f->nruns < s.n / RUN; f->nruns++)
		if (ex_read_u64(&r, &f->run[f->nruns].at, err) == -1 ||
		    ex_read_u64(&r, &f->run[f->nruns].bytes, err) == -1 ||
		    ex_read_u8(&r, &f->run[f->nruns].kind, err) == -1)
			return -1;
	return 0;
}

static int
take_digest(uint8_t *to, size_t n, struct ex_span s, struct ex_err *err)
{
	if (s.n != n)
		return ex_fail(err, EX_DAMAGED, "a digest of %zu bytes", s.n);
	memcpy(to, s.p, n);
	return 0;
}

static int
take_digests(struct ex_file *f, const struct ex_rows *rows, size_t row,
    struct ex_err *err)
{
	f->digested = !ex_rows_null(rows, row, SHA256);
	if (!f->digested)
		return 0;
	if (take_digest(f->md5, sizeof(f->md5), ex_rows_bytes(rows, row, MD5),
		err) == -1 ||
	    take_digest(f->sha1, sizeof(f->sha1),
		ex_rows_bytes(rows, row, SHA1), err) == -1)
		return -1;
	return take_digest(f->sha256, sizeof(f->sha256),
	    ex_rows_bytes(rows, row, SHA256), err);
}

static void
take_text(char *to, size_t size, const char *text)
{
	size_t n = strnlen(text, size - 1);

	memcpy(to, text, n);
	to[n] = '\0';
}

static void
take_times(struct ex_file *f, const struct ex_rows *rows, size_t row)
{
	f->modified = moment_at(rows, row, 0);
	f->accessed = moment_at(rows, row, 1);
	f->changed = moment_at(rows, row, 2);
	f->created = moment_at(rows, row, 3);
	f->deleted = moment_at(rows, row, 4);
}

static int
take_line(struct ex_file *f, const struct ex_rows *rows, size_t row,
    struct ex_err *err)
{
	int64_t kind = ex_rows_int(rows, row, KIND);

	if (kind < 0 || kind >= EX_KINDS)
		return ex_fail(err, EX_DAMAGED, "no kind of file");
	f->place.step = EX_STEP_ENTRY;
	f->place.volume = (uint32_t)ex_rows_int(rows, row, VOLUME);
	f->stream_no = (uint16_t)ex_rows_int(rows, row, STREAM_NO);
	f->folder = name_at(rows, row, 0);
	f->name = name_at(rows, row, 1);
	f->stream = name_at(rows, row, 2);
	f->link = name_at(rows, row, 3);
	f->kind = (enum ex_file_kind)kind;
	f->flags = (uint32_t)ex_rows_int(rows, row, FLAGS);
	f->inode = (uint64_t)ex_rows_int(rows, row, INODE);
	f->sequence = (uint64_t)ex_rows_int(rows, row, SEQUENCE);
	f->attribute = (uint32_t)ex_rows_int(rows, row, ATTRIBUTE);
	f->attribute_id = (uint32_t)ex_rows_int(rows, row, ATTRIBUTE_ID);
	f->size = (uint64_t)ex_rows_int(rows, row, SIZE);
	f->room = (uint64_t)ex_rows_int(rows, row, ROOM);
	take_times(f, rows, row);
	f->mode = (uint32_t)ex_rows_int(rows, row, MODE);
	f->links = (uint32_t)ex_rows_int(rows, row, LINKS);
	f->uid = (uint32_t)ex_rows_int(rows, row, UID);
	f->gid = (uint32_t)ex_rows_int(rows, row, GID);
	take_text(f->owner, sizeof(f->owner), ex_rows_text(rows, row, OWNER));
	take_text(f->mime, sizeof(f->mime), ex_rows_text(rows, row, MIME));
	take_text(f->type, sizeof(f->type), ex_rows_text(rows, row, TYPE));
	f->entropy = (int32_t)ex_rows_int(rows, row, ENTROPY);
	if (take_runs(f, ex_rows_bytes(rows, row, RUNS), err) == -1)
		return -1;
	return take_digests(f, rows, row, err);
}

static int
tell_lines(const struct ex_rows *rows, ex_catalogue_each *each, void *arg,
    int64_t *last, struct ex_err *err)
{
	struct ex_file *f = calloc(1, sizeof(*f));
	int rc = 0;

	if (f == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; rc == 0 && i < ex_rows_count(rows); i++) {
		int64_t known = ex_rows_int(rows, i, KNOWN);

		rc = take_line(f, rows, i, err);
		if (rc == 0)
			rc = each(arg, ex_rows_int(rows, i, NO), f,
			    known >= 0 && known <= EX_IN_SET_BAD
				? (enum ex_in_set)known
				: EX_IN_SET_NOT_ASKED,
			    err);
		if (last != NULL)
			*last = ex_rows_int(rows, i, NO);
	}
	free(f);
	return rc;
}

static struct ex_param
maybe_int(int v)
{
	return v == -1 ? ex_param_text(NULL) : ex_param_int(v);
}

int
ex_store_catalogue_lines(struct ex_conn *conn,
    const struct ex_catalogue_query *q, ex_catalogue_each *each, void *arg,
    size_t *n, int64_t *last, struct ex_err *err)
{
	struct ex_param p[] = { ex_param_int(q->run), ex_param_int(q->after),
		ex_param_int(q->max), ex_param_text(q->like),
		ex_param_text(q->mime), maybe_int(q->deleted),
		maybe_int(q->known),
		q->sha256 == NULL ? ex_param_text(NULL)
				  : ex_param_bytes(q->sha256, EX_SHA256_LEN) };
	struct ex_rows *rows;
	int rc;

	if (ex_conn_run(conn, &ex_query_catalogue_lines, p,
		sizeof(p) / sizeof(p[0]), EX_MANY_ROWS, &rows, err) == -1)
		return -1;
	*n = ex_rows_count(rows);
	rc = tell_lines(rows, each, arg, last, err);
	ex_rows_free(rows);
	return rc;
}
