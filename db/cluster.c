/*
 * cluster.c -- the private PostgreSQL: finding, starting, stopping it.
 */
#include "db/cluster.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/proc.h"
#include "base/text.h"

enum {
	OLDEST = 15,	      /* major version of PostgreSQL */
	START_SECONDS = 120,  /* also after a crash, with its recovery */
	TOOL_OUTPUT = 1 << 20 /* bytes that a tool may say */
};

/* The newest version's folder under /usr/lib/postgresql. */
static int
newer(void *arg, const char *name, struct ex_err *err)
{
	unsigned long long version, *best = arg;

	(void)err;
	if (ex_text_number(&version, name, 1000, NULL) == 0 && version > *best)
		*best = version;
	return 0;
}

static int
find_bin(struct ex_cluster *c, struct ex_err *err)
{
	const char *given = getenv("EXHIBIT_PGBIN");
	unsigned long long best = 0;

	if (given != NULL && given[0] == '/')
		return ex_path_join(c->bin, EX_PATH, NULL, given, err);
	(void)ex_dir_each("/usr/lib/postgresql", newer, &best, NULL);
	if (best < OLDEST)
		return ex_fail(err, EX_ABSENT,
		    "no PostgreSQL of version %d or newer under "
		    "/usr/lib/postgresql: install postgresql-%d",
		    (int)OLDEST, (int)OLDEST);
	(void)snprintf(c->bin, EX_PATH, "/usr/lib/postgresql/%llu/bin", best);
	return 0;
}

/* PostgreSQL refuses to run as root. */
static int
find_user(struct ex_cluster *c, struct ex_err *err)
{
	static const char *const users[] = { "exhibit", "postgres" };
	const struct passwd *pw;

	if (geteuid() != 0) {
		c->uid = geteuid();
		c->gid = getegid();
		pw = getpwuid(c->uid);
		(void)snprintf(c->user, sizeof(c->user), "%s",
		    pw == NULL ? "nobody" : pw->pw_name);
		return 0;
	}
	c->own_user = 1;
	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
		if (ex_user_find(users[i], &c->uid, &c->gid, NULL) == -1)
			continue;
		(void)snprintf(c->user, sizeof(c->user), "%s", users[i]);
		return 0;
	}
	return ex_fail(err, EX_ABSENT,
	    "as root, the services run as user exhibit or postgres, and "
	    "there is neither");
}

/* Where the socket is, as recorded when the cluster was made. */
static int
find_socket(struct ex_cluster *c, const char *data_dir, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_PATH];
	int rc;

	if (ex_path_join(path, EX_PATH, data_dir, "pg.socket", err) == -1)
		return -1;
	if (!ex_file_exists(path))
		return ex_path_join(c->socket, EX_PATH, data_dir, "run", err);
	rc = ex_file_read(&text, path, EX_PATH, err);
	if (rc == 0) {
		(void)snprintf(c->socket, EX_PATH, "%.*s",
		    (int)strcspn(ex_buf_text(&text), "\n"), ex_buf_text(&text));
		if (c->socket[0] != '/')
			rc = ex_fail(
			    err, EX_DAMAGED, "%s: no folder's path", path);
	}
	ex_buf_free(&text);
	return rc;
}

int
ex_cluster_find(
    struct ex_cluster *out, const char *data_dir, struct ex_err *err)
{
	memset(out, 0, sizeof(*out));
	if (ex_path_join(out->dir, EX_PATH, data_dir, "pg", err) == -1 ||
	    find_user(out, err) == -1 || find_bin(out, err) == -1)
		return -1;
	return find_socket(out, data_dir, err);
}

/* pg_ctl with a verb; its output goes into what is said on failure. */
static int
pg_ctl(const struct ex_cluster *c, const char *const *argv, int *status,
    struct ex_buf *out, struct ex_err *err)
{
	struct ex_proc p = EX_PROC_INIT;
	char path[EX_PATH];

	if (ex_path_join(path, EX_PATH, c->bin, "pg_ctl", err) == -1)
		return -1;
	p.path = path;
	p.argv = argv;
	p.own_user = c->own_user;
	p.uid = c->uid;
	p.gid = c->gid;
	/* The server must not die of a Ctrl-C meant for the command. */
	p.own_session = 1;
	return ex_proc_run(&p, out, TOOL_OUTPUT,
	    (START_SECONDS + 10) * EX_SECOND, status, err);
}

int
ex_cluster_running(const struct ex_cluster *c)
{
	const char *argv[] = { "pg_ctl", "-D", c->dir, "status", NULL };
	struct ex_buf out = EX_BUF_INIT;
	int status = 1;

	if (pg_ctl(c, argv, &status, &out, NULL) == -1)
		status = 1;
	ex_buf_free(&out);
	return status == 0;
}

/* The last line of the server's log, where the reason stands. */
static void
last_words(const struct ex_cluster *c, char *out, size_t size)
{
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_PATH];
	const char *p;
	size_t n;

	out[0] = '\0';
	if (ex_path_join(path, EX_PATH, c->dir, "server.log", NULL) == -1 ||
	    ex_file_read(&text, path, 16 << 20, NULL) == -1) {
		ex_buf_free(&text);
		return;
	}
	n = text.len;
	while (n > 0 && text.data[n - 1] == '\n')
		n--;
	ex_buf_cut(&text, n);
	p = strrchr(ex_buf_text(&text), '\n');
	(void)snprintf(out, size, "%s", p == NULL ? ex_buf_text(&text) : p + 1);
	ex_buf_free(&text);
}

int
ex_cluster_start(const struct ex_cluster *c, struct ex_err *err)
{
	char log[EX_PATH], seconds[16], why[300];
	const char *argv[] = { "pg_ctl", "-D", c->dir, "-w", "-t", seconds,
		"-l", log, "-s", "start", NULL };
	int status;

	if (ex_cluster_running(c))
		return 0;
	(void)snprintf(seconds, sizeof(seconds), "%d", (int)START_SECONDS);
	if (ex_path_join(log, EX_PATH, c->dir, "server.log", err) == -1 ||
	    pg_ctl(c, argv, &status, NULL, err) == -1)
		return -1;
	/* Two commands may start it at once; one of them fails. */
	if (status == 0 || ex_cluster_running(c))
		return 0;
	last_words(c, why, sizeof(why));
	return ex_fail(err, EX_UNREACHABLE,
	    "the private database does not start: %s", why);
}

int
ex_cluster_stop(const struct ex_cluster *c, struct ex_err *err)
{
	const char *argv[] = { "pg_ctl", "-D", c->dir, "-w", "-s", "-m", "fast",
		"stop", NULL };
	int status;

	if (!ex_cluster_running(c))
		return 0;
	if (pg_ctl(c, argv, &status, NULL, err) == -1)
		return -1;
	if (status != 0 && ex_cluster_running(c))
		return ex_fail(
		    err, EX_SYSTEM, "the private database does not stop");
	return 0;
}

/* A value of a conninfo: quoted, with quotes and backslashes escaped. */
static int
add_value(
    struct ex_buf *out, const char *key, const char *value, struct ex_err *err)
{
	if (ex_buf_addf(out, err, "%s%s='", out->len == 0 ? "" : " ", key) ==
	    -1)
		return -1;
	for (; *value != '\0'; value++) {
		if ((*value == '\'' || *value == '\\') &&
		    ex_buf_add_byte(out, '\\', err) == -1)
			return -1;
		if (ex_buf_add_byte(out, (uint8_t)*value, err) == -1)
			return -1;
	}
	return ex_buf_add_byte(out, '\'', err);
}

int
ex_cluster_conninfo(struct ex_buf *out, const struct ex_cluster *c,
    const char *role, const char *database, struct ex_err *err)
{
	if (add_value(out, "host", c->socket, err) == -1 ||
	    add_value(out, "user", role, err) == -1 ||
	    add_value(out, "dbname", database, err) == -1)
		return -1;
	return add_value(out, "connect_timeout", "10", err);
}
