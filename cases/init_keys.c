/*
 * init_keys.c -- the keys of a new house, its CA, and what verifiers take
 * along.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/limits.h"
#include "base/proc.h"
#include "cases/init_parts.h"
#include "cases/keys_parts.h"
#include "signing/cert.h"

#define ADMIN	EX_FOUND_ADMIN
#define STATION "station"
#define SERVICE "service"

enum {
	CA_SECONDS = 60
};

/* Its name, the origin, has 64 random bits: no two logs share one. */
static int
make_log_key(struct ex_founding *f, struct ex_err *err)
{
	char path[EX_PATH], text[EX_VKEY_TEXT], origin[EX_NOTE_NAME], hex[17];
	struct ex_key *key = NULL;
	uint8_t random[8];
	struct ex_vkey v;
	int rc = -1;

	if (ex_found_path(path, f, "log/log.key", err) == -1)
		return -1;
	if (!ex_file_exists(path)) {
		if (ex_key_new(&key, EX_KEY_ED25519, err) == -1 ||
		    ex_key_save(key, path, NULL, err) == -1)
			goto out;
	} else if (ex_key_load(&key, path, NULL, err) == -1) {
		goto out;
	}
	ex_random(random, sizeof(random));
	ex_hex(hex, random, sizeof(random));
	(void)snprintf(origin, sizeof(origin), "exhibit-log/%s-%s/1",
	    f->house.conf.organisation, hex);
	if (ex_vkey_of(&v, origin, EX_NOTE_ED25519, key, err) == -1 ||
	    ex_vkey_text(text, &v, err) == -1 ||
	    ex_found_path(path, f, "log/log.vkey", err) == -1)
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

	if (ex_found_path(path, f, "log/log.vkey", err) == 0 &&
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

	if (ex_found_path(ca, f, "ca", err) == -1 ||
	    ex_found_path(pem, f, "ca/ca.pem", err) == -1 ||
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

	if (ex_found_path(dir, f, folder_name, err) == -1)
		return -1;
	if (ex_key_here(dir, order->name))
		return ex_signer_load(out, dir, order->name, order->pins, err);
	return ex_signer_make(out, f->house.dir, dir, order, err);
}

int
ex_found_keys(struct ex_founding *f, struct ex_err *err)
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
		if (ex_found_give(f, owned[i], err) == -1)
			return -1;
	return 0;
}

int
ex_found_trust(struct ex_founding *f, struct ex_err *err)
{
	struct ex_buf policy = EX_BUF_INIT, roots = EX_BUF_INIT;
	struct ex_buf log = EX_BUF_INIT;
	char path[3][EX_PATH];
	int rc = -1;

	if (ex_buf_addf(&policy, err, "log %s\nquorum none\n",
		f->house.conf.log_key) == 0 &&
	    ex_cert_to_pem(&roots, f->ca.data, f->ca.len, err) == 0 &&
	    ex_vkey_pem(&log, &f->house.log_key, err) == 0 &&
	    ex_found_path(path[0], f, "trust/policy", err) == 0 &&
	    ex_found_path(path[1], f, "trust/roots.pem", err) == 0 &&
	    ex_found_path(path[2], f, "trust/log.pem", err) == 0 &&
	    ex_file_write(path[0], policy.data, policy.len, 0644, err) == 0 &&
	    ex_file_write(path[1], roots.data, roots.len, 0644, err) == 0)
		rc = ex_file_write(path[2], log.data, log.len, 0644, err);
	ex_buf_free(&policy);
	ex_buf_free(&roots);
	ex_buf_free(&log);
	return rc;
}
