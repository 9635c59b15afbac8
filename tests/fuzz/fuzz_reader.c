/*
 * fuzz_reader.c -- whatever a reader of hostile images says: the parent
 * believes only what is in order.  The first byte says what was asked for.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "intake/reader_listen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum {
	STEP = 61 /* bytes that come at once: frames come in pieces */
};

/* What a verdict may never say, whoever spoke. */
static void
check(const struct ex_listener *l)
{
	const struct ex_verdict *v = l->verdict;
	uint64_t end = 0;

	for (size_t i = 0; i < v->bad.n; i++) {
		const struct ex_range *r = &v->bad.at[i];

		if (r->lba < end || r->count == 0 ||
		    (r->lba + r->count - 1) > v->bytes / v->sector_size)
			abort();
		end = r->lba + r->count;
	}
	if (v->bytes > l->largest || l->done > v->bytes || l->next > v->bytes)
		abort();
	if (l->state != EX_LISTEN_DONE)
		return;
	if (v->result == EX_READING_WHOLE &&
	    (v->bad.n > 0 || v->corrupted || v->segments_missing ||
		v->md5 == EX_STORED_DIFFERS || v->sha1 == EX_STORED_DIFFERS))
		abort();
	if (memchr(v->text, '\0', sizeof(v->text)) == NULL)
		abort();
}

static int
count(void *arg, const void *data, size_t n, struct ex_err *err)
{
	uint64_t *sum = arg;

	(void)err;
	if (data == NULL || n == 0)
		abort();
	*sum += n;
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ex_verdict v = { .sector_size = 1 };
	uint64_t sum = 0;
	struct ex_listener l = { .verdict = &v,
		.largest = UINT64_C(1) << 40,
		.sink = count,
		.sink_arg = &sum };
	int rc = 0;

	if (n == 0)
		return 0;
	l.wants_data = data[0] & 1;
	l.algs = l.wants_data ? 0 : EX_ALG_BIT(EX_MD5) | EX_ALG_BIT(EX_SHA256);
	for (size_t at = 1; rc == 0 && at < n; at += STEP)
		rc = ex_listener_feed(
		    &l, &data[at], n - at < STEP ? n - at : STEP, NULL);
	if (l.state == EX_LISTEN_DONE)
		ex_listener_judge(&l);
	if (sum != l.next)
		abort();
	check(&l);
	ex_listener_free(&l);
	ex_verdict_free(&v);
	return 0;
}
