/*
 * picture.h -- photographs in a report: hostile bytes that others will look
 * at.
 *
 * A JPEG goes into the PDF as it is, byte for byte; only its head is read
 * here (picture_jpeg.c).  A PNG is decoded by exhibit-picture, a jailed
 * program, and comes back as pixels.  What is neither is no error: whoever
 * asked says so in the report.
 */
#ifndef REPORT_PICTURE_H
#define REPORT_PICTURE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"

enum ex_picture_kind {
	EX_PICTURE_JPEG,  /* data is the file */
	EX_PICTURE_PIXELS /* data is width * height times R, G, B */
};

struct ex_picture {
	enum ex_picture_kind kind;
	uint32_t width, height;	     /* of data, pixels */
	uint32_t was_wide, was_high; /* of the photograph */
	struct ex_buf data;
};

/*
 * Take a photograph out of the vault.  EX_FORMAT: it is no picture that can
 * be shown, and why; EX_LIMIT: it is too large; EX_ABSENT: it is not there;
 * EX_DAMAGED: the file is another.  *out is released with ex_picture_free()
 * whatever happens.
 */
int ex_picture_load(struct ex_picture *out, const char *vault,
    const char *sha256, struct ex_err *err);
void ex_picture_free(struct ex_picture *p);

/*
 * Width and height of a JPEG that a PDF can show (ISO 32000-1, 7.4.8):
 * baseline or progressive, 8 bits, grey or three colours.  EX_FORMAT says
 * what it is instead, EX_LIMIT when it is too large.
 */
int ex_picture_jpeg(uint32_t *width, uint32_t *height, const void *data,
    size_t n, struct ex_err *err);

/* As EX_LIMIT of the above, for dimensions from anywhere. */
int ex_picture_check(uint32_t width, uint32_t height, struct ex_err *err);

#endif
