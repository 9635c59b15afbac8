/*
 * test_seen.c -- what this machine has seen of the log, the log must go on
 * showing.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/proc.h"
#include "custody/log.h"
#include "db/store.h"
#include "tests/cases/home.h"

#define PATIENCE (20 * EX_SECOND)

/* The newest signed size, without comparing it with anything. */
static uint64_t
size_of(struct ex_house *house)
{
	struct ex_buf note = EX_BUF_INIT;
	struct ex_checkpoint c;
	struct ex_conn *conn;

	MUST(ex_house_service(house, &conn, err));
	MUST(ex_store_checkpoint(conn, &note, NULL, err));
	MUST(ex_checkpoint_check(
	    &c, note.data, note.len, ex_house_log_key(house), err));
	ex_buf_free(&note);
	return c.size;
}

/* Entries until the signed log has at least so many. */
static void
grow_to(struct ex_house *house, uint64_t size)
{
	int64_t until = ex_ticks() + PATIENCE;
	struct ex_conn *conn;

	MUST(ex_house_service(house, &conn, err));
	for (uint64_t n = size_of(house); n < size; n = size_of(house)) {
		MUST(ex_store_ask_heads(conn, err));
		while (size_of(house) == n && ex_ticks() < until)
			ex_sleep(EX_SECOND / 20);
		assert_true(size_of(house) > n);
	}
}

static void
copy(const char *from, const char *to)
{
	const char *argv[] = { "cp", "-a", from, to, NULL };
	struct ex_proc p = EX_PROC_INIT;
	int status = -1;

	p.path = "cp";
	p.argv = argv;
	MUST(ex_proc_run(&p, NULL, 0, 60 * EX_SECOND, &status, err));
	assert_int_equal(status, 0);
}

static void
read_seen(const struct home *h, struct ex_buf *out)
{
	ex_buf_cut(out, 0);
	MUST(ex_file_read(out, home_path(h, "seen"), 1 << 16, err));
}

/* The house with yesterday's database: what a restored backup looks like. */
static struct ex_house *
put_back(const struct home *h, struct ex_house *house, const char *backup)
{
	MUST(ex_house_down(house, err));
	ex_house_close(house);
	MUST(ex_remove_tree(home_path(h, "pg"), err));
	copy(backup, home_path(h, "pg"));
	return home_open(h, NULL);
}

static void
it_grows_with_the_log(void **state)
{
	const struct home *h = *state;
	struct ex_house *house = home_open(h, "admin");
	struct ex_buf note = EX_BUF_INIT, kept = EX_BUF_INIT;
	struct ex_checkpoint a, b;

	MUST(ex_house_seen(house, &a, NULL, err));
	assert_int_equal(a.size, 1);
	grow_to(house, 3);
	MUST(ex_house_seen(house, &b, &note, err));
	assert_true(b.size >= 3);
	assert_string_equal(b.origin, ex_house_origin(house));
	/* the very note is kept */
	read_seen(h, &kept);
	assert_int_equal(kept.len, note.len);
	assert_memory_equal(kept.data, note.data, note.len);
	ex_buf_free(&note);
	ex_buf_free(&kept);
	ex_house_close(house);
}

static void
a_log_that_was_put_back_is_noticed(void **state)
{
	const struct home *h = *state;
	struct ex_house *house = home_open(h, NULL);
	struct ex_buf before = EX_BUF_INIT, after = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	struct ex_checkpoint c;
	char backup[128], outside[128];

	(void)snprintf(backup, sizeof(backup), "%s/backup", h->root);
	(void)snprintf(outside, sizeof(outside), "%s/outside", h->root);
	MUST(ex_house_down(house, err));
	copy(home_path(h, "pg"), backup);
	copy(home_path(h, "log/outside"), outside);
	grow_to(house, 3);
	MUST(ex_house_seen(house, &c, NULL, err));
	read_seen(h, &before);

	/* the sequencer refuses first: its store outside is ahead */
	house = put_back(h, house, backup);
	assert_int_equal(ex_house_up(house, &why), -1);
	HOME_SAYS(&why, EX_DAMAGED, "sequencer");

	/* also when somebody takes that away */
	assert_int_equal(unlink(home_path(h, "log/outside")), 0);
	ex_err_clear(&why);
	assert_int_equal(ex_house_up(house, &why), -1);
	HOME_SAYS(&why, EX_DAMAGED, "log/outside");

	/* yesterday's store as well: then each machine is a witness */
	copy(outside, home_path(h, "log/outside"));
	MUST(ex_house_up(house, err));
	ex_err_clear(&why);
	assert_int_equal(ex_house_seen(house, &c, NULL, &why), -1);
	HOME_SAYS(&why, EX_DAMAGED, "put back");

	/* grown beyond what was seen, with the real key: another history */
	grow_to(house, 4);
	ex_err_clear(&why);
	assert_int_equal(ex_house_seen(house, &c, NULL, &why), -1);
	HOME_SAYS(&why, EX_DAMAGED, "another history", "log verify");

	/* and what was seen stays */
	read_seen(h, &after);
	assert_int_equal(before.len, after.len);
	assert_memory_equal(before.data, after.data, before.len);
	ex_buf_free(&before);
	ex_buf_free(&after);
	ex_house_close(house);
}

/* What it holds is nothing unless this log's key signed it. */
static void
a_seen_note_that_was_changed_is_noticed(void **state)
{
	static const struct {
		size_t at; /* byte from the end, or 0: cut it to nothing */
		const char *what;
	} harm[] = { { 5, "signature" }, { 120, "text" }, { 0, "empty" } };
	const struct home *h = *state;
	struct ex_house *house = home_open(h, NULL);
	struct ex_buf note = EX_BUF_INIT;

	for (size_t i = 0; i < sizeof(harm) / sizeof(harm[0]); i++) {
		struct ex_err why = EX_ERR_INIT;
		struct ex_checkpoint c;
		struct ex_buf bad = EX_BUF_INIT;

		read_seen(h, &note);
		MUST(ex_buf_add(&bad, note.data, note.len, err));
		if (harm[i].at == 0)
			ex_buf_cut(&bad, 0);
		else
			bad.data[bad.len - harm[i].at] ^= 1;
		MUST(ex_file_write(
		    home_path(h, "seen"), bad.data, bad.len, 0644, err));
		if (ex_house_seen(house, &c, NULL, &why) != -1)
			fail_msg("%s: not noticed", harm[i].what);
		HOME_SAYS(&why, why.code, "seen");
		MUST(ex_file_write(
		    home_path(h, "seen"), note.data, note.len, 0644, err));
		ex_buf_free(&bad);
	}
	ex_buf_free(&note);
	ex_house_close(house);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HOME_TEST_MADE(it_grows_with_the_log),
		HOME_TEST_MADE(a_log_that_was_put_back_is_noticed),
		HOME_TEST_MADE(a_seen_note_that_was_changed_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
