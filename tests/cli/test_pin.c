/*
 * Where PINs come from, in which order, and that a wrong one ends it.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/desk.h"

static char dir[] = "/tmp/test_pin.XXXXXX";
static char path[64];

static int
set_up(void **state)
{
	FILE *f;

	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/pin", dir);
	if ((f = fopen(path, "w")) == NULL)
		return -1;
	(void)fputs("from-file\nsecond line\n", f);
	return fclose(f);
}

static int
tear_down(void **state)
{
	(void)state;
	return unlink(path) == 0 && rmdir(dir) == 0 ? 0 : -1;
}

static const struct {
	const char *pin_file; /* KEY of --pin-file, or NULL */
	const char *own;      /* EXHIBIT_PIN_LAB_1 */
	const char *any;      /* EXHIBIT_PIN */
	int wrong;
	const char *want; /* NULL: an error; "": there is none */
} sources[] = {
	{ "lab-1", "own", "any", 0, "from-file" },
	{ "lab-2", "own", "any", 0, "own" },
	{ NULL, "own", "any", 0, "own" },
	{ NULL, NULL, "any", 0, "any" },
	{ NULL, NULL, NULL, 0, "" },
	{ NULL, "", "any", 0, "" },
	{ NULL, NULL, "", 0, "" },
	{ "lab-1", NULL, NULL, 1, NULL },
	{ NULL, "own", NULL, 1, NULL },
	{ NULL, NULL, "any", 1, NULL },
};

static void
set(const char *name, const char *value)
{
	assert_int_equal(
	    value == NULL ? unsetenv(name) : setenv(name, value, 1), 0);
}

static void
pins_come_in_one_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		struct ex_buf pin = EX_BUF_INIT;
		struct ex_err err = EX_ERR_INIT;
		struct cli_value value = { "pin-file", NULL };
		struct cli cli = { 0 };
		struct ex_pins pins;
		char given[128];
		int rc;

		print_message("  %zu\n", i);
		set("EXHIBIT_PIN_LAB_1", sources[i].own);
		set("EXHIBIT_PIN", sources[i].any);
		if (sources[i].pin_file != NULL) {
			(void)snprintf(given, sizeof(given), "%s=%s",
			    sources[i].pin_file, path);
			value.value = given;
			cli.value = &value;
			cli.nvalues = 1;
		}
		cli.json = 1; /* nobody to ask */
		pins = cli_pins(&cli);
		rc = pins.get(pins.arg, "lab-1", sources[i].wrong, &pin, &err);
		if (sources[i].want == NULL) {
			assert_int_equal(rc, -1);
			assert_int_equal(err.code, EX_PIN);
			assert_int_equal(pin.len, 0);
		} else {
			assert_int_equal(rc, sources[i].want[0] != '\0');
			assert_string_equal(ex_buf_text(&pin), sources[i].want);
		}
		ex_buf_wipe(&pin);
	}
}

static const struct {
	const char *given;
	const char *text;
	enum ex_code code;
} refused[] = {
	{ "lab-1", "KEY=FILE", EX_USAGE },
	{ "lab-1=/nonexistent/pin", "no such file", EX_ABSENT },
	{ "lab-1=/dev/null", "", EX_SYSTEM },
};

static void
an_unusable_file_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct cli_value value = { "pin-file", refused[i].given };
		struct ex_buf pin = EX_BUF_INIT;
		struct ex_err err = EX_ERR_INIT;
		struct cli cli = { 0 };
		struct ex_pins pins;

		print_message("  %s\n", refused[i].given);
		cli.json = 1;
		cli.value = &value;
		cli.nvalues = 1;
		pins = cli_pins(&cli);
		assert_int_equal(
		    pins.get(pins.arg, "lab-1", 0, &pin, &err), -1);
		assert_int_equal(err.code, refused[i].code);
		assert_non_null(strstr(err.text, refused[i].text));
		ex_buf_wipe(&pin);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pins_come_in_one_order),
		cmocka_unit_test(an_unusable_file_is_named),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
