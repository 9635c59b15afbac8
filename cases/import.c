/*
 * import.c -- what others made comes into the house.
 */
#include "cases/import.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/text.h"
#include "cases/acquire_parts.h"
#include "cases/case.h"
#include "cases/import_parts.h"
#include "cases/item.h"
#include "db/store.h"

struct phase {
	const struct ex_import *in;
	const char *name;
};

static void
progress(void *arg, uint64_t done, uint64_t total)
{
	const struct phase *p = arg;

	if (p->in->progress != NULL)
		p->in->progress(p->in->progress_arg, p->name, done, total);
}

/* "sha256:HEX" as who delivered the set says it. */
static int
take_expected(struct ex_importing *q, const char *text, struct ex_err *err)
{
	struct ex_digest_value *d = &q->expect[q->nexpect];
	const char *colon = strchr(text, ':');
	char alg[16];

	if (q->nexpect == EX_ALGS)
		return ex_fail(err, EX_USAGE, "too many --expect");
	if (colon == NULL || (size_t)(colon - text) >= sizeof(alg))
		return ex_fail(err, EX_USAGE,
		    "--expect is ALGORITHM:HEX, not \"%.40s\"", text);
	memcpy(alg, text, (size_t)(colon - text));
	alg[colon - text] = '\0';
	if (ex_alg_parse(&d->alg, alg, err) == -1)
		return -1;
	d->len = ex_alg_len(d->alg);
	if (ex_hex_read(d->value, d->len, colon + 1, NULL) == -1)
		return ex_fail(err, EX_USAGE,
		    "--expect %s: %zu hexadecimal digits, in lower case", alg,
		    2 * d->len);
	q->nexpect++;
	return 0;
}

/* The item that it is of, or the case that it is new in. */
static int
find_origin(struct ex_importing *q, struct ex_err *err)
{
	const char *item;

	if (ex_item_number(&item, q->in->item, err) == -1 ||
	    ex_house_fact(q->house, "item", item, &q->parent, err) == -1)
		return -1;
	if (q->parent != NULL) {
		q->number = ex_json_get_text(q->parent, "case");
		if (q->in->case_number == NULL || q->number == NULL ||
		    strcmp(q->number, q->in->case_number) == 0)
			return 0;
		return ex_fail(err, EX_USAGE, "%s belongs to case %s, not %s",
		    item, q->number, q->in->case_number);
	}
	if (q->in->case_number == NULL)
		return ex_fail(err, EX_ABSENT,
		    "%s: no such item, or it may not be seen; a new item is "
		    "imported with --case",
		    item);
	return ex_case_number(&q->number, q->in->case_number, err);
}

static unsigned
algs_of(const struct ex_importing *q)
{
	unsigned algs = q->in->algs | EX_ALG_BIT(EX_MD5) | EX_ALG_BIT(EX_SHA1) |
			EX_ALG_BIT(EX_SHA256);

	for (size_t i = 0; i < q->nexpect; i++)
		algs |= EX_ALG_BIT(q->expect[i].alg);
	return algs;
}

static int
copy_in(struct ex_importing *q, struct ex_err *err)
{
	struct phase phase = { q->in, "import" };
	struct ex_bring b = { .set = &q->set,
		.dir = q->temp,
		.name = q->image,
		.algs = algs_of(q),
		.progress = progress,
		.progress_arg = &phase };

	return ex_bring(&q->got, &b, err);
}

/* The files on disk are those that were read from where they came. */
static int
check_copies(const struct ex_importing *q, struct ex_err *err)
{
	uint8_t is[EX_SHA256_LEN];

	for (size_t i = 0; i < q->got.nsegments; i++) {
		const struct ex_segment *s = &q->got.segment[i];

		if (ex_sha256_file(is, NULL, s->path, err) == -1)
			return -1;
		if (memcmp(is, s->sha256, sizeof(is)) != 0)
			return ex_fail(err, EX_DAMAGED,
			    "%s: the copy is not what was read", s->path);
	}
	return 0;
}

static int
read_copy(struct ex_importing *q, struct ex_err *err)
{
	struct phase phase = { q->in, "verify" };
	struct ex_reading r = { .container = q->set.kind == EX_SET_E01
						 ? EX_CONTAINER_E01
						 : EX_CONTAINER_RAW,
		.npaths = q->got.nsegments,
		.algs = algs_of(q),
		.without_landlock = q->in->without_landlock,
		.block_digests = 1,
		.progress = progress,
		.progress_arg = &phase };
	const char **path = calloc(q->got.nsegments + 1, sizeof(*path));
	int rc;

	if (path == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < q->got.nsegments; i++)
		path[i] = q->got.segment[i].path;
	r.path = path;
	rc = ex_reading_verify(&q->reading, &r, err);
	free(path);
	/* Raw bytes have no container: they are what was copied, or not. */
	if (rc == 0 && q->set.kind != EX_SET_E01 &&
	    !ex_reading_agrees(&q->reading, q->got.digest, q->got.ndigests))
		rc = ex_fail(err, EX_DAMAGED,
		    "%s: the copy read back is not what was read: %.200s",
		    q->image, q->reading.text);
	return rc == 0 ? check_copies(q, err) : -1;
}

static void
find(struct ex_importing *q, const char *verdict, const char *text)
{
	q->verdict = verdict;
	(void)snprintf(q->text, sizeof(q->text), "%s", text);
}

/* Is what was said about it on delivery true of what was read? */
static void
judge_expected(struct ex_importing *q)
{
	for (size_t i = 0; i < q->nexpect; i++)
		if (!ex_reading_agrees(&q->reading, &q->expect[i], 1)) {
			q->verdict = "digest_differs";
			(void)snprintf(q->text, sizeof(q->text),
			    "%s is not the one that was told on delivery",
			    ex_alg_name(q->expect[i].alg));
			return;
		}
	q->verdict = "ok";
}

static void
judge(struct ex_importing *q)
{
	const struct ex_verdict *r = &q->reading;
	int stored = r->md5 == EX_STORED_SAME || r->sha1 == EX_STORED_SAME;
	char text[EX_ERR_TEXT];

	if (r->result == EX_READING_UNREADABLE)
		find(q, "unreadable", r->text);
	else if (r->result == EX_READING_DAMAGED)
		find(q, r->digest_only ? "digest_differs" : "container_damaged",
		    r->text);
	else if (q->nexpect > 0)
		judge_expected(q);
	else
		q->verdict = stored ? "ok" : "nothing_stored";
	if (q->got.left_out == 0)
		return;
	(void)snprintf(text, sizeof(text),
	    "%" PRIu64 " names were left out, first %s", q->got.left_out,
	    q->got.first);
	find(q, "incomplete", text);
}

/* Signed as the desk's examiner; what is in the vault is in the entry. */
static int
enter(struct ex_importing *q, struct ex_json *summary, int *keep,
    struct ex_request *r, const struct ex_files *files, struct ex_err *err)
{
	struct ex_outcome o = { NULL, 0, "" };
	int rc = -1;

	if (ex_import_fill(&r->member[0], q, err) == -1 ||
	    ex_files_keep(q->house, files, err) == -1 ||
	    ex_importing_place(q, err) == -1)
		return -1;
	*keep = EX_IMPORT_WAITS;
	if (ex_act_do(&o, q->house, r, err) == 0) {
		*keep = EX_IMPORT_STAYS;
		rc = ex_json_set_hex(
		    summary, "event", o.done[0].leaf, EX_HASH, err);
		if (rc == 0)
			rc = ex_json_set_text(
			    summary, "state", o.done[0].state, err);
	} else if (err->code != EX_UNREACHABLE) {
		*keep = EX_IMPORT_GOES;
	}
	ex_outcome_free(&o);
	return rc;
}

static int
work(struct ex_importing *q, struct ex_json **summary, int *keep,
    struct ex_err *err)
{
	struct ex_files files = { 0 };
	struct ex_request r;
	int rc = -1;

	ex_request_init(&r);
	r.occurred_at = q->in->occurred_at;
	if (ex_importing_begin(q, err) == 0 &&
	    ex_import_plan(&r, &files, q, err) == 0 &&
	    ex_request_seat_desk(&r, q->house, EX_ACT_IMPORT, err) == 0 &&
	    ex_act_check(q->house, &r, err) == 0 && copy_in(q, err) == 0 &&
	    read_copy(q, err) == 0) {
		judge(q);
		rc = ex_import_tell(summary, q, err);
	}
	if (rc == 0)
		rc = enter(q, *summary, keep, &r, &files, err);
	ex_files_free(&files);
	ex_request_free(&r);
	return rc;
}

int
ex_import_run(struct ex_json **summary, int *status, struct ex_house *house,
    const struct ex_import *in, struct ex_err *err)
{
	struct ex_importing *q = calloc(1, sizeof(*q));
	struct ex_err why = EX_ERR_INIT;
	int keep = EX_IMPORT_GOES, rc = 0;

	*summary = NULL;
	if (q == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	q->in = in;
	q->house = house;
	q->lock = -1;
	for (size_t i = 0; rc == 0 && i < in->nexpect; i++)
		rc = take_expected(q, in->expect[i], &why);
	if (rc == 0)
		rc = ex_set_find(
		    &q->set, in->path, in->npaths, in->format, &why);
	if (rc == 0)
		rc = find_origin(q, &why);
	if (rc == 0)
		rc = work(q, summary, &keep, &why);
	ex_importing_end(q, keep);
	if (rc == 0)
		*status = strcmp(q->verdict, "ok") != 0 &&
			  strcmp(q->verdict, "nothing_stored") != 0;
	else
		(void)ex_fail(err, why.code, "%s", why.text);
	ex_verdict_free(&q->reading);
	ex_brought_free(&q->got);
	ex_set_free(&q->set);
	ex_json_free(q->parent);
	free(q);
	return rc;
}
