/*
 * run_house.c -- the house itself: made, started, stopped, looked at.
 */
#include "cases/acquire.h"
#include "cases/act.h"
#include "cases/init.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/runs.h"

static void
show_made(struct cli *cli, const struct ex_json *s)
{
	const struct ex_json *prints = ex_json_get(s, "fingerprints");

	if (ex_json_get_int(s, "made", 0) == 0)
		cli_line(cli, "%s",
		    cli_say(cli, "The house is there already.",
			"系統已建立，未作變更。"));
	cli_show(cli, cli_say(cli, "house", "資料目錄"),
	    ex_json_get(s, "directory"));
	cli_show(cli, cli_say(cli, "log", "日誌"), ex_json_get(s, "origin"));
	cli_line(cli, "%s",
	    cli_say(cli, "SHA-256 fingerprints, to be published elsewhere:",
		"以下 SHA-256 指紋請另行公告："));
	cli_facts(cli, prints);
	if (!ex_json_is_true(ex_json_get(s, "locked")))
		cli_line(cli, "%s",
		    cli_say(cli,
			"Key admin has no PIN: whoever reads its file can "
			"sign with it.",
			"金鑰 admin 未設 PIN：可讀取其檔案者即可簽署。"));
}

int
cli_run_init(struct cli *cli, struct ex_err *err)
{
	struct ex_pins pins = cli_pins(cli);
	struct ex_init in = { 0 };
	struct ex_json *out = NULL;

	in.dir = cli->dir;
	in.database = cli_option(cli, "database");
	in.name_en = cli_option(cli, "name-en");
	in.name_zh = cli_option(cli, "name-zh");
	in.pins = &pins;
	if (ex_house_init(&out, &in, err) == -1 ||
	    cli_answer(cli, out, err) == -1)
		return -1;
	show_made(cli, cli->summary);
	return CLI_OK;
}

/* "running  (private cluster, user postgres)" */
static void
show_cluster(struct cli *cli, const struct ex_json *s)
{
	const char *user = ex_json_get_text(s, "service_user");
	const char *cluster = ex_json_get_text(s, "cluster");
	struct ex_buf text = EX_BUF_INIT;

	(void)ex_buf_addf(&text, NULL, "%s  (%s %s)",
	    cluster == NULL ? "?" : cluster,
	    cli_say(cli, "private cluster, user", "自建，執行身分"),
	    user == NULL ? "?" : user);
	cli_fact(cli, cli_say(cli, "database", "資料庫"), ex_buf_text(&text));
	ex_buf_free(&text);
}

static void
show_status(struct cli *cli, int embedded, const struct ex_json *s)
{
	cli_fact(cli, cli_say(cli, "house", "資料目錄"), cli->dir);
	if (embedded)
		show_cluster(cli, s);
	else
		cli_show(cli, cli_say(cli, "database", "資料庫"),
		    ex_json_get(s, "database"));
	cli_show(cli, cli_say(cli, "sequencer", "編號服務"),
	    ex_json_get(s, "sequencer"));
	cli_show(cli, cli_say(cli, "log", "日誌"), ex_json_get(s, "origin"));
	if (ex_json_get(s, "size") != NULL) {
		cli_show(cli, cli_say(cli, "entries", "筆數"),
		    ex_json_get(s, "size"));
		cli_show(cli, cli_say(cli, "root", "根雜湊"),
		    ex_json_get(s, "root"));
		cli_show(cli, cli_say(cli, "queued", "待編號"),
		    ex_json_get(s, "queued"));
		cli_show(cli, cli_say(cli, "rejected", "已駁回"),
		    ex_json_get(s, "rejected"));
	}
	cli_show(
	    cli, cli_say(cli, "pending", "待確認"), ex_json_get(s, "pending"));
	cli_show(cli, cli_say(cli, "witnesses", "見證者"),
	    ex_json_get(s, "witnesses"));
	if (ex_json_get(s, "waits_for_witness") != NULL &&
	    ex_json_is_true(ex_json_get(s, "waits_for_witness")))
		cli_fact(cli, "",
		    cli_say(cli, "nothing is signed until a witness answers",
			"見證者回覆前不簽署任何檢查點"));
	if (ex_json_get(s, "witnesses") != NULL &&
	    ex_json_get_int(s, "witnesses", 0) == 0)
		cli_fact(cli, "",
		    cli_say(cli, "nobody outside cosigns this log yet",
			"尚無外部單位共同簽署此日誌"));
	if (embedded)
		cli_fact(cli, "",
		    cli_say(cli,
			"all services run as one user: access control here "
			"prevents mistakes, not malice",
			"各服務以同一使用者執行：存取控管僅能防止失誤"));
}

static int
status(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_json *out = NULL;

	if (ex_house_status(&out, h, err) == -1 ||
	    cli_answer(cli, out, err) == -1)
		return -1;
	show_status(cli, ex_house_embedded(h), cli->summary);
	return CLI_OK;
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
	if (ex_house_down(h, err) == -1)
		return -1;
	cli_line(cli, "%s",
	    cli_say(cli, "The services are stopped.", "服務已停止。"));
	return CLI_OK;
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
	size_t images = 0;

	/* What is signed is sent; then what was imaged is signed, by --as. */
	if (ex_pending_finish(&out, &found, h, err) == -1)
		return -1;
	if (ex_acquire_finish(&images, h, NULL, err) == -1 ||
	    ex_json_set_int(out, "acquisitions", (int64_t)images, err) == -1) {
		ex_json_free(out);
		return -1;
	}
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
