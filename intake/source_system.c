/*
 * source_system.c -- which devices are in use, and through what.
 *
 * A mounted device uses what lies below it: the disk it is a partition of
 * (in part), the members of its RAID or volume group, the device behind a
 * loop device (as a whole), and so on down.
 */
#include "intake/source_system.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

enum {
	STACK = 256,		  /* devices below one another */
	ATTR = 4096,		  /* bytes of a file in /sys */
	MOUNTS = 16 * 1024 * 1024 /* bytes of the list of mounts */
};

const struct ex_system ex_system_here = { "/proc/self/mountinfo", "/proc/swaps",
	"/sys", "/dev/disk/by-id", "/run/udev/data" };

/* Devices that lie below one, itself first. */
struct below {
	const struct ex_system *system;
	struct {
		dev_t dev;
		int whole; /* all of it, not just a part */
	} at[STACK];
	size_t n;
};

static int
attr_path(char out[EX_PATH], const struct ex_system *system, dev_t dev,
    const char *name)
{
	int n = snprintf(out, EX_PATH, "%s/dev/block/%u:%u/%s", system->sys,
	    major(dev), minor(dev), name);

	return n < 0 || n >= EX_PATH ? -1 : 0;
}

int
ex_system_attr(char *out, size_t size, const struct ex_system *system,
    dev_t dev, const char *name)
{
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_PATH];
	const char *p;
	size_t n;
	int rc = -1;

	out[0] = '\0';
	if (attr_path(path, system, dev, name) == 0 &&
	    ex_file_read(&text, path, ATTR, NULL) == 0) {
		p = ex_buf_text(&text);
		p = &p[strspn(p, " \t")];
		n = strcspn(p, "\n");
		while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '\t'))
			n--;
		if (n > 0 && n < size) {
			memcpy(out, p, n);
			out[n] = '\0';
			rc = 0;
		}
	}
	ex_buf_free(&text);
	return rc;
}

/* "8:1" as a device; 0 when it is none. */
static dev_t
read_dev(const char *text)
{
	unsigned long ma, mi;
	char *end;

	ma = strtoul(text, &end, 10);
	if (end == text || *end != ':')
		return 0;
	text = &end[1];
	mi = strtoul(text, &end, 10);
	if (end == text || ma > 0xfff || mi > 0xfffff)
		return 0;
	return makedev((unsigned)ma, (unsigned)mi);
}

static dev_t
attr_dev(const struct ex_system *system, dev_t dev, const char *name)
{
	char text[64];

	return ex_system_attr(text, sizeof(text), system, dev, name) == -1
		   ? 0
		   : read_dev(text);
}

/* The block device at a path; 0 when it is none. */
static dev_t
path_dev(const char *path)
{
	struct stat st;

	if (path[0] != '/' || stat(path, &st) == -1 || !S_ISBLK(st.st_mode))
		return 0;
	return st.st_rdev;
}

static void
put(struct below *b, dev_t dev, int whole)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->at[i].dev == dev) {
			b->at[i].whole |= whole;
			return;
		}
	if (dev != 0 && b->n < STACK) {
		b->at[b->n].dev = dev;
		b->at[b->n].whole = whole;
		b->n++;
	}
}

struct slave {
	struct below *below;
	dev_t of;
};

static int
put_slave(void *arg, const char *name, struct ex_err *err)
{
	struct slave *s = arg;
	char attr[EX_PATH];

	(void)err;
	if (snprintf(attr, sizeof(attr), "slaves/%s/dev", name) <
	    (int)sizeof(attr))
		put(s->below, attr_dev(s->below->system, s->of, attr), 1);
	return 0;
}

/* Everything below a device, itself first. */
static void
find_below(struct below *b, const struct ex_system *system, dev_t dev)
{
	b->system = system;
	b->n = 0;
	put(b, dev, 1);
	for (size_t i = 0; i < b->n; i++) {
		struct slave s = { b, b->at[i].dev };
		char text[EX_PATH];

		if (ex_system_attr(
			text, sizeof(text), system, s.of, "partition") == 0)
			put(b, attr_dev(system, s.of, "../dev"), 0);
		if (attr_path(text, system, s.of, "slaves") == 0)
			(void)ex_dir_each(text, put_slave, &s, NULL);
		if (ex_system_attr(text, sizeof(text), system, s.of,
			"loop/backing_file") == 0)
			put(b, path_dev(text), 1);
	}
}

/*
 * Would reading mine meet what is in use above used?  Both are lists of what
 * lies below.  They meet in a device that either needs as a whole; two parts
 * of one disk do not meet.
 */
static int
meet(const struct below *mine, const struct below *used)
{
	for (size_t i = 0; i < mine->n; i++)
		for (size_t k = 0; k < used->n; k++)
			if (mine->at[i].dev == used->at[k].dev &&
			    (mine->at[i].whole || used->at[k].whole))
				return 1;
	return 0;
}

/* The question, while the lists of the system are gone through. */
struct question {
	const struct ex_system *system;
	const char *name;
	struct below mine;
};

static int
meets(const struct question *q, dev_t dev)
{
	struct below used;

	if (dev == 0)
		return 0;
	find_below(&used, q->system, dev);
	return meet(&q->mine, &used);
}

/* \040 and its like as /proc writes them. */
static void
unescape(char *text)
{
	size_t n = 0;

	for (size_t i = 0; text[i] != '\0'; n++) {
		if (text[i] == '\\' && text[i + 1] >= '0' &&
		    text[i + 1] <= '3' && text[i + 2] >= '0' &&
		    text[i + 2] <= '7' && text[i + 3] >= '0' &&
		    text[i + 3] <= '7') {
			text[n] = (char)((text[i + 1] - '0') * 64 +
					 (text[i + 2] - '0') * 8 +
					 (text[i + 3] - '0'));
			i += 4;
			continue;
		}
		text[n] = text[i++];
	}
	text[n] = '\0';
}

/* Words of a line, at most max of them; the line is cut in place. */
static size_t
words(char *line, char **word, size_t max)
{
	size_t n = 0;
	char *save = NULL;

	for (char *p = strtok_r(line, " \t", &save); p != NULL && n < max;
	     p = strtok_r(NULL, " \t", &save))
		word[n++] = p;
	return n;
}

/* id parent major:minor root point options ... - type source options */
static int
check_mount(const struct question *q, char *line, struct ex_err *err)
{
	char *word[64];
	size_t n = words(line, word, 64), dash = 6;
	int used;

	while (dash < n && strcmp(word[dash], "-") != 0)
		dash++;
	if (dash + 2 >= n)
		return 0;
	unescape(word[4]);
	unescape(word[dash + 2]);
	used =
	    meets(q, read_dev(word[2])) || meets(q, path_dev(word[dash + 2]));
	if (!used)
		return 0;
	if (strcmp(word[4], "/") == 0)
		return ex_fail(err, EX_STATE,
		    "%s holds the running system: it cannot be imaged from "
		    "here",
		    q->name);
	return ex_fail(err, EX_STATE,
	    "%s is mounted, or a part of it, at %s: unmount it first", q->name,
	    word[4]);
}

static int
check_swap(const struct question *q, char *line, struct ex_err *err)
{
	char *word[2];

	if (words(line, word, 2) == 0)
		return 0;
	unescape(word[0]);
	if (!meets(q, path_dev(word[0])))
		return 0;
	return ex_fail(err, EX_STATE,
	    "%s is used as swap, or a part of it: end that with swapoff first",
	    q->name);
}

/* Ask a question of every line of one of the system's lists. */
static int
each_line(const struct question *q, const char *path,
    int (*ask)(const struct question *q, char *line, struct ex_err *err),
    struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	char *save = NULL, *all = NULL;
	int rc = 0;

	if (ex_file_read(&text, path, MOUNTS, &why) == -1) {
		ex_buf_free(&text);
		/* A kernel without swap has no list of it. */
		return why.code == EX_ABSENT
			   ? 0
			   : ex_fail(err, why.code, "%s", why.text);
	}
	if ((all = ex_buf_take_text(&text)) == NULL)
		return ex_fail(err, EX_SYSTEM, "%s: nothing there", path);
	for (char *line = strtok_r(all, "\n", &save); rc == 0 && line != NULL;
	     line = strtok_r(NULL, "\n", &save))
		rc = ask(q, line, err);
	free(all);
	return rc;
}

/* One that holds the device: a RAID, a volume, a mapping above it. */
static int
check_holder(void *arg, const char *name, struct ex_err *err)
{
	const struct question *q = arg;

	return ex_fail(err, EX_STATE,
	    "%s is in use, or a part of it, by %s: end that first", q->name,
	    name);
}

struct parts {
	struct question *q;
	const char *dir; /* of the disk in /sys */
};

/* A folder of the disk that is a partition may have holders too. */
static int
check_part(void *arg, const char *name, struct ex_err *err)
{
	const struct parts *p = arg;
	char path[EX_PATH];
	int n;

	n = snprintf(path, sizeof(path), "%s/%s/partition", p->dir, name);
	if (n < 0 || n >= EX_PATH || !ex_file_exists(path))
		return 0;
	n = snprintf(path, sizeof(path), "%s/%s/holders", p->dir, name);
	if (n < 0 || n >= EX_PATH || !ex_file_exists(path))
		return 0;
	return ex_dir_each(path, check_holder, p->q, err);
}

/* Mounted or not: what is a part of a RAID or volume is not still. */
static int
check_holders(struct question *q, dev_t dev, struct ex_err *err)
{
	char path[EX_PATH], dir[EX_PATH];
	struct parts parts = { q, dir };

	if (attr_path(path, q->system, dev, "holders") == 0 &&
	    ex_file_exists(path) &&
	    ex_dir_each(path, check_holder, q, err) == -1)
		return -1;
	if (attr_path(dir, q->system, dev, ".") == -1 || !ex_file_exists(dir))
		return 0;
	return ex_dir_each(dir, check_part, &parts, err);
}

int
ex_system_check_use(const struct ex_system *system, dev_t dev, const char *name,
    struct ex_err *err)
{
	struct question q = { .system = system, .name = name };

	find_below(&q.mine, system, dev);
	if (each_line(&q, system->mounts, check_mount, err) == -1 ||
	    each_line(&q, system->swaps, check_swap, err) == -1)
		return -1;
	return check_holders(&q, dev, err);
}

int
ex_system_check_dirs(const struct ex_system *system, dev_t dev,
    const char *name, const struct ex_system_dir *dir, size_t ndir,
    struct ex_err *err)
{
	struct question q = { .system = system, .name = name };

	find_below(&q.mine, system, dev);
	for (size_t i = 0; i < ndir; i++)
		if (meets(&q, dir[i].dev))
			return ex_fail(err, EX_STATE,
			    "%s carries the file system of %s, which is "
			    "written to",
			    name, dir[i].path);
	return 0;
}

/* Is the file the one behind a loop device? */
static int
is_behind(const struct ex_system *system, dev_t loop, const struct stat *file)
{
	char path[EX_PATH];
	struct stat st;

	return ex_system_attr(path, sizeof(path), system, loop,
		   "loop/backing_file") == 0 &&
	       stat(path, &st) == 0 && st.st_dev == file->st_dev &&
	       st.st_ino == file->st_ino;
}

int
ex_system_check_file(const struct ex_system *system, const struct stat *st,
    const char *name, const struct ex_system_dir *dir, size_t ndir,
    struct ex_err *err)
{
	for (size_t i = 0; i < ndir; i++) {
		struct below below;

		find_below(&below, system, dir[i].dev);
		for (size_t k = 0; k < below.n; k++)
			if (is_behind(system, below.at[k].dev, st))
				return ex_fail(err, EX_STATE,
				    "%s carries the file system of %s, which "
				    "is written to",
				    name, dir[i].path);
	}
	return 0;
}

int
ex_system_check(const struct ex_system *system, dev_t dev, const char *name,
    const struct ex_system_dir *dir, size_t ndir, struct ex_err *err)
{
	if (ex_system_check_dirs(system, dev, name, dir, ndir, err) == -1)
		return -1;
	return ex_system_check_use(system, dev, name, err);
}

int
ex_system_node(char out[EX_PATH], const struct ex_system *system, dev_t dev)
{
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_PATH], *save = NULL, *all = NULL;
	int rc = -1;

	if (attr_path(path, system, dev, "uevent") == 0 &&
	    ex_file_read(&text, path, ATTR, NULL) == 0)
		all = ex_buf_take_text(&text);
	for (char *line = all == NULL ? NULL : strtok_r(all, "\n", &save);
	     rc == -1 && line != NULL; line = strtok_r(NULL, "\n", &save))
		if (strncmp(line, "DEVNAME=", 8) == 0 &&
		    strstr(line, "..") == NULL &&
		    snprintf(out, EX_PATH, "/dev/%s", &line[8]) < EX_PATH)
			rc = 0;
	free(all);
	ex_buf_free(&text);
	return rc;
}

int
ex_system_has(const struct ex_system *system, dev_t dev)
{
	char path[EX_PATH], state[32];

	if (attr_path(path, system, dev, "dev") == -1 || !ex_file_exists(path))
		return 0;
	/* Of a partition, the state is its disk's. */
	if (ex_system_attr(state, sizeof(state), system, dev, "device/state") ==
		-1 &&
	    ex_system_attr(
		state, sizeof(state), system, dev, "../device/state") == -1)
		return 1;
	return strcmp(state, "running") == 0 || strcmp(state, "live") == 0 ||
	       strcmp(state, "quiesce") == 0;
}
