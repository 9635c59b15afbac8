/*
 * init.c -- making a house, step by step.
 *
 * Every step looks whether it was done and does it if not, so that a run that
 * was killed is finished by the next.  What could be refused comes first.
 * The founding entry is signed when all keys are there; exhibit.conf, by which
 * a house is known, comes after it, the services last.
 */
#include "cases/init.h"

#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cases/init_parts.h"
#include "db/schema.h"

#define ORGANISATION "LAB"

enum {
	DATABASE_MAX = 2048 /* bytes of a conninfo */
};

static const struct {
	const char *name;
	mode_t mode;
	int of_service; /* belongs to the user that services run as */
} folder[] = {
	{ "log", 0700, 1 },
	{ "ca", 0700, 0 },
	{ "keys", 0700, 0 },
	{ "receipts", 0700, 0 },
	{ "pending", 0700, 0 },
	{ "vault", 0700, 0 },
	{ "trust", 0755, 0 },
};

int
ex_found_path(char out[EX_PATH], const struct ex_founding *f, const char *name,
    struct ex_err *err)
{
	return ex_path_join(out, EX_PATH, f->house.dir, name, err);
}

int
ex_found_give(const struct ex_founding *f, const char *name, struct ex_err *err)
{
	const struct ex_cluster *c = &f->house.cluster;
	char path[EX_PATH];

	if (ex_found_path(path, f, name, err) == -1)
		return -1;
	if (c->own_user && ex_file_exists(path) &&
	    chown(path, c->uid, c->gid) == -1)
		return ex_fail_errno(err, "%s", path);
	return 0;
}

static int
make_folders(struct ex_founding *f, struct ex_err *err)
{
	char path[EX_PATH];

	for (size_t i = 0; i < sizeof(folder) / sizeof(folder[0]); i++) {
		if (ex_found_path(path, f, folder[i].name, err) == -1 ||
		    ex_dir_make(path, folder[i].mode, err) == -1)
			return -1;
		if (folder[i].of_service &&
		    ex_found_give(f, folder[i].name, err) == -1)
			return -1;
	}
	return 0;
}

/* The private cluster, which is there, with its database. */
static int
make_cluster(struct ex_founding *f, struct ex_err *err)
{
	struct ex_cluster *c = &f->house.cluster;
	struct ex_buf conninfo = EX_BUF_INIT;
	struct ex_conn *conn = NULL;
	int rc = -1;

	if (ex_house_cluster_up(&f->house, err) == -1)
		return -1;
	if (ex_cluster_conninfo(
		&conninfo, c, EX_CLUSTER_ROOT, "postgres", err) == 0 &&
	    ex_conn_open(&conn, ex_buf_text(&conninfo), err) == 0)
		rc = ex_schema_create_database(conn, err);
	ex_conn_close(conn);
	ex_buf_free(&conninfo);
	return rc;
}

static int
make_database(struct ex_founding *f, struct ex_err *err)
{
	struct ex_conn *conn;

	if (ex_house_embedded(&f->house) && make_cluster(f, err) == -1)
		return -1;
	if (ex_house_admin(&f->house, &conn, err) == -1 ||
	    ex_schema_check_database(conn, err) == -1 ||
	    ex_schema_migrate(conn, NULL, err) == -1 ||
	    ex_house_map(&f->house, err) == -1)
		return -1;
	return ex_house_add_login(&f->house, EX_FOUND_ADMIN, err);
}

/* All that needs the keys: only while the house is not whole. */
static int
make_rest(struct ex_founding *f, struct ex_err *err)
{
	if (ex_found_keys(f, err) == -1 || make_database(f, err) == -1 ||
	    ex_found_log(f, err) == -1 || ex_found_trust(f, err) == -1)
		return -1;
	return ex_house_conf_write(&f->house.conf, f->house.dir, err);
}

/* A conninfo that exhibit.conf can hold and everybody may read. */
static int
check_conninfo(const char *text, struct ex_err *err)
{
	const char *at = strchr(text, '@');
	const char *user = strstr(text, "://");

	if (text[0] == '\0' || strlen(text) > DATABASE_MAX ||
	    strchr(text, '\n') != NULL || text[0] == ' ' ||
	    text[strlen(text) - 1] == ' ')
		return ex_fail(err, EX_USAGE,
		    "--database takes a conninfo, such as service=NAME or "
		    "\"host=/run/postgresql dbname=exhibit\"");
	if (strstr(text, "password") != NULL ||
	    (at != NULL && user != NULL &&
		memchr(user + 3, ':', (size_t)(at - user) - 3) != NULL))
		return ex_fail(err, EX_USAGE,
		    "--database: no password here, where others can read it; "
		    "use a password file (PGPASSFILE) or a service");
	return 0;
}

/*
 * Which database a house lives in is settled before anything is made there,
 * so that a run that was killed is finished in the same one.
 */
static int
settle_database(struct ex_founding *f, struct ex_err *err)
{
	const char *given = f->in->database == NULL ? "" : f->in->database;
	struct ex_house_conf *c = &f->house.conf;
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_PATH];
	size_t n;
	int rc = 0;

	if (f->in->database != NULL && check_conninfo(given, err) == -1)
		return -1;
	if (ex_found_path(path, f, "founding", err) == -1)
		return -1;
	(void)snprintf(c->organisation, EX_NAME_TEXT, "%s", ORGANISATION);
	(void)snprintf(c->database, EX_PATH, "%s", given);
	if (!ex_file_exists(path))
		return 0;
	rc = ex_file_read(&text, path, sizeof(c->database) - 1, err);
	n = strcspn(ex_buf_text(&text), "\n");
	if (rc == 0 && f->in->database != NULL &&
	    (strlen(given) != n || memcmp(given, text.data, n) != 0))
		rc = ex_fail(err, EX_USAGE,
		    "another init has begun at %s with%s; finish it so",
		    f->house.dir,
		    n == 0 ? "out --database" : " another --database");
	if (rc == 0)
		(void)snprintf(
		    c->database, EX_PATH, "%.*s", (int)n, ex_buf_text(&text));
	ex_buf_free(&text);
	return rc;
}

static int
read_conf(struct ex_founding *f, struct ex_err *err)
{
	struct ex_house *h = &f->house;

	if (ex_house_conf_read(&h->conf, h->dir, err) == -1 ||
	    ex_vkey_read(&h->log_key, h->conf.log_key, err) == -1)
		return ex_while(err, "exhibit.conf");
	if (f->in->database != NULL &&
	    strcmp(f->in->database, h->conf.database) != 0)
		return ex_fail(err, EX_USAGE,
		    "the house at %s lives in another database", h->dir);
	return 0;
}

static int
begin(struct ex_founding *f, struct ex_err *err)
{
	struct ex_house *h = &f->house;

	f->new_dir = !ex_file_exists(f->in->dir);
	if (ex_dir_make(f->in->dir, 0755, err) == -1)
		return -1;
	/* Whatever the umask: services have to pass. */
	if (f->new_dir && chmod(f->in->dir, 0755) == -1)
		return ex_fail_errno(err, "%s", f->in->dir);
	if (realpath(f->in->dir, h->dir) == NULL)
		return ex_fail_errno(err, "%s", f->in->dir);
	return 0;
}

/* What is refused is refused before anything is made. */
static int
check_place(struct ex_founding *f, struct ex_err *err)
{
	struct ex_house *h = &f->house;
	struct ex_conn *conn = NULL;
	int rc = -1;

	if (ex_house_embedded(h))
		return ex_cluster_make(&h->cluster, err);
	if (ex_house_connect(h, EX_HOUSE_ROOT, &conn, err) == 0 &&
	    ex_schema_check_database(conn, err) == 0 &&
	    ex_found_free(f, conn, err) != -1)
		rc = 0;
	ex_conn_close(conn);
	return rc;
}

static int
found(struct ex_founding *f, struct ex_err *err)
{
	struct ex_buf line = EX_BUF_INIT;
	char path[EX_PATH];
	int rc = -1;

	if (settle_database(f, err) == -1 ||
	    ex_house_find(&f->house, err) == -1 || check_place(f, err) == -1 ||
	    ex_found_path(path, f, "founding", err) == -1)
		return -1;
	if (ex_buf_addf(&line, err, "%s\n", f->house.conf.database) == 0 &&
	    ex_file_write(path, line.data, line.len, 0600, err) == 0 &&
	    make_folders(f, err) == 0)
		rc = make_rest(f, err);
	ex_buf_free(&line);
	return rc;
}

static int
make(struct ex_founding *f, struct ex_err *err)
{
	char path[EX_PATH];

	if (ex_found_path(path, f, "exhibit.conf", err) == -1)
		return -1;
	if (!ex_file_exists(path)) {
		f->made = 1;
		if (found(f, err) == -1)
			return -1;
	} else if (read_conf(f, err) == -1 ||
		   ex_house_find(&f->house, err) == -1) {
		return -1;
	}
	/* Which database it is stands in exhibit.conf now. */
	if (ex_found_path(path, f, "founding", err) == -1)
		return -1;
	if (unlink(path) == -1 && errno != ENOENT)
		return ex_fail_errno(err, "%s", path);
	return ex_house_up(&f->house, err);
}

static void
end(struct ex_founding *f)
{
	ex_signer_free(f->admin);
	ex_signer_free(f->station);
	ex_signer_free(f->service);
	ex_buf_free(&f->ca);
	ex_house_drop(&f->house);
}

/* Of what was refused nothing stays. */
static void
clear(const struct ex_founding *f)
{
	char path[EX_PATH];

	if (ex_found_path(path, f, "exhibit.conf", NULL) == -1 ||
	    ex_file_exists(path) ||
	    ex_found_path(path, f, "founding", NULL) == -1 ||
	    ex_file_exists(path))
		return;
	if (ex_found_path(path, f, "init.lock", NULL) == 0)
		(void)unlink(path);
	if (f->new_dir)
		(void)rmdir(f->house.dir);
}

int
ex_house_init(
    struct ex_json **out, const struct ex_init *in, struct ex_err *err)
{
	struct ex_founding *f = calloc(1, sizeof(*f));
	int turn = -1, rc = -1;

	*out = NULL;
	if (f == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	f->in = in;
	if (begin(f, err) == 0 && (turn = ex_house_turn(&f->house, "init.lock",
				       "makes this house", err)) != -1) {
		rc = make(f, err);
		if (rc == -1)
			clear(f);
		else
			rc = ex_found_tell(out, f, err);
	}
	if (turn != -1)
		(void)close(turn);
	end(f);
	free(f);
	return rc;
}
