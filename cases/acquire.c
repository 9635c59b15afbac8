/*
 * acquire.c -- imaging an item, in the order that acquire.h promises.
 */
#include "cases/acquire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "cases/acquire_parts.h"
#include "cases/history.h"
#include "cases/kit.h"
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

	if (strlen(item) > EX_ITEM_IMAGED_MAX)
		return ex_fail(err, EX_USAGE,
		    "%s: an item that is imaged has at most %d characters",
		    item, EX_ITEM_IMAGED_MAX);
	if (ex_house_fact(q->house, "item", item, &q->item, err) == -1)
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
	int taken;

	if (ex_house_fact(q->house, "item", image, &fact, err) == -1)
		return -1;
	taken = fact != NULL;
	ex_json_free(fact);
	/* Also by a run that died: its remains are found by that name. */
	if (!taken && (taken = ex_acquiring_exists(q->house, image, err)) == -1)
		return -1;
	(void)snprintf(name, sizeof(name), "images/%s", image);
	if (ex_house_path(vault, q->house, "vault", err) == -1 ||
	    ex_path_join(path, EX_PATH, vault, name, err) == -1)
		return -1;
	/* An empty folder is of a run that came to nothing. */
	(void)rmdir(path);
	return taken || ex_file_exists(path);
}

static int
choose_image(struct ex_acquiring *q, struct ex_err *err)
{
	int taken;

	if (q->a->image != NULL) {
		if (!ex_text_item_ok(q->a->image))
			return ex_fail(err, EX_USAGE,
			    "%s: an image is named with A-Z, 0-9 and -, at "
			    "most %d of them",
			    q->a->image, EX_ITEM_MAX);
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
		return ex_fail(err, EX_USAGE, "more than %d destinations",
		    EX_IMAGING_DESTINATIONS);
	for (size_t i = 0; i < q->a->nto; i++) {
		/* What is signed must be found from anywhere. */
		if (realpath(q->a->to[i], q->path[i]) == NULL)
			return errno == ENOENT
				   ? ex_fail(err, EX_ABSENT,
					 "%s: no such folder to write to",
					 q->a->to[i])
				   : ex_fail_errno(err, "%s", q->a->to[i]);
		q->dir[q->ndir++] = q->path[i];
	}
	if (q->ndir > 0)
		return 0;
	if (ex_house_kit(q->house) != NULL)
		return ex_fail(err, EX_USAGE,
		    "a field kit has no vault for images: say where the "
		    "copies go with --to DIR");
	if (ex_house_path(vault, q->house, "vault", err) == -1 ||
	    ex_vault_image_dir(q->path[0], vault, q->image, err) == -1)
		return -1;
	q->in_vault = 1;
	q->dir[q->ndir++] = q->path[0];
	return 0;
}

/* A folder that was made for nothing. */
static void
drop_empty_dir(const struct ex_acquiring *q)
{
	if (q->in_vault)
		(void)rmdir(q->path[0]); /* only when it is empty */
}

/* What an entry says that the label says; NULL: nothing. */
static const char *
label_in(const struct ex_record_entry *e)
{
	const char *field;

	if (e->admission.event.act != EX_ACT_CORRECT)
		return ex_record_text(e, "serial");
	field = ex_event_text(&e->admission.event, "field");
	return field != NULL && strcmp(field, "serial") == 0
		   ? ex_record_text(e, "new")
		   : NULL;
}

/* As a field kit knows it. */
static int
find_packed_label(struct ex_acquiring *q, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	int rc = ex_kit_serial(&text, q->house, q->a->item, err);

	(void)snprintf(q->label, sizeof(q->label), "%s", ex_buf_text(&text));
	ex_buf_free(&text);
	return rc;
}

/* As it was announced, read or corrected last. */
static int
find_entered_label(struct ex_acquiring *q, struct ex_err *err)
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
		text = label_in(r.entry[i]);
		if (text != NULL)
			(void)snprintf(q->label, sizeof(q->label), "%s", text);
	}
	ex_record_free(&r);
	return rc;
}

/* The serial on the label. */
static int
find_label(struct ex_acquiring *q, struct ex_err *err)
{
	if (ex_house_kit(q->house) != NULL ? find_packed_label(q, err) == -1
					   : find_entered_label(q, err) == -1)
		return -1;
	q->match =
	    ex_match_text(ex_serial_compare(q->label, q->source->info.serial));
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
	j->bad_limit = a->bad_limit;
	j->wait = a->has_wait ? a->wait : EX_IMAGING_WAIT;
	j->fill = (uint8_t)a->fill;
	j->notice = a->notice;
	j->notice_arg = a->progress_arg;
	j->threads = a->threads;
	j->keep = 1;
	j->truncate = a->truncate;
	j->stop = a->stop;
	j->room_seconds = a->room_seconds;
	j->mark_bytes = a->mark_bytes;
	j->digest_later = 1;
	j->attempt = (unsigned)ex_json_count(q->attempts) + 1;
	j->head_from_copy = a->head_from_copy || a->retry_bad || a->end_here;
	j->retry_bad = a->retry_bad;
	j->without_landlock = a->without_landlock;
	j->base = q->base_name[0] == '\0' ? NULL : &q->base;
	if (a->end_here) {
		j->truncate = 1;
		j->wait = 0;
	}
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

/* The acquisition that was begun and has no end, or NULL. */
static const char *
going(const struct ex_acquiring *q)
{
	return ex_json_get_text(ex_json_get(q->item, "acquisition"), "id");
}

/* What was begun and has no end, with what it was begun with. */
static int
prepare_resume(struct ex_acquiring *q, struct ex_err *err)
{
	const char *id = going(q);

	if (id == NULL)
		return ex_fail(err, EX_STATE,
		    "%s is not being imaged: there is nothing to resume",
		    q->a->item);
	if (ex_acquiring_find(q, id, err) == -1 ||
	    ex_acquire_base(q, err) == -1 || ex_acquire_open(q, err) == -1 ||
	    ex_acquiring_same(q, err) == -1 || find_label(q, err) == -1)
		return -1;
	q->job.resume = 1;
	return plan_job(q, err);
}

/* Everything that can be known before anybody signs. */
static int
prepare(struct ex_acquiring *q, struct ex_err *err)
{
	if (q->a->resume)
		return prepare_resume(q, err);
	if (q->a->source == NULL)
		return ex_fail(err, EX_USAGE,
		    "which source?  exhibit acquire ITEM SOURCE");
	if (ex_acquire_base(q, err) == -1 || choose_image(q, err) == -1 ||
	    choose_dirs(q, err) == -1 || ex_acquire_open(q, err) == -1 ||
	    ex_acquire_base_same(q, err) == -1 || find_label(q, err) == -1)
		return -1;
	return plan_job(q, err);
}

/*
 * Read the source.  What cannot even begin now, after its start was signed, is
 * an acquisition that failed: it gets its end like every other.
 */
static void
read_source(struct ex_acquiring *q)
{
	struct ex_acquire_phase phase = { q->a, "acquire", 0, 1, &q->out.bad,
		0 };
	struct ex_err why = EX_ERR_INIT;

	q->job.progress = ex_acquire_progress;
	q->job.progress_arg = &phase;
	if (ex_imaging_run(&q->out, &q->job, &why) == 0)
		return;
	memset(&q->out, 0, sizeof(q->out));
	/* What earlier runs kept is there to be gone on with another time. */
	q->out.result = q->job.resume ? EX_IMAGING_PAUSED : EX_IMAGING_FAILED;
	q->out.sector_size = q->source->info.sector_size;
	q->out.why = why;
	q->out.started = q->out.ended = ex_now();
	q->out.bytes_expected = q->job.length != 0
				    ? q->job.length
				    : q->source->info.size - q->job.offset;
}

static int
image(struct ex_acquiring *q, struct ex_json **summary, int *status,
    struct ex_err *err)
{
	uint8_t event[EX_HASH] = { 0 };
	char file[EX_PATH];

	q->has_left = 1;
	read_source(q);
	ex_identity_health(&q->smart, q->source);
	if (q->out.result != EX_IMAGING_PAUSED) {
		ex_acquire_check(q);
		ex_acquire_again(q);
	}
	ex_acquiring_free_room(q);
	if (ex_acquired_write(q, file, err) == -1)
		return ex_while(err, "what came of it could not be kept: end "
				     "it with --abandon and begin again");
	q->has_left = q->out.result == EX_IMAGING_PAUSED;
	if (ex_acquired_finish(q->house, file, event, err) == -1 ||
	    (q->has_left ? ex_acquired_forget(file, err)
			 : ex_acquired_remove(
			       q->house, file, q->image, -1, err)) == -1)
		return ex_while(err, "read and kept, but not signed: exhibit "
				     "pending finishes it");
	return ex_acquire_tell(summary, status, q, event, err);
}

static int
abandon(struct ex_acquiring *q, struct ex_json **summary, int *status,
    struct ex_err *err)
{
	const char *id = going(q);
	size_t removed = 0;
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
	/* Only now: until then its files could still be of use. */
	if (ex_acquiring_clear(&removed, q->house, q->a->item, NULL, err) ==
		-1 ||
	    ex_json_set_int(v, "removed", (int64_t)removed, err) == -1) {
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
	ex_acquiring_end(q);
	ex_acquire_base_end(q);
	ex_json_free(q->attempts);
	ex_source_close(q->source);
	ex_json_free(q->item);
	ex_json_free(q->work);
}

/* Everything that is asked of an item that can be imaged. */
static int
acquire(struct ex_acquiring *q, struct ex_json **summary, int *status,
    struct ex_err *err)
{
	size_t n;
	int rc = -1;

	/* What earlier runs left is finished, or removed, first. */
	if (ex_acquire_finish(&n, q->house, q->a->item, err) == -1 ||
	    load_item(q, err) == -1 ||
	    ex_acquiring_clear(&n, q->house, q->a->item, going(q), err) == -1)
		return -1;
	if (q->a->abandon)
		return abandon(q, summary, status, err);
	if (going(q) != NULL && !q->a->resume)
		return ex_fail(err, EX_STATE,
		    "imaging of %s was begun and has no end: exhibit acquire "
		    "%s --resume goes on with it, --abandon ends it",
		    q->a->item, q->a->item);
	if (prepare(q, err) == 0 && ex_acquiring_begin(q, err) == 0 &&
	    ex_acquire_start(q, err) == 0)
		rc = image(q, summary, status, err);
	return rc;
}

int
ex_acquire_run(struct ex_json **summary, int *status, struct ex_house *house,
    const struct ex_acquire *a, struct ex_err *err)
{
	struct ex_acquiring *q = calloc(1, sizeof(*q));
	int rc;

	*summary = NULL;
	if (q == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	q->a = a;
	q->house = house;
	q->lock = -1;
	rc = acquire(q, summary, status, err);
	end(q);
	drop_empty_dir(q);
	free(q);
	return rc;
}
