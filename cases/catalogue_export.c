/*
 * catalogue_export.c -- lines of a catalogue: asked for, and written out.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "cases/catalogue.h"
#include "cases/catalogue_parts.h"
#include "cases/house.h"
#include "db/catalogue.h"

enum {
	PAGE = 2000,	    /* lines that are asked for at once */
	FOUND_USUAL = 1000, /* lines of an answer, unless another number is
			     * asked for */
	GLOB_MAX = 1024
};

/* A glob as LIKE has it: * is any text, ? one character. */
static int
like_of(char *out, const char *glob, struct ex_err *err)
{
	size_t n = 0;

	for (; *glob != '\0'; glob++) {
		if (n + 3 > GLOB_MAX)
			return ex_fail(err, EX_USAGE, "too long a pattern");
		if (*glob == '%' || *glob == '_' || *glob == '\\')
			out[n++] = '\\';
		out[n++] = *glob == '*' ? '%' : *glob == '?' ? '_' : *glob;
	}
	out[n] = '\0';
	return 0;
}

static int
add_line(void *arg, int64_t no, const struct ex_file *f, enum ex_in_set known,
    struct ex_err *err)
{
	struct ex_json *v;

	if (ex_file_json(&v, no, f, err) == -1)
		return -1;
	if ((known == EX_IN_SET_GOOD &&
		ex_json_set_text(v, "known", "good", err) == -1) ||
	    (known == EX_IN_SET_BAD &&
		ex_json_set_text(v, "known", "bad", err) == -1)) {
		ex_json_free(v);
		return -1;
	}
	return ex_json_add(arg, v, err);
}

static int
known_of(const char *word, struct ex_err *err)
{
	if (strcmp(word, "good") == 0)
		return EX_IN_SET_GOOD;
	if (strcmp(word, "bad") == 0)
		return EX_IN_SET_BAD;
	return ex_fail(err, EX_USAGE, "--known is good or bad");
}

/* The newest run over the image that a question is about. */
static int
newest(struct ex_conn **conn, int64_t *run, uint8_t sha256[EX_SHA256_LEN],
    struct ex_house *house, const char *image, struct ex_err *err)
{
	char *summary;

	if (ex_house_conn(house, conn, err) == -1 ||
	    ex_store_catalogue_newest(
		*conn, image, run, &summary, sha256, err) == -1)
		return -1;
	free(summary);
	return 0;
}

int
ex_files_find(struct ex_json **out, struct ex_house *house,
    const struct ex_files_query *q, struct ex_err *err)
{
	struct ex_json *v = ex_json_object(), *list = ex_json_array();
	char like[GLOB_MAX + 1], mime[GLOB_MAX + 1];
	uint8_t sha256[EX_SHA256_LEN], wanted[EX_SHA256_LEN];
	uint64_t limit = q->limit == 0 ? FOUND_USUAL : q->limit;
	struct ex_catalogue_query d = { .deleted = q->deleted ? 1 : -1,
		.known = -1 };
	struct ex_conn *conn;
	size_t n = 0;
	int rc = -1;

	*out = NULL;
	if (v == NULL || list == NULL ||
	    ex_json_set(v, "files", ex_json_ref(list), err) == -1 ||
	    ex_json_set_text(v, "image", q->image, err) == -1)
		goto out;
	if ((q->name != NULL && like_of(like, q->name, err) == -1) ||
	    (q->mime != NULL && like_of(mime, q->mime, err) == -1) ||
	    (q->sha256 != NULL &&
		ex_hex_read(wanted, sizeof(wanted), q->sha256, err) == -1) ||
	    (q->known != NULL && (d.known = known_of(q->known, err)) == -1) ||
	    newest(&conn, &d.run, sha256, house, q->image, err) == -1)
		goto out;
	d.like = q->name == NULL ? NULL : like;
	d.mime = q->mime == NULL ? NULL : mime;
	d.sha256 = q->sha256 == NULL ? NULL : wanted;
	do {
		uint64_t left = limit - ex_json_count(list);

		d.max = (int32_t)(left < PAGE ? left : PAGE);
		rc = ex_store_catalogue_lines(
		    conn, &d, add_line, list, &n, &d.after, err);
	} while (rc == 0 && n == PAGE && ex_json_count(list) < limit);
	if (rc == 0)
		rc = ex_json_set_int(
		    v, "more", ex_json_count(list) == limit, err);
out:
	ex_json_free(list);
	if (rc == 0)
		*out = v;
	else
		ex_json_free(v);
	return rc;
}

typedef int write_line(struct ex_buf *out, int64_t no, const struct ex_file *f,
    struct ex_err *err);

/* A list on its way into a file. */
struct export
{
	const char *image;
	int fd;
	write_line *line;
	struct ex_buf buf;
	struct ex_digest *digest;
	uint64_t lines, bytes;
};

static int
flush(struct export *x, struct ex_err *err)
{
	x->bytes += x->buf.len;
	if (ex_digest_add(x->digest, x->buf.data, x->buf.len, err) == -1 ||
	    ex_fd_write_all(x->fd, x->buf.data, x->buf.len, err) == -1)
		return -1;
	ex_buf_cut(&x->buf, 0);
	return 0;
}

static int
write_one(void *arg, int64_t no, const struct ex_file *f, enum ex_in_set known,
    struct ex_err *err)
{
	struct export *x = arg;

	(void)known;
	x->lines++;
	return x->line(&x->buf, no, f, err);
}

static int
write_list(struct export *x, struct ex_conn *conn, int64_t run,
    const char *format, struct ex_err *err)
{
	struct ex_catalogue_query d = {
		.run = run, .max = PAGE, .deleted = -1, .known = -1
	};
	size_t n = PAGE;
	int rc = 0;

	if (strcmp(format, "csv") == 0)
		rc = ex_catalogue_csv_head(&x->buf, err);
	else if (strcmp(format, "dfxml") == 0)
		rc = ex_catalogue_dfxml_head(&x->buf, x->image, err);
	while (rc == 0 && n == PAGE) {
		rc = ex_store_catalogue_lines(
		    conn, &d, write_one, x, &n, &d.after, err);
		if (rc == 0)
			rc = flush(x, err);
	}
	if (rc == 0 && strcmp(format, "dfxml") == 0)
		rc = ex_catalogue_dfxml_end(&x->buf, err);
	return rc == 0 ? flush(x, err) : -1;
}

static int
line_of(write_line **out, const char *format, struct ex_err *err)
{
	*out = strcmp(format, "csv") == 0	 ? ex_catalogue_csv
	       : strcmp(format, "dfxml") == 0	 ? ex_catalogue_dfxml
	       : strcmp(format, "bodyfile") == 0 ? ex_catalogue_body
						 : NULL;
	return *out != NULL ? 0
			    : ex_fail(err, EX_USAGE,
				  "no format \"%.40s\" of a catalogue", format);
}

static int
tell(struct ex_json **out, const struct export *x, const char *to,
    const char *format, const uint8_t sha256[EX_SHA256_LEN], struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	if (v == NULL || ex_json_set_text(v, "image", x->image, err) == -1 ||
	    ex_json_set_text(v, "path", to, err) == -1 ||
	    ex_json_set_text(v, "format", format, err) == -1 ||
	    ex_json_set_int(v, "lines", (int64_t)x->lines, err) == -1 ||
	    ex_json_set_int(v, "bytes", (int64_t)x->bytes, err) == -1 ||
	    ex_json_set_hex(v, "sha256", sha256, EX_SHA256_LEN, err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	*out = v;
	return 0;
}

/* Written, on disk, and of a csv what the catalogue's digest says. */
static int
finish(struct export *x, const char *format, const uint8_t kept[EX_SHA256_LEN],
    uint8_t sha256[EX_SHA256_LEN], struct ex_err *err)
{
	struct ex_digest_value value[EX_ALGS];
	size_t n;

	if (ex_digest_end(x->digest, value, &n, NULL, err) == -1)
		return -1;
	memcpy(sha256, value[0].value, EX_SHA256_LEN);
	if (strcmp(format, "csv") == 0 &&
	    memcmp(sha256, kept, EX_SHA256_LEN) != 0)
		return ex_fail(err, EX_DAMAGED,
		    "%s: the lines in the database are not those that were "
		    "catalogued",
		    x->image);
	return fsync(x->fd) == -1 ? ex_fail_errno(err, "fsync") : 0;
}

int
ex_catalogue_export(struct ex_json **out, struct ex_house *house,
    const char *image, const char *format, const char *to, struct ex_err *err)
{
	struct export x = { .image = image, .fd = -1 };
	uint8_t kept[EX_SHA256_LEN], sha256[EX_SHA256_LEN];
	char temp[EX_PATH];
	struct ex_conn *conn;
	int64_t run;
	int rc = -1;

	*out = NULL;
	if (line_of(&x.line, format, err) == -1 ||
	    newest(&conn, &run, kept, house, image, err) == -1)
		return -1;
	if (ex_file_exists(to))
		return ex_fail(err, EX_EXISTS, "%s is there already", to);
	if ((size_t)snprintf(temp, sizeof(temp), "%s.part", to) >= sizeof(temp))
		return ex_fail(err, EX_USAGE, "%.100s: too long a path", to);
	x.fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (x.fd == -1)
		return ex_fail_errno(err, "%s", temp);
	if (ex_digest_new(&x.digest, EX_ALG_BIT(EX_SHA256), err) == 0 &&
	    write_list(&x, conn, run, format, err) == 0)
		rc = finish(&x, format, kept, sha256, err);
	if (close(x.fd) == -1 && rc == 0)
		rc = ex_fail_errno(err, "%s", temp);
	if (rc == 0 && rename(temp, to) == -1)
		rc = ex_fail_errno(err, "%s", to);
	if (rc == 0)
		rc = ex_dir_sync_of(to, err);
	if (rc == -1)
		(void)unlink(temp);
	else
		rc = tell(out, &x, to, format, sha256, err);
	ex_digest_free(x.digest);
	ex_buf_free(&x.buf);
	return rc;
}
