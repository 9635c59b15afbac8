/*
 * test_bundle_stamps.c -- time-stamps in a bundle: whose count, and what they
 * say of when an entry was signed.
 *
 * The house's acts are of March 2026, the stamps of the day of the test.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/proc.h"
#include "signing/stamp.h"
#include "tests/custody/bundles.h"

static struct ex_roots *roots; /* the house's CA and the authority's */
static uint8_t authority[EX_SHA256_LEN];

static const char *
at(const struct scene *s, const char *name)
{
	static char path[4][EX_PATH];
	static size_t i;

	i = (i + 1) % 4;
	MUST(ex_path_join(path[i], EX_PATH, s->dir, name, err));
	return path[i];
}

static void
tsa(const struct scene *s, const char *verb, int in, struct ex_buf *out)
{
	const char *const argv[] = { "python3", "scripts/tsa.py", at(s, "tsa"),
		verb, NULL };
	struct ex_proc p = EX_PROC_INIT;
	int status = -1;

	p.path = argv[0];
	p.argv = argv;
	p.in = in;
	MUST(ex_proc_run(&p, out, 1 << 20, 60 * EX_SECOND, &status, err));
	assert_int_equal(status, 0);
}

static int
setup(void **state)
{
	struct ex_buf pem = EX_BUF_INIT, more = EX_BUF_INIT;
	struct ex_roots *own = NULL;
	struct scene *s;

	(void)scene_group_open(state);
	s = *state;
	tsa(s, "make", -1, NULL);
	MUST(ex_file_read(&pem, s->roots, 1 << 16, err));
	MUST(ex_file_read(&more, at(s, "tsa/root.pem"), 1 << 16, err));
	MUST(ex_roots_from_pem(&own, more.data, more.len, err));
	memcpy(authority, ex_roots_sha256(own, 0), EX_SHA256_LEN);
	MUST(ex_buf_add(&pem, more.data, more.len, err));
	MUST(ex_roots_from_pem(&roots, pem.data, pem.len, err));
	ex_roots_free(own);
	ex_buf_free(&pem);
	ex_buf_free(&more);
	return 0;
}

static int
teardown(void **state)
{
	ex_roots_free(roots);
	return scene_group_close(state);
}

/* The first size entries' checkpoint, or one that never was, stamped now. */
static void
stamp(struct scene *s, size_t size, int forged, struct ex_buf *lines,
    struct ex_buf *tsr)
{
	static const uint8_t nonce[EX_STAMP_NONCE] = { 0x41 };
	size_t all = s->house.nentries;
	struct ex_buf query = EX_BUF_INIT;
	uint8_t sha256[EX_SHA256_LEN];
	struct ex_checkpoint c;
	int in;

	s->house.nentries = size;
	house_root(&s->house, &c);
	s->house.nentries = all;
	c.root[0] ^= (uint8_t)forged;
	MUST(ex_checkpoint_text(lines, &c, err));
	ex_sha256(sha256, lines->data, lines->len);
	MUST(ex_stamp_request(&query, sha256, nonce, err));
	MUST(ex_file_write(at(s, "query"), query.data, query.len, 0600, err));
	in = open(at(s, "query"), O_RDONLY | O_CLOEXEC);
	assert_true(in != -1);
	tsa(s, "reply", in, tsr);
	(void)close(in);
	ex_buf_free(&query);
}

/* Bundle with such a stamp, and look at it with these roots. */
static void
check(struct scene *s, size_t size, int forged, const struct ex_trust *trust,
    struct ex_bundle_result *r)
{
	struct ex_buf lines = EX_BUF_INIT, tsr = EX_BUF_INIT;
	struct bundling b = { NULL };

	stamp(s, size, forged, &lines, &tsr);
	b.stamped = (struct ex_span){ lines.data, lines.len };
	b.tsr = (struct ex_span){ tsr.data, tsr.len };
	MUST(ex_bundle_check(
	    r, scene_bundle(s, scene_fresh(s), &b), trust, err));
	ex_buf_free(&lines);
	ex_buf_free(&tsr);
}

static void
a_stamp_bounds_when_it_was_signed(void **state)
{
	struct scene *s = *state;
	struct ex_trust trust = { s->trusted, roots };
	struct ex_bundle_result r;

	check(s, s->house.nentries, 0, &trust, &r);
	scene_is(&r, EX_CONSISTENT);
	assert_int_equal(r.nstamps, 1);
	assert_true(r.stamp[0].counts);
	assert_memory_equal(r.stamp[0].root, authority, EX_SHA256_LEN);
	for (size_t i = 0; i < r.nentries; i++) {
		assert_true(r.entry[i].not_after == r.stamp[0].time);
		assert_true(r.entry[i].not_before == 0);
	}
	ex_bundle_result_free(&r);
}

/* Who had seen what was stamped in November did not sign in March. */
static void
a_claim_outside_is_a_finding(void **state)
{
	struct scene *s = *state;
	struct ex_trust trust = { s->trusted, roots };
	struct ex_bundle_result r;
	size_t late = 0;

	check(s, 2, 0, &trust, &r);
	scene_is(&r, EX_FAULTY);
	assert_int_equal(r.faults, 0);
	assert_string_equal(scene_first(&r, EX_FINDING), "time-outside");
	for (size_t i = 0; i < r.nentries; i++) {
		assert_int_equal(
		    r.entry[i].not_before != 0, r.entry[i].seen > 2);
		late += r.entry[i].not_before != 0;
	}
	assert_int_equal(late, r.findings);
	ex_bundle_result_free(&r);
}

static void
an_authority_that_is_not_known_says_nothing(void **state)
{
	struct scene *s = *state;
	struct ex_trust trust = { s->trusted, s->ca };
	struct ex_bundle_result r;

	/* The same stamp as above, which then convicts nobody. */
	check(s, 2, 0, &trust, &r);
	scene_is(&r, EX_CONSISTENT);
	assert_int_equal(r.nstamps, 0);
	assert_true(scene_says(&r, "stamp-unknown"));
	ex_bundle_result_free(&r);
	trust.roots = NULL;
	check(s, 2, 0, &trust, &r);
	scene_is(&r, EX_CONSISTENT);
	ex_bundle_result_free(&r);
}

static void
a_stamp_of_another_history_is_a_fault(void **state)
{
	struct scene *s = *state;
	struct ex_trust trust = { s->trusted, roots };
	struct ex_bundle_result r;

	check(s, 12, 1, &trust, &r);
	scene_is(&r, EX_FAULTY);
	assert_string_equal(scene_first(&r, EX_FAULT), "stamp-root");
	ex_bundle_result_free(&r);
	check(s, s->house.nentries, 1, &trust, &r);
	scene_is(&r, EX_FAULTY);
	assert_string_equal(scene_first(&r, EX_FAULT), "stamp-root");
	ex_bundle_result_free(&r);
}

/* The answer to another question beside these lines. */
static void
a_stamp_of_other_lines_is_a_fault(void **state)
{
	struct scene *s = *state;
	struct ex_trust trust = { s->trusted, roots };
	struct ex_buf lines = EX_BUF_INIT, other = EX_BUF_INIT;
	struct ex_buf tsr = EX_BUF_INIT, wrong = EX_BUF_INIT;
	struct bundling b = { NULL };
	struct ex_bundle_result r;

	stamp(s, 12, 0, &lines, &tsr);
	stamp(s, 11, 0, &other, &wrong);
	b.stamped = (struct ex_span){ lines.data, lines.len };
	b.tsr = (struct ex_span){ wrong.data, wrong.len };
	MUST(ex_bundle_check(
	    &r, scene_bundle(s, scene_fresh(s), &b), &trust, err));
	scene_is(&r, EX_FAULTY);
	assert_string_equal(scene_first(&r, EX_FAULT), "stamp");
	ex_bundle_result_free(&r);
	ex_buf_free(&lines);
	ex_buf_free(&other);
	ex_buf_free(&tsr);
	ex_buf_free(&wrong);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stamp_bounds_when_it_was_signed),
		cmocka_unit_test(a_claim_outside_is_a_finding),
		cmocka_unit_test(an_authority_that_is_not_known_says_nothing),
		cmocka_unit_test(a_stamp_of_another_history_is_a_fault),
		cmocka_unit_test(a_stamp_of_other_lines_is_a_fault),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
