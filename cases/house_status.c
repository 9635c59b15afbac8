/*
 * house_status.c -- what runs, how far the log has come, what would stop the
 * work.  Starts nothing.
 */
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/proc.h"
#include "cases/house_parts.h"
#include "custody/log.h"
#include "custody/outsiders.h"
#include "db/schema.h"
#include "db/store.h"

enum {
	LOW_SPACE = 5 /* percent of a file system left: a warning */
};

static int
count(void *arg, const char *name, struct ex_err *err)
{
	(void)err;
	if (name[0] != '.')
		++*(int64_t *)arg;
	return 0;
}

/* How many acts wait in DIR/pending. */
static int64_t
pending(const struct ex_house *house)
{
	char path[EX_PATH];
	int64_t n = 0;

	if (ex_house_path(path, house, "pending", NULL) == 0)
		(void)ex_dir_each(path, count, &n, NULL);
	return n;
}

/*
 * Whom the policy names, and whether the log waits for one of them before it
 * signs.
 */
static int
add_outsiders(struct ex_json *v, struct ex_house *house, struct ex_conn *conn,
    struct ex_err *err)
{
	struct ex_json *policy = NULL;
	struct ex_outsiders o;
	char path[EX_PATH];
	int rc;

	if (ex_store_fact(conn, "policy", "policy", &policy, err) == -1)
		return -1;
	rc = ex_outsiders_read(&o, policy, err);
	ex_json_free(policy);
	if (rc == -1 || ex_house_path(path, house, "log/ask", err) == -1 ||
	    ex_json_set_int(v, "witnesses", (int64_t)o.nwitnesses, err) == -1 ||
	    ex_json_set_int(v, "authorities", (int64_t)o.nauthorities, err) ==
		-1)
		return -1;
	return ex_json_set(v, "waits_for_witness",
	    ex_json_bool(o.nwitnesses > 0 && ex_file_exists(path)), err);
}

/* Size, root and queue, when the database answers. */
static int
add_log(struct ex_json *v, struct ex_house *house, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_checkpoint c;
	struct ex_buf note = EX_BUF_INIT;
	struct ex_conn *conn = NULL;
	uint64_t queued = 0, rejected = 0;
	int rc = 0;

	if (ex_house_connect(house, EX_ROLE_SERVICE, &conn, NULL) == -1)
		return ex_json_set(v, "database", ex_json_bool(0), err);
	if (ex_store_counts(conn, &queued, &rejected, err) == -1 ||
	    ex_json_set(v, "database", ex_json_bool(1), err) == -1 ||
	    ex_json_set_int(v, "queued", (int64_t)queued, err) == -1 ||
	    ex_json_set_int(v, "rejected", (int64_t)rejected, err) == -1)
		rc = -1;
	if (rc == 0)
		rc = add_outsiders(v, house, conn, err);
	memset(&c, 0, sizeof(c));
	if (rc == 0 && ex_store_checkpoint(conn, &note, NULL, &why) == 0 &&
	    ex_checkpoint_check(
		&c, note.data, note.len, &house->log_key, err) == -1)
		rc = -1;
	if (rc == 0 &&
	    (ex_json_set_int(v, "size", (int64_t)c.size, err) == -1 ||
		ex_json_set_hex(v, "root", c.root, sizeof(c.root), err) == -1))
		rc = -1;
	ex_buf_free(&note);
	ex_conn_close(conn);
	return rc;
}

/* A field kit: what it has seen, and what it has to bring home. */
static int
kit_status(struct ex_json **out, struct ex_house *house, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	struct ex_checkpoint c;

	if (v == NULL || ex_house_seen(house, &c, NULL, err) == -1 ||
	    ex_json_set(v, "embedded", ex_json_bool(0), err) == -1 ||
	    ex_json_set(v, "field", ex_json_bool(1), err) == -1 ||
	    ex_json_set_text(v, "database", "none: a field kit", err) == -1 ||
	    ex_json_set_text(v, "sequencer", "none", err) == -1 ||
	    ex_json_set_text(v, "origin", house->log_key.name, err) == -1 ||
	    ex_json_set_int(v, "size", (int64_t)c.size, err) == -1 ||
	    ex_json_set_hex(v, "root", c.root, sizeof(c.root), err) == -1 ||
	    ex_json_set_int(v, "pending", pending(house), err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	*out = v;
	return 0;
}

int
ex_house_status(
    struct ex_json **out, struct ex_house *house, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	int embedded = ex_house_embedded(house);

	*out = NULL;
	if (house->kit != NULL) {
		ex_json_free(v);
		return kit_status(out, house, err);
	}
	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set(v, "embedded", ex_json_bool(embedded), err) == -1 ||
	    ex_json_set_text(v, "cluster",
		!embedded			      ? "given"
		: ex_cluster_running(&house->cluster) ? "running"
						      : "stopped",
		err) == -1 ||
	    ex_json_set_text(v, "sequencer",
		ex_house_sequencer(house) != 0 ? "running" : "stopped",
		err) == -1 ||
	    ex_json_set_text(v, "service_user", house->cluster.user, err) ==
		-1 ||
	    ex_json_set_text(v, "origin", house->log_key.name, err) == -1 ||
	    ex_json_set_int(v, "pending", pending(house), err) == -1 ||
	    ex_json_set_text(v, "anchor",
		ex_house_anchor(house) != 0 ? "running" : "stopped",
		err) == -1 ||
	    ex_json_set(v, "one_user", ex_json_bool(embedded), err) == -1 ||
	    add_log(v, house, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}

/* A list of checks under way. */
struct doctor {
	struct ex_house *house;
	struct ex_json *list;
	int fault;
};

static int
say(struct doctor *d, const char *check, const char *result, struct ex_err *err,
    const char *fmt, ...) __attribute__((__format__(__printf__, 5, 6)));

static int
say(struct doctor *d, const char *check, const char *result, struct ex_err *err,
    const char *fmt, ...)
{
	struct ex_json *v = ex_json_object();
	char text[600];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	d->fault |= strcmp(result, "fault") == 0;
	if (v == NULL || ex_json_set_text(v, "check", check, err) == -1 ||
	    ex_json_set_text(v, "result", result, err) == -1 ||
	    ex_json_set_text(v, "text", text, err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return ex_json_add(d->list, v, err);
}

static int
check_programs(struct doctor *d, struct ex_err *err)
{
	static const char *const name[] = { "exhibit-sequencer", "exhibit-ca",
		"exhibit-anchor", "exhibit-reader" };
	char path[EX_PATH];

	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		struct ex_err why = EX_ERR_INIT;
		int there = ex_proc_beside(path, EX_PATH, name[i], &why) == 0;

		if (say(d, "program", there ? "ok" : "fault", err, "%s",
			there ? path : why.text) == -1)
			return -1;
	}
	return 0;
}

static int
check_services(struct doctor *d, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_conn *conn = NULL;
	int up = ex_house_connect(d->house, EX_HOUSE_ROOT, &conn, &why) == 0;
	int fits = up && ex_schema_check(conn, &why) == 0;

	ex_conn_close(conn);
	if (say(d, "database", up ? "ok" : "warning", err, "%s",
		up ? "it answers" : why.text) == -1)
		return -1;
	if (up && say(d, "schema", fits ? "ok" : "fault", err, "%s",
		      fits ? "it is this program's" : why.text) == -1)
		return -1;
	up = ex_house_sequencer(d->house) != 0;
	return say(d, "sequencer", up ? "ok" : "warning", err, "%s",
	    up ? "it runs" : "it does not run: exhibit up");
}

/* Secrets are their owner's alone. */
static int
check_modes(struct doctor *d, struct ex_err *err)
{
	static const char *const name[] = { "keys", "ca", "log", "pending",
		"receipts", "vault" };
	char path[EX_PATH];
	struct stat st;

	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		int there, open;

		if (ex_house_path(path, d->house, name[i], err) == -1)
			return -1;
		there = stat(path, &st) == 0;
		open = there && (st.st_mode & 077) != 0;
		if (say(d, "folder", there && !open ? "ok" : "fault", err,
			"%s %s", path,
			!there ? "is not there"
			: open ? "can be read by others: chmod 700"
			       : "is its owner's alone") == -1)
			return -1;
	}
	return 0;
}

static int
check_space(struct doctor *d, struct ex_err *err)
{
	struct statvfs fs;
	unsigned long long percent;

	if (statvfs(d->house->dir, &fs) == -1)
		return ex_fail_errno(err, "%s", d->house->dir);
	percent = fs.f_blocks == 0 ? 0 : 100ULL * fs.f_bavail / fs.f_blocks;
	return say(d, "space", percent < LOW_SPACE ? "warning" : "ok", err,
	    "%llu %% of the file system is free", percent);
}

static int
check_pending(struct doctor *d, struct ex_err *err)
{
	int64_t n = pending(d->house);

	return say(d, "pending", n == 0 ? "ok" : "warning", err,
	    n == 0 ? "nothing waits"
		   : "acts wait for their receipt: exhibit pending");
}

int
ex_house_doctor(struct ex_json **out, int *status, struct ex_house *house,
    struct ex_err *err)
{
	static int (*const check[])(
	    struct doctor * d, struct ex_err * err) = { check_programs,
		check_services, check_modes, check_space, check_pending };
	struct doctor d = { house, ex_json_array(), 0 };
	struct ex_json *v = ex_json_object();
	int rc = v == NULL || d.list == NULL ? -1 : 0;

	*out = NULL;
	for (size_t i = 0; rc == 0 && i < sizeof(check) / sizeof(check[0]); i++)
		rc = check[i](&d, err);
	if (rc == 0)
		rc = ex_json_set(v, "checks", ex_json_ref(d.list), err);
	ex_json_free(d.list);
	if (rc == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	*status = d.fault;
	*out = v;
	return 0;
}
