/*
 * facts_people.c -- who took part, in which functions, with which key.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "report/facts_parts.h"

enum {
	PEOPLE_MAX = 4096 /* of one report; more is a fault of the record */
};

/* The person's row, new if need be; a second key makes a second row. */
static struct ex_report_person *
row_of(
    struct ex_report_facts *out, const struct ex_party *p, struct ex_err *err)
{
	struct ex_report_person *row;
	size_t want;

	for (size_t i = 0; i < out->npersons; i++) {
		row = &out->person[i];
		if (strcmp(row->person, p->person) == 0 &&
		    (row->key == NULL) == !ex_mode_signs(p->mode) &&
		    (row->key == NULL ||
			memcmp(row->key->cert_sha256, p->cert_sha256,
			    EX_SHA256_LEN) == 0))
			return row;
	}
	if (out->npersons == PEOPLE_MAX) {
		ex_fail(err, EX_LIMIT, "more than %d people", PEOPLE_MAX);
		return NULL;
	}
	want = (out->npersons + 1) * sizeof(*row);
	if ((row = realloc(out->person, want)) == NULL) {
		ex_fail(err, EX_SYSTEM, "out of memory");
		return NULL;
	}
	out->person = row;
	row = &out->person[out->npersons++];
	memset(row, 0, sizeof(*row));
	row->person = p->person;
	row->org = p->org;
	row->key = ex_mode_signs(p->mode) ? p : NULL;
	return row;
}

/* Does a comma-separated list hold the word? */
static int
holds(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = text; p != NULL; p = strchr(p, ',')) {
		p += *p == ',' ? 2 : 0;
		if (strncmp(p, word, n) == 0 && (p[n] == '\0' || p[n] == ','))
			return 1;
	}
	return 0;
}

static int
add_role(struct ex_report_person *row, const char *role, struct ex_err *err)
{
	struct ex_buf b = EX_BUF_INIT;

	if (row->role != NULL && holds(row->role, role))
		return 0;
	if ((row->role != NULL &&
		ex_buf_addf(&b, err, "%s, ", row->role) == -1) ||
	    ex_buf_add_text(&b, role, err) == -1) {
		ex_buf_free(&b);
		return -1;
	}
	free(row->role);
	row->role = ex_buf_take_text(&b);
	return 0;
}

int
ex_report_people(
    struct ex_report_facts *out, const struct ex_record *r, struct ex_err *err)
{
	for (size_t i = 0; i < r->nentries; i++) {
		const struct ex_event *e = &r->entry[i]->admission.event;

		if (e->stream.kind == EX_STREAM_LAB)
			continue;
		for (size_t k = 0; k < e->nparties; k++) {
			struct ex_report_person *row =
			    row_of(out, &e->party[k], err);

			if (row == NULL ||
			    add_role(row, e->party[k].role, err) == -1)
				return -1;
			row->acts++;
		}
	}
	return 0;
}

void
ex_report_people_free(struct ex_report_facts *f)
{
	for (size_t i = 0; i < f->npersons; i++)
		free(f->person[i].role);
	free(f->person);
}
