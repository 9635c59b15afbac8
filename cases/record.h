/*
 * record.h -- the entries of a case or an item, read out of the database and
 * believed only as far as they prove themselves.
 *
 * A record holds whole streams: the laboratory's, the case's and its items',
 * in the order of the tree.  Every entry was admitted again over facts that
 * come from these entries alone, and its proof leads to a checkpoint that the
 * log key signed.  Histories, continuity, reports and bundles are computed
 * from a record and from nothing else.
 */
#ifndef CASES_RECORD_H
#define CASES_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "custody/admit.h"
#include "custody/openings.h"
#include "custody/world.h"
#include "hashing/tree.h"
#include "signing/note.h"

struct ex_conn;

struct ex_record_entry {
	struct ex_buf entry;	     /* the signed bytes */
	struct ex_buf openings_text; /* may be empty */
	uint64_t index;		     /* in the tree */
	int64_t recorded_at;	     /* the database's word, never a proof */
	struct ex_admission admission;
	struct ex_openings openings;
	struct ex_json *erased;	    /* path -> "erased by entry 7", or NULL */
	struct ex_tree_proof proof; /* to the record's checkpoint */
};

struct ex_record {
	struct ex_stream subject;
	struct ex_record_entry **entry; /* ascending by index */
	size_t nentries, capentries;
	struct ex_world *world; /* the facts after the last of them */
	struct ex_buf note;	/* the signed checkpoint */
	struct ex_checkpoint checkpoint;
	struct ex_vkey log;
	char **item; /* the case's items, or the one item; ascending */
	size_t nitems;
	char case_number[EX_CASE_MAX + 1];
};

/*
 * Read the record of an item or a case.  log is the key that the caller
 * trusts.  EX_ABSENT: no such thing, or the caller may not see it; EX_DAMAGED
 * names the first entry that does not prove itself.  *out is released with
 * ex_record_free() whether it worked or not.
 */
int ex_record_read(struct ex_record *out, struct ex_conn *conn,
    const struct ex_vkey *log, const struct ex_stream *subject,
    struct ex_err *err);
void ex_record_free(struct ex_record *r);

/* The entry with this leaf, or with this place in a stream; NULL. */
const struct ex_record_entry *
ex_record_by_leaf(const struct ex_record *r, const uint8_t leaf[EX_HASH]);
const struct ex_record_entry *ex_record_by_seq(
    const struct ex_record *r, const struct ex_stream *stream, uint64_t seq);

/* A fact's value after the last entry; the caller's, NULL when there is none.
 */
int ex_record_fact(struct ex_json **out, const struct ex_record *r,
    const char *kind, const char *id, struct ex_err *err);

/*
 * What (kind, id) became by this entry, NULL when it did not touch it.
 * Borrowed.
 */
const struct ex_json *ex_record_after(
    const struct ex_record_entry *e, const char *kind, const char *id);

/* Does the entry belong to this item's stream?  1 or 0. */
int ex_record_of_item(const struct ex_record_entry *e, const char *item);

/* A committed text: the opened value, or NULL when withheld or not there. */
const char *ex_record_text(const struct ex_record_entry *e, const char *path);

/* "erased by entry 7" of a text that was erased, else NULL. */
const char *ex_record_erased(const struct ex_record_entry *e, const char *path);

/*
 * The words for how far a signature can be trusted to be its person's:
 * "software key, laboratory CA", "card, laboratory CA", ...  own_ca: the
 * key's certificate is of the laboratory's CA.
 */
const char *
ex_assurance(enum ex_mode mode, const char *storage, int own_ca, int zh);

/* The same of a party of one of the record's entries. */
const char *ex_record_assurance(
    const struct ex_record *r, const struct ex_party *p, int zh);

#endif
