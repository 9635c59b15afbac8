/*
 * test_blocks.c -- where an image was changed is told by its signed map, and
 * what is wrong with the map hides nothing.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/stat.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/cases/bench.h"

#include "base/file.h"
#include "cases/history.h"
#include "cases/verify.h"
#include "intake/blockmap.h"

enum {
	BLOCK = EX_BLOCKMAP_BLOCK
};

static char image[EX_PATH]; /* the one file of the raw image */
static char map[EX_PATH];   /* its map in the vault */
static char kept[EX_PATH];  /* a copy of that */
static int is_signed;	    /* verify enters what it found */

static int
open_bench(void **state)
{
	struct ex_acquire a;
	struct ex_json *told;

	(void)state;
	bench_open(&bench);
	bench_disk(&bench, "D-1");
	a = bench_request(&bench, "D-1");
	a.format = "raw";
	told = bench_acquire(&bench, &a, 0);
	(void)snprintf(image, sizeof(image), "%s",
	    ex_json_get_text(
		ex_json_at(ex_json_get(told, "segments"), 0), "path"));
	ex_json_free(told);
	return 0;
}

/* What is said of the image; *told is the caller's. */
static const struct ex_json *
verify(struct ex_json **told)
{
	struct ex_verify v = { .name = "D-1-I1", .sign = is_signed };
	int status;

	MUST(ex_verify_run(told, &status, bench.desk.house, &v, err));
	return ex_json_at(ex_json_get(*told, "images"), 0);
}

static void
expect(const char *verdict, const char *state, size_t changes)
{
	struct ex_json *told = NULL;
	const struct ex_json *said = verify(&told);

	assert_string_equal(ex_json_get_text(said, "verdict"), verdict);
	assert_string_equal(ex_json_get_text(said, "block_map"), state);
	assert_int_equal(
	    ex_json_count(ex_json_get(said, "changed_ranges")), changes);
	ex_json_free(told);
}

/* Both entries say the same; the file is what they say. */
static void
the_map_is_kept_and_signed(void **state)
{
	struct ex_record r;
	struct ex_buf file = EX_BUF_INIT;
	struct ex_blockmap m;
	uint8_t root[EX_SHA256_LEN], want[EX_SHA256_LEN];
	const struct ex_json *says;
	const struct ex_record_entry *e;
	char name[EX_PATH];

	(void)state;
	MUST(ex_record_open(&r, bench.desk.house, "item:D-1", err));
	e = NULL;
	for (size_t i = 0; i < r.nentries; i++)
		if (r.entry[i]->admission.event.act == EX_ACT_ACQUIRE_END)
			e = r.entry[i];
	assert_non_null(e);
	says = ex_json_get(e->admission.event.fields, "block_map");
	assert_int_equal(ex_json_get_int(says, "block_size", 0), BLOCK);
	assert_int_equal(ex_json_get_int(says, "blocks", 0),
	    (BENCH_BYTES + BLOCK - 1) / BLOCK);
	(void)snprintf(name, sizeof(name), "vault/attachments/%s",
	    ex_json_get_text(says, "sha256"));
	(void)snprintf(map, sizeof(map), "%s", bench_house(&bench, name));
	(void)snprintf(kept, sizeof(kept), "%s/map", bench_dir(&bench, "kept"));
	bench_copy(map, kept);
	MUST(ex_file_read(&file, map, 1 << 20, err));
	MUST(ex_blockmap_read(&m, file.data, file.len, err));
	assert_int_equal(m.bytes, BENCH_BYTES);
	MUST(ex_blockmap_root(root, &m, err));
	MUST(ex_json_need_hex(want, sizeof(want), says, "root", err));
	assert_memory_equal(root, want, sizeof(root));
	ex_buf_free(&file);
	ex_record_free(&r);
	expect("ok", "ok", 0);
}

/* The newest entry about the image has those ranges. */
static void
the_entry_tells(const struct ex_json *changes)
{
	struct ex_record r;
	const struct ex_event *e;

	MUST(ex_record_open(&r, bench.desk.house, "item:D-1-I1", err));
	e = &r.entry[r.nentries - 1]->admission.event;
	assert_int_equal(e->act, EX_ACT_VERIFY);
	assert_true(
	    ex_json_equal(ex_json_get(e->fields, "changed_ranges"), changes));
	ex_record_free(&r);
}

static void
a_flipped_byte_is_located(void **state)
{
	struct ex_json *told = NULL;
	const struct ex_json *said, *at;

	(void)state;
	is_signed = 1;
	bench_flip(image, 3L * BLOCK + 77);
	bench_flip(image, BENCH_BYTES - 1);
	said = verify(&told);
	assert_string_equal(
	    ex_json_get_text(said, "verdict"), "digest_differs");
	assert_string_equal(ex_json_get_text(said, "block_map"), "ok");
	assert_int_equal(ex_json_count(ex_json_get(said, "changed_ranges")), 2);
	at = ex_json_at(ex_json_get(said, "changed_ranges"), 0);
	assert_int_equal(ex_json_get_int(at, "from", 0), 3 * BLOCK);
	assert_int_equal(ex_json_get_int(at, "to", 0), 4 * BLOCK);
	assert_int_equal(ex_json_get_int(at, "lba", 0), 3 * BLOCK / 512);
	assert_int_equal(ex_json_get_int(at, "count", 0), BLOCK / 512);
	at = ex_json_at(ex_json_get(said, "changed_ranges"), 1);
	assert_int_equal(ex_json_get_int(at, "from", 0), 5 * BLOCK);
	assert_int_equal(ex_json_get_int(at, "to", 0), BENCH_BYTES);
	assert_int_equal(ex_json_get_int(at, "count", 0), 1);
	the_entry_tells(ex_json_get(said, "changed_ranges"));
	ex_json_free(told);
	is_signed = 0;
}

static void
a_map_that_is_harmed_is_named_and_hides_nothing(void **state)
{
	(void)state;
	/* The image is still the changed one. */
	bench_flip(map, -1);
	expect("digest_differs", "damaged", 0);
	bench_flip(map, -1);
	expect("digest_differs", "ok", 2);
	bench_flip(map, 3);
	expect("digest_differs", "damaged", 0);
	assert_int_equal(unlink(map), 0);
	expect("digest_differs", "missing", 0);
	/* And with a good image it is told as well. */
	bench_flip(image, 3L * BLOCK + 77);
	bench_flip(image, BENCH_BYTES - 1);
	expect("ok", "missing", 0);
	bench_copy(kept, map);
	expect("ok", "ok", 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_map_is_kept_and_signed),
		cmocka_unit_test(a_flipped_byte_is_located),
		cmocka_unit_test(
		    a_map_that_is_harmed_is_named_and_hides_nothing),
	};

	desk_programs();
	return cmocka_run_group_tests(tests, open_bench, bench_teardown);
}
