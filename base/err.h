/*
 * err.h -- how a function says that it failed.
 *
 * A function that can fail returns 0 or -1 and takes a caller-owned
 * struct ex_err * as its last parameter; err may be NULL.  There is no global
 * error state.  Findings about evidence are results, never errors.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

/* What a caller could act on.  ex_code_text() names each in one word. */
enum ex_code {
	EX_OK = 0,
	EX_SYSTEM,	/* the operating system or a library refused */
	EX_USAGE,	/* the request itself makes no sense */
	EX_FORMAT,	/* bytes are not what they claim to be */
	EX_LIMIT,	/* larger than base/limits.h allows */
	EX_DAMAGED,	/* bytes are readable but wrong */
	EX_DENIED,	/* this person, key or role may not */
	EX_STATE,	/* the state of things forbids it now */
	EX_CONFLICT,	/* somebody else was first; plan again */
	EX_ABSENT,	/* no such thing */
	EX_EXISTS,	/* there already */
	EX_UNREACHABLE, /* a service does not answer */
	EX_PIN,		/* a secret is missing or wrong */
	EX_CODES
};

enum {
	EX_ERR_TEXT = 512
};

struct ex_err {
	enum ex_code code;
	char text[EX_ERR_TEXT]; /* one line, no newline, shown form */
};

/* A fresh error record, for initialisation. */
#define EX_ERR_INIT       \
	{                 \
		EX_OK, "" \
	}

/*
 * Record a failure and return -1, so that a caller can write
 * "return ex_fail(...)".  The first failure wins: a later call on the same
 * err is ignored, which lets clean-up code report without hiding the cause.
 * Control characters in the formatted text are shown escaped.  err may be
 * NULL.
 */
int ex_fail(struct ex_err *err, enum ex_code code, const char *fmt, ...)
    __attribute__((__format__(__printf__, 3, 4)));

/* As ex_fail() with EX_SYSTEM, and ": " strerror(errno) behind the text. */
int ex_fail_errno(struct ex_err *err, const char *fmt, ...)
    __attribute__((__format__(__printf__, 2, 3)));

/* Prefix the recorded text with "what: ".  Returns -1.  err may be NULL. */
int ex_while(struct ex_err *err, const char *what);

/* Forget what was recorded, so that err can be used again.  May be NULL. */
void ex_err_clear(struct ex_err *err);

/* One lower-case word for code, as printed in --json ("state", "denied"). */
const char *ex_code_text(enum ex_code code);

#endif
