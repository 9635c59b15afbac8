/*
 * container_resume_ewf.c -- an E01 that a run left half written, gone on with
 * through libewf; and where it stands while it is written.
 *
 * libewf goes on behind the last table of a set.  A mark knows the lengths of
 * the chunks that have none yet, so that they get theirs (ewf_sections.c) and
 * not one chunk is lost.  libewf must also be told the length of the media:
 * it cannot correct segments that it has not opened to write.
 */
#define _GNU_SOURCE /* O_CLOEXEC with O_NOFOLLOW */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libewf.h>

#include "base/limits.h"
#include "intake/ewf_parts.h"
#include "intake/ewf_sections.h"

enum {
	RENEW = 60000 /* chunks; a list holds 65534 */
};

int
ex_ewf_fail(libewf_error_t **e, struct ex_err *err, const char *what)
{
	char text[256] = "";

	if (*e != NULL && libewf_error_sprint(*e, text, sizeof(text)) == -1)
		text[0] = '\0';
	libewf_error_free(e);
	return ex_fail(err, EX_SYSTEM, "%s: %s", what,
	    text[0] == '\0' ? "libewf says no more" : text);
}

static int
segment_path(
    const struct ewf *w, char out[EX_PATH], unsigned n, struct ex_err *err)
{
	char extension[EX_EWF_EXTENSION], name[EX_IMAGING_NAME + 8];

	if (ex_ewf_extension(extension, n, err) == -1)
		return -1;
	(void)snprintf(name, sizeof(name), "%s.%s", w->name, extension);
	return ex_path_join(out, EX_PATH, w->dir, name, err);
}

/* Which of its segments was opened last: libewf does not tell. */
static int
find_last(struct ewf *w, struct ex_err *err)
{
	char path[EX_PATH];

	while (w->last < EX_SEGMENTS_MAX) {
		if (segment_path(w, path, w->last + 1, err) == -1)
			return -1;
		if (!ex_file_exists(path))
			break;
		w->last++;
	}
	return 0;
}

/* The segments up to the mark as libewf will go on with them. */
static int
prepare_resume(struct ewf *w, const struct ex_mark *mark, struct ex_err *err)
{
	char path[EX_PATH];
	size_t closed;

	w->last = mark->segment;
	if (find_last(w, err) == -1)
		return -1;
	for (unsigned n = 1; n <= w->last; n++) {
		if (segment_path(w, path, n, err) == -1)
			return -1;
		if (n > mark->segment) {
			if (unlink(path) == -1)
				return ex_fail_errno(err, "%s", path);
			continue;
		}
		/* Made read-only by a run that died behind its last byte. */
		if (chmod(path, 0600) == -1)
			return ex_fail(
			    err, EX_DAMAGED, "%s: %s", path, strerror(errno));
		if (ex_ewf_set_length(
			path, w->chunk, w->sector_size, w->length, err) == -1)
			return -1;
	}
	w->first = w->last = mark->segment;
	if (segment_path(w, path, mark->segment, err) == -1)
		return -1;
	return ex_ewf_reopen(path, mark, &closed, err);
}

static void
free_names(char **names, size_t n)
{
	for (size_t i = 0; names != NULL && i < n; i++)
		free(names[i]);
	free(names);
}

static int
open_resumed(struct ewf *w, const struct ex_mark *mark, struct ex_err *err)
{
	char **names = calloc(mark->segment, sizeof(*names)), path[EX_PATH];
	libewf_error_t *e = NULL;
	off64_t at = -1;
	int rc = -1;

	if (names == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (unsigned n = 1; n <= mark->segment; n++)
		if (segment_path(w, path, n, err) == -1 ||
		    (names[n - 1] = strdup(path)) == NULL)
			goto out;
	if (libewf_handle_initialize(&w->handle, &e) != 1 ||
	    libewf_handle_open(w->handle, names, (int)mark->segment,
		LIBEWF_OPEN_WRITE_RESUME, &e) != 1 ||
	    libewf_handle_get_offset(w->handle, &at, &e) != 1) {
		(void)ex_ewf_fail(&e, err, w->dir);
		goto out;
	}
	rc = (uint64_t)at == mark->media
		 ? 0
		 : ex_fail(err, EX_DAMAGED,
		       "libewf would go on at byte %jd, not %ju", (intmax_t)at,
		       (uintmax_t)mark->media);
out:
	free_names(names, mark->segment);
	return rc;
}

int
ex_ewf_settle(const struct ex_container_plan *plan, const struct ex_mark *mark,
    struct ex_err *err)
{
	struct ewf *w = ex_ewf_new(plan, err);
	int rc;

	if (w == NULL)
		return -1;
	rc = prepare_resume(w, mark, err);
	ex_ewf_close(w);
	return rc;
}

/*
 * libewf learns the size of a segment from those that are there; of a first
 * one that is not full it takes its own, which must not be too large.
 */
int
ex_ewf_goes_on(uint64_t segment_size, const struct ex_mark *mark)
{
	return mark->segment != 1 ||
	       segment_size >= LIBEWF_DEFAULT_SEGMENT_FILE_SIZE;
}

int
ex_ewf_resume(void **self, const struct ex_container_plan *plan,
    const struct ex_mark *mark, struct ex_err *err)
{
	struct ewf *w;

	if (!ex_ewf_goes_on(plan->segment_size, mark))
		return ex_fail(err, EX_DAMAGED,
		    "libewf cannot go on with a first segment of that size");
	if ((w = ex_ewf_new(plan, err)) == NULL)
		return -1;
	w->is_resumed = 1;
	w->reopened = mark->segment;
	w->media = w->resumed_at = mark->media;
	if (prepare_resume(w, mark, err) == -1 ||
	    open_resumed(w, mark, err) == -1) {
		ex_ewf_close(w);
		return -1;
	}
	*self = w;
	return 0;
}

static int
sync_segment(
    const struct ewf *w, unsigned n, uint64_t *size, struct ex_err *err)
{
	char path[EX_PATH];
	struct stat st;
	int fd, rc = 0;

	if (segment_path(w, path, n, err) == -1)
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd == -1)
		return ex_fail_errno(err, "%s", path);
	if (fdatasync(fd) == -1 || fstat(fd, &st) == -1)
		rc = ex_fail_errno(err, "%s: fsync", path);
	else
		*size = (uint64_t)st.st_size;
	(void)close(fd);
	return rc;
}

/* The last segment with tables for all its chunks; libewf has let go. */
static int
close_last(struct ewf *w, struct ex_mark *mark, struct ex_err *err)
{
	struct ex_mark all = *mark;
	char path[EX_PATH];
	size_t closed;

	all.chunk = w->size;
	all.nchunks = w->nsizes;
	(void)libewf_handle_close(w->handle, NULL);
	(void)libewf_handle_free(&w->handle, NULL);
	if (segment_path(w, path, mark->segment, err) == -1 ||
	    ex_ewf_reopen(path, &all, &closed, err) == -1 ||
	    sync_segment(w, mark->segment, &mark->size, err) == -1)
		return -1;
	return 0;
}

int
ex_ewf_renew(struct ewf *w, struct ex_err *err)
{
	struct ex_mark mark = { .media = w->media };

	if (w->reopened == 0 || ++w->opened < RENEW)
		return 0;
	w->opened = 0;
	if (find_last(w, err) == -1)
		return -1;
	/* In a segment that it began itself it counts right. */
	if (w->last != w->reopened) {
		w->reopened = 0;
		return 0;
	}
	mark.segment = w->last;
	if (sync_segment(w, w->last, &mark.size, err) == -1 ||
	    close_last(w, &mark, err) == -1)
		return -1;
	return open_resumed(w, &mark, err);
}

int
ex_ewf_mark(void *self, struct ex_mark *mark, int closing, struct ex_err *err)
{
	struct ewf *w = self;
	unsigned before = w->last;

	if (find_last(w, err) == -1)
		return -1;
	for (unsigned n = w->first; n <= w->last; n++)
		if (sync_segment(w, n, &mark->size, err) == -1)
			return -1;
	if ((before != w->last || w->media == 0) &&
	    ex_dir_sync(w->dir, err) == -1)
		return -1;
	w->first = mark->segment = w->last;
	mark->nchunks =
	    w->since < EX_JOURNAL_SIZES ? w->since : EX_JOURNAL_SIZES;
	mark->chunk =
	    w->size == NULL ? NULL : &w->size[w->nsizes - mark->nchunks];
	w->since = 0;
	return closing ? close_last(w, mark, err) : 0;
}

/* Room for one length more; the oldest go when there are enough. */
static int
reserve(struct ewf *w, struct ex_err *err)
{
	size_t cap = w->capsizes == 0 ? 1024 : 2 * w->capsizes;
	uint32_t *more;

	if (w->nsizes < w->capsizes)
		return 0;
	if (cap > 2 * EX_JOURNAL_SIZES) {
		memmove(w->size, &w->size[w->nsizes - EX_JOURNAL_SIZES],
		    EX_JOURNAL_SIZES * sizeof(*w->size));
		w->nsizes = EX_JOURNAL_SIZES;
		return 0;
	}
	if ((more = realloc(w->size, cap * sizeof(*more))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	w->size = more;
	w->capsizes = cap;
	return 0;
}

int
ex_ewf_note(struct ewf *w, const struct ex_chunk *c, struct ex_err *err)
{
	if (reserve(w, err) == -1)
		return -1;
	w->size[w->nsizes++] =
	    c->packed ? (uint32_t)c->n | UINT32_C(1) << EX_JOURNAL_PACKED
		      : (uint32_t)c->n + 4; /* its checksum */
	w->since++;
	w->media += c->plain;
	return 0;
}

int
ex_ewf_end_last(
    struct ewf *w, const struct ex_ewf_ending *end, struct ex_err *err)
{
	char path[EX_PATH];

	if (segment_path(w, path, w->last, err) == -1)
		return -1;
	return ex_ewf_end(path, end, err);
}

int
ex_ewf_correct_length(struct ewf *w, uint64_t length, struct ex_err *err)
{
	char path[EX_PATH];

	if (!w->is_resumed || length == w->length)
		return 0;
	if (find_last(w, err) == -1)
		return -1;
	for (unsigned n = 1; n <= w->last; n++)
		if (segment_path(w, path, n, err) == -1 ||
		    ex_ewf_set_length(
			path, w->chunk, w->sector_size, length, err) == -1)
			return -1;
	return 0;
}
