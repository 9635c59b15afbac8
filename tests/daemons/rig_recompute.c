/*
 * rig_recompute.c -- the rows, looked at with tools that are not ours.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/proc.h"
#include "tests/daemons/rig.h"

/* The entries in their order, one a line, hexadecimal. */
static void
dump(const struct rig *rig, const char *path)
{
	struct ex_buf out = EX_BUF_INIT;

	assert_int_equal(
	    bench_try(rig->bench, EX_CLUSTER_ROOT,
		"SELECT encode(e.entry, 'hex') FROM exhibit.entry e "
		"JOIN exhibit.tree_leaf l ON l.entry_id = e.id ORDER BY l.index",
		&out),
	    0);
	MUST(ex_file_write(path, out.data, out.len, 0600, err));
	ex_buf_free(&out);
}

void
rig_recompute(const struct rig *rig, const char *what, struct ex_buf *out)
{
	const char *source = getenv("EXHIBIT_SOURCE");
	const char *rows = rig_path(rig, "rows");
	char script[EX_PATH];
	const char *const argv[] = { "python3", script, what, rows, NULL };
	struct ex_proc p = EX_PROC_INIT;
	int status = -1;

	assert_non_null(source);
	MUST(ex_path_join(
	    script, sizeof(script), source, "tests/daemons/recompute.py", err));
	dump(rig, rows);
	p.path = "python3";
	p.argv = argv;
	ex_buf_cut(out, 0);
	MUST(ex_proc_run(&p, out, 1 << 16, 60 * EX_SECOND, &status, err));
	assert_int_equal(status, 0);
}
