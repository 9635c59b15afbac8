/*
 * fuzz_blockmap.c -- any bytes as a map of blocks: what is read is written
 * again the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "intake/blockmap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ex_buf again = EX_BUF_INIT;
	uint8_t root[EX_SHA256_LEN];
	struct ex_blockmap m;
	uint64_t from, to;
	size_t at = 0;

	if (ex_blockmap_read(&m, data, n, NULL) == -1)
		return 0;
	if (ex_blockmap_write(&again, &m, NULL) == -1 || again.len != n ||
	    memcmp(again.data, data, n) != 0 ||
	    ex_blockmap_root(root, &m, NULL) == -1 ||
	    ex_blockmap_differs(&m, &m, &at, &from, &to) != 0)
		abort();
	ex_buf_free(&again);
	return 0;
}
