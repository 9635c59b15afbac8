/*
 * picture_png.c -- PNG through libpng's simplified reader.
 */
#include "intake/picture_png.h"

#include <stdlib.h>
#include <string.h>

#include <png.h>

static int
check(const png_image *image, struct ex_err *err)
{
	uint64_t pixels = (uint64_t)image->width * image->height;

	if (image->width > EX_PICTURE_SIDE_MAX ||
	    image->height > EX_PICTURE_SIDE_MAX ||
	    pixels > EX_PICTURE_PIXELS_MAX)
		return ex_fail(err, EX_LIMIT,
		    "%u x %u pixels, more than %d million", image->width,
		    image->height, EX_PICTURE_PIXELS_MAX / 1000000);
	return 0;
}

/* The mean of a square of step pixels, which the edge may cut. */
static void
mean(uint8_t rgb[3], const uint8_t *pixels, const png_image *image, uint32_t x,
    uint32_t y, uint32_t step)
{
	uint64_t sum[3] = { 0 }, n = 0;

	for (uint32_t j = y; j < y + step && j < image->height; j++)
		for (uint32_t i = x; i < x + step && i < image->width; i++) {
			size_t at = 3 * ((size_t)j * image->width + i);

			for (size_t c = 0; c < 3; c++)
				sum[c] += pixels[at + c];
			n++;
		}
	for (size_t c = 0; c < 3; c++)
		rgb[c] = (uint8_t)(sum[c] / n);
}

static int
shrink(struct ex_buf *out, const uint8_t *pixels, const png_image *image,
    struct ex_err *err)
{
	uint32_t side =
	    image->width > image->height ? image->width : image->height;
	uint32_t step = (side + EX_PICTURE_SHOWN - 1) / EX_PICTURE_SHOWN;
	struct ex_picture_head head = { (image->width + step - 1) / step,
		(image->height + step - 1) / step, image->width,
		image->height };
	uint8_t rgb[3];

	if (ex_picture_put(out, &head, err) == -1)
		return -1;
	for (uint32_t y = 0; y < image->height; y += step)
		for (uint32_t x = 0; x < image->width; x += step) {
			mean(rgb, pixels, image, x, y, step);
			if (ex_buf_add(out, rgb, sizeof(rgb), err) == -1)
				return -1;
		}
	return 0;
}

int
ex_picture_png(
    struct ex_buf *out, const void *png, size_t n, struct ex_err *err)
{
	const png_color white = { 255, 255, 255 };
	uint8_t *pixels = NULL;
	png_image image;
	int rc = -1;

	memset(&image, 0, sizeof(image));
	image.version = PNG_IMAGE_VERSION;
	if (!png_image_begin_read_from_memory(&image, png, n))
		return ex_fail(
		    err, EX_FORMAT, "a broken PNG: %.63s", image.message);
	image.format = PNG_FORMAT_RGB;
	if (check(&image, err) == -1)
		goto out;
	if ((pixels = malloc(PNG_IMAGE_SIZE(image))) == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	if (!png_image_finish_read(&image, &white, pixels, 0, NULL))
		(void)ex_fail(
		    err, EX_FORMAT, "a broken PNG: %.63s", image.message);
	else
		rc = shrink(out, pixels, &image, err);
out:
	png_image_free(&image);
	free(pixels);
	return rc;
}
