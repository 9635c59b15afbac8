/*
 * fuzz_picture.c -- any bytes as the head of a JPEG, and as the answer of
 * exhibit-picture: what is taken keeps the limits.
 */
#include <stdint.h>
#include <stdlib.h>

#include "intake/picture.h"
#include "report/picture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ex_picture_head head;
	struct ex_span pixels;
	uint32_t width = 0, height = 0;

	if (ex_picture_jpeg(&width, &height, data, n, NULL) == 0 &&
	    (width == 0 || height == 0 ||
		(uint64_t)width * height > EX_PICTURE_PIXELS_MAX))
		abort();
	if (ex_picture_take(&head, &pixels, data, n, NULL) == 0 &&
	    (pixels.n != (size_t)3 * head.width * head.height ||
		pixels.n + EX_PICTURE_HEAD != n))
		abort();
	return 0;
}
