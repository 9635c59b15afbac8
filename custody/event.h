/*
 * event.h -- one custody event: the signed body, and what is kept beside it.
 *
 * The body is canonical JSON, schema "custody-event/v1" (docs/formats.md).
 * Personal and free text is in it only as commitments; the openings travel
 * beside the entry.
 */
#ifndef CUSTODY_EVENT_H
#define CUSTODY_EVENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"
#include "custody/act.h"
#include "hashing/digest.h"
#include "hashing/tree.h"

#define EX_EVENT_SCHEMA "custody-event/v1"

enum {
	EX_STREAM_TEXT = EX_CASE_MAX + 16, /* "kind:id" and a NUL */
	EX_NAME_TEXT = 64,		   /* a person's, key's, org's name */
	EX_ORIGIN_TEXT = 256
};

/* A stream's name: "item:EXH-1", "case:...", "lab:LAB". */
struct ex_stream {
	enum ex_stream_kind kind;
	char id[EX_CASE_MAX + 1];
};

int ex_stream_set(struct ex_stream *out, enum ex_stream_kind kind,
    const char *id, struct ex_err *err);
void ex_stream_text(char out[EX_STREAM_TEXT], const struct ex_stream *s);
int ex_stream_read(struct ex_stream *out, const char *text, struct ex_err *err);
int ex_stream_equal(const struct ex_stream *a, const struct ex_stream *b);

enum ex_mode {
	EX_MODE_SIGNED,	 /* own key */
	EX_MODE_PAPER,	 /* signed form attached; a recorder signs the entry */
	EX_MODE_REFUSED, /* would not sign; reason committed */
	EX_MODE_ABSENT,	 /* only where the act's row allows it */
	EX_MODE_STATION, /* machine facts under an examiner's delegate */
	EX_MODE_SERVICE, /* the laboratory's own processes */
	EX_MODE_PORTAL,	 /* WebAuthn assertion, carried by a relay signer */
	EX_MODES
};

const char *ex_mode_name(enum ex_mode mode);
int ex_mode_parse(enum ex_mode *out, const char *name, struct ex_err *err);

/* Does a party of this mode sign with a certificate of its own?  1 or 0. */
int ex_mode_signs(enum ex_mode mode);

struct ex_party {
	char person[EX_NAME_TEXT]; /* person, station or service id */
	char role[EX_NAME_TEXT];   /* function in this act */
	char org[EX_NAME_TEXT];
	enum ex_mode mode;
	/* for those that sign */
	uint8_t cert_sha256[EX_SHA256_LEN];
	char storage[8]; /* "file", "card", "hsm" */
	uint64_t seen_size;
	uint8_t seen_root[EX_HASH];
	/* for paper and refused */
	char recorder[EX_NAME_TEXT]; /* person who recorded it */
	int has_form;
	uint8_t form_sha256[EX_SHA256_LEN]; /* scan of the signed form */
};

enum ex_clock_source {
	EX_CLOCK_SYSTEM,  /* the machine's clock, nothing known about it */
	EX_CLOCK_NTP,	  /* kernel says: synchronised */
	EX_CLOCK_UNSYNCED /* kernel says: not synchronised */
};

/* A body taken apart.  Pointers lead into json. */
struct ex_event {
	struct ex_json *json;	       /* the whole body, owned */
	uint8_t sha256[EX_SHA256_LEN]; /* the event's identity */
	enum ex_act act;
	const struct ex_act_def *def;
	struct ex_stream stream;
	uint64_t seq; /* from 1 */
	uint8_t prev[EX_HASH];
	char log[EX_ORIGIN_TEXT];
	int64_t time_claimed; /* microseconds UTC */
	int64_t occurred_at;
	int64_t policy; /* version in force */
	uint8_t nonce[16];
	size_t nparties;
	struct ex_party party[EX_PARTIES_MAX];
	const struct ex_json *fields;  /* object, never NULL */
	const struct ex_json *pii;     /* object path -> commitment hex */
	const struct ex_json *digests; /* array or NULL */
	/* batch; count 0 when the act is over one item alone */
	char batch_id[40];
	uint64_t batch_count;
	uint8_t batch_root[EX_HASH];
	int has_corrects, has_annuls;
	uint8_t corrects[EX_HASH], annuls[EX_HASH];
	const char *offline; /* reason code, or NULL */
};

/*
 * Take a body apart: canonical form, every field of the envelope, the act's
 * own fields, party objects.  Knows nothing of keys, roles or states.
 * EX_FORMAT names the field.  *out is released with ex_event_free() whether
 * it worked or not.
 */
int ex_event_parse(
    struct ex_event *out, const void *body, size_t n, struct ex_err *err);
void ex_event_free(struct ex_event *e);

/* The first party with this role, or NULL. */
const struct ex_party *
ex_event_party(const struct ex_event *e, const char *role);

/* Who does the act: the party in the first of its own roles that is there. */
const struct ex_party *ex_event_actor(const struct ex_event *e);

/* A clear field as text, NULL when absent. */
const char *ex_event_text(const struct ex_event *e, const char *name);

/* What is needed to write a body.  Everything is borrowed. */
struct ex_draft {
	enum ex_act act;
	struct ex_stream stream;
	uint64_t seq;
	uint8_t prev[EX_HASH];
	const char *log;
	int64_t time_claimed;
	int64_t occurred_at;
	int64_t policy;
	enum ex_clock_source clock_source;
	int64_t clock_offset_ms;
	const struct ex_party *party;
	size_t nparties;
	const struct ex_json *fields;  /* object or NULL: none */
	const struct ex_json *texts;   /* object path -> text to be committed */
	const struct ex_json *digests; /* array of {alg, value} or NULL */
	const char *batch_id;	       /* NULL: no batch */
	uint64_t batch_count;
	uint8_t batch_root[EX_HASH];
	const uint8_t *corrects, *annuls; /* leaf or NULL */
	const char *offline;		  /* reason code or NULL */
};

/*
 * Write the canonical body and its openings; nonce and salts are fresh.  What
 * is written passes ex_event_parse().  Appends to body and openings.
 */
int ex_event_write(struct ex_buf *body, struct ex_buf *openings,
    const struct ex_draft *draft, struct ex_err *err);

/* leaf = SHA-256(0x00 || entry), the whole CMS. */
void ex_entry_leaf(uint8_t out[EX_HASH], const void *entry, size_t n);

/* One member of a batch, as its root commits to it. */
struct ex_batch_member {
	struct ex_stream stream;
	uint64_t seq;
	uint8_t prev[EX_HASH];
	enum ex_act act;
};

/*
 * The batch's root: RFC 6962 over the members in ascending order of (stream
 * text, seq), each leaf SHA-256(0x00 || "custody-batch/v1\n" stream "\n" seq
 * "\n" prev-hex "\n" act "\n").  Sorts member[].
 */
int ex_batch_root(uint8_t out[EX_HASH], struct ex_batch_member *member,
    size_t n, struct ex_err *err);

/* The clock as the kernel knows it now. */
void ex_clock_state(enum ex_clock_source *source, int64_t *offset_ms);
const char *ex_clock_source_name(enum ex_clock_source source);

#endif
