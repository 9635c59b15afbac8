/*
 * run_out.c -- what leaves the house: reports and bundles.
 */
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/output.h"
#include "cli/runs.h"
#include "report/bundle.h"
#include "report/challenge.h"
#include "report/export.h"
#include "report/report.h"
#include "report/words.h"

static int
report(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_report_order order = { 0 };
	struct ex_json *out = NULL;

	order.subject = cli->arg[0];
	order.to = cli_option(cli, "to");
	order.recipient = cli_option(cli, "recipient");
	order.purpose = cli_option(cli, "purpose");
	order.since = cli_option(cli, "since");
	order.zh = cli->zh;
	if (cli_actor(h, err) == -1 ||
	    ex_report_run(&out, h, &order, err) == -1)
		return -1;
	return cli_answer(cli, out, err) == -1 ? -1 : CLI_OK;
}

int
cli_run_report(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, report, err);
}

static int
bundle(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_bundle_order order = { 0 };
	struct ex_json *out = NULL;

	order.subject = cli->arg[0];
	order.to = cli_option(cli, "to");
	order.redact = cli_option(cli, "redact");
	order.zh = cli->zh;
	if (cli_actor(h, err) == -1 ||
	    ex_bundle_run(&out, h, &order, err) == -1)
		return -1;
	return cli_answer(cli, out, err) == -1 ? -1 : CLI_OK;
}

int
cli_run_bundle(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, bundle, err);
}

/* A line a point, its cure below. */
static void
show_point(struct cli *cli, const struct ex_json *p)
{
	const char *entry = ex_json_get_text(p, "entry");

	cli_line(cli, "%-9s %s: %s",
	    ex_word("severity", ex_json_get_text(p, "severity"), cli->zh),
	    entry[0] != '\0' ? entry : ex_json_get_text(p, "item"),
	    ex_json_get_text(p, "text"));
	cli_line(cli, "%-9s -> %s", "", ex_json_get_text(p, "cure"));
}

static int
challenge(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	const struct ex_json *points;
	struct ex_json *out = NULL;
	int status;

	if (cli_actor(h, err) == -1 ||
	    ex_challenge(&out, &status, h, cli->arg[0], cli->zh, err) == -1 ||
	    cli_answer(cli, out, err) == -1)
		return -1;
	points = ex_json_get(out, "points");
	for (size_t i = 0; i < ex_json_count(points); i++)
		show_point(cli, ex_json_at(points, i));
	return status;
}

int
cli_run_challenge(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, challenge, err);
}

static int
export_case(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_export_order order = { 0 };
	struct ex_json *out = NULL;

	order.subject = cli->arg[0];
	order.format = cli_option(cli, "format");
	order.to = cli_option(cli, "to");
	order.recipient = cli_option(cli, "recipient");
	order.purpose = cli_option(cli, "purpose");
	if (cli_actor(h, err) == -1 ||
	    ex_export_run(&out, h, &order, err) == -1)
		return -1;
	return cli_answer(cli, out, err) == -1 ? -1 : CLI_OK;
}

int
cli_run_case_export(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, export_case, err);
}
