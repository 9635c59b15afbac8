/*
 * test_house.c -- a house is made once, and its people's acts reach the log.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tests/cases/desk.h"

static struct desk desk;

static int
open_desk(void **state)
{
	(void)state;
	desk_open(&desk);
	return 0;
}

static int
close_desk(void **state)
{
	(void)state;
	desk_close(&desk);
	return 0;
}

static void
a_second_init_changes_nothing(void **state)
{
	struct ex_init in = { .dir = desk.dir, .pins = &desk.seats.pins };
	struct ex_json *told = NULL;

	(void)state;
	MUST(ex_house_init(&told, &in, err));
	assert_int_equal(ex_json_get_int(told, "made", -1), 0);
	ex_json_free(told);
	assert_string_equal(
	    desk_sql(&desk, "SELECT count(*) FROM exhibit.entry"), "1");
}

static void
an_act_is_done_when_its_receipt_is_there(void **state)
{
	(void)state;
	desk_seat(&desk, "admin", NULL);
	MUST(desk_lab(&desk, EX_ACT_LOCATION_ADD, err, "id", "VAULT-A", "kind",
	    "vault", NULL));
	assert_string_equal(
	    desk_sql(&desk, "SELECT count(*) FROM exhibit.tree_leaf"), "2");
}

static void
a_person_with_a_key_can_act(void **state)
{
	(void)state;
	desk_person(&desk, "P-1", "investigator");
	desk_seat(&desk, "P-1", NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_second_init_changes_nothing),
		cmocka_unit_test(an_act_is_done_when_its_receipt_is_there),
		cmocka_unit_test(a_person_with_a_key_can_act),
	};

	desk_programs();
	return cmocka_run_group_tests(tests, open_desk, close_desk);
}
