/*
 * bundle_entries.c -- every entry of a bundle: encoding, signatures, proof,
 * its stream's chain, the rules, openings.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "custody/bundle_checking.h"

enum {
	PROOF_FILE_MAX = 131072,    /* bytes: a note and 64 hashes fit */
	OPENINGS_FILE_MAX = 8388608 /* bytes: 256 values, escaped */
};

/* One entry while it is looked at. */
struct look {
	struct ex_bundle_checking *c;
	char path[EX_BUNDLE_PATH];
	char stream[EX_STREAM_TEXT]; /* "" as long as it is not known */
	struct ex_buf bytes;
	struct ex_admission a; /* when it was admitted */
	struct ex_cms cms;     /* else, as far as it could be taken apart */
	struct ex_event event;
	const struct ex_event *e; /* the one that is filled; NULL: neither */
	const struct ex_cms *signed_by;
	struct ex_bundle_entry entry;
	struct ex_err refused; /* why the rules refuse it */
};

static int
fault(struct look *l, struct ex_err *why, const char *code, struct ex_err *err)
{
	return ex_bundle_fault(l->c->r, err, why, code, l->path, l->stream);
}

/*
 * It was not admitted: find out how much of it stands.  What remains in
 * l->refused afterwards is said by the rules and not by the bytes.
 */
static int
diagnose(struct look *l, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;

	if (ex_cms_parse(&l->cms, l->bytes.data, l->bytes.len, &why) == -1) {
		ex_err_clear(&l->refused);
		return fault(l, &why, "entry-encoding", err);
	}
	if (ex_event_parse(&l->event, l->cms.body.p, l->cms.body.n, &why) ==
	    -1) {
		ex_err_clear(&l->refused);
		return fault(l, &why, "entry-body", err);
	}
	l->e = &l->event;
	ex_stream_text(l->stream, &l->e->stream);
	if (ex_cms_check(&l->cms, &why) == -1) {
		ex_err_clear(&l->refused);
		return fault(l, &why, "entry-signature", err);
	}
	l->signed_by = &l->cms;
	return 0;
}

/* Ask the gate that the laboratory's own sequencer asks. */
static int
admit(struct look *l, struct ex_err *err)
{
	static const struct ex_admit_options options = { .skip_seen = 1 };

	if (ex_admit(&l->a, l->bytes.data, l->bytes.len,
		ex_world_view(l->c->world), &options, &l->refused) == 0) {
		l->e = &l->a.event;
		l->signed_by = &l->a.cms;
		l->entry.admitted = 1;
		ex_stream_text(l->stream, &l->e->stream);
		return 0;
	}
	if (l->refused.code == EX_SYSTEM)
		return ex_fail(err, EX_SYSTEM, "%s", l->refused.text);
	return diagnose(l, err);
}

/* The chain of this event's stream, new if need be; NULL: no memory. */
static struct ex_bundle_chain *
find_chain(
    struct ex_bundle_checking *c, const struct ex_stream *s, struct ex_err *err)
{
	void *array = c->chain;

	for (size_t i = 0; i < c->nchains; i++) {
		if (ex_stream_equal(&c->chain[i].stream, s))
			return &c->chain[i];
	}
	if (ex_bundle_grow(&array, &c->capchains, c->nchains, sizeof(*c->chain),
		err) == -1)
		return NULL;
	c->chain = array;
	memset(&c->chain[c->nchains], 0, sizeof(*c->chain));
	c->chain[c->nchains].stream = *s;
	return &c->chain[c->nchains++];
}

/* Does it follow the stream's entry before it?  *broken says. */
static int
check_chain(struct look *l, int *broken, struct ex_err *err)
{
	const struct ex_event *e = l->e;
	struct ex_bundle_result *r = l->c->r;
	struct ex_bundle_chain *chain = find_chain(l->c, &e->stream, err);
	int rc = 0;

	if (chain == NULL)
		return -1;
	*broken = 1;
	if (e->seq <= chain->seq)
		return ex_bundle_remark(r, err, EX_FAULT, "chain-twice",
		    l->path, l->stream,
		    "seq %" PRIu64 " comes after seq %" PRIu64, e->seq,
		    chain->seq);
	if (e->seq > chain->seq + 1)
		rc = ex_bundle_remark(r, err, EX_FAULT, "chain-gap", l->path,
		    l->stream,
		    "seq %" PRIu64 " follows seq %" PRIu64
		    ": what was between is missing",
		    e->seq, chain->seq);
	else if (memcmp(e->prev, chain->leaf, EX_HASH) != 0)
		rc = ex_bundle_remark(r, err, EX_FAULT, "chain-prev", l->path,
		    l->stream,
		    "seq %" PRIu64 " was signed after another seq %" PRIu64
		    " than the one here",
		    e->seq, chain->seq);
	else
		*broken = 0;
	chain->seq = e->seq;
	memcpy(chain->leaf, l->entry.leaf, EX_HASH);
	return rc;
}

/*
 * Say what the rules said.  Behind a fault their refusals may follow from
 * that alone: then they are told, but not held against the bundle again.
 */
static int
report_refusal(struct look *l, int broken, struct ex_err *err)
{
	enum ex_code code = l->refused.code;
	int torn = l->c->torn;

	if (l->entry.admitted)
		return 0;
	l->c->torn = 1;
	if (code == EX_OK || (broken && code == EX_CONFLICT))
		return 0;
	if (torn && (code == EX_CONFLICT || code == EX_STATE ||
			code == EX_ABSENT || code == EX_DENIED))
		return ex_bundle_remark(l->c->r, err, EX_NOTED, "not-replayed",
		    l->path, l->stream, "%s", l->refused.text);
	return fault(l, &l->refused, "entry-refused", err);
}

/* Its place in the tree, as its own proof says. */
static int
read_proof(struct look *l, struct ex_buf *text, struct ex_tlog_proof *p,
    const char *path, struct ex_err *err)
{
	struct ex_bundle_checking *c = l->c;
	struct ex_err why = EX_ERR_INIT;

	if (ex_folder_read(text, &c->folder, path, PROOF_FILE_MAX, &why) ==
		-1 ||
	    ex_tlog_proof_read(p, text->data, text->len, &why) == -1)
		return ex_bundle_fault(
		    c->r, err, &why, "proof", path, l->stream);
	l->entry.index = p->index;
	if (!c->r->has_checkpoint)
		return 0;
	if (!ex_span_equal(p->note, c->note.data, c->note.len))
		return ex_bundle_remark(c->r, err, EX_FAULT, "proof-checkpoint",
		    path, l->stream,
		    "leads to another checkpoint than the bundle's");
	if (ex_tree_check_inclusion(&p->proof, l->entry.leaf, p->index,
		c->r->checkpoint.size, c->r->checkpoint.root, &why) == -1)
		return ex_bundle_fault(
		    c->r, err, &why, "proof", path, l->stream);
	l->entry.proven = 1;
	return 0;
}

static int
check_proof(struct look *l, struct ex_err *err)
{
	struct ex_bundle_result *r = l->c->r;
	struct ex_buf text = EX_BUF_INIT;
	struct ex_tlog_proof p;
	char path[EX_BUNDLE_PATH];
	int rc;

	memset(&p, 0, sizeof(p));
	ex_bundle_proof_path(path, l->entry.n);
	rc = read_proof(l, &text, &p, path, err);
	ex_buf_free(&text);
	if (rc == -1 || r->nentries == 0 ||
	    l->entry.index > r->entry[r->nentries - 1].index)
		return rc;
	return ex_bundle_remark(r, err, EX_FAULT, "entry-order", l->path,
	    l->stream,
	    "index %" PRIu64 " is not behind that of the entry before it",
	    l->entry.index);
}

static int
add_seen(struct ex_bundle_checking *c, const struct ex_party *p, size_t n,
    struct ex_err *err)
{
	struct ex_bundle_seen *s;
	void *array = c->seen;

	for (size_t i = c->nseen; i-- > 0;) {
		s = &c->seen[i];
		if (s->size == p->seen_size &&
		    memcmp(s->root, p->seen_root, EX_HASH) == 0)
			return 0;
	}
	if (ex_bundle_grow(
		&array, &c->capseen, c->nseen, sizeof(*c->seen), err) == -1)
		return -1;
	c->seen = array;
	s = &c->seen[c->nseen++];
	s->size = p->seen_size;
	memcpy(s->root, p->seen_root, EX_HASH);
	s->n = n;
	return 0;
}

/* What each party had seen lies before the entry itself. */
static int
check_seen(struct look *l, struct ex_err *err)
{
	for (size_t i = 0; i < l->e->nparties; i++) {
		const struct ex_party *p = &l->e->party[i];

		if (!ex_mode_signs(p->mode))
			continue;
		if (p->seen_size > l->entry.seen)
			l->entry.seen = p->seen_size;
		if (add_seen(l->c, p, l->entry.n, err) == -1)
			return -1;
		if (l->entry.proven && p->seen_size > l->entry.index &&
		    ex_bundle_remark(l->c->r, err, EX_FAULT, "seen-future",
			l->path, l->stream,
			"%s had seen %" PRIu64
			" entries, but this one is at index %" PRIu64,
			p->person, p->seen_size, l->entry.index) == -1)
			return -1;
	}
	return 0;
}

/* The openings of entry n against its event. */
static int
check_openings(struct ex_bundle_checking *c, const struct ex_event *e,
    const uint8_t leaf[EX_HASH], size_t n, struct ex_err *err)
{
	struct ex_openings o = { NULL, 0 };
	struct ex_err why = EX_ERR_INIT;
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_BUNDLE_PATH], stream[EX_STREAM_TEXT];
	int rc = -1;

	ex_bundle_openings_path(path, n);
	ex_stream_text(stream, &e->stream);
	if (ex_folder_read(&text, &c->folder, path, OPENINGS_FILE_MAX, &why) ==
	    -1) {
		if (why.code != EX_ABSENT && ex_bundle_fault(c->r, err, &why,
						 "opening", path, stream) == -1)
			goto out;
		ex_err_clear(&why);
	} else {
		c->r->openings++;
	}
	if (ex_openings_read(&o, e, text.data, text.len, &why) == -1) {
		rc = ex_bundle_fault(c->r, err, &why, "opening", path, stream);
		goto out;
	}
	rc = ex_bundle_gather_missing(c, e, &o, leaf, n, err);
out:
	ex_openings_free(&o);
	ex_buf_free(&text);
	return rc;
}

/* Everything that needs the event. */
static int
check_event(struct look *l, struct ex_err *err)
{
	struct ex_bundle_checking *c = l->c;
	int broken = 0;

	l->entry.stream = l->e->stream;
	l->entry.seq = l->e->seq;
	l->entry.act = l->e->act;
	l->entry.claimed = l->e->time_claimed;
	if (check_chain(l, &broken, err) == -1 ||
	    report_refusal(l, broken, err) == -1 || check_seen(l, err) == -1 ||
	    check_openings(c, l->e, l->entry.leaf, l->entry.n, err) == -1)
		return -1;
	if (l->signed_by != NULL) {
		c->r->signatures += l->signed_by->nsigners;
		if (ex_bundle_gather_certs(c, l->signed_by, l->entry.n, err) ==
		    -1)
			return -1;
	}
	return ex_bundle_gather(c, l->e, &l->entry, err);
}

static int
keep_entry(struct ex_bundle_result *r, const struct ex_bundle_entry *entry,
    struct ex_err *err)
{
	void *array = r->entry;

	if (ex_bundle_grow(&array, &r->capentries, r->nentries,
		sizeof(*r->entry), err) == -1)
		return -1;
	r->entry = array;
	r->entry[r->nentries++] = *entry;
	return 0;
}

static int
look_at(struct look *l, struct ex_err *err)
{
	struct ex_bundle_checking *c = l->c;
	struct ex_err why = EX_ERR_INIT;

	ex_bundle_entry_path(l->path, l->entry.n);
	if (ex_folder_read(
		&l->bytes, &c->folder, l->path, EX_ENTRY_MAX, &why) == -1) {
		c->torn = 1;
		return fault(l, &why, "entry-unreadable", err);
	}
	ex_entry_leaf(l->entry.leaf, l->bytes.data, l->bytes.len);
	if (admit(l, err) == -1 || check_proof(l, err) == -1)
		return -1;
	if (l->e == NULL) {
		c->torn = 1;
		return 0;
	}
	if (check_event(l, err) == -1)
		return -1;
	if (l->entry.admitted &&
	    ex_world_apply(c->world, &l->a, l->entry.index, err) == -1)
		return -1;
	return keep_entry(c->r, &l->entry, err);
}

static int
check_one(struct ex_bundle_checking *c, size_t n, struct ex_err *err)
{
	struct look *l = calloc(1, sizeof(*l));
	int rc;

	if (l == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	l->c = c;
	l->entry.n = n;
	rc = look_at(l, err);
	ex_event_free(&l->event);
	ex_admission_free(&l->a);
	ex_buf_free(&l->bytes);
	free(l);
	return rc;
}

int
ex_bundle_check_entries(struct ex_bundle_checking *c, struct ex_err *err)
{
	size_t last = 0;

	for (size_t i = 0; i < c->nnumbers; i++) {
		size_t n = c->number[i];

		if (n != last + 1) {
			c->torn = 1;
			if (ex_bundle_remark(c->r, err, EX_FAULT,
				"entry-missing", NULL, NULL,
				"e%04zu follows e%04zu: what was between is "
				"missing",
				n, last) == -1)
				return -1;
		}
		last = n;
		if (check_one(c, n, err) == -1)
			return -1;
	}
	if (c->nnumbers == 0)
		return ex_bundle_remark(c->r, err, EX_FAULT, "entry-missing",
		    NULL, NULL, "there is not one entry");
	return 0;
}
