/*
 * run_import.c -- exhibit import: what others made comes into the house.
 */
#include <string.h>

#include "cases/import.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/given.h"
#include "cli/output.h"
#include "cli/runs.h"
#include "hashing/digest.h"

enum {
	EXPECTED = EX_ALGS
};

static void
progress(void *arg, const char *phase, uint64_t done, uint64_t total)
{
	cli_progress(arg, phase, done, total);
}

/* Options that are fields of the act, under their own names. */
static int
take_fields(struct cli_given *g, struct cli *cli, struct ex_err *err)
{
	static const char *const option[] = { "method", "tool", "changes",
		"kind", "description", "purpose", "note", "authority",
		"attach" };

	for (size_t i = 0; i < sizeof(option) / sizeof(option[0]); i++)
		if (cli_given_option(g, cli, option[i], option[i], err) == -1)
			return -1;
	return 0;
}

static int
take_import(struct cli *cli, struct ex_import *in, const char **expect,
    struct ex_err *err)
{
	const char *algs = cli_option(cli, "digest");

	memset(in, 0, sizeof(*in));
	in->item = cli->arg[0];
	in->path = &cli->arg[1];
	in->npaths = cli->nargs - 1;
	in->image = cli_option(cli, "image");
	in->case_number = cli_option(cli, "case");
	in->format = cli_option(cli, "format");
	in->tool_report = cli_option(cli, "tool-report");
	in->without_landlock = cli_flag(cli, "without-landlock");
	in->progress = progress;
	in->progress_arg = cli;
	in->expect = expect;
	while ((expect[in->nexpect] =
		       cli_option_at(cli, "expect", in->nexpect)) != NULL)
		if (++in->nexpect > EXPECTED)
			return ex_fail(err, EX_USAGE, "too many --expect");
	if (algs != NULL && ex_alg_parse_list(&in->algs, algs, err) == -1)
		return -1;
	return cli_occurred(cli, &in->occurred_at, err);
}

static int
show_value(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	(void)err;
	cli_show(arg, key, v);
	return 0;
}

static void
show_imported(struct cli *cli, const struct ex_json *s)
{
	const struct ex_json *segments = ex_json_get(s, "segments");
	const char *text = ex_json_get_text(s, "text");

	cli_show(cli, cli_say(cli, "image", "映像"), ex_json_get(s, "image"));
	cli_show(
	    cli, cli_say(cli, "verdict", "結果"), ex_json_get(s, "verdict"));
	if (text != NULL && text[0] != '\0')
		cli_fact(cli, "", text);
	cli_show(cli, cli_say(cli, "format", "格式"), ex_json_get(s, "format"));
	cli_show(cli, cli_say(cli, "bytes", "位元組"), ex_json_get(s, "bytes"));
	(void)ex_json_each(ex_json_get(s, "digests"), show_value, cli, NULL);
	(void)ex_json_each(ex_json_get(s, "header"), show_value, cli, NULL);
	for (size_t i = 0; i < ex_json_count(segments); i++)
		cli_fact(cli, i == 0 ? cli_say(cli, "stored", "存放") : "",
		    ex_json_get_text(ex_json_at(segments, i), "path"));
	cli_show(cli, cli_say(cli, "event", "紀錄"), ex_json_get(s, "event"));
}

static int
import(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	const char *expect[EXPECTED + 2] = { NULL };
	struct ex_json *summary = NULL;
	struct cli_given g = { 0 };
	struct ex_import in;
	int status = CLI_FAILED, rc = -1;

	if (cli_actor(h, err) == 0 && take_import(cli, &in, expect, err) == 0 &&
	    take_fields(&g, cli, err) == 0) {
		in.given = g.given;
		in.ngiven = g.n;
		rc = ex_import_run(&summary, &status, h, &in, err);
	}
	cli_given_free(&g);
	if (rc == -1) {
		ex_json_free(summary);
		return -1;
	}
	if (cli_answer(cli, summary, err) == -1)
		return -1;
	show_imported(cli, cli->summary);
	return status;
}

int
cli_run_import(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, import, err);
}
