/*
 * catalogue_text.c -- lines of a catalogue as CSV and as a body file.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/codec.h"
#include "base/text.h"
#include "cases/catalogue_parts.h"

enum {
	LATEST = 9999 /* year */
};

void
ex_moment_text(char out[EX_MOMENT_TEXT], const struct ex_moment *m)
{
	time_t t = (time_t)m->seconds;
	struct tm tm;

	out[0] = '\0';
	if (m->seconds == 0 && m->ns == 0)
		return;
	if (gmtime_r(&t, &tm) == NULL || tm.tm_year + 1900 > LATEST ||
	    tm.tm_year + 1900 < 0)
		(void)snprintf(out, EX_MOMENT_TEXT, "@%" PRId64 ".%09" PRIu32,
		    m->seconds, m->ns);
	else
		(void)snprintf(out, EX_MOMENT_TEXT,
		    "%04d-%02d-%02dT%02d:%02d:%02d.%09" PRIu32 "Z",
		    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		    tm.tm_min, tm.tm_sec, m->ns);
}

int
ex_file_flags_text(struct ex_buf *out, uint32_t flags, struct ex_err *err)
{
	static const char *const word[] = { "deleted", "freed", "reused",
		"orphan", "virtual", "compressed", "encrypted", "sparse",
		"resident", "linked", "runs-cut", "holes-only", "unread",
		"too-large", "no-metadata", "recovered", "mismatch" };
	int any = 0;

	for (size_t i = 0; i < sizeof(word) / sizeof(word[0]); i++) {
		if ((flags & 1u << i) == 0)
			continue;
		if (ex_buf_addf(out, err, "%s%s", any ? " " : "", word[i]) ==
		    -1)
			return -1;
		any = 1;
	}
	return 0;
}

/* A field of RFC 4180, and the comma before it. */
static int
put_quoted(struct ex_buf *out, const char *text, struct ex_err *err)
{
	if (ex_buf_add_byte(out, ',', err) == -1)
		return -1;
	if (strpbrk(text, ",\" ") == NULL)
		return ex_buf_add_text(out, text, err);
	if (ex_buf_add_byte(out, '"', err) == -1)
		return -1;
	for (; *text != '\0'; text++)
		if ((*text == '"' && ex_buf_add_byte(out, '"', err) == -1) ||
		    ex_buf_add_byte(out, (uint8_t)*text, err) == -1)
			return -1;
	return ex_buf_add_byte(out, '"', err);
}

/* As it is shown; *differs becomes 1 when that is not byte for byte. */
static int
show(struct ex_buf *out, struct ex_span raw, int *differs, struct ex_err *err)
{
	size_t size = raw.n * 8 + 16;
	char *shown = malloc(size);
	int rc;

	if (shown == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	(void)ex_text_show(shown, size, (const char *)raw.p, raw.n);
	*differs = *differs || !ex_span_is(raw, shown);
	rc = ex_buf_add_text(out, shown, err);
	free(shown);
	return rc;
}

int
ex_file_path_text(struct ex_buf *out, const struct ex_file *f, int *differs,
    struct ex_err *err)
{
	if (f->folder.n > 0 && (show(out, f->folder, differs, err) == -1 ||
				   ex_buf_add_byte(out, '/', err) == -1))
		return -1;
	return show(out, f->name, differs, err);
}

static int
put_shown(
    struct ex_buf *out, struct ex_span raw, int *differs, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	int rc = show(&text, raw, differs, err);

	if (rc == 0)
		rc = put_quoted(out, ex_buf_text(&text), err);
	ex_buf_free(&text);
	return rc;
}

static int
put_path(struct ex_buf *out, const struct ex_file *f, int *differs,
    struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	int rc = ex_file_path_text(&text, f, differs, err);

	if (rc == 0)
		rc = put_quoted(out, ex_buf_text(&text), err);
	ex_buf_free(&text);
	return rc;
}

static int
put_flags(struct ex_buf *out, uint32_t flags, struct ex_err *err)
{
	if (ex_buf_add_byte(out, ',', err) == -1)
		return -1;
	return ex_file_flags_text(out, flags, err);
}

static int
put_moment(struct ex_buf *out, const struct ex_moment *m, struct ex_err *err)
{
	char text[EX_MOMENT_TEXT];

	ex_moment_text(text, m);
	return ex_buf_addf(out, err, ",%s", text);
}

static int
put_runs(struct ex_buf *out, const struct ex_file *f, struct ex_err *err)
{
	static const char *const mark[] = { "", "hole:", "guess:" };

	if (ex_buf_add_byte(out, ',', err) == -1)
		return -1;
	for (size_t i = 0; i < f->nruns; i++)
		if (ex_buf_addf(out, err, "%s%s%" PRIu64 "+%" PRIu64,
			i == 0 ? "" : ";", mark[f->run[i].kind % 3],
			f->run[i].at, f->run[i].bytes) == -1)
			return -1;
	return 0;
}

static int
put_digests(struct ex_buf *out, const struct ex_file *f, struct ex_err *err)
{
	char md5[33] = "", sha1[41] = "", sha256[65] = "";

	if (f->digested) {
		ex_hex(md5, f->md5, sizeof(f->md5));
		ex_hex(sha1, f->sha1, sizeof(f->sha1));
		ex_hex(sha256, f->sha256, sizeof(f->sha256));
	}
	return ex_buf_addf(out, err, ",%s,%s,%s", md5, sha1, sha256);
}

/* Bytes that the shown text does not give, in hexadecimal. */
static int
put_raw(struct ex_buf *out, const struct ex_file *f, int differs,
    struct ex_err *err)
{
	const struct ex_span part[] = { f->folder, f->name, f->stream,
		f->link };
	static const char *const between[] = { "", ":", ":", ":" };

	if (ex_buf_add_byte(out, ',', err) == -1)
		return -1;
	for (size_t i = 0; differs && i < 4; i++) {
		if (ex_buf_add_text(out, between[i], err) == -1)
			return -1;
		for (size_t k = 0; k < part[i].n; k++)
			if (ex_buf_addf(out, err, "%02x", part[i].p[k]) == -1)
				return -1;
	}
	return 0;
}

int
ex_catalogue_csv_head(struct ex_buf *out, struct ex_err *err)
{
	return ex_buf_add_text(out,
	    "no,volume,path,stream,link,kind,flags,inode,sequence,attribute,"
	    "size,room,modified,accessed,changed,created,deleted,mode,links,"
	    "uid,gid,owner,runs,md5,sha1,sha256,mime,type,entropy,raw\n",
	    err);
}

int
ex_catalogue_csv(
    struct ex_buf *out, int64_t no, const struct ex_file *f, struct ex_err *err)
{
	int differs = 0;

	if (ex_buf_addf(
		out, err, "%" PRId64 ",%" PRIu32, no, f->place.volume) == -1 ||
	    put_path(out, f, &differs, err) == -1 ||
	    put_shown(out, f->stream, &differs, err) == -1 ||
	    put_shown(out, f->link, &differs, err) == -1 ||
	    ex_buf_addf(out, err, ",%s", ex_file_kind_text(f->kind)) == -1 ||
	    put_flags(out, f->flags, err) == -1 ||
	    ex_buf_addf(out, err,
		",%" PRIu64 ",%" PRIu64 ",%" PRIu32 "-%" PRIu32 ",%" PRIu64
		",%" PRIu64,
		f->inode, f->sequence, f->attribute, f->attribute_id, f->size,
		f->room) == -1 ||
	    put_moment(out, &f->modified, err) == -1 ||
	    put_moment(out, &f->accessed, err) == -1 ||
	    put_moment(out, &f->changed, err) == -1 ||
	    put_moment(out, &f->created, err) == -1 ||
	    put_moment(out, &f->deleted, err) == -1 ||
	    ex_buf_addf(out, err,
		",%04" PRIo32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32, f->mode,
		f->links, f->uid, f->gid) == -1 ||
	    put_quoted(out, f->owner, err) == -1 ||
	    put_runs(out, f, err) == -1 || put_digests(out, f, err) == -1 ||
	    put_quoted(out, f->mime, err) == -1 ||
	    put_quoted(out, f->type, err) == -1 ||
	    ex_buf_addf(out, err, ",%" PRId32, f->entropy) == -1 ||
	    put_raw(out, f, differs, err) == -1)
		return -1;
	return ex_buf_add_byte(out, '\n', err);
}

/* Without the bar, which parts the fields. */
static int
put_body_name(struct ex_buf *out, const struct ex_file *f, struct ex_err *err)
{
	const char *state = "";
	size_t from = out->len;
	int differs = 0;

	if ((f->flags & EX_FILE_DELETED) != 0)
		state = (f->flags & EX_FILE_REUSED) != 0 ? " (deleted-realloc)"
							 : " (deleted)";
	if (ex_buf_addf(out, err, "vol%" PRIu32 "/", f->place.volume) == -1 ||
	    ex_file_path_text(out, f, &differs, err) == -1 ||
	    (f->stream.n > 0 &&
		(ex_buf_add_byte(out, ':', err) == -1 ||
		    show(out, f->stream, &differs, err) == -1)) ||
	    ex_buf_add_text(out, state, err) == -1)
		return -1;
	for (size_t i = from; i < out->len; i++)
		if (out->data[i] == '|')
			out->data[i] = '_';
	return 0;
}

static char
letter_of(enum ex_file_kind kind)
{
	static const char letter[EX_KINDS] = { '-', 'r', 'd', 'l', 'p', 'c',
		'b', 'h', '-', 'v' };

	return letter[kind];
}

static void
mode_text(char out[16], const struct ex_file *f)
{
	static const char bits[] = "rwxrwxrwx";
	char c = letter_of(f->kind);

	out[0] = c;
	out[1] = '/';
	out[2] = c;
	for (size_t i = 0; i < 9; i++)
		out[3 + i] = (f->mode & 1u << (8 - i)) != 0 ? bits[i] : '-';
	out[12] = '\0';
}

int
ex_catalogue_body(
    struct ex_buf *out, int64_t no, const struct ex_file *f, struct ex_err *err)
{
	char md5[33] = "0", mode[16];

	(void)no;
	mode_text(mode, f);
	if (f->digested)
		ex_hex(md5, f->md5, sizeof(f->md5));
	if (ex_buf_addf(out, err, "%s|", md5) == -1 ||
	    put_body_name(out, f, err) == -1)
		return -1;
	return ex_buf_addf(out, err,
	    "|%" PRIu64 "-%" PRIu32 "-%" PRIu32 "|%s|%" PRIu32 "|%" PRIu32
	    "|%" PRIu64 "|%" PRId64 "|%" PRId64 "|%" PRId64 "|%" PRId64 "\n",
	    f->inode, f->attribute, f->attribute_id, mode, f->uid, f->gid,
	    f->size, f->accessed.seconds, f->modified.seconds,
	    f->changed.seconds, f->created.seconds);
}
