/*
 * image_export.c -- images on their way out: as raw bytes or as an E01.
 *
 * What is written lies in a folder of its own beside its place until it is
 * whole, has the signed digests and is on disk; then it gets its names, the
 * first segment last.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cases/acquire_parts.h"
#include "cases/act.h"
#include "cases/image_export_parts.h"
#include "cases/verify.h"
#include "db/store.h"
#include "intake/source_image.h"

struct phase {
	const struct ex_image_export *x;
};

static void
progress(void *arg, uint64_t done, uint64_t total)
{
	const struct phase *p = arg;

	if (p->x->progress != NULL)
		p->x->progress(p->x->progress_arg, "export", done, total);
}

static struct ex_reading
reading_of(const struct ex_exporting *e)
{
	struct ex_reading r;

	memset(&r, 0, sizeof(r));
	r.container = e->image.container;
	r.path = e->path;
	r.npaths = e->image.npaths;
	for (size_t k = 0; k < e->image.ndigests; k++)
		r.algs |= EX_ALG_BIT(e->image.digest[k].alg);
	r.without_landlock = e->x->without_landlock;
	return r;
}

/* Read in the jail, written by us, digested over what was written. */
static int
write_raw(struct ex_exporting *e, struct ex_err *err)
{
	struct ex_reading r = reading_of(e);
	struct phase phase = { e->x };
	char path[EX_PATH];
	int fd, rc;

	r.progress = progress;
	r.progress_arg = &phase;
	if (ex_path_join(path, EX_PATH, e->temp, "raw", err) == -1)
		return -1;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return ex_fail_errno(err, "%s", path);
	rc = ex_reading_export(&e->verdict, &r, fd, err);
	if (rc == 0 && fsync(fd) == -1)
		rc = ex_fail_errno(err, "%s", path);
	if (close(fd) == -1 && rc == 0)
		rc = ex_fail_errno(err, "%s", path);
	return rc;
}

/* What the new E01 holds, read back, is what was signed. */
static int
read_back(const struct ex_exporting *e, int *same, struct ex_err *err)
{
	const struct ex_image_copy *c = &e->out.copy[0];
	const char **path = calloc(c->nsegments + 1, sizeof(*path));
	struct ex_reading r = reading_of(e);
	struct ex_verdict v;
	int rc;

	if (path == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t k = 0; k < c->nsegments; k++)
		path[k] = c->segment[k].path;
	r.container = EX_CONTAINER_E01;
	r.path = path;
	r.npaths = c->nsegments;
	rc = ex_reading_verify(&v, &r, err);
	if (rc == 0) {
		*same =
		    ex_reading_agrees(&v, e->image.digest, e->image.ndigests);
		ex_verdict_free(&v);
	}
	free(path);
	return rc;
}

static struct ex_imaging
job_of(const struct ex_exporting *e, const char *const *dir, char notes[128])
{
	const struct ex_event *event = &e->image.create->admission.event;
	struct ex_imaging job;

	memset(&job, 0, sizeof(job));
	(void)snprintf(notes, 128, "exported from %s (%s)", e->image.name,
	    ex_event_text(event, "format"));
	job.name = e->image.name;
	job.dir = dir;
	job.ndir = 1;
	job.container = EX_CONTAINER_E01;
	job.compression = EX_COMPRESSION_FAST;
	job.segment_size = e->x->segment_size;
	job.header.case_number = ex_event_text(event, "case");
	job.header.evidence_number = ex_event_text(event, "parent");
	if (job.header.evidence_number == NULL)
		job.header.evidence_number = e->image.name;
	job.header.notes = notes;
	for (size_t k = 0; k < e->image.ndigests; k++)
		job.algs |= EX_ALG_BIT(e->image.digest[k].alg);
	return job;
}

static int
write_e01(struct ex_exporting *e, int *same, struct ex_err *err)
{
	const char *dir = e->temp;
	char notes[128];
	struct ex_imaging job = job_of(e, &dir, notes);
	struct ex_reading r = reading_of(e);
	struct phase phase = { e->x };
	struct ex_err why = EX_ERR_INIT;
	int good, read, rc;

	job.progress = progress;
	job.progress_arg = &phase;
	if (e->x->compression != NULL && ex_compression_parse(&job.compression,
					     e->x->compression, err) == -1)
		return -1;
	if (ex_source_open_image(
		&job.source, &r, e->image.name, e->bytes, err) == -1)
		return -1;
	rc = ex_imaging_run(&e->out, &job, err);
	good = rc == 0 && e->out.ncopies > 0 && e->out.copy[0].good;
	read = ex_source_image_verdict(&e->verdict, job.source, &why);
	ex_source_close(job.source);
	if (rc == -1 || (read == 0 && e->verdict.result != EX_READING_WHOLE))
		return rc;
	/* A reader whose bytes nobody takes any more only says that. */
	if (read == -1 && good)
		return ex_fail(err, why.code, "%s", why.text);
	if (!good)
		return ex_fail(err, EX_SYSTEM, "%s: %.300s", e->x->to,
		    e->out.ncopies == 0 ? e->out.why.text
					: e->out.copy[0].why.text);
	return e->out.result == EX_IMAGING_COMPLETE ? read_back(e, same, err)
						    : 0;
}

static int
tell(struct ex_json *v, const struct ex_exporting *e, struct ex_err *err)
{
	char path[EX_PATH];

	if (ex_export_name(path, e, NULL, err) == -1 ||
	    ex_json_set_text(v, "image", e->image.name, err) == -1 ||
	    ex_json_set_text(v, "path", path, err) == -1 ||
	    ex_json_set_text(v, "format", ex_container_text(e->as), err) ==
		-1 ||
	    ex_json_set_text(v, "verdict", e->is, err) == -1 ||
	    ex_json_set_text(v, "text", e->verdict.text, err) == -1 ||
	    ex_json_set_int(v, "bytes", (int64_t)e->verdict.bytes, err) == -1)
		return -1;
	for (size_t k = 0; k < e->verdict.ndigests; k++)
		if (e->verdict.digest[k].alg == EX_SHA256 &&
		    ex_json_set_hex(v, "sha256", e->verdict.digest[k].value,
			EX_SHA256_LEN, err) == -1)
			return -1;
	/* Of what is not well nothing gets a name. */
	return e->as == EX_CONTAINER_E01 && strcmp(e->is, "ok") == 0
		   ? ex_export_segments(v, e, err)
		   : 0;
}

/* The entry; what it says of what came is put in when that is known. */
static int
plan(struct ex_request *r, struct ex_member **m, const struct ex_exporting *e,
    struct ex_err *err)
{
	const struct ex_image_export *x = e->x;

	if (ex_request_add(r, EX_ACT_EXPORT, EX_STREAM_ITEM, e->image.name, m,
		err) == -1 ||
	    ex_json_set_text(
		(*m)->fields, "format", ex_container_text(e->as), err) == -1 ||
	    (x->authority != NULL && ex_json_set_text((*m)->fields, "authority",
					 x->authority, err) == -1) ||
	    (x->recipient != NULL && ex_json_set_text((*m)->texts, "recipient",
					 x->recipient, err) == -1) ||
	    (x->purpose != NULL && ex_json_set_text((*m)->texts, "purpose",
				       x->purpose, err) == -1))
		return -1;
	return ex_request_seat_desk(r, e->house, EX_ACT_EXPORT, err);
}

static int
sign(struct ex_json *v, const struct ex_exporting *e, struct ex_err *err)
{
	struct ex_outcome o = { NULL, 0, "" };
	struct ex_request r;
	struct ex_member *m;
	int rc = -1;

	ex_request_init(&r);
	if (plan(&r, &m, e, err) == 0 &&
	    ex_json_set_text(
		m->fields, "sha256", ex_json_get_text(v, "sha256"), err) == 0 &&
	    ex_json_set_int(
		m->fields, "size", (int64_t)e->verdict.bytes, err) == 0 &&
	    ex_digests_json(&m->digests, e->verdict.digest, e->verdict.ndigests,
		err) == 0 &&
	    ex_act_do(&o, e->house, &r, err) == 0)
		rc = ex_json_set_hex(v, "event", o.done[0].leaf, EX_HASH, err);
	ex_outcome_free(&o);
	ex_request_free(&r);
	return rc;
}

/*
 * One that was made or brought in and never verified is verified now, as an
 * act of its own; then the rules are asked.  *status 1: it is not well.
 */
static int
prepare(struct ex_exporting *e, int *status, struct ex_err *err)
{
	struct ex_verify v = { .name = e->image.name,
		.sign = 1,
		.without_landlock = e->x->without_landlock,
		.progress = e->x->progress,
		.progress_arg = e->x->progress_arg };
	struct ex_json *fact = NULL, *told = NULL;
	struct ex_conn *conn;
	struct ex_request r;
	struct ex_member *m;
	const char *state;
	int created, rc = 0;

	if (ex_house_conn(e->house, &conn, err) == -1 ||
	    ex_store_fact(conn, "item", e->image.name, &fact, err) == -1)
		return -1;
	state = ex_json_get_text(fact, "state");
	created = state != NULL && strcmp(state, "CREATED") == 0;
	ex_json_free(fact);
	if (created && ex_verify_run(&told, status, e->house, &v, err) == -1)
		return -1;
	if (*status != 0) {
		const char *is = ex_json_get_text(
		    ex_json_at(ex_json_get(told, "images"), 0), "verdict");

		(void)snprintf(
		    e->is, sizeof(e->is), "%s", is == NULL ? "unreadable" : is);
	}
	ex_json_free(told);
	if (*status != 0)
		return 0;
	ex_request_init(&r);
	if (plan(&r, &m, e, err) == -1 || ex_act_check(e->house, &r, err) == -1)
		rc = -1;
	ex_request_free(&r);
	return rc;
}

static int
write_out(struct ex_exporting *e, int *fine, struct ex_err *err)
{
	int same = e->as == EX_CONTAINER_RAW, rc;

	if (ex_export_temp(e, err) == -1)
		return -1;
	rc = same ? write_raw(e, err) : write_e01(e, &same, err);
	if (rc == -1)
		return -1;
	*fine =
	    same && e->image.nabsent == 0 &&
	    ex_reading_agrees(&e->verdict, e->image.digest, e->image.ndigests);
	(void)snprintf(e->is, sizeof(e->is), "%s",
	    *fine				      ? "ok"
	    : e->verdict.result == EX_READING_WHOLE   ? "digest_differs"
	    : e->verdict.result == EX_READING_DAMAGED ? "container_damaged"
						      : "unreadable");
	return 0;
}

static int
run(struct ex_json *v, int *status, struct ex_exporting *e, struct ex_err *err)
{
	int fine = 0;

	if (e->x->sign && prepare(e, status, err) == -1)
		return -1;
	if (*status != 0)
		return tell(v, e, err);
	if (write_out(e, &fine, err) == -1)
		return -1;
	*status = fine ? 0 : 1;
	if (tell(v, e, err) == -1)
		return -1;
	if (!fine)
		return 0;
	if (ex_export_give_names(e, err) == -1)
		return -1;
	if (e->x->sign && sign(v, e, err) == -1) {
		/* It leaves the house with its entry or not at all. */
		if (err == NULL || err->code != EX_UNREACHABLE)
			ex_export_take_back(e);
		return -1;
	}
	return 0;
}

/* What is signed of the image, and where its files are. */
static int
find_image(struct ex_exporting *e, struct ex_err *err)
{
	if (ex_image_begin(&e->image, e->house, e->x->image, NULL, err) == -1)
		return -1;
	if (e->image.create == NULL || e->image.npaths == 0)
		return ex_fail(err, EX_ABSENT,
		    "%s: no signed entry, or no file of it in %s", e->x->image,
		    e->image.dir);
	if (e->as == EX_CONTAINER_E01 &&
	    ex_json_get_int(
		e->image.create->admission.event.fields, "size", 0) == 0)
		return ex_fail(err, EX_USAGE,
		    "%s has no bytes: an E01 cannot hold that", e->x->image);
	if (e->image.ndigests == 0)
		return ex_fail(err, EX_DAMAGED,
		    "%s: nothing could be read of it", e->x->image);
	e->bytes = (uint64_t)ex_json_get_int(
	    e->image.create->admission.event.fields, "size", 0);
	e->path = calloc(e->image.npaths + 1, sizeof(*e->path));
	if (e->path == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t k = 0; k < e->image.npaths; k++)
		e->path[k] = e->image.path[k];
	return 0;
}

int
ex_image_export(struct ex_json **out, int *status, struct ex_house *house,
    const struct ex_image_export *x, struct ex_err *err)
{
	struct ex_exporting *e = calloc(1, sizeof(*e));
	struct ex_json *v = ex_json_object();
	int rc = -1;

	*out = NULL;
	*status = 0;
	if (e == NULL || v == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	e->x = x;
	e->house = house;
	e->as = EX_CONTAINER_RAW;
	if ((x->format == NULL ||
		ex_container_parse(&e->as, x->format, err) == 0) &&
	    find_image(e, err) == 0 && ex_export_place(e, err) == 0 &&
	    ex_export_refuse(e, err) == 0)
		rc = run(v, status, e, err);
	if (e->temp[0] != '\0')
		(void)ex_remove_tree(e->temp, NULL);
	ex_verdict_free(&e->verdict);
	ex_imaging_outcome_free(&e->out);
	ex_image_end(&e->image);
	free(e->path);
out:
	free(e);
	if (rc == 0)
		*out = v;
	else
		ex_json_free(v);
	return rc;
}
