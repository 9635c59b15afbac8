/*
 * wait.c -- waiting for the sequencer to do what it was asked.
 */
#include "cases/wait.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cases/house.h"
#include "db/store.h"
#include "signing/cms.h"

#define PATIENCE (10 * EX_SECOND)
#define PAUSE	 (EX_SECOND / 20)

/* The newest heads entry among rows. */
struct search {
	struct ex_heads_seen *out;
	int found;
};

static int
look(void *arg, const struct ex_entry_row *row, struct ex_err *err)
{
	struct search *s = arg;
	struct ex_cms *cms = calloc(1, sizeof(*cms));
	struct ex_event e;

	if (cms == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	memset(&e, 0, sizeof(e));
	if (ex_cms_parse(cms, row->entry.p, row->entry.n, NULL) == 0 &&
	    ex_event_parse(&e, cms->body.p, cms->body.n, NULL) == 0 &&
	    e.act == EX_ACT_HEADS) {
		s->found = 1;
		s->out->index = row->index;
		memcpy(s->out->leaf, row->leaf, EX_HASH);
	}
	ex_event_free(&e);
	free(cms);
	return 0;
}

/* 1 when a checkpoint covers a heads entry at or behind index from. */
static int
covered(struct ex_heads_seen *out, struct ex_buf *note, struct ex_house *house,
    struct ex_conn *conn, uint64_t from, struct ex_err *err)
{
	struct search s = { out, 0 };

	if (note != NULL)
		ex_buf_cut(note, 0);
	if (ex_store_entries(conn, from, look, &s, err) == -1 ||
	    ex_house_seen(house, &out->checkpoint, note, err) == -1)
		return -1;
	return s.found && out->index < out->checkpoint.size;
}

int
ex_heads_wait(struct ex_heads_seen *out, struct ex_buf *note,
    struct ex_house *house, struct ex_err *err)
{
	int64_t until = ex_ticks() + PATIENCE;
	struct ex_checkpoint before;
	struct ex_conn *conn;
	int done = 0;

	if (ex_house_conn(house, &conn, err) == -1 ||
	    ex_house_seen(house, &before, NULL, err) == -1 ||
	    ex_store_ask_heads(conn, err) == -1)
		return -1;
	while (done == 0 && ex_ticks() < until) {
		done = covered(out, note, house, conn, before.size, err);
		if (done == 0)
			ex_sleep(PAUSE);
	}
	if (done == 0)
		return ex_fail(err, EX_UNREACHABLE,
		    "the sequencer has not entered the heads within ten "
		    "seconds: see exhibit status");
	return done == 1 ? 0 : -1;
}
