/*
 * test_acquire_medium.c -- files, mounted devices, running systems and write
 * blockers: what is refused, and what is signed and told.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/mount.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/cases/signed.h"
#include "tests/intake/mounts.h"

#include "base/file.h"
#include "base/proc.h"

static int
open_bench(void **state)
{
	(void)bench_setup(state);
	bench_disk(&bench, "M-1");
	return 0;
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
	a.device_state = "switched on, screen locked";
	a.changes = "network switched off";
	a.credential = "code written down by its owner";
	a.credential_right = "written consent";
	ex_json_free(bench_acquire(&bench, &a, 0));
	assert_word(EX_ACT_ACQUIRE_START, "write_protection", "hardware");
	assert_word(EX_ACT_ACQUIRE_START, "write_blocker", "WB-1");
	text_of_start(serial, "write_blocker_serial");
	assert_string_equal(serial, "T-0042");
	text_of_start(serial, "credential_right");
	assert_string_equal(serial, a.credential_right);
	report(&text, 0);
	assert_said(&text, "Write blocker, as the examiner states");
	assert_said(&text, "T-0042");
	assert_said(&text, "Device as it was found, as stated");
	assert_said(&text, a.device_state);
	assert_said(&text, a.changes);
	assert_said(&text, a.credential);
	assert_said(&text, a.credential_right);
	report(&text, 1);
	assert_said(&text, "使用憑證之依據（陳述）");
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
	assert_challenged("live");
}

/* A file of eight megabytes with a file system in it; 0: no mke2fs. */
static int
make_ext4(const char *file)
{
	const char *argv[] = { "mke2fs", "-q", "-F", "-t", "ext4", file, NULL };
	struct ex_proc mkfs = EX_PROC_INIT;
	int status = 1;

	MUST(ex_file_write(file, "", 0, 0600, err));
	assert_int_equal(truncate(file, 8 * 1024 * 1024), 0);
	mkfs.path =
	    access("/sbin/mke2fs", X_OK) == 0 ? "/sbin/mke2fs" : "mke2fs";
	mkfs.argv = argv;
	return ex_proc_run(&mkfs, NULL, 0, -1, &status, NULL) == 0 &&
	       status == 0;
}

/* A real file system, mounted on a loop device: it changes under the reader. */
static void
a_mounted_device_is_refused_or_read_alive(void **state)
{
	const char *to = bench_dir(&bench, "to");
	struct ex_acquire a = bench_request(&bench, "M-1");
	char device[64], file[4096], point[4096], text[512];
	struct ex_json *told = NULL;
	struct ex_err err = EX_ERR_INIT;
	int status = 0, loop, mounted;

	(void)state;
	(void)snprintf(point, sizeof(point), "%s", bench_dir(&bench, "point"));
	(void)snprintf(file, sizeof(file), "%s/fs.img", bench.work);
	if (!make_ext4(file)) {
		print_message("LEFT OUT: no mke2fs here\n");
		skip();
	}
	if ((loop = loop_open(device, sizeof(device), file, 0)) == -1) {
		print_message("LEFT OUT: no loop devices here\n");
		skip();
	}
	mounted =
	    mounts_begin() == 0 && mount(device, point, "ext4", 0, NULL) == 0;
	if (!mounted) {
		print_message("LEFT OUT: nothing can be mounted here\n");
		(void)close(loop);
		skip();
	}
	a.source = device;
	a.format = "raw";
	a.to = &to;
	a.nto = 1;
	assert_int_equal(
	    ex_acquire_run(&told, &status, bench.desk.house, &a, &err), -1);
	assert_int_equal(err.code, EX_STATE);
	assert_non_null(strstr(err.text, "is mounted"));
	/* Not even alive into itself. */
	ex_err_clear(&err);
	a.live = 1;
	a.reason = "it may not be unmounted";
	to = point;
	assert_int_equal(
	    ex_acquire_run(&told, &status, bench.desk.house, &a, &err), -1);
	assert_non_null(strstr(err.text, "carries the file system of"));
	to = bench_dir(&bench, "to");
	told = bench_acquire(&bench, &a, 0);
	assert_non_null(strstr(ex_json_get_text(told, "in_use"), point));
	assert_member(told, "method", "physical");
	ex_json_free(told);
	text_of_start(text, "in_use");
	assert_non_null(strstr(text, point));
	assert_word(EX_ACT_ACQUIRE_START, "write_protection", "none");
	assert_int_equal(umount(point), 0);
	(void)close(loop);
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
		cmocka_unit_test(
		    a_write_blocker_is_one_that_is_enrolled_as_such),
		cmocka_unit_test(a_running_system_needs_a_reason_and_is_told),
		cmocka_unit_test(a_file_is_recorded_as_what_it_holds),
		cmocka_unit_test(a_method_is_one_of_the_words),
		/* The last: it leaves the common mount namespace. */
		cmocka_unit_test(a_mounted_device_is_refused_or_read_alive),
	};

	desk_programs();
	return cmocka_run_group_tests(tests, open_bench, bench_teardown);
}
