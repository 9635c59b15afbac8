/*
 * test_logcheck.c -- a good log, harmed in one place: told, with the entry.
 *
 * Rows come from a laboratory in memory; there is no database.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "cases/logcheck.h"
#include "tests/custody/house.h"

/* What the check says of the house's entries, from the first on. */
static void
check(struct house *h, struct ex_log_report *r, size_t skip)
{
	struct ex_log_verify v = { .log = &h->vkey };
	struct ex_logcheck c;

	memset(r, 0, sizeof(*r));
	MUST(ex_logcheck_start(&c, r, &v, err));
	for (size_t i = 0; i < h->nentries; i++) {
		const struct house_entry *e = &h->entry[i];
		char stream[EX_STREAM_TEXT];
		struct ex_logcheck_row row = { .index = i,
			.stream = stream,
			.seq = e->seq,
			.leaf = e->leaf,
			.entry = e->bytes.data,
			.nentry = e->bytes.len,
			.openings = e->openings.data,
			.nopenings = e->openings.len,
			.case_number =
			    e->stream.kind == EX_STREAM_LAB ? "" : HOUSE_CASE };

		ex_stream_text(stream, &e->stream);
		if (i != skip)
			MUST(ex_logcheck_entry(&c, &row, err));
	}
	MUST(ex_logcheck_finish(&c, err));
	ex_logcheck_end(&c);
}

/* The one remark of this code; its index, -1: none. */
static int64_t
told(const struct ex_log_report *r, const char *code)
{
	for (size_t i = 0; i < r->nremarks; i++)
		if (strcmp(r->remark[i].code, code) == 0)
			return r->remark[i].has_index
				   ? (int64_t)r->remark[i].index
				   : 1 << 30;
	return -1;
}

/* The house's heads, as the sequencer would list them. */
struct listing {
	struct house *h;
	struct ex_head head[64];
	size_t n;
};

static int
list_head(void *arg, const char *kind, const char *id, const char *case_number,
    const struct ex_json *value, struct ex_err *why)
{
	struct listing *l = arg;
	struct ex_head *head = &l->head[l->n];
	const char *ids[64];
	struct ex_json *v;
	size_t n;

	(void)case_number;
	(void)why;
	if (strcmp(kind, "stream") != 0)
		return 0;
	assert_true(l->n++ < 64);
	head->seq = (uint64_t)ex_json_get_int(value, "seq", 0);
	MUST(ex_stream_read(&head->stream, id, err));
	MUST(ex_json_need_hex(head->leaf, EX_HASH, value, "leaf", err));
	if (head->stream.kind != EX_STREAM_CASE)
		return 0;
	v = house_fact(l->h, "case", head->stream.id);
	n = ex_json_count(ex_json_get(v, "items"));
	for (size_t i = 0; i < n; i++)
		ids[i] = ex_json_text(ex_json_at(ex_json_get(v, "items"), i));
	head->has_items = 1;
	MUST(ex_head_items(head->items, ids, n, err));
	ex_json_free(v);
	return 0;
}

/* What makes a list false. */
enum lie {
	TRUE_LIST,
	ONE_LESS,    /* a stream is hidden */
	OTHER_LEAF,  /* a stream ends elsewhere: forked */
	OTHER_SEQ,   /* cut */
	OTHER_ITEMS, /* the case has lost an item */
	OTHER_COUNT,
	OTHER_SIZE
};

/* A heads entry over what there is now; its index. */
static int64_t
put_heads(struct house *h, enum lie lie, size_t behind)
{
	struct listing l = { .h = h };
	char fields[256], hex[2 * EX_HASH + 1];
	struct act a = { .act = EX_ACT_HEADS,
		.stream = "lab:" HOUSE_ORG,
		.fields = fields,
		.parties = "service=LOG-1" };
	uint64_t size = h->nentries;
	uint8_t root[EX_HASH];

	memset(l.head, 0, sizeof(l.head));
	MUST(ex_world_each(h->world, list_head, &l, err));
	for (size_t i = 0; i < l.n; i++) {
		struct ex_head *head = &l.head[i];

		if (head->stream.kind == EX_STREAM_CASE && lie == OTHER_ITEMS)
			head->items[0] ^= 1;
		if (head->stream.kind == EX_STREAM_ITEM && lie == OTHER_LEAF)
			head->leaf[0] ^= 1;
		if (head->stream.kind == EX_STREAM_ITEM && lie == OTHER_SEQ)
			head->seq--;
	}
	l.n -= lie == ONE_LESS;
	MUST(ex_heads_root(root, l.head, l.n, err));
	ex_hex(hex, root, EX_HASH);
	/* Others came in between: the list speaks for what was before. */
	for (size_t i = 0; i < behind; i++)
		(void)house_bring(h, EX_ANNOUNCED);
	(void)snprintf(fields, sizeof(fields),
	    "{'size':%d,'count':%d,'root':'%s'}",
	    (int)size - (lie == OTHER_SIZE), (int)l.n + (lie == OTHER_COUNT),
	    hex);
	house_do(h, &a);
	return (int64_t)h->nentries - 1;
}

static void
lists_of_heads_are_made_again(void **state)
{
	struct ex_log_report r;
	struct house h;

	(void)state;
	house_open_few(&h);
	(void)put_heads(&h, TRUE_LIST, 0);
	(void)house_bring(&h, EX_IN_STORE);
	(void)put_heads(&h, TRUE_LIST, 0);
	(void)house_bring(&h, EX_OPENED);
	(void)put_heads(&h, TRUE_LIST, 2);
	(void)put_heads(&h, TRUE_LIST, 0);
	check(&h, &r, SIZE_MAX);
	for (size_t i = 0; i < r.nremarks; i++)
		if (r.remark[i].severity != EX_NOTED &&
		    strcmp(r.remark[i].code, "no-checkpoint") != 0)
			fail_msg("%s", r.remark[i].text);
	assert_int_equal(r.heads, 4);
	ex_log_report_free(&r);
	house_close(&h);
}

static void
false_lists_of_heads_are_named(void **state)
{
	static const enum lie lies[] = { ONE_LESS, OTHER_LEAF, OTHER_SEQ,
		OTHER_ITEMS, OTHER_COUNT, OTHER_SIZE };

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct ex_log_report r;
		struct house h;
		int64_t at;

		house_open_few(&h);
		(void)house_bring(&h, EX_IN_STORE);
		(void)put_heads(&h, TRUE_LIST, 0);
		(void)house_bring(&h, EX_SEIZED);
		at = put_heads(&h, lies[i], 1);
		(void)put_heads(&h, TRUE_LIST, 0);
		check(&h, &r, SIZE_MAX);
		if (told(&r, "heads-differ") != at)
			fail_msg("lie %zu is not named", i);
		assert_int_equal(r.faults, 2); /* and no checkpoint */
		ex_log_report_free(&r);
		house_close(&h);
	}
}

/* What a signer says to have seen, against the entries themselves. */
static void
false_roots_of_seen_are_named(void **state)
{
	struct ex_log_report r;
	struct ex_checkpoint now;
	struct house h;
	int64_t at;

	(void)state;
	house_open_few(&h);
	house_root(&h, &h.seen);
	(void)house_bring(&h, EX_ANNOUNCED);
	check(&h, &r, SIZE_MAX);
	assert_int_equal(told(&r, "seen-differs"), -1);
	ex_log_report_free(&r);

	h.seen.root[9] ^= 4;
	at = (int64_t)h.nentries;
	(void)house_bring(&h, EX_SEIZED);
	check(&h, &r, SIZE_MAX);
	assert_int_equal(told(&r, "seen-differs"), at);
	ex_log_report_free(&r);

	/* One that lies ahead of the entry itself. */
	house_root(&h, &now);
	h.seen = now;
	h.seen.size += 5;
	at = (int64_t)h.nentries;
	(void)house_bring(&h, EX_SEIZED);
	check(&h, &r, SIZE_MAX);
	assert_int_equal(r.faults, 3); /* and no checkpoint */
	ex_log_report_free(&r);
	house_close(&h);
}

/* What the next act says of its batch. */
static struct {
	char id[40];
	uint64_t count;
	uint8_t root[EX_HASH];
} batch;

static void
be_member(struct ex_draft *d, struct ex_party *party)
{
	(void)party;
	d->batch_id = batch.id;
	d->batch_count = batch.count;
	memcpy(d->batch_root, batch.root, EX_HASH);
}

enum spoilt {
	WHOLE,
	LAST_MISSING,
	OTHER_ROOT,
	OTHER_WORD /* the second member states another count */
};

/* Three disks photographed in one act. */
static void
put_batch(struct house *h, enum spoilt spoilt)
{
	struct ex_batch_member m[3];
	char stream[3][EX_STREAM_TEXT];
	struct act a;

	(void)snprintf(batch.id, sizeof(batch.id),
	    "01890000-0000-7000-8000-%012d", (int)h->nentries);
	batch.count = 3;
	for (int i = 0; i < 3; i++) {
		(void)snprintf(stream[i], sizeof(stream[i]), "item:%s",
		    house_bring(h, EX_SEIZED));
		MUST(ex_stream_read(&m[i].stream, stream[i], err));
		m[i].seq = 2;
		memcpy(m[i].prev, house_leaf(h, stream[i]), EX_HASH);
		m[i].act = EX_ACT_PHOTOGRAPH;
	}
	MUST(ex_batch_root(batch.root, m, 3, err));
	batch.root[0] ^= spoilt == OTHER_ROOT;
	for (int i = 0; i < 3 - (spoilt == LAST_MISSING); i++) {
		house_usual(&a, EX_ACT_PHOTOGRAPH, stream[i]);
		a.tweak = be_member;
		batch.count = spoilt == OTHER_WORD && i == 1 ? 4 : 3;
		house_do(h, &a);
	}
}

static void
batches_are_whole_and_those_signed_for(void **state)
{
	static const struct {
		enum spoilt spoilt;
		const char *code;
		int64_t behind; /* entries behind the first member */
	} rows[] = {
		{ WHOLE, NULL, 0 },
		{ LAST_MISSING, "batch-short", 0 },
		{ OTHER_ROOT, "batch", 2 },
		{ OTHER_WORD, "batch", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ex_log_report r;
		struct house h;
		int64_t first;

		house_open_few(&h);
		put_batch(&h, WHOLE);
		first = (int64_t)h.nentries + 3;
		put_batch(&h, rows[i].spoilt);
		check(&h, &r, SIZE_MAX);
		assert_int_equal(r.faults + r.findings, i == 0 ? 1 : 2);
		if (rows[i].code != NULL)
			assert_int_equal(
			    told(&r, rows[i].code), first + rows[i].behind);
		ex_log_report_free(&r);
		house_close(&h);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_of_heads_are_made_again),
		cmocka_unit_test(false_lists_of_heads_are_named),
		cmocka_unit_test(false_roots_of_seen_are_named),
		cmocka_unit_test(batches_are_whole_and_those_signed_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
