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
	const char *format; /* "raw" */
	const char *to;	    /* file that must not exist */
	int without_landlock;
	ex_progress_fn *progress;
	void *progress_arg;
};

/*
 * Write an image out as raw bytes, digests compared with the signed entry on
 * the way.  *status 1 when they differ: the file is then not kept.
 * {"image","path","bytes","sha256","verdict"}
 */
int ex_image_export(struct ex_json **out, int *status, struct ex_house *house,
    const struct ex_image_export *x, struct ex_err *err);

#endif
