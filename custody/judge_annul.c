/*
 * judge_annul.c -- taking back what did not happen.
 *
 * An item's fact keeps what it was before its last change, in "last":
 * {leaf, was}.  That one change can be taken back; what came before it
 * cannot, since what followed rests on it.  Statements that change nothing
 * can be taken back at any time.
 */
#include <string.h>

#include "base/codec.h"
#include "custody/judging.h"

/* What an act may change of an item. */
static const char *const kept[] = { "state", "custodian", "custodian_org",
	"location", "seal", "seal_state", "last_seal", "flags", "before",
	"transfer", "acquisition", "disposal", "ordered_examiner", "parent",
	"children", "images" };

/* Acts that say something of an item and change nothing of it. */
static const enum ex_act statement[] = { EX_ACT_REFUSE_RECEIPT,
	EX_ACT_PHOTOGRAPH, EX_ACT_INSPECT, EX_ACT_EXTERNAL_SEAL, EX_ACT_NOTE,
	EX_ACT_DEVIATION, EX_ACT_FINDING_EXPLAIN, EX_ACT_EXAMINE_START,
	EX_ACT_EXAMINE_END, EX_ACT_CONNECT, EX_ACT_COPY, EX_ACT_VIEW,
	EX_ACT_CONFIRM, EX_ACT_DISOWN, EX_ACT_CORRECT, EX_ACT_LATE_ENTRY,
	EX_ACT_REPORT, EX_ACT_BUNDLE, EX_ACT_EXPORT, EX_ACT_SHARE,
	EX_ACT_SHARE_RECEIPT };

static int
is_statement(enum ex_act act)
{
	for (size_t i = 0; i < sizeof(statement) / sizeof(statement[0]); i++)
		if (statement[i] == act)
			return 1;
	return 0;
}

int
ex_annul_keep(struct ex_judging *j, struct ex_json **out, struct ex_err *err)
{
	struct ex_json *was = ex_json_object();

	if (was == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		const struct ex_json *v = ex_json_get(j->item, kept[i]);

		if (v != NULL &&
		    ex_json_set(was, kept[i], ex_json_copy(v), err) == -1) {
			ex_json_free(was);
			return -1;
		}
	}
	*out = was;
	return 0;
}

int
ex_annul_prepare(struct ex_judging *j, struct ex_json *was, struct ex_err *err)
{
	struct ex_json *last;

	if (j->e->act == EX_ACT_ANNUL || is_statement(j->e->act)) {
		ex_json_free(was);
		return 0;
	}
	last = ex_json_object();
	if (ex_json_set(last, "was", was, err) == -1 ||
	    ex_json_set_text(last, "leaf", "", err) == -1) {
		ex_json_free(last);
		return -1;
	}
	return ex_json_set(j->item, "last", last, err);
}

/* By the one who did it, or by a custodian. */
static int
check_annuller(struct ex_judging *j, uint64_t actor, struct ex_err *err)
{
	static const char *const keeper[] = { "evidence_custodian", NULL };
	const struct ex_party *p = ex_event_party(j->e, "officer");
	const char *holder = ex_json_get_text(j->item, "custodian");
	int granted;

	if (ex_actor_tag(p->person) == actor ||
	    (holder != NULL && strcmp(holder, p->person) == 0))
		return 0;
	granted = ex_judging_granted(j, p->person, keeper, err);
	if (granted != 0)
		return granted == 1 ? 0 : -1;
	return ex_fail(err, EX_DENIED,
	    "%s neither did it nor has custody: it is annulled by who did it "
	    "or by a custodian",
	    p->person);
}

/* What did not happen cannot be taken back again. */
static int
check_once(struct ex_judging *j, struct ex_err *err)
{
	char hex[2 * EX_HASH + 1];
	struct ex_json *all;

	ex_hex(hex, j->e->annuls, EX_HASH);
	if (ex_json_get(j->item, "annulled") == NULL &&
	    ex_json_set(j->item, "annulled", ex_json_object(), err) == -1)
		return -1;
	all = ex_json_get_mutable(j->item, "annulled");
	if (ex_json_get(all, hex) != NULL)
		return ex_fail(err, EX_STATE, "that entry was annulled before");
	return ex_json_set_int(all, hex, (int64_t)j->e->seq, err);
}

/* Back to what it was before its last change. */
static int
take_back(struct ex_judging *j, const struct ex_json *last, struct ex_err *err)
{
	const struct ex_json *was = ex_json_get(last, "was");
	const char *state = ex_json_get_text(was, "state");

	if (state == NULL)
		return ex_fail(err, EX_STATE,
		    "it is the item's first entry: disown or correct it");
	if (ex_state_parse(&j->to, state, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		const struct ex_json *v = ex_json_get(was, kept[i]);

		if (v == NULL)
			ex_json_unset(j->item, kept[i]);
		else if (ex_json_set(j->item, kept[i], ex_json_copy(v), err) ==
			 -1)
			return -1;
	}
	ex_json_unset(j->item, "last");
	return 0;
}

int
ex_judge_annul(struct ex_judging *j, struct ex_err *err)
{
	const struct ex_json *last = ex_json_get(j->item, "last");
	uint8_t leaf[EX_HASH];
	struct ex_entry_ref ref;

	if (!j->e->has_annuls)
		return ex_fail(err, EX_FORMAT, "annul names no entry");
	if (j->view->entry(j->view->arg, j->e->annuls, &ref, err) == -1)
		return -1;
	if (!ex_stream_equal(&ref.stream, &j->e->stream))
		return ex_fail(
		    err, EX_STATE, "that entry is about another item");
	if (check_annuller(j, ref.actor, err) == -1 || check_once(j, err) == -1)
		return -1;
	if (is_statement(ref.act))
		return 0;
	if (last == NULL ||
	    ex_json_need_hex(leaf, EX_HASH, last, "leaf", NULL) == -1 ||
	    memcmp(leaf, j->e->annuls, EX_HASH) != 0)
		return ex_fail(err, EX_STATE,
		    "later entries rest on it: only the last change of an "
		    "item can be annulled");
	return take_back(j, last, err);
}
