/*
 * admit.h -- may this entry stand?  The one gate that clients, the sequencer
 * and verifiers share.
 */
#ifndef CUSTODY_ADMIT_H
#define CUSTODY_ADMIT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "custody/event.h"
#include "custody/facts.h"
#include "signing/cms.h"

enum {
	EX_FINDINGS_MAX = 32
};

/* Something an act shows about the evidence: recorded, never refused. */
struct ex_finding {
	char code[32]; /* "seal-differs", "no-authority", ... */
	char text[160];
};

/* What an event does to the state of things. */
struct ex_judgement {
	struct ex_facts facts; /* to be written if it is admitted */
	size_t nfindings;
	struct ex_finding finding[EX_FINDINGS_MAX];
	char state_after[24]; /* of the item; "" for other streams */
	char case_number[EX_CASE_MAX + 1]; /* it belongs to; "": the house */
};

struct ex_admit_options {
	int64_t now;	      /* microseconds UTC; 0: do not judge clocks */
	int skip_signatures;  /* replay of what was admitted before */
	int skip_seen;	      /* newest published checkpoint not known */
	uint64_t published;   /* newest checkpoint's size, when known */
	int64_t published_at; /* when the one after a party's seen came out */

	/*
	 * Where parties may have seen different ones, asked instead of
	 * published_at: when the first one larger than size came out, 0 when
	 * there is none.  NULL: published_at holds for all.
	 */
	int (*published_after)(
	    void *arg, uint64_t size, int64_t *at, struct ex_err *err);
	void *published_arg;

	/*
	 * The root of the log's own tree at a size from 1 to published, which a
	 * party's seen must have.  EX_SYSTEM, EX_UNREACHABLE: it cannot be
	 * told.  Not asked with skip_seen.
	 */
	int (*root_at)(void *arg, uint64_t size, uint8_t root[EX_HASH],
	    struct ex_err *err);
	void *root_arg;
};

/*
 * Judge a parsed event against a view: its place in the stream, enrolment of
 * each signer, roles, parties and their modes, policy version, the act's
 * fields, the state table with its guards, references to other entries.
 * Needs no signature: planning uses it before anybody signs.
 *
 * EX_STATE: the state forbids it.  EX_DENIED: these parties may not.
 * EX_CONFLICT: seq or prev is not the stream's head.  EX_ABSENT: it names an
 * unknown thing.  EX_FORMAT: a field.  The text says which rule.
 * *out is released with ex_judgement_free() whether it worked or not.
 */
int ex_judge(struct ex_judgement *out, const struct ex_event *e,
    const struct ex_view *view, const struct ex_admit_options *options,
    struct ex_err *err);
void ex_judgement_free(struct ex_judgement *j);

struct ex_admission {
	struct ex_cms cms; /* points into the entry's bytes */
	struct ex_event event;
	uint8_t leaf[EX_HASH];
	struct ex_judgement judgement;
};

/*
 * Admit an entry: the one encoding, sizes, every signature, signers ==
 * parties as a multiset by certificate, signingTime == time_claimed, then
 * ex_judge().  The entry's bytes must outlive *out, which is released with
 * ex_admission_free() whether it worked or not.
 */
int ex_admit(struct ex_admission *out, const void *entry, size_t n,
    const struct ex_view *view, const struct ex_admit_options *options,
    struct ex_err *err);
void ex_admission_free(struct ex_admission *a);

#endif
