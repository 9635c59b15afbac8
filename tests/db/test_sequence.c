/*
 * test_sequence.c -- the sequencer's rows: one place, the queue, and heads
 * that lead on.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "db/schema.h"
#include "db/sequence.h"
#include "tests/db/bench.h"
#include "tests/db/noise.h"

static struct bench bench;
static struct ex_conn *conn; /* of the service */

static int
setup(void **state)
{
	(void)state;
	bench_open(&bench);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	bench_close(&bench);
	return 0;
}

static int
fresh(void **state)
{
	(void)state;
	bench_fresh(&bench);
	conn = bench_conn(&bench, EX_ROLE_SERVICE);
	return 0;
}

static int
done(void **state)
{
	(void)state;
	ex_conn_close(conn);
	return 0;
}

static void
there_is_one_place_and_it_is_free_again(void **state)
{
	struct ex_conn *other = bench_conn(&bench, EX_ROLE_SERVICE);
	struct ex_err why = EX_ERR_INIT;

	(void)state;
	MUST(ex_sequence_lock(conn, err));
	assert_int_equal(ex_sequence_lock(other, &why), -1);
	assert_int_equal(why.code, EX_CONFLICT);
	ex_conn_close(conn);
	for (int i = 0; i < 100 && ex_sequence_lock(other, NULL) == -1; i++)
		ex_sleep(EX_SECOND / 20);
	ex_conn_close(other);
	conn = bench_conn(&bench, EX_ROLE_SERVICE);
}

static void
an_entry_and_a_request_wake_it(void **state)
{
	struct ex_conn *person = bench_conn(&bench, "person_" BENCH_BRUNO);
	struct noise a;
	size_t n;

	(void)state;
	noise_make(&a, "lab:L", 1, NULL, "a");
	MUST(ex_sequence_listen(conn, err));
	noise_put(person, &a);
	assert_int_equal(ex_conn_wait(conn, 20 * EX_SECOND, NULL), 1);
	MUST(ex_store_ask_heads(person, err));
	MUST(ex_store_ask_heads(person, err));
	assert_int_equal(ex_conn_wait(conn, 20 * EX_SECOND, NULL), 1);
	MUST(ex_sequence_asked(conn, &n, err));
	assert_int_equal(n, 2);
	MUST(ex_sequence_asked(conn, &n, err));
	assert_int_equal(n, 0);
	ex_conn_close(person);
}

/* Rows of the queue as they are handed out. */
struct seen {
	char text[256];
	struct ex_queued last; /* its numbers; pointers are gone */
	const char *refuse, *index;
	uint64_t next;
};

/* Give an index to what begins with index, reject what begins with refuse. */
static int
look(void *arg, const struct ex_queued *q, struct ex_err *err)
{
	struct seen *s = arg;
	size_t n = strlen(s->text);

	(void)snprintf(s->text + n, sizeof(s->text) - n, "%s%.*s",
	    n == 0 ? "" : " ", (int)q->entry.n, (const char *)q->entry.p);
	s->last = *q;
	if (s->refuse != NULL && q->entry.n > 0 &&
	    strchr(s->refuse, q->entry.p[0]) != NULL)
		return ex_sequence_reject(conn, q, "denied", "a test", err);
	if (s->index != NULL && q->entry.n > 0 &&
	    strchr(s->index, q->entry.p[0]) != NULL)
		return noise_index(conn, q->id, s->next++, q->leaf, err);
	return 0;
}

static size_t
run_queue(struct seen *s, size_t max)
{
	size_t n = 0;

	s->text[0] = '\0';
	MUST(ex_conn_begin(conn, err));
	MUST(ex_sequence_queue(conn, max, look, s, &n, err));
	MUST(ex_conn_commit(conn, err));
	return n;
}

static void
the_queue_is_first_in_first_out(void **state)
{
	struct seen s = { .text = "" };
	struct noise n[5];
	static const char *const text[] = { "a", "b", "c", "d", "e" };

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		noise_make(
		    &n[i], "lab:L", i + 1, i == 0 ? NULL : &n[i - 1], text[i]);
		noise_put(conn, &n[i]);
	}
	assert_int_equal(run_queue(&s, 3), 3);
	assert_string_equal(s.text, "a b c");
	assert_int_equal(s.last.seq, 3);
	s.index = "ab";
	assert_int_equal(run_queue(&s, 100), 5);
	assert_int_equal(run_queue(&s, 100), 3);
	assert_string_equal(s.text, "c d e");
}

/* "SEQ TEXT": where a stream's head is, by the entry with its leaf. */
static const char *
head(void)
{
	return bench_value(&bench,
	    "SELECT h.seq || ' ' || coalesce((SELECT encode(e.entry, "
	    "'escape') FROM exhibit.entry e WHERE e.leaf = h.leaf), 'none') "
	    "FROM exhibit.head h WHERE stream = 'lab:L'");
}

static void
a_rejected_entry_gives_its_place_back(void **state)
{
	struct seen s = { .index = "a", .refuse = "x" };
	struct ex_entry_status status;
	struct noise a, x, again;

	(void)state;
	noise_make(&a, "lab:L", 1, NULL, "a");
	noise_make(&x, "lab:L", 2, &a, "x");
	noise_make(&again, "lab:L", 2, &a, "b");
	noise_put(conn, &a);
	noise_put(conn, &x);
	assert_string_equal(head(), "2 x");
	assert_int_equal(run_queue(&s, 100), 2);
	assert_string_equal(head(), "1 a");
	MUST(ex_store_status(conn, x.body, &status, err));
	assert_int_equal(status.state, EX_ENTRY_REJECTED);
	assert_string_equal(status.code, "denied");
	assert_string_equal(status.reason, "a test");
	MUST(ex_store_status(conn, a.body, &status, err));
	assert_int_equal(status.state, EX_ENTRY_INCLUDED);
	assert_int_equal(status.index, 0);
	noise_put(conn, &again);
	assert_string_equal(head(), "2 b");
}

static void
the_first_entry_rejected_leaves_an_empty_stream(void **state)
{
	struct seen s = { .refuse = "x" };
	struct noise x, again;

	(void)state;
	noise_make(&x, "lab:L", 1, NULL, "x");
	noise_make(&again, "lab:L", 1, NULL, "a");
	noise_put(conn, &x);
	assert_int_equal(run_queue(&s, 100), 1);
	assert_string_equal(head(), "0 none");
	noise_put(conn, &again);
	assert_string_equal(head(), "1 a");
}

/*
 * y continued x, which was rejected; meanwhile b took x's place.  When y is
 * rejected too, b must not lose the head.
 */
static void
what_waits_behind_the_last_good_one_keeps_the_head(void **state)
{
	struct seen s = { .index = "a", .refuse = "x" };
	struct noise a, x, y, b, c;

	(void)state;
	noise_make(&a, "lab:L", 1, NULL, "a");
	noise_make(&x, "lab:L", 2, &a, "x");
	noise_make(&y, "lab:L", 3, &x, "y");
	noise_make(&b, "lab:L", 2, &a, "b");
	noise_make(&c, "lab:L", 3, &b, "c");
	noise_put(conn, &a);
	noise_put(conn, &x);
	noise_put(conn, &y);
	assert_int_equal(run_queue(&s, 2), 2);
	assert_string_equal(head(), "1 a");
	noise_put(conn, &b);
	noise_put(conn, &c);
	s.refuse = "y";
	s.index = "";
	assert_int_equal(run_queue(&s, 100), 3);
	assert_string_equal(head(), "3 c");
}

/* Heads as somebody with all rights may leave them. */
static const struct {
	const char *sql, *head;
	size_t mended;
} heads[] = {
	{ "SELECT 1", "2 b", 0 },
	{ "UPDATE exhibit.head SET seq = 99", "2 b", 1 },
	{ "UPDATE exhibit.head SET leaf = sha256('z')", "2 b", 1 },
	{ "UPDATE exhibit.head SET seq = 0, leaf = decode(repeat('00', 32), "
	  "'hex')",
	    "2 b", 1 },
};

static void
a_head_that_leads_nowhere_is_mended(void **state)
{
	struct seen s = { .index = "a" };
	struct noise a, b;
	size_t n;

	(void)state;
	noise_make(&a, "lab:L", 1, NULL, "a");
	noise_make(&b, "lab:L", 2, &a, "b");
	noise_put(conn, &a);
	noise_put(conn, &b);
	(void)run_queue(&s, 1);
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		bench_sql(&bench, heads[i].sql);
		MUST(ex_conn_begin(conn, err));
		MUST(ex_sequence_mend(conn, &n, err));
		MUST(ex_conn_commit(conn, err));
		assert_int_equal(n, heads[i].mended);
		assert_string_equal(head(), heads[i].head);
	}
}

static void
an_index_is_given_to_what_waits_and_once(void **state)
{
	struct seen s = { .text = "" };
	struct ex_err why = EX_ERR_INIT;
	struct noise a;

	(void)state;
	noise_make(&a, "lab:L", 1, NULL, "a");
	noise_put(conn, &a);
	(void)run_queue(&s, 1);
	assert_int_equal(noise_index(conn, s.last.id + 1, 0, a.leaf, &why), -1);
	assert_int_equal(why.code, EX_DAMAGED);
	MUST(noise_index(conn, s.last.id, 0, a.leaf, err));
	ex_err_clear(&why);
	assert_int_equal(noise_index(conn, s.last.id, 1, a.leaf, &why), -1);
	assert_int_equal(why.code, EX_EXISTS);
}

static void
a_checkpoint_gets_one_note(void **state)
{
	uint8_t root[EX_HASH], have[EX_HASH];
	struct ex_err why = EX_ERR_INIT;
	uint64_t size = 0;
	int is_signed = -1;

	(void)state;
	ex_sha256(root, "r", 1);
	assert_int_equal(
	    ex_sequence_newest(conn, &size, have, &is_signed, &why), -1);
	assert_int_equal(why.code, EX_ABSENT);
	MUST(ex_sequence_checkpoint(conn, 7, root, err));
	MUST(ex_sequence_newest(conn, &size, have, &is_signed, err));
	assert_int_equal(size, 7);
	assert_int_equal(is_signed, 0);
	assert_memory_equal(have, root, EX_HASH);
	MUST(ex_sequence_note(conn, 7, "a note", 6, err));
	MUST(ex_sequence_newest(conn, &size, have, &is_signed, err));
	assert_int_equal(is_signed, 1);
	/* no other, and none for what is not there */
	ex_err_clear(&why);
	assert_int_equal(ex_sequence_note(conn, 7, "b note", 6, &why), -1);
	assert_int_equal(why.code, EX_DAMAGED);
	ex_err_clear(&why);
	assert_int_equal(ex_sequence_note(conn, 8, "a note", 6, &why), -1);
	assert_int_equal(why.code, EX_DAMAGED);
	ex_err_clear(&why);
	assert_int_equal(ex_sequence_checkpoint(conn, 7, root, &why), -1);
	assert_int_equal(why.code, EX_EXISTS);
}

#define FRESH(f) cmocka_unit_test_setup_teardown(f, fresh, done)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(there_is_one_place_and_it_is_free_again),
		FRESH(an_entry_and_a_request_wake_it),
		FRESH(the_queue_is_first_in_first_out),
		FRESH(a_rejected_entry_gives_its_place_back),
		FRESH(the_first_entry_rejected_leaves_an_empty_stream),
		FRESH(what_waits_behind_the_last_good_one_keeps_the_head),
		FRESH(a_head_that_leads_nowhere_is_mended),
		FRESH(an_index_is_given_to_what_waits_and_once),
		FRESH(a_checkpoint_gets_one_note),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
