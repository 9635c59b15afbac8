/*
 * catalogue_listen.c -- what a reader says of an image, believed only as far
 * as it is in order.
 */
#include "intake/catalogue_listen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "intake/extension.h"
#include "intake/reader_proto.h"

void
ex_cat_listener_begin(struct ex_cat_listener *l)
{
	l->state = EX_CAT_HEARD_NOTHING;
	l->volumes = 0;
	l->read = 0;
	l->in_folder = 0;
	memset(&l->at, 0, sizeof(l->at));
	ex_buf_cut(&l->buf, 0);
}

void
ex_cat_listener_free(struct ex_cat_listener *l)
{
	ex_buf_free(&l->path);
	ex_buf_free(&l->buf);
}

int
ex_catalogue_find(struct ex_catalogue *c, const struct ex_catalogue_finding *f,
    struct ex_err *err)
{
	if (c->finding == NULL &&
	    (c->finding = calloc(EX_CATALOGUE_FINDINGS, sizeof(*f))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	/* A reader that was started again finds some of them again. */
	for (size_t i = 0; i < c->nfindings; i++)
		if (c->finding[i].what == f->what &&
		    c->finding[i].place.step == f->place.step &&
		    ex_catalogue_place_order(&c->finding[i].place, &f->place) ==
			0 &&
		    strcmp(c->finding[i].text, f->text) == 0)
			return 0;
	c->found++;
	if (c->nfindings < EX_CATALOGUE_FINDINGS)
		c->finding[c->nfindings++] = *f;
	return 0;
}

static struct ex_volume *
volume_of(const struct ex_cat_listener *l, uint32_t no)
{
	return no < l->volumes ? &l->out->volume[no] : NULL;
}

static int
no_volume(struct ex_err *err)
{
	return ex_fail(err, EX_FORMAT, "no such volume");
}

static int
take_hello(
    struct ex_cat_listener *l, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_cat_hello m;

	if (ex_cat_get_hello(&m, p, n, err) == -1)
		return -1;
	l->out->landlock = m.landlock;
	memcpy(l->out->tools, m.tools, sizeof(m.tools));
	l->state = EX_CAT_HEARD_HELLO;
	return 0;
}

static int
take_image(
    struct ex_cat_listener *l, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_cat_image m;

	if (ex_cat_get_image(&m, p, n, err) == -1)
		return -1;
	if (m.bytes > l->largest)
		return ex_fail(err, EX_FORMAT,
		    "the image claims more than its files can hold");
	if (l->out->volume == NULL) {
		l->out->bytes = m.bytes;
		l->out->sector_size = m.sector_size;
		memcpy(l->out->container, m.container, sizeof(m.container));
		l->out->volume =
		    calloc(EX_CATALOGUE_VOLUMES, sizeof(*l->out->volume));
		if (l->out->volume == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
	} else if (m.bytes != l->out->bytes) {
		return ex_fail(err, EX_FORMAT, "another size than before");
	}
	l->state = EX_CAT_HEARD_IMAGE;
	return 0;
}

/* In order; one that is known is the same as before. */
static int
take_volume(
    struct ex_cat_listener *l, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_volume m, *v;

	if (ex_cat_get_volume(&m, p, n, err) == -1)
		return -1;
	if (m.no != l->volumes)
		return ex_fail(err, EX_FORMAT, "volumes out of order");
	v = &l->out->volume[m.no];
	if (m.no < l->out->nvolumes) {
		if (v->kind != m.kind || v->start != m.start ||
		    v->bytes != m.bytes)
			return ex_fail(
			    err, EX_FORMAT, "another volume than before");
	} else {
		*v = m;
		l->out->nvolumes++;
	}
	l->volumes++;
	return 0;
}

static int
take_table(
    struct ex_cat_listener *l, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_volume m, *v;

	if (ex_cat_get_table(&m, p, n, err) == -1)
		return -1;
	if ((v = volume_of(l, m.no)) == NULL)
		return no_volume(err);
	memcpy(v->table, m.table, sizeof(v->table));
	v->sector_size = m.sector_size;
	return 0;
}

static int
take_system(
    struct ex_cat_listener *l, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_volume m, *v;

	if (ex_cat_get_system(&m, p, n, err) == -1)
		return -1;
	if ((v = volume_of(l, m.no)) == NULL)
		return no_volume(err);
	memcpy(v->system, m.system, sizeof(v->system));
	memcpy(v->id, m.id, sizeof(v->id));
	v->block_size = m.block_size;
	v->blocks = m.blocks;
	v->times = m.times;
	return 0;
}

static int
take_folder(
    struct ex_cat_listener *l, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_cat_folder m;
	const struct ex_volume *v;

	if (ex_cat_get_folder(&m, p, n, err) == -1)
		return -1;
	v = volume_of(l, m.volume);
	if (v == NULL || v->system[0] == '\0')
		return no_volume(err);
	ex_buf_cut(&l->path, 0);
	if (ex_buf_add(&l->path, m.path.p, m.path.n, err) == -1)
		return -1;
	l->in_folder = 1;
	l->folder_volume = m.volume;
	l->folder = m.folder;
	return 0;
}

/* Behind the last one, in the folder that was told. */
static int
is_in_order(const struct ex_cat_listener *l, const struct ex_file *f)
{
	int order;

	if (!l->in_folder || f->place.volume != l->folder_volume ||
	    f->place.folder != l->folder)
		return 0;
	if (!l->has_line)
		return 1;
	order = ex_catalogue_place_order(&f->place, &l->line);
	return order > 0 || (order == 0 && f->stream_no > l->line_stream);
}

/* As fls -r counts: forks and attributes of HFS+ and APFS are no names. */
static int
is_fork(const struct ex_volume *v, const struct ex_file *f)
{
	return f->stream_no > 0 && strcmp(v->system, "ntfs") != 0;
}

static void
count(struct ex_cat_listener *l, const struct ex_file *f)
{
	struct ex_catalogue *c = l->out;
	struct ex_volume *v = &c->volume[f->place.volume];

	c->lines++;
	if (f->digested) {
		c->digested++;
		c->digested_bytes += f->size;
	}
	if ((f->flags & EX_FILE_VIRTUAL) != 0) {
		c->virtuals++;
		v->virtuals++;
	} else if (is_fork(v, f)) {
		return;
	} else if ((f->flags & EX_FILE_DELETED) != 0) {
		c->deleted++;
		v->deleted++;
	} else {
		c->allocated++;
		v->allocated++;
	}
}

static int
take_file(
    struct ex_cat_listener *l, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_file *f = &l->line_buf;

	if (ex_cat_get_file(f, p, n, err) == -1)
		return -1;
	if (!is_in_order(l, f))
		return ex_fail(err, EX_FORMAT, "lines out of order");
	f->folder.p = (const uint8_t *)ex_buf_text(&l->path);
	f->folder.n = l->path.len;
	f->flags &= ~(uint32_t)EX_FILE_MISMATCH;
	if (ex_extension_differs(f))
		f->flags |= EX_FILE_MISMATCH;
	if (l->file != NULL && l->file(l->file_arg, f, &l->file_err) == -1)
		return ex_fail(err, l->file_err.code, "%s", l->file_err.text);
	l->has_line = 1;
	l->line = f->place;
	l->line_stream = f->stream_no;
	count(l, f);
	return 0;
}

static int
take_found(
    struct ex_cat_listener *l, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_catalogue_finding m;

	if (ex_cat_get_found(&m, p, n, err) == -1)
		return -1;
	return ex_catalogue_find(l->out, &m, err);
}

static int
take_volume_done(
    struct ex_cat_listener *l, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_volume *v;
	uint32_t no;

	if (ex_cat_get_volume_done(&no, p, n, err) == -1)
		return -1;
	if ((v = volume_of(l, no)) == NULL)
		return no_volume(err);
	v->done = 1;
	return 0;
}

static int
take_listing(struct ex_cat_listener *l, uint32_t kind, const uint8_t *p,
    size_t n, struct ex_err *err)
{
	switch (kind) {
	case EX_CAT_VOLUME:
		return take_volume(l, p, n, err);
	case EX_CAT_TABLE:
		return take_table(l, p, n, err);
	case EX_CAT_SYSTEM:
		return take_system(l, p, n, err);
	case EX_CAT_FOLDER:
		return take_folder(l, p, n, err);
	case EX_CAT_FILE:
		return take_file(l, p, n, err);
	case EX_CAT_VOLUME_DONE:
		return take_volume_done(l, p, n, err);
	default:
		return ex_fail(err, EX_FORMAT, "kind %u now", kind);
	}
}

static int
take(struct ex_cat_listener *l, uint32_t kind, const uint8_t *p, size_t n,
    struct ex_err *err)
{
	if (l->state >= EX_CAT_HEARD_DONE)
		return ex_fail(err, EX_FORMAT, "it goes on after the end");
	if (kind == EX_CAT_FAILED) {
		l->state = EX_CAT_HEARD_FAILED;
		return ex_cat_get_failed(&l->failed, p, n, err);
	}
	if (l->state == EX_CAT_HEARD_NOTHING)
		return kind == EX_CAT_HELLO
			   ? take_hello(l, p, n, err)
			   : ex_fail(err, EX_FORMAT, "no greeting");
	if (kind == EX_CAT_AT)
		return ex_cat_get_at(&l->at, &l->read, p, n, err);
	if (kind == EX_CAT_FOUND)
		return take_found(l, p, n, err);
	if (kind == EX_CAT_DONE) {
		l->state = EX_CAT_HEARD_DONE;
		return n == 0 ? 0 : ex_fail(err, EX_FORMAT, "trailing bytes");
	}
	if (l->state == EX_CAT_HEARD_HELLO)
		return kind == EX_CAT_IMAGE
			   ? take_image(l, p, n, err)
			   : ex_fail(err, EX_FORMAT, "no image");
	return take_listing(l, kind, p, n, err);
}

/* One frame off the front; 0 when it is not whole yet, 1, or -1. */
static int
take_one(struct ex_cat_listener *l, struct ex_reader *r, struct ex_err *err)
{
	struct ex_reader head = *r;
	uint32_t kind = 0, n = 0;
	struct ex_span body;

	if (r->left < EX_READER_HEAD)
		return 0;
	if (ex_read_u32(&head, &kind, err) == -1 ||
	    ex_read_u32(&head, &n, err) == -1)
		return -1;
	if (n > ex_cat_largest(kind))
		return ex_fail(
		    err, EX_FORMAT, "kind %u with %u bytes", kind, n);
	if (head.left < n)
		return 0;
	if (ex_read_span(&head, n, &body, err) == -1)
		return -1;
	*r = head;
	return take(l, kind, body.p, body.n, err) == -1 ? -1 : 1;
}

int
ex_cat_listener_feed(
    struct ex_cat_listener *l, const void *data, size_t n, struct ex_err *err)
{
	struct ex_reader r;
	size_t left;
	int rc = 1;

	if (ex_buf_add(&l->buf, data, n, err) == -1)
		return -1;
	ex_reader_init(&r, l->buf.data, l->buf.len);
	while (rc == 1)
		rc = take_one(l, &r, err);
	left = r.left;
	if (left > 0)
		memmove(l->buf.data, &l->buf.data[l->buf.len - left], left);
	ex_buf_cut(&l->buf, left);
	return rc;
}
