/*
 * run_keys.c -- people's keys.
 */
#include "cases/keys.h"
#include "cases/rotate_house.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/output.h"
#include "cli/runs.h"
#include "cli/value.h"

/* What was answered, member by member. */
static int
told(struct cli *cli, struct ex_json *out, struct ex_err *err)
{
	if (cli_answer(cli, out, err) == -1)
		return -1;
	cli_facts(cli, cli->summary);
	return CLI_OK;
}

/* Whose key, and what protects it; its certificate's fingerprint. */
static void
show_enrolled(struct cli *cli, const struct ex_json *s)
{
	const char *key = ex_json_get_text(s, "key");
	const char *leaf = ex_json_get_text(s, "event");

	cli_line(cli,
	    cli->zh ? "金鑰 %s 已登錄，已入日誌：%.16s"
		    : "key %s is enrolled, in the log as %.16s",
	    key == NULL ? "-" : key, leaf == NULL ? "-" : leaf);
	cli_fact(cli, cli_say(cli, "certificate", "憑證 SHA-256"),
	    ex_json_get_text(s, "cert_sha256"));
	cli_fact(cli, cli_say(cli, "assurance", "可信程度"),
	    ex_json_get_text(s, "assurance"));
	if (ex_json_is_true(ex_json_get(s, "locked")))
		return;
	cli_line(cli, "%s",
	    cli_say(cli,
		"The key has no PIN: whoever reads its file can sign with it.",
		"金鑰未設 PIN：可讀取其檔案者即可簽署。"));
}

static int
key_new(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_json *out = NULL;

	if (ex_key_enrol(&out, h, cli->arg[0], cli_option(cli, "person"), NULL,
		cli->zh, err) == -1 ||
	    cli_answer(cli, out, err) == -1)
		return -1;
	show_enrolled(cli, cli->summary);
	return CLI_OK;
}

static int
key_enrol(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	const struct ex_key_given given = { cli_option(cli, "cert"),
		cli_option(cli, "key"), cli_option(cli, "pkcs11"),
		cli_option(cli, "ca"), cli_flag(cli, "hsm") };
	struct ex_json *out = NULL;

	if (given.hsm && given.uri == NULL)
		return ex_fail(err, EX_USAGE, "--hsm goes with --pkcs11 URI");
	if (ex_key_enrol(&out, h, cli->arg[0], cli_option(cli, "person"),
		&given, cli->zh, err) == -1 ||
	    cli_answer(cli, out, err) == -1)
		return -1;
	show_enrolled(cli, cli->summary);
	return CLI_OK;
}

int
cli_run_key_enrol(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, CLI_ADMIN, key_enrol, err);
}

int
cli_run_key_new(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, CLI_ADMIN, key_new, err);
}

static int
key_rotate(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	const struct ex_key_given given = { cli_option(cli, "cert"),
		cli_option(cli, "key"), cli_option(cli, "pkcs11"),
		cli_option(cli, "ca"), cli_flag(cli, "hsm") };
	struct ex_json *out = NULL;

	if (given.cert == NULL && (given.key != NULL || given.uri != NULL ||
				      given.ca != NULL || given.hsm))
		return ex_fail(err, EX_USAGE,
		    "a key that is given comes with its --cert FILE");
	if (ex_key_rotate(&out, h, cli->arg[0],
		given.cert == NULL ? NULL : &given, cli->zh, err) == -1)
		return -1;
	return told(cli, out, err);
}

int
cli_run_key_rotate(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, CLI_ADMIN, key_rotate, err);
}

static int
rotate_log(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_json *out = NULL;

	if (ex_log_rotate(&out, h, err) == -1 || told(cli, out, err) == -1)
		return -1;
	cli_line(cli, "%s",
	    cli_say(cli,
		"Publish the new key: verifiers' policies, witnesses and "
		"anchors that name the old one need it.",
		"請公布新金鑰：驗證者政策、見證者與錨定端須改用之。"));
	return CLI_OK;
}

int
cli_run_key_rotate_log(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, CLI_ADMIN, rotate_log, err);
}

static int
rotate_ca(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_json *out = NULL;

	if (ex_ca_rotate(&out, h, err) == -1)
		return -1;
	return told(cli, out, err);
}

int
cli_run_key_rotate_ca(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, CLI_ADMIN, rotate_ca, err);
}

static int
key_revoke(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	const char *since = cli_option(cli, "suspect-since");
	struct ex_json *out = NULL;
	char text[EX_TIME_TEXT];

	if (since != NULL && cli_time_text(cli, text, since, err) == -1)
		return ex_while(err, "--suspect-since");
	if (ex_key_revoke(&out, h, cli->arg[0], cli_option(cli, "reason"),
		since == NULL ? NULL : text, err) == -1)
		return -1;
	return told(cli, out, err);
}

int
cli_run_key_revoke(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, CLI_ADMIN, key_revoke, err);
}

static int
key_list(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	static const char *const column[] = { "name", "person", "org", "use",
		"assurance", "since", "until", NULL };
	struct ex_json *out = NULL;

	if (ex_key_list(&out, h, cli->zh, err) == -1 ||
	    cli_answer(cli, out, err) == -1)
		return -1;
	cli_table(cli, ex_json_get(cli->summary, "keys"), column);
	return CLI_OK;
}

int
cli_run_key_list(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, key_list, err);
}

static int
key_show(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_json *out = NULL;

	if (ex_key_show(&out, h, cli->arg[0], cli->zh, err) == -1)
		return -1;
	return told(cli, out, err);
}

int
cli_run_key_show(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, key_show, err);
}
