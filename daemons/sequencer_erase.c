/*
 * sequencer_erase.c -- what an admitted erase entry names is taken out of the
 * openings; the commitment and the entry stay.
 *
 * Done in the transaction that admits it, and again at every start, so that a
 * backup that was put back does not bring the text back.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "custody/openings.h"
#include "daemons/sequencer_parts.h"
#include "db/store.h"
#include "signing/cms.h"

struct erasing {
	struct ex_sequencer *s;
	const struct ex_json *paths;
	size_t hits;
};

static int
is_named(void *arg, const char *path)
{
	struct erasing *g = arg;

	for (size_t i = 0; i < ex_json_count(g->paths); i++) {
		const char *named = ex_json_text(ex_json_at(g->paths, i));

		if (named != NULL && strcmp(named, path) == 0) {
			g->hits++;
			return 1;
		}
	}
	return 0;
}

/* What is left of an entry's openings. */
static int
cut(struct erasing *g, const struct ex_entry_row *row, struct ex_buf *left,
    struct ex_err *err)
{
	struct ex_cms *cms = calloc(1, sizeof(*cms));
	struct ex_event *e = calloc(1, sizeof(*e));
	struct ex_openings o = { NULL, 0 };
	int rc = -1;

	if (cms == NULL || e == NULL)
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
	else if (ex_cms_parse(cms, row->entry.p, row->entry.n, err) == 0 &&
		 ex_event_parse(e, cms->body.p, cms->body.n, err) == 0 &&
		 ex_openings_read(
		     &o, e, row->openings.p, row->openings.n, err) == 0)
		rc = ex_openings_redact(left, &o, is_named, g, err);
	ex_openings_free(&o);
	if (e != NULL)
		ex_event_free(e);
	free(e);
	free(cms);
	return rc;
}

static int
erase_from(void *arg, const struct ex_entry_row *row, struct ex_err *err)
{
	struct erasing *g = arg;
	struct ex_buf left = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	int rc = 0;

	if (row->openings.n == 0)
		return 0;
	if (cut(g, row, &left, &why) == -1) {
		/* Somebody changed them; log verify says it. */
		ex_log(EX_WARN, "sequencer",
		    "openings of entry %" PRIu64 " were changed, nothing is "
		    "erased there: %s",
		    row->index, why.text);
		rc = why.code == EX_SYSTEM
			 ? ex_fail(err, EX_SYSTEM, "%s", why.text)
			 : 0;
	} else if (g->hits > 0) {
		rc = ex_sequence_openings(
		    g->s->conn, row->index, left.data, left.len, err);
	}
	ex_buf_free(&left);
	return rc;
}

int
ex_sequencer_erase(struct ex_sequencer *s, struct ex_err *err)
{
	const struct ex_event *e = &s->admission.event;
	const struct ex_view *view = ex_world_view(s->world);
	struct erasing g = { s, ex_json_get(e->fields, "paths"), 0 };
	struct ex_entry_ref ref;
	uint8_t leaf[EX_HASH];

	if (ex_sequencer_flush(s, err) == -1 ||
	    ex_json_need_hex(leaf, EX_HASH, e->fields, "entry", err) == -1 ||
	    view->entry(view->arg, leaf, &ref, err) == -1)
		return -1;
	return ex_store_entry(s->conn, ref.index, erase_from, &g, err);
}
