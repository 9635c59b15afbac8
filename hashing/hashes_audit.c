/*
 * hashes_audit.c -- files against a list of digests.
 */
#include "hashing/hashes_audit.h"

#include <stdlib.h>
#include <string.h>

struct file {
	char *name;	/* absolute */
	const char *as; /* as it was given: the end of name's block */
	const struct ex_hashes_file *same; /* NULL: none */
	size_t listed; /* index of the same name in the list, or NOT */
	int unread;
};

#define NOT ((size_t)-1)

struct ex_audit {
	const struct ex_hashes *list;
	const char *dir;
	char **name;	      /* of the list's files, absolute */
	size_t *by_name;      /* indexes, sorted by it */
	size_t *by_digest;    /* indexes, sorted by the first digest */
	unsigned char *there; /* the list's name is among the files */
	unsigned char *whole; /* and the same as it was */
	unsigned char *moved; /* a file with another name is the same */
	struct file *file;
	size_t n, cap;
};

int
ex_hashes_is(const struct ex_hashes_file *f, uint64_t size,
    const struct ex_digest_value *d, size_t n)
{
	if (f->has_size && f->size != size)
		return 0;
	for (size_t i = 0; i < f->ndigests; i++) {
		size_t k = 0;

		while (k < n && d[k].alg != f->digest[i].alg)
			k++;
		if (k == n ||
		    memcmp(d[k].value, f->digest[i].value, d[k].len) != 0)
			return 0;
	}
	return f->ndigests > 0;
}

/*
 * DIR/NAME without "." and empty parts; ".." stays, because what it means
 * depends on links.
 */
static char *
absolute(const char *dir, const char *name)
{
	size_t room = strlen(dir) + strlen(name) + 3, n = 0;
	char *out = malloc(room);
	const char *from[2] = { name[0] == '/' ? "" : dir, name };

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < 2; i++) {
		const char *p = from[i];

		while (*p != '\0') {
			size_t len = strcspn(p, "/");

			if (len > 0 && !(len == 1 && p[0] == '.')) {
				out[n++] = '/';
				memcpy(&out[n], p, len);
				n += len;
			}
			p += len + (p[len] == '/');
		}
	}
	out[n] = '\0';
	return out;
}

/* Order of the list's files by name, and by their first digest. */
static int
compare_names(const void *a, const void *b, void *arg)
{
	const struct ex_audit *audit = arg;
	const size_t *i = a, *k = b;

	return strcmp(audit->name[*i], audit->name[*k]);
}

static int
compare_values(const struct ex_digest_value *a, const struct ex_digest_value *b)
{
	if (a->alg != b->alg)
		return a->alg < b->alg ? -1 : 1;
	return memcmp(a->value, b->value, a->len);
}

static int
compare_digests(const void *a, const void *b, void *arg)
{
	const struct ex_audit *audit = arg;
	const size_t *i = a, *k = b;

	return compare_values(
	    &audit->list->file[*i].digest[0], &audit->list->file[*k].digest[0]);
}

/* A heap sort: qsort_r() is no part of POSIX. */
static void
sift(size_t *v, size_t root, size_t n,
    int (*compare)(const void *, const void *, void *), void *arg)
{
	for (size_t child; (child = 2 * root + 1) < n; root = child) {
		size_t swap;

		if (child + 1 < n && compare(&v[child], &v[child + 1], arg) < 0)
			child++;
		if (compare(&v[root], &v[child], arg) >= 0)
			return;
		swap = v[root];
		v[root] = v[child];
		v[child] = swap;
	}
}

static void
sort(size_t *v, size_t n, int (*compare)(const void *, const void *, void *),
    void *arg)
{
	for (size_t i = 0; i < n; i++)
		v[i] = i;
	for (size_t i = n / 2; i-- > 0;)
		sift(v, i, n, compare, arg);
	for (size_t i = n; i-- > 1;) {
		size_t swap = v[0];

		v[0] = v[i];
		v[i] = swap;
		sift(v, 0, i, compare, arg);
	}
}

int
ex_audit_new(struct ex_audit **out, const struct ex_hashes *list,
    const char *dir, struct ex_err *err)
{
	struct ex_audit *a = calloc(1, sizeof(*a));
	int ok = a != NULL;

	*out = NULL;
	if (ok) {
		a->list = list;
		a->dir = dir;
		a->name = calloc(list->n + 1, sizeof(*a->name));
		a->by_name = calloc(list->n + 1, sizeof(*a->by_name));
		a->by_digest = calloc(list->n + 1, sizeof(*a->by_digest));
		a->there = calloc(list->n + 1, 1);
		a->whole = calloc(list->n + 1, 1);
		a->moved = calloc(list->n + 1, 1);
		ok = a->name != NULL && a->by_name != NULL &&
		     a->by_digest != NULL && a->there != NULL &&
		     a->whole != NULL && a->moved != NULL;
	}
	for (size_t i = 0; ok && i < list->n; i++)
		ok = (a->name[i] = absolute(dir, list->file[i].name)) != NULL;
	if (!ok) {
		ex_audit_free(a);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	sort(a->by_name, list->n, compare_names, a);
	sort(a->by_digest, list->n, compare_digests, a);
	*out = a;
	return 0;
}

void
ex_audit_free(struct ex_audit *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; a->name != NULL && i < a->list->n; i++)
		free(a->name[i]);
	for (size_t i = 0; i < a->n; i++)
		free(a->file[i].name);
	free(a->name);
	free(a->by_name);
	free(a->by_digest);
	free(a->there);
	free(a->whole);
	free(a->moved);
	free(a->file);
	free(a);
}

/* The first place in by_name of this name; NOT: none. */
static size_t
find_name(const struct ex_audit *a, const char *name)
{
	size_t from = 0, to = a->list->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (strcmp(a->name[a->by_name[mid]], name) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from < a->list->n && strcmp(a->name[a->by_name[from]], name) == 0
		   ? from
		   : NOT;
}

/* The first place in by_digest of files whose first digest is this one. */
static size_t
find_digest(const struct ex_audit *a, const struct ex_digest_value *d)
{
	size_t from = 0, to = a->list->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (compare_values(
			&a->list->file[a->by_digest[mid]].digest[0], d) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

/* Does the file at this place of by_digest have this first digest? */
static int
has_digest(const struct ex_audit *a, size_t at, const struct ex_digest_value *d)
{
	return at < a->list->n &&
	       compare_values(&a->list->file[a->by_digest[at]].digest[0], d) ==
		   0;
}

/*
 * The listed file that this one is: of its own name before all others, else
 * the first of the list; NOT: none.
 */
static size_t
find_same(const struct ex_audit *a, uint64_t size,
    const struct ex_digest_value *d, size_t n, const char *name)
{
	size_t found = NOT;

	for (size_t k = 0; k < n; k++)
		for (size_t at = find_digest(a, &d[k]);
		     has_digest(a, at, &d[k]); at++) {
			size_t i = a->by_digest[at];

			if (!ex_hashes_is(&a->list->file[i], size, d, n))
				continue;
			if (strcmp(a->name[i], name) == 0)
				return i;
			if (found == NOT || i < found)
				found = i;
		}
	return found;
}

static struct file *
add_file(struct ex_audit *a, const char *name, struct ex_err *err)
{
	char *full = absolute(a->dir, name);
	size_t n = full == NULL ? 0 : strlen(full) + 1, at;
	struct file *f;
	char *both;

	if (a->n == a->cap) {
		size_t cap = a->cap == 0 ? 64 : a->cap * 2;
		struct file *more = realloc(a->file, cap * sizeof(*more));

		if (more == NULL) {
			free(full);
			(void)ex_fail(err, EX_SYSTEM, "out of memory");
			return NULL;
		}
		a->file = more;
		a->cap = cap;
	}
	if (full == NULL ||
	    (both = realloc(full, n + strlen(name) + 1)) == NULL) {
		free(full);
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		return NULL;
	}
	memcpy(&both[n], name, strlen(name) + 1);
	f = &a->file[a->n++];
	memset(f, 0, sizeof(*f));
	f->name = both;
	f->as = &both[n];
	f->listed = find_name(a, both);
	/* The same name may be listed twice. */
	for (at = f->listed; at != NOT && at < a->list->n; at++) {
		if (strcmp(a->name[a->by_name[at]], both) != 0)
			break;
		a->there[a->by_name[at]] = 1;
	}
	return f;
}

int
ex_audit_file(struct ex_audit *a, const char *name, uint64_t size,
    const struct ex_digest_value *d, size_t n, struct ex_err *err)
{
	struct file *f = add_file(a, name, err);
	size_t same;

	if (f == NULL)
		return -1;
	same = find_same(a, size, d, n, f->name);
	if (same == NOT)
		return 0;
	f->same = &a->list->file[same];
	if (strcmp(a->name[same], f->name) == 0)
		a->whole[same] = 1;
	return 0;
}

int
ex_audit_unread(struct ex_audit *a, const char *name, struct ex_err *err)
{
	struct file *f = add_file(a, name, err);

	if (f == NULL)
		return -1;
	f->unread = 1;
	return 0;
}

/*
 * Of a file that has another name than the listed one that it is: one of the
 * same digests that is not there is what it was before.
 */
static void
prefer_gone(struct ex_audit *a, struct file *f)
{
	size_t same = (size_t)(f->same - a->list->file);

	const struct ex_digest_value *d = &f->same->digest[0];

	if (!a->whole[same])
		return;
	for (size_t at = find_digest(a, d); has_digest(a, at, d); at++) {
		size_t i = a->by_digest[at];
		const struct ex_hashes_file *g = &a->list->file[i];

		if (!a->whole[i] && g->ndigests == f->same->ndigests &&
		    ex_hashes_is(
			g, f->same->size, f->same->digest, f->same->ndigests)) {
			f->same = g;
			return;
		}
	}
}

static enum ex_audited
judge(struct ex_audit *a, struct file *f)
{
	size_t same;

	if (f->same != NULL &&
	    strcmp(a->name[f->same - a->list->file], f->name) == 0)
		return EX_AUDIT_MATCHED;
	if (f->listed != NOT)
		return EX_AUDIT_DIFFERS;
	if (f->same == NULL)
		return EX_AUDIT_NEW;
	prefer_gone(a, f);
	same = (size_t)(f->same - a->list->file);
	a->moved[same] = 1;
	return a->whole[same] ? EX_AUDIT_KNOWN : EX_AUDIT_MOVED;
}

int
ex_audit_tell(
    struct ex_audit *a, ex_audit_fn *tell, void *arg, struct ex_err *err)
{
	for (size_t i = 0; i < a->n; i++) {
		struct file *f = &a->file[i];
		enum ex_audited what = judge(a, f);
		int other = what == EX_AUDIT_KNOWN || what == EX_AUDIT_MOVED;

		if (!f->unread && tell(arg, what, f->as,
				      other ? f->same->name : NULL, err) == -1)
			return -1;
	}
	for (size_t i = 0; i < a->list->n; i++)
		if (!a->there[i] && !a->moved[i] &&
		    tell(arg, EX_AUDIT_MISSING, a->list->file[i].name, NULL,
			err) == -1)
			return -1;
	return 0;
}

const char *
ex_audit_word(enum ex_audited what)
{
	static const char *const words[EX_AUDIT_WORDS] = { "matched", "known",
		"moved", "differs", "new", "missing" };

	return words[what];
}
