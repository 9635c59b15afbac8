/*
 * image_find.c -- which images there are, what was signed about one, and
 * where its files lie.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "cases/history.h"
#include "cases/house.h"
#include "cases/image_parts.h"
#include "db/store.h"

/* The signed digests that we can compute. */
static int
take_digests(struct ex_image *i, struct ex_err *err)
{
	const struct ex_json *list = i->create->admission.event.digests;

	for (size_t k = 0; k < ex_json_count(list); k++) {
		const struct ex_json *v = ex_json_at(list, k);
		struct ex_digest_value *d = &i->digest[i->ndigests];
		const char *alg = ex_json_get_text(v, "alg");

		if (alg == NULL || ex_alg_parse(&d->alg, alg, NULL) == -1 ||
		    i->ndigests == EX_ALGS)
			continue;
		d->len = ex_alg_len(d->alg);
		if (ex_json_need_hex(d->value, d->len, v, "value", err) == -1)
			return -1;
		i->ndigests++;
	}
	return 0;
}

/* The segments: in the entry, or a list in the vault that it names. */
static int
take_segments(struct ex_image *i, struct ex_house *house, struct ex_err *err)
{
	const struct ex_json *fields = i->create->admission.event.fields;
	const struct ex_json *list = ex_json_get(fields, "segments");
	const char *sha256 = ex_json_get_text(fields, "segment_list");

	if (list != NULL) {
		i->segments = ex_json_ref(list);
		return 0;
	}
	return sha256 == NULL ? 0
			      : ex_image_long_list(&i->segments, house, sha256,
				    "segments", err);
}

/* The entry that made the image. */
static void
find_create(struct ex_image *i)
{
	for (size_t k = 0; k < i->record.nentries; k++) {
		const struct ex_record_entry *e = i->record.entry[k];

		if (ex_record_of_item(e, i->name) &&
		    (e->admission.event.act == EX_ACT_CREATE ||
			e->admission.event.act == EX_ACT_IMPORT))
			i->create = e;
	}
}

/* Is the first segment in this folder?  1, 0, or -1 when it is too long. */
static int
holds(const struct ex_image *i, const char *dir, struct ex_err *err)
{
	const char *name = ex_json_get_text(ex_json_at(i->segments, 0), "name");
	char path[EX_PATH];

	if (name == NULL)
		return 0;
	if (ex_path_join(path, EX_PATH, dir, name, err) == -1)
		return -1;
	return ex_file_exists(path);
}

/*
 * The vault's folder, or the first of the told destinations that holds it;
 * when none does, the first of them.
 */
static int
find_dir(struct ex_image *i, struct ex_house *house, const char *at,
    struct ex_err *err)
{
	char vault[EX_PATH], name[EX_ITEM_MAX + 16];

	if (at != NULL)
		return ex_path_join(i->dir, EX_PATH, NULL, at, err);
	(void)snprintf(name, sizeof(name), "images/%s", i->name);
	if (ex_house_path(vault, house, "vault", err) == -1 ||
	    ex_path_join(i->dir, EX_PATH, vault, name, err) == -1)
		return -1;
	if (ex_file_exists(i->dir) || i->create == NULL)
		return 0;
	for (int k = EX_IMAGING_DESTINATIONS - 1; k >= 0; k--) {
		const char *told;
		int there;

		(void)snprintf(name, sizeof(name), "destinations/%d", k);
		told = ex_record_text(i->create, name);
		if (told == NULL)
			continue;
		if ((there = holds(i, told, err)) == -1)
			return -1;
		if ((there || !i->is_found) &&
		    ex_path_join(i->dir, EX_PATH, NULL, told, err) == -1)
			return -1;
		i->is_found = i->is_found || there;
	}
	return 0;
}

/* The segment files that are there. */
static int
find_files(struct ex_image *i, struct ex_err *err)
{
	size_t n = ex_json_count(i->segments);
	char path[EX_PATH];

	if ((i->path = calloc(n + 1, sizeof(*i->path))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t k = 0; k < n; k++) {
		const char *name =
		    ex_json_get_text(ex_json_at(i->segments, k), "name");

		if (name == NULL || strchr(name, '/') != NULL)
			return ex_fail(
			    err, EX_FORMAT, "a segment without a name");
		if (ex_path_join(path, EX_PATH, i->dir, name, err) == -1)
			return -1;
		if (!ex_file_exists(path)) {
			i->nabsent++;
			continue;
		}
		if ((i->path[i->npaths] = strdup(path)) == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		i->npaths++;
	}
	return 0;
}

/* A file as it is, and a folder as a tar, are read as raw bytes. */
static int
container_of(enum ex_container *out, const char *format)
{
	*out = EX_CONTAINER_RAW;
	if (strcmp(format, "file") == 0 || strcmp(format, "folder") == 0)
		return 0;
	return ex_container_parse(out, format, NULL);
}

int
ex_image_begin(struct ex_image *out, struct ex_house *house, const char *name,
    const char *at, struct ex_err *err)
{
	char subject[EX_ITEM_MAX + 8];
	const char *format;

	memset(out, 0, sizeof(*out));
	if (strlen(name) > EX_ITEM_MAX)
		return ex_fail(err, EX_ABSENT, "there is no image %.60s", name);
	memcpy(out->name, name, strlen(name) + 1);
	(void)snprintf(subject, sizeof(subject), "item:%s", name);
	if (ex_record_open(&out->record, house, subject, err) == -1)
		return -1;
	find_create(out);
	if (out->create == NULL)
		return 0;
	format = ex_event_text(&out->create->admission.event, "format");
	if (format == NULL || container_of(&out->container, format) == -1) {
		out->create = NULL;
		return 0;
	}
	if (take_digests(out, err) == -1 ||
	    take_segments(out, house, err) == -1 ||
	    find_dir(out, house, at, err) == -1)
		return -1;
	return find_files(out, err);
}

void
ex_image_end(struct ex_image *i)
{
	for (size_t k = 0; k < i->npaths; k++)
		free(i->path[k]);
	free(i->path);
	ex_json_free(i->segments);
	ex_json_free(i->unread);
	ex_record_free(&i->record);
	memset(i, 0, sizeof(*i));
}

struct search {
	struct ex_json *list;
	const char *parent; /* NULL: of every item */
};

static int
is_listed(const struct ex_json *list, const char *id)
{
	for (size_t i = 0; i < ex_json_count(list); i++)
		if (strcmp(ex_json_text(ex_json_at(list, i)), id) == 0)
			return 1;
	return 0;
}

/* What has bytes in the vault: an image, or a file or folder as it is. */
static int
is_image(const struct ex_json *fact)
{
	const char *kind = ex_json_get_text(fact, "kind");

	return (kind != NULL && strcmp(kind, "forensic_image") == 0) ||
	       ex_json_get_text(fact, "format") != NULL;
}

static int
add_image(void *arg, const char *kind, const char *id, const char *case_number,
    struct ex_span value, struct ex_err *err)
{
	struct search *s = arg;
	struct ex_json *v = NULL;
	const char *parent;
	int rc = 0;

	(void)kind;
	(void)case_number;
	if (ex_json_read(&v, value.p, value.n, err) == -1)
		return -1;
	parent = ex_json_get_text(v, "parent");
	if (is_image(v) && !is_listed(s->list, id) &&
	    (s->parent == NULL ||
		(parent != NULL && strcmp(parent, s->parent) == 0)))
		rc = ex_json_add(s->list, ex_json_string(id), err);
	ex_json_free(v);
	return rc;
}

/* An image, or the images of an item: made here, then brought in. */
static int
names_of(struct search *s, struct ex_conn *conn, const char *name,
    struct ex_err *err)
{
	struct ex_json *fact = NULL;
	const struct ex_json *images;
	const char *nature;
	int rc = 0;

	if (ex_store_fact(conn, "item", name, &fact, err) == -1)
		return -1;
	nature = ex_json_get_text(fact, "nature");
	images = ex_json_get(fact, "images");
	s->parent = name;
	if (fact == NULL)
		rc = ex_fail(err, EX_ABSENT,
		    "there is no item or image %s, or you may not see it",
		    name);
	else if (nature != NULL && strcmp(nature, "digital") == 0)
		rc = ex_json_add(s->list, ex_json_string(name), err);
	for (size_t i = 0; rc == 0 && i < ex_json_count(images); i++)
		rc = ex_json_add(s->list,
		    ex_json_string(ex_json_text(ex_json_at(images, i))), err);
	if (rc == 0 && (nature == NULL || strcmp(nature, "digital") != 0))
		rc = ex_store_facts(conn, "item", add_image, s, err);
	if (rc == 0 && ex_json_count(s->list) == 0)
		rc = ex_fail(err, EX_ABSENT, "%s has no image", name);
	ex_json_free(fact);
	return rc;
}

int
ex_image_names(struct ex_json **out, struct ex_house *house, const char *name,
    struct ex_err *err)
{
	struct search s = { ex_json_array(), NULL };
	struct ex_conn *conn;
	int rc = -1;

	if (s.list == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_house_conn(house, &conn, err) == 0)
		rc = name == NULL
			 ? ex_store_facts(conn, "item", add_image, &s, err)
			 : names_of(&s, conn, name, err);
	if (rc == 0)
		*out = s.list;
	else
		ex_json_free(s.list);
	return rc;
}
