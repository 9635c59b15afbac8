/*
 * value.h -- what people type as values of options: times, numbers, sizes.
 */
#ifndef CLI_VALUE_H
#define CLI_VALUE_H

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "cli/cli.h"

/*
 * A moment, microseconds UTC: RFC 3339 or a date.  Without an offset it is
 * local time and said in both; with --json an offset is required.  EX_USAGE.
 */
int
cli_time(struct cli *cli, int64_t *out, const char *text, struct ex_err *err);

/* The same in the canonical form. */
int cli_time_text(struct cli *cli, char out[EX_TIME_TEXT], const char *text,
    struct ex_err *err);

/*
 * The number of an option, at most max; *out stays as it is when the option
 * is not given.  EX_USAGE names the option.
 */
int cli_number(const struct cli *cli, uint64_t *out, const char *option,
    uint64_t max, struct ex_err *err);

/* The same with KiB, MiB, GiB or TiB behind it. */
int cli_size(const struct cli *cli, uint64_t *out, const char *option,
    struct ex_err *err);

#endif
