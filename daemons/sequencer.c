/*
 * sequencer.c -- keys, connection, and the loop around the rounds.
 */
#include "daemons/sequencer.h"

#include <sys/stat.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "daemons/fault.h"
#include "daemons/sequencer_parts.h"
#include "db/cluster.h"
#include "db/schema.h"
#include "signing/cert.h"

/* Rounds begin no closer together than this. */
#define ROUND (EX_SECOND / 10)

/* Rows that nobody announced are found within this time. */
#define LOOK EX_SECOND

/* After an entry it looks each round for so long, and nobody need call it. */
#define AWAKE EX_SECOND

enum {
	FAILURES_MAX = 5 /* in a row, of a database that answers */
};

#ifdef EX_FAULTS
void
ex_fault(const char *name)
{
	const char *wanted = getenv("EXHIBIT_FAULT");

	if (wanted != NULL && strcmp(wanted, name) == 0)
		(void)raise(SIGKILL);
}
#endif

static int
load_log_key(struct ex_sequencer *s, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	struct ex_vkey own;
	char path[EX_PATH];
	size_t n;
	int rc = -1;

	if (ex_path_join(path, EX_PATH, s->o->data, "log/log.key", err) == -1 ||
	    ex_key_load(&s->log_key, path, NULL, err) == -1 ||
	    ex_path_join(path, EX_PATH, s->o->data, "log/log.vkey", err) ==
		-1 ||
	    ex_file_read(&text, path, EX_VKEY_TEXT, err) == -1)
		goto out;
	n = strcspn(ex_buf_text(&text), "\n");
	ex_buf_cut(&text, n < text.len ? n : text.len);
	if (ex_vkey_read(&s->vkey, ex_buf_text(&text), err) == -1 ||
	    ex_vkey_of(&own, s->vkey.name, EX_NOTE_ED25519, s->log_key, err) ==
		-1)
		goto out;
	if (memcmp(own.key, s->vkey.key, sizeof(own.key)) != 0)
		ex_fail(err, EX_DAMAGED,
		    "log/log.key is not the key that log/log.vkey names");
	else
		rc = 0;
out:
	ex_buf_free(&text);
	return rc;
}

/* While the log's key is replaced, notes carry the next one's line as well. */
static int
load_next_key(struct ex_sequencer *s, struct ex_err *err)
{
	char path[EX_PATH];

	if (ex_path_join(path, EX_PATH, s->o->data, "log/log.next.key", err) ==
	    -1)
		return -1;
	return ex_file_exists(path) ? ex_key_load(&s->next_key, path, NULL, err)
				    : 0;
}

static int
load_service_key(struct ex_sequencer *s, struct ex_err *err)
{
	struct ex_buf pem = EX_BUF_INIT, of_key = EX_BUF_INIT,
		      of_cert = EX_BUF_INIT;
	char path[EX_PATH];
	int rc = -1;

	if (ex_path_join(path, EX_PATH, s->o->data, "log/service.key", err) ==
		-1 ||
	    ex_key_load(&s->service_key, path, NULL, err) == -1 ||
	    ex_path_join(path, EX_PATH, s->o->data, "log/service.pem", err) ==
		-1 ||
	    ex_file_read(&pem, path, EX_KEYFILE_MAX, err) == -1 ||
	    ex_cert_from_pem(&s->cert, pem.data, pem.len, err) == -1 ||
	    ex_key_public(s->service_key, &of_key, err) == -1 ||
	    ex_cert_public(&of_cert, s->cert.data, s->cert.len, err) == -1)
		goto out;
	ex_sha256(s->cert_sha256, s->cert.data, s->cert.len);
	if (of_key.len != of_cert.len ||
	    memcmp(of_key.data, of_cert.data, of_key.len) != 0)
		ex_fail(err, EX_DAMAGED,
		    "log/service.pem is not the certificate of "
		    "log/service.key");
	else
		rc = 0;
out:
	ex_buf_free(&pem);
	ex_buf_free(&of_key);
	ex_buf_free(&of_cert);
	return rc;
}

/* The place of the one sequencer of this data directory. */
static int
take_place(struct ex_sequencer *s, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	char path[EX_PATH];

	if (ex_path_join(path, EX_PATH, s->o->data, "log/sequencer.pid", err) ==
	    -1)
		return -1;
	if ((s->lock = ex_file_lock(path, &why)) == -1)
		return ex_fail(err, why.code, "%s",
		    why.code == EX_CONFLICT
			? "another sequencer works on this data directory"
			: why.text);
	if (ftruncate(s->lock, 0) == -1)
		return ex_fail_errno(err, "%s", path);
	return 0;
}

/* Ready: say who we are where `exhibit up` looks. */
static int
announce(struct ex_sequencer *s, struct ex_err *err)
{
	char line[32];
	int n = snprintf(line, sizeof(line), "%ld\n", (long)getpid());

	if (ftruncate(s->lock, 0) == -1 ||
	    pwrite(s->lock, line, (size_t)n, 0) != n)
		return ex_fail_errno(err, "log/sequencer.pid");
	ex_log(EX_INFO, "sequencer", "ready: %s, size %" PRIu64, s->vkey.name,
	    s->edge.size);
	return 0;
}

static int
begin(struct ex_sequencer *s, struct ex_err *err)
{
	if (take_place(s, err) == -1 || load_log_key(s, err) == -1 ||
	    load_next_key(s, err) == -1 || load_service_key(s, err) == -1)
		return -1;
	if (s->o->only_origin != NULL &&
	    strcmp(s->o->only_origin, s->vkey.name) != 0)
		return ex_fail(err, EX_STATE, "this is the log %s, not %s",
		    s->vkey.name, s->o->only_origin);
	return 0;
}

static void
end(struct ex_sequencer *s)
{
	ex_key_free(s->log_key);
	ex_key_free(s->next_key);
	ex_key_free(s->service_key);
	ex_buf_free(&s->cert);
	if (s->lock != -1) {
		(void)!ftruncate(s->lock, 0);
		(void)close(s->lock);
	}
}

static int
open_conn(struct ex_sequencer *s, struct ex_err *err)
{
	struct ex_buf conninfo = EX_BUF_INIT;
	struct ex_cluster c;
	int rc;

	if (s->o->conninfo != NULL)
		return ex_conn_open(&s->conn, s->o->conninfo, err);
	rc = ex_cluster_find(&c, s->o->data, err);
	if (rc == 0)
		rc = ex_cluster_conninfo(
		    &conninfo, &c, EX_ROLE_SERVICE, "exhibit", err);
	if (rc == 0)
		rc = ex_conn_open(&s->conn, ex_buf_text(&conninfo), err);
	ex_buf_free(&conninfo);
	return rc;
}

static void
disconnect(struct ex_sequencer *s)
{
	ex_conn_close(s->conn);
	s->conn = NULL;
	ex_world_free(s->world);
	s->world = NULL;
	ex_json_free(s->named);
	s->named = NULL;
	free(s->refused);
	s->refused = NULL;
	s->nrefused = s->caprefused = 0;
	ex_sequence_rows_free(&s->rows);
	ex_json_free(s->changed);
	s->changed = NULL;
	s->awake_until = 0;
}

/* Everything up to the first round, from nothing. */
static int
connect_and_replay(struct ex_sequencer *s, struct ex_err *err)
{
	disconnect(s);
	s->warned = 0;
	if (open_conn(s, err) == -1 || ex_schema_check(s->conn, err) == -1 ||
	    ex_sequence_lock(s->conn, err) == -1 ||
	    ex_outside_load(&s->outside, s->o->data, s->vkey.name, err) == -1 ||
	    ex_sequencer_replay(s, err) == -1 ||
	    ex_sequence_listen(s->conn, err) == -1)
		return -1;
	if (ex_sequencer_gate(s, err) == -1)
		return -1;
	return s->open ? ex_sequencer_settle(s, err) : 0;
}

/*
 * There was work, and more is likely: say that nobody need call.  What was
 * appended in the last moment that this holds is found in the rounds after.
 */
static int
stay_awake(struct ex_sequencer *s, struct ex_err *err)
{
	int64_t now = ex_ticks();

	if (now < s->awake_until - AWAKE)
		return 0;
	if (ex_sequence_awake(s->conn, AWAKE, err) == -1)
		return -1;
	s->awake_until = now + AWAKE + AWAKE / 2;
	return 0;
}

/* Wait for news, but not longer than LOOK; keep rounds apart. */
static int
pause_after(struct ex_sequencer *s, int64_t began, struct ex_err *err)
{
	int64_t look = ex_ticks() < s->awake_until ? ROUND : LOOK;
	int64_t rest;

	if (ex_conn_wait(s->conn, look, err) == -1)
		return -1;
	rest = ROUND - (ex_ticks() - began);
	if (rest > 0 && !*s->o->stop)
		ex_sleep(rest);
	return 0;
}

/* Entries wait, and nothing is signed, until it is open; -1: never. */
static int
wait_open(struct ex_sequencer *s, struct ex_err *err)
{
	while (!s->open && !*s->o->stop) {
		if (ex_sequencer_gate(s, err) == -1)
			return -1;
		if (s->open)
			return ex_sequencer_settle(s, err);
		ex_sleep(ROUND);
	}
	return 0;
}

/* Rounds until the end; -1 when one failed. */
static int
work(struct ex_sequencer *s, struct ex_err *err)
{
	if (wait_open(s, err) == -1)
		return -1;
	while (!*s->o->stop) {
		int64_t began = ex_ticks();
		int more, wrote = 0;
		size_t n;

		if (ex_sequencer_round(s, &n, &more, err) == -1 ||
		    ex_sequencer_settle(s, err) == -1 ||
		    (n > 0 && stay_awake(s, err) == -1))
			return -1;
		if (!more && ex_sequencer_own(s, &wrote, err) == -1)
			return -1;
		if (!more && !wrote && pause_after(s, began, err) == -1)
			return -1;
	}
	return 0;
}

/*
 * Is it worth to connect again?  A database that went away is; after another
 * failure what is in memory may be ahead of the rows, and only so often.
 */
static int
try_again(const struct ex_err *err, int *failures)
{
	if (err->code == EX_UNREACHABLE)
		return 1;
	return ++*failures < FAILURES_MAX;
}

/* Once it ran, a database that does not answer is waited for. */
static int
serve(struct ex_sequencer *s, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	int failures = 0, said = 0;

	while (!*s->o->stop) {
		uint64_t before = s->edge.size;

		ex_err_clear(&why);
		if (s->conn == NULL && connect_and_replay(s, &why) == -1) {
			/*
			 * What does not fit together stays so; the server
			 * may need a moment to see that our last connection
			 * is gone.
			 */
			if (why.code != EX_UNREACHABLE &&
			    why.code != EX_CONFLICT)
				return ex_fail(err, why.code, "%s", why.text);
		} else if (work(s, &why) == 0) {
			return 0;
		}
		if (s->edge.size > before)
			failures = said = 0;
		disconnect(s);
		if (!try_again(&why, &failures))
			return ex_fail(err, why.code, "%s", why.text);
		if (!said++)
			ex_log(
			    EX_WARN, "sequencer", "%s; trying again", why.text);
		ex_sleep(EX_SECOND);
	}
	return 0;
}

int
ex_sequencer_run(const struct ex_sequencer_options *options, struct ex_err *err)
{
	struct ex_sequencer *s = calloc(1, sizeof(*s));
	int rc = -1;

	if (s == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	s->o = options;
	s->lock = -1;
	if (begin(s, err) == 0 && connect_and_replay(s, err) == 0 &&
	    announce(s, err) == 0)
		rc = serve(s, err);
	disconnect(s);
	end(s);
	free(s);
	return rc;
}
