/*
 * jail_linux.c -- Landlock, seccomp and limits round a parser.
 *
 * The seccomp filter denies softly (EPERM) what a library may try and live
 * without, and kills for what only an attack would ask: see rule[].  When a
 * new libc or library stops working in here, run the program under strace and
 * look for the first EPERM.
 */
#define _GNU_SOURCE /* syscall(), O_PATH */
#include "base/jail.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdio.h>
#include <unistd.h>

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

/* How far this process has come; it is never taken back. */
static enum {
	NOT_BEGUN,
	FILES_RESTRICTED,
	WITHOUT_LANDLOCK
} begun;

/* What a reader of handed files needs, and nothing else. */
static const int allowed[] = {
	SCMP_SYS(read),
	SCMP_SYS(pread64),
	SCMP_SYS(readv),
	SCMP_SYS(preadv),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(lseek),
	SCMP_SYS(close),
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(statx),
	SCMP_SYS(fcntl),
	SCMP_SYS(ppoll),
	SCMP_SYS(poll),
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(futex),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(nanosleep),
	SCMP_SYS(getrandom),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
#if SANITIZED
	SCMP_SYS(sigaltstack),
	SCMP_SYS(readlink),
	SCMP_SYS(getrlimit),
	SCMP_SYS(prlimit64),
#endif
};

/* Asked for only by code that somebody else put there. */
static const int deadly[] = {
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(fork),
	SCMP_SYS(vfork),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(kill),
	SCMP_SYS(tkill),
	SCMP_SYS(bpf),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(keyctl),
	SCMP_SYS(mount),
	SCMP_SYS(unshare),
	SCMP_SYS(setns),
};

int
ex_jail_has_landlock(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0,
		   LANDLOCK_CREATE_RULESET_VERSION) >= 1;
}

/* Allow reading the very file behind a descriptor. */
static int
allow_file(int ruleset, int fd, struct ex_err *err)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
	};
	char path[64];
	long rc;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd == -1)
		return ex_fail_errno(err, "jail: descriptor %d", fd);
	rc = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH,
	    &rule, 0);
	(void)close(rule.parent_fd);
	if (rc == -1)
		return ex_fail_errno(err, "jail: Landlock rule");
	return 0;
}

/* Everything that Landlock's first version knows is handled. */
static int
restrict_files(const struct ex_jail *jail, struct ex_err *err)
{
	struct landlock_ruleset_attr attr = {
		.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1,
	};
	int rc = 0;
	int ruleset;

	ruleset =
	    (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (ruleset == -1)
		return ex_fail_errno(err, "jail: Landlock");
	for (size_t i = 0; rc == 0 && i < jail->nread; i++)
		rc = allow_file(ruleset, jail->read_fd[i], err);
	if (rc == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) == -1)
		rc = ex_fail_errno(err, "jail: Landlock");
	(void)close(ruleset);
	return rc;
}

/* Threads of this process, by the kernel's list of them. */
static int
one_thread(struct ex_err *err)
{
	DIR *dir = opendir("/proc/self/task");
	const struct dirent *e;
	size_t n = 0;

	if (dir == NULL)
		return ex_fail_errno(err, "jail: /proc/self/task");
	while ((e = readdir(dir)) != NULL)
		n += e->d_name[0] != '.';
	(void)closedir(dir);
	if (n != 1)
		return ex_fail(err, EX_STATE,
		    "jail: %zu threads run already; it begins before they do",
		    n);
	return 0;
}

static int
limit(int what, rlim_t value, const char *name, struct ex_err *err)
{
	struct rlimit r = { value, value };

	if (setrlimit((__rlimit_resource_t)what, &r) == -1)
		return ex_fail_errno(err, "jail: limit of %s", name);
	return 0;
}

static int
set_limits(const struct ex_jail *jail, struct ex_err *err)
{
	if (limit(RLIMIT_CORE, 0, "core files", err) == -1 ||
	    limit(RLIMIT_NPROC, 0, "processes", err) == -1 ||
	    limit(RLIMIT_FSIZE, 0, "files written", err) == -1)
		return -1;
	/* A sanitizer's shadow takes terabytes of address space. */
	if (jail->memory != 0 && !SANITIZED &&
	    limit(RLIMIT_AS, jail->memory, "memory", err) == -1)
		return -1;
	if (jail->cpu_seconds != 0 &&
	    limit(RLIMIT_CPU, jail->cpu_seconds, "processor time", err) == -1)
		return -1;
	if (jail->wall_seconds != 0)
		(void)alarm(jail->wall_seconds);
	return 0;
}

static int
add_rules(scmp_filter_ctx ctx, uint32_t action, const int *call, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int rc = seccomp_rule_add(ctx, action, call[i], 0);

		/* A call that this architecture does not have. */
		if (rc != 0 && rc != -EDOM)
			return -1;
	}
	return 0;
}

/* openat() to read only, and memory that is never executable. */
static int
add_conditions(scmp_filter_ctx ctx)
{
	if (seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
		SCMP_A2(SCMP_CMP_MASKED_EQ,
		    O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND, O_RDONLY)) != 0)
		return -1;
	if (seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
		SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) != 0)
		return -1;
	if (seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
		SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) != 0)
		return -1;
	/* abort() of glibc signals itself. */
	return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
	    SCMP_A0(SCMP_CMP_MASKED_EQ, UINT64_MAX, (scmp_datum_t)getpid()));
}

static int
filter_calls(struct ex_err *err)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc = -1;

	if (ctx == NULL)
		return ex_fail(err, EX_SYSTEM, "jail: seccomp");
	if (seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
	    add_rules(ctx, SCMP_ACT_ALLOW, allowed,
		sizeof(allowed) / sizeof(allowed[0])) == 0 &&
	    add_rules(ctx, SCMP_ACT_KILL_PROCESS, deadly,
		sizeof(deadly) / sizeof(deadly[0])) == 0 &&
	    add_conditions(ctx) == 0 && seccomp_load(ctx) == 0)
		rc = 0;
	seccomp_release(ctx);
	if (rc == -1)
		return ex_fail(err, EX_SYSTEM, "jail: seccomp");
	return 0;
}

int
ex_jail_begin(const struct ex_jail *jail, struct ex_err *err)
{
	int landlock = ex_jail_has_landlock();

	if (!landlock && !jail->without_landlock)
		return ex_fail(err, EX_UNREACHABLE,
		    "this kernel has no Landlock; --without-landlock goes on "
		    "with seccomp alone and records it");
	if (one_thread(err) == -1)
		return -1;
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return ex_fail_errno(err, "jail: prctl");
	if (landlock && restrict_files(jail, err) == -1)
		return -1;
	begun = landlock ? FILES_RESTRICTED : WITHOUT_LANDLOCK;
	return 0;
}

int
ex_jail_enter(
    const struct ex_jail *jail, enum ex_jail_kind *kind, struct ex_err *err)
{
	if (begun == NOT_BEGUN && ex_jail_begin(jail, err) == -1)
		return -1;
	if (set_limits(jail, err) == -1 || filter_calls(err) == -1)
		return -1;
	*kind = begun == FILES_RESTRICTED ? EX_JAIL_FULL : EX_JAIL_SECCOMP_ONLY;
	return 0;
}
