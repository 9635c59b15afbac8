/*
 * test_digest.c -- known answers, splits, files and names.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "hashing/digest.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
	ALL = (1 << EX_ALGS) - 1,
	MILLION = 1000000
};

/* RFC 1321, FIPS 180-4, FIPS 202 and RFC 7693: their own examples. */
static const struct {
	const char *text;
	size_t repeat;
	const char *hex[EX_ALGS];
} known[] = {
	{ "", 1,
	    { "d41d8cd98f00b204e9800998ecf8427e",
		"da39a3ee5e6b4b0d3255bfef95601890afd80709",
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852"
		"b855",
		"cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36c"
		"e9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327a"
		"f927da3e",
		"a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8"
		"434a",
		"786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f"
		"5419d25e1031afee585313896444934eb04b903a685b1448b755d56f701a"
		"fe9be2ce" } },
	{ "abc", 1,
	    { "900150983cd24fb0d6963f7d28e17f72",
		"a9993e364706816aba3e25717850c26c9cd0d89d",
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f200"
		"15ad",
		"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55"
		"d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94f"
		"a54ca49f",
		"3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe2451143"
		"1532",
		"ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbff"
		"a2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386ed"
		"d4009923" } },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
	    { "8215ef0796a20bcaaae116d3876c664a",
		"84983e441c3bd26ebaae4aa1f95129e5e54670f1",
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db"
		"06c1",
		"204a8fc6dda82f0a0ced7beb8e08a41657c16ef468b228a8279be331a703"
		"c33596fd15c13b1b07f9aa1d3bea57789ca031ad85c7a71dd70354ec6312"
		"38ca3445",
		"41c0dba2a9d6240849100376a8235e2c82e1b9998a999e21db32dd97496d"
		"3376",
		"7285ff3e8bd768d69be62b3bf18765a325917fa9744ac2f582a20850bc2b"
		"1141ed1b3e4528595acc90772bdf2d37dc8a47130b44f33a02e8730e5ad8"
		"e166e888" } },
	{ "a", MILLION,
	    { "7707d6ae4e027c70eea2a935c2296f21",
		"34aa973cd4c4daa4f61eeb2bdbad27316534016f",
		"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc711"
		"2cd0",
		"e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa9"
		"73ebde0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217"
		"ad8cc09b",
		"5c8875ae474a3634ba4fd55ec85bffd661f32aca75c6d699d0cdcb6c1158"
		"91c1",
		"98fb3efb7206fd19ebf69b6f312cf7b64e3b94dbe1a17107913975a793f1"
		"77e1d077609d7fba363cbba00d05f7aa4e4fa8715d6428104c0a75643b0f"
		"f3fd3eaf" } },
};

/* The message of known[i], in memory. */
static uint8_t *
message(size_t i, size_t *n)
{
	size_t len = strlen(known[i].text);
	uint8_t *m;

	*n = len * known[i].repeat;
	m = malloc(*n + 1);
	assert_non_null(m);
	for (size_t at = 0; at < *n; at += len)
		memcpy(&m[at], known[i].text, len);
	return m;
}

static void
assert_values(
    size_t i, unsigned algs, const struct ex_digest_value *value, size_t n)
{
	char hex[2 * EX_DIGEST_MAX + 1];
	size_t at = 0;

	for (unsigned a = 0; a < EX_ALGS; a++) {
		if ((algs & EX_ALG_BIT(a)) == 0)
			continue;
		assert_true(at < n);
		assert_int_equal(value[at].alg, a);
		assert_int_equal(value[at].len, ex_alg_len(value[at].alg));
		ex_hex(hex, value[at].value, value[at].len);
		assert_string_equal(hex, known[i].hex[a]);
		at++;
	}
	assert_int_equal(at, n);
}

static void
known_answers_hold(void **state)
{
	struct ex_digest_value value[EX_ALGS];
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(known); i++) {
		struct ex_digest *d;
		uint64_t nbytes;
		size_t n, len;
		uint8_t *m = message(i, &len);

		assert_int_equal(ex_digest_new(&d, ALL, &err), 0);
		assert_int_equal(ex_digest_add(d, m, len, &err), 0);
		assert_int_equal(ex_digest_end(d, value, &n, &nbytes, &err), 0);
		assert_int_equal(nbytes, len);
		assert_values(i, ALL, value, n);
		ex_digest_free(d);
		free(m);
	}
}

/* A fixed sequence, so that a failure can be repeated. */
static uint32_t
next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void
any_split_and_any_set_give_the_same_values(void **state)
{
	struct ex_digest_value value[EX_ALGS];
	struct ex_err err = EX_ERR_INIT;
	uint32_t seed = 20240229;
	size_t len, n;
	uint8_t *m = message(COUNT(known) - 1, &len);

	(void)state;
	for (unsigned algs = 1; algs <= ALL; algs += 5) {
		struct ex_digest *d;
		size_t at = 0, part;

		assert_int_equal(ex_digest_new(&d, algs, &err), 0);
		for (; at < len; at += part) {
			part = next(&seed) % 70000;
			part = part < len - at ? part : len - at;
			assert_int_equal(
			    ex_digest_add(d, &m[at], part, &err), 0);
		}
		assert_int_equal(ex_digest_add(d, NULL, 0, &err), 0);
		assert_int_equal(ex_digest_end(d, value, &n, NULL, &err), 0);
		assert_values(COUNT(known) - 1, algs, value, n);
		ex_digest_free(d);
	}
	free(m);
}

static void
one_run_and_two_runs_agree(void **state)
{
	uint8_t one[EX_SHA256_LEN], two[EX_SHA256_LEN];
	char hex[EX_SHA256_HEX];

	(void)state;
	ex_sha256_hex(hex, "abc", 3);
	assert_string_equal(hex, known[1].hex[EX_SHA256]);
	ex_sha256(one, "abc", 3);
	for (size_t cut = 0; cut <= 3; cut++) {
		ex_sha256_two(two, "abc", cut, &"abc"[cut], 3 - cut);
		assert_memory_equal(one, two, sizeof(one));
	}
	ex_sha256(one, NULL, 0);
	ex_hex(hex, one, sizeof(one));
	assert_string_equal(hex, known[0].hex[EX_SHA256]);
}

static void
impossible_sets_are_refused(void **state)
{
	static const unsigned sets[] = { 0, 1u << EX_ALGS, ~0u };

	(void)state;
	for (size_t i = 0; i < COUNT(sets); i++) {
		struct ex_err err = EX_ERR_INIT;
		struct ex_digest *d;

		assert_int_equal(ex_digest_new(&d, sets[i], &err), -1);
		assert_int_equal(err.code, EX_USAGE);
		assert_null(d);
	}
	ex_digest_free(NULL);
}

static void
an_ended_digest_takes_nothing_more(void **state)
{
	struct ex_digest_value value[EX_ALGS];
	struct ex_err err = EX_ERR_INIT;
	struct ex_digest *d;
	size_t n;

	(void)state;
	assert_int_equal(ex_digest_new(&d, EX_ALG_BIT(EX_MD5), &err), 0);
	assert_int_equal(ex_digest_end(d, value, &n, NULL, &err), 0);
	assert_int_equal(n, 1);
	assert_int_equal(ex_digest_add(d, "x", 1, &err), -1);
	assert_int_equal(err.code, EX_USAGE);
	ex_err_clear(&err);
	assert_int_equal(ex_digest_end(d, value, &n, NULL, &err), -1);
	assert_int_equal(err.code, EX_USAGE);
	ex_digest_free(d);
}

static void
files_are_digested_whole(void **state)
{
	char dir[] = "/tmp/test_digest.XXXXXX", path[64], hex[EX_SHA256_HEX];
	struct ex_err err = EX_ERR_INIT;
	uint8_t value[EX_SHA256_LEN];
	uint64_t nbytes;
	size_t len;
	uint8_t *m = message(COUNT(known) - 1, &len);

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/million", dir);
	assert_int_equal(ex_file_write(path, m, len, 0600, &err), 0);
	assert_int_equal(ex_sha256_file(value, &nbytes, path, &err), 0);
	assert_int_equal(nbytes, MILLION);
	ex_hex(hex, value, sizeof(value));
	assert_string_equal(hex, known[COUNT(known) - 1].hex[EX_SHA256]);
	assert_int_equal(ex_sha256_file(value, NULL, path, &err), 0);
	assert_int_equal(unlink(path), 0);

	assert_int_equal(ex_sha256_file(value, NULL, path, &err), -1);
	assert_int_equal(err.code, EX_ABSENT);
	assert_non_null(strstr(err.text, path));
	ex_err_clear(&err);
	assert_int_equal(ex_sha256_file(value, NULL, dir, &err), -1);
	assert_int_equal(err.code, EX_SYSTEM);
	assert_int_equal(rmdir(dir), 0);
	free(m);
}

static void
names_are_read_and_written(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	enum ex_alg alg;
	unsigned set;

	(void)state;
	for (unsigned i = 0; i < EX_ALGS; i++) {
		assert_int_equal(
		    ex_alg_parse(&alg, ex_alg_name((enum ex_alg)i), &err), 0);
		assert_int_equal(alg, i);
	}
	assert_int_equal(ex_alg_parse_list(&set, "sha3-256,md5", &err), 0);
	assert_int_equal(set, EX_ALG_BIT(EX_MD5) | EX_ALG_BIT(EX_SHA3_256));
	assert_int_equal(ex_alg_parse_list(&set, "blake2b", &err), 0);
	assert_int_equal(set, EX_ALG_BIT(EX_BLAKE2B));
}

static void
unknown_and_repeated_names_are_refused(void **state)
{
	static const struct {
		const char *list;
		const char *says;
	} bad[] = {
		{ "", "known are" },
		{ "crc32", "\"crc32\"" },
		{ "SHA256", "known are" },
		{ "sha25", "known are" },
		{ "sha2561", "known are" },
		{ "md5,", "known are" },
		{ "md5,,sha1", "known are" },
		{ " md5", "known are" },
		{ "md5,sha1,md5", "md5 is named twice" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct ex_err err = EX_ERR_INIT;
		unsigned set = 77;

		assert_int_equal(
		    ex_alg_parse_list(&set, bad[i].list, &err), -1);
		assert_int_equal(err.code, EX_USAGE);
		assert_non_null(strstr(err.text, bad[i].says));
		assert_int_equal(set, 77);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_answers_hold),
		cmocka_unit_test(any_split_and_any_set_give_the_same_values),
		cmocka_unit_test(one_run_and_two_runs_agree),
		cmocka_unit_test(impossible_sets_are_refused),
		cmocka_unit_test(an_ended_digest_takes_nothing_more),
		cmocka_unit_test(files_are_digested_whole),
		cmocka_unit_test(names_are_read_and_written),
		cmocka_unit_test(unknown_and_repeated_names_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
