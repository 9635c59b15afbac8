/*
 * fuzz_kit.c -- any bytes as the facts of a field kit, as they are and under
 * the digest that they should have.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cases/kit.h"
#include "custody/world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
try_text(const uint8_t *data, size_t n)
{
	struct ex_world *w;

	if (ex_world_new(&w, 0, NULL) == -1)
		abort();
	(void)ex_kit_read(w, data, n, NULL);
	ex_world_free(w);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ex_buf whole = EX_BUF_INIT;

	try_text(data, n);
	if (ex_buf_add(&whole, data, n, NULL) == -1 ||
	    ex_kit_end(&whole, NULL) == -1)
		abort();
	try_text(whole.data, whole.len);
	ex_buf_free(&whole);
	return 0;
}
