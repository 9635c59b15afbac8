/*
 * fuzz_list.c -- any bytes as a list of items, or as what a scanner typed:
 * what is accepted holds nothing that could not be signed.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cases/list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check(const struct ex_list *list)
{
	if (list->nrows == 0 || list->nrows > EX_BATCH_MAX ||
	    list->ncolumns > EX_LIST_COLUMNS)
		abort();
	for (size_t i = 0; i < list->nrows; i++) {
		if (!ex_text_item_ok(list->row[i].item))
			abort();
		for (size_t c = 0; c < list->ncolumns; c++) {
			const char *cell = list->row[i].cell[c];

			if (cell != NULL &&
			    (cell[0] == '\0' || ex_text_canonical(cell,
						    strlen(cell), NULL) == -1))
				abort();
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ex_list list;

	if (ex_list_read(&list, data, n, NULL) == 0)
		check(&list);
	ex_list_free(&list);
	if (ex_list_scan(&list, data, n, NULL) == 0)
		check(&list);
	ex_list_free(&list);
	return 0;
}
