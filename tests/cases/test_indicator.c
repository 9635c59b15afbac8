/*
 * One canonical form for each kind of indicator: what people type
 * differently is the same, what is wrong is refused and says why.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/codec.h"
#include "base/limits.h"
#include "cases/indicator.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	enum ex_indicator kind;
	const char *typed;
	const char *canonical; /* NULL: refused */
	const char *says;      /* of the refusal */
} form[] = {
	{ EX_IND_IPV4, "192.0.2.7", "192.0.2.7", NULL },
	{ EX_IND_IPV4, " 192[.]0[.]2[.]7\n", "192.0.2.7", NULL },
	{ EX_IND_IPV4, "192.0.2.256", NULL, "no IPv4 address" },
	{ EX_IND_IPV4, "192.0.2", NULL, "no IPv4 address" },
	{ EX_IND_IPV4, "010.0.0.1", NULL, "no IPv4 address" },
	{ EX_IND_IPV6, "2001:DB8:0:0:0:0:0:1", "2001:db8::1", NULL },
	{ EX_IND_IPV6, "2001[:]db8::1", "2001:db8::1", NULL },
	{ EX_IND_IPV6, "::ffff:192.0.2.7", NULL, "enter it as ipv4" },
	{ EX_IND_IPV6, "2001:db8::1::2", NULL, "no IPv6 address" },
	{ EX_IND_CIDR, "192.0.2.7/24", "192.0.2.0/24", NULL },
	{ EX_IND_CIDR, "2001:db8:ffff::/33", "2001:db8:8000::/33", NULL },
	{ EX_IND_CIDR, "192.0.2.0/33", NULL, "no network" },
	{ EX_IND_CIDR, "192.0.2.0", NULL, "a length" },
	{ EX_IND_CIDR, "x/8", NULL, "its address is none" },
	{ EX_IND_DOMAIN, "Login.Example.TEST.", "login.example.test", NULL },
	{ EX_IND_DOMAIN, "login[.]example(dot)test", "login.example.test",
	    NULL },
	{ EX_IND_DOMAIN, "台灣.example", "xn--kpry57d.example", NULL },
	{ EX_IND_DOMAIN, "xn--kpry57d.example", "xn--kpry57d.example", NULL },
	{ EX_IND_DOMAIN, "ｅｘａｍｐｌｅ.test", "example.test", NULL },
	{ EX_IND_DOMAIN, "_dmarc.example.test", "_dmarc.example.test", NULL },
	{ EX_IND_DOMAIN, "localhost", NULL, "a single label" },
	{ EX_IND_DOMAIN, "192.0.2.7", NULL, "an address" },
	{ EX_IND_DOMAIN, "a..test", NULL, "no host name" },
	{ EX_IND_DOMAIN, "a b.test", NULL, "no host name" },
	{ EX_IND_URL, "hxxps://Pay[.]Example[.]test:443/Login?a=B",
	    "https://pay.example.test/Login?a=B", NULL },
	{ EX_IND_URL, "HTTP://example.test", "http://example.test/", NULL },
	{ EX_IND_URL, "http://example.test?x", "http://example.test/?x", NULL },
	{ EX_IND_URL, "http://example.test:8080/", "http://example.test:8080/",
	    NULL },
	{ EX_IND_URL, "http://u:p@example.test/", "http://u:p@example.test/",
	    NULL },
	{ EX_IND_URL, "http://[2001:DB8::1]:80/x", "http://[2001:db8::1]/x",
	    NULL },
	{ EX_IND_URL, "hxxp[://]192.0.2.7/a", "http://192.0.2.7/a", NULL },
	{ EX_IND_URL, "example.test/x", NULL, "scheme://host/path" },
	{ EX_IND_URL, "http://example.test:99999/", NULL, "99999" },
	{ EX_IND_URL, "http:///x", NULL, "no host name" },
	{ EX_IND_EMAIL, "Lin[at]Example.TEST", "lin@example.test", NULL },
	{ EX_IND_EMAIL, "ＬＩＮ@example.test", "lin@example.test", NULL },
	{ EX_IND_EMAIL, "example.test", NULL, "name@host" },
	{ EX_IND_EMAIL, "a <lin@example.test>", NULL, "name@host" },
	{ EX_IND_PHONE, "0912-345-678", "+886912345678", NULL },
	{ EX_IND_PHONE, "+886 (0)912 345 678", "+886912345678", NULL },
	{ EX_IND_PHONE, "００２-886-912345678", "+886912345678", NULL },
	{ EX_IND_PHONE, "(02) 2345-6789", "+886223456789", NULL },
	{ EX_IND_PHONE, "+1 202 555 0123", "+12025550123", NULL },
	{ EX_IND_PHONE, "110", NULL, "E.164" },
	{ EX_IND_PHONE, "0912-345-67x", NULL, "E.164" },
	{ EX_IND_PHONE, "+1234567890123456", NULL, "E.164" },
	{ EX_IND_BANK_ACCOUNT, "822-0000123456789012", "822-0000123456789012",
	    NULL },
	{ EX_IND_BANK_ACCOUNT, "(822) 1234 5678 9012", "822-0000123456789012",
	    NULL },
	{ EX_IND_BANK_ACCOUNT, "700-0001234-0567890", "700-0000012340567890",
	    NULL },
	{ EX_IND_BANK_ACCOUNT, "de89 3704 0044 0532 0130 00",
	    "DE89370400440532013000", NULL },
	{ EX_IND_BANK_ACCOUNT, "DE89370400440532013001", NULL,
	    "its check digits differ" },
	{ EX_IND_BANK_ACCOUNT, "822-12345", NULL, "three digits" },
	{ EX_IND_CRYPTO_WALLET, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
	    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", NULL },
	{ EX_IND_CRYPTO_WALLET, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", NULL,
	    "no address whose checksum holds" },
	{ EX_IND_CRYPTO_WALLET, "11A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", NULL,
	    "no address" },
	{ EX_IND_CRYPTO_WALLET, "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
	    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", NULL },
	{ EX_IND_CRYPTO_WALLET, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
	    NULL, "no address" },
	{ EX_IND_CRYPTO_WALLET, "Bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
	    NULL, "no address" },
	{ EX_IND_CRYPTO_WALLET,
	    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
	    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
	    NULL },
	{ EX_IND_CRYPTO_WALLET, "0x52908400098527886E0F7030069857D2E4169EE7",
	    "0x52908400098527886e0f7030069857d2e4169ee7", NULL },
	{ EX_IND_IMEI, "49-015420-323751-8", "490154203237518", NULL },
	{ EX_IND_IMEI, "49015420323751", "490154203237518", NULL },
	{ EX_IND_IMEI, "4901542032375101", "490154203237518", NULL },
	{ EX_IND_IMEI, "490154203237517", NULL, "check digit" },
	{ EX_IND_IMEI, "4901542", NULL, "14 to 16 digits" },
	{ EX_IND_MD5, "D41D8CD98F00B204E9800998ECF8427E",
	    "d41d8cd98f00b204e9800998ecf8427e", NULL },
	{ EX_IND_MD5, "d41d8cd9", NULL, "another length" },
	{ EX_IND_SHA1, "da39a3ee5e6b4b0d3255bfef95601890afd80709",
	    "da39a3ee5e6b4b0d3255bfef95601890afd80709", NULL },
	{ EX_IND_SHA256,
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	    NULL },
	{ EX_IND_SHA256, "zz", NULL, "no SHA-256" },
	{ EX_IND_FILENAME, "C:\\Temp\\帳冊.XLSX", "帳冊.xlsx", NULL },
	{ EX_IND_FILENAME, "/home/x/", NULL, "a folder" },
	{ EX_IND_HANDLE, "LINE:@Happy_Money", "line:happy_money", NULL },
	{ EX_IND_HANDLE, "line:", NULL, "no name" },
	{ EX_IND_PLATE, "abc-1234", "ABC1234", NULL },
	{ EX_IND_PLATE, "-", NULL, "3 to 24" },
	{ EX_IND_PLATE, "ABC\t\v12", NULL, "may not be signed" },
	{ EX_IND_DOMAIN, "", NULL, "an empty value" },
	{ EX_IND_DOMAIN, "a\xff.test", NULL, "not UTF-8" },
};

static void
check(size_t i)
{
	struct ex_buf out = EX_BUF_INIT, again = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	int rc;

	rc = ex_indicator_canonical(&out, form[i].kind, form[i].typed, &err);
	print_message("  %s: %s\n", ex_indicator_name(form[i].kind),
	    rc == 0 ? ex_buf_text(&out) : err.text);
	if (form[i].canonical == NULL) {
		assert_int_equal(rc, -1);
		assert_int_equal(err.code, EX_FORMAT);
		assert_non_null(strstr(err.text, form[i].says));
		assert_int_equal(out.len, 0);
	} else {
		assert_int_equal(rc, 0);
		assert_string_equal(ex_buf_text(&out), form[i].canonical);
		assert_int_equal(ex_indicator_canonical(&again, form[i].kind,
				     ex_buf_text(&out), &err),
		    0);
		assert_string_equal(ex_buf_text(&again), form[i].canonical);
	}
	ex_buf_free(&out);
	ex_buf_free(&again);
}

static void
each_form_is_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(form); i++)
		check(i);
}

static void
kinds_have_names(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	enum ex_indicator kind;

	(void)state;
	for (unsigned i = 0; i < EX_INDICATORS; i++) {
		assert_int_equal(
		    ex_indicator_kind(
			&kind, ex_indicator_name((enum ex_indicator)i), &err),
		    0);
		assert_int_equal(kind, i);
	}
	assert_int_equal(ex_indicator_kind(&kind, "ip", &err), -1);
	assert_int_equal(err.code, EX_USAGE);
	assert_non_null(strstr(err.text, "bank_account"));
}

static void
too_long_is_refused(void **state)
{
	static char text[EX_INDICATOR_MAX + 2];
	struct ex_buf out = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	assert_int_equal(
	    ex_indicator_canonical(&out, EX_IND_HANDLE, text, &err), -1);
	assert_int_equal(err.code, EX_LIMIT);
	ex_buf_free(&out);
}

/* printf 'domain:example.test' | sha256sum | cut -c1-32 */
static void
a_key_is_half_a_digest(void **state)
{
	uint8_t key[EX_IND_KEY];
	char hex[2 * EX_IND_KEY + 1];

	(void)state;
	ex_indicator_key(key, EX_IND_DOMAIN, "example.test");
	ex_hex(hex, key, sizeof(key));
	assert_string_equal(hex, "e054449bd4e520efab8b01b193c3decf");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_is_one),
		cmocka_unit_test(kinds_have_names),
		cmocka_unit_test(too_long_is_refused),
		cmocka_unit_test(a_key_is_half_a_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
