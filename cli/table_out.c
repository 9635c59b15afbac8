/*
 * table_out.c -- what leaves the house.
 */
#include "cli/command.h"
#include "cli/runs.h"

#define LIST(a) a, sizeof(a) / sizeof((a)[0])

static const struct cli_option report_option[] = {
	{ "to", "FILE.pdf|.html|.txt", NULL, 1, 0,
	    { "file to write", "輸出檔案" } },
	{ "recipient", "PERSON", NULL, 0, 0, { "for whom", "收受人" } },
	{ "purpose", "TEXT", NULL, 0, 0, { "what for", "用途" } },
	{ "since", "REPORT", NULL, 0, 0,
	    { "say what changed since an earlier report (R3, or its digest)",
		"列出某次報告（編號或雜湊值）以後之變動" } },
};

static const struct cli_option bundle_option[] = {
	{ "to", "DIR", NULL, 1, 0, { "folder to make", "輸出目錄" } },
	{ "redact", "court|defence|owner", NULL, 0, 0,
	    { "leave out texts that these need not see",
		"依對象保留部分文字不附" } },
};

static const struct cli_option export_option[] = {
	{ "format", "case|csv", NULL, 1, 0,
	    { "CASE/UCO as JSON-LD, or the custody table",
		"CASE/UCO（JSON-LD）或監管歷程表" } },
	{ "to", "FILE", NULL, 1, 0, { "file to write", "輸出檔案" } },
	{ "recipient", "PERSON", NULL, 0, 0, { "for whom", "收受人" } },
	{ "purpose", "TEXT", NULL, 0, 0, { "what for", "用途" } },
};

static const struct cli_command command[] = {
	{ "report", "CASE|ITEM", 1, 1, LIST(report_option), 0, cli_run_report,
	    { "write the custody report", "製作監管報告" } },
	{ "bundle", "CASE|ITEM", 1, 1, LIST(bundle_option), 0, cli_run_bundle,
	    { "write what a stranger needs to check everything offline",
		"製作離線驗證包" } },
	{ "challenge", "CASE|ITEM", 1, 1, NULL, 0, 0, cli_run_challenge,
	    { "every weak point that the other side will find, and its cure",
		"列出對造可能質疑之處及補救方法" } },
	{ "case export", "CASE|ITEM", 1, 1, LIST(export_option), 0,
	    cli_run_case_export,
	    { "write a case for other programs", "匯出案件供其他程式使用" } },
};

const struct cli_group cli_group_out = {
	{ "Out of the house", "對外提供" },
	LIST(command),
};
