/*
 * table_cases.c -- cases, items and acts of custody.
 */
#include "cli/command.h"
#include "cli/runs.h"

#define LIST(a) a, sizeof(a) / sizeof((a)[0])

static const struct cli_option open_option[] = {
	{ "title", "TEXT", NULL, 1, 0, { "title", "案由" } },
	{ "form", "case|incident|suspicious_activity", "case", 0, 0,
	    { "what kind of case", "案件類別" } },
	{ "level", "A|B|C|D", NULL, 0, 0,
	    { "incident level", "資安事件等級" } },
	{ "tlp", "clear|green|amber|amber_strict|red", NULL, 0, 0,
	    { "Traffic Light Protocol", "資訊分享燈號" } },
	{ "sector", "CODE", NULL, 0, 0, { "affected sector", "受影響領域" } },
	{ "offence", "CODE", NULL, 0, 1, { "offence", "罪名代碼" } },
	{ "summary-file", "FILE", NULL, 0, 0,
	    { "summary, a text file", "摘要文字檔" } },
	{ "prosecutor", "ID", NULL, 0, 0,
	    { "prosecutor in charge", "承辦檢察官" } },
	{ "authority", "warrant|consent|order:NUMBER", NULL, 0, 1,
	    { "authority for what is done; entered with the case",
		"處分依據，與案件一併登錄" } },
	{ "authority-from", "TIME", NULL, 0, 1,
	    { "valid from, of the authority before it", "依據生效時間" } },
	{ "authority-until", "TIME", NULL, 0, 1,
	    { "valid until, of the authority before it", "依據失效時間" } },
	{ "other-number", "AGENCY:NUMBER", NULL, 0, 1,
	    { "another agency's number for this case", "其他機關案號" } },
};

static const struct cli_option change_option[] = {
	{ "title", "TEXT", NULL, 0, 0, { "title", "案由" } },
	{ "level", "A|B|C|D", NULL, 0, 0,
	    { "incident level", "資安事件等級" } },
	{ "tlp", "clear|green|amber|amber_strict|red", NULL, 0, 0,
	    { "Traffic Light Protocol", "資訊分享燈號" } },
	{ "sector", "CODE", NULL, 0, 0, { "affected sector", "受影響領域" } },
	{ "offence", "CODE", NULL, 0, 1,
	    { "offence; these replace the ones before", "罪名代碼" } },
	{ "summary-file", "FILE", NULL, 0, 0,
	    { "summary, a text file", "摘要文字檔" } },
	{ "prosecutor", "ID", NULL, 0, 0,
	    { "prosecutor in charge", "承辦檢察官" } },
	{ "other-number", "AGENCY:NUMBER", NULL, 0, 1,
	    { "another agency's number for this case", "其他機關案號" } },
};

static const struct cli_option assign_option[] = {
	{ "item", "ITEM", NULL, 0, 1,
	    { "of these items only", "僅限此等證物" } },
};

static const struct cli_option authorize_option[] = {
	{ "from", "TIME", NULL, 0, 0, { "valid from", "生效時間" } },
	{ "until", "TIME", NULL, 0, 0, { "valid until", "失效時間" } },
	{ "document", "FILE", NULL, 0, 0,
	    { "its scan; goes into the vault", "文件掃描檔；存入保管庫" } },
	{ "scope", "TEXT", NULL, 0, 0, { "what it permits", "範圍" } },
	{ "issuer", "TEXT", NULL, 0, 0, { "who issued it", "核發機關" } },
};

static const struct cli_option grant_option[] = {
	{ "to", "PERSON|ORG", NULL, 1, 0, { "who may see it", "可閱覽者" } },
	{ "until", "TIME", NULL, 0, 0, { "ends by itself", "到期日" } },
	{ "end", NULL, NULL, 0, 0, { "end it now", "終止" } },
};

/* What a thing is and looks like. */
#define THING                                                                  \
	{ "maker", "TEXT", NULL, 0, 0, { "maker", "廠牌" } },                  \
	    { "model", "TEXT", NULL, 0, 0, { "model", "型號" } },              \
	    { "serial", "TEXT", NULL, 0, 0,                                    \
		    { "serial number on the label", "標籤序號" } },            \
	    { "imei", "TEXT", NULL, 0, 1, { "IMEI", "IMEI" } },                \
	    { "quantity", "N", NULL, 0, 0, { "of a lot: how many", "數量" } }, \
	    { "capacity", "BYTES", NULL, 0, 0,                                 \
		    { "capacity on the label", "標示容量" } },                 \
	    { "marks", "TEXT", NULL, 0, 0, { "marks on it", "特徵" } },        \
	    { "owner", "TEXT", NULL, 0, 0, { "whose it is", "所有人" } },      \
	    { "packaging", "TEXT", NULL, 0, 0, { "packaging", "包裝" } },      \
	    { "hazards", "TEXT", NULL, 0, 0, { "hazards", "危險" } },          \
	    { "note", "TEXT", NULL, 0, 0, { "a note", "備註" } },              \
	    { "photo", "FILE", NULL, 0, 1,                                     \
		    { "a photograph; goes into the vault", "照片" } },         \
	    { "attach", "FILE", NULL, 0, 1,                                    \
		    { "an attachment; goes into the vault", "附件" } },        \
	{                                                                      \
		"occurred", "TIME", NULL, 0, 0,                                \
		{                                                              \
			"when it happened; now without", "發生時間"        \
		}                                                              \
	}
#define LISTED                                                                \
	{ "list", "FILE|-", NULL, 0, 0,                                       \
		{ "items from a CSV file: a column item, and fields by name", \
		    "由 CSV 檔讀取證物；欄名為 item 與各欄位名" } },          \
	{                                                                     \
		"scan", NULL, NULL, 0, 0,                                     \
		{                                                             \
			"items and seals from a scanner, on standard input",  \
			    "由條碼掃描器讀取證物與封緘"         \
		}                                                             \
	}

/* With --list these may be columns instead. */
static const struct cli_option announce_option[] = {
	{ "kind", "KIND", NULL, 0, 0,
	    { "physical_medium, device, document, ... (needed)",
		"證物種類（必填）" } },
	{ "description", "TEXT", NULL, 0, 0,
	    { "description (needed)", "品名（必填）" } },
	{ "seizure-record", "NUMBER", NULL, 0, 0,
	    { "number in the seizure record (needed)",
		"扣押物品目錄編號（必填）" } },
	{ "seal", "NO|none", NULL, 0, 0,
	    { "number of the seal it comes under", "封緘號碼" } },
	{ "seal-type", "TEXT", NULL, 0, 0, { "kind of seal", "封緘種類" } },
	THING,
	LISTED,
};

static const struct cli_option derive_option[] = {
	{ "relation", "component|extracted_from|copy_of|sample_of", NULL, 1, 0,
	    { "how it comes from its parent", "衍生關係" } },
	{ "kind", "KIND", NULL, 1, 0, { "kind", "證物種類" } },
	{ "description", "TEXT", NULL, 1, 0, { "description", "品名" } },
	{ "nature", "physical|digital", NULL, 0, 0,
	    { "a thing or bytes; its kind says so without", "實體或數位" } },
	THING,
};

static const struct cli_option item_list_option[] = {
	{ "case", "CASE", NULL, 0, 0, { "of this case only", "僅列此案" } },
};

static const struct cli_option custody_option[] = {
	LISTED,
	{ "emergency", NULL, NULL, 0, 0,
	    { "with the duty officer instead of the second party; needs "
	      "--reason and a later confirm",
		"緊急處置，須敘明理由並事後確認" } },
	{ "late", NULL, NULL, 0, 0,
	    { "it happened before the item's last entry", "事後補登" } },
	{ "final", NULL, NULL, 0, 0, { "accepted for good", "終局移轉" } },
	{ "occurred", "TIME", NULL, 0, 0,
	    { "when it happened; now without", "發生時間" } },
	{ "source", "paper|memory|camera", NULL, 0, 0,
	    { "what a late entry is made from", "補登依據" } },
	{ "photo", "FILE", NULL, 0, 1,
	    { "a photograph; goes into the vault", "照片" } },
	{ "attach", "FILE", NULL, 0, 1,
	    { "an attachment; goes into the vault", "附件" } },
	{ "act", "ACT", NULL, 0, 0,
	    { "the act that a late entry is about", "補登之行為" } },
	{ "entry", "EVENT", NULL, 0, 0,
	    { "the entry that correct, annul, confirm, disown or "
	      "finding-explain is about",
		"所指紀錄" } },
	{ "field", "FIELD", NULL, 0, 0, { "correct: the field", "更正欄位" } },
	{ "old", "TEXT", NULL, 0, 0, { "correct: what it says", "原記載" } },
	{ "new", "TEXT", NULL, 0, 0,
	    { "correct: what it should say", "更正後記載" } },
};

static const struct cli_command command[] = {
	{ "case open", "NUMBER", 1, 1, LIST(open_option), 0, cli_run_case_open,
	    { "open a case", "立案" } },
	{ "case show", "NUMBER", 1, 1, NULL, 0, 0, cli_run_case_show,
	    { "show a case", "顯示案件" } },
	{ "case list", "", 0, 0, NULL, 0, 0, cli_run_case_list,
	    { "list the cases one may see", "列出可閱覽案件" } },
	{ "case close", "NUMBER", 1, 1, NULL, 0, 0, cli_run_case_close,
	    { "close a case", "結案" } },
	{ "case seal", "NUMBER", 1, 1, NULL, 0, 0, cli_run_case_seal,
	    { "show a case to its opener, prosecutor and the granted only",
		"限制閱覽" } },
	{ "case change", "NUMBER", 1, 1, LIST(change_option), 0,
	    cli_run_case_change, { "change what a case says", "變更案件" } },
	{ "case link", "NUMBER OTHER", 2, 2, NULL, 0, 0, cli_run_case_link,
	    { "say that two cases belong together", "關聯案件" } },
	{ "case assign", "NUMBER PERSON", 2, 2, LIST(assign_option), 0,
	    cli_run_case_assign,
	    { "assign a case to an examiner", "指派鑑識人員" } },
	{ "case authorize", "NUMBER warrant|consent|order:NUMBER", 2, 2,
	    LIST(authorize_option), 0, cli_run_case_authorize,
	    { "enter an authority", "登錄處分依據" } },
	{ "case authorize-end", "NUMBER AUTHORITY", 2, 2, NULL, 0, 0,
	    cli_run_case_authorize_end,
	    { "end an authority", "終止處分依據" } },
	{ "case grant", "NUMBER", 1, 1, LIST(grant_option), 0,
	    cli_run_case_grant,
	    { "let a person or an organisation see a case",
		"授予或終止閱覽" } },
	{ "item announce", "CASE [ITEM]", 1, 2, LIST(announce_option), 0,
	    cli_run_item_announce, { "announce an item", "證物預告" } },
	{ "item derive", "PARENT ITEM", 2, 2, LIST(derive_option), 0,
	    cli_run_item_derive,
	    { "enter what was made or taken from an item", "衍生證物" } },
	{ "item list", "", 0, 0, LIST(item_list_option), 0, cli_run_item_list,
	    { "list the items one may see", "列出證物" } },
	{ "item show", "ITEM", 1, 1, NULL, 0, 0, cli_run_item_show,
	    { "state, custodian, place and seal of an item", "證物現況" } },
	{ "item history", "ITEM", 1, 1, NULL, 0, 0, cli_run_item_history,
	    { "every entry about an item", "證物歷程" } },
	{ "item continuity", "ITEM", 1, 1, NULL, 0, 0, cli_run_item_continuity,
	    { "gaps, seals and digests, with entry numbers",
		"監管鏈連續性檢查" } },
	{ "custody", "ACT [ITEM...]", 1, CLI_MANY, LIST(custody_option), 1,
	    cli_run_custody,
	    { "an act of custody over one or several items", "監管行為" } },
};

const struct cli_group cli_group_cases = {
	{ "Cases, items and custody", "案件、證物與監管" },
	LIST(command),
};
