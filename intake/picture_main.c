/*
 * picture_main.c -- exhibit-picture: photographs are decoded here and nowhere
 * else.
 *
 * The contract: give up every right but to read standard input, to write
 * standard output and to use memory and time within limits; read one PNG;
 * answer as intake/picture.h says; leave.
 */
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/jail.h"
#include "intake/picture_png.h"

enum {
	CANNOT = 2,
	MEMORY = 1024 * 1024 * 1024 /* three bytes a pixel, and libpng's own */
};

int
main(void)
{
	const struct ex_jail jail = { .memory = MEMORY,
		.cpu_seconds = EX_PICTURE_SECONDS,
		.wall_seconds = EX_PICTURE_SECONDS,
		.without_landlock = 1 };
	struct ex_buf png = EX_BUF_INIT, out = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	enum ex_jail_kind kind;
	int status = 0;

	if (ex_jail_enter(&jail, &kind, &err) == -1) {
		(void)fprintf(stderr, "exhibit-picture: %s\n", err.text);
		return CANNOT;
	}
	if (ex_fd_read_all(&png, STDIN_FILENO, EX_PICTURE_BYTES_MAX, &err) ==
		-1 ||
	    ex_picture_png(&out, png.data, png.len, &err) == -1) {
		ex_buf_cut(&out, 0);
		(void)ex_buf_add_text(&out, err.text, NULL);
		status = EX_PICTURE_REFUSED;
	}
	if (ex_fd_write_all(STDOUT_FILENO, out.data, out.len, NULL) == -1)
		status = CANNOT;
	ex_buf_free(&out);
	ex_buf_free(&png);
	return status;
}
