/*
 * indicator.c -- one canonical form for each kind of indicator.
 */
#include "cases/indicator.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/text.h"
#include "cases/indicator_parts.h"
#include "hashing/digest.h"

int
ex_ind_not(
    const char *what, const char *text, const char *why, struct ex_err *err)
{
	char shown[80];

	return ex_fail(err, EX_FORMAT, "\"%s\" is no %s: %s",
	    ex_text_show(shown, sizeof(shown), text, strlen(text)), what, why);
}

/* The folded text without the characters of skip. */
int
ex_ind_fold(
    struct ex_buf *out, const char *text, const char *skip, struct ex_err *err)
{
	struct ex_buf folded = EX_BUF_INIT;
	const char *p;
	int rc;

	rc = ex_text_fold(&folded, text, strlen(text), err);
	for (p = ex_buf_text(&folded); rc == 0 && *p != '\0'; p++)
		if (strchr(skip, *p) == NULL)
			rc = ex_buf_add_byte(out, (uint8_t)*p, err);
	ex_buf_free(&folded);
	return rc;
}

static int
hexadecimal(struct ex_buf *out, const char *text, size_t digits,
    const char *what, struct ex_err *err)
{
	struct ex_buf plain = EX_BUF_INIT;
	const char *p;
	int rc;

	rc = ex_ind_fold(&plain, text, " :", err);
	p = ex_buf_text(&plain);
	if (rc == 0 &&
	    (strlen(p) != digits || strspn(p, "0123456789abcdef") != digits))
		rc = ex_ind_not(
		    what, text, "hexadecimal of another length", err);
	if (rc == 0)
		rc = ex_buf_add_text(out, p, err);
	ex_buf_free(&plain);
	return rc;
}

static int
md5(struct ex_buf *out, const char *text, struct ex_err *err)
{
	return hexadecimal(out, text, 32, "MD5", err);
}

static int
sha1(struct ex_buf *out, const char *text, struct ex_err *err)
{
	return hexadecimal(out, text, 40, "SHA-1", err);
}

static int
sha256(struct ex_buf *out, const char *text, struct ex_err *err)
{
	return hexadecimal(out, text, 64, "SHA-256", err);
}

/* The name without its folders; file systems do not agree about case. */
static int
filename(struct ex_buf *out, const char *text, struct ex_err *err)
{
	struct ex_buf folded = EX_BUF_INIT;
	const char *name, *p;
	size_t n;
	int rc;

	rc = ex_text_fold(&folded, text, strlen(text), err);
	for (p = name = ex_buf_text(&folded); *p != '\0'; p++)
		if (*p == '/' || *p == '\\' || (p == name && *p == ' '))
			name = p + 1;
	for (n = strlen(name); n > 0 && name[n - 1] == ' ';)
		n--;
	if (rc == 0 && n == 0)
		rc = ex_ind_not("file name", text, "a folder", err);
	if (rc == 0)
		rc = ex_buf_add(out, name, n, err);
	ex_buf_free(&folded);
	return rc;
}

/* "line:name", "@name" and "name" of whatever service. */
static int
handle(struct ex_buf *out, const char *text, struct ex_err *err)
{
	size_t start = out->len;

	if (ex_ind_fold(out, text, " @\t", err) == -1)
		return -1;
	if (out->len == start || out->data[out->len - 1] == ':')
		return ex_ind_not("handle", text, "no name", err);
	return 0;
}

/* Letters and digits; hyphens are written or left out as one likes. */
static int
plate(struct ex_buf *out, const char *text, struct ex_err *err)
{
	size_t start = out->len, n;

	if (ex_ind_fold(out, text, " -.\t", err) == -1)
		return -1;
	n = out->len - start;
	if (n < 3 || n > 24)
		return ex_ind_not("plate", text, "3 to 24 characters", err);
	for (size_t i = start; i < out->len; i++)
		if (out->data[i] >= 'a' && out->data[i] <= 'z')
			out->data[i] = (uint8_t)(out->data[i] - 'a' + 'A');
	return 0;
}

/* The whole rule book.  net: defanged writing is undone first. */
static const struct {
	const char *name;
	ex_ind_form *canonical;
	int net;
} kinds[EX_INDICATORS] = {
	[EX_IND_IPV4] = { "ipv4", ex_ind_ipv4, 1 },
	[EX_IND_IPV6] = { "ipv6", ex_ind_ipv6, 1 },
	[EX_IND_CIDR] = { "cidr", ex_ind_cidr, 1 },
	[EX_IND_DOMAIN] = { "domain", ex_ind_domain, 1 },
	[EX_IND_URL] = { "url", ex_ind_url, 1 },
	[EX_IND_EMAIL] = { "email", ex_ind_email, 1 },
	[EX_IND_PHONE] = { "phone", ex_ind_phone, 0 },
	[EX_IND_BANK_ACCOUNT] = { "bank_account", ex_ind_bank_account, 0 },
	[EX_IND_CRYPTO_WALLET] = { "crypto_wallet", ex_ind_crypto_wallet, 0 },
	[EX_IND_IMEI] = { "imei", ex_ind_imei, 0 },
	[EX_IND_MD5] = { "md5", md5, 0 },
	[EX_IND_SHA1] = { "sha1", sha1, 0 },
	[EX_IND_SHA256] = { "sha256", sha256, 0 },
	[EX_IND_FILENAME] = { "filename", filename, 0 },
	[EX_IND_HANDLE] = { "handle", handle, 0 },
	[EX_IND_PLATE] = { "plate", plate, 0 },
};

const char *
ex_indicator_name(enum ex_indicator kind)
{
	return kinds[kind].name;
}

int
ex_indicator_kind(enum ex_indicator *out, const char *name, struct ex_err *err)
{
	for (unsigned i = 0; i < EX_INDICATORS; i++)
		if (strcmp(kinds[i].name, name) == 0) {
			*out = (enum ex_indicator)i;
			return 0;
		}
	return ex_fail(err, EX_USAGE,
	    "\"%.40s\" is no kind of indicator: ipv4, ipv6, cidr, domain, "
	    "url, email, phone, bank_account, crypto_wallet, imei, md5, sha1, "
	    "sha256, filename, handle, plate",
	    name);
}

/* What writers put so that nobody clicks on it. */
static const struct {
	const char *typed, *meant;
} fanged[] = {
	{ "[.]", "." },
	{ "(.)", "." },
	{ "{.}", "." },
	{ "[dot]", "." },
	{ "(dot)", "." },
	{ "[at]", "@" },
	{ "(at)", "@" },
	{ "[@]", "@" },
	{ "[:]", ":" },
	{ "[://]", "://" },
	{ "[/]", "/" },
};

/* One pass over text; *changed when something was undone. */
static int
refang_once(
    struct ex_buf *out, const char *text, int *changed, struct ex_err *err)
{
	if (strncasecmp(text, "hxxp", 4) == 0) {
		if (ex_buf_add_text(out, "http", err) == -1)
			return -1;
		text += 4;
		*changed = 1;
	}
	while (*text != '\0') {
		size_t i = 0, n = sizeof(fanged) / sizeof(fanged[0]);

		while (i < n && strncmp(text, fanged[i].typed,
				    strlen(fanged[i].typed)) != 0)
			i++;
		if (i < n) {
			if (ex_buf_add_text(out, fanged[i].meant, err) == -1)
				return -1;
			text += strlen(fanged[i].typed);
			*changed = 1;
		} else if (ex_buf_add_byte(out, (uint8_t)*text++, err) == -1) {
			return -1;
		}
	}
	return 0;
}

/* What is undone gets shorter, or plain, so there is a last pass. */
static int
refang(struct ex_buf *text, struct ex_err *err)
{
	int changed, rc;

	do {
		struct ex_buf next = EX_BUF_INIT;

		changed = 0;
		rc = refang_once(&next, ex_buf_text(text), &changed, err);
		ex_buf_free(text);
		*text = next;
	} while (rc == 0 && changed);
	return rc;
}

/* Spaces around are nobody's; what may not be signed is refused. */
static int
trim(struct ex_buf *out, const char *typed, struct ex_err *err)
{
	size_t n;

	typed += strspn(typed, " \t\r\n");
	n = strlen(typed);
	while (n > 0 && strchr(" \t\r\n", typed[n - 1]) != NULL)
		n--;
	if (n == 0)
		return ex_fail(err, EX_FORMAT, "an empty value");
	if (n > EX_INDICATOR_MAX)
		return ex_fail(err, EX_LIMIT,
		    "a value of %zu bytes; %d are the most", n,
		    EX_INDICATOR_MAX);
	if (ex_text_canonical(typed, n, err) == -1)
		return -1;
	return ex_buf_add(out, typed, n, err);
}

int
ex_indicator_canonical(struct ex_buf *out, enum ex_indicator kind,
    const char *typed, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	size_t start = out->len;
	int rc;

	rc = trim(&text, typed, err);
	if (rc == 0 && kinds[kind].net)
		rc = refang(&text, err);
	if (rc == 0)
		rc = kinds[kind].canonical(out, ex_buf_text(&text), err);
	if (rc == 0 && out->len - start > EX_INDICATOR_MAX)
		rc = ex_fail(err, EX_LIMIT,
		    "the canonical form is longer than %d bytes",
		    EX_INDICATOR_MAX);
	if (rc == -1)
		ex_buf_cut(out, start);
	ex_buf_free(&text);
	return rc;
}

void
ex_indicator_key(
    uint8_t key[EX_IND_KEY], enum ex_indicator kind, const char *canonical)
{
	uint8_t sha[EX_SHA256_LEN];
	char name[24];
	int n = snprintf(name, sizeof(name), "%s:", kinds[kind].name);

	ex_sha256_two(sha, name, (size_t)n, canonical, strlen(canonical));
	memcpy(key, sha, EX_IND_KEY);
}
