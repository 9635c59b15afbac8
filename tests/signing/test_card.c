/*
 * test_card.c -- keys on a card; SoftHSM2 plays it (token.sh).
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/proc.h"
#include "hashing/digest.h"
#include "signing/card.h"
#include "signing/cert.h"
#include "signing/ecdsa.h"
#include "tests/signing/lab.h"

#define MUST(call)                                                \
	do {                                                      \
		struct ex_err must_err = EX_ERR_INIT;             \
		struct ex_err *err = &must_err;                   \
		if ((call) == -1)                                 \
			fail_msg("%s: %s", #call, must_err.text); \
	} while (0)

static struct lab lab; /* only its folder is used */
static char module[LAB_PATH];

/* Somebody at a keyboard: answers in order, the last one for ever. */
struct typist {
	const char *answer[4];
	int asked;
};

static int
type(void *arg, int wrong, struct ex_buf *pin, struct ex_err *err)
{
	struct typist *t = arg;
	int i = t->asked++;

	assert_int_equal(wrong, i > 0 && t->answer[1] != NULL);
	while (i > 0 && t->answer[i] == NULL)
		i--;
	if (t->answer[i] == NULL)
		return 0;
	return ex_buf_add_text(pin, t->answer[i], err) == -1 ? -1 : 1;
}

static void
read_cert(struct ex_buf *out, const char *name)
{
	struct ex_buf pem = EX_BUF_INIT;

	MUST(ex_file_read(&pem, lab_path(&lab, name), EX_KEYFILE_MAX, err));
	MUST(ex_cert_from_pem(out, pem.data, pem.len, err));
	ex_buf_free(&pem);
}

/* Open the key of a certificate's file behind a URI; "+" is the module. */
static int
open_card(struct ex_key **out, const char *uri, const char *cert,
    struct typist *t, struct ex_err *err)
{
	struct ex_buf der = EX_BUF_INIT;
	char text[2 * EX_CARD_URI_MAX];
	struct ex_card_place place = { text, "eve", 0, NULL, 0, type, t };
	size_t n = strlen(uri);
	int rc;

	(void)snprintf(text, sizeof(text), "%s", uri);
	if (n > 0 && uri[n - 1] == '+')
		(void)snprintf(text, sizeof(text), "%.*s?module-path=%s",
		    (int)n - 1, uri, module);
	read_cert(&der, cert);
	place.cert = der.data;
	place.ncert = der.len;
	rc = ex_card_open(out, &place, err);
	ex_buf_free(&der);
	return rc;
}

/* Does the stranger's openssl take an entry of this key? */
static void
stranger_takes(struct ex_key *key, const char *cert_file)
{
	static const char body[] = "{\"schema\":\"custody-event/v1\"}";
	struct ex_buf tbs = EX_BUF_INIT, sig = EX_BUF_INIT, der = EX_BUF_INIT;
	struct ex_buf entry = EX_BUF_INIT;
	const char *argv[] = { "openssl", "cms", "-verify", "-binary", "-cades",
		"-inform", "DER", "-no-CApath", "-no-CAstore", "-CAfile",
		lab_path(&lab, "ca.pem"), "-purpose", "smimesign", "-in", NULL,
		"-out", "/dev/null", NULL };
	struct ex_cms_sig part;
	struct ex_cms *cms = calloc(1, sizeof(*cms));
	int64_t now = ex_now();

	assert_non_null(cms);
	read_cert(&der, cert_file);
	MUST(ex_cms_to_sign(
	    &tbs, der.data, der.len, body, sizeof(body) - 1, now, err));
	MUST(ex_key_sign(key, tbs.data, tbs.len, &sig, err));
	part = (struct ex_cms_sig){ der.data, der.len, ex_key_kind(key),
		sig.data, sig.len };
	MUST(ex_cms_build(&entry, body, sizeof(body) - 1, now, &part, 1, err));
	MUST(ex_cms_parse(cms, entry.data, entry.len, err));
	MUST(ex_cms_check(cms, err));
	argv[14] = lab_write(&lab, "entry.p7m", &entry);
	assert_int_equal(lab_run(NULL, argv), 0);
	free(cms);
	ex_buf_free(&tbs);
	ex_buf_free(&sig);
	ex_buf_free(&der);
	ex_buf_free(&entry);
}

static void
card_signs_what_openssl_takes(void **state)
{
	static const struct {
		const char *uri, *cert, *storage;
		enum ex_key_kind kind;
	} key[] = {
		/* The Ed25519 key has the same label and came first. */
		{ "pkcs11:token=card-1;object=sign+", "p256.pem", "card",
		    EX_KEY_P256 },
		{ "pkcs11:token=card-1;object=sign+", "rsa.pem", "card",
		    EX_KEY_RSA },
		{ "pkcs11:token=card-1;id=%03+", "rsa.pem", "card",
		    EX_KEY_RSA },
		{ "pkcs11:token=card-1+", "p256.pem", "card", EX_KEY_P256 },
		/* It wants the PIN at each use. */
		{ "pkcs11:token=card-1;id=%04+", "always.pem", "card",
		    EX_KEY_P256 },
		/* Every module that p11-kit knows is looked through. */
		{ "pkcs11:token=card-1;type=private", "p256.pem", "card",
		    EX_KEY_P256 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(key) / sizeof(key[0]); i++) {
		struct typist t = { { "123456" }, 0 };
		struct ex_key *k;

		print_message("  %s %s\n", key[i].uri, key[i].cert);
		MUST(open_card(&k, key[i].uri, key[i].cert, &t, err));
		assert_int_equal(ex_key_kind(k), key[i].kind);
		assert_string_equal(ex_key_storage(k), key[i].storage);
		assert_int_equal(t.asked, 0);
		stranger_takes(k, key[i].cert);
		assert_int_equal(t.asked, 1);
		ex_key_free(k);
	}
}

static void
s_is_always_low(void **state)
{
	struct typist t = { { "123456" }, 0 };
	struct ex_key *k;

	(void)state;
	MUST(open_card(&k, "pkcs11:token=card-1;id=%02+", "p256.pem", &t, err));
	for (uint32_t i = 0; i < 40; i++) {
		struct ex_buf sig = EX_BUF_INIT;

		MUST(ex_key_sign(k, &i, sizeof(i), &sig, err));
		MUST(ex_ecdsa_check_form(sig.data, sig.len, err));
		ex_buf_free(&sig);
	}
	/* One act: the PIN was given once, the login made forty times. */
	assert_int_equal(t.asked, 1);
	ex_key_free(k);
}

static int
sign(const struct ex_key *k, struct ex_err *err)
{
	struct ex_buf sig = EX_BUF_INIT;
	int rc = ex_key_sign(k, "x", 1, &sig, err);

	assert_int_equal(sig.len == 0, rc == -1);
	ex_buf_free(&sig);
	return rc;
}

/* No login is left open: the next act needs the PIN, and the right one. */
static void
next_act_takes_the_pin_again(void **state)
{
	static const char *const uri[] = { "pkcs11:token=card-1;id=%02+",
		"pkcs11:token=card-1;id=%04+" };
	static const char *const cert[] = { "p256.pem", "always.pem" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct typist t = { { "123456" }, 0 };
		struct ex_err why = EX_ERR_INIT;
		struct ex_key *k;

		MUST(open_card(&k, uri[i], cert[i], &t, err));
		MUST(sign(k, err));
		ex_key_rest(k);
		t = (struct typist){ { NULL }, 0 };
		assert_int_equal(sign(k, &why), -1);
		assert_int_equal(why.code, EX_PIN);
		assert_int_equal(t.asked, 1);
		t = (struct typist){ { "000000", "123456" }, 0 };
		MUST(sign(k, err));
		assert_int_equal(t.asked, 2);
		ex_key_free(k);
	}
}

static void
wrong_pin_is_said_with_what_the_card_says(void **state)
{
	static const struct {
		const char *answer[4];
		int asked;
		const char *says;
	} row[] = {
		{ { "999999", "999998", "999997" }, 3, "wrong PIN" },
		{ { "999999", "999998", "999997" }, 3, "locks after a few" },
		{ { NULL }, 1, "is needed" },
		{ { "" }, 1, "is needed" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct ex_err why = EX_ERR_INIT;
		struct typist t = { { NULL }, 0 };
		struct ex_key *k;

		memcpy(t.answer, row[i].answer, sizeof(t.answer));
		MUST(open_card(
		    &k, "pkcs11:token=card-1;id=%03+", "rsa.pem", &t, err));
		assert_int_equal(sign(k, &why), -1);
		print_message("  %s\n", why.text);
		assert_int_equal(why.code, EX_PIN);
		assert_int_equal(t.asked, row[i].asked);
		assert_non_null(strstr(why.text, row[i].says));
		assert_non_null(strstr(why.text, "card-1"));
		assert_null(strstr(why.text, "99999"));
		ex_key_free(k);
	}
}

static void
what_cannot_be_the_key_is_refused(void **state)
{
	static const struct {
		const char *uri, *cert;
		int at_open;
		enum ex_code code;
		const char *says;
	} row[] = {
		{ "", "p256.pem", 1, EX_FORMAT, "is no PKCS#11 URI" },
		{ "pkcs12:token=card-1", "p256.pem", 1, EX_FORMAT, "is no" },
		{ "pkcs11:token=%zz+", "p256.pem", 1, EX_FORMAT, "is no" },
		{ "pkcs11:colour=red+", "p256.pem", 1, EX_FORMAT, "nobody" },
		{ "pkcs11:token=card-1?pin-value=123456", "p256.pem", 1,
		    EX_FORMAT, "--pin-file" },
		{ "pkcs11:token=card-1?pin-source=/etc/pin", "p256.pem", 1,
		    EX_FORMAT, "--pin-file" },
		{ "pkcs11:token=card-1?module-path=/nowhere.so", "p256.pem", 1,
		    EX_ABSENT, "/nowhere.so" },
		{ "pkcs11:token=card-9+", "p256.pem", 1, EX_ABSENT,
		    "not in a reader" },
		{ "pkcs11:+", "p256.pem", 1, EX_USAGE, "2 tokens" },
		{ "pkcs11:token=card-1;id=%09+", "p256.pem", 0, EX_ABSENT,
		    "no such P-256 private key" },
		{ "pkcs11:token=card-1;object=else+", "rsa.pem", 0, EX_ABSENT,
		    "no such RSA private key" },
		{ "pkcs11:token=card-1;id=%01+", "p256.pem", 0, EX_ABSENT,
		    "no such P-256 private key" },
		{ "pkcs11:token=card-1;id=%02+", "other.pem", 0, EX_DAMAGED,
		    "does not belong" },
		{ "pkcs11:token=card-1+", "other.pem", 0, EX_DAMAGED,
		    "does not belong" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct typist t = { { "123456" }, 0 };
		struct ex_err why = EX_ERR_INIT;
		struct ex_key *k = NULL;

		if (open_card(&k, row[i].uri, row[i].cert, &t, &why) == 0) {
			assert_false(row[i].at_open);
			assert_int_equal(sign(k, &why), -1);
		} else {
			assert_null(k);
		}
		print_message("  %s\n", why.text);
		assert_int_equal(why.code, row[i].code);
		assert_non_null(strstr(why.text, row[i].says));
		assert_null(strchr(why.text, '\n'));
		assert_null(strstr(why.text, "123456"));
		ex_key_free(k);
	}
}

static void
uri_of_any_length_is_bounded(void **state)
{
	char uri[EX_CARD_URI_MAX + 64] = "pkcs11:token=";
	struct ex_err why = EX_ERR_INIT;

	(void)state;
	memset(&uri[13], 'a', EX_CARD_URI_MAX);
	assert_int_equal(ex_card_check_uri(uri, &why), -1);
	assert_int_equal(why.code, EX_FORMAT);
	uri[40] = '\0';
	MUST(ex_card_check_uri(uri, err));
}

/* A card taken out between two acts, and put back. */
static void
card_may_leave_and_come_back(void **state)
{
	struct typist t = { { "123456" }, 0 };
	struct ex_err why = EX_ERR_INIT;
	struct ex_key *k;

	(void)state;
	MUST(open_card(&k, "pkcs11:token=card-1;id=%02+", "p256.pem", &t, err));
	MUST(sign(k, err));
	ex_key_free(k);
	assert_int_equal(
	    rename(lab_path(&lab, "tokens"), lab_path(&lab, "away")), 0);
	assert_int_equal(mkdir(lab_path(&lab, "tokens"), 0700), 0);
	assert_int_equal(
	    open_card(&k, "pkcs11:token=card-1;id=%02+", "p256.pem", &t, &why),
	    -1);
	assert_int_equal(why.code, EX_ABSENT);
	assert_int_equal(remove(lab_path(&lab, "tokens")), 0);
	assert_int_equal(
	    rename(lab_path(&lab, "away"), lab_path(&lab, "tokens")), 0);
	MUST(open_card(&k, "pkcs11:token=card-1;id=%02+", "p256.pem", &t, err));
	MUST(sign(k, err));
	ex_key_free(k);
}

static void
a_cards_key_cannot_be_saved(void **state)
{
	struct typist t = { { "123456" }, 0 };
	struct ex_err why = EX_ERR_INIT;
	struct ex_key *k;

	(void)state;
	MUST(open_card(&k, "pkcs11:token=card-1;id=%02+", "p256.pem", &t, err));
	assert_int_equal(
	    ex_key_save(k, lab_path(&lab, "stolen.key"), NULL, &why), -1);
	assert_false(ex_file_exists(lab_path(&lab, "stolen.key")));
	ex_key_free(k);
}

/* What no software token does: fake_card.c plays it. */
static void
bad_cards_are_told_apart(void **state)
{
	static const struct {
		const char *part, *pin[4];
		int asked;
		enum ex_code code;
		const char *says;
	} row[] = {
		{ "final", { "999999", "123456" }, 1, EX_PIN,
		    "one try is left before it locks" },
		{ "locks", { "999999", "123456" }, 1, EX_PIN,
		    "the PIN is locked now" },
		{ "locked", { "123456" }, 0, EX_PIN, "the PIN is locked now" },
		{ "device", { "123456" }, 1, EX_SYSTEM, "login" },
		{ "silent", { "123456" }, 1, EX_DAMAGED, "does not verify" },
		{ "short", { "123456" }, 1, EX_DAMAGED,
		    "a signature of 63 bytes" },
		{ "twins", { "123456" }, 1, EX_USAGE, "2 keys on the card" },
		{ "removed", { "123456" }, 1, EX_SYSTEM, "signing" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct ex_err why = EX_ERR_INIT;
		struct typist t = { { NULL }, 0 };
		struct ex_key *k;
		char uri[LAB_PATH];

		assert_int_equal(setenv("FAKE_CARD", row[i].part, 1), 0);
		memcpy(t.answer, row[i].pin, sizeof(t.answer));
		(void)snprintf(uri, sizeof(uri),
		    "pkcs11:token=fake?module-path=%s/tests/fake_card.so",
		    getenv("EXHIBIT_BUILD"));
		MUST(open_card(&k, uri, "p256.pem", &t, err));
		assert_int_equal(sign(k, &why), -1);
		print_message("  %s: %s\n", row[i].part, why.text);
		assert_int_equal(why.code, row[i].code);
		assert_non_null(strstr(why.text, row[i].says));
		assert_int_equal(t.asked, row[i].asked);
		ex_key_free(k);
	}
}

static int
set_up(void **state)
{
	struct ex_buf text = EX_BUF_INIT;
	const char *argv[] = { "tests/signing/token.sh", lab.dir, NULL };

	(void)state;
	(void)snprintf(lab.dir, sizeof(lab.dir), "/tmp/excard.XXXXXX");
	assert_non_null(mkdtemp(lab.dir));
	assert_int_equal(lab_run(NULL, argv), 0);
	assert_int_equal(
	    setenv("SOFTHSM2_CONF", lab_path(&lab, "softhsm.conf"), 1), 0);
	MUST(ex_file_read(&text, lab_path(&lab, "module"), LAB_PATH, err));
	(void)snprintf(module, sizeof(module), "%.*s",
	    (int)strcspn(ex_buf_text(&text), "\n"), ex_buf_text(&text));
	ex_buf_free(&text);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	MUST(ex_remove_tree(lab.dir, err));
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(card_signs_what_openssl_takes),
		cmocka_unit_test(s_is_always_low),
		cmocka_unit_test(next_act_takes_the_pin_again),
		cmocka_unit_test(wrong_pin_is_said_with_what_the_card_says),
		cmocka_unit_test(what_cannot_be_the_key_is_refused),
		cmocka_unit_test(uri_of_any_length_is_bounded),
		cmocka_unit_test(card_may_leave_and_come_back),
		cmocka_unit_test(a_cards_key_cannot_be_saved),
		cmocka_unit_test(bad_cards_are_told_apart),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
