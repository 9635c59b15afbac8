/*
 * test_bundle_false.c -- bundles of a log that holds what its rules forbid.
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
item_act(struct scene *s, struct act *a, enum ex_act act)
{
	static char stream[EX_STREAM_TEXT];

	(void)snprintf(stream, sizeof(stream), "item:%s", s->item);
	house_usual(a, act, stream);
}

/* What the log holds against its own rules: the verifier asks them again. */
static void
the_log_is_not_believed_either(void **state)
{
	static const int stranger[] = { H_COUR, -1 }; /* not in this house */
	static const struct bundling whole;
	struct scene *s = *state;
	struct act a;

	item_act(s, &a, EX_ACT_SEAL_BREAK);
	scene_push(s, &a);
	scene_faulty(s, &whole, "entry-refused");
	scene_pop(s);
	item_act(s, &a, EX_ACT_NOTE);
	a.parties = "officer=S-COUR";
	scene_push(s, &a);
	scene_faulty(s, &whole, "entry-refused");
	scene_pop(s);
	item_act(s, &a, EX_ACT_NOTE);
	a.signers = stranger;
	scene_push(s, &a);
	scene_faulty(s, &whole, "entry-refused");
	scene_pop(s);
}

/* One item forked inside one growing tree: no witness objects to that. */
static void
an_item_forked_in_one_tree_is_seen(void **state)
{
	static const struct bundling whole;
	struct scene *s = *state;
	struct act a;

	item_act(s, &a, EX_ACT_SEAL_CHECK);
	a.parties = "holder=S-CUST";
	a.fields = "{'seal':'$SEAL','seal_state':'damaged'}";
	scene_push(s, &a);
	a.fields = "{'seal':'$SEAL','seal_state':'intact'}";
	scene_push(s, &a);
	scene_faulty(s, &whole, "chain-twice");
	scene_pop(s);
	scene_pop(s);
}

static void
change_root(struct ex_draft *d, struct ex_party *party)
{
	(void)d;
	party[0].seen_root[0] ^= 1;
}

static void
see_the_future(struct ex_draft *d, struct ex_party *party)
{
	(void)d;
	party[0].seen_size = 1000;
}

static void
what_a_signer_had_seen_convicts_the_log(void **state)
{
	static const struct bundling whole;
	struct scene *s = *state;
	struct act a;

	item_act(s, &a, EX_ACT_NOTE);
	a.tweak = change_root;
	scene_push(s, &a);
	scene_faulty(s, &whole, "seen-root");
	scene_pop(s);
}

static void
nobody_has_seen_the_future(void **state)
{
	static const struct bundling whole;
	struct scene *s = *state;
	struct act a;

	item_act(s, &a, EX_ACT_NOTE);
	a.tweak = see_the_future;
	scene_push(s, &a);
	scene_faulty(s, &whole, "seen-future");
	scene_pop(s);
}

static void
another_root(struct ex_draft *d, struct ex_party *party)
{
	(void)party;
	d->batch_id = "01890000-0000-7000-8000-00000000000c";
	d->batch_count = 1;
	memset(d->batch_root, 7, sizeof(d->batch_root));
}

static void
a_batch_is_what_its_root_says(void **state)
{
	static const struct bundling whole;
	struct scene *s = *state;
	struct act a;

	item_act(s, &a, EX_ACT_NOTE);
	a.tweak = another_root;
	scene_push(s, &a);
	scene_faulty(s, &whole, "batch");
	scene_pop(s);
}

/* The service's own list, over another root or too large a log. */
static void
false_heads_are_noticed(void **state)
{
	static const struct bundling whole;
	struct scene *s = *state;
	struct act a = { .act = EX_ACT_HEADS,
		.stream = "lab:" HOUSE_ORG,
		.parties = "service=LOG-1" };

	a.fields = "{'size':5,'count':9,'root':"
		   "'0123456789abcdef0123456789abcdef"
		   "0123456789abcdef0123456789abcdef'}";
	scene_push(s, &a);
	scene_faulty(s, &whole, "heads");
	scene_pop(s);
	a.fields = "{'size':5000,'count':9,'root':"
		   "'0123456789abcdef0123456789abcdef"
		   "0123456789abcdef0123456789abcdef'}";
	scene_push(s, &a);
	scene_faulty(s, &whole, "heads");
	scene_pop(s);
}

static void
a_report_is_the_one_that_was_signed(void **state)
{
	static const struct bundling b = { .report = "another report" };

	scene_faulty(*state, &b, "report");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_log_is_not_believed_either),
		cmocka_unit_test(an_item_forked_in_one_tree_is_seen),
		cmocka_unit_test(what_a_signer_had_seen_convicts_the_log),
		cmocka_unit_test(nobody_has_seen_the_future),
		cmocka_unit_test(a_batch_is_what_its_root_says),
		cmocka_unit_test(false_heads_are_noticed),
		cmocka_unit_test(a_report_is_the_one_that_was_signed),
	};

	return cmocka_run_group_tests(
	    tests, scene_group_open, scene_group_close);
}
