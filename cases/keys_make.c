/*
 * keys_make.c -- a key made, certified by the laboratory's CA and written: the
 * key itself last.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/proc.h"
#include "cases/keys_parts.h"
#include "signing/cert.h"

enum {
	CA_SECONDS = 60 /* for one certificate */
};

/* A request in a file without a name, for the CA to read. */
static int
spool(int *fd, const struct ex_buf *csr, const char *dir, struct ex_err *err)
{
	char path[EX_PATH];

	if (ex_path_join(path, EX_PATH, dir, ".request.XXXXXX", err) == -1)
		return -1;
	if ((*fd = mkstemp(path)) == -1)
		return ex_fail_errno(err, "%s", path);
	(void)unlink(path);
	if (ex_fd_write_all(*fd, csr->data, csr->len, err) == -1 ||
	    lseek(*fd, 0, SEEK_SET) == -1) {
		(void)close(*fd);
		return ex_fail_errno(err, "%s", path);
	}
	return 0;
}

/* Have the laboratory's CA certify the key: exhibit-ca alone has its key. */
static int
certify(struct ex_signer *s, const char *data_dir, const char *keys_dir,
    struct ex_err *err)
{
	static const char *const kind[EX_MODES] = {
		[EX_MODE_SIGNED] = "person",
		[EX_MODE_STATION] = "station",
		[EX_MODE_SERVICE] = "service",
	};
	char program[EX_PATH], ca[EX_PATH];
	const char *argv[] = { "exhibit-ca", ca, kind[s->mode], s->person,
		s->org, NULL };
	struct ex_proc p = EX_PROC_INIT;
	struct ex_buf csr = EX_BUF_INIT;
	int rc = -1, status = -1, fd = -1;

	if (argv[2] == NULL)
		return ex_fail(err, EX_USAGE, "such a key cannot be made");
	if (ex_proc_beside(program, EX_PATH, argv[0], err) == -1 ||
	    ex_path_join(ca, EX_PATH, data_dir, "ca", err) == -1 ||
	    ex_csr_make(&csr, s->key, s->person, s->org, err) == -1 ||
	    spool(&fd, &csr, keys_dir, err) == -1)
		goto out;
	p.path = program;
	p.argv = argv;
	p.in = fd;
	rc = ex_proc_run(
	    &p, &s->cert, EX_CERT_MAX, CA_SECONDS * EX_SECOND, &status, err);
	if (rc == 0 && status != 0)
		rc = ex_fail(err, EX_SYSTEM,
		    "the laboratory's CA gave no certificate for %s",
		    s->person);
	ex_sha256(s->cert_sha256, s->cert.data, s->cert.len);
out:
	if (fd != -1)
		(void)close(fd);
	ex_buf_free(&csr);
	return rc;
}

static int
write_words(const struct ex_signer *s, const char *dir, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_PATH];
	int rc = -1;

	if (v == NULL)
		ex_fail(err, EX_SYSTEM, "out of memory");
	else if ((s->uri[0] == '\0' ||
		     (ex_json_set_text(v, "pkcs11", s->uri, err) == 0 &&
			 ex_json_set_text(v, "storage", s->hsm ? "hsm" : "card",
			     err) == 0)) &&
		 ex_json_set_text(v, "person", s->person, err) == 0 &&
		 ex_json_set_text(v, "org", s->org, err) == 0 &&
		 ex_json_set_text(v, "mode", ex_mode_name(s->mode), err) == 0 &&
		 ex_json_print(&text, v, err) == 0 &&
		 ex_buf_add_byte(&text, '\n', err) == 0 &&
		 ex_key_file(path, dir, s->name, "json", err) == 0)
		rc = ex_file_write(path, text.data, text.len, 0600, err);
	ex_json_free(v);
	ex_buf_free(&text);
	return rc;
}

static int
write_cert(const struct ex_signer *s, const char *dir, struct ex_err *err)
{
	struct ex_buf pem = EX_BUF_INIT;
	char path[EX_PATH];
	int rc = -1;

	if (ex_cert_to_pem(&pem, s->cert.data, s->cert.len, err) == 0 &&
	    ex_key_file(path, dir, s->name, "pem", err) == 0)
		rc = ex_file_write(path, pem.data, pem.len, 0644, err);
	ex_buf_free(&pem);
	return rc;
}

static int
write_key(const struct ex_signer *s, const char *dir,
    const struct ex_pins *pins, struct ex_err *err)
{
	struct ex_buf pin = EX_BUF_INIT;
	char path[EX_PATH];
	int got = 0, rc = -1;

	if (ex_key_file(path, dir, s->name, "key", err) == 0) {
		if (pins != NULL && pins->get != NULL)
			got = pins->get(
			    pins->arg, s->name, EX_PIN_NEW, &pin, err);
		if (got != -1)
			rc = ex_key_save(s->key, path,
			    got == 1 && pin.len > 0 ? ex_buf_text(&pin) : NULL,
			    err);
	}
	ex_buf_wipe(&pin);
	return rc;
}

int
ex_signer_write(
    const struct ex_signer *s, const char *keys_dir, struct ex_err *err)
{
	if (write_words(s, keys_dir, err) == -1)
		return -1;
	return write_cert(s, keys_dir, err);
}

int
ex_signer_new(struct ex_signer **out, const struct ex_key_order *order,
    struct ex_err *err)
{
	struct ex_signer *s = calloc(1, sizeof(*s));

	*out = s;
	if (s == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	(void)snprintf(s->name, sizeof(s->name), "%s", order->name);
	(void)snprintf(s->person, sizeof(s->person), "%s", order->person);
	(void)snprintf(s->org, sizeof(s->org), "%s", order->org);
	s->mode = order->mode;
	return 0;
}

int
ex_signer_make(struct ex_signer **out, const char *data_dir,
    const char *keys_dir, const struct ex_key_order *order, struct ex_err *err)
{
	struct ex_signer *s;

	*out = NULL;
	if (ex_key_here(keys_dir, order->name))
		return ex_fail(err, EX_EXISTS,
		    "there is a key \"%s\" on this machine", order->name);
	if (ex_signer_new(&s, order, err) == -1)
		return -1;
	if (ex_key_new(&s->key, EX_KEY_P256, err) == -1 ||
	    certify(s, data_dir, keys_dir, err) == -1 ||
	    ex_signer_write(s, keys_dir, err) == -1 ||
	    write_key(s, keys_dir, order->pins, err) == -1) {
		ex_signer_free(s);
		return -1;
	}
	(void)snprintf(
	    s->storage, sizeof(s->storage), "%s", ex_key_storage(s->key));
	*out = s;
	return 0;
}

void
ex_key_forget(const char *keys_dir, const char *name)
{
	static const char *const endings[] = { "key", "pem", "json" };
	char path[EX_PATH];

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (ex_key_file(path, keys_dir, name, endings[i], NULL) == 0)
			(void)unlink(path);
}
