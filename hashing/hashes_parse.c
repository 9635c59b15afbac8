/*
 * hashes_parse.c -- lists of digests that others wrote, read.
 */
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/text.h"
#include "hashing/hashes.h"

enum {
	COLUMNS = EX_ALGS + 2 /* size, digests, filename */
};

struct parsing {
	struct ex_hashes *out;
	unsigned algs;	     /* meant where only a length tells */
	int column[COLUMNS]; /* of hashdeep: an enum ex_alg, or one of these */
	size_t ncolumns;
};

enum {
	COLUMN_SIZE = -1,
	COLUMN_NAME = -2,
	COLUMN_OTHER = -3 /* a digest that we do not know */
};

static int
add_file(
    struct ex_hashes *h, const struct ex_hashes_file *f, struct ex_err *err)
{
	if (h->n == h->cap) {
		size_t cap = h->cap == 0 ? 64 : h->cap * 2;
		struct ex_hashes_file *more =
		    realloc(h->file, cap * sizeof(*more));

		if (more == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		h->file = more;
		h->cap = cap;
	}
	for (size_t i = 0; i < f->ndigests; i++)
		h->algs |= EX_ALG_BIT(f->digest[i].alg);
	h->file[h->n++] = *f;
	return 0;
}

/* A name, its escapes undone; NULL when they are none, or it is empty. */
static char *
take_name(const char *p, size_t n, int escaped)
{
	char *name = malloc(n + 1);
	size_t k = 0;

	if (name == NULL || n == 0 || memchr(p, '\0', n) != NULL) {
		free(name);
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		if (escaped && p[i] == '\\') {
			char c = ++i < n ? p[i] : '\0';

			if (c != 'n' && c != 'r' && c != '\\') {
				free(name);
				return NULL;
			}
			name[k++] = c == 'n' ? '\n' : c == 'r' ? '\r' : '\\';
		} else {
			name[k++] = p[i];
		}
	}
	name[k] = '\0';
	return name;
}

/* Hexadecimal digits of either case at the front: how many. */
static size_t
count_hex(const char *p, size_t n)
{
	size_t k = 0;

	while (k < n && p[k] != '\0' &&
	       strchr("0123456789abcdefABCDEF", p[k]) != NULL)
		k++;
	return k;
}

/* The digest of an algorithm in nhex digits of either case. */
static int
take_digest(
    struct ex_hashes_file *f, enum ex_alg alg, const char *p, size_t nhex)
{
	struct ex_digest_value *d = &f->digest[f->ndigests];
	char hex[2 * EX_DIGEST_MAX + 1];

	if (nhex != 2 * ex_alg_len(alg) || f->ndigests == EX_ALGS)
		return -1;
	for (size_t i = 0; i < nhex; i++)
		hex[i] = (char)(p[i] >= 'A' && p[i] <= 'F' ? p[i] - 'A' + 'a'
							   : p[i]);
	hex[nhex] = '\0';
	memset(d, 0, sizeof(*d));
	d->alg = alg;
	d->len = nhex / 2;
	if (ex_hex_read(d->value, d->len, hex, NULL) == -1)
		return -1;
	f->ndigests++;
	return 0;
}

/* Which algorithm makes that many digits: the first that is meant. */
static int
alg_of(const struct parsing *p, size_t nhex)
{
	int first = -1;

	for (int alg = 0; alg < EX_ALGS; alg++) {
		if (2 * ex_alg_len((enum ex_alg)alg) != nhex)
			continue;
		if ((p->algs & EX_ALG_BIT(alg)) != 0)
			return alg;
		if (first == -1)
			first = alg;
	}
	return first;
}

/* "SHA256 (NAME) = HEX", as --tag writes it; 1 when it is one. */
static int
take_tagged(struct ex_hashes_file *f, const char *line, size_t n, int escaped)
{
	for (int alg = 0; alg < EX_ALGS; alg++) {
		const char *name = ex_hashes_tag((enum ex_alg)alg);
		size_t tag = strlen(name) + 2;
		size_t hex = 2 * ex_alg_len((enum ex_alg)alg);

		if (n < tag + 4 + hex || memcmp(line, name, tag - 2) != 0 ||
		    memcmp(&line[tag - 2], " (", 2) != 0 ||
		    memcmp(&line[n - hex - 4], ") = ", 4) != 0 ||
		    take_digest(f, (enum ex_alg)alg, &line[n - hex], hex) == -1)
			continue;
		f->name = take_name(&line[tag], n - tag - 4 - hex, escaped);
		return f->name != NULL;
	}
	return 0;
}

/* "HEX  NAME" or "HEX *NAME"; 1 when it is one. */
static int
take_gnu(
    struct parsing *p, struct ex_hashes_file *f, const char *line, size_t n)
{
	int escaped = n > 0 && line[0] == '\\';
	size_t hex;
	int alg;

	line += escaped;
	n -= (size_t)escaped;
	if (take_tagged(f, line, n, escaped))
		return 1;
	hex = count_hex(line, n);
	if (n < hex + 3 || line[hex] != ' ' ||
	    (line[hex + 1] != ' ' && line[hex + 1] != '*') ||
	    (alg = alg_of(p, hex)) == -1 ||
	    take_digest(f, (enum ex_alg)alg, line, hex) == -1)
		return 0;
	f->name = take_name(&line[hex + 2], n - hex - 2, escaped);
	return f->name != NULL;
}

static int
column_of(const char *name, size_t n)
{
	if (n == 4 && memcmp(name, "size", n) == 0)
		return COLUMN_SIZE;
	if (n == 8 && memcmp(name, "filename", n) == 0)
		return COLUMN_NAME;
	for (int alg = 0; alg < EX_ALGS; alg++) {
		const char *known = ex_alg_name((enum ex_alg)alg);

		if (strlen(known) == n && memcmp(known, name, n) == 0)
			return alg;
	}
	return COLUMN_OTHER;
}

/* The columns that a head names; 1 when it names a filename as the last. */
static int
take_columns(struct parsing *p, const char *line, size_t n)
{
	p->ncolumns = 0;
	for (size_t at = 0; at <= n && p->ncolumns < COLUMNS;) {
		const char *comma = memchr(&line[at], ',', n - at);
		size_t len =
		    comma == NULL ? n - at : (size_t)(comma - &line[at]);

		p->column[p->ncolumns++] = column_of(&line[at], len);
		at += len + 1;
	}
	return p->ncolumns > 1 && p->column[p->ncolumns - 1] == COLUMN_NAME;
}

static int
take_column(struct ex_hashes_file *f, int column, const char *p, size_t n)
{
	char number[24];
	unsigned long long size;

	if (column == COLUMN_OTHER)
		return 0;
	if (column != COLUMN_SIZE)
		return take_digest(f, (enum ex_alg)column, p, n);
	if (n >= sizeof(number))
		return -1;
	memcpy(number, p, n);
	number[n] = '\0';
	if (ex_text_number(&size, number, UINT64_MAX, NULL) == -1)
		return -1;
	f->has_size = 1;
	f->size = size;
	return 0;
}

/* "size,HEX,...,NAME"; 1 when it is one. */
static int
take_hashdeep(const struct parsing *p, struct ex_hashes_file *f,
    const char *line, size_t n)
{
	int escaped = n > 0 && line[0] == '\\';
	size_t at = (size_t)escaped;

	for (size_t i = 0; i + 1 < p->ncolumns; i++) {
		const char *comma =
		    at < n ? memchr(&line[at], ',', n - at) : NULL;
		size_t len;

		if (comma == NULL)
			return 0;
		len = (size_t)(comma - &line[at]);
		if (p->column[i] == COLUMN_NAME ||
		    take_column(f, p->column[i], &line[at], len) == -1)
			return 0;
		at += len + 1;
	}
	f->name = take_name(&line[at], n - at, escaped);
	return f->name != NULL;
}

static const char head[] = "%%%% HASHDEEP-1.0";
static const char columns[] = "%%%% ";

/* A line that stands for no file: comments, heads of hashdeep, blank ones. */
static int
is_none(struct parsing *p, const char *line, size_t n)
{
	if (n == 0 || (p->out->hashdeep && line[0] == '#'))
		return 1;
	if (!p->out->hashdeep || n < sizeof(columns) - 1 ||
	    memcmp(line, columns, sizeof(columns) - 1) != 0)
		return 0;
	return (n == sizeof(head) - 1 && memcmp(line, head, n) == 0) ||
	       take_columns(
		   p, &line[sizeof(columns) - 1], n - (sizeof(columns) - 1));
}

static int
take_line(struct parsing *p, const char *line, size_t n, size_t number,
    struct ex_err *err)
{
	struct ex_hashes_file f;
	int is_one;

	memset(&f, 0, sizeof(f));
	if (n > 0 && line[n - 1] == '\r')
		n--;
	if (is_none(p, line, n))
		return 0;
	is_one = n <= EX_HASHES_LINE_MAX &&
		 (p->out->hashdeep ? take_hashdeep(p, &f, line, n)
				   : take_gnu(p, &f, line, n));
	if (is_one && f.ndigests > 0) {
		if (add_file(p->out, &f, err) == 0)
			return 0;
		free(f.name);
		return -1;
	}
	free(f.name);
	if (p->out->nwrong++ == 0)
		p->out->wrong = number;
	return 0;
}

int
ex_hashes_parse(struct ex_hashes *out, const void *bytes, size_t n,
    unsigned algs, struct ex_err *err)
{
	struct parsing p = { .out = out, .algs = algs };
	const char *text = bytes;
	size_t at = 0, number = 1;

	out->hashdeep =
	    n >= sizeof(head) - 1 && memcmp(text, head, sizeof(head) - 1) == 0;
	while (at < n) {
		const char *end = memchr(&text[at], '\n', n - at);
		size_t len = end == NULL ? n - at : (size_t)(end - &text[at]);

		if (take_line(&p, &text[at], len, number++, err) == -1)
			return -1;
		at += len + 1;
	}
	if (out->n == 0)
		return ex_fail(
		    err, EX_FORMAT, "no line of it is of a list of digests");
	return 0;
}

void
ex_hashes_free(struct ex_hashes *h)
{
	for (size_t i = 0; i < h->n; i++)
		free(h->file[i].name);
	free(h->file);
	memset(h, 0, sizeof(*h));
}
