/*
 * act_check_authority.c -- the authorities that a case is opened with.
 */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "custody/act_tables.h"

/* A time that may be left out; *out 0 then. */
static int
may_time(
    int64_t *out, const struct ex_json *v, const char *key, struct ex_err *err)
{
	const char *text = ex_json_get_text(v, key);

	*out = 0;
	if (ex_json_get(v, key) == NULL)
		return 0;
	if (text == NULL || ex_time_read(out, text, err) == -1)
		return ex_fail(err, EX_FORMAT, "%s: no time", key);
	return 0;
}

static int
check_one(const struct ex_json *a, struct ex_err *err)
{
	static const char *const keys[] = { "from", "kind", "number", "until" };
	static const struct ex_field number = { "number", EX_FIELD_CASE, 1,
		NULL, NULL };
	const char *kind;
	int64_t from, until;

	if (!ex_json_is_object(a))
		return ex_fail(err, EX_FORMAT, "no object");
	if (ex_json_only(a, keys, sizeof(keys) / sizeof(keys[0]), err) == -1 ||
	    ex_json_need_text(&kind, a, "kind", err) == -1 ||
	    ex_field_check(&number, ex_json_get(a, "number"), err) == -1 ||
	    may_time(&from, a, "from", err) == -1 ||
	    may_time(&until, a, "until", err) == -1)
		return -1;
	if (ex_text_index(kind, ex_words_authority) == -1)
		return ex_fail(err, EX_FORMAT, "kind: no such word");
	if (from != 0 && until != 0 && from >= until)
		return ex_fail(err, EX_FORMAT, "it ends before it begins");
	return 0;
}

/* [{number, kind, from?, until?}], no number twice */
int
ex_check_authorities(const struct ex_json *v, struct ex_err *err)
{
	if (ex_json_count(v) == 0)
		return ex_fail(err, EX_FORMAT, "an empty list");
	for (size_t i = 0; i < ex_json_count(v); i++) {
		const struct ex_json *a = ex_json_at(v, i);

		if (check_one(a, err) == -1)
			return -1;
		for (size_t k = 0; k < i; k++)
			if (strcmp(ex_json_get_text(a, "number"),
				ex_json_get_text(ex_json_at(v, k), "number")) ==
			    0)
				return ex_fail(
				    err, EX_FORMAT, "a number is there twice");
	}
	return 0;
}
