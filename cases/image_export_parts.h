/*
 * image_export_parts.h -- an image on its way out; for cases/image_export*.c
 * alone.
 */
#ifndef CASES_IMAGE_EXPORT_PARTS_H
#define CASES_IMAGE_EXPORT_PARTS_H

#include "base/file.h"
#include "cases/image_parts.h"
#include "intake/imaging.h"

struct ex_exporting {
	const struct ex_image_export *x;
	struct ex_house *house;
	struct ex_image image;
	enum ex_container as;
	uint64_t bytes;			  /* of the media, as signed */
	char dir[EX_PATH], stem[EX_PATH]; /* where to, and the files' name */
	char temp[EX_PATH]; /* the folder that is written into, or "" */
	struct ex_imaging_outcome out; /* of an E01 */
	struct ex_verdict verdict;     /* of reading the image */
	const char **path;	       /* of its segments */
	char is[32];		       /* the verdict, in a word */
};

/* Where the files go and what they are called: dir and stem. */
int ex_export_place(struct ex_exporting *e, struct ex_err *err);
/* Where the file goes that was made as this; NULL: the first. */
int ex_export_name(char out[EX_PATH], const struct ex_exporting *e,
    const char *made, struct ex_err *err);
/* EX_EXISTS when the first of them is there. */
int ex_export_refuse(const struct ex_exporting *e, struct ex_err *err);
/* A folder beside them to write into. */
int ex_export_temp(struct ex_exporting *e, struct ex_err *err);
/*
 * Give every file its name, the first segment last.  EX_EXISTS, and then none
 * has got one.
 */
int ex_export_give_names(const struct ex_exporting *e, struct ex_err *err);
void ex_export_take_back(const struct ex_exporting *e);
/* {"path","size","sha256"} of each segment of an E01. */
int ex_export_segments(
    struct ex_json *v, const struct ex_exporting *e, struct ex_err *err);

#endif
