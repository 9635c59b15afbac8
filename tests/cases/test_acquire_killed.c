/*
 * test_acquire_killed.c -- an imaging run that dies between any two of its
 * steps, and what the next one makes of it.
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

#include "base/file.h"
#include "base/proc.h"
#include "cases/acquire_parts.h"
#include "cases/act_parts.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
	NOT_KILLED = 99, /* exit status of a run that came to its end */
	START = 1,	 /* the first act of a run is acquire_start, */
	END = 2		 /* the second acquire_end with its image */
};

/* Where a run dies: at the which-th call of a step, before or behind it. */
enum step {
	WORK,  /* its file of work is there */
	SIGN,  /* an act is signed */
	SPOOL, /* and spooled */
	APPEND,
	AWAIT,
	READ, /* the source, in the middle of it */
	IMAGE,
	READ_BACK,
	KEEP, /* what came of it is in DIR/pending */
	FINISH,
	SETTLE,
	REMOVE
};

static struct {
	int armed, behind, which;
	enum step step;
	int calls;
	int stop; /* SIGSTOP instead */
} doom;

static void
meet(enum step step, int behind)
{
	if (!doom.armed || doom.step != step || doom.behind != behind ||
	    ++doom.calls != doom.which)
		return;
	(void)kill(getpid(), doom.stop ? SIGSTOP : SIGKILL);
}

#define DOOMED(step, name, parameters, arguments) \
	int __real_##name parameters;             \
	int __wrap_##name parameters;             \
	int __wrap_##name parameters              \
	{                                         \
		int rc;                           \
                                                  \
		meet(step, 0);                    \
		rc = __real_##name arguments;     \
		meet(step, 1);                    \
		return rc;                        \
	}

DOOMED(WORK, ex_acquiring_begin, (struct ex_acquiring * q, struct ex_err *err),
    (q, err))
DOOMED(SPOOL, ex_spool_write, (struct ex_act_job * job, struct ex_err *err),
    (job, err))
DOOMED(APPEND, ex_act_append, (struct ex_act_job * job, struct ex_err *err),
    (job, err))
DOOMED(AWAIT, ex_act_await, (struct ex_act_job * job, struct ex_err *err),
    (job, err))
DOOMED(IMAGE, ex_imaging_run,
    (struct ex_imaging_outcome * out, const struct ex_imaging *job,
	struct ex_err *err),
    (out, job, err))
DOOMED(READ_BACK, ex_reading_verify,
    (struct ex_verdict * out, const struct ex_reading *r, struct ex_err *err),
    (out, r, err))
DOOMED(KEEP, ex_acquired_write,
    (struct ex_acquiring * q, char file[EX_PATH], struct ex_err *err),
    (q, file, err))
DOOMED(FINISH, ex_acquired_finish,
    (struct ex_house * house, const char *file, uint8_t event[EX_HASH],
	struct ex_err *err),
    (house, file, event, err))
DOOMED(SETTLE, ex_acquiring_settle,
    (struct ex_house * house, const char *image, int lock, struct ex_err *err),
    (house, image, lock, err))
DOOMED(REMOVE, ex_acquired_remove,
    (struct ex_house * house, const char *file, const char *image, int lock,
	struct ex_err *err),
    (house, file, image, lock, err))

static int refuse_pin; /* the which-th signing fails */

int __real_ex_act_sign(struct ex_act_job *job, struct ex_err *err);
int __wrap_ex_act_sign(struct ex_act_job *job, struct ex_err *err);

int
__wrap_ex_act_sign(struct ex_act_job *job, struct ex_err *err)
{
	int rc;

	if (refuse_pin > 0 && --refuse_pin == 0)
		return ex_fail(err, EX_PIN, "wrong PIN of key \"examiner\"");
	meet(SIGN, 0);
	rc = __real_ex_act_sign(job, err);
	meet(SIGN, 1);
	return rc;
}

static void
die_halfway(void *arg, const char *phase, uint64_t done, uint64_t total)
{
	(void)arg;
	if (strcmp(phase, "acquire") == 0 && done > total / 2)
		meet(READ, 0);
}

/* Another run of the program, in a child; how it ended, or -1: stopped. */
static int
run(const struct ex_acquire *a, pid_t *stopped)
{
	struct ex_err err = EX_ERR_INIT;
	int status;
	pid_t pid;

	ex_house_close(bench.desk.house);
	bench.desk.house = NULL;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct ex_json *told = NULL;
		int rc = 1;

		doom.armed = 1;
		if (ex_house_open(&bench.desk.house, bench.desk.dir, &err) == 0)
			ex_house_seat(bench.desk.house, &bench.desk.seats);
		if (ex_acquire_run(&told, &rc, bench.desk.house, a, &err) == -1)
			(void)fprintf(stderr, "    %s\n", err.text);
		_exit(NOT_KILLED);
	}
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	desk_again(&bench.desk);
	if (WIFSTOPPED(status)) {
		*stopped = pid;
		return -1;
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

/* What is then the case. */
enum after {
	NOTHING,  /* no entry stands; imaging may begin anew */
	BEGUN,	  /* it is being imaged; to be abandoned */
	FINISHED, /* the image is there when it was finished */
};

static const struct death {
	const char *when;
	enum step step;
	int behind, which;
	enum after after;
} deaths[] = {
	{ "before its file of work", WORK, 0, 1, NOTHING },
	{ "before the start is signed", WORK, 1, 1, NOTHING },
	{ "with the start signed", SIGN, 1, START, NOTHING },
	{ "with the start spooled", SPOOL, 1, START, BEGUN },
	{ "with the start sent", APPEND, 1, START, BEGUN },
	{ "before the first byte", IMAGE, 0, 1, BEGUN },
	{ "in the middle of reading", READ, 0, 1, BEGUN },
	{ "with all of it read", IMAGE, 1, 1, BEGUN },
	{ "with all of it read back", READ_BACK, 1, 1, BEGUN },
	{ "before the outcome is kept", KEEP, 0, 1, BEGUN },
	{ "with the outcome kept", KEEP, 1, 1, FINISHED },
	{ "with the end signed", SIGN, 1, END, FINISHED },
	{ "with the end spooled", SPOOL, 1, END, FINISHED },
	{ "with the end sent", APPEND, 1, END, FINISHED },
	{ "with the end in the log", AWAIT, 1, END, FINISHED },
	{ "with all done but the tidying", FINISH, 1, 1, FINISHED },
	{ "in the middle of the tidying", SETTLE, 1, 1, FINISHED },
	{ "with everything done", REMOVE, 1, 1, FINISHED },
};

/* Nothing of an acquisition is left on the way. */
static void
assert_tidy(void)
{
	assert_int_equal(bench_files(bench_house(&bench, "pending")), 0);
}

/* As `exhibit pending` does it. */
static void
finish_pending(void)
{
	struct ex_json *told = NULL;
	int status = 0;
	size_t n;

	MUST(ex_pending_finish(&told, &status, bench.desk.house, err));
	assert_int_equal(status, 0); /* nothing was lost */
	ex_json_free(told);
	MUST(ex_acquire_finish(&n, bench.desk.house, NULL, err));
}

/* Begin anew: it is refused as long as the old one is not ended. */
static void
abandon(const char *item, const char *dir)
{
	struct ex_acquire a = bench_request(&bench, item);
	struct ex_err why = EX_ERR_INIT;
	struct ex_json *told = NULL;
	int status = -1;

	assert_string_equal(bench_state(&bench, item), "ACQUIRING");
	assert_int_equal(
	    ex_acquire_run(&told, &status, bench.desk.house, &a, &why), -1);
	assert_int_equal(why.code, EX_STATE);
	assert_non_null(strstr(why.text, "--abandon"));
	a.source = NULL;
	a.abandon = 1;
	a.reason = "the run died";
	MUST(ex_acquire_run(&told, &status, bench.desk.house, &a, err));
	assert_int_equal(status, 0);
	assert_string_equal(ex_json_get_text(told, "result"), "aborted");
	ex_json_free(told);
	assert_string_equal(bench_state(&bench, item), "OPENED");
	if (dir != NULL)
		assert_int_equal(bench_files(dir), 0);
}

static void
image_anew(const char *item, const char *image)
{
	struct ex_acquire a = bench_request(&bench, item);
	struct ex_json *told = bench_acquire(&bench, &a, 0);

	assert_string_equal(ex_json_get_text(told, "image"), image);
	ex_json_free(told);
	bench_verified(&bench, image);
}

static void
die(const struct death *d, const char *item, const char *to)
{
	struct ex_acquire a = bench_request(&bench, item);
	pid_t stopped;

	a.progress = die_halfway;
	a.to = &to;
	a.nto = to == NULL ? 0 : 1;
	memset(&doom, 0, sizeof(doom));
	doom.step = d->step;
	doom.behind = d->behind;
	doom.which = d->which;
	assert_int_equal(run(&a, &stopped), 128 + SIGKILL);
}

/* What was in the log before, and is to be there afterwards. */
struct counted {
	int start, end;
};

static struct counted
counted(const char *item)
{
	struct counted c = { bench_count(&bench, item, "acquire_start"),
		bench_count(&bench, item, "acquire_end") };

	return c;
}

static void
wherever_it_dies_nothing_is_lost_and_nothing_stays(void **state)
{
	(void)state;
	bench_disk(&bench, "K-1");
	for (size_t i = 0; i < COUNT(deaths); i++) {
		const struct death *d = &deaths[i];
		struct counted before = counted("K-1"), after;
		char image[24], dir[64];

		print_message("  %s\n", d->when);
		(void)snprintf(image, sizeof(image), "K-1-I%zu", i + 1);
		(void)snprintf(dir, sizeof(dir), "vault/images/%s", image);
		die(d, "K-1", NULL);
		finish_pending();
		if (d->after == BEGUN)
			abandon("K-1", bench_house(&bench, dir));
		if (d->after != FINISHED)
			image_anew("K-1", image);
		else
			bench_verified(&bench, image);
		assert_string_equal(bench_state(&bench, "K-1"), "OPENED");
		after = counted("K-1");
		assert_int_equal(
		    after.start - before.start, d->after == BEGUN ? 2 : 1);
		assert_int_equal(
		    after.end - before.end, d->after == BEGUN ? 2 : 1);
		assert_int_equal(bench_count(&bench, image, "create"), 1);
		assert_tidy();
	}
}

/* The next acquire of the item finishes it too, without `exhibit pending`. */
static void
the_next_run_finishes_what_was_kept(void **state)
{
	static const struct death spooled = { "", SPOOL, 1, END, FINISHED };

	(void)state;
	bench_disk(&bench, "N-1");
	die(&spooled, "N-1", NULL);
	image_anew("N-1", "N-1-I2");
	assert_int_equal(bench_count(&bench, "N-1", "acquire_end"), 2);
	assert_int_equal(bench_count(&bench, "N-1-I1", "create"), 1);
	bench_verified(&bench, "N-1-I1");
	assert_tidy();
}

/* In other folders only what the run made goes; what lies beside it stays. */
static void
beside_the_remains_nothing_is_touched(void **state)
{
	static const struct death late = { "", IMAGE, 1, 1, BEGUN };
	static const struct death early = { "", READ, 0, 1, BEGUN };
	const char *to = bench_dir(&bench, "copies");
	char keep[EX_PATH];

	(void)state;
	bench_disk(&bench, "O-1");
	(void)snprintf(keep, sizeof(keep), "%s/O-1-I10.E01", to);
	MUST(ex_file_write(keep, "kept", 4, 0444, err));
	die(&early, "O-1", to);
	assert_int_equal(bench_files(to), 2);
	abandon("O-1", NULL);
	assert_int_equal(bench_files(to), 1);
	bench_disk(&bench, "O-2");
	die(&late, "O-2", to);
	/* Whole, and its journal until it is signed. */
	assert_int_equal(bench_files(to), 3);
	abandon("O-2", NULL);
	assert_int_equal(bench_files(to), 1);
	assert_true(ex_file_exists(keep));
	assert_tidy();
}

/* Hours of reading, and then the PIN is wrong. */
static void
a_wrong_pin_at_the_end_loses_nothing(void **state)
{
	struct ex_acquire a = bench_request(&bench, "P-1");
	struct ex_err why = EX_ERR_INIT;
	struct ex_json *told = NULL;
	int status = -1;
	size_t n = 0;

	(void)state;
	bench_disk(&bench, "P-1");
	refuse_pin = END;
	assert_int_equal(
	    ex_acquire_run(&told, &status, bench.desk.house, &a, &why), -1);
	print_message("    %s\n", why.text);
	assert_int_equal(why.code, EX_PIN);
	assert_non_null(strstr(why.text, "exhibit pending"));
	assert_null(told);
	assert_string_equal(bench_state(&bench, "P-1"), "ACQUIRING");
	desk_again(&bench.desk);
	MUST(ex_acquire_finish(&n, bench.desk.house, NULL, err));
	assert_int_equal(n, 1);
	assert_string_equal(bench_state(&bench, "P-1"), "OPENED");
	bench_verified(&bench, "P-1-I1");
	assert_tidy();
}

static void
a_wrong_pin_at_the_start_begins_nothing(void **state)
{
	struct ex_acquire a = bench_request(&bench, "P-1");
	struct ex_err why = EX_ERR_INIT;
	struct ex_json *told = NULL;
	int status = -1;

	(void)state;
	refuse_pin = START;
	assert_int_equal(
	    ex_acquire_run(&told, &status, bench.desk.house, &a, &why), -1);
	assert_int_equal(why.code, EX_PIN);
	assert_string_equal(bench_state(&bench, "P-1"), "OPENED");
	assert_tidy();
	assert_false(
	    ex_file_exists(bench_house(&bench, "vault/images/P-1-I2")));
}

/* Somebody else at the same item, while the first is still at work. */
static void
a_living_run_is_left_alone(void **state)
{
	struct ex_acquire a = bench_request(&bench, "L-1");
	struct ex_err why = EX_ERR_INIT;
	struct ex_json *told = NULL;
	pid_t pid = -1;
	int status = -1;
	size_t n = 0;

	(void)state;
	bench_disk(&bench, "L-1");
	a.progress = die_halfway;
	memset(&doom, 0, sizeof(doom));
	doom.step = READ;
	doom.which = 1;
	doom.stop = 1;
	assert_int_equal(run(&a, &pid), -1);
	for (int abandoned = 0; abandoned < 2; abandoned++) {
		a.abandon = abandoned;
		a.source = abandoned ? NULL : bench.medium;
		ex_err_clear(&why);
		assert_int_equal(
		    ex_acquire_run(&told, &status, bench.desk.house, &a, &why),
		    -1);
		print_message("    %s\n", why.text);
		assert_int_equal(why.code, EX_CONFLICT);
	}
	MUST(ex_acquire_finish(&n, bench.desk.house, NULL, err));
	assert_int_equal(n, 0);
	/* It goes on as if nothing had been. */
	assert_int_equal(kill(pid, SIGCONT), 0);
	MUST(ex_proc_wait(pid, 120 * INT64_C(1000000), &status, err));
	assert_int_equal(status, NOT_KILLED);
	assert_string_equal(bench_state(&bench, "L-1"), "OPENED");
	bench_verified(&bench, "L-1-I1");
	assert_tidy();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    wherever_it_dies_nothing_is_lost_and_nothing_stays),
		cmocka_unit_test(the_next_run_finishes_what_was_kept),
		cmocka_unit_test(beside_the_remains_nothing_is_touched),
		cmocka_unit_test(a_wrong_pin_at_the_end_loses_nothing),
		cmocka_unit_test(a_wrong_pin_at_the_start_begins_nothing),
		cmocka_unit_test(a_living_run_is_left_alone),
	};

	desk_programs();
	return cmocka_run_group_tests(tests, bench_setup, bench_teardown);
}
