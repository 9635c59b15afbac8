/*
 * fuzz_indicator.c -- any text as an indicator of any kind: a canonical form
 * is its own canonical form and may be signed.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "cases/indicator.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check(enum ex_indicator kind, const char *typed)
{
	struct ex_buf once = EX_BUF_INIT, twice = EX_BUF_INIT;
	uint8_t key[EX_IND_KEY];

	if (ex_indicator_canonical(&once, kind, typed, NULL) == 0) {
		if (once.len == 0 || once.len > EX_INDICATOR_MAX ||
		    ex_text_canonical(ex_buf_text(&once), once.len, NULL) ==
			-1 ||
		    ex_indicator_canonical(
			&twice, kind, ex_buf_text(&once), NULL) == -1 ||
		    strcmp(ex_buf_text(&once), ex_buf_text(&twice)) != 0)
			abort();
		ex_indicator_key(key, kind, ex_buf_text(&once));
	}
	ex_buf_free(&once);
	ex_buf_free(&twice);
}

/* The first byte is the kind. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ex_buf text = EX_BUF_INIT;

	if (n > 0 && ex_buf_add(&text, data + 1, n - 1, NULL) == 0)
		check((enum ex_indicator)(data[0] % EX_INDICATORS),
		    ex_buf_text(&text));
	ex_buf_free(&text);
	return 0;
}
