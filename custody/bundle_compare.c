/*
 * bundle_compare.c -- two bundles, or a bundle and a checkpoint: one history
 * or two?
 */
#include <inttypes.h>
#include <string.h>

#include "base/codec.h"
#include "custody/bundle_checking.h"

int
ex_bundle_note(struct ex_bundle_result *out, const void *note, size_t n,
    const struct ex_vkey *log, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_note parsed;

	memset(out, 0, sizeof(*out));
	out->verdict = EX_FAULTY;
	if (ex_note_parse(&parsed, note, n, &why) == -1 ||
	    ex_checkpoint_read(&out->checkpoint, parsed.text, &why) == -1)
		return ex_bundle_fault(
		    out, err, &why, "checkpoint", NULL, NULL);
	out->has_checkpoint = 1;
	if (ex_note_check(&parsed, log, NULL, &why) == -1)
		return ex_bundle_fault(
		    out, err, &why, "checkpoint-signature", NULL, NULL);
	out->checkpoint_known = 1;
	out->log = *log;
	out->verdict = EX_CONSISTENT;
	return 0;
}

/* Entries that both have proven at one place of the tree are the same. */
static int
compare_entries(struct ex_bundle_result *a, const struct ex_bundle_result *b,
    struct ex_err *err)
{
	size_t i = 0, k = 0;

	while (i < a->nentries && k < b->nentries) {
		const struct ex_bundle_entry *x = &a->entry[i];
		const struct ex_bundle_entry *y = &b->entry[k];
		char stream[EX_STREAM_TEXT];

		if (!x->proven || (y->proven && x->index < y->index)) {
			i++;
			continue;
		}
		if (!y->proven || y->index < x->index) {
			k++;
			continue;
		}
		ex_stream_text(stream, &x->stream);
		if (memcmp(x->leaf, y->leaf, EX_HASH) != 0 &&
		    ex_bundle_remark(a, err, EX_FAULT, "two-histories", NULL,
			stream,
			"index %" PRIu64
			" holds e%04zu in the first and e%04zu, another "
			"entry, in the second",
			x->index, x->n, y->n) == -1)
			return -1;
		i++;
		k++;
	}
	return 0;
}

/* The proof in the larger one that starts at the smaller one's size. */
static const struct ex_tree_proof *
find_prefix(const struct ex_bundle_result *larger, uint64_t size)
{
	for (size_t i = 0; i < larger->nprefixes; i++) {
		if (larger->prefix[i].size == size)
			return &larger->prefix[i].proof;
	}
	return NULL;
}

/* Two sizes: only a proof between them says that one grew from the other. */
static int
compare_sizes(enum ex_verdict *out, struct ex_bundle_result *a,
    const struct ex_bundle_result *b, struct ex_err *err)
{
	const struct ex_bundle_result *larger =
	    a->checkpoint.size > b->checkpoint.size ? a : b;
	const struct ex_checkpoint *new = &larger->checkpoint;
	const struct ex_checkpoint *old =
	    larger == a ? &b->checkpoint : &a->checkpoint;
	const struct ex_tree_proof *p = find_prefix(larger, old->size);

	if (old->size == 0 && old->size == new->size)
		return 0;
	if (p == NULL && old->size != 0) {
		*out = EX_SPLIT;
		return ex_bundle_remark(a, err, EX_NOTED, "split", NULL, NULL,
		    "possibly split: ask the log for a proof %" PRIu64
		    " -> %" PRIu64,
		    old->size, new->size);
	}
	if (old->size == 0 || ex_tree_check_consistency(p, old->size, old->root,
				  new->size, new->root, NULL) == 0)
		return 0;
	return ex_bundle_remark(a, err, EX_FAULT, "two-histories", NULL, NULL,
	    "the log of %" PRIu64
	    " entries is no continuation of that of %" PRIu64,
	    new->size, old->size);
}

static int
compare_checkpoints(enum ex_verdict *out, struct ex_bundle_result *a,
    const struct ex_bundle_result *b, struct ex_err *err)
{
	const struct ex_checkpoint *p = &a->checkpoint, *q = &b->checkpoint;
	char root[2][2 * EX_HASH + 1];

	if (strcmp(p->origin, q->origin) != 0) {
		*out = EX_SPLIT;
		return ex_bundle_remark(a, err, EX_NOTED, "other-log", NULL,
		    NULL, "two logs: %s and %s; there is nothing to compare",
		    p->origin, q->origin);
	}
	if (p->size != q->size)
		return compare_sizes(out, a, b, err);
	if (memcmp(p->root, q->root, EX_HASH) == 0)
		return 0;
	ex_hex(root[0], p->root, EX_HASH);
	ex_hex(root[1], q->root, EX_HASH);
	return ex_bundle_remark(a, err, EX_FAULT, "two-histories", NULL, NULL,
	    "two histories: two roots for %" PRIu64 " entries, %s and %s",
	    p->size, root[0], root[1]);
}

/* The worse of two single verdicts. */
static enum ex_verdict
worse(enum ex_verdict a, enum ex_verdict b)
{
	if (a == EX_FAULTY || b == EX_FAULTY)
		return EX_FAULTY;
	return a == EX_CONSISTENT ? a : b;
}

int
ex_bundle_compare(enum ex_verdict *out, struct ex_bundle_result *a,
    const struct ex_bundle_result *b, struct ex_err *err)
{
	enum ex_verdict split = EX_ANCHORED;
	size_t faults = a->faults;

	*out = worse(a->verdict, b->verdict);
	if (a->has_checkpoint && b->has_checkpoint) {
		if (compare_checkpoints(&split, a, b, err) == -1)
			return -1;
		if (strcmp(a->checkpoint.origin, b->checkpoint.origin) == 0 &&
		    compare_entries(a, b, err) == -1)
			return -1;
	}
	if (a->faults > faults)
		*out = EX_FAULTY;
	else if (*out != EX_FAULTY && split == EX_SPLIT)
		*out = EX_SPLIT;
	return 0;
}
