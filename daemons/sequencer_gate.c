/*
 * sequencer_gate.c -- before anything is signed after a start: what do the
 * witnesses know of this log?
 *
 * The sequencer has no network.  It writes a nonce, exhibit-anchor asks and
 * answers through a file, and only signatures in it count.  A database and the
 * store outside that were put back together show here and nowhere else.
 */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/file.h"
#include "base/log.h"
#include "custody/override.h"
#include "daemons/sequencer_parts.h"

static int
path_of(char out[EX_PATH], const struct ex_sequencer *s, const char *name,
    struct ex_err *err)
{
	return ex_path_join(out, EX_PATH, s->o->data, name, err);
}

/* Witnesses of the policy in force; monitors lag behind and are not asked. */
static int
count_witnesses(size_t *n, struct ex_outsiders *o, const struct ex_sequencer *s,
    struct ex_err *err)
{
	const struct ex_view *view = ex_world_view(s->world);
	struct ex_json *policy = NULL;
	int rc;

	*n = 0;
	if (view->get(view->arg, "policy", "policy", &policy, err) == -1)
		return -1;
	rc = ex_outsiders_read(o, policy, err);
	ex_json_free(policy);
	for (size_t i = 0; rc == 0 && i < o->nwitnesses; i++)
		*n += !o->witness[i].monitor;
	return rc;
}

/* Ask, once. */
static int
ask(struct ex_sequencer *s, struct ex_err *err)
{
	uint8_t nonce[(EX_HANDOVER_NONCE - 1) / 2];
	char path[EX_PATH];

	if (s->ask[0] != '\0')
		return 0;
	ex_random(nonce, sizeof(nonce));
	ex_hex(s->ask, nonce, sizeof(nonce));
	s->asked_at = (uint64_t)(ex_now() / EX_SECOND);
	if (path_of(path, s, "log/ask", err) == -1)
		return -1;
	return ex_file_write(path, s->ask, strlen(s->ask), 0600, err);
}

static int
open_gate(struct ex_sequencer *s, struct ex_err *err)
{
	char path[EX_PATH];

	s->open = 1;
	if (path_of(path, s, "log/ask", err) == -1)
		return -1;
	(void)unlink(path);
	return 0;
}

/* A file that may not be there yet, appended; 1, 0 or -1. */
static int
read_if_there(struct ex_buf *out, const struct ex_sequencer *s,
    const char *name, size_t max, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	char path[EX_PATH];

	if (path_of(path, s, name, err) == -1)
		return -1;
	if (ex_file_read(out, path, max, &why) == 0)
		return 1;
	return why.code == EX_ABSENT ? 0
				     : ex_fail(err, why.code, "%s", why.text);
}

static enum ex_handover
read_answer(
    struct ex_sequencer *s, const struct ex_outsiders *o, struct ex_err *why)
{
	struct ex_buf text = EX_BUF_INIT;
	enum ex_handover is = EX_HANDOVER_SILENT;

	if (read_if_there(&text, s, "log/answer", EX_HANDOVER_MAX, why) == 1)
		is = ex_handover_judge(text.data, text.len, s->ask, o, &s->vkey,
		    &s->published, s->asked_at, why);
	else
		(void)ex_fail(
		    why, EX_UNREACHABLE, "exhibit-anchor has not answered");
	ex_buf_free(&text);
	return is;
}

/* 1 when an officer has signed for this state. */
static int
read_override(struct ex_sequencer *s, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	int there =
	    read_if_there(&text, s, "log/override", EX_OVERRIDE_MAX, err);

	if (there == 1) {
		there = ex_override_check(s->override_reason, text.data,
			    text.len, &s->published, ex_world_view(s->world),
			    ex_now(), &why) == 0;
		if (there)
			ex_sha256(s->override, text.data, text.len);
		else if (!s->gate_said)
			ex_log(
			    EX_WARN, "sequencer", "log/override: %s", why.text);
	}
	ex_buf_free(&text);
	return there;
}

static void
say_waiting(struct ex_sequencer *s, const struct ex_err *why)
{
	if (s->gate_said++)
		return;
	ex_log(EX_WARN, "sequencer",
	    "nothing is signed until a witness has cosigned size %" PRIu64
	    ": %s; entries wait.  exhibit log override lets it go on",
	    s->published.size, why->text);
}

/* Nobody says anything: wait, or rely on an officer. */
static int
without_witness(
    struct ex_sequencer *s, const struct ex_err *why, struct ex_err *err)
{
	int may = read_override(s, err);

	if (may == -1)
		return -1;
	if (!may) {
		say_waiting(s, why);
		return 0;
	}
	s->override_due = 1;
	ex_log(EX_WARN, "sequencer",
	    "no witness was heard; an officer's override lets it go on");
	return open_gate(s, err);
}

int
ex_sequencer_gate(struct ex_sequencer *s, struct ex_err *err)
{
	struct ex_outsiders o;
	struct ex_err why = EX_ERR_INIT;
	size_t n;

	if (s->open)
		return 0;
	if (count_witnesses(&n, &o, s, err) == -1)
		return -1;
	if (n == 0 || s->published.size == 0) {
		ex_log(EX_INFO, "sequencer",
		    "the policy of %s names no witness: none is asked before "
		    "signing",
		    s->vkey.name);
		return open_gate(s, err);
	}
	if (ask(s, err) == -1)
		return -1;
	switch (read_answer(s, &o, &why)) {
	case EX_HANDOVER_OPEN:
		ex_log(EX_INFO, "sequencer",
		    "a witness has cosigned size %" PRIu64 " now",
		    s->published.size);
		return open_gate(s, err);
	case EX_HANDOVER_CONFLICT:
		return ex_fail(err, why.code, "%s", why.text);
	case EX_HANDOVER_SILENT:
		break;
	}
	return without_witness(s, &why, err);
}

int
ex_sequencer_override(struct ex_sequencer *s, int *wrote, struct ex_err *err)
{
	struct ex_json *fields = ex_json_object(), *texts = ex_json_object();

	if (fields == NULL || texts == NULL ||
	    ex_json_set_hex(fields, "file", s->override, EX_SHA256_LEN, err) ==
		-1 ||
	    ex_json_set_text(texts, "reason", s->override_reason, err) == -1) {
		ex_json_free(fields);
		ex_json_free(texts);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	if (ex_sequencer_write(s, EX_ACT_OVERRIDE, fields, texts, wrote, err) ==
	    -1)
		return -1;
	if (*wrote)
		s->override_due = 0;
	return 0;
}
