/*
 * keys.c -- a key's files: NAME.json says whose it is and, of a card's key,
 * where it lies; NAME.pem is its certificate, NAME.key the key itself.
 */
#include "cases/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cases/keys_parts.h"
#include "signing/card.h"
#include "signing/cert.h"

enum {
	TRIES = 3,	 /* wrong PINs before we give up */
	WORDS_MAX = 4096 /* bytes of NAME.json */
};

int
ex_key_file(char out[EX_PATH], const char *dir, const char *name,
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

/* Where a card's key lies; not there: it is a file. */
static int
read_place(struct ex_signer *s, const struct ex_json *v, struct ex_err *err)
{
	const char *uri = ex_json_get_text(v, "pkcs11");
	const char *storage = ex_json_get_text(v, "storage");

	if (uri == NULL)
		return 0;
	if (ex_card_check_uri(uri, err) == -1)
		return -1;
	(void)snprintf(s->uri, sizeof(s->uri), "%s", uri);
	s->hsm = storage != NULL && strcmp(storage, "hsm") == 0;
	return 0;
}

/* The words of NAME.json into a signer. */
static int
read_words(
    struct ex_signer *s, const char *dir, const char *name, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	const char *person, *org, *mode;
	struct ex_json *v = NULL;
	char path[EX_PATH];
	int rc = -1;

	if (ex_key_file(path, dir, name, "json", err) == -1)
		return -1;
	if (!ex_file_exists(path)) {
		ex_fail(err, EX_ABSENT,
		    "no key \"%s\" on this machine: exhibit key list shows "
		    "what there is",
		    name);
		goto out;
	}
	if (ex_file_read(&text, path, WORDS_MAX, err) == -1)
		goto out;
	if (ex_json_read(&v, text.data, text.len, err) == -1 ||
	    ex_json_need_text(&person, v, "person", err) == -1 ||
	    ex_json_need_text(&org, v, "org", err) == -1 ||
	    ex_json_need_text(&mode, v, "mode", err) == -1 ||
	    ex_mode_parse(&s->mode, mode, err) == -1 ||
	    read_place(s, v, err) == -1) {
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
	if (read_words(&s, keys_dir, name, err) == -1)
		return -1;
	memcpy(out, s.person, EX_NAME_TEXT);
	return 0;
}

int
ex_key_here(const char *keys_dir, const char *name)
{
	char path[EX_PATH];
	struct ex_signer s;

	memset(&s, 0, sizeof(s));
	if (read_words(&s, keys_dir, name, NULL) == -1)
		return 0;
	return s.uri[0] != '\0' ||
	       (ex_key_file(path, keys_dir, name, "key", NULL) == 0 &&
		   ex_file_exists(path));
}

static int
read_cert(struct ex_signer *s, const char *dir, struct ex_err *err)
{
	struct ex_buf pem = EX_BUF_INIT;
	char path[EX_PATH];
	int rc = -1;

	if (ex_key_file(path, dir, s->name, "pem", err) == 0 &&
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
		  : pins->get(pins->arg, s->name,
			wrong ? EX_PIN_WRONG : EX_PIN_FIRST, &pin, err);
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

/* A card asks when it signs. */
static int
ask_for_card(void *arg, int wrong, struct ex_buf *pin, struct ex_err *err)
{
	const struct ex_signer *s = arg;

	if (s->pins.get == NULL)
		return 0;
	return s->pins.get(s->pins.arg, s->name,
	    wrong ? EX_PIN_WRONG : EX_PIN_FIRST, pin, err);
}

static int
open_card(struct ex_signer *s, const struct ex_pins *pins, struct ex_err *err)
{
	const struct ex_card_place place = { s->uri, s->name, s->hsm,
		s->cert.data, s->cert.len, ask_for_card, s };

	if (pins != NULL)
		s->pins = *pins;
	return ex_card_open(&s->key, &place, err);
}

static int
open_file(struct ex_signer *s, const char *dir, const struct ex_pins *pins,
    struct ex_err *err)
{
	char path[EX_PATH];
	int locked, rc;

	if (ex_key_file(path, dir, s->name, "key", err) == -1)
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
ex_signer_open(struct ex_signer *s, const char *keys_dir,
    const struct ex_pins *pins, struct ex_err *err)
{
	if ((s->uri[0] != '\0' ? open_card(s, pins, err)
			       : open_file(s, keys_dir, pins, err)) == -1 ||
	    check_pair(s, err) == -1)
		return -1;
	(void)snprintf(
	    s->storage, sizeof(s->storage), "%s", ex_key_storage(s->key));
	return 0;
}

int
ex_signer_load(struct ex_signer **out, const char *keys_dir, const char *name,
    const struct ex_pins *pins, struct ex_err *err)
{
	struct ex_signer *s = calloc(1, sizeof(*s));

	*out = NULL;
	if (s == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (read_words(s, keys_dir, name, err) == -1 ||
	    read_cert(s, keys_dir, err) == -1 ||
	    ex_signer_open(s, keys_dir, pins, err) == -1) {
		ex_signer_free(s);
		return -1;
	}
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
