/*
 * test_ca.c -- exhibit-ca issues what stock tools accept, and nothing for
 * nonsense.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/proc.h"
#include "hashing/digest.h"
#include "tests/db/bench.h"

static char dir[64];

static const char *
at(const char *name)
{
	static char path[8][256];
	static size_t n;

	n = (n + 1) % 8;
	(void)snprintf(path[n], sizeof(path[n]), "%s/%s", dir, name);
	return path[n];
}

/* Run a program; its exit status.  in may be NULL. */
static int
run(const char *path, const char *const *argv, const char *in,
    struct ex_buf *out)
{
	struct ex_proc p = EX_PROC_INIT;
	int status = -1;

	p.path = path;
	p.argv = argv;
	p.err =
	    open(at("said"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (in != NULL)
		p.in = open(in, O_RDONLY | O_CLOEXEC);
	MUST(ex_proc_run(&p, out, 1 << 20, 60 * EX_SECOND, &status, err));
	(void)close(p.err);
	if (in != NULL)
		(void)close(p.in);
	return status;
}

/* openssl with these words; it must work. */
static void
openssl(struct ex_buf *out, const char *const *argv)
{
	if (run("openssl", argv, NULL, out) != 0)
		fail_msg("openssl %s", argv[1]);
}

static int
ca(const char *folder, const char *what, const char *name, const char *org,
    const char *request, struct ex_buf *out)
{
	const char *const argv[] = { "exhibit-ca", folder, what, name, org,
		NULL };
	char path[EX_PATH];

	assert_non_null(getenv("EXHIBIT_BUILD"));
	(void)snprintf(
	    path, sizeof(path), "%s/bin/exhibit-ca", getenv("EXHIBIT_BUILD"));
	return run(path, argv, request, out);
}

/* A request that openssl makes for a key of this kind: NAME.csr. */
static void
request(const char *name, const char *algorithm, const char *option)
{
	char key[256], csr[256];
	const char *const gen[] = { "openssl", "genpkey", "-algorithm",
		algorithm, "-out", key, option == NULL ? NULL : "-pkeyopt",
		option, NULL };
	const char *const req[] = { "openssl", "req", "-new", "-key", key,
		"-outform", "DER", "-out", csr, "-subj", "/CN=www.example",
		"-addext", "extendedKeyUsage=serverAuth", NULL };

	(void)snprintf(key, sizeof(key), "%s/%s.key", dir, name);
	(void)snprintf(csr, sizeof(csr), "%s/%s.csr", dir, name);
	openssl(NULL, gen);
	openssl(NULL, req);
}

static int
setup(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/exca.XXXXXX");
	assert_non_null(mkdtemp(dir));
	assert_int_equal(
	    ca(at("ca"), "make", "Laboratory CA", "EXLAB", NULL, NULL), 0);
	request("p256", "EC", "ec_paramgen_curve:P-256");
	request("rsa", "RSA", "rsa_keygen_bits:2048");
	request("rsa1024", "RSA", "rsa_keygen_bits:1024");
	request("p384", "EC", "ec_paramgen_curve:P-384");
	request("ed25519", "ED25519", NULL);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	MUST(ex_remove_tree(dir, err));
	return 0;
}

static void
making_it_again_changes_nothing(void **state)
{
	struct ex_buf before = EX_BUF_INIT, after = EX_BUF_INIT;

	(void)state;
	MUST(ex_file_read(&before, at("ca/ca.pem"), 65536, err));
	assert_int_equal(
	    ca(at("ca"), "make", "Another CA", "EXLAB", NULL, NULL), 0);
	MUST(ex_file_read(&after, at("ca/ca.pem"), 65536, err));
	assert_int_equal(before.len, after.len);
	assert_memory_equal(before.data, after.data, after.len);
	ex_buf_free(&before);
	ex_buf_free(&after);
}

static void
the_key_is_its_owners_alone(void **state)
{
	const char *const argv[] = { "stat", "-c", "%a", at("ca"),
		at("ca/ca.key"), NULL };
	struct ex_buf out = EX_BUF_INIT;

	(void)state;
	assert_int_equal(run("stat", argv, NULL, &out), 0);
	assert_string_equal(ex_buf_text(&out), "700\n600\n");
	ex_buf_free(&out);
}

/* Kinds of holder, keys, names. */
static const struct {
	const char *kind, *request, *name;
} good[] = {
	{ "person", "p256.csr", "S-1001" },
	{ "person", "rsa.csr", "S-1002" },
	{ "station", "p256.csr", "WS-1" },
	{ "service", "p256.csr", "LOG-1" },
};

/* What `openssl x509` prints of it. */
static void
check_profile(const char *pem, const char *name)
{
	static const char *const want[] = { "X509v3 Key Usage: critical",
		"Non Repudiation\n", "X509v3 Basic Constraints: critical",
		"CA:FALSE", "X509v3 Authority Key Identifier" };
	const char *const argv[] = { "openssl", "x509", "-in", pem, "-noout",
		"-text", "-subject", "-nameopt", "RFC2253", NULL };
	struct ex_buf out = EX_BUF_INIT;
	char subject[128];

	openssl(&out, argv);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		if (strstr(ex_buf_text(&out), want[i]) == NULL)
			fail_msg("no \"%s\"", want[i]);
	/* The name is the CA's decision, and so is what it is good for. */
	(void)snprintf(
	    subject, sizeof(subject), "subject=CN=%s,O=EXLAB\n", name);
	assert_non_null(strstr(ex_buf_text(&out), subject));
	assert_null(strstr(ex_buf_text(&out), "www.example"));
	assert_null(strstr(ex_buf_text(&out), "Extended Key Usage"));
	ex_buf_free(&out);
}

static void
check_chain(const char *pem)
{
	const char *const argv[] = { "openssl", "verify", "-no-CApath",
		"-no-CAstore", "-x509_strict", "-purpose", "smimesign",
		"-CAfile", at("ca/ca.pem"), pem, NULL };

	openssl(NULL, argv);
}

/* It lies in issued/ under its digest, byte for byte. */
static void
check_kept(const struct ex_buf *der)
{
	char hex[EX_SHA256_HEX], name[128];
	const char *argv[] = { "openssl", "x509", "-in", NULL, "-outform",
		"DER", NULL };
	struct ex_buf kept = EX_BUF_INIT;

	ex_sha256_hex(hex, der->data, der->len);
	(void)snprintf(name, sizeof(name), "ca/issued/%s.pem", hex);
	argv[3] = at(name);
	openssl(&kept, argv);
	assert_int_equal(kept.len, der->len);
	assert_memory_equal(kept.data, der->data, der->len);
	ex_buf_free(&kept);
}

static void
stock_tools_accept_what_it_issues(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct ex_buf der = EX_BUF_INIT;
		const char *argv[] = { "openssl", "x509", "-inform", "DER",
			"-in", at("new.der"), "-out", at("new.pem"), NULL };

		assert_int_equal(ca(at("ca"), good[i].kind, good[i].name,
				     "EXLAB", at(good[i].request), &der),
		    0);
		MUST(
		    ex_file_write(at("new.der"), der.data, der.len, 0600, err));
		openssl(NULL, argv);
		check_profile(at("new.pem"), good[i].name);
		check_chain(at("new.pem"));
		check_kept(&der);
		ex_buf_free(&der);
	}
}

/* Requests and command lines that get nothing. */
static const struct {
	const char *folder, *kind, *name, *org, *request;
	int status;
} bad[] = {
	{ "ca", "person", "S-1001", "EXLAB", "empty", 2 },
	{ "ca", "person", "S-1001", "EXLAB", "noise", 2 },
	{ "ca", "person", "S-1001", "EXLAB", "forged", 2 },
	{ "ca", "person", "S-1001", "EXLAB", "longer", 2 },
	{ "ca", "person", "S-1001", "EXLAB", "shorter", 2 },
	{ "ca", "person", "S-1001", "EXLAB", "huge", 2 },
	{ "ca", "person", "S-1001", "EXLAB", "ca/ca.pem", 2 },
	{ "ca", "person", "S-1001", "EXLAB", "rsa1024.csr", 2 },
	{ "ca", "person", "S-1001", "EXLAB", "p384.csr", 2 },
	{ "ca", "person", "S-1001", "EXLAB", "ed25519.csr", 2 },
	{ "nothing", "person", "S-1001", "EXLAB", "p256.csr", 2 },
	{ "mixed", "person", "S-1001", "EXLAB", "p256.csr", 2 },
	{ "ca", "server", "S-1001", "EXLAB", "p256.csr", 64 },
	{ "ca", "person", "", "EXLAB", "p256.csr", 64 },
	{ "ca", "person", "S 1001/CN=x", "EXLAB", "p256.csr", 64 },
	{ "ca", "person", "\xe5\x8a\x89", "EXLAB", "p256.csr", 64 },
	{ "ca", "person", "S-1001", "../x", "p256.csr", 64 },
};

static void
put(const char *name, const void *data, size_t n)
{
	MUST(ex_file_write(at(name), data, n, 0600, err));
}

/* Files that are no requests, and a CA whose key is another's. */
static void
make_bad(void)
{
	static uint8_t huge[100000];
	struct ex_buf csr = EX_BUF_INIT, key = EX_BUF_INIT;

	MUST(ex_file_read(&csr, at("p256.csr"), 65536, err));
	put("empty", "", 0);
	put("noise", "a request", 9);
	put("shorter", csr.data, csr.len - 1);
	put("huge", huge, sizeof(huge));
	csr.data[csr.len - 1] ^= 1;
	put("forged", csr.data, csr.len);
	csr.data[csr.len - 1] ^= 1;
	MUST(ex_buf_add_byte(&csr, 0, err));
	put("longer", csr.data, csr.len);
	MUST(ex_dir_make(at("mixed"), 0700, err));
	MUST(ex_file_read(&key, at("p256.key"), 65536, err));
	put("mixed/ca.key", key.data, key.len);
	ex_buf_cut(&key, 0);
	MUST(ex_file_read(&key, at("ca/ca.pem"), 65536, err));
	put("mixed/ca.pem", key.data, key.len);
	ex_buf_free(&csr);
	ex_buf_free(&key);
}

static int
count_name(void *arg, const char *name, struct ex_err *err)
{
	size_t *n = arg;

	(void)name;
	(void)err;
	(*n)++;
	return 0;
}

static void
nonsense_gets_one_line_and_no_certificate(void **state)
{
	size_t before = 0, after = 0;

	(void)state;
	make_bad();
	(void)ex_dir_each(at("ca/issued"), count_name, &before, NULL);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ex_buf out = EX_BUF_INIT, said = EX_BUF_INIT;
		int status = ca(at(bad[i].folder), bad[i].kind, bad[i].name,
		    bad[i].org, at(bad[i].request), &out);
		const char *text;

		if (status != bad[i].status || out.len != 0)
			fail_msg("%s %s \"%s\": %d", bad[i].request,
			    bad[i].kind, bad[i].name, status);
		MUST(ex_file_read(&said, at("said"), 4096, err));
		text = ex_buf_text(&said);
		assert_true(said.len > 12);
		assert_ptr_equal(strchr(text, '\n'), text + said.len - 1);
		ex_buf_free(&said);
		ex_buf_free(&out);
	}
	(void)ex_dir_each(at("ca/issued"), count_name, &after, NULL);
	assert_int_equal(before, after);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(making_it_again_changes_nothing),
		cmocka_unit_test(the_key_is_its_owners_alone),
		cmocka_unit_test(stock_tools_accept_what_it_issues),
		cmocka_unit_test(nonsense_gets_one_line_and_no_certificate),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
