/*
 * acquire_device.c -- what a medium says of itself, as records hold it: flat
 * objects of words and numbers, and who said each.
 */
#include <string.h>

#include "base/text.h"
#include "cases/acquire_parts.h"

/* What a machine says is escaped, and cut where it is long. */
static int
put(struct ex_json *v, const char *name, const char *text, struct ex_err *err)
{
	char shown[EX_SOURCE_TEXT * 2];

	return ex_json_set_text(
	    v, name, ex_text_shown(shown, sizeof(shown), text), err);
}

/* A number, where it is known. */
static int
put_number(
    struct ex_json *v, enum ex_trait trait, uint64_t n, struct ex_err *err)
{
	return n == 0
		   ? 0
		   : ex_json_set_int(v, ex_trait_name(trait), (int64_t)n, err);
}

static int
put_words(struct ex_json *v, const struct ex_source_info *i, struct ex_err *err)
{
	const struct ex_drive_facts *d = &i->drive;
	const struct {
		const char *name, *text;
	} word[] = {
		{ "kind", ex_source_kind_text(i->kind) },
		{ "vendor", i->vendor },
		{ "model", i->model },
		{ "firmware", i->firmware },
		{ "transport", i->transport },
		{ "kernel_read_only", ex_known_text(i->kernel_read_only) },
		{ "removable", ex_known_text(i->removable) },
		{ "read_past_cache", i->direct ? "yes" : "no" },
		{ "hpa", ex_known_text(d->hpa) },
		{ "dco", ex_known_text(d->dco) },
		{ "security", ex_security_text(d->security) },
		{ "smart", ex_health_text(d->smart.health) },
	};

	for (size_t k = 0; k < sizeof(word) / sizeof(word[0]); k++)
		if (put(v, word[k].name, word[k].text, err) == -1)
			return -1;
	return d->frozen == EX_UNKNOWN
		   ? 0
		   : put(v, "frozen", ex_known_text(d->frozen), err);
}

static int
put_sizes(struct ex_json *v, const struct ex_source_info *i, struct ex_err *err)
{
	const struct ex_drive_facts *d = &i->drive;

	/* A file has no sectors of its own. */
	if (i->kind == EX_SOURCE_BLOCK && i->sector_size != 0 &&
	    ex_json_set_int(v, "visible_sectors",
		(int64_t)(i->size / i->sector_size), err) == -1)
		return -1;
	if (put_number(v, EX_TRAIT_DRIVE_SECTORS, d->sectors, err) == -1 ||
	    put_number(v, EX_TRAIT_NATIVE, d->native, err) == -1 ||
	    put_number(v, EX_TRAIT_FACTORY, d->factory, err) == -1 ||
	    put_number(v, EX_TRAIT_ROTATION, (uint64_t)d->rotation, err) == -1)
		return -1;
	if (d->nvme_total == 0)
		return 0;
	if (ex_json_set_int(
		v, "nvme_total_bytes", (int64_t)d->nvme_total, err) == -1)
		return -1;
	return ex_json_set_int(
	    v, "nvme_unallocated_bytes", (int64_t)d->nvme_unallocated, err);
}

/* What became of each question: why something is unknown. */
static int
put_asked(struct ex_json *v, const struct ex_drive_facts *d, struct ex_err *err)
{
	for (int c = 0; c < EX_COMMANDS; c++) {
		struct ex_buf name = EX_BUF_INIT;
		int rc;

		if (d->asked[c] == EX_ASKED_NOT)
			continue;
		rc = ex_buf_addf(&name, err, "asked_%s",
		    ex_command_name((enum ex_command)c));
		if (rc == 0)
			rc = put(v, ex_buf_text(&name),
			    ex_asked_text(d->asked[c]), err);
		ex_buf_free(&name);
		if (rc == -1)
			return -1;
	}
	return 0;
}

int
ex_device_json(
    struct ex_json **out, const struct ex_source_info *i, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	*out = NULL;
	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (put_words(v, i, err) == -1 || put_sizes(v, i, err) == -1 ||
	    put_asked(v, &i->drive, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}

int
ex_learned_json(
    struct ex_json **out, const struct ex_source_info *i, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	*out = NULL;
	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (int t = 0; t < EX_TRAITS; t++) {
		if (i->learned[t] == EX_LEARNED_NOT)
			continue;
		if (put(v, ex_trait_name((enum ex_trait)t),
			ex_learned_text(i->learned[t]), err) == -1) {
			ex_json_free(v);
			return -1;
		}
	}
	*out = v;
	return 0;
}

static int
put_smart(struct ex_json *v, const struct ex_smart *s, struct ex_err *err)
{
	if (s->health == EX_HEALTH_UNKNOWN && s->ncounts == 0 &&
	    !s->has_temperature)
		return 0;
	if (put(v, "status", ex_health_text(s->health), err) == -1 ||
	    (s->has_temperature &&
		ex_json_set_int(v, "temperature", s->temperature, err) == -1))
		return -1;
	for (size_t k = 0; k < s->ncounts; k++)
		if (ex_json_set_int(v, s->count[k].name,
			(int64_t)s->count[k].value, err) == -1)
			return -1;
	return 0;
}

int
ex_smart_json(
    struct ex_json **out, const struct ex_smart *s, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	*out = NULL;
	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (put_smart(v, s, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}
