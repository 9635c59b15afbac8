/*
 * run_people.c -- organisations, persons, places, tools, delegates, policy.
 */
#include <string.h>

#include "cases/lab.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/given.h"
#include "cli/output.h"
#include "cli/runs.h"
#include "cli/value.h"

enum {
	FIELDS = 8
};

/* Commands that are one act: which option stands for which field. */
static const struct entering {
	const char *command;
	enum ex_act act;
	const char *arg[2]; /* fields that the arguments are */
	struct {
		const char *option, *field;
		int is_time;
	} field[FIELDS];
} entering[] = {
	{ "org add", EX_ACT_ORG_ADD, { "id", NULL },
	    { { "kind", "kind", 0 }, { "sector", "sector", 0 },
		{ "name-en", "name_en", 0 }, { "name-zh", "name_zh", 0 } } },
	{ "person add", EX_ACT_PERSON_ADD, { "id", NULL },
	    { { "org", "org", 0 }, { "role", "roles", 0 },
		{ "name-en", "name_en", 0 }, { "name-zh", "name_zh", 0 },
		{ "title", "title", 0 } } },
	{ "person competence", EX_ACT_COMPETENCE, { "person", NULL },
	    { { "method", "method", 0 }, { "until", "until", 1 } } },
	{ "location add", EX_ACT_LOCATION_ADD, { "id", NULL },
	    { { "kind", "kind", 0 }, { "in", "in", 0 },
		{ "name-en", "name_en", 0 }, { "name-zh", "name_zh", 0 } } },
	{ "tool add", EX_ACT_TOOL_ADD, { "id", NULL },
	    { { "kind", "kind", 0 }, { "version", "version", 0 },
		{ "serial", "serial", 0 }, { "name-en", "name_en", 0 } } },
	{ "person role", EX_ACT_ROLE_GRANT, { "person", "grant" },
	    { { "until", "until", 1 } } },
	{ "delegate", EX_ACT_DELEGATE, { NULL, NULL },
	    { { "to", "station", 0 }, { "until", "until", 1 } } },
};

static const struct entering *
row_of(const struct cli *cli)
{
	size_t i = 0;

	while (strcmp(entering[i].command, cli->command->name) != 0)
		i++;
	return &entering[i];
}

/* The row's fields out of arguments and options. */
static int
take_fields(struct cli_given *g, struct cli *cli, const struct entering *row,
    struct ex_err *err)
{
	for (size_t i = 0; i < 2 && row->arg[i] != NULL; i++)
		if (cli_given_add(g, row->arg[i], cli->arg[i], err) == -1)
			return -1;
	for (size_t i = 0; i < FIELDS && row->field[i].option != NULL; i++) {
		const char *option = row->field[i].option;
		const char *field = row->field[i].field;

		if ((row->field[i].is_time
			    ? cli_given_time(g, cli, option, field, err)
			    : cli_given_option(g, cli, option, field, err)) ==
		    -1)
			return -1;
	}
	return 0;
}

/* person role: --add is the row's act, --end the other. */
static int
act_of(enum ex_act *act, const struct cli *cli, const struct entering *row,
    struct ex_err *err)
{
	int end = cli_flag(cli, "end");

	*act = row->act;
	if (row->act != EX_ACT_ROLE_GRANT)
		return 0;
	if (cli_flag(cli, "add") == end)
		return ex_fail(err, EX_USAGE,
		    "give one of --add and --end: exhibit person role ID "
		    "--add ROLE");
	if (end && cli_option(cli, "until") != NULL)
		return ex_fail(err, EX_USAGE, "--until goes with --add");
	if (end)
		*act = EX_ACT_ROLE_END;
	return 0;
}

static int
enter(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	const struct entering *row = row_of(cli);
	struct cli_given g = { 0 };
	enum ex_act act;
	int status = 0, rc = -1;

	if (act_of(&act, cli, row, err) == -1 ||
	    take_fields(&g, cli, row, err) == -1)
		goto out;
	rc = act == EX_ACT_PERSON_ADD
		 ? ex_person_add(cli->summary, &status, h, g.given, g.n, err)
		 : ex_lab_do(cli->summary, &status, h, act, g.given, g.n, err);
	if (rc == 0 && row->arg[0] != NULL && strcmp(row->arg[0], "id") == 0)
		rc = ex_json_set_text(cli->summary, "id", cli->arg[0], err);
out:
	cli_given_free(&g);
	return cli_ended(cli, rc, status);
}

int
cli_run_org_add(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, CLI_ADMIN, enter, err);
}

int
cli_run_person_add(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, CLI_ADMIN, enter, err);
}

int
cli_run_person_role(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, CLI_ADMIN, enter, err);
}

int
cli_run_person_competence(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, CLI_ADMIN, enter, err);
}

int
cli_run_location_add(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, CLI_ADMIN, enter, err);
}

int
cli_run_tool_add(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, CLI_ADMIN, enter, err);
}

int
cli_run_delegate(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, CLI_ADMIN, enter, err);
}

static int
tool_validated(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	char until[EX_TIME_TEXT];
	int status = 0, rc;

	if (cli_time_text(cli, until, cli_option(cli, "until"), err) == -1)
		return ex_while(err, "--until");
	rc = ex_tool_validated(cli->summary, &status, h, cli->arg[0],
	    cli_option(cli, "report"), until, err);
	return cli_ended(cli, rc, status);
}

int
cli_run_tool_validated(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, CLI_ADMIN, tool_validated, err);
}

static int
policy_set(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	int status = 0, rc;

	rc = ex_policy_set(cli->summary, &status, h, cli->arg[0], err);
	return cli_ended(cli, rc, status);
}

int
cli_run_policy_set(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, CLI_ADMIN, policy_set, err);
}

static int
policy_show(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_json *out = NULL;

	if (ex_policy_show(&out, h, err) == -1 ||
	    cli_answer(cli, out, err) == -1)
		return -1;
	cli_show(cli, cli_say(cli, "version", "版次"),
	    ex_json_get(cli->summary, "version"));
	cli_facts(cli, ex_json_get(cli->summary, "policy"));
	return CLI_OK;
}

int
cli_run_policy_show(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, policy_show, err);
}

/* What is listed and shown. */
static const struct listing {
	const char *word; /* of the command */
	const char *many; /* in the summary */
	enum ex_lab_kind kind;
	const char *column[8];
} listing[] = {
	{ "org ", "orgs", EX_LAB_ORGS,
	    { "org", "kind", "name_en", "name_zh", NULL } },
	{ "person ", "persons", EX_LAB_PERSONS,
	    { "person", "org", "name_en", "name_zh", "roles", NULL } },
	{ "location ", "locations", EX_LAB_LOCATIONS,
	    { "location", "kind", "in", "name_en", "name_zh", NULL } },
	{ "tool ", "tools", EX_LAB_TOOLS,
	    { "tool", "kind", "version", "validated_until", "name_en", NULL } },
	{ "delegate ", "delegates", EX_LAB_DELEGATES,
	    { "delegate", "until", NULL } },
};

static const struct listing *
listing_of(const struct cli *cli)
{
	size_t i = 0;

	while (strncmp(listing[i].word, cli->command->name,
		   strlen(listing[i].word)) != 0)
		i++;
	return &listing[i];
}

static int
list(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	const struct listing *l = listing_of(cli);
	struct ex_json *out = NULL;

	if (ex_lab_list(&out, h, l->kind, err) == -1 ||
	    ex_json_set(cli->summary, l->many, out, err) == -1)
		return -1;
	cli_table(cli, out, l->column);
	return CLI_OK;
}

static int
show(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_json *out = NULL;

	if (ex_lab_show(&out, h, listing_of(cli)->kind, cli->arg[0], err) ==
		-1 ||
	    cli_answer(cli, out, err) == -1)
		return -1;
	cli_facts(cli, cli->summary);
	return CLI_OK;
}

int
cli_run_org_list(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, list, err);
}

int
cli_run_org_show(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, show, err);
}

int
cli_run_person_list(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, list, err);
}

int
cli_run_person_show(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, show, err);
}

int
cli_run_location_list(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, list, err);
}

int
cli_run_location_show(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, show, err);
}

int
cli_run_tool_list(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, list, err);
}

int
cli_run_tool_show(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, show, err);
}

int
cli_run_delegate_list(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, list, err);
}

int
cli_run_delegate_show(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, show, err);
}
