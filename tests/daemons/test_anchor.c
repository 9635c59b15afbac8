/*
 * test_anchor.c -- the log is witnessed and stamped by others, and what they
 * know decides whether it may go on after a start.
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
#include "custody/override.h"
#include "db/anchor.h"
#include "db/schema.h"
#include "signing/stamp.h"
#include "tests/daemons/rig.h"
#include "tests/daemons/vouchers.h"

#define PATIENCE (30 * EX_SECOND)
#define PAUSE	 (EX_SECOND / 50)

static struct vouchers vouchers;
static pid_t anchor;

static const char *
program(void)
{
	static char path[EX_PATH];
	const char *build = getenv("EXHIBIT_BUILD");

	assert_non_null(build);
	(void)snprintf(path, sizeof(path), "%s/bin/exhibit-anchor", build);
	return path;
}

static void
anchor_start(const struct rig *rig)
{
	const char *const argv[] = { "exhibit-anchor", "--data", rig->dir,
		"--conninfo", bench_info(rig->bench, EX_ROLE_ANCHOR), NULL };
	struct ex_proc p = EX_PROC_INIT;

	p.path = program();
	p.argv = argv;
	MUST(ex_proc_start(&anchor, &p, err));
}

static void
anchor_stop(void)
{
	if (anchor > 0)
		ex_proc_stop(anchor, PATIENCE);
	anchor = 0;
}

/* What it prints for one request, one JSON line for each it asked. */
static void
anchor_once(const struct rig *rig, const char *what, struct ex_buf *out)
{
	const char *const argv[] = { "exhibit-anchor", "--data", rig->dir,
		"--conninfo", bench_info(rig->bench, EX_ROLE_ANCHOR), "--once",
		what, NULL };
	struct ex_proc p = EX_PROC_INIT;
	int status = -1;

	ex_buf_cut(out, 0);
	p.path = program();
	p.argv = argv;
	MUST(ex_proc_run(&p, out, 1 << 16, PATIENCE, &status, err));
	assert_int_equal(status, 0);
}

static int
test_open(void **state)
{
	struct rig *rig = *state;
	struct ex_buf pem = EX_BUF_INIT;

	(void)rig_test_open(state);
	vouchers_open(&vouchers, &rig->vkey);
	MUST(ex_dir_make(rig_path(rig, "trust"), 0755, err));
	MUST(ex_file_read(
	    &pem, vouchers_path(&vouchers, "tsa/root.pem"), 1 << 16, err));
	MUST(ex_file_write(
	    rig_path(rig, "trust/tsa.pem"), pem.data, pem.len, 0644, err));
	ex_buf_free(&pem);
	return 0;
}

static int
test_close(void **state)
{
	anchor_stop();
	vouchers_close(&vouchers);
	return rig_test_close(state);
}

/* A policy that names the witness and the clock is put in force. */
static void
set_policy(struct rig *rig)
{
	struct ex_json *policy = vouchers_policy(&vouchers);
	struct ex_json *fields = ex_json_object();
	struct ex_buf text = EX_BUF_INIT;
	char hex[EX_SHA256_HEX];
	struct rig_entry e;

	MUST(ex_json_write(&text, policy, err));
	ex_sha256_hex(hex, text.data, text.len);
	MUST(ex_json_set_text(fields, "policy_sha256", hex, err));
	MUST(ex_json_set(fields, "policy", policy, err));
	rig_sign(
	    rig, &e, EX_ACT_POLICY_SET, EX_STREAM_LAB, RIG_ORG, fields, NULL);
	MUST(rig_append(rig, &e, err));
	(void)rig_wait(rig, &e);
	rig_entry_free(&e);
	rig->policy = 2;
	ex_buf_free(&text);
}

/* A log whose policy names them, at rest. */
static void
small_log(struct rig *rig)
{
	rig_start(rig, NULL);
	rig_small_log(rig);
	set_policy(rig);
}

/* Until the newest checkpoint is cosigned. */
static void
wait_cosigned(struct rig *rig)
{
	struct ex_conn *conn = bench_conn(rig->bench, EX_ROLE_SERVICE);
	int64_t until = ex_ticks() + PATIENCE;
	struct ex_checkpoint c;
	uint64_t size;

	do {
		rig_checkpoint(rig, &c);
		MUST(ex_anchor_cosigned(conn, "w1", &size, err));
		assert_true(ex_ticks() < until);
		ex_sleep(PAUSE);
	} while (size != c.size);
	ex_conn_close(conn);
}

struct found {
	const struct rig *rig;
	size_t n;
	uint64_t size;
};

/* A stamp is over the three lines of its checkpoint. */
static int
each_stamp(void *arg, const struct ex_anchor_stamp *s, struct ex_err *e)
{
	struct found *f = arg;
	struct ex_roots *roots = NULL;
	uint8_t sha256[EX_SHA256_LEN];
	struct ex_note note;
	struct ex_stamp stamp;

	MUST(ex_note_parse(&note, s->note.p, s->note.n, err));
	ex_sha256(sha256, note.text.p, note.text.n);
	MUST(ex_roots_load(&roots, rig_path(f->rig, "trust/tsa.pem"), err));
	MUST(ex_stamp_check(
	    &stamp, s->tsr.p, s->tsr.n, sha256, NULL, roots, err));
	assert_string_equal(s->authority, "clock");
	assert_true(stamp.time == s->time);
	ex_roots_free(roots);
	f->n++;
	f->size = s->size;
	(void)e;
	return 0;
}

/* The note with the lines that are kept for it. */
static void
assert_witnessed(struct rig *rig)
{
	struct ex_conn *conn = bench_conn(rig->bench, "person_" BENCH_ALMA);
	struct ex_buf note = EX_BUF_INIT;
	struct found f = { rig, 0, 0 };
	struct ex_checkpoint c;
	struct ex_note parsed;

	MUST(ex_store_checkpoint(conn, &note, NULL, err));
	rig_checkpoint(rig, &c);
	MUST(ex_anchor_add_lines(&note, conn, c.size, err));
	MUST(ex_note_parse(&parsed, note.data, note.len, err));
	MUST(ex_note_check(&parsed, &vouchers.key, NULL, err));
	MUST(ex_anchor_stamps(conn, each_stamp, &f, err));
	assert_int_equal(f.n, 1);
	ex_buf_free(&note);
	ex_conn_close(conn);
}

static void
a_log_is_cosigned_and_stamped(void **state)
{
	struct rig *rig = *state;
	struct ex_buf said = EX_BUF_INIT;
	struct found f = { rig, 0, 0 };
	struct ex_conn *conn;
	struct ex_checkpoint c;

	small_log(rig);
	vouchers_start(&vouchers);
	anchor_start(rig);
	wait_cosigned(rig);
	rig_goes_on(rig, "PLACE-2");
	wait_cosigned(rig);
	assert_witnessed(rig);
	/* Not due for ten minutes, but asked for. */
	anchor_once(rig, "stamp", &said);
	assert_non_null(strstr(ex_buf_text(&said), "\"result\":\"stamped\""));
	conn = bench_conn(rig->bench, EX_ROLE_SERVICE);
	MUST(ex_anchor_stamps(conn, each_stamp, &f, err));
	ex_conn_close(conn);
	rig_checkpoint(rig, &c);
	assert_int_equal(f.n, 2);
	assert_int_equal(f.size, c.size);
	anchor_once(rig, "cosign", &said);
	assert_non_null(strstr(ex_buf_text(&said), "\"result\":\"cosigned\""));
	vouchers_stop(&vouchers);
	anchor_once(rig, "cosign", &said);
	assert_non_null(
	    strstr(ex_buf_text(&said), "\"result\":\"unreachable\""));
	ex_buf_free(&said);
	assert_int_equal(rig_stop(rig), 0);
}

/* It runs, and its log file holds these words. */
static void
wait_said(const struct rig *rig, const char *words)
{
	int64_t until = ex_ticks() + PATIENCE;
	struct ex_buf text = EX_BUF_INIT;

	do {
		assert_true(ex_ticks() < until);
		ex_sleep(PAUSE);
		ex_buf_cut(&text, 0);
		(void)ex_file_read(
		    &text, rig_path(rig, "log/sequencer.log"), 1 << 20, NULL);
	} while (strstr(ex_buf_text(&text), words) == NULL);
	ex_buf_free(&text);
}

static void
after_a_start_a_witness_is_asked_first(void **state)
{
	struct rig *rig = *state;

	small_log(rig);
	assert_int_equal(rig_stop(rig), 0);
	vouchers_start(&vouchers);
	rig_start(rig, NULL);
	wait_said(rig, "nothing is signed until");
	anchor_start(rig);
	rig_goes_on(rig, "PLACE-2");
	wait_said(rig, "a witness has cosigned size 6 now");
	assert_false(ex_file_exists(rig_path(rig, "log/ask")));
	assert_int_equal(rig_stop(rig), 0);
}

/* Work on a copy of the database as it is now, as a restored backup is. */
static void
copy_database(const struct rig *rig, char copy[BENCH_NAME])
{
	struct bench *b = rig->bench;
	char original[BENCH_NAME], sql[256];

	memcpy(original, b->database, BENCH_NAME);
	(void)snprintf(sql, sizeof(sql), "CREATE DATABASE copy%u TEMPLATE %s",
	    ++b->made, original);
	(void)snprintf(b->database, BENCH_NAME, "postgres");
	bench_sql(b, sql);
	(void)snprintf(copy, BENCH_NAME, "copy%u", b->made);
	memcpy(b->database, original, BENCH_NAME);
}

static void
copy_store(const struct rig *rig, const char *from, const char *to)
{
	struct ex_buf text = EX_BUF_INIT;

	MUST(ex_file_read(&text, rig_path(rig, from), 4096, err));
	MUST(ex_file_write(rig_path(rig, to), text.data, text.len, 0600, err));
	ex_buf_free(&text);
}

/* Database and store of yesterday together: nothing here shows it. */
static void
a_whole_snapshot_put_back_stops_it(void **state)
{
	struct rig *rig = *state;
	char yesterday[BENCH_NAME];

	small_log(rig);
	assert_int_equal(rig_stop(rig), 0);
	copy_database(rig, yesterday);
	copy_store(rig, "log/outside", "log/yesterday");
	vouchers_start(&vouchers);
	anchor_start(rig);
	rig_start(rig, NULL);
	rig_goes_on(rig, "TODAY");
	wait_cosigned(rig);
	assert_int_equal(rig_stop(rig), 0);
	anchor_stop();

	memcpy(rig->bench->database, yesterday, BENCH_NAME);
	copy_store(rig, "log/yesterday", "log/outside");
	rig_start(rig, NULL);
	anchor_start(rig);
	assert_int_equal(rig_end(rig), 1);
	wait_said(rig, "an older database was put back");
	assert_string_equal(
	    bench_value(rig->bench, "SELECT max(size) FROM exhibit.checkpoint"),
	    "6");
}

/* Write an override for a state, signed with a key of the rig. */
static void
write_override(const struct rig *rig, int who, uint64_t less)
{
	struct ex_buf text = EX_BUF_INIT;
	struct ex_checkpoint c;

	rig_checkpoint(rig, &c);
	c.size -= less;
	MUST(ex_override_write(&text, &c, "the line to the ministry is cut",
	    ex_now(), rig->key[who], &rig->cert[who], err));
	MUST(ex_file_write(
	    rig_path(rig, "log/override"), text.data, text.len, 0600, err));
	ex_buf_free(&text);
}

static void
an_officer_lets_it_go_on(void **state)
{
	struct rig *rig = *state;
	struct rig_entry e;
	int64_t until;

	small_log(rig);
	assert_int_equal(rig_stop(rig), 0);
	anchor_start(rig);
	/* For another state, and with a machine's key. */
	write_override(rig, RIG_ADMIN, 1);
	rig_start(rig, NULL);
	wait_said(rig, "the override is for another state");
	rig_location(rig, &e, "PLACE-2");
	assert_int_equal(rig_stop(rig), 0);
	write_override(rig, RIG_STATION, 0);
	rig_start(rig, NULL);
	wait_said(rig, "signed with no key of this log");
	assert_string_equal(
	    bench_value(rig->bench, "SELECT count(*) FROM exhibit.queue"), "1");
	write_override(rig, RIG_ADMIN, 0);
	(void)rig_wait(rig, &e);
	until = ex_ticks() + PATIENCE;
	while (strcmp(bench_value(rig->bench,
			  "SELECT max(index) FROM exhibit.tree_leaf"),
		   "7") != 0) {
		assert_true(ex_ticks() < until);
		ex_sleep(PAUSE);
	}
	assert_string_equal(
	    bench_value(rig->bench,
		"SELECT position('\"action\":\"override\"' in "
		"encode(e.entry, 'escape')) > 0 FROM exhibit.entry e "
		"JOIN exhibit.tree_leaf l ON l.entry_id = e.id "
		"WHERE l.index = 7"),
	    "t");
	rig_entry_free(&e);
	assert_int_equal(rig_stop(rig), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, test_open, test_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_log_is_cosigned_and_stamped),
		TEST(after_a_start_a_witness_is_asked_first),
		TEST(a_whole_snapshot_put_back_stops_it),
		TEST(an_officer_lets_it_go_on),
	};

	return cmocka_run_group_tests(tests, rig_group_open, rig_group_close);
}
