/*
 * proc.c -- other programs, with exactly the descriptors they are given.
 */
#define _GNU_SOURCE /* close_range(), O_PATH */
#include "base/proc.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"

extern char **environ;

enum {
	FDS_MAX = 15000, /* descriptors handed to one child */
	POLL_US = 5000,	 /* between two looks at a child */
	EXEC_FAILED = 127
};

/*
 * In the child: put fds[0..n) at 0..n-1 and close the rest.  First all are
 * moved above n, so that none is overwritten before it was copied.
 */
static int
place_fds(int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		fds[i] = fcntl(fds[i], F_DUPFD, (int)n);
		if (fds[i] == -1)
			return -1;
	}
	for (size_t i = 0; i < n; i++)
		if (dup2(fds[i], (int)i) == -1)
			return -1;
	return close_range((unsigned)n, ~0u, 0);
}

static int
become_user(const struct ex_proc *p)
{
	if (!p->own_user)
		return 0;
	if (geteuid() == 0 && setgroups(1, &p->gid) == -1)
		return -1;
	if (setgid(p->gid) == -1)
		return -1;
	return setuid(p->uid);
}

static void
default_signals(void)
{
	sigset_t none;

	for (int s = 1; s < NSIG; s++)
		if (s != SIGKILL && s != SIGSTOP)
			(void)signal(s, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
set_environment(const struct ex_proc *p)
{
	for (size_t i = 0; p->setenv != NULL && p->setenv[i] != NULL; i++) {
		char *copy = strdup(p->setenv[i]);

		if (copy == NULL || putenv(copy) != 0)
			_exit(EXEC_FAILED);
	}
}

/* argv as execvp() wants it: the strings are not written to. */
static char *const *
args_of(const struct ex_proc *p)
{
	union {
		const char *const *in;
		char *const *out;
	} u = { p->argv };

	return u.out;
}

/*
 * A program that the other user shall run may lie below a folder closed to
 * that user, as a tree in root's home does.  So it is opened while the rights
 * are still there; -1 when there is no need or no such file.
 */
static int
open_program(const struct ex_proc *p)
{
	if (!p->own_user || strchr(p->path, '/') == NULL)
		return -1;
	return open(p->path, O_PATH | O_CLOEXEC);
}

/*
 * The child's way to its exec, which closes report.  The last two of fds are
 * its own: the program and the report.
 */
static void
child(const struct ex_proc *p, int *fds, size_t n, int report)
{
	const int slot = (int)n - 2;
	const int program = open_program(p);
	int why;

	default_signals();
	if (p->own_session)
		(void)setsid();
	else if (p->own_group)
		(void)setpgid(0, 0);
	set_environment(p);
	fds[slot] = program == -1 ? report : program;
	fds[slot + 1] = report;
	if (become_user(p) == 0 && place_fds(fds, n) == 0 &&
	    fcntl(slot, F_SETFD, FD_CLOEXEC) == 0 &&
	    fcntl(slot + 1, F_SETFD, FD_CLOEXEC) == 0) {
		(void)execvp(p->path, args_of(p));
		if (errno == EACCES && program != -1)
			(void)fexecve(slot, args_of(p), environ);
	}
	why = errno;
	(void)!write(slot + 1, &why, sizeof(why));
	_exit(EXEC_FAILED);
}

/* What the child said of its exec: 0 when it worked. */
static int
exec_result(int fd)
{
	int why = 0;
	ssize_t n;

	do
		n = read(fd, &why, sizeof(why));
	while (n == -1 && errno == EINTR);
	return n == (ssize_t)sizeof(why) ? why : 0;
}

static int
start_with(
    pid_t *out, const struct ex_proc *p, int *fds, size_t n, struct ex_err *err)
{
	int report[2], why, status;
	pid_t pid;

	if (pipe2(report, O_CLOEXEC) == -1)
		return ex_fail_errno(err, "pipe");
	pid = fork();
	if (pid == 0)
		child(p, fds, n, report[1]);
	(void)close(report[1]);
	if (pid == -1) {
		(void)close(report[0]);
		return ex_fail_errno(err, "fork");
	}
	why = exec_result(report[0]);
	(void)close(report[0]);
	if (why == 0) {
		*out = pid;
		return 0;
	}
	(void)ex_proc_wait(pid, -1, &status, NULL);
	errno = why;
	if (why == ENOENT)
		return ex_fail(err, EX_ABSENT, "%s: no such program", p->path);
	return ex_fail_errno(err, "%s", p->path);
}

int
ex_proc_start(pid_t *out, const struct ex_proc *p, struct ex_err *err)
{
	int null, rc, *fds;
	size_t n = 3 + p->nfds + 2;

	if (p->nfds > FDS_MAX)
		return ex_fail(err, EX_LIMIT, "too many descriptors");
	if ((fds = calloc(n, sizeof(*fds))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null == -1) {
		free(fds);
		return ex_fail_errno(err, "/dev/null");
	}
	fds[0] = p->in == -1 ? null : p->in;
	fds[1] = p->out == -1 ? null : p->out;
	fds[2] = p->err == -1 ? STDERR_FILENO : p->err;
	for (size_t i = 0; i < p->nfds; i++)
		fds[3 + i] = p->fds[i];
	rc = start_with(out, p, fds, n, err);
	(void)close(null);
	free(fds);
	return rc;
}

int
ex_proc_wait(pid_t pid, int64_t us, int *status, struct ex_err *err)
{
	int64_t end = ex_ticks() + us;
	int st;

	for (;;) {
		pid_t got = waitpid(pid, &st, us < 0 ? 0 : WNOHANG);

		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			return ex_fail_errno(err, "wait");
		if (got == pid)
			break;
		if (ex_ticks() >= end)
			return ex_fail(err, EX_LIMIT, "it still runs");
		ex_sleep(POLL_US);
	}
	*status = WIFSIGNALED(st) ? 128 + WTERMSIG(st) : WEXITSTATUS(st);
	return 0;
}

/* Microseconds until then, none when it is past; negative: for ever. */
static int64_t
time_left(int64_t until)
{
	int64_t now = ex_ticks();

	if (until < 0)
		return -1;
	return until > now ? until - now : 0;
}

/* The same in poll(2)'s milliseconds, at least one. */
static int
poll_time(int64_t left)
{
	if (left < 0)
		return -1;
	return left > 3600 * EX_SECOND ? 3600000 : (int)(left / 1000) + 1;
}

/* Read fd to its end, but no longer than until. */
static int
collect(
    struct ex_buf *out, int fd, size_t max, int64_t until, struct ex_err *err)
{
	size_t start = out->len;

	for (;;) {
		struct pollfd p = { fd, POLLIN, 0 };
		int64_t left = time_left(until);
		uint8_t chunk[4096];
		ssize_t n;

		if (left == 0)
			return ex_fail(err, EX_LIMIT, "it takes too long");
		if (poll(&p, 1, poll_time(left)) <= 0)
			continue;
		n = read(fd, chunk, sizeof(chunk));
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return ex_fail_errno(err, "read");
		if (n == 0)
			return 0;
		if (out->len - start + (size_t)n > max)
			return ex_fail(
			    err, EX_LIMIT, "it says more than %zu bytes", max);
		if (ex_buf_add(out, chunk, (size_t)n, err) == -1)
			return -1;
	}
}

int
ex_proc_run(const struct ex_proc *p, struct ex_buf *out, size_t max, int64_t us,
    int *status, struct ex_err *err)
{
	struct ex_proc with = *p;
	int64_t until = us < 0 ? -1 : ex_ticks() + us;
	int ends[2] = { -1, -1 };
	pid_t pid = -1;
	int rc;

	if (out != NULL) {
		if (pipe2(ends, O_CLOEXEC) == -1)
			return ex_fail_errno(err, "pipe");
		with.out = ends[1];
	}
	rc = ex_proc_start(&pid, &with, err);
	if (ends[1] != -1)
		(void)close(ends[1]);
	if (rc == 0 && out != NULL)
		rc = collect(out, ends[0], max, until, err);
	if (ends[0] != -1)
		(void)close(ends[0]);
	if (rc == 0)
		rc = ex_proc_wait(pid, time_left(until), status, err);
	if (rc == -1 && pid > 0) {
		ex_proc_stop(pid, 0);
		(void)ex_while(err, p->path);
	}
	return rc;
}

void
ex_proc_stop(pid_t pid, int64_t grace)
{
	pid_t whom;
	int status;

	if (pid <= 0)
		return;
	/* Its own group holds nobody but itself and what it started. */
	whom = getpgid(pid) == pid ? -pid : pid;
	if (grace > 0) {
		(void)kill(whom, SIGTERM);
		if (ex_proc_wait(pid, grace, &status, NULL) == 0)
			return;
	}
	(void)kill(whom, SIGKILL);
	(void)ex_proc_wait(pid, -1, &status, NULL);
}

int
ex_proc_beside(char *out, size_t size, const char *name, struct ex_err *err)
{
	const char *given = getenv("EXHIBIT_BIN");
	char self[EX_PATH];
	char *slash;
	ssize_t n;

	if (given != NULL && given[0] == '/') {
		if (ex_path_join(out, size, given, name, err) == -1)
			return -1;
		return access(out, X_OK) == 0
			   ? 0
			   : ex_fail(err, EX_ABSENT,
				 "%s is not there: EXHIBIT_BIN is wrong", out);
	}
	n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n == -1)
		return ex_fail_errno(err, "/proc/self/exe");
	self[n] = '\0';
	if ((slash = strrchr(self, '/')) != NULL)
		*slash = '\0';
	if (ex_path_join(out, size, self, name, err) == -1)
		return -1;
	if (access(out, X_OK) == -1)
		return ex_fail(err, EX_ABSENT,
		    "%s is not there; was it built and installed?", out);
	return 0;
}

int
ex_user_find(const char *name, uid_t *uid, gid_t *gid, struct ex_err *err)
{
	struct passwd pw, *found = NULL;
	char scratch[4096];

	if (getpwnam_r(name, &pw, scratch, sizeof(scratch), &found) != 0 ||
	    found == NULL)
		return ex_fail(err, EX_ABSENT, "no user \"%s\"", name);
	*uid = pw.pw_uid;
	*gid = pw.pw_gid;
	return 0;
}
