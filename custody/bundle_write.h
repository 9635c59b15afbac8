/*
 * bundle_write.h -- a bundle as a folder, written file by file.
 *
 * Knows the format (custody/bundle.h) and nothing of where entries come from:
 * the caller feeds the checkpoint, entries with their openings and proofs,
 * consistency proofs, heads, reports.  Everything goes to a folder beside the
 * wanted one, which takes its name only when it is complete.
 */
#ifndef CUSTODY_BUNDLE_WRITE_H
#define CUSTODY_BUNDLE_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "custody/bundle.h"
#include "custody/event.h"
#include "custody/log.h"
#include "hashing/tree.h"

struct ex_bundle_writer;

/*
 * Begin a bundle about subject at dir, which must not exist (EX_EXISTS), to
 * this signed checkpoint, whose signature is not checked here.
 */
int ex_bundle_begin(struct ex_bundle_writer **out, const char *dir,
    const struct ex_stream *subject, const void *note, size_t nnote,
    struct ex_err *err);

/* One entry, in ascending order of index. */
struct ex_bundle_item {
	const void *entry;
	size_t nentry;
	const void *openings; /* all that are at hand, unredacted */
	size_t nopenings;
	uint64_t index;
	const struct ex_tree_proof *proof; /* to the checkpoint */
	/*
	 * Which openings to leave out; NULL: none.  Those are listed in the
	 * manifest; what is not at hand is not, and will be a finding.
	 */
	int (*withhold)(void *arg, const char *path);
	void *arg;
};

/*
 * Add an entry, its openings and its proof.  Refuses (EX_DAMAGED, EX_FORMAT)
 * openings or a proof that do not hold, and an index that does not ascend
 * (EX_USAGE).
 */
int ex_bundle_add(struct ex_bundle_writer *w, const struct ex_bundle_item *item,
    struct ex_err *err);

/*
 * The sizes for which consistency proofs are needed so far: every `seen`
 * other than 0 and the checkpoint's, ascending, each once.  Borrowed until
 * the next ex_bundle_add().
 */
const uint64_t *ex_bundle_seen(const struct ex_bundle_writer *w, size_t *n);

/* The proof from one of them to the checkpoint. */
int ex_bundle_add_consistency(struct ex_bundle_writer *w, uint64_t size,
    const struct ex_tree_proof *proof, struct ex_err *err);

/*
 * A time-stamp over the three lines (text) of the checkpoint of this size, at
 * most the bundle's.  Before ex_bundle_seen() is asked: its size is needed,
 * too.  EX_USAGE: a larger size; EX_FORMAT: no checkpoint of it.
 */
int ex_bundle_add_stamp(struct ex_bundle_writer *w, const char *authority,
    struct ex_span text, struct ex_span tsr, struct ex_err *err);

/* A stream's head as it stands in the root of the newest heads entry. */
struct ex_bundle_head {
	struct ex_head head;
	uint64_t index; /* among that entry's heads, from 0 */
	struct ex_tree_proof proof;
};

/*
 * heads/heads.json: the heads entry's leaf, the number of all its heads, and
 * the bundle's own.  Sorts head[].
 */
int ex_bundle_add_heads(struct ex_bundle_writer *w, const uint8_t leaf[EX_HASH],
    uint64_t count, struct ex_bundle_head *head, size_t n, struct ex_err *err);

/* Any other file: reports, trust, attachments.  EX_EXISTS, EX_USAGE. */
int ex_bundle_add_file(struct ex_bundle_writer *w, const char *path,
    const void *data, size_t n, struct ex_err *err);

/*
 * Write VERIFY.txt, verify.sh and the manifest, bring everything to disk and
 * give the folder its name.
 */
int
ex_bundle_end(struct ex_bundle_writer *w, int64_t made_at, struct ex_err *err);

/* Release w; what was not ended is removed from disk.  NULL is ignored. */
void ex_bundle_writer_free(struct ex_bundle_writer *w);

#endif
