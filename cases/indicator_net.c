/*
 * indicator_net.c -- addresses, names and locations on the network.
 */
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "base/idn.h"
#include "base/text.h"
#include "cases/indicator_parts.h"

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int
ex_ind_ipv4(struct ex_buf *out, const char *text, struct ex_err *err)
{
	char form[INET_ADDRSTRLEN];
	struct in_addr a;

	if (inet_pton(AF_INET, text, &a) != 1)
		return ex_ind_not(
		    "IPv4 address", text, "four numbers up to 255", err);
	(void)inet_ntop(AF_INET, &a, form, sizeof(form));
	return ex_buf_add_text(out, form, err);
}

int
ex_ind_ipv6(struct ex_buf *out, const char *text, struct ex_err *err)
{
	char form[INET6_ADDRSTRLEN];
	struct in6_addr a;

	if (inet_pton(AF_INET6, text, &a) != 1)
		return ex_ind_not("IPv6 address", text,
		    "groups of hexadecimal digits (RFC 4291)", err);
	if (IN6_IS_ADDR_V4MAPPED(&a))
		return ex_ind_not("IPv6 address", text,
		    "it holds an IPv4 address: enter it as ipv4", err);
	(void)inet_ntop(AF_INET6, &a, form, sizeof(form));
	return ex_buf_add_text(out, form, err);
}

/* The network of an address: bits behind its prefix are zero. */
static void
mask(uint8_t *address, unsigned nbits, unsigned prefix)
{
	for (unsigned bit = prefix; bit < nbits; bit++)
		address[bit / 8] &= (uint8_t) ~(0x80u >> (bit % 8));
}

int
ex_ind_cidr(struct ex_buf *out, const char *text, struct ex_err *err)
{
	const char *slash = strchr(text, '/');
	char form[INET6_ADDRSTRLEN] = "";
	unsigned long long prefix = 0;
	int family = strchr(text, ':') == NULL ? AF_INET : AF_INET6;
	unsigned nbits = family == AF_INET ? 32 : 128;
	uint8_t address[16];

	if (slash == NULL || (size_t)(slash - text) >= sizeof(form) ||
	    ex_text_number(&prefix, slash + 1, nbits, NULL) == -1)
		return ex_ind_not(
		    "network", text, "an address, \"/\", a length", err);
	memcpy(form, text, (size_t)(slash - text));
	if (inet_pton(family, form, address) != 1)
		return ex_ind_not("network", text, "its address is none", err);
	mask(address, nbits, (unsigned)prefix);
	(void)inet_ntop(family, address, form, sizeof(form));
	return ex_buf_addf(out, err, "%s/%llu", form, prefix);
}

int
ex_ind_domain(struct ex_buf *out, const char *text, struct ex_err *err)
{
	return ex_idn_host(out, text, err);
}

/* A host of an URL or of an email's: a name, or an address. */
static int
host(struct ex_buf *out, const char *text, size_t n, struct ex_err *err)
{
	struct ex_buf h = EX_BUF_INIT;
	struct in_addr a;
	int rc = ex_buf_add(&h, text, n, err);

	if (rc == 0 && n > 2 && text[0] == '[' && text[n - 1] == ']') {
		ex_buf_cut(&h, n - 1);
		rc = ex_buf_add_byte(out, '[', err);
		if (rc == 0)
			rc = ex_ind_ipv6(out, ex_buf_text(&h) + 1, err);
		if (rc == 0)
			rc = ex_buf_add_byte(out, ']', err);
	} else if (rc == 0 && inet_pton(AF_INET, ex_buf_text(&h), &a) == 1) {
		rc = ex_ind_ipv4(out, ex_buf_text(&h), err);
	} else if (rc == 0) {
		rc = ex_idn_host(out, ex_buf_text(&h), err);
	}
	ex_buf_free(&h);
	return rc;
}

/* RFC 3986, 6.2.3: a scheme's own port is not written. */
static int
port(struct ex_buf *out, const char *scheme, size_t nscheme, const char *text,
    size_t n, struct ex_err *err)
{
	static const struct {
		const char *scheme, *port;
	} own[] = { { "http", "80" }, { "https", "443" }, { "ftp", "21" } };
	unsigned long long number;
	char digits[6] = "";

	if (n == 0)
		return 0;
	if (n >= sizeof(digits))
		return ex_fail(err, EX_FORMAT, "no port: too long");
	memcpy(digits, text, n);
	if (ex_text_number(&number, digits, 65535, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strlen(own[i].scheme) == nscheme &&
		    strncasecmp(own[i].scheme, scheme, nscheme) == 0 &&
		    strcmp(own[i].port, digits) == 0)
			return 0;
	return ex_buf_addf(out, err, ":%s", digits);
}

/* user@host:port of an URL. */
static int
authority(struct ex_buf *out, const char *scheme, size_t nscheme,
    const char *text, size_t n, struct ex_err *err)
{
	size_t user = 0, end = n;

	for (size_t i = 0; i < n; i++)
		if (text[i] == '@')
			user = i + 1;
	for (size_t i = n; i > user && text[i - 1] != ']'; i--)
		if (text[i - 1] == ':') {
			end = i - 1;
			break;
		}
	if (ex_buf_add(out, text, user, err) == -1 ||
	    host(out, text + user, end - user, err) == -1)
		return -1;
	if (end == n)
		return 0;
	return port(out, scheme, nscheme, text + end + 1, n - end - 1, err);
}

/* Scheme and host in lower case, the rest as it is: it may tell apart. */
int
ex_ind_url(struct ex_buf *out, const char *text, struct ex_err *err)
{
	const char *sep = strstr(text, "://"), *rest;
	size_t scheme = 0, n;

	for (; sep != NULL && text + scheme < sep; scheme++) {
		char c = text[scheme];

		if (!is_letter(c) &&
		    (scheme == 0 || !(is_digit(c) || strchr("+-.", c))))
			sep = NULL;
	}
	if (sep == NULL || scheme == 0)
		return ex_ind_not("URL", text, "scheme://host/path", err);
	for (size_t i = 0; i < scheme; i++)
		if (ex_buf_add_byte(out, (uint8_t)(text[i] | 0x20), err) == -1)
			return -1;
	rest = sep + 3;
	n = strcspn(rest, "/?#");
	if (ex_buf_add_text(out, "://", err) == -1 ||
	    authority(out, text, scheme, rest, n, err) == -1)
		return -1;
	if (rest[n] != '/' && ex_buf_add_byte(out, '/', err) == -1)
		return -1;
	return ex_buf_add_text(out, rest + n, err);
}

int
ex_ind_email(struct ex_buf *out, const char *text, struct ex_err *err)
{
	const char *at = strrchr(text, '@');

	if (at == NULL || at == text || at[1] == '\0' ||
	    strpbrk(text, " ,;<>") != NULL)
		return ex_ind_not("email address", text, "name@host", err);
	if (ex_text_fold(out, text, (size_t)(at - text), err) == -1 ||
	    ex_buf_add_byte(out, '@', err) == -1)
		return -1;
	return host(out, at + 1, strlen(at + 1), err);
}
