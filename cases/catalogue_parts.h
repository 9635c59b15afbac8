/*
 * catalogue_parts.h -- a catalogue's lines as text; for cases/catalogue*.c.
 */
#ifndef CASES_CATALOGUE_PARTS_H
#define CASES_CATALOGUE_PARTS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "intake/catalogue.h"

/*
 * The canonical list: this head, then each line as they are numbered.  Its
 * SHA-256 is what examine_end signs; docs/catalogue.md describes the bytes.
 */
int ex_catalogue_csv_head(struct ex_buf *out, struct ex_err *err);
int ex_catalogue_csv(struct ex_buf *out, int64_t no, const struct ex_file *f,
    struct ex_err *err);

/* The Sleuth Kit's body file (3.x): a line for mactime. */
int ex_catalogue_body(struct ex_buf *out, int64_t no, const struct ex_file *f,
    struct ex_err *err);

/* DFXML 1.2: head, a fileobject, end. */
int ex_catalogue_dfxml_head(
    struct ex_buf *out, const char *image, struct ex_err *err);
int ex_catalogue_dfxml(struct ex_buf *out, int64_t no, const struct ex_file *f,
    struct ex_err *err);
int ex_catalogue_dfxml_end(struct ex_buf *out, struct ex_err *err);

/* A moment with nanoseconds, "" for none, "@SECONDS" beyond the calendar. */
enum {
	EX_MOMENT_TEXT = 40
};
void ex_moment_text(char out[EX_MOMENT_TEXT], const struct ex_moment *m);

/*
 * Path and name as they are shown; *differs becomes 1 when that is not byte
 * for byte what is kept.
 */
int ex_file_path_text(struct ex_buf *out, const struct ex_file *f, int *differs,
    struct ex_err *err);

/* "deleted reused sparse": the words of the flags, for people and lists. */
int ex_file_flags_text(struct ex_buf *out, uint32_t flags, struct ex_err *err);

/* A line as JSON. */
int ex_file_json(struct ex_json **out, int64_t no, const struct ex_file *f,
    struct ex_err *err);

#endif
