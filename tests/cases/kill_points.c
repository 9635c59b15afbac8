/*
 * kill_points.c -- places where a test kills the process.
 */
#include "tests/cases/kill_points.h"

#include <signal.h>

#include "base/file.h"
#include "base/proc.h"
#include "db/conn.h"
#include "db/store.h"
#include "signing/key.h"

static unsigned limit, passed;

void
kill_at(unsigned n)
{
	limit = n;
	passed = 0;
}

static void
point(void)
{
	if (limit != 0 && ++passed == limit)
		(void)raise(SIGKILL);
}

/* One function with a point before and one behind it. */
#define POINTS(name, parameters, arguments)          \
	int __real_##name parameters;                \
	int __wrap_##name parameters;                \
	int __wrap_##name parameters                 \
	{                                            \
		int points_rc;                       \
                                                     \
		point();                             \
		points_rc = __real_##name arguments; \
		point();                             \
		return points_rc;                    \
	}

POINTS(ex_dir_make, (const char *path, mode_t mode, struct ex_err *err),
    (path, mode, err))
POINTS(ex_file_write,
    (const char *path, const void *data, size_t n, mode_t mode,
	struct ex_err *err),
    (path, data, n, mode, err))
POINTS(ex_file_create,
    (const char *path, const void *data, size_t n, mode_t mode,
	struct ex_err *err),
    (path, data, n, mode, err))
POINTS(ex_key_save,
    (const struct ex_key *key, const char *path, const char *pin,
	struct ex_err *err),
    (key, path, pin, err))
POINTS(ex_proc_start,
    (pid_t * out, const struct ex_proc *p, struct ex_err *err), (out, p, err))
POINTS(ex_proc_run,
    (const struct ex_proc *p, struct ex_buf *out, size_t max, int64_t us,
	int *status, struct ex_err *err),
    (p, out, max, us, status, err))
POINTS(ex_conn_script,
    (struct ex_conn * conn, const struct ex_sql *q, struct ex_err *err),
    (conn, q, err))
POINTS(ex_conn_commit, (struct ex_conn * conn, struct ex_err *err), (conn, err))
POINTS(ex_store_append,
    (struct ex_conn * conn, const struct ex_append *a, struct ex_err *err),
    (conn, a, err))
