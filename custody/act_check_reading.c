/*
 * act_check_reading.c -- what an imaging says about its reading of a medium.
 */
#include <string.h>

#include "base/codec.h"
#include "base/text.h"
#include "custody/act_tables.h"
#include "hashing/digest.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	TRIES_MAX = 65535,
	ATTEMPTS_MAX = 10000 /* at one medium */
};

/* How often a read of them failed, of sectors that came after all alone. */
static int
check_tries(const struct ex_json *r, const char *status, struct ex_err *err)
{
	int64_t tries;

	if (ex_json_get(r, "tries") == NULL)
		return 0;
	if (ex_json_need_int(&tries, r, "tries", err) == -1)
		return -1;
	if (tries < 1 || tries > TRIES_MAX || strcmp(status, "recovered") != 0)
		return ex_fail(err, EX_FORMAT, "tries: of none");
	return 0;
}

/* Which attempt they are from, and an earlier one that they failed in. */
static int
check_attempts(const struct ex_json *r, struct ex_err *err)
{
	int64_t attempt = 1, before;

	if (ex_json_get(r, "attempt") != NULL &&
	    ex_json_need_int(&attempt, r, "attempt", err) == -1)
		return -1;
	if (attempt < 1 || attempt > ATTEMPTS_MAX)
		return ex_fail(err, EX_FORMAT, "attempt: no such number");
	if (ex_json_get(r, "failed_in") == NULL)
		return 0;
	if (ex_json_need_int(&before, r, "failed_in", err) == -1)
		return -1;
	return before >= 1 && before < attempt
		   ? 0
		   : ex_fail(err, EX_FORMAT, "failed_in: no earlier attempt");
}

/* [{attempt?, count, failed_in?, lba, status, tries?}], ascending, no sector
 * twice */
int
ex_check_ranges(const struct ex_json *v, struct ex_err *err)
{
	static const char *const keys[] = { "attempt", "count", "failed_in",
		"lba", "status", "tries" };
	static const char *const status[] = { "bad", "skipped", "recovered",
		"hidden", "checksum", "missing", NULL };
	int64_t end = 0, lba, count;

	for (size_t i = 0; i < ex_json_count(v); i++) {
		const struct ex_json *r = ex_json_at(v, i);
		const char *word;

		if (!ex_json_is_object(r))
			return ex_fail(err, EX_FORMAT, "no object");
		if (ex_json_only(r, keys, COUNT(keys), err) == -1 ||
		    ex_json_need_int(&lba, r, "lba", err) == -1 ||
		    ex_json_need_int(&count, r, "count", err) == -1 ||
		    ex_json_need_text(&word, r, "status", err) == -1 ||
		    check_tries(r, word, err) == -1 ||
		    check_attempts(r, err) == -1)
			return -1;
		if (lba < end || count < 1)
			return ex_fail(err, EX_FORMAT, "not ascending");
		if (ex_text_index(word, status) == -1)
			return ex_fail(err, EX_FORMAT, "status: no such word");
		end = lba + count;
	}
	return 0;
}

/* [{count, from, lba, to}], ascending: bytes from inclusive, to exclusive */
int
ex_check_changes(const struct ex_json *v, struct ex_err *err)
{
	static const char *const keys[] = { "count", "from", "lba", "to" };
	int64_t end = 0, value[COUNT(keys)];

	for (size_t i = 0; i < ex_json_count(v); i++) {
		const struct ex_json *r = ex_json_at(v, i);

		if (!ex_json_is_object(r))
			return ex_fail(err, EX_FORMAT, "no object");
		if (ex_json_only(r, keys, COUNT(keys), err) == -1)
			return -1;
		for (size_t k = 0; k < COUNT(keys); k++)
			if (ex_json_need_int(&value[k], r, keys[k], err) == -1)
				return -1;
		if (value[0] < 1 || value[2] < 0 || value[1] < end ||
		    value[3] <= value[1])
			return ex_fail(err, EX_FORMAT, "not ascending");
		end = value[3];
	}
	return 0;
}

/* [{attempt, count, lba}]: one behind the other, no sector left out */
int
ex_check_origins(const struct ex_json *v, struct ex_err *err)
{
	static const char *const keys[] = { "attempt", "count", "lba" };
	int64_t end = -1, lba, count, attempt;

	for (size_t i = 0; i < ex_json_count(v); i++) {
		const struct ex_json *r = ex_json_at(v, i);

		if (!ex_json_is_object(r))
			return ex_fail(err, EX_FORMAT, "no object");
		if (ex_json_only(r, keys, COUNT(keys), err) == -1 ||
		    ex_json_need_int(&lba, r, "lba", err) == -1 ||
		    ex_json_need_int(&count, r, "count", err) == -1 ||
		    ex_json_need_int(&attempt, r, "attempt", err) == -1)
			return -1;
		if (lba < 0 || count < 1 || (end != -1 && lba != end))
			return ex_fail(err, EX_FORMAT, "not one by one");
		if (attempt < 1 || attempt > ATTEMPTS_MAX)
			return ex_fail(err, EX_FORMAT, "no such attempt");
		end = lba + count;
	}
	return 0;
}

/* [leaf]: an entry each */
int
ex_check_attempts(const struct ex_json *v, struct ex_err *err)
{
	uint8_t leaf[EX_SHA256_LEN];
	size_t n = ex_json_count(v);

	if (n < 1 || n > ATTEMPTS_MAX)
		return ex_fail(err, EX_FORMAT, "no such number of attempts");
	for (size_t i = 0; i < n; i++) {
		const char *hex = ex_json_text(ex_json_at(v, i));

		if (hex == NULL ||
		    ex_hex_read(leaf, sizeof(leaf), hex, NULL) == -1)
			return ex_fail(err, EX_FORMAT, "no leaf of an entry");
	}
	return 0;
}

/* {block_size, blocks, root, sha256}: docs/formats.md */
int
ex_check_block_map(const struct ex_json *v, struct ex_err *err)
{
	static const char *const keys[] = { "block_size", "blocks", "root",
		"sha256" };
	uint8_t value[EX_SHA256_LEN];
	int64_t size, blocks;

	if (ex_json_only(v, keys, COUNT(keys), err) == -1 ||
	    ex_json_need_int(&size, v, "block_size", err) == -1 ||
	    ex_json_need_int(&blocks, v, "blocks", err) == -1 ||
	    ex_json_need_hex(value, sizeof(value), v, "root", err) == -1 ||
	    ex_json_need_hex(value, sizeof(value), v, "sha256", err) == -1)
		return -1;
	if (size < 512 || (size & (size - 1)) != 0)
		return ex_fail(err, EX_FORMAT, "block_size: no power of two");
	return blocks >= 1 ? 0 : ex_fail(err, EX_FORMAT, "blocks: none");
}

/* A member of a second reading: a digest by its name, or a known word. */
static int
check_member(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	size_t *digests = arg;
	uint8_t value[EX_DIGEST_MAX];
	enum ex_alg alg;

	if (strcmp(key, "result") == 0)
		return 0;
	if (strcmp(key, "bytes") == 0)
		return ex_json_is_integer(v) && ex_json_int(v) >= 0
			   ? 0
			   : ex_fail(err, EX_FORMAT, "bytes: no number");
	if (ex_alg_parse(&alg, key, NULL) == -1)
		return ex_fail(err, EX_FORMAT, "\"%.40s\" is no digest", key);
	if (ex_json_text(v) == NULL ||
	    ex_hex_read(value, ex_alg_len(alg), ex_json_text(v), NULL) == -1)
		return ex_fail(err, EX_FORMAT, "%s: no such digest", key);
	(*digests)++;
	return 0;
}

/* {result, bytes?, a digest by each algorithm's name} */
int
ex_check_second(const struct ex_json *v, struct ex_err *err)
{
	static const char *const results[] = { "same", "differs", "unreadable",
		NULL };
	const char *result;
	size_t digests = 0;

	if (ex_json_need_text(&result, v, "result", err) == -1)
		return -1;
	if (ex_text_index(result, results) == -1)
		return ex_fail(err, EX_FORMAT, "result: no such word");
	if (ex_json_each(v, check_member, &digests, err) == -1)
		return -1;
	if ((digests > 0) != (strcmp(result, "unreadable") != 0))
		return ex_fail(err, EX_FORMAT,
		    "\"%s\" %s digests of the second reading", result,
		    digests > 0 ? "has no" : "needs the");
	return 0;
}
