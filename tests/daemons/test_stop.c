/*
 * test_stop.c -- what does not fit together stops the sequencer with a line
 * that says what; a database that goes away does not.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/proc.h"
#include "db/schema.h"
#include "tests/daemons/rig.h"

enum {
	DIFFERS = 1,
	CANNOT = 2
};

/* It ends at once, with this status, and its line holds these words. */
static void
must_stop(const struct rig *rig, int status, const char *words)
{
	struct ex_buf said = EX_BUF_INIT;
	const char *text;

	assert_int_equal(rig_start_fails(rig, &said), status);
	text = ex_buf_text(&said);
	if (strstr(text, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", text, words);
	/* one line, and no other */
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	ex_buf_free(&said);
}

static void
small_log_at_rest(struct rig *rig)
{
	rig_start(rig, NULL);
	rig_small_log(rig);
	assert_int_equal(rig_stop(rig), 0);
}

/* Work on a copy of the database as it is now, as a restored backup is. */
static void
copy_database(const struct rig *rig, char original[BENCH_NAME])
{
	struct bench *b = rig->bench;
	char sql[256];

	memcpy(original, b->database, BENCH_NAME);
	(void)snprintf(sql, sizeof(sql), "CREATE DATABASE copy%u TEMPLATE %s",
	    ++b->made, original);
	(void)snprintf(b->database, BENCH_NAME, "postgres");
	bench_sql(b, sql);
	(void)snprintf(b->database, BENCH_NAME, "copy%u", b->made);
}

static void
yesterdays_database_stops_it(void **state)
{
	struct rig *rig = *state;
	char today[BENCH_NAME], backup[BENCH_NAME];

	small_log_at_rest(rig);
	copy_database(rig, today);
	memcpy(backup, rig->bench->database, BENCH_NAME);
	memcpy(rig->bench->database, today, BENCH_NAME);
	rig_start(rig, NULL);
	rig_goes_on(rig, "TODAY");
	assert_int_equal(rig_stop(rig), 0);

	memcpy(rig->bench->database, backup, BENCH_NAME);
	must_stop(rig, DIFFERS, "an older database was put back");
	assert_string_equal(
	    bench_value(rig->bench, "SELECT max(size) FROM exhibit.checkpoint"),
	    "5");
	memcpy(rig->bench->database, today, BENCH_NAME);
	rig_start(rig, NULL);
	rig_goes_on(rig, "TODAY-2");
}

/* Restored, and continued somewhere else with the real key. */
static void
another_history_of_the_same_size_stops_it(void **state)
{
	struct rig *rig = *state;
	struct ex_buf before = EX_BUF_INIT, after = EX_BUF_INIT;
	struct rig_head head;
	char today[BENCH_NAME], backup[BENCH_NAME];
	const char *store;

	small_log_at_rest(rig);
	store = rig_path(rig, "log/outside");
	MUST(ex_file_read(&before, store, 4096, err));
	copy_database(rig, today);
	memcpy(backup, rig->bench->database, BENCH_NAME);
	head = rig->head[0];
	rig_start(rig, NULL);
	rig_goes_on(rig, "ONE-WAY");
	assert_int_equal(rig_stop(rig), 0);
	store = rig_path(rig, "log/outside");
	MUST(ex_file_read(&after, store, 4096, err));

	memcpy(rig->bench->database, today, BENCH_NAME);
	rig->head[0] = head;
	MUST(ex_file_write(store, before.data, before.len, 0600, err));
	rig_start(rig, NULL);
	rig_goes_on(rig, "ANOTHER");
	assert_int_equal(rig_stop(rig), 0);
	MUST(ex_file_write(
	    rig_path(rig, "log/outside"), after.data, after.len, 0600, err));
	must_stop(rig, DIFFERS, "another root than the store outside");
	ex_buf_free(&before);
	ex_buf_free(&after);
}

static void
a_lost_store_stops_it(void **state)
{
	struct rig *rig = *state;

	small_log_at_rest(rig);
	MUST(ex_remove_tree(rig_path(rig, "log/outside"), err));
	must_stop(rig, DIFFERS, "does not know it");
}

static void
a_store_that_is_none_stops_it(void **state)
{
	static const char other[] =
	    "lab.example/custody/2\n1\n"
	    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
	struct rig *rig = *state;
	const char *path = rig_path(rig, "log/outside");

	MUST(ex_file_write(path, "rubbish\n", 8, 0600, err));
	must_stop(rig, DIFFERS, "log/outside");
	MUST(ex_file_write(
	    rig_path(rig, "log/outside"), other, sizeof(other) - 1, 0600, err));
	must_stop(rig, DIFFERS, "of another log");
}

/* What somebody with all rights did to the rows, and what shows it. */
static const struct {
	const char *sql, *words;
} changes[] = {
	{ "ALTER TABLE exhibit.entry DISABLE TRIGGER ALL; "
	  "UPDATE exhibit.entry SET entry = set_byte(entry, 400, "
	  "get_byte(entry, 400) # 1) WHERE seq = 2",
	    "entry 1 of the database does not stand" },
	{ "ALTER TABLE exhibit.tree_leaf DISABLE TRIGGER ALL; "
	  "DELETE FROM exhibit.tree_leaf WHERE index = 3",
	    "entry 3 is missing" },
	{ "ALTER TABLE exhibit.tree_leaf DISABLE TRIGGER ALL; "
	  "DELETE FROM exhibit.tree_leaf WHERE index = 4",
	    "put back" },
	{ "ALTER TABLE exhibit.tree_leaf DISABLE TRIGGER ALL; "
	  "ALTER TABLE exhibit.tree_leaf DROP CONSTRAINT tree_leaf_pkey; "
	  "UPDATE exhibit.tree_leaf SET index = 7 - index WHERE index > 2",
	    "another root" },
	{ "ALTER TABLE exhibit.tree_leaf DISABLE TRIGGER ALL; "
	  "UPDATE exhibit.tree_leaf SET stream = 'item:EX-77' WHERE index = 4",
	    "its row says something else" },
	{ "ALTER TABLE exhibit.checkpoint DISABLE TRIGGER ALL; "
	  "UPDATE exhibit.checkpoint SET root = sha256('x') WHERE size = 5",
	    "another root than the newest checkpoint row" },
	{ "ALTER TABLE exhibit.checkpoint DISABLE TRIGGER ALL; "
	  "DELETE FROM exhibit.checkpoint WHERE size = 5",
	    "newest checkpoint row" },
	{ "ALTER TABLE exhibit.checkpoint DISABLE TRIGGER ALL; "
	  "UPDATE exhibit.checkpoint SET note = 'a note' WHERE size = 5",
	    "not signed by log/log.key" },
};

static void
rows_changed_by_hand_stop_it(void **state)
{
	struct rig *rig = *state;
	char whole[BENCH_NAME];

	small_log_at_rest(rig);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		copy_database(rig, whole);
		bench_sql(rig->bench, changes[i].sql);
		must_stop(rig, DIFFERS, changes[i].words);
		memcpy(rig->bench->database, whole, BENCH_NAME);
	}
	rig_start(rig, NULL);
	rig_goes_on(rig, "WHOLE");
}

static void
a_second_one_is_refused_on_the_same_directory(void **state)
{
	struct rig *rig = *state;

	rig_start(rig, NULL);
	must_stop(rig, CANNOT, "another sequencer works on this data");
	rig_small_log(rig);
}

static void
a_second_one_is_refused_on_the_same_database(void **state)
{
	struct rig *rig = *state;
	struct rig other = *rig;
	const char *argv[] = { "cp", "-a", rig->dir, NULL, NULL };
	struct ex_proc p = EX_PROC_INIT;
	int status;

	rig_start(rig, NULL);
	(void)snprintf(other.dir, sizeof(other.dir), "%.50s.2", rig->dir);
	argv[3] = other.dir;
	p.path = "cp";
	p.argv = argv;
	MUST(ex_proc_run(&p, NULL, 0, 10 * EX_SECOND, &status, err));
	assert_int_equal(status, 0);
	must_stop(&other, CANNOT, "another sequencer works on this database");
	MUST(ex_remove_tree(other.dir, err));
	rig_small_log(rig);
}

/* Files that are missing or do not belong together. */
static void
keys_that_do_not_fit_stop_it(void **state)
{
	struct rig *rig = *state;
	struct ex_buf text = EX_BUF_INIT;
	struct ex_vkey other;
	struct ex_key *key = NULL;
	char line[EX_VKEY_TEXT];

	MUST(ex_key_new(&key, EX_KEY_ED25519, err));
	MUST(ex_vkey_of(&other, RIG_ORIGIN, EX_NOTE_ED25519, key, err));
	MUST(ex_vkey_text(line, &other, err));
	MUST(ex_file_read(&text, rig_path(rig, "log/log.vkey"), 4096, err));
	MUST(ex_file_write(
	    rig_path(rig, "log/log.vkey"), line, strlen(line), 0600, err));
	must_stop(rig, DIFFERS, "not the key that log/log.vkey names");
	MUST(ex_file_write(
	    rig_path(rig, "log/log.vkey"), text.data, text.len, 0600, err));

	MUST(ex_remove_tree(rig_path(rig, "log/service.key"), err));
	must_stop(rig, CANNOT, "service.key");
	MUST(ex_key_save(rig->key[RIG_STATION],
	    rig_path(rig, "log/service.key"), NULL, err));
	must_stop(rig, DIFFERS, "not the certificate of");
	ex_key_free(key);
	ex_buf_free(&text);
}

static void
the_log_of_another_key_stops_it(void **state)
{
	struct rig *rig = *state;
	char line[EX_VKEY_TEXT];
	struct ex_vkey v;

	small_log_at_rest(rig);
	ex_key_free(rig->log_key);
	MUST(ex_key_new(&rig->log_key, EX_KEY_ED25519, err));
	MUST(ex_remove_tree(rig_path(rig, "log/log.key"), err));
	MUST(
	    ex_key_save(rig->log_key, rig_path(rig, "log/log.key"), NULL, err));
	MUST(ex_vkey_of(&v, RIG_ORIGIN, EX_NOTE_ED25519, rig->log_key, err));
	MUST(ex_vkey_text(line, &v, err));
	MUST(ex_file_write(
	    rig_path(rig, "log/log.vkey"), line, strlen(line), 0600, err));
	must_stop(rig, DIFFERS, "not signed by log/log.key");
}

/* Only root can show it: nobody else gives a folder away. */
static void
as_another_user_than_the_owner_it_is_refused(void **state)
{
	struct rig *rig = *state;

	if (geteuid() != 0)
		return;
	assert_int_equal(chown(rig_path(rig, "log"), 65534, 65534), 0);
	must_stop(rig, CANNOT, "belongs to another user");
	assert_int_equal(ex_file_exists(rig_path(rig, "log/sequencer.log")), 0);
}

static void
without_a_database_it_says_so(void **state)
{
	struct rig *rig = *state;

	MUST(ex_cluster_stop(&rig->bench->cluster, err));
	must_stop(rig, CANNOT, "the database does not answer");
	MUST(ex_cluster_start(&rig->bench->cluster, err));
}

static void
without_a_schema_it_says_so(void **state)
{
	struct rig *rig = *state;

	bench_empty(rig->bench, "TEMPLATE template0");
	must_stop(rig, CANNOT, "run exhibit init");
}

static void
a_database_that_comes_back_is_waited_for(void **state)
{
	struct rig *rig = *state;

	rig_start(rig, NULL);
	rig_small_log(rig);
	for (int i = 0; i < 2; i++) {
		MUST(ex_cluster_stop(&rig->bench->cluster, err));
		ex_sleep(2 * EX_SECOND);
		MUST(ex_cluster_start(&rig->bench->cluster, err));
		rig_goes_on(rig, i == 0 ? "AFTER-1" : "AFTER-2");
	}
	assert_int_equal(rig_stop(rig), 0);
}

static void
a_connection_that_is_cut_is_made_again(void **state)
{
	struct rig *rig = *state;

	rig_start(rig, NULL);
	rig_small_log(rig);
	bench_sql(rig->bench,
	    "SELECT pg_terminate_backend(pid, 9999) FROM pg_stat_activity "
	    "WHERE usename = 'exhibit_service'");
	rig_goes_on(rig, "AFTER");
	assert_int_equal(rig_stop(rig), 0);
}

/* Also while it waits for the database. */
static void
sigterm_ends_it_while_the_database_is_away(void **state)
{
	struct rig *rig = *state;

	rig_start(rig, NULL);
	MUST(ex_cluster_stop(&rig->bench->cluster, err));
	ex_sleep(EX_SECOND);
	assert_int_equal(rig_stop(rig), 0);
	MUST(ex_cluster_start(&rig->bench->cluster, err));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(yesterdays_database_stops_it),
		RIG_TEST(another_history_of_the_same_size_stops_it),
		RIG_TEST(a_lost_store_stops_it),
		RIG_TEST(a_store_that_is_none_stops_it),
		RIG_TEST(rows_changed_by_hand_stop_it),
		RIG_TEST(a_second_one_is_refused_on_the_same_directory),
		RIG_TEST(a_second_one_is_refused_on_the_same_database),
		RIG_TEST(keys_that_do_not_fit_stop_it),
		RIG_TEST(the_log_of_another_key_stops_it),
		RIG_TEST(as_another_user_than_the_owner_it_is_refused),
		RIG_TEST(without_a_database_it_says_so),
		RIG_TEST(without_a_schema_it_says_so),
		RIG_TEST(a_database_that_comes_back_is_waited_for),
		RIG_TEST(a_connection_that_is_cut_is_made_again),
		RIG_TEST(sigterm_ends_it_while_the_database_is_away),
	};

	return cmocka_run_group_tests(tests, rig_group_open, rig_group_close);
}
