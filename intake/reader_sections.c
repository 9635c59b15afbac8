/*
 * reader_sections.c -- the sections of an E01 segment and their checksums.
 *
 * libewf opens a segment whose header, tables or digests were altered without
 * a word.  What every section says of itself is checked here, by the layout
 * of EnCase 6 (libewf's "Expert Witness Compression Format"); where others
 * lay a section out differently, it is not judged.  Chunks are checked when
 * they are read.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "intake/pack.h"
#include "intake/reader_parts.h"

enum {
	FIRST = 13,	 /* byte where the first section begins */
	DESCRIPTOR = 76, /* bytes */
	SUMMED = 72,	 /* of them under the checksum behind them */
	TYPE = 16,
	SUM = 4,
	TABLE_HEAD = 24, /* bytes, its checksum included */
	ENTRY = 4,
	ERROR_HEAD = 520,
	ERROR_ENTRY = 8,
	HEADER_MAX = 1024 * 1024,     /* bytes of a packed header */
	PLAIN_MAX = 16 * 1024 * 1024, /* bytes of a header */
	STEP = 64 * 1024
};

struct section {
	char type[TYPE + 1];
	uint64_t off, next, size;
};

struct walk {
	struct ex_reader_done *done;
	int fd;
	unsigned number; /* of the segment */
	uint64_t length; /* of the file, bytes */
};

void
ex_reader_find(struct ex_reader_done *done, const char *fmt, ...)
{
	va_list ap;

	if (done->text[0] != '\0')
		return;
	va_start(ap, fmt);
	(void)vsnprintf(done->text, sizeof(done->text), fmt, ap);
	va_end(ap);
}

static int
read_at(const struct walk *w, void *out, size_t n, uint64_t off)
{
	uint8_t *p = out;
	size_t done = 0;

	while (done < n) {
		ssize_t got =
		    pread(w->fd, &p[done], n - done, (off_t)(off + done));

		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0)
			return -1;
		done += (size_t)got;
	}
	return 0;
}

static uint64_t
little(const uint8_t *p, size_t n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

/* Do n bytes have the checksum that stands behind them? */
static int
sum_is_right(const struct walk *w, uint64_t off, uint64_t n)
{
	uint8_t buf[STEP], sum[SUM];
	uint32_t adler = 1;

	for (uint64_t at = 0; at < n;) {
		size_t step = n - at < STEP ? (size_t)(n - at) : STEP;

		if (read_at(w, buf, step, off + at) == -1)
			return 0;
		adler = ex_pack_adler32_more(adler, buf, step);
		at += step;
	}
	return read_at(w, sum, SUM, off + n) == 0 && little(sum, SUM) == adler;
}

static int
header_is_right(const struct walk *w, uint64_t off, uint64_t n)
{
	uint8_t *packed;
	int ok;

	if (n > HEADER_MAX || (packed = malloc((size_t)n + 1)) == NULL)
		return 0;
	ok = read_at(w, packed, (size_t)n, off) == 0 &&
	     ex_pack_check(packed, (size_t)n, PLAIN_MAX) == 0;
	free(packed);
	return ok;
}

/* A head that counts entries, and the entries, each with a checksum. */
static int
list_is_right(
    const struct walk *w, uint64_t off, uint64_t n, size_t head, size_t entry)
{
	uint8_t count[4];
	uint64_t entries;

	if (n < head || read_at(w, count, sizeof(count), off) == -1 ||
	    !sum_is_right(w, off, head - SUM))
		return 0;
	entries = little(count, sizeof(count)) * entry;
	if (entries > n - head)
		return 0;
	/* Without a checksum behind the entries: an older layout. */
	if (n - head - entries < SUM)
		return 1;
	return sum_is_right(w, off + head, entries);
}

/* What stands in a section, by its type; 1 for types that are not known. */
static int
body_is_right(const struct walk *w, const struct section *s)
{
	uint64_t off = s->off + DESCRIPTOR, n = s->size - DESCRIPTOR;

	if (strcmp(s->type, "header") == 0 || strcmp(s->type, "header2") == 0)
		return header_is_right(w, off, n);
	if (strcmp(s->type, "volume") == 0 || strcmp(s->type, "disk") == 0 ||
	    strcmp(s->type, "data") == 0 || strcmp(s->type, "hash") == 0 ||
	    strcmp(s->type, "digest") == 0)
		return n > SUM && sum_is_right(w, off, n - SUM);
	if (strcmp(s->type, "table") == 0 || strcmp(s->type, "table2") == 0)
		return list_is_right(w, off, n, TABLE_HEAD, ENTRY);
	if (strcmp(s->type, "error2") == 0)
		return list_is_right(w, off, n, ERROR_HEAD, ERROR_ENTRY);
	return 1;
}

/* 0, or -1 when nothing that follows can be found. */
static int
read_section(const struct walk *w, struct section *s, uint64_t off)
{
	uint8_t d[DESCRIPTOR];

	s->off = off;
	if (off > w->length || w->length - off < DESCRIPTOR ||
	    read_at(w, d, sizeof(d), off) == -1) {
		ex_reader_find(w->done,
		    "segment %u ends at byte %" PRIu64
		    ", where a section should begin",
		    w->number, w->length);
		return -1;
	}
	(void)ex_text_show(s->type, sizeof(s->type), (const char *)d,
	    strnlen((char *)d, TYPE));
	s->next = little(&d[TYPE], 8);
	s->size = little(&d[TYPE + 8], 8);
	if (ex_pack_adler32(d, SUMMED) != little(&d[SUMMED], SUM)) {
		ex_reader_find(w->done,
		    "segment %u: the section at byte %" PRIu64
		    " is not what its checksum says",
		    w->number, off);
		return -1;
	}
	return 0;
}

static int
is_end(const struct section *s)
{
	return strcmp(s->type, "next") == 0 || strcmp(s->type, "done") == 0;
}

void
ex_reader_walk(
    struct ex_reader_done *done, int fd, unsigned number, int *is_last)
{
	struct walk w = { done, fd, number, 0 };
	struct section s = { .next = FIRST };
	struct stat st;

	*is_last = 0;
	if (fstat(fd, &st) == -1)
		return;
	w.length = (uint64_t)st.st_size;
	for (;;) {
		if (read_section(&w, &s, s.next) == -1)
			return;
		if (is_end(&s))
			break;
		if (s.next <= s.off || s.size < DESCRIPTOR ||
		    s.size > w.length - s.off) {
			ex_reader_find(done,
			    "segment %u: section \"%s\" at byte %" PRIu64
			    " has no possible size",
			    number, s.type, s.off);
			return;
		}
		if (!body_is_right(&w, &s))
			ex_reader_find(done,
			    "segment %u: section \"%s\" at byte %" PRIu64
			    " is not what its checksum says",
			    number, s.type, s.off);
	}
	*is_last = strcmp(s.type, "done") == 0;
}
