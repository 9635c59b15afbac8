/*
 * test_acquire_resume.c -- imaging that is paused or dies, and is gone on with:
 * by whom, from what, and what is signed of it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/wait.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/cases/bench.h"

#include "base/clock.h"
#include "base/codec.h"
#include "base/file.h"
#include "cases/act_parts.h"
#include "cases/continuity.h"
#include "cases/history.h"
#include "cases/record.h"

#define MARK (1 << 20)

static volatile sig_atomic_t stop;
static int refuse_pin; /* the which-th signing fails */

int __real_ex_act_sign(struct ex_act_job *job, struct ex_err *err);
int __wrap_ex_act_sign(struct ex_act_job *job, struct ex_err *err);

int
__wrap_ex_act_sign(struct ex_act_job *job, struct ex_err *err)
{
	if (refuse_pin > 0 && --refuse_pin == 0)
		return ex_fail(err, EX_PIN, "wrong PIN of key \"examiner\"");
	return __real_ex_act_sign(job, err);
}

/* Ctrl-C in the middle of reading. */
static void
stop_halfway(void *arg, const char *phase, uint64_t done, uint64_t total)
{
	(void)arg;
	if (strcmp(phase, "acquire") == 0 && done > total / 2)
		stop = 1;
}

/* And the same, with the power; what was read is written by then. */
static void
die_halfway(void *arg, const char *phase, uint64_t done, uint64_t total)
{
	(void)arg;
	if (strcmp(phase, "acquire") != 0 || done <= total / 2)
		return;
	ex_sleep(EX_SECOND / 10);
	(void)raise(SIGKILL);
}

static struct ex_acquire
usual(const char *item)
{
	struct ex_acquire a = bench_request(&bench, item);

	stop = 0;
	a.stop = &stop;
	a.mark_bytes = MARK;
	return a;
}

static struct ex_acquire
resumption(const char *item)
{
	struct ex_acquire a = usual(item);

	a.source = NULL;
	a.resume = 1;
	return a;
}

/* Begin to image, and stop; item is OPENED again. */
static void
pause_it(struct ex_acquire *a)
{
	struct ex_json *told;
	const struct ex_json *to;

	a->progress = stop_halfway;
	told = bench_acquire(&bench, a, 2);
	assert_string_equal(ex_json_get_text(told, "result"), "paused");
	assert_non_null(
	    strstr(ex_json_get_text(told, "resume_with"), "--resume"));
	assert_non_null(strstr(ex_json_get_text(told, "resume_with"), a->item));
	to = ex_json_get(told, "destinations");
	for (size_t i = 0; i < ex_json_count(to); i++)
		assert_string_equal(
		    ex_json_get_text(ex_json_at(to, i), "result"), "paused");
	ex_json_free(told);
	assert_string_equal(bench_state(&bench, a->item), "OPENED");
	a->progress = NULL;
	stop = 0;
}

static void
die(struct ex_acquire *a)
{
	struct ex_err err = EX_ERR_INIT;
	int status;
	pid_t pid;

	a->progress = die_halfway;
	ex_house_close(bench.desk.house);
	bench.desk.house = NULL;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct ex_json *told = NULL;
		int rc = 1;

		if (ex_house_open(&bench.desk.house, bench.desk.dir, &err) == 0)
			ex_house_seat(bench.desk.house, &bench.desk.seats);
		(void)ex_acquire_run(&told, &rc, bench.desk.house, a, &err);
		_exit(99);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	desk_again(&bench.desk);
	a->progress = NULL;
}

/* Gone on with, to the very bytes. */
static void
finish(struct ex_acquire *a, const char *image, size_t copies)
{
	struct ex_json *told = bench_acquire(&bench, a, 0);
	const struct ex_json *to = ex_json_get(told, "destinations");

	assert_string_equal(ex_json_get_text(told, "image"), image);
	assert_string_equal(ex_json_get_text(told, "result"), "complete");
	assert_string_equal(
	    ex_json_get_text(ex_json_get(told, "digests"), "sha256"),
	    bench.sha256);
	assert_true(ex_json_get_int(told, "head_read_again", 0) >= MARK);
	assert_int_equal(ex_json_count(to), copies);
	for (size_t i = 0; i < copies; i++) {
		const struct ex_json *d = ex_json_at(to, i);

		assert_string_equal(ex_json_get_text(d, "result"), "complete");
		print_message("    %s\n", ex_json_get_text(d, "resumed"));
		assert_non_null(
		    strstr(ex_json_get_text(d, "resumed"), "goes on"));
	}
	ex_json_free(told);
	bench_verified(&bench, image);
	assert_string_equal(bench_state(&bench, a->item), "OPENED");
	assert_int_equal(bench_files(bench_house(&bench, "pending")), 0);
}

/* The newest entry of an act in the record of an item. */
static const struct ex_event *
entry_of(struct ex_record *r, const char *item, enum ex_act act)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "item:%s", item);
	MUST(ex_record_open(r, bench.desk.house, name, err));
	for (size_t i = r->nentries; i-- > 0;)
		if (ex_record_of_item(r->entry[i], item) &&
		    r->entry[i]->admission.event.act == act)
			return &r->entry[i]->admission.event;
	fail_msg("%s has no such entry", item);
	return NULL;
}

/* What was signed of a pause: how far, and the map of what is not read. */
static void
check_pause(const char *item)
{
	struct ex_record r;
	const struct ex_event *e = entry_of(&r, item, EX_ACT_ACQUIRE_PAUSE);
	int64_t done = ex_json_get_int(e->fields, "bytes_read", -1);
	const struct ex_json *map = ex_json_get(e->fields, "bad_ranges");
	const struct ex_json *rest = ex_json_at(map, 0);

	assert_int_equal(
	    ex_json_get_int(e->fields, "bytes_expected", -1), BENCH_BYTES);
	assert_true(done > BENCH_BYTES / 2 && done < BENCH_BYTES);
	assert_int_equal(ex_json_count(map), 1);
	assert_string_equal(ex_json_get_text(rest, "status"), "skipped");
	assert_int_equal(ex_json_get_int(rest, "lba", -1) * 512, done);
	assert_int_equal((ex_json_get_int(rest, "lba", -1) +
			     ex_json_get_int(rest, "count", -1)) *
			     512,
	    BENCH_BYTES);
	ex_record_free(&r);
}

static void
check_end(const char *item, int resumes)
{
	struct ex_record r;
	const struct ex_event *e = entry_of(&r, item, EX_ACT_ACQUIRE_END);
	const struct ex_json *set = ex_json_get(e->fields, "settings");

	assert_int_equal(ex_json_get_int(e->fields, "resumes", 0), resumes);
	assert_string_equal(ex_json_get_text(set, "head"), "read_again");
	assert_true(ex_json_get_int(set, "head_bytes", 0) >= MARK);
	ex_record_free(&r);
}

static const char *const formats[] = { "e01", "raw" };

static void
a_clean_stop_is_signed_and_gone_on_with(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char item[16], image[24];
		struct ex_acquire a;
		struct ex_json *told = NULL;
		struct ex_err why = EX_ERR_INIT;
		int status = -1;

		(void)snprintf(item, sizeof(item), "S-%zu", i);
		(void)snprintf(image, sizeof(image), "S-%zu-I1", i);
		bench_disk(&bench, item);
		a = usual(item);
		a.format = formats[i];
		pause_it(&a);
		check_pause(item);
		/* It is not begun anew by accident. */
		assert_int_equal(
		    ex_acquire_run(&told, &status, bench.desk.house, &a, &why),
		    -1);
		assert_int_equal(why.code, EX_STATE);
		assert_non_null(strstr(why.text, "--resume"));
		a = resumption(item);
		pause_it(&a);
		a = resumption(item);
		finish(&a, image, 1);
		check_end(item, 2);
		assert_int_equal(bench_count(&bench, item, "acquire_start"), 3);
		assert_int_equal(bench_count(&bench, item, "acquire_pause"), 2);
		assert_int_equal(bench_count(&bench, item, "acquire_end"), 1);
	}
}

static void
a_power_cut_is_gone_on_with_in_every_copy(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const char *to[] = { bench_dir(&bench, i ? "c" : "a"),
			bench_dir(&bench, i ? "d" : "b") };
		char item[16], image[24];
		struct ex_acquire a;

		(void)snprintf(item, sizeof(item), "P-%zu", i);
		(void)snprintf(image, sizeof(image), "P-%zu-I1", i);
		bench_disk(&bench, item);
		a = usual(item);
		a.format = formats[i];
		a.to = to;
		a.nto = 2;
		die(&a);
		assert_string_equal(bench_state(&bench, item), "ACQUIRING");
		a = resumption(item);
		finish(&a, image, 2);
		check_end(item, 1);
		assert_int_equal(bench_files(to[0]), 1);
		assert_int_equal(bench_files(to[1]), 1);
	}
}

/* The medium on the desk is another one, or what was kept is not here. */
static void
another_source_is_refused(void **state)
{
	char path[4096];
	struct ex_acquire a;
	struct ex_json *told = NULL;
	struct ex_err why = EX_ERR_INIT;
	int status = -1;

	(void)state;
	bench_disk(&bench, "X-1");
	a = usual("X-1");
	pause_it(&a);
	a = resumption("X-1");
	(void)snprintf(path, sizeof(path), "%s/other.img", bench.work);
	MUST(ex_file_write(path, "too small", 9, 0444, err));
	a.source = path;
	assert_int_equal(
	    ex_acquire_run(&told, &status, bench.desk.house, &a, &why), -1);
	print_message("    %s\n", why.text);
	assert_int_equal(why.code, EX_STATE);
	assert_non_null(strstr(why.text, "another medium"));
	assert_int_equal(bench_count(&bench, "X-1", "acquire_start"), 1);
	a = resumption("X-1");
	finish(&a, "X-1-I1", 1);

	ex_err_clear(&why);
	a = resumption("X-1");
	assert_int_equal(
	    ex_acquire_run(&told, &status, bench.desk.house, &a, &why), -1);
	print_message("    %s\n", why.text);
	assert_int_equal(why.code, EX_STATE);
	assert_non_null(strstr(why.text, "nothing to resume"));
}

static void
what_is_paused_can_be_abandoned(void **state)
{
	struct ex_acquire a;
	struct ex_json *told;

	(void)state;
	bench_disk(&bench, "A-1");
	a = usual("A-1");
	pause_it(&a);
	assert_int_equal(
	    bench_files(bench_house(&bench, "vault/images/A-1-I1")), 1);
	a = usual("A-1");
	a.source = NULL;
	a.abandon = 1;
	a.reason = "the disk is not wanted any more";
	told = bench_acquire(&bench, &a, 0);
	assert_string_equal(ex_json_get_text(told, "result"), "aborted");
	ex_json_free(told);
	assert_string_equal(bench_state(&bench, "A-1"), "OPENED");
	assert_int_equal(bench_files(bench_house(&bench, "pending")), 0);
	assert_false(
	    ex_file_exists(bench_house(&bench, "vault/images/A-1-I1")));
	/* And then it may be imaged from the beginning. */
	a = usual("A-1");
	ex_json_free(bench_acquire(&bench, &a, 0));
}

/* A power cut; next morning somebody else has the disk. */
static void
another_examiner_goes_on(void **state)
{
	struct ex_acquire a;
	struct ex_json *told = NULL;
	struct ex_err why = EX_ERR_INIT;
	int status = -1;

	(void)state;
	bench_disk(&bench, "M-1");
	desk_person(&bench.desk, "second", "examiner");
	desk_person(&bench.desk, "head", "lab_head");
	desk_seat(&bench.desk, "examiner", NULL);
	a = usual("M-1");
	die(&a);
	desk_seat(&bench.desk, "second", NULL);
	a = resumption("M-1");
	assert_int_equal(
	    ex_acquire_run(&told, &status, bench.desk.house, &a, &why), -1);
	print_message("    %s\n", why.text);
	assert_int_equal(why.code, EX_DENIED);
	bench_custody(&bench, "take-over", "M-1", "second", "head", "seal",
	    "none", "seal_state", "none", "condition", "on the bench, cold",
	    "reason", "the examiner is ill", NULL);
	desk_seat(&bench.desk, "second", NULL);
	assert_string_equal(bench_state(&bench, "M-1"), "ACQUIRING");
	a = resumption("M-1");
	finish(&a, "M-1-I1", 1);
	desk_seat(&bench.desk, "examiner", NULL);
}

/* How many findings of a code an item has that nobody has answered. */
static size_t
findings(const char *item, const char *code)
{
	struct ex_json *v = NULL;
	const struct ex_json *list;
	size_t n = 0;
	int status;

	MUST(ex_continuity_run(&v, &status, bench.desk.house, item, 0, err));
	list = ex_json_get(v, "findings");
	for (size_t i = 0; i < ex_json_count(list); i++)
		n += strcmp(ex_json_get_text(ex_json_at(list, i), "code"),
			 code) == 0;
	ex_json_free(v);
	return n;
}

/* 03:00, and nobody can give a PIN. */
static void
the_station_signs_and_she_confirms(void **state)
{
	struct ex_acquire a;
	struct ex_json *told;
	char leaf[65];
	struct ex_record r;

	(void)state;
	bench_disk(&bench, "N-1");
	desk_seat(&bench.desk, "examiner", NULL);
	MUST(desk_lab(
	    &bench.desk, EX_ACT_DELEGATE, err, "station", "station", NULL));
	a = usual("N-1");
	refuse_pin = 2; /* the first is acquire_start */
	told = bench_acquire(&bench, &a, 0);
	assert_string_equal(ex_json_get_text(told, "result"), "complete");
	(void)snprintf(
	    leaf, sizeof(leaf), "%s", ex_json_get_text(told, "event"));
	ex_json_free(told);
	assert_int_equal(refuse_pin, 0);
	(void)entry_of(&r, "N-1", EX_ACT_ACQUIRE_END);
	ex_record_free(&r);
	bench_verified(&bench, "N-1-I1");
	assert_int_equal(findings("N-1", "unconfirmed"), 1);
	bench_custody(
	    &bench, "confirm", "N-1", "examiner", NULL, "entry", leaf, NULL);
	assert_int_equal(findings("N-1", "unconfirmed"), 0);
	assert_int_equal(bench_files(bench_house(&bench, "pending")), 0);
}

/* A pause that could not be signed is kept, signed later, and gone on with. */
static void
a_pause_waits_for_its_signature(void **state)
{
	struct ex_acquire a;
	struct ex_json *told = NULL;
	struct ex_err why = EX_ERR_INIT;
	int status = -1;
	size_t n = 0;

	(void)state;
	bench_disk(&bench, "W-1");
	/* The delegate of the test before is not hers who has this one. */
	desk_person(&bench.desk, "third", "examiner");
	bench_custody(&bench, "hand-over", "W-1", "examiner", "third", NULL);
	desk_seat(&bench.desk, "third", NULL);
	a = usual("W-1");
	a.progress = stop_halfway;
	refuse_pin = 2;
	assert_int_equal(
	    ex_acquire_run(&told, &status, bench.desk.house, &a, &why), -1);
	print_message("    %s\n", why.text);
	assert_int_equal(why.code, EX_PIN);
	assert_string_equal(bench_state(&bench, "W-1"), "ACQUIRING");
	desk_again(&bench.desk);
	MUST(ex_acquire_finish(&n, bench.desk.house, NULL, err));
	assert_int_equal(n, 1);
	assert_string_equal(bench_state(&bench, "W-1"), "OPENED");
	assert_int_equal(bench_count(&bench, "W-1", "acquire_pause"), 1);
	a = resumption("W-1");
	finish(&a, "W-1-I1", 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clean_stop_is_signed_and_gone_on_with),
		cmocka_unit_test(a_power_cut_is_gone_on_with_in_every_copy),
		cmocka_unit_test(another_source_is_refused),
		cmocka_unit_test(what_is_paused_can_be_abandoned),
		cmocka_unit_test(another_examiner_goes_on),
		cmocka_unit_test(the_station_signs_and_she_confirms),
		cmocka_unit_test(a_pause_waits_for_its_signature),
	};

	desk_programs();
	return cmocka_run_group_tests(tests, bench_setup, bench_teardown);
}
