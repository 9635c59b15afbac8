/*
 * source_same.c -- is a source that came back the one that went away?
 */
#include <inttypes.h>
#include <string.h>

#include "intake/source.h"

static int
is_known(const char *text)
{
	return text[0] != '\0' && strcmp(text, "unknown") != 0;
}

/* Both said it, and said different things. */
static int
differ(const char *was, const char *now)
{
	return is_known(was) && is_known(now) && strcmp(was, now) != 0;
}

static enum ex_back
other(struct ex_err *err, const char *what, const char *was, const char *now)
{
	(void)ex_fail(err, EX_CONFLICT,
	    "another device is there: its %s is \"%s\", not \"%s\"", what, now,
	    was);
	return EX_BACK_OTHER;
}

/* A word that only this one device has, and that both say. */
static enum ex_back
same_device(const struct ex_source_info *was, const struct ex_source_info *now,
    struct ex_err *err)
{
	if (differ(was->serial, now->serial))
		return other(err, "serial number", was->serial, now->serial);
	if (differ(was->vendor, now->vendor))
		return other(err, "vendor", was->vendor, now->vendor);
	if (differ(was->model, now->model))
		return other(err, "model", was->model, now->model);
	if (is_known(was->serial) && is_known(now->serial))
		return EX_BACK_SAME;
	if (is_known(was->by_id) && strcmp(was->by_id, now->by_id) == 0)
		return EX_BACK_SAME;
	(void)ex_fail(err, EX_CONFLICT,
	    "the device that is there says no serial number: it cannot be "
	    "told from another");
	return EX_BACK_OTHER;
}

enum ex_back
ex_source_same(const struct ex_source_info *was,
    const struct ex_source_info *now, struct ex_err *err)
{
	if (was->kind != now->kind) {
		(void)ex_fail(err, EX_CONFLICT,
		    "what is there now is a %s, not a %s",
		    ex_source_kind_text(now->kind),
		    ex_source_kind_text(was->kind));
		return EX_BACK_OTHER;
	}
	if (was->kind == EX_SOURCE_BLOCK) {
		enum ex_back back = same_device(was, now, err);

		if (back != EX_BACK_SAME)
			return back;
	}
	if (was->size == now->size && was->sector_size == now->sector_size)
		return EX_BACK_SAME;
	(void)ex_fail(err, EX_CONFLICT,
	    "what is there has %" PRIu64 " bytes in sectors of %u, not %" PRIu64
	    " in sectors of %u",
	    now->size, now->sector_size, was->size, was->sector_size);
	return EX_BACK_OTHER;
}

enum ex_back
ex_source_again(struct ex_source *s, struct ex_err *err)
{
	if (s->ops->again != NULL)
		return s->ops->again(s->self, &s->info, err);
	(void)ex_fail(err, EX_ABSENT, "it cannot be looked for");
	return EX_BACK_NOT_YET;
}

int
ex_source_size(struct ex_source *s, uint64_t *now, struct ex_err *err)
{
	if (s->ops->size == NULL)
		return ex_fail(err, EX_ABSENT, "it does not say its size");
	return s->ops->size(s->self, now, err);
}

void
ex_source_forget(struct ex_source *s)
{
	if (s->ops->forget != NULL)
		s->ops->forget(s->self);
}
