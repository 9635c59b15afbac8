/*
 * test_remark.c -- entries about entries: late, corrected, annulled,
 * confirmed, erased.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/custody/claims.h"

#define HOUR (3600 * EX_SECOND)

static const struct claim late[] = {
	{ "before the item's last entry: a finding", EX_RECEIVED,
	    .a = { EX_ACT_LATE_ENTRY }, .says = "late-entry",
	    .to = "RECEIVED" },
	{ "of an act that there is not", EX_RECEIVED,
	    .a = { EX_ACT_LATE_ENTRY,
		.fields = "{'act':'teleport','source':'paper'}" },
	    .code = EX_FORMAT, .says = "no act \"teleport\"" },
	{ "of an act that is not done to an item", EX_RECEIVED,
	    .a = { EX_ACT_LATE_ENTRY,
		.fields = "{'act':'case_open','source':'paper'}" },
	    .code = EX_FORMAT, .says = "no act \"case_open\"" },
	{ "it fixes no state again", EX_IN_STORE,
	    .a = { EX_ACT_LATE_ENTRY,
		.fields = "{'act':'check_out','source':'memory',"
			  "'location':'BENCH-1'}" },
	    .says = "late-entry", .to = "IN_STORE" },
};

static const struct claim corrected[] = {
	{ "nothing", EX_RECEIVED, .a = { EX_ACT_CORRECT }, .code = EX_FORMAT,
	    .says = "names no entry" },
	{ "an entry of this item", EX_RECEIVED,
	    .a = { EX_ACT_CORRECT, .corrects = claim_head } },
	{ "a field of it", EX_RECEIVED,
	    .a = { EX_ACT_CORRECT, .fields = "{'field':'condition'}",
		.corrects = claim_head } },
	{ "a field that its act does not have", EX_RECEIVED,
	    .a = { EX_ACT_CORRECT, .fields = "{'field':'place'}",
		.corrects = claim_head },
	    .code = EX_FORMAT, .says = "receive has no place" },
	{ "an entry of another stream", EX_RECEIVED,
	    .a = { EX_ACT_CORRECT, .corrects = claim_elsewhere },
	    .code = EX_STATE, .says = "about something else" },
	{ "an entry that there is not", EX_RECEIVED,
	    .a = { EX_ACT_CORRECT, .corrects = claim_nothing },
	    .code = EX_ABSENT, .says = "no such entry" },
	{ "by an act that corrects nothing", EX_RECEIVED,
	    .a = { EX_ACT_NOTE, .corrects = claim_head }, .code = EX_FORMAT,
	    .says = "only correct names" },
};

static const struct claim about[] = {
	{ "confirmed", EX_RECEIVED, .a = { EX_ACT_CONFIRM } },
	{ "confirmed elsewhere", EX_RECEIVED,
	    .a = { EX_ACT_CONFIRM, .fields = "{'entry':'$OTHER'}" },
	    .code = EX_STATE, .says = "about something else" },
	{ "disowned elsewhere", EX_RECEIVED,
	    .a = { EX_ACT_DISOWN, .fields = "{'entry':'$OTHER'}" },
	    .code = EX_STATE, .says = "about something else" },
	{ "explained elsewhere", EX_RECEIVED,
	    .a = { EX_ACT_FINDING_EXPLAIN, .fields = "{'entry':'$OTHER'}" },
	    .code = EX_STATE, .says = "about something else" },
	{ "erased elsewhere", EX_RECEIVED,
	    .a = { EX_ACT_ERASE,
		.fields = "{'entry':'$OTHER','paths':['name_en']}" },
	    .code = EX_STATE, .says = "about something else" },
};

static const struct claim annulled[] = {
	{ "nothing", EX_RECEIVED, .a = { EX_ACT_ANNUL }, .code = EX_FORMAT,
	    .says = "names no entry" },
	{ "the last change", EX_IN_STORE,
	    .a = { EX_ACT_ANNUL, .annuls = claim_head }, .to = "RECEIVED" },
	{ "the first entry", EX_ANNOUNCED,
	    .a = { EX_ACT_ANNUL, .annuls = claim_head }, .code = EX_STATE,
	    .says = "the item's first entry" },
	{ "an entry of another stream", EX_IN_STORE,
	    .a = { EX_ACT_ANNUL, .annuls = claim_elsewhere }, .code = EX_STATE,
	    .says = "about another item" },
	{ "an entry that there is not", EX_IN_STORE,
	    .a = { EX_ACT_ANNUL, .annuls = claim_nothing }, .code = EX_ABSENT,
	    .says = "no such entry" },
	{ "by an act that annuls nothing", EX_IN_STORE,
	    .a = { EX_ACT_NOTE, .annuls = claim_head }, .code = EX_FORMAT,
	    .says = "only annul names" },
	{ "by one who neither did it nor has it", EX_CHECKED_OUT,
	    .a = { EX_ACT_ANNUL, .parties = "officer=S-OFF lab_head=S-HEAD",
		.annuls = claim_head },
	    .code = EX_DENIED, .says = "neither did it" },
	{ "by the one who has it", EX_CHECKED_OUT,
	    .a = { EX_ACT_ANNUL, .parties = "officer=S-EXAM lab_head=S-HEAD",
		.annuls = claim_head },
	    .to = "IN_STORE" },
	{ "by the one who did it", EX_AT_COURT,
	    .a = { EX_ACT_ANNUL, .parties = "officer=S-PROS lab_head=S-HEAD",
		.annuls = claim_head },
	    .to = "IN_TRANSIT" },
	{ "a statement, whenever", EX_IN_STORE,
	    .before = { { EX_ACT_PHOTOGRAPH } },
	    .a = { EX_ACT_ANNUL, .annuls = claim_head }, .to = "IN_STORE" },
	{ "a hold", EX_IN_STORE, .before = { { EX_ACT_HOLD_ON } },
	    .a = { EX_ACT_ANNUL, .annuls = claim_head }, .to = "IN_STORE" },
	{ "an annulment", EX_IN_STORE,
	    .before = { { EX_ACT_ANNUL, .annuls = claim_head } },
	    .a = { EX_ACT_ANNUL, .annuls = claim_head }, .code = EX_STATE,
	    .says = "later entries rest on it" },
	{ "what is final", EX_RETURNED,
	    .a = { EX_ACT_ANNUL, .annuls = claim_head }, .to = "IN_STORE" },
};

static void
late_entries_are_late_and_change_no_state(void **state)
{
	CLAIMS_HOLD(*state, late);
}

static void
a_correction_names_an_entry_and_a_field_of_it(void **state)
{
	CLAIMS_HOLD(*state, corrected);
}

static void
what_is_about_an_entry_is_about_one_of_this_item(void **state)
{
	CLAIMS_HOLD(*state, about);
}

static void
only_the_last_change_is_annulled(void **state)
{
	CLAIMS_HOLD(*state, annulled);
}

static void
stream_of(char out[EX_STREAM_TEXT], const char *id)
{
	(void)snprintf(out, EX_STREAM_TEXT, "item:%s", id);
}

/* What is late is late by its time, not by its name. */
static void
what_is_newest_is_not_late(void **state)
{
	struct house *h = *state;
	char stream[EX_STREAM_TEXT];
	struct ex_err why = EX_ERR_INIT;
	struct act a;

	stream_of(stream, house_bring(h, EX_RECEIVED));
	house_usual(&a, EX_ACT_LATE_ENTRY, stream);
	a.ago = 0;
	assert_int_equal(house_judge(h, &a, NULL, &why), -1);
	assert_int_equal(why.code, EX_STATE);
	assert_non_null(strstr(why.text, "enter the act itself"));
}

/* A late entry takes no place: the next act still follows the last one. */
static void
a_late_entry_moves_no_clock_back(void **state)
{
	struct house *h = *state;
	char stream[EX_STREAM_TEXT];
	struct ex_err why = EX_ERR_INIT;
	struct act a;

	stream_of(stream, house_bring(h, EX_RECEIVED));
	house_usual(&a, EX_ACT_LATE_ENTRY, stream);
	house_do(h, &a);
	house_usual(&a, EX_ACT_STORE, stream);
	a.ago = HOUR / 2;
	assert_int_equal(house_judge(h, &a, NULL, &why), -1);
	assert_non_null(strstr(why.text, "enter it late"));
}

/* What annulment must give back: everything that the act changed. */
static void
annulment_gives_everything_back(void **state)
{
	static const struct {
		enum ex_state in;
		enum ex_act act;
	} c[] = {
		{ EX_IN_STORE, EX_ACT_CHECK_OUT },
		{ EX_IN_STORE, EX_ACT_OFFER_TRANSFER },
		{ EX_IN_STORE, EX_ACT_HOLD_ON },
		{ EX_IN_STORE, EX_ACT_DISPOSE_APPROVE },
		{ EX_IN_STORE, EX_ACT_ENTRUST },
		{ EX_IN_STORE, EX_ACT_MISSING },
		{ EX_IN_TRANSIT, EX_ACT_ACCEPT_TRANSFER },
		{ EX_IN_TRANSIT, EX_ACT_PICK_UP },
		{ EX_IN_TRANSIT, EX_ACT_REFUSE_TRANSFER },
		{ EX_IN_TRANSIT, EX_ACT_CANCEL_TRANSFER },
		{ EX_CHECKED_OUT, EX_ACT_SEAL_BREAK },
		{ EX_OPENED, EX_ACT_SEAL_APPLY },
		{ EX_OPENED, EX_ACT_COMPONENT_OUT },
		{ EX_OPENED, EX_ACT_ACQUIRE_START },
		{ EX_ACQUIRING, EX_ACT_ACQUIRE_PAUSE },
		{ EX_RETURNED, EX_ACT_SEIZE },
		{ EX_MISSING, EX_ACT_FOUND },
		{ EX_STORED, EX_ACT_FIXITY_FAIL },
	};
	struct house *h = *state;

	for (size_t i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		char id[EX_ITEM_MAX + 1], stream[EX_STREAM_TEXT];
		struct ex_json *before, *after;
		struct act a;

		(void)snprintf(id, sizeof(id), "%s", house_bring(h, c[i].in));
		stream_of(stream, id);
		before = house_fact(h, "item", id);
		house_usual(&a, c[i].act, stream);
		house_do(h, &a);
		house_usual(&a, EX_ACT_ANNUL, stream);
		a.annuls = house_leaf(h, stream);
		house_do(h, &a);
		after = house_fact(h, "item", id);
		/* What was shown stays shown; the next to annul is none. */
		ex_json_unset(before, "findings");
		ex_json_unset(after, "findings");
		ex_json_unset(before, "last");
		ex_json_unset(after, "last");
		ex_json_unset(after, "annulled");
		if (!ex_json_equal(before, after))
			fail_msg("%s in %s is not taken back whole",
			    ex_act(c[i].act)->name, ex_state_name(c[i].in));
		ex_json_free(before);
		ex_json_free(after);
	}
}

/* Not the last change: refused, also when it would seem to change little. */
static void
what_others_rest_on_is_not_annulled(void **state)
{
	static const enum ex_act then[] = { EX_ACT_MOVE, EX_ACT_SEAL_CHECK,
		EX_ACT_HOLD_ON };
	struct house *h = *state;

	for (size_t i = 0; i < sizeof(then) / sizeof(then[0]); i++) {
		char stream[EX_STREAM_TEXT];
		struct ex_err why = EX_ERR_INIT;
		uint8_t leaf[EX_HASH];
		struct act a;

		stream_of(stream, house_bring(h, EX_IN_STORE));
		house_usual(&a, EX_ACT_HOLD_ON, stream);
		house_do(h, &a);
		memcpy(leaf, house_leaf(h, stream), EX_HASH);
		house_usual(&a, then[i], stream);
		house_do(h, &a);
		house_usual(&a, EX_ACT_ANNUL, stream);
		a.annuls = leaf;
		assert_int_equal(house_judge(h, &a, NULL, &why), -1);
		assert_int_equal(why.code, EX_STATE);
		assert_non_null(strstr(why.text, "later entries rest"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(late_entries_are_late_and_change_no_state),
		cmocka_unit_test(what_is_newest_is_not_late),
		cmocka_unit_test(a_late_entry_moves_no_clock_back),
		cmocka_unit_test(a_correction_names_an_entry_and_a_field_of_it),
		cmocka_unit_test(
		    what_is_about_an_entry_is_about_one_of_this_item),
		cmocka_unit_test(only_the_last_change_is_annulled),
		cmocka_unit_test(annulment_gives_everything_back),
		cmocka_unit_test(what_others_rest_on_is_not_annulled),
	};

	return cmocka_run_group_tests(
	    tests, house_group_open, house_group_close);
}
