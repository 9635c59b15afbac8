/*
 * test_key.c -- keys: files with and without PIN, signing, checking.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "tests/signing/lab.h"
#include "signing/ecdsa.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct lab lab;

static int
setup(void **state)
{
	(void)state;
	lab_open(&lab);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	lab_close(&lab);
	return 0;
}

/* Do two keys have one public key? */
static void
assert_same_key(const struct ex_key *a, const struct ex_key *b)
{
	struct ex_buf pa = EX_BUF_INIT, pb = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;

	assert_int_equal(ex_key_public(a, &pa, &err), 0);
	assert_int_equal(ex_key_public(b, &pb, &err), 0);
	assert_int_equal(pa.len, pb.len);
	assert_memory_equal(pa.data, pb.data, pa.len);
	ex_buf_free(&pa);
	ex_buf_free(&pb);
}

static void
a_key_comes_back_from_its_file(void **state)
{
	static const struct {
		enum ex_key_kind kind;
		const char *pin;
	} cases[] = {
		{ EX_KEY_P256, NULL },
		{ EX_KEY_P256, "1234" },
		{ EX_KEY_ED25519, NULL },
		{ EX_KEY_ED25519, "long, with spaces \xc3\xa9" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *path = lab_path(&lab, "key.pem");
		struct ex_err err = EX_ERR_INIT;
		struct ex_key *key, *back;
		struct stat st;

		assert_int_equal(ex_key_new(&key, cases[i].kind, &err), 0);
		assert_int_equal(ex_key_save(key, path, cases[i].pin, &err), 0);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
		assert_int_equal(
		    ex_key_file_locked(path, &err), cases[i].pin != NULL);
		assert_int_equal(
		    ex_key_load(&back, path, cases[i].pin, &err), 0);
		assert_int_equal(ex_key_kind(back), cases[i].kind);
		assert_string_equal(ex_key_storage(back), "file");
		assert_same_key(key, back);
		ex_key_free(key);
		ex_key_free(back);
		assert_int_equal(unlink(path), 0);
	}
	ex_key_free(NULL);
}

static void
a_wrong_or_missing_pin_is_said(void **state)
{
	static const char *const pins[] = { NULL, "", "1235", "12345", "123" };
	const char *path = lab_path(&lab, "locked.pem");
	struct ex_err err = EX_ERR_INIT;
	struct ex_key *key;

	(void)state;
	assert_int_equal(ex_key_save(lab.key[LAB_ALMA], path, "1234", &err), 0);
	for (size_t i = 0; i < COUNT(pins); i++) {
		ex_err_clear(&err);
		assert_int_equal(ex_key_load(&key, path, pins[i], &err), -1);
		assert_int_equal(err.code, EX_PIN);
		assert_null(key);
	}
}

static void
a_pin_for_an_open_file_is_ignored(void **state)
{
	const char *path = lab_path(&lab, "open.pem");
	struct ex_err err = EX_ERR_INIT;
	struct ex_key *key;

	(void)state;
	assert_int_equal(ex_key_save(lab.key[LAB_ALMA], path, NULL, &err), 0);
	assert_int_equal(ex_key_load(&key, path, "1234", &err), 0);
	ex_key_free(key);
}

static void
nothing_is_overwritten(void **state)
{
	const char *path = lab_path(&lab, "twice.pem");
	struct ex_err err = EX_ERR_INIT;
	struct ex_key *back;

	(void)state;
	assert_int_equal(ex_key_save(lab.key[LAB_ALMA], path, NULL, &err), 0);
	assert_int_equal(ex_key_save(lab.key[LAB_BRUNO], path, NULL, &err), -1);
	assert_int_equal(err.code, EX_EXISTS);
	ex_err_clear(&err);
	assert_int_equal(ex_key_load(&back, path, NULL, &err), 0);
	assert_same_key(back, lab.key[LAB_ALMA]);
	ex_key_free(back);
}

static void
an_empty_or_huge_pin_is_refused(void **state)
{
	const char *path = lab_path(&lab, "pin.pem");
	char huge[EX_PIN_MAX + 2];
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	memset(huge, 'x', sizeof(huge) - 1);
	huge[sizeof(huge) - 1] = '\0';
	assert_int_equal(ex_key_save(lab.key[LAB_ALMA], path, "", &err), -1);
	assert_int_equal(err.code, EX_PIN);
	ex_err_clear(&err);
	assert_int_equal(ex_key_save(lab.key[LAB_ALMA], path, huge, &err), -1);
	assert_int_equal(err.code, EX_PIN);
	assert_int_equal(ex_file_exists(path), 0);
}

static void
files_that_are_no_key_are_refused(void **state)
{
	static const struct {
		const char *text;
		enum ex_code code;
	} cases[] = {
		{ "", EX_FORMAT },
		{ "hello\n", EX_FORMAT },
		{ "-----BEGIN PRIVATE KEY-----\nAAAA\n"
		  "-----END PRIVATE KEY-----\n",
		    EX_FORMAT },
		{ "-----BEGIN PRIVATE KEY-----\nAAAA\n", EX_FORMAT },
		{ "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n"
		  "-----END ENCRYPTED PRIVATE KEY-----\n",
		    EX_FORMAT },
		{ "-----BEGIN EC PRIVATE KEY-----\nAAAA\n"
		  "-----END EC PRIVATE KEY-----\n",
		    EX_FORMAT },
	};
	struct ex_key *key;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ex_buf b = EX_BUF_INIT;
		struct ex_err err = EX_ERR_INIT;
		const char *path;

		assert_int_equal(ex_buf_add_text(&b, cases[i].text, &err), 0);
		path = lab_write(&lab, "bad.pem", &b);
		assert_int_equal(ex_key_load(&key, path, "1234", &err), -1);
		assert_int_equal(err.code, cases[i].code);
		assert_non_null(strstr(err.text, path));
		assert_null(key);
		ex_buf_free(&b);
	}
	{
		struct ex_err err = EX_ERR_INIT;
		const char *path = lab_path(&lab, "none.pem");

		assert_int_equal(ex_key_load(&key, path, NULL, &err), -1);
		assert_int_equal(err.code, EX_ABSENT);
		ex_err_clear(&err);
		assert_int_equal(ex_key_file_locked(path, &err), -1);
		assert_int_equal(err.code, EX_ABSENT);
	}
}

static void
keys_too_weak_or_of_other_kinds_are_refused(void **state)
{
	static const char *const make[][2] = {
		{ "RSA", "rsa_keygen_bits:1024" },
		{ "EC", "ec_paramgen_curve:P-384" },
	};
	const char *path = lab_path(&lab, "other.pem");

	(void)state;
	for (size_t i = 0; i < COUNT(make); i++) {
		const char *const argv[] = { "openssl", "genpkey", "-algorithm",
			make[i][0], "-pkeyopt", make[i][1], "-out", path,
			NULL };
		struct ex_err err = EX_ERR_INIT;
		struct ex_key *key;

		assert_int_equal(lab_run(NULL, argv), 0);
		assert_int_equal(ex_key_load(&key, path, NULL, &err), -1);
		assert_int_equal(err.code, EX_FORMAT);
		assert_null(key);
	}
}

static void
openssl_reads_our_files(void **state)
{
	static const char *const pins[] = { NULL, "s3cret" };

	(void)state;
	for (size_t i = 0; i < COUNT(pins); i++) {
		const char *path = lab_path(&lab, i == 0 ? "o0.pem" : "o1.pem");
		const char *const argv[] = { "openssl", "pkey", "-in", path,
			"-passin", i == 0 ? "pass:" : "pass:s3cret", "-pubout",
			"-outform", "DER", NULL };
		struct ex_buf out = EX_BUF_INIT, want = EX_BUF_INIT;
		struct ex_err err = EX_ERR_INIT;

		assert_int_equal(
		    ex_key_save(lab.key[LAB_ALMA], path, pins[i], &err), 0);
		assert_int_equal(lab_run(&out, argv), 0);
		assert_int_equal(
		    ex_key_public(lab.key[LAB_ALMA], &want, &err), 0);
		assert_int_equal(out.len, want.len);
		assert_memory_equal(out.data, want.data, out.len);
		ex_buf_free(&out);
		ex_buf_free(&want);
	}
}

static void
signatures_hold_and_damage_is_noticed(void **state)
{
	struct ex_key *ed, *keys[4];
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	assert_int_equal(ex_key_new(&ed, EX_KEY_ED25519, &err), 0);
	keys[0] = lab.key[LAB_ALMA];
	keys[1] = lab.key[LAB_BRUNO];
	keys[2] = lab.key[LAB_RSA];
	keys[3] = ed;
	for (size_t i = 0; i < COUNT(keys); i++) {
		struct ex_buf sig = EX_BUF_INIT, spki = EX_BUF_INIT;
		char text[] = "one text";

		ex_err_clear(&err);
		assert_int_equal(ex_key_sign(keys[i], text, 8, &sig, &err), 0);
		assert_int_equal(ex_key_public(keys[i], &spki, &err), 0);
		assert_int_equal(ex_key_check(spki.data, spki.len, text, 8,
				     sig.data, sig.len, &err),
		    0);
		text[3] ^= 1;
		assert_int_equal(ex_key_check(spki.data, spki.len, text, 8,
				     sig.data, sig.len, &err),
		    -1);
		assert_int_equal(err.code, EX_DAMAGED);
		text[3] ^= 1;
		ex_err_clear(&err);
		sig.data[sig.len - 1] ^= 1;
		assert_int_equal(ex_key_check(spki.data, spki.len, text, 8,
				     sig.data, sig.len, &err),
		    -1);
		assert_int_equal(err.code, EX_DAMAGED);
		ex_err_clear(&err);
		assert_int_equal(
		    ex_key_check(spki.data, spki.len, text, 8, NULL, 0, &err),
		    -1);
		assert_int_equal(err.code, EX_DAMAGED);
		ex_buf_free(&sig);
		ex_buf_free(&spki);
	}
	ex_key_free(ed);
}

static void
s_is_always_low_and_high_s_is_refused(void **state)
{
	struct ex_buf spki = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	assert_int_equal(ex_key_public(lab.key[LAB_ALMA], &spki, &err), 0);
	/* Half of all raw signatures have a high s: forty hide no bug. */
	for (int i = 0; i < 40; i++) {
		struct ex_buf sig = EX_BUF_INIT, high = EX_BUF_INIT;
		uint8_t r[EX_P256], s[EX_P256];

		ex_err_clear(&err);
		assert_int_equal(
		    ex_key_sign(lab.key[LAB_ALMA], &i, sizeof(i), &sig, &err),
		    0);
		assert_int_equal(
		    ex_ecdsa_read(r, s, sig.data, sig.len, &err), 0);
		assert_int_equal(ex_ecdsa_is_low(s), 1);
		ex_ecdsa_negate(s);
		assert_int_equal(ex_ecdsa_write(&high, r, s, &err), 0);
		assert_int_equal(ex_key_check(spki.data, spki.len, &i,
				     sizeof(i), high.data, high.len, &err),
		    -1);
		assert_int_equal(err.code, EX_DAMAGED);
		assert_non_null(strstr(err.text, "n/2"));
		ex_buf_free(&sig);
		ex_buf_free(&high);
	}
	ex_buf_free(&spki);
}

static void
a_point_off_the_curve_is_no_key(void **state)
{
	struct ex_buf sig = EX_BUF_INIT, spki = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	assert_int_equal(ex_key_sign(lab.key[LAB_ALMA], "x", 1, &sig, &err), 0);
	assert_int_equal(ex_key_public(lab.key[LAB_ALMA], &spki, &err), 0);
	spki.data[spki.len - 1] ^= 1;
	assert_int_equal(
	    ex_key_check(spki.data, spki.len, "x", 1, sig.data, sig.len, &err),
	    -1);
	assert_int_equal(err.code, EX_FORMAT);
	ex_buf_free(&sig);
	ex_buf_free(&spki);
}

static void
ed25519_agrees_with_rfc_8032(void **state)
{
	/* RFC 8032, 7.1, test 1: PKCS#8 of its secret key. */
	static const char pem[] =
	    "-----BEGIN PRIVATE KEY-----\n"
	    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
	    "-----END PRIVATE KEY-----\n";
	static const uint8_t head[] = { 0xe5, 0x56, 0x43, 0x00, 0xc3, 0x60,
		0xac, 0x72, 0x90, 0x86, 0xe2, 0xcc, 0x80, 0x6e, 0x82, 0x8a };
	struct ex_buf b = EX_BUF_INIT, sig = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_key *key;

	(void)state;
	assert_int_equal(ex_buf_add_text(&b, pem, &err), 0);
	assert_int_equal(
	    ex_key_load(&key, lab_write(&lab, "rfc.pem", &b), NULL, &err), 0);
	assert_int_equal(ex_key_sign(key, "", 0, &sig, &err), 0);
	assert_int_equal(sig.len, 64);
	assert_memory_equal(sig.data, head, sizeof(head));
	ex_key_free(key);
	ex_buf_free(&b);
	ex_buf_free(&sig);
}

static void
only_p256_and_ed25519_are_made(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	struct ex_key *key;

	(void)state;
	assert_int_equal(ex_key_new(&key, EX_KEY_RSA, &err), -1);
	assert_int_equal(err.code, EX_USAGE);
	assert_null(key);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_comes_back_from_its_file),
		cmocka_unit_test(a_wrong_or_missing_pin_is_said),
		cmocka_unit_test(a_pin_for_an_open_file_is_ignored),
		cmocka_unit_test(nothing_is_overwritten),
		cmocka_unit_test(an_empty_or_huge_pin_is_refused),
		cmocka_unit_test(files_that_are_no_key_are_refused),
		cmocka_unit_test(keys_too_weak_or_of_other_kinds_are_refused),
		cmocka_unit_test(openssl_reads_our_files),
		cmocka_unit_test(signatures_hold_and_damage_is_noticed),
		cmocka_unit_test(s_is_always_low_and_high_s_is_refused),
		cmocka_unit_test(a_point_off_the_curve_is_no_key),
		cmocka_unit_test(ed25519_agrees_with_rfc_8032),
		cmocka_unit_test(only_p256_and_ed25519_are_made),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
