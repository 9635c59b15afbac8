/*
 * test_cms_openssl.c -- OpenSSL's command line and our entries.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "tests/signing/lab.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char body[] = "{\"action\":\"receive\",\"seq\":1}";

/* Every combination of signers that matters. */
static const struct {
	const char *name;
	int signer[LAB_SIGNERS];
	size_t n;
} who[] = {
	{ "one P-256", { LAB_ALMA }, 1 },
	{ "one RSA", { LAB_RSA }, 1 },
	{ "two P-256", { LAB_ALMA, LAB_BRUNO }, 2 },
	{ "P-256 and RSA", { LAB_RSA, LAB_BRUNO }, 2 },
	{ "three", { LAB_BRUNO, LAB_RSA, LAB_ALMA }, 3 },
};

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

/* The command that docs and verify.sh print. */
static int
openssl_verify(struct ex_buf *content, const char *entry, const char *ca,
    const char *attime)
{
	const char *const argv[] = { "openssl", "cms", "-verify", "-binary",
		"-cades", "-inform", "DER", "-no-CApath", "-no-CAstore",
		"-CAfile", ca, "-purpose", "smimesign", "-attime", attime,
		"-in", entry, NULL };

	return lab_run(content, argv);
}

static void
the_openssl_command_accepts_our_entries(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(who); i++) {
		struct ex_buf entry = EX_BUF_INIT, content = EX_BUF_INIT;
		const char *ca = lab_path(&lab, "ca.pem"), *path;

		print_message("  %s\n", who[i].name);
		lab_entry(&lab, &entry, body, who[i].signer, who[i].n);
		path = lab_write(&lab, "e.p7m", &entry);
		assert_int_equal(
		    openssl_verify(&content, path, ca, "1772443800"), 0);
		assert_string_equal(ex_buf_text(&content), body);
		/* Before and after the certificates' time. */
		assert_int_not_equal(
		    openssl_verify(NULL, path, ca, "1772443000"), 0);
		assert_int_not_equal(
		    openssl_verify(NULL, path, ca, "1972443800"), 0);
		ex_buf_free(&entry);
		ex_buf_free(&content);
	}
}

static void
the_openssl_command_refuses_damage_and_foreign_roots(void **state)
{
	const char *ca = lab_path(&lab, "ca.pem");
	struct ex_buf entry = EX_BUF_INIT, other = EX_BUF_INIT;
	struct ex_buf pem = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_key *key;
	const char *path;
	char *at;

	(void)state;
	lab_entry(&lab, &entry, body, who[2].signer, who[2].n);
	path = lab_write(&lab, "e.p7m", &entry);
	assert_int_equal(ex_key_new(&key, EX_KEY_P256, &err), 0);
	assert_int_equal(ex_cert_make_ca(&other, key, "Test Laboratory CA",
			     "EXLAB", LAB_TIME - EX_SECOND, 20, &err),
	    0);
	assert_int_equal(ex_cert_to_pem(&pem, other.data, other.len, &err), 0);
	assert_int_not_equal(
	    openssl_verify(
		NULL, path, lab_write(&lab, "other.pem", &pem), "1772443800"),
	    0);
	at = NULL;
	for (size_t i = 0; i + 7 < entry.len; i++)
		if (memcmp(&entry.data[i], "receive", 7) == 0)
			at = (char *)&entry.data[i];
	assert_non_null(at);
	memcpy(at, "release", 7);
	path = lab_write(&lab, "harmed.p7m", &entry);
	assert_int_not_equal(openssl_verify(NULL, path, ca, "1772443800"), 0);
	ex_key_free(key);
	ex_buf_free(&entry);
	ex_buf_free(&other);
	ex_buf_free(&pem);
}

/* OpenSSL takes it apart and writes it again: its DER must be ours. */
static void
openssl_writes_our_bytes_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(who); i++) {
		struct ex_buf entry = EX_BUF_INIT, again = EX_BUF_INIT;
		const char *argv[] = { "openssl", "cms", "-cmsout", "-inform",
			"DER", "-outform", "DER", "-in", NULL, NULL };

		lab_entry(&lab, &entry, body, who[i].signer, who[i].n);
		argv[8] = lab_write(&lab, "e.p7m", &entry);
		assert_int_equal(lab_run(&again, argv), 0);
		assert_int_equal(again.len, entry.len);
		assert_memory_equal(again.data, entry.data, entry.len);
		ex_buf_free(&entry);
		ex_buf_free(&again);
	}
}

static void
what_stock_openssl_signs_is_no_entry(void **state)
{
	const char *signer = lab_path(&lab, "alma.pem");
	const char *key = lab_path(&lab, "alma.key");
	const char *in = lab_path(&lab, "body");
	const char *const argv[] = { "openssl", "cms", "-sign", "-binary",
		"-nodetach", "-nosmimecap", "-cades", "-md", "sha256",
		"-econtent_type", EX_CMS_ENTRY_OID, "-signer", signer, "-inkey",
		key, "-outform", "DER", "-in", in, NULL };
	struct ex_buf pem = EX_BUF_INIT, entry = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_cms cms;

	(void)state;
	assert_int_equal(ex_cert_to_pem(&pem, lab.cert[LAB_ALMA].data,
			     lab.cert[LAB_ALMA].len, &err),
	    0);
	assert_int_equal(
	    ex_file_write(signer, pem.data, pem.len, 0600, &err), 0);
	assert_int_equal(ex_key_save(lab.key[LAB_ALMA], key, NULL, &err), 0);
	assert_int_equal(ex_file_write(in, body, strlen(body), 0600, &err), 0);
	assert_int_equal(lab_run(&entry, argv), 0);
	assert_int_equal(ex_cms_check_openssl(entry.data, entry.len, &err), 0);
	assert_int_equal(ex_cms_parse(&cms, entry.data, entry.len, &err), -1);
	assert_int_equal(err.code, EX_FORMAT);
	assert_non_null(strstr(err.text, "signingCertificateV2"));
	ex_buf_free(&pem);
	ex_buf_free(&entry);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_openssl_command_accepts_our_entries),
		cmocka_unit_test(
		    the_openssl_command_refuses_damage_and_foreign_roots),
		cmocka_unit_test(openssl_writes_our_bytes_again),
		cmocka_unit_test(what_stock_openssl_signs_is_no_entry),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
