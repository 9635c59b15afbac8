/*
 * fuzz_extent.c -- any bytes as the beginning of a file: what is called a
 * disk or a volume has a mark that is wholly inside.
 */
#include <stdint.h>
#include <stdlib.h>

#include "intake/extent.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ex_span head = { data, n };

	/* The shortest marks of all are four bytes at the very beginning. */
	if (ex_extent_of(head, n) != EX_EXTENT_UNKNOWN && n < 4)
		abort();
	(void)ex_extent_of(head, UINT64_MAX);
	return 0;
}
