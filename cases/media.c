/*
 * media.c -- what a source says about itself, looked at and not recorded.
 */
#include <string.h>

#include "cases/acquire_parts.h"

/* Each member of an object into another. */
static int
add(void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	return ex_json_set(arg, key, ex_json_copy(v), err);
}

/* An object under a name; taken over. */
static int
put(struct ex_json *v, const char *name, struct ex_json *object,
    struct ex_err *err)
{
	return ex_json_set(v, name, object, err);
}

static int
put_names(struct ex_json *v, const struct ex_source_info *i, struct ex_err *err)
{
	if (ex_json_set_text(v, "path", i->path, err) == -1 ||
	    ex_json_set_int(v, "size", (int64_t)i->size, err) == -1 ||
	    ex_json_set_int(v, "sector_size", i->sector_size, err) == -1 ||
	    ex_json_set_int(v, "physical_sector_size", i->physical_sector_size,
		err) == -1 ||
	    ex_json_set_text(v, "by_id", i->by_id, err) == -1)
		return -1;
	return ex_json_set_text(v, "serial", i->serial, err);
}

/* What would be signed of it, and what uses it now. */
static int
put_state(struct ex_json *v, struct ex_source *s, struct ex_err *err)
{
	struct ex_json *device, *learned, *smart;
	char use[EX_ERR_TEXT];
	const char *method, *by;
	int rc;

	if (ex_device_json(&device, &s->info, err) == -1)
		return -1;
	rc = ex_json_each(device, add, v, err);
	ex_json_free(device);
	if (rc == -1 || ex_learned_json(&learned, &s->info, err) == -1)
		return -1;
	ex_method_of(&method, &by, s, 1);
	if (put(v, "learned", learned, err) == -1 ||
	    ex_json_set_text(
		ex_json_get_mutable(v, "learned"), "method", by, err) == -1 ||
	    ex_json_set_text(v, "method", method, err) == -1 ||
	    ex_source_in_use(use, s, err) == -1 ||
	    ex_smart_json(&smart, &s->info.drive.smart, err) == -1)
		return -1;
	if (put(v, "smart_data", smart, err) == -1)
		return -1;
	return use[0] == '\0' ? 0 : ex_json_set_text(v, "in_use", use, err);
}

int
ex_media_inspect(struct ex_json **out, const char *source, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	struct ex_source *s = NULL;
	int rc = -1;

	*out = NULL;
	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_source_look(&s, source, err) == 0 &&
	    put_names(v, &s->info, err) == 0)
		rc = put_state(v, s, err);
	ex_source_close(s);
	if (rc == 0)
		*out = v;
	else
		ex_json_free(v);
	return rc;
}
