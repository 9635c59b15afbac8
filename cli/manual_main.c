/*
 * manual_main.c -- exhibit-manual FILE writes exhibit(1), while building.
 */
#include <stdio.h>

#include "base/file.h"
#include "cli/help.h"

int
main(int argc, char **argv)
{
	struct ex_buf out = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	int rc = 0;

	if (argc != 2) {
		(void)fprintf(stderr, "usage: exhibit-manual FILE\n");
		return 64;
	}
	if (cli_manual(&out, &err) == -1 ||
	    ex_file_write(argv[1], out.data, out.len, 0644, &err) == -1) {
		(void)fprintf(stderr, "exhibit-manual: %s\n", err.text);
		rc = 1;
	}
	ex_buf_free(&out);
	return rc;
}
