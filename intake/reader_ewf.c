/*
 * reader_ewf.c -- E01 images through libewf, for reading, in the jail.
 *
 * libewf gives zeroes for what is missing and calls that success, so nothing
 * is read through its buffers: chunks come as they are stored and are checked
 * here (and no number of open files is set: its pool of them loses count), a
 * chunk that is not there is an error of libewf_handle_read_chunk(),
 * and reader_sections.c looks at what lies round them.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libewf.h>

#include "base/text.h"
#include "intake/container.h"
#include "intake/reader_parts.h"

enum {
	SEGMENT_HEAD = 13,	 /* bytes before the first section */
	NAME = 32,		 /* bytes of "/proc/self/fd/N" */
	HEADER_VALUE = 64 * 1024 /* bytes, before it is cut */
};

struct ewf {
	libewf_handle_t *handle;
};

/* The number that a segment gives itself; 0 when it is none. */
static unsigned
segment_number(int fd)
{
	static const uint8_t magic[9] = { 'E', 'V', 'F', 0x09, 0x0d, 0x0a, 0xff,
		0x00, 0x01 };
	uint8_t head[SEGMENT_HEAD];

	if (pread(fd, head, sizeof(head), 0) != (ssize_t)sizeof(head) ||
	    memcmp(head, magic, sizeof(magic)) != 0 || head[11] != 0 ||
	    head[12] != 0)
		return 0;
	return head[9] | (unsigned)head[10] << 8;
}

/*
 * Put the files in the order of their numbers.  *n becomes how many follow
 * on each other from the first: libewf opens nothing with a gap.
 */
static void
sort_segments(
    int *sorted, size_t *n, const int *fd, struct ex_reader_done *done)
{
	size_t all = *n, i;

	for (i = 0; i < all; i++)
		sorted[i] = -1;
	for (i = 0; i < all; i++) {
		unsigned number = segment_number(fd[i]);

		if (number == 0) {
			ex_reader_find(
			    done, "file %zu is not a segment of an E01", i + 1);
			continue;
		}
		if (number != i + 1)
			ex_reader_find(done,
			    "file %zu is segment %u: files are missing or "
			    "exchanged",
			    i + 1, number);
		if (number > all) {
			done->missing = 1;
			continue;
		}
		if (sorted[number - 1] != -1)
			ex_reader_find(
			    done, "segment %u is there twice", number);
		else
			sorted[number - 1] = fd[i];
	}
	for (i = 0; i < all && sorted[i] != -1; i++)
		continue;
	if (i < all) {
		done->missing = 1;
		ex_reader_find(done, "segment %zu is missing", i + 1);
	}
	*n = i;
}

/* What libewf says of it, which may quote the image. */
static void
fail_open(libewf_error_t *e, struct ex_err *err)
{
	char text[256] = "";

	if (e == NULL || libewf_error_sprint(e, text, sizeof(text)) == -1)
		text[0] = '\0';
	(void)ex_fail(err, EX_FORMAT, "libewf cannot open it: %s", text);
}

static int
open_handle(struct ewf *w, const int *fd, size_t n, struct ex_err *err)
{
	char *text = calloc(n, NAME), **name = calloc(n, sizeof(*name));
	libewf_error_t *e = NULL;
	int rc = -1;

	if (text == NULL || name == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	for (size_t i = 0; i < n; i++) {
		name[i] = &text[i * NAME];
		(void)snprintf(name[i], NAME, "/proc/self/fd/%d", fd[i]);
	}
	if (libewf_handle_initialize(&w->handle, &e) == 1 &&
	    libewf_handle_open(w->handle, name, (int)n, LIBEWF_OPEN_READ, &e) ==
		1)
		rc = 0;
	else
		fail_open(e, err);
out:
	libewf_error_free(&e);
	free(name);
	free(text);
	return rc;
}

/* Sizes, as far as they can be true. */
static int
measure(struct ex_reader_image *image, struct ewf *w, struct ex_err *err)
{
	size64_t bytes = 0;

	if (libewf_handle_get_media_size(w->handle, &bytes, NULL) != 1 ||
	    libewf_handle_get_chunk_size(w->handle, &image->chunk, NULL) != 1 ||
	    libewf_handle_get_bytes_per_sector(
		w->handle, &image->sector_size, NULL) != 1)
		return ex_fail(err, EX_FORMAT, "it says no size");
	image->bytes = bytes;
	if (bytes == 0)
		return ex_fail(err, EX_DAMAGED, "it holds no media");
	if (image->sector_size == 0 || image->chunk == 0 ||
	    image->chunk > EX_READER_CHUNK_MAX ||
	    image->chunk % image->sector_size != 0)
		return ex_fail(err, EX_FORMAT,
		    "chunks of %u bytes in sectors of %u", image->chunk,
		    image->sector_size);
	return 0;
}

static int
ewf_open(struct ex_reader_image *image, const int *fd, size_t n,
    struct ex_reader_done *done, struct ex_err *err)
{
	struct ewf *w = calloc(1, sizeof(*w));
	int *sorted = calloc(n, sizeof(*sorted));
	size_t usable = n;
	struct ex_err why = EX_ERR_INIT;
	int is_last = 0, rc = -1;

	image->self = w;
	if (w == NULL || sorted == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	if (n == 1 && segment_number(fd[0]) == 0) {
		(void)ex_fail(err, EX_FORMAT, "not an E01");
		goto out;
	}
	sort_segments(sorted, &usable, fd, done);
	if (usable == 0) {
		(void)ex_fail(err, EX_DAMAGED, "%s", done->text);
		goto out;
	}
	for (size_t i = 0; i < usable; i++)
		ex_reader_walk(done, sorted[i], (unsigned)i + 1, &is_last);
	if (!is_last) {
		done->missing = 1;
		ex_reader_find(done,
		    "segment %zu or the end of the last is missing",
		    usable + 1);
	}
	if (open_handle(w, sorted, usable, &why) == 0 &&
	    measure(image, w, &why) == 0)
		rc = 0;
	/* What was found says more than that libewf gave up. */
	else if (done->text[0] != '\0')
		(void)ex_fail(err, EX_DAMAGED, "%s", done->text);
	else
		(void)ex_fail(err, why.code, "%s", why.text);
out:
	free(sorted);
	return rc;
}

static void
ewf_read(struct ex_reader_image *image, struct ex_chunk *c, uint8_t *room,
    uint64_t off)
{
	struct ewf *w = image->self;
	libewf_error_t *e = NULL;
	int8_t packed = 0, checked = 0;
	uint8_t checksum[4];
	ssize_t n = -1;

	c->bytes = room;
	if (libewf_handle_seek_offset(w->handle, (off64_t)off, SEEK_SET, &e) ==
	    (off64_t)off)
		n = libewf_handle_read_chunk(w->handle, room,
		    image->chunk + EX_READER_SLACK, &packed, checksum,
		    &c->checksum, &checked, &e);
	libewf_error_free(&e);
	if (n <= 0 || (size_t)n > image->chunk + EX_READER_SLACK) {
		c->state = EX_CHUNK_MISSING;
		return;
	}
	c->n = (size_t)n;
	c->packed = packed != 0;
	/* Every chunk that is not packed has a checksum in this format. */
	c->state = c->packed || checked ? EX_CHUNK_CHECKED : EX_CHUNK_WRONG;
}

/* One value under its name; an empty one is none. */
static int
tell_value(struct ex_buf *out, const char *name, const char *value, size_t n,
    struct ex_err *err)
{
	struct ex_reader_header m;

	memset(&m, 0, sizeof(m));
	if (strlen(name) > EX_READER_NAME || n == 0)
		return 0;
	memcpy(m.name, name, strlen(name));
	(void)ex_text_show(m.value, sizeof(m.value), value, n);
	return ex_reader_put_header(out, &m, err);
}

/* The i-th value that libewf found in the header sections. */
static int
tell_one(
    libewf_handle_t *handle, uint32_t i, struct ex_buf *out, struct ex_err *err)
{
	size_t name_n = 0, n = 0;
	uint8_t name[EX_READER_NAME + 1], *value = NULL;
	int rc = 0;

	if (libewf_handle_get_header_value_identifier_size(
		handle, i, &name_n, NULL) != 1 ||
	    name_n == 0 || name_n > sizeof(name) ||
	    libewf_handle_get_header_value_identifier(
		handle, i, name, name_n, NULL) != 1 ||
	    libewf_handle_get_utf8_header_value_size(
		handle, name, name_n - 1, &n, NULL) != 1 ||
	    n == 0 || n > HEADER_VALUE)
		return 0;
	if ((value = malloc(n)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (libewf_handle_get_utf8_header_value(
		handle, name, name_n - 1, value, n, NULL) == 1)
		rc = tell_value(out, (const char *)name, (const char *)value,
		    strnlen((const char *)value, n), err);
	free(value);
	return rc;
}

/* Sectors that its maker could not read, as error2 lists them. */
static int
tell_errors(libewf_handle_t *handle, struct ex_buf *out, struct ex_err *err)
{
	uint64_t start, count, sectors = 0;
	char text[EX_READER_VALUE + 1];
	uint32_t n = 0;
	size_t used = 0;

	if (libewf_handle_get_number_of_acquiry_errors(handle, &n, NULL) != 1 ||
	    n == 0)
		return 0;
	text[0] = '\0';
	for (uint32_t i = 0; i < n; i++) {
		if (libewf_handle_get_acquiry_error(
			handle, i, &start, &count, NULL) != 1)
			continue;
		sectors += count;
		if (used + 64 < sizeof(text))
			used +=
			    (size_t)snprintf(&text[used], sizeof(text) - used,
				" %" PRIu64 "+%" PRIu64, start, count);
	}
	(void)snprintf(&text[used], sizeof(text) - used,
	    "%s; %" PRIu64 " sectors in all",
	    used + 64 < sizeof(text) ? "" : " ...", sectors);
	return tell_value(
	    out, "acquisition_errors", &text[1], strlen(&text[1]), err);
}

static int
ewf_tell(struct ex_reader_image *image, struct ex_buf *out, struct ex_err *err)
{
	struct ewf *w = image->self;
	uint32_t n = 0;

	(void)libewf_handle_set_header_values_date_format(
	    w->handle, LIBEWF_DATE_FORMAT_ISO8601, NULL);
	if (libewf_handle_get_number_of_header_values(w->handle, &n, NULL) != 1)
		n = 0;
	for (uint32_t i = 0; i < n && i < EX_READER_VALUES - 1; i++)
		if (tell_one(w->handle, i, out, err) == -1)
			return -1;
	return tell_errors(w->handle, out, err);
}

static void
ewf_end(struct ex_reader_image *image, struct ex_reader_done *done)
{
	struct ewf *w = image->self;
	uint32_t wrong = 0;

	done->corrupted =
	    libewf_handle_segment_files_corrupted(w->handle, NULL) != 0;
	if (libewf_handle_get_number_of_checksum_errors(
		w->handle, &wrong, NULL) == 1 &&
	    wrong > 0)
		done->corrupted = 1;
	done->has_md5 = libewf_handle_get_md5_hash(
			    w->handle, done->md5, sizeof(done->md5), NULL) == 1;
	done->has_sha1 = libewf_handle_get_sha1_hash(w->handle, done->sha1,
			     sizeof(done->sha1), NULL) == 1;
}

static void
ewf_close(struct ex_reader_image *image)
{
	struct ewf *w = image->self;

	if (w != NULL && w->handle != NULL) {
		(void)libewf_handle_close(w->handle, NULL);
		(void)libewf_handle_free(&w->handle, NULL);
	}
	free(w);
	image->self = NULL;
}

const struct ex_reader_image_ops ex_reader_ewf = { ewf_open, ewf_read, ewf_tell,
	ewf_end, ewf_close, ex_ewf_version };
