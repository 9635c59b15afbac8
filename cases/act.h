/*
 * act.h -- every act as plan -> sign -> submit.
 *
 * Plan reads heads and facts, writes the exact bodies and lets the rules
 * judge them; sign has each party sign each body; submit spools what was
 * signed in DIR/pending, appends it, waits until the log's signed checkpoint
 * proves every entry, and keeps entry, openings and proof in DIR/receipts.
 * Whoever is killed in between finds it in DIR/pending.
 */
#ifndef CASES_ACT_H
#define CASES_ACT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "cases/house.h"
#include "cases/keys.h"
#include "custody/admit.h"
#include "custody/event.h"

/* One entry of the act. */
struct ex_member {
	struct ex_stream stream;
	enum ex_act act;
	struct ex_json *fields;	 /* object, owned; NULL: none */
	struct ex_json *texts;	 /* path -> text, owned; NULL: none */
	struct ex_json *digests; /* array, owned; NULL: none */
	int has_corrects, has_annuls;
	uint8_t corrects[EX_HASH], annuls[EX_HASH];
};

/* Somebody with a key, in a role. */
struct ex_seat {
	const struct ex_signer *signer;
	char role[EX_NAME_TEXT];
};

struct ex_request {
	struct ex_member *member; /* owned */
	size_t nmembers, capmembers;
	struct ex_seat seat[EX_PARTIES_MAX];
	size_t nseats;
	/* parties without a key here; reason texts are committed */
	struct ex_party other[EX_PARTIES_MAX];
	char *other_reason[EX_PARTIES_MAX]; /* owned, or NULL */
	/* scan of a signed form, a file for the vault; owned, or NULL */
	char *other_form[EX_PARTIES_MAX];
	size_t nothers;
	int64_t occurred_at; /* 0: now */
};

void ex_request_init(struct ex_request *r);
void ex_request_free(struct ex_request *r);

/*
 * Add an entry; its objects fields and texts are there, empty.  *out is
 * borrowed until the next call.
 */
int
ex_request_add(struct ex_request *r, enum ex_act act, enum ex_stream_kind kind,
    const char *id, struct ex_member **out, struct ex_err *err);

/*
 * Seat the desk's people for an act: those of --party, then --as in its first
 * role (or the first of its roles that the person's grants permit), --with in
 * the next ones, witnesses.  In an emergency, which a member's fields say, a
 * duty officer's key may stand for one party.  EX_USAGE when one is missing.
 *
 * PERSON[@ORG]:ROLE:MODE[:FILE] -- FILE is the scan of a form signed on
 * paper, or a text that says why somebody refused.
 */
int ex_request_seat_desk(struct ex_request *r, struct ex_house *house,
    enum ex_act act, struct ex_err *err);

/* Seat one signer in one role. */
int ex_request_seat(struct ex_request *r, const struct ex_signer *signer,
    const char *role, struct ex_err *err);

struct ex_done {
	struct ex_stream stream;
	uint64_t seq;
	uint8_t leaf[EX_HASH];
	uint64_t index;
	int included;	/* 0: signed in the field, and not in the log yet */
	char state[24]; /* of the item afterwards, or "" */
	size_t nfindings;
	struct ex_finding finding[EX_FINDINGS_MAX];
};

struct ex_outcome {
	struct ex_done *done; /* in the order of the members */
	size_t n;
	char batch[40]; /* or "" */
};
void ex_outcome_free(struct ex_outcome *o);

/*
 * The whole act.  A lost race is planned and signed again, a few times; then
 * EX_CONFLICT.  What the rules refuse leaves nothing behind.  EX_UNREACHABLE:
 * it is signed and lies in DIR/pending.  *out is released with
 * ex_outcome_free() whether it worked or not.
 */
int ex_act_do(struct ex_outcome *out, struct ex_house *house,
    const struct ex_request *r, struct ex_err *err);

/* What the rules would say now, without signing: EX_STATE, EX_DENIED ... */
int ex_act_check(
    struct ex_house *house, const struct ex_request *r, struct ex_err *err);

/*
 * {"batch","events":[{"item"|"stream","seq","index","leaf","state","included",
 * "findings":[{"code","text"}]}]} and, with one event, its members at the top as well, put
 * into summary; *status 1 when there is a finding.
 */
int ex_outcome_json(struct ex_json *summary, int *status,
    const struct ex_outcome *o, struct ex_err *err);

/*
 * What lies in DIR/pending: {"pending":[{"file","stream","seq","action"}]};
 * of a file that cannot be read {"file","unreadable"}.
 */
int ex_pending_list(
    struct ex_json **out, struct ex_house *house, struct ex_err *err);

/*
 * Finish what lies there: what the log has gets its receipt, what it never
 * got is sent again; what can no longer stand is kept aside and named.
 * {"finished","sent","busy","lost":[{"file","stream"?,"why"}]}, busy: another
 * process has it in hand; *status 1 when something was lost.
 */
int ex_pending_finish(struct ex_json **out, int *status, struct ex_house *house,
    struct ex_err *err);

#endif
