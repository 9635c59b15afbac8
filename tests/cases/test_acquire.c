/*
 * test_acquire.c -- an item imaged in a real house, and what is refused.
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

#include "base/file.h"
#include "cases/record.h"
#include "cases/history.h"
#include "hashing/digest.h"
#include "base/codec.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Is the file at path, of a segment or any, of this mode? */
static void
assert_mode(const char *path, mode_t mode)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
}

struct seen {
	const char *phase;
	uint64_t done, total;
	int back; /* it went backwards, or beyond its end */
	int phases;
};

static void
watch(void *arg, const char *phase, uint64_t done, uint64_t total)
{
	struct seen *s = arg;

	if (s->phase == NULL || strcmp(s->phase, phase) != 0) {
		s->phases++;
		s->done = 0;
		s->total = total;
	}
	if (done < s->done || done > total || total != s->total)
		s->back = 1;
	s->phase = phase;
	s->done = done;
}

static void
a_medium_goes_into_the_vault_and_into_the_log(void **state)
{
	struct ex_acquire a = bench_request(&bench, "D-1");
	struct seen seen = { .back = 0 };
	struct ex_json *told;
	const struct ex_json *segment;
	const char *path;

	(void)state;
	bench_disk(&bench, "D-1");
	a.progress = watch;
	a.progress_arg = &seen;
	told = bench_acquire(&bench, &a, 0);
	assert_string_equal(ex_json_get_text(told, "image"), "D-1-I1");
	assert_string_equal(ex_json_get_text(told, "result"), "complete");
	assert_int_equal(ex_json_get_int(told, "bytes", 0), BENCH_BYTES);
	assert_string_equal(
	    ex_json_get_text(ex_json_get(told, "digests"), "sha256"),
	    bench.sha256);
	assert_int_equal(ex_json_count(ex_json_get(told, "bad_ranges")), 0);
	assert_int_equal(ex_json_count(ex_json_get(told, "destinations")), 1);
	segment = ex_json_at(ex_json_get(told, "segments"), 0);
	path = ex_json_get_text(segment, "path");
	assert_mode(path, 0444);
	assert_int_equal(strlen(ex_json_get_text(told, "event")), 64);
	assert_string_equal(bench_state(&bench, "D-1"), "OPENED");
	assert_string_equal(bench_state(&bench, "D-1-I1"), "CREATED");
	assert_int_equal(bench_count(&bench, "D-1", "acquire_start"), 1);
	assert_int_equal(bench_count(&bench, "D-1", "acquire_end"), 1);
	assert_int_equal(bench_count(&bench, "D-1-I1", "create"), 1);
	assert_int_equal(bench_files(bench_house(&bench, "pending")), 0);
	assert_int_equal(
	    bench_files(bench_house(&bench, "vault/images/D-1-I1")), 1);
	assert_false(seen.back);
	assert_int_equal(seen.phases, 2);
	assert_string_equal(seen.phase, "verify");
	assert_int_equal(seen.done, seen.total);
	ex_json_free(told);
}

/* The entry of an act in the record of an item; NULL. */
static const struct ex_record_entry *
entry_of(const struct ex_record *r, const char *item, enum ex_act act)
{
	for (size_t i = r->nentries; i-- > 0;)
		if (ex_record_of_item(r->entry[i], item) &&
		    r->entry[i]->admission.event.act == act)
			return r->entry[i];
	fail_msg("%s has no such entry", item);
	return NULL;
}

static void
assert_field(
    const struct ex_record_entry *e, const char *name, const char *want)
{
	const char *is = ex_event_text(&e->admission.event, name);

	if (is == NULL || strcmp(is, want) != 0)
		fail_msg(
		    "%s: \"%s\", not \"%s\"", name, is == NULL ? "" : is, want);
}

static void
assert_whole_number(
    const struct ex_record_entry *e, const char *name, int64_t want)
{
	assert_int_equal(
	    ex_json_get_int(e->admission.event.fields, name, -1), want);
}

/* Everything logged is true: each field against what we know. */
static void
what_was_signed_is_true(void **state)
{
	const struct ex_record_entry *e;
	const struct ex_json *set;
	struct ex_record r;

	(void)state;
	MUST(ex_record_open(&r, bench.desk.house, "item:D-1", err));
	e = entry_of(&r, "D-1", EX_ACT_ACQUIRE_START);
	assert_field(e, "method", "logical");
	assert_field(e, "write_protection", "unknown");
	assert_field(e, "serial_match", "unknown");
	assert_field(e, "authority", "W-1");
	assert_field(e, "competence", "none");
	assert_field(e, "format", "e01");
	assert_whole_number(e, "size", BENCH_BYTES);
	assert_string_equal(ex_record_text(e, "source"), bench.medium);
	assert_non_null(ex_record_text(e, "command"));
	set = ex_json_get(e->admission.event.fields, "device");
	assert_string_equal(ex_json_get_text(set, "hpa"), "unknown");
	assert_string_equal(ex_json_get_text(set, "dco"), "unknown");
	assert_string_equal(ex_json_get_text(set, "smart"), "unknown");
	assert_string_equal(ex_json_get_text(set, "kind"), "file");
	set = ex_json_get(e->admission.event.fields, "environment");
	assert_int_equal(strlen(ex_json_get_text(set, "program_sha256")), 64);

	e = entry_of(&r, "D-1", EX_ACT_ACQUIRE_END);
	assert_field(e, "result", "complete");
	assert_field(e, "image", "D-1-I1");
	assert_field(e, "verified", "ok");
	assert_whole_number(e, "bytes_read", BENCH_BYTES);
	assert_whole_number(e, "bytes_expected", BENCH_BYTES);
	assert_whole_number(e, "bad_sectors", 0);
	assert_int_equal(ex_json_count(e->admission.event.digests), 3);
	set = ex_json_get(e->admission.event.fields, "settings");
	assert_string_equal(ex_json_get_text(set, "compression"), "fast");
	assert_int_equal(ex_json_get_int(set, "retries", -1), 2);
	assert_int_equal(ex_json_get_int(set, "granularity", -1), 1);
	assert_int_equal(ex_json_get_int(set, "destinations_good", -1), 1);
	assert_int_equal(
	    ex_json_get_int(set, "segment_size", -1), INT64_C(1500) << 20);
	assert_non_null(strstr(ex_json_get_text(set, "writer"), "libewf"));
	assert_non_null(strstr(ex_json_get_text(set, "reader"), "libewf"));
	assert_string_equal(
	    ex_json_get_text(set, "reader_jail"), "landlock-seccomp");
	ex_record_free(&r);

	MUST(ex_record_open(&r, bench.desk.house, "item:D-1-I1", err));
	e = entry_of(&r, "D-1-I1", EX_ACT_CREATE);
	assert_field(e, "parent", "D-1");
	assert_field(e, "relation", "image_of");
	assert_whole_number(e, "size", BENCH_BYTES);
	assert_whole_number(e, "segment_count", 1);
	assert_int_equal(ex_json_count(e->admission.event.digests), 3);
	assert_string_equal(ex_record_text(e, "destinations/0"),
	    bench_house(&bench, "vault/images/D-1-I1"));
	ex_record_free(&r);
}

static void
the_next_image_has_the_next_name(void **state)
{
	struct ex_acquire a = bench_request(&bench, "D-1");
	struct ex_json *told;

	(void)state;
	a.format = "raw";
	a.algs = EX_ALG_BIT(EX_SHA512) | EX_ALG_BIT(EX_SHA3_256) |
		 EX_ALG_BIT(EX_BLAKE2B);
	told = bench_acquire(&bench, &a, 0);
	assert_string_equal(ex_json_get_text(told, "image"), "D-1-I2");
	for (unsigned alg = 0; alg < EX_ALGS; alg++)
		assert_non_null(ex_json_get_text(ex_json_get(told, "digests"),
		    ex_alg_name((enum ex_alg)alg)));
	assert_string_equal(
	    ex_json_get_text(
		ex_json_at(ex_json_get(told, "segments"), 0), "sha256"),
	    bench.sha256);
	ex_json_free(told);
}

static void
each_destination_gets_a_copy_and_the_vault_none(void **state)
{
	const char *to[] = { bench_dir(&bench, "one"),
		bench_dir(&bench, "two") };
	struct ex_acquire a = bench_request(&bench, "D-1");
	struct seen seen = { .back = 0 };
	struct ex_json *told;

	(void)state;
	a.to = to;
	a.nto = 2;
	a.image = "D-1-COPY";
	a.segment_size = 1 << 20;
	a.progress = watch;
	a.progress_arg = &seen;
	told = bench_acquire(&bench, &a, 0);
	assert_false(seen.back);
	assert_int_equal(ex_json_count(ex_json_get(told, "destinations")), 2);
	assert_true(ex_json_count(ex_json_get(told, "segments")) > 1);
	assert_int_equal(bench_files(to[0]), bench_files(to[1]));
	assert_int_equal((size_t)bench_files(to[0]),
	    ex_json_count(ex_json_get(told, "segments")));
	assert_false(
	    ex_file_exists(bench_house(&bench, "vault/images/D-1-COPY")));
	ex_json_free(told);
}

/*
 * Refused before anybody signs: no entry, no file, and the state it had.
 * prepare() makes what the case needs.
 */
static const struct refusal {
	const char *what;
	const char *item, *source, *image, *format, *to;
	enum ex_code want;
	const char *says;
} refused[] = {
	{ "no such item", "D-9", "medium.img", NULL, NULL, NULL, EX_ABSENT,
	    "D-9" },
	{ "a source that is missing", "D-1", "none.img", NULL, NULL, NULL,
	    EX_ABSENT, "none.img" },
	{ "an empty source", "D-1", "empty.img", NULL, NULL, NULL, EX_STATE,
	    "empty.img" },
	{ "a folder as source", "D-1", "one", NULL, NULL, NULL, EX_STATE,
	    "one" },
	{ "a device that is neither", "D-1", "/dev/null", NULL, NULL, NULL,
	    EX_STATE, "/dev/null" },
	{ "a name that is taken", "D-1", "medium.img", "D-1-I1", NULL, NULL,
	    EX_EXISTS, "D-1-I1" },
	{ "a name with a path in it", "D-1", "medium.img", "../D", NULL, NULL,
	    EX_USAGE, "../D" },
	{ "an unknown format", "D-1", "medium.img", NULL, "aff", NULL, EX_USAGE,
	    "aff" },
	{ "a destination that is missing", "D-1", "medium.img", NULL, NULL,
	    "none", EX_ABSENT, "none" },
	{ "a destination that is a file", "D-1", "medium.img", NULL, NULL,
	    "medium.img", EX_STATE, "medium.img" },
	{ "a destination with files of that name", "D-1", "medium.img",
	    "D-1-TAKEN", NULL, "taken", EX_EXISTS, "D-1-TAKEN" },
	{ "a source in its own image set", "D-1", "own/D-1-OWN.E01", "D-1-OWN",
	    NULL, "own", EX_STATE, "D-1-OWN" },
	{ "a sealed item", "D-2", "medium.img", NULL, NULL, NULL, EX_STATE,
	    "D-2" },
};

static void
try_refused(const struct refusal *c)
{
	struct ex_acquire a = bench_request(&bench, c->item);
	int images = bench_files(bench_house(&bench, "vault/images"));
	struct ex_err why = EX_ERR_INIT;
	char source[4096], to[4096];
	const char *dirs[] = { to };
	struct ex_json *told = NULL;
	char entries[64];
	int status = -1;

	(void)snprintf(entries, sizeof(entries), "%s",
	    desk_sql(&bench.desk, "SELECT count(*) FROM exhibit.entry"));
	(void)snprintf(source, sizeof(source), "%s%s%s",
	    c->source[0] == '/' ? "" : bench.work,
	    c->source[0] == '/' ? "" : "/", c->source);
	(void)snprintf(
	    to, sizeof(to), "%s/%s", bench.work, c->to == NULL ? "" : c->to);
	a.source = source;
	a.image = c->image;
	a.format = c->format;
	a.to = dirs;
	a.nto = c->to == NULL ? 0 : 1;
	print_message("  %s\n", c->what);
	assert_int_equal(
	    ex_acquire_run(&told, &status, bench.desk.house, &a, &why), -1);
	print_message("    %s\n", why.text);
	assert_int_equal(why.code, c->want);
	assert_non_null(strstr(why.text, c->says));
	assert_null(told);
	assert_string_equal(
	    desk_sql(&bench.desk, "SELECT count(*) FROM exhibit.entry"),
	    entries);
	assert_int_equal(bench_files(bench_house(&bench, "pending")), 0);
	assert_int_equal(
	    bench_files(bench_house(&bench, "vault/images")), images);
}

static void
what_is_refused_leaves_nothing(void **state)
{
	char path[4096];

	(void)state;
	bench_sealed_disk(&bench, "D-2");
	(void)snprintf(path, sizeof(path), "%s/empty.img", bench.work);
	MUST(ex_file_write(path, "", 0, 0444, err));
	(void)snprintf(
	    path, sizeof(path), "%s/D-1-TAKEN.E01", bench_dir(&bench, "taken"));
	MUST(ex_file_write(path, "x", 1, 0444, err));
	(void)snprintf(
	    path, sizeof(path), "%s/D-1-OWN.E01", bench_dir(&bench, "own"));
	MUST(ex_file_write(path, "not empty", 9, 0444, err));
	for (size_t i = 0; i < COUNT(refused); i++)
		try_refused(&refused[i]);
	assert_string_equal(bench_state(&bench, "D-1"), "OPENED");
}

static void
who_does_not_hold_the_item_cannot_image_it(void **state)
{
	struct ex_acquire a = bench_request(&bench, "D-1");
	struct ex_err why = EX_ERR_INIT;
	struct ex_json *told = NULL;
	int status = -1;

	(void)state;
	desk_seat(&bench.desk, "custodian", NULL);
	assert_int_equal(
	    ex_acquire_run(&told, &status, bench.desk.house, &a, &why), -1);
	print_message("    %s\n", why.text);
	assert_int_equal(why.code, EX_DENIED);
	desk_seat(&bench.desk, "examiner", NULL);
	assert_string_equal(bench_state(&bench, "D-1"), "OPENED");
}

static void
nothing_to_abandon_is_said(void **state)
{
	struct ex_acquire a = bench_request(&bench, "D-1");
	struct ex_err why = EX_ERR_INIT;
	struct ex_json *told = NULL;
	int status = -1;

	(void)state;
	a.source = NULL;
	a.abandon = 1;
	assert_int_equal(
	    ex_acquire_run(&told, &status, bench.desk.house, &a, &why), -1);
	assert_int_equal(why.code, EX_STATE);
	a.abandon = 0;
	a.resume = 1;
	a.source = bench.medium;
	ex_err_clear(&why);
	assert_int_equal(
	    ex_acquire_run(&told, &status, bench.desk.house, &a, &why), -1);
	assert_int_equal(why.code, EX_STATE);
}

static void
the_source_is_as_it_was(void **state)
{
	char hex[65];
	uint8_t sha256[32];

	(void)state;
	MUST(ex_sha256_file(sha256, NULL, bench.medium, err));
	ex_hex(hex, sha256, sizeof(sha256));
	assert_string_equal(hex, bench.sha256);
	assert_mode(bench.medium, 0444);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_medium_goes_into_the_vault_and_into_the_log),
		cmocka_unit_test(what_was_signed_is_true),
		cmocka_unit_test(the_next_image_has_the_next_name),
		cmocka_unit_test(
		    each_destination_gets_a_copy_and_the_vault_none),
		cmocka_unit_test(what_is_refused_leaves_nothing),
		cmocka_unit_test(who_does_not_hold_the_item_cannot_image_it),
		cmocka_unit_test(nothing_to_abandon_is_said),
		cmocka_unit_test(the_source_is_as_it_was),
	};

	desk_programs();
	return cmocka_run_group_tests(tests, bench_setup, bench_teardown);
}
