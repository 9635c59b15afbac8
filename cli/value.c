/*
 * value.c -- times, numbers and sizes as people type them.
 */
#include "cli/value.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/output.h"

int
cli_time(struct cli *cli, int64_t *out, const char *text, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	char utc[EX_TIME_TEXT];
	int printed = cli->printed;
	int had_offset;

	if (ex_time_parse(out, &had_offset, text, &why) == -1)
		return ex_fail(err, EX_USAGE,
		    "%s; write 2026-03-01T14:00:00+08:00", why.text);
	if (had_offset)
		return 0;
	if (cli->json)
		return ex_fail(err, EX_USAGE,
		    "\"%s\": with --json a time needs its offset, as in "
		    "2026-03-01T14:00:00+08:00",
		    text);
	ex_time_text(utc, *out);
	cli_line(cli, "%s %s %s", text,
	    cli_say(cli, "(local time) is", "（本地時間）即"), utc);
	cli->printed = printed;
	return 0;
}

int
cli_time_text(struct cli *cli, char out[EX_TIME_TEXT], const char *text,
    struct ex_err *err)
{
	int64_t us;

	if (cli_time(cli, &us, text, err) == -1)
		return -1;
	ex_time_text(out, us);
	return 0;
}

/* Digits, then what stands behind them, in *unit. */
static int
read_number(uint64_t *out, const char **unit, const char *option,
    const char *text, uint64_t max, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	unsigned long long n = 0;
	char digits[24];
	size_t len = strspn(text, "0123456789");

	if (len == 0 || len >= sizeof(digits))
		return ex_fail(err, EX_USAGE, "--%s wants a number, not \"%s\"",
		    option, text);
	(void)snprintf(digits, sizeof(digits), "%.*s", (int)len, text);
	if (ex_text_number(&n, digits, max, &why) == -1)
		return ex_fail(err, EX_USAGE, "--%s: %s", option, why.text);
	*out = n;
	*unit = &text[len];
	return 0;
}

int
cli_number(const struct cli *cli, uint64_t *out, const char *option,
    uint64_t max, struct ex_err *err)
{
	const char *text = cli_option(cli, option);
	const char *rest;

	if (text == NULL)
		return 0;
	if (read_number(out, &rest, option, text, max, err) == -1)
		return -1;
	if (*rest == '\0')
		return 0;
	return ex_fail(
	    err, EX_USAGE, "--%s wants a number, not \"%s\"", option, text);
}

int
cli_size(const struct cli *cli, uint64_t *out, const char *option,
    struct ex_err *err)
{
	static const struct {
		const char *name;
		unsigned shift;
	} units[] = {
		{ "", 0 },
		{ "KiB", 10 },
		{ "MiB", 20 },
		{ "GiB", 30 },
		{ "TiB", 40 },
	};
	const char *text = cli_option(cli, option);
	const char *unit;
	uint64_t n;

	if (text == NULL)
		return 0;
	if (read_number(&n, &unit, option, text, INT64_MAX, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(unit, units[i].name) != 0)
			continue;
		if (n > (uint64_t)INT64_MAX >> units[i].shift)
			return ex_fail(err, EX_USAGE, "--%s: %s is too large",
			    option, text);
		*out = n << units[i].shift;
		return 0;
	}
	return ex_fail(err, EX_USAGE,
	    "--%s: \"%s\" is no size; bytes, or KiB, MiB, GiB, TiB behind "
	    "the number",
	    option, text);
}
