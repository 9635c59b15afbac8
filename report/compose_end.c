/*
 * compose_end.c -- continuity (7), how to check all of this and what it does
 * not prove (8), people (9).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "report/compose.h"
#include "report/words.h"

/* Since when the chain can be shown. */
static void
say_beginning(struct ex_document *doc, const struct ex_report_item *item)
{
	char at[EX_COMPOSE_TIME], text[EX_COMPOSE_TEXT];

	if (item->nentries == 0)
		return;
	ex_compose_time(at, item->continuity.since);
	(void)snprintf(text, sizeof(text),
	    item->continuity.seized
		? ex_doc_say(doc, "On record since the seizure, %s.",
		      "自扣押時（%s）起有紀錄。")
		: ex_doc_say(doc,
		      "On record since %s; what happened between the seizure "
		      "and this first entry is not in this log.",
		      "自 %s 起有紀錄；扣押至首筆紀錄間之情形不在本日誌內。"),
	    at);
	ex_doc_text(doc, text);
}

static void
say_answers(struct ex_document *doc, const struct ex_report_item *item)
{
	for (size_t i = 0; i < item->continuity.n; i++) {
		const struct ex_continuity_finding *c =
		    &item->continuity.finding[i];
		struct ex_buf text = EX_BUF_INIT;

		if (!c->answered)
			continue;
		if (ex_buf_addf(&text, &doc->err,
			ex_doc_say(doc,
			    "%s/%" PRIu64 " is explained by %s/%" PRIu64 ": %s",
			    "%s/%" PRIu64 " 由 %s/%" PRIu64 " 說明：%s"),
			c->item, c->entry[0], c->item, c->answer,
			c->words != NULL ? c->words
					 : ex_doc_say(doc, "(text withheld)",
					       "（內容未提供）")) == 0)
			ex_doc_point(doc, ex_buf_text(&text));
		ex_buf_free(&text);
	}
}

void
ex_compose_continuity(struct ex_document *doc, const struct ex_report_facts *f)
{
	ex_doc_section(
	    doc, ex_doc_say(doc, "7. Continuity", "七、監管連續性"), 0);
	for (size_t i = 0; i < f->nitems; i++) {
		const struct ex_report_item *item = &f->item[i];

		ex_doc_heading(doc, item->item);
		if (!item->digital)
			say_beginning(doc, item);
		if (item->continuity.n == 0)
			ex_doc_text(doc,
			    ex_doc_say(doc,
				"Complete: no gap, no overlap, no unexplained "
				"seal change, no digest that differs.",
				"完整：無間斷、無重疊、封緘變動均有紀錄、"
				"雜湊值均相符。"));
		ex_compose_findings(doc, item, 0);
		say_answers(doc, item);
	}
}

static void
say_checkpoint(struct ex_document *doc, const struct ex_report_facts *f)
{
	const struct ex_record *r = f->record;
	char hex[2 * EX_HASH + 1], vkey[EX_VKEY_TEXT];

	ex_hex(hex, r->checkpoint.root, EX_HASH);
	ex_doc_fact(doc, ex_doc_say(doc, "Log", "日誌"), r->checkpoint.origin);
	ex_doc_factf(doc, ex_doc_say(doc, "Entries in the log", "日誌紀錄總數"),
	    "%" PRIu64, r->checkpoint.size);
	ex_doc_fact(doc, ex_doc_say(doc, "Root of the tree", "樹根"), hex);
	if (ex_vkey_text(vkey, &r->log, NULL) == 0)
		ex_doc_fact(
		    doc, ex_doc_say(doc, "Key of the log", "日誌金鑰"), vkey);
	ex_doc_factf(doc,
	    ex_doc_say(doc, "Entries behind this report", "本報告依據紀錄數"),
	    "%zu", r->nentries);
	ex_doc_fact(doc,
	    ex_doc_say(doc, "Witnesses, time tokens", "見證及時戳"),
	    ex_doc_say(doc,
		"not judged by this report: the bundle holds those there are, "
		"and exhibit-verify says whose they are and since when",
		"本報告不予判斷：驗證包內含既有者，由 exhibit-verify 說明其來源與時間"));
}

static void
say_limits(struct ex_document *doc)
{
	static const struct {
		const char *en, *zh;
	} limit[] = {
		{ "what happened to an exhibit before its first entry",
		    "首筆紀錄前證物之情形" },
		{ "that a statement was true when it was signed; only that "
		  "it was signed and has not changed since",
		    "簽署內容於簽署時為真實；僅證明確曾簽署且其後未變更" },
		{ "who sat at a key that is kept in a file and was unlocked; "
		  "the laboratory issued such keys and could have made such "
		  "a signature",
		    "以檔案保存且已解鎖之金鑰實際由何人操作；"
		    "此類金鑰由實驗室核發，實驗室有能力作成該簽名" },
		{ "that this is the only history: unless others have "
		  "countersigned the log, two histories would only show when "
		  "two checkpoints or a receipt are compared",
		    "此為唯一歷程：日誌未經實驗室以外機關副署者，"
		    "須比對兩份檢查點或收據始能發現歷程分歧" },
		{ "the times: they are what the signers stated",
		    "時間：均為簽署人所載" },
	};

	ex_doc_heading(
	    doc, ex_doc_say(doc, "What this does not prove", "本報告不能證明"));
	for (size_t i = 0; i < sizeof(limit) / sizeof(limit[0]); i++)
		ex_doc_point(doc, ex_doc_say(doc, limit[i].en, limit[i].zh));
}

void
ex_compose_integrity(struct ex_document *doc, const struct ex_report_facts *f)
{
	ex_doc_section(doc,
	    ex_doc_say(doc, "8. Integrity, and how to check it",
		"八、完整性及驗證方法"),
	    0);
	ex_doc_text(doc,
	    ex_doc_say(doc,
		"Every statement above is computed from signed entries: each "
		"signature was checked, each act judged again, and each entry "
		"proven to be in the log of this checkpoint.",
		"以上內容均由已簽署之紀錄計算：逐筆驗證簽名、重新審核行為，"
		"並證明各筆均納入此檢查點之日誌。"));
	say_checkpoint(doc, f);
	ex_doc_text(doc,
	    ex_doc_say(doc,
		"The offline bundle of this case holds the entries. Check it "
		"with the program below, or with openssl and sha256sum as its "
		"VERIFY.txt says; obtain the fingerprints from a second "
		"source.",
		"本案離線驗證包內含各筆紀錄，可用下列程式，或依其 VERIFY.txt "
		"以 openssl 與 sha256sum 驗證；金鑰指紋應由其他來源取得。"));
	ex_doc_code(doc, "exhibit-verify BUNDLE --policy FILE --roots FILE");
	say_limits(doc);
}

/* Granted roles, for people of the laboratory's list. */
static void
granted(char out[EX_COMPOSE_TEXT], const struct ex_report_facts *f,
    const char *person, int zh)
{
	struct ex_json *v = NULL;
	const struct ex_json *roles;
	size_t used = 0;

	out[0] = '\0';
	if (ex_record_fact(&v, f->record, "person", person, NULL) == -1)
		return;
	roles = ex_json_get(v, "roles");
	for (size_t i = 0; i < ex_json_count(roles); i++) {
		const char *role =
		    ex_json_get_text(ex_json_at(roles, i), "role");
		int n = snprintf(out + used, EX_COMPOSE_TEXT - used, "%s%s",
		    used == 0 ? "" : ", ",
		    role != NULL ? ex_word("role", role, zh) : "?");

		if (n < 0 || (size_t)n >= EX_COMPOSE_TEXT - used)
			break;
		used += (size_t)n;
	}
	ex_json_free(v);
}

/* Functions, "custodian, holder", in the document's words. */
static void
functions(char out[EX_COMPOSE_TEXT], const char *list, int zh)
{
	size_t used = 0;

	out[0] = '\0';
	while (list != NULL && *list != '\0') {
		size_t len = strcspn(list, ",");
		char role[64];
		int n;

		(void)snprintf(role, sizeof(role), "%.*s", (int)len, list);
		n = snprintf(out + used, EX_COMPOSE_TEXT - used, "%s%s",
		    used == 0 ? "" : ", ", ex_word("role", role, zh));
		if (n < 0 || (size_t)n >= EX_COMPOSE_TEXT - used)
			break;
		used += (size_t)n;
		list += len;
		list += strspn(list, ", ");
	}
}

/* Where the key ended, and since when it was not its owner's alone. */
static void
revoked(char out[EX_COMPOSE_TEXT], const struct ex_document *doc,
    const struct ex_json *key)
{
	const char *since = ex_json_get_text(key, "compromised_since");
	int64_t at = ex_json_get_int(key, "revoked", -1);
	size_t used = strlen(out);

	if (at < 0)
		return;
	(void)snprintf(out + used, EX_COMPOSE_TEXT - used,
	    ex_doc_say(doc, "; ended by entry %" PRId64 "%s%.19s",
		"；自日誌第 %" PRId64 " 筆起失效%s%.19s"),
	    at,
	    since == NULL
		? ""
		: ex_doc_say(doc, ", compromised since ", "，遭冒用始於 "),
	    since == NULL ? "" : since);
}

/* How many registrars saw the person when the key was enrolled. */
static void
enrolled(char out[EX_COMPOSE_TEXT], const struct ex_document *doc,
    const struct ex_report_facts *f, const char *cert)
{
	struct ex_json *v = NULL;
	const struct ex_json *list;
	int64_t n;

	out[0] = '\0';
	if (ex_record_fact(&v, f->record, "key", cert, NULL) == -1 || v == NULL)
		return;
	list = ex_json_get(v, "registrars");
	n = ex_json_is_integer(list) ? ex_json_int(list)
				     : (int64_t)ex_json_count(list);
	(void)snprintf(out, EX_COMPOSE_TEXT,
	    n == 1 ? ex_doc_say(doc, "enrolled by one person", "一人登錄")
		   : ex_doc_say(doc, "enrolled by %d persons", "%d 人登錄"),
	    (int)n);
	revoked(out, doc, v);
	ex_json_free(v);
}

static void
say_person(struct ex_document *doc, const struct ex_report_facts *f,
    const struct ex_report_person *p)
{
	char cert[EX_SHA256_HEX] = "", acts[24], roles[EX_COMPOSE_TEXT];
	char how[EX_COMPOSE_TEXT] = "", here[EX_COMPOSE_TEXT];
	const char *cell[] = { p->person, p->org, here, roles, acts,
		p->key != NULL ? ex_record_assurance(f->record, p->key, doc->zh)
			       : ex_doc_say(doc, "no key of their own used",
				     "未使用自有金鑰"),
		how, cert };

	if (p->key != NULL) {
		ex_hex(cert, p->key->cert_sha256, EX_SHA256_LEN);
		enrolled(how, doc, f, cert);
	}
	functions(here, p->role, doc->zh);
	granted(roles, f, p->person, doc->zh);
	(void)snprintf(acts, sizeof(acts), "%zu", p->acts);
	ex_doc_row(doc, cell);
}

void
ex_compose_people(struct ex_document *doc, const struct ex_report_facts *f)
{
	const char *head[] = { ex_doc_say(doc, "Service number", "人員代號"),
		ex_doc_say(doc, "Organisation", "機關"),
		ex_doc_say(doc, "Functions here", "本案職務"),
		ex_doc_say(doc, "Granted roles", "授予角色"),
		ex_doc_say(doc, "Acts", "紀錄數"),
		ex_doc_say(doc, "Key", "金鑰"),
		ex_doc_say(doc, "Enrolment", "登錄"),
		ex_doc_say(doc, "Certificate (SHA-256)", "憑證（SHA-256）") };

	ex_doc_section(doc, ex_doc_say(doc, "9. People", "九、人員"), 0);
	ex_doc_table(
	    doc, ex_doc_say(doc, "Who took part", "參與人員"), head, 8);
	for (size_t i = 0; i < f->npersons; i++)
		say_person(doc, f, &f->person[i]);
}
