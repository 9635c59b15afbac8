/*
 * rotate_ca.c -- a new CA of the laboratory; the steps stand in
 * rotate_house.h.  It is made in DIR/ca.next and takes the place of DIR/ca.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/limits.h"
#include "base/proc.h"
#include "cases/act.h"
#include "cases/house_parts.h"
#include "cases/rotate_house.h"
#include "db/store.h"
#include "signing/cert.h"

enum {
	CA_SECONDS = 60
};

struct turn {
	struct ex_house *house;
	char dir[EX_PATH], next[EX_PATH];
	char old_hex[EX_SHA256_HEX], new_hex[EX_SHA256_HEX];
	struct ex_buf pem; /* of the new one */
};

/* exhibit-ca alone touches its key; again: nothing. */
static int
make_ca(const struct turn *t, struct ex_err *err)
{
	const char *org = ex_house_org(t->house);
	const char *argv[] = { "exhibit-ca", t->next, "make", org, org, NULL };
	struct ex_proc p = EX_PROC_INIT;
	char program[EX_PATH];
	int status = 0;

	if (ex_proc_beside(program, EX_PATH, argv[0], err) == -1)
		return -1;
	p.path = program;
	p.argv = argv;
	if (ex_proc_run(&p, NULL, 0, CA_SECONDS * EX_SECOND, &status, err) ==
	    -1)
		return -1;
	return status == 0 ? 0
			   : ex_fail(err, EX_SYSTEM,
				 "the laboratory's CA could not be made");
}

/* SHA-256 of the certificate in DIR/ca.pem, and its PEM. */
static int
read_ca(char hex[EX_SHA256_HEX], struct ex_buf *pem, const char *dir,
    struct ex_err *err)
{
	struct ex_buf der = EX_BUF_INIT;
	char path[EX_PATH];
	int rc = -1;

	ex_buf_cut(pem, 0);
	if (ex_path_join(path, EX_PATH, dir, "ca.pem", err) == 0 &&
	    ex_file_read(pem, path, EX_KEYFILE_MAX, err) == 0 &&
	    ex_cert_from_pem(&der, pem->data, pem->len, err) == 0) {
		ex_sha256_hex(hex, der.data, der.len);
		rc = 0;
	}
	ex_buf_free(&der);
	return rc;
}

/* Does the log name it?  1, 0 or -1. */
static int
is_entered(const struct turn *t, struct ex_err *err)
{
	const struct ex_json *list;
	struct ex_json *log = NULL;
	struct ex_conn *conn;
	int is = 0;

	if (ex_house_conn(t->house, &conn, err) == -1 ||
	    ex_store_fact(conn, "log", "log", &log, err) == -1)
		return -1;
	list = ex_json_get(log, "ca");
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const char *text = ex_json_text(ex_json_at(list, i));

		is |= text != NULL && strcmp(text, t->new_hex) == 0;
	}
	ex_json_free(log);
	return is;
}

static int
enter(struct ex_json *out, const struct turn *t, struct ex_err *err)
{
	struct ex_outcome o = { NULL, 0, "" };
	struct ex_request r;
	struct ex_member *m;
	int rc = -1;

	ex_request_init(&r);
	if (ex_request_add(&r, EX_ACT_ROTATE_CA, EX_STREAM_LAB,
		ex_house_org(t->house), &m, err) == 0 &&
	    ex_json_set_text(m->fields, "ca", t->new_hex, err) == 0 &&
	    ex_request_seat_desk(&r, t->house, EX_ACT_ROTATE_CA, err) == 0 &&
	    ex_act_do(&o, t->house, &r, err) == 0)
		rc =
		    ex_json_set_hex(out, "event", o.done[0].leaf, EX_HASH, err);
	ex_outcome_free(&o);
	ex_request_free(&r);
	return rc;
}

/* trust/roots.pem has the new one too; again: nothing. */
static int
trust(const struct turn *t, struct ex_err *err)
{
	struct ex_buf roots = EX_BUF_INIT;
	char path[EX_PATH];
	int rc = -1;

	if (ex_house_path(path, t->house, "trust/roots.pem", err) == 0 &&
	    ex_file_read(&roots, path, EX_ROOTS_MAX, err) == 0 &&
	    strstr(ex_buf_text(&roots), ex_buf_text(&t->pem)) != NULL)
		rc = 0;
	else if (roots.len > 0 && ex_buf_add_byte(&roots, '\n', err) == 0 &&
		 ex_buf_add(&roots, t->pem.data, t->pem.len, err) == 0)
		rc = ex_file_write(path, roots.data, roots.len, 0644, err);
	ex_buf_free(&roots);
	return rc;
}

/* The old folder is kept for what it issued, without its key. */
static int
take_place(const struct turn *t, struct ex_err *err)
{
	char was[EX_PATH], name[32], key[EX_PATH];

	(void)snprintf(name, sizeof(name), "ca.was-%.8s", t->old_hex);
	if (ex_house_path(was, t->house, name, err) == -1 ||
	    ex_path_join(key, EX_PATH, was, "ca.key", err) == -1)
		return -1;
	if (ex_file_exists(t->dir) && rename(t->dir, was) == -1)
		return ex_fail_errno(err, "%s", t->dir);
	if (rename(t->next, t->dir) == -1)
		return ex_fail_errno(err, "%s", t->next);
	(void)unlink(key);
	return ex_dir_sync_of(t->dir, err);
}

static int
replace(struct ex_json *out, struct turn *t, struct ex_err *err)
{
	struct ex_buf old = EX_BUF_INIT;
	int is, rc = -1;

	/* Only the last renaming was left by a run that was killed. */
	if (!ex_file_exists(t->dir) && ex_file_exists(t->next))
		return rename(t->next, t->dir) == 0
			   ? 0
			   : ex_fail_errno(err, "%s", t->next);
	if (make_ca(t, err) == -1 ||
	    read_ca(t->old_hex, &old, t->dir, err) == -1 ||
	    read_ca(t->new_hex, &t->pem, t->next, err) == -1 ||
	    (is = is_entered(t, err)) == -1)
		goto out;
	if ((is || enter(out, t, err) == 0) && trust(t, err) == 0 &&
	    take_place(t, err) == 0 &&
	    ex_json_set_text(out, "ca", t->new_hex, err) == 0)
		rc = ex_json_set_text(out, "old_ca", t->old_hex, err);
out:
	ex_buf_free(&old);
	return rc;
}

int
ex_ca_rotate(struct ex_json **out, struct ex_house *house, struct ex_err *err)
{
	struct turn t = { .house = house };
	int rc = -1;

	if ((*out = ex_json_object()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_house_path(t.dir, house, "ca", err) == 0 &&
	    ex_house_path(t.next, house, "ca.next", err) == 0)
		rc = replace(*out, &t, err);
	ex_buf_free(&t.pem);
	if (rc == 0)
		return 0;
	ex_json_free(*out);
	*out = NULL;
	return -1;
}
