/*
 * init.c -- making a house, step by step.
 *
 * Every step looks whether it was done and does it if not, so that a run that
 * was killed is finished by the next.  exhibit.conf is written when the keys
 * are there; the founding entry comes last but one, the services last.
 */
#include "cases/init.h"

#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/limits.h"
#include "base/proc.h"
#include "cases/init_parts.h"
#include "cases/keys_parts.h"
#include "db/schema.h"
#include "signing/cert.h"

#define ORGANISATION "LAB"
#define ADMIN	     "admin"
#define STATION	     "station"
#define SERVICE	     "service"

enum {
	CA_SECONDS = 60
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
	{ "vault", 0755, 0 },
	{ "trust", 0755, 0 },
};

static int
path_of(char out[EX_PATH], const struct ex_founding *f, const char *name,
    struct ex_err *err)
{
	return ex_path_join(out, EX_PATH, f->house.dir, name, err);
}

static int
give(const struct ex_founding *f, const char *name, struct ex_err *err)
{
	const struct ex_cluster *c = &f->house.cluster;
	char path[EX_PATH];

	if (path_of(path, f, name, err) == -1)
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
		if (path_of(path, f, folder[i].name, err) == -1 ||
		    ex_dir_make(path, folder[i].mode, err) == -1)
			return -1;
		if (folder[i].of_service && give(f, folder[i].name, err) == -1)
			return -1;
	}
	return 0;
}

/* The private cluster with its database and schema. */
static int
make_cluster(struct ex_founding *f, struct ex_err *err)
{
	static const char *const first[] = { EX_CLUSTER_ROOT };
	struct ex_cluster *c = &f->house.cluster;
	struct ex_buf conninfo = EX_BUF_INIT;
	struct ex_conn *conn = NULL;
	int rc = -1;

	if (ex_cluster_make(c, err) == -1)
		return -1;
	if (!ex_cluster_running(c) && (ex_cluster_map(c, first, 1, err) == -1 ||
					  ex_cluster_start(c, err) == -1))
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
	size_t applied;

	if (ex_house_embedded(&f->house) && make_cluster(f, err) == -1)
		return -1;
	if (ex_house_admin(&f->house, &conn, err) == -1 ||
	    ex_schema_check_database(conn, err) == -1 ||
	    ex_schema_migrate(conn, &applied, err) == -1 ||
	    ex_house_map(&f->house, err) == -1)
		return -1;
	f->made |= applied > 0;
	return ex_house_add_login(&f->house, ADMIN, err);
}

/* Its name, the origin, has 64 random bits: no two logs share one. */
static int
make_log_key(struct ex_founding *f, struct ex_err *err)
{
	char path[EX_PATH], text[EX_VKEY_TEXT], origin[EX_NOTE_NAME], hex[17];
	struct ex_key *key = NULL;
	uint8_t random[8];
	struct ex_vkey v;
	int rc = -1;

	if (path_of(path, f, "log/log.key", err) == -1)
		return -1;
	if (!ex_file_exists(path)) {
		if (ex_key_new(&key, EX_KEY_ED25519, err) == -1 ||
		    ex_key_save(key, path, NULL, err) == -1)
			goto out;
		f->made = 1;
	} else if (ex_key_load(&key, path, NULL, err) == -1) {
		goto out;
	}
	ex_random(random, sizeof(random));
	ex_hex(hex, random, sizeof(random));
	(void)snprintf(origin, sizeof(origin), "exhibit-log/%s-%s/1",
	    f->house.conf.organisation, hex);
	if (ex_vkey_of(&v, origin, EX_NOTE_ED25519, key, err) == -1 ||
	    ex_vkey_text(text, &v, err) == -1 ||
	    path_of(path, f, "log/log.vkey", err) == -1)
		goto out;
	rc = 0;
	if (!ex_file_exists(path)) {
		struct ex_buf line = EX_BUF_INIT;

		rc = ex_buf_addf(&line, err, "%s\n", text);
		if (rc == 0)
			rc = ex_file_create(
			    path, line.data, line.len, 0644, err);
		ex_buf_free(&line);
	}
out:
	ex_key_free(key);
	return rc;
}

/* What log.vkey says, into the configuration. */
static int
take_log_key(struct ex_founding *f, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_PATH];
	int rc = -1;

	if (path_of(path, f, "log/log.vkey", err) == 0 &&
	    ex_file_read(&text, path, EX_VKEY_TEXT, err) == 0) {
		(void)snprintf(f->house.conf.log_key, EX_VKEY_TEXT, "%.*s",
		    (int)strcspn(ex_buf_text(&text), "\n"), ex_buf_text(&text));
		rc =
		    ex_vkey_read(&f->house.log_key, f->house.conf.log_key, err);
	}
	ex_buf_free(&text);
	return rc;
}

static int
make_ca(struct ex_founding *f, struct ex_err *err)
{
	char program[EX_PATH], ca[EX_PATH], pem[EX_PATH];
	const char *argv[] = { "exhibit-ca", ca, "make",
		f->house.conf.organisation, f->house.conf.organisation, NULL };
	struct ex_proc p = EX_PROC_INIT;
	struct ex_buf text = EX_BUF_INIT;
	int status = 0, rc = -1;

	if (path_of(ca, f, "ca", err) == -1 ||
	    path_of(pem, f, "ca/ca.pem", err) == -1 ||
	    ex_proc_beside(program, EX_PATH, argv[0], err) == -1)
		return -1;
	p.path = program;
	p.argv = argv;
	if (ex_proc_run(&p, NULL, 0, CA_SECONDS * EX_SECOND, &status, err) ==
	    -1)
		return -1;
	if (status != 0)
		return ex_fail(
		    err, EX_SYSTEM, "the laboratory's CA could not be made");
	if (ex_file_read(&text, pem, EX_KEYFILE_MAX, err) == 0)
		rc = ex_cert_from_pem(&f->ca, text.data, text.len, err);
	ex_buf_free(&text);
	return rc;
}

/* Load a key, or make it. */
static int
key_of(struct ex_founding *f, const char *folder_name,
    const struct ex_key_order *order, struct ex_signer **out,
    struct ex_err *err)
{
	char dir[EX_PATH];

	if (path_of(dir, f, folder_name, err) == -1)
		return -1;
	if (ex_key_here(dir, order->name))
		return ex_signer_load(out, dir, order->name, order->pins, err);
	f->made = 1;
	return ex_signer_make(out, f->house.dir, dir, order, err);
}

static int
make_keys(struct ex_founding *f, struct ex_err *err)
{
	const char *org = f->house.conf.organisation;
	const struct ex_key_order admin = { ADMIN, ADMIN, org, EX_MODE_SIGNED,
		f->in->pins };
	const struct ex_key_order station = { STATION, STATION, org,
		EX_MODE_STATION, NULL };
	const struct ex_key_order service = { SERVICE, SERVICE, org,
		EX_MODE_SERVICE, NULL };
	static const char *const owned[] = { "log/log.key", "log/log.vkey",
		"log/service.key", "log/service.pem", "log/service.json" };

	if (make_log_key(f, err) == -1 || take_log_key(f, err) == -1 ||
	    make_ca(f, err) == -1 ||
	    key_of(f, "keys", &admin, &f->admin, err) == -1 ||
	    key_of(f, "keys", &station, &f->station, err) == -1 ||
	    key_of(f, "log", &service, &f->service, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(owned) / sizeof(owned[0]); i++)
		if (give(f, owned[i], err) == -1)
			return -1;
	return 0;
}

static int
write_trust(struct ex_founding *f, struct ex_err *err)
{
	struct ex_buf policy = EX_BUF_INIT, roots = EX_BUF_INIT;
	struct ex_buf log = EX_BUF_INIT;
	char path[3][EX_PATH];
	int rc = -1;

	if (ex_buf_addf(&policy, err, "log %s\nquorum none\n",
		f->house.conf.log_key) == 0 &&
	    ex_cert_to_pem(&roots, f->ca.data, f->ca.len, err) == 0 &&
	    ex_vkey_pem(&log, &f->house.log_key, err) == 0 &&
	    path_of(path[0], f, "trust/policy", err) == 0 &&
	    path_of(path[1], f, "trust/roots.pem", err) == 0 &&
	    path_of(path[2], f, "trust/log.pem", err) == 0 &&
	    ex_file_write(path[0], policy.data, policy.len, 0644, err) == 0 &&
	    ex_file_write(path[1], roots.data, roots.len, 0644, err) == 0)
		rc = ex_file_write(path[2], log.data, log.len, 0644, err);
	ex_buf_free(&policy);
	ex_buf_free(&roots);
	ex_buf_free(&log);
	return rc;
}

/* All that needs the keys: only while the house is not whole. */
static int
make_rest(struct ex_founding *f, struct ex_err *err)
{
	if (make_keys(f, err) == -1 || make_database(f, err) == -1 ||
	    ex_found_log(f, err) == -1 || write_trust(f, err) == -1)
		return -1;
	return ex_house_conf_write(&f->house.conf, f->house.dir, err);
}

static int
put_print(struct ex_json *v, const char *name, const void *bytes, size_t n,
    struct ex_err *err)
{
	char hex[EX_SHA256_HEX];

	ex_sha256_hex(hex, bytes, n);
	return ex_json_set_text(v, name, hex, err);
}

static int
put_cert_print(struct ex_json *v, const struct ex_founding *f, const char *name,
    const char *file, struct ex_err *err)
{
	struct ex_buf pem = EX_BUF_INIT, der = EX_BUF_INIT;
	char path[EX_PATH];
	int rc = -1;

	if (path_of(path, f, file, err) == 0 &&
	    ex_file_read(&pem, path, EX_KEYFILE_MAX, err) == 0 &&
	    ex_cert_from_pem(&der, pem.data, pem.len, err) == 0)
		rc = put_print(v, name, der.data, der.len, err);
	ex_buf_free(&pem);
	ex_buf_free(&der);
	return rc;
}

/* What is to be printed on paper. */
static int
tell(struct ex_json **out, const struct ex_founding *f, struct ex_err *err)
{
	struct ex_json *v = ex_json_object(), *prints = ex_json_object();
	const struct ex_house *h = &f->house;
	char path[EX_PATH];
	int locked = -1;

	if (v == NULL || ex_json_set(v, "fingerprints", prints, err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	if (path_of(path, f, "keys/" ADMIN ".key", err) == 0)
		locked = ex_key_file_locked(path, err);
	if (locked == -1 ||
	    ex_json_set_text(v, "directory", h->dir, err) == -1 ||
	    ex_json_set_text(v, "origin", h->log_key.name, err) == -1 ||
	    ex_json_set_text(v, "organisation", h->conf.organisation, err) ==
		-1 ||
	    ex_json_set_int(v, "made", f->made, err) == -1 ||
	    ex_json_set(v, "locked", ex_json_bool(locked), err) == -1 ||
	    put_print(prints, "log", h->log_key.key, sizeof(h->log_key.key),
		err) == -1 ||
	    put_cert_print(prints, f, "ca", "ca/ca.pem", err) == -1 ||
	    put_cert_print(prints, f, "admin", "keys/" ADMIN ".pem", err) ==
		-1 ||
	    put_cert_print(prints, f, "station", "keys/" STATION ".pem", err) ==
		-1 ||
	    put_cert_print(prints, f, "service", "log/" SERVICE ".pem", err) ==
		-1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}

static int
begin(struct ex_founding *f, struct ex_err *err)
{
	struct ex_house *h = &f->house;
	char conf[EX_PATH];

	if (ex_dir_make(f->in->dir, 0755, err) == -1)
		return -1;
	if (realpath(f->in->dir, h->dir) == NULL)
		return ex_fail_errno(err, "%s", f->in->dir);
	if (path_of(conf, f, "exhibit.conf", err) == -1)
		return -1;
	if (ex_file_exists(conf)) {
		if (ex_house_conf_read(&h->conf, h->dir, err) == -1)
			return ex_while(err, conf);
		if (f->in->database != NULL &&
		    strcmp(f->in->database, h->conf.database) != 0)
			return ex_fail(err, EX_USAGE,
			    "the house at %s lives in another database",
			    h->dir);
	} else {
		(void)snprintf(
		    h->conf.organisation, EX_NAME_TEXT, "%s", ORGANISATION);
		(void)snprintf(h->conf.database, EX_PATH, "%s",
		    f->in->database == NULL ? "" : f->in->database);
	}
	return ex_cluster_find(&h->cluster, h->dir, err);
}

/* The database takes longest and is refused first. */
static int
make(struct ex_founding *f, struct ex_err *err)
{
	struct ex_house *h = &f->house;
	char conf[EX_PATH];

	if (path_of(conf, f, "exhibit.conf", err) == -1)
		return -1;
	if (ex_house_embedded(h) && ex_cluster_make(&h->cluster, err) == -1)
		return -1;
	if (make_folders(f, err) == -1)
		return -1;
	if (!ex_file_exists(conf) && make_rest(f, err) == -1)
		return -1;
	if (take_log_key(f, err) == -1)
		return -1;
	return ex_house_up(h, err);
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

int
ex_house_init(
    struct ex_json **out, const struct ex_init *in, struct ex_err *err)
{
	struct ex_founding *f = calloc(1, sizeof(*f));
	char lock[EX_PATH];
	int fd = -1, rc = -1;

	*out = NULL;
	if (f == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	f->in = in;
	if (begin(f, err) == 0 && path_of(lock, f, "init.lock", err) == 0 &&
	    (fd = ex_file_lock(lock, err)) != -1 && make(f, err) == 0)
		rc = tell(out, f, err);
	if (fd != -1)
		(void)close(fd);
	end(f);
	free(f);
	return rc;
}
