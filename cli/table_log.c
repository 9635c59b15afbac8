/*
 * table_log.c -- looking at the log and checking it.
 */
#include "cli/command.h"
#include "cli/runs.h"

#define LIST(a) a, sizeof(a) / sizeof((a)[0])

static const struct cli_option show_option[] = {
	{ "item", "ITEM", NULL, 0, 0, { "of this item only", "僅此證物" } },
};

static const struct cli_option log_verify_option[] = {
	{ "policy", "FILE", NULL, 0, 0,
	    { "the verifier's policy (C2SP tlog-policy)", "驗證政策" } },
	{ "roots", "FILE", NULL, 0, 0,
	    { "the verifier's CA certificates, PEM", "信任根憑證" } },
	{ "against", "NOTE", NULL, 0, 0,
	    { "an older signed checkpoint to be consistent with",
		"與舊檢查點比對" } },
	{ "receipts", "DIR", NULL, 0, 0,
	    { "receipts that the log must still hold", "與收據比對" } },
	{ "database", "CONNINFO", NULL, 0, 0,
	    { "another database, such as a restored copy", "驗證另一資料庫" } },
};

static const struct cli_option log_export_option[] = {
	{ "entries", NULL, NULL, 0, 0,
	    { "with the entries: confidential, for the policy's monitor",
		"含紀錄本文，僅供監督者" } },
};

static const struct cli_option override_option[] = {
	{ "reason", "TEXT", NULL, 1, 0,
	    { "why it must go on without a witness", "理由" } },
};

static const struct cli_command command[] = {
	{ "log show", "", 0, 0, LIST(show_option), 0, cli_run_log_show,
	    { "list entries in the order of the log", "列出日誌" } },
	{ "log checkpoint", "", 0, 0, NULL, 0, 0, cli_run_log_checkpoint,
	    { "have the heads entered and show the signed checkpoint",
		"登錄各鏈末端並顯示檢查點" } },
	{ "log cosign", "", 0, 0, NULL, 0, 0, cli_run_log_cosign,
	    { "have the policy's witnesses cosign the newest checkpoint",
		"請見證者共同簽署最新檢查點" } },
	{ "log stamp", "", 0, 0, NULL, 0, 0, cli_run_log_stamp,
	    { "have the policy's authorities stamp the newest checkpoint",
		"請時戳機構為最新檢查點加蓋時戳" } },
	{ "log override", "", 0, 0, LIST(override_option), 0,
	    cli_run_log_override,
	    { "sign that the log goes on although no witness answers",
		"簽署略過見證，使日誌繼續" } },
	{ "log verify", "", 0, 0, LIST(log_verify_option), 0,
	    cli_run_log_verify,
	    { "check the whole log, trusting no row of the database",
		"驗證整份日誌" } },
	{ "log proof", "EVENT", 1, 1, NULL, 0, 0, cli_run_log_proof,
	    { "an entry's proof of inclusion", "納入證明" } },
	{ "log export", "DIR", 1, 1, LIST(log_export_option), 0,
	    cli_run_log_export,
	    { "write checkpoint and tree as files (C2SP tlog-tiles); again: "
	      "what is new",
		"匯出日誌磚檔，再次執行則續寫" } },
};

const struct cli_group cli_group_log = {
	{ "The log", "日誌" },
	LIST(command),
};
