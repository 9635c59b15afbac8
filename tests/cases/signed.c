/*
 * signed.c -- what was signed of an imaging of M-1, and what reports say.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/cases/signed.h"

#include "cases/history.h"
#include "cases/record.h"
#include "report/challenge.h"
#include "report/report.h"

struct ex_json *
signed_in(enum ex_act act, const char *name)
{
	struct ex_json *v = NULL;
	struct ex_record r;

	MUST(ex_record_open(&r, bench.desk.house, "item:M-1", err));
	for (size_t i = 0; i < r.nentries; i++)
		if (r.entry[i]->admission.event.act == act) {
			ex_json_free(v);
			v = ex_json_copy(ex_json_get(
			    r.entry[i]->admission.event.fields, name));
		}
	ex_record_free(&r);
	return v;
}

void
text_of_start(char out[512], const char *name)
{
	struct ex_record r;

	out[0] = '\0';
	MUST(ex_record_open(&r, bench.desk.house, "item:M-1", err));
	for (size_t i = 0; i < r.nentries; i++)
		if (r.entry[i]->admission.event.act == EX_ACT_ACQUIRE_START) {
			const char *text = ex_record_text(r.entry[i], name);

			(void)snprintf(
			    out, 512, "%s", text == NULL ? "" : text);
		}
	ex_record_free(&r);
}

void
assert_member(const struct ex_json *v, const char *name, const char *want)
{
	const char *is = ex_json_get_text(v, name);

	if (is == NULL || strcmp(is, want) != 0)
		fail_msg(
		    "%s: \"%s\", not \"%s\"", name, is == NULL ? "" : is, want);
}

void
assert_word(enum ex_act act, const char *name, const char *want)
{
	struct ex_json *v = signed_in(act, name);

	if (v == NULL || strcmp(ex_json_text(v), want) != 0)
		fail_msg("%s: not \"%s\"", name, want);
	ex_json_free(v);
}

void
report(struct ex_buf *out, int zh)
{
	struct ex_report_frame frame = { .zh = zh, .made_by = "examiner" };
	struct ex_record r;

	ex_buf_free(out);
	MUST(ex_record_open(&r, bench.desk.house, "item:M-1", err));
	MUST(ex_report_write(out, &r, &frame, "html", err));
	ex_record_free(&r);
}

void
assert_said(const struct ex_buf *text, const char *what)
{
	if (strstr(ex_buf_text(text), what) == NULL)
		fail_msg("it does not say \"%s\"", what);
}

void
assert_challenged(const char *code)
{
	struct ex_json *told = NULL;
	const struct ex_json *points;
	int status = 0, found = 0;

	MUST(ex_challenge(&told, &status, bench.desk.house, "M-1", 0, err));
	points = ex_json_get(told, "points");
	for (size_t i = 0; i < ex_json_count(points); i++) {
		const char *is =
		    ex_json_get_text(ex_json_at(points, i), "code");

		found |= is != NULL && strcmp(is, code) == 0;
	}
	ex_json_free(told);
	if (!found)
		fail_msg("nothing is challenged as \"%s\"", code);
}
