/*
 * run_item.c -- items: announced, derived, looked at.
 */
#include <inttypes.h>
#include <string.h>

#include "cases/continuity.h"
#include "cases/history.h"
#include "cases/house.h"
#include "cases/item.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/given.h"
#include "cli/output.h"
#include "cli/runs.h"
#include "custody/state.h"

/* Options that are fields, under their own names. */
static int
take_fields(struct cli_given *g, struct cli *cli, struct ex_err *err)
{
	static const char *const option[] = { "kind", "nature", "description",
		"seizure-record", "maker", "model", "serial", "imei",
		"capacity", "quantity", "marks", "owner", "packaging",
		"hazards", "seal", "seal-type", "condition", "note", "photo",
		"attach" };

	for (size_t i = 0; i < sizeof(option) / sizeof(option[0]); i++)
		if (cli_given_option(g, cli, option[i], option[i], err) == -1)
			return -1;
	return 0;
}

static int
announce(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct cli_lines lines = { 0 };
	struct cli_given g = { 0 };
	int64_t occurred;
	int status = 0, rc = -1;

	if (cli_actor(h, err) == 0 && cli_occurred(cli, &occurred, err) == 0 &&
	    take_fields(&g, cli, err) == 0 &&
	    cli_lines_take(&lines, cli, 1, ex_act(EX_ACT_ANNOUNCE), err) == 0)
		rc = ex_item_announce(cli->summary, &status, h, cli->arg[0],
		    lines.line, lines.n, g.given, g.n, occurred, err);
	cli_lines_free(&lines);
	cli_given_free(&g);
	return cli_ended(cli, rc, status);
}

int
cli_run_item_announce(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, announce, err);
}

static int
derive(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_derivation d = { .parent = cli->arg[0],
		.child = &cli->arg[1],
		.nchildren = 1,
		.relation = cli_option(cli, "relation") };
	struct cli_given g = { 0 };
	int status = 0, rc = -1;

	if (cli_actor(h, err) == 0 &&
	    cli_occurred(cli, &d.occurred_at, err) == 0 &&
	    take_fields(&g, cli, err) == 0) {
		d.given = g.given;
		d.n = g.n;
		rc = ex_item_derive(cli->summary, &status, h, &d, err);
	}
	cli_given_free(&g);
	return cli_ended(cli, rc, status);
}

int
cli_run_item_derive(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, derive, err);
}

static int
list(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	static const char *const column[] = { "item", "case", "state", "kind",
		"custodian", "location", "seal", NULL };
	struct ex_json *out = NULL;

	if (ex_item_list(&out, h, cli_option(cli, "case"), err) == -1 ||
	    ex_json_set(cli->summary, "items", out, err) == -1)
		return -1;
	cli_table(cli, out, column);
	return CLI_OK;
}

int
cli_run_item_list(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, list, err);
}

static const struct {
	const char *member, *en, *zh;
} shown[] = {
	{ "item", "item", "證物" },
	{ "case", "case", "案號" },
	{ "state", "state", "狀態" },
	{ "flags", "flags", "註記" },
	{ "custodian", "custodian", "保管人" },
	{ "custodian_org", "of", "所屬機關" },
	{ "location", "place", "處所" },
	{ "seal", "seal", "封緘" },
	{ "seal_state", "seal found", "封緘狀況" },
	{ "kind", "kind", "種類" },
	{ "description", "description", "品名" },
	{ "maker", "maker", "廠牌" },
	{ "model", "model", "型號" },
	{ "serial", "serial", "序號" },
	{ "parent", "from item", "母件" },
	{ "relation", "relation", "關係" },
	{ "images", "images", "映像" },
	{ "format", "format", "格式" },
	{ "size", "bytes", "位元組" },
	{ "verdict", "as imported", "匯入結果" },
	{ "found", "found", "發現" },
	{ "header", "header", "檔頭" },
};

static const struct {
	const char *flag, *en, *zh;
} flags[] = {
	{ "quarantine", "quarantine", "隔離" },
	{ "hold", "legal hold", "保全" },
	{ "privilege", "held for privilege", "特權資料保留" },
	{ "scope", "stopped at the scope", "範圍停止" },
	{ "fixity", "digests differ", "雜湊值不符" },
};

static void
show_flags(struct cli *cli, const char *name, const struct ex_json *list)
{
	struct ex_buf text = EX_BUF_INIT;

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		for (size_t k = 0; k < ex_json_count(list); k++)
			if (strcmp(flags[i].flag,
				ex_json_text(ex_json_at(list, k))) == 0)
				(void)ex_buf_addf(&text, NULL, "%s%s",
				    text.len == 0 ? "" : ", ",
				    cli_say(cli, flags[i].en, flags[i].zh));
	cli_fact(cli, name, ex_buf_text(&text));
	ex_buf_free(&text);
}

static void
show_findings(struct cli *cli, const struct ex_json *list)
{
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *f = ex_json_at(list, i);
		const char *code = ex_json_get_text(f, "code");

		cli_line(cli,
		    cli->zh ? "發現              第 %" PRId64 " 筆：%s"
			    : "finding           entry %" PRId64 ": %s",
		    ex_json_get_int(f, "seq", 0),
		    code == NULL ? "?" : ex_finding_title(code, cli->zh));
	}
}

static int
show(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_json *v = NULL;
	enum ex_state state;

	if (ex_item_show(&v, h, cli->arg[0], err) == -1 ||
	    cli_answer(cli, v, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		const struct ex_json *m = ex_json_get(v, shown[i].member);
		const char *name = cli_say(cli, shown[i].en, shown[i].zh);

		if (m == NULL)
			continue;
		if (strcmp(shown[i].member, "state") == 0 &&
		    ex_state_parse(&state, ex_json_text(m), NULL) == 0)
			cli_fact(cli, name, ex_state_title(state, cli->zh));
		else if (strcmp(shown[i].member, "flags") == 0)
			show_flags(cli, name, m);
		else
			cli_show(cli, name, m);
	}
	show_findings(cli, ex_json_get(v, "findings"));
	return CLI_OK;
}

int
cli_run_item_show(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, show, err);
}

/* "person (role), person (role)" */
static void
add_parties(struct ex_buf *out, const struct ex_json *parties)
{
	for (size_t i = 0; i < ex_json_count(parties); i++) {
		const struct ex_json *p = ex_json_at(parties, i);
		const char *person = ex_json_get_text(p, "person");
		const char *role = ex_json_get_text(p, "role");

		(void)ex_buf_addf(out, NULL, "%s%s (%s)", i == 0 ? "" : ", ",
		    person == NULL ? "?" : person, role == NULL ? "?" : role);
	}
}

static const char *
or_dash(const char *text)
{
	return text == NULL ? "-" : text;
}

static void
show_entry(struct cli *cli, const struct ex_json *e)
{
	const struct ex_json *findings = ex_json_get(e, "findings");
	struct ex_buf who = EX_BUF_INIT;

	add_parties(&who, ex_json_get(e, "parties"));
	cli_line(cli, "%3" PRId64 "  %s  %.16s  %s  [%s]  %s",
	    ex_json_get_int(e, "seq", 0),
	    or_dash(ex_json_get_text(e, "occurred_at")),
	    or_dash(ex_json_get_text(e, "leaf")),
	    or_dash(ex_json_get_text(e, "title")),
	    or_dash(ex_json_get_text(e, "state")), ex_buf_text(&who));
	for (size_t i = 0; i < ex_json_count(findings); i++)
		cli_line(cli, "     %s %s", cli_say(cli, "finding:", "發現："),
		    or_dash(ex_json_get_text(ex_json_at(findings, i), "text")));
	ex_buf_free(&who);
}

static int
history(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_json *v = NULL;
	const struct ex_json *entries;

	if (ex_history(&v, h, cli->arg[0], cli->zh, err) == -1 ||
	    cli_answer(cli, v, err) == -1)
		return -1;
	entries = ex_json_get(v, "entries");
	for (size_t i = 0; i < ex_json_count(entries); i++)
		show_entry(cli, ex_json_at(entries, i));
	return CLI_OK;
}

int
cli_run_item_history(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, history, err);
}

static void
show_finding(struct cli *cli, const struct ex_json *f)
{
	const char *words = ex_json_get_text(f, "words");

	cli_line(cli, "%s", or_dash(ex_json_get_text(f, "text")));
	cli_show(cli, cli_say(cli, "  entries", "  紀錄"),
	    ex_json_get(f, "entries"));
	if (words != NULL)
		cli_fact(cli, cli_say(cli, "  explained", "  說明"), words);
}

static int
continuity(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	const struct ex_json *findings;
	struct ex_json *v = NULL;
	int status;

	if (ex_continuity_run(&v, &status, h, cli->arg[0], cli->zh, err) ==
		-1 ||
	    cli_answer(cli, v, err) == -1)
		return -1;
	findings = ex_json_get(v, "findings");
	for (size_t i = 0; i < ex_json_count(findings); i++)
		show_finding(cli, ex_json_at(findings, i));
	if (ex_json_count(findings) == 0)
		cli_line(cli, "%s",
		    cli_say(cli, "no findings: the chain of custody is whole",
			"無發現：監管鏈完整"));
	return status;
}

int
cli_run_item_continuity(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, continuity, err);
}
