/*
 * selftest_bench.c -- what the lines of the self-test work with.
 */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/proc.h"
#include "cases/selftest_parts.h"

enum {
	OUTPUT_MAX = 1 << 20, /* bytes of another program's words */
	PATIENCE = 120	      /* seconds for one */
};

int
ex_selftest_want(struct ex_selftest_line *l, int truth, const char *fmt, ...)
{
	va_list ap;

	if (truth || l->result == EX_SELFTEST_FAIL)
		return truth;
	l->result = EX_SELFTEST_FAIL;
	va_start(ap, fmt);
	(void)vsnprintf(l->text, sizeof(l->text), fmt, ap);
	va_end(ap);
	return 0;
}

void
ex_selftest_say(
    struct ex_selftest_line *l, enum ex_selftest_result r, const char *fmt, ...)
{
	va_list ap;

	if (l->result == EX_SELFTEST_FAIL)
		return;
	l->result = r;
	va_start(ap, fmt);
	(void)vsnprintf(l->text, sizeof(l->text), fmt, ap);
	va_end(ap);
}

int
ex_selftest_folder(
    char out[EX_PATH], struct ex_selftest *t, struct ex_selftest_line *l)
{
	struct ex_err err = EX_ERR_INIT;
	char name[32];

	(void)snprintf(name, sizeof(name), "%u", t->folders++);
	if (ex_path_join(out, EX_PATH, t->dir, name, &err) == -1 ||
	    ex_dir_make(out, 0700, &err) == -1) {
		(void)ex_selftest_want(l, 0, "%s", err.text);
		return -1;
	}
	return 0;
}

struct ex_imaging
ex_selftest_job(void)
{
	struct ex_imaging job;

	memset(&job, 0, sizeof(job));
	job.name = "TEST-I1";
	job.container = EX_CONTAINER_E01;
	job.compression = EX_COMPRESSION_FAST;
	job.retries = 1;
	return job;
}

int
ex_selftest_make(struct ex_selftest_image *i, struct ex_selftest *t,
    struct ex_selftest_line *l, struct ex_imaging *job,
    struct ex_source *source)
{
	struct ex_err err = EX_ERR_INIT;
	const char *dir = i->dir;
	int rc = -1;

	memset(i, 0, sizeof(*i));
	i->container = job->container;
	job->source = source;
	job->dir = &dir;
	job->ndir = 1;
	if (!ex_selftest_want(l, source != NULL, "no source") ||
	    ex_selftest_folder(i->dir, t, l) == -1)
		goto out;
	if (ex_imaging_run(&i->out, job, &err) == -1) {
		(void)ex_selftest_want(l, 0, "%s", err.text);
		goto out;
	}
	if (ex_selftest_want(l, i->out.copy[0].good, "no good copy: %s",
		i->out.copy[0].why.text))
		rc = 0;
out:
	ex_source_close(source);
	job->source = NULL;
	job->dir = NULL;
	return rc;
}

void
ex_selftest_image_free(struct ex_selftest_image *i)
{
	ex_imaging_outcome_free(&i->out);
	ex_verdict_free(&i->verdict);
	memset(i, 0, sizeof(*i));
}

/* The paths of an image's segments; the caller's array. */
static const char **
paths_of(const struct ex_selftest_image *i)
{
	const struct ex_image_copy *c = &i->out.copy[0];
	const char **path = calloc(c->nsegments + 1, sizeof(*path));

	for (size_t k = 0; path != NULL && k < c->nsegments; k++)
		path[k] = c->segment[k].path;
	return path;
}

static struct ex_reading
reading_of(const struct ex_selftest_image *i, const struct ex_selftest *t,
    const char **path)
{
	struct ex_reading r = { .container = i->container,
		.path = path,
		.npaths = i->out.copy[0].nsegments,
		.without_landlock = t->s->without_landlock };

	return r;
}

int
ex_selftest_read(struct ex_selftest_image *i, struct ex_selftest *t,
    struct ex_selftest_line *l)
{
	struct ex_err err = EX_ERR_INIT;
	const char **path = paths_of(i);
	struct ex_reading r = reading_of(i, t, path);
	int rc = -1;

	ex_verdict_free(&i->verdict);
	if (path != NULL)
		rc = ex_reading_verify(&i->verdict, &r, &err);
	free(path);
	if (rc == -1)
		(void)ex_selftest_want(l, 0, "%s", err.text);
	return rc;
}

int
ex_selftest_raw(const char *path, const struct ex_selftest_image *i,
    struct ex_selftest *t, struct ex_selftest_line *l)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	struct ex_err err = EX_ERR_INIT;
	const char **from = paths_of(i);
	struct ex_reading r = reading_of(i, t, from);
	struct ex_verdict v;
	int rc = -1;

	memset(&v, 0, sizeof(v));
	if (fd == -1 || from == NULL)
		(void)ex_fail_errno(&err, "%s", path);
	else
		rc = ex_reading_export(&v, &r, fd, &err);
	if (fd != -1)
		(void)close(fd);
	ex_verdict_free(&v);
	free(from);
	if (rc == -1)
		(void)ex_selftest_want(l, 0, "%s", err.text);
	return rc;
}

int
ex_selftest_same(const struct ex_digest_value *a, size_t na,
    const struct ex_digest_value *b, size_t nb)
{
	for (size_t i = 0; i < na; i++) {
		size_t k = 0;

		while (k < nb && b[k].alg != a[i].alg)
			k++;
		if (k == nb || memcmp(a[i].value, b[k].value, a[i].len) != 0)
			return 0;
	}
	return na > 0;
}

int
ex_selftest_program(const char *const *argv, struct ex_buf *out)
{
	struct ex_buf words = EX_BUF_INIT;
	struct ex_proc p = EX_PROC_INIT;
	int null, status = -1;

	if ((null = open("/dev/null", O_RDWR | O_CLOEXEC)) == -1)
		return -1;
	p.path = argv[0];
	p.argv = argv;
	p.err = null;
	if (ex_proc_run(&p, out != NULL ? out : &words, OUTPUT_MAX,
		PATIENCE * INT64_C(1000000), &status, NULL) == -1)
		status = -1;
	(void)close(null);
	ex_buf_free(&words);
	return status == 127 ? -1 : status;
}

int
ex_selftest_cmp(const char *a, const char *b)
{
	const char *argv[] = { "cmp", "-s", a, b, NULL };
	int status = ex_selftest_program(argv, NULL);

	return status == -1 ? -1 : status == 0;
}

int
ex_selftest_file(
    const char *path, uint64_t n, unsigned seed, struct ex_selftest_line *l)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	uint64_t x = UINT64_C(0x9e3779b97f4a7c15) * (seed + 1);
	uint8_t block[4096];
	struct ex_err err = EX_ERR_INIT;
	int rc = fd == -1 ? ex_fail_errno(&err, "%s", path) : 0;

	for (uint64_t at = 0; rc == 0 && at < n; at += sizeof(block)) {
		size_t step =
		    n - at < sizeof(block) ? (size_t)(n - at) : sizeof(block);

		for (size_t i = 0; i < sizeof(block); i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			block[i] = (uint8_t)x;
		}
		rc = ex_fd_write_all(fd, block, step, &err);
	}
	if (fd != -1)
		(void)close(fd);
	(void)ex_selftest_want(l, rc == 0, "%s", err.text);
	return rc;
}

int
ex_selftest_flip(const char *path, uint64_t at, struct ex_selftest_line *l)
{
	uint8_t byte;
	int fd, ok;

	(void)chmod(path, 0600);
	fd = open(path, O_RDWR | O_CLOEXEC);
	ok = fd != -1 && pread(fd, &byte, 1, (off_t)at) == 1;
	byte = ok ? byte ^ 1 : 0;
	ok = ok && pwrite(fd, &byte, 1, (off_t)at) == 1;
	if (fd != -1)
		(void)close(fd);
	(void)ex_selftest_want(
	    l, ok, "%.200s: cannot be changed for the test", path);
	return ok ? 0 : -1;
}
