/*
 * catalogue.c -- a run over one image: begun, read in the jail, copied into
 * the database, ended and signed.
 */
#include "cases/catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cases/acquire_parts.h"
#include "cases/act.h"
#include "cases/catalogue_parts.h"
#include "cases/image_parts.h"
#include "db/catalogue.h"
#include "intake/catalogue.h"
#include "intake/vault.h"

enum {
	TOOLS = 8 /* libraries that are named */
};

struct run {
	const struct ex_catalogue_job *job;
	struct ex_house *house;
	struct ex_conn *conn;
	struct ex_image image;
	struct ex_catalogue got;
	int64_t run;
	struct ex_catalogue_copy *copy;
	struct ex_digest *digest; /* of the canonical list */
	struct ex_buf line;
	int64_t lines;
	uint8_t sha256[EX_SHA256_LEN];
};

static int
add_text(struct run *q, struct ex_err *err)
{
	int rc = ex_digest_add(q->digest, q->line.data, q->line.len, err);

	ex_buf_cut(&q->line, 0);
	return rc;
}

static int
take_file(void *arg, const struct ex_file *f, struct ex_err *err)
{
	struct run *q = arg;

	if (ex_catalogue_copy_add(q->copy, f, err) == -1 ||
	    ex_catalogue_csv(&q->line, ++q->lines, f, err) == -1)
		return -1;
	return add_text(q, err);
}

static void
progress(void *arg, uint64_t files, uint64_t bytes)
{
	const struct run *q = arg;

	(void)files;
	if (q->job->progress != NULL)
		q->job->progress(
		    q->job->progress_arg, "catalogue", bytes, q->got.bytes);
}

/* An examination begins or ends; the event's leaf into v. */
static int
sign(struct ex_json *v, const char *key, struct run *q, enum ex_act act,
    struct ex_json *fields, struct ex_err *err)
{
	struct ex_outcome o = { NULL, 0, "" };
	struct ex_request r;
	struct ex_member *m;
	int rc = -1;

	ex_request_init(&r);
	if (ex_request_add(&r, act, EX_STREAM_ITEM, q->image.name, &m, err) ==
	    0) {
		if (fields != NULL) {
			ex_json_free(m->fields);
			m->fields = ex_json_ref(fields);
		}
		if (ex_request_seat_desk(&r, q->house, act, err) == 0 &&
		    ex_act_do(&o, q->house, &r, err) == 0)
			rc = ex_json_set_hex(
			    v, key, o.done[0].leaf, EX_HASH, err);
	}
	ex_outcome_free(&o);
	ex_request_free(&r);
	return rc;
}

static int
read_image(struct run *q, struct ex_err *err)
{
	const char **path = calloc(q->image.npaths + 1, sizeof(*path));
	struct ex_cataloguing c;
	int rc;

	if (path == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t k = 0; k < q->image.npaths; k++)
		path[k] = q->image.path[k];
	memset(&c, 0, sizeof(c));
	c.container = q->image.container;
	c.path = path;
	c.npaths = q->image.npaths;
	c.without_landlock = q->job->without_landlock;
	c.no_orphans = q->job->no_orphans;
	c.no_digests = q->job->no_digests;
	c.patience_seconds = q->job->patience;
	c.file = take_file;
	c.file_arg = q;
	c.progress = progress;
	c.progress_arg = q;
	c.stop = q->job->stop;
	rc = ex_catalogue_run(&q->got, &c, err);
	free(path);
	return rc;
}

static int
find(struct run *q, enum ex_catalogue_found what, const char *text,
    struct ex_err *err)
{
	struct ex_catalogue_finding f;

	memset(&f, 0, sizeof(f));
	f.what = what;
	(void)snprintf(f.text, sizeof(f.text), "%s", text);
	return ex_catalogue_find(&q->got, &f, err);
}

/* What was known of the image before a file of it was read. */
static int
judge_image(struct run *q, struct ex_err *err)
{
	const char *verdict =
	    ex_event_text(&q->image.create->admission.event, "verdict");
	char text[128];

	/* Equal digests in a container prove nothing, others do. */
	if (verdict != NULL && strcmp(verdict, "ok") != 0 &&
	    strcmp(verdict, "nothing_stored") != 0) {
		(void)snprintf(text, sizeof(text),
		    "it was imported with the verdict %.40s", verdict);
		if (find(q, EX_FOUND_CONTAINER, text, err) == -1)
			return -1;
	}
	if (q->image.nabsent == 0)
		return 0;
	(void)snprintf(text, sizeof(text),
	    "%zu of %zu segment files are not there", q->image.nabsent,
	    q->image.npaths + q->image.nabsent);
	return find(q, EX_FOUND_CONTAINER, text, err);
}

static int
set_resolution(
    struct ex_json *v, const struct ex_resolution *r, struct ex_err *err)
{
	struct ex_json *t = ex_json_object();

	if (t == NULL || ex_json_set(v, "time_resolution_ns", t, err) == -1 ||
	    ex_json_set_int(t, "modified", (int64_t)r->modified, err) == -1 ||
	    ex_json_set_int(t, "accessed", (int64_t)r->accessed, err) == -1 ||
	    ex_json_set_int(t, "changed", (int64_t)r->changed, err) == -1)
		return -1;
	return ex_json_set_int(t, "created", (int64_t)r->created, err);
}

static int
set_system(struct ex_json *o, const struct ex_volume *v, struct ex_err *err)
{
	if (v->system[0] == '\0')
		return 0;
	if (ex_json_set_text(o, "system", v->system, err) == -1 ||
	    ex_json_set_text(o, "id", v->id, err) == -1 ||
	    ex_json_set_int(o, "block_size", v->block_size, err) == -1 ||
	    ex_json_set_int(o, "allocated", (int64_t)v->allocated, err) == -1 ||
	    ex_json_set_int(o, "deleted", (int64_t)v->deleted, err) == -1 ||
	    ex_json_set_int(o, "virtual", (int64_t)v->virtuals, err) == -1)
		return -1;
	return set_resolution(o, &v->times, err);
}

static int
add_volume(struct ex_json *list, const struct ex_volume *v, struct ex_err *err)
{
	struct ex_json *o = ex_json_object();

	if (o == NULL || ex_json_set_int(o, "no", v->no, err) == -1 ||
	    ex_json_set_int(o, "parent", v->parent, err) == -1 ||
	    ex_json_set_text(o, "kind", ex_volume_kind_text(v->kind), err) ==
		-1 ||
	    ex_json_set_int(o, "start", (int64_t)v->start, err) == -1 ||
	    ex_json_set_int(o, "bytes", (int64_t)v->bytes, err) == -1 ||
	    ex_json_set_text(o, "description", v->description, err) == -1 ||
	    (v->table[0] != '\0' &&
		(ex_json_set_text(o, "table", v->table, err) == -1 ||
		    ex_json_set_int(o, "sector_size", v->sector_size, err) ==
			-1)) ||
	    set_system(o, v, err) == -1) {
		ex_json_free(o);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return ex_json_add(list, o, err);
}

static int
add_finding(struct ex_json *list, const struct ex_catalogue_finding *f,
    struct ex_err *err)
{
	struct ex_json *o = ex_json_object();

	if (o == NULL ||
	    ex_json_set_text(
		o, "code", ex_catalogue_found_text(f->what), err) == -1 ||
	    ex_json_set_int(o, "volume", f->place.volume, err) == -1 ||
	    ex_json_set_int(o, "folder", f->place.folder, err) == -1 ||
	    ex_json_set_int(o, "entry", f->place.entry, err) == -1 ||
	    ex_json_set_text(o, "text", f->text, err) == -1) {
		ex_json_free(o);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return ex_json_add(list, o, err);
}

static int
set_lists(struct ex_json *v, const struct ex_catalogue *c, struct ex_err *err)
{
	struct ex_json *volumes = ex_json_array(), *findings = ex_json_array();

	if (volumes == NULL || findings == NULL ||
	    ex_json_set(v, "volumes", volumes, err) == -1 ||
	    ex_json_set(v, "findings", findings, err) == -1)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < c->nvolumes; i++)
		if (add_volume(volumes, &c->volume[i], err) == -1)
			return -1;
	for (size_t i = 0; i < c->nfindings; i++)
		if (add_finding(findings, &c->finding[i], err) == -1)
			return -1;
	return 0;
}

/* known_good and known_bad are 0 until a set of known files is asked. */
static int
set_counts(struct ex_json *v, const struct ex_catalogue *c, struct ex_err *err)
{
	struct ex_json *files = ex_json_object();

	if (files == NULL || ex_json_set(v, "files", files, err) == -1 ||
	    ex_json_set_int(files, "lines", (int64_t)c->lines, err) == -1 ||
	    ex_json_set_int(files, "allocated", (int64_t)c->allocated, err) ==
		-1 ||
	    ex_json_set_int(files, "deleted", (int64_t)c->deleted, err) == -1 ||
	    ex_json_set_int(files, "virtual", (int64_t)c->virtuals, err) ==
		-1 ||
	    ex_json_set_int(files, "digested", (int64_t)c->digested, err) ==
		-1 ||
	    ex_json_set_int(files, "digested_bytes", (int64_t)c->digested_bytes,
		err) == -1 ||
	    ex_json_set_int(files, "known_good", 0, err) == -1)
		return -1;
	return ex_json_set_int(files, "known_bad", 0, err);
}

static int
tell(struct ex_json *v, const struct run *q, struct ex_err *err)
{
	const struct ex_catalogue *c = &q->got;

	if (ex_json_set_text(v, "image", q->image.name, err) == -1 ||
	    ex_json_set_text(v, "container", c->container, err) == -1 ||
	    ex_json_set_int(v, "bytes", (int64_t)c->bytes, err) == -1 ||
	    set_lists(v, c, err) == -1 || set_counts(v, c, err) == -1 ||
	    ex_json_set_int(v, "found", (int64_t)c->found, err) == -1 ||
	    ex_json_set_int(v, "restarts", c->restarts, err) == -1 ||
	    ex_json_set_text(v, "tools", c->tools, err) == -1 ||
	    ex_json_set_text(v, "jail",
		c->landlock ? "landlock-seccomp" : "seccomp", err) == -1)
		return -1;
	return ex_json_set_hex(v, "sha256", q->sha256, EX_SHA256_LEN, err);
}

/* "libtsk 4.11.1" becomes the code "libtsk/4.11.1". */
static int
add_tool(void *arg, const char *part, size_t n, struct ex_err *err)
{
	char code[64];
	size_t used = 0;

	for (size_t i = 0; i < n && used + 1 < sizeof(code); i++) {
		if (part[i] == ' ' && used == 0)
			continue;
		code[used++] = part[i] == ' ' ? '/' : part[i];
	}
	code[used] = '\0';
	return ex_json_add(arg, ex_json_string(code), err);
}

static int
set_tools(struct ex_json *f, const struct ex_catalogue *c, struct ex_err *err)
{
	struct ex_json *tools = ex_json_array();

	if (tools == NULL || ex_json_set(f, "tools", tools, err) == -1 ||
	    ex_json_add(tools, ex_json_string("exhibit/" EX_VERSION), err) ==
		-1)
		return -1;
	return c->tools[0] == '\0'
		   ? 0
		   : ex_text_split(c->tools, ',', add_tool, tools, err);
}

/* Findings are a list in the vault that the entry names. */
static int
keep_findings(struct ex_json *f, const struct ex_json *v, struct run *q,
    struct ex_err *err)
{
	const struct ex_json *list = ex_json_get(v, "findings");
	char vault[EX_PATH], sha256[EX_SHA256_HEX];
	struct ex_buf text = EX_BUF_INIT;
	int rc = -1;

	if (ex_json_count(list) == 0)
		return 0;
	if (ex_house_path(vault, q->house, "vault", err) == 0 &&
	    ex_json_write(&text, list, err) == 0 &&
	    ex_vault_put(sha256, vault, EX_VAULT_ATTACHMENTS, NULL, text.data,
		text.len, err) == 0)
		rc = ex_json_set_text(f, "finding_list", sha256, err);
	ex_buf_free(&text);
	return rc;
}

static int
end_fields(struct ex_json *f, const struct ex_json *v, struct run *q,
    struct ex_err *err)
{
	const struct ex_catalogue *c = &q->got;

	if (ex_json_set_hex(f, "catalogue", q->sha256, EX_SHA256_LEN, err) ==
		-1 ||
	    ex_json_set_int(f, "volumes", (int64_t)c->nvolumes, err) == -1 ||
	    ex_json_set_int(f, "lines", (int64_t)c->lines, err) == -1 ||
	    ex_json_set_int(f, "allocated", (int64_t)c->allocated, err) == -1 ||
	    ex_json_set_int(f, "deleted", (int64_t)c->deleted, err) == -1 ||
	    ex_json_set_int(f, "digested", (int64_t)c->digested, err) == -1 ||
	    ex_json_set_int(f, "finding_count", (int64_t)c->found, err) == -1 ||
	    ex_json_set_int(f, "restarts", c->restarts, err) == -1 ||
	    ex_json_set_text(f, "jail",
		c->landlock ? "landlock-seccomp" : "seccomp", err) == -1 ||
	    set_tools(f, c, err) == -1)
		return -1;
	return keep_findings(f, v, q, err);
}

/* All of it in one transaction: a run that fails leaves no line behind. */
static int
fill(struct ex_json *v, struct run *q, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	struct ex_digest_value value[EX_ALGS];
	size_t n;
	int rc = -1;

	if (ex_store_catalogue_begin(q->conn, q->image.name, &q->run, err) ==
		-1 ||
	    ex_catalogue_copy_begin(&q->copy, q->conn, q->run, err) == -1)
		return -1;
	if (ex_catalogue_csv_head(&q->line, err) == -1 ||
	    add_text(q, err) == -1 || read_image(q, err) == -1 ||
	    judge_image(q, err) == -1 ||
	    ex_catalogue_copy_end(q->copy, err) == -1 ||
	    ex_digest_end(q->digest, value, &n, NULL, err) == -1)
		return -1;
	memcpy(q->sha256, value[0].value, EX_SHA256_LEN);
	if (tell(v, q, err) == 0 && ex_json_print(&text, v, err) == 0)
		rc = ex_store_catalogue_end(
		    q->conn, q->run, ex_buf_text(&text), q->sha256, err);
	ex_buf_free(&text);
	return rc;
}

static int
examine(struct ex_json *v, struct run *q, struct ex_err *err)
{
	struct ex_json *fields = ex_json_object();
	int rc = -1;

	if (fields == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (sign(v, "begun", q, EX_ACT_EXAMINE_START, NULL, err) == 0 &&
	    ex_house_conn(q->house, &q->conn, err) == 0 &&
	    ex_conn_begin(q->conn, err) == 0) {
		rc = fill(v, q, err);
		if (rc == 0)
			rc = ex_conn_commit(q->conn, err);
		else
			ex_conn_rollback(q->conn);
	}
	if (rc == 0)
		rc = end_fields(fields, v, q, err);
	if (rc == 0)
		rc = sign(v, "event", q, EX_ACT_EXAMINE_END, fields, err);
	ex_json_free(fields);
	return rc;
}

static int
catalogue_one(struct ex_json *list, int *status, struct ex_house *house,
    const char *name, const struct ex_catalogue_job *job, struct ex_err *err)
{
	struct run *q = calloc(1, sizeof(*q));
	struct ex_json *v = ex_json_object();
	int rc = -1;

	if (q == NULL || v == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	q->job = job;
	q->house = house;
	if (ex_image_begin(&q->image, house, name, NULL, err) == -1)
		goto out;
	if (q->image.create == NULL || q->image.npaths == 0) {
		(void)ex_fail(err, EX_ABSENT,
		    "%s: no signed entry, or no file of it in %s", name,
		    q->image.dir);
		goto out;
	}
	if (ex_digest_new(&q->digest, EX_ALG_BIT(EX_SHA256), err) == 0)
		rc = examine(v, q, err);
	if (rc == 0) {
		if (q->got.found > 0)
			*status = 1;
		rc = ex_json_add(list, ex_json_ref(v), err);
	}
out:
	if (q != NULL) {
		ex_catalogue_copy_free(q->copy);
		ex_catalogue_free(&q->got);
		ex_digest_free(q->digest);
		ex_buf_free(&q->line);
		ex_image_end(&q->image);
	}
	free(q);
	ex_json_free(v);
	return rc;
}

/* What is told of the only image stands at the top as well. */
static int
lift(void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	return ex_json_set(arg, key, ex_json_ref(v), err);
}

int
ex_catalogue_images(struct ex_json **summary, int *status,
    struct ex_house *house, const struct ex_catalogue_job *job,
    struct ex_err *err)
{
	struct ex_json *out = ex_json_object(), *list = ex_json_array();
	struct ex_json *names = NULL;
	int rc = -1;

	*summary = NULL;
	*status = 0;
	if (out == NULL || list == NULL ||
	    ex_json_set(out, "images", ex_json_ref(list), err) == -1) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	rc = ex_image_names(&names, house, job->name, err);
	if (rc == 0 && ex_json_count(names) == 0)
		rc = ex_fail(err, EX_ABSENT,
		    "%.60s has no image: acquire or import one first",
		    job->name);
	for (size_t i = 0; rc == 0 && i < ex_json_count(names); i++)
		rc = catalogue_one(list, status, house,
		    ex_json_text(ex_json_at(names, i)), job, err);
	if (rc == 0 && ex_json_count(list) == 1)
		rc = ex_json_each(ex_json_at(list, 0), lift, out, err);
out:
	ex_json_free(names);
	ex_json_free(list);
	if (rc == 0)
		*summary = out;
	else
		ex_json_free(out);
	return rc;
}
