/*
 * test_round.c -- the sequencer takes entries, signs, and says where the log
 * ends.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tests/daemons/rig.h"

static struct bench bench;
static struct rig rig;

static int
open_bench(void **state)
{
	(void)state;
	bench_open(&bench);
	return 0;
}

static int
close_bench(void **state)
{
	(void)state;
	bench_close(&bench);
	return 0;
}

static int
open_rig(void **state)
{
	(void)state;
	rig_open(&rig, &bench);
	return 0;
}

static int
close_rig(void **state)
{
	(void)state;
	rig_close(&rig);
	return 0;
}

static void
an_empty_log_takes_its_first_entry(void **state)
{
	struct rig_entry e;
	struct ex_checkpoint c;

	(void)state;
	rig_start(&rig, NULL);
	rig_found(&rig, &e);
	assert_int_equal(rig_wait(&rig, &e), 0);
	rig_checkpoint(&rig, &c);
	assert_int_equal(c.size, 1);
	assert_memory_equal(c.root, e.leaf, EX_HASH);
	rig_entry_free(&e);
	assert_int_equal(rig_stop(&rig), 0);
}

static void
entries_get_indexes_without_gaps(void **state)
{
	(void)state;
	rig_start(&rig, NULL);
	rig_small_log(&rig);
	assert_string_equal(
	    bench_value(&bench, "SELECT string_agg(index::text, ' ' ORDER BY "
				"index) FROM exhibit.tree_leaf"),
	    "0 1 2 3 4");
	assert_string_equal(
	    bench_value(&bench, "SELECT count(*) FROM exhibit.queue"), "0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    an_empty_log_takes_its_first_entry, open_rig, close_rig),
		cmocka_unit_test_setup_teardown(
		    entries_get_indexes_without_gaps, open_rig, close_rig),
	};

	return cmocka_run_group_tests(tests, open_bench, close_bench);
}
