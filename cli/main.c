/*
 * main.c -- exhibit: evidence intake and chain of custody.
 */
#include <signal.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/help.h"
#include "cli/output.h"

/* `exhibit COMMAND --help` */
static int
show_help(struct cli *cli, struct ex_err *err)
{
	struct ex_buf out = EX_BUF_INIT;
	int rc;

	if (cli->command == NULL)
		rc = cli_help_all(&out, cli->zh, err);
	else if (cli->command->acts && cli->nargs > 0)
		rc = cli_help_act(&out, cli->arg[0], cli->zh, err);
	else
		rc = cli_help_command(&out, cli->command, cli->zh, err);
	if (rc == 0)
		(void)fputs(ex_buf_text(&out), stdout);
	ex_buf_free(&out);
	return rc;
}

static int
run(struct cli *cli, int argc, char **argv, struct ex_err *err)
{
	if (cli_parse(cli, argc, argv, err) == -1)
		return -1;
	if (cli->help)
		return show_help(cli, err);
	if (cli_flag(cli, "version")) {
		(void)puts("exhibit " EX_VERSION);
		return CLI_OK;
	}
	return cli->command->run(cli, err);
}

int
main(int argc, char **argv)
{
	struct cli cli = { 0 };
	struct ex_err err = EX_ERR_INIT;
	int status;

	/* Nobody reads, or a file may not grow: errors of write(), no death. */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN);
	status = run(&cli, argc, argv, &err);
	if (status == -1)
		status = cli_exit_of(&err);
	status = cli_finish(&cli, status, &err);
	cli_free(&cli);
	return status;
}
