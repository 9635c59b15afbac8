/*
 * handover.c -- reading and judging what witnesses said.
 */
#include "custody/handover.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/limits.h"
#include "base/text.h"

#define SCHEMA "custody-handover/v1"

enum {
	SKEW = 120 /* seconds that a witness's clock may be wrong */
};

static const char *const name[EX_WITNESS_RESULTS + 1] = { "cosigned", "larger",
	"refused", "unreachable", NULL };

const char *
ex_witness_result_name(enum ex_witness_result result)
{
	return name[result];
}

void
ex_witnessed_free(struct ex_witnessed *w)
{
	ex_buf_free(&w->note);
}

static int
write_one(struct ex_json *list, const struct ex_outsider *w,
    const struct ex_witnessed *r, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set_text(v, "name", w->name, err) == -1 ||
	    ex_json_set_text(v, "result", name[r->result], err) == -1 ||
	    (r->result == EX_WITNESS_LARGER &&
		ex_json_set_int(v, "size", (int64_t)r->size, err) == -1) ||
	    (r->note.len > 0 && ex_json_set_hex(v, "note", r->note.data,
				    r->note.len, err) == -1)) {
		ex_json_free(v);
		return -1;
	}
	return ex_json_add(list, v, err);
}

int
ex_handover_write(struct ex_buf *out, const char *ask,
    const struct ex_outsiders *o, const struct ex_witnessed *results,
    struct ex_err *err)
{
	struct ex_json *v = ex_json_object(), *list = ex_json_array();
	int rc = -1;

	if (v == NULL || list == NULL) {
		ex_json_free(list);
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	for (size_t i = 0; i < o->nwitnesses; i++) {
		if (write_one(list, &o->witness[i], &results[i], err) == -1) {
			ex_json_free(list);
			goto out;
		}
	}
	if (ex_json_set(v, "witnesses", list, err) == 0 &&
	    ex_json_set_text(v, "ask", ask, err) == 0 &&
	    ex_json_set_text(v, "schema", SCHEMA, err) == 0)
		rc = ex_json_write(out, v, err);
out:
	ex_json_free(v);
	return rc;
}

/* What is judged with. */
struct judging {
	const struct ex_outsiders *o;
	const struct ex_vkey *log;
	const struct ex_checkpoint *here;
	uint64_t since;
};

/* The bytes of a member in hexadecimal, appended; absent is nothing. */
static int
read_note(struct ex_buf *out, const struct ex_json *v, struct ex_err *why)
{
	const char *hex = ex_json_get_text(v, "note");
	size_t n = hex == NULL ? 0 : strlen(hex) / 2;

	if (n == 0)
		return 0;
	if (n > EX_NOTE_MAX || ex_buf_reserve(out, n, why) == -1 ||
	    ex_hex_read(out->data, n, hex, why) == -1)
		return ex_fail(why, EX_FORMAT, "log/answer: no note");
	out->len = n;
	out->data[n] = 0;
	return 0;
}

/* A note of this log and this witness: what it says, and when. */
static int
check_note(struct ex_checkpoint *c, uint64_t *time, const struct judging *j,
    const struct ex_outsider *w, const struct ex_buf *text, struct ex_err *why)
{
	struct ex_note note;

	if (ex_note_parse(&note, text->data, text->len, why) == -1 ||
	    ex_note_check(&note, j->log, NULL, why) == -1 ||
	    ex_note_check(&note, &w->key, time, why) == -1 ||
	    ex_checkpoint_read(c, note.text, why) == -1)
		return -1;
	return strcmp(c->origin, j->log->name) == 0
		   ? 0
		   : ex_fail(why, EX_DAMAGED, "a note of another log");
}

static enum ex_handover
judge_note(const struct judging *j, const struct ex_outsider *w,
    const struct ex_buf *text, struct ex_err *why)
{
	const struct ex_checkpoint *here = j->here;
	struct ex_checkpoint c;
	uint64_t time;

	if (check_note(&c, &time, j, w, text, why) == -1)
		return EX_HANDOVER_SILENT;
	if (c.size > here->size ||
	    (c.size == here->size &&
		memcmp(c.root, here->root, EX_HASH) != 0)) {
		(void)ex_fail(why, EX_DAMAGED,
		    "%s has cosigned size %" PRIu64
		    " of this log, here it ends at %" PRIu64
		    ": an older database was put back, or the history was "
		    "changed; nothing is signed",
		    w->name, c.size, here->size);
		return EX_HANDOVER_CONFLICT;
	}
	if (c.size != here->size || time + SKEW < j->since) {
		(void)ex_fail(why, EX_STATE,
		    "%s has not cosigned size %" PRIu64 " since the start",
		    w->name, here->size);
		return EX_HANDOVER_SILENT;
	}
	return EX_HANDOVER_OPEN;
}

/* A statement without a signature can stop the log, never let it go on. */
static enum ex_handover
judge_one(const struct judging *j, const struct ex_outsider *w,
    const struct ex_json *v, struct ex_err *why)
{
	const char *word = ex_json_get_text(v, "result");
	int result = word == NULL ? -1 : ex_text_index(word, name);
	struct ex_buf note = EX_BUF_INIT;
	enum ex_handover is = EX_HANDOVER_SILENT;

	if (w->monitor || result == -1)
		return EX_HANDOVER_SILENT;
	if (read_note(&note, v, why) == 0 && note.len > 0)
		is = judge_note(j, w, &note, why);
	if (is == EX_HANDOVER_SILENT && result == EX_WITNESS_LARGER) {
		ex_err_clear(why);
		(void)ex_fail(why, EX_DAMAGED,
		    "%s says that it has cosigned size %" PRId64
		    " of this log, here it ends at %" PRIu64
		    "; nothing is signed",
		    w->name, ex_json_get_int(v, "size", 0), j->here->size);
		is = EX_HANDOVER_CONFLICT;
	} else if (is == EX_HANDOVER_SILENT && result == EX_WITNESS_REFUSED) {
		ex_err_clear(why);
		(void)ex_fail(why, EX_DAMAGED,
		    "%s refuses this log: it does not continue what %s "
		    "cosigned; nothing is signed",
		    w->name, w->name);
		is = EX_HANDOVER_CONFLICT;
	}
	ex_buf_free(&note);
	return is;
}

static const struct ex_outsider *
find(const struct ex_outsiders *o, const char *wanted)
{
	for (size_t i = 0; i < o->nwitnesses; i++) {
		if (wanted != NULL && strcmp(o->witness[i].name, wanted) == 0)
			return &o->witness[i];
	}
	return NULL;
}

/* One that knows more outweighs all that do not. */
static enum ex_handover
judge_all(
    const struct judging *j, const struct ex_json *list, struct ex_err *why)
{
	enum ex_handover best = EX_HANDOVER_SILENT;

	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *v = ex_json_at(list, i);
		const struct ex_outsider *w =
		    find(j->o, ex_json_get_text(v, "name"));
		struct ex_err one = EX_ERR_INIT;
		enum ex_handover is;

		if (w == NULL)
			continue;
		is = judge_one(j, w, v, &one);
		if (is == EX_HANDOVER_CONFLICT) {
			ex_err_clear(why);
			(void)ex_fail(why, one.code, "%s", one.text);
			return is;
		}
		if (is == EX_HANDOVER_OPEN)
			best = is;
		else if (one.code != EX_OK)
			(void)ex_fail(why, one.code, "%s", one.text);
	}
	if (best == EX_HANDOVER_OPEN)
		ex_err_clear(why);
	else
		(void)ex_fail(why, EX_UNREACHABLE, "no witness answers");
	return best;
}

enum ex_handover
ex_handover_judge(const void *text, size_t n, const char *ask,
    const struct ex_outsiders *o, const struct ex_vkey *log,
    const struct ex_checkpoint *here, uint64_t since, struct ex_err *why)
{
	const struct judging j = { o, log, here, since };
	struct ex_json *v = NULL;
	const char *of = NULL;
	enum ex_handover is = EX_HANDOVER_SILENT;

	if (ex_json_read_canonical(&v, text, n, why) == -1)
		return is;
	of = ex_json_get_text(v, "ask");
	if (of == NULL || strcmp(of, ask) != 0)
		(void)ex_fail(why, EX_STATE, "an answer to another question");
	else
		is = judge_all(&j, ex_json_get(v, "witnesses"), why);
	ex_json_free(v);
	return is;
}
