/*
 * rotate_log.c -- a new key for the log; the steps stand in rotate_house.h.
 *
 * While DIR/log/log.next.key is there, the sequencer signs with it as well.
 * The new key takes its place before its public half does: log.next.vkey
 * without log.next.key means that only this is left.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cases/act.h"
#include "cases/house_parts.h"
#include "cases/rotate_house.h"
#include "custody/log.h"
#include "db/store.h"

#define NEXT_KEY  "log/log.next.key"
#define NEXT_VKEY "log/log.next.vkey"

struct turn {
	struct ex_house *house;
	char next_key[EX_PATH], next_vkey[EX_PATH];
	struct ex_vkey new;
	char old_text[EX_VKEY_TEXT], new_text[EX_VKEY_TEXT];
};

/* A file of one line, the services' own. */
static int
write_line(const struct ex_house *house, const char *path, const char *line,
    struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	int rc = -1;

	if (ex_buf_addf(&text, err, "%s\n", line) == 0 &&
	    ex_file_write(path, text.data, text.len, 0644, err) == 0)
		rc = ex_house_give(house, path, err);
	ex_buf_free(&text);
	return rc;
}

/* The next key: made now, or by a run that was killed. */
static int
make_key(struct turn *t, struct ex_err *err)
{
	const char *origin = t->house->log_key.name;
	struct ex_key *key = NULL;
	int rc = -1;

	if (!ex_file_exists(t->next_key)) {
		if (ex_key_new(&key, EX_KEY_ED25519, err) == -1 ||
		    ex_key_save(key, t->next_key, NULL, err) == -1 ||
		    ex_house_give(t->house, t->next_key, err) == -1)
			goto out;
	} else if (ex_key_load(&key, t->next_key, NULL, err) == -1) {
		goto out;
	}
	if (ex_vkey_of(&t->new, origin, EX_NOTE_ED25519, key, err) == 0 &&
	    ex_vkey_text(t->new_text, &t->new, err) == 0)
		rc = write_line(t->house, t->next_vkey, t->new_text, err);
out:
	ex_key_free(key);
	return rc;
}

/* Which key the log says is its own. */
static int
is_entered(const struct turn *t, struct ex_err *err)
{
	struct ex_json *log = NULL;
	struct ex_conn *conn;
	const char *text;
	int is;

	if (ex_house_conn(t->house, &conn, err) == -1 ||
	    ex_store_fact(conn, "log", "log", &log, err) == -1)
		return -1;
	text = ex_json_get_text(log, "vkey");
	is = text != NULL && strcmp(text, t->new_text) == 0;
	ex_json_free(log);
	return is;
}

/* The act of the people at the desk; released with ex_request_free(). */
static int
ask(struct ex_request *r, const struct turn *t, struct ex_err *err)
{
	struct ex_member *m;

	ex_request_init(r);
	if (ex_request_add(r, EX_ACT_ROTATE_LOG, EX_STREAM_LAB,
		ex_house_org(t->house), &m, err) == -1 ||
	    ex_json_set_text(m->fields, "old_key", t->old_text, err) == -1 ||
	    ex_json_set_text(m->fields, "log_key", t->new_text, err) == -1)
		return -1;
	return ex_request_seat_desk(r, t->house, EX_ACT_ROTATE_LOG, err);
}

/* Before the services are stopped for it: would it be allowed? */
static int
check_allowed(const struct turn *t, struct ex_err *err)
{
	struct ex_request r;
	int rc = -1;

	if (ask(&r, t, err) == 0)
		rc = ex_act_check(t->house, &r, err);
	ex_request_free(&r);
	if (rc == -1) {
		(void)unlink(t->next_key);
		(void)unlink(t->next_vkey);
	}
	return rc;
}

static int
enter(struct ex_json *out, const struct turn *t, struct ex_err *err)
{
	struct ex_outcome o = { NULL, 0, "" };
	struct ex_request r;
	int rc = -1;

	if (ask(&r, t, err) == 0 && ex_act_do(&o, t->house, &r, err) == 0)
		rc =
		    ex_json_set_hex(out, "event", o.done[0].leaf, EX_HASH, err);
	ex_outcome_free(&o);
	ex_request_free(&r);
	return rc;
}

/* The newest checkpoint carries the new line: it bridges the two. */
static int
check_bridge(const struct turn *t, struct ex_err *err)
{
	struct ex_buf note = EX_BUF_INIT;
	struct ex_checkpoint c;
	struct ex_conn *conn;
	int rc = -1;

	if (ex_house_conn(t->house, &conn, err) == 0 &&
	    ex_store_checkpoint(conn, &note, NULL, err) == 0 &&
	    ex_checkpoint_check(&c, note.data, note.len, &t->new, err) == 0 &&
	    ex_checkpoint_check(
		&c, note.data, note.len, &t->house->log_key, err) == 0)
		rc = 0;
	ex_buf_free(&note);
	return rc == -1 ? ex_while(err, "the newest checkpoint") : 0;
}

/* trust/policy: its "log" line has the new key, the rest stays. */
static int
write_policy(const struct turn *t, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT, new = EX_BUF_INIT;
	const char *at, *rest;
	char path[EX_PATH];
	int rc = -1;

	if (ex_house_path(path, t->house, "trust/policy", err) == -1)
		return -1;
	if (ex_file_read(&text, path, EX_POLICY_MAX, err) == -1)
		goto out;
	rest = ex_buf_text(&text);
	while ((at = strstr(rest, t->old_text)) != NULL) {
		if (ex_buf_add(&new, rest, (size_t)(at - rest), err) == -1 ||
		    ex_buf_add_text(&new, t->new_text, err) == -1)
			goto out;
		rest = at + strlen(t->old_text);
	}
	if (ex_buf_add_text(&new, rest, err) == 0)
		rc = ex_file_write(path, new.data, new.len, 0644, err);
out:
	ex_buf_free(&text);
	ex_buf_free(&new);
	return rc;
}

/* From now on this machine trusts the new key. */
static int
trust(struct turn *t, struct ex_err *err)
{
	struct ex_house *house = t->house;
	struct ex_buf pem = EX_BUF_INIT;
	char path[EX_PATH];
	int rc = -1;

	(void)snprintf(house->conf.log_key, sizeof(house->conf.log_key), "%s",
	    t->new_text);
	if (write_policy(t, err) == 0 && ex_vkey_pem(&pem, &t->new, err) == 0 &&
	    ex_house_path(path, house, "trust/log.pem", err) == 0 &&
	    ex_file_write(path, pem.data, pem.len, 0644, err) == 0)
		rc = ex_house_conf_write(&house->conf, house->dir, err);
	ex_buf_free(&pem);
	house->log_key = t->new;
	return rc;
}

/* The old private key ends here: it is replaced, and nobody has a copy. */
static int
take_place(const struct turn *t, struct ex_err *err)
{
	char key[EX_PATH], vkey[EX_PATH];

	if (ex_house_path(key, t->house, "log/log.key", err) == -1 ||
	    ex_house_path(vkey, t->house, "log/log.vkey", err) == -1)
		return -1;
	if (ex_file_exists(t->next_key) && rename(t->next_key, key) == -1)
		return ex_fail_errno(err, "%s", t->next_key);
	if (rename(t->next_vkey, vkey) == -1)
		return ex_fail_errno(err, "%s", t->next_vkey);
	return ex_dir_sync_of(vkey, err);
}

static int
tell(struct ex_json *out, const struct turn *t, struct ex_err *err)
{
	if (ex_json_set_text(out, "log_key", t->new_text, err) == -1)
		return -1;
	return ex_json_set_text(out, "old_key", t->old_text, err);
}

static int
replace(struct ex_json *out, struct turn *t, struct ex_err *err)
{
	int is;

	/* Only the last renaming was left by a run that was killed. */
	if (!ex_file_exists(t->next_key) && ex_file_exists(t->next_vkey))
		return take_place(t, err) == -1
			   ? -1
			   : ex_house_restart(t->house, err);
	if (make_key(t, err) == -1 || (is = is_entered(t, err)) == -1 ||
	    (!is && check_allowed(t, err) == -1) ||
	    ex_house_restart(t->house, err) == -1)
		return -1;
	if ((!is && enter(out, t, err) == -1) || check_bridge(t, err) == -1 ||
	    trust(t, err) == -1 || ex_house_down(t->house, err) == -1 ||
	    take_place(t, err) == -1 || ex_house_up(t->house, err) == -1)
		return -1;
	return tell(out, t, err);
}

int
ex_log_rotate(struct ex_json **out, struct ex_house *house, struct ex_err *err)
{
	struct turn t = { .house = house };

	if ((*out = ex_json_object()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	(void)snprintf(
	    t.old_text, sizeof(t.old_text), "%s", house->conf.log_key);
	if (ex_house_path(t.next_key, house, NEXT_KEY, err) == 0 &&
	    ex_house_path(t.next_vkey, house, NEXT_VKEY, err) == 0 &&
	    replace(*out, &t, err) == 0)
		return 0;
	ex_json_free(*out);
	*out = NULL;
	return -1;
}
