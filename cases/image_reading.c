/*
 * image_reading.c -- what the reading of the source did not give: an image
 * holds a filling there, and that is no damage.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cases/history.h"
#include "cases/house.h"
#include "cases/image_parts.h"
#include "intake/vault.h"

int
ex_image_long_list(struct ex_json **out, struct ex_house *house,
    const char *sha256, const char *what, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	char vault[EX_PATH], hex[EX_SHA256_HEX];
	int fd, rc = -1;

	if (ex_house_path(vault, house, "vault", err) == -1 ||
	    ex_vault_open(
		&fd, vault, EX_VAULT_ATTACHMENTS, NULL, sha256, err) == -1)
		return -1;
	if (ex_fd_read_all(&text, fd, EX_JSON_MAX, err) == 0) {
		ex_sha256_hex(hex, text.data, text.len);
		rc =
		    strcmp(hex, sha256) != 0
			? ex_fail(err, EX_DAMAGED,
			      "the list of %s in the vault is not the signed "
			      "one",
			      what)
			: ex_json_read_canonical(out, text.data, text.len, err);
	}
	(void)close(fd);
	ex_buf_free(&text);
	return rc;
}

/* The end of the imaging that gave this image, or NULL. */
static const struct ex_json *
find_end(const struct ex_record *r, const char *image)
{
	const struct ex_json *found = NULL;

	for (size_t i = 0; i < r->nentries; i++) {
		const struct ex_event *e = &r->entry[i]->admission.event;
		const char *name = ex_event_text(e, "image");

		if (e->act == EX_ACT_ACQUIRE_END && name != NULL &&
		    strcmp(name, image) == 0)
			found = e->fields;
	}
	return found;
}

/* All but what came after all. */
static int
take_unread(struct ex_image *i, const struct ex_json *list, struct ex_err *err)
{
	if ((i->unread = ex_json_array()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t k = 0; k < ex_json_count(list); k++) {
		const struct ex_json *r = ex_json_at(list, k);
		const char *status = ex_json_get_text(r, "status");

		if (status != NULL && strcmp(status, "recovered") == 0)
			continue;
		if (ex_json_add(i->unread, ex_json_copy(r), err) == -1)
			return -1;
	}
	return 0;
}

int
ex_image_reading(struct ex_image *i, struct ex_house *house, struct ex_err *err)
{
	const struct ex_json *end;
	struct ex_json *list = NULL;
	char subject[EX_ITEM_MAX + 8];
	const char *parent, *sha256;
	struct ex_record r;
	int rc = 0;

	parent = i->create == NULL
		     ? NULL
		     : ex_event_text(&i->create->admission.event, "parent");
	if (parent == NULL)
		return 0;
	(void)snprintf(subject, sizeof(subject), "item:%s", parent);
	if (ex_record_open(&r, house, subject, err) == -1) {
		ex_record_free(&r);
		if (err == NULL || err->code != EX_ABSENT)
			return -1;
		ex_err_clear(err);
		return 0;
	}
	end = find_end(&r, i->name);
	sha256 = ex_json_get_text(end, "range_list");
	if (sha256 != NULL)
		rc =
		    ex_image_long_list(&list, house, sha256, "bad ranges", err);
	if (rc == 0)
		rc = take_unread(i,
		    list != NULL ? list : ex_json_get(end, "bad_ranges"), err);
	ex_json_free(list);
	ex_record_free(&r);
	return rc;
}
