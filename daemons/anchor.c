/*
 * anchor.c -- the rounds of exhibit-anchor.
 */
#include "daemons/anchor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "custody/log.h"
#include "daemons/anchor_parts.h"
#include "db/anchor.h"
#include "db/cluster.h"
#include "db/schema.h"
#include "db/store.h"

#define ROUND	    EX_SECOND
#define AFTER_ERROR (30 * EX_SECOND)  /* before who failed is asked again */
#define STAMP_EVERY (600 * EX_SECOND) /* of a log that grows */

static int
load_vkey(struct ex_anchor *a, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_PATH];
	size_t n;
	int rc = -1;

	if (ex_path_join(path, EX_PATH, a->o->data, "log/log.vkey", err) == 0 &&
	    ex_file_read(&text, path, EX_VKEY_TEXT, err) == 0) {
		n = strcspn(ex_buf_text(&text), "\n");
		ex_buf_cut(&text, n < text.len ? n : text.len);
		rc = ex_vkey_read(&a->vkey, ex_buf_text(&text), err);
	}
	ex_buf_free(&text);
	return rc;
}

/* One that serves a data directory is enough. */
static int
take_place(struct ex_anchor *a, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	char path[EX_PATH], line[32];
	int n;

	if (ex_path_join(path, EX_PATH, a->o->data, "log/anchor.pid", err) ==
	    -1)
		return -1;
	if ((a->lock = ex_file_lock(path, &why)) == -1)
		return ex_fail(err, why.code, "%s",
		    why.code == EX_CONFLICT
			? "another anchor works on this data directory"
			: why.text);
	n = snprintf(line, sizeof(line), "%ld\n", (long)getpid());
	if (ftruncate(a->lock, 0) == -1 ||
	    pwrite(a->lock, line, (size_t)n, 0) != n)
		return ex_fail_errno(err, "log/anchor.pid");
	return 0;
}

static int
open_conn(struct ex_anchor *a, struct ex_err *err)
{
	struct ex_buf conninfo = EX_BUF_INIT;
	struct ex_cluster c;
	int rc;

	if (a->conn != NULL)
		return 0;
	if (a->o->conninfo != NULL) {
		rc = ex_conn_open(&a->conn, a->o->conninfo, err);
	} else {
		rc = ex_cluster_find(&c, a->o->data, err);
		if (rc == 0)
			rc = ex_cluster_conninfo(
			    &conninfo, &c, EX_ROLE_ANCHOR, "exhibit", err);
		if (rc == 0)
			rc =
			    ex_conn_open(&a->conn, ex_buf_text(&conninfo), err);
		ex_buf_free(&conninfo);
	}
	if (rc == 0 && ex_schema_check(a->conn, err) == -1) {
		ex_conn_close(a->conn);
		a->conn = NULL;
		return -1;
	}
	return rc;
}

/* The policy in force, and the newest checkpoint under the log's key. */
static int
look(struct ex_anchor *a, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_json *policy = NULL;
	int rc;

	ex_buf_cut(&a->note, 0);
	memset(&a->newest, 0, sizeof(a->newest));
	if (ex_store_fact(a->conn, "policy", "policy", &policy, err) == -1)
		return -1;
	rc = ex_outsiders_read(&a->outsiders, policy, err);
	ex_json_free(policy);
	if (rc == -1 ||
	    ex_store_checkpoint(a->conn, &a->note, NULL, &why) == -1)
		return rc == 0 && why.code == EX_ABSENT
			   ? 0
			   : ex_fail(err, why.code, "%s", why.text);
	return ex_checkpoint_check(
	    &a->newest, a->note.data, a->note.len, &a->vkey, err);
}

/* Say once what went wrong, and when it is tried again. */
static void
put_off(struct ex_anchor *a, size_t slot, const char *name, const char *text)
{
	if (a->again[slot] == 0)
		ex_log(EX_WARN, "anchor", "%s: %s", name, text);
	a->again[slot] = ex_ticks() + AFTER_ERROR;
}

static int
cosign_round(struct ex_anchor *a, struct ex_err *err)
{
	for (size_t i = 0; i < a->outsiders.nwitnesses; i++) {
		const struct ex_outsider *w = &a->outsiders.witness[i];
		struct ex_witnessed r;
		uint64_t size;

		if (ex_anchor_cosigned(a->conn, w->name, &size, err) == -1)
			return -1;
		if (size >= a->newest.size || ex_ticks() < a->again[i])
			continue;
		if (ex_anchor_ask(a, w, &r, err) == -1)
			return -1;
		if (r.result == EX_WITNESS_COSIGNED)
			a->again[i] = 0;
		else
			put_off(a, i, w->name, r.text);
		ex_witnessed_free(&r);
	}
	return 0;
}

static int
stamp_round(struct ex_anchor *a, struct ex_err *err)
{
	for (size_t i = 0; i < a->outsiders.nauthorities; i++) {
		const struct ex_outsider *t = &a->outsiders.authority[i];
		size_t slot = EX_OUTSIDERS_MAX + i;
		struct ex_err why = EX_ERR_INIT;
		uint64_t size;
		int64_t time;

		if (ex_anchor_stamped(a->conn, t->name, &size, &time, err) ==
		    -1)
			return -1;
		if (size >= a->newest.size || ex_now() < time + STAMP_EVERY ||
		    ex_ticks() < a->again[slot])
			continue;
		if (ex_anchor_stamp_it(a, t, &why) == 0)
			a->again[slot] = 0;
		else
			put_off(a, slot, t->name, why.text);
	}
	return 0;
}

/* What the sequencer wants to know: 1, or 0 when it asks nothing. */
static int
read_ask(char out[EX_HANDOVER_NONCE], const struct ex_anchor *a)
{
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_PATH];
	int is = 0;

	if (ex_path_join(path, EX_PATH, a->o->data, "log/ask", NULL) == 0 &&
	    ex_file_read(&text, path, EX_HANDOVER_NONCE, NULL) == 0 &&
	    text.len == EX_HANDOVER_NONCE - 1) {
		memcpy(out, ex_buf_text(&text), EX_HANDOVER_NONCE);
		is = 1;
	}
	ex_buf_free(&text);
	return is;
}

static int
write_answer(struct ex_anchor *a, const char *ask,
    const struct ex_witnessed *results, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_PATH];
	int rc = -1;

	if (ex_handover_write(&text, ask, &a->outsiders, results, err) == 0 &&
	    ex_path_join(path, EX_PATH, a->o->data, "log/answer", err) == 0)
		rc = ex_file_write(path, text.data, text.len, 0600, err);
	ex_buf_free(&text);
	return rc;
}

/* Every witness is asked anew: what it cosigned before proves nothing now. */
static int
answer_round(struct ex_anchor *a, struct ex_err *err)
{
	struct ex_witnessed r[EX_OUTSIDERS_MAX] = { 0 };
	char ask[EX_HANDOVER_NONCE];
	size_t n = 0;
	int rc = 0;

	if (!read_ask(ask, a))
		return 0;
	for (; rc == 0 && n < a->outsiders.nwitnesses; n++)
		rc = ex_anchor_ask(a, &a->outsiders.witness[n], &r[n], err);
	if (rc == 0)
		rc = write_answer(a, ask, r, err);
	for (size_t i = 0; i < n; i++)
		ex_witnessed_free(&r[i]);
	return rc;
}

static int
one_round(struct ex_anchor *a, struct ex_err *err)
{
	if (open_conn(a, err) == -1 || look(a, err) == -1)
		return -1;
	if (a->note.len == 0)
		return 0;
	if (answer_round(a, err) == -1 || cosign_round(a, err) == -1)
		return -1;
	return stamp_round(a, err);
}

/* A database that goes away is waited for. */
static int
serve(struct ex_anchor *a, struct ex_err *err)
{
	int said = 0;

	if (take_place(a, err) == -1)
		return -1;
	ex_log(EX_INFO, "anchor", "ready: %s", a->vkey.name);
	while (!*a->o->stop) {
		struct ex_err why = EX_ERR_INIT;

		if (one_round(a, &why) == 0) {
			said = 0;
		} else {
			if (!said++)
				ex_log_err("anchor", &why);
			ex_conn_close(a->conn);
			a->conn = NULL;
		}
		ex_sleep(ROUND);
	}
	return 0;
}

/* tsr: base64, or NULL. */
static int
tell_stamp(const struct ex_outsider *who, const char *result, const char *text,
    const char *tsr, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	struct ex_buf line = EX_BUF_INIT;
	int rc = -1;

	if (v != NULL &&
	    (tsr == NULL || ex_json_set_text(v, "tsr", tsr, err) == 0) &&
	    ex_json_set_text(v, "name", who->name, err) == 0 &&
	    ex_json_set_text(v, "org", who->org, err) == 0 &&
	    ex_json_set_text(v, "result", result, err) == 0 &&
	    ex_json_set_text(v, "text", text, err) == 0 &&
	    ex_json_print(&line, v, err) == 0)
		rc = printf("%s\n", ex_buf_text(&line)) < 0
			 ? ex_fail(err, EX_SYSTEM, "standard output")
			 : 0;
	ex_buf_free(&line);
	ex_json_free(v);
	return rc;
}

static int
tell(const struct ex_outsider *who, const char *result, const char *text,
    struct ex_err *err)
{
	return tell_stamp(who, result, text, NULL, err);
}

static int
cosign_once(struct ex_anchor *a, struct ex_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < a->outsiders.nwitnesses; i++) {
		const struct ex_outsider *w = &a->outsiders.witness[i];
		struct ex_witnessed r;

		rc = ex_anchor_ask(a, w, &r, err);
		if (rc == 0)
			rc = tell(
			    w, ex_witness_result_name(r.result), r.text, err);
		ex_witnessed_free(&r);
	}
	return rc;
}

static int
stamp_once(struct ex_anchor *a, struct ex_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < a->outsiders.nauthorities; i++) {
		const struct ex_outsider *t = &a->outsiders.authority[i];
		struct ex_err why = EX_ERR_INIT;
		int done = ex_anchor_stamp_it(a, t, &why) == 0;

		rc = tell(t,
		    done			 ? "stamped"
		    : why.code == EX_UNREACHABLE ? "unreachable"
						 : "refused",
		    done ? "stamped" : why.text, err);
	}
	return rc;
}

/* One stamp is enough: the next authority is asked when one gives none. */
static int
token_once(struct ex_anchor *a, struct ex_err *err)
{
	int rc = 0, done = 0;

	for (size_t i = 0; rc == 0 && !done && i < a->outsiders.nauthorities;
	     i++) {
		const struct ex_outsider *t = &a->outsiders.authority[i];
		struct ex_buf tsr = EX_BUF_INIT, text = EX_BUF_INIT;
		struct ex_err why = EX_ERR_INIT;
		int64_t time;

		done = ex_anchor_stamp_digest(
			   &tsr, a, t, a->o->sha256, &time, &why) == 0;
		if (done && ex_base64(&text, tsr.data, tsr.len, err) == -1)
			rc = -1;
		if (rc == 0)
			rc = tell_stamp(t,
			    done			 ? "stamped"
			    : why.code == EX_UNREACHABLE ? "unreachable"
							 : "refused",
			    done ? "stamped" : why.text,
			    done ? ex_buf_text(&text) : NULL, err);
		ex_buf_free(&text);
		ex_buf_free(&tsr);
	}
	return rc;
}

static int
once(struct ex_anchor *a, struct ex_err *err)
{
	if (open_conn(a, err) == -1 || look(a, err) == -1)
		return -1;
	if (a->o->mode == EX_ANCHOR_TOKEN)
		return token_once(a, err);
	if (a->note.len == 0)
		return ex_fail(
		    err, EX_ABSENT, "the log has no signed checkpoint yet");
	return a->o->mode == EX_ANCHOR_COSIGN ? cosign_once(a, err)
					      : stamp_once(a, err);
}

int
ex_anchor_run(const struct ex_anchor_options *options, struct ex_err *err)
{
	struct ex_anchor *a = calloc(1, sizeof(*a));
	int rc = -1;

	if (a == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	a->o = options;
	a->lock = -1;
	if (load_vkey(a, err) == 0)
		rc = options->mode == EX_ANCHOR_SERVE ? serve(a, err)
						      : once(a, err);
	ex_conn_close(a->conn);
	ex_buf_free(&a->note);
	if (a->lock != -1) {
		(void)!ftruncate(a->lock, 0);
		(void)close(a->lock);
	}
	free(a);
	return rc;
}
