/*
 * table_row.c -- a row that the log closes, as a leaf.
 */
#include "custody/tables.h"

int
ex_table_leaf(uint8_t out[EX_HASH], const char *table,
    const struct ex_span *column, size_t n, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	int rc = ex_buf_addf(&text, err, "custody-row/v1\n%s\n", table);

	for (size_t i = 0; rc == 0 && i < n; i++) {
		rc = ex_buf_addf(&text, err, "%zu:", column[i].n);
		if (rc == 0)
			rc = ex_buf_add(&text, column[i].p, column[i].n, err);
		if (rc == 0)
			rc = ex_buf_add_byte(&text, ',', err);
	}
	if (rc == 0)
		ex_tree_leaf(out, text.data, text.len);
	ex_buf_free(&text);
	return rc;
}
