/*
 * state.h -- the states of an item and the complete table of what may happen
 * in each (docs/formats.md; domain of ISO/IEC 27037).
 */
#ifndef CUSTODY_STATE_H
#define CUSTODY_STATE_H

#include "base/err.h"
#include "custody/act.h"

enum ex_state {
	EX_NOWHERE, /* no event yet */
	/* physical */
	EX_SEIZED,
	EX_ANNOUNCED,
	EX_RECEIVED,
	EX_IN_STORE,
	EX_CHECKED_OUT,
	EX_OPENED,
	EX_ACQUIRING,
	EX_IN_PARENT,
	EX_IN_TRANSIT,
	EX_AT_COURT,
	EX_AT_EXTERNAL,
	EX_HELD_BY_OTHER,
	EX_MISSING,
	EX_RETURNED,
	EX_DISPOSED,
	EX_TRANSFERRED_OUT,
	/* digital */
	EX_CREATED,
	EX_VERIFIED,
	EX_STORED,
	EX_REPLICATED,
	EX_ARCHIVED,
	EX_PURGED,
	EX_STATES
};

enum {
	EX_FLAG_QUARANTINE = 1,
	EX_FLAG_HOLD = 2,
	EX_FLAG_PRIVILEGE = 4,
	EX_FLAG_SCOPE = 8,
	EX_FLAG_FIXITY = 16
};

const char *ex_state_name(enum ex_state state); /* "IN_STORE" */
int ex_state_parse(enum ex_state *out, const char *name, struct ex_err *err);
const char *ex_state_title(enum ex_state state, int zh); /* for people */
int ex_state_final(enum ex_state state);
int ex_state_digital(enum ex_state state);

#endif
