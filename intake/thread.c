/*
 * thread.c -- starting threads, and room for descriptors.
 */
#define _GNU_SOURCE /* sched_getaffinity() */
#include "intake/thread.h"

#include <sys/resource.h>

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <time.h>

enum {
	SPARE = 64, /* files that are open anyway */
	MOST = 64   /* beyond that the hashing is what one waits for */
};

int
ex_thread_start(
    pthread_t *out, void *(*fn)(void *), void *arg, struct ex_err *err)
{
	sigset_t all, before;
	int rc;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(out, NULL, fn, arg);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (rc == 0)
		return 0;
	errno = rc;
	return ex_fail_errno(err, "cannot start a thread");
}

void
ex_thread_hold_xfsz(sigset_t *before)
{
	sigset_t one;

	(void)sigemptyset(&one);
	(void)sigaddset(&one, SIGXFSZ);
	(void)pthread_sigmask(SIG_BLOCK, &one, before);
}

void
ex_thread_release_xfsz(const sigset_t *before)
{
	const struct timespec now = { 0, 0 };
	sigset_t one;

	(void)sigemptyset(&one);
	(void)sigaddset(&one, SIGXFSZ);
	/* What came meanwhile has been told as an error. */
	if (sigismember(before, SIGXFSZ) == 0)
		while (sigtimedwait(&one, NULL, &now) == SIGXFSZ)
			continue;
	(void)pthread_sigmask(SIG_SETMASK, before, NULL);
}

unsigned
ex_thread_count(unsigned asked)
{
	cpu_set_t set;

	if (asked == 0) {
		CPU_ZERO(&set);
		if (sched_getaffinity(0, sizeof(set), &set) == 0)
			asked = (unsigned)CPU_COUNT(&set);
	}
	return asked == 0 ? 1 : asked > MOST ? MOST : asked;
}

int
ex_descriptors_need(size_t n, struct ex_err *err)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		return ex_fail_errno(err, "number of open files");
	if (limit.rlim_cur >= n + SPARE)
		return 0;
	limit.rlim_cur = n + SPARE;
	if (limit.rlim_cur > limit.rlim_max)
		return ex_fail(err, EX_LIMIT,
		    "%zu files at once are more than this user may open "
		    "(ulimit -Hn); fewer, larger segments go",
		    n);
	if (setrlimit(RLIMIT_NOFILE, &limit) == -1)
		return ex_fail_errno(err, "number of open files");
	return 0;
}
