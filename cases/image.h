/*
 * image.h -- images: what there is, and their bytes on their way out.
 */
#ifndef CASES_IMAGE_H
#define CASES_IMAGE_H

#include "base/err.h"
#include "base/json.h"
#include "cases/acquire.h"

struct ex_house;

/* {"images":[{"image","item","case","state","bytes","format","sha256"}]} */
int
ex_image_list(struct ex_json **out, struct ex_house *house, struct ex_err *err);

/*
 * {"image","item","case","state","flags","acquisition","digests","segments",
 * "destinations"}; EX_ABSENT.
 */
int ex_image_show(struct ex_json **out, struct ex_house *house,
    const char *image, struct ex_err *err);

struct ex_image_export {
	const char *image;
	const char *format; /* "raw" or "e01"; NULL: raw */
	/*
	 * What is written: a file, or the first segment of an E01, whose name
	 * may come with or without ".E01"; in a folder that is there, one
	 * named like the image.
	 */
	const char *to;
	uint64_t segment_size;	 /* of an E01, bytes; 0: the usual */
	const char *compression; /* of an E01; NULL: fast */
	const char *recipient;	 /* who gets it, or NULL */
	const char *authority;	 /* NULL: none is named */
	const char *purpose;	 /* or NULL */
	int sign;		 /* 1: an `export` of the image is entered */
	int without_landlock;
	ex_progress_fn *progress;
	void *progress_arg;
};

/*
 * Write an image out, digests compared with the signed entry.  One that was
 * never verified is verified first, and with sign that is entered too; what
 * is not well is not written out (*status 1), and what is there is not
 * written over (EX_EXISTS).  A file gets its name when it is whole, the same
 * and on disk; an E01 was read back before.
 * {"image","path","format","bytes","sha256","verdict","text","segments",
 * "event"?}
 */
int ex_image_export(struct ex_json **out, int *status, struct ex_house *house,
    const struct ex_image_export *x, struct ex_err *err);

#endif
