/*
 * manual_main.c -- writes exhibit(1) to standard output while building.
 */
#include <stdio.h>

#include "cli/help.h"

int
main(void)
{
	struct ex_buf out = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	int rc = 0;

	if (cli_manual(&out, &err) == -1) {
		(void)fprintf(stderr, "manual: %s\n", err.text);
		rc = 1;
	} else if (fwrite(out.data, 1, out.len, stdout) != out.len ||
		   fflush(stdout) != 0) {
		rc = 1;
	}
	ex_buf_free(&out);
	return rc;
}
