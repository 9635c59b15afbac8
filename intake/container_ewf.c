/*
 * container_ewf.c -- EnCase 6 images through libewf, for writing.
 *
 * Chunks come packed already and go through libewf_handle_write_chunk() in
 * order.  The size of the media is not told beforehand: libewf then takes
 * what comes and corrects the volume sections at the end, so that an image of
 * a source that ended early is whole as far as it goes.  All segments stay
 * open until then: libbfio's pool loses count when it may hold only some.
 */
#include <sys/utsname.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libewf.h>

#include "base/file.h"
#include "base/codec.h"
#include "intake/ewf_parts.h"
#include "intake/ewf_sections.h"
#include "intake/pack.h"

enum {
	VALUE = 1024 /* bytes of a header value */
};

const char *
ex_ewf_version(void)
{
	return libewf_get_version();
}

/*
 * A header is lines of values with tabs between them: what would break that
 * becomes a space.  NULL and "" are left out.
 */
static int
set_value(
    struct ewf *w, const char *name, const char *value, libewf_error_t **e)
{
	uint8_t text[VALUE];
	size_t n = 0;

	if (value == NULL || value[0] == '\0')
		return 1;
	for (; value[n] != '\0' && n < sizeof(text) - 1; n++)
		text[n] = (uint8_t)value[n] < 0x20 || value[n] == 0x7f
			      ? ' '
			      : (uint8_t)value[n];
	/* Cut between characters. */
	while (value[n] != '\0' && n > 0 && ((uint8_t)value[n] & 0xc0) == 0x80)
		n--;
	text[n] = 0;
	return libewf_handle_set_utf8_header_value(
	    w->handle, (const uint8_t *)name, strlen(name), text, n, e);
}

static int
set_header(struct ewf *w, const struct ex_image_header *h, struct ex_err *err)
{
	struct utsname system;
	const struct {
		const char *name, *value;
	} values[] = {
		{ "case_number", h->case_number },
		{ "evidence_number", h->evidence_number },
		{ "description", h->description },
		{ "examiner_name", h->examiner },
		{ "notes", h->notes },
		{ "model", h->model },
		{ "serial_number", h->serial },
		{ "acquiry_software", "exhibit" },
		{ "acquiry_software_version", EX_VERSION },
		{ "acquiry_operating_system",
		    uname(&system) == -1 ? "unknown" : system.sysname },
	};
	libewf_error_t *e = NULL;

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (set_value(w, values[i].name, values[i].value, &e) != 1)
			return ex_ewf_fail(&e, err, values[i].name);
	return 0;
}

static int8_t
level_of(enum ex_compression compression)
{
	switch (compression) {
	case EX_COMPRESSION_FAST:
		return LIBEWF_COMPRESSION_FAST;
	case EX_COMPRESSION_BEST:
		return LIBEWF_COMPRESSION_BEST;
	case EX_COMPRESSION_NONE:
	case EX_COMPRESSIONS:
	default:
		return LIBEWF_COMPRESSION_NONE;
	}
}

static int
set_media(
    struct ewf *w, const struct ex_container_plan *plan, struct ex_err *err)
{
	libewf_handle_t *h = w->handle;
	libewf_error_t *e = NULL;
	uint8_t type = plan->removable ? LIBEWF_MEDIA_TYPE_REMOVABLE
				       : LIBEWF_MEDIA_TYPE_FIXED;

	if (libewf_handle_set_format(h, LIBEWF_FORMAT_ENCASE6, &e) != 1 ||
	    libewf_handle_set_sectors_per_chunk(
		h, plan->chunk / plan->sector_size, &e) != 1 ||
	    libewf_handle_set_bytes_per_sector(h, plan->sector_size, &e) != 1 ||
	    libewf_handle_set_media_type(h, type, &e) != 1 ||
	    libewf_handle_set_media_flags(h, LIBEWF_MEDIA_FLAG_PHYSICAL, &e) !=
		1 ||
	    libewf_handle_set_compression_values(
		h, level_of(plan->compression), 0, &e) != 1 ||
	    libewf_handle_set_maximum_segment_size(h, plan->segment_size, &e) !=
		1 ||
	    libewf_handle_set_error_granularity(h, plan->granularity, &e) != 1)
		return ex_ewf_fail(&e, err, "E01");
	return 0;
}

static int
open_handle(
    struct ewf *w, const struct ex_container_plan *plan, struct ex_err *err)
{
	libewf_error_t *e = NULL;
	char base[EX_PATH], *names[] = { base };

	if (ex_path_join(base, sizeof(base), plan->dir, plan->name, err) == -1)
		return -1;
	if (libewf_handle_initialize(&w->handle, &e) != 1 ||
	    libewf_handle_open(w->handle, names, 1, LIBEWF_OPEN_WRITE, &e) != 1)
		return ex_ewf_fail(&e, err, plan->dir);
	return 0;
}

void
ex_ewf_close(void *self)
{
	struct ewf *w = self;

	if (w == NULL)
		return;
	if (w->handle != NULL) {
		(void)libewf_handle_close(w->handle, NULL);
		(void)libewf_handle_free(&w->handle, NULL);
	}
	free(w->size);
	free(w);
}

struct ewf *
ex_ewf_new(const struct ex_container_plan *plan, struct ex_err *err)
{
	struct ewf *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		return NULL;
	}
	(void)snprintf(w->dir, sizeof(w->dir), "%s", plan->dir);
	(void)snprintf(w->name, sizeof(w->name), "%s", plan->name);
	w->chunk = plan->chunk;
	w->sector_size = plan->sector_size;
	w->length = plan->length;
	w->first = w->last = 1;
	return w;
}

static int
ewf_open(void **self, const struct ex_container_plan *plan, struct ex_err *err)
{
	struct ewf *w = ex_ewf_new(plan, err);

	if (w == NULL)
		return -1;
	if (open_handle(w, plan, err) == -1 ||
	    set_header(w, plan->header, err) == -1 ||
	    set_media(w, plan, err) == -1) {
		ex_ewf_close(w);
		return -1;
	}
	*self = w;
	return 0;
}

static int
write_chunk(struct ewf *w, const struct ex_chunk *c, struct ex_err *err)
{
	libewf_error_t *e = NULL;
	uint8_t checksum[4];
	ssize_t n;

	errno = 0;
	n = libewf_handle_write_chunk(w->handle, c->bytes, c->n, c->plain,
	    (int8_t)c->packed, checksum, c->checksum, (int8_t)!c->packed, &e);
	/* It answers with the bytes of the chunk as it was given. */
	if (n > 0 && (size_t)n == c->n)
		return ex_ewf_note(w, c, err) == -1 ? -1 : ex_ewf_renew(w, err);
	if (n < 0 && errno == ENOSPC)
		(void)ex_fail(err, EX_LIMIT, "no space left");
	return ex_ewf_fail(&e, err, "E01: a chunk was not written");
}

static int
ewf_write(void *self, const struct ex_block *b, struct ex_err *err)
{
	for (size_t i = 0; i < b->nchunks; i++)
		if (write_chunk(self, &b->chunk[i], err) == -1)
			return -1;
	return 0;
}

/*
 * Digests that the container has a place for: MD5 and SHA-1.  As text: of an
 * image that was resumed libewf takes them in no other way.
 */
static int
set_digests(
    struct ewf *w, const struct ex_container_end *end, struct ex_err *err)
{
	libewf_error_t *e = NULL;
	char hex[2 * EX_DIGEST_MAX + 1];

	for (size_t i = 0; i < end->ndigests; i++) {
		const struct ex_digest_value *d = &end->digest[i];
		const char *name = d->alg == EX_MD5 ? "MD5" : "SHA1";

		if (d->alg != EX_MD5 && d->alg != EX_SHA1)
			continue;
		ex_hex(hex, d->value, d->len);
		if (libewf_handle_set_utf8_hash_value(w->handle,
			(const uint8_t *)name, strlen(name),
			(const uint8_t *)hex, strlen(hex), &e) != 1)
			return ex_ewf_fail(&e, err, "E01: digests");
	}
	return 0;
}

/*
 * Sectors that are not the source's, counted as the container counts: its
 * error2 section.  It has 32 bits for a sector's number; what lies beyond
 * stands in the signed list alone.  *n of them; the caller's.
 */
static uint32_t (*list_errors(size_t *n, const struct ewf *w,
    const struct ex_container_end *end, struct ex_err *err))[2]
{
	const uint64_t sector = w->sector_size;
	uint32_t(*list)[2] = calloc(end->bad->n + 1, sizeof(*list));

	*n = 0;
	if (list == NULL)
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; list != NULL && i < end->bad->n; i++) {
		const struct ex_range *r = &end->bad->at[i];
		uint64_t first = r->lba * end->source_sector_size - end->offset;
		uint64_t bytes = r->count * end->source_sector_size;

		if (!ex_range_is_filled(r) || first >= end->length)
			continue;
		if (bytes > end->length - first)
			bytes = end->length - first;
		if ((first + bytes) / sector > UINT32_MAX)
			break;
		list[*n][0] = (uint32_t)(first / sector);
		list[(*n)++][1] = (uint32_t)((bytes + sector - 1) / sector);
	}
	return list;
}

static int
set_errors(
    struct ewf *w, const struct ex_container_end *end, struct ex_err *err)
{
	libewf_error_t *e = NULL;
	size_t n;
	uint32_t(*list)[2] = list_errors(&n, w, end, err);
	int rc = list == NULL ? -1 : 0;

	for (size_t i = 0; rc == 0 && i < n; i++)
		if (libewf_handle_append_acquiry_error(
			w->handle, list[i][0], list[i][1], &e) != 1)
			rc = ex_ewf_fail(&e, err, "E01: list of bad sectors");
	free(list);
	return rc;
}

static const uint8_t *
digest_of(const struct ex_container_end *end, enum ex_alg alg)
{
	for (size_t i = 0; i < end->ndigests; i++)
		if (end->digest[i].alg == alg)
			return end->digest[i].value;
	return NULL;
}

/* Nothing came since it was resumed: libewf would leave it without an end. */
static int
end_as_it_is(
    struct ewf *w, const struct ex_container_end *end, struct ex_err *err)
{
	struct ex_ewf_ending ending = { .md5 = digest_of(end, EX_MD5),
		.sha1 = digest_of(end, EX_SHA1) };
	uint32_t(*list)[2] = list_errors(&ending.nerrors, w, end, err);
	int rc;

	if (list == NULL)
		return -1;
	ending.error = (const uint32_t(*)[2])list;
	(void)libewf_handle_close(w->handle, NULL);
	(void)libewf_handle_free(&w->handle, NULL);
	/* Its statement is repeated behind: first the length, then that. */
	rc = ex_ewf_correct_length(w, end->length, err) == -1
		 ? -1
		 : ex_ewf_end_last(w, &ending, err);
	free(list);
	return rc;
}

static int
ewf_finish(void *self, const struct ex_container_end *end, struct ex_err *err)
{
	struct ewf *w = self;
	libewf_error_t *e = NULL;
	int rc;

	if (w->is_resumed && w->media == w->resumed_at)
		return end_as_it_is(w, end, err);
	if (set_digests(w, end, err) == -1 || set_errors(w, end, err) == -1)
		return -1;
	if (libewf_handle_write_finalize(w->handle, &e) <= 0)
		return ex_ewf_fail(&e, err, "E01: its end was not written");
	rc = libewf_handle_close(w->handle, &e);
	(void)libewf_handle_free(&w->handle, NULL);
	if (rc != 0)
		return ex_ewf_fail(&e, err, "E01: close");
	return ex_ewf_correct_length(w, end->length, err);
}

const struct ex_container_ops ex_container_ewf = { ewf_open, ex_ewf_resume,
	ex_ewf_goes_on, ex_ewf_settle, ex_ewf_mark, ewf_write, ewf_finish,
	ex_ewf_close, "libewf" };
