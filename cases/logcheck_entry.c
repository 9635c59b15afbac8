/*
 * logcheck_entry.c -- every entry again: bytes, signatures, rules, texts.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "cases/logcheck_tree.h"

/* One entry while it is looked at. */
struct look {
	struct ex_logcheck *c;
	const struct ex_logcheck_row *row;
	struct ex_logcheck_at at;
	struct ex_admission a;
	int admitted;
	uint8_t leaf[EX_HASH];
};

/* What its columns say against what its bytes give. */
static int
check_columns(struct look *l, struct ex_err *err)
{
	const struct ex_event *e = &l->a.event;
	char stream[EX_STREAM_TEXT];

	ex_stream_text(stream, &e->stream);
	if (strcmp(l->a.judgement.case_number, l->row->case_number) != 0 &&
	    ex_logcheck_say(l->c, err, EX_FAULT, "row-case", &l->at,
		"its row is shown to those of case \"%s\", the entry belongs "
		"to \"%s\"",
		l->row->case_number, l->a.judgement.case_number) == -1)
		return -1;
	if (l->row->body_sha256 != NULL &&
	    memcmp(l->row->body_sha256, e->sha256, EX_SHA256_LEN) != 0 &&
	    ex_logcheck_say(l->c, err, EX_FAULT, "row-differs", &l->at,
		"its row has another body_sha256 than its body") == -1)
		return -1;
	if (strcmp(stream, l->row->stream) == 0 && e->seq == l->row->seq)
		return 0;
	return ex_logcheck_say(l->c, err, EX_FAULT, "row-differs", &l->at,
	    "its row says %s seq %" PRIu64 ", the signed entry %s seq %" PRIu64,
	    l->row->stream, l->row->seq, stream, e->seq);
}

/* Every checkpoint that a signer had seen is one of this very log. */
static int
check_seen(struct look *l, struct ex_err *err)
{
	for (size_t i = 0; i < l->a.event.nparties; i++) {
		const struct ex_party *p = &l->a.event.party[i];
		uint8_t root[EX_HASH];

		if (!ex_mode_signs(p->mode))
			continue;
		if (p->seen_size <= l->row->index &&
		    p->seen_size <= l->c->edge.size) {
			if (ex_logcheck_root(l->c, root, p->seen_size, err) ==
			    -1)
				return -1;
			if (memcmp(root, p->seen_root, EX_HASH) == 0)
				continue;
		}
		if (ex_logcheck_say(l->c, err, EX_FAULT, "seen-differs", &l->at,
			"%s had seen %" PRIu64
			" entries with another root than they give here",
			p->person, p->seen_size) == -1)
			return -1;
	}
	return 0;
}

static int
check_heads(struct look *l, struct ex_err *err)
{
	if (l->a.event.act != EX_ACT_HEADS)
		return 0;
	return ex_logcheck_heads_check(l->c, &l->a.event, &l->at, err);
}

/* Where it stands; of one that the rules refuse, as its row says. */
static int
keep_place(struct look *l, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_stream stream;

	if (l->admitted)
		return ex_logcheck_heads_add(l->c->heads, &l->a.event.stream,
		    l->a.event.seq, l->a.judgement.case_number, err);
	if (ex_stream_read(&stream, l->row->stream, &why) == -1 &&
	    ex_stream_set(&stream, EX_STREAM_LAB, "UNKNOWN", err) == -1)
		return -1;
	return ex_logcheck_heads_add(
	    l->c->heads, &stream, l->row->seq, l->row->case_number, err);
}

/* Erasures and rejections speak of other entries. */
static int
gather(struct look *l, struct ex_err *err)
{
	const struct ex_event *e = &l->a.event;
	const struct ex_json *paths = ex_json_get(e->fields, "paths");
	const char *leaf = ex_event_text(e, "entry");
	const char *sha256 = ex_event_text(e, "entry_sha256");
	char key[192];

	if (e->act == EX_ACT_ANCHOR_TABLES)
		return ex_logcheck_tables_add(l->c, e, l->row->index, err);
	if (e->act == EX_ACT_REJECT && sha256 != NULL)
		return ex_json_set_int(l->c->rejects, sha256, 1, err);
	if (e->act != EX_ACT_ERASE || leaf == NULL)
		return 0;
	for (size_t i = 0; i < ex_json_count(paths); i++) {
		const char *path = ex_json_text(ex_json_at(paths, i));

		(void)snprintf(key, sizeof(key), "%.64s %.112s", leaf,
		    path == NULL ? "" : path);
		if (ex_json_set_int(
			l->c->erased, key, (int64_t)l->row->index, err) == -1)
			return -1;
	}
	return 0;
}

/*
 * The rules refuse it.  Behind a fault their refusals may follow from that
 * alone: then they are told, but not counted again.
 */
static int
refused(struct look *l, struct ex_err *why, struct ex_err *err)
{
	int torn = l->c->torn;

	l->c->torn = 1;
	if (torn && (why->code == EX_CONFLICT || why->code == EX_STATE ||
			why->code == EX_ABSENT || why->code == EX_DENIED)) {
		int rc = ex_logcheck_say(l->c, err, EX_NOTED, "not-replayed",
		    &l->at, "%s", why->text);

		ex_err_clear(why);
		return rc;
	}
	return ex_logcheck_fault(l->c, err, why, "entry-refused", &l->at);
}

static int
admit(struct look *l, struct ex_err *err)
{
	static const struct ex_admit_options options = { .skip_seen = 1 };
	struct ex_err why = EX_ERR_INIT;

	if (ex_admit(&l->a, l->row->entry, l->row->nentry,
		ex_world_view(l->c->world), &options, &why) == -1)
		return refused(l, &why, err);
	l->c->r->entries++;
	l->admitted = 1;
	if (check_columns(l, err) == -1 || check_seen(l, err) == -1 ||
	    check_heads(l, err) == -1 || gather(l, err) == -1 ||
	    ex_logcheck_batches_add(l->c, &l->a.event, &l->at, err) == -1 ||
	    ex_logcheck_certs(l->c, &l->a, &l->at, err) == -1 ||
	    ex_logcheck_openings(l->c, &l->a.event, l->row, err) == -1)
		return -1;
	return ex_world_apply(l->c->world, &l->a, l->row->index, err);
}

/* Indexes run from 0 without a gap; what is missing is named. */
static int
check_index(struct look *l, struct ex_err *err)
{
	uint64_t want = l->c->next;

	l->c->next = l->row->index + 1;
	if (l->row->index == want)
		return 0;
	l->c->torn = 1;
	return ex_logcheck_say(l->c, err, EX_FAULT, "index-missing", &l->at,
	    "index %" PRIu64 " follows index %" PRIu64
	    ": what was between is missing",
	    l->row->index, want == 0 ? 0 : want - 1);
}

int
ex_logcheck_entry(struct ex_logcheck *c, const struct ex_logcheck_row *row,
    struct ex_err *err)
{
	struct look l = { .c = c, .row = row };
	int rc = -1;

	l.at.index = (int64_t)row->index;
	l.at.stream = row->stream;
	l.at.seq = row->seq;
	ex_entry_leaf(l.leaf, row->entry, row->nentry);
	if (check_index(&l, err) == -1)
		goto out;
	if (memcmp(l.leaf, row->leaf, EX_HASH) != 0 &&
	    ex_logcheck_say(c, err, EX_FAULT, "leaf-differs", &l.at,
		"the bytes of the entry are not those that were indexed") == -1)
		goto out;
	if (admit(&l, err) == -1 || keep_place(&l, err) == -1)
		goto out;
	rc = ex_logcheck_append(c, l.leaf, err);
out:
	ex_admission_free(&l.a);
	return rc;
}

int
ex_logcheck_row_wrong(struct ex_logcheck *c, int64_t index, const char *stream,
    const char *what, struct ex_err *err)
{
	struct ex_logcheck_at at = { index < 0 ? -1 : index, stream, 0 };

	if (index == -3)
		return ex_logcheck_say(c, err, EX_FAULT, "case-differs", &at,
		    "its \"%s\" in the case database are not what its entries "
		    "and notes give: somebody may see it who may not, or it is "
		    "not found",
		    what);
	if (index == -2)
		return ex_logcheck_say(c, err, EX_FAULT, "row-differs", NULL,
		    "the row of checkpoint %s has another size or root than "
		    "was signed",
		    stream);
	if (index == -1)
		return ex_logcheck_say(c, err, EX_FAULT, "head-differs", &at,
		    "the stream's head is neither its last entry nor one that "
		    "waits: its next entry would be refused, or fork it");
	return ex_logcheck_say(c, err, EX_FAULT, "row-differs", &at,
	    "\"%s\" of its row is not what the tree has", what);
}

/* The entry's SHA-256 in hexadecimal. */
static void
entry_name(char out[EX_SHA256_HEX], const struct ex_logcheck_loose *row)
{
	ex_sha256_hex(out, row->entry, row->nentry);
}

int
ex_logcheck_loose(struct ex_logcheck *c, const struct ex_logcheck_loose *row,
    struct ex_err *err)
{
	struct ex_logcheck_at at = { -1, row->stream, row->seq };
	char name[EX_SHA256_HEX];

	entry_name(name, row);
	if (row->queued) {
		c->r->queued++;
		return ex_logcheck_say(c, err, EX_NOTED, "queued", &at,
		    "waits for the sequencer: not yet done");
	}
	if (!row->rejected)
		return ex_logcheck_say(c, err, EX_FAULT, "entry-dropped", &at,
		    "was accepted and stands neither in the log nor among the "
		    "rejected");
	c->r->rejected++;
	if (ex_json_get(c->rejects, name) == NULL)
		return ex_logcheck_say(c, err, EX_FAULT, "rejected-unsigned",
		    &at, "is called rejected, but no signed entry says so");
	return ex_logcheck_say(c, err, EX_NOTED, "rejected", &at,
	    "was refused by the sequencer: %.300s",
	    row->why != NULL ? row->why : "no reason stored");
}
