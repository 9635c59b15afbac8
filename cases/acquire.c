/*
 * acquire.c -- imaging an item, in the order that acquire.h promises.
 */
#include "cases/acquire.h"

#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cases/acquire_parts.h"
#include "cases/history.h"
#include "cases/record.h"
#include "db/store.h"
#include "intake/vault.h"

enum {
	IMAGES_MAX = 9999 /* of one item: "-I" and four digits */
};

/* Item, and that it may be imaged at all; the rules say the rest. */
static int
load_item(struct ex_acquiring *q, struct ex_err *err)
{
	const char *item = q->a->item;
	struct ex_conn *conn;

	if (strlen(item) > EX_ITEM_IMAGED_MAX)
		return ex_fail(err, EX_USAGE,
		    "%s: an item that is imaged has at most %d characters",
		    item, EX_ITEM_IMAGED_MAX);
	if (ex_house_conn(q->house, &conn, err) == -1 ||
	    ex_store_fact(conn, "item", item, &q->item, err) == -1)
		return -1;
	if (q->item == NULL)
		return ex_fail(err, EX_ABSENT,
		    "there is no item %s, or you may not see it", item);
	return 0;
}

/* 1 when the name is taken: by an item, or by files in the vault. */
static int
is_taken(struct ex_acquiring *q, const char *image, struct ex_err *err)
{
	char vault[EX_PATH], path[EX_PATH], name[EX_ITEM_MAX + 16];
	struct ex_json *fact = NULL;
	struct ex_conn *conn;
	int taken;

	if (ex_house_conn(q->house, &conn, err) == -1 ||
	    ex_store_fact(conn, "item", image, &fact, err) == -1)
		return -1;
	taken = fact != NULL;
	ex_json_free(fact);
	(void)snprintf(name, sizeof(name), "images/%s", image);
	if (ex_house_path(vault, q->house, "vault", err) == -1 ||
	    ex_path_join(path, EX_PATH, vault, name, err) == -1)
		return -1;
	return taken || ex_file_exists(path);
}

static int
choose_image(struct ex_acquiring *q, struct ex_err *err)
{
	int taken;

	if (q->a->image != NULL) {
		if (strlen(q->a->image) > EX_ITEM_MAX)
			return ex_fail(
			    err, EX_USAGE, "%s: too long a name", q->a->image);
		memcpy(q->image, q->a->image, strlen(q->a->image) + 1);
		if ((taken = is_taken(q, q->image, err)) == -1)
			return -1;
		return !taken ? 0
			      : ex_fail(err, EX_EXISTS,
				    "there is an image %s already", q->image);
	}
	for (int i = 1; i <= IMAGES_MAX; i++) {
		(void)snprintf(
		    q->image, sizeof(q->image), "%.34s-I%d", q->a->item, i);
		if ((taken = is_taken(q, q->image, err)) != 1)
			return taken;
	}
	return ex_fail(
	    err, EX_LIMIT, "%s has %d images", q->a->item, IMAGES_MAX);
}

/* Where the copies go; the vault's folder is made when all is judged. */
static int
choose_dirs(struct ex_acquiring *q, struct ex_err *err)
{
	char vault[EX_PATH];

	if (q->a->nto > EX_IMAGING_DESTINATIONS)
		return ex_fail(err, EX_LIMIT, "more than %d destinations",
		    EX_IMAGING_DESTINATIONS);
	for (size_t i = 0; i < q->a->nto; i++)
		q->dir[q->ndir++] = q->a->to[i];
	if (q->ndir > 0)
		return 0;
	if (ex_house_path(vault, q->house, "vault", err) == -1 ||
	    ex_vault_image_dir(q->vault_dir, vault, q->image, err) == -1)
		return -1;
	q->dir[q->ndir++] = q->vault_dir;
	return 0;
}

/* A folder that was made for nothing. */
static void
drop_empty_dir(const struct ex_acquiring *q)
{
	if (q->vault_dir[0] != '\0')
		(void)remove(q->vault_dir); /* only when it is empty */
}

static int
open_source(struct ex_acquiring *q, struct ex_err *err)
{
	const char *dir[EX_IMAGING_DESTINATIONS + 1];
	struct ex_source_avoid avoid = { dir, 0, q->image };

	if (ex_source_open(&q->source, q->a->source, err) == -1)
		return -1;
	for (size_t i = 0; i < q->ndir; i++)
		dir[avoid.ndir++] = q->dir[i];
	dir[avoid.ndir++] = ex_house_dir(q->house);
	return ex_source_guard(q->source, &avoid, err);
}

/* The serial on the label, as it was announced or corrected last. */
static int
find_label(struct ex_acquiring *q, struct ex_err *err)
{
	struct ex_record r;
	char name[EX_ITEM_MAX + 8];
	const char *text;
	int rc;

	(void)snprintf(name, sizeof(name), "item:%s", q->a->item);
	rc = ex_record_open(&r, q->house, name, err);
	for (size_t i = 0; rc == 0 && i < r.nentries; i++) {
		if (!ex_record_of_item(r.entry[i], q->a->item))
			continue;
		text = ex_record_text(r.entry[i], "serial");
		if (text != NULL)
			(void)snprintf(q->label, sizeof(q->label), "%s", text);
	}
	ex_record_free(&r);
	if (rc == -1)
		return -1;
	q->match = "unknown";
	if (q->label[0] != '\0' &&
	    strcmp(q->source->info.serial, "unknown") != 0)
		q->match = strcmp(q->label, q->source->info.serial) == 0
			       ? "same"
			       : "differs";
	return 0;
}

static int
plan_job(struct ex_acquiring *q, struct ex_err *err)
{
	const struct ex_acquire *a = q->a;
	struct ex_imaging *j = &q->job;
	const struct ex_signer *who;

	if (ex_house_actor(q->house, &who, err) == -1)
		return -1;
	j->source = q->source;
	j->offset = a->offset;
	j->length = a->length;
	j->name = q->image;
	j->dir = q->dir;
	j->ndir = q->ndir;
	j->segment_size = a->segment_size;
	j->algs = a->algs;
	j->retries = a->has_retries ? a->retries : EX_IMAGING_RETRIES;
	j->granularity = a->granularity;
	j->threads = a->threads;
	j->header.case_number = ex_json_get_text(q->item, "case");
	j->header.evidence_number = a->item;
	j->header.examiner = who->person;
	j->header.serial = q->source->info.serial;
	j->header.model = q->source->info.model;
	if (ex_container_parse(&j->container,
		a->format == NULL ? "e01" : a->format, err) == -1 ||
	    ex_compression_parse(&j->compression,
		a->compression == NULL ? "fast" : a->compression, err) == -1)
		return -1;
	return ex_imaging_check(j, err);
}

/* Everything that can be known before anybody signs. */
static int
prepare(struct ex_acquiring *q, struct ex_err *err)
{
	if (q->a->source == NULL)
		return ex_fail(err, EX_USAGE,
		    "which source?  exhibit acquire ITEM SOURCE");
	if (q->a->resume)
		return ex_fail(err, EX_USAGE,
		    "this version cannot resume: exhibit acquire %s --abandon, "
		    "then begin again",
		    q->a->item);
	if (choose_image(q, err) == -1 || choose_dirs(q, err) == -1 ||
	    open_source(q, err) == -1 || find_label(q, err) == -1)
		return -1;
	return plan_job(q, err);
}

struct phase {
	const struct ex_acquire *a;
	const char *name;
};

static void
progress(void *arg, uint64_t done, uint64_t total)
{
	const struct phase *p = arg;

	if (p->a->progress != NULL)
		p->a->progress(p->a->progress_arg, p->name, done, total);
}

int
ex_reading_agrees(
    const struct ex_verdict *v, const struct ex_digest_value *want, size_t n)
{
	if (v->result != EX_READING_WHOLE || n == 0)
		return 0;
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < v->ndigests && v->digest[k].alg != want[i].alg)
			k++;
		if (k == v->ndigests || v->digest[k].len != want[i].len ||
		    memcmp(v->digest[k].value, want[i].value, want[i].len) != 0)
			return 0;
	}
	return 1;
}

static unsigned
algs_of(const struct ex_digest_value *v, size_t n)
{
	unsigned set = 0;

	for (size_t i = 0; i < n; i++)
		set |= EX_ALG_BIT(v[i].alg);
	return set;
}

/* Read one copy back; one that is not the same is no good copy. */
static int
check_copy(struct ex_acquiring *q, size_t i, struct ex_err *err)
{
	struct ex_image_copy *c = &q->out.copy[i];
	struct phase phase = { q->a, "verify" };
	struct ex_reading r;
	const char **path;
	int rc;

	if ((path = calloc(c->nsegments + 1, sizeof(*path))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t k = 0; k < c->nsegments; k++)
		path[k] = c->segment[k].path;
	memset(&r, 0, sizeof(r));
	r.container = q->job.container;
	r.path = path;
	r.npaths = c->nsegments;
	r.algs = algs_of(q->out.digest, q->out.ndigests);
	r.threads = q->a->threads;
	r.without_landlock = q->a->without_landlock;
	r.progress = progress;
	r.progress_arg = &phase;
	rc = ex_reading_verify(&q->verdict[i], &r, err);
	free(path);
	if (rc == 0 && !ex_reading_agrees(
			   &q->verdict[i], q->out.digest, q->out.ndigests)) {
		c->good = 0;
		ex_fail(&c->why, EX_DAMAGED, "read back, it differs: %s",
		    q->verdict[i].text[0] == '\0' ? "its digests are others"
						  : q->verdict[i].text);
	}
	return rc;
}

/* Never trust a copy that nobody read back. */
static void
check_copies(struct ex_acquiring *q)
{
	int64_t began = ex_ticks();
	size_t good = 0;

	q->verify_began = ex_now();
	for (size_t i = 0; i < q->out.ncopies; i++) {
		struct ex_image_copy *c = &q->out.copy[i];
		struct ex_err why = EX_ERR_INIT;

		if (c->good && check_copy(q, i, &why) == -1) {
			c->good = 0;
			ex_fail(&c->why, why.code,
			    "it could not be read back: "
			    "%s",
			    why.text);
		}
		good += c->good ? 1 : 0;
	}
	q->verify_seconds = (double)(ex_ticks() - began) / 1e6;
	q->verified = good > 0;
	if (good == 0 && q->out.result != EX_IMAGING_ABORTED) {
		q->out.result = EX_IMAGING_FAILED;
		if (q->out.why.code == EX_OK)
			ex_fail(&q->out.why, EX_DAMAGED, "%s",
			    q->out.ncopies == 0 ? "no copy"
						: q->out.copy[0].why.text);
	}
}

static int
image(struct ex_acquiring *q, struct ex_json **summary, int *status,
    struct ex_err *err)
{
	struct phase phase = { q->a, "acquire" };
	uint8_t event[EX_HASH];
	char file[EX_PATH];

	q->job.progress = progress;
	q->job.progress_arg = &phase;
	if (ex_imaging_run(&q->out, &q->job, err) == -1)
		return ex_while(err, "nothing was imaged; end it with "
				     "exhibit acquire --abandon");
	check_copies(q);
	if (ex_acquired_write(q, file, err) == -1)
		return -1;
	if (ex_acquired_finish(q->house, file, event, err) == -1)
		return ex_while(err, "the image is there, what came of it "
				     "lies in pending: exhibit pending");
	return ex_acquire_tell(summary, status, q, event, err);
}

/* An acquisition that was begun and has no end. */
static int
abandon(struct ex_acquiring *q, struct ex_json **summary, int *status,
    struct ex_err *err)
{
	const struct ex_json *going = ex_json_get(q->item, "acquisition");
	const char *id = ex_json_get_text(going, "id");
	struct ex_outcome o = { NULL, 0, "" };
	struct ex_json *v = NULL;
	struct ex_request r;
	struct ex_member *m;
	int rc = -1;

	if (id == NULL)
		return ex_fail(err, EX_STATE,
		    "%s is not being imaged: there is nothing to abandon",
		    q->a->item);
	ex_request_init(&r);
	if (ex_request_add(&r, EX_ACT_ACQUIRE_END, EX_STREAM_ITEM, q->a->item,
		&m, err) == -1 ||
	    ex_json_set_text(m->fields, "acquisition", id, err) == -1 ||
	    ex_json_set_text(m->fields, "result", "aborted", err) == -1 ||
	    (q->a->reason != NULL && ex_json_set_text(m->texts, "reason",
					 q->a->reason, err) == -1) ||
	    ex_request_seat_desk(&r, q->house, EX_ACT_ACQUIRE_END, err) == -1 ||
	    ex_act_do(&o, q->house, &r, err) == -1)
		goto out;
	if ((v = ex_json_object()) == NULL ||
	    ex_json_set_text(v, "result", "aborted", err) == -1 ||
	    ex_outcome_json(v, status, &o, err) == -1) {
		ex_json_free(v);
		goto out;
	}
	*summary = v;
	*status = 0;
	rc = 0;
out:
	ex_outcome_free(&o);
	ex_request_free(&r);
	return rc;
}

static void
end(struct ex_acquiring *q)
{
	for (size_t i = 0; i < EX_IMAGING_DESTINATIONS; i++)
		ex_verdict_free(&q->verdict[i]);
	ex_imaging_outcome_free(&q->out);
	ex_source_close(q->source);
	ex_json_free(q->item);
}

int
ex_acquire_run(struct ex_json **summary, int *status, struct ex_house *house,
    const struct ex_acquire *a, struct ex_err *err)
{
	struct ex_acquiring *q = calloc(1, sizeof(*q));
	size_t finished;
	int rc = -1;

	*summary = NULL;
	if (q == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	q->a = a;
	q->house = house;
	/* What an earlier run left is finished first. */
	if (ex_acquire_finish(&finished, house, a->item, err) == -1 ||
	    load_item(q, err) == -1)
		goto out;
	if (a->abandon) {
		rc = abandon(q, summary, status, err);
		goto out;
	}
	if (prepare(q, err) == 0 && ex_acquire_start(q, err) == 0)
		rc = image(q, summary, status, err);
	drop_empty_dir(q);
out:
	end(q);
	free(q);
	return rc;
}
