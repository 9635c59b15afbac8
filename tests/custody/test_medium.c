/*
 * test_medium.c -- what is signed of the medium that is imaged: its own words,
 * who told them, and a running system with the reason.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_medium_is_signed_as_it_is_known),
	};

	return cmocka_run_group_tests(
	    tests, house_group_open, house_group_close);
}
