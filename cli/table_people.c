/*
 * table_people.c -- organisations, persons, keys, places, tools, policy.
 */
#include "cli/command.h"
#include "cli/runs.h"

#define LIST(a) a, sizeof(a) / sizeof((a)[0])

#define NAME_EN(req)                                               \
	{                                                          \
		"name-en", "TEXT", NULL, req, 0,                   \
		{                                                  \
			"name in English (kept as a commitment)",  \
			    "英文名稱（以承諾值保存）" \
		}                                                  \
	}
#define NAME_ZH                                                    \
	{                                                          \
		"name-zh", "TEXT", NULL, 0, 0,                     \
		{                                                  \
			"name in Chinese (kept as a commitment)",  \
			    "中文名稱（以承諾值保存）" \
		}                                                  \
	}

static const struct cli_option org_option[] = {
	{ "kind", "KIND", NULL, 1, 0,
	    { "police_lab, police_unit, prosecutors_office, ministry, court, "
	      "ci_operator, external_lab or courier",
		"機關種類" } },
	NAME_EN(1),
	NAME_ZH,
	{ "sector", "CODE", NULL, 0, 0,
	    { "sector of a critical infrastructure operator",
		"關鍵基礎設施領域" } },
};

static const struct cli_option person_option[] = {
	{ "org", "CODE", NULL, 1, 0, { "organisation", "所屬機關" } },
	NAME_EN(1),
	NAME_ZH,
	{ "title", "TEXT", NULL, 0, 0, { "title", "職稱" } },
	{ "role", "ROLE[,ROLE...]", NULL, 1, 1,
	    { "roles granted: examiner, evidence_custodian, investigator, "
	      "prosecutor, ...",
		"授予之角色" } },
};

static const struct cli_option role_option[] = {
	{ "add", NULL, NULL, 0, 0, { "grant it", "授予" } },
	{ "end", NULL, NULL, 0, 0, { "end it", "終止" } },
	{ "until", "TIME", NULL, 0, 0, { "ends by itself", "到期日" } },
};

static const struct cli_option competence_option[] = {
	{ "method", "M", NULL, 1, 0, { "method", "方法" } },
	{ "until", "TIME", NULL, 1, 0, { "valid until", "有效期限" } },
};

static const struct cli_option key_option[] = {
	{ "person", "ID", NULL, 1, 0,
	    { "whose key it is; a station or service likewise",
		"金鑰持有人" } },
};

#define GIVEN_KEY                                                                    \
	{ "key", "FILE", NULL, 0, 0,                                                 \
		{ "the key, PKCS#8 in PEM under its PIN; left out: beside the "      \
		  "certificate, its name ending in .key",                            \
		    "金鑰檔（PKCS#8 PEM）；省略時取憑證旁同名之 .key 檔" } },        \
	    { "pkcs11", "URI", NULL, 0, 0,                                           \
		    { "the key is on a card: its PKCS#11 URI (RFC 7512); "           \
		      "?module-path= names the module, else all that p11-kit knows " \
		      "are looked through",                                          \
			"金鑰在卡片上：PKCS#11 URI" } },                             \
	    { "ca", "FILE", NULL, 0, 0,                                              \
		    { "certificates of another body's CAs, PEM; the policy's "       \
		      "\"roots\" name each",                                         \
			"他機關憑證機構之憑證（PEM），須列於政策 roots" } },         \
	{                                                                            \
		"hsm", NULL, NULL, 0, 0,                                             \
		{                                                                    \
			"the token is an HSM, not a card",                           \
			    "載具為 HSM 而非卡片"                             \
		}                                                                    \
	}

static const struct cli_option enrol_option[] = {
	{ "person", "ID", NULL, 1, 0, { "whose key it is", "金鑰持有人" } },
	{ "cert", "FILE", NULL, 1, 0,
	    { "its certificate, PEM or DER", "憑證檔（PEM 或 DER）" } },
	GIVEN_KEY
};

static const struct cli_option rotate_option[] = {
	{ "cert", "FILE", NULL, 0, 0,
	    { "certificate of a new key that is given; left out: a software "
	      "key is made",
		"新金鑰之憑證；省略時產生軟體金鑰" } },
	GIVEN_KEY
};

static const struct cli_option revoke_option[] = {
	{ "reason", "TEXT", NULL, 1, 0, { "why", "理由" } },
	{ "suspect-since", "TIME", NULL, 0, 0,
	    { "entries of this key from then on are disputed",
		"自此時起之紀錄列為有疑義" } },
};

static const struct cli_option location_option[] = {
	{ "kind", "KIND", NULL, 1, 0,
	    { "scene, vehicle, reception, vault, workbench, server, court or "
	      "external",
		"地點種類" } },
	{ "in", "CODE", NULL, 0, 0, { "lies in this place", "上層地點" } },
	NAME_EN(0),
	NAME_ZH,
};

static const struct cli_option tool_option[] = {
	{ "kind", "KIND", NULL, 1, 0,
	    { "imager, write_blocker, workstation or software", "工具種類" } },
	{ "version", "TEXT", NULL, 0, 0, { "version", "版本" } },
	{ "serial", "TEXT", NULL, 0, 0, { "serial number", "序號" } },
	NAME_EN(0),
};

static const struct cli_option validated_option[] = {
	{ "report", "FILE", NULL, 1, 0,
	    { "the validation report; goes into the vault", "確效報告" } },
	{ "until", "TIME", NULL, 1, 0, { "valid until", "有效期限" } },
};

static const struct cli_option delegate_option[] = {
	{ "to", "STATION", NULL, 1, 0, { "the station", "工作站" } },
	{ "until", "TIME", NULL, 0, 0, { "ends by itself", "到期日" } },
};

static const struct cli_command command[] = {
	{ "org add", "CODE", 1, 1, LIST(org_option), 0, cli_run_org_add,
	    { "enter an organisation", "登錄機關" } },
	{ "org list", "", 0, 0, NULL, 0, 0, cli_run_org_list,
	    { "list organisations", "列出機關" } },
	{ "org show", "CODE", 1, 1, NULL, 0, 0, cli_run_org_show,
	    { "show an organisation", "顯示機關" } },
	{ "person add", "ID", 1, 1, LIST(person_option), 0, cli_run_person_add,
	    { "enter a person", "登錄人員" } },
	{ "person list", "", 0, 0, NULL, 0, 0, cli_run_person_list,
	    { "list persons", "列出人員" } },
	{ "person show", "ID", 1, 1, NULL, 0, 0, cli_run_person_show,
	    { "show a person", "顯示人員" } },
	{ "person role", "ID ROLE", 2, 2, LIST(role_option), 0,
	    cli_run_person_role, { "grant or end a role", "授予或終止角色" } },
	{ "person competence", "ID", 1, 1, LIST(competence_option), 0,
	    cli_run_person_competence,
	    { "record competence in a method", "登錄方法能力" } },
	{ "key new", "NAME", 1, 1, LIST(key_option), 0, cli_run_key_new,
	    { "make a software key, have it certified and enrolled",
		"產生軟體金鑰、簽發憑證並登錄" } },
	{ "key enrol", "NAME", 1, 1, LIST(enrol_option), 0, cli_run_key_enrol,
	    { "enrol a key that exists: on a card, or in a PEM file",
		"登錄既有金鑰（卡片或 PEM 檔）" } },
	{ "key list", "", 0, 0, NULL, 0, 0, cli_run_key_list,
	    { "list enrolled keys", "列出已登錄金鑰" } },
	{ "key show", "NAME", 1, 1, NULL, 0, 0, cli_run_key_show,
	    { "show a key", "顯示金鑰" } },
	{ "key rotate", "NAME", 1, 1, LIST(rotate_option), 0,
	    cli_run_key_rotate,
	    { "replace a key by a new one, signed by both",
		"以新金鑰更換舊金鑰（新舊皆簽署）" } },
	{ "key rotate-log", "", 0, 0, NULL, 0, 0, cli_run_key_rotate_log,
	    { "give the log a new key; one checkpoint carries both lines",
		"更換日誌金鑰" } },
	{ "key rotate-ca", "", 0, 0, NULL, 0, 0, cli_run_key_rotate_ca,
	    { "give the laboratory a new CA; the old one certifies no more",
		"更換實驗室憑證機構" } },
	{ "key revoke", "NAME", 1, 1, LIST(revoke_option), 0,
	    cli_run_key_revoke, { "revoke a key", "廢止金鑰" } },
	{ "location add", "CODE", 1, 1, LIST(location_option), 0,
	    cli_run_location_add, { "enter a place", "登錄地點" } },
	{ "location list", "", 0, 0, NULL, 0, 0, cli_run_location_list,
	    { "list places", "列出地點" } },
	{ "location show", "CODE", 1, 1, NULL, 0, 0, cli_run_location_show,
	    { "show a place", "顯示地點" } },
	{ "tool add", "ID", 1, 1, LIST(tool_option), 0, cli_run_tool_add,
	    { "enter a tool", "登錄工具" } },
	{ "tool validated", "ID", 1, 1, LIST(validated_option), 0,
	    cli_run_tool_validated,
	    { "record a tool's validation", "登錄工具確效" } },
	{ "tool list", "", 0, 0, NULL, 0, 0, cli_run_tool_list,
	    { "list tools", "列出工具" } },
	{ "tool show", "ID", 1, 1, NULL, 0, 0, cli_run_tool_show,
	    { "show a tool", "顯示工具" } },
	{ "delegate", "", 0, 0, LIST(delegate_option), 0, cli_run_delegate,
	    { "let a station sign machine facts in one's name",
		"授權工作站代簽機器事實" } },
	{ "delegate list", "", 0, 0, NULL, 0, 0, cli_run_delegate_list,
	    { "list stations and who lets them sign", "列出授權工作站" } },
	{ "delegate show", "STATION/PERSON", 1, 1, NULL, 0, 0,
	    cli_run_delegate_show, { "show one of them", "顯示授權" } },
	{ "policy set", "FILE", 1, 1, NULL, 0, 0, cli_run_policy_set,
	    { "put a new policy in force", "發布新政策" } },
	{ "policy show", "", 0, 0, NULL, 0, 0, cli_run_policy_show,
	    { "show the policy in force", "顯示現行政策" } },
};

const struct cli_group cli_group_people = {
	{ "People, keys, places and tools", "人員、金鑰、地點與工具" },
	LIST(command),
};
