/*
 * event.c -- a body taken apart.
 *
 * The order of the checks is that of their cost and of what the later ones
 * rely on: canonical JSON, the envelope's members, parties, then the act's
 * own fields and commitments.
 */
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/text.h"
#include "custody/event.h"
#include "custody/event_party.h"
#include "custody/event_pii.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const clock_name[] = { "system", "ntp", "unsynced", NULL };
static const char *const offline_name[] = { "field", "network", "database",
	"power", NULL };

static int
read_time(
    int64_t *out, const struct ex_json *v, const char *key, struct ex_err *err)
{
	const char *text;

	if (ex_json_need_text(&text, v, key, err) == -1)
		return -1;
	return ex_time_read(out, text, err) == -1 ? ex_while(err, key) : 0;
}

/* An object with exactly these members, under key. */
static int
need_object(const struct ex_json **out, const struct ex_json *v,
    const char *key, const char *const *keys, size_t n, struct ex_err *err)
{
	*out = ex_json_get(v, key);
	if (!ex_json_is_object(*out))
		return ex_fail(err, EX_FORMAT, "%s: missing or no object", key);
	if (keys != NULL && ex_json_only(*out, keys, n, err) == -1)
		return ex_while(err, key);
	return 0;
}

/* The name of the log that it was signed for: printable ASCII, and usable as
 * a key name of a signed note. */
static int
read_log(struct ex_event *e, struct ex_err *err)
{
	const char *text;
	size_t n = 0;

	if (ex_json_need_text(&text, e->json, "log", err) == -1)
		return -1;
	while (text[n] > ' ' && text[n] < 0x7f && text[n] != '+')
		n++;
	if (n == 0 || text[n] != '\0' || n >= sizeof(e->log))
		return ex_fail(
		    err, EX_FORMAT, "log: \"%.80s\" is not an origin", text);
	memcpy(e->log, text, n + 1);
	return 0;
}

static int
read_stream(struct ex_event *e, struct ex_err *err)
{
	static const char *const keys[] = { "id", "kind" };
	const struct ex_json *v;
	const char *kind, *id;
	enum ex_stream_kind k;
	int64_t seq;

	if (need_object(&v, e->json, "stream", keys, COUNT(keys), err) == -1)
		return -1;
	if (ex_json_need_text(&kind, v, "kind", err) == -1 ||
	    ex_json_need_text(&id, v, "id", err) == -1 ||
	    ex_stream_kind_parse(&k, kind, err) == -1 ||
	    ex_stream_set(&e->stream, k, id, err) == -1)
		return ex_while(err, "stream");
	if (ex_json_need_int(&seq, e->json, "seq", err) == -1 ||
	    ex_json_need_hex(e->prev, EX_HASH, e->json, "prev", err) == -1)
		return -1;
	if (seq < 1)
		return ex_fail(err, EX_FORMAT, "seq: counts from 1");
	e->seq = (uint64_t)seq;
	return 0;
}

/* The first entry of a stream follows nothing, every other one something. */
static int
check_prev(const struct ex_event *e, struct ex_err *err)
{
	static const uint8_t nothing[EX_HASH];
	int first = memcmp(e->prev, nothing, EX_HASH) == 0;

	if (first == (e->seq == 1))
		return 0;
	return ex_fail(err, EX_FORMAT, "prev: 64 zeros belong to seq 1 alone");
}

static int
read_act(struct ex_event *e, struct ex_err *err)
{
	const char *name;

	if (ex_json_need_text(&name, e->json, "action", err) == -1)
		return -1;
	if ((e->def = ex_act_by_name(name)) == NULL)
		return ex_fail(
		    err, EX_FORMAT, "action: no act \"%.40s\"", name);
	e->act = e->def->act;
	if ((e->def->streams & (1u << e->stream.kind)) == 0)
		return ex_fail(err, EX_FORMAT, "action: %s is not done to %s",
		    name, ex_stream_kind_name(e->stream.kind));
	return 0;
}

static int
read_clock(struct ex_event *e, struct ex_err *err)
{
	static const char *const keys[] = { "offset_ms", "source" };
	const struct ex_json *v;
	const char *source;
	int64_t offset;

	if (read_time(&e->occurred_at, e->json, "occurred_at", err) == -1 ||
	    read_time(&e->time_claimed, e->json, "time_claimed", err) == -1 ||
	    need_object(&v, e->json, "clock", keys, COUNT(keys), err) == -1)
		return -1;
	if (ex_json_need_int(&offset, v, "offset_ms", err) == -1 ||
	    ex_json_need_text(&source, v, "source", err) == -1)
		return ex_while(err, "clock");
	if (ex_text_index(source, clock_name) == -1)
		return ex_fail(err, EX_FORMAT,
		    "clock: source: \"%.40s\" is not system, ntp or unsynced",
		    source);
	return 0;
}

/* Optional: an act over several items. */
static int
read_batch(struct ex_event *e, struct ex_err *err)
{
	static const char *const keys[] = { "count", "id", "root" };
	const struct ex_json *v;
	const char *id;
	int64_t count;

	if (ex_json_get(e->json, "batch") == NULL)
		return 0;
	if (need_object(&v, e->json, "batch", keys, COUNT(keys), err) == -1)
		return -1;
	if (ex_json_need_text(&id, v, "id", err) == -1 ||
	    ex_json_need_int(&count, v, "count", err) == -1 ||
	    ex_json_need_hex(e->batch_root, EX_HASH, v, "root", err) == -1)
		return ex_while(err, "batch");
	if (!ex_uuid_ok(id))
		return ex_fail(err, EX_FORMAT, "batch: id: no UUID");
	if (count < 1 || count > EX_BATCH_MAX)
		return ex_fail(
		    err, EX_FORMAT, "batch: count: not 1 to %d", EX_BATCH_MAX);
	memcpy(e->batch_id, id, strlen(id) + 1);
	e->batch_count = (uint64_t)count;
	return 0;
}

static int
read_offline(struct ex_event *e, struct ex_err *err)
{
	static const char *const keys[] = { "reason" };
	const struct ex_json *v;

	if (ex_json_get(e->json, "offline") == NULL)
		return 0;
	if (need_object(&v, e->json, "offline", keys, COUNT(keys), err) == -1)
		return -1;
	if (ex_json_need_text(&e->offline, v, "reason", err) == -1)
		return ex_while(err, "offline");
	if (ex_text_index(e->offline, offline_name) == -1)
		return ex_fail(err, EX_FORMAT,
		    "offline: reason: \"%.40s\" is not field, network, "
		    "database or power",
		    e->offline);
	return 0;
}

/* Optional: the leaf that is corrected or annulled. */
static int
read_leaf(const struct ex_event *e, const char *key, int *has,
    uint8_t leaf[EX_HASH], struct ex_err *err)
{
	*has = ex_json_get(e->json, key) != NULL;
	return *has ? ex_json_need_hex(leaf, EX_HASH, e->json, key, err) : 0;
}

static int
read_digest(const char **last, const struct ex_json *v, struct ex_err *err)
{
	static const char *const keys[] = { "alg", "value" };
	uint8_t value[EX_DIGEST_MAX];
	enum ex_alg alg;
	const char *name;

	if (!ex_json_is_object(v))
		return ex_fail(err, EX_FORMAT, "no object");
	if (ex_json_only(v, keys, COUNT(keys), err) == -1 ||
	    ex_json_need_text(&name, v, "alg", err) == -1)
		return -1;
	if (ex_alg_parse(&alg, name, NULL) == -1)
		return ex_fail(
		    err, EX_FORMAT, "alg: no algorithm \"%.40s\"", name);
	if (ex_json_need_hex(value, ex_alg_len(alg), v, "value", err) == -1)
		return -1;
	if (*last != NULL && strcmp(*last, name) >= 0)
		return ex_fail(
		    err, EX_FORMAT, "%s after %s: not ascending", name, *last);
	*last = name;
	return 0;
}

/* Optional: ascending by the algorithm's name, none twice. */
static int
read_digests(struct ex_event *e, struct ex_err *err)
{
	const struct ex_json *v = ex_json_get(e->json, "digests");
	const char *last = NULL;

	if (v == NULL)
		return 0;
	if (!ex_json_is_array(v) || ex_json_count(v) == 0)
		return ex_fail(err, EX_FORMAT, "digests: no array or empty");
	for (size_t i = 0; i < ex_json_count(v); i++) {
		if (read_digest(&last, ex_json_at(v, i), err) == -1)
			return ex_while(err, "digests");
	}
	e->digests = v;
	return 0;
}

static int
read_parties(struct ex_event *e, struct ex_err *err)
{
	const struct ex_json *v = ex_json_get(e->json, "parties");
	size_t n = ex_json_count(v);
	int signs = 0;

	if (!ex_json_is_array(v))
		return ex_fail(err, EX_FORMAT, "parties: missing or no array");
	if (n == 0 || n > EX_PARTIES_MAX)
		return ex_fail(
		    err, EX_FORMAT, "parties: not 1 to %d", EX_PARTIES_MAX);
	for (size_t i = 0; i < n; i++) {
		if (ex_party_read(&e->party[i], ex_json_at(v, i), err) == -1)
			return ex_while(err, "parties");
		signs |= ex_mode_signs(e->party[i].mode);
	}
	e->nparties = n;
	return signs ? 0 : ex_fail(err, EX_FORMAT, "parties: nobody signs");
}

/* An entry holds each certificate once (docs/formats.md, "Entry"). */
static int
check_certs(const struct ex_event *e, struct ex_err *err)
{
	for (size_t i = 1; i < e->nparties; i++) {
		for (size_t j = 0; j < i; j++) {
			const struct ex_party *a = &e->party[i];
			const struct ex_party *b = &e->party[j];

			if (ex_mode_signs(a->mode) && ex_mode_signs(b->mode) &&
			    memcmp(a->cert_sha256, b->cert_sha256,
				sizeof(a->cert_sha256)) == 0)
				return ex_fail(err, EX_FORMAT,
				    "parties: one certificate twice");
		}
	}
	return 0;
}

/* A longer list is an attachment, named by its digest. */
static int
check_list(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	int rc = 0;

	(void)arg;
	if (!ex_json_is_array(v))
		return 0;
	if (ex_json_write(&text, v, err) == -1)
		rc = -1;
	else if (text.len > EX_LIST_MAX)
		rc = ex_fail(err, EX_LIMIT,
		    "%s: a list of more than %d bytes belongs in an "
		    "attachment",
		    key, EX_LIST_MAX);
	ex_buf_free(&text);
	return rc;
}

static int
read_fields(struct ex_event *e, struct ex_err *err)
{
	if (need_object(&e->fields, e->json, "fields", NULL, 0, err) == -1 ||
	    need_object(&e->pii, e->json, "pii", NULL, 0, err) == -1 ||
	    ex_json_each(e->fields, check_list, NULL, err) == -1)
		return -1;
	return ex_pii_check(e, err);
}

static int
read_head(struct ex_event *e, struct ex_err *err)
{
	const char *schema;
	int64_t policy;

	if (ex_json_need_text(&schema, e->json, "schema", err) == -1)
		return -1;
	if (strcmp(schema, EX_EVENT_SCHEMA) != 0)
		return ex_fail(err, EX_FORMAT, "schema: \"%.40s\" is not %s",
		    schema, EX_EVENT_SCHEMA);
	if (ex_json_need_int(&policy, e->json, "policy", err) == -1 ||
	    ex_json_need_hex(
		e->nonce, sizeof(e->nonce), e->json, "nonce", err) == -1)
		return -1;
	if (policy < 0)
		return ex_fail(err, EX_FORMAT, "policy: negative");
	e->policy = policy;
	return read_log(e, err);
}

static int
read_all(struct ex_event *e, struct ex_err *err)
{
	static const char *const keys[] = { "action", "annuls", "batch",
		"clock", "corrects", "digests", "fields", "log", "nonce",
		"occurred_at", "offline", "parties", "pii", "policy", "prev",
		"schema", "seq", "stream", "time_claimed" };

	if (!ex_json_is_object(e->json))
		return ex_fail(err, EX_FORMAT, "no object");
	if (ex_json_only(e->json, keys, COUNT(keys), err) == -1 ||
	    read_head(e, err) == -1 || read_stream(e, err) == -1 ||
	    check_prev(e, err) == -1 || read_act(e, err) == -1 ||
	    read_clock(e, err) == -1 || read_batch(e, err) == -1 ||
	    read_offline(e, err) == -1 ||
	    read_leaf(e, "corrects", &e->has_corrects, e->corrects, err) == -1)
		return -1;
	if (read_leaf(e, "annuls", &e->has_annuls, e->annuls, err) == -1 ||
	    read_digests(e, err) == -1 || read_parties(e, err) == -1 ||
	    check_certs(e, err) == -1)
		return -1;
	return read_fields(e, err);
}

/* Reads what ex_event_write() writes. */
int
ex_event_parse(
    struct ex_event *out, const void *body, size_t n, struct ex_err *err)
{
	memset(out, 0, sizeof(*out));
	if (n > EX_ENTRY_MAX)
		return ex_fail(err, EX_LIMIT,
		    "a body of %zu bytes; %d are permitted", n, EX_ENTRY_MAX);
	if (ex_json_read_canonical(&out->json, body, n, err) == -1)
		return -1;
	ex_sha256(out->sha256, body, n);
	return read_all(out, err);
}

void
ex_event_free(struct ex_event *e)
{
	ex_json_free(e->json);
	memset(e, 0, sizeof(*e));
}

const struct ex_party *
ex_event_party(const struct ex_event *e, const char *role)
{
	for (size_t i = 0; i < e->nparties; i++) {
		if (strcmp(e->party[i].role, role) == 0)
			return &e->party[i];
	}
	return NULL;
}

const struct ex_party *
ex_event_actor(const struct ex_event *e)
{
	const struct ex_act_role *r = e->def->role;

	for (; r->role != NULL; r++) {
		const struct ex_party *p = ex_event_party(e, r->role);

		if (p != NULL)
			return p;
	}
	return &e->party[0];
}

const char *
ex_event_text(const struct ex_event *e, const char *name)
{
	return ex_json_get_text(e->fields, name);
}
