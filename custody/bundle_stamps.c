/*
 * bundle_stamps.c -- time-stamps of others in a bundle, and what they say of
 * when each entry can have been signed.
 *
 * A time-stamp over the checkpoint of size N says that the first N entries were
 * there at its time.  An entry was there when the first stamp that includes it
 * was made.  Its signers had seen a checkpoint; one that is smaller was stamped
 * while it was the newest, so what they had seen came later.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "custody/bundle_checking.h"
#include "signing/stamp.h"

enum {
	FOLDER = sizeof("timestamps/") - 1
};

#define SLACK (EX_TIME_SLACK * EX_SECOND)

/* "timestamps/12-clock.tsr": 12. */
static int
read_size(uint64_t *out, const char *path, struct ex_err *err)
{
	unsigned long long n;
	char digits[24];
	size_t len = strcspn(&path[FOLDER], "-");

	if (len >= sizeof(digits))
		return ex_fail(err, EX_FORMAT, "no size in its name");
	memcpy(digits, &path[FOLDER], len);
	digits[len] = '\0';
	if (ex_text_number(&n, digits, INT64_MAX, err) == -1)
		return -1;
	*out = n;
	return 0;
}

/* The lines that were stamped: of this log, of this size. */
static int
read_lines(struct ex_checkpoint *out, struct ex_buf *text,
    struct ex_bundle_checking *c, uint64_t size, struct ex_err *err)
{
	char path[EX_BUNDLE_PATH];
	struct ex_span span;

	ex_bundle_stamped_path(path, size);
	if (ex_folder_read(text, &c->folder, path, EX_NOTE_MAX, err) == -1)
		return -1;
	span.p = text->data;
	span.n = text->len;
	if (ex_checkpoint_read(out, span, err) == -1)
		return -1;
	if (strcmp(out->origin, c->r->checkpoint.origin) != 0 ||
	    out->size != size)
		return ex_fail(
		    err, EX_DAMAGED, "%s is another checkpoint", path);
	return 0;
}

static int
keep(struct ex_bundle_result *r, uint64_t size, const struct ex_stamp *s,
    struct ex_err *err)
{
	struct ex_bundle_stamp *b;
	void *array = r->stamp;

	if (ex_bundle_grow(&array, &r->capstamps, r->nstamps, sizeof(*r->stamp),
		err) == -1)
		return -1;
	r->stamp = array;
	b = &r->stamp[r->nstamps++];
	memset(b, 0, sizeof(*b));
	b->size = size;
	b->time = s->time;
	b->valid_until = s->valid_until;
	memcpy(b->signer, s->signer, sizeof(b->signer));
	memcpy(b->root, s->root, sizeof(b->root));
	return 0;
}

/* An authority that the verifier's roots do not know says nothing. */
static int
judge(struct ex_bundle_checking *c, const char *path, struct ex_err *why,
    struct ex_err *err)
{
	if (why->code == EX_DENIED)
		return ex_bundle_remark(c->r, err, EX_NOTED, "stamp-unknown",
		    path, NULL, "counts for nothing: %s", why->text);
	return ex_bundle_fault(c->r, err, why, "stamp", path, NULL);
}

static int
check_one(struct ex_bundle_checking *c, const char *path, struct ex_buf *tsr,
    struct ex_buf *lines, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	uint8_t sha256[EX_SHA256_LEN];
	struct ex_checkpoint old;
	struct ex_stamp stamp;
	uint64_t size;
	int holds;

	if (read_size(&size, path, &why) == -1 ||
	    ex_folder_read(tsr, &c->folder, path, EX_STAMP_MAX, &why) == -1 ||
	    read_lines(&old, lines, c, size, &why) == -1)
		return ex_bundle_fault(c->r, err, &why, "stamp", path, NULL);
	ex_sha256(sha256, lines->data, lines->len);
	if (ex_stamp_check(&stamp, tsr->data, tsr->len, sha256, NULL,
		c->trust->roots, &why) == -1)
		return judge(c, path, &why, err);
	if (ex_bundle_prefix_holds(&holds, c, &old, err) == -1)
		return -1;
	if (!holds)
		return ex_bundle_remark(c->r, err, EX_FAULT, "stamp-root", path,
		    NULL,
		    "what %s stamped is no prefix of the checkpoint: another "
		    "history",
		    stamp.signer);
	return keep(c->r, size, &stamp, err);
}

static int
each_stamp(
    void *arg, const char *path, const struct ex_json *v, struct ex_err *err)
{
	struct ex_buf tsr = EX_BUF_INIT, lines = EX_BUF_INIT;
	int rc = check_one(arg, path, &tsr, &lines, err);

	(void)v;
	ex_buf_free(&tsr);
	ex_buf_free(&lines);
	return rc;
}

static int
compare(const void *a, const void *b)
{
	const struct ex_bundle_stamp *x = a, *y = b;

	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return x->time < y->time ? -1 : x->time > y->time;
}

/*
 * Whether a certificate was broken after it had ended nobody can say: a stamp
 * counts while it is valid, or if one that counts was made over it in time.
 */
static void
set_counting(struct ex_bundle_result *r, int64_t now)
{
	for (size_t i = r->nstamps; i-- > 0;) {
		struct ex_bundle_stamp *s = &r->stamp[i];

		s->counts = s->valid_until >= now;
		for (size_t k = i + 1; k < r->nstamps && !s->counts; k++)
			s->counts = r->stamp[k].counts &&
				    r->stamp[k].size >= s->size &&
				    r->stamp[k].time <= s->valid_until;
	}
}

/* Is an authority among them whom the policy names as another's? */
static int
by_another(const struct ex_bundle_checking *c)
{
	const struct ex_policy *p = c->trust->policy;

	for (size_t i = 0; p != NULL && i < c->r->nstamps; i++) {
		const struct ex_bundle_stamp *s = &c->r->stamp[i];
		const struct ex_policy_authority *a =
		    ex_policy_find_authority(p, s->root);

		if (s->counts && a != NULL && ex_policy_other(p, a->org))
			return 1;
	}
	return 0;
}

static void
set_interval(const struct ex_bundle_result *r, struct ex_bundle_entry *e)
{
	for (size_t i = 0; i < r->nstamps; i++) {
		const struct ex_bundle_stamp *s = &r->stamp[i];

		if (!s->counts)
			continue;
		if (s->size < e->seen && s->time > e->not_before)
			e->not_before = s->time;
		if (s->size > e->index &&
		    (e->not_after == 0 || s->time < e->not_after))
			e->not_after = s->time;
	}
}

static int
check_interval(
    struct ex_bundle_checking *c, struct ex_bundle_entry *e, struct ex_err *err)
{
	char stream[EX_STREAM_TEXT], path[EX_BUNDLE_PATH];
	char claimed[EX_TIME_TEXT], stamp[EX_TIME_TEXT];
	int early, late;

	if (!e->proven)
		return 0;
	set_interval(c->r, e);
	early = e->not_before != 0 && e->claimed < e->not_before - SLACK;
	late = e->not_after != 0 && e->claimed > e->not_after + SLACK;
	if (!early && !late)
		return 0;
	ex_bundle_entry_path(path, e->n);
	ex_stream_text(stream, &e->stream);
	ex_time_text(claimed, e->claimed);
	ex_time_text(stamp, early ? e->not_before : e->not_after);
	return ex_bundle_remark(c->r, err, EX_FINDING, "time-outside", path,
	    stream, "claims %s; time-stamps say %s %s", claimed,
	    early ? "not before" : "not after", stamp);
}

int
ex_bundle_check_stamps(struct ex_bundle_checking *c, struct ex_err *err)
{
	struct ex_bundle_result *r = c->r;

	if (ex_json_count(c->stamps) == 0 || !r->has_checkpoint)
		return 0;
	if (c->trust->roots == NULL)
		return ex_bundle_remark(r, err, EX_NOTED, "stamp-unknown", NULL,
		    NULL, "time-stamps are judged with --roots only");
	if (ex_json_each(c->stamps, each_stamp, c, err) == -1)
		return -1;
	if (r->nstamps > 0)
		qsort(r->stamp, r->nstamps, sizeof(*r->stamp), compare);
	set_counting(r, ex_now());
	r->other |= by_another(c);
	for (size_t i = 0; i < r->nentries; i++) {
		if (check_interval(c, &r->entry[i], err) == -1)
			return -1;
	}
	return 0;
}
