/*
 * compose_people.c -- who took part: name, role, organisation, competence,
 * key and where it was kept (9).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "report/compose.h"
#include "report/words.h"

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

/* "examiner: Name, 姓名", as the person was entered last. */
static void
name_of(char out[EX_COMPOSE_TEXT], const struct ex_report_facts *f,
    const char *person)
{
	const char *en = NULL, *zh = NULL;

	for (size_t i = 0; i < f->record->nentries; i++) {
		const struct ex_record_entry *e = f->record->entry[i];
		const char *id =
		    ex_json_get_text(e->admission.event.fields, "id");

		if (e->admission.event.act != EX_ACT_PERSON_ADD || id == NULL ||
		    strcmp(id, person) != 0)
			continue;
		en = ex_record_text(e, "name_en");
		zh = ex_record_text(e, "name_zh");
	}
	(void)snprintf(out, EX_COMPOSE_TEXT, "%s%s%.200s%s%.200s", person,
	    en == NULL && zh == NULL ? "" : ": ", en == NULL ? "" : en,
	    en == NULL || zh == NULL ? "" : ", ", zh == NULL ? "" : zh);
}

static int
takes_part(const struct ex_report_facts *f, const char *person)
{
	for (size_t i = 0; i < f->npersons; i++)
		if (strcmp(f->person[i].person, person) == 0)
			return 1;
	return 0;
}

/* What each of them may do, and until when, as the log has it. */
static void
say_competence(struct ex_document *doc, const struct ex_report_facts *f)
{
	const char *head[] = { ex_doc_say(doc, "Service number", "人員代號"),
		ex_doc_say(doc, "Method", "方法"),
		ex_doc_say(doc, "In date until", "有效至"),
		ex_doc_say(doc, "Entered", "登錄時間"),
		ex_doc_say(doc, "Entry", "紀錄") };
	int any = 0;

	for (size_t i = 0; i < f->record->nentries; i++) {
		const struct ex_record_entry *e = f->record->entry[i];
		const struct ex_event *event = &e->admission.event;
		char ref[EX_COMPOSE_TEXT], at[EX_COMPOSE_TIME], n[3][24];
		const char *cell[] = { ex_report_value(e, "person", n[0]),
			ex_report_value(e, "method", n[1]),
			ex_report_value(e, "until", n[2]),
			ex_compose_time(at, event->occurred_at),
			ex_compose_ref(ref, e) };

		if (event->act != EX_ACT_COMPETENCE || cell[0] == NULL ||
		    !takes_part(f, cell[0]))
			continue;
		if (!any++)
			ex_doc_table(doc,
			    ex_doc_say(
				doc, "Competence on record", "登錄之鑑識能力"),
			    head, 5);
		ex_doc_row(doc, cell);
	}
	if (!any)
		ex_doc_text(
		    doc, ex_doc_say(doc,
			     "No competence is on record for any of them.",
			     "參與人員均無登錄之鑑識能力。"));
}

static void
say_person(struct ex_document *doc, const struct ex_report_facts *f,
    const struct ex_report_person *p)
{
	char cert[EX_SHA256_HEX] = "", acts[24], roles[EX_COMPOSE_TEXT];
	char how[EX_COMPOSE_TEXT] = "", here[EX_COMPOSE_TEXT];
	char name[EX_COMPOSE_TEXT];
	const char *cell[] = { name, p->org, here, roles, acts,
		p->key != NULL ? ex_record_assurance(f->record, p->key, doc->zh)
			       : ex_doc_say(doc, "no key of their own used",
				     "未使用自有金鑰"),
		how, cert };

	if (p->key != NULL) {
		ex_hex(cert, p->key->cert_sha256, EX_SHA256_LEN);
		enrolled(how, doc, f, cert);
	}
	name_of(name, f, p->person);
	functions(here, p->role, doc->zh);
	granted(roles, f, p->person, doc->zh);
	(void)snprintf(acts, sizeof(acts), "%zu", p->acts);
	ex_doc_row(doc, cell);
}

void
ex_compose_people(struct ex_document *doc, const struct ex_report_facts *f)
{
	const char *head[] = { ex_doc_say(doc, "Person", "人員"),
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
	say_competence(doc, f);
}
