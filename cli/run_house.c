/*
 * run_house.c -- the house itself: made, started, stopped, looked at.
 */
#include <string.h>

#include "cases/act.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/runs.h"

static int
status(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_json *out = NULL;

	if (ex_house_status(&out, h, err) == -1)
		return -1;
	return cli_answer(cli, out, err) == -1 ? -1 : CLI_OK;
}

int
cli_run_status(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, status, err);
}

static int
up(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	if (ex_house_up(h, err) == -1)
		return -1;
	return status(cli, h, err);
}

int
cli_run_up(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, up, err);
}

static int
down(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	(void)cli;
	return ex_house_down(h, err) == -1 ? -1 : CLI_OK;
}

int
cli_run_down(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, down, err);
}

/* An array as the member of the summary, shown as a table. */
static int
answer_list(struct cli *cli, const char *key, struct ex_json *list,
    const char *const *column, struct ex_err *err)
{
	if (ex_json_set(cli->summary, key, list, err) == -1)
		return -1;
	cli_table(cli, list, column);
	return CLI_OK;
}

static int
config(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	static const char *const column[] = { "name", "value", "source", NULL };
	struct ex_json *out = NULL;

	if (ex_house_config(&out, h, err) == -1)
		return -1;
	return answer_list(cli, "config", out, column, err);
}

int
cli_run_config(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, config, err);
}

static int
migrate(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	size_t applied = 0;

	if (ex_house_migrate(h, &applied, err) == -1 ||
	    ex_json_set_int(cli->summary, "applied", (int64_t)applied, err) ==
		-1)
		return -1;
	return CLI_OK;
}

int
cli_run_migrate(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, migrate, err);
}

static int
doctor(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	static const char *const column[] = { "result", "check", "text", NULL };
	struct ex_json *out = NULL;
	int found = CLI_OK;

	if (ex_house_doctor(&out, &found, h, err) == -1 ||
	    cli_answer(cli, out, err) == -1)
		return -1;
	cli_table(cli, ex_json_get(cli->summary, "checks"), column);
	return found;
}

int
cli_run_doctor(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, doctor, err);
}

static int
pending(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_json *out = NULL;
	int found = CLI_OK;

	if (ex_pending_finish(&out, &found, h, err) == -1)
		return -1;
	return cli_answer(cli, out, err) == -1 ? -1 : found;
}

int
cli_run_pending(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, pending, err);
}

/* `help custody receive`: an act; `help case open`, `help acquire`. */
static int
help_of(struct ex_buf *out, const struct cli *cli, struct ex_err *err)
{
	const struct cli_command *c;
	size_t used = 0;

	c = cli_command_find(cli->arg, cli->nargs, &used);
	if (c == NULL && cli->nargs == 1)
		return cli_help_topic(out, cli->arg[0], cli->zh, err);
	if (c == NULL)
		return ex_fail(err, EX_USAGE,
		    "there is no command \"%s %s\"; try \"exhibit help\"",
		    cli->arg[0], cli->arg[1]);
	if (used == cli->nargs)
		return cli_help_command(out, c, cli->zh, err);
	if (c->acts)
		return cli_help_act(out, cli->arg[used], cli->zh, err);
	return ex_fail(err, EX_USAGE,
	    "there is no command \"%s %s\"; try \"exhibit help %s\"",
	    cli->arg[0], cli->arg[1], cli->arg[0]);
}

int
cli_run_help(struct cli *cli, struct ex_err *err)
{
	struct ex_buf out = EX_BUF_INIT;
	int rc;

	rc = cli->nargs == 0 ? cli_help_all(&out, cli->zh, err)
			     : help_of(&out, cli, err);
	if (rc == 0)
		cli_text(cli, ex_buf_text(&out));
	ex_buf_free(&out);
	return rc == -1 ? -1 : CLI_OK;
}
