/*
 * log.h -- the operator's log: "level  module  text", one line each, to
 * standard error.  Never the custody record, nothing secret, no content of
 * evidence.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"

enum ex_level {
	EX_DEBUG,
	EX_INFO,
	EX_WARN,
	EX_ERROR
};

/* Lines below level are dropped; the start is EX_WARN. */
void ex_log_level(enum ex_level level);

/* From now on each line begins with the time: for a file that is kept. */
void ex_log_times(void);

/* Control characters in the text are shown escaped. */
void ex_log(enum ex_level level, const char *module, const char *fmt, ...)
    __attribute__((__format__(__printf__, 3, 4)));

/* Log err's text at level EX_ERROR. */
void ex_log_err(const char *module, const struct ex_err *err);

#endif
