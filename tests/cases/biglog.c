/*
 * biglog.c -- a large log: its database, its sequencer, appending to it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/proc.h"
#include "custody/log.h"
#include "signing/cert.h"
#include "tests/cases/biglog.h"

#define PATIENCE (600 * EX_SECOND)
#define PAUSE	 (EX_SECOND / 50)

enum {
	AT_ONCE = 500 /* entries in a transaction */
};

static const char *
path_of(const struct biglog *b, const char *name)
{
	static char path[4][256];
	static size_t at;

	at = (at + 1) % 4;
	(void)snprintf(path[at], sizeof(path[at]), "%s/%s", b->dir, name);
	return path[at];
}

static void
write_text(const struct biglog *b, const char *name, const char *text)
{
	MUST(ex_file_write(path_of(b, name), text, strlen(text), 0600, err));
}

/* What the sequencer reads. */
static void
make_log_folder(const struct biglog *b)
{
	const struct house_key *service = &b->house.key[H_SERVICE];
	struct ex_buf pem = EX_BUF_INIT;
	char text[EX_VKEY_TEXT + 1];

	MUST(ex_dir_make(path_of(b, "log"), 0700, err));
	MUST(ex_key_save(
	    b->house.log_key, path_of(b, "log/log.key"), NULL, err));
	MUST(ex_vkey_text(text, &b->house.vkey, err));
	memcpy(text + strlen(text), "\n", 2);
	write_text(b, "log/log.vkey", text);
	MUST(ex_key_save(
	    service->key, path_of(b, "log/service.key"), NULL, err));
	MUST(ex_cert_to_pem(&pem, service->cert.data, service->cert.len, err));
	write_text(b, "log/service.pem", ex_buf_text(&pem));
	ex_buf_free(&pem);
}

void
biglog_append_house(struct ex_conn *conn, const struct house_entry *from)
{
	struct ex_cms *cms = calloc(1, sizeof(*cms));
	struct ex_event *e = calloc(1, sizeof(*e));
	struct ex_append a = { .stream = &from->stream,
		.seq = from->seq,
		.leaf = from->leaf,
		.entry = from->bytes.data,
		.nentry = from->bytes.len,
		.openings = from->openings.data,
		.nopenings = from->openings.len };

	assert_non_null(cms);
	assert_non_null(e);
	MUST(ex_cms_parse(cms, from->bytes.data, from->bytes.len, err));
	MUST(ex_event_parse(e, cms->body.p, cms->body.n, err));
	a.prev = e->prev;
	a.body_sha256 = e->sha256;
	a.case_number =
	    from->stream.kind == EX_STREAM_CASE ? from->stream.id : "";
	MUST(ex_store_append(conn, &a, err));
	ex_event_free(e);
	free(e);
	free(cms);
}

void
biglog_open(struct biglog *b)
{
	struct ex_conn *conn;

	memset(b, 0, sizeof(*b));
	(void)snprintf(b->dir, sizeof(b->dir), "/tmp/exlog.XXXXXX");
	assert_non_null(mkdtemp(b->dir));
	bench_open(&b->bench);
	bench_fresh(&b->bench);
	house_open_few(&b->house);
	make_log_folder(b);
	conn = bench_conn(&b->bench, EX_ROLE_SERVICE);
	for (size_t i = 0; i < b->house.nentries; i++)
		biglog_append_house(conn, &b->house.entry[i]);
	b->entries = b->house.nentries;
	ex_conn_close(conn);
}

void
biglog_close(struct biglog *b)
{
	if (b->sequencer > 0)
		biglog_stop(b);
	house_close(&b->house);
	bench_close(&b->bench);
	MUST(ex_remove_tree(b->dir, err));
}

void
biglog_start(struct biglog *b)
{
	const char *build = getenv("EXHIBIT_BUILD");
	const char *const argv[] = { "exhibit-sequencer", "--data", b->dir,
		"--conninfo", bench_info(&b->bench, EX_ROLE_SERVICE), NULL };
	struct ex_proc p = EX_PROC_INIT;
	char path[EX_PATH];

	assert_non_null(build);
	(void)snprintf(path, sizeof(path), "%s/bin/exhibit-sequencer", build);
	p.path = path;
	p.argv = argv;
	MUST(ex_proc_start(&b->sequencer, &p, err));
}

void
biglog_ready(struct biglog *b)
{
	int64_t until = ex_ticks() + PATIENCE;
	struct ex_buf text = EX_BUF_INIT;

	do {
		ex_buf_cut(&text, 0);
		assert_true(ex_ticks() < until);
		ex_sleep(PAUSE / 10);
	} while (ex_file_read(
		     &text, path_of(b, "log/sequencer.pid"), 64, NULL) == -1 ||
		 strtol(ex_buf_text(&text), NULL, 10) != (long)b->sequencer);
	ex_buf_free(&text);
}

void
biglog_stop(struct biglog *b)
{
	ex_proc_stop(b->sequencer, PATIENCE);
	b->sequencer = 0;
}

void
biglog_settle(struct biglog *b)
{
	struct ex_conn *conn = bench_conn(&b->bench, EX_ROLE_SERVICE);
	int64_t until = ex_ticks() + PATIENCE;
	struct ex_checkpoint *seen = &b->house.seen;
	int status;

	while (seen->size < b->entries) {
		struct ex_buf note = EX_BUF_INIT;

		if (ex_proc_wait(b->sequencer, 0, &status, NULL) == 0) {
			b->sequencer = 0;
			fail_msg("the sequencer ended with %d", status);
		}
		if (ex_ticks() > until)
			fail_msg("not included in time");
		if (ex_store_checkpoint(conn, &note, NULL, NULL) == 0)
			MUST(ex_checkpoint_check(
			    seen, note.data, note.len, &b->house.vkey, err));
		ex_buf_free(&note);
		if (seen->size < b->entries)
			ex_sleep(PAUSE);
	}
	ex_conn_close(conn);
}

int
biglog_append(
    struct ex_conn *conn, const struct biglog_entry *e, struct ex_err *err)
{
	const struct ex_append a = { .stream = &e->stream,
		.seq = e->seq,
		.prev = e->prev,
		.leaf = e->leaf,
		.body_sha256 = e->body_sha256,
		.entry = e->entry.data,
		.nentry = e->entry.len,
		.openings = e->openings.data,
		.nopenings = e->openings.len,
		.case_number = e->case_number };

	return ex_store_append(conn, &a, err);
}

void
biglog_append_all(struct biglog *b, const struct biglog_entry *e, size_t n)
{
	struct ex_conn *conn = bench_conn(&b->bench, "person_" BENCH_ALMA);

	for (size_t i = 0; i < n; i++) {
		if (i % AT_ONCE == 0)
			MUST(ex_conn_begin(conn, err));
		MUST(biglog_append(conn, &e[i], err));
		if (i % AT_ONCE == AT_ONCE - 1 || i == n - 1)
			MUST(ex_conn_commit(conn, err));
	}
	b->entries += n;
	ex_conn_close(conn);
}

void
biglog_entry_free(struct biglog_entry *e)
{
	ex_buf_free(&e->entry);
	ex_buf_free(&e->openings);
}
