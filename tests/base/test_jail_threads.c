/*
 * test_jail_threads.c -- a jail round a process with threads.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "base/jail.h"
#include "base/proc.h"

enum {
	DID = 0,	/* exit status of an attempt that worked */
	COULD_NOT = 77, /* of one that was refused */
	NO_JAIL = 99	/* of one that never began */
};

static int
open_passwd(void)
{
	return open("/etc/passwd", O_RDONLY) >= 0 ? DID : COULD_NOT;
}

/* A thread that opens /etc/passwd when its process is in the jail. */
static pthread_barrier_t inside;

static void *
open_when_inside(void *arg)
{
	int *got = arg;

	(void)pthread_barrier_wait(&inside);
	*got = open_passwd();
	return NULL;
}

static int
begin_then_thread(void)
{
	struct ex_jail jail = { .read_fd = NULL };
	enum ex_jail_kind kind;
	pthread_t t;
	int got = -1;

	if (pthread_barrier_init(&inside, NULL, 2) != 0 ||
	    ex_jail_begin(&jail, NULL) == -1 ||
	    pthread_create(&t, NULL, open_when_inside, &got) != 0 ||
	    ex_jail_enter(&jail, &kind, NULL) == -1 || kind != EX_JAIL_FULL)
		return NO_JAIL;
	(void)pthread_barrier_wait(&inside);
	if (pthread_join(t, NULL) != 0)
		return NO_JAIL;
	return got;
}

/* The kernel would leave that thread outside, so it is refused. */
static int
thread_then_jail(void)
{
	struct ex_jail jail = { .read_fd = NULL };
	struct ex_err err = EX_ERR_INIT;
	enum ex_jail_kind kind;
	pthread_t t;
	int got = -1;

	if (pthread_barrier_init(&inside, NULL, 2) != 0 ||
	    pthread_create(&t, NULL, open_when_inside, &got) != 0)
		return NO_JAIL;
	if (ex_jail_enter(&jail, &kind, &err) == 0 || err.code != EX_STATE)
		return NO_JAIL;
	(void)pthread_barrier_wait(&inside);
	(void)pthread_join(t, NULL);
	return got;
}

/* The exit status of a child that does it. */
static int
in_a_child(int (*what)(void))
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(what());
	assert_int_equal(ex_proc_wait(pid, -1, &status, NULL), 0);
	return status;
}

static void
threads_started_in_between_are_jailed(void **state)
{
	(void)state;
	if (!ex_jail_has_landlock())
		skip();
	assert_int_equal(in_a_child(begin_then_thread), COULD_NOT);
}

static void
beside_other_threads_no_jail_is_begun(void **state)
{
	(void)state;
	if (!ex_jail_has_landlock())
		skip();
	assert_int_equal(in_a_child(thread_then_jail), DID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_started_in_between_are_jailed),
		cmocka_unit_test(beside_other_threads_no_jail_is_begun),
	};

	return cmocka_run_group_tests_name("jail_threads", tests, NULL, NULL);
}
