/*
 * state.c -- the states of an item and the table of what may happen in each.
 */
#include "custody/state.h"

#include <stdlib.h>
#include <string.h>

#include "custody/judging.h"

static const struct {
	const char *name;
	const char *en;
	const char *zh;
} state_text[EX_STATES] = {
	[EX_NOWHERE] = { "NOWHERE", "not entered", "未登錄" },
	[EX_SEIZED] = { "SEIZED", "seized", "已扣押" },
	[EX_ANNOUNCED] = { "ANNOUNCED", "announced", "已預告" },
	[EX_RECEIVED] = { "RECEIVED", "received", "已收受" },
	[EX_IN_STORE] = { "IN_STORE", "in store", "保管中" },
	[EX_CHECKED_OUT] = { "CHECKED_OUT", "checked out", "已領出" },
	[EX_OPENED] = { "OPENED", "opened", "已拆封" },
	[EX_ACQUIRING] = { "ACQUIRING", "being imaged", "取證中" },
	[EX_IN_PARENT] = { "IN_PARENT", "in its parent", "裝於母件" },
	[EX_IN_TRANSIT] = { "IN_TRANSIT", "in transit", "移轉中" },
	[EX_AT_COURT] = { "AT_COURT", "at court", "於法院或檢察署" },
	[EX_AT_EXTERNAL] = { "AT_EXTERNAL", "at an external body",
	    "於外部機構" },
	[EX_HELD_BY_OTHER] = { "HELD_BY_OTHER", "held by another", "他人保管" },
	[EX_MISSING] = { "MISSING", "missing", "遺失" },
	[EX_RETURNED] = { "RETURNED", "returned", "已發還" },
	[EX_DISPOSED] = { "DISPOSED", "disposed of", "已銷毀" },
	[EX_TRANSFERRED_OUT] = { "TRANSFERRED_OUT", "transferred out",
	    "已移出" },
	[EX_CREATED] = { "CREATED", "made", "已產生" },
	[EX_VERIFIED] = { "VERIFIED", "verified", "已驗證" },
	[EX_STORED] = { "STORED", "in the vault", "已存入" },
	[EX_REPLICATED] = { "REPLICATED", "replicated", "已複寫" },
	[EX_ARCHIVED] = { "ARCHIVED", "archived", "已封存" },
	[EX_PURGED] = { "PURGED", "purged", "已清除" },
};

#define B(state) EX_STATE_BIT(EX_##state)

enum {
	NOTHING = 1 << EX_NOWHERE
};

#define FINAL (B(RETURNED) | B(DISPOSED) | B(TRANSFERRED_OUT))
#define OPEN                                                                  \
	(B(SEIZED) | B(ANNOUNCED) | B(RECEIVED) | B(IN_STORE) |               \
	    B(CHECKED_OUT) | B(OPENED) | B(ACQUIRING) | B(IN_PARENT) |        \
	    B(IN_TRANSIT) | B(AT_COURT) | B(AT_EXTERNAL) | B(HELD_BY_OTHER) | \
	    B(MISSING))
#define DIGITAL \
	(B(CREATED) | B(VERIFIED) | B(STORED) | B(REPLICATED) | B(ARCHIVED))
#define CHECKED (DIGITAL & ~B(CREATED))
#define ALIVE	(OPEN | DIGITAL)
#define ENTERED (ALIVE | FINAL | B(PURGED))
#define HELD	(B(CHECKED_OUT) | B(OPENED) | B(ACQUIRING))

/* The whole rule book.  What is not listed is not allowed. */
static const struct ex_rule rule[] = {
	{ EX_ACT_SEIZE, NOTHING | B(SEIZED) | FINAL, EX_SEIZED, 1 },
	{ EX_ACT_PACKAGE, NOTHING | B(SEIZED) | FINAL, EX_SEIZED, 1 },
	{ EX_ACT_ANNOUNCE, NOTHING | B(SEIZED), EX_ANNOUNCED, 1 },
	{ EX_ACT_RECEIVE, NOTHING | B(SEIZED) | B(ANNOUNCED), EX_RECEIVED, 1 },
	{ EX_ACT_REFUSE_RECEIPT, B(ANNOUNCED), EX_TO_SAME, 0 },
	{ EX_ACT_CREATE, NOTHING, EX_TO_COMPUTED, 1 },
	{ EX_ACT_IMPORT, NOTHING, EX_CREATED, 1 },
	{ EX_ACT_STORE, B(RECEIVED), EX_IN_STORE, 0 },
	{ EX_ACT_MOVE, B(IN_STORE), EX_TO_SAME, 0 },
	{ EX_ACT_CHECK_OUT, B(RECEIVED) | B(IN_STORE), EX_CHECKED_OUT, 0 },
	{ EX_ACT_CHECK_IN, B(CHECKED_OUT), EX_IN_STORE, 0 },
	{ EX_ACT_HAND_OVER, HELD, EX_TO_SAME, 0 },
	{ EX_ACT_TAKE_OVER, HELD | B(IN_TRANSIT), EX_TO_SAME, 0 },
	{ EX_ACT_SEAL_APPLY,
	    B(SEIZED) | B(RECEIVED) | B(IN_STORE) | B(CHECKED_OUT) | B(OPENED),
	    EX_TO_COMPUTED, 0 },
	{ EX_ACT_SEAL_BREAK, B(CHECKED_OUT), EX_OPENED, 0 },
	{ EX_ACT_COMPONENT_OUT, NOTHING | B(OPENED) | B(IN_PARENT), EX_OPENED,
	    1 },
	{ EX_ACT_SPLIT, NOTHING | B(OPENED), EX_OPENED, 1 },
	{ EX_ACT_COMPONENT_IN, B(OPENED), EX_IN_PARENT, 0 },
	{ EX_ACT_ACQUIRE_START,
	    B(OPENED) | B(SEIZED) | B(HELD_BY_OTHER) | B(ACQUIRING),
	    EX_ACQUIRING, 0 },
	{ EX_ACT_ACQUIRE_PAUSE, B(ACQUIRING), EX_TO_BEFORE, 0 },
	/* Of one that is paused too: it is then given up. */
	{ EX_ACT_ACQUIRE_END,
	    B(OPENED) | B(SEIZED) | B(HELD_BY_OTHER) | B(ACQUIRING),
	    EX_TO_BEFORE, 0 },
	{ EX_ACT_OFFER_TRANSFER, B(RECEIVED) | B(IN_STORE) | B(CHECKED_OUT),
	    EX_IN_TRANSIT, 0 },
	{ EX_ACT_ACCEPT_TRANSFER, B(IN_TRANSIT), EX_TO_COMPUTED, 0 },
	{ EX_ACT_REFUSE_TRANSFER, B(IN_TRANSIT), EX_TO_SAME, 0 },
	{ EX_ACT_CANCEL_TRANSFER, B(IN_TRANSIT), EX_TO_BEFORE, 0 },
	{ EX_ACT_PICK_UP, B(IN_TRANSIT), EX_TO_SAME, 0 },
	{ EX_ACT_COURT_RETURN, B(AT_COURT) | B(AT_EXTERNAL), EX_IN_TRANSIT, 0 },
	{ EX_ACT_ENTRUST, B(SEIZED) | B(IN_STORE) | B(AT_COURT),
	    EX_HELD_BY_OTHER, 0 },
	{ EX_ACT_RECALL, B(HELD_BY_OTHER), EX_IN_TRANSIT, 0 },
	{ EX_ACT_RETURN_ACCEPT, B(IN_STORE) | B(HELD_BY_OTHER), EX_RETURNED,
	    0 },
	{ EX_ACT_DISPOSE_APPROVE, B(IN_STORE), EX_TO_SAME, 0 },
	{ EX_ACT_DISPOSE_DONE, B(IN_STORE), EX_DISPOSED, 0 },
	{ EX_ACT_DISPOSED_ELSEWHERE,
	    B(AT_COURT) | B(AT_EXTERNAL) | B(TRANSFERRED_OUT), EX_TO_COMPUTED,
	    0 },
	{ EX_ACT_MISSING, OPEN & ~B(MISSING), EX_MISSING, 0 },
	{ EX_ACT_FOUND, B(MISSING), EX_RECEIVED, 0 },
	{ EX_ACT_PHOTOGRAPH, ALIVE, EX_TO_SAME, 0 },
	{ EX_ACT_INSPECT, ALIVE, EX_TO_SAME, 0 },
	{ EX_ACT_SEAL_CHECK, OPEN & ~(B(MISSING) | B(IN_PARENT)), EX_TO_SAME,
	    0 },
	{ EX_ACT_EXTERNAL_SEAL, OPEN & ~(B(MISSING) | B(IN_PARENT)), EX_TO_SAME,
	    0 },
	{ EX_ACT_INVENTORY, ALIVE, EX_TO_SAME, 0 },
	{ EX_ACT_NOTE, ENTERED, EX_TO_SAME, 0 },
	{ EX_ACT_DEVIATION, ALIVE, EX_TO_SAME, 0 },
	{ EX_ACT_FINDING_EXPLAIN, ENTERED, EX_TO_SAME, 0 },
	{ EX_ACT_EXAMINE_START, HELD | DIGITAL, EX_TO_SAME, 0 },
	{ EX_ACT_EXAMINE_END, HELD | DIGITAL, EX_TO_SAME, 0 },
	{ EX_ACT_CONNECT, HELD | DIGITAL, EX_TO_SAME, 0 },
	{ EX_ACT_COPY, CHECKED | B(OPENED), EX_TO_SAME, 0 },
	{ EX_ACT_VIEW, CHECKED | OPEN, EX_TO_SAME, 0 },
	{ EX_ACT_CONFIRM, ENTERED, EX_TO_SAME, 0 },
	{ EX_ACT_DISOWN, ENTERED, EX_TO_SAME, 0 },
	{ EX_ACT_CORRECT, ENTERED, EX_TO_SAME, 0 },
	{ EX_ACT_ANNUL, ENTERED, EX_TO_COMPUTED, 0 },
	{ EX_ACT_LATE_ENTRY, ENTERED, EX_TO_SAME, 0 },
	{ EX_ACT_ERASE, ENTERED, EX_TO_SAME, 0 },
	{ EX_ACT_HOLD_ON, ALIVE, EX_TO_SAME, 0 },
	{ EX_ACT_HOLD_OFF, ALIVE, EX_TO_SAME, 0 },
	{ EX_ACT_QUARANTINE_ON, ALIVE, EX_TO_SAME, 0 },
	{ EX_ACT_QUARANTINE_OFF, ALIVE, EX_TO_SAME, 0 },
	{ EX_ACT_SCOPE_STOP, ALIVE, EX_TO_SAME, 0 },
	{ EX_ACT_SCOPE_EXTEND, ALIVE, EX_TO_SAME, 0 },
	{ EX_ACT_PRIVILEGE_HOLD, ALIVE, EX_TO_SAME, 0 },
	{ EX_ACT_FIXITY_OK, DIGITAL, EX_TO_SAME, 0 },
	{ EX_ACT_FIXITY_FAIL, DIGITAL, EX_TO_SAME, 0 },
	{ EX_ACT_VERIFY, DIGITAL, EX_TO_COMPUTED, 0 },
	{ EX_ACT_VAULT_IN, B(VERIFIED), EX_STORED, 0 },
	{ EX_ACT_REPLICATE, B(STORED), EX_REPLICATED, 0 },
	{ EX_ACT_ARCHIVE, B(STORED) | B(REPLICATED), EX_ARCHIVED, 0 },
	{ EX_ACT_PURGE, DIGITAL, EX_PURGED, 0 },
	{ EX_ACT_REPORT, ENTERED, EX_TO_SAME, 0 },
	{ EX_ACT_BUNDLE, ENTERED, EX_TO_SAME, 0 },
	{ EX_ACT_EXPORT, CHECKED | OPEN | FINAL, EX_TO_SAME, 0 },
	{ EX_ACT_SHARE, ENTERED, EX_TO_SAME, 0 },
	{ EX_ACT_SHARE_RECEIPT, ENTERED, EX_TO_SAME, 0 },
};

const struct ex_rule *
ex_rule(enum ex_act act)
{
	for (size_t i = 0; i < sizeof(rule) / sizeof(rule[0]); i++)
		if (rule[i].act == act)
			return &rule[i];
	/* Every act of an item has its row (test_state). */
	abort();
}

const char *
ex_state_name(enum ex_state state)
{
	return state_text[state].name;
}

int
ex_state_parse(enum ex_state *out, const char *name, struct ex_err *err)
{
	for (int i = 0; i < EX_STATES; i++) {
		if (strcmp(state_text[i].name, name) == 0) {
			*out = (enum ex_state)i;
			return 0;
		}
	}
	return ex_fail(err, EX_FORMAT, "\"%.40s\" is not a state", name);
}

const char *
ex_state_title(enum ex_state state, int zh)
{
	return zh ? state_text[state].zh : state_text[state].en;
}

int
ex_state_final(enum ex_state state)
{
	return (EX_STATE_BIT(state) & (FINAL | B(PURGED))) != 0;
}

int
ex_state_digital(enum ex_state state)
{
	return (EX_STATE_BIT(state) & (DIGITAL | B(PURGED))) != 0;
}
