/*
 * acquire_base.c -- an image of the item that a new one goes on from: what was
 * signed of it, and from which attempt each of its sectors is.
 *
 * Nothing is taken from an image that is not what was signed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cases/acquire_parts.h"
#include "cases/history.h"
#include "cases/image_parts.h"
#include "cases/record.h"

int
ex_acquire_add_attempt(
    struct ex_json **attempts, const uint8_t leaf[EX_HASH], struct ex_err *err)
{
	char hex[2 * EX_HASH + 1];

	if (*attempts == NULL && (*attempts = ex_json_array()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	ex_hex(hex, leaf, EX_HASH);
	return ex_json_add(*attempts, ex_json_string(hex), err);
}

/* Its name: as asked for, as it was begun with, or the newest there is. */
static int
choose(struct ex_acquiring *q, struct ex_err *err)
{
	const struct ex_json *images = ex_json_get(q->item, "images");
	const char *name = q->a->base;
	size_t n = ex_json_count(images);

	if (name == NULL && (q->a->resume || !q->a->retry_bad))
		return 0;
	for (size_t i = n; name != NULL && i > 0; i--)
		if (strcmp(ex_json_text(ex_json_at(images, i - 1)), name) == 0)
			n = i;
	if (n == 0 ||
	    (name != NULL &&
		strcmp(ex_json_text(ex_json_at(images, n - 1)), name) != 0))
		return ex_fail(err, EX_STATE,
		    "%s has no image%s%.40s to go on from", q->a->item,
		    name == NULL ? "" : " ", name == NULL ? "" : name);
	(void)snprintf(q->base_name, sizeof(q->base_name), "%s",
	    ex_json_text(ex_json_at(images, n - 1)));
	return 0;
}

/* Is it what was signed?  Read once, whole. */
static int
verify(struct ex_acquiring *q, struct ex_err *err)
{
	struct ex_image *i = q->base_image;
	struct ex_reading r = { .container = i->container,
		.path = (const char *const *)i->path,
		.npaths = i->npaths,
		.threads = q->a->threads,
		.without_landlock = q->a->without_landlock,
		.stop = q->a->stop };
	struct ex_verdict v;
	int rc = 0;

	for (size_t k = 0; k < i->ndigests; k++)
		r.algs |= EX_ALG_BIT(i->digest[k].alg);
	if (i->ndigests == 0 || i->npaths == 0 || i->nabsent > 0)
		return ex_fail(err, EX_ABSENT,
		    "the files of %s are not all there: nothing is gone on "
		    "with",
		    q->base_name);
	if (ex_reading_verify(&v, &r, err) == -1)
		return -1;
	if (!ex_reading_agrees(&v, i->digest, i->ndigests))
		rc = ex_fail(err, EX_DAMAGED,
		    "%s is not what was signed of it: nothing is gone on "
		    "with%s%.200s",
		    q->base_name, v.text[0] == '\0' ? "" : ": ", v.text);
	ex_verdict_free(&v);
	return rc;
}

/* The list that an entry has under name, or in the vault under list_name. */
static int
take_list(struct ex_json **out, struct ex_acquiring *q,
    const struct ex_json *fields, const char *name, const char *list_name,
    struct ex_err *err)
{
	const char *sha256 = ex_json_get_text(fields, list_name);

	*out = NULL;
	if (sha256 != NULL)
		return ex_image_long_list(out, q->house, sha256, name, err);
	if (ex_json_get(fields, name) != NULL)
		*out = ex_json_ref(ex_json_get(fields, name));
	return 0;
}

static const enum ex_range_status statuses[] = { EX_RANGE_BAD, EX_RANGE_SKIPPED,
	EX_RANGE_RECOVERED };

/* A member of a list; 0 when it is of sectors that the image has not. */
static int
take_range(struct ex_range *r, const struct ex_json *v)
{
	const char *status = ex_json_get_text(v, "status");

	*r = (struct ex_range){ .status = EX_RANGE_READ };
	r->lba = (uint64_t)ex_json_get_int(v, "lba", 0);
	r->count = (uint64_t)ex_json_get_int(v, "count", 0);
	r->tries = (unsigned)ex_json_get_int(v, "tries", 0);
	r->attempt = (unsigned)ex_json_get_int(v, "attempt", 1);
	r->failed_in = (unsigned)ex_json_get_int(v, "failed_in", 0);
	for (size_t i = 0; status != NULL && i < 3; i++)
		if (strcmp(status, ex_range_status_text(statuses[i])) == 0) {
			r->status = statuses[i];
			return 1;
		}
	return status == NULL;
}

/* What lies between troubles came at once, in the attempt that is told. */
static int
add_read(struct ex_ranges *map, const struct ex_ranges *origin, uint64_t from,
    uint64_t end, struct ex_err *err)
{
	return from < end ? ex_ranges_slice(map, origin, from, end, err) : 0;
}

static int
add_troubles(struct ex_ranges *map, const struct ex_ranges *origin,
    const struct ex_json *bad, uint64_t from, uint64_t end, struct ex_err *err)
{
	struct ex_range r;

	for (size_t i = 0; i < ex_json_count(bad); i++) {
		if (!take_range(&r, ex_json_at(bad, i)) || r.lba >= end)
			continue;
		if (r.lba + r.count > end)
			r.count = end - r.lba;
		if (add_read(map, origin, from, r.lba, err) == -1 ||
		    ex_ranges_put(map, &r, err) == -1)
			return -1;
		from = r.lba + r.count;
	}
	return add_read(map, origin, from, end, err);
}

/* Every sector of it, as the end of its imaging has them. */
static int
take_map(
    struct ex_acquiring *q, const struct ex_json *fields, struct ex_err *err)
{
	const struct ex_json *set = ex_json_get(fields, "settings");
	uint64_t sector = q->base_sector, offset, from, end;
	struct ex_ranges origin = EX_RANGES_INIT;
	struct ex_json *bad = NULL, *list = NULL;
	struct ex_range r;
	int rc = -1;

	offset = (uint64_t)ex_json_get_int(set, "offset", 0);
	from = offset / sector;
	end = (offset + q->base.bytes + sector - 1) / sector;
	if (take_list(&bad, q, fields, "bad_ranges", "range_list", err) == -1 ||
	    take_list(&list, q, fields, "origins", "origin_list", err) == -1)
		goto out;
	if (list == NULL) {
		r = (struct ex_range){ .lba = from,
			.count = end - from,
			.status = EX_RANGE_READ,
			.attempt = 1 };
		if (ex_ranges_put(&origin, &r, err) == -1)
			goto out;
	}
	for (size_t i = 0; i < ex_json_count(list); i++)
		if (take_range(&r, ex_json_at(list, i)) &&
		    ex_ranges_put(&origin, &r, err) == -1)
			goto out;
	rc = add_troubles(&q->base.map, &origin, bad, from, end, err);
out:
	ex_ranges_free(&origin);
	ex_json_free(bad);
	ex_json_free(list);
	return rc;
}

/* The attempts of the image, and those of this imaging behind them. */
static int
take_attempts(struct ex_acquiring *q, const struct ex_record *rec,
    const struct ex_event *end, struct ex_err *err)
{
	const struct ex_json *told = ex_json_get(end->fields, "attempts");
	const char *id = ex_event_text(end, "acquisition");
	struct ex_json *all = NULL, *own = q->attempts;
	int rc = 0;

	if (told != NULL)
		all = ex_json_copy(told);
	for (size_t i = 0; rc == 0 && told == NULL && i < rec->nentries; i++) {
		const struct ex_admission *a = &rec->entry[i]->admission;
		const char *is = ex_event_text(&a->event, "acquisition");

		if (a->event.act == EX_ACT_ACQUIRE_START && is != NULL &&
		    id != NULL && strcmp(is, id) == 0)
			rc = ex_acquire_add_attempt(&all, a->leaf, err);
	}
	for (size_t i = 0; rc == 0 && i < ex_json_count(own); i++)
		rc = ex_json_add(all, ex_json_copy(ex_json_at(own, i)), err);
	q->attempts = all;
	ex_json_free(own);
	return rc;
}

/* It goes on as that one was: the same part of the medium. */
static void
take_part(struct ex_acquiring *q, const struct ex_json *fields)
{
	const struct ex_json *set = ex_json_get(fields, "settings");
	struct ex_acquire *g = &q->given;

	if (q->a != g)
		*g = *q->a;
	q->a = g;
	g->offset = (uint64_t)ex_json_get_int(set, "offset", 0);
	g->length = (uint64_t)ex_json_get_int(set, "length", 0);
	if (g->length + g->offset == q->base_size)
		g->length = 0;
	if (g->format == NULL)
		g->format = ex_container_text(q->base_image->container);
}

/* The medium, as the imaging of the image began. */
static int
take_medium(struct ex_acquiring *q, const struct ex_record *rec,
    const struct ex_event *end, struct ex_err *err)
{
	const char *id = ex_event_text(end, "acquisition");
	const char *serial = NULL;

	for (size_t i = 0; i < rec->nentries; i++) {
		const struct ex_event *e = &rec->entry[i]->admission.event;
		const char *is = ex_event_text(e, "acquisition");

		if (e->act != EX_ACT_ACQUIRE_START || is == NULL ||
		    id == NULL || strcmp(is, id) != 0)
			continue;
		serial = ex_record_text(rec->entry[i], "device_serial");
		q->base_size = (uint64_t)ex_json_get_int(e->fields, "size", 0);
		q->base_sector =
		    (uint64_t)ex_json_get_int(e->fields, "sector_size", 0);
	}
	if (serial == NULL || q->base_sector == 0)
		return ex_fail(err, EX_STATE,
		    "nothing says which medium %s was made of", q->base_name);
	(void)snprintf(q->base_serial, sizeof(q->base_serial), "%s", serial);
	return 0;
}

/* What the item's record says of how it was made. */
static int
take_record(struct ex_acquiring *q, struct ex_err *err)
{
	const struct ex_event *end = NULL;
	char subject[EX_ITEM_MAX + 8];
	struct ex_record r;
	int rc;

	(void)snprintf(subject, sizeof(subject), "item:%s", q->a->item);
	rc = ex_record_open(&r, q->house, subject, err);
	for (size_t i = 0; rc == 0 && i < r.nentries; i++) {
		const struct ex_event *e = &r.entry[i]->admission.event;
		const char *image = ex_event_text(e, "image");

		if (e->act == EX_ACT_ACQUIRE_END && image != NULL &&
		    strcmp(image, q->base_name) == 0)
			end = e;
	}
	if (rc == 0 && end == NULL)
		rc = ex_fail(
		    err, EX_STATE, "%s was not imaged here", q->base_name);
	if (rc == 0 && (take_medium(q, &r, end, err) == -1 ||
			   take_attempts(q, &r, end, err) == -1 ||
			   take_map(q, end->fields, err) == -1))
		rc = -1;
	if (rc == 0)
		take_part(q, end->fields);
	ex_record_free(&r);
	return rc;
}

int
ex_acquire_base(struct ex_acquiring *q, struct ex_err *err)
{
	struct ex_image *i;

	if (choose(q, err) == -1)
		return -1;
	if (q->base_name[0] == '\0')
		return 0;
	if ((i = q->base_image = calloc(1, sizeof(*i))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_image_begin(i, q->house, q->base_name, NULL, err) == -1 ||
	    verify(q, err) == -1)
		return -1;
	q->base = (struct ex_imaging_base){ .name = q->base_name,
		.container = i->container,
		.path = (const char *const *)i->path,
		.npaths = i->npaths,
		.bytes = (uint64_t)ex_json_get_int(
		    i->create->admission.event.fields, "size", 0) };
	return take_record(q, err);
}

int
ex_acquire_base_same(const struct ex_acquiring *q, struct ex_err *err)
{
	const struct ex_source_info *i = &q->source->info;
	char shown[2 * EX_SOURCE_TEXT];

	if (q->base_name[0] == '\0')
		return 0;
	(void)ex_text_shown(shown, sizeof(shown), i->serial);
	if (strcmp(shown, q->base_serial) == 0 && i->size == q->base_size &&
	    i->sector_size == q->base_sector)
		return 0;
	return ex_fail(err, EX_STATE,
	    "%s is another medium than %s was made of: serial %s and %ju "
	    "bytes, not %s and %ju",
	    i->path, q->base_name, shown, (uintmax_t)i->size, q->base_serial,
	    (uintmax_t)q->base_size);
}

void
ex_acquire_base_end(struct ex_acquiring *q)
{
	ex_ranges_free(&q->base.map);
	if (q->base_image != NULL)
		ex_image_end(q->base_image);
	free(q->base_image);
	q->base_image = NULL;
}

int
ex_acquire_put_attempts(
    const struct ex_acquiring *q, struct ex_json *f, struct ex_err *err)
{
	struct ex_json *list;

	if (q->base_name[0] != '\0' &&
	    ex_json_set_text(f, "base", q->base_name, err) == -1)
		return -1;
	if (ex_json_count(q->attempts) < 2)
		return 0;
	if (ex_json_set(f, "attempts", ex_json_ref(q->attempts), err) == -1 ||
	    ex_origins_json(&list, &q->out.map, err) == -1)
		return -1;
	return ex_list_put(q->house, f, "origins", "origin_list", list, err);
}
