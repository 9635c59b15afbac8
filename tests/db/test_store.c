/*
 * test_store.c -- what was put in comes out, in order, over many pages.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "db/schema.h"
#include "db/sequence.h"
#include "tests/db/bench.h"
#include "tests/db/noise.h"

enum {
	MANY = 600 /* more than two pages of anything */
};

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

static int
give_index(void *arg, const struct ex_queued *q, struct ex_err *err)
{
	uint64_t *next = arg;

	return noise_index(conn, q->id, (*next)++, q->leaf, err);
}

/* n entries, the even ones of one stream, the odd ones of another. */
static void
put_entries(size_t n)
{
	struct noise made[2];
	uint64_t next = 0;
	size_t taken;

	MUST(ex_conn_begin(conn, err));
	for (size_t i = 0; i < n; i++) {
		struct noise *one = &made[i % 2], before = *one;
		char text[32];

		(void)snprintf(text, sizeof(text), "entry %zu", i);
		noise_make(one, i % 2 == 0 ? "item:EVEN" : "item:ODD",
		    i / 2 + 1, i < 2 ? NULL : &before, text);
		one->row.stream = &one->stream;
		noise_put(conn, one);
	}
	MUST(ex_sequence_queue(conn, n, give_index, &next, &taken, err));
	MUST(ex_conn_commit(conn, err));
	assert_int_equal(taken, n);
}

struct reading {
	uint64_t next, step, from;
	size_t n;
};

static int
read_entry(void *arg, const struct ex_entry_row *row, struct ex_err *err)
{
	struct reading *r = arg;
	char text[32];

	(void)err;
	assert_int_equal(row->index, r->next);
	(void)snprintf(text, sizeof(text), "entry %u", (unsigned)r->next);
	assert_int_equal(row->entry.n, strlen(text));
	assert_memory_equal(row->entry.p, text, strlen(text));
	assert_int_equal(row->seq, r->next / 2 + 1);
	assert_string_equal(
	    row->stream, r->next % 2 == 0 ? "item:EVEN" : "item:ODD");
	assert_int_equal(row->openings.n, strlen("openings"));
	assert_true(row->recorded_at > ex_now() - 3600 * EX_SECOND);
	assert_true(row->recorded_at < ex_now() + 3600 * EX_SECOND);
	r->next += r->step;
	r->n++;
	return 0;
}

static void
entries_come_in_order_and_complete(void **state)
{
	struct ex_stream stream;
	struct ex_err why = EX_ERR_INIT;
	struct reading r = { 0, 1, 0, 0 };

	(void)state;
	put_entries(MANY);
	MUST(ex_store_entries(conn, 0, read_entry, &r, err));
	assert_int_equal(r.n, MANY);
	r = (struct reading){ 500, 1, 0, 0 };
	MUST(ex_store_entries(conn, 500, read_entry, &r, err));
	assert_int_equal(r.n, 100);
	r = (struct reading){ 1, 2, 0, 0 };
	MUST(ex_stream_read(&stream, "item:ODD", err));
	MUST(ex_store_stream(conn, &stream, read_entry, &r, err));
	assert_int_equal(r.n, MANY / 2);
	r = (struct reading){ 77, 1, 0, 0 };
	MUST(ex_store_entry(conn, 77, read_entry, &r, err));
	assert_int_equal(r.n, 1);
	assert_int_equal(ex_store_entry(conn, MANY, read_entry, &r, &why), -1);
	assert_int_equal(why.code, EX_ABSENT);
}

static void
leaves_are_found_by_their_first_digits(void **state)
{
	uint8_t want[EX_HASH], leaf[8][EX_HASH];
	struct ex_entry_ref ref;
	struct ex_err why = EX_ERR_INIT;
	struct ex_view view;
	uint64_t index[8];
	char hex[2 * EX_HASH + 1];
	size_t n;

	(void)state;
	put_entries(20);
	ex_sha256(want, "entry 7", 7);
	ex_hex(hex, want, EX_HASH);
	hex[12] = '\0';
	MUST(ex_store_leaves(conn, hex, leaf, index, 8, &n, err));
	assert_int_equal(n, 1);
	assert_int_equal(index[0], 7);
	assert_memory_equal(leaf[0], want, EX_HASH);
	MUST(ex_store_leaves(conn, "", leaf, index, 8, &n, err));
	assert_int_equal(n, 8);
	MUST(ex_store_leaves(conn, "%", leaf, index, 8, &n, err));
	assert_int_equal(n, 0);

	ex_store_view(&view, conn);
	/* Found where it is, and no entry: it is not taken for one. */
	assert_int_equal(view.entry(view.arg, want, &ref, &why), -1);
	assert_int_equal(why.code, EX_FORMAT);
	assert_int_equal(ref.index, 7);
	assert_int_equal(ref.seq, 4);
	assert_string_equal(ref.stream.id, "ODD");
	ex_err_clear(&why);
	ex_sha256(want, "none", 4);
	assert_int_equal(view.entry(view.arg, want, &ref, &why), -1);
	assert_int_equal(why.code, EX_ABSENT);
}

struct facts {
	char last[80];
	size_t n;
};

static int
read_fact(void *arg, const char *kind, const char *id, const char *of,
    struct ex_span value, struct ex_err *err)
{
	struct facts *f = arg;
	char name[80];

	(void)err;
	(void)snprintf(name, sizeof(name), "%s\n%s", kind, id);
	assert_true(f->n == 0 || strcmp(f->last, name) < 0);
	memcpy(f->last, name, sizeof(name));
	assert_string_equal(of, "CASE");
	assert_true(value.n > 2);
	f->n++;
	return 0;
}

static void
facts_come_in_bytewise_order_and_complete(void **state)
{
	static const char *const odd[] = { "Z", "a", "\xc3\xa9", "\xe8\xad\x89",
		"~", "-", "_" };
	struct ex_sequence_rows rows = { 0 };
	struct facts f = { "", 0 };

	(void)state;
	MUST(ex_conn_begin(conn, err));
	for (int i = 0; i < MANY; i++) {
		char id[24];

		(void)snprintf(id, sizeof(id), "%d", (i * 7919) % 10007);
		MUST(ex_sequence_rows_fact(
		    &rows, "number", id, "CASE", "{\"n\":1}", 7, err));
	}
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		MUST(ex_sequence_rows_fact(
		    &rows, "odd", odd[i], "CASE", "{\"n\":1}", 7, err));
	MUST(ex_sequence_put(conn, &rows, err));
	ex_sequence_rows_free(&rows);
	MUST(ex_conn_commit(conn, err));
	MUST(ex_store_facts(conn, NULL, read_fact, &f, err));
	assert_int_equal(f.n, MANY + 7);
	f = (struct facts){ "", 0 };
	MUST(ex_store_facts(conn, "odd", read_fact, &f, err));
	assert_int_equal(f.n, 7);
	f = (struct facts){ "", 0 };
	MUST(ex_store_facts(conn, "none", read_fact, &f, err));
	assert_int_equal(f.n, 0);
}

static void
a_fact_is_replaced_and_read(void **state)
{
	struct ex_sequence_rows rows = { 0 };
	struct ex_err why = EX_ERR_INIT;
	struct ex_json *v;

	(void)state;
	MUST(ex_store_fact(conn, "item", "X", &v, err));
	assert_null(v);
	MUST(ex_sequence_rows_fact(
	    &rows, "item", "X", NULL, "{\"a\":1}", 7, err));
	MUST(ex_sequence_put(conn, &rows, err));
	MUST(ex_sequence_rows_fact(
	    &rows, "item", "X", "C", "{\"a\":2}", 7, err));
	MUST(ex_sequence_put(conn, &rows, err));
	ex_sequence_rows_free(&rows);
	MUST(ex_store_fact(conn, "item", "X", &v, err));
	assert_int_equal(ex_json_get_int(v, "a", 0), 2);
	ex_json_free(v);
	assert_string_equal(
	    bench_value(&bench, "SELECT case_number FROM exhibit.fact"), "C");
	bench_sql(&bench, "UPDATE exhibit.fact SET value = '{'");
	assert_int_equal(ex_store_fact(conn, "item", "X", &v, &why), -1);
	assert_int_equal(why.code, EX_FORMAT);
}

static int
read_node(void *arg, unsigned level, uint64_t index,
    const uint8_t hash[EX_HASH], struct ex_err *err)
{
	struct reading *r = arg;

	(void)err;
	assert_int_equal(level, r->n / 300);
	assert_int_equal(index, r->n % 300);
	assert_int_equal(hash[0], r->n % 256);
	r->n++;
	return 0;
}

static void
nodes_come_in_order_and_complete(void **state)
{
	struct ex_sequence_rows rows = { 0 };
	uint8_t hash[EX_HASH] = { 0 };
	struct ex_err why = EX_ERR_INIT;
	struct reading r = { 0, 0, 0, 0 };

	(void)state;
	MUST(ex_conn_begin(conn, err));
	for (unsigned i = 0; i < MANY; i++) {
		hash[0] = (uint8_t)(i % 256);
		MUST(ex_sequence_rows_node(&rows, i / 300, i % 300, hash, err));
	}
	MUST(ex_sequence_put(conn, &rows, err));
	ex_sequence_rows_free(&rows);
	MUST(ex_conn_commit(conn, err));
	MUST(ex_store_nodes(conn, read_node, &r, err));
	assert_int_equal(r.n, MANY);
	MUST(ex_store_node(conn, 1, 5, hash, err));
	assert_int_equal(hash[0], 305 % 256);
	assert_int_equal(ex_store_node(conn, 2, 0, hash, &why), -1);
	assert_int_equal(why.code, EX_DAMAGED);
}

static int
read_note(void *arg, uint64_t size, struct ex_span note, struct ex_err *err)
{
	struct reading *r = arg;

	(void)err;
	assert_true(size > r->next);
	assert_int_equal(note.n, 4);
	r->next = size;
	r->n++;
	return 0;
}

static void
only_signed_checkpoints_are_shown(void **state)
{
	struct ex_buf note = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	struct reading r = { 0, 0, 0, 0 };
	uint8_t root[EX_HASH] = { 1 };
	int64_t at, after;

	(void)state;
	assert_int_equal(ex_store_checkpoint(conn, &note, &at, &why), -1);
	assert_int_equal(why.code, EX_ABSENT);
	MUST(ex_store_published_after(conn, 0, &at, err));
	assert_int_equal(at, 0);
	MUST(ex_conn_begin(conn, err));
	for (unsigned i = 1; i <= MANY; i++) {
		MUST(ex_sequence_checkpoint(conn, 2 * i, root, err));
		if (i < MANY)
			MUST(ex_sequence_note(conn, 2 * i, "note", 4, err));
	}
	MUST(ex_conn_commit(conn, err));
	MUST(ex_store_checkpoints(conn, read_note, &r, err));
	assert_int_equal(r.n, MANY - 1);
	MUST(ex_store_checkpoint(conn, &note, &at, err));
	assert_string_equal(ex_buf_text(&note), "note");
	MUST(ex_store_published_after(conn, 2 * (MANY - 2), &after, err));
	assert_true(after == at);
	MUST(ex_store_published_after(conn, 2 * (MANY - 1), &after, err));
	assert_int_equal(after, 0);
	ex_buf_free(&note);
}

struct loose {
	size_t n, queued, rejected;
};

static int
read_loose(void *arg, const struct ex_loose_row *row, struct ex_err *err)
{
	struct loose *l = arg;

	(void)err;
	l->n++;
	l->queued += row->queued != 0;
	l->rejected += row->rejected != 0;
	assert_string_equal(row->code, row->rejected ? "denied" : "");
	return 0;
}

static int
refuse_third(void *arg, const struct ex_queued *q, struct ex_err *err)
{
	size_t *n = arg;

	return (*n)++ % 3 == 0
		   ? ex_sequence_reject(conn, q, "denied", "a test", err)
		   : 0;
}

static void
entries_without_an_index_are_listed_and_counted(void **state)
{
	struct loose l = { 0, 0, 0 };
	uint64_t queued, rejected;
	size_t seen = 0, n;

	(void)state;
	put_entries(4);
	for (int i = 0; i < 300; i++) {
		struct noise one;
		char stream[24], text[24];

		(void)snprintf(stream, sizeof(stream), "item:I-%d", i);
		(void)snprintf(text, sizeof(text), "loose %d", i);
		noise_make(&one, stream, 1, NULL, text);
		noise_put(conn, &one);
	}
	MUST(ex_conn_begin(conn, err));
	MUST(ex_sequence_queue(conn, 300, refuse_third, &seen, &n, err));
	MUST(ex_conn_commit(conn, err));
	MUST(ex_store_loose(conn, read_loose, &l, err));
	assert_int_equal(l.n, 300);
	assert_int_equal(l.queued, 200);
	assert_int_equal(l.rejected, 100);
	MUST(ex_store_counts(conn, &queued, &rejected, err));
	assert_int_equal(queued, 200);
	assert_int_equal(rejected, 100);
}

/* What the caller's function says ends it. */
static int
stop_at_once(void *arg, const struct ex_entry_row *row, struct ex_err *err)
{
	size_t *n = arg;

	(void)row;
	(*n)++;
	return ex_fail(err, EX_LIMIT, "enough");
}

static void
a_reader_that_has_enough_is_heard(void **state)
{
	struct ex_err why = EX_ERR_INIT;
	size_t n = 0;

	(void)state;
	put_entries(4);
	assert_int_equal(ex_store_entries(conn, 0, stop_at_once, &n, &why), -1);
	assert_int_equal(why.code, EX_LIMIT);
	assert_int_equal(n, 1);
}

#define FRESH(f) cmocka_unit_test_setup_teardown(f, fresh, done)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(entries_come_in_order_and_complete),
		FRESH(leaves_are_found_by_their_first_digits),
		FRESH(facts_come_in_bytewise_order_and_complete),
		FRESH(a_fact_is_replaced_and_read),
		FRESH(nodes_come_in_order_and_complete),
		FRESH(only_signed_checkpoints_are_shown),
		FRESH(entries_without_an_index_are_listed_and_counted),
		FRESH(a_reader_that_has_enough_is_heard),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
