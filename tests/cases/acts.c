/*
 * acts.c -- people, a case, and usual acts in a real house.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/cases/acts.h"

static void
put(struct ex_json *v, const char *name, const char *text)
{
	MUST(ex_json_set_text(v, name, text, err));
}

static void
open_case(struct desk *d)
{
	struct ex_member *m;
	struct ex_request r;

	ex_request_init(&r);
	MUST(ex_request_add(
	    &r, EX_ACT_CASE_OPEN, EX_STREAM_CASE, ACTS_CASE, &m, err));
	put(m->texts, "title", "A test of acts");
	desk_seat(d, ACTS_OFFICER, NULL);
	MUST(acts_do(d, &r, EX_ACT_CASE_OPEN, NULL, err));
}

void
acts_open(struct desk *d)
{
	desk_open(d);
	desk_person(d, ACTS_OFFICER, "investigator");
	desk_person(d, ACTS_CUSTODIAN, "evidence_custodian");
	desk_person(d, ACTS_EXAMINER, "examiner");
	desk_person(d, ACTS_PROSECUTOR, "prosecutor");
	desk_person(d, ACTS_DUTY, "duty_officer");
	open_case(d);
}

int
acts_group_open(void **state)
{
	static struct desk desk;

	acts_open(&desk);
	*state = &desk;
	return 0;
}

int
acts_group_close(void **state)
{
	desk_close(*state);
	return 0;
}

const char *
acts_item(const char *series, size_t n)
{
	static char item[8][EX_ITEM_MAX + 1];
	static size_t at;

	at = (at + 1) % 8;
	(void)snprintf(item[at], sizeof(item[at]), "%s-%zu", series, n);
	return item[at];
}

void
acts_announce(struct ex_request *r, const char *item)
{
	struct ex_member *m;

	MUST(ex_request_add(r, EX_ACT_ANNOUNCE, EX_STREAM_ITEM, item, &m, err));
	put(m->fields, "case", ACTS_CASE);
	put(m->fields, "seizure_record", "R-1");
	put(m->fields, "kind", "physical_medium");
	put(m->texts, "description", "a disk of a test");
}

void
acts_receive(struct ex_request *r, const char *item)
{
	struct ex_member *m;

	MUST(ex_request_add(r, EX_ACT_RECEIVE, EX_STREAM_ITEM, item, &m, err));
	put(m->fields, "seal", "none");
	put(m->fields, "seal_state", "none");
	put(m->fields, "location", "RECEPTION");
	put(m->texts, "condition", "dry, whole");
}

void
acts_note(struct ex_request *r, const char *item, const char *text)
{
	struct ex_member *m;

	MUST(ex_request_add(r, EX_ACT_NOTE, EX_STREAM_ITEM, item, &m, err));
	put(m->texts, "note", text);
}

int
acts_do(struct desk *d, struct ex_request *r, enum ex_act act,
    struct ex_outcome *out, struct ex_err *why)
{
	struct ex_outcome own = { NULL, 0, "" };
	struct ex_outcome *o = out == NULL ? &own : out;
	int rc = ex_request_seat_desk(r, d->house, act, why);

	memset(o, 0, sizeof(*o));
	if (rc == 0)
		rc = ex_act_do(o, d->house, r, why);
	ex_request_free(r);
	ex_outcome_free(&own);
	return rc;
}

void
acts_announced(struct desk *d, const char *item)
{
	struct ex_request r;

	ex_request_init(&r);
	acts_announce(&r, item);
	desk_seat(d, ACTS_OFFICER, NULL);
	MUST(acts_do(d, &r, EX_ACT_ANNOUNCE, NULL, err));
}

void
acts_received(struct desk *d, const char *item)
{
	struct ex_request r;

	acts_announced(d, item);
	ex_request_init(&r);
	acts_receive(&r, item);
	desk_seat(d, ACTS_CUSTODIAN, ACTS_OFFICER);
	MUST(acts_do(d, &r, EX_ACT_RECEIVE, NULL, err));
}

void
acts_noted(struct desk *d, const char *item)
{
	struct ex_request r;

	ex_request_init(&r);
	acts_note(&r, item, "a remark");
	desk_seat(d, ACTS_OFFICER, NULL);
	MUST(acts_do(d, &r, EX_ACT_NOTE, NULL, err));
}

static long
count(const struct desk *d, const char *sql)
{
	return strtol(desk_sql(d, sql), NULL, 10);
}

long
acts_entries(const struct desk *d)
{
	return count(d, "SELECT count(*) FROM exhibit.entry");
}

long
acts_rejected(const struct desk *d)
{
	return count(d, "SELECT count(*) FROM exhibit.rejected");
}

long
acts_entries_of(const struct desk *d, const char *item)
{
	char sql[256];

	(void)snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM exhibit.entry WHERE stream = 'item:%s'",
	    item);
	return count(d, sql);
}

struct counting {
	const char *ending;
	size_t n;
};

static int
count_name(void *arg, const char *name, struct ex_err *err)
{
	struct counting *c = arg;
	size_t n = strlen(name), k = strlen(c->ending);

	(void)err;
	c->n += n >= k && strcmp(name + n - k, c->ending) == 0;
	return 0;
}

size_t
acts_files(const struct desk *d, const char *name, const char *ending)
{
	struct counting c = { ending, 0 };
	char path[EX_PATH];

	MUST(ex_path_join(path, sizeof(path), d->dir, name, err));
	if (ex_file_exists(path))
		MUST(ex_dir_each(path, count_name, &c, err));
	return c.n;
}

struct ex_json *
acts_finish(struct desk *d, int *status)
{
	struct ex_json *told = NULL;

	desk_seat(d, NULL, NULL);
	*status = -1;
	MUST(ex_pending_finish(&told, status, d->house, err));
	return told;
}

void
acts_clean(const struct desk *d)
{
	assert_int_equal(acts_files(d, "pending", ""), 0);
	assert_int_equal(acts_files(d, "receipts", ".tmp"), 0);
}
