/*
 * rig.c -- a small laboratory for tests: keys and the running sequencer.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/proc.h"
#include "custody/log.h"
#include "daemons/ca.h"
#include "db/schema.h"
#include "tests/daemons/rig.h"

#define PATIENCE (30 * EX_SECOND)
#define PAUSE	 (EX_SECOND / 50)

enum {
	LINE_MAX_BYTES = 4096
};

const char *
rig_path(const struct rig *rig, const char *name)
{
	static char path[4][256];
	static size_t at;

	at = (at + 1) % 4;
	(void)snprintf(path[at], sizeof(path[at]), "%s/%s", rig->dir, name);
	return path[at];
}

/* A key with a certificate of the rig's own CA. */
static void
make_key(struct rig *rig, int who, enum ex_cert_kind kind, const char *cn)
{
	struct ex_buf csr = EX_BUF_INIT;

	MUST(ex_key_new(&rig->key[who], EX_KEY_P256, err));
	MUST(ex_csr_make(&csr, rig->key[who], "?", "?", err));
	MUST(ex_ca_issue(&rig->cert[who], rig_path(rig, "ca"), kind, cn,
	    RIG_ORG, csr.data, csr.len, err));
	ex_buf_free(&csr);
}

static void
write_text(const struct rig *rig, const char *name, const char *text)
{
	MUST(ex_file_write(rig_path(rig, name), text, strlen(text), 0600, err));
}

/* What the sequencer reads. */
static void
make_log_folder(struct rig *rig)
{
	struct ex_buf pem = EX_BUF_INIT;
	char text[EX_VKEY_TEXT + 1];

	MUST(ex_dir_make(rig_path(rig, "log"), 0700, err));
	MUST(ex_key_new(&rig->log_key, EX_KEY_ED25519, err));
	MUST(
	    ex_key_save(rig->log_key, rig_path(rig, "log/log.key"), NULL, err));
	MUST(ex_vkey_of(
	    &rig->vkey, RIG_ORIGIN, EX_NOTE_ED25519, rig->log_key, err));
	MUST(ex_vkey_text(text, &rig->vkey, err));
	memcpy(text + strlen(text), "\n", 2);
	write_text(rig, "log/log.vkey", text);
	MUST(ex_key_save(rig->key[RIG_SERVICE],
	    rig_path(rig, "log/service.key"), NULL, err));
	MUST(ex_cert_to_pem(&pem, rig->cert[RIG_SERVICE].data,
	    rig->cert[RIG_SERVICE].len, err));
	write_text(rig, "log/service.pem", ex_buf_text(&pem));
	ex_buf_free(&pem);
}

void
rig_open(struct rig *rig, struct bench *bench)
{
	memset(rig, 0, sizeof(*rig));
	rig->bench = bench;
	(void)snprintf(rig->dir, sizeof(rig->dir), "/tmp/exrig.XXXXXX");
	assert_non_null(mkdtemp(rig->dir));
	bench_fresh(bench);
	MUST(ex_ca_make(rig_path(rig, "ca"), "Test CA", RIG_ORG, err));
	make_key(rig, RIG_ADMIN, EX_CERT_PERSON, BENCH_ALMA);
	make_key(rig, RIG_STATION, EX_CERT_STATION, "WS-1");
	make_key(rig, RIG_SERVICE, EX_CERT_SERVICE, "LOG-1");
	make_log_folder(rig);
	memcpy(rig->seen.origin, RIG_ORIGIN, sizeof(RIG_ORIGIN));
	ex_tree_empty(rig->seen.root);
}

void
rig_close(struct rig *rig)
{
	if (rig->sequencer > 0)
		ex_proc_stop(rig->sequencer, PATIENCE);
	for (int i = 0; i < RIG_KEYS; i++) {
		ex_key_free(rig->key[i]);
		ex_buf_free(&rig->cert[i]);
	}
	ex_key_free(rig->log_key);
	MUST(ex_remove_tree(rig->dir, err));
}

int
rig_group_open(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	assert_non_null(rig);
	rig->bench = calloc(1, sizeof(*rig->bench));
	assert_non_null(rig->bench);
	bench_open(rig->bench);
	*state = rig;
	return 0;
}

int
rig_group_close(void **state)
{
	struct rig *rig = *state;

	bench_close(rig->bench);
	free(rig->bench);
	free(rig);
	return 0;
}

int
rig_test_open(void **state)
{
	struct rig *rig = *state;

	rig_open(rig, rig->bench);
	return 0;
}

int
rig_test_close(void **state)
{
	rig_close(*state);
	return 0;
}

/* Start bin/exhibit-sequencer, or the one that dies where it is told to. */
static pid_t
launch(const struct rig *rig, const char *fault, int out)
{
	const char *build = getenv("EXHIBIT_BUILD");
	const char *const argv[] = { "exhibit-sequencer", "--data", rig->dir,
		"--conninfo", bench_info(rig->bench, EX_ROLE_SERVICE), NULL };
	char path[EX_PATH], set[64];
	const char *const vars[] = { set, NULL };
	struct ex_proc p = EX_PROC_INIT;
	pid_t pid = 0;

	assert_non_null(build);
	(void)snprintf(path, sizeof(path), "%s/%s", build,
	    fault == NULL ? "bin/exhibit-sequencer"
			  : "tests/exhibit-sequencer-fault");
	(void)snprintf(
	    set, sizeof(set), "EXHIBIT_FAULT=%s", fault == NULL ? "" : fault);
	p.path = path;
	p.argv = argv;
	p.setenv = vars;
	p.err = out;
	MUST(ex_proc_start(&pid, &p, err));
	return pid;
}

/* Does its lock file name it? */
static int
is_ready(const struct rig *rig)
{
	struct ex_buf text = EX_BUF_INIT;
	int ready;

	ready = ex_file_read(
		    &text, rig_path(rig, "log/sequencer.pid"), 64, NULL) == 0 &&
		strtol(ex_buf_text(&text), NULL, 10) == (long)rig->sequencer;
	ex_buf_free(&text);
	return ready;
}

void
rig_start(struct rig *rig, const char *fault)
{
	int64_t until = ex_ticks() + PATIENCE;
	int status;

	rig->sequencer = launch(rig, fault, -1);
	while (fault == NULL && !is_ready(rig)) {
		if (ex_proc_wait(rig->sequencer, PAUSE, &status, NULL) == 0) {
			rig->sequencer = 0;
			fail_msg("the sequencer ended with %d", status);
		}
		assert_true(ex_ticks() < until);
	}
}

int
rig_start_fails(const struct rig *rig, struct ex_buf *out)
{
	const char *name = rig_path(rig, "said");
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int status = -1;
	pid_t pid;

	assert_true(fd != -1);
	pid = launch(rig, NULL, fd);
	(void)close(fd);
	if (ex_proc_wait(pid, PATIENCE, &status, NULL) == -1) {
		ex_proc_stop(pid, PATIENCE);
		fail_msg("the sequencer works");
	}
	ex_buf_cut(out, 0);
	MUST(ex_file_read(out, rig_path(rig, "said"), LINE_MAX_BYTES, err));
	return status;
}

int
rig_stop(struct rig *rig)
{
	assert_true(rig->sequencer > 0);
	assert_int_equal(kill(rig->sequencer, SIGTERM), 0);
	return rig_end(rig);
}

int
rig_end(struct rig *rig)
{
	int status = -1;

	MUST(ex_proc_wait(rig->sequencer, PATIENCE, &status, err));
	rig->sequencer = 0;
	return status;
}

void
rig_checkpoint(const struct rig *rig, struct ex_checkpoint *out)
{
	struct ex_conn *conn = bench_conn(rig->bench, EX_ROLE_SERVICE);
	struct ex_buf note = EX_BUF_INIT;

	MUST(ex_store_checkpoint(conn, &note, NULL, err));
	MUST(ex_checkpoint_check(out, note.data, note.len, &rig->vkey, err));
	ex_buf_free(&note);
	ex_conn_close(conn);
}

/* 1 when it is included and the newest note covers it. */
static int
look(const struct rig *rig, struct ex_conn *conn, const struct rig_entry *e,
    struct ex_entry_status *status)
{
	struct ex_buf note = EX_BUF_INIT;
	struct ex_checkpoint c = { .size = 0 };

	MUST(ex_store_status(conn, e->body_sha256, status, err));
	if (ex_store_checkpoint(conn, &note, NULL, NULL) == 0)
		MUST(ex_checkpoint_check(
		    &c, note.data, note.len, &rig->vkey, err));
	ex_buf_free(&note);
	return status->state == EX_ENTRY_INCLUDED && status->index < c.size;
}

uint64_t
rig_wait(struct rig *rig, const struct rig_entry *e)
{
	struct ex_conn *conn = bench_conn(rig->bench, EX_ROLE_SERVICE);
	int64_t until = ex_ticks() + PATIENCE;
	struct ex_entry_status status;

	while (!look(rig, conn, e, &status)) {
		if (status.state == EX_ENTRY_REJECTED)
			fail_msg("rejected: %s", status.reason);
		if (ex_ticks() > until)
			fail_msg("not included in time");
		ex_sleep(PAUSE);
	}
	ex_conn_close(conn);
	return status.index;
}
