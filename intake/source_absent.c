/*
 * source_absent.c -- a medium that is not there any more, by what is known of
 * it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "intake/source.h"

void
ex_source_unknown(struct ex_source_info *i, const char *path)
{
	char *const text[] = { i->by_id, i->vendor, i->model, i->serial,
		i->firmware, i->transport };

	memset(i, 0, sizeof(*i));
	(void)snprintf(i->path, sizeof(i->path), "%s", path);
	for (size_t k = 0; k < sizeof(text) / sizeof(text[0]); k++)
		(void)snprintf(text[k], EX_SOURCE_TEXT, "unknown");
	i->kernel_read_only = i->removable = EX_UNKNOWN;
	i->drive.hpa = i->drive.dco = i->drive.frozen = EX_UNKNOWN;
}

static enum ex_got
absent_read(void *self, void *buf, size_t n, uint64_t off, struct ex_err *err)
{
	(void)self;
	(void)buf;
	(void)n;
	(void)off;
	(void)ex_fail(err, EX_ABSENT, "the source is not there any more");
	return EX_GOT_GONE;
}

static const struct ex_source_ops ops = { .read = absent_read };

int
ex_source_open_absent(struct ex_source **out, const struct ex_source_info *info,
    struct ex_err *err)
{
	struct ex_source *s = calloc(1, sizeof(*s));

	*out = NULL;
	if (s == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	s->ops = &ops;
	s->info = *info;
	*out = s;
	return 0;
}
