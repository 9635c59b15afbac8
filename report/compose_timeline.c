/*
 * compose_timeline.c -- who held an item and where, its seal, its imagings
 * and what is open, as a picture.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "custody/state.h"
#include "report/compose.h"

enum {
	LANES = 6, /* besides number and time */
	COLUMNS = LANES + 2
};

/* What the item is after an entry, and what was so before it. */
struct step {
	const struct ex_json *fact;
	int imaging;
};

static const char *
state_of(const struct ex_document *doc, const struct ex_json *fact)
{
	const char *name = ex_compose_member(fact, "state");
	enum ex_state state;

	return ex_state_parse(&state, name, NULL) == 0
		   ? ex_state_title(state, doc->zh)
		   : name;
}

/* The first open finding that names this entry; "" when there is none. */
static const char *
finding_of(char out[EX_COMPOSE_TEXT], const struct ex_document *doc,
    const struct ex_report_item *item, uint64_t seq)
{
	out[0] = '\0';
	for (size_t i = 0; i < item->continuity.n; i++) {
		const struct ex_continuity_finding *c =
		    &item->continuity.finding[i];

		for (size_t k = 0; k < c->nentries; k++) {
			if (c->entry[k] != seq)
				continue;
			(void)snprintf(out, EX_COMPOSE_TEXT, "%s%s",
			    c->answered ? "" : "!",
			    ex_finding_title(c->code, doc->zh));
			return out;
		}
	}
	return out;
}

/* Does the entry show in the picture?  Remarks and views do not. */
static int
is_shown(
    const struct ex_report_item *item, size_t i, const struct ex_document *doc)
{
	const struct ex_record_entry *e = item->entry[i];
	char text[EX_COMPOSE_TEXT];

	return i == 0 || !ex_report_is_access(e->admission.event.act) ||
	       finding_of(text, doc, item, e->admission.event.seq)[0] != '\0';
}

static void
add_step(struct ex_document *doc, const struct ex_report_item *item,
    const struct ex_record_entry *e, struct step *s)
{
	const struct ex_event *event = &e->admission.event;
	const struct ex_json *after = ex_record_after(e, "item", item->item);
	char number[24], at[EX_COMPOSE_TIME], finding[EX_COMPOSE_TEXT];
	const char *cell[COLUMNS];

	if (after != NULL)
		s->fact = after;
	if (event->act == EX_ACT_ACQUIRE_START)
		s->imaging = 1;
	(void)snprintf(number, sizeof(number), "%" PRIu64, event->seq);
	cell[0] = number;
	cell[1] = ex_compose_time(at, event->occurred_at);
	cell[2] = ex_compose_act(doc, event);
	cell[3] = ex_compose_member(s->fact, "custodian");
	cell[4] = ex_compose_member(s->fact, "location");
	cell[5] = ex_compose_member(s->fact, "seal");
	cell[6] = s->imaging ? ex_doc_say(doc, "imaging", "取證")
			     : state_of(doc, s->fact);
	cell[7] = finding_of(finding, doc, item, event->seq);
	ex_doc_row(doc, cell);
	if (event->act == EX_ACT_ACQUIRE_END)
		s->imaging = 0;
}

void
ex_compose_timeline(struct ex_document *doc, const struct ex_report_item *item)
{
	const char *head[COLUMNS] = { ex_doc_say(doc, "No.", "序號"),
		ex_doc_say(doc, "Time", "時間"), ex_doc_say(doc, "Act", "行為"),
		ex_doc_say(doc, "Custodian", "保管人"),
		ex_doc_say(doc, "Place", "處所"),
		ex_doc_say(doc, "Seal", "封緘"),
		ex_doc_say(doc, "State", "狀態"),
		ex_doc_say(doc, "Findings", "待釐清") };
	struct step s = { NULL, 0 };

	if (item->nentries == 0)
		return;
	ex_doc_chart(doc,
	    ex_doc_say(doc,
		"Custody, entry by entry (equal steps, not to scale; times in "
		"UTC)",
		"監管歷程圖（每筆紀錄一格，不按時間比例；時間為 UTC）"),
	    head, COLUMNS);
	for (size_t i = 0; i < item->nentries; i++)
		if (is_shown(item, i, doc))
			add_step(doc, item, item->entry[i], &s);
}
