/*
 * run_field.c -- to a scene and back.
 */
#include <stdlib.h>

#include "cases/field.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/output.h"
#include "cli/runs.h"

static int
pack(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_field_order o = { .to = cli_option(cli, "to"),
		.subject = cli->arg,
		.nsubjects = cli->nargs };
	const char **key = calloc(cli->nvalues + 1, sizeof(*key));
	struct ex_json *out = NULL;
	int rc = -1;

	if (key == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	while ((key[o.nkeys] = cli_option_at(cli, "key", o.nkeys)) != NULL)
		o.nkeys++;
	o.key = key;
	if (cli_actor(h, err) == 0 && ex_field_pack(&out, h, &o, err) == 0)
		rc = cli_answer(cli, out, err);
	free(key);
	if (rc == -1)
		return -1;
	cli_show(cli, cli_say(cli, "field kit", "外勤資料夾"),
	    ex_json_get(cli->summary, "path"));
	cli_show(cli, cli_say(cli, "log seen", "已見日誌筆數"),
	    ex_json_get(cli->summary, "size"));
	cli_line(cli, "%s",
	    cli_say(cli, "There: exhibit -C DIR custody ..., acquire --to ...",
		"現場使用：exhibit -C DIR custody ...、acquire --to ..."));
	return CLI_OK;
}

int
cli_run_field_pack(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, pack, err);
}

static int
sync_kit(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	static const char *const column[] = { "result", "stream", "action",
		"text", NULL };
	struct ex_json *out = NULL;
	int found = CLI_OK;

	if (cli_actor(h, err) == -1 ||
	    ex_field_sync(&out, &found, h, cli->arg[0], err) == -1 ||
	    cli_answer(cli, out, err) == -1)
		return -1;
	cli_table(cli, ex_json_get(cli->summary, "acts"), column);
	return found;
}

int
cli_run_field_sync(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, sync_kit, err);
}
