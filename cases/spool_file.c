/*
 * spool_file.c -- signed acts in DIR/pending.
 *
 * NAME.act.lock is locked by whoever works on NAME.act, so that no second
 * process sends what the first is about to give up.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/limits.h"
#include "cases/act_parts.h"

#define ENDING ".act"
#define LOCK   ".lock"
#define LOST   ".lost"

/* What a killed process left behind is older than this, in seconds. */
#define LITTER_AGE 600

/* job->file of this name in DIR/pending. */
static int
set_file(struct ex_act_job *job, const char *name, struct ex_err *err)
{
	char dir[EX_PATH];

	if (ex_house_path(dir, job->house, "pending", err) == -1)
		return -1;
	return ex_path_join(job->file, sizeof(job->file), dir, name, err);
}

/* job->file with something behind it. */
static int
beside(char out[EX_PATH], const struct ex_act_job *job, const char *ending,
    struct ex_err *err)
{
	int n = snprintf(out, EX_PATH, "%s%s", job->file, ending);

	if (n < 0 || n >= EX_PATH)
		return ex_fail(err, EX_LIMIT, "%s: too long", job->file);
	return 0;
}

static int
lock(struct ex_act_job *job, struct ex_err *err)
{
	char path[EX_PATH];

	if (beside(path, job, LOCK, err) == -1)
		return -1;
	job->lock = ex_file_lock(path, err);
	return job->lock == -1 ? -1 : 0;
}

/* The file is not there any more: neither is its lock. */
static void
unlock(struct ex_act_job *job)
{
	char path[EX_PATH];

	if (beside(path, job, LOCK, NULL) == 0)
		(void)unlink(path);
	if (job->lock != -1)
		(void)close(job->lock);
	job->lock = -1;
	job->file[0] = '\0';
}

int
ex_spool_write(struct ex_act_job *job, struct ex_err *err)
{
	char name[EX_UUID_TEXT + 16], uuid[EX_UUID_TEXT], dir[EX_PATH];
	struct ex_buf text = EX_BUF_INIT;
	int rc = -1;

	ex_uuid7(uuid);
	(void)snprintf(name, sizeof(name), "%s%s", uuid, ENDING);
	if (ex_house_path(dir, job->house, "pending", err) == -1 ||
	    ex_dir_make(dir, 0700, err) == -1 || set_file(job, name, err) == -1)
		return -1;
	if (ex_spool_text(&text, job, err) == 0 && lock(job, err) == 0)
		rc = ex_file_create(job->file, text.data, text.len, 0600, err);
	if (rc == -1)
		unlock(job);
	ex_buf_wipe(&text);
	return rc;
}

static int
read_file(struct ex_act_job *job, struct ex_err *err)
{
	struct ex_buf bytes = EX_BUF_INIT;
	int rc;

	rc = ex_file_read(
	    &bytes, job->file, EX_PENDING_MAX + EX_SHA256_LEN, err);
	if (rc == 0)
		rc = ex_spool_parse(job, bytes.data, bytes.len, err);
	ex_buf_wipe(&bytes);
	return rc;
}

int
ex_spool_look(struct ex_act_job *job, const char *name, struct ex_err *err)
{
	if (set_file(job, name, err) == -1)
		return -1;
	return read_file(job, err);
}

int
ex_spool_take(struct ex_act_job *job, const char *name, struct ex_err *err)
{
	int rc;

	if (set_file(job, name, err) == -1 || lock(job, err) == -1)
		return -1;
	rc = read_file(job, err);
	if (rc == -1 && !ex_file_exists(job->file))
		unlock(job);
	return rc;
}

int
ex_spool_drop(struct ex_act_job *job, struct ex_err *err)
{
	if (job->file[0] == '\0')
		return 0;
	if (unlink(job->file) == -1 && errno != ENOENT)
		return ex_fail_errno(err, "%s", job->file);
	if (ex_dir_sync_of(job->file, err) == -1)
		return -1;
	unlock(job);
	return 0;
}

void
ex_spool_keep(struct ex_act_job *job)
{
	if (job->file[0] != '\0')
		unlock(job);
}

int
ex_spool_aside(struct ex_act_job *job, struct ex_err *err)
{
	char path[EX_PATH];

	if (beside(path, job, LOST, err) == -1)
		return -1;
	if (rename(job->file, path) == -1)
		return ex_fail_errno(err, "%s", job->file);
	if (ex_dir_sync_of(path, err) == -1)
		return -1;
	unlock(job);
	return 0;
}

struct walk {
	const char *dir;
	int (*each)(void *arg, const char *name, struct ex_err *err);
	void *arg;
};

/* A lock or a half-written file of a process that was killed goes. */
static void
sweep(const struct walk *w, const char *name)
{
	char path[EX_PATH];
	struct stat st;

	if (ex_path_join(path, sizeof(path), w->dir, name, NULL) == 0 &&
	    lstat(path, &st) == 0 &&
	    ex_now() / EX_SECOND - st.st_mtime > LITTER_AGE)
		(void)unlink(path);
}

static int
ends_with(const char *name, const char *ending)
{
	size_t n = strlen(name), k = strlen(ending);

	return n > k && strcmp(name + n - k, ending) == 0;
}

static int
visit(void *arg, const char *name, struct ex_err *err)
{
	const struct walk *w = arg;

	if (ends_with(name, ENDING))
		return w->each(w->arg, name, err);
	if (ends_with(name, ENDING LOCK) ||
	    (strstr(name, ENDING ".") != NULL && ends_with(name, ".tmp")))
		sweep(w, name);
	return 0;
}

int
ex_spool_each(struct ex_house *house,
    int (*each)(void *arg, const char *name, struct ex_err *err), void *arg,
    struct ex_err *err)
{
	char dir[EX_PATH];
	struct walk w = { dir, each, arg };

	if (ex_house_path(dir, house, "pending", err) == -1)
		return -1;
	return ex_file_exists(dir) ? ex_dir_each(dir, visit, &w, err) : 0;
}
