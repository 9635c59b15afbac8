/*
 * err.c -- how a function says that it failed.
 */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const char *const word[EX_CODES] = {
	[EX_OK] = "ok",
	[EX_SYSTEM] = "system",
	[EX_USAGE] = "usage",
	[EX_FORMAT] = "format",
	[EX_LIMIT] = "limit",
	[EX_DAMAGED] = "damaged",
	[EX_DENIED] = "denied",
	[EX_STATE] = "state",
	[EX_CONFLICT] = "conflict",
	[EX_ABSENT] = "absent",
	[EX_EXISTS] = "exists",
	[EX_UNREACHABLE] = "unreachable",
	[EX_PIN] = "pin",
};

static void record(struct ex_err *err, enum ex_code code, const char *fmt,
    va_list ap) __attribute__((__format__(__printf__, 3, 0)));

static void
record(struct ex_err *err, enum ex_code code, const char *fmt, va_list ap)
{
	char raw[EX_ERR_TEXT];

	(void)vsnprintf(raw, sizeof(raw), fmt, ap);
	(void)ex_text_shown(err->text, sizeof(err->text), raw);
	err->code = code;
}

int
ex_fail(struct ex_err *err, enum ex_code code, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL || err->code != EX_OK)
		return -1;
	va_start(ap, fmt);
	record(err, code, fmt, ap);
	va_end(ap);
	return -1;
}

int
ex_fail_errno(struct ex_err *err, const char *fmt, ...)
{
	int saved = errno;
	size_t used;
	va_list ap;

	if (err == NULL || err->code != EX_OK)
		return -1;
	va_start(ap, fmt);
	record(err, EX_SYSTEM, fmt, ap);
	va_end(ap);
	used = strlen(err->text);
	(void)snprintf(err->text + used, sizeof(err->text) - used, ": %s",
	    strerror(saved));
	return -1;
}

int
ex_while(struct ex_err *err, const char *what)
{
	char raw[EX_ERR_TEXT];
	char shown[EX_ERR_TEXT];
	size_t used;

	if (err == NULL)
		return -1;
	(void)ex_text_shown(shown, sizeof(shown), what);
	memcpy(raw, err->text, sizeof(raw));
	(void)snprintf(err->text, sizeof(err->text), "%.200s: ", shown);
	used = strlen(err->text);
	memcpy(err->text + used, raw, sizeof(raw) - used);
	err->text[EX_ERR_TEXT - 1] = '\0';
	return -1;
}

void
ex_err_clear(struct ex_err *err)
{
	if (err == NULL)
		return;
	err->code = EX_OK;
	err->text[0] = '\0';
}

const char *
ex_code_text(enum ex_code code)
{
	if ((unsigned)code >= EX_CODES)
		return "unknown";
	return word[code];
}
