/*
 * idn_idn2.c -- host names by libidn2.
 */
#include "base/idn.h"

#include <string.h>

#include <idn2.h>

#include "base/text.h"

enum {
	LABEL_MAX = 63, /* RFC 1035, 2.3.4 */
	HOST_MAX = 253
};

static int
bad(const char *host, const char *why, struct ex_err *err)
{
	char shown[80];

	return ex_fail(err, EX_FORMAT, "\"%s\" is no host name: %s",
	    ex_text_shown(shown, sizeof(shown), host), why);
}

static int
label_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
	       c == '_';
}

/* Letters, digits, "-" and "_" in labels of 1 to 63, two at least. */
static int
check_labels(const char *host, const char *ascii, struct ex_err *err)
{
	size_t label = 0, dots = 0, n = strlen(ascii);

	if (n > HOST_MAX)
		return bad(host, "longer than 253 characters", err);
	for (size_t i = 0; i <= n; i++) {
		if (i < n && ascii[i] != '.') {
			if (!label_char(ascii[i]))
				return bad(host, "a character of no name", err);
			label++;
			continue;
		}
		if (label == 0 || label > LABEL_MAX)
			return bad(host, "a label is empty or too long", err);
		if (ascii[i] == '.')
			dots++;
		label = 0;
	}
	if (dots == 0)
		return bad(host, "a single label", err);
	/* RFC 1123, 2.1: else it could be taken for an address. */
	label = strspn(strrchr(ascii, '.') + 1, "0123456789");
	if (strrchr(ascii, '.')[1 + label] == '\0')
		return bad(host, "an address, or its end is a number", err);
	return 0;
}

int
ex_idn_host(struct ex_buf *out, const char *host, struct ex_err *err)
{
	const int flags = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL;
	char *ascii = NULL;
	size_t n;
	int got, rc = -1;

	got = idn2_to_ascii_8z(host, &ascii, flags);
	if (got != IDN2_OK)
		return bad(host, idn2_strerror(got), err);
	n = strlen(ascii);
	if (n > 0 && ascii[n - 1] == '.')
		ascii[n - 1] = '\0';
	for (size_t i = 0; ascii[i] != '\0'; i++)
		if (ascii[i] >= 'A' && ascii[i] <= 'Z')
			ascii[i] = (char)(ascii[i] - 'A' + 'a');
	if (check_labels(host, ascii, err) == 0)
		rc = ex_buf_add_text(out, ascii, err);
	idn2_free(ascii);
	return rc;
}
