/*
 * acquire_start.c -- what is known of medium, machine and right before the
 * first byte is read.
 */
#include <sys/utsname.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "cases/acquire_parts.h"
#include "cases/case.h"
#include "db/store.h"
#include "hashing/digest.h"

enum {
	COMMAND_MAX = 8192 /* bytes of our own command line */
};

/* What is whose is a fact of the machine: escaped, and cut where long. */
static int
put(struct ex_json *v, const char *name, const char *text, struct ex_err *err)
{
	char shown[EX_SOURCE_TEXT * 2];

	return ex_json_set_text(
	    v, name, ex_text_shown(shown, sizeof(shown), text), err);
}

int
ex_acquire_environment(struct ex_json **out, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	uint8_t sha256[EX_SHA256_LEN];
	struct utsname u;

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (uname(&u) == -1) {
		ex_json_free(v);
		return ex_fail_errno(err, "uname");
	}
	if (put(v, "program", "exhibit " EX_VERSION, err) == -1 ||
	    put(v, "kernel", u.release, err) == -1 ||
	    put(v, "machine", u.machine, err) == -1 ||
	    ex_sha256_file(sha256, NULL, "/proc/self/exe", err) == -1 ||
	    ex_json_set_hex(v, "program_sha256", sha256, sizeof(sha256), err) ==
		-1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}

/* "in_date", "expired", "none": as the rules will look at it. */
static int
term(const char **out, struct ex_house *house, const char *kind, const char *id,
    const char *key, struct ex_err *err)
{
	struct ex_json *v = NULL;
	const char *until;
	int64_t end;

	*out = "none";
	if (ex_house_fact(house, kind, id, &v, err) == -1)
		return -1;
	until = ex_json_get_text(v, key);
	if (until != NULL && ex_time_read(&end, until, NULL) == 0)
		*out = ex_now() < end ? "in_date" : "expired";
	ex_json_free(v);
	return 0;
}

static int
put_terms(struct ex_acquiring *q, struct ex_json *fields, struct ex_err *err)
{
	const char *competence, *validation = "none", *tool;
	char id[2 * EX_NAME_TEXT + 16];
	const struct ex_signer *who;

	tool = q->a->write_blocker;
	if (ex_house_actor(q->house, &who, err) == -1)
		return -1;
	(void)snprintf(id, sizeof(id), "%s/imaging", who->person);
	if (term(&competence, q->house, "competence", id, "until", err) == -1 ||
	    (tool != NULL && term(&validation, q->house, "tool", tool,
				 "validated_until", err) == -1) ||
	    ex_json_set_text(fields, "competence", competence, err) == -1 ||
	    ex_json_set_text(fields, "tool_validation", validation, err) == -1)
		return -1;
	if (tool == NULL)
		return 0;
	if (ex_json_set_text(fields, "tool", tool, err) == -1)
		return -1;
	return ex_json_set_text(fields, "write_blocker", tool, err);
}

/* The one that was named, else the case's one that is in force. */
static int
put_authority(struct ex_acquiring *q, struct ex_json *f, struct ex_err *err)
{
	const char *number = ex_json_get_text(q->item, "case");
	char name[EX_CASE_MAX + 1] = "";

	if (q->a->authority != NULL)
		return ex_json_set_text(f, "authority", q->a->authority, err);
	if (number != NULL &&
	    ex_authority_pick(name, q->house, number, ex_now(), err) == -1)
		return -1;
	return name[0] == '\0' ? 0
			       : ex_json_set_text(f, "authority", name, err);
}

static int
put_fields(struct ex_acquiring *q, struct ex_json *f, struct ex_err *err)
{
	const struct ex_source_info *i = &q->source->info;
	struct ex_json *environment;

	if (ex_json_set_text(f, "acquisition", q->id, err) == -1 ||
	    ex_json_set_text(
		f, "format", ex_container_text(q->job.container), err) == -1 ||
	    ex_json_set_int(f, "size", (int64_t)i->size, err) == -1 ||
	    ex_json_set_int(f, "sector_size", i->sector_size, err) == -1 ||
	    ex_json_set_int(f, "physical_sector_size", i->physical_sector_size,
		err) == -1 ||
	    ex_json_set_text(f, "serial_match", q->match, err) == -1 ||
	    (q->job.resume && ex_json_set_int(f, "resumed", 1, err) == -1) ||
	    (q->base_name[0] != '\0' &&
		ex_json_set_text(f, "base", q->base_name, err) == -1) ||
	    put_authority(q, f, err) == -1 || put_terms(q, f, err) == -1 ||
	    ex_acquire_put_source(q, f, err) == -1 ||
	    ex_acquire_environment(&environment, err) == -1)
		return -1;
	return ex_json_set(f, "environment", environment, err);
}

/* Our own command line: no secret is ever an argument. */
static int
command_line(struct ex_buf *out, struct ex_err *err)
{
	struct ex_buf raw = EX_BUF_INIT;
	char shown[COMMAND_MAX];
	int rc;

	rc = ex_file_read(&raw, "/proc/self/cmdline", 4096, NULL);
	for (size_t i = 0; i + 1 < raw.len; i++)
		if (raw.data[i] == '\0')
			raw.data[i] = ' ';
	if (rc == 0 && raw.len > 0)
		rc = ex_buf_add_text(out,
		    ex_text_show(
			shown, sizeof(shown), ex_buf_text(&raw), raw.len - 1),
		    err);
	else
		rc = ex_buf_add_text(out, "unknown", err);
	ex_buf_free(&raw);
	return rc;
}

static int
put_texts(struct ex_acquiring *q, struct ex_json *t, struct ex_err *err)
{
	const struct ex_source_info *i = &q->source->info;
	struct ex_buf command = EX_BUF_INIT, source = EX_BUF_INIT;
	char host[256] = "unknown", shown[EX_PATH];
	int rc = -1;

	(void)gethostname(host, sizeof(host) - 1);
	if (ex_buf_add_text(&source,
		ex_text_shown(shown, sizeof(shown), i->path), err) == 0 &&
	    (strcmp(i->by_id, "unknown") == 0 ||
		ex_buf_addf(&source, err, " (%s)", i->by_id) == 0) &&
	    command_line(&command, err) == 0 &&
	    ex_json_set_text(t, "source", ex_buf_text(&source), err) == 0 &&
	    put(t, "device_serial", i->serial, err) == 0 &&
	    ex_json_set_text(t, "command", ex_buf_text(&command), err) == 0 &&
	    put(t, "workstation", host, err) == 0)
		rc = ex_acquire_put_source_texts(q, t, err);
	ex_buf_free(&command);
	ex_buf_free(&source);
	return rc;
}

int
ex_acquire_start(struct ex_acquiring *q, struct ex_err *err)
{
	struct ex_outcome o = { NULL, 0, "" };
	struct ex_request r;
	struct ex_member *m;
	int rc = -1;

	ex_request_init(&r);
	if (ex_request_add(&r, EX_ACT_ACQUIRE_START, EX_STREAM_ITEM, q->a->item,
		&m, err) == 0 &&
	    put_fields(q, m->fields, err) == 0 &&
	    put_texts(q, m->texts, err) == 0 &&
	    ex_request_seat_desk(&r, q->house, EX_ACT_ACQUIRE_START, err) == 0)
		rc = ex_act_do(&o, q->house, &r, err);
	if (rc == 0)
		rc = ex_acquire_add_attempt(&q->attempts, o.done[0].leaf, err);
	ex_outcome_free(&o);
	ex_request_free(&r);
	return rc;
}
