/*
 * test_spool.c -- a signed act on disk is read back whole, or not at all.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "cases/act_parts.h"
#include "tests/custody/house.h"

#define BATCH "0190a5c4-1111-7222-8333-444455556666"

enum {
	ENTRIES = 3,
	DIGEST = EX_SHA256_LEN
};

/* Entries of the house with openings, as a job that was signed. */
static void
make_job(const struct house *h, struct ex_act_job *job, size_t n)
{
	ex_act_job_init(job, NULL, NULL);
	job->entry = calloc(n, sizeof(*job->entry));
	assert_non_null(job->entry);
	if (n > 1)
		memcpy(job->batch, BATCH, sizeof(BATCH));
	for (size_t i = 0; job->n < n; i++) {
		const struct house_entry *from = &h->entry[i];
		struct ex_act_entry *e = &job->entry[job->n];

		assert_true(i < h->nentries);
		if (from->openings.len == 0)
			continue;
		MUST(ex_buf_add(
		    &e->entry, from->bytes.data, from->bytes.len, err));
		MUST(ex_buf_add(&e->openings, from->openings.data,
		    from->openings.len, err));
		memcpy(e->case_number, HOUSE_CASE, sizeof(HOUSE_CASE));
		e->stream = from->stream;
		e->seq = from->seq;
		memcpy(e->leaf, from->leaf, EX_HASH);
		job->n++;
	}
}

static void
make_text(const struct house *h, struct ex_buf *text, size_t n)
{
	struct ex_act_job job;

	make_job(h, &job, n);
	MUST(ex_spool_text(text, &job, err));
	ex_act_job_free(&job);
}

/* What it is refused for; EX_OK when it is read. */
static enum ex_code
try_bytes(const void *bytes, size_t n)
{
	/* Of exactly n bytes, so that a sanitizer sees their end. */
	uint8_t *copy = malloc(n == 0 ? 1 : n);
	struct ex_err why = EX_ERR_INIT;
	struct ex_act_job job;

	assert_non_null(copy);
	memcpy(copy, bytes, n);
	ex_act_job_init(&job, NULL, NULL);
	if (ex_spool_parse(&job, copy, n, &why) == 0)
		assert_int_equal(why.code, EX_OK);
	else
		assert_int_not_equal(why.code, EX_OK);
	ex_act_job_free(&job);
	free(copy);
	return why.code;
}

static void
what_is_written_is_read_back(void **state)
{
	for (size_t n = 1; n <= ENTRIES; n++) {
		struct ex_buf text = EX_BUF_INIT, again = EX_BUF_INIT;
		struct ex_act_job want, got;

		make_job(*state, &want, n);
		MUST(ex_spool_text(&text, &want, err));
		ex_act_job_init(&got, NULL, NULL);
		MUST(ex_spool_parse(&got, text.data, text.len, err));
		assert_int_equal(got.n, n);
		assert_string_equal(got.batch, want.batch);
		for (size_t i = 0; i < n; i++) {
			const struct ex_act_entry *a = &want.entry[i];
			const struct ex_act_entry *b = &got.entry[i];

			assert_true(ex_stream_equal(&a->stream, &b->stream));
			assert_int_equal(a->seq, b->seq);
			assert_memory_equal(a->leaf, b->leaf, EX_HASH);
			assert_string_equal(a->case_number, b->case_number);
		}
		MUST(ex_spool_text(&again, &got, err));
		assert_int_equal(again.len, text.len);
		assert_memory_equal(again.data, text.data, text.len);
		ex_act_job_free(&want);
		ex_act_job_free(&got);
		ex_buf_free(&text);
		ex_buf_free(&again);
	}
}

static void
no_byte_may_be_another(void **state)
{
	struct ex_buf text = EX_BUF_INIT;

	make_text(*state, &text, 1);
	for (size_t i = 0; i < text.len; i++) {
		text.data[i] ^= 0x20;
		assert_int_equal(try_bytes(text.data, text.len), EX_DAMAGED);
		text.data[i] ^= 0x20;
	}
	assert_int_equal(try_bytes(text.data, text.len), EX_OK);
	ex_buf_free(&text);
}

static void
no_byte_may_be_missing(void **state)
{
	struct ex_buf text = EX_BUF_INIT;

	make_text(*state, &text, 1);
	for (size_t n = 0; n < text.len; n++)
		assert_int_not_equal(try_bytes(text.data, n), EX_OK);
	ex_buf_free(&text);
}

/* Give the text the digest that it should have. */
static void
digest(struct ex_buf *text)
{
	uint8_t sha256[DIGEST];

	ex_sha256(sha256, text->data, text->len);
	MUST(ex_buf_add(text, sha256, sizeof(sha256), err));
}

/* Changes by somebody who can compute a digest. */
static void
another_magic(struct ex_act_job *job, struct ex_buf *text)
{
	(void)job;
	text->data[0] = 'E';
}

static void
a_batch_that_is_no_uuid(struct ex_act_job *job, struct ex_buf *text)
{
	(void)job;
	text->data[strlen("exhibit-pending/1\n")] = 'x';
}

static void
a_byte_behind_the_entries(struct ex_act_job *job, struct ex_buf *text)
{
	(void)job;
	MUST(ex_buf_add_byte(text, 0, err));
}

static void
a_length_beyond_the_end(struct ex_act_job *job, struct ex_buf *text)
{
	size_t at = strlen("exhibit-pending/1\n" BATCH "\n");

	(void)job;
	text->data[at + 1] = 0x7f;
}

static void
no_entry(struct ex_act_job *job, struct ex_buf *text)
{
	(void)job;
	ex_buf_cut(text, strlen("exhibit-pending/1\n" BATCH "\n"));
}

static void
openings_of_another(struct ex_act_job *job, struct ex_buf *text)
{
	struct ex_buf swap = job->entry[0].openings;

	(void)text;
	job->entry[0].openings = job->entry[1].openings;
	job->entry[1].openings = swap;
}

static void
an_entry_cut_short(struct ex_act_job *job, struct ex_buf *text)
{
	(void)text;
	ex_buf_cut(&job->entry[1].entry, job->entry[1].entry.len - 1);
}

static void
an_entry_with_a_byte_more(struct ex_act_job *job, struct ex_buf *text)
{
	(void)text;
	MUST(ex_buf_add_byte(&job->entry[1].entry, 0, err));
}

static void
several_without_a_batch(struct ex_act_job *job, struct ex_buf *text)
{
	(void)text;
	job->batch[0] = '\0';
}

static void
a_batch_of_one(struct ex_act_job *job, struct ex_buf *text)
{
	(void)text;
	for (size_t i = 1; i < job->n; i++) {
		ex_buf_free(&job->entry[i].entry);
		ex_buf_free(&job->entry[i].openings);
	}
	job->n = 1;
}

static const struct {
	const char *claim;
	void (*change)(struct ex_act_job *job, struct ex_buf *text);
	int of_text; /* changed when it is text, else before */
	enum ex_code code;
} harm[] = {
	{ "another magic", another_magic, 1, EX_FORMAT },
	{ "a batch that is no UUID", a_batch_that_is_no_uuid, 1, EX_FORMAT },
	{ "a byte behind the entries", a_byte_behind_the_entries, 1,
	    EX_FORMAT },
	{ "a length beyond the end", a_length_beyond_the_end, 1, EX_LIMIT },
	{ "no entry", no_entry, 1, EX_FORMAT },
	{ "openings of another entry", openings_of_another, 0, EX_DAMAGED },
	{ "an entry cut short", an_entry_cut_short, 0, EX_FORMAT },
	{ "an entry with a byte more", an_entry_with_a_byte_more, 0,
	    EX_FORMAT },
	{ "several entries without a batch", several_without_a_batch, 0,
	    EX_FORMAT },
	{ "a batch of one", a_batch_of_one, 0, EX_FORMAT },
};

static void
a_digest_does_not_make_it_right(void **state)
{
	for (size_t i = 0; i < sizeof(harm) / sizeof(harm[0]); i++) {
		struct ex_buf text = EX_BUF_INIT;
		struct ex_act_job job;
		enum ex_code code;

		make_job(*state, &job, ENTRIES);
		if (!harm[i].of_text)
			harm[i].change(&job, NULL);
		MUST(ex_spool_text(&text, &job, err));
		ex_buf_cut(&text, text.len - DIGEST);
		if (harm[i].of_text)
			harm[i].change(&job, &text);
		digest(&text);
		code = try_bytes(text.data, text.len);
		if (code != harm[i].code)
			fail_msg("%s: %s", harm[i].claim, ex_code_text(code));
		ex_act_job_free(&job);
		ex_buf_free(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(no_byte_may_be_another),
		cmocka_unit_test(no_byte_may_be_missing),
		cmocka_unit_test(a_digest_does_not_make_it_right),
	};

	return cmocka_run_group_tests(
	    tests, house_group_open, house_group_close);
}
