/*
 * test_hashes.c -- lists of digests: lines as others write them, and files
 * told apart by them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "hashing/hashes_audit.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define MD5_A	 "0cc175b9c0f1b6a831c399e269772661"
#define MD5_B	 "92eb5ffee6ae2fec3ad71c777531578f"

static struct ex_digest_value
digest(enum ex_alg alg, uint8_t fill)
{
	struct ex_digest_value d = { .alg = alg, .len = ex_alg_len(alg) };

	memset(d.value, fill, d.len);
	return d;
}

static void
names_come_back_whatever_is_in_them(void **state)
{
	static const char *const names[] = { "a", "a b", "a  b", "new\nline",
		"re\rturn", "back\\slash", "\\", "\\n", "a\\n\nb", "\xff\xfe",
		"a, b", "(x) = y", " a", "*a" };
	const struct ex_digest_value d = digest(EX_SHA256, 0xab);

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		for (int how = 0; how < 3; how++) {
			struct ex_buf out = EX_BUF_INIT;
			struct ex_hashes h = { 0 };

			if (how == 2)
				assert_int_equal(
				    ex_hashes_put_hashdeep_head(
					&out, EX_ALG_BIT(EX_SHA256), NULL),
				    0);
			assert_int_equal(
			    how == 0
				? ex_hashes_put_gnu(&out, &d, names[i], NULL)
			    : how == 1
				? ex_hashes_put_tagged(&out, &d, names[i], NULL)
				: ex_hashes_put_hashdeep(
				      &out, 7, &d, 1, names[i], NULL),
			    0);
			assert_int_equal(
			    ex_hashes_parse(&h, out.data, out.len, 0, NULL), 0);
			assert_int_equal(h.n, 1);
			assert_int_equal(h.nwrong, 0);
			assert_string_equal(h.file[0].name, names[i]);
			assert_true(ex_hashes_is(&h.file[0], 7, &d, 1));
			assert_false(
			    how == 2 && ex_hashes_is(&h.file[0], 8, &d, 1));
			ex_hashes_free(&h);
			ex_buf_free(&out);
		}
}

static void
what_is_no_line_is_counted(void **state)
{
	static const char *const wrong[] = { "x", MD5_A, MD5_A " a",
		MD5_A "a  b", MD5_A "  ", "\\" MD5_A "  a\\x", "MD5 (a) = 00",
		"MD5 (a) =" MD5_A, "SHA1 (a) = " MD5_A, "\\" MD5_A "  a\\" };
	const char *good = MD5_A "  good\n" MD5_A " *star\r\n\n";

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct ex_buf text = EX_BUF_INIT;
		struct ex_hashes h = { 0 };

		(void)ex_buf_addf(
		    &text, NULL, "%s%s\n%s", good, wrong[i], good);
		assert_int_equal(
		    ex_hashes_parse(&h, text.data, text.len, 0, NULL), 0);
		print_message("%s\n", wrong[i]);
		assert_int_equal(h.n, 4);
		assert_int_equal(h.nwrong, 1);
		assert_int_equal(h.wrong, 4);
		assert_string_equal(h.file[1].name, "star");
		ex_hashes_free(&h);
		ex_buf_free(&text);
	}
}

static void
nothing_of_a_list_is_refused(void **state)
{
	static const char *const none[] = { "", "\n\n", "hello\n",
		"%%%% HASHDEEP-1.0\n",
		"%%%% HASHDEEP-1.0\n%%%% size,md5\n1,2\n",
		"%%%% HASHDEEP-1.0\n1," MD5_A ",a\n" };
	struct ex_err err;

	(void)state;
	for (size_t i = 0; i < COUNT(none); i++) {
		struct ex_hashes h = { 0 };

		ex_err_clear(&err);
		assert_int_equal(
		    ex_hashes_parse(&h, none[i], strlen(none[i]), 0, &err), -1);
		assert_int_equal(err.code, EX_FORMAT);
		ex_hashes_free(&h);
	}
}

static void
columns_are_those_that_the_head_names(void **state)
{
	static const char text[] =
	    "%%%% HASHDEEP-1.0\n%%%% md5,tiger,size,filename\n"
	    "## a comment\n" MD5_A ",0123,5,x,y\n";
	struct ex_hashes h = { 0 };

	(void)state;
	assert_int_equal(
	    ex_hashes_parse(&h, text, sizeof(text) - 1, 0, NULL), 0);
	assert_int_equal(h.n, 1);
	assert_int_equal(h.algs, EX_ALG_BIT(EX_MD5));
	assert_int_equal(h.file[0].size, 5);
	assert_string_equal(h.file[0].name, "x,y");
	ex_hashes_free(&h);
}

static int
tell(void *arg, enum ex_audited what, const char *name, const char *listed,
    struct ex_err *err)
{
	return ex_buf_addf(arg, err, "%s %s%s%s\n", name, ex_audit_word(what),
	    listed == NULL ? "" : " ", listed == NULL ? "" : listed);
}

static void
files_are_told_apart(void **state)
{
	struct ex_digest_value a = digest(EX_MD5, 1), b = digest(EX_MD5, 2),
			       c = digest(EX_MD5, 3), z = digest(EX_MD5, 9);
	struct ex_buf list = EX_BUF_INIT, said = EX_BUF_INIT;
	struct ex_hashes h = { 0 };
	struct ex_audit *audit = NULL;

	(void)state;
	(void)ex_hashes_put_gnu(&list, &a, "same", NULL);
	(void)ex_hashes_put_gnu(&list, &b, "/dir/was", NULL);
	(void)ex_hashes_put_gnu(&list, &c, "./other", NULL);
	(void)ex_hashes_put_gnu(&list, &a, "twin", NULL);
	(void)ex_hashes_put_gnu(&list, &z, "unread", NULL);
	(void)ex_hashes_put_gnu(&list, &z, "gone", NULL);
	assert_int_equal(ex_hashes_parse(&h, list.data, list.len, 0, NULL), 0);
	assert_int_equal(ex_audit_new(&audit, &h, "/dir", NULL), 0);
	assert_int_equal(ex_audit_file(audit, ".//same", 1, &a, 1, NULL), 0);
	assert_int_equal(ex_audit_file(audit, "is", 1, &b, 1, NULL), 0);
	assert_int_equal(ex_audit_file(audit, "copy", 1, &a, 1, NULL), 0);
	assert_int_equal(ex_audit_file(audit, "other", 1, &b, 1, NULL), 0);
	assert_int_equal(ex_audit_file(audit, "more", 1, &c, 1, NULL), 0);
	assert_int_equal(ex_audit_unread(audit, "/dir/unread", NULL), 0);
	assert_int_equal(ex_audit_tell(audit, tell, &said, NULL), 0);
	assert_string_equal(ex_buf_text(&said), ".//same matched\n"
						"is moved /dir/was\n"
						"copy moved twin\n"
						"other differs\n"
						"more moved ./other\n"
						"gone missing\n");
	ex_audit_free(audit);
	ex_hashes_free(&h);
	ex_buf_free(&list);
	ex_buf_free(&said);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_come_back_whatever_is_in_them),
		cmocka_unit_test(what_is_no_line_is_counted),
		cmocka_unit_test(nothing_of_a_list_is_refused),
		cmocka_unit_test(columns_are_those_that_the_head_names),
		cmocka_unit_test(files_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
