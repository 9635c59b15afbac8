/*
 * judge_reading.c -- what the end of an imaging says of its reading, and that
 * no part of it is at odds with another.
 */
#include <inttypes.h>
#include <string.h>

#include "base/codec.h"
#include "custody/judging.h"

/* Sectors of the list that stand in the image as a filling; -1: no list. */
static int64_t
filled(const struct ex_json *list)
{
	int64_t sum = 0;

	if (list == NULL)
		return -1;
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *r = ex_json_at(list, i);
		const char *status = ex_json_get_text(r, "status");

		if (strcmp(status, "bad") == 0 ||
		    strcmp(status, "skipped") == 0)
			sum += ex_json_get_int(r, "count", 0);
	}
	return sum;
}

/* How many are bad: by number and by list, where it says either. */
static int
check_bad(const struct ex_judging *j, const char *result, struct ex_err *err)
{
	const struct ex_json *f = j->e->fields;
	int64_t number = ex_json_get_int(f, "bad_sectors", -1);
	int64_t listed = filled(ex_json_get(f, "bad_ranges"));

	if (number != -1 && listed != -1 && number != listed)
		return ex_fail(err, EX_FORMAT,
		    "bad_sectors says %" PRId64 ", bad_ranges %" PRId64, number,
		    listed);
	if (number == -1)
		number = listed;
	if (number > 0 && strcmp(result, "complete") == 0)
		return ex_fail(err, EX_FORMAT,
		    "\"complete\" with %" PRId64 " bad sectors", number);
	if (number == 0 && strcmp(result, "complete_with_errors") == 0)
		return ex_fail(err, EX_FORMAT,
		    "\"complete_with_errors\" without a bad sector");
	return 0;
}

/* The highest attempt that a list names; 1 where it names none. */
static int64_t
highest(const struct ex_json *list)
{
	int64_t max = 0;

	for (size_t i = 0; i < ex_json_count(list); i++) {
		int64_t n = ex_json_get_int(ex_json_at(list, i), "attempt", 1);

		if (n > max)
			max = n;
	}
	return max;
}

/* Each attempt is a start of imaging of this item. */
static int
check_start(struct ex_judging *j, const char *hex, struct ex_err *err)
{
	uint8_t leaf[EX_HASH];
	struct ex_entry_ref ref;

	if (ex_hex_read(leaf, EX_HASH, hex, err) == -1 ||
	    j->view->entry(j->view->arg, leaf, &ref, err) == -1)
		return -1;
	if (ref.act != EX_ACT_ACQUIRE_START ||
	    ref.stream.kind != j->e->stream.kind ||
	    strcmp(ref.stream.id, j->e->stream.id) != 0)
		return ex_fail(err, EX_STATE,
		    "attempts: %.16s... begins no imaging of %s", hex,
		    j->e->stream.id);
	return 0;
}

static int
names(const struct ex_json *list, const char *id)
{
	for (size_t i = 0; i < ex_json_count(list); i++)
		if (strcmp(ex_json_text(ex_json_at(list, i)), id) == 0)
			return 1;
	return 0;
}

int
ex_judge_attempts(struct ex_judging *j, struct ex_err *err)
{
	const struct ex_json *f = j->e->fields;
	const struct ex_json *list = ex_json_get(f, "attempts");
	const char *base = ex_event_text(j->e, "base");
	int64_t n = list == NULL ? 1 : (int64_t)ex_json_count(list);

	if (highest(ex_json_get(f, "origins")) > n ||
	    highest(ex_json_get(f, "bad_ranges")) > n)
		return ex_fail(err, EX_FORMAT,
		    "an attempt is named that \"attempts\" does not have");
	for (size_t i = 0; i < ex_json_count(list); i++)
		if (check_start(j, ex_json_text(ex_json_at(list, i)), err) ==
		    -1)
			return -1;
	if (base != NULL && !names(ex_json_get(j->item, "images"), base))
		return ex_fail(err, EX_STATE, "%s was not imaged to %s",
		    j->e->stream.id, base);
	return 0;
}

/* The same digests mean "same", and no others do. */
static int
compare(const struct ex_judging *j, const struct ex_json *second, int *differs,
    struct ex_err *err)
{
	const struct ex_json *list = j->e->digests;

	*differs = 0;
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *d = ex_json_at(list, i);
		const char *again =
		    ex_json_get_text(second, ex_json_get_text(d, "alg"));

		if (again == NULL)
			continue;
		*differs |= strcmp(again, ex_json_get_text(d, "value")) != 0;
	}
	if (*differs !=
	    (strcmp(ex_json_get_text(second, "result"), "differs") == 0))
		return ex_fail(
		    err, EX_FORMAT, "verify_source: its digests say otherwise");
	return 0;
}

static int
check_second(struct ex_judging *j, struct ex_err *err)
{
	const struct ex_json *second =
	    ex_json_get(j->e->fields, "verify_source");
	const char *result = ex_json_get_text(second, "result");
	int differs;

	if (second == NULL)
		return 0;
	if (strcmp(result, "unreadable") == 0) {
		ex_judging_find(j, "source-unread",
		    "the source could not be read a second time");
		return 0;
	}
	if (compare(j, second, &differs, err) == -1)
		return -1;
	if (differs)
		ex_judging_find(j, "source-not-stable",
		    "the source is not stable: a second reading differs");
	return 0;
}

int
ex_judge_reading(struct ex_judging *j, const char *result, struct ex_err *err)
{
	if (check_bad(j, result, err) == -1 || check_second(j, err) == -1 ||
	    ex_judge_attempts(j, err) == -1)
		return -1;
	if (ex_json_get(j->e->fields, "size_after") != NULL)
		ex_judging_find(j, "source-resized",
		    "the source has %" PRId64 " bytes after its reading",
		    ex_json_get_int(j->e->fields, "size_after", 0));
	return 0;
}
