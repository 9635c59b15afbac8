/*
 * image_parts.h -- an image as its signed entry has it; for cases/image.c and
 * cases/verify.c alone.
 */
#ifndef CASES_IMAGE_PARTS_H
#define CASES_IMAGE_PARTS_H

#include "base/json.h"
#include "cases/image.h"
#include "cases/record.h"
#include "intake/reader.h"

struct ex_image {
	char name[EX_ITEM_MAX + 1];
	struct ex_record record;
	const struct ex_record_entry *create; /* NULL: no signed entry */
	enum ex_container container;
	struct ex_digest_value digest[EX_ALGS]; /* signed */
	size_t ndigests;
	struct ex_json *segments; /* signed list; NULL when there is none */
	struct ex_json *unread;	  /* signed ranges that are not the source's:
				   * filled, or missing; NULL: none known */
	char dir[EX_PATH];	  /* where to look */
	int is_found;		  /* its first segment is in a told folder */
	char **path;		  /* those that are there, in order */
	size_t npaths;
	size_t nabsent;
};

/*
 * Read the record of an image and find its files: in at, or where they were
 * stored.  *out is released with ex_image_end() whether it worked or not.
 */
int ex_image_begin(struct ex_image *out, struct ex_house *house,
    const char *name, const char *at, struct ex_err *err);
void ex_image_end(struct ex_image *i);

/*
 * What the end of its imaging says of sectors that were not read, with those
 * that came late left out, into i->unread.  Nothing where the item it was
 * made of may not be seen, or it was not made here.
 */
int ex_image_reading(
    struct ex_image *i, struct ex_house *house, struct ex_err *err);

/* A canonical list that was too long for its entry, from the vault. */
int ex_image_long_list(struct ex_json **out, struct ex_house *house,
    const char *sha256, const char *what, struct ex_err *err);

/* Names of images: of an item, the image itself, or (NULL) all; sorted. */
int ex_image_names(struct ex_json **out, struct ex_house *house,
    const char *name, struct ex_err *err);

#endif
