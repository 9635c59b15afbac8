/*
 * test_acquire_source.c -- what is known of a medium, and how, in the signed
 * entries, beside the result and in the report: over a drive that answers as
 * it is told, and over files.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/cases/bench.h"
#include "tests/intake/drive.h"
#include "tests/intake/drive_line.h"

#include "base/file.h"
#include "cases/history.h"
#include "cases/record.h"
#include "report/report.h"

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

/* A field of the newest entry of an act of M-1; the caller's. */
static struct ex_json *
signed_in(enum ex_act act, const char *name)
{
	struct ex_json *v = NULL;
	struct ex_record r;

	MUST(ex_record_open(&r, bench.desk.house, "item:M-1", err));
	for (size_t i = 0; i < r.nentries; i++)
		if (r.entry[i]->admission.event.act == act) {
			ex_json_free(v);
			v = ex_json_copy(ex_json_get(
			    r.entry[i]->admission.event.fields, name));
		}
	ex_record_free(&r);
	return v;
}

/* A committed text of the newest acquire_start; "" when it has none. */
static void
text_of_start(char out[512], const char *name)
{
	struct ex_record r;

	out[0] = '\0';
	MUST(ex_record_open(&r, bench.desk.house, "item:M-1", err));
	for (size_t i = 0; i < r.nentries; i++)
		if (r.entry[i]->admission.event.act == EX_ACT_ACQUIRE_START) {
			const char *text = ex_record_text(r.entry[i], name);

			(void)snprintf(
			    out, 512, "%s", text == NULL ? "" : text);
		}
	ex_record_free(&r);
}

static void
assert_member(const struct ex_json *v, const char *name, const char *want)
{
	const char *is = ex_json_get_text(v, name);

	if (is == NULL || strcmp(is, want) != 0)
		fail_msg(
		    "%s: \"%s\", not \"%s\"", name, is == NULL ? "" : is, want);
}

static void
assert_word(enum ex_act act, const char *name, const char *want)
{
	struct ex_json *v = signed_in(act, name);

	if (v == NULL || strcmp(ex_json_text(v), want) != 0)
		fail_msg("%s: not \"%s\"", name, want);
	ex_json_free(v);
}

/* A report of M-1 in a language, whose lines are not broken; the caller's. */
static void
report(struct ex_buf *out, int zh)
{
	struct ex_report_frame frame = { .zh = zh, .made_by = "examiner" };
	struct ex_record r;

	ex_buf_free(out);
	MUST(ex_record_open(&r, bench.desk.house, "item:M-1", err));
	MUST(ex_report_write(out, &r, &frame, "html", err));
	ex_record_free(&r);
}

static void
assert_said(const struct ex_buf *text, const char *what)
{
	if (strstr(ex_buf_text(text), what) == NULL)
		fail_msg("it does not say \"%s\"", what);
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

/* X-06, and the blocker by name and number. */
static void
a_write_blocker_is_one_that_is_enrolled_as_such(void **state)
{
	static const char *const no[] = { "WB-404", "PC-1" };
	struct ex_acquire a = bench_request(&bench, "M-1");
	struct ex_buf text = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	char serial[512];

	(void)state;
	desk_seat(&bench.desk, "admin", NULL);
	desk_lab(&bench.desk, EX_ACT_TOOL_ADD, &err, "id", "WB-1", "kind",
	    "write_blocker", "serial", "T-0042", NULL);
	desk_lab(&bench.desk, EX_ACT_TOOL_ADD, &err, "id", "PC-1", "kind",
	    "workstation", NULL);
	desk_seat(&bench.desk, "examiner", NULL);
	for (size_t i = 0; i < 2; i++) {
		struct ex_json *told = NULL;
		int status = 0;

		ex_err_clear(&err);
		a.write_blocker = no[i];
		assert_int_equal(
		    ex_acquire_run(&told, &status, bench.desk.house, &a, &err),
		    -1);
		assert_non_null(strstr(err.text, no[i]));
	}
	a.write_blocker = "WB-1";
	ex_json_free(bench_acquire(&bench, &a, 0));
	assert_word(EX_ACT_ACQUIRE_START, "write_protection", "hardware");
	assert_word(EX_ACT_ACQUIRE_START, "write_blocker", "WB-1");
	text_of_start(serial, "write_blocker_serial");
	assert_string_equal(serial, "T-0042");
	report(&text, 0);
	assert_said(&text, "Write blocker, as the examiner states");
	assert_said(&text, "T-0042");
	ex_buf_free(&text);
}

static void
a_running_system_needs_a_reason_and_is_told(void **state)
{
	struct ex_acquire a = bench_request(&bench, "M-1");
	struct ex_buf text = EX_BUF_INIT;
	struct ex_json *told = NULL, *v;
	struct ex_err err = EX_ERR_INIT;
	int status = 0;
	char reason[512];

	(void)state;
	a.live = 1;
	assert_int_equal(
	    ex_acquire_run(&told, &status, bench.desk.house, &a, &err), -1);
	assert_int_equal(err.code, EX_USAGE);
	assert_non_null(strstr(err.text, "--reason"));
	a.reason = "the server may not be stopped";
	told = bench_acquire(&bench, &a, 0);
	assert_int_equal(ex_json_get_int(told, "live", 0), 1);
	assert_member(told, "live_reason", a.reason);
	ex_json_free(told);
	v = signed_in(EX_ACT_ACQUIRE_START, "live");
	assert_int_equal(ex_json_int(v), 1);
	ex_json_free(v);
	text_of_start(reason, "reason");
	assert_string_equal(reason, a.reason);
	report(&text, 0);
	assert_said(&text, "It was read while its system was running");
	assert_said(&text, "the server may not be stopped");
	report(&text, 1);
	assert_said(&text, "讀取時系統正在運作");
	ex_buf_free(&text);
}

/* A file is what its bytes say, or what the examiner does. */
static void
a_file_is_recorded_as_what_it_holds(void **state)
{
	static const struct {
		const char *mark;
		size_t n, at;
		const char *stated, *method, *by;
		uint64_t length;
	} file[] = {
		{ "EFI PART", 8, 512, NULL, "physical", "partition_table", 0 },
		{ "EFI PART", 8, 512, NULL, "partition", "partition_table",
		    4096 },
		{ "\x53\xef", 2, 1080, NULL, "partition", "file_system", 0 },
		{ "nothing", 7, 0, "chip_off", "chip_off", "stated", 0 },
	};
	static uint8_t bytes[128 * 1024];
	char path[4096];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/found.img", bench.work);
	for (size_t i = 0; i < sizeof(file) / sizeof(file[0]); i++) {
		struct ex_acquire a = bench_request(&bench, "M-1");
		struct ex_json *v;

		memset(bytes, 0, sizeof(bytes));
		memcpy(&bytes[file[i].at], file[i].mark, file[i].n);
		MUST(ex_file_write(path, bytes, sizeof(bytes), 0600, err));
		a.source = path;
		a.format = "raw";
		a.method = file[i].stated;
		a.length = file[i].length;
		ex_json_free(bench_acquire(&bench, &a, 0));
		assert_word(EX_ACT_ACQUIRE_START, "method", file[i].method);
		v = signed_in(EX_ACT_ACQUIRE_START, "learned");
		assert_member(v, "method", file[i].by);
		ex_json_free(v);
		v = signed_in(EX_ACT_ACQUIRE_START, "device");
		assert_member(v, "kind", "file");
		ex_json_free(v);
	}
}

static void
a_method_is_one_of_the_words(void **state)
{
	struct ex_acquire a = bench_request(&bench, "M-1");
	struct ex_json *told = NULL;
	struct ex_err err = EX_ERR_INIT;
	int status = 0;

	(void)state;
	a.method = "by_magic";
	assert_int_equal(
	    ex_acquire_run(&told, &status, bench.desk.house, &a, &err), -1);
	assert_int_equal(err.code, EX_USAGE);
	assert_string_equal(bench_state(&bench, "M-1"), "OPENED");
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
		CASE(a_write_blocker_is_one_that_is_enrolled_as_such),
		CASE(a_running_system_needs_a_reason_and_is_told),
		CASE(a_file_is_recorded_as_what_it_holds),
		CASE(a_method_is_one_of_the_words),
	};

	desk_programs();
	return cmocka_run_group_tests(tests, open_bench, bench_teardown);
}
