/*
 * walk.c -- the entries of one stream, opened one by one.
 */
#include "cases/walk.h"

#include <stdlib.h>
#include <string.h>

#include "db/store.h"
#include "signing/cms.h"

struct walk {
	ex_walk_each *each;
	void *arg;
};

static int
open_row(const struct walk *w, const struct ex_entry_row *row,
    struct ex_cms *cms, struct ex_err *err)
{
	struct ex_openings o = { 0 };
	struct ex_event e = { 0 };
	int rc = -1;

	if (ex_cms_parse(cms, row->entry.p, row->entry.n, err) == -1)
		return -1;
	if (ex_event_parse(&e, cms->body.p, cms->body.n, err) == 0 &&
	    ex_openings_read(&o, &e, row->openings.p, row->openings.n, err) ==
		0)
		rc = w->each(w->arg, &e, &o, err);
	ex_openings_free(&o);
	ex_event_free(&e);
	return rc;
}

static int
take_row(void *arg, const struct ex_entry_row *row, struct ex_err *err)
{
	struct ex_cms *cms = calloc(1, sizeof(*cms));
	int rc;

	if (cms == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	rc = open_row(arg, row, cms, err);
	free(cms);
	return rc == -1 ? ex_while(err, row->stream) : 0;
}

int
ex_walk_stream(struct ex_conn *conn, const struct ex_stream *stream,
    ex_walk_each *each, void *arg, struct ex_err *err)
{
	struct walk w = { each, arg };

	return ex_store_stream(conn, stream, take_row, &w, err);
}
