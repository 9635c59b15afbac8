/*
 * house.h -- a laboratory for tests: people with real keys of a real CA, a
 * log in memory, acts that are really signed, admitted and applied.
 *
 * No database and no file: what custody/ is asked for is asked here.
 */
#ifndef TESTS_CUSTODY_HOUSE_H
#define TESTS_CUSTODY_HOUSE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "custody/admit.h"
#include "custody/event.h"
#include "custody/state.h"
#include "custody/world.h"
#include "signing/cms.h"
#include "signing/key.h"
#include "signing/note.h"

/* Show why, then fail. */
#define MUST(call)                                                \
	do {                                                      \
		struct ex_err must_err = EX_ERR_INIT;             \
		struct ex_err *err = &must_err;                   \
		if ((call) == -1)                                 \
			fail_msg("%s: %s", #call, must_err.text); \
	} while (0)

#define HOUSE_ORIGIN "lab.example/custody/7f3a90c1d2e4b586"
#define HOUSE_ORG    "EXLAB"
#define HOUSE_CASE   "114-EX-7"

/* 2026-03-02T09:30:00Z: the time of the first entry. */
#define HOUSE_TIME (INT64_C(1772443800) * EX_SECOND)

/* Who is in the house, in the order of house.c's table. */
enum {
	H_ADM,	   /* administrator, registrar; EXLAB */
	H_STATION, /* WS-1 */
	H_SERVICE, /* LOG-1 */
	H_REG,	   /* registrar of the ministry */
	H_HEAD,	   /* lab_head */
	H_CUST,	   /* evidence_custodian */
	H_CUS2,	   /* evidence_custodian */
	H_EXAM,	   /* examiner, investigator */
	H_EXA2,	   /* examiner */
	H_OFF,	   /* investigator of a police unit */
	H_PROS,	   /* prosecutor */
	H_DUTY,	   /* duty_officer */
	H_JUDGE,   /* judge of a court */
	H_COUR,	   /* courier */
	H_AUD,	   /* auditor */
	H_OWN,	   /* owner, with a key */
	H_KEYS
};

struct house_key {
	const char *id;
	const char *org;
	const char *roles; /* JSON, single quotes; NULL: a machine */
	enum ex_mode mode;
	struct ex_key *key;
	struct ex_buf cert; /* DER */
};

/* An entry of the log. */
struct house_entry {
	struct ex_buf bytes, openings;
	uint8_t leaf[EX_HASH];
	struct ex_stream stream;
	uint64_t seq;
};

struct house {
	struct ex_key *ca_key, *log_key;
	struct ex_buf ca; /* DER */
	struct ex_vkey vkey;
	struct house_key key[H_KEYS];
	struct ex_world *world;
	int64_t now; /* a minute later after each act */
	struct house_entry *entry;
	size_t nentries, capentries;
	struct ex_checkpoint seen; /* what parties name as seen */
	struct ex_admit_options options;
	unsigned numbers; /* of seals, items: none twice */
};

/*
 * One act.  JSON is written with single quotes, and may hold
 *   $ITEM    the stream's id         $CASE  HOUSE_CASE
 *   $SEAL    the item's seal, "none" without one; $FOUND  intact or none
 *   $LAST    ,'predecessor':'the seal that a new one replaces', or nothing
 *   $NEW     an unused number
 *   $HOLDER  the item's custodian   $TO, $FROM    of its transfer
 *   $LEAF    the stream's newest entry            $ACQ    its acquisition
 *   $PARENT  its parent              $OTHER  an entry of another stream
 *
 * parties: "role=ID role=ID": ID of somebody in the house, or a choice A|B of
 * which the first is taken that does not hold the item; $HOLDER, $TO, $FROM.
 * A stranger is ID@ORG.  "/paper/RECORDER", "/form/RECORDER" (paper with its
 * scan), "/refused/RECORDER", "/absent" may follow.
 */
struct act {
	enum ex_act act;
	const char *stream; /* "item:EXH-1" */
	const char *fields; /* NULL: {} */
	const char *texts;
	const char *parties;
	const char *digests; /* array */
	int64_t ago;	     /* occurred so long before now, microseconds */
	const uint8_t *corrects, *annuls;
	const char *offline;
	/* Change what was made of the above; NULL: nothing. */
	void (*tweak)(struct ex_draft *d, struct ex_party *party);
	/* Keys to sign with instead of the parties', -1 ends; NULL: theirs. */
	const int *signers;
};

/* Keys, genesis, organisations, people, places, one case; asserts. */
void house_open(struct house *h);
/* The same with those alone whom the way into the store takes. */
void house_open_few(struct house *h);
void house_close(struct house *h);

/* For cmocka's groups: one house in *state. */
int house_group_open(void **state);
int house_group_close(void **state);

/* What an act says: the body and its openings, written, not judged. */
int house_write(struct house *h, const struct act *a, struct ex_buf *body,
    struct ex_buf *openings, struct ex_err *why);

/* Sign a body with these keys (-1 ends; NULL: those that it names). */
void house_sign(const struct house *h, struct ex_buf *entry,
    const struct ex_buf *body, const int *signers);

/* Judge only; out may be NULL, else the caller frees it. */
int house_judge(struct house *h, const struct act *a, struct ex_judgement *out,
    struct ex_err *why);

/* Write, sign, admit and, when admitted, apply. */
int house_try(struct house *h, const struct act *a, struct ex_err *why);
void house_do(struct house *h, const struct act *a);

/* Admit bytes and, when admitted, apply them; openings may be NULL. */
int house_admit(struct house *h, const struct ex_buf *entry,
    const struct ex_buf *openings, struct ex_err *why);

/* A fact, owned by the caller, NULL: none.  A text of an item's fact. */
struct ex_json *
house_fact(const struct house *h, const char *kind, const char *id);
const char *house_item(const struct house *h, const char *id, const char *key);

/* The newest leaf of a stream. */
const uint8_t *house_leaf(const struct house *h, const char *stream);

/* The root of all entries so far; a signed checkpoint of them. */
void house_root(const struct house *h, struct ex_checkpoint *out);
void house_note(const struct house *h, struct ex_buf *note);

/* A fresh item number; the same buffer every eighth call. */
const char *house_number(struct house *h);

/* What $... stands for: the JSON and parties of an act, filled in. */
char *
house_fill(struct house *h, const struct act *a, const char *text, int quotes);
int house_find_key(const struct house *h, const char *id);

/* The usual way to do this act to an item as it stands (acts.c). */
void house_usual(struct act *out, enum ex_act act, const char *stream);

/* Bring a new item into a state by the usual acts; its number. */
const char *house_bring(struct house *h, enum ex_state state);

#endif
