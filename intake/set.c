/*
 * set.c -- which files of others belong together.
 */
#include "intake/set.h"

#include <sys/stat.h>

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"

static const char *const kinds[] = { "e01", "raw", "file", "folder", NULL };

const char *
ex_set_kind_text(enum ex_set_kind kind)
{
	return kinds[kind];
}

/* What stands behind the last '.' of the name; "" without one. */
static const char *
extension(const char *path)
{
	const char *dot = strrchr(ex_path_base(path), '.');

	return dot == NULL ? "" : dot + 1;
}

static int
is_digits(const char *text)
{
	return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* E01 to E99, EAA to ZZZ, in either case: how EnCase numbers segments. */
static int
is_segment(const char *ext)
{
	const unsigned char *e = (const unsigned char *)ext;

	return strlen(ext) == 3 && toupper(e[0]) >= 'E' &&
	       toupper(e[0]) <= 'Z' &&
	       ((isdigit(e[1]) && isdigit(e[2])) ||
		   (isalpha(e[1]) && isalpha(e[2])));
}

/* A name that nothing but an E01 has: E01, e99. */
static int
is_numbered_segment(const char *ext)
{
	const unsigned char *e = (const unsigned char *)ext;

	return is_segment(ext) && toupper(e[0]) == 'E' && isdigit(e[1]);
}

/* 001, 002 ...: pieces of a raw image. */
static int
is_piece(const char *ext)
{
	return strlen(ext) >= 3 && strlen(ext) <= 5 && is_digits(ext);
}

/* Does the file begin as an E01 does?  1 or 0. */
static int
has_magic(const char *path)
{
	static const char magic[8] = { 'E', 'V', 'F', 0x09, 0x0d, 0x0a,
		(char)0xff, 0x00 };
	char head[sizeof(magic)];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int is;

	if (fd == -1)
		return 0;
	is = read(fd, head, sizeof(head)) == (ssize_t)sizeof(head) &&
	     memcmp(head, magic, sizeof(magic)) == 0;
	(void)close(fd);
	return is;
}

static int
is_raw_name(const char *path)
{
	static const char *const usual[] = { "raw", "dd", "img", "bin", "ima",
		"iso", "dmg", NULL };
	char ext[8];
	size_t n = strlen(extension(path));

	if (n >= sizeof(ext))
		return 0;
	for (size_t i = 0; i <= n; i++)
		ext[i] = (char)tolower((unsigned char)extension(path)[i]);
	return ex_text_index(ext, usual) != -1 || is_piece(ext);
}

static int
add(struct ex_set *set, const char *path, struct ex_err *err)
{
	char **more;

	if (set->n == EX_SEGMENTS_MAX)
		return ex_fail(
		    err, EX_LIMIT, "more than %d segments", EX_SEGMENTS_MAX);
	more = realloc(set->path, (set->n + 1) * sizeof(*more));
	if (more == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	set->path = more;
	if ((set->path[set->n] = strdup(path)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	set->n++;
	return 0;
}

/* Is it a segment of an E01?  .exe and .txt are called like one. */
static int
is_ours(const char *path)
{
	const char *ext = extension(path);

	return is_numbered_segment(ext) || (is_segment(ext) && has_magic(path));
}

/* The kind of one path, by what it is. */
static int
kind_of(enum ex_set_kind *out, const char *path, struct ex_err *err)
{
	struct stat st;

	if (stat(path, &st) == -1)
		return ex_fail_errno(err, "%s", path);
	if (S_ISDIR(st.st_mode))
		*out = EX_SET_FOLDER;
	else if (!S_ISREG(st.st_mode))
		return ex_fail(err, EX_USAGE,
		    "%s: neither file nor folder; a medium is imaged with "
		    "exhibit acquire",
		    path);
	else if (is_ours(path))
		*out = EX_SET_E01;
	else
		*out = is_raw_name(path) ? EX_SET_RAW : EX_SET_FILE;
	return 0;
}

struct gathering {
	struct ex_set *set;
	const char *dir;  /* of the first path */
	const char *stem; /* "disk." of disk.E01 */
	size_t nstem;
};

/* A segment or piece beside the one that was named. */
static int
gather(void *arg, const char *name, struct ex_err *err)
{
	struct gathering *g = arg;
	char path[EX_PATH];
	struct stat st;

	if (strncmp(name, g->stem, g->nstem) != 0 ||
	    strchr(&name[g->nstem], '.') != NULL ||
	    !(g->set->kind == EX_SET_E01 ? is_segment(&name[g->nstem])
					 : is_piece(&name[g->nstem])))
		return 0;
	if (ex_path_join(path, sizeof(path), g->dir, name, err) == -1)
		return -1;
	if (stat(path, &st) == -1 || !S_ISREG(st.st_mode) ||
	    (g->set->kind == EX_SET_E01 && !is_ours(path)))
		return 0;
	return add(g->set, path, err);
}

/* Everything beside path that is called as it is, in order of the names. */
static int
gather_beside(struct ex_set *set, const char *path, struct ex_err *err)
{
	const char *base = ex_path_base(path);
	struct gathering g = { set, ".", base,
		(size_t)(extension(path) - base) };
	char dir[EX_PATH];

	if (base != path) {
		if ((size_t)(base - path) >= sizeof(dir))
			return ex_fail(err, EX_LIMIT, "path too long");
		memcpy(dir, path, (size_t)(base - path));
		dir[base - path] = '\0';
		g.dir = dir;
	}
	return ex_dir_each(g.dir, gather, &g, err);
}

/* By extension, without case: E99 comes before EAA. */
static int
by_extension(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	const unsigned char *p = (const unsigned char *)extension(*x);
	const unsigned char *q = (const unsigned char *)extension(*y);

	while (*p != '\0' && toupper(*p) == toupper(*q)) {
		p++;
		q++;
	}
	return toupper(*p) - toupper(*q);
}

/* One path alone that is one of several files. */
static int
is_part(const struct ex_set *set, const char *path)
{
	return (set->kind == EX_SET_E01 && is_ours(path)) ||
	       (set->kind == EX_SET_RAW && is_piece(extension(path)));
}

static int
choose_kind(struct ex_set *set, const char *const *path, size_t n,
    const char *format, struct ex_err *err)
{
	enum ex_set_kind kind, is;
	int named;

	if (kind_of(&kind, path[0], err) == -1)
		return -1;
	for (size_t i = 1; i < n; i++) {
		if (kind_of(&is, path[i], err) == -1)
			return -1;
		if (is == EX_SET_FOLDER || kind == EX_SET_FOLDER)
			return ex_fail(err, EX_USAGE,
			    "%s: a folder is imported by itself",
			    is == EX_SET_FOLDER ? path[i] : path[0]);
		/* One segment that lost its head is still of the set. */
		if (is == EX_SET_E01 ||
		    (is == EX_SET_RAW && kind == EX_SET_FILE))
			kind = is;
	}
	set->kind = kind;
	if (format == NULL)
		return 0;
	if ((named = ex_text_index(format, kinds)) == -1)
		return ex_fail(err, EX_USAGE,
		    "--format is e01, raw, file or folder, not \"%.20s\"",
		    format);
	if ((kind == EX_SET_FOLDER) != (named == EX_SET_FOLDER))
		return ex_fail(err, EX_USAGE, "%s is %s folder", path[0],
		    kind == EX_SET_FOLDER ? "a" : "no");
	set->kind = (enum ex_set_kind)named;
	return 0;
}

/* Letters and digits, at most eight. */
static int
is_usual(const char *ext)
{
	size_t n = strlen(ext);

	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)ext[i]) || (ext[i] & 0x80) != 0)
			return 0;
	return n >= 1 && n <= 8;
}

/* Can every file keep its extension, because no two have the same? */
static int
are_distinct(const struct ex_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		if (!is_usual(extension(set->path[i])))
			return 0;
		for (size_t k = 0; k < i; k++)
			if (strcasecmp(extension(set->path[i]),
				extension(set->path[k])) == 0)
				return 0;
	}
	return 1;
}

static int
gather_all(
    struct ex_set *out, const char *const *path, size_t n, struct ex_err *err)
{
	if (n == 1 && is_part(out, path[0]))
		return gather_beside(out, path[0], err);
	for (size_t i = 0; i < n; i++)
		if (add(out, path[i], err) == -1)
			return -1;
	return 0;
}

int
ex_set_find(struct ex_set *out, const char *const *path, size_t n,
    const char *format, struct ex_err *err)
{
	if (n == 0)
		return ex_fail(err, EX_USAGE, "no path");
	if (choose_kind(out, path, n, format, err) == -1)
		return -1;
	if (n > 1 && out->kind == EX_SET_FILE)
		return ex_fail(err, EX_USAGE,
		    "%s and %s are no image in pieces: import the folder, or "
		    "each file by itself",
		    path[0], path[1]);
	if (gather_all(out, path, n, err) == -1)
		return -1;
	if (n == 1 || out->kind == EX_SET_E01)
		qsort(out->path, out->n, sizeof(*out->path), by_extension);
	out->numbered = !are_distinct(out);
	return 0;
}

void
ex_set_free(struct ex_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		free(set->path[i]);
	free(set->path);
	memset(set, 0, sizeof(*set));
}

void
ex_set_extension(char out[9], const struct ex_set *set, size_t i)
{
	if (set->kind == EX_SET_FOLDER)
		(void)snprintf(out, 9, "tar");
	else if (!set->numbered)
		(void)snprintf(out, 9, "%.8s", extension(set->path[i]));
	else if (set->n == 1)
		(void)snprintf(out, 9, "bin");
	else
		(void)snprintf(out, 9, "%05u", (unsigned)(i + 1) % 100000u);
}
