/*
 * indicator_number.c -- numbers of telephones, accounts and devices.
 */
#include <stdlib.h>
#include <string.h>

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

/* E.164; without a country it is Taiwan's. */
int
ex_ind_phone(struct ex_buf *out, const char *text, struct ex_err *err)
{
	struct ex_buf plain = EX_BUF_INIT;
	const char *country = "+886", *p;
	size_t n;
	int rc;

	rc = ex_ind_fold(&plain, text, " -().\t", err);
	p = ex_buf_text(&plain);
	if (p[0] == '+') {
		country = "+";
		p++;
	} else if (strncmp(p, "00", 2) == 0) {
		country = "+";
		p += strncmp(p, "002", 3) == 0 ? 3 : 2; /* Taiwan dials 002 */
	} else if (p[0] == '0') {
		p++;
	}
	/* +886 (0)912 ... */
	if (country[1] == '\0' && strncmp(p, "8860", 4) == 0) {
		country = "+886";
		p += 4;
	}
	n = strlen(p);
	if (rc == 0 &&
	    (p[0] == '0' || strspn(p, "0123456789") != n ||
		n + strlen(country) - 1 < 7 || n + strlen(country) - 1 > 15))
		rc = ex_ind_not("telephone number", text,
		    "+ and 7 to 15 digits (E.164)", err);
	if (rc == 0)
		rc = ex_buf_addf(out, err, "%s%s", country, p);
	ex_buf_free(&plain);
	return rc;
}

/* ISO 13616: the remainder by 97 of the number that it spells is 1. */
static int
iban_holds(const char *iban)
{
	size_t n = strlen(iban);
	unsigned rest = 0;

	for (size_t i = 0; i < n; i++) {
		char c = iban[(i + 4) % n];

		if (is_digit(c))
			rest = (rest * 10 + (unsigned)(c - '0')) % 97;
		else
			rest = (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
	}
	return rest == 1;
}

static int
iban(struct ex_buf *out, const char *typed, char *text, struct ex_err *err)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++) {
		if (text[i] >= 'a' && text[i] <= 'z')
			text[i] = (char)(text[i] - 'a' + 'A');
		else if (!is_digit(text[i]))
			return ex_ind_not(
			    "IBAN", typed, "letters and digits only", err);
	}
	if (n < 15 || n > 34 || !is_digit(text[2]) || !is_digit(text[3]))
		return ex_ind_not("IBAN", typed,
		    "country, check digits and 11 "
		    "to 30 characters",
		    err);
	if (!iban_holds(text))
		return ex_ind_not(
		    "IBAN", typed, "its check digits differ", err);
	return ex_buf_add_text(out, text, err);
}

/*
 * An IBAN, or Taiwan's: three digits of the bank, "-", the account filled up
 * with zeros to 16 digits, as transfers write it.
 */
int
ex_ind_bank_account(struct ex_buf *out, const char *text, struct ex_err *err)
{
	struct ex_buf plain = EX_BUF_INIT;
	char *p;
	size_t n;
	int rc;

	if (ex_ind_fold(&plain, text, " -()\t", err) == -1 ||
	    (p = ex_buf_take_text(&plain)) == NULL) {
		ex_buf_free(&plain);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	n = strlen(p);
	if (n > 4 && is_letter(p[0]) && is_letter(p[1])) {
		rc = iban(out, text, p, err);
	} else if (n < 9 || n > 19 || strspn(p, "0123456789") != n) {
		rc = ex_ind_not("bank account", text,
		    "an IBAN, or three digits "
		    "of the bank and 6 to 16 of the account",
		    err);
	} else {
		rc = ex_buf_addf(out, err, "%.3s-%.*s%s", p, (int)(19 - n),
		    "0000000000", p + 3);
	}
	free(p);
	return rc;
}

/* 3GPP TS 23.003 annex B: the digit that the 14 before it ask for. */
static char
luhn(const char *digits)
{
	unsigned sum = 0;

	for (size_t i = 0; i < 14; i++) {
		unsigned d = (unsigned)(digits[i] - '0');

		d = i % 2 == 1 ? d * 2 : d;
		sum += d > 9 ? d - 9 : d;
	}
	return (char)('0' + (10 - sum % 10) % 10);
}

/* 15 digits; the software version of an IMEISV (16) is no part of it. */
int
ex_ind_imei(struct ex_buf *out, const char *text, struct ex_err *err)
{
	struct ex_buf plain = EX_BUF_INIT;
	const char *p;
	size_t n;
	int rc;

	rc = ex_ind_fold(&plain, text, " -/.", err);
	p = ex_buf_text(&plain);
	n = strlen(p);
	if (rc == 0 && (n < 14 || n > 16 || strspn(p, "0123456789") != n))
		rc = ex_ind_not("IMEI", text, "14 to 16 digits", err);
	if (rc == 0 && n == 15 && p[14] != luhn(p))
		rc = ex_ind_not("IMEI", text, "its check digit differs", err);
	if (rc == 0)
		rc = ex_buf_addf(out, err, "%.14s%c", p, luhn(p));
	ex_buf_free(&plain);
	return rc;
}
