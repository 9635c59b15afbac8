/*
 * catalogue_proto.c -- frames of a catalogue, each written and read in one
 * place; those of files are in catalogue_file.c.
 */
#include "intake/catalogue_proto.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "intake/catalogue_parts.h"

enum {
	PLACE = 1 + 4 + 4 + 4,
	REQUEST_MAX = 512 + EX_CATALOGUE_AVOIDED * PLACE
};

size_t
ex_cat_largest(uint32_t kind)
{
	switch (kind) {
	case EX_CAT_REQUEST:
		return REQUEST_MAX;
	case EX_CAT_HELLO:
	case EX_CAT_IMAGE:
	case EX_CAT_VOLUME:
	case EX_CAT_TABLE:
	case EX_CAT_SYSTEM:
		return 512;
	case EX_CAT_FOLDER:
		return 16 + EX_CATALOGUE_PATH;
	case EX_CAT_FILE:
		return 512 + EX_CATALOGUE_NAME + EX_CATALOGUE_STREAM +
		       EX_CATALOGUE_LINK + EX_CATALOGUE_MIME +
		       EX_CATALOGUE_TYPE + EX_CATALOGUE_OWNER +
		       EX_CATALOGUE_RUNS * EX_CATALOGUE_RUN;
	case EX_CAT_FOUND:
	case EX_CAT_FAILED:
		return 64 + EX_CATALOGUE_TEXT;
	case EX_CAT_AT:
		return PLACE + 8;
	case EX_CAT_VOLUME_DONE:
		return 4;
	case EX_CAT_DONE:
		return 1;
	default:
		return 0;
	}
}

/* A word of ours: lower-case letters, digits, and what stands in names. */
static void
get_word(struct ex_getter *g, char *out, size_t size)
{
	struct ex_span s = ex_get_span(g, size - 1);

	memset(out, 0, size);
	if (g->failed)
		return;
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') ||
			(s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '+' ||
			s.p[i] == '-')) {
			ex_get_refuse(g, "no word");
			return;
		}
	if (s.n > 0)
		memcpy(out, s.p, s.n);
}

static uint8_t
get_flag(struct ex_getter *g)
{
	return (uint8_t)ex_get_below(g, ex_get8(g), 2, "no flag");
}

int
ex_cat_put_request(
    struct ex_buf *out, const struct ex_cat_request *m, struct ex_err *err)
{
	struct ex_putter w;

	ex_putter_begin(&w, out, EX_CAT_REQUEST, err);
	ex_put8(&w, m->version);
	ex_put8(&w, m->container);
	ex_put8(&w, m->without_landlock);
	ex_put8(&w, m->no_orphans);
	ex_put8(&w, m->no_digests);
	ex_put32(&w, m->nfiles);
	ex_put64(&w, m->memory);
	ex_put32(&w, m->cpu_seconds);
	ex_put32(&w, m->wall_seconds);
	ex_put_place(&w, &m->from);
	ex_put16(&w, m->from_stream);
	ex_put16(&w, (uint16_t)m->navoid);
	for (size_t i = 0; i < m->navoid; i++)
		ex_put_place(&w, &m->avoid[i]);
	return ex_putter_end(&w);
}

int
ex_cat_get_request(
    struct ex_cat_request *m, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_getter g;

	memset(m, 0, sizeof(*m));
	ex_getter_begin(&g, p, n, err);
	m->version = ex_get8(&g);
	if (m->version != EX_CATALOGUE_VERSION)
		ex_get_refuse(&g, "another version");
	m->container = ex_get8(&g);
	m->without_landlock = get_flag(&g);
	m->no_orphans = get_flag(&g);
	m->no_digests = get_flag(&g);
	m->nfiles = ex_get_below(
	    &g, ex_get32(&g), EX_SEGMENTS_MAX + 1, "too many files");
	if (m->nfiles == 0)
		ex_get_refuse(&g, "no files");
	m->memory = ex_get64(&g);
	m->cpu_seconds = ex_get32(&g);
	m->wall_seconds = ex_get32(&g);
	ex_get_place(&g, &m->from);
	m->from_stream = ex_get16(&g);
	m->navoid = ex_get_below(
	    &g, ex_get16(&g), EX_CATALOGUE_AVOIDED + 1, "too many places");
	for (size_t i = 0; i < m->navoid; i++)
		ex_get_place(&g, &m->avoid[i]);
	return ex_getter_end(&g);
}

int
ex_cat_put_hello(
    struct ex_buf *out, const struct ex_cat_hello *m, struct ex_err *err)
{
	struct ex_putter w;

	ex_putter_begin(&w, out, EX_CAT_HELLO, err);
	ex_put8(&w, m->version);
	ex_put8(&w, m->landlock);
	ex_put_text(&w, m->tools, strlen(m->tools));
	return ex_putter_end(&w);
}

int
ex_cat_get_hello(
    struct ex_cat_hello *m, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_getter g;

	ex_getter_begin(&g, p, n, err);
	m->version = ex_get8(&g);
	if (m->version != EX_CATALOGUE_VERSION)
		ex_get_refuse(&g, "another version");
	m->landlock = get_flag(&g);
	ex_get_shown(&g, m->tools, sizeof(m->tools));
	return ex_getter_end(&g);
}

int
ex_cat_put_image(
    struct ex_buf *out, const struct ex_cat_image *m, struct ex_err *err)
{
	struct ex_putter w;

	ex_putter_begin(&w, out, EX_CAT_IMAGE, err);
	ex_put64(&w, m->bytes);
	ex_put32(&w, m->sector_size);
	ex_put_text(&w, m->container, strlen(m->container));
	return ex_putter_end(&w);
}

int
ex_cat_get_image(
    struct ex_cat_image *m, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_getter g;

	ex_getter_begin(&g, p, n, err);
	m->bytes = ex_get64(&g);
	if (m->bytes > INT64_MAX)
		ex_get_refuse(&g, "no such media");
	m->sector_size = ex_get32(&g);
	get_word(&g, m->container, sizeof(m->container));
	return ex_getter_end(&g);
}

int
ex_cat_put_volume(
    struct ex_buf *out, const struct ex_volume *m, struct ex_err *err)
{
	struct ex_putter w;

	ex_putter_begin(&w, out, EX_CAT_VOLUME, err);
	ex_put32(&w, m->no);
	ex_put32(&w, m->parent);
	ex_put8(&w, (uint8_t)m->kind);
	ex_put64(&w, m->start);
	ex_put64(&w, m->bytes);
	ex_put_text(&w, m->description, strlen(m->description));
	return ex_putter_end(&w);
}

int
ex_cat_get_volume(
    struct ex_volume *m, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_getter g;

	memset(m, 0, sizeof(*m));
	ex_getter_begin(&g, p, n, err);
	m->no = ex_get_below(
	    &g, ex_get32(&g), EX_CATALOGUE_VOLUMES, "too many volumes");
	m->parent = ex_get32(&g);
	if (m->parent > m->no || (m->parent == m->no && m->no != 0))
		ex_get_refuse(&g, "a volume without a parent");
	m->kind = (enum ex_volume_kind)ex_get_below(
	    &g, ex_get8(&g), EX_VOLUME_KINDS, "no kind of volume");
	m->start = ex_get64(&g);
	m->bytes = ex_get64(&g);
	if (m->start > INT64_MAX || m->bytes > INT64_MAX)
		ex_get_refuse(&g, "no such volume");
	ex_get_shown(&g, m->description, sizeof(m->description));
	return ex_getter_end(&g);
}

int
ex_cat_put_table(
    struct ex_buf *out, const struct ex_volume *m, struct ex_err *err)
{
	struct ex_putter w;

	ex_putter_begin(&w, out, EX_CAT_TABLE, err);
	ex_put32(&w, m->no);
	ex_put32(&w, m->sector_size);
	ex_put_text(&w, m->table, strlen(m->table));
	return ex_putter_end(&w);
}

int
ex_cat_get_table(
    struct ex_volume *m, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_getter g;

	memset(m, 0, sizeof(*m));
	ex_getter_begin(&g, p, n, err);
	m->no = ex_get32(&g);
	m->sector_size = ex_get32(&g);
	get_word(&g, m->table, sizeof(m->table));
	return ex_getter_end(&g);
}

int
ex_cat_put_system(
    struct ex_buf *out, const struct ex_volume *m, struct ex_err *err)
{
	struct ex_putter w;

	ex_putter_begin(&w, out, EX_CAT_SYSTEM, err);
	ex_put32(&w, m->no);
	ex_put32(&w, m->block_size);
	ex_put64(&w, m->blocks);
	ex_put64(&w, m->times.modified);
	ex_put64(&w, m->times.accessed);
	ex_put64(&w, m->times.changed);
	ex_put64(&w, m->times.created);
	ex_put_text(&w, m->system, strlen(m->system));
	ex_put_text(&w, m->id, strlen(m->id));
	return ex_putter_end(&w);
}

int
ex_cat_get_system(
    struct ex_volume *m, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_getter g;

	memset(m, 0, sizeof(*m));
	ex_getter_begin(&g, p, n, err);
	m->no = ex_get32(&g);
	m->block_size = ex_get32(&g);
	m->blocks = ex_get64(&g);
	m->times.modified = ex_get64(&g);
	m->times.accessed = ex_get64(&g);
	m->times.changed = ex_get64(&g);
	m->times.created = ex_get64(&g);
	get_word(&g, m->system, sizeof(m->system));
	get_word(&g, m->id, sizeof(m->id));
	if (!g.failed && m->system[0] == '\0')
		ex_get_refuse(&g, "no file system");
	return ex_getter_end(&g);
}

int
ex_cat_put_folder(
    struct ex_buf *out, const struct ex_cat_folder *m, struct ex_err *err)
{
	struct ex_putter w;

	ex_putter_begin(&w, out, EX_CAT_FOLDER, err);
	ex_put32(&w, m->volume);
	ex_put32(&w, m->folder);
	ex_put_text(&w, m->path.p, m->path.n);
	return ex_putter_end(&w);
}

int
ex_cat_get_folder(
    struct ex_cat_folder *m, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_getter g;

	ex_getter_begin(&g, p, n, err);
	m->volume = ex_get32(&g);
	m->folder = ex_get32(&g);
	m->path = ex_get_span(&g, EX_CATALOGUE_PATH);
	return ex_getter_end(&g);
}

int
ex_cat_put_found(struct ex_buf *out, const struct ex_catalogue_finding *m,
    struct ex_err *err)
{
	struct ex_putter w;

	ex_putter_begin(&w, out, EX_CAT_FOUND, err);
	ex_put8(&w, (uint8_t)m->what);
	ex_put_place(&w, &m->place);
	ex_put_text(&w, m->text, strlen(m->text));
	return ex_putter_end(&w);
}

int
ex_cat_get_found(struct ex_catalogue_finding *m, const uint8_t *p, size_t n,
    struct ex_err *err)
{
	struct ex_getter g;

	ex_getter_begin(&g, p, n, err);
	m->what = (enum ex_catalogue_found)ex_get_below(
	    &g, ex_get8(&g), EX_FOUNDS, "no finding");
	ex_get_place(&g, &m->place);
	ex_get_shown(&g, m->text, sizeof(m->text));
	return ex_getter_end(&g);
}

int
ex_cat_put_at(struct ex_buf *out, const struct ex_catalogue_place *m,
    uint64_t read, struct ex_err *err)
{
	struct ex_putter w;

	ex_putter_begin(&w, out, EX_CAT_AT, err);
	ex_put_place(&w, m);
	ex_put64(&w, read);
	return ex_putter_end(&w);
}

int
ex_cat_get_at(struct ex_catalogue_place *m, uint64_t *read, const uint8_t *p,
    size_t n, struct ex_err *err)
{
	struct ex_getter g;

	ex_getter_begin(&g, p, n, err);
	ex_get_place(&g, m);
	*read = ex_get64(&g);
	return ex_getter_end(&g);
}

int
ex_cat_put_volume_done(struct ex_buf *out, uint32_t volume, struct ex_err *err)
{
	struct ex_putter w;

	ex_putter_begin(&w, out, EX_CAT_VOLUME_DONE, err);
	ex_put32(&w, volume);
	return ex_putter_end(&w);
}

int
ex_cat_get_volume_done(
    uint32_t *volume, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_getter g;

	ex_getter_begin(&g, p, n, err);
	*volume = ex_get32(&g);
	return ex_getter_end(&g);
}

int
ex_cat_put_done(struct ex_buf *out, struct ex_err *err)
{
	struct ex_putter w;

	ex_putter_begin(&w, out, EX_CAT_DONE, err);
	return ex_putter_end(&w);
}

int
ex_cat_put_failed(
    struct ex_buf *out, const struct ex_cat_failed *m, struct ex_err *err)
{
	struct ex_putter w;

	ex_putter_begin(&w, out, EX_CAT_FAILED, err);
	ex_put8(&w, m->no_landlock);
	ex_put_text(&w, m->text, strlen(m->text));
	return ex_putter_end(&w);
}

int
ex_cat_get_failed(
    struct ex_cat_failed *m, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_getter g;

	ex_getter_begin(&g, p, n, err);
	m->no_landlock = get_flag(&g);
	ex_get_shown(&g, m->text, sizeof(m->text));
	return ex_getter_end(&g);
}

static int
order(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

int
ex_catalogue_place_order(
    const struct ex_catalogue_place *a, const struct ex_catalogue_place *b)
{
	int o = order(a->volume, b->volume);

	if (o == 0)
		o = order(a->folder, b->folder);
	return o != 0 ? o : order(a->entry, b->entry);
}
