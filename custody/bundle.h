/*
 * bundle.h -- the offline bundle: the history of a case or an item as a
 * folder that anybody can check, years later, with no database.
 *
 * THE FOLDER (docs/formats.md, "Bundle").
 *
 *  manifest.json              canonical JSON (custody/manifest.h): every
 *                             other file with size and SHA-256, what the
 *                             bundle is about, what was withheld
 *  checkpoints/checkpoint.txt the newest checkpoint of the log, a signed note
 *  entries/e0001.p7m ...      entries in ascending order of their index in the
 *                             tree, numbered from 1 without a gap, with at
 *                             least four digits
 *  openings/e0001.json        the entry's openings, where there are any
 *  proofs/e0001.tlog-proof    inclusion in that checkpoint; the note in it is
 *                             checkpoint.txt, byte for byte
 *  consistency/12.txt         for each size that a party's `seen` names, other
 *                             than 0 and the checkpoint's: the body of C2SP
 *                             tlog-witness add-checkpoint, "old 12", with
 *                             checkpoint.txt, byte for byte
 *  heads/heads.json           for the newest heads entry in the bundle: the
 *                             head of each of its streams and where it is in
 *                             the entry's root; absent when there is no heads
 *                             entry yet
 *  timestamps/12-clock.tsr    answers of time-stamp authorities (RFC 3161) over
 *  timestamps/12.txt          the three lines of the checkpoint of that size;
 *                             consistency/12.txt leads from it to the newest
 *  trust/roots.pem, trust/policy
 *                             a hint: what a verifier should obtain from
 *                             somewhere else.  Never believed
 *  report.pdf, report.html, report.txt
 *                             the custody report; a report event has the
 *                             digest of each
 *  case.jsonld, custody.csv   the case for other programs
 *  withheld.json              of a redacted bundle: what and why
 *  VERIFY.txt, verify.sh      the same checks with openssl and sha256sum
 *  verify.html                the same in a browser (custody/verify_html/)
 *
 * Other files (attachments) may be there when the manifest lists them; they
 * are compared with it and nothing more is said of them.
 *
 * A bundle holds, from their first entry to the checkpoint, the whole stream
 * of its case, of the case's items (or of the one item) and of the
 * laboratory, where people are known by service numbers.  So everything that
 * the rules ask can be asked again, through a view that is partial: absence of
 * another case's things proves nothing.
 */
#ifndef CUSTODY_BUNDLE_H
#define CUSTODY_BUNDLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "custody/event.h"
#include "custody/log.h"
#include "hashing/tree.h"
#include "signing/cert.h"
#include "signing/note.h"

#define EX_BUNDLE_MANIFEST   "manifest.json"
#define EX_BUNDLE_CHECKPOINT "checkpoints/checkpoint.txt"
#define EX_BUNDLE_HEADS	     "heads/heads.json"
#define EX_BUNDLE_ROOTS	     "trust/roots.pem"
#define EX_BUNDLE_POLICY     "trust/policy"
#define EX_HEADS_SCHEMA	     "custody-heads/v1"

enum {
	EX_BUNDLE_PATH = 40 /* bytes of "entries/e0001.p7m" and a NUL */
};

/* The files of entry n, counted from 1. */
void ex_bundle_entry_path(char out[EX_BUNDLE_PATH], size_t n);
void ex_bundle_openings_path(char out[EX_BUNDLE_PATH], size_t n);
void ex_bundle_proof_path(char out[EX_BUNDLE_PATH], size_t n);
void ex_bundle_consistency_path(char out[EX_BUNDLE_PATH], uint64_t size);
/* The lines that are stamped. */
void ex_bundle_stamped_path(char out[EX_BUNDLE_PATH], uint64_t size);

enum ex_severity {
	EX_NOTED,   /* worth knowing; does not touch the verdict */
	EX_FINDING, /* something that should be there is not */
	EX_FAULT    /* something is not what it claims to be */
};

/* One thing that the check has to say. */
struct ex_remark {
	enum ex_severity severity;
	char code[32];		     /* "manifest-digest", "chain-gap", ... */
	char file[64];		     /* in the bundle, or "" */
	char stream[EX_STREAM_TEXT]; /* or "" */
	char text[400];		     /* one line, shown form */
};

/* An entry that could be taken apart. */
struct ex_bundle_entry {
	size_t n; /* number of its file */
	struct ex_stream stream;
	uint64_t seq;
	enum ex_act act;
	uint8_t leaf[EX_HASH];
	uint64_t index; /* from its proof; meaningful if proven */
	int proven;	/* its proof leads to the checkpoint's root */
	int admitted;
	int64_t claimed; /* time_claimed, microseconds UTC */
	uint64_t seen;	 /* the largest checkpoint that its signers had seen */
	/*
	 * When it can have been signed, as far as time-stamps of others say: at
	 * the earliest when the last checkpoint before that one was stamped, at
	 * the latest when the first that includes it was.  0: not known.
	 */
	int64_t not_before, not_after;
};

/* A time-stamp that holds under the verifier's roots. */
struct ex_bundle_stamp {
	uint64_t size;
	int64_t time;	     /* genTime, microseconds UTC */
	int64_t valid_until; /* of the authority's certificate */
	int counts; /* it is valid today, or a later one that counts covers it */
	char signer[128];
	uint8_t root[EX_SHA256_LEN];
};

/* A witness of the verifier's policy whose cosignature holds. */
struct ex_bundle_cosigner {
	char name[EX_NOTE_NAME];
	char org[EX_POLICY_ORG]; /* or "" */
	int monitor;
	uint64_t time; /* seconds since 1970 */
};

/* A consistency proof that leads from some old root to the checkpoint. */
struct ex_bundle_prefix {
	uint64_t size;
	struct ex_tree_proof proof;
};

enum ex_verdict {
	EX_ANCHORED,   /* a quorum of others cosigned; keys known: exit 0 */
	EX_FAULTY,     /* exit 1 */
	EX_SPLIT,      /* of two bundles: possibly two histories; exit 2 */
	EX_CONSISTENT, /* with itself, compared with nothing outside: exit 3 */
};

/* What a verifier brings along; either may be NULL. */
struct ex_trust {
	const struct ex_policy *policy;
	const struct ex_roots *roots;
};

struct ex_bundle_result {
	enum ex_verdict verdict;
	struct ex_remark *remark;
	size_t nremarks, capremarks;
	size_t faults, findings;

	char subject[EX_STREAM_TEXT];
	struct ex_checkpoint checkpoint;
	int has_checkpoint;   /* it could be read */
	int checkpoint_known; /* its log line holds */
	int quorum;	      /* the policy's quorum is met */
	int other;	      /* by somebody else than the log's operator */
	struct ex_bundle_cosigner *cosigner;
	size_t ncosigners;
	struct ex_bundle_stamp *stamp; /* ascending by size, then time */
	size_t nstamps, capstamps;
	struct ex_vkey log; /* whose line holds */
	struct ex_bundle_entry *entry;
	size_t nentries, capentries;
	size_t nstreams;
	size_t openings, withheld; /* of all entries */
	size_t signatures;	   /* that hold */
	struct ex_bundle_prefix *prefix;
	size_t nprefixes, capprefixes;
	int tiles;	       /* no bundle: a folder of tiles, see tiles.h */
	uint64_t tile_entries; /* admitted ones in it; 0: hashes alone */
	int heads;	       /* a heads entry covers the streams */
	uint64_t heads_size;   /* up to this tree size */
	/* SHA-256 of the CA certificates that the signers' were held against */
	uint8_t (*root)[EX_SHA256_LEN];
	size_t nroots;
};

/*
 * Check everything about the bundle at path and tell all of it in *out, which
 * is released with ex_bundle_result_free() whether it worked or not.  Returns
 * -1 only when there is nothing to look at: EX_ABSENT, EX_FORMAT, EX_SYSTEM.
 */
int ex_bundle_check(struct ex_bundle_result *out, const char *path,
    const struct ex_trust *trust, struct ex_err *err);
void ex_bundle_result_free(struct ex_bundle_result *r);

/* Status of exhibit-verify for a verdict. */
int ex_verdict_exit(enum ex_verdict verdict);

/* "anchored", "faulty", "split", "consistent" */
const char *ex_verdict_name(enum ex_verdict verdict);

/* The verdict as a sentence. */
const char *ex_verdict_text(enum ex_verdict verdict);

/* "note", "finding", "fault" */
const char *ex_severity_name(enum ex_severity severity);

/*
 * Do two bundles, or a bundle and a checkpoint, show one history?  Adds what
 * there is to say to a's remarks and yields the verdict over both.
 */
int ex_bundle_compare(enum ex_verdict *out, struct ex_bundle_result *a,
    const struct ex_bundle_result *b, struct ex_err *err);

/*
 * A bare checkpoint as the second of two: *out has has_checkpoint, and
 * checkpoint_known if the line of log holds.  A note that is none is a fault.
 */
int ex_bundle_note(struct ex_bundle_result *out, const void *note, size_t n,
    const struct ex_vkey *log, struct ex_err *err);

#endif
