/*
 * test_round.c -- the sequencer takes entries, signs, and says where the log
 * ends.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/file.h"
#include "custody/log.h"
#include "custody/world.h"
#include "db/schema.h"
#include "tests/daemons/rig.h"

static void
an_empty_log_takes_its_first_entry(void **state)
{
	struct rig *rig = *state;
	struct rig_entry e;
	struct ex_checkpoint c;

	rig_start(rig, NULL);
	rig_found(rig, &e);
	assert_int_equal(rig_wait(rig, &e), 0);
	rig_checkpoint(rig, &c);
	assert_int_equal(c.size, 1);
	assert_memory_equal(c.root, e.leaf, EX_HASH);
	rig_entry_free(&e);
	assert_int_equal(rig_stop(rig), 0);
}

static void
entries_that_waited_are_taken_at_the_start(void **state)
{
	struct rig *rig = *state;
	struct rig_entry e;

	rig_found(rig, &e);
	rig_start(rig, NULL);
	assert_int_equal(rig_wait(rig, &e), 0);
	rig_entry_free(&e);
}

static void
indexes_have_no_gaps(void **state)
{
	struct rig *rig = *state;

	rig_start(rig, NULL);
	rig_small_log(rig);
	assert_string_equal(
	    bench_value(rig->bench, "SELECT string_agg(index::text, ' ' "
				    "ORDER BY index) FROM exhibit.tree_leaf"),
	    "0 1 2 3 4");
	assert_string_equal(
	    bench_value(rig->bench, "SELECT count(*) FROM exhibit.queue"), "0");
}

/* "SIZE ROOT" as a checkpoint has it. */
static void
show_root(char out[128], const struct ex_checkpoint *c)
{
	char hex[2 * EX_HASH + 1];

	ex_hex(hex, c->root, EX_HASH);
	(void)snprintf(out, 128, "%" PRIu64 " %s\n", c->size, hex);
}

static void
the_signed_root_is_that_of_the_stored_bytes(void **state)
{
	struct rig *rig = *state;
	struct ex_buf out = EX_BUF_INIT;
	struct ex_checkpoint c;
	char want[128];

	rig_start(rig, NULL);
	rig_small_log(rig);
	rig_checkpoint(rig, &c);
	show_root(want, &c);
	rig_recompute(rig, "root", &out);
	assert_string_equal(ex_buf_text(&out), want);
	ex_buf_free(&out);
}

/* Every size that was signed, by any round, has the root of those entries. */
static void
every_note_is_signed_and_continues_the_one_before(void **state)
{
	struct rig *rig = *state;

	rig_start(rig, NULL);
	rig_small_log(rig);
	assert_int_equal(rig_stop(rig), 0);
	rig_start(rig, NULL);
	rig_goes_on(rig, "VAULT-2");
	assert_string_equal(
	    bench_value(rig->bench,
		"SELECT count(*) FROM exhibit.checkpoint WHERE note IS NULL"),
	    "0");
	assert_string_equal(bench_value(rig->bench,
				"SELECT max(size) = 6 FROM exhibit.checkpoint"),
	    "t");
}

/* Wait until a heads entry is there; what the script makes of it. */
static void
wait_for_heads(struct rig *rig, uint64_t size, struct ex_buf *out)
{
	struct ex_checkpoint c = { .size = 0 };

	for (int i = 0; i < 1000 && c.size < size; i++) {
		rig_checkpoint(rig, &c);
		ex_sleep(EX_SECOND / 50);
	}
	assert_int_equal(c.size, size);
	rig_recompute(rig, "heads", out);
}

static void
a_heads_entry_says_where_every_stream_ends(void **state)
{
	struct rig *rig = *state;
	struct ex_conn *conn = bench_conn(rig->bench, "person_" BENCH_ALMA);
	struct ex_buf out = EX_BUF_INIT;

	rig_start(rig, NULL);
	rig_small_log(rig);
	MUST(ex_store_ask_heads(conn, err));
	wait_for_heads(rig, 6, &out);
	/* lab, case and two items; the case's head covers both */
	assert_string_equal(ex_buf_text(&out), "same 5 4\n");
	assert_string_equal(
	    bench_value(rig->bench, "SELECT count(*) FROM exhibit.wish"), "0");
	ex_conn_close(conn);
	ex_buf_free(&out);
}

/* Compare rows with a world that was made from the entries alone. */
struct rebuild {
	struct ex_world *world;
	size_t facts, rows;
};

static int
replay(void *arg, const struct ex_entry_row *row, struct ex_err *err)
{
	static const struct ex_admit_options options = { .skip_seen = 1 };
	struct rebuild *r = arg;
	struct ex_admission a;
	int rc = -1;

	if (ex_admit(&a, row->entry.p, row->entry.n, ex_world_view(r->world),
		&options, err) == 0)
		rc = ex_world_apply(r->world, &a, row->index, err);
	ex_admission_free(&a);
	return rc;
}

static int
count_fact(void *arg, const char *kind, const char *id, const char *case_number,
    const struct ex_json *value, struct ex_err *err)
{
	struct rebuild *r = arg;

	(void)kind;
	(void)id;
	(void)case_number;
	(void)value;
	(void)err;
	r->facts++;
	return 0;
}

static int
compare_row(void *arg, const char *kind, const char *id,
    const char *case_number, struct ex_span value, struct ex_err *err)
{
	struct rebuild *r = arg;
	const struct ex_view *view = ex_world_view(r->world);
	struct ex_buf want = EX_BUF_INIT;
	struct ex_json *v = NULL;

	(void)case_number;
	if (view->get(view->arg, kind, id, &v, err) == -1 || v == NULL ||
	    ex_json_write(&want, v, err) == -1)
		fail_msg("%s %s: no entry gives it", kind, id);
	assert_int_equal(want.len, value.n);
	assert_memory_equal(want.data, value.p, value.n);
	r->rows++;
	ex_buf_free(&want);
	ex_json_free(v);
	return 0;
}

static void
rows_are_what_the_entries_give(void **state)
{
	struct rig *rig = *state;
	struct ex_conn *conn = bench_conn(rig->bench, EX_ROLE_SERVICE);
	struct rebuild r = { NULL, 0, 0 };

	rig_start(rig, NULL);
	rig_small_log(rig);
	MUST(ex_world_new(&r.world, 0, err));
	MUST(ex_store_entries(conn, 0, replay, &r, err));
	MUST(ex_store_facts(conn, NULL, compare_row, &r, err));
	MUST(ex_world_each(r.world, count_fact, &r, err));
	assert_true(r.rows > 10);
	assert_int_equal(r.rows, r.facts);
	ex_world_free(r.world);
	ex_conn_close(conn);
}

static void
a_closed_terminal_does_not_end_it(void **state)
{
	struct rig *rig = *state;
	struct rig_entry e;

	rig_start(rig, NULL);
	assert_int_equal(kill(rig->sequencer, SIGHUP), 0);
	rig_found(rig, &e);
	assert_int_equal(rig_wait(rig, &e), 0);
	rig_entry_free(&e);
}

static void
sigterm_ends_it_cleanly(void **state)
{
	struct rig *rig = *state;
	struct ex_buf text = EX_BUF_INIT;

	rig_start(rig, NULL);
	assert_int_equal(rig_stop(rig), 0);
	MUST(ex_file_read(&text, rig_path(rig, "log/sequencer.pid"), 64, err));
	assert_int_equal(text.len, 0);
	ex_buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(an_empty_log_takes_its_first_entry),
		RIG_TEST(entries_that_waited_are_taken_at_the_start),
		RIG_TEST(indexes_have_no_gaps),
		RIG_TEST(the_signed_root_is_that_of_the_stored_bytes),
		RIG_TEST(every_note_is_signed_and_continues_the_one_before),
		RIG_TEST(a_heads_entry_says_where_every_stream_ends),
		RIG_TEST(rows_are_what_the_entries_give),
		RIG_TEST(a_closed_terminal_does_not_end_it),
		RIG_TEST(sigterm_ends_it_cleanly),
	};

	return cmocka_run_group_tests(tests, rig_group_open, rig_group_close);
}
