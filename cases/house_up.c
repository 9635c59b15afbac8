/*
 * house_up.c -- starting and stopping the services.
 *
 * Only one command at a time starts something: it holds DIR/up.lock.  The
 * sequencer holds a lock of its own for as long as it lives, and writes its
 * number behind it once it is ready.
 */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/proc.h"
#include "base/text.h"
#include "cases/house_parts.h"
#include "db/schema.h"

#define PATIENCE (120 * EX_SECOND) /* for a large log to be replayed */
#define PAUSE	 (EX_SECOND / 50)

enum {
	ARGS_MAX = 64 * 1024, /* bytes of a process's arguments */
	STARTS = 6	      /* of a database that does not start at once */
};

static const char not_ready[] =
    "the sequencer is not ready after two minutes: see log/sequencer.log";

/* The number in log/NAME.pid, 0 when there is none. */
static pid_t
noted_pid(const struct ex_house *house, const char *name)
{
	struct ex_buf text = EX_BUF_INIT;
	unsigned long long n = 0;
	char path[EX_PATH];

	if (ex_house_path(path, house, name, NULL) == 0 &&
	    ex_file_read(&text, path, 64, NULL) == 0 && text.len > 1 &&
	    text.data[text.len - 1] == '\n') {
		ex_buf_cut(&text, text.len - 1);
		if (ex_text_number(&n, ex_buf_text(&text), 1 << 30, NULL) == -1)
			n = 0;
	}
	ex_buf_free(&text);
	return (pid_t)n;
}

/*
 * Does this process run this program for this house?  Another may have its old
 * number; one that has ended and was not collected yet has no arguments.
 */
static int
is_program(const struct ex_house *house, pid_t pid, const char *program)
{
	struct ex_buf args = EX_BUF_INIT;
	size_t n = strlen(house->dir) + 1;
	char path[64];
	int is = 0;

	(void)snprintf(path, sizeof(path), "/proc/%ld/cmdline", (long)pid);
	/* Arguments, each with its NUL. */
	if (ex_file_read(&args, path, ARGS_MAX, NULL) == 0 &&
	    strstr(ex_buf_text(&args), program) != NULL)
		for (size_t i = 1; i + n <= args.len && !is; i++)
			is = args.data[i - 1] == '\0' &&
			     memcmp(&args.data[i], house->dir, n) == 0;
	ex_buf_free(&args);
	return is;
}

pid_t
ex_house_sequencer(const struct ex_house *house)
{
	pid_t pid = noted_pid(house, "log/sequencer.pid");

	return pid > 0 && is_program(house, pid, "exhibit-sequencer") ? pid : 0;
}

pid_t
ex_house_anchor(const struct ex_house *house)
{
	pid_t pid = noted_pid(house, "log/anchor.pid");

	return pid > 0 && is_program(house, pid, "exhibit-anchor") ? pid : 0;
}

int
ex_house_turn(const struct ex_house *house, const char *name, const char *who,
    struct ex_err *err)
{
	int64_t until = ex_ticks() + PATIENCE;
	char path[EX_PATH];
	struct ex_err why;
	int fd;

	if (ex_house_path(path, house, name, err) == -1)
		return -1;
	do {
		ex_err_clear(&why);
		if ((fd = ex_file_lock(path, &why)) != -1)
			return fd;
		if (why.code != EX_CONFLICT)
			return ex_fail(err, why.code, "%s", why.text);
		ex_sleep(PAUSE);
	} while (ex_ticks() < until);
	return ex_fail(err, EX_UNREACHABLE,
	    "another command %s and does not end: %s", who, path);
}

static int
take_turn(const struct ex_house *house, struct ex_err *err)
{
	return ex_house_turn(
	    house, "up.lock", "starts or stops the services", err);
}

/* Let in, once it runs: after a crash it recovers first. */
static int
wait_cluster(const struct ex_cluster *c, struct ex_err *err)
{
	int64_t until = ex_ticks() + PATIENCE;
	struct ex_buf conninfo = EX_BUF_INIT;
	struct ex_conn *conn = NULL;
	struct ex_err why = EX_ERR_INIT;
	int rc =
	    ex_cluster_conninfo(&conninfo, c, EX_CLUSTER_ROOT, "postgres", err);

	while (rc == 0 &&
	       ex_conn_open(&conn, ex_buf_text(&conninfo), &why) == -1) {
		if (why.code != EX_UNREACHABLE || ex_ticks() > until ||
		    !ex_cluster_running(c))
			rc = ex_fail(err, why.code, "%s", why.text);
		ex_err_clear(&why);
		ex_sleep(PAUSE);
	}
	ex_conn_close(conn);
	ex_buf_free(&conninfo);
	return rc;
}

/* Of a server that was killed some processes live a moment longer. */
static int
start_cluster(const struct ex_cluster *c, struct ex_err *err)
{
	struct ex_err why;

	for (int i = 0; i < STARTS; i++) {
		ex_err_clear(&why);
		if (ex_cluster_start(c, &why) == 0)
			return wait_cluster(c, err);
		ex_sleep(EX_SECOND / 2);
	}
	return ex_fail(err, why.code, "%s", why.text);
}

/* In one's turn. */
static int
database_up(struct ex_house *house, struct ex_err *err)
{
	struct ex_conn *conn = NULL;
	int rc;

	if (!ex_house_embedded(house)) {
		rc = ex_house_connect(house, EX_ROLE_SERVICE, &conn, err);
		ex_conn_close(conn);
		return rc;
	}
	if (!ex_file_exists(house->cluster.dir))
		return ex_fail(err, EX_DAMAGED,
		    "%s, the private database, is not there: restore it from "
		    "a backup",
		    house->cluster.dir);
	return start_cluster(&house->cluster, err);
}

int
ex_house_cluster_up(struct ex_house *house, struct ex_err *err)
{
	int turn, rc;

	if (!ex_house_embedded(house))
		return 0;
	if ((turn = take_turn(house, err)) == -1)
		return -1;
	rc = database_up(house, err);
	(void)close(turn);
	return rc;
}

/*
 * 1 when a sequencer holds its lock, ready or not.  When none does, what the
 * last one left behind is cleared.  Only in one's turn: asking takes the lock
 * for a moment.
 */
static int
lock_is_held(const struct ex_house *house, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	char path[EX_PATH];
	struct stat st;
	int fd, rc = 0;

	if (ex_house_path(path, house, "log", err) == -1)
		return -1;
	if (stat(path, &st) == -1)
		return ex_fail_errno(err, "%s", path);
	if (ex_house_path(path, house, "log/sequencer.pid", err) == -1)
		return -1;
	if ((fd = ex_file_lock(path, &why)) == -1)
		return why.code == EX_CONFLICT
			   ? 1
			   : ex_fail(err, why.code, "%s", why.text);
	if (ftruncate(fd, 0) == -1)
		rc = ex_fail_errno(err, "%s", path);
	/* The service user will want to lock it. */
	if (rc == 0 && geteuid() == 0 && fchown(fd, st.st_uid, st.st_gid) == -1)
		rc = ex_fail_errno(err, "%s", path);
	(void)close(fd);
	return rc;
}

/* What the sequencer said before it ended. */
static int
tell_end(int from, int status, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	const char *line;
	char word[300];

	(void)ex_fd_read_all(&text, from, 1 << 16, NULL);
	line = ex_buf_text(&text);
	(void)snprintf(
	    word, sizeof(word), "%.*s", (int)strcspn(line, "\n"), line);
	ex_buf_free(&text);
	return ex_fail(err, status == 1 ? EX_DAMAGED : EX_UNREACHABLE,
	    "the sequencer does not start: %s",
	    word[0] == '\0' ? "see log/sequencer.log" : word);
}

/* Wait until it is ready, or has ended. */
static int
wait_ready(
    const struct ex_house *house, pid_t pid, int from, struct ex_err *err)
{
	int64_t until = ex_ticks() + PATIENCE;
	int status;

	while (ex_house_sequencer(house) == 0) {
		if (ex_proc_wait(pid, 0, &status, NULL) == 0)
			return tell_end(from, status, err);
		if (ex_ticks() > until)
			return ex_fail(err, EX_UNREACHABLE, "%s", not_ready);
		ex_sleep(PAUSE);
	}
	return 0;
}

static int
start_sequencer(const struct ex_house *house, struct ex_err *err)
{
	const char *argv[] = { "exhibit-sequencer", "--data", house->dir, NULL,
		NULL, NULL };
	struct ex_proc p = EX_PROC_INIT;
	struct ex_buf conninfo = EX_BUF_INIT;
	char path[EX_PATH];
	int pipes[2], rc = -1;
	pid_t pid;

	if (pipe(pipes) == -1)
		return ex_fail_errno(err, "pipe");
	(void)fcntl(pipes[0], F_SETFD, FD_CLOEXEC);
	(void)fcntl(pipes[1], F_SETFD, FD_CLOEXEC);
	if (ex_proc_beside(path, EX_PATH, argv[0], err) == -1)
		goto out;
	if (!ex_house_embedded(house)) {
		if (ex_house_conninfo(&conninfo, house, EX_ROLE_SERVICE, err) ==
		    -1)
			goto out;
		argv[3] = "--conninfo";
		argv[4] = ex_buf_text(&conninfo);
	}
	p.path = path;
	p.argv = argv;
	p.err = pipes[1];
	p.own_session = 1;
	p.own_user = house->cluster.own_user;
	p.uid = house->cluster.uid;
	p.gid = house->cluster.gid;
	rc = ex_proc_start(&pid, &p, err);
	(void)close(pipes[1]);
	pipes[1] = -1;
	if (rc == 0)
		rc = wait_ready(house, pid, pipes[0], err);
out:
	(void)close(pipes[0]);
	if (pipes[1] != -1)
		(void)close(pipes[1]);
	ex_buf_free(&conninfo);
	return rc;
}

/*
 * One that holds the lock was started by a command that did not wait for it:
 * it becomes ready, or ends and makes room.
 */
static int
start_all(struct ex_house *house, struct ex_err *err)
{
	int64_t until = ex_ticks() + PATIENCE;
	int held;

	if (database_up(house, err) == -1)
		return -1;
	while ((held = lock_is_held(house, err)) == 1) {
		if (ex_house_sequencer(house) != 0)
			return 0;
		if (ex_ticks() > until)
			return ex_fail(err, EX_UNREACHABLE, "%s", not_ready);
		ex_sleep(PAUSE);
	}
	return held == -1 ? -1 : start_sequencer(house, err);
}

int
ex_house_up(struct ex_house *house, struct ex_err *err)
{
	int turn, rc;

	if (ex_house_need_database(house, err) == -1 ||
	    (turn = take_turn(house, err)) == -1)
		return -1;
	rc = start_all(house, err);
	if (rc == 0)
		rc = ex_house_anchor_up(house, err);
	(void)close(turn);
	return rc;
}

/* SIGTERM, and wait for its end; pid 0: it does not run. */
static int
stop_program(const struct ex_house *house, pid_t pid, const char *program,
    struct ex_err *err)
{
	int64_t until = ex_ticks() + PATIENCE;

	if (pid == 0)
		return 0;
	if (kill(pid, SIGTERM) == -1 && errno != ESRCH)
		return ex_fail_errno(err, "stop %s (%ld)", program, (long)pid);
	while (is_program(house, pid, program)) {
		if (ex_ticks() > until)
			return ex_fail(err, EX_SYSTEM, "%s (%ld) does not stop",
			    program, (long)pid);
		ex_sleep(PAUSE);
	}
	return 0;
}

int
ex_house_down(struct ex_house *house, struct ex_err *err)
{
	int turn, rc;

	if (ex_house_need_database(house, err) == -1 ||
	    (turn = take_turn(house, err)) == -1)
		return -1;
	ex_house_drop(house);
	rc = stop_program(house, ex_house_anchor(house), "exhibit-anchor", err);
	if (rc == 0)
		rc = stop_program(
		    house, ex_house_sequencer(house), "exhibit-sequencer", err);
	if (rc == 0 && ex_house_embedded(house) &&
	    ex_file_exists(house->cluster.dir))
		rc = ex_cluster_stop(&house->cluster, err);
	(void)close(turn);
	return rc;
}

int
ex_house_restart(struct ex_house *house, struct ex_err *err)
{
	if (ex_house_down(house, err) == -1)
		return -1;
	return ex_house_up(house, err);
}

int
ex_house_give(
    const struct ex_house *house, const char *path, struct ex_err *err)
{
	const struct ex_cluster *c = &house->cluster;

	if (c->own_user && chown(path, c->uid, c->gid) == -1)
		return ex_fail_errno(err, "%s", path);
	return 0;
}
