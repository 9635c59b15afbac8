/*
 * judge_rotate.c -- the keys of the house itself replaced: the log's, the CA's.
 */
#include <string.h>

#include "custody/judging.h"
#include "signing/note.h"

static int
lists(const struct ex_json *list, const char *text)
{
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const char *one = ex_json_text(ex_json_at(list, i));

		if (one != NULL && strcmp(one, text) == 0)
			return 1;
	}
	return 0;
}

/* Append a text to a list of the fact, which may not be there yet. */
static int
append(struct ex_json *fact, const char *list, const char *text,
    struct ex_err *err)
{
	if (ex_json_get(fact, list) == NULL &&
	    ex_json_set(fact, list, ex_json_array(), err) == -1)
		return -1;
	return ex_json_add(
	    ex_json_get_mutable(fact, list), ex_json_string(text), err);
}

/* The new key is of the same log, and was never its key before. */
static int
check_log_key(
    const struct ex_judging *j, const struct ex_json *log, struct ex_err *err)
{
	const char *old = ex_event_text(j->e, "old_key");
	const char *text = ex_event_text(j->e, "log_key");
	const char *is = ex_json_get_text(log, "vkey");
	struct ex_vkey key;

	if (is == NULL || strcmp(is, old) != 0)
		return ex_fail(err, EX_STATE, "old_key is not the log's key");
	if (ex_vkey_read(&key, text, err) == -1)
		return ex_while(err, "log_key");
	if (key.type != EX_NOTE_ED25519 || strcmp(key.name, j->e->log) != 0)
		return ex_fail(
		    err, EX_FORMAT, "log_key is not a key of this log");
	if (strcmp(text, old) == 0 || lists(ex_json_get(log, "old_keys"), text))
		return ex_fail(
		    err, EX_STATE, "log_key was the log's key before");
	return 0;
}

/* Which key signs checkpoints is shown by them; the log says which it is. */
static int
rotate_log(struct ex_judging *j, struct ex_json *log, struct ex_err *err)
{
	if (check_log_key(j, log, err) == -1 ||
	    append(log, "old_keys", ex_event_text(j->e, "old_key"), err) == -1)
		return -1;
	return ex_json_set_text(
	    log, "vkey", ex_event_text(j->e, "log_key"), err);
}

/* Certificates of the old CA stay good: they were issued while it was. */
static int
rotate_ca(struct ex_judging *j, struct ex_json *log, struct ex_err *err)
{
	const char *ca = ex_event_text(j->e, "ca");

	if (lists(ex_json_get(log, "ca"), ca))
		return ex_fail(
		    err, EX_STATE, "this is a CA of the laboratory already");
	if (lists(ex_json_get(j->policy, "roots"), ca))
		return ex_fail(
		    err, EX_DENIED, "the policy names it as another body's");
	return append(log, "ca", ca, err);
}

int
ex_judge_rotate(struct ex_judging *j, struct ex_err *err)
{
	struct ex_json *log = NULL;
	int rc;

	if (ex_judging_fact(j, "log", "log", &log, err) == -1)
		return -1;
	if (log == NULL)
		return ex_fail(err, EX_ABSENT, "the log has no first entry");
	rc = j->e->act == EX_ACT_ROTATE_LOG ? rotate_log(j, log, err)
					    : rotate_ca(j, log, err);
	if (rc == 0)
		return ex_facts_put(
		    &j->out->facts, "log", "log", NULL, log, err);
	ex_json_free(log);
	return -1;
}
