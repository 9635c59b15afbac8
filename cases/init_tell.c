/*
 * init_tell.c -- what is to be printed on paper when a house was founded.
 */
#include "base/clock.h"
#include "base/limits.h"
#include "cases/init_parts.h"
#include "db/store.h"
#include "signing/cert.h"

#define PATIENCE (30 * EX_SECOND)
#define PAUSE	 (EX_SECOND / 20)

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

	if (ex_found_path(path, f, file, err) == 0 &&
	    ex_file_read(&pem, path, EX_KEYFILE_MAX, err) == 0 &&
	    ex_cert_from_pem(&der, pem.data, pem.len, err) == 0)
		rc = put_print(v, name, der.data, der.len, err);
	ex_buf_free(&pem);
	ex_buf_free(&der);
	return rc;
}

static int
put_leaf(void *arg, const struct ex_entry_row *row, struct ex_err *err)
{
	return ex_json_set_hex(arg, "genesis", row->leaf, EX_HASH, err);
}

/* The first entry by its leaf: it commits to all the other keys. */
static int
put_genesis(struct ex_json *v, struct ex_house *h, struct ex_err *err)
{
	int64_t until = ex_ticks() + PATIENCE;
	struct ex_checkpoint c = { .size = 0 };
	struct ex_conn *conn;

	for (;;) {
		if (ex_house_seen(h, &c, NULL, err) == -1)
			return -1;
		if (c.size > 0)
			break;
		if (ex_ticks() > until)
			return ex_fail(err, EX_UNREACHABLE,
			    "the sequencer has not signed the founding entry: "
			    "see log/sequencer.log");
		ex_sleep(PAUSE);
	}
	if (ex_house_service(h, &conn, err) == -1)
		return -1;
	return ex_store_entry(conn, 0, put_leaf, v, err);
}

static int
put_prints(struct ex_json *v, struct ex_founding *f, struct ex_err *err)
{
	uint8_t log[EX_SHA256_LEN];

	ex_vkey_sha256(log, &f->house.log_key);
	if (ex_json_set_hex(v, "log", log, sizeof(log), err) == -1 ||
	    put_cert_print(v, f, "ca", "ca/ca.pem", err) == -1 ||
	    put_cert_print(v, f, "admin", "keys/admin.pem", err) == -1 ||
	    put_cert_print(v, f, "station", "keys/station.pem", err) == -1 ||
	    put_cert_print(v, f, "service", "log/service.pem", err) == -1)
		return -1;
	return put_genesis(v, &f->house, err);
}

int
ex_found_tell(struct ex_json **out, struct ex_founding *f, struct ex_err *err)
{
	struct ex_json *v = ex_json_object(), *prints = ex_json_object();
	const struct ex_house *h = &f->house;
	char path[EX_PATH];
	int locked = -1;

	if (v == NULL || ex_json_set(v, "fingerprints", prints, err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	if (ex_found_path(path, f, "keys/admin.key", err) == 0)
		locked = ex_key_file_locked(path, err);
	if (locked == -1 ||
	    ex_json_set_text(v, "directory", h->dir, err) == -1 ||
	    ex_json_set_text(v, "origin", h->log_key.name, err) == -1 ||
	    ex_json_set_text(v, "organisation", h->conf.organisation, err) ==
		-1 ||
	    ex_json_set_int(v, "made", f->made, err) == -1 ||
	    ex_json_set(v, "locked", ex_json_bool(locked), err) == -1 ||
	    put_prints(prints, f, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}
