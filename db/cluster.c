/*
 * cluster.c -- the private PostgreSQL: finding, starting, stopping it.
 */
#include "db/cluster.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
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
	int rc;

	if (ex_path_join(path, EX_PATH, c->bin, "pg_ctl", err) == -1)
		return -1;
	/* What it says of a failure we say ourselves, in one line. */
	if ((p.err = open("/dev/null", O_WRONLY | O_CLOEXEC)) == -1)
		return ex_fail_errno(err, "/dev/null");
	p.path = path;
	p.argv = argv;
	p.own_user = c->own_user;
	p.uid = c->uid;
	p.gid = c->gid;
	/* The server must not die of a Ctrl-C meant for the command. */
	p.own_session = 1;
	rc = ex_proc_run(&p, out, TOOL_OUTPUT, (START_SECONDS + 10) * EX_SECOND,
	    status, err);
	(void)close(p.err);
	return rc;
}

/*
 * 1 when the process that postmaster.pid names has ended and nobody has
 * collected it, as below an init that does not: PostgreSQL takes it for alive
 * and would never start again.
 */
static int
is_corpse(const struct ex_cluster *c, char pid_file[EX_PATH])
{
	struct ex_buf text = EX_BUF_INIT, stat = EX_BUF_INIT;
	char path[64] = "";
	const char *state;
	int is = 0;

	if (ex_path_join(pid_file, EX_PATH, c->dir, "postmaster.pid", NULL) ==
		0 &&
	    ex_file_read(&text, pid_file, 4096, NULL) == 0)
		(void)snprintf(path, sizeof(path), "/proc/%.*s/stat",
		    (int)strspn(ex_buf_text(&text), "0123456789"),
		    ex_buf_text(&text));
	if (path[0] != '\0' && ex_file_read(&stat, path, 4096, NULL) == 0) {
		state = strrchr(ex_buf_text(&stat), ')');
		is = state != NULL && strncmp(state, ") Z", 3) == 0;
	}
	ex_buf_free(&text);
	ex_buf_free(&stat);
	return is;
}

int
ex_cluster_running(const struct ex_cluster *c)
{
	const char *argv[] = { "pg_ctl", "-D", c->dir, "status", NULL };
	struct ex_buf out = EX_BUF_INIT;
	char pid_file[EX_PATH];
	int status = 1;

	if (pg_ctl(c, argv, &status, &out, NULL) == -1)
		status = 1;
	ex_buf_free(&out);
	return status == 0 && !is_corpse(c, pid_file);
}

/* The reason in the server's log: its last FATAL, else its last line. */
static void
last_words(const struct ex_cluster *c, char *out, size_t size)
{
	static const char fatal[] = "FATAL:  ";
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_PATH];
	const char *reason = "", *last, *p;

	if (ex_path_join(path, EX_PATH, c->dir, "server.log", NULL) == 0)
		(void)ex_file_read(&text, path, 16 << 20, NULL);
	while (text.len > 0 && text.data[text.len - 1] == '\n')
		ex_buf_cut(&text, text.len - 1);
	last = strrchr(ex_buf_text(&text), '\n');
	last = last == NULL ? ex_buf_text(&text) : last + 1;
	for (p = ex_buf_text(&text); (p = strstr(p, fatal)) != NULL; p++)
		reason = p + sizeof(fatal) - 1;
	if (reason[0] == '\0')
		reason = last;
	(void)snprintf(out, size, "%.*s", (int)strcspn(reason, "\n"), reason);
	ex_buf_free(&text);
}

/* What a server that was killed, or a cleaned /tmp, has left unfit. */
static int
prepare(const struct ex_cluster *c, struct ex_err *err)
{
	char pid_file[EX_PATH], lock[EX_PATH];
	struct stat st;

	if (ex_path_join(lock, EX_PATH, c->socket, ".s.PGSQL.5432.lock", err) ==
	    -1)
		return -1;
	if (is_corpse(c, pid_file)) {
		if (unlink(lock) == -1 && errno != ENOENT)
			return ex_fail_errno(err, "%s", lock);
		if (unlink(pid_file) == -1)
			return ex_fail_errno(err, "%s", pid_file);
	}
	if (mkdir(c->socket, 0755) == -1 && errno != EEXIST)
		return ex_fail_errno(err, "%s", c->socket);
	if (lstat(c->socket, &st) == -1)
		return ex_fail_errno(err, "%s", c->socket);
	/* Made by us just now, or by one of us who was killed. */
	if (c->own_user && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	    (chmod(c->socket, 0755) == -1 ||
		chown(c->socket, c->uid, c->gid) == -1))
		return ex_fail_errno(err, "%s", c->socket);
	return 0;
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
	if (prepare(c, err) == -1)
		return -1;
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
