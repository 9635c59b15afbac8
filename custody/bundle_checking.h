/*
 * bundle_checking.h -- what the parts of the bundle's check share; for the
 * files bundle_*.c alone.
 *
 * Faults are told through ex_bundle_remark() and the check goes on.  A
 * function returns -1 only when the machine fails: memory, a disk that cannot
 * be read.
 */
#ifndef CUSTODY_BUNDLE_CHECKING_H
#define CUSTODY_BUNDLE_CHECKING_H

#include "base/buf.h"
#include "custody/admit.h"
#include "custody/bundle.h"
#include "custody/folder.h"
#include "custody/manifest.h"
#include "custody/openings.h"
#include "custody/world.h"

/* A checkpoint that a party saw before it signed. */
struct ex_bundle_seen {
	uint64_t size;
	uint8_t root[EX_HASH];
	size_t n; /* the first entry that names it */
};

/* Where the chain of a stream has got to. */
struct ex_bundle_chain {
	struct ex_stream stream;
	uint64_t seq;
	uint8_t leaf[EX_HASH];
};

/* A certificate that signed something. */
struct ex_bundle_cert {
	uint8_t sha256[EX_SHA256_LEN];
	struct ex_buf der;
	int64_t first, last; /* signing times */
	size_t n;	     /* the first entry it signed */
};

/* A member of a batch that was met. */
struct ex_bundle_batch {
	char id[40];
	uint64_t count;
	uint8_t root[EX_HASH];
	struct ex_batch_member member;
	size_t n;
};

/* A commitment without an opening that nothing has explained yet. */
struct ex_bundle_missing {
	uint8_t leaf[EX_HASH];
	size_t n;
	char stream[EX_STREAM_TEXT];
	char path[112];
};

/* The digest of a report, as its event states it. */
struct ex_bundle_report {
	uint8_t sha256[EX_SHA256_LEN];
	size_t n;
};

struct ex_bundle_checking {
	struct ex_bundle_result *r;
	const struct ex_trust *trust;
	struct ex_folder folder;
	struct ex_manifest manifest;
	int has_manifest;
	int tiles; /* it is no bundle: entries are named by their index */
	struct ex_buf note; /* checkpoint.txt */
	size_t *number;	    /* of entries on disk, ascending */
	size_t nnumbers, capnumbers;

	struct ex_world *world;
	int torn; /* an entry could not be replayed: later refusals by the
		   * rules may follow from that alone */
	struct ex_bundle_chain *chain;
	size_t nchains, capchains;
	struct ex_bundle_seen *seen;
	size_t nseen, capseen;
	struct ex_bundle_cert *cert;
	size_t ncerts, capcerts;
	struct ex_bundle_batch *batch;
	size_t nbatches, capbatches;
	struct ex_bundle_missing *missing;
	size_t nmissing, capmissing;
	struct ex_json
	    *erased; /* object: "leaf path" -> number of the erasure */
	struct ex_json *stamps; /* object: paths of time-stamps -> 1 */
	struct ex_bundle_report *report;
	size_t nreports, capreports;

	/* the newest heads entry */
	size_t heads; /* number of its file, 0: none */
	uint8_t heads_leaf[EX_HASH], heads_root[EX_HASH];
	uint64_t heads_size, heads_count, heads_index;
};

/* Add a remark; file and stream may be NULL. */
int ex_bundle_remark(struct ex_bundle_result *r, struct ex_err *err,
    enum ex_severity severity, const char *code, const char *file,
    const char *stream, const char *fmt, ...)
    __attribute__((__format__(__printf__, 7, 8)));

/*
 * Turn a failure into a fault and forget it; but EX_SYSTEM is passed on.
 * Returns 0 or -1.
 */
int ex_bundle_fault(struct ex_bundle_result *r, struct ex_err *err,
    struct ex_err *why, const char *code, const char *file, const char *stream);

/* Room for one more element. */
int ex_bundle_grow(
    void **array, size_t *cap, size_t n, size_t each, struct ex_err *err);

/* The steps, in this order; two more are in bundle_check.c. */
int ex_bundle_check_files(struct ex_bundle_checking *c, struct ex_err *err);
int ex_bundle_read_checkpoint(struct ex_bundle_checking *c, struct ex_err *err);
int ex_bundle_check_entries(struct ex_bundle_checking *c, struct ex_err *err);
int ex_bundle_check_log(struct ex_bundle_checking *c, struct ex_err *err);
int ex_bundle_check_prefixes(struct ex_bundle_checking *c, struct ex_err *err);
int ex_bundle_check_stamps(struct ex_bundle_checking *c, struct ex_err *err);
int ex_bundle_check_heads(struct ex_bundle_checking *c, struct ex_err *err);
int ex_bundle_check_certs(struct ex_bundle_checking *c, struct ex_err *err);
int ex_bundle_check_batches(struct ex_bundle_checking *c, struct ex_err *err);
int ex_bundle_check_missing(struct ex_bundle_checking *c, struct ex_err *err);
int ex_bundle_check_reports(struct ex_bundle_checking *c, struct ex_err *err);

/*
 * Does the verifier's policy know the log of c->note, and those who cosigned?
 * file is what remarks name.
 */
int ex_bundle_ask_policy(
    struct ex_bundle_checking *c, const char *file, struct ex_err *err);

/* Remember that the tree of this size is a prefix of the checkpoint's. */
int ex_bundle_keep_prefix(struct ex_bundle_result *r, uint64_t size,
    const struct ex_tree_proof *proof, struct ex_err *err);

/* Entries of compromised keys that stand open or are disowned, in c->world. */
int ex_bundle_say_disputes(struct ex_bundle_checking *c, struct ex_err *err);

/* What it all comes to. */
void ex_bundle_set_verdict(struct ex_bundle_checking *c);

/* Does this old checkpoint's file lead from it to the bundle's?  As a step. */
int ex_bundle_prefix_holds(int *holds, struct ex_bundle_checking *c,
    const struct ex_checkpoint *old, struct ex_err *err);

/*
 * Keep what an event says that concerns the bundle as a whole: batch, heads,
 * erasures, digests of reports.
 */
int ex_bundle_gather(struct ex_bundle_checking *c, const struct ex_event *e,
    const struct ex_bundle_entry *entry, struct ex_err *err);

/* Keep the commitments that o does not open and the manifest not withholds. */
int ex_bundle_gather_missing(struct ex_bundle_checking *c,
    const struct ex_event *e, const struct ex_openings *o,
    const uint8_t leaf[EX_HASH], size_t n, struct ex_err *err);

/* Keep the certificates of entry n. */
int ex_bundle_gather_certs(struct ex_bundle_checking *c,
    const struct ex_cms *cms, size_t n, struct ex_err *err);

/* heads/heads.json taken apart; list leads into json. */
struct ex_bundle_heads {
	struct ex_json *json; /* owned */
	uint64_t count;
	uint8_t entry[EX_HASH];
	const struct ex_json *list;
};
int ex_bundle_heads_read(struct ex_bundle_heads *out, const void *text,
    size_t n, struct ex_err *err);
void ex_bundle_heads_free(struct ex_bundle_heads *h);

#endif
