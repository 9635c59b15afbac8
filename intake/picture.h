/*
 * picture.h -- what exhibit-picture makes of a PNG: pixels, or a reason.
 *
 * It gets the file as standard input and writes one answer: "EXPX", then
 * width, height, and the photograph's own width and height (u32, big-endian),
 * then width * height times R, G, B.  Exit status 0.  With EX_PICTURE_REFUSED
 * the answer is one line that says why.
 */
#ifndef INTAKE_PICTURE_H
#define INTAKE_PICTURE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"

enum {
	EX_PICTURE_REFUSED = 1,
	EX_PICTURE_HEAD = 20,	 /* bytes before the pixels */
	EX_PICTURE_SECONDS = 20, /* that decoding may take */
	EX_PICTURE_SHOWN = 1600, /* pixels of the longer side, at most */
	EX_PICTURE_ANSWER_MAX =
	    EX_PICTURE_HEAD + 3 * EX_PICTURE_SHOWN * EX_PICTURE_SHOWN
};

struct ex_picture_head {
	uint32_t width, height;
	uint32_t was_wide, was_high;
};

/* Write and read the head; the pixels must be as many as it says. */
int ex_picture_put(
    struct ex_buf *out, const struct ex_picture_head *head, struct ex_err *err);
int ex_picture_take(struct ex_picture_head *head, struct ex_span *pixels,
    const void *answer, size_t n, struct ex_err *err);

#endif
