/*
 * anchor.c -- asking those outside, through exhibit-anchor, which has the
 * network.
 */
#include "cases/anchor.h"

#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/proc.h"
#include "cases/house_parts.h"
#include "custody/log.h"
#include "custody/override.h"
#include "db/anchor.h"
#include "db/schema.h"
#include "db/store.h"

#define PATIENCE (600 * EX_SECOND) /* a dozen that do not answer */

enum {
	ARGS = 8,
	ANSWER_MAX = 65536 /* bytes that exhibit-anchor prints */
};

static int
read_outsiders(
    struct ex_outsiders *out, struct ex_conn *conn, struct ex_err *err)
{
	struct ex_json *policy = NULL;
	int rc;

	if (ex_store_fact(conn, "policy", "policy", &policy, err) == -1)
		return -1;
	rc = ex_outsiders_read(out, policy, err);
	ex_json_free(policy);
	return rc;
}

int
ex_house_outsiders(
    struct ex_outsiders *out, struct ex_house *house, struct ex_err *err)
{
	struct ex_conn *conn;

	if (ex_house_service(house, &conn, err) == -1)
		return -1;
	return read_outsiders(out, conn, err);
}

/* The program with its arguments; conninfo must outlive p. */
static int
prepare(struct ex_proc *p, const char *argv[ARGS], char path[EX_PATH],
    struct ex_buf *conninfo, const struct ex_house *house, const char *once,
    struct ex_err *err)
{
	size_t n = 0;

	if (ex_proc_beside(path, EX_PATH, "exhibit-anchor", err) == -1)
		return -1;
	argv[n++] = "exhibit-anchor";
	argv[n++] = "--data";
	argv[n++] = house->dir;
	if (!ex_house_embedded(house)) {
		if (ex_house_conninfo(conninfo, house, EX_ROLE_ANCHOR, err) ==
		    -1)
			return -1;
		argv[n++] = "--conninfo";
		argv[n++] = ex_buf_text(conninfo);
	}
	if (once != NULL) {
		argv[n++] = "--once";
		argv[n++] = once;
	}
	argv[n] = NULL;
	p->path = path;
	p->argv = argv;
	p->own_user = house->cluster.own_user;
	p->uid = house->cluster.uid;
	p->gid = house->cluster.gid;
	return 0;
}

int
ex_house_anchor_up(struct ex_house *house, struct ex_err *err)
{
	struct ex_buf conninfo = EX_BUF_INIT;
	struct ex_proc p = EX_PROC_INIT;
	struct ex_conn *conn = NULL;
	struct ex_outsiders o;
	const char *argv[ARGS];
	char path[EX_PATH];
	pid_t pid;
	int rc;

	if (ex_house_connect(house, EX_ROLE_SERVICE, &conn, err) == -1)
		return -1;
	rc = read_outsiders(&o, conn, err);
	ex_conn_close(conn);
	if (rc == -1 || !ex_outsiders_any(&o) || ex_house_anchor(house) != 0)
		return rc;
	rc = prepare(&p, argv, path, &conninfo, house, NULL, err);
	p.own_session = 1;
	if (rc == 0)
		rc = ex_proc_start(&pid, &p, err);
	ex_buf_free(&conninfo);
	return rc;
}

/* Each line that exhibit-anchor printed becomes a member of asked. */
static int
read_lines(struct ex_json *asked, const struct ex_buf *text, struct ex_err *err)
{
	struct ex_reader r;
	struct ex_span line;
	struct ex_json *v;

	ex_reader_init(&r, text->data, text->len);
	while (r.left > 0) {
		v = NULL;
		if (ex_read_line(&r, &line, err) == -1 ||
		    ex_json_read(&v, line.p, line.n, err) == -1 ||
		    ex_json_add(asked, v, err) == -1)
			return -1;
	}
	return 0;
}

static int
run_once(struct ex_json *asked, const struct ex_house *house, const char *what,
    struct ex_err *err)
{
	struct ex_buf conninfo = EX_BUF_INIT, said = EX_BUF_INIT;
	struct ex_proc p = EX_PROC_INIT;
	const char *argv[ARGS];
	char path[EX_PATH];
	int status = 0, rc = -1;

	if (prepare(&p, argv, path, &conninfo, house, what, err) == 0 &&
	    ex_proc_run(&p, &said, ANSWER_MAX, PATIENCE, &status, err) == 0)
		rc = status == 0 ? read_lines(asked, &said, err)
				 : ex_fail(err, EX_SYSTEM,
				       "exhibit-anchor ended with %d", status);
	ex_buf_free(&conninfo);
	ex_buf_free(&said);
	return rc;
}

/* How many of them said this. */
static size_t
count(const struct ex_json *asked, const char *result)
{
	size_t n = 0;

	for (size_t i = 0; i < ex_json_count(asked); i++) {
		const char *text =
		    ex_json_get_text(ex_json_at(asked, i), "result");

		n += text != NULL && strcmp(text, result) == 0;
	}
	return n;
}

static int
summarise(struct ex_json **out, int *status, struct ex_json *asked, size_t done,
    size_t wanted, int differs, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	*status = differs ? 1 : done >= wanted ? 0 : 2;
	if (v == NULL ||
	    ex_json_set(v, "asked", ex_json_ref(asked), err) == -1 ||
	    ex_json_set_int(v, "done", (int64_t)done, err) == -1 ||
	    ex_json_set_int(v, "wanted", (int64_t)wanted, err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	*out = v;
	return 0;
}

int
ex_log_vouch(struct ex_json **out, int *status, struct ex_house *house,
    const char *what, struct ex_err *err)
{
	int cosign = strcmp(what, "cosign") == 0, rc = -1;
	struct ex_json *asked = ex_json_array();
	struct ex_outsiders o;
	size_t wanted, done;

	*out = NULL;
	if (ex_house_outsiders(&o, house, err) == -1)
		goto out;
	if ((cosign ? o.nwitnesses : o.nauthorities) == 0) {
		(void)ex_fail(err, EX_STATE,
		    "the policy in force names no %s: exhibit policy set",
		    cosign ? "witness" : "time-stamp authority");
		goto out;
	}
	if (run_once(asked, house, what, err) == -1)
		goto out;
	done = count(asked, cosign ? "cosigned" : "stamped");
	wanted = !cosign ? o.nauthorities : o.wanted ? o.quorum : o.nwitnesses;
	rc = summarise(out, status, asked, done, wanted,
	    cosign && count(asked, "larger") + count(asked, "refused") > 0,
	    err);
out:
	ex_json_free(asked);
	return rc;
}

/* The answer in what they said, or the last one's reason for none. */
static int
take_token(struct ex_buf *tsr, const struct ex_json *asked, struct ex_err *err)
{
	size_t n = ex_json_count(asked);
	const struct ex_json *last = ex_json_at(asked, n == 0 ? 0 : n - 1);
	const char *text = n == 0 ? NULL : ex_json_get_text(last, "tsr");

	if (text != NULL)
		return ex_base64_read(tsr, text, strlen(text), err);
	text = n == 0 ? NULL : ex_json_get_text(last, "text");
	return ex_fail(err, EX_UNREACHABLE, "no time-stamp: %.180s",
	    text == NULL ? "nobody was asked" : text);
}

int
ex_house_token(struct ex_buf *tsr, struct ex_house *house,
    const uint8_t sha256[EX_SHA256_LEN], struct ex_err *err)
{
	char what[sizeof("token:") + EX_SHA256_HEX] = "token:";
	struct ex_json *asked = NULL;
	struct ex_outsiders o;
	int rc = -1;

	if (ex_house_outsiders(&o, house, err) == -1)
		return -1;
	if (o.nauthorities == 0)
		return ex_fail(err, EX_STATE,
		    "the policy in force names no time-stamp authority");
	ex_hex(&what[strlen(what)], sha256, EX_SHA256_LEN);
	if ((asked = ex_json_array()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (run_once(asked, house, what, err) == 0)
		rc = take_token(tsr, asked, err);
	ex_json_free(asked);
	return rc;
}

/* Is this line, under the note, a cosignature of one of them? */
static int
holds(const struct ex_buf *note, struct ex_span line,
    const struct ex_outsiders *o)
{
	struct ex_buf both = EX_BUF_INIT;
	struct ex_note parsed;
	size_t before = 0, after = 0;

	if (ex_note_parse(&parsed, note->data, note->len, NULL) == 0)
		before = ex_outsiders_cosigned(o, &parsed);
	if (ex_buf_add(&both, note->data, note->len, NULL) == 0 &&
	    ex_buf_add(&both, line.p, line.n, NULL) == 0 &&
	    ex_buf_add_byte(&both, '\n', NULL) == 0 &&
	    ex_note_parse(&parsed, both.data, both.len, NULL) == 0)
		after = ex_outsiders_cosigned(o, &parsed);
	ex_buf_free(&both);
	return after > before;
}

int
ex_log_add_cosignatures(struct ex_buf *note, size_t *n, struct ex_house *house,
    struct ex_conn *conn, uint64_t size, struct ex_err *err)
{
	struct ex_buf lines = EX_BUF_INIT;
	struct ex_outsiders o;
	struct ex_reader r;
	struct ex_span line;
	size_t found = 0;
	int rc = -1;

	if (ex_house_outsiders(&o, house, err) == -1 ||
	    ex_anchor_add_lines(&lines, conn, size, err) == -1)
		goto out;
	ex_reader_init(&r, lines.data, lines.len);
	while (r.left > 0 && ex_read_line(&r, &line, NULL) == 0) {
		if (!holds(note, line, &o))
			continue;
		if (ex_buf_add(note, line.p, line.n, err) == -1 ||
		    ex_buf_add_byte(note, '\n', err) == -1)
			goto out;
		found++;
	}
	if (n != NULL)
		*n = found;
	rc = 0;
out:
	ex_buf_free(&lines);
	return rc;
}

int
ex_log_override(struct ex_json **out, struct ex_house *house,
    const char *reason, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	const struct ex_signer *actor;
	struct ex_checkpoint here;
	struct ex_json *v = ex_json_object();
	char path[EX_PATH];
	int rc = -1;

	*out = NULL;
	if (v == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	if (ex_house_actor(house, &actor, err) == -1 ||
	    ex_house_seen(house, &here, NULL, err) == -1 ||
	    ex_override_write(&text, &here, reason, ex_now(), actor->key,
		&actor->cert, err) == -1 ||
	    ex_house_path(path, house, "log/override", err) == -1 ||
	    ex_file_write(path, text.data, text.len, 0644, err) == -1 ||
	    ex_json_set_text(v, "file", path, err) == -1 ||
	    ex_json_set_int(v, "size", (int64_t)here.size, err) == -1 ||
	    ex_json_set_hex(v, "root", here.root, EX_HASH, err) == -1)
		goto out;
	*out = ex_json_ref(v);
	rc = 0;
out:
	ex_json_free(v);
	ex_buf_free(&text);
	return rc;
}
