/*
 * ca_main.c -- exhibit-ca: one certificate for one request.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "daemons/ca.h"

enum {
	EXIT_CANNOT = 2,
	EXIT_USAGE = 64
};

static int
usage(void)
{
	(void)fprintf(stderr,
	    "usage: exhibit-ca DIRECTORY make NAME ORG\n"
	    "       exhibit-ca DIRECTORY person|station|service NAME ORG "
	    "<request >certificate\n"
	    "exhibit starts it; see exhibit-ca(8)\n");
	return EXIT_USAGE;
}

static int
issue(char **argv, struct ex_err *err)
{
	static const char *const kinds[] = { "person", "station", "service",
		NULL };
	struct ex_buf csr = EX_BUF_INIT, der = EX_BUF_INIT;
	int kind = ex_text_index(argv[2], kinds);
	int rc = -1;

	if (kind == -1)
		return ex_fail(
		    err, EX_USAGE, "\"%s\" is no kind of key", argv[2]);
	if (ex_fd_read_all(&csr, STDIN_FILENO, EX_CERT_MAX, err) == 0 &&
	    ex_ca_issue(&der, argv[1], (enum ex_cert_kind)kind, argv[3],
		argv[4], csr.data, csr.len, err) == 0)
		rc = ex_fd_write_all(STDOUT_FILENO, der.data, der.len, err);
	ex_buf_free(&csr);
	ex_buf_free(&der);
	return rc;
}

int
main(int argc, char **argv)
{
	struct ex_err err = EX_ERR_INIT;
	int rc;

	if (argc != 5)
		return usage();
	if (strcmp(argv[2], "make") == 0)
		rc = ex_ca_make(argv[1], argv[3], argv[4], &err);
	else
		rc = issue(argv, &err);
	if (rc == 0)
		return 0;
	(void)fprintf(stderr, "exhibit-ca: %s\n", err.text);
	return err.code == EX_USAGE ? EXIT_USAGE : EXIT_CANNOT;
}
