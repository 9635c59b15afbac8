/*
 * test_monitor.c -- who sees every entry finds what no witness can: an item
 * forked inside one growing tree, heads that are none.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/file.h"
#include "custody/log.h"
#include "daemons/monitor.h"
#include "tests/custody/house.h"

#define NAME "monitor.example/m1"
#define TIME UINT64_C(1772443800)

enum {
	ENTRIES = 128 /* of one test's log; one tile holds 256 */
};

/* A log as the laboratory hands it over, and who looks at it. */
struct scene {
	struct house house;
	struct ex_buf entry[ENTRIES];
	size_t n, taken; /* entries of the house that are in it */
	char dir[64], tiles[80];
	struct ex_witness w;
	struct ex_buf held; /* what the monitor cosigned last */
	size_t kept;
};

static int
load(void *arg, struct ex_buf *out, const char *origin, struct ex_err *err)
{
	struct scene *s = arg;

	(void)origin;
	if (s->held.len == 0)
		return ex_fail(err, EX_ABSENT, "nothing");
	return ex_buf_add(out, s->held.data, s->held.len, err);
}

static int
save(void *arg, const char *origin, const void *note, size_t n,
    struct ex_err *err)
{
	struct scene *s = arg;

	(void)origin;
	ex_buf_cut(&s->held, 0);
	return ex_buf_add(&s->held, note, n, err);
}

static int
keep(void *arg, int status, const void *note, size_t n, struct ex_err *err)
{
	struct scene *s = arg;

	(void)status;
	(void)note;
	(void)n;
	(void)err;
	s->kept++;
	return 0;
}

static void
add(struct scene *s, const struct ex_buf *entry)
{
	assert_true(s->n < ENTRIES);
	MUST(ex_buf_add(&s->entry[s->n++], entry->data, entry->len, err));
}

/* What the house has done since goes into the log. */
static void
take(struct scene *s)
{
	for (; s->taken < s->house.nentries; s->taken++)
		add(s, &s->house.entry[s->taken].bytes);
}

static int
open_scene(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	house_open_few(&s->house);
	take(s);
	(void)snprintf(s->dir, sizeof(s->dir), "/tmp/exmonitor.XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	(void)snprintf(s->tiles, sizeof(s->tiles), "%s/tiles", s->dir);
	MUST(ex_key_new(&s->w.key, EX_KEY_ED25519, err));
	MUST(ex_vkey_of(&s->w.own, NAME, EX_NOTE_COSIGNATURE, s->w.key, err));
	s->w.log[0] = s->house.vkey;
	s->w.nlogs = 1;
	s->w.store = (struct ex_witness_store){ s, load, save, keep };
	s->w.examine = ex_monitor_examine;
	s->w.examine_arg = s->tiles;
	*state = s;
	return 0;
}

static int
close_scene(void **state)
{
	struct scene *s = *state;

	for (size_t i = 0; i < s->n; i++)
		ex_buf_free(&s->entry[i]);
	ex_buf_free(&s->held);
	ex_key_free(s->w.key);
	house_close(&s->house);
	MUST(ex_remove_tree(s->dir, err));
	free(s);
	return 0;
}

static void
put(const struct scene *s, const char *name, const struct ex_buf *data)
{
	char path[EX_PATH];

	MUST(ex_path_join(path, sizeof(path), s->tiles, name, err));
	MUST(ex_file_write(path, data->data, data->len, 0644, err));
}

/* The log's own signature under whatever it holds. */
static void
sign(const struct scene *s, struct ex_buf *note)
{
	struct ex_checkpoint c = { .size = s->n };
	struct ex_tree_edge edge = { 0 };
	struct ex_buf text = EX_BUF_INIT;

	(void)snprintf(c.origin, sizeof(c.origin), "%s", s->house.vkey.name);
	for (size_t i = 0; i < s->n; i++) {
		uint8_t leaf[EX_HASH];

		ex_entry_leaf(leaf, s->entry[i].data, s->entry[i].len);
		MUST(ex_tree_append(&edge, leaf, NULL, NULL, err));
	}
	ex_tree_edge_root(c.root, &edge);
	MUST(ex_checkpoint_text(&text, &c, err));
	MUST(ex_note_sign(
	    note, text.data, text.len, c.origin, s->house.log_key, err));
	ex_buf_free(&text);
}

/* As `exhibit log export --entries` writes it. */
static void
publish(struct scene *s)
{
	struct ex_buf tile = EX_BUF_INIT, note = EX_BUF_INIT;
	char name[64], path[EX_PATH];

	MUST(ex_remove_tree(s->tiles, err));
	MUST(ex_path_join(
	    path, sizeof(path), s->tiles, "tile/entries/000.p", err));
	MUST(ex_dir_make(path, 0755, err));
	for (size_t i = 0; i < s->n; i++) {
		MUST(ex_buf_add_u16(&tile, (uint16_t)s->entry[i].len, err));
		MUST(ex_buf_add(&tile, s->entry[i].data, s->entry[i].len, err));
	}
	(void)snprintf(name, sizeof(name), "tile/entries/000.p/%zu", s->n);
	put(s, name, &tile);
	sign(s, &note);
	put(s, "checkpoint", &note);
	ex_buf_free(&tile);
	ex_buf_free(&note);
}

/* The monitor's answer, and that it says these words. */
static void
must_say(struct scene *s, int status, const char *words)
{
	struct ex_answer a = { 0 };

	MUST(ex_monitor_check(&a, &s->w, s->tiles, TIME, err));
	if (a.status != status || strstr(ex_buf_text(&a.body), words) == NULL)
		fail_msg("%d \"%s\", not %d \"%s\"", a.status,
		    ex_buf_text(&a.body), status, words);
	ex_buf_free(&a.body);
}

static void
whole_streams_are_cosigned(void **state)
{
	struct scene *s = *state;

	publish(s);
	must_say(s, 200, NAME);
	(void)house_bring(&s->house, EX_IN_STORE);
	take(s);
	publish(s);
	must_say(s, 200, NAME);
	must_say(s, 200, NAME);
	assert_int_equal(s->kept, 0);
}

/* 5a was sequenced, the head set back, 5b appended: one tree, it only grows. */
static void
an_item_forked_in_one_tree_is_found(void **state)
{
	struct scene *s = *state;
	const char *item = house_bring(&s->house, EX_IN_STORE);
	struct ex_buf body = EX_BUF_INIT, openings = EX_BUF_INIT;
	struct ex_buf other = EX_BUF_INIT;
	char stream[EX_STREAM_TEXT];
	struct act a;

	(void)snprintf(stream, sizeof(stream), "item:%s", item);
	house_usual(&a, EX_ACT_MOVE, stream);
	MUST(house_write(&s->house, &a, &body, &openings, err));
	house_sign(&s->house, &other, &body, NULL);
	house_do(&s->house, &a);
	take(s);
	publish(s);
	must_say(s, 200, NAME);
	add(s, &other);
	publish(s);
	must_say(s, 422, "entry");
	assert_int_equal(s->kept, 1);
	ex_buf_free(&body);
	ex_buf_free(&openings);
	ex_buf_free(&other);
}

static void
an_entry_left_out_or_changed_is_found(void **state)
{
	struct scene *s = *state;

	(void)house_bring(&s->house, EX_IN_STORE);
	take(s);
	publish(s);
	must_say(s, 200, NAME);
	/* The newest goes, and something else comes in its place. */
	ex_buf_free(&s->entry[--s->n]);
	(void)house_bring(&s->house, EX_RECEIVED);
	take(s);
	publish(s);
	must_say(s, 422, "");
	/* A signature's last byte. */
	s->entry[3].data[s->entry[3].len - 1] ^= 1;
	publish(s);
	must_say(s, 422, "entry 3");
}

/* What is handed over is not what was signed. */
static void
tiles_that_are_not_there_are_waited_for(void **state)
{
	struct scene *s = *state;
	struct ex_buf note = EX_BUF_INIT;

	publish(s);
	(void)house_bring(&s->house, EX_IN_STORE);
	take(s);
	sign(s, &note);
	put(s, "checkpoint", &note);
	must_say(s, 503, "");
	ex_buf_free(&note);
}

/* A heads entry of what was done so far, with one digit changed or not. */
static void
do_heads(struct scene *s, int false_one)
{
	char fields[256], hex[2 * EX_HASH + 1];
	uint8_t root[EX_HASH];
	uint64_t count;
	struct act a = { .act = EX_ACT_HEADS,
		.stream = "lab:" HOUSE_ORG,
		.fields = fields,
		.parties = "service=LOG-1" };

	MUST(ex_world_heads(root, &count, s->house.world, err));
	root[0] ^= (uint8_t)false_one;
	ex_hex(hex, root, EX_HASH);
	(void)snprintf(fields, sizeof(fields),
	    "{'size':%zu,'count':%" PRIu64 ",'root':'%s'}", s->house.nentries,
	    count, hex);
	house_do(&s->house, &a);
	take(s);
}

static void
false_heads_are_found(void **state)
{
	struct scene *s = *state;

	(void)house_bring(&s->house, EX_IN_STORE);
	take(s);
	do_heads(s, 0);
	publish(s);
	must_say(s, 200, NAME);
	do_heads(s, 1);
	publish(s);
	must_say(s, 422, "heads are not those");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_scene, close_scene)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whole_streams_are_cosigned),
		TEST(an_item_forked_in_one_tree_is_found),
		TEST(an_entry_left_out_or_changed_is_found),
		TEST(tiles_that_are_not_there_are_waited_for),
		TEST(false_heads_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
