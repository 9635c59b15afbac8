/*
 * field.h -- taking a part of the house to a scene, and bringing home what
 * was signed there.
 */
#ifndef CASES_FIELD_H
#define CASES_FIELD_H

#include <stddef.h>

#include "base/err.h"
#include "base/json.h"

struct ex_house;

struct ex_field_order {
	const char *to;		    /* a new folder */
	const char *const *subject; /* cases and items */
	size_t nsubjects;
	const char *const *key; /* whose keys go along, secret and all */
	size_t nkeys;
};

/*
 * Make a field kit (cases/kit.h): what the person who acts may see of these
 * cases and items, people, locations, policy, the newest checkpoint; of keys
 * the certificates, and of those that are named the key's file as it is.
 * {"path","facts","size","keys":[]}
 */
int ex_field_pack(struct ex_json **out, struct ex_house *house,
    const struct ex_field_order *order, struct ex_err *err);

/*
 * Enter what was signed in the kit at dir, in the order of its streams; the
 * kit is read and never written.  {"entered","there","late","kept","acts":
 * [{"file","result":"entered|there|late|kept","stream"?,"action"?,"text"?}]}
 *
 * late: its stream moved on meanwhile, or its rules: it is in the vault as it
 * was signed, and a late_entry of the person who acts names it.  kept: not
 * readable, or no act of this log: it is in DIR/pending/NAME.lost as well.
 * One does not keep the others waiting.  *status 1 when one was late or kept.
 * EX_UNREACHABLE: again later; what was done is done.
 */
int ex_field_sync(struct ex_json **out, int *status, struct ex_house *house,
    const char *dir, struct ex_err *err);

#endif
