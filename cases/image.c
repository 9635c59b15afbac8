/*
 * image.c -- images listed and shown.
 */
#include "cases/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "cases/acquire_parts.h"
#include "cases/image_parts.h"
#include "db/store.h"

static int
put_fact(struct ex_json *v, struct ex_house *house, const char *image,
    struct ex_err *err)
{
	static const char *const text[] = { "case", "state", "parent" };
	static const char *const as[] = { "case", "state", "item" };
	struct ex_json *fact = NULL;
	int rc = 0;

	if (ex_house_fact(house, "item", image, &fact, err) == -1)
		return -1;
	if (fact == NULL)
		return ex_fail(err, EX_ABSENT, "there is no image %s", image);
	for (size_t i = 0; rc == 0 && i < sizeof(text) / sizeof(text[0]); i++) {
		const char *t = ex_json_get_text(fact, text[i]);

		if (t != NULL)
			rc = ex_json_set_text(v, as[i], t, err);
	}
	if (rc == 0 && ex_json_get(fact, "flags") != NULL)
		rc = ex_json_set(
		    v, "flags", ex_json_copy(ex_json_get(fact, "flags")), err);
	ex_json_free(fact);
	return rc;
}

static int
put_digests(struct ex_json *v, const struct ex_image *i, struct ex_err *err)
{
	struct ex_json *set = ex_json_object();

	if (set == NULL || ex_json_set(v, "digests", set, err) == -1)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t k = 0; k < i->ndigests; k++)
		if (ex_json_set_hex(set, ex_alg_name(i->digest[k].alg),
			i->digest[k].value, i->digest[k].len, err) == -1)
			return -1;
	return 0;
}

/* The signed segments, each with where it should lie. */
static int
put_segments(struct ex_json *v, const struct ex_image *i, struct ex_err *err)
{
	struct ex_json *list = ex_json_copy(i->segments);
	char path[EX_PATH];
	int rc = list == NULL ? -1 : 0;

	for (size_t k = 0; rc == 0 && k < ex_json_count(list); k++) {
		struct ex_json *one = ex_json_ref(ex_json_at(list, k));
		const char *name = ex_json_get_text(one, "name");

		if (name != NULL)
			rc = ex_path_join(path, EX_PATH, i->dir, name, err);
		if (rc == 0 && name != NULL)
			rc = ex_json_set_text(one, "path", path, err);
		ex_json_free(one);
	}
	if (rc == 0)
		return ex_json_set(v, "segments", list, err);
	ex_json_free(list);
	return ex_fail(err, EX_SYSTEM, "out of memory");
}

/* What the signed entry says of an image. */
static int
put_image(struct ex_json *v, struct ex_house *house, const char *name,
    int whole, struct ex_err *err)
{
	struct ex_image i;
	int rc = -1;

	if (ex_json_set_text(v, "image", name, err) == -1 ||
	    put_fact(v, house, name, err) == -1)
		return -1;
	if (ex_image_begin(&i, house, name, NULL, err) == -1)
		goto out;
	if (i.create != NULL &&
	    (ex_json_set_int(v, "bytes",
		 ex_json_get_int(i.create->admission.event.fields, "size", 0),
		 err) == -1 ||
		ex_json_set_text(v, "format",
		    ex_event_text(&i.create->admission.event, "format"),
		    err) == -1 ||
		put_digests(v, &i, err) == -1))
		goto out;
	for (size_t k = 0; k < i.ndigests; k++)
		if (i.digest[k].alg == EX_SHA256 &&
		    ex_json_set_hex(v, "sha256", i.digest[k].value,
			i.digest[k].len, err) == -1)
			goto out;
	if (whole && ex_json_set_text(v, "path", i.dir, err) == -1)
		goto out;
	if (whole && i.segments != NULL && put_segments(v, &i, err) == -1)
		goto out;
	rc = 0;
out:
	ex_image_end(&i);
	return rc;
}

int
ex_image_list(struct ex_json **out, struct ex_house *house, struct ex_err *err)
{
	struct ex_json *v = ex_json_object(), *list = ex_json_array();
	struct ex_json *names = NULL;
	int rc = -1;

	*out = NULL;
	if (v != NULL && list != NULL &&
	    ex_json_set(v, "images", ex_json_ref(list), err) == 0)
		rc = ex_image_names(&names, house, NULL, err);
	for (size_t i = 0; rc == 0 && i < ex_json_count(names); i++) {
		struct ex_json *one = ex_json_object();

		rc = one == NULL
			 ? ex_fail(err, EX_SYSTEM, "out of memory")
			 : put_image(one, house,
			       ex_json_text(ex_json_at(names, i)), 0, err);
		if (rc == 0)
			rc = ex_json_add(list, one, err);
		else
			ex_json_free(one);
	}
	ex_json_free(names);
	ex_json_free(list);
	if (rc == 0)
		*out = v;
	else
		ex_json_free(v);
	return rc;
}

int
ex_image_show(struct ex_json **out, struct ex_house *house, const char *image,
    struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	*out = NULL;
	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (put_image(v, house, image, 1, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}
