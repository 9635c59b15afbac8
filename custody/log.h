/*
 * log.h -- what the log says about entries: proofs and heads as texts.
 */
#ifndef CUSTODY_LOG_H
#define CUSTODY_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "custody/event.h"
#include "hashing/tree.h"
#include "signing/note.h"

/*
 * C2SP tlog-proof: "c2sp.org/tlog-proof@v1\nindex N\n" hashes, blank line,
 * the signed checkpoint.  Receipt 2 of an act.
 */
int ex_tlog_proof_write(struct ex_buf *out, uint64_t index,
    const struct ex_tree_proof *proof, const void *note, size_t nnote,
    struct ex_err *err);

struct ex_tlog_proof {
	uint64_t index;
	struct ex_tree_proof proof;
	struct ex_span note; /* inside the parsed bytes */
};
int ex_tlog_proof_read(
    struct ex_tlog_proof *out, const void *text, size_t n, struct ex_err *err);

/*
 * Check that the entry with this leaf is in the tree of the proof's
 * checkpoint, signed by the log key.  *checkpoint (may be NULL) is what was
 * signed.  EX_DAMAGED, EX_FORMAT.
 */
int ex_tlog_proof_check(const struct ex_tlog_proof *p,
    const uint8_t leaf[EX_HASH], const struct ex_vkey *log,
    struct ex_checkpoint *checkpoint, struct ex_err *err);

/*
 * Check a signed checkpoint: a line of the log key, three lines of text, the
 * key's name as origin.  EX_ABSENT: no line of this key; EX_DAMAGED,
 * EX_FORMAT.
 */
int ex_checkpoint_check(struct ex_checkpoint *out, const void *note, size_t n,
    const struct ex_vkey *log, struct ex_err *err);

/*
 * That the tree of size old is a prefix of the checkpoint's: the text is the
 * body of C2SP tlog-witness add-checkpoint, "old N\n" hashes, blank line, the
 * signed checkpoint.
 */
int ex_tlog_consistency_write(struct ex_buf *out, uint64_t old,
    const struct ex_tree_proof *proof, const void *note, size_t nnote,
    struct ex_err *err);

struct ex_tlog_consistency {
	uint64_t old;
	struct ex_tree_proof proof;
	struct ex_span note; /* inside the parsed bytes */
};
int ex_tlog_consistency_read(struct ex_tlog_consistency *out, const void *text,
    size_t n, struct ex_err *err);

/* One stream's newest entry, as a heads entry commits to it. */
struct ex_head {
	struct ex_stream stream;
	uint64_t seq;
	uint8_t leaf[EX_HASH];
	int has_items; /* of a case: its items' digest */
	uint8_t items[EX_SHA256_LEN];
};

/*
 * leaf of one head: SHA-256(0x00 || "custody-head/v1\n" stream "\n" seq "\n"
 * leaf-hex "\n" [items-hex "\n"]).
 */
void ex_head_leaf(uint8_t out[EX_HASH], const struct ex_head *h);

/* items digest of a case: SHA-256 of item ids ascending, "id\n" each. */
int ex_head_items(uint8_t out[EX_SHA256_LEN], const char *const *ids, size_t n,
    struct ex_err *err);

/* Root over heads, which must be ascending by stream text and unique. */
int ex_heads_root(uint8_t out[EX_HASH], const struct ex_head *heads, size_t n,
    struct ex_err *err);

/*
 * The trust a verifier brings along: C2SP tlog-policy, as text, and in
 * comments that begin with "#exhibit:" whose the keys are (docs/formats.md).
 */
enum {
	EX_POLICY_KEYS = 32,
	EX_POLICY_GROUPS = 32,
	EX_POLICY_ORG = 41 /* of an organisation's code, with its NUL */
};
struct ex_policy;
int ex_policy_read(
    struct ex_policy **out, const void *text, size_t n, struct ex_err *err);
int
ex_policy_load(struct ex_policy **out, const char *path, struct ex_err *err);
void ex_policy_free(struct ex_policy *p);
size_t ex_policy_logs(const struct ex_policy *p);
const struct ex_vkey *ex_policy_log(const struct ex_policy *p, size_t i);
size_t ex_policy_witnesses(const struct ex_policy *p);
const struct ex_vkey *ex_policy_witness(const struct ex_policy *p, size_t i);
int ex_policy_quorum_none(const struct ex_policy *p);
const char *ex_policy_witness_name(const struct ex_policy *p, size_t i);
const char *ex_policy_org(const struct ex_policy *p, size_t i); /* or "" */
int ex_policy_monitor(const struct ex_policy *p, size_t i);	/* 1 or 0 */

/* 0: its key was replaced, and vouches for no tree of this size.  Else 1. */
int ex_policy_in_time(const struct ex_policy *p, size_t i, uint64_t size);

/* A time-stamp authority: the CA certificate its chains end in. */
struct ex_policy_authority {
	char name[EX_NOTE_NAME];
	char org[EX_POLICY_ORG];
	uint8_t root[EX_SHA256_LEN];
};

/* The one whose chains end in this certificate, or NULL. */
const struct ex_policy_authority *ex_policy_find_authority(
    const struct ex_policy *p, const uint8_t root[EX_SHA256_LEN]);

/* 1 unless the policy names this organisation as the operator of the log. */
int ex_policy_other(const struct ex_policy *p, const char *org);

/*
 * Does the note carry the line of a log that the policy names?  *quorum is 1
 * only with a quorum other than none that its cosignatures meet, *other when
 * one of them is of a witness of another organisation than the operator; what
 * is not met is 0, not an error.  EX_DAMAGED: a line of a known key does not
 * verify; EX_DENIED: no line of a log that the policy names.
 */
int ex_policy_met(const struct ex_policy *p, const struct ex_note *note,
    int *quorum, int *other, struct ex_err *err);

/* The same; *anchored is both. */
int ex_policy_check(const struct ex_policy *p, const struct ex_note *note,
    int *anchored, struct ex_err *err);

#endif
