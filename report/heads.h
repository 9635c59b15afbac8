/*
 * heads.h -- the list of heads that a heads entry commits to, made again.
 */
#ifndef REPORT_HEADS_H
#define REPORT_HEADS_H

#include "base/err.h"
#include "cases/record.h"
#include "custody/bundle_write.h"

struct ex_conn;

struct ex_heads_list {
	uint8_t entry[EX_HASH];	     /* leaf of the heads entry */
	uint64_t size;		     /* it speaks for */
	uint64_t count;		     /* of all heads */
	struct ex_bundle_head *head; /* of the record's streams */
	size_t n;
};

/*
 * For the newest heads entry of the record; n is 0 and count 0 when there is
 * none.  conn must see every stream, of which only (stream, seq, leaf) is
 * read.  EX_DAMAGED when the rows do not give the root that was signed.
 */
int ex_heads_list(struct ex_heads_list *out, struct ex_conn *conn,
    const struct ex_record *r, struct ex_err *err);
void ex_heads_list_free(struct ex_heads_list *l);

#endif
