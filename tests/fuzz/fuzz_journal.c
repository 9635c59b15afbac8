/*
 * fuzz_journal.c -- any bytes as the journal beside a half image, as they are
 * and as one record under the digest that it should have: what is read is
 * within its bounds.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "hashing/digest.h"
#include "intake/journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
try_bytes(const uint8_t *data, size_t n)
{
	struct ex_journal j;

	if (ex_journal_read(&j, data, n, NULL) == 0 &&
	    (j.plan == NULL || j.used > n ||
		(j.has_mark &&
		    (j.mark.nchunks > EX_JOURNAL_SIZES || j.mark.segment == 0 ||
			j.mark.segment > EX_SEGMENTS_MAX))))
		abort();
	ex_journal_free(&j);
}

/* A journal that begins well, and then these bytes as records' payloads. */
static void
try_records(const uint8_t *data, size_t n)
{
	struct ex_buf b = EX_BUF_INIT;
	struct ex_json *plan = ex_json_object();
	size_t at = 0, len, from;
	uint8_t sha256[EX_SHA256_LEN];

	if (ex_journal_begin(&b, plan, NULL) == -1)
		abort();
	while (at + 2 <= n) {
		len = data[at + 1];
		if (len > n - at - 2)
			len = n - at - 2;
		from = b.len;
		if (ex_buf_add_u32(&b, data[at] % 5, NULL) == -1 ||
		    ex_buf_add_u32(&b, (uint32_t)len, NULL) == -1 ||
		    ex_buf_add(&b, &data[at + 2], len, NULL) == -1)
			abort();
		ex_sha256(sha256, &b.data[from], b.len - from);
		if (ex_buf_add(&b, sha256, 8, NULL) == -1)
			abort();
		at += 2 + len;
	}
	try_bytes(b.data, b.len);
	ex_buf_free(&b);
	ex_json_free(plan);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	try_bytes(data, n);
	try_records(data, n);
	return 0;
}
