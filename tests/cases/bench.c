/*
 * bench.c -- a workbench: a case, and disks on the examiner's desk.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/cases/bench.h"

#include "base/codec.h"
#include "base/file.h"
#include "cases/case.h"
#include "cases/custody.h"
#include "cases/item.h"
#include "cases/verify.h"
#include "hashing/digest.h"

static void
make_medium(struct bench *b)
{
	struct ex_buf bytes = EX_BUF_INIT;
	uint32_t seed = 20240501;

	(void)snprintf(b->medium, sizeof(b->medium), "%s/medium.img", b->work);
	for (size_t i = 0; i < BENCH_BYTES; i++) {
		seed = seed * 1664525u + 1013904223u;
		/* Zeroes, text, noise: what media are made of. */
		MUST(ex_buf_add_byte(&bytes,
		    i < BENCH_BYTES / 3	      ? 0
		    : i < BENCH_BYTES / 3 * 2 ? (uint8_t)('a' + i % 23)
					      : (uint8_t)(seed >> 24),
		    err));
	}
	ex_sha256_hex(b->sha256, bytes.data, bytes.len);
	MUST(ex_file_write(b->medium, bytes.data, bytes.len, 0444, err));
	ex_buf_free(&bytes);
}

/* What an act is given: name, value, ..., NULL. */
struct words {
	struct ex_given given[16];
	size_t n;
};

static struct words
words_of(va_list ap)
{
	struct words w = { .n = 0 };
	const char *name;

	while ((name = va_arg(ap, const char *)) != NULL) {
		assert_true(w.n < 16);
		w.given[w.n].name = name;
		w.given[w.n++].value = va_arg(ap, const char *);
	}
	return w;
}

void
bench_custody(struct bench *b, const char *act, const char *item,
    const char *as, const char *with, ...)
{
	struct ex_line line = { item, NULL, 0 };
	struct ex_json *summary = ex_json_object();
	struct ex_custody c = { .act = act, .line = &line, .nlines = 1 };
	struct words w;
	va_list ap;
	int status = 0;

	va_start(ap, with);
	w = words_of(ap);
	va_end(ap);
	c.common = w.given;
	c.ncommon = w.n;
	desk_seat(&b->desk, as, with);
	MUST(ex_custody_do(summary, &status, b->desk.house, &c, err));
	ex_json_free(summary);
}

static void
open_case(struct bench *b)
{
	const struct ex_given title = { "title", "A case of the tests" };
	const struct ex_authority warrant = { "warrant:W-1", NULL, NULL };
	struct ex_json *summary = ex_json_object();
	int status = 0;

	desk_seat(&b->desk, "examiner", NULL);
	MUST(ex_case_open(summary, &status, b->desk.house, "C-1", &title, 1,
	    &warrant, 1, err));
	ex_json_free(summary);
}

void
bench_open(struct bench *b)
{
	memset(b, 0, sizeof(*b));
	desk_open(&b->desk);
	(void)snprintf(b->work, sizeof(b->work), "/tmp/exbench.XXXXXX");
	assert_non_null(mkdtemp(b->work));
	make_medium(b);
	desk_person(&b->desk, "officer", "investigator");
	desk_person(&b->desk, "custodian", "evidence_custodian");
	desk_person(&b->desk, "examiner", "examiner");
	open_case(b);
}

void
bench_close(struct bench *b)
{
	desk_close(&b->desk);
	MUST(ex_remove_tree(b->work, err));
}

struct bench bench;

int
bench_setup(void **state)
{
	(void)state;
	bench_open(&bench);
	return 0;
}

int
bench_teardown(void **state)
{
	(void)state;
	bench_close(&bench);
	return 0;
}

void
bench_sealed_disk(struct bench *b, const char *item)
{
	const struct ex_given given[] = { { "kind", "physical_medium" },
		{ "description", "A disk of the tests" },
		{ "seizure-record", "S-1" }, { "serial", "SN-1" },
		{ "seal", item } };
	struct ex_given named[5];
	struct ex_json *summary = ex_json_object();
	struct ex_line line = { item, NULL, 0 };
	char seal[64];
	int status = 0;

	(void)snprintf(seal, sizeof(seal), "S-%s", item);
	memcpy(named, given, sizeof(named));
	named[2].name = "seizure_record";
	named[4].value = seal;
	desk_seat(&b->desk, "officer", NULL);
	MUST(ex_item_announce(summary, &status, b->desk.house, "C-1", &line, 1,
	    named, 5, 0, err));
	ex_json_free(summary);
	bench_custody(b, "receive", item, "custodian", "officer", "seal", seal,
	    "seal_state", "intact", "condition", "no damage seen", "serial",
	    "SN-1", "location", "RECEPTION", NULL);
	bench_custody(b, "check-out", item, "custodian", "examiner", "purpose",
	    "imaging", NULL);
	desk_seat(&b->desk, "examiner", NULL);
}

void
bench_disk(struct bench *b, const char *item)
{
	char seal[64];

	bench_sealed_disk(b, item);
	(void)snprintf(seal, sizeof(seal), "S-%s", item);
	bench_custody(b, "seal-break", item, "examiner", NULL, "seal", seal,
	    "seal_state", "intact", "reason", "imaging", NULL);
}

/* One of four buffers, by turns. */
static char *
turn(void)
{
	static char path[4][EX_PATH];
	static unsigned next;

	return path[next++ % 4];
}

const char *
bench_dir(struct bench *b, const char *name)
{
	char *path = turn();

	(void)snprintf(path, EX_PATH, "%s/%s", b->work, name);
	MUST(ex_dir_make(path, 0700, err));
	return path;
}

const char *
bench_house(struct bench *b, const char *name)
{
	char *path = turn();

	(void)snprintf(path, EX_PATH, "%s/%s", b->desk.dir, name);
	return path;
}

struct ex_acquire
bench_request(struct bench *b, const char *item)
{
	struct ex_acquire a;

	memset(&a, 0, sizeof(a));
	a.item = item;
	a.source = b->medium;
	return a;
}

const char *
bench_state(struct bench *b, const char *item)
{
	static char state[32];
	struct ex_json *v = NULL;
	const char *text;

	MUST(ex_item_show(&v, b->desk.house, item, err));
	text = ex_json_get_text(v, "state");
	(void)snprintf(state, sizeof(state), "%s", text == NULL ? "" : text);
	ex_json_free(v);
	return state;
}

void
bench_verified(struct bench *b, const char *image)
{
	struct ex_verify v = { .name = image };
	struct ex_json *told = NULL;
	int status = -1;

	MUST(ex_verify_run(&told, &status, b->desk.house, &v, err));
	assert_int_equal(status, 0);
	ex_json_free(told);
}

struct ex_json *
bench_acquire(struct bench *b, const struct ex_acquire *a, int want)
{
	struct ex_json *told = NULL;
	int status = -1;

	MUST(ex_acquire_run(&told, &status, b->desk.house, a, err));
	print_message("    %s: %s\n", ex_json_get_text(told, "result"),
	    ex_json_get_text(told, "why") == NULL
		? ""
		: ex_json_get_text(told, "why"));
	assert_int_equal(status, want);
	return told;
}

int
bench_count(struct bench *b, const char *item, const char *act)
{
	char sql[512];

	(void)snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM exhibit.entry AS e JOIN exhibit.tree_leaf AS t "
	    "ON t.entry_id = e.id WHERE e.stream = 'item:%s' AND "
	    "position('\"action\":\"%s\"'::bytea IN entry) > 0",
	    item, act);
	return (int)strtol(desk_sql(&b->desk, sql), NULL, 10);
}

static int
count(void *arg, const char *name, struct ex_err *err)
{
	(void)name;
	(void)err;
	++*(int *)arg;
	return 0;
}

int
bench_files(const char *dir)
{
	int n = 0;

	if (!ex_file_exists(dir))
		return 0;
	MUST(ex_dir_each(dir, count, &n, err));
	return n;
}

void
bench_copy(const char *from, const char *to)
{
	struct ex_buf b = EX_BUF_INIT;

	MUST(ex_file_read(&b, from, 64 << 20, err));
	MUST(ex_file_write(to, b.data, b.len, 0444, err));
	ex_buf_free(&b);
}

void
bench_flip(const char *path, long off)
{
	FILE *f;
	int c;

	assert_int_equal(chmod(path, 0600), 0);
	assert_non_null(f = fopen(path, "r+b"));
	assert_int_equal(fseek(f, off, off < 0 ? SEEK_END : SEEK_SET), 0);
	assert_int_not_equal(c = fgetc(f), EOF);
	assert_int_equal(fseek(f, -1, SEEK_CUR), 0);
	assert_int_equal(fputc(c ^ 1, f), c ^ 1);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0444), 0);
}
