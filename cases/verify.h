/*
 * verify.h -- images against themselves and against the signed entries.
 *
 * Verdicts: "ok", "digest_differs", "container_damaged", "unreadable",
 * "no_signed_event".  An image is ok only when its container is whole and its
 * digests are those of the signed entry; digests stored in a container prove
 * nothing.
 */
#ifndef CASES_VERIFY_H
#define CASES_VERIFY_H

#include "base/err.h"
#include "base/json.h"
#include "cases/acquire.h"

struct ex_house;

struct ex_verify {
	const char *name; /* an item, then all its images; or an image */
	int all;
	const char *at; /* a copy's directory; NULL: where it was stored */
	int sign;	/* record it as a `verify` of each image */
	int without_landlock;
	ex_progress_fn *progress;
	void *progress_arg;
};

/*
 * *summary: {"images":[{"image","verdict","text","bad_ranges","digests",
 * "expected","unread_ranges"?,"event"?}]}.  bad_ranges are of the container's
 * damage; unread_ranges are those that were signed when the source was read:
 * a filling stands there, which is no damage.  Of an image with a signed map
 * of its blocks also "block_map", how it is with the map, and, when the image
 * is not well, "changed_ranges": cases/image_blocks.h.  *status is 0 when every verdict
 * is ok, else 1.
 */
int ex_verify_run(struct ex_json **summary, int *status, struct ex_house *house,
    const struct ex_verify *v, struct ex_err *err);

#endif
