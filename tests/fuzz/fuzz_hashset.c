/*
 * fuzz_hashset.c -- a set of known files that somebody else put there: either
 * refused, or every row of it is found.  The head's digest is made to fit
 * when the last byte is odd, so that what lies behind it is reached.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "hashing/hashset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ex_hashset *s;
	uint8_t *copy = malloc(n + 1);

	if (copy == NULL)
		return 0;
	memcpy(copy, data, n);
	if (n >= EX_HASHSET_HEAD && (data[n - 1] & 1) != 0)
		ex_sha256_two(copy + 32, copy, 32, copy + EX_HASHSET_HEAD,
		    n - EX_HASHSET_HEAD);
	if (ex_hashset_read(&s, copy, n, NULL) == 0) {
		const size_t w = ex_alg_len(ex_hashset_alg(s));

		if (EX_HASHSET_HEAD + ex_hashset_count(s) * w != n)
			abort();
		for (size_t i = 0; i < ex_hashset_count(s); i++)
			if (!ex_hashset_has(s, copy + EX_HASHSET_HEAD + i * w))
				abort();
		ex_hashset_close(s);
	}
	free(copy);
	return 0;
}
