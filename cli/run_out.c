/*
 * run_out.c -- what leaves the house: reports and bundles.
 */
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/output.h"
#include "cli/runs.h"
#include "report/bundle.h"
#include "report/report.h"

static int
report(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_report_order order = { 0 };
	struct ex_json *out = NULL;

	order.subject = cli->arg[0];
	order.to = cli_option(cli, "to");
	order.recipient = cli_option(cli, "recipient");
	order.purpose = cli_option(cli, "purpose");
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
