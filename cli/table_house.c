/*
 * table_house.c -- commands of the house itself.
 */
#include "cli/command.h"
#include "cli/runs.h"

#define LIST(a) a, sizeof(a) / sizeof((a)[0])

static const struct cli_option init_option[] = {
	{ "database", "CONNINFO", NULL, 0, 0,
	    { "a PostgreSQL database made for it; without, a private cluster "
	      "in the data directory",
		"既有的 PostgreSQL 資料庫；未指定時於資料目錄內自建" } },
	{ "name-en", "TEXT", "Laboratory", 0, 0,
	    { "the laboratory's name in English", "實驗室英文名稱" } },
	{ "name-zh", "TEXT", NULL, 0, 0,
	    { "the laboratory's name in Chinese", "實驗室中文名稱" } },
};

static const struct cli_option pack_option[] = {
	{ "to", "DIR", NULL, 1, 0,
	    { "the new folder: on a laptop, or a stick",
		"新資料夾，位於筆電或隨身碟" } },
	{ "key", "KEY", NULL, 0, 1,
	    { "take this key's file along; without, certificates alone",
		"一併攜帶此金鑰檔；未指定時僅攜帶憑證" } },
};

static const struct cli_command command[] = {
	{ "init", "", 0, 0, LIST(init_option), 0, cli_run_init,
	    { "make the house: directory, database, keys, first entry",
		"建立資料目錄、資料庫、金鑰與首筆紀錄" } },
	{ "up", "", 0, 0, NULL, 0, 0, cli_run_up,
	    { "start the services", "啟動服務" } },
	{ "down", "", 0, 0, NULL, 0, 0, cli_run_down,
	    { "stop the services", "停止服務" } },
	{ "status", "", 0, 0, NULL, 0, 0, cli_run_status,
	    { "what runs, and how far the log has come", "服務與日誌的現況" } },
	{ "config", "", 0, 0, NULL, 0, 0, cli_run_config,
	    { "show the configuration and where each value comes from",
		"顯示設定及其來源" } },
	{ "migrate", "", 0, 0, NULL, 0, 0, cli_run_migrate,
	    { "bring the database's schema up to this program",
		"將資料庫結構更新至本程式版本" } },
	{ "doctor", "", 0, 0, NULL, 0, 0, cli_run_doctor,
	    { "look for what would stop the work, and say the cure",
		"檢查可能妨礙工作之處並說明處置" } },
	{ "pending", "", 0, 0, NULL, 0, 0, cli_run_pending,
	    { "finish what was signed and not yet acknowledged",
		"完成已簽署而尚未確認的紀錄" } },
	{ "field pack", "(CASE|ITEM)...", 1, CLI_MANY, LIST(pack_option), 0,
	    cli_run_field_pack,
	    { "make a field kit: acts are signed there without a database",
		"製作外勤資料夾，可於無資料庫之處簽署紀錄" } },
	{ "field sync", "DIR", 1, 1, NULL, 0, 0, cli_run_field_sync,
	    { "enter what was signed in a field kit",
		"將外勤資料夾中已簽署之紀錄登入日誌" } },
	{ "help", "[COMMAND [WORD]]", 0, 2, NULL, 0, 0, cli_run_help,
	    { "what there is, or what one command takes",
		"指令總覽或單一指令說明" } },
};

const struct cli_group cli_group_house = {
	{ "The house", "系統" },
	LIST(command),
};
