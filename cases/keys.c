/*
 * keys.c -- a key's files: NAME.json says whose it is, NAME.pem is its
 * certificate, NAME.key the key itself, written last.
 */
#include "cases/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/proc.h"
#include "base/text.h"
#include "cases/keys_parts.h"
#include "signing/cert.h"

enum {
	TRIES = 3,	 /* wrong PINs before we give up */
	CA_SECONDS = 60, /* for one certificate */
	CARD_MAX = 4096	 /* bytes of NAME.json */
};

/* DIR/NAME.ending */
static int
file_of(char out[EX_PATH], const char *dir, const char *name,
    const char *ending, struct ex_err *err)
{
	char file[EX_NAME_TEXT + 8];

	if (!ex_text_name_ok(name))
		return ex_fail(err, EX_USAGE,
		    "\"%.60s\" cannot be a key's name: letters, digits, "
		    "\".\", \"_\", \"-\", at most 40",
		    name);
	(void)snprintf(file, sizeof(file), "%s.%s", name, ending);
	return ex_path_join(out, EX_PATH, dir, file, err);
}

/* The words of NAME.json into a signer. */
static int
read_card(
    struct ex_signer *s, const char *dir, const char *name, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	const char *person, *org, *mode;
	struct ex_json *v = NULL;
	char path[EX_PATH];
	int rc = -1;

	if (file_of(path, dir, name, "json", err) == -1)
		return -1;
	if (!ex_file_exists(path)) {
		ex_fail(err, EX_ABSENT,
		    "no key \"%s\" on this machine: exhibit key list shows "
		    "what there is",
		    name);
		goto out;
	}
	if (ex_file_read(&text, path, CARD_MAX, err) == -1)
		goto out;
	if (ex_json_read(&v, text.data, text.len, err) == -1 ||
	    ex_json_need_text(&person, v, "person", err) == -1 ||
	    ex_json_need_text(&org, v, "org", err) == -1 ||
	    ex_json_need_text(&mode, v, "mode", err) == -1 ||
	    ex_mode_parse(&s->mode, mode, err) == -1) {
		ex_while(err, path);
		goto out;
	}
	if (!ex_text_name_ok(person) || !ex_text_name_ok(org)) {
		ex_fail(err, EX_FORMAT, "%s: no name", path);
		goto out;
	}
	(void)snprintf(s->name, sizeof(s->name), "%s", name);
	(void)snprintf(s->person, sizeof(s->person), "%s", person);
	(void)snprintf(s->org, sizeof(s->org), "%s", org);
	rc = 0;
out:
	ex_json_free(v);
	ex_buf_free(&text);
	return rc;
}

int
ex_key_person(char out[EX_NAME_TEXT], const char *keys_dir, const char *name,
    struct ex_err *err)
{
	struct ex_signer s;

	memset(&s, 0, sizeof(s));
	if (read_card(&s, keys_dir, name, err) == -1)
		return -1;
	memcpy(out, s.person, EX_NAME_TEXT);
	return 0;
}

int
ex_key_here(const char *keys_dir, const char *name)
{
	char path[EX_PATH];

	return file_of(path, keys_dir, name, "key", NULL) == 0 &&
	       ex_file_exists(path);
}

static int
read_cert(struct ex_signer *s, const char *dir, struct ex_err *err)
{
	struct ex_buf pem = EX_BUF_INIT;
	char path[EX_PATH];
	int rc = -1;

	if (file_of(path, dir, s->name, "pem", err) == 0 &&
	    ex_file_read(&pem, path, EX_KEYFILE_MAX, err) == 0 &&
	    ex_cert_from_pem(&s->cert, pem.data, pem.len, err) == 0) {
		ex_sha256(s->cert_sha256, s->cert.data, s->cert.len);
		rc = 0;
	}
	ex_buf_free(&pem);
	return rc;
}

/* One answer of the PIN's source; 1: opened, 0: wrong. */
static int
try_pin(struct ex_signer *s, const char *path, const struct ex_pins *pins,
    int wrong, struct ex_err *err)
{
	struct ex_buf pin = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	int got, rc = -1;

	got = pins == NULL || pins->get == NULL
		  ? 0
		  : pins->get(pins->arg, s->name, wrong, &pin, err);
	if (got == 1)
		rc = ex_key_load(&s->key, path, ex_buf_text(&pin), &why);
	if (got == 1 && rc == -1 && why.code == EX_PIN)
		rc = 0;
	else if (got == 1 && rc == -1)
		ex_fail(err, why.code, "%s", why.text);
	else if (got == 1)
		rc = 1;
	else if (got == 0 && wrong)
		ex_fail(err, EX_PIN, "wrong PIN for the key \"%s\"", s->name);
	else if (got == 0)
		ex_fail(err, EX_PIN,
		    "the PIN of the key \"%s\" is needed: give --pin-file "
		    "%s=FILE or type it at a terminal",
		    s->name, s->name);
	ex_buf_wipe(&pin);
	return rc;
}

static int
open_key(struct ex_signer *s, const char *dir, const struct ex_pins *pins,
    struct ex_err *err)
{
	char path[EX_PATH];
	int locked, rc;

	if (file_of(path, dir, s->name, "key", err) == -1)
		return -1;
	if ((locked = ex_key_file_locked(path, err)) == -1)
		return -1;
	if (!locked)
		return ex_key_load(&s->key, path, NULL, err);
	for (int i = 0; i < TRIES; i++)
		if ((rc = try_pin(s, path, pins, i > 0, err)) != 0)
			return rc == 1 ? 0 : -1;
	return ex_fail(err, EX_PIN, "wrong PIN for the key \"%s\"", s->name);
}

/* Certificate and key belong together. */
static int
check_pair(const struct ex_signer *s, struct ex_err *err)
{
	struct ex_buf a = EX_BUF_INIT, b = EX_BUF_INIT;
	int rc = -1;

	if (ex_key_public(s->key, &a, err) == 0 &&
	    ex_cert_public(&b, s->cert.data, s->cert.len, err) == 0) {
		rc = 0;
		if (a.len != b.len || memcmp(a.data, b.data, a.len) != 0)
			rc = ex_fail(err, EX_DAMAGED,
			    "key \"%s\": its certificate is another key's",
			    s->name);
	}
	ex_buf_free(&a);
	ex_buf_free(&b);
	return rc;
}

int
ex_signer_load(struct ex_signer **out, const char *keys_dir, const char *name,
    const struct ex_pins *pins, struct ex_err *err)
{
	struct ex_signer *s = calloc(1, sizeof(*s));

	*out = NULL;
	if (s == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (read_card(s, keys_dir, name, err) == -1 ||
	    read_cert(s, keys_dir, err) == -1 ||
	    open_key(s, keys_dir, pins, err) == -1 ||
	    check_pair(s, err) == -1) {
		ex_signer_free(s);
		return -1;
	}
	(void)snprintf(
	    s->storage, sizeof(s->storage), "%s", ex_key_storage(s->key));
	*out = s;
	return 0;
}

void
ex_signer_free(struct ex_signer *s)
{
	if (s == NULL)
		return;
	ex_key_free(s->key);
	ex_buf_free(&s->cert);
	free(s);
}

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
write_card(const struct ex_signer *s, const char *dir, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_PATH];
	int rc = -1;

	if (v == NULL)
		ex_fail(err, EX_SYSTEM, "out of memory");
	else if (ex_json_set_text(v, "person", s->person, err) == 0 &&
		 ex_json_set_text(v, "org", s->org, err) == 0 &&
		 ex_json_set_text(v, "mode", ex_mode_name(s->mode), err) == 0 &&
		 ex_json_print(&text, v, err) == 0 &&
		 ex_buf_add_byte(&text, '\n', err) == 0 &&
		 file_of(path, dir, s->name, "json", err) == 0)
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
	    file_of(path, dir, s->name, "pem", err) == 0)
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

	if (file_of(path, dir, s->name, "key", err) == 0) {
		if (pins != NULL && pins->get != NULL)
			got = pins->get(pins->arg, s->name, 0, &pin, err);
		if (got != -1)
			rc = ex_key_save(s->key, path,
			    got == 1 && pin.len > 0 ? ex_buf_text(&pin) : NULL,
			    err);
	}
	ex_buf_wipe(&pin);
	return rc;
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
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	(void)snprintf(s->name, sizeof(s->name), "%s", order->name);
	(void)snprintf(s->person, sizeof(s->person), "%s", order->person);
	(void)snprintf(s->org, sizeof(s->org), "%s", order->org);
	s->mode = order->mode;
	if (ex_key_new(&s->key, EX_KEY_P256, err) == -1 ||
	    certify(s, data_dir, keys_dir, err) == -1 ||
	    write_card(s, keys_dir, err) == -1 ||
	    write_cert(s, keys_dir, err) == -1 ||
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
		if (file_of(path, keys_dir, name, endings[i], NULL) == 0)
			(void)unlink(path);
}
