/*
 * test_bundle.c -- bundles as an honest laboratory writes them, and with
 * something left out.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tests/custody/bundles.h"

static void
a_whole_bundle_is_consistent(void **state)
{
	static const struct bundling whole;
	struct scene *s = *state;
	struct ex_bundle_result r;

	scene_check(s, scene_bundle(s, scene_fresh(s), &whole), &r);
	scene_is(&r, EX_CONSISTENT);
	assert_int_equal(ex_verdict_exit(r.verdict), 3);
	assert_int_equal(r.faults + r.findings, 0);
	assert_string_equal(r.subject, "case:" HOUSE_CASE);
	assert_int_equal(r.checkpoint.size, s->house.nentries);
	/* The other case's two streams are not in it. */
	assert_int_equal(r.nentries, s->house.nentries - 2);
	assert_int_equal(r.nstreams, 4);
	assert_true(r.signatures > r.nentries);
	assert_int_equal(r.heads, 1);
	assert_int_equal(r.heads_size, s->house.nentries - 1);
	assert_int_equal(r.nroots, 1);
	assert_true(r.nprefixes >= 2);
	for (size_t i = 0; i < r.nentries; i++)
		assert_true(r.entry[i].proven && r.entry[i].admitted);
	ex_bundle_result_free(&r);
}

static void
a_bundle_of_one_item_is_consistent(void **state)
{
	struct scene *s = *state;
	char subject[EX_STREAM_TEXT];
	struct bundling one = { .subject = subject };
	struct ex_bundle_result r;

	(void)snprintf(subject, sizeof(subject), "item:%s", s->item);
	scene_check(s, scene_bundle(s, scene_fresh(s), &one), &r);
	scene_is(&r, EX_CONSISTENT);
	assert_int_equal(r.nstreams, 3);
	/* Its batch is of two, and the other one is not here. */
	assert_true(scene_says(&r, "batch-part"));
	ex_bundle_result_free(&r);
}

static void
a_redacted_bundle_still_verifies_and_hides(void **state)
{
	static const struct bundling redacted = { .redact = 1 };
	struct scene *s = *state;
	const char *path = scene_bundle(s, scene_fresh(s), &redacted);
	const char *grep[] = { "grep", "-r", "as it was", path, NULL };
	struct ex_bundle_result r;

	scene_check(s, path, &r);
	scene_is(&r, EX_CONSISTENT);
	assert_true(r.withheld > 5);
	ex_bundle_result_free(&r);
	assert_int_equal(scene_run(NULL, grep), 1);
	/* The same look finds it where it is not withheld. */
	grep[3] = scene_bundle(s, scene_fresh(s), &(struct bundling){ 0 });
	assert_int_equal(scene_run(NULL, grep), 0);
}

static void
trust_is_the_verifiers(void **state)
{
	static const struct bundling whole;
	struct scene *s = *state;
	const char *path = scene_bundle(s, scene_fresh(s), &whole);
	struct ex_trust trust = { NULL, NULL };
	struct ex_bundle_result r;
	struct house other;
	struct ex_buf pem = EX_BUF_INIT, text = EX_BUF_INIT;
	struct ex_policy *policy = NULL;
	struct ex_roots *roots = NULL;
	char vkey[EX_VKEY_TEXT];

	/* Nothing brought along: the hints are used, and only hints. */
	MUST(ex_bundle_check(&r, path, &trust, err));
	scene_is(&r, EX_CONSISTENT);
	ex_bundle_result_free(&r);
	/* Another laboratory's CA, another log. */
	house_open_few(&other);
	MUST(ex_cert_to_pem(&pem, other.ca.data, other.ca.len, err));
	MUST(ex_roots_from_pem(&roots, pem.data, pem.len, err));
	MUST(ex_vkey_text(vkey, &other.vkey, err));
	MUST(ex_buf_addf(&text, err, "log %s\nquorum none\n", vkey));
	MUST(ex_policy_read(&policy, text.data, text.len, err));
	trust = (struct ex_trust){ s->trusted, roots };
	MUST(ex_bundle_check(&r, path, &trust, err));
	scene_is(&r, EX_FAULTY);
	assert_string_equal(scene_first(&r, EX_FAULT), "certificate");
	ex_bundle_result_free(&r);
	trust = (struct ex_trust){ policy, s->ca };
	MUST(ex_bundle_check(&r, path, &trust, err));
	scene_is(&r, EX_FAULTY);
	assert_string_equal(scene_first(&r, EX_FAULT), "policy");
	ex_bundle_result_free(&r);
	ex_policy_free(policy);
	ex_roots_free(roots);
	ex_buf_free(&pem);
	ex_buf_free(&text);
	house_close(&other);
}

static void
others_anchor_it(void **state)
{
	struct scene *s = *state;
	struct bundling b = { .cosign = "w.example/court" };
	struct ex_key *witness = NULL, *stranger = NULL;
	char vkey[EX_VKEY_TEXT], wkey[EX_VKEY_TEXT];
	struct ex_buf text = EX_BUF_INIT;
	struct ex_trust trust = { NULL, s->ca };
	struct ex_policy *policy = NULL;
	struct ex_bundle_result r;
	struct ex_vkey w;

	MUST(ex_key_new(&witness, EX_KEY_ED25519, err));
	MUST(ex_key_new(&stranger, EX_KEY_ED25519, err));
	MUST(ex_vkey_of(&w, b.cosign, EX_NOTE_COSIGNATURE, witness, err));
	MUST(ex_vkey_text(wkey, &w, err));
	MUST(ex_vkey_text(vkey, &s->house.vkey, err));
	MUST(ex_buf_addf(&text, err, "log %s\nwitness court %s\nquorum court\n",
	    vkey, wkey));
	MUST(ex_policy_read(&policy, text.data, text.len, err));
	trust.policy = policy;
	b.witness_key = witness;
	MUST(ex_bundle_check(
	    &r, scene_bundle(s, scene_fresh(s), &b), &trust, err));
	scene_is(&r, EX_ANCHORED);
	assert_int_equal(ex_verdict_exit(r.verdict), 0);
	ex_bundle_result_free(&r);
	/* Without roots nobody knows whose keys signed. */
	trust.roots = NULL;
	MUST(ex_bundle_check(
	    &r, scene_bundle(s, scene_fresh(s), &b), &trust, err));
	scene_is(&r, EX_CONSISTENT);
	ex_bundle_result_free(&r);
	/* A stranger under the witness's name is a stranger. */
	trust.roots = s->ca;
	b.witness_key = stranger;
	MUST(ex_bundle_check(
	    &r, scene_bundle(s, scene_fresh(s), &b), &trust, err));
	scene_is(&r, EX_CONSISTENT);
	assert_true(scene_says(&r, "quorum"));
	ex_bundle_result_free(&r);
	ex_policy_free(policy);
	ex_key_free(witness);
	ex_key_free(stranger);
	ex_buf_free(&text);
}

/* Index of the newest entry of an item's stream. */
static uint64_t
last_of(const struct scene *s, const char *item)
{
	size_t i = s->house.nentries;

	while (i-- > 0)
		if (strcmp(s->house.entry[i].stream.id, item) == 0)
			return i;
	fail_msg("no entry of %s", item);
	return 0;
}

static void
what_is_left_out_is_missed(void **state)
{
	struct scene *s = *state;
	char other[EX_STREAM_TEXT];
	const struct bundling no_item = { .skip_stream = other };
	struct bundling b = { .has_skip = 1 };

	(void)snprintf(other, sizeof(other), "item:%s", s->other);
	scene_faulty(s, &no_item, "heads-items");
	scene_faulty(s, &b, "genesis"); /* index 0 */
	b.skip_index = 3;
	scene_faulty(s, &b, "chain-gap");
	b.skip_index = last_of(s, s->other);
	scene_faulty(s, &b, "heads-differ");
	b.skip_index = last_of(s, s->item) - 1;
	scene_faulty(s, &b, "chain-gap");
}

static void
there_must_be_something_to_look_at(void **state)
{
	struct scene *s = *state;
	const struct ex_trust trust = { s->trusted, s->ca };
	struct ex_err why = EX_ERR_INIT;
	struct ex_bundle_result r;

	assert_int_equal(
	    ex_bundle_check(&r, "/nonexistent/bundle", &trust, &why), -1);
	assert_int_equal(why.code, EX_ABSENT);
	ex_bundle_result_free(&r);
	ex_err_clear(&why);
	assert_int_equal(ex_bundle_check(&r, s->roots, &trust, &why), -1);
	assert_int_equal(why.code, EX_FORMAT);
	ex_bundle_result_free(&r);
	/* An empty folder is a bundle of which everything is missing. */
	MUST(ex_bundle_check(&r, s->dir, &trust, err));
	assert_int_equal(r.verdict, EX_FAULTY);
	ex_bundle_result_free(&r);
}

/* The writer leaves nothing half done behind, and replaces nothing. */
static void
the_writer_refuses_what_would_not_hold(void **state)
{
	static const struct bundling whole;
	struct scene *s = *state;
	const char *there = scene_bundle(s, scene_fresh(s), &whole);
	const struct house_entry *e = &s->house.entry[0];
	struct ex_tree_proof none = { 0 };
	struct ex_bundle_item item = { .entry = e->bytes.data,
		.nentry = e->bytes.len,
		.openings = e->openings.data,
		.nopenings = e->openings.len,
		.proof = &none };
	struct ex_bundle_writer *w = NULL;
	struct ex_err why = EX_ERR_INIT;
	struct ex_buf n = EX_BUF_INIT;
	struct ex_stream subject;
	char path[128];

	house_note(&s->house, &n);
	MUST(ex_stream_read(&subject, "case:" HOUSE_CASE, err));
	assert_int_equal(
	    ex_bundle_begin(&w, there, &subject, n.data, n.len, &why), -1);
	assert_int_equal(why.code, EX_EXISTS);
	(void)snprintf(path, sizeof(path), "%s/%s", s->dir, scene_fresh(s));
	MUST(ex_bundle_begin(&w, path, &subject, n.data, n.len, err));
	ex_err_clear(&why);
	assert_int_equal(ex_bundle_add(w, &item, &why), -1);
	assert_int_equal(why.code, EX_DAMAGED);
	ex_err_clear(&why);
	assert_int_equal(ex_bundle_add_file(w, "../x", "x", 1, &why), -1);
	assert_int_equal(why.code, EX_USAGE);
	ex_bundle_writer_free(w);
	assert_false(ex_file_exists(path));
	ex_buf_free(&n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_bundle_is_consistent),
		cmocka_unit_test(a_bundle_of_one_item_is_consistent),
		cmocka_unit_test(a_redacted_bundle_still_verifies_and_hides),
		cmocka_unit_test(trust_is_the_verifiers),
		cmocka_unit_test(others_anchor_it),
		cmocka_unit_test(what_is_left_out_is_missed),
		cmocka_unit_test(there_must_be_something_to_look_at),
		cmocka_unit_test(the_writer_refuses_what_would_not_hold),
	};

	return cmocka_run_group_tests(
	    tests, scene_group_open, scene_group_close);
}
