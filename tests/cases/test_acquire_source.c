/*
 * test_acquire_source.c -- what is known of a medium, and how, in the signed
 * entries, beside the result and in the report: over a drive that answers as
 * it is told.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/cases/signed.h"
#include "tests/intake/drive.h"
#include "tests/intake/drive_line.h"

enum {
	SECTORS = 4096
};

static struct drive_line *line; /* of the next source; NULL: the real one */
static struct drive disk = { .sectors = SECTORS, .sector_size = 512 };
static int as_block; /* the device, not a file: then nothing guards it */

static const struct drive_line sample = { .model = "SAMPLE DISK",
	.serial = "SN-1",
	.firmware = "A1",
	.sectors = SECTORS,
	.celsius = 30,
	.pending = 1 };

int __real_ex_source_open(
    struct ex_source **out, const char *path, struct ex_err *err);
int __wrap_ex_source_open(
    struct ex_source **out, const char *path, struct ex_err *err);

int
__wrap_ex_source_open(
    struct ex_source **out, const char *path, struct ex_err *err)
{
	if (line == NULL)
		return __real_ex_source_open(out, path, err);
	*out = drive_open(&disk);
	(void)snprintf((*out)->info.path, EX_PATH, "%s", path);
	(void)snprintf((*out)->info.serial, EX_SOURCE_TEXT, "unknown");
	(void)snprintf((*out)->info.transport, EX_SOURCE_TEXT, "%s",
	    line->nvme ? "nvme" : "usb");
	drive_attach(*out, line);
	ex_identity_learn(*out);
	return 0;
}

int __real_ex_source_guard(const struct ex_source *s,
    const struct ex_source_avoid *avoid, struct ex_err *err);
int __wrap_ex_source_guard(const struct ex_source *s,
    const struct ex_source_avoid *avoid, struct ex_err *err);

/* There is no such device in this system: it has tests of its own. */
int
__wrap_ex_source_guard(const struct ex_source *s,
    const struct ex_source_avoid *avoid, struct ex_err *err)
{
	return as_block ? 0 : __real_ex_source_guard(s, avoid, err);
}

static int
open_bench(void **state)
{
	(void)bench_setup(state);
	bench_disk(&bench, "M-1");
	return 0;
}

static int
reset(void **state)
{
	(void)state;
	line = NULL;
	as_block = 0;
	return 0;
}

#define CASE(f) cmocka_unit_test_setup(f, reset)

/* M-1 imaged from the drive; the summary is the caller's. */
static struct ex_json *
image(struct drive_line *l, int want)
{
	struct ex_acquire a = bench_request(&bench, "M-1");
	struct ex_json *told;

	line = l;
	as_block = 1;
	a.format = "raw";
	told = bench_acquire(&bench, &a, want);
	assert_int_equal(l->harmful, 0);
	return told;
}

static void
a_drive_is_signed_as_it_answered(void **state)
{
	struct drive_line l = sample;
	struct ex_json *told, *v;
	char text[512];

	(void)state;
	l.native = SECTORS + 100;
	l.factory = SECTORS + 300;
	l.security = 3;
	told = image(&l, 0);
	assert_member(told, "serial_match", "same");
	assert_member(told, "hpa", "yes");
	assert_member(told, "dco", "yes");
	assert_member(told, "method", "physical");
	ex_json_free(told);
	v = signed_in(EX_ACT_ACQUIRE_START, "device");
	assert_member(v, "hpa", "yes");
	assert_member(v, "dco", "yes");
	assert_member(v, "security", "open");
	assert_member(v, "smart", "passed");
	assert_member(v, "model", "SAMPLE DISK");
	assert_int_equal(ex_json_get_int(v, "visible_sectors", -1), SECTORS);
	assert_int_equal(ex_json_get_int(v, "drive_sectors", -1), SECTORS);
	assert_int_equal(
	    ex_json_get_int(v, "native_sectors", -1), SECTORS + 100);
	assert_int_equal(
	    ex_json_get_int(v, "factory_sectors", -1), SECTORS + 300);
	/* What names this one drive is committed to, and not here. */
	assert_null(ex_json_get(v, "serial"));
	ex_json_free(v);
	v = signed_in(EX_ACT_ACQUIRE_START, "learned");
	assert_member(v, "device_serial", "ata_identify");
	assert_member(v, "hpa", "ata_native_max_ext");
	assert_member(v, "dco", "ata_dco");
	assert_member(v, "method", "sysfs");
	ex_json_free(v);
	text_of_start(text, "device_serial");
	assert_string_equal(text, "SN-1");
	assert_word(EX_ACT_ACQUIRE_START, "method", "physical");
	/* Nobody said anything about write protection. */
	assert_word(EX_ACT_ACQUIRE_START, "write_protection", "unknown");
}

static void
hidden_sectors_and_who_told_stand_in_the_report(void **state)
{
	struct ex_buf text = EX_BUF_INIT;

	(void)state;
	report(&text, 0);
	assert_said(&text, "The medium hides sectors: they are not in it.");
	assert_said(&text, "yes (READ NATIVE MAX ADDRESS EXT)");
	assert_said(&text, "SAMPLE DISK (IDENTIFY DEVICE)");
	assert_said(&text, "What the medium says of its health");
	assert_said(&text, "Pending sectors");
	assert_said(&text, "password set, unlocked");
	report(&text, 1);
	assert_said(&text, "媒體有隱藏磁區，未包含於映像。");
	assert_said(&text, "是 (READ NATIVE MAX ADDRESS EXT)");
	assert_said(&text, "媒體自述之健康狀態");
	assert_said(&text, "待處理磁區數");
	ex_buf_free(&text);
	assert_challenged("hidden-sectors");
}

static void
another_serial_number_is_a_finding_and_no_refusal(void **state)
{
	struct drive_line l = sample;
	struct ex_json *told;

	(void)state;
	l.serial = "SN-2";
	told = image(&l, 1);
	assert_member(told, "result", "complete");
	assert_member(told, "serial_match", "differs");
	assert_member(told, "serial", "SN-2");
	assert_member(told, "serial_on_label", "SN-1");
	ex_json_free(told);
	assert_word(EX_ACT_ACQUIRE_START, "serial_match", "differs");
	assert_word(EX_ACT_ACQUIRE_END, "result", "complete");
}

/* the whole way, from the bridge to the signed word. */
static void
a_bridge_that_errs_is_signed_as_unknown(void **state)
{
	struct drive_line l = sample;
	struct ex_json *told, *v;

	(void)state;
	l.bridge = "USB BRIDGE";
	l.manner[EX_COMMAND_SERIAL] = ERRS;
	l.manner[EX_COMMAND_ATA_IDENTIFY] = ERRS;
	told = image(&l, 0);
	assert_member(told, "serial_match", "unknown");
	assert_member(told, "hpa", "unknown");
	ex_json_free(told);
	v = signed_in(EX_ACT_ACQUIRE_START, "device");
	assert_member(v, "hpa", "unknown");
	assert_member(v, "dco", "unknown");
	assert_member(v, "smart", "unknown");
	assert_member(v, "security", "unknown");
	assert_member(v, "asked_ata_identify", "refused");
	assert_null(ex_json_get(v, "native_sectors"));
	ex_json_free(v);
	v = signed_in(EX_ACT_ACQUIRE_START, "learned");
	assert_null(ex_json_get(v, "hpa"));
	assert_null(ex_json_get(v, "device_serial"));
	ex_json_free(v);
	assert_null(signed_in(EX_ACT_ACQUIRE_START, "smart"));
	assert_null(signed_in(EX_ACT_ACQUIRE_END, "smart"));
	assert_challenged("hidden-unknown");
}

static void
grow_worse(void *arg, const char *phase, uint64_t done, uint64_t total)
{
	struct drive_line *l = arg;

	(void)phase;
	(void)done;
	(void)total;
	l->failing = 1;
	l->pending = 77;
	l->celsius = 51;
}

static void
health_is_signed_before_and_after(void **state)
{
	struct drive_line l = sample;
	struct ex_acquire a = bench_request(&bench, "M-1");
	struct ex_json *v;

	(void)state;
	line = &l;
	as_block = 1;
	a.format = "raw";
	a.progress = grow_worse;
	a.progress_arg = &l;
	ex_json_free(bench_acquire(&bench, &a, 0));
	v = signed_in(EX_ACT_ACQUIRE_START, "smart");
	assert_member(v, "status", "passed");
	assert_int_equal(ex_json_get_int(v, "temperature", -1), 30);
	assert_int_equal(ex_json_get_int(v, "pending_sectors", -1), 1);
	ex_json_free(v);
	v = signed_in(EX_ACT_ACQUIRE_END, "smart");
	assert_member(v, "status", "failing");
	assert_int_equal(ex_json_get_int(v, "temperature", -1), 51);
	assert_int_equal(ex_json_get_int(v, "pending_sectors", -1), 77);
	ex_json_free(v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_drive_is_signed_as_it_answered),
		CASE(hidden_sectors_and_who_told_stand_in_the_report),
		CASE(another_serial_number_is_a_finding_and_no_refusal),
		CASE(a_bridge_that_errs_is_signed_as_unknown),
		CASE(health_is_signed_before_and_after),
	};

	desk_programs();
	return cmocka_run_group_tests(tests, open_bench, bench_teardown);
}
