/*
 * test_jail.c -- what a jailed process can do and what it cannot.
 *
 * Each attempt is made in a child of its own, once as it is and once in the
 * jail: the first shows that the attempt would work.
 */
#define _GNU_SOURCE /* syscall() */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/jail.h"
#include "base/proc.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum {
	DID = 0,	/* exit status of an attempt that worked */
	COULD_NOT = 77, /* of one that was refused */
	OVER_LIMIT = SANITIZED ? DID : COULD_NOT,
	NO_JAIL = 99, /* of one that never began */
	MEGABYTE = 1 << 20
};

static int no_landlock; /* the kernel is one without */
static int given = -1;	/* the file that the jailed may read */
static char folder[] = "/tmp/exhibit-jail.XXXXXX";
static char given_path[EX_PATH], other_path[EX_PATH];

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);

/* All uses in the jail are Landlock's, of at most four arguments. */
long
__wrap_syscall(long number, ...)
{
	long a[4];
	va_list ap;

	if (no_landlock) {
		errno = ENOSYS;
		return -1;
	}
	va_start(ap, number);
	for (int i = 0; i < 4; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	return __real_syscall(number, a[0], a[1], a[2], a[3]);
}

static int
read_one(int fd)
{
	char c;

	return fd >= 0 && pread(fd, &c, 1, 0) == 1 ? DID : COULD_NOT;
}

static int
open_given(void)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", given);
	return read_one(open(path, O_RDONLY));
}

static int
read_given(void)
{
	return read_one(given);
}

static int
open_given_by_name(void)
{
	return read_one(open(given_path, O_RDONLY));
}

static int
open_other(void)
{
	return read_one(open(other_path, O_RDONLY));
}

static int
open_passwd(void)
{
	return read_one(open("/etc/passwd", O_RDONLY));
}

static int
list_root(void)
{
	return open("/", O_RDONLY | O_DIRECTORY) >= 0 ? DID : COULD_NOT;
}

static int
write_given(void)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", given);
	return open(path, O_WRONLY) >= 0 ? DID : COULD_NOT;
}

static int
make_file(void)
{
	char path[EX_PATH];

	(void)snprintf(path, sizeof(path), "%s/new", folder);
	return open(path, O_WRONLY | O_CREAT, 0600) >= 0 ? DID : COULD_NOT;
}

static int
remove_file(void)
{
	char path[EX_PATH];

	(void)snprintf(path, sizeof(path), "%s/new", folder);
	return unlink(path) == 0 ? DID : COULD_NOT;
}

static int
make_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? DID : COULD_NOT;
}

static int
make_local_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ? DID : COULD_NOT;
}

static int
fork_now(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid > 0 && waitpid(pid, NULL, 0) == pid ? DID : COULD_NOT;
}

static void *
nothing(void *arg)
{
	return arg;
}

static int
start_thread(void)
{
	pthread_t t;

	if (pthread_create(&t, NULL, nothing, NULL) != 0)
		return COULD_NOT;
	return pthread_join(t, NULL) == 0 ? DID : COULD_NOT;
}

static int
exec_now(void)
{
	(void)execl("/bin/true", "true", (char *)NULL);
	return COULD_NOT;
}

static int
signal_parent(void)
{
	return kill(getppid(), 0) == 0 ? DID : COULD_NOT;
}

static int
trace(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 ? DID : COULD_NOT;
}

static int
run_bytes(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED
		   ? DID
		   : COULD_NOT;
}

static int
make_runnable(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p != MAP_FAILED && mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0
		   ? DID
		   : COULD_NOT;
}

static int
allocate(void)
{
	volatile char *p = malloc(4 * MEGABYTE);

	if (p == NULL)
		return COULD_NOT;
	p[0] = 1;
	return DID;
}

static int
allocate_much(void)
{
	void *p = mmap(NULL, (size_t)512 * MEGABYTE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p != MAP_FAILED ? DID : COULD_NOT;
}

static int
ask_the_time(void)
{
	return ex_now() > 0 && ex_ticks() > 0 ? DID : COULD_NOT;
}

/* outside: what comes of it as it is; a status, or 128 + signal. */
static const struct {
	const char *what;
	int (*attempt)(void);
	int outside, jailed, seccomp_alone;
} attempts[] = {
	{ "reads the file it was given", read_given, DID, DID, DID },
	{ "opens it again by its descriptor", open_given, DID, DID, DID },
	{ "allocates within its limit", allocate, DID, DID, DID },
	{ "asks the time", ask_the_time, DID, DID, DID },
	{ "opens it by name", open_given_by_name, DID, DID, DID },
	{ "opens the file beside", open_other, DID, COULD_NOT, DID },
	{ "opens /etc/passwd", open_passwd, DID, COULD_NOT, DID },
	{ "lists /", list_root, DID, COULD_NOT, DID },
	{ "writes to the file", write_given, DID, COULD_NOT, COULD_NOT },
	{ "makes a file", make_file, DID, COULD_NOT, COULD_NOT },
	{ "removes a file", remove_file, DID, COULD_NOT, COULD_NOT },
	{ "makes a socket", make_socket, DID, COULD_NOT, COULD_NOT },
	{ "makes a local socket", make_local_socket, DID, COULD_NOT,
	    COULD_NOT },
	{ "forks", fork_now, DID, COULD_NOT, COULD_NOT },
	{ "starts a thread", start_thread, DID, COULD_NOT, COULD_NOT },
	{ "maps memory to run", run_bytes, DID, COULD_NOT, COULD_NOT },
	{ "makes memory runnable", make_runnable, DID, COULD_NOT, COULD_NOT },
	{ "runs a program", exec_now, 0, 128 + SIGSYS, 128 + SIGSYS },
	{ "signals its parent", signal_parent, DID, 128 + SIGSYS,
	    128 + SIGSYS },
	{ "traces", trace, DID, 128 + SIGSYS, 128 + SIGSYS },
	/* A sanitizer's shadow takes terabytes: no such limit then. */
	{ "allocates beyond its limit", allocate_much, DID, OVER_LIMIT,
	    OVER_LIMIT },
};

static struct ex_jail
usual(void)
{
	struct ex_jail j = { .read_fd = &given,
		.nread = 1,
		.memory = (uint64_t)256 * MEGABYTE };

	return j;
}

/* One attempt in a child; NULL: without a jail. */
static int
attempt(int (*what)(void), const struct ex_jail *jail, enum ex_jail_kind want)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		enum ex_jail_kind kind;

		if (jail != NULL &&
		    (ex_jail_enter(jail, &kind, NULL) == -1 || kind != want))
			_exit(NO_JAIL);
		_exit(what());
	}
	assert_int_equal(ex_proc_wait(pid, -1, &status, NULL), 0);
	return status;
}

/*
 * The removal is attempted on what the attempt before made outside, so the
 * order of the table holds for both.
 */
static void
the_jail_holds(void **state)
{
	struct ex_jail jail = usual();

	(void)state;
	if (!ex_jail_has_landlock())
		skip();
	for (size_t i = 0; i < COUNT(attempts); i++) {
		int (*what)(void) = attempts[i].attempt;

		print_message("  %s\n", attempts[i].what);
		assert_int_equal(
		    attempt(what, &jail, EX_JAIL_FULL), attempts[i].jailed);
		assert_int_equal(
		    attempt(what, NULL, EX_JAIL_FULL), attempts[i].outside);
	}
}

static void
without_landlock_it_must_be_asked_for(void **state)
{
	struct ex_jail jail = usual();
	struct ex_err err = EX_ERR_INIT;
	enum ex_jail_kind kind;

	(void)state;
	no_landlock = 1;
	assert_false(ex_jail_has_landlock());
	/* Refused before any right is given up: this process goes on. */
	assert_int_equal(ex_jail_enter(&jail, &kind, &err), -1);
	assert_int_equal(err.code, EX_UNREACHABLE);
	assert_non_null(strstr(err.text, "--without-landlock"));
	assert_int_equal(open_passwd(), DID);

	jail.without_landlock = 1;
	for (size_t i = 0; i < COUNT(attempts); i++) {
		print_message("  %s\n", attempts[i].what);
		assert_int_equal(
		    attempt(attempts[i].attempt, &jail, EX_JAIL_SECCOMP_ONLY),
		    attempts[i].seccomp_alone);
		if (attempts[i].attempt == make_file)
			assert_int_equal(make_file(), DID);
	}
	no_landlock = 0;
}

/* Where there is Landlock, being allowed to go without changes nothing. */
static void
landlock_is_used_where_there_is_one(void **state)
{
	struct ex_jail jail = usual();

	(void)state;
	if (!ex_jail_has_landlock())
		skip();
	jail.without_landlock = 1;
	assert_int_equal(attempt(open_passwd, &jail, EX_JAIL_FULL), COULD_NOT);
}

static int
spin(void)
{
	volatile unsigned n = 1;

	while (n != 0)
		n |= 1;
	return COULD_NOT;
}

static int
hang(void)
{
	volatile int forever = 1;

	while (forever)
		ex_sleep(EX_SECOND);
	return COULD_NOT;
}

static void
time_is_limited(void **state)
{
	struct ex_jail jail = usual();
	int64_t begin = ex_ticks();
	int status;

	(void)state;
	if (!ex_jail_has_landlock())
		skip();
	jail.cpu_seconds = 1;
	status = attempt(spin, &jail, EX_JAIL_FULL);
	assert_true(status == 128 + SIGXCPU || status == 128 + SIGKILL);
	jail.cpu_seconds = 0;
	jail.wall_seconds = 1;
	assert_int_equal(attempt(hang, &jail, EX_JAIL_FULL), 128 + SIGALRM);
	assert_true(ex_ticks() - begin < 60 * EX_SECOND);
}

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(given_path, sizeof(given_path), "%s/given", folder);
	(void)snprintf(other_path, sizeof(other_path), "%s/other", folder);
	if (ex_file_write(given_path, "g", 1, 0600, NULL) == -1 ||
	    ex_file_write(other_path, "o", 1, 0600, NULL) == -1)
		return -1;
	given = open(given_path, O_RDONLY | O_CLOEXEC);
	return given == -1 ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	(void)close(given);
	return ex_remove_tree(folder, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_jail_holds),
		cmocka_unit_test(without_landlock_it_must_be_asked_for),
		cmocka_unit_test(landlock_is_used_where_there_is_one),
		cmocka_unit_test(time_is_limited),
	};

	return cmocka_run_group_tests_name("jail", tests, setup, teardown);
}
