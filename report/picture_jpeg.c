/*
 * picture_jpeg.c -- the head of a JPEG (ITU-T T.81, annex B), no more.
 */
#include "report/picture.h"

enum {
	SOI = 0xd8,
	EOI = 0xd9,
	SOS = 0xda,
	SOF0 = 0xc0, /* baseline */
	SOF1 = 0xc1, /* extended sequential */
	SOF2 = 0xc2, /* progressive */
	TEM = 0x01,
	RST0 = 0xd0,
	RST7 = 0xd7,
	SEGMENTS = 4096 /* before the frame's head; cameras write a dozen */
};

int
ex_picture_check(uint32_t width, uint32_t height, struct ex_err *err)
{
	uint64_t pixels = (uint64_t)width * height;

	if (width == 0 || height == 0)
		return ex_fail(err, EX_FORMAT, "a picture without pixels");
	if (width > EX_PICTURE_SIDE_MAX || height > EX_PICTURE_SIDE_MAX ||
	    pixels > EX_PICTURE_PIXELS_MAX)
		return ex_fail(err, EX_LIMIT,
		    "%u x %u pixels, more than %d million", width, height,
		    EX_PICTURE_PIXELS_MAX / 1000000);
	return 0;
}

/* T.81, B.2.2: precision, lines, samples a line, components. */
static int
read_frame(
    uint32_t *width, uint32_t *height, struct ex_span head, struct ex_err *err)
{
	struct ex_reader r;
	uint16_t x, y;
	uint8_t bits, n;

	ex_reader_init(&r, head.p, head.n);
	if (ex_read_u8(&r, &bits, err) == -1 ||
	    ex_read_u16(&r, &y, err) == -1 || ex_read_u16(&r, &x, err) == -1 ||
	    ex_read_u8(&r, &n, err) == -1)
		return -1;
	if (bits != 8)
		return ex_fail(
		    err, EX_FORMAT, "a JPEG of %u bits a sample", bits);
	if (n != 1 && n != 3)
		return ex_fail(err, EX_FORMAT, "a JPEG of %u colours", n);
	if (r.left != 3 * (size_t)n)
		return ex_fail(err, EX_FORMAT, "a JPEG with a broken head");
	*width = x;
	*height = y;
	return ex_picture_check(x, y, err);
}

/* The next marker, and what its segment holds. */
static int
next(struct ex_reader *r, uint8_t *marker, struct ex_span *body,
    struct ex_err *err)
{
	uint8_t byte;
	uint16_t n;

	if (ex_read_u8(r, &byte, err) == -1)
		return -1;
	if (byte != 0xff)
		return ex_fail(err, EX_FORMAT, "a JPEG with a broken head");
	do {
		if (ex_read_u8(r, marker, err) == -1)
			return -1;
	} while (*marker == 0xff);
	if (*marker == TEM || (*marker >= RST0 && *marker <= EOI))
		return ex_fail(err, EX_FORMAT, "a JPEG with a broken head");
	if (ex_read_u16(r, &n, err) == -1)
		return -1;
	if (n < 2)
		return ex_fail(err, EX_FORMAT, "a JPEG with a broken head");
	return ex_read_span(r, n - 2u, body, err);
}

int
ex_picture_jpeg(uint32_t *width, uint32_t *height, const void *data, size_t n,
    struct ex_err *err)
{
	struct ex_reader r;
	struct ex_span body;
	uint8_t a, marker;

	ex_reader_init(&r, data, n);
	if (ex_read_u8(&r, &a, NULL) == -1 || a != 0xff ||
	    ex_read_u8(&r, &marker, NULL) == -1 || marker != SOI)
		return ex_fail(err, EX_FORMAT, "neither JPEG nor PNG");
	for (int i = 0; i < SEGMENTS; i++) {
		if (next(&r, &marker, &body, err) == -1)
			return -1;
		if (marker == SOF0 || marker == SOF1 || marker == SOF2)
			return read_frame(width, height, body, err);
		/* Others of its kind: lossless, arithmetic, hierarchical. */
		if ((marker & 0xf0) == SOF0 && marker != 0xc4 && marker != 0xcc)
			return ex_fail(err, EX_FORMAT,
			    "a JPEG of a kind that PDF has not (SOF%d)",
			    marker - SOF0);
		if (marker == SOS)
			break;
	}
	return ex_fail(err, EX_FORMAT, "a JPEG without a frame");
}
