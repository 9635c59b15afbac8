/*
 * custody_csv.c -- the custody table for a spreadsheet.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "report/case_uco.h"
#include "report/escape.h"

static const char *const column[] = { "item", "entry", "index", "leaf",
	"occurred_at", "act", "custodian", "location", "seal", "seal_state",
	"purpose", "parties" };

enum {
	COLUMNS = sizeof(column) / sizeof(column[0]),
	PARTIES = 2048
};

/* Would a spreadsheet calculate it?  (OWASP, "CSV injection".) */
static int
is_formula(const char *text)
{
	return text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
}

/* "text" in quotes, its own quotes doubled, control characters shown. */
static int
put_cell(struct ex_buf *out, const char *text, struct ex_err *err)
{
	struct ex_buf shown = EX_BUF_INIT;
	int rc = -1;

	if (ex_buf_add_byte(out, '"', err) == -1 ||
	    (is_formula(text) && ex_buf_add_byte(out, '\'', err) == -1) ||
	    ex_escape_plain(&shown, text, err) == -1)
		goto out;
	for (size_t i = 0; i < shown.len; i++) {
		if ((shown.data[i] == '"' &&
			ex_buf_add_byte(out, '"', err) == -1) ||
		    ex_buf_add_byte(out, shown.data[i], err) == -1)
			goto out;
	}
	rc = ex_buf_add_byte(out, '"', err);
out:
	ex_buf_free(&shown);
	return rc;
}

static int
put_line(
    struct ex_buf *out, const char *const cell[COLUMNS], struct ex_err *err)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		if ((i > 0 && ex_buf_add_byte(out, ',', err) == -1) ||
		    put_cell(out, cell[i] == NULL ? "" : cell[i], err) == -1)
			return -1;
	}
	return ex_buf_add_text(out, "\r\n", err);
}

/* "person (role, mode); person (role, mode)" */
static void
say_parties(char out[PARTIES], const struct ex_event *e)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < e->nparties; i++) {
		int n = snprintf(out + used, PARTIES - used, "%s%s (%s, %s)",
		    i == 0 ? "" : "; ", e->party[i].person, e->party[i].role,
		    ex_mode_name(e->party[i].mode));

		if (n < 0 || (size_t)n >= PARTIES - used)
			break;
		used += (size_t)n;
	}
}

static int
put_entry(struct ex_buf *out, const struct ex_report_item *item,
    const struct ex_record_entry *e, const struct ex_json *fact,
    struct ex_err *err)
{
	const struct ex_event *event = &e->admission.event;
	char seq[24], index[24], leaf[2 * EX_HASH + 1], at[EX_TIME_TEXT];
	char parties[PARTIES], n[2][24];
	const char *cell[COLUMNS] = { item->item, seq, index, leaf, at,
		event->def->name, ex_json_get_text(fact, "custodian"),
		ex_json_get_text(fact, "location"),
		ex_json_get_text(fact, "seal"),
		ex_report_value(e, "seal_state", n[0]),
		ex_report_value(e, "purpose", n[1]), parties };

	(void)snprintf(seq, sizeof(seq), "%" PRIu64, event->seq);
	(void)snprintf(index, sizeof(index), "%" PRIu64, e->index);
	ex_hex(leaf, e->admission.leaf, EX_HASH);
	ex_time_text(at, event->occurred_at);
	say_parties(parties, event);
	return put_line(out, cell, err);
}

int
ex_custody_csv(
    struct ex_buf *out, const struct ex_report_facts *f, struct ex_err *err)
{
	if (ex_buf_add_text(out, "\xef\xbb\xbf", err) == -1 ||
	    put_line(out, column, err) == -1)
		return -1;
	for (size_t i = 0; i < f->nitems; i++) {
		const struct ex_report_item *item = &f->item[i];
		const struct ex_json *fact = NULL;

		for (size_t k = 0; k < item->nentries; k++) {
			const struct ex_json *after =
			    ex_record_after(item->entry[k], "item", item->item);

			fact = after != NULL ? after : fact;
			if (put_entry(out, item, item->entry[k], fact, err) ==
			    -1)
				return -1;
		}
	}
	return 0;
}
