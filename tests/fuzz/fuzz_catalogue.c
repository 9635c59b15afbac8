/*
 * fuzz_catalogue.c -- whatever a reader of hostile images says while it
 * catalogues: the parent believes only what is in order.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "intake/catalogue_listen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum {
	STEP = 61 /* bytes that come at once: frames come in pieces */
};

struct seen {
	uint64_t lines;
	struct ex_catalogue_place last;
	uint16_t stream_no;
};

/* Lines come in order, and what they borrow can be read. */
static int
take(void *arg, const struct ex_file *f, struct ex_err *err)
{
	struct seen *s = arg;
	const struct ex_span part[] = { f->folder, f->name, f->stream,
		f->link };
	unsigned sum = 0;
	int order = ex_catalogue_place_order(&f->place, &s->last);

	(void)err;
	if (s->lines > 0 &&
	    (order < 0 || (order == 0 && f->stream_no <= s->stream_no)))
		abort();
	for (size_t i = 0; i < 4; i++)
		for (size_t k = 0; k < part[i].n; k++)
			sum += part[i].p[k];
	if (sum == UINT32_MAX || f->nruns > EX_CATALOGUE_RUNS)
		abort();
	s->last = f->place;
	s->stream_no = f->stream_no;
	s->lines++;
	return 0;
}

static void
check(const struct ex_catalogue *c, const struct seen *s)
{
	if (c->lines != s->lines || c->nvolumes > EX_CATALOGUE_VOLUMES ||
	    c->nfindings > EX_CATALOGUE_FINDINGS || c->nfindings > c->found ||
	    c->allocated + c->deleted + c->virtuals > c->lines)
		abort();
	for (size_t i = 0; i < c->nvolumes; i++)
		if (c->volume[i].no != i || c->volume[i].parent > i)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ex_catalogue c;
	struct ex_cat_listener *l = calloc(1, sizeof(*l));
	struct seen seen;
	int rc = 0;

	if (l == NULL)
		return 0;
	memset(&c, 0, sizeof(c));
	memset(&seen, 0, sizeof(seen));
	l->out = &c;
	l->largest = UINT64_C(1) << 40;
	l->file = take;
	l->file_arg = &seen;
	ex_cat_listener_begin(l);
	for (size_t at = 0; rc == 0 && at < n; at += STEP)
		rc = ex_cat_listener_feed(
		    l, &data[at], n - at < STEP ? n - at : STEP, NULL);
	check(&c, &seen);
	ex_cat_listener_free(l);
	ex_catalogue_free(&c);
	free(l);
	return 0;
}
