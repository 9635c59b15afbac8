/*
 * test_range.c -- lists of sectors stay ascending and joined.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "intake/range.h"

static void
touching_ranges_of_one_status_are_joined(void **state)
{
	struct ex_ranges r = EX_RANGES_INIT;

	(void)state;
	assert_int_equal(ex_ranges_add(&r, 5, 1, EX_RANGE_BAD, NULL), 0);
	assert_int_equal(ex_ranges_add(&r, 6, 2, EX_RANGE_BAD, NULL), 0);
	assert_int_equal(r.n, 1);
	assert_int_equal(r.at[0].count, 3);
	assert_int_equal(ex_ranges_add(&r, 8, 1, EX_RANGE_MISSING, NULL), 0);
	assert_int_equal(ex_ranges_add(&r, 10, 1, EX_RANGE_MISSING, NULL), 0);
	assert_int_equal(r.n, 3);
	assert_int_equal(ex_ranges_sectors(&r), 5);
	ex_ranges_free(&r);
	assert_int_equal(r.n, 0);
}

static const struct {
	const char *name;
	uint64_t lba, count;
} harm[] = {
	{ "none", 20, 0 },
	{ "before the last", 3, 1 },
	{ "inside the last", 10, 1 },
	{ "beyond the end of numbers", UINT64_MAX, 1 },
};

static void
ranges_that_are_not_behind_are_refused(void **state)
{
	struct ex_ranges r = EX_RANGES_INIT;

	(void)state;
	assert_int_equal(ex_ranges_add(&r, 10, 2, EX_RANGE_BAD, NULL), 0);
	for (size_t i = 0; i < sizeof(harm) / sizeof(harm[0]); i++) {
		struct ex_err err = EX_ERR_INIT;

		print_message("  %s\n", harm[i].name);
		assert_int_equal(ex_ranges_add(&r, harm[i].lba, harm[i].count,
				     EX_RANGE_BAD, &err),
		    -1);
		assert_int_equal(err.code, EX_FORMAT);
	}
	assert_int_equal(r.n, 1);
	ex_ranges_free(&r);
}

static void
a_list_has_an_end(void **state)
{
	struct ex_ranges r = EX_RANGES_INIT;
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	for (uint64_t i = 0; i < EX_RANGES_MAX; i++)
		assert_int_equal(
		    ex_ranges_add(&r, 2 * i, 1, EX_RANGE_BAD, NULL), 0);
	assert_int_equal(ex_ranges_add(&r, 2 * (uint64_t)EX_RANGES_MAX, 1,
			     EX_RANGE_BAD, &err),
	    -1);
	assert_int_equal(err.code, EX_LIMIT);
	ex_ranges_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(touching_ranges_of_one_status_are_joined),
		cmocka_unit_test(ranges_that_are_not_behind_are_refused),
		cmocka_unit_test(a_list_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
