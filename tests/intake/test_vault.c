/*
 * test_vault.c -- what is in the vault is written once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"
#include "intake/vault.h"

static void
the_path_of(char *path, const char *vault, const char *part, const char *sha256)
{
	char name[256];

	(void)snprintf(name, sizeof(name), "%s/%s.txt", part, sha256);
	assert_int_equal(ex_path_join(path, EX_PATH, vault, name, NULL), 0);
}

static void
what_is_kept_lies_under_its_digest(void **state)
{
	char sha256[EX_SHA256_HEX], want[EX_SHA256_HEX], path[EX_PATH];
	char vault[EX_PATH];
	struct ex_buf got = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct stat st;
	int fd;

	(void)state;
	(void)snprintf(vault, sizeof(vault), "%s", fresh("vault"));
	ex_sha256_hex(want, "report", 6);
	if (ex_vault_put(sha256, vault, EX_VAULT_REPORTS, "txt", "report", 6,
		&err) == -1)
		fail_msg("%s", err.text);
	assert_string_equal(sha256, want);
	the_path_of(path, vault, "reports", sha256);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0444);
	/* Again is the same; nothing half-written lies beside it. */
	assert_int_equal(ex_vault_put(sha256, vault, EX_VAULT_REPORTS, "txt",
			     "report", 6, NULL),
	    0);
	assert_int_equal(count_names(in_folder("vault/reports")), 1);
	assert_int_equal(
	    ex_vault_open(&fd, vault, EX_VAULT_REPORTS, "txt", sha256, &err),
	    0);
	assert_int_equal(ex_fd_read_all(&got, fd, 100, NULL), 0);
	assert_string_equal(ex_buf_text(&got), "report");
	ex_buf_free(&got);
	assert_int_equal(close(fd), 0);
	assert_int_equal(ex_vault_open(&fd, vault, EX_VAULT_ATTACHMENTS, "txt",
			     sha256, &err),
	    -1);
	assert_int_equal(err.code, EX_ABSENT);
}

static void
a_file_is_kept_byte_for_byte(void **state)
{
	char sha256[EX_SHA256_HEX], want[EX_SHA256_HEX], vault[EX_PATH];
	struct ex_err err = EX_ERR_INIT;
	uint64_t size;

	(void)state;
	(void)snprintf(vault, sizeof(vault), "%s", fresh("vault"));
	assert_int_equal(
	    ex_file_write(in_folder("scan"), "a\0b", 3, 0600, NULL), 0);
	ex_sha256_hex(want, "a\0b", 3);
	assert_int_equal(
	    ex_vault_put_file(sha256, &size, vault, EX_VAULT_ATTACHMENTS, NULL,
		in_folder("scan"), &err),
	    0);
	assert_string_equal(sha256, want);
	assert_int_equal(size, 3);
	assert_int_equal(
	    ex_vault_put_file(sha256, &size, vault, EX_VAULT_ATTACHMENTS, NULL,
		in_folder("nothing"), &err),
	    -1);
	assert_int_equal(err.code, EX_ABSENT);
}

static void
another_file_under_that_name_is_damage(void **state)
{
	char sha256[EX_SHA256_HEX], vault[EX_PATH], path[EX_PATH];
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	(void)snprintf(vault, sizeof(vault), "%s", fresh("vault"));
	assert_int_equal(ex_vault_put(sha256, vault, EX_VAULT_REPORTS, "txt",
			     "report", 6, NULL),
	    0);
	the_path_of(path, vault, "reports", sha256);
	assert_int_equal(ex_file_write(path, "forged", 6, 0444, NULL), 0);
	assert_int_equal(ex_vault_put(sha256, vault, EX_VAULT_REPORTS, "txt",
			     "report", 6, &err),
	    -1);
	assert_int_equal(err.code, EX_DAMAGED);
}

static void
names_lead_nowhere_else(void **state)
{
	static const char *const image[] = { "", "../X", "A/B", "a", ".", "A B",
		"ABCDEFGHIJABCDEFGHIJABCDEFGHIJABCDEFGHIJA" };
	static const char *const digest[] = { "", "../../etc/passwd", "abc",
		("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B8"
		 "55") };
	char dir[EX_PATH], vault[EX_PATH];
	struct ex_err err = EX_ERR_INIT;
	int fd;

	(void)state;
	(void)snprintf(vault, sizeof(vault), "%s", fresh("vault"));
	for (size_t i = 0; i < sizeof(image) / sizeof(image[0]); i++) {
		ex_err_clear(&err);
		assert_int_equal(
		    ex_vault_image_dir(dir, vault, image[i], &err), -1);
		assert_int_equal(err.code, EX_USAGE);
	}
	for (size_t i = 0; i < sizeof(digest) / sizeof(digest[0]); i++) {
		ex_err_clear(&err);
		assert_int_equal(ex_vault_open(&fd, vault, EX_VAULT_REPORTS,
				     "txt", digest[i], &err),
		    -1);
		assert_int_equal(err.code, EX_USAGE);
	}
	assert_int_equal(count_names(vault), 0);
	assert_int_equal(ex_vault_image_dir(dir, vault, "DISK-I1", &err), 0);
	assert_string_equal(ex_path_base(dir), "DISK-I1");
	assert_int_equal(ex_vault_image_dir(dir, vault, "DISK-I1", &err), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_kept_lies_under_its_digest),
		cmocka_unit_test(a_file_is_kept_byte_for_byte),
		cmocka_unit_test(another_file_under_that_name_is_damage),
		cmocka_unit_test(names_lead_nowhere_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
