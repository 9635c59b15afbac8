/*
 * acquire_result.c -- what came of an acquisition, kept in DIR/pending before
 * anybody is asked to sign it.
 *
 * DIR/pending/IMAGE.acquired is canonical JSON: {"schema":
 * "exhibit-acquired/v1","item","acquisition","end","end_texts","digests"} and
 * for an image {"image","create","create_texts"}: fields and texts of the two
 * entries as they will be signed.  Of one that is paused "pause" and
 * "pause_texts" stand instead of the end.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "cases/acquire_parts.h"
#include "cases/image_blocks.h"
#include "intake/vault.h"

#define SCHEMA "exhibit-acquired/v1"

enum {
	LIST_ROOM = 12 * 1024 /* a longer list goes into the vault */
};

int
ex_list_put(struct ex_house *house, struct ex_json *fields, const char *name,
    const char *list_name, struct ex_json *list, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	char vault[EX_PATH], hex[EX_SHA256_HEX];
	int rc = -1;

	if (ex_json_count(list) == 0) {
		ex_json_free(list);
		return 0;
	}
	if (ex_json_write(&text, list, err) == 0 && text.len <= LIST_ROOM) {
		ex_buf_free(&text);
		return ex_json_set(fields, name, list, err);
	}
	if (text.len > 0 && ex_house_path(vault, house, "vault", err) == 0 &&
	    ex_vault_put(hex, vault, EX_VAULT_ATTACHMENTS, NULL, text.data,
		text.len, err) == 0)
		rc = ex_json_set_text(fields, list_name, hex, err);
	ex_buf_free(&text);
	ex_json_free(list);
	return rc;
}

static int
put_list(struct ex_acquiring *q, struct ex_json *fields, const char *name,
    const char *list_name, struct ex_json *list, struct ex_err *err)
{
	return ex_list_put(q->house, fields, name, list_name, list, err);
}

static const struct ex_image_copy *
first_good(const struct ex_acquiring *q)
{
	for (size_t i = 0; i < q->out.ncopies; i++)
		if (q->out.copy[i].good)
			return &q->out.copy[i];
	return NULL;
}

/* What read the image back, and in which jail; nothing when nothing did. */
static int
put_reader(struct ex_json *v, const struct ex_acquiring *q, struct ex_err *err)
{
	for (size_t i = 0; i < q->out.ncopies; i++) {
		const struct ex_verdict *r = &q->verdict[i];

		if (r->library[0] == '\0')
			continue;
		if (ex_json_set_text(v, "reader", r->library, err) == -1 ||
		    ex_json_set_text(
			v, "reader_digester", ex_digest_maker(0), err) == -1)
			return -1;
		return ex_json_set_text(v, "reader_jail",
		    r->landlock ? "landlock-seccomp" : "seccomp", err);
	}
	return 0;
}

/* How broken media were met, and how the reading went. */
static int
put_reading(struct ex_json *v, const struct ex_acquiring *q, struct ex_err *err)
{
	const struct ex_imaging_outcome *o = &q->out;
	const struct ex_imaging *j = &q->job;
	char fill[16] = "zeroes";

	if (j->fill != 0)
		(void)snprintf(fill, sizeof(fill), "0x%02x", j->fill);
	if (ex_json_set_int(v, "retries", j->retries, err) == -1 ||
	    ex_json_set_int(v, "granularity",
		j->granularity == 0 ? 1 : j->granularity, err) == -1 ||
	    ex_json_set_text(v, "fill", fill, err) == -1 ||
	    (j->bad_limit != 0 && ex_json_set_int(v, "bad_limit",
				      (int64_t)j->bad_limit, err) == -1) ||
	    ex_json_set_int(v, "wait", j->wait, err) == -1 ||
	    ex_json_set_int(v, "failed_reads", (int64_t)o->failed_reads, err) ==
		-1 ||
	    ex_json_set_int(v, "slowest_read_ms",
		o->slowest_read / (EX_SECOND / 1000), err) == -1)
		return -1;
	return ex_json_set_int(v, "source_returned", o->returns, err);
}

/* What was read before, and where this attempt had it from. */
static int
put_head(struct ex_json *v, const struct ex_acquiring *q, struct ex_err *err)
{
	const struct ex_imaging_outcome *o = &q->out;
	int copied = o->read_from_copy > 0;

	if (!q->job.resume && q->job.base == NULL)
		return 0;
	if (ex_json_set_text(
		v, "head", copied ? "read_from_copy" : "read_again", err) == -1)
		return -1;
	if (q->job.retry_bad &&
	    ex_json_set_text(v, "bad_sectors_before", "tried_again", err) == -1)
		return -1;
	return ex_json_set_int(v, "head_bytes",
	    (int64_t)(copied ? o->read_from_copy : o->read_again), err);
}

static int
settings(struct ex_json **out, const struct ex_acquiring *q, struct ex_err *err)
{
	const struct ex_imaging *j = &q->job;
	struct ex_json *v = ex_json_object();
	size_t good = 0;

	for (size_t i = 0; i < q->out.ncopies; i++)
		good += q->out.copy[i].good ? 1 : 0;
	if (v == NULL ||
	    ex_json_set_text(
		v, "format", ex_container_text(j->container), err) == -1 ||
	    ex_json_set_text(v, "compression",
		ex_compression_text(j->compression), err) == -1 ||
	    ex_json_set_int(
		v, "segment_size", (int64_t)q->out.segment_size, err) == -1 ||
	    ex_json_set_int(v, "chunk_size", q->out.chunk_size, err) == -1 ||
	    ex_json_set_int(v, "offset", (int64_t)j->offset, err) == -1 ||
	    ex_json_set_int(v, "length", (int64_t)q->out.bytes_expected, err) ==
		-1 ||
	    put_reading(v, q, err) == -1 ||
	    ex_json_set_text(v, "writer", q->out.writer, err) == -1 ||
	    ex_json_set_text(v, "compressor", q->out.compressor, err) == -1 ||
	    ex_json_set_text(v, "digester", q->out.digester, err) == -1 ||
	    put_reader(v, q, err) == -1 || put_head(v, q, err) == -1 ||
	    ex_json_set_int(v, "destinations", (int64_t)q->out.ncopies, err) ==
		-1 ||
	    ex_json_set_int(v, "destinations_good", (int64_t)good, err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	*out = v;
	return 0;
}

static int
put_time(struct ex_json *v, const char *name, int64_t at, struct ex_err *err)
{
	char text[EX_TIME_TEXT];

	ex_time_text(text, at);
	return ex_json_set_text(v, name, text, err);
}

/* Bytes that there are; of one that is paused all that is kept. */
static uint64_t
got(const struct ex_acquiring *q)
{
	return q->out.result == EX_IMAGING_PAUSED ? q->out.kept : q->out.bytes;
}

/*
 * Bytes of the image that are not the source's; the last sector of a file may
 * be a short one.
 */
static uint64_t
filled(const struct ex_acquiring *q)
{
	const struct ex_imaging_outcome *o = &q->out;
	uint64_t end = q->job.offset + got(q), n = 0;

	for (size_t i = 0; i < o->bad.n; i++) {
		uint64_t from = o->bad.at[i].lba * o->sector_size;
		uint64_t to = from + o->bad.at[i].count * o->sector_size;

		if (ex_range_is_filled(&o->bad.at[i]) && from < end)
			n += (to < end ? to : end) - from;
	}
	return n;
}

/* What acquire_end and acquire_pause both say. */
static int
common_fields(struct ex_acquiring *q, struct ex_json *f, struct ex_err *err)
{
	const struct ex_imaging_outcome *o = &q->out;
	int64_t resumes = (int64_t)q->resumes + (q->job.resume ? 1 : 0);
	struct ex_json *set;

	if (ex_json_set_text(f, "acquisition", q->id, err) == -1 ||
	    (resumes > 0 &&
		ex_json_set_int(f, "resumes", resumes, err) == -1) ||
	    ex_json_set_int(
		f, "bytes_expected", (int64_t)o->bytes_expected, err) == -1 ||
	    ex_json_set_int(
		f, "bytes_read", (int64_t)(got(q) - filled(q)), err) == -1 ||
	    ex_json_set_int(f, "bad_sectors",
		(int64_t)ex_ranges_filled(&o->bad), err) == -1 ||
	    put_time(f, "started", o->started, err) == -1 ||
	    put_time(f, "ended", o->ended, err) == -1 ||
	    ex_acquire_put_attempts(q, f, err) == -1 ||
	    settings(&set, q, err) == -1)
		return -1;
	return ex_json_set(f, "settings", set, err);
}

/* The map of the first good copy: as all are the same. */
static int
put_blocks(struct ex_acquiring *q, struct ex_json *f, struct ex_err *err)
{
	for (size_t i = 0; i < q->out.ncopies; i++)
		if (q->out.copy[i].good)
			return ex_blocks_keep(q->house, f, &q->verdict[i], err);
	return 0;
}

/* The fields of acquire_end. */
static int
end_fields(struct ex_acquiring *q, struct ex_json *f, struct ex_err *err)
{
	const struct ex_imaging_outcome *o = &q->out;
	struct ex_json *ranges;
	int has_image = first_good(q) != NULL;

	if (common_fields(q, f, err) == -1 ||
	    ex_json_set_text(
		f, "result", ex_imaging_result_text(o->result), err) == -1 ||
	    (has_image && ex_json_set_text(f, "image", q->image, err) == -1) ||
	    ex_json_set_text(
		f, "verified", q->verified ? "ok" : "failed", err) == -1 ||
	    ex_acquire_put_after(q, f, err) == -1 ||
	    ex_acquire_put_again(f, q, err) == -1 ||
	    ex_ranges_json(&ranges, &o->bad, err) == -1)
		return -1;
	if (put_blocks(q, f, err) == -1) {
		ex_json_free(ranges);
		return -1;
	}
	return put_list(q, f, "bad_ranges", "range_list", ranges, err);
}

/*
 * The map of what was read and what was not: ranges as they are known, and
 * as skipped everything behind what is kept.
 */
static int
map_of(struct ex_ranges *out, const struct ex_acquiring *q, struct ex_err *err)
{
	const struct ex_imaging_outcome *o = &q->out;
	struct ex_range rest = { .status = EX_RANGE_SKIPPED };
	uint64_t end =
	    (q->job.offset + o->bytes_expected + o->sector_size - 1) /
	    o->sector_size;

	rest.lba = (q->job.offset + o->kept) / o->sector_size;
	if (ex_ranges_slice(out, &o->bad, 0, rest.lba, err) == -1)
		return -1;
	if (rest.lba >= end)
		return 0;
	/* Not tried yet by any attempt: not to be joined to what was. */
	rest.count = end - rest.lba;
	return ex_ranges_put(out, &rest, err);
}

/* Nothing could be begun, and what was kept is as it was. */
static int
is_void(const struct ex_acquiring *q)
{
	return q->job.resume && q->out.writer[0] == '\0';
}

/* The fields of acquire_pause. */
static int
pause_fields(struct ex_acquiring *q, struct ex_json *f, struct ex_err *err)
{
	struct ex_ranges map = EX_RANGES_INIT;
	struct ex_json *ranges;
	int rc = -1;

	/* It did not come to that: what earlier ones signed holds. */
	if (is_void(q))
		return ex_json_set_text(f, "acquisition", q->id, err);
	if (common_fields(q, f, err) == 0 && map_of(&map, q, err) == 0 &&
	    ex_ranges_json(&ranges, &map, err) == 0)
		rc = put_list(q, f, "bad_ranges", "range_list", ranges, err);
	ex_ranges_free(&map);
	return rc;
}

/* Where each copy went, and what came of it: paths are texts. */
static int
put_destinations(
    const struct ex_acquiring *q, struct ex_json *texts, struct ex_err *err)
{
	char name[32], shown[EX_PATH], line[EX_PATH + 2 * EX_ERR_TEXT + 8];

	for (size_t i = 0; i < q->out.ncopies; i++) {
		const struct ex_image_copy *c = &q->out.copy[i];

		(void)ex_text_shown(shown, sizeof(shown), c->dir);
		(void)snprintf(name, sizeof(name), "destinations/%zu", i);
		(void)snprintf(line, sizeof(line), "%s: %s%s%s", shown,
		    c->good ? "ok" : c->why.text,
		    c->note[0] == '\0' ? "" : "; ", c->note);
		if (ex_json_set_text(texts, name, line, err) == -1)
			return -1;
	}
	return 0;
}

/* Where the image is: the folders of the good copies alone. */
static int
put_places(
    const struct ex_acquiring *q, struct ex_json *texts, struct ex_err *err)
{
	char name[32], shown[EX_PATH];
	size_t n = 0;

	for (size_t i = 0; i < q->out.ncopies; i++) {
		const struct ex_image_copy *c = &q->out.copy[i];

		if (!c->good)
			continue;
		(void)ex_text_shown(shown, sizeof(shown), c->dir);
		(void)snprintf(name, sizeof(name), "destinations/%zu", n++);
		if (ex_json_set_text(texts, name, shown, err) == -1)
			return -1;
	}
	return 0;
}

/* The fields of the image's create. */
static int
create_fields(struct ex_acquiring *q, struct ex_json *f, struct ex_err *err)
{
	const struct ex_image_copy *c = first_good(q);
	const char *number = ex_json_get_text(q->item, "case");
	struct ex_json *segments;

	if (ex_json_set_text(f, "case", number, err) == -1 ||
	    ex_json_set_text(f, "nature", "digital", err) == -1 ||
	    ex_json_set_text(f, "kind", "forensic_image", err) == -1 ||
	    ex_json_set_text(f, "parent", q->a->item, err) == -1 ||
	    ex_json_set_text(f, "relation", "image_of", err) == -1 ||
	    ex_json_set_text(
		f, "format", ex_container_text(q->job.container), err) == -1 ||
	    ex_json_set_int(f, "size", (int64_t)q->out.bytes, err) == -1 ||
	    ex_json_set_int(f, "segment_count", (int64_t)c->nsegments, err) ==
		-1 ||
	    ex_segments_json(&segments, c, 0, err) == -1)
		return -1;
	if (put_blocks(q, f, err) == -1) {
		ex_json_free(segments);
		return -1;
	}
	return put_list(q, f, "segments", "segment_list", segments, err);
}

/* An empty object under a name; borrowed. */
static struct ex_json *
section(struct ex_json *v, const char *name, struct ex_err *err)
{
	if (ex_json_set(v, name, ex_json_object(), err) == -1)
		return NULL;
	return ex_json_get_mutable(v, name);
}

/* The entry on the item: acquire_end, or acquire_pause. */
static int
describe_item(struct ex_acquiring *q, struct ex_json *v, struct ex_err *err)
{
	int paused = q->out.result == EX_IMAGING_PAUSED;
	const struct ex_err *why = ex_acquire_why(q);
	struct ex_json *f = section(v, paused ? "pause" : "end", err);
	struct ex_json *texts =
	    section(v, paused ? "pause_texts" : "end_texts", err);

	if (f == NULL || texts == NULL ||
	    (paused ? pause_fields(q, f, err) : end_fields(q, f, err)) == -1 ||
	    put_destinations(q, texts, err) == -1)
		return -1;
	return why->code == EX_OK
		   ? 0
		   : ex_json_set_text(texts, "reason", why->text, err);
}

static int
describe(struct ex_acquiring *q, struct ex_json *v, struct ex_err *err)
{
	struct ex_json *create, *texts, *digests;

	if (ex_json_set_text(v, "schema", SCHEMA, err) == -1 ||
	    ex_json_set_text(v, "item", q->a->item, err) == -1 ||
	    ex_json_set_text(v, "acquisition", q->id, err) == -1 ||
	    describe_item(q, v, err) == -1)
		return -1;
	if (first_good(q) == NULL)
		return 0;
	if (ex_digests_json(&digests, q->out.digest, q->out.ndigests, err) ==
		-1 ||
	    ex_json_set(v, "digests", digests, err) == -1 ||
	    ex_json_set_text(v, "image", q->image, err) == -1 ||
	    (create = section(v, "create", err)) == NULL ||
	    (texts = section(v, "create_texts", err)) == NULL ||
	    create_fields(q, create, err) == -1)
		return -1;
	return put_places(q, texts, err);
}

int
ex_acquired_write(
    struct ex_acquiring *q, char file[EX_PATH], struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	struct ex_buf text = EX_BUF_INIT;
	char dir[EX_PATH], name[EX_ITEM_MAX + 16];
	int rc = -1;

	(void)snprintf(name, sizeof(name), "%s.acquired", q->image);
	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (describe(q, v, err) == 0 && ex_json_write(&text, v, err) == 0 &&
	    ex_house_path(dir, q->house, "pending", err) == 0 &&
	    ex_path_join(file, EX_PATH, dir, name, err) == 0)
		rc = ex_file_write(file, text.data, text.len, 0600, err);
	ex_json_free(v);
	ex_buf_free(&text);
	return rc;
}
