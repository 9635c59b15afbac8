/*
 * test_kill.c -- killed between any two steps of its order, the sequencer
 * loses nothing that was acknowledged and signs nothing else afterwards.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "custody/log.h"
#include "daemons/fault.h"
#include "db/schema.h"
#include "tests/daemons/rig.h"

/* The places in their order, and what is durable when it dies there. */
static const struct {
	const char *place;
	int indexed, stored, noted;
	int again; /* a second one comes to the same place */
} steps[] = {
	{ EX_FAULT_ADMITTED, 0, 0, 0, 1 },
	{ EX_FAULT_INDEXED, 1, 0, 0, 0 },
	{ EX_FAULT_STORED, 1, 1, 0, 1 },
	{ EX_FAULT_SIGNED, 1, 1, 0, 1 },
	{ EX_FAULT_NOTED, 1, 1, 1, 0 },
};

enum {
	STEPS = sizeof(steps) / sizeof(steps[0]),
	KILLED = 128 + SIGKILL
};

/* The size in the store outside PostgreSQL; 0 without one. */
static uint64_t
stored_size(const struct rig *rig)
{
	struct ex_checkpoint c = { .size = 0 };
	struct ex_buf text = EX_BUF_INIT;
	struct ex_span span;

	if (ex_file_read(
		&text, rig_path(rig, "log/outside"), EX_NOTE_MAX, NULL) == 0) {
		span.p = text.data;
		span.n = text.len;
		MUST(ex_checkpoint_read(&c, span, err));
	}
	ex_buf_free(&text);
	return c.size;
}

static uint64_t
number(const struct rig *rig, const char *sql)
{
	return strtoull(bench_value(rig->bench, sql), NULL, 10);
}

static uint64_t
indexed(const struct rig *rig)
{
	return number(rig, "SELECT count(*) FROM exhibit.tree_leaf");
}

static uint64_t
noted(const struct rig *rig)
{
	return number(rig, "SELECT coalesce(max(size), 0) FROM "
			   "exhibit.checkpoint WHERE note IS NOT NULL");
}

/* The note in the database is the only one that the key can make. */
static void
check_note(const struct rig *rig)
{
	struct ex_conn *conn = bench_conn(rig->bench, EX_ROLE_SERVICE);
	struct ex_buf have = EX_BUF_INIT, want = EX_BUF_INIT;
	struct ex_buf text = EX_BUF_INIT;
	struct ex_checkpoint c;

	rig_checkpoint(rig, &c);
	MUST(ex_store_checkpoint(conn, &have, NULL, err));
	MUST(ex_checkpoint_text(&text, &c, err));
	MUST(ex_note_sign(
	    &want, text.data, text.len, RIG_ORIGIN, rig->log_key, err));
	assert_int_equal(have.len, want.len);
	assert_memory_equal(have.data, want.data, want.len);
	ex_buf_free(&have);
	ex_buf_free(&want);
	ex_buf_free(&text);
	ex_conn_close(conn);
}

/* The log of this size, recomputed, is the one that is signed. */
static void
check_log(const struct rig *rig, uint64_t size)
{
	struct ex_buf out = EX_BUF_INIT;
	struct ex_checkpoint c;
	char want[160], hex[2 * EX_HASH + 1];

	rig_checkpoint(rig, &c);
	assert_int_equal(c.size, size);
	assert_int_equal(stored_size(rig), size);
	assert_int_equal(indexed(rig), size);
	for (size_t i = 0; i < EX_HASH; i++)
		(void)snprintf(&hex[2 * i], 3, "%02x", c.root[i]);
	(void)snprintf(want, sizeof(want), "%u %s\n", (unsigned)size, hex);
	rig_recompute(rig, "root", &out);
	assert_string_equal(ex_buf_text(&out), want);
	check_note(rig);
	ex_buf_free(&out);
}

/* What was durable when it died at this step, on top of size entries. */
static void
check_left(const struct rig *rig, size_t step, uint64_t size)
{
	assert_int_equal(indexed(rig), size + (unsigned)steps[step].indexed);
	assert_int_equal(stored_size(rig), size + (unsigned)steps[step].stored);
	assert_int_equal(noted(rig), size + (unsigned)steps[step].noted);
}

static void
the_first_entry_survives_a_kill_at_every_step(void **state)
{
	struct rig *rig = *state;

	for (size_t i = 0; i < STEPS; i++) {
		struct rig_entry e;

		if (i > 0) {
			rig_close(rig);
			rig_open(rig, rig->bench);
		}
		rig_found(rig, &e);
		rig_start(rig, steps[i].place);
		assert_int_equal(rig_end(rig), KILLED);
		check_left(rig, i, 0);
		rig_start(rig, NULL);
		assert_int_equal(rig_wait(rig, &e), 0);
		check_log(rig, 1);
		rig_entry_free(&e);
	}
}

static void
a_later_entry_survives_a_kill_at_every_step(void **state)
{
	struct rig *rig = *state;
	uint64_t size = 5;

	rig_start(rig, NULL);
	rig_small_log(rig);
	for (size_t i = 0; i < STEPS; i++) {
		struct rig_entry e;
		char place[16];

		assert_int_equal(rig_stop(rig), 0);
		(void)snprintf(place, sizeof(place), "V-%zu", i);
		rig_location(rig, &e, place);
		rig_start(rig, steps[i].place);
		assert_int_equal(rig_end(rig), KILLED);
		check_left(rig, i, size);
		rig_start(rig, NULL);
		assert_int_equal(rig_wait(rig, &e), size);
		check_log(rig, ++size);
		rig_entry_free(&e);
	}
	rig_goes_on(rig, "V-LAST");
}

static void
killed_again_at_the_same_step_it_still_comes_back(void **state)
{
	struct rig *rig = *state;

	for (size_t i = 0; i < STEPS; i++) {
		struct rig_entry e;

		if (i > 0) {
			rig_close(rig);
			rig_open(rig, rig->bench);
		}
		rig_found(rig, &e);
		for (int n = steps[i].again ? 3 : 1; n > 0; n--) {
			rig_start(rig, steps[i].place);
			assert_int_equal(rig_end(rig), KILLED);
		}
		rig_start(rig, NULL);
		assert_int_equal(rig_wait(rig, &e), 0);
		check_log(rig, 1);
		rig_entry_free(&e);
	}
}

static void
a_kill_at_any_moment_loses_nothing(void **state)
{
	struct rig *rig = *state;
	struct rig_entry e[12];

	rig_start(rig, NULL);
	rig_small_log(rig);
	for (size_t i = 0; i < 12; i++) {
		char place[16];

		(void)snprintf(place, sizeof(place), "K-%zu", i);
		rig_location(rig, &e[i], place);
		/* from at once to a round and a half later */
		ex_sleep((int64_t)i * EX_SECOND / 80);
		assert_int_equal(kill(rig->sequencer, SIGKILL), 0);
		assert_int_equal(rig_end(rig), KILLED);
		rig_start(rig, NULL);
	}
	for (size_t i = 0; i < 12; i++) {
		assert_int_equal(rig_wait(rig, &e[i]), 5 + i);
		rig_entry_free(&e[i]);
	}
	check_log(rig, 17);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(the_first_entry_survives_a_kill_at_every_step),
		RIG_TEST(a_later_entry_survives_a_kill_at_every_step),
		RIG_TEST(killed_again_at_the_same_step_it_still_comes_back),
		RIG_TEST(a_kill_at_any_moment_loses_nothing),
	};

	return cmocka_run_group_tests(tests, rig_group_open, rig_group_close);
}
