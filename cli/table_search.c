/*
 * table_search.c -- the case database.
 */
#include "cli/command.h"
#include "cli/runs.h"

#define LIST(a) a, sizeof(a) / sizeof((a)[0])

#define FILTERS                                                           \
	{ "level", "A|B|C|D", NULL, 0, 0,                                 \
		{ "incident level", "資安事件等級" } },                   \
	    { "sector", "CODE", NULL, 0, 0,                               \
		    { "affected sector", "受影響領域" } },                \
	    { "offence", "CODE", NULL, 0, 0, { "offence", "罪名代碼" } }, \
	    { "from", "DATE", NULL, 0, 0,                                 \
		    { "opened on this day or later", "立案日起" } },      \
	{                                                                 \
		"until", "DATE", NULL, 0, 0,                              \
		{                                                         \
			"opened on this day or before", "立案日迄"    \
		}                                                         \
	}

static const struct cli_option search_option[] = {
	FILTERS,
	{ "limit", "N", "20", 0, 0, { "cases shown", "顯示件數" } },
	{ "facets", NULL, NULL, 0, 0,
	    { "also by level, sector, status, organisation, year",
		"並依等級、領域、狀態、機關、年度分類" } },
};

static const struct cli_option watch_option[] = {
	FILTERS,
};

static const struct cli_option links_option[] = {
	{ "hops", "1|2", "1", 0, 0,
	    { "cases of those cases, too", "延伸層數" } },
};

static const struct cli_option note_option[] = {
	{ "corrects", "N", NULL, 0, 0,
	    { "the note it corrects; both stay", "所更正之附註" } },
};

static const struct cli_option add_option[] = {
	{ "role", "ROLE", "unknown", 0, 0,
	    { "suspect, victim, mule, witness, infrastructure, unknown",
		"角色" } },
	{ "source", "TEXT", NULL, 0, 0,
	    { "item, file or statement it comes from", "來源" } },
	{ "reliability", "A|B|C|D|E|F", NULL, 0, 0,
	    { "grade of the source", "來源可信度" } },
	{ "from", "TIME", NULL, 0, 0, { "seen from", "出現起" } },
	{ "until", "TIME", NULL, 0, 0, { "seen until", "出現迄" } },
};

static const struct cli_option find_option[] = {
	{ "kind", "KIND", NULL, 0, 0, { "of this kind only", "僅限此種類" } },
};

static const struct cli_option transfer_option[] = {
	{ "amount", "DECIMAL", NULL, 1, 0, { "amount", "金額" } },
	{ "currency", "CODE", NULL, 1, 0,
	    { "ISO 4217, or a coin's ticker", "幣別" } },
	{ "at", "TIME", NULL, 1, 0, { "when it moved", "移轉時間" } },
	{ "source", "TEXT", NULL, 0, 0,
	    { "statement or file it comes from", "來源" } },
};

static const struct cli_command command[] = {
	{ "search", "TEXT...", 1, CLI_MANY, LIST(search_option), 0,
	    cli_run_search,
	    { "cases that have these words; \"a phrase\", -not, A OR B, "
	      "begin*",
		"以字詞、片語檢索案件" } },
	{ "links", "CASE", 1, 1, LIST(links_option), 0, cli_run_links,
	    { "cases that share an indicator with it, and why",
		"共用指標之案件與緣由" } },
	{ "case note", "NUMBER TEXT", 2, 2, LIST(note_option), 0,
	    cli_run_case_note,
	    { "add a note to a case; it is searched too", "案件附註" } },
	{ "case notes", "NUMBER", 1, 1, NULL, 0, 0, cli_run_case_notes,
	    { "the notes on a case", "列出案件附註" } },
	{ "indicator add", "CASE KIND VALUE", 3, 3, LIST(add_option), 0,
	    cli_run_indicator_add,
	    { "enter an indicator that was seen in a case", "登錄指標" } },
	{ "indicator import", "CASE FILE", 2, 2, NULL, 0, 0,
	    cli_run_indicator_import,
	    { "indicators from a CSV file", "由 CSV 檔匯入指標" } },
	{ "indicator find", "VALUE|CIDR|*.DOMAIN|START*", 1, 1,
	    LIST(find_option), 0, cli_run_indicator_find,
	    { "where an indicator was seen", "查詢指標出現之案件" } },
	{ "indicator lookups", "CASE", 1, 1, NULL, 0, 0,
	    cli_run_indicator_lookups,
	    { "other units that looked for what a case holds",
		"曾查詢本案指標之其他單位" } },
	{ "transfer add", "CASE PAYER PAYEE", 3, 3, LIST(transfer_option), 0,
	    cli_run_transfer_add,
	    { "enter money that moved between accounts or wallets",
		"登錄資金移轉" } },
	{ "transfer list", "CASE", 1, 1, NULL, 0, 0, cli_run_transfer_list,
	    { "money that moved, in a case", "列出資金移轉" } },
	{ "watch add", "NAME TEXT...", 2, CLI_MANY, LIST(watch_option), 0,
	    cli_run_watch_add,
	    { "keep a search; new cases that answer it are told",
		"保存檢索條件並於新案符合時通知" } },
	{ "watch end", "NAME", 1, 1, NULL, 0, 0, cli_run_watch_end,
	    { "keep a search no longer", "取消保存之檢索" } },
	{ "watch list", "", 0, 0, NULL, 0, 0, cli_run_watch_list,
	    { "one's searches and the cases that answer them",
		"列出保存之檢索與符合案件" } },
};

const struct cli_group cli_group_search = {
	{ "The case database", "案件資料庫" },
	LIST(command),
};
