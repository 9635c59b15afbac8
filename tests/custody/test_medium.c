/*
 * test_medium.c -- what is signed of the medium that is imaged: its own words,
 * who told them, a running system with the reason, and the maps of its image.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "custody/act_tables.h"
#include "tests/custody/claims.h"

#define BEGIN                                                    \
	"{'acquisition':'01890000-0000-7000-8000-000000000008'," \
	"'method':'physical','authority':'W-1',"                 \
	"'write_protection':'none','competence':'none',"         \
	"'tool_validation':'none'"

static const struct claim said[] = {
	{ "a running system, and why", EX_OPENED,
	    .a = { EX_ACT_ACQUIRE_START, .fields = BEGIN ",'live':1}",
		.texts = "{'reason':'it may not be stopped',"
			 "'in_use':'mounted at /'}" },
	    .to = "ACQUIRING" },
	{ "a running system without a reason", EX_OPENED,
	    .a = { EX_ACT_ACQUIRE_START, .fields = BEGIN ",'live':1}" },
	    .code = EX_FORMAT, .says = "the reason is missing" },
	{ "a reason without a running system", EX_OPENED,
	    .a = { EX_ACT_ACQUIRE_START, .fields = BEGIN "}",
		.texts = "{'reason':'it is urgent'}" },
	    .to = "ACQUIRING" },
	{ "what a drive said, and who told it", EX_OPENED,
	    .a = { EX_ACT_ACQUIRE_START,
		.fields = BEGIN ",'device':{'hpa':'yes','native_sectors':1000},"
				"'learned':{'hpa':'ata_native_max_ext',"
				"'device_serial':'ata_identify'},"
				"'smart':{'status':'passed','temperature':-3}}",
		.texts = "{'device_serial':'SN-1',"
			 "'write_blocker_serial':'T-0042'}" },
	    .to = "ACQUIRING" },
	{ "how it was afterwards", EX_ACQUIRING,
	    .a = { EX_ACT_ACQUIRE_END,
		.fields = "{'acquisition':'$ACQ','result':'aborted',"
			  "'smart':{'status':'failing'}}" },
	    .says = "acquisition", .to = "OPENED" },
};

static void
a_medium_is_signed_as_it_is_known(void **state)
{
	CLAIMS_HOLD(*state, said);
}

#define ROOT "0000000000000000000000000000000000000000000000000000000000000000"

/* A map of blocks as an entry tells it. */
static void
a_map_of_blocks_has_its_form(void **state)
{
	static const struct {
		const char *text;
		const char *says; /* NULL: right */
	} map[] = {
		{ "{\"block_size\":1048576,\"blocks\":6,\"root\":\"" ROOT
		  "\",\"sha256\":\"" ROOT "\"}",
		    NULL },
		{ "{\"block_size\":1048576,\"blocks\":0,\"root\":\"" ROOT
		  "\",\"sha256\":\"" ROOT "\"}",
		    "blocks: none" },
		{ "{\"block_size\":1000000,\"blocks\":6,\"root\":\"" ROOT
		  "\",\"sha256\":\"" ROOT "\"}",
		    "no power of two" },
		{ "{\"block_size\":1048576,\"blocks\":6,\"sha256\":\"" ROOT
		  "\"}",
		    "root" },
		{ "{\"block_size\":1048576,\"blocks\":6,\"more\":1,"
		  "\"root\":\"" ROOT "\",\"sha256\":\"" ROOT "\"}",
		    "more" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++) {
		struct ex_err err = EX_ERR_INIT;
		struct ex_json *v = NULL;
		int rc;

		assert_int_equal(
		    ex_json_read(&v, map[i].text, strlen(map[i].text), &err),
		    0);
		rc = ex_check_block_map(v, &err);
		assert_int_equal(rc, map[i].says == NULL ? 0 : -1);
		if (map[i].says != NULL)
			assert_non_null(strstr(err.text, map[i].says));
		ex_json_free(v);
	}
}

/* Where an image changed. */
static void
changes_are_ascending_ranges(void **state)
{
	static const struct {
		const char *text;
		int is; /* right */
	} list[] = {
		{ "[{\"count\":8,\"from\":0,\"lba\":0,\"to\":4096},"
		  "{\"count\":1,\"from\":8192,\"lba\":16,\"to\":8193}]",
		    1 },
		{ "[{\"count\":8,\"from\":4096,\"lba\":8,\"to\":8192},"
		  "{\"count\":8,\"from\":0,\"lba\":0,\"to\":4096}]",
		    0 },
		{ "[{\"count\":0,\"from\":0,\"lba\":0,\"to\":4096}]", 0 },
		{ "[{\"count\":1,\"from\":5,\"lba\":0,\"to\":5}]", 0 },
		{ "[{\"count\":1,\"from\":0,\"lba\":0}]", 0 },
		{ "[{\"count\":1,\"from\":0,\"lba\":0,\"to\":1,"
		  "\"x\":1}]",
		    0 },
		{ "[7]", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		struct ex_json *v = NULL;

		assert_int_equal(
		    ex_json_read(&v, list[i].text, strlen(list[i].text), NULL),
		    0);
		assert_int_equal(
		    ex_check_changes(v, NULL), list[i].is ? 0 : -1);
		ex_json_free(v);
	}
}

/* Which attempts, and which sectors are from each. */
static void
attempts_have_their_form(void **state)
{
	static const struct {
		int (*check)(const struct ex_json *v, struct ex_err *err);
		const char *text;
		const char *says; /* NULL: right */
	} list[] = {
		{ ex_check_attempts, "[\"" ROOT "\",\"" ROOT "\"]", NULL },
		{ ex_check_attempts, "[]", "number of attempts" },
		{ ex_check_attempts, "[\"00\"]", "leaf" },
		{ ex_check_origins,
		    "[{\"attempt\":1,\"count\":5,\"lba\":0},"
		    "{\"attempt\":2,\"count\":1,\"lba\":5}]",
		    NULL },
		{ ex_check_origins,
		    "[{\"attempt\":1,\"count\":5,\"lba\":0},"
		    "{\"attempt\":2,\"count\":1,\"lba\":6}]",
		    "one by one" },
		{ ex_check_origins, "[{\"attempt\":0,\"count\":5,\"lba\":0}]",
		    "no such attempt" },
		{ ex_check_ranges,
		    "[{\"attempt\":2,\"count\":5,\"failed_in\":1,\"lba\":0,"
		    "\"status\":\"recovered\",\"tries\":1}]",
		    NULL },
		{ ex_check_ranges,
		    "[{\"attempt\":2,\"count\":5,\"failed_in\":2,\"lba\":0,"
		    "\"status\":\"bad\"}]",
		    "no earlier attempt" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		struct ex_err err = EX_ERR_INIT;
		struct ex_json *v = NULL;

		assert_int_equal(
		    ex_json_read(&v, list[i].text, strlen(list[i].text), &err),
		    0);
		assert_int_equal(
		    list[i].check(v, &err), list[i].says == NULL ? 0 : -1);
		if (list[i].says != NULL)
			assert_non_null(strstr(err.text, list[i].says));
		ex_json_free(v);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_medium_is_signed_as_it_is_known),
		cmocka_unit_test(a_map_of_blocks_has_its_form),
		cmocka_unit_test(attempts_have_their_form),
		cmocka_unit_test(changes_are_ascending_ranges),
	};

	return cmocka_run_group_tests(
	    tests, house_group_open, house_group_close);
}
