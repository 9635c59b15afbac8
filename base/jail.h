/*
 * jail.h -- give up every right but those a parser of hostile bytes needs.
 *
 * After ex_jail_enter() the process can read the files it was handed (by
 * opening /proc/self/fd/N, which stock libewf needs), read and write
 * descriptors it has, allocate up to its limit, and exit.  It cannot open
 * another file, connect, fork, exec, trace or signal.
 *
 * With threads it takes two steps, because the kernel's Landlock binds the
 * thread that asks and those that it starts afterwards, not those already
 * there: ex_jail_begin(), start the threads, ex_jail_enter().
 */
#ifndef BASE_JAIL_H
#define BASE_JAIL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct ex_jail {
	const int *read_fd; /* files that may be opened again to read */
	size_t nread;
	uint64_t memory;       /* bytes of address space; 0: no limit */
	uint32_t cpu_seconds;  /* 0: no limit */
	uint32_t wall_seconds; /* SIGKILL by alarm; 0: no limit */
	int without_landlock;  /* 1: go on without, where the kernel has none */
};

/* What holds afterwards, to be recorded in the event. */
enum ex_jail_kind {
	EX_JAIL_FULL,
	EX_JAIL_SECCOMP_ONLY
};

/*
 * The first step: files other than those handed over cannot be opened any
 * more, also by threads that are started from now on.  Errors as of
 * ex_jail_enter(), and EX_STATE when there are several threads already.
 */
int ex_jail_begin(const struct ex_jail *jail, struct ex_err *err);

/*
 * Enter for good, with all threads.  Does the first step too when that was
 * not done.  EX_UNREACHABLE when the kernel has no Landlock and
 * without_landlock is 0; EX_SYSTEM otherwise.  On failure the caller must
 * exit: some rights may be gone already.
 */
int ex_jail_enter(
    const struct ex_jail *jail, enum ex_jail_kind *kind, struct ex_err *err);

/* Does the running kernel offer Landlock?  1 or 0. */
int ex_jail_has_landlock(void);

#endif
