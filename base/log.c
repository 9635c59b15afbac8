/*
 * log.c -- the operator's log, on standard error.
 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

static enum ex_level lowest = EX_WARN;
static int times;

void
ex_log_level(enum ex_level level)
{
	lowest = level;
}

void
ex_log_times(void)
{
	times = 1;
}

void
ex_log(enum ex_level level, const char *module, const char *fmt, ...)
{
	static const char *const name[] = { "debug", "info", "warn", "error" };
	char raw[1024], shown[1024], when[EX_TIME_TEXT + 2] = "";
	va_list ap;

	if (level < lowest)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	if (times) {
		ex_time_text(when, ex_now());
		memcpy(when + strlen(when), "  ", 3);
	}
	(void)fprintf(stderr, "%s%s  %s  %s\n", when, name[level], module,
	    ex_text_shown(shown, sizeof(shown), raw));
}

void
ex_log_err(const char *module, const struct ex_err *err)
{
	ex_log(EX_ERROR, module, "%s", err->text);
}
