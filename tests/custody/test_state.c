/*
 * test_state.c -- every act in every state: allowed, and where to; or refused.
 *
 * The table here is written from the domain model, not from custody/state.c.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/custody/house.h"

#define NEVER_MISSING                                                      \
	"SEIZED ANNOUNCED RECEIVED IN_STORE CHECKED_OUT OPENED ACQUIRING " \
	"IN_PARENT IN_TRANSIT AT_COURT AT_EXTERNAL HELD_BY_OTHER"
#define OPEN	NEVER_MISSING " MISSING"
#define FINAL	"RETURNED DISPOSED TRANSFERRED_OUT"
#define CHECKED "VERIFIED STORED REPLICATED ARCHIVED"
#define DIGITAL "CREATED " CHECKED
#define ALIVE	OPEN " " DIGITAL
#define ENTERED ALIVE " " FINAL " PURGED"
#define HELD	"CHECKED_OUT OPENED ACQUIRING"
#define SEALED_OR_NOT                                                      \
	"SEIZED ANNOUNCED RECEIVED IN_STORE CHECKED_OUT OPENED ACQUIRING " \
	"IN_TRANSIT AT_COURT AT_EXTERNAL HELD_BY_OTHER"

/* "=": the same state; "<": that before. */
static const struct row {
	enum ex_act act;
	const char *from;
	const char *to;
} table[] = {
	{ EX_ACT_SEIZE, "NOWHERE SEIZED " FINAL, "SEIZED" },
	{ EX_ACT_PACKAGE, "NOWHERE SEIZED " FINAL, "SEIZED" },
	{ EX_ACT_ANNOUNCE, "NOWHERE SEIZED", "ANNOUNCED" },
	{ EX_ACT_RECEIVE, "SEIZED ANNOUNCED", "RECEIVED" },
	{ EX_ACT_REFUSE_RECEIPT, "ANNOUNCED", "=" },
	{ EX_ACT_CREATE, "NOWHERE", "OPENED" },
	{ EX_ACT_IMPORT, "NOWHERE", "CREATED" },
	{ EX_ACT_STORE, "RECEIVED", "IN_STORE" },
	{ EX_ACT_MOVE, "IN_STORE", "=" },
	{ EX_ACT_CHECK_OUT, "RECEIVED IN_STORE", "CHECKED_OUT" },
	{ EX_ACT_CHECK_IN, "CHECKED_OUT", "IN_STORE" },
	{ EX_ACT_HAND_OVER, HELD, "=" },
	{ EX_ACT_TAKE_OVER, HELD " IN_TRANSIT", "=" },
	/* In RECEIVED, IN_STORE, CHECKED_OUT only without an intact seal:
	 * test_seal. */
	{ EX_ACT_SEAL_APPLY, "SEIZED", "=" },
	{ EX_ACT_SEAL_APPLY, "OPENED", "CHECKED_OUT" },
	{ EX_ACT_SEAL_BREAK, "CHECKED_OUT", "OPENED" },
	{ EX_ACT_COMPONENT_OUT, "OPENED", "=" },
	{ EX_ACT_SPLIT, "OPENED", "=" },
	/* OPENED, and the parent as well: test_parts. */
	{ EX_ACT_COMPONENT_IN, "", "" },
	{ EX_ACT_ACQUIRE_START, "OPENED SEIZED HELD_BY_OTHER", "ACQUIRING" },
	{ EX_ACT_ACQUIRE_PAUSE, "ACQUIRING", "OPENED" },
	{ EX_ACT_ACQUIRE_END, "ACQUIRING", "OPENED" },
	{ EX_ACT_OFFER_TRANSFER, "RECEIVED IN_STORE CHECKED_OUT",
	    "IN_TRANSIT" },
	{ EX_ACT_ACCEPT_TRANSFER, "IN_TRANSIT", "AT_COURT" },
	{ EX_ACT_REFUSE_TRANSFER, "IN_TRANSIT", "=" },
	{ EX_ACT_CANCEL_TRANSFER, "IN_TRANSIT", "IN_STORE" },
	{ EX_ACT_PICK_UP, "IN_TRANSIT", "=" },
	{ EX_ACT_COURT_RETURN, "AT_COURT AT_EXTERNAL", "IN_TRANSIT" },
	{ EX_ACT_ENTRUST, "SEIZED IN_STORE AT_COURT", "HELD_BY_OTHER" },
	{ EX_ACT_RECALL, "HELD_BY_OTHER", "IN_TRANSIT" },
	{ EX_ACT_RETURN_ACCEPT, "IN_STORE HELD_BY_OTHER", "RETURNED" },
	{ EX_ACT_DISPOSE_APPROVE, "IN_STORE", "=" },
	/* Only what was approved: test_flags. */
	{ EX_ACT_DISPOSE_DONE, "", "" },
	{ EX_ACT_DISPOSED_ELSEWHERE, "AT_COURT AT_EXTERNAL TRANSFERRED_OUT",
	    "DISPOSED" },
	{ EX_ACT_MISSING, NEVER_MISSING, "MISSING" },
	{ EX_ACT_FOUND, "MISSING", "RECEIVED" },
	{ EX_ACT_PHOTOGRAPH, ALIVE, "=" },
	{ EX_ACT_INSPECT, ALIVE, "=" },
	{ EX_ACT_SEAL_CHECK, SEALED_OR_NOT, "=" },
	{ EX_ACT_EXTERNAL_SEAL, SEALED_OR_NOT, "=" },
	{ EX_ACT_INVENTORY, ALIVE, "=" },
	{ EX_ACT_NOTE, ENTERED, "=" },
	{ EX_ACT_DEVIATION, ALIVE, "=" },
	{ EX_ACT_FINDING_EXPLAIN, ENTERED, "=" },
	{ EX_ACT_EXAMINE_START, HELD " " DIGITAL, "=" },
	{ EX_ACT_EXAMINE_END, HELD " " DIGITAL, "=" },
	{ EX_ACT_CONNECT, HELD " " DIGITAL, "=" },
	{ EX_ACT_COPY, "OPENED " CHECKED, "=" },
	{ EX_ACT_VIEW, OPEN " " CHECKED, "=" },
	{ EX_ACT_CONFIRM, ENTERED, "=" },
	{ EX_ACT_DISOWN, ENTERED, "=" },
	{ EX_ACT_CORRECT, ENTERED, "=" },
	{ EX_ACT_LATE_ENTRY, ENTERED, "=" },
	{ EX_ACT_ERASE, ENTERED, "=" },
	{ EX_ACT_HOLD_ON, ALIVE, "=" },
	/* To lift takes what is set: test_flags. */
	{ EX_ACT_HOLD_OFF, "", "" },
	{ EX_ACT_QUARANTINE_ON, ALIVE, "=" },
	{ EX_ACT_QUARANTINE_OFF, "", "" },
	{ EX_ACT_SCOPE_STOP, ALIVE, "=" },
	{ EX_ACT_SCOPE_EXTEND, "", "" },
	{ EX_ACT_PRIVILEGE_HOLD, ALIVE, "=" },
	{ EX_ACT_FIXITY_OK, DIGITAL, "=" },
	{ EX_ACT_FIXITY_FAIL, DIGITAL, "=" },
	{ EX_ACT_VERIFY, "CREATED", "VERIFIED" },
	{ EX_ACT_VERIFY, CHECKED, "=" },
	{ EX_ACT_VAULT_IN, "VERIFIED", "STORED" },
	{ EX_ACT_REPLICATE, "STORED", "REPLICATED" },
	{ EX_ACT_ARCHIVE, "STORED REPLICATED", "ARCHIVED" },
	{ EX_ACT_PURGE, DIGITAL, "PURGED" },
	{ EX_ACT_REPORT, ENTERED, "=" },
	{ EX_ACT_BUNDLE, ENTERED, "=" },
	{ EX_ACT_EXPORT, OPEN " " CHECKED " " FINAL, "=" },
	{ EX_ACT_SHARE, ENTERED, "=" },
	{ EX_ACT_SHARE_RECEIPT, ENTERED, "=" },
};

static int
has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; (p = strstr(p, word)) != NULL; p += n)
		if ((p == list || p[-1] == ' ') &&
		    (p[n] == ' ' || p[n] == '\0'))
			return 1;
	return 0;
}

/* Where the act leads from this state; NULL: it is not allowed. */
static const char *
want(enum ex_act act, enum ex_state state)
{
	const char *name = ex_state_name(state);

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].act == act && has_word(table[i].from, name))
			return strcmp(table[i].to, "=") == 0 ? name
							     : table[i].to;
	return NULL;
}

/* One pair; 1 and a line when it is not as it should be. */
static int
check_pair(
    struct house *h, enum ex_act act, enum ex_state state, const char *id)
{
	const char *to = want(act, state), *name = ex_act(act)->name;
	enum ex_code refused = state == EX_NOWHERE ? EX_ABSENT : EX_STATE;
	struct ex_err err = EX_ERR_INIT;
	char stream[EX_STREAM_TEXT];
	struct ex_judgement j;
	struct act a;
	int rc, wrong;

	(void)snprintf(stream, sizeof(stream), "item:%s", id);
	house_usual(&a, act, stream);
	if (act == EX_ACT_CORRECT)
		a.corrects = house_leaf(h, stream);
	rc = house_judge(h, &a, &j, &err);
	wrong = to == NULL ? rc == 0 || err.code != refused
			   : rc == -1 || strcmp(j.state_after, to) != 0;
	if (wrong)
		print_error("%s in %s: %s %s, %s%s\n", name,
		    ex_state_name(state), rc == 0 ? "leads to" : "refused as",
		    rc == 0 ? j.state_after : ex_code_text(err.code),
		    to == NULL ? "should be refused" : "should lead to ",
		    to == NULL ? err.text : to);
	ex_judgement_free(&j);
	return wrong;
}

/* Parts take another item, an annulment an entry: test_parts, test_annul. */
static int
has_own_test(enum ex_act act, enum ex_state state)
{
	if (state == EX_NOWHERE)
		return act == EX_ACT_COMPONENT_OUT || act == EX_ACT_SPLIT;
	if (act == EX_ACT_COMPONENT_OUT)
		return state == EX_IN_PARENT;
	if (act == EX_ACT_COMPONENT_IN)
		return state == EX_OPENED;
	return act == EX_ACT_ANNUL;
}

static void
every_act_in_every_state(void **state)
{
	struct house *h = *state;
	int wrong = 0;

	for (int s = 0; s < EX_STATES; s++) {
		char id[EX_ITEM_MAX + 1];

		(void)snprintf(
		    id, sizeof(id), "%s", house_bring(h, (enum ex_state)s));
		for (int act = EX_ACT_SEIZE; act < EX_ACTS; act++) {
			if (has_own_test((enum ex_act)act, (enum ex_state)s))
				continue;
			wrong += check_pair(
			    h, (enum ex_act)act, (enum ex_state)s, id);
		}
	}
	assert_int_equal(wrong, 0);
}

/* Each act of the table above, and no other, is one of an item. */
static void
the_table_is_complete(void **state)
{
	(void)state;
	for (int act = EX_ACT_SEIZE; act < EX_ACTS; act++) {
		int here = act == EX_ACT_ANNUL;

		for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
			here |= table[i].act == (enum ex_act)act;
		if (!here)
			fail_msg(
			    "%s is in no row", ex_act((enum ex_act)act)->name);
		assert_true(
		    ex_act((enum ex_act)act)->streams & 1u << EX_STREAM_ITEM);
	}
	for (int act = 0; act < EX_ACT_SEIZE; act++)
		assert_false(
		    ex_act((enum ex_act)act)->streams & 1u << EX_STREAM_ITEM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_complete),
		cmocka_unit_test(every_act_in_every_state),
	};

	return cmocka_run_group_tests(
	    tests, house_group_open, house_group_close);
}
