/*
 * proc.h -- other programs, started with an argument vector and exactly the
 * descriptors they are given; never through a shell.
 */
#ifndef BASE_PROC_H
#define BASE_PROC_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct ex_proc {
	const char *path;	   /* program; searched in PATH without '/' */
	const char *const *argv;   /* NULL-terminated, argv[0] included */
	const char *const *setenv; /* NULL, or NULL-terminated "NAME=value" */
	int in;			   /* descriptor for 0; -1: /dev/null */
	int out;		   /* descriptor for 1; -1: /dev/null */
	int err;		   /* descriptor for 2; -1: the parent's own */
	const int *fds;		   /* further ones, become 3, 4, ... in order */
	size_t nfds;
	uid_t uid; /* run as this user when own_user is set */
	gid_t gid;
	int own_user;
	int own_group;	 /* 1: new process group */
	int own_session; /* 1: new session, survives the parent */
};

/* Defaults: everything to /dev/null but stderr, no other descriptor. */
#define EX_PROC_INIT                                                 \
	{                                                            \
		NULL, NULL, NULL, -1, -1, -1, NULL, 0, 0, 0, 0, 0, 0 \
	}

/* Start it.  EX_ABSENT when the program is not there. */
int ex_proc_start(pid_t *out, const struct ex_proc *p, struct ex_err *err);

/*
 * Wait at most us microseconds (negative: for ever).  *status is the exit
 * status, or 128 + signal.  EX_LIMIT when time ran out; it still runs then.
 */
int ex_proc_wait(pid_t pid, int64_t us, int *status, struct ex_err *err);

/*
 * Run to its end, standard output appended to out (at most max bytes; may be
 * NULL).  A status other than 0 is not an error here.
 */
int ex_proc_run(const struct ex_proc *p, struct ex_buf *out, size_t max,
    int64_t us, int *status, struct ex_err *err);

/*
 * SIGTERM, then SIGKILL after grace microseconds; reaps it.  One that leads a
 * process group (own_group, own_session) is signalled with all of its group.
 */
void ex_proc_stop(pid_t pid, int64_t grace);

/*
 * The path of a program that was built or installed beside the running one
 * (exhibit-reader beside exhibit), or in the folder that the environment's
 * EXHIBIT_BIN names.  EX_ABSENT.
 */
int
ex_proc_beside(char *out, size_t size, const char *name, struct ex_err *err);

/* uid and gid of a user by name.  EX_ABSENT. */
int ex_user_find(const char *name, uid_t *uid, gid_t *gid, struct ex_err *err);

#endif
