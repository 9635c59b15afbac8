/*
 * clock.h -- time: UTC, microseconds since 1970, one written form.
 *
 * The canonical form is exactly "YYYY-MM-DDTHH:MM:SS.ffffffZ".
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#include "base/err.h"

enum {
	EX_TIME_TEXT = 28
}; /* 27 characters and a NUL */

#define EX_SECOND INT64_C(1000000) /* microseconds */

/* Now, microseconds since 1970-01-01T00:00:00Z. */
int64_t ex_now(void);

/* A clock that never goes back, microseconds: for durations and waits. */
int64_t ex_ticks(void);

/* Sleep for us microseconds, or less when a signal comes. */
void ex_sleep(int64_t us);

/* Write the canonical form.  Years 1970 to 9999. */
void ex_time_text(char out[EX_TIME_TEXT], int64_t us);

/* Read the canonical form and nothing else.  EX_FORMAT. */
int ex_time_read(int64_t *out, const char *text, struct ex_err *err);

/*
 * Read what a person typed: RFC 3339 date and time, or a date alone (its
 * first moment).  Without an offset it is local time, and *had_offset is 0.
 * EX_FORMAT names the text.
 */
int ex_time_parse(
    int64_t *out, int *had_offset, const char *text, struct ex_err *err);

#endif
