/*
 * test_witness.c -- what a witness cosigns, what it refuses, and what it
 * keeps of what it refused.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "daemons/witness.h"
#include "tests/custody/house.h"
#include "tests/daemons/toylog.h"

#define NAME "witness.example/w1"
#define TIME UINT64_C(1772443800)

static struct toylog toy;

/* What a witness knows, in memory. */
struct memory {
	struct ex_buf note, refused;
	size_t saves, keeps;
	int last_status, fail_load, fail_save;
};

static int
load(void *arg, struct ex_buf *out, const char *origin, struct ex_err *err)
{
	struct memory *m = arg;

	assert_string_equal(origin, TOYLOG_ORIGIN);
	if (m->fail_load)
		return ex_fail(err, EX_SYSTEM, "a disk that does not read");
	if (m->note.len == 0)
		return ex_fail(err, EX_ABSENT, "nothing");
	return ex_buf_add(out, m->note.data, m->note.len, err);
}

static int
save(void *arg, const char *origin, const void *note, size_t n,
    struct ex_err *err)
{
	struct memory *m = arg;

	assert_string_equal(origin, TOYLOG_ORIGIN);
	if (m->fail_save)
		return ex_fail(err, EX_SYSTEM, "a disk that is full");
	m->saves++;
	ex_buf_cut(&m->note, 0);
	return ex_buf_add(&m->note, note, n, err);
}

static int
keep(void *arg, int status, const void *note, size_t n, struct ex_err *err)
{
	struct memory *m = arg;

	m->keeps++;
	m->last_status = status;
	ex_buf_cut(&m->refused, 0);
	return ex_buf_add(&m->refused, note, n, err);
}

static void
make(struct ex_witness *w, struct memory *m)
{
	memset(w, 0, sizeof(*w));
	memset(m, 0, sizeof(*m));
	MUST(ex_key_new(&w->key, EX_KEY_ED25519, err));
	MUST(ex_vkey_of(&w->own, NAME, EX_NOTE_COSIGNATURE, w->key, err));
	w->log[0] = toy.vkey;
	w->nlogs = 1;
	w->store.arg = m;
	w->store.load = load;
	w->store.save = save;
	w->store.keep = keep;
}

static void
drop(struct ex_witness *w, struct memory *m)
{
	ex_key_free(w->key);
	ex_buf_free(&m->note);
	ex_buf_free(&m->refused);
}

static int
setup(void **state)
{
	(void)state;
	toylog_open(&toy);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	toylog_close(&toy);
	return 0;
}

/* Ask for a size of a history; the status. */
static int
ask(struct ex_witness *w, int history, uint64_t old, uint64_t size,
    struct ex_answer *a)
{
	struct ex_buf body = EX_BUF_INIT;
	struct ex_span span;

	toylog_request(&body, &toy, history, old, size);
	span.p = body.data;
	span.n = body.len;
	MUST(ex_witness_add(a, w, span, TIME, err));
	ex_buf_free(&body);
	return a->status;
}

/* The answer's line under the note that was asked for is ours and valid. */
static void
assert_cosigned(const struct ex_witness *w, const struct ex_answer *a,
    int history, uint64_t size)
{
	struct ex_buf note = EX_BUF_INIT;
	struct ex_note parsed;
	uint64_t time = 0;

	toylog_note(&note, &toy, history, size);
	MUST(ex_buf_add(&note, a->body.data, a->body.len, err));
	MUST(ex_note_parse(&parsed, note.data, note.len, err));
	assert_int_equal(parsed.nsigs, 2);
	MUST(ex_note_check(&parsed, &w->own, &time, err));
	assert_int_equal(time, TIME);
	ex_buf_free(&note);
}

static const struct {
	const char *name;
	uint64_t held; /* cosigned before, of history 0 */
	int history;   /* of the request */
	uint64_t old, size;
	int status;
	const char *body; /* of a refusal; NULL: any */
} rule[] = {
	{ "the first, from nothing", 0, 0, 0, 7, 200, NULL },
	{ "it grows", 7, 0, 7, 40, 200, NULL },
	{ "the same again", 7, 0, 7, 7, 200, NULL },
	{ "old larger than size", 7, 0, 9, 8, 400, NULL },
	{ "a stale old", 7, 0, 5, 40, 409, "7\n" },
	{ "from nothing, but it knows more", 7, 0, 0, 40, 409, "7\n" },
	{ "an old that it has not seen", 7, 0, 8, 40, 409, "7\n" },
	{ "smaller than what it cosigned", 40, 0, 30, 35, 409, "40\n" },
	{ "another root of its size", 40, 1, 40, 40, 409, "40\n" },
	{ "another history", 40, 1, 40, 60, 422, NULL },
	{ "histories that part later", 15, 1, 15, 60, 200, NULL },
};

static void
only_a_log_that_grows_is_cosigned(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rule) / sizeof(rule[0]); i++) {
		struct ex_answer a = { 0 };
		struct ex_witness w;
		struct memory m;
		size_t before;

		make(&w, &m);
		if (rule[i].held > 0)
			assert_int_equal(ask(&w, 0, 0, rule[i].held, &a), 200);
		before = m.saves;
		print_message("  %s\n", rule[i].name);
		assert_int_equal(
		    ask(&w, rule[i].history, rule[i].old, rule[i].size, &a),
		    rule[i].status);
		if (rule[i].status == 200) {
			assert_cosigned(&w, &a, rule[i].history, rule[i].size);
			assert_int_equal(m.saves, before + 1);
			assert_int_equal(m.keeps, 0);
		} else {
			assert_int_equal(m.saves, before);
			assert_int_equal(m.keeps, 1);
			assert_int_equal(m.last_status, rule[i].status);
		}
		if (rule[i].body != NULL) {
			assert_string_equal(ex_buf_text(&a.body), rule[i].body);
			assert_string_equal(a.type, "text/x.tlog.size");
		}
		ex_buf_free(&a.body);
		drop(&w, &m);
	}
}

/* The signed checkpoint that was refused is evidence: kept byte for byte. */
static void
what_is_refused_is_kept(void **state)
{
	struct ex_answer a = { 0 };
	struct ex_buf note = EX_BUF_INIT;
	struct ex_witness w;
	struct memory m;

	(void)state;
	make(&w, &m);
	assert_int_equal(ask(&w, 0, 0, 40, &a), 200);
	assert_int_equal(ask(&w, 1, 40, 60, &a), 422);
	toylog_note(&note, &toy, 1, 60);
	assert_int_equal(m.refused.len, note.len);
	assert_memory_equal(m.refused.data, note.data, note.len);
	ex_buf_free(&note);
	ex_buf_free(&a.body);
	drop(&w, &m);
}

/* One byte of a good proof or note, whichever, and it is not cosigned. */
static void
no_byte_of_a_request_may_change(void **state)
{
	struct ex_buf body = EX_BUF_INIT;
	struct ex_answer a = { 0 };
	struct ex_witness w;
	struct memory m;
	struct ex_span span;

	(void)state;
	make(&w, &m);
	assert_int_equal(ask(&w, 0, 0, 7, &a), 200);
	toylog_request(&body, &toy, 0, 7, 40);
	span.p = body.data;
	span.n = body.len;
	for (size_t i = 0; i < body.len; i++) {
		body.data[i] ^= 1;
		MUST(ex_witness_add(&a, &w, span, TIME, err));
		if (a.status == 200)
			fail_msg("cosigned with byte %zu changed", i);
		body.data[i] ^= 1;
	}
	for (size_t n = 0; n < body.len; n++) {
		span.n = n;
		MUST(ex_witness_add(&a, &w, span, TIME, err));
		assert_int_not_equal(a.status, 200);
	}
	assert_int_equal(m.saves, 1);
	ex_buf_free(&body);
	ex_buf_free(&a.body);
	drop(&w, &m);
}

/* Of a stranger nothing is cosigned and nothing is kept. */
static void
strangers_are_sent_away(void **state)
{
	struct ex_answer a = { 0 };
	struct ex_witness w;
	struct memory m;

	(void)state;
	make(&w, &m);
	w.nlogs = 0;
	assert_int_equal(ask(&w, 0, 0, 7, &a), 404);
	w.nlogs = 1;
	memset(w.log[0].id, 7, sizeof(w.log[0].id));
	assert_int_equal(ask(&w, 0, 0, 7, &a), 403);
	/* The right name and id, but another key. */
	w.log[0] = toy.vkey;
	w.log[0].key[0] ^= 1;
	assert_int_equal(ask(&w, 0, 0, 7, &a), 403);
	/* One of two keys of a log that rotated is enough. */
	w.log[1] = toy.vkey;
	w.nlogs = 2;
	assert_int_equal(m.keeps, 0);
	assert_int_equal(ask(&w, 0, 0, 7, &a), 200);
	ex_buf_free(&a.body);
	drop(&w, &m);
}

/* What is not on disk is not answered, and no memory is not "nothing". */
static void
without_memory_nothing_is_cosigned(void **state)
{
	struct ex_scgi request = { .method = { (const uint8_t *)"POST", 4 },
		.path = { (const uint8_t *)"/add-checkpoint", 15 } };
	struct ex_buf body = EX_BUF_INIT;
	struct ex_answer a = { 0 };
	struct ex_witness w;
	struct memory m;

	(void)state;
	make(&w, &m);
	toylog_request(&body, &toy, 0, 0, 7);
	request.body.p = body.data;
	request.body.n = body.len;
	m.fail_save = 1;
	MUST(ex_witness_handle(&w, &request, &a, err));
	assert_int_equal(a.status, 500);
	assert_null(strstr(ex_buf_text(&a.body), NAME));
	m.fail_save = 0;
	m.fail_load = 1;
	MUST(ex_witness_handle(&w, &request, &a, err));
	assert_int_equal(a.status, 500);
	m.fail_load = 0;
	MUST(ex_buf_add_text(&m.note, "no note at all\n", err));
	MUST(ex_witness_handle(&w, &request, &a, err));
	assert_int_equal(a.status, 500);
	/* A note that this witness never cosigned is no memory either. */
	ex_buf_cut(&m.note, 0);
	toylog_note(&m.note, &toy, 0, 5);
	MUST(ex_witness_handle(&w, &request, &a, err));
	assert_int_equal(a.status, 500);
	assert_int_equal(m.saves, 0);
	ex_buf_free(&body);
	ex_buf_free(&a.body);
	drop(&w, &m);
}

/* Whoever asks for the newest learns its time, and gets no other's lines. */
static void
the_newest_is_cosigned_anew(void **state)
{
	struct ex_answer a = { 0 };
	struct ex_witness w;
	struct ex_note note;
	struct memory m;
	struct ex_checkpoint c;
	struct ex_span hex;
	char text[EX_SHA256_HEX];
	uint64_t time;

	(void)state;
	make(&w, &m);
	ex_sha256_hex(text, TOYLOG_ORIGIN, strlen(TOYLOG_ORIGIN));
	hex.p = (const uint8_t *)text;
	hex.n = strlen(text);
	MUST(ex_witness_newest(&a, &w, hex, TIME + 9, err));
	assert_int_equal(a.status, 404);
	assert_int_equal(ask(&w, 0, 0, 7, &a), 200);
	MUST(ex_witness_newest(&a, &w, hex, TIME + 9, err));
	assert_int_equal(a.status, 200);
	MUST(ex_note_parse(&note, a.body.data, a.body.len, err));
	MUST(ex_note_check(&note, &toy.vkey, NULL, err));
	MUST(ex_note_check(&note, &w.own, &time, err));
	MUST(ex_checkpoint_read(&c, note.text, err));
	assert_int_equal(time, TIME + 9);
	assert_int_equal(c.size, 7);
	text[0] = text[0] == '0' ? '1' : '0';
	MUST(ex_witness_newest(&a, &w, hex, TIME, err));
	assert_int_equal(a.status, 404);
	ex_buf_free(&a.body);
	drop(&w, &m);
}

static void
in_folder(const char *dir)
{
	struct ex_witness_folder f, again;
	struct ex_answer a = { 0 };
	struct ex_err why = EX_ERR_INIT;
	char vkey[EX_VKEY_TEXT], log[EX_VKEY_TEXT], path[EX_PATH];

	MUST(ex_witness_make(vkey, dir, NAME, err));
	assert_int_equal(ex_witness_make(vkey, dir, NAME, &why), -1);
	assert_int_equal(why.code, EX_EXISTS);
	MUST(ex_vkey_text(log, &toy.vkey, err));
	assert_int_equal(ex_witness_follow(dir, vkey, NULL), -1);
	MUST(ex_witness_follow(dir, log, err));
	MUST(ex_witness_follow(dir, log, err));
	MUST(ex_witness_open(&f, dir, err));
	assert_int_equal(f.witness.nlogs, 1);
	ex_err_clear(&why);
	assert_int_equal(ex_witness_open(&again, dir, &why), -1);
	assert_int_equal(why.code, EX_CONFLICT);
	ex_witness_close(&again);
	assert_int_equal(ask(&f.witness, 0, 0, 40, &a), 200);
	assert_int_equal(ask(&f.witness, 1, 40, 60, &a), 422);
	assert_int_equal(ask(&f.witness, 1, 40, 60, &a), 422);
	ex_witness_close(&f);

	/* Another process goes on where this one stopped. */
	MUST(ex_witness_open(&f, dir, err));
	assert_int_equal(ask(&f.witness, 0, 0, 60, &a), 409);
	assert_string_equal(ex_buf_text(&a.body), "40\n");
	assert_int_equal(ask(&f.witness, 0, 40, 60, &a), 200);
	ex_witness_close(&f);

	/* Keys that do not belong together sign nothing. */
	MUST(ex_path_join(path, sizeof(path), dir, "witness.vkey", err));
	MUST(ex_file_write(path, log, strlen(log), 0644, err));
	assert_int_equal(ex_witness_open(&f, dir, NULL), -1);
	ex_witness_close(&f);
	ex_buf_free(&a.body);
}

static int
count(void *arg, const char *name, struct ex_err *err)
{
	(void)name;
	(void)err;
	++*(int *)arg;
	return 0;
}

static void
a_folder_remembers(void **state)
{
	char dir[] = "/tmp/exhibit-witness-XXXXXX", path[EX_PATH];
	int refused = 0;

	(void)state;
	assert_non_null(mkdtemp(dir));
	MUST(ex_path_join(path, sizeof(path), dir, "w", err));
	in_folder(path);
	MUST(ex_path_join(path, sizeof(path), dir, "w/refused", err));
	MUST(ex_dir_each(path, count, &refused, err));
	assert_int_equal(refused, 2);
	MUST(ex_remove_tree(dir, err));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_log_that_grows_is_cosigned),
		cmocka_unit_test(what_is_refused_is_kept),
		cmocka_unit_test(no_byte_of_a_request_may_change),
		cmocka_unit_test(strangers_are_sent_away),
		cmocka_unit_test(without_memory_nothing_is_cosigned),
		cmocka_unit_test(the_newest_is_cosigned_anew),
		cmocka_unit_test(a_folder_remembers),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
