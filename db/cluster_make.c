/*
 * cluster_make.c -- making the private PostgreSQL.
 */
#include <sys/stat.h>

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/proc.h"
#include "db/cluster.h"

enum {
	INITDB_SECONDS = 300,
	TOOL_OUTPUT = 1 << 20, /* bytes that initdb may say */
	SOCKET_DIR_MAX = 85    /* "/.s.PGSQL.5432.lock" must fit 107 bytes */
};

#define PAUSE (EX_SECOND / 20)

static const char settings[] =
    "# Written by exhibit init: a Unix socket only, nothing on a network.\n"
    "listen_addresses = ''\n"
    "max_connections = 64\n"
    "fsync = on\n"
    "full_page_writes = on\n"
    "synchronous_commit = on\n"
    "shared_buffers = 64MB\n"
    "timezone = 'UTC'\n"
    "log_timezone = 'UTC'\n"
    "lc_messages = 'C.UTF-8'\n";

static const char access_rules[] =
    "# Who the operating system says it is, through the socket only.\n"
    "local all all peer map=exhibit\n";

static int
give(const struct ex_cluster *c, const char *path, struct ex_err *err)
{
	if (c->own_user && chown(path, c->uid, c->gid) == -1)
		return ex_fail_errno(err, "%s", path);
	return 0;
}

/* Put a file of the service user's into the cluster. */
static int
write_file(const struct ex_cluster *c, const char *dir, const char *name,
    const char *text, struct ex_err *err)
{
	char path[EX_PATH];

	if (ex_path_join(path, EX_PATH, dir, name, err) == -1 ||
	    ex_file_write(path, text, strlen(text), 0600, err) == -1)
		return -1;
	return give(c, path, err);
}

/* May the service user pass through this folder? */
static int
passes(const struct ex_cluster *c, const struct stat *st)
{
	if (st->st_uid == c->uid)
		return (st->st_mode & S_IXUSR) != 0;
	if (st->st_gid == c->gid)
		return (st->st_mode & S_IXGRP) != 0;
	return (st->st_mode & S_IXOTH) != 0;
}

/* Every folder above must let the service user through. */
static int
check_reach(const struct ex_cluster *c, struct ex_err *err)
{
	char path[EX_PATH];
	struct stat st;

	if (!c->own_user)
		return 0;
	if (realpath(c->dir, path) == NULL && errno != ENOENT)
		return ex_fail_errno(err, "%s", c->dir);
	for (char *p = strchr(path, '/'); p != NULL; p = strchr(p + 1, '/')) {
		char keep = p[1];

		/* "/" itself, then each folder with its '/' cut off. */
		if (p == path)
			p[1] = '\0';
		else
			*p = '\0';
		if (stat(path, &st) == 0 && !passes(c, &st))
			return ex_fail(err, EX_USAGE,
			    "user %s, who runs the database, cannot reach %s; "
			    "use a data directory such as /var/lib/exhibit",
			    c->user, path);
		*p = '/';
		p[1] = keep;
	}
	return 0;
}

/*
 * The socket's folder: in the data directory, or a short one.  Where it is is
 * recorded, in DIR/pg.socket, when it is fit to be used.
 */
static int
make_socket_dir(struct ex_cluster *c, struct ex_err *err)
{
	char record[EX_PATH], brief[] = "/tmp/exhibit-XXXXXX", line[EX_PATH];
	size_t n = strlen(c->dir);

	if (n + sizeof(".socket") > sizeof(record))
		return ex_fail(err, EX_LIMIT, "path too long");
	memcpy(record, c->dir, n);
	memcpy(record + n, ".socket", sizeof(".socket"));
	if (ex_file_exists(record))
		return 0;
	if (strlen(c->socket) > SOCKET_DIR_MAX) {
		if (mkdtemp(brief) == NULL)
			return ex_fail_errno(err, "%s", brief);
		(void)snprintf(c->socket, EX_PATH, "%s", brief);
	} else if (ex_dir_make(c->socket, 0755, err) == -1) {
		return -1;
	}
	if (chmod(c->socket, 0755) == -1)
		return ex_fail_errno(err, "%s", c->socket);
	if (give(c, c->socket, err) == -1)
		return -1;
	(void)snprintf(line, sizeof(line), "%.4000s\n", c->socket);
	return ex_file_write(record, line, strlen(line), 0644, err);
}

/* What initdb said first: the rest is how it cleans up. */
static int
tell_initdb(int said, int status, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	const char *line;

	if (lseek(said, 0, SEEK_SET) == 0)
		(void)ex_fd_read_all(&text, said, TOOL_OUTPUT, NULL);
	line = ex_buf_text(&text);
	(void)ex_fail(err, EX_SYSTEM,
	    "the private database cannot be made: initdb ended with %d: %.*s",
	    status, (int)strcspn(line, "\n"), line);
	ex_buf_free(&text);
	return -1;
}

/* A file without a name for what a program says. */
static int
open_nameless(const char *dir, struct ex_err *err)
{
	char path[EX_PATH];
	int fd;

	if (ex_path_join(path, EX_PATH, dir, ".said.XXXXXX", err) == -1)
		return -1;
	if ((fd = mkstemp(path)) == -1)
		return ex_fail_errno(err, "%s", path);
	(void)unlink(path);
	return fd;
}

/*
 * initdb holds the lock as well, and whatever it starts: killed with all its
 * kin or not, nobody else writes into the folder that it still fills.
 */
static int
run_initdb(
    const struct ex_cluster *c, const char *dir, int lock, struct ex_err *err)
{
	char path[EX_PATH];
	const char *argv[] = { "initdb", "-D", dir, "-U", EX_CLUSTER_ROOT,
		"--auth=peer", "--encoding=UTF8", "--locale=C.UTF-8",
		"--data-checksums", "--no-instructions", NULL };
	struct ex_proc p = EX_PROC_INIT;
	int status, rc;

	if (ex_path_join(path, EX_PATH, c->bin, "initdb", err) == -1 ||
	    (p.err = open_nameless(c->socket, err)) == -1)
		return -1;
	p.path = path;
	p.argv = argv;
	p.own_user = c->own_user;
	p.uid = c->uid;
	p.gid = c->gid;
	p.fds = &lock;
	p.nfds = 1;
	rc = ex_proc_run(&p, NULL, 0, INITDB_SECONDS * EX_SECOND, &status, err);
	if (rc == 0 && status != 0)
		rc = tell_initdb(p.err, status, err);
	(void)close(p.err);
	return rc;
}

static int
write_settings(const struct ex_cluster *c, const char *dir, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	int rc = -1;

	if (ex_buf_add_text(&text, settings, err) == 0 &&
	    ex_buf_addf(&text, err, "unix_socket_directories = '%s'\n",
		c->socket) == 0 &&
	    write_file(c, dir, "postgresql.conf", ex_buf_text(&text), err) == 0)
		rc = write_file(c, dir, "pg_hba.conf", access_rules, err);
	ex_buf_free(&text);
	return rc;
}

/* In a folder of another name, which gets its own when all is there. */
static int
make_aside(const struct ex_cluster *c, int lock, struct ex_err *err)
{
	static const char *const first[] = { EX_CLUSTER_ROOT };
	struct ex_cluster aside = *c;

	if (ex_path_join(aside.dir, EX_PATH, NULL, c->dir, err) == -1 ||
	    strlen(aside.dir) + 5 > EX_PATH)
		return ex_fail(err, EX_LIMIT, "path too long");
	memcpy(aside.dir + strlen(aside.dir), ".new", 5);
	if (ex_remove_tree(aside.dir, err) == -1 ||
	    ex_dir_make(aside.dir, 0700, err) == -1 ||
	    give(c, aside.dir, err) == -1 ||
	    run_initdb(c, aside.dir, lock, err) == -1 ||
	    write_settings(c, aside.dir, err) == -1)
		return -1;
	if (ex_cluster_map(&aside, first, 1, err) == -1)
		return -1;
	if (rename(aside.dir, c->dir) == -1)
		return ex_fail_errno(err, "%s", c->dir);
	return ex_dir_sync_of(c->dir, err);
}

/* DIR/pg.lock, once whoever makes the cluster has come to an end. */
static int
take_turn(const struct ex_cluster *c, struct ex_err *err)
{
	int64_t until = ex_ticks() + INITDB_SECONDS * EX_SECOND;
	struct ex_err why;
	char path[EX_PATH];
	int fd;

	if (strlen(c->dir) + sizeof(".lock") > sizeof(path))
		return ex_fail(err, EX_LIMIT, "path too long");
	memcpy(path, c->dir, strlen(c->dir));
	memcpy(path + strlen(c->dir), ".lock", sizeof(".lock"));
	for (;;) {
		ex_err_clear(&why);
		if ((fd = ex_file_lock(path, &why)) != -1)
			return fd;
		if (why.code != EX_CONFLICT || ex_ticks() > until)
			return ex_fail(err, why.code, "%s", why.text);
		ex_sleep(PAUSE);
	}
}

int
ex_cluster_make(struct ex_cluster *c, struct ex_err *err)
{
	char parent[EX_PATH];
	char *slash;
	int lock, rc;

	/* The folder above is there; the cluster's own may not be. */
	(void)snprintf(parent, sizeof(parent), "%s", c->dir);
	slash = strrchr(parent, '/');
	if (slash != NULL)
		*slash = '\0';
	if (ex_dir_make(parent, 0755, err) == -1)
		return -1;
	if (check_reach(c, err) == -1)
		return -1;
	if (make_socket_dir(c, err) == -1)
		return -1;
	if (ex_file_exists(c->dir))
		return 0;
	if ((lock = take_turn(c, err)) == -1)
		return -1;
	rc = ex_file_exists(c->dir) ? 0 : make_aside(c, lock, err);
	(void)close(lock);
	return rc;
}

/* "exhibit OSUSER ROLE", one a line. */
static int
add_maps(struct ex_buf *out, const char *user, const char *const *roles,
    size_t n, struct ex_err *err)
{
	for (size_t i = 0; i < n; i++)
		if (ex_buf_addf(out, err, "exhibit \"%s\" \"%s\"\n", user,
			roles[i]) == -1)
			return -1;
	return 0;
}

/* Who owns the data directory works here too. */
static const char *
caller_name(void)
{
	const struct passwd *pw = getpwuid(geteuid());

	return pw == NULL ? "root" : pw->pw_name;
}

int
ex_cluster_map(const struct ex_cluster *c, const char *const *roles, size_t n,
    struct ex_err *err)
{
	const char *argv[] = { "pg_ctl", "-D", c->dir, "-s", "reload", NULL };
	struct ex_buf text = EX_BUF_INIT;
	struct ex_proc p = EX_PROC_INIT;
	char path[EX_PATH];
	int rc = -1, status;

	if (add_maps(&text, c->user, roles, n, err) == -1 ||
	    (c->own_user &&
		add_maps(&text, caller_name(), roles, n, err) == -1) ||
	    write_file(c, c->dir, "pg_ident.conf", ex_buf_text(&text), err) ==
		-1)
		goto out;
	rc = 0;
	if (!ex_cluster_running(c))
		goto out;
	rc = ex_path_join(path, EX_PATH, c->bin, "pg_ctl", err);
	p.path = path;
	p.argv = argv;
	p.own_user = c->own_user;
	p.uid = c->uid;
	p.gid = c->gid;
	if (rc == 0)
		rc = ex_proc_run(&p, NULL, 0, 60 * EX_SECOND, &status, err);
out:
	ex_buf_free(&text);
	return rc;
}
