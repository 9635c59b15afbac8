/*
 * fuzz_pending.c -- any bytes as a signed act in DIR/pending, as they are and
 * under the digest that they should have: what is read is written the same
 * again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cases/act_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
try_text(const uint8_t *data, size_t n)
{
	struct ex_buf again = EX_BUF_INIT;
	struct ex_act_job job;

	ex_act_job_init(&job, NULL, NULL);
	if (ex_spool_parse(&job, data, n, NULL) == 0 &&
	    (ex_spool_text(&again, &job, NULL) == -1 || again.len != n ||
		memcmp(again.data, data, n) != 0))
		abort();
	ex_buf_free(&again);
	ex_act_job_free(&job);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ex_buf whole = EX_BUF_INIT;
	uint8_t sha256[EX_SHA256_LEN];

	try_text(data, n);
	ex_sha256(sha256, data, n);
	if (ex_buf_add(&whole, data, n, NULL) == -1 ||
	    ex_buf_add(&whole, sha256, sizeof(sha256), NULL) == -1)
		abort();
	try_text(whole.data, whole.len);
	ex_buf_free(&whole);
	return 0;
}
