/*
 * event_write.c -- a body written, and what opens its commitments.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "custody/event.h"
#include "custody/event_party.h"
#include "custody/openings.h"

static int
set_time(struct ex_json *v, const char *key, int64_t us, struct ex_err *err)
{
	char text[EX_TIME_TEXT];

	ex_time_text(text, us);
	return ex_json_set_text(v, key, text, err);
}

/* An empty object under key, lent for filling. */
static int
set_object(struct ex_json **out, struct ex_json *v, const char *key,
    struct ex_err *err)
{
	if (ex_json_set(v, key, ex_json_object(), err) == -1)
		return -1;
	*out = ex_json_get_mutable(v, key);
	return 0;
}

static int
write_place(struct ex_json *v, const struct ex_draft *d, struct ex_err *err)
{
	struct ex_json *stream;

	if (set_object(&stream, v, "stream", err) == -1 ||
	    ex_json_set_text(stream, "kind",
		ex_stream_kind_name(d->stream.kind), err) == -1 ||
	    ex_json_set_text(stream, "id", d->stream.id, err) == -1 ||
	    ex_json_set_int(v, "seq", (int64_t)d->seq, err) == -1)
		return -1;
	return ex_json_set_hex(v, "prev", d->prev, EX_HASH, err);
}

static int
write_times(struct ex_json *v, const struct ex_draft *d, struct ex_err *err)
{
	struct ex_json *clock;

	if (set_time(v, "occurred_at", d->occurred_at, err) == -1 ||
	    set_time(v, "time_claimed", d->time_claimed, err) == -1 ||
	    set_object(&clock, v, "clock", err) == -1 ||
	    ex_json_set_text(clock, "source",
		ex_clock_source_name(d->clock_source), err) == -1)
		return -1;
	return ex_json_set_int(clock, "offset_ms", d->clock_offset_ms, err);
}

static int
write_parties(struct ex_json *v, const struct ex_draft *d, struct ex_err *err)
{
	struct ex_json *array;

	if (ex_json_set(v, "parties", ex_json_array(), err) == -1)
		return -1;
	array = ex_json_get_mutable(v, "parties");
	for (size_t i = 0; i < d->nparties; i++) {
		if (ex_party_write(array, &d->party[i], err) == -1)
			return -1;
	}
	return 0;
}

static int
write_batch(struct ex_json *v, const struct ex_draft *d, struct ex_err *err)
{
	struct ex_json *batch;

	if (d->batch_id == NULL)
		return 0;
	if (set_object(&batch, v, "batch", err) == -1 ||
	    ex_json_set_text(batch, "id", d->batch_id, err) == -1 ||
	    ex_json_set_int(batch, "count", (int64_t)d->batch_count, err) == -1)
		return -1;
	return ex_json_set_hex(batch, "root", d->batch_root, EX_HASH, err);
}

/* Members that are absent rather than empty. */
static int
write_optional(struct ex_json *v, const struct ex_draft *d, struct ex_err *err)
{
	struct ex_json *offline;

	if (write_batch(v, d, err) == -1)
		return -1;
	if (d->digests != NULL && ex_json_count(d->digests) > 0 &&
	    ex_json_set(v, "digests", ex_json_copy(d->digests), err) == -1)
		return -1;
	if (d->corrects != NULL &&
	    ex_json_set_hex(v, "corrects", d->corrects, EX_HASH, err) == -1)
		return -1;
	if (d->annuls != NULL &&
	    ex_json_set_hex(v, "annuls", d->annuls, EX_HASH, err) == -1)
		return -1;
	if (d->offline == NULL)
		return 0;
	if (set_object(&offline, v, "offline", err) == -1)
		return -1;
	return ex_json_set_text(offline, "reason", d->offline, err);
}

/* Where the commitments and their openings go. */
struct committing {
	const uint8_t *nonce;
	struct ex_json *pii;
	struct ex_json *openings;
};

static int
add_opening(struct ex_json *array, const char *path,
    const uint8_t salt[EX_SALT_LEN], const char *value, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set_text(v, "path", path, err) == -1 ||
	    ex_json_set_hex(v, "salt", salt, EX_SALT_LEN, err) == -1 ||
	    ex_json_set_text(v, "value", value, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	return ex_json_add(array, v, err);
}

/* Commit to one text.  ex_json_each() comes in ascending order of paths. */
static int
commit(void *arg, const char *path, const struct ex_json *v, struct ex_err *err)
{
	struct committing *c = arg;
	uint8_t salt[EX_SALT_LEN], hash[EX_SHA256_LEN];
	const char *value = ex_json_text(v);

	if (value == NULL)
		return ex_fail(err, EX_USAGE, "%s: no text", path);
	ex_random(salt, sizeof(salt));
	if (ex_commit(hash, c->nonce, path, salt, value, err) == -1 ||
	    ex_json_set_hex(c->pii, path, hash, sizeof(hash), err) == -1)
		return -1;
	return add_opening(c->openings, path, salt, value, err);
}

static int
write_pii(struct ex_json *v, struct ex_json *openings, const struct ex_draft *d,
    struct ex_err *err)
{
	struct committing c = { NULL, NULL, NULL };
	uint8_t nonce[16];

	ex_random(nonce, sizeof(nonce));
	c.nonce = nonce;
	if (ex_json_set_hex(v, "nonce", nonce, sizeof(nonce), err) == -1 ||
	    set_object(&c.pii, v, "pii", err) == -1 ||
	    ex_json_set_text(openings, "schema", EX_OPENINGS_SCHEMA, err) ==
		-1 ||
	    ex_json_set(openings, "openings", ex_json_array(), err) == -1)
		return -1;
	c.openings = ex_json_get_mutable(openings, "openings");
	if (d->texts == NULL)
		return 0;
	return ex_json_each(d->texts, commit, &c, err);
}

static int
write_all(struct ex_json *v, struct ex_json *openings, const struct ex_draft *d,
    struct ex_err *err)
{
	struct ex_json *fields =
	    d->fields == NULL ? ex_json_object() : ex_json_copy(d->fields);

	if (ex_json_set(v, "fields", fields, err) == -1 ||
	    ex_json_set_text(v, "schema", EX_EVENT_SCHEMA, err) == -1 ||
	    ex_json_set_text(v, "log", d->log, err) == -1 ||
	    ex_json_set_text(v, "action", ex_act(d->act)->name, err) == -1 ||
	    ex_json_set_int(v, "policy", d->policy, err) == -1 ||
	    write_place(v, d, err) == -1 || write_times(v, d, err) == -1)
		return -1;
	if (write_parties(v, d, err) == -1 || write_optional(v, d, err) == -1)
		return -1;
	return write_pii(v, openings, d, err);
}

/* Nobody should sign what nobody could read: parse what was written. */
static int
check_written(const struct ex_buf *body, const struct ex_buf *openings,
    struct ex_err *err)
{
	struct ex_event *e = malloc(sizeof(*e));
	struct ex_openings o = { NULL, 0 };
	int rc;

	if (e == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	rc = ex_event_parse(e, body->data, body->len, err);
	if (rc == 0)
		rc =
		    ex_openings_read(&o, e, openings->data, openings->len, err);
	ex_openings_free(&o);
	ex_event_free(e);
	free(e);
	return rc;
}

/* Writes what ex_event_parse() reads. */
int
ex_event_write(struct ex_buf *body, struct ex_buf *openings,
    const struct ex_draft *draft, struct ex_err *err)
{
	struct ex_json *v = ex_json_object(), *o = ex_json_object();
	struct ex_buf b = EX_BUF_INIT, text = EX_BUF_INIT;
	int rc = -1;

	if (v == NULL || o == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	if (write_all(v, o, draft, err) == -1 ||
	    ex_json_write(&b, v, err) == -1)
		goto out;
	/* An event without committed text has no openings at all. */
	if (ex_json_count(ex_json_get(o, "openings")) > 0 &&
	    ex_json_write(&text, o, err) == -1)
		goto out;
	if (check_written(&b, &text, err) == -1 ||
	    ex_buf_add(body, b.data, b.len, err) == -1 ||
	    ex_buf_add(openings, text.data, text.len, err) == -1)
		goto out;
	rc = 0;
out:
	ex_buf_wipe(&text);
	ex_buf_free(&b);
	ex_json_free(o);
	ex_json_free(v);
	return rc;
}
