/*
 * run_selftest.c -- exhibit self-test: the checklist of imaging, here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cases/selftest.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/output.h"
#include "cli/runs.h"
#include "cli/value.h"

#define YEAR (INT64_C(365) * 24 * 3600 * EX_SECOND)

static const char *
word_of(const struct cli *cli, const char *result)
{
	static const struct {
		const char *result, *en, *zh;
	} known[] = {
		{ "pass", "pass", "通過" },
		{ "fail", "FAIL", "不通過" },
		{ "not_applicable_here", "not applicable here", "此處不適用" },
		{ "not_validated_on_hardware", "not validated on hardware",
		    "未經硬體驗證" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].result, result) == 0)
			return cli_say(cli, known[i].en, known[i].zh);
	return result;
}

static void
show_lines(struct cli *cli, const struct ex_json *lines)
{
	for (size_t i = 0; i < ex_json_count(lines); i++) {
		const struct ex_json *l = ex_json_at(lines, i);
		const char *result = ex_json_get_text(l, "result");
		const char *title =
		    ex_json_get_text(l, cli->zh ? "title_zh" : "title");
		const char *text = ex_json_get_text(l, "text");

		cli_line(cli, "%s  %s: %s", ex_json_get_text(l, "line"),
		    title == NULL ? "" : title,
		    word_of(cli, result == NULL ? "?" : result));
		if (text != NULL && text[0] != '\0')
			cli_line(cli, "      %s", text);
	}
}

static void
show_counts(struct cli *cli, const struct ex_json *counts)
{
	static const char *const results[] = { "pass", "fail",
		"not_applicable_here", "not_validated_on_hardware" };

	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++)
		cli_show(cli, word_of(cli, results[i]),
		    ex_json_get(counts, results[i]));
}

static void
begins(void *arg, const char *line, const char *title)
{
	const struct cli *cli = arg;

	if (!cli->quiet && !cli->json && isatty(STDERR_FILENO))
		(void)fprintf(stderr, "%s  %s\n", line, title);
}

/* A year from now unless it was said. */
static int
until_of(struct cli *cli, char out[EX_TIME_TEXT], struct ex_err *err)
{
	const char *value = cli_option(cli, "until");
	int64_t at = ex_now() + YEAR;

	if (value != NULL && cli_time(cli, &at, value, err) == -1)
		return ex_while(err, "--until");
	ex_time_text(out, at);
	return 0;
}

static int
sign(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	const char *tool = cli_option(cli, "tool");
	struct ex_json *report = ex_json_copy(cli->summary);
	char until[EX_TIME_TEXT];
	int rc = -1;

	if (until_of(cli, until, err) == 0)
		rc = ex_self_test_sign(cli->summary, h, report,
		    tool == NULL ? "EXHIBIT" : tool, until, err);
	ex_json_free(report);
	if (rc == -1)
		return -1;
	cli_show(cli, cli_say(cli, "signed as", "簽署"),
	    ex_json_get(cli->summary, "event"));
	cli_show(cli, cli_say(cli, "report", "報告"),
	    ex_json_get(cli->summary, "report"));
	return CLI_OK;
}

/* Needs no house: one that is to sign is opened when all is done. */
int
cli_run_self_test(struct cli *cli, struct ex_err *err)
{
	struct ex_self_test s = { .only = cli_option(cli, "line"),
		.no_trial = cli_flag(cli, "no-trial"),
		.without_landlock = cli_flag(cli, "without-landlock"),
		.begins = begins,
		.begins_arg = cli };
	const char *as = cli_option(cli, "as");
	struct ex_json *out = NULL;
	int status = CLI_FAILED;

	if (as == NULL)
		as = getenv("EXHIBIT_AS");
	if (as != NULL && s.only != NULL)
		return ex_fail(err, EX_USAGE,
		    "what is signed is the whole checklist: leave --line out");
	if (ex_self_test_run(&out, &status, &s, err) == -1)
		return -1;
	if (cli_answer(cli, out, err) == -1)
		return -1;
	show_lines(cli, ex_json_get(cli->summary, "lines"));
	show_counts(cli, ex_json_get(cli->summary, "counts"));
	if (as == NULL || as[0] == '\0' || status != 0)
		return status;
	return cli_at_desk(cli, NULL, sign, err);
}
