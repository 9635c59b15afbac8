/*
 * picture_png.h -- decoding a PNG, for exhibit-picture alone.
 */
#ifndef INTAKE_PICTURE_PNG_H
#define INTAKE_PICTURE_PNG_H

#include "intake/picture.h"

/*
 * Append the answer to a PNG of n bytes: on white, in eight bits a colour, no
 * side longer than EX_PICTURE_SHOWN.  Its dimensions are looked at before a
 * pixel is decoded.  EX_FORMAT, EX_LIMIT, EX_SYSTEM.
 */
int ex_picture_png(
    struct ex_buf *out, const void *png, size_t n, struct ex_err *err);

#endif
