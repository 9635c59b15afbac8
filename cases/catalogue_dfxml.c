/*
 * catalogue_dfxml.c -- lines of a catalogue as DFXML and as JSON.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/text.h"
#include "cases/catalogue_parts.h"
#include "hashing/hashes.h"

/* A text in XML, which is shown already: no control characters. */
static int
put_xml(
    struct ex_buf *out, const char *tag, const char *text, struct ex_err *err)
{
	if (text[0] == '\0')
		return 0;
	if (ex_buf_addf(out, err, "    <%s>", tag) == -1)
		return -1;
	if (ex_hashes_put_xml(out, text, err) == -1)
		return -1;
	return ex_buf_addf(out, err, "</%s>\n", tag);
}

static int
put_number(struct ex_buf *out, const char *tag, uint64_t n, struct ex_err *err)
{
	return ex_buf_addf(out, err, "    <%s>%" PRIu64 "</%s>\n", tag, n, tag);
}

static int
put_moment(struct ex_buf *out, const char *tag, const struct ex_moment *m,
    struct ex_err *err)
{
	char text[EX_MOMENT_TEXT];

	ex_moment_text(text, m);
	return put_xml(out, tag, text, err);
}

static int
put_runs(struct ex_buf *out, const struct ex_file *f, struct ex_err *err)
{
	uint64_t at = 0;

	if (f->nruns == 0)
		return 0;
	if (ex_buf_add_text(out, "    <byte_runs>\n", err) == -1)
		return -1;
	for (size_t i = 0; i < f->nruns; i++) {
		const struct ex_run *r = &f->run[i];
		int rc;

		if (r->kind == EX_RUN_HOLE)
			rc = ex_buf_addf(out, err,
			    "      <byte_run file_offset='%" PRIu64
			    "' fill='0' len='%" PRIu64 "'/>\n",
			    at, r->bytes);
		else
			rc = ex_buf_addf(out, err,
			    "      <byte_run file_offset='%" PRIu64
			    "' img_offset='%" PRIu64 "' len='%" PRIu64 "'/>\n",
			    at, r->at, r->bytes);
		if (rc == -1)
			return -1;
		at += r->bytes;
	}
	return ex_buf_add_text(out, "    </byte_runs>\n", err);
}

static int
put_digest(struct ex_buf *out, const char *type, const uint8_t *p, size_t n,
    struct ex_err *err)
{
	char hex[2 * EX_DIGEST_MAX + 1];

	ex_hex(hex, p, n);
	return ex_buf_addf(
	    out, err, "    <hashdigest type='%s'>%s</hashdigest>\n", type, hex);
}

static int
put_digests(struct ex_buf *out, const struct ex_file *f, struct ex_err *err)
{
	if (!f->digested)
		return 0;
	if (put_digest(out, "md5", f->md5, sizeof(f->md5), err) == -1 ||
	    put_digest(out, "sha1", f->sha1, sizeof(f->sha1), err) == -1)
		return -1;
	return put_digest(out, "sha256", f->sha256, sizeof(f->sha256), err);
}

static int
put_name(struct ex_buf *out, const struct ex_file *f, struct ex_err *err)
{
	struct ex_buf path = EX_BUF_INIT;
	char shown[EX_CATALOGUE_STREAM * 4 + 16];
	int differs = 0, rc;

	rc = ex_file_path_text(&path, f, &differs, err);
	if (rc == 0 && f->stream.n > 0) {
		(void)ex_text_show(shown, sizeof(shown),
		    (const char *)f->stream.p, f->stream.n);
		rc = ex_buf_addf(&path, err, ":%s", shown);
	}
	if (rc == 0)
		rc = put_xml(out, "filename", ex_buf_text(&path), err);
	ex_buf_free(&path);
	return rc;
}

int
ex_catalogue_dfxml_head(
    struct ex_buf *out, const char *image, struct ex_err *err)
{
	return ex_buf_addf(out, err,
	    "<?xml version='1.0' encoding='UTF-8'?>\n"
	    "<dfxml xmlns='http://www.forensicswiki.org/wiki/Category:"
	    "Digital_Forensics_XML' version='1.2.0'>\n"
	    "  <creator><program>exhibit</program><version>%s</version>"
	    "</creator>\n"
	    "  <source><image_filename>%s</image_filename></source>\n",
	    EX_VERSION, image);
}

int
ex_catalogue_dfxml(
    struct ex_buf *out, int64_t no, const struct ex_file *f, struct ex_err *err)
{
	static const char type[EX_KINDS][2] = { "-", "r", "d", "l", "p", "c",
		"b", "h", "-", "v" };

	(void)no;
	if (ex_buf_add_text(out, "  <fileobject>\n", err) == -1 ||
	    put_name(out, f, err) == -1 ||
	    put_number(out, "partition", f->place.volume, err) == -1 ||
	    put_xml(out, "name_type", type[f->kind], err) == -1 ||
	    put_number(out, "filesize", f->size, err) == -1 ||
	    put_number(out,
		(f->flags & EX_FILE_DELETED) != 0 ? "unalloc" : "alloc", 1,
		err) == -1 ||
	    ((f->flags & EX_FILE_ORPHAN) != 0 &&
		put_number(out, "orphan", 1, err) == -1) ||
	    put_number(out, "inode", f->inode, err) == -1 ||
	    put_number(out, "mode", f->mode, err) == -1 ||
	    put_number(out, "nlink", f->links, err) == -1 ||
	    put_number(out, "uid", f->uid, err) == -1 ||
	    put_number(out, "gid", f->gid, err) == -1 ||
	    put_moment(out, "mtime", &f->modified, err) == -1 ||
	    put_moment(out, "ctime", &f->changed, err) == -1 ||
	    put_moment(out, "atime", &f->accessed, err) == -1 ||
	    put_moment(out, "crtime", &f->created, err) == -1 ||
	    put_xml(out, "libmagic", f->type, err) == -1 ||
	    put_runs(out, f, err) == -1 || put_digests(out, f, err) == -1)
		return -1;
	return ex_buf_add_text(out, "  </fileobject>\n", err);
}

int
ex_catalogue_dfxml_end(struct ex_buf *out, struct ex_err *err)
{
	return ex_buf_add_text(out, "</dfxml>\n", err);
}

static int
set_names(struct ex_json *v, const struct ex_file *f, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	char shown[EX_CATALOGUE_LINK * 4 + 16];
	int differs = 0, rc;

	rc = ex_file_path_text(&text, f, &differs, err);
	if (rc == 0)
		rc = ex_json_set_text(v, "path", ex_buf_text(&text), err);
	if (rc == 0 && f->stream.n > 0)
		rc = ex_json_set_text(v, "stream",
		    ex_text_show(shown, sizeof(shown),
			(const char *)f->stream.p, f->stream.n),
		    err);
	if (rc == 0 && f->link.n > 0)
		rc = ex_json_set_text(v, "link",
		    ex_text_show(shown, sizeof(shown), (const char *)f->link.p,
			f->link.n),
		    err);
	ex_buf_cut(&text, 0);
	if (rc == 0)
		rc = ex_file_flags_text(&text, f->flags, err);
	if (rc == 0)
		rc = ex_json_set_text(v, "flags", ex_buf_text(&text), err);
	ex_buf_free(&text);
	return rc;
}

static int
set_moment(struct ex_json *v, const char *key, const struct ex_moment *m,
    struct ex_err *err)
{
	char text[EX_MOMENT_TEXT];

	ex_moment_text(text, m);
	return text[0] == '\0' ? 0 : ex_json_set_text(v, key, text, err);
}

static int
set_content(struct ex_json *v, const struct ex_file *f, struct ex_err *err)
{
	if (f->digested &&
	    (ex_json_set_hex(v, "md5", f->md5, sizeof(f->md5), err) == -1 ||
		ex_json_set_hex(v, "sha1", f->sha1, sizeof(f->sha1), err) ==
		    -1 ||
		ex_json_set_hex(
		    v, "sha256", f->sha256, sizeof(f->sha256), err) == -1))
		return -1;
	if (f->mime[0] == '\0')
		return 0;
	if (ex_json_set_text(v, "mime", f->mime, err) == -1)
		return -1;
	return ex_json_set_text(v, "type", f->type, err);
}

int
ex_file_json(struct ex_json **out, int64_t no, const struct ex_file *f,
    struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	*out = NULL;
	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set_int(v, "no", no, err) == -1 ||
	    ex_json_set_int(v, "volume", f->place.volume, err) == -1 ||
	    set_names(v, f, err) == -1 ||
	    ex_json_set_text(v, "kind", ex_file_kind_text(f->kind), err) ==
		-1 ||
	    ex_json_set_int(v, "inode", (int64_t)f->inode, err) == -1 ||
	    ex_json_set_int(v, "size", (int64_t)f->size, err) == -1 ||
	    set_moment(v, "modified", &f->modified, err) == -1 ||
	    set_moment(v, "accessed", &f->accessed, err) == -1 ||
	    set_moment(v, "changed", &f->changed, err) == -1 ||
	    set_moment(v, "created", &f->created, err) == -1 ||
	    set_moment(v, "deleted", &f->deleted, err) == -1 ||
	    set_content(v, f, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}
