/*
 * source_image.h -- an image that is read back in the jail, as a source: for
 * writing it out in another container.
 *
 * It is read once, in order: what is asked for out of order is an error.
 */
#ifndef INTAKE_SOURCE_IMAGE_H
#define INTAKE_SOURCE_IMAGE_H

#include <stdint.h>

#include "base/err.h"
#include "intake/reader.h"
#include "intake/source.h"

/*
 * bytes is what the image is known to hold.  r and what it points to must
 * outlive the source; name is what the source is called.
 */
int ex_source_open_image(struct ex_source **out, const struct ex_reading *r,
    const char *name, uint64_t bytes, struct ex_err *err);

/*
 * What reading it gave, once it was read to its end or given up; *out is the
 * caller's, to be released with ex_verdict_free().  -1 as
 * ex_reading_export().  Before ex_source_close().
 */
int ex_source_image_verdict(
    struct ex_verdict *out, struct ex_source *s, struct ex_err *err);

#endif
