/*
 * fuzz_json.c -- any bytes as JSON: what the signed profile accepts is
 * written the same again, and everything that can be written can be read.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Written text is canonical, whatever it was read from. */
static void
try_write(const struct ex_json *v)
{
	struct ex_buf once = EX_BUF_INIT;
	struct ex_json *again = NULL;

	if (ex_json_write(&once, v, NULL) == 0) {
		if (ex_json_read_canonical(&again, once.data, once.len, NULL) ==
			-1 ||
		    !ex_json_equal(v, again))
			abort();
		ex_json_free(again);
	} else if (once.len != 0) {
		abort();
	}
	ex_buf_free(&once);
}

/* A line for programs is JSON again. */
static void
try_print(const struct ex_json *v)
{
	struct ex_buf line = EX_BUF_INIT;
	struct ex_json *again = NULL;

	if (ex_json_print(&line, v, NULL) == -1 ||
	    memchr(line.data, '\n', line.len) != NULL ||
	    ex_json_read(&again, line.data, line.len, NULL) == -1)
		abort();
	ex_json_free(again);
	ex_buf_free(&line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ex_buf b = EX_BUF_INIT;
	struct ex_json *v = NULL;

	if (ex_json_read_canonical(&v, data, n, NULL) == 0) {
		if (ex_json_write(&b, v, NULL) == -1 || b.len != n ||
		    memcmp(b.data, data, n) != 0)
			abort();
		ex_json_free(v);
		ex_buf_free(&b);
	}
	if (ex_json_read(&v, data, n, NULL) == 0) {
		try_write(v);
		try_print(v);
		ex_json_free(v);
	}
	return 0;
}
