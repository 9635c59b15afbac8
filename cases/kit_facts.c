/*
 * kit_facts.c -- DIR/field.facts: docs/formats.md.
 *
 * "exhibit-field/1\n", a line of canonical JSON for each fact, and a last
 * line "sha256 HEX\n" over all before it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/json.h"
#include "base/limits.h"
#include "cases/kit.h"
#include "custody/world.h"
#include "hashing/digest.h"

#define MAGIC "exhibit-field/1"
#define LAST  "sha256 "

enum {
	/* "sha256 ", 64 digits, newline */
	TAIL = sizeof(LAST) - 1 + 2 * EX_SHA256_LEN + 1
};

int
ex_kit_begin(struct ex_buf *out, struct ex_err *err)
{
	return ex_buf_add_text(out, MAGIC "\n", err);
}

int
ex_kit_add(struct ex_buf *out, const char *kind, const char *id,
    const char *case_number, struct ex_span value, struct ex_err *err)
{
	struct ex_json *line = ex_json_object(), *v = NULL;
	int rc = -1;

	if (line != NULL && ex_json_read(&v, value.p, value.n, err) == 0 &&
	    ex_json_set(line, "value", v, err) == 0 &&
	    ex_json_set_text(line, "case", case_number, err) == 0 &&
	    ex_json_set_text(line, "id", id, err) == 0 &&
	    ex_json_set_text(line, "kind", kind, err) == 0 &&
	    ex_json_write(out, line, err) == 0)
		rc = ex_buf_add_text(out, "\n", err);
	ex_json_free(line);
	if (rc == 0 && out->len > EX_KIT_MAX - TAIL)
		return ex_fail(err, EX_LIMIT,
		    "more than a field kit holds: pack fewer cases");
	return rc;
}

int
ex_kit_end(struct ex_buf *out, struct ex_err *err)
{
	uint8_t sha256[EX_SHA256_LEN];
	char hex[EX_SHA256_HEX];

	ex_sha256(sha256, out->data, out->len);
	ex_hex(hex, sha256, sizeof(sha256));
	return ex_buf_addf(out, err, LAST "%s\n", hex);
}

static int
take_line(struct ex_world *into, struct ex_span line, struct ex_err *err)
{
	static const char *const keys[] = { "case", "id", "kind", "value",
		NULL };
	const char *kind, *id, *number;
	struct ex_json *v = NULL;
	struct ex_fact fact;
	int rc = -1;

	if (ex_json_read_canonical(&v, line.p, line.n, err) == -1)
		return -1;
	if (ex_json_only(v, keys, 4, err) == 0 &&
	    ex_json_need_text(&kind, v, "kind", err) == 0 &&
	    ex_json_need_text(&id, v, "id", err) == 0 &&
	    ex_json_need_text(&number, v, "case", err) == 0) {
		fact.kind = (char *)(uintptr_t)kind;
		fact.id = (char *)(uintptr_t)id;
		fact.case_number =
		    number[0] == '\0' ? NULL : (char *)(uintptr_t)number;
		fact.value = ex_json_get_mutable(v, "value");
		rc = ex_json_is_object(fact.value)
			 ? ex_world_put(into, &fact, err)
			 : ex_fail(err, EX_FORMAT, "a fact without a value");
	}
	ex_json_free(v);
	return rc;
}

int
ex_kit_read(
    struct ex_world *into, const void *bytes, size_t n, struct ex_err *err)
{
	uint8_t sha256[EX_SHA256_LEN];
	char tail[TAIL + 1], hex[EX_SHA256_HEX];
	const uint8_t *p = bytes;
	struct ex_reader r;
	struct ex_span line;
	int rc;

	if (n > EX_KIT_MAX)
		return ex_fail(err, EX_LIMIT, "more than %d bytes", EX_KIT_MAX);
	if (n < TAIL)
		return ex_fail(err, EX_FORMAT, "truncated");
	ex_sha256(sha256, p, n - TAIL);
	ex_hex(hex, sha256, sizeof(sha256));
	memcpy(tail, LAST, sizeof(LAST) - 1);
	memcpy(tail + sizeof(LAST) - 1, hex, sizeof(hex) - 1);
	tail[TAIL - 1] = '\n';
	if (memcmp(p + n - TAIL, tail, TAIL) != 0)
		return ex_fail(err, EX_DAMAGED, "its digest is another one");
	ex_reader_init(&r, p, n - TAIL);
	if (ex_read_line(&r, &line, err) == -1)
		return -1;
	if (!ex_span_is(line, MAGIC))
		return ex_fail(err, EX_FORMAT, "not \"" MAGIC "\"");
	for (rc = 0; rc == 0 && r.left > 0;) {
		rc = ex_read_line(&r, &line, err);
		if (rc == 0)
			rc = take_line(into, line, err);
	}
	return rc;
}
