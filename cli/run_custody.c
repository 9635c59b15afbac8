/*
 * run_custody.c -- exhibit custody ACT: an act over one or several items.
 */
#include <string.h>

#include "cases/custody.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/given.h"
#include "cli/output.h"
#include "cli/runs.h"

/* Options that say how it is entered, not what. */
static int
is_own(const char *name)
{
	static const char *const own[] = { "emergency", "late", "occurred",
		"list", "scan" };
	const struct cli_option *global;
	size_t n;

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcmp(own[i], name) == 0)
			return 1;
	global = cli_globals(&n);
	for (size_t i = 0; i < n; i++)
		if (strcmp(global[i].name, name) == 0)
			return 1;
	return 0;
}

/* Every other option is given for the act; a flag as 1. */
static int
take_given(struct cli_given *g, const struct cli *cli, struct ex_err *err)
{
	for (size_t i = 0; i < cli->nvalues; i++) {
		const struct cli_value *v = &cli->value[i];

		if (is_own(v->name))
			continue;
		if (cli_given_add(g, v->name, v->value == NULL ? "1" : v->value,
			err) == -1)
			return -1;
	}
	return 0;
}

static int
custody(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	const struct ex_act_def *def = ex_custody_act(cli->arg[0]);
	struct ex_custody c = { .act = cli->arg[0] };
	struct cli_lines lines = { 0 };
	struct cli_given g = { 0 };
	int status = 0, rc = -1;

	if (def == NULL)
		return ex_fail(err, EX_USAGE,
		    "there is no act \"%s\"; try \"exhibit help custody\"",
		    cli->arg[0]);
	c.late = cli_flag(cli, "late");
	c.emergency = cli_flag(cli, "emergency");
	if (cli_actor(h, err) == 0 &&
	    cli_occurred(cli, &c.occurred_at, err) == 0 &&
	    take_given(&g, cli, err) == 0 &&
	    cli_lines_take(&lines, cli, 1, def, err) == 0) {
		c.line = lines.line;
		c.nlines = lines.n;
		c.common = g.given;
		c.ncommon = g.n;
		rc = ex_custody_do(cli->summary, &status, h, &c, err);
	}
	cli_lines_free(&lines);
	cli_given_free(&g);
	return cli_ended(cli, rc, status);
}

int
cli_run_custody(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, custody, err);
}
