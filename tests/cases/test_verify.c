/*
 * test_verify.c -- a good image, harmed: noticed, named, and not written out.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/stat.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/cases/bench.h"

#include "base/codec.h"
#include "base/file.h"
#include "cases/image.h"
#include "cases/verify.h"
#include "hashing/digest.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static char vault[EX_PATH]; /* the folder of image D-1-I1 */
static char good[EX_PATH];  /* a copy of it, untouched */

/* Segment n of a set, counted from 1. */
static const char *
segment(const char *dir, int n)
{
	static char path[2][EX_PATH];
	static unsigned next;
	char *p = path[next++ % 2];

	(void)snprintf(p, EX_PATH, "%.4000s/D-1-I1.E%02d", dir, n);
	return p;
}

static void
copy_set(const char *from, const char *to)
{
	MUST(ex_remove_tree(to, err));
	MUST(ex_dir_make(to, 0700, err));
	for (int n = 1; ex_file_exists(segment(from, n)); n++)
		bench_copy(segment(from, n), segment(to, n));
}

static int
open_bench(void **state)
{
	struct ex_acquire a;

	(void)state;
	bench_open(&bench);
	bench_disk(&bench, "D-1");
	a = bench_request(&bench, "D-1");
	a.segment_size = 1 << 20;
	a.compression = "none";
	ex_json_free(bench_acquire(&bench, &a, 0));
	(void)snprintf(vault, sizeof(vault), "%s",
	    bench_house(&bench, "vault/images/D-1-I1"));
	(void)snprintf(good, sizeof(good), "%s", bench_dir(&bench, "good"));
	copy_set(vault, good);
	assert_true(ex_file_exists(segment(good, 4)));
	return 0;
}

/* Turn one bit behind the first or last place of a text in a file. */
static void
flip_behind(const char *path, const char *text, size_t n, size_t behind)
{
	struct ex_buf b = EX_BUF_INIT;
	size_t i = 0;

	MUST(ex_file_read(&b, path, 64 << 20, err));
	while (i + n < b.len && memcmp(&b.data[i], text, n) != 0)
		i++;
	assert_true(i + n < b.len);
	ex_buf_free(&b);
	bench_flip(path, (long)(i + behind));
}

static int
last_segment(void)
{
	int n = 1;

	while (ex_file_exists(segment(vault, n + 1)))
		n++;
	return n;
}

static void
flip_data(void)
{
	bench_flip(segment(vault, 2), 4000);
}

static void
flip_stored_md5(void)
{
	/* A section's name is followed by its descriptor of 76 bytes. */
	flip_behind(segment(vault, last_segment()), "hash\0\0\0\0", 8, 80);
}

static void
flip_header(void)
{
	flip_behind(segment(vault, 1), "header2\0", 8, 90);
}

static void
delete_last(void)
{
	assert_int_equal(unlink(segment(vault, last_segment())), 0);
}

static void
delete_middle(void)
{
	assert_int_equal(unlink(segment(vault, 2)), 0);
}

static void
delete_all(void)
{
	for (int n = last_segment(); n >= 1; n--)
		assert_int_equal(unlink(segment(vault, n)), 0);
}

static void
swap(void)
{
	char other[EX_PATH];

	(void)snprintf(other, sizeof(other), "%s/x", bench.work);
	bench_copy(segment(vault, 2), other);
	bench_copy(segment(vault, 3), segment(vault, 2));
	bench_copy(other, segment(vault, 3));
	assert_int_equal(unlink(other), 0);
}

static void
cut_short(void)
{
	const char *path = segment(vault, last_segment());

	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(truncate(path, 1000), 0);
}

static void
empty(void)
{
	assert_int_equal(chmod(segment(vault, 1), 0600), 0);
	assert_int_equal(truncate(segment(vault, 1), 0), 0);
}

static void
be_something_else(void)
{
	for (int n = last_segment(); n >= 1; n--) {
		const char *path = segment(vault, n);

		MUST(ex_file_write(path, "not an image", 12, 0444, err));
	}
}

static const struct harm {
	const char *what;
	void (*harm)(void);
	const char *verdict;
} harms[] = {
	{ "nothing", NULL, "ok" },
	{ "one bit of the data", flip_data, "container_damaged" },
	{ "one bit of the stored MD5", flip_stored_md5, NULL },
	{ "one bit of the header", flip_header, NULL },
	{ "the last segment deleted", delete_last, "container_damaged" },
	{ "a segment in the middle deleted", delete_middle,
	    "container_damaged" },
	{ "all segments deleted", delete_all, "unreadable" },
	{ "two segments swapped", swap, NULL },
	{ "the last segment cut short", cut_short, "container_damaged" },
	{ "the first segment emptied", empty, NULL },
	{ "another kind of file", be_something_else, NULL },
};

/* The verdict over one image; *status as the command's. */
static struct ex_json *
verify(const char *name, const char *at, int sign, int *status)
{
	struct ex_verify v = { .name = name, .at = at, .sign = sign };
	struct ex_json *told = NULL;

	MUST(ex_verify_run(&told, status, bench.desk.house, &v, err));
	return told;
}

static const struct ex_json *
first(const struct ex_json *told)
{
	return ex_json_at(ex_json_get(told, "images"), 0);
}

static void
every_harm_is_noticed_and_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(harms); i++) {
		struct ex_json *told;
		const char *verdict;
		int status = -1;

		copy_set(good, vault);
		if (harms[i].harm != NULL)
			harms[i].harm();
		told = verify("D-1-I1", NULL, 0, &status);
		verdict = ex_json_get_text(first(told), "verdict");
		print_message("  %s: %s: %s\n", harms[i].what, verdict,
		    ex_json_get_text(first(told), "text"));
		if (harms[i].harm == NULL) {
			assert_string_equal(verdict, "ok");
			assert_int_equal(status, 0);
		} else {
			assert_string_not_equal(verdict, "ok");
			assert_int_equal(status, 1);
			assert_true(
			    strlen(ex_json_get_text(first(told), "text")) > 0);
		}
		if (harms[i].verdict != NULL)
			assert_string_equal(verdict, harms[i].verdict);
		ex_json_free(told);
	}
	copy_set(good, vault);
}

/* A whole image of other bytes in the place of D-1-I1; its SHA-256. */
static void
forge(char sha256[EX_SHA256_HEX])
{
	const char *to[] = { bench_dir(&bench, "forged") };
	struct ex_acquire a = bench_request(&bench, "D-1");
	char source[EX_PATH], path[EX_PATH];
	struct ex_json *told;

	(void)snprintf(source, sizeof(source), "%s/forged.img", bench.work);
	bench_copy(bench.medium, source);
	bench_flip(source, 3 << 20);
	a.source = source;
	a.to = to;
	a.nto = 1;
	a.image = "D-1-F";
	a.segment_size = 1 << 20;
	a.compression = "none";
	told = bench_acquire(&bench, &a, 0);
	(void)snprintf(sha256, EX_SHA256_HEX, "%s",
	    ex_json_get_text(ex_json_get(told, "digests"), "sha256"));
	ex_json_free(told);
	MUST(ex_remove_tree(vault, err));
	MUST(ex_dir_make(vault, 0700, err));
	for (int n = 1;; n++) {
		(void)snprintf(
		    path, sizeof(path), "%.4000s/D-1-F.E%02d", to[0], n);
		if (!ex_file_exists(path))
			return;
		bench_copy(path, segment(vault, n));
	}
}

/*
 * Somebody puts a whole image of other bytes there, whose own digests are
 * right.  Then the signed entry is changed to suit as well, by one who may do
 * anything in the database.  The last test: this house is spoilt.
 */
static void
another_whole_image_is_no_match_nor_is_its_row(void **state)
{
	struct ex_verify v = { .name = "D-1-I1" };
	struct ex_err why = EX_ERR_INIT;
	char forged[EX_SHA256_HEX], sql[1024];
	struct ex_json *told;
	int status = -1;

	(void)state;
	forge(forged);
	told = verify("D-1-I1", NULL, 0, &status);
	assert_int_equal(status, 1);
	assert_string_equal(
	    ex_json_get_text(first(told), "verdict"), "digest_differs");
	assert_string_equal(
	    ex_json_get_text(ex_json_get(first(told), "expected"), "sha256"),
	    bench.sha256);
	assert_string_equal(
	    ex_json_get_text(ex_json_get(first(told), "digests"), "sha256"),
	    forged);
	ex_json_free(told);

	(void)snprintf(sql, sizeof(sql),
	    "ALTER TABLE exhibit.entry DISABLE TRIGGER ALL; "
	    "UPDATE exhibit.entry SET entry = decode(replace(encode(entry, "
	    "'hex'), encode('%s'::bytea, 'hex'), encode('%s'::bytea, 'hex')), "
	    "'hex') WHERE stream = 'item:D-1-I1' AND seq = 1",
	    bench.sha256, forged);
	(void)desk_sql(&bench.desk, sql);
	told = NULL;
	assert_int_equal(
	    ex_verify_run(&told, &status, bench.desk.house, &v, &why), -1);
	print_message("    %s\n", why.text);
	assert_int_equal(why.code, EX_DAMAGED);
	assert_non_null(strstr(why.text, "entry "));
	assert_null(told);
}

/* A verification is signed, whatever it found; the first that is well lifts
 * the image's state. */
static void
what_was_found_is_signed(void **state)
{
	void (*const signed_harm[])(void) = { flip_data, delete_all };
	struct ex_json *told;
	int status = -1;

	(void)state;
	told = verify("D-1-I1", NULL, 1, &status);
	assert_int_equal(status, 0);
	assert_int_equal(strlen(ex_json_get_text(first(told), "event")), 64);
	ex_json_free(told);
	assert_string_equal(bench_state(&bench, "D-1-I1"), "VERIFIED");
	for (size_t i = 0; i < COUNT(signed_harm); i++) {
		signed_harm[i]();
		told = verify("D-1-I1", NULL, 1, &status);
		assert_int_equal(status, 1);
		ex_json_free(told);
		copy_set(good, vault);
	}
	assert_int_equal(bench_count(&bench, "D-1-I1", "verify"), 3);
}

static void
an_item_stands_for_its_images_and_a_copy_for_its_folder(void **state)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_verify v = { .name = "D-9" };
	struct ex_json *told;
	int status = -1;

	(void)state;
	told = verify("D-1", NULL, 0, &status);
	assert_int_equal(status, 0);
	assert_int_equal(ex_json_count(ex_json_get(told, "images")), 1);
	ex_json_free(told);
	flip_data();
	told = verify("D-1-I1", good, 0, &status);
	assert_int_equal(status, 0);
	ex_json_free(told);
	told = verify("D-1-I1", NULL, 0, &status);
	assert_int_equal(status, 1);
	ex_json_free(told);
	copy_set(good, vault);
	assert_int_equal(
	    ex_verify_run(&told, &status, bench.desk.house, &v, &why), -1);
	assert_int_equal(why.code, EX_ABSENT);
}

static int
export_to(const char *to, int *status, struct ex_err *why)
{
	struct ex_image_export x = { .image = "D-1-I1", .to = to };
	struct ex_json *told = NULL;
	int rc;

	rc = ex_image_export(&told, status, bench.desk.house, &x, why);
	if (rc == 0 && *status == 0)
		assert_string_equal(
		    ex_json_get_text(told, "sha256"), bench.sha256);
	ex_json_free(told);
	return rc;
}

static void
raw_bytes_are_the_sources(void **state)
{
	struct ex_err why = EX_ERR_INIT;
	const char *dir = bench_dir(&bench, "raw");
	uint8_t sha256[EX_SHA256_LEN];
	char to[EX_PATH], hex[EX_SHA256_HEX];
	int status = -1;

	(void)state;
	(void)snprintf(to, sizeof(to), "%.4000s/out.raw", dir);
	assert_int_equal(export_to(to, &status, &why), 0);
	assert_int_equal(status, 0);
	MUST(ex_sha256_file(sha256, NULL, to, err));
	ex_hex(hex, sha256, sizeof(sha256));
	assert_string_equal(hex, bench.sha256);
	assert_int_equal(export_to(to, &status, &why), -1);
	assert_int_equal(why.code, EX_EXISTS);
	assert_int_equal(bench_files(dir), 1);
}

/* Nothing that differs from what was signed gets a name. */
static void
what_differs_is_not_written_out(void **state)
{
	const char *dir = bench_dir(&bench, "bad");
	char to[EX_PATH];

	(void)state;
	(void)snprintf(to, sizeof(to), "%.4000s/out.raw", dir);
	for (size_t i = 1; i < COUNT(harms); i++) {
		struct ex_err why = EX_ERR_INIT;
		int status = -1;

		/* What touches no media byte still gives the media. */
		if (harms[i].harm == flip_header ||
		    harms[i].harm == flip_stored_md5)
			continue;
		copy_set(good, vault);
		harms[i].harm();
		print_message("  %s\n", harms[i].what);
		if (export_to(to, &status, &why) == 0)
			assert_int_equal(status, 1);
		else
			assert_int_equal(why.code, EX_ABSENT);
		assert_int_equal(bench_files(dir), 0);
	}
	copy_set(good, vault);
}

static void
images_are_listed_and_shown(void **state)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_json *told = NULL;

	(void)state;
	MUST(ex_image_list(&told, bench.desk.house, err));
	assert_int_equal(ex_json_count(ex_json_get(told, "images")), 1);
	ex_json_free(told);
	MUST(ex_image_show(&told, bench.desk.house, "D-1-I1", err));
	assert_string_equal(ex_json_get_text(told, "item"), "D-1");
	assert_string_equal(ex_json_get_text(told, "case"), "C-1");
	assert_string_equal(
	    ex_json_get_text(ex_json_get(told, "digests"), "sha256"),
	    bench.sha256);
	ex_json_free(told);
	assert_int_equal(
	    ex_image_show(&told, bench.desk.house, "D-9", &why), -1);
	assert_int_equal(why.code, EX_ABSENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_harm_is_noticed_and_named),
		cmocka_unit_test(what_was_found_is_signed),
		cmocka_unit_test(
		    an_item_stands_for_its_images_and_a_copy_for_its_folder),
		cmocka_unit_test(raw_bytes_are_the_sources),
		cmocka_unit_test(what_differs_is_not_written_out),
		cmocka_unit_test(images_are_listed_and_shown),
		cmocka_unit_test(
		    another_whole_image_is_no_match_nor_is_its_row),
	};

	desk_programs();
	return cmocka_run_group_tests(tests, open_bench, bench_teardown);
}
