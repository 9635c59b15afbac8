/*
 * picture.c -- the answer of exhibit-picture.
 */
#include "intake/picture.h"

static const char magic[] = "EXPX";

int
ex_picture_put(
    struct ex_buf *out, const struct ex_picture_head *head, struct ex_err *err)
{
	if (ex_buf_add(out, magic, sizeof(magic) - 1, err) == -1 ||
	    ex_buf_add_u32(out, head->width, err) == -1 ||
	    ex_buf_add_u32(out, head->height, err) == -1 ||
	    ex_buf_add_u32(out, head->was_wide, err) == -1)
		return -1;
	return ex_buf_add_u32(out, head->was_high, err);
}

int
ex_picture_take(struct ex_picture_head *head, struct ex_span *pixels,
    const void *answer, size_t n, struct ex_err *err)
{
	struct ex_reader r;
	struct ex_span word;

	ex_reader_init(&r, answer, n);
	if (ex_read_span(&r, sizeof(magic) - 1, &word, err) == -1 ||
	    ex_read_u32(&r, &head->width, err) == -1 ||
	    ex_read_u32(&r, &head->height, err) == -1 ||
	    ex_read_u32(&r, &head->was_wide, err) == -1 ||
	    ex_read_u32(&r, &head->was_high, err) == -1)
		return -1;
	if (!ex_span_is(word, magic) || head->width == 0 || head->height == 0 ||
	    head->width > EX_PICTURE_SHOWN || head->height > EX_PICTURE_SHOWN)
		return ex_fail(err, EX_FORMAT, "no picture");
	if (r.left != (size_t)3 * head->width * head->height)
		return ex_fail(err, EX_FORMAT, "a picture of another size");
	return ex_read_span(&r, r.left, pixels, err);
}
