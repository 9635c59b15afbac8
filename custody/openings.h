/*
 * openings.h -- the commitments for personal and free text, opened.
 *
 * commitment = SHA-256 of the canonical JSON array
 *   ["custody-pii/v1", nonce, path, salt, value]
 * with nonce and salt in lower-case hexadecimal.  An entry's openings are one
 * canonical JSON object {"openings":[{"path","salt","value"}], "schema":
 * "custody-openings/v1"}, sorted by path; with no opening at all there is no
 * text either.
 */
#ifndef CUSTODY_OPENINGS_H
#define CUSTODY_OPENINGS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "custody/event.h"

#define EX_OPENINGS_SCHEMA "custody-openings/v1"

enum {
	EX_SALT_LEN = 32
};

int
ex_commit(uint8_t out[EX_SHA256_LEN], const uint8_t nonce[16], const char *path,
    const uint8_t salt[EX_SALT_LEN], const char *value, struct ex_err *err);

struct ex_openings {
	struct ex_json *json; /* owned; NULL: none at hand */
	size_t missing;	      /* commitments without an opening */
};

/*
 * Read openings (n may be 0: none) and check each against the event's
 * commitments.  An opening that does not match, twice or for no commitment
 * is EX_DAMAGED; a missing one is counted, never an error.
 */
int ex_openings_read(struct ex_openings *out, const struct ex_event *e,
    const void *text, size_t n, struct ex_err *err);
void ex_openings_free(struct ex_openings *o);

/* The opened value at path, or NULL when it is withheld or not there. */
const char *ex_openings_text(const struct ex_openings *o, const char *path);

/*
 * Append the openings without the paths for which withhold() says 1; what is
 * written passes ex_openings_read().
 */
int ex_openings_redact(struct ex_buf *out, const struct ex_openings *o,
    int (*withhold)(void *arg, const char *path), void *arg,
    struct ex_err *err);

#endif
