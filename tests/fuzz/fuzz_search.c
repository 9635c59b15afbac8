/*
 * fuzz_search.c -- any text as a search over itself: what is accepted can be
 * sent, and what is shown of a case is text.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cases/search.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check(const char *typed)
{
	struct ex_search s = { .text = &typed, .ntext = 1 };
	struct ex_buf text = EX_BUF_INIT;
	struct ex_json *query;
	char *snippet;

	if (ex_search_query(&query, &s, NULL) == -1)
		return;
	if (ex_json_write(&text, query, NULL) == -1)
		abort();
	snippet = ex_search_snippet(query, typed);
	if (snippet != NULL && !ex_text_utf8(snippet, strlen(snippet)))
		abort();
	(void)ex_search_score(query, typed, typed, "A", 0);
	free(snippet);
	ex_buf_free(&text);
	ex_json_free(query);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ex_buf text = EX_BUF_INIT;

	if (n > 0 && ex_buf_add(&text, data, n, NULL) == 0)
		check(ex_buf_text(&text));
	ex_buf_free(&text);
	return 0;
}
