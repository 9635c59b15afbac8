/*
 * compose_device.c -- the medium as it was read, who said each of its values,
 * and what has to be said beside every answer about its copy (4).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/compose.h"
#include "report/words.h"

#define ASKED "asked_"

static const struct ex_json *
object(const struct ex_record_entry *e, const char *name)
{
	return e == NULL ? NULL : ex_json_get(e->admission.event.fields, name);
}

/* The code's word out of the list of its own name, or of the common one. */
static const char *
word_of(const struct ex_document *doc, const char *key, const char *text)
{
	return ex_word(ex_word_known(key, text) ? key : "value", text, doc->zh);
}

struct telling {
	struct ex_document *doc;
	const struct ex_json *learned;
};

/* "VALUE (who said so)"; questions are told where they went wrong alone. */
static int
say_member(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	const struct telling *t = arg;
	struct ex_document *doc = t->doc;
	const char *name = ex_word_label(key, doc->zh);
	const char *by = ex_json_get_text(t->learned, key);
	const char *text = ex_json_text(v);
	char value[EX_COMPOSE_TEXT];

	(void)err;
	if (strncmp(key, ASKED, sizeof(ASKED) - 1) == 0) {
		if (text != NULL && strcmp(text, "ok") != 0)
			ex_doc_fact(doc,
			    ex_word(
				"learned", &key[sizeof(ASKED) - 1], doc->zh),
			    ex_word("asked", text, doc->zh));
		return 0;
	}
	if (text != NULL)
		(void)snprintf(
		    value, sizeof(value), "%.240s", word_of(doc, key, text));
	else
		(void)snprintf(
		    value, sizeof(value), "%" PRId64, ex_json_int(v));
	if (by == NULL)
		ex_doc_fact(doc, name, value);
	else
		ex_doc_factf(doc, name, "%s (%s)", value,
		    ex_word("learned", by, doc->zh));
	return 0;
}

struct smart {
	struct ex_document *doc;
	const struct ex_json *after;
	int has_before;
};

static void
cell_of(const struct ex_document *doc, char out[64], const struct ex_json *v)
{
	if (ex_json_text(v) != NULL)
		(void)snprintf(out, 64, "%.60s",
		    ex_word("value", ex_json_text(v), doc->zh));
	else if (v != NULL)
		(void)snprintf(out, 64, "%" PRId64, ex_json_int(v));
	else
		(void)snprintf(
		    out, 64, "%s", ex_doc_say(doc, "unknown", "不明"));
}

static int
say_count(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	struct smart *s = arg;
	char before[64], after[64];
	const char *cell[] = { ex_word_label(key, s->doc->zh), before, after };

	(void)err;
	cell_of(s->doc, before, s->has_before ? v : NULL);
	cell_of(s->doc, after, s->has_before ? ex_json_get(s->after, key) : v);
	ex_doc_row(s->doc, cell);
	return 0;
}

/* What it counted before and after; nothing when it never said. */
static void
say_smart(struct ex_document *doc, const struct ex_record_entry *start,
    const struct ex_record_entry *end)
{
	const char *head[] = { "SMART",
		ex_doc_say(doc, "Before reading", "讀取前"),
		ex_doc_say(doc, "After reading", "讀取後") };
	const struct ex_json *before = object(start, "smart");
	struct smart s = { doc, object(end, "smart"), before != NULL };

	if (before == NULL && s.after == NULL)
		return;
	ex_doc_table(doc,
	    ex_doc_say(doc, "What the medium says of its health",
		"媒體自述之健康狀態"),
	    head, 3);
	(void)ex_json_each(
	    before != NULL ? before : s.after, say_count, &s, NULL);
}

void
ex_compose_device(struct ex_document *doc, const struct ex_record_entry *start,
    const struct ex_record_entry *end)
{
	struct telling t = { doc, object(start, "learned") };
	const struct ex_json *device = object(start, "device");
	const char *by = ex_json_get_text(t.learned, "method");

	if (by != NULL)
		ex_doc_fact(doc,
		    ex_doc_say(
			doc, "How the method is known", "取證方法之依據"),
		    ex_word("learned", by, doc->zh));
	if (device != NULL)
		(void)ex_json_each(device, say_member, &t, NULL);
	say_smart(doc, start, end);
}

/* Said beside every answer about the copy, behind what out holds already. */
void
ex_compose_beside(char out[EX_COMPOSE_TEXT], const struct ex_document *doc,
    const struct ex_record_entry *start)
{
	const struct ex_json *device = object(start, "device");
	const char *hpa = ex_json_get_text(device, "hpa");
	const char *dco = ex_json_get_text(device, "dco");
	size_t n = strlen(out);

	if ((hpa != NULL && strcmp(hpa, "yes") == 0) ||
	    (dco != NULL && strcmp(dco, "yes") == 0))
		(void)snprintf(&out[n], EX_COMPOSE_TEXT - n, "%s",
		    ex_doc_say(doc,
			" The medium hides sectors: they are not in it.",
			"媒體有隱藏磁區，未包含於映像。"));
	n = strlen(out);
	if (start != NULL &&
	    ex_json_get_int(start->admission.event.fields, "live", 0) == 1)
		(void)snprintf(&out[n], EX_COMPOSE_TEXT - n, "%s",
		    ex_doc_say(doc,
			" It was read while its system was running: what "
			"changed meanwhile is mixed.",
			"讀取時系統正在運作，期間之變動可能混雜其中。"));
}
