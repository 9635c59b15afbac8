/*
 * test_pgtap.c -- runs tests/db/NAME.sql and reads what pgTAP says.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/proc.h"
#include "tests/db/bench.h"

static struct bench bench;

static int
setup(void **state)
{
	(void)state;
	bench_open(&bench);
	bench_fresh(&bench);
	bench_sql(&bench, "CREATE EXTENSION pgtap");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	bench_close(&bench);
	return 0;
}

/* Run a file through psql as the superuser. */
static void
run(const char *name, struct ex_buf *out)
{
	char file[EX_PATH], psql[EX_PATH];
	const char *const argv[] = { "psql", "-X", "-q", "-A", "-t", "-v",
		"ON_ERROR_STOP=1", "-d", bench_info(&bench, EX_CLUSTER_ROOT),
		"-f", file, NULL };
	struct ex_proc p = EX_PROC_INIT;
	int status = -1;

	assert_non_null(getenv("EXHIBIT_SOURCE"));
	(void)snprintf(file, sizeof(file), "%s/tests/db/%s.sql",
	    getenv("EXHIBIT_SOURCE"), name);
	MUST(ex_path_join(psql, sizeof(psql), bench.cluster.bin, "psql", err));
	p.path = psql;
	p.argv = argv;
	MUST(ex_proc_run(&p, out, 1 << 20, 120 * EX_SECOND, &status, err));
	if (status != 0)
		fail_msg("%s.sql ended with %d", name, status);
}

/* As many "ok" as the plan says, and nothing else. */
static void
check_tap(const char *name, const char *text)
{
	unsigned long plan = 0, good = 0;
	const char *line = text, *end;

	for (; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		if (strncmp(line, "1..", 3) == 0)
			plan = strtoul(line + 3, NULL, 10);
		else if (strncmp(line, "ok ", 3) == 0 &&
			 strtoul(line + 3, NULL, 10) == good + 1)
			good++;
		else if (line[0] != '\n')
			fail_msg("%s.sql:\n%s", name, line);
	}
	if (plan == 0 || good != plan)
		fail_msg("%s.sql: %lu of %lu", name, good, plan);
}

static void
file_holds(void **state)
{
	const char *name = *state;
	struct ex_buf out = EX_BUF_INIT;

	run(name, &out);
	check_tap(name, ex_buf_text(&out));
	ex_buf_free(&out);
}

#define FILE_TEST(name)                                               \
	{                                                             \
		name, file_holds, NULL, NULL, (void *)(uintptr_t)name \
	}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FILE_TEST("privileges"),
		FILE_TEST("entries_stay"),
		FILE_TEST("keys"),
		FILE_TEST("rows"),
		FILE_TEST("append"),
		FILE_TEST("casebook"),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
