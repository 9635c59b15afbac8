/*
 * test_cms_harm.c -- every way we know to encode an entry differently, each
 * refused by name.
 *
 * Most of these need no key at all, and those marked ACCEPTS pass
 * `openssl cms -verify -cades`: they are why an entry has one encoding.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/limits.h"
#include "tests/signing/harm.h"

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

/* Prove good, harm, prove noticed and named.  1 if OpenSSL accepts it. */
static size_t
try_case(const struct harm_case *c)
{
	struct ex_buf good = EX_BUF_INIT, bad = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT, why = EX_ERR_INIT;
	struct ex_cms cms;
	int openssl;

	harm_good(&good, &lab, c->who);
	assert_int_equal(ex_cms_parse(&cms, good.data, good.len, &err), 0);
	assert_int_equal(ex_cms_check(&cms, &err), 0);

	harm_make(&bad, &lab, &good, c);
	assert_false(
	    bad.len == good.len && memcmp(bad.data, good.data, bad.len) == 0);
	if (ex_cms_parse(&cms, bad.data, bad.len, &err) != -1)
		fail_msg("%s: accepted", c->name);
	openssl = ex_cms_check_openssl(bad.data, bad.len, &why);
	print_message("  %s: %s (%s)\n", c->name, err.text,
	    openssl == 0 ? "OpenSSL accepts" : why.text);
	assert_int_equal(err.code, EX_FORMAT);
	assert_non_null(strstr(err.text, c->says));
	if (c->openssl == ACCEPTS)
		assert_int_equal(openssl, 0);
	ex_buf_free(&good);
	ex_buf_free(&bad);
	return openssl == 0;
}

static void
try_table(const struct harm_table *table)
{
	size_t accepted = 0;

	for (size_t i = 0; i < table->n; i++)
		accepted += try_case(&table->c[i]);
	print_message(
	    "  %zu cases, OpenSSL accepts %zu of them\n", table->n, accepted);
}

static void
elements_written_otherwise_are_refused_by_name(void **state)
{
	(void)state;
	try_table(&harm_bytes);
}

static void
other_signers_and_certificates_are_refused_by_name(void **state)
{
	(void)state;
	try_table(&harm_signer);
}

static void
other_signed_attributes_are_refused_by_name(void **state)
{
	(void)state;
	try_table(&harm_attrs);
}

/* One certificate over the limit; signers cannot be more than these. */
static void
too_many_certificates_are_refused(void **state)
{
	struct ex_buf good = EX_BUF_INIT, bad = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_cms cms;
	struct node *root, *certs;

	(void)state;
	harm_good(&good, &lab, ONE);
	root = node_read(good.data, good.len);
	certs = node_at(root, 1, 0, SD_CERTS, -1);
	for (int n = 0; n < EX_PARTIES_MAX; n++) {
		struct ex_buf cert = EX_BUF_INIT;

		lab_issue(&cert, lab.ca_key, &lab.ca, lab.key[LAB_ALMA], "S-1");
		node_insert(certs, 0, harm_of_buf(&cert));
		ex_buf_free(&cert);
	}
	harm_sort(certs);
	node_write(&bad, root);
	assert_int_equal(ex_cms_parse(&cms, bad.data, bad.len, &err), -1);
	assert_int_equal(err.code, EX_LIMIT);
	assert_non_null(strstr(err.text, "more than 16 certificates"));
	node_free(root);
	ex_buf_free(&good);
	ex_buf_free(&bad);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    elements_written_otherwise_are_refused_by_name),
		cmocka_unit_test(
		    other_signers_and_certificates_are_refused_by_name),
		cmocka_unit_test(other_signed_attributes_are_refused_by_name),
		cmocka_unit_test(too_many_certificates_are_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
