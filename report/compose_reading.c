/*
 * compose_reading.c -- what an imaging could not read, and whether the source
 * was the same when it was read again.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/compose.h"
#include "report/words.h"

static void
add_range(struct ex_document *doc, const struct ex_json *v)
{
	const char *status = ex_json_get_text(v, "status");
	int64_t tries = ex_json_get_int(v, "tries", 0);
	char lba[24], count[24], failed[24] = "";
	const char *cell[] = { lba, count,
		status != NULL ? ex_word("status", status, doc->zh) : NULL,
		failed };

	(void)snprintf(
	    lba, sizeof(lba), "%" PRId64, ex_json_get_int(v, "lba", -1));
	(void)snprintf(
	    count, sizeof(count), "%" PRId64, ex_json_get_int(v, "count", -1));
	if (tries > 0)
		(void)snprintf(failed, sizeof(failed), "%" PRId64, tries);
	ex_doc_row(doc, cell);
}

/* Those that stand in the image as a filling, and those that came late. */
static void
say_ranges(struct ex_document *doc, const struct ex_json *fields)
{
	const char *head[] = { ex_doc_say(doc, "First sector", "起始磁區"),
		ex_doc_say(doc, "Sectors", "磁區數"),
		ex_doc_say(doc, "Status", "狀態"),
		ex_doc_say(doc, "Failed reads before", "先前讀取失敗次數") };
	const char *title =
	    ex_doc_say(doc, "Sectors that were not read, or not at once",
		"無法讀取或未即時讀得之磁區");
	const struct ex_json *list = ex_json_get(fields, "bad_ranges");
	const char *elsewhere = ex_json_get_text(fields, "range_list");

	if (ex_json_get(fields, "bad_sectors") != NULL)
		ex_doc_factf(doc,
		    ex_doc_say(doc, "Sectors of the image that are a filling",
			"映像中以填充值代替之磁區數"),
		    "%" PRId64, ex_json_get_int(fields, "bad_sectors", 0));
	if (elsewhere != NULL) {
		ex_doc_fact(doc, title,
		    ex_doc_say(doc,
			"too many for this record: a list of its own",
			"數量過多，另列清單"));
		ex_doc_fact(doc,
		    ex_doc_say(doc, "SHA-256 of that list", "清單 SHA-256"),
		    elsewhere);
		return;
	}
	if (ex_json_count(list) == 0) {
		ex_doc_fact(
		    doc, title, ex_doc_say(doc, "none recorded", "無紀錄"));
		return;
	}
	ex_doc_table(doc, title, head, 4);
	for (size_t i = 0; i < ex_json_count(list); i++)
		add_range(doc, ex_json_at(list, i));
}

/* NULL: of no second reading. */
static const char *
say_result(const struct ex_document *doc, const char *result)
{
	if (result == NULL)
		return ex_doc_say(doc, "not recorded", "未記載");
	if (strcmp(result, "same") == 0)
		return ex_doc_say(
		    doc, "yes, the same digests", "是，雜湊值相符");
	if (strcmp(result, "differs") == 0)
		return ex_doc_say(doc,
		    "yes, and it differs: the source is not stable",
		    "是，但雜湊值不同：來源不穩定");
	return ex_doc_say(doc, "it could not be read again", "無法再次讀取");
}

static void
say_second(struct ex_document *doc, const struct ex_json *fields)
{
	static const char *const alg[] = { "md5", "sha1", "sha256", "sha512",
		"sha3-256", "blake2b" };
	const struct ex_json *second = ex_json_get(fields, "verify_source");
	const char *result = ex_json_get_text(second, "result");

	ex_doc_fact(doc,
	    ex_doc_say(doc, "Source read a second time", "來源再次讀取比對"),
	    say_result(doc, result));
	if (result == NULL || strcmp(result, "differs") != 0)
		return;
	for (size_t i = 0; i < sizeof(alg) / sizeof(alg[0]); i++)
		if (ex_json_get_text(second, alg[i]) != NULL)
			ex_doc_fact(
			    doc, alg[i], ex_json_get_text(second, alg[i]));
}

void
ex_compose_reading(struct ex_document *doc, const struct ex_json *fields)
{
	say_ranges(doc, fields);
	say_second(doc, fields);
	if (ex_json_get(fields, "size_after") != NULL)
		ex_doc_factf(doc,
		    ex_doc_say(doc, "Source had another size afterwards, bytes",
			"來源事後大小不同（位元組）"),
		    "%" PRId64, ex_json_get_int(fields, "size_after", 0));
}
