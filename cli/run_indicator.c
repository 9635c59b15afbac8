/*
 * run_indicator.c -- indicators and money: entered, imported, looked up.
 */
#include <string.h>

#include "cases/case.h"
#include "cases/house.h"
#include "cases/sighting.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/output.h"
#include "cli/runs.h"
#include "cli/value.h"
#include "db/casebook.h"

/* The time of an option in canonical form; NULL when it is not given. */
static int
take_time(struct cli *cli, const char **out, char text[EX_TIME_TEXT],
    const char *option, struct ex_err *err)
{
	const char *typed = cli_option(cli, option);

	*out = NULL;
	if (typed == NULL)
		return 0;
	if (cli_time_text(cli, text, typed, err) == -1)
		return ex_while(err, option);
	*out = text;
	return 0;
}

static int
add(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	char from[EX_TIME_TEXT], until[EX_TIME_TEXT];
	struct ex_sighting s = { .kind = cli->arg[1],
		.value = cli->arg[2],
		.role = cli_option(cli, "role"),
		.source = cli_option(cli, "source"),
		.reliability = cli_option(cli, "reliability") };
	const char *number;
	struct ex_json *v;

	if (take_time(cli, &s.from, from, "from", err) == -1 ||
	    take_time(cli, &s.until, until, "until", err) == -1 ||
	    ex_case_number(&number, cli->arg[0], err) == -1 ||
	    ex_sighting_add(&v, h, number, &s, err) == -1)
		return -1;
	return cli_answer(cli, v, err) == -1 ? -1 : CLI_OK;
}

int
cli_run_indicator_add(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, add, err);
}

static int
import(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	const struct ex_json *refused;
	const char *number;
	struct ex_json *v;
	int status = 0;

	if (ex_case_number(&number, cli->arg[0], err) == -1 ||
	    ex_sighting_import(&v, &status, h, number, cli->arg[1], err) ==
		-1 ||
	    cli_answer(cli, v, err) == -1)
		return -1;
	refused = ex_json_get(v, "refused");
	for (size_t i = 0; i < ex_json_count(refused); i++) {
		const struct ex_json *r = ex_json_at(refused, i);
		struct ex_err why = EX_ERR_INIT;

		(void)ex_fail(&why, EX_FORMAT, "line %lld: %s",
		    (long long)ex_json_get_int(r, "line", 0),
		    ex_json_get_text(r, "reason"));
		cli_complain(cli, &why);
	}
	cli_line(cli, "%lld %s", (long long)ex_json_get_int(v, "added", 0),
	    cli_say(cli, "new", "筆新增"));
	return status ? CLI_FOUND : CLI_OK;
}

int
cli_run_indicator_import(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, import, err);
}

static int
find(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	static const char *const column[] = { "kind", "value", "number", "role",
		"source", "title", NULL };
	struct ex_json *v;

	if (ex_sighting_find(
		&v, h, cli->arg[0], cli_option(cli, "kind"), err) == -1 ||
	    cli_answer(cli, v, err) == -1)
		return -1;
	cli_table(cli, ex_json_get(v, "sightings"), column);
	return CLI_OK;
}

int
cli_run_indicator_find(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, find, err);
}

/* An array about a case as the answer's member, and a table of it. */
static int
show_case(struct cli *cli, struct ex_house *h,
    int (*get)(struct ex_json **out, struct ex_conn *conn,
	const char *case_number, struct ex_err *err),
    const char *member, const char *const *column, struct ex_err *err)
{
	const char *number;
	struct ex_json *rows;
	struct ex_conn *conn;

	if (ex_case_number(&number, cli->arg[0], err) == -1 ||
	    ex_house_conn(h, &conn, err) == -1 ||
	    get(&rows, conn, number, err) == -1 ||
	    ex_json_set(cli->summary, member, rows, err) == -1)
		return -1;
	cli_table(cli, rows, column);
	return CLI_OK;
}

static int
lookups(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	static const char *const column[] = { "at", "org", "kind", "value",
		NULL };

	return show_case(
	    cli, h, ex_casebook_looked_for, "lookups", column, err);
}

int
cli_run_indicator_lookups(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, lookups, err);
}

/* "KIND:VALUE", or a value that is a bank account or else a wallet. */
static int
key_of(char key[33], const char *typed, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;

	if (ex_sighting_key(key, "bank_account", typed, &why) == 0)
		return 0;
	return ex_sighting_key(key, "crypto_wallet", typed, err);
}

/* A decimal: digits, at most one point. */
static int
check_amount(const char *text, struct ex_err *err)
{
	size_t whole = strspn(text, "0123456789"), rest = 0;

	if (text[whole] == '.')
		rest = 1 + strspn(text + whole + 1, "0123456789");
	if (whole > 0 && whole <= 29 && rest <= 19 && rest != 1 &&
	    text[whole + rest] == '\0')
		return 0;
	return ex_fail(
	    err, EX_USAGE, "--amount %.40s: digits, and a point", text);
}

static int
transfer_add(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	char payer[33], payee[33], at[EX_TIME_TEXT];
	const char *source = cli_option(cli, "source"), *number;
	struct ex_transfer t = { payer, payee, cli_option(cli, "amount"),
		cli_option(cli, "currency"), NULL,
		source == NULL ? "" : source };
	struct ex_conn *conn;
	int64_t id;

	if (check_amount(t.amount, err) == -1 ||
	    take_time(cli, &t.moved, at, "at", err) == -1 ||
	    key_of(payer, cli->arg[1], err) == -1 ||
	    key_of(payee, cli->arg[2], err) == -1 ||
	    ex_case_number(&number, cli->arg[0], err) == -1 ||
	    ex_house_conn(h, &conn, err) == -1 ||
	    ex_casebook_transfer(&id, conn, number, &t, err) == -1 ||
	    ex_json_set_text(cli->summary, "case", number, err) == -1 ||
	    ex_json_set_int(cli->summary, "transfer", id, err) == -1)
		return -1;
	return CLI_OK;
}

int
cli_run_transfer_add(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, transfer_add, err);
}

static int
transfer_list(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	static const char *const column[] = { "moved", "payer", "payee",
		"amount", "currency", "source", NULL };

	return show_case(
	    cli, h, ex_casebook_transfers, "transfers", column, err);
}

int
cli_run_transfer_list(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, transfer_list, err);
}
