/*
 * catalogue_file.c -- the frame of one line of a catalogue, and the words of
 * lines, volumes and findings.
 */
#include <string.h>

#include "intake/catalogue_parts.h"

enum {
	NS = 1000000000,    /* of a second */
	ENTROPY_MAX = 8000, /* thousandths of a bit */
	ATTRIBUTES_MAX = 65536
};

static void
put_moment(struct ex_putter *w, const struct ex_moment *m)
{
	ex_put64(w, (uint64_t)m->seconds);
	ex_put32(w, m->ns);
}

static void
get_moment(struct ex_getter *g, struct ex_moment *m)
{
	m->seconds = (int64_t)ex_get64(g);
	m->ns = ex_get_below(g, ex_get32(g), NS, "no such moment");
}

static void
put_content(struct ex_putter *w, const struct ex_file *m)
{
	ex_put8(w, m->digested != 0);
	if (m->digested) {
		ex_put_bytes(w, m->md5, sizeof(m->md5));
		ex_put_bytes(w, m->sha1, sizeof(m->sha1));
		ex_put_bytes(w, m->sha256, sizeof(m->sha256));
	}
	ex_put16(w, (uint16_t)(m->entropy + 1));
	ex_put_text(w, m->mime, strlen(m->mime));
	ex_put_text(w, m->type, strlen(m->type));
}

static void
get_content(struct ex_getter *g, struct ex_file *m)
{
	m->digested = (int)ex_get_below(g, ex_get8(g), 2, "no flag");
	if (m->digested) {
		ex_get_bytes(g, m->md5, sizeof(m->md5));
		ex_get_bytes(g, m->sha1, sizeof(m->sha1));
		ex_get_bytes(g, m->sha256, sizeof(m->sha256));
	}
	m->entropy = (int32_t)ex_get_below(
			 g, ex_get16(g), ENTROPY_MAX + 2, "no entropy") -
		     1;
	ex_get_shown(g, m->mime, sizeof(m->mime));
	ex_get_shown(g, m->type, sizeof(m->type));
}

static void
put_runs(struct ex_putter *w, const struct ex_file *m)
{
	ex_put16(w, (uint16_t)m->nruns);
	for (size_t i = 0; i < m->nruns; i++) {
		ex_put64(w, m->run[i].at);
		ex_put64(w, m->run[i].bytes);
		ex_put8(w, m->run[i].kind);
	}
}

static void
get_runs(struct ex_getter *g, struct ex_file *m)
{
	m->nruns = ex_get_below(
	    g, ex_get16(g), EX_CATALOGUE_RUNS + 1, "too many runs");
	for (size_t i = 0; i < m->nruns; i++) {
		m->run[i].at = ex_get64(g);
		m->run[i].bytes = ex_get64(g);
		m->run[i].kind = (uint8_t)ex_get_below(
		    g, ex_get8(g), EX_RUN_GUESSED + 1, "no kind of run");
		if (m->run[i].at > INT64_MAX || m->run[i].bytes > INT64_MAX)
			ex_get_refuse(g, "no such run");
	}
}

int
ex_cat_put_file(struct ex_buf *out, const struct ex_file *m, struct ex_err *err)
{
	struct ex_putter w;

	ex_putter_begin(&w, out, EX_CAT_FILE, err);
	ex_put_place(&w, &m->place);
	ex_put16(&w, m->stream_no);
	ex_put8(&w, (uint8_t)m->kind);
	ex_put32(&w, m->flags);
	ex_put64(&w, m->inode);
	ex_put64(&w, m->sequence);
	ex_put32(&w, m->attribute);
	ex_put32(&w, m->attribute_id);
	ex_put64(&w, m->size);
	ex_put64(&w, m->room);
	put_moment(&w, &m->modified);
	put_moment(&w, &m->accessed);
	put_moment(&w, &m->changed);
	put_moment(&w, &m->created);
	put_moment(&w, &m->deleted);
	ex_put32(&w, m->mode);
	ex_put32(&w, m->links);
	ex_put32(&w, m->uid);
	ex_put32(&w, m->gid);
	ex_put_text(&w, m->name.p, m->name.n);
	ex_put_text(&w, m->stream.p, m->stream.n);
	ex_put_text(&w, m->link.p, m->link.n);
	ex_put_text(&w, m->owner, strlen(m->owner));
	put_content(&w, m);
	put_runs(&w, m);
	return ex_putter_end(&w);
}

int
ex_cat_get_file(
    struct ex_file *m, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_getter g;

	memset(m, 0, sizeof(*m));
	ex_getter_begin(&g, p, n, err);
	ex_get_place(&g, &m->place);
	if (m->place.step != EX_STEP_ENTRY)
		ex_get_refuse(&g, "a file at no entry");
	m->stream_no = ex_get16(&g);
	m->kind = (enum ex_file_kind)ex_get_below(
	    &g, ex_get8(&g), EX_KINDS, "no kind of file");
	m->flags = ex_get_below(
	    &g, ex_get32(&g), EX_FILE_FLAGS, "flags that are none");
	m->inode = ex_get64(&g);
	m->sequence = ex_get64(&g);
	m->attribute =
	    ex_get_below(&g, ex_get32(&g), ATTRIBUTES_MAX, "no attribute");
	m->attribute_id =
	    ex_get_below(&g, ex_get32(&g), ATTRIBUTES_MAX, "no attribute");
	m->size = ex_get64(&g);
	m->room = ex_get64(&g);
	/* PostgreSQL's numbers are signed. */
	if (m->size > INT64_MAX || m->room > INT64_MAX ||
	    m->inode > INT64_MAX || m->sequence > INT64_MAX)
		ex_get_refuse(&g, "a number too large");
	get_moment(&g, &m->modified);
	get_moment(&g, &m->accessed);
	get_moment(&g, &m->changed);
	get_moment(&g, &m->created);
	get_moment(&g, &m->deleted);
	m->mode = ex_get32(&g);
	m->links = ex_get32(&g);
	m->uid = ex_get32(&g);
	m->gid = ex_get32(&g);
	m->name = ex_get_span(&g, EX_CATALOGUE_NAME);
	m->stream = ex_get_span(&g, EX_CATALOGUE_STREAM);
	m->link = ex_get_span(&g, EX_CATALOGUE_LINK);
	ex_get_shown(&g, m->owner, sizeof(m->owner));
	get_content(&g, m);
	get_runs(&g, m);
	return ex_getter_end(&g);
}

const char *
ex_catalogue_found_text(enum ex_catalogue_found what)
{
	static const char *const text[EX_FOUNDS] = { "unreadable",
		"unsupported", "no_file_system", "encrypted", "hung", "crashed",
		"nonsense", "given_up", "limit", "orphans_not_searched",
		"container_damaged", "loop" };

	return text[what];
}

const char *
ex_volume_kind_text(enum ex_volume_kind kind)
{
	static const char *const text[EX_VOLUME_KINDS] = { "whole", "partition",
		"unallocated", "table", "pooled" };

	return text[kind];
}

const char *
ex_file_kind_text(enum ex_file_kind kind)
{
	static const char *const text[EX_KINDS] = { "unknown", "file", "folder",
		"link", "fifo", "character", "block", "socket", "other",
		"virtual" };

	return text[kind];
}
