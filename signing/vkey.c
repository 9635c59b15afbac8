/*
 * vkey.c -- verifier keys and the text of notes and checkpoints.
 */
#include <string.h>

#include "base/codec.h"
#include "base/text.h"
#include "hashing/digest.h"
#include "signing/note.h"
#include "signing/note_text.h"

void
ex_note_spki(uint8_t out[EX_ED25519_SPKI], const uint8_t key[32])
{
	static const uint8_t head[] = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
		0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 };

	memcpy(out, head, sizeof(head));
	memcpy(&out[sizeof(head)], key, 32);
}

/* The characters with White_Space=yes that ex_text_canonical() lets pass. */
static const char *const spaces[] = { " ", "\xc2\xa0", "\xe1\x9a\x80",
	"\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82", "\xe2\x80\x83",
	"\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87",
	"\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8",
	"\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80" };

int
ex_note_name_check(struct ex_span name, struct ex_err *err)
{
	char text[EX_NOTE_NAME];

	if (name.n == 0 || name.n >= sizeof(text))
		return ex_fail(err, EX_FORMAT,
		    "name of a note's key has %zu bytes", name.n);
	if (ex_text_canonical((const char *)name.p, name.n, err) == -1)
		return ex_while(err, "name of a note's key");
	memcpy(text, name.p, name.n);
	text[name.n] = '\0';
	if (strchr(text, '+') != NULL)
		return ex_fail(
		    err, EX_FORMAT, "name of a note's key holds a plus");
	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++)
		if (strstr(text, spaces[i]) != NULL)
			return ex_fail(err, EX_FORMAT,
			    "name of a note's key holds a space");
	return 0;
}

int
ex_note_lines_check(struct ex_span text, struct ex_err *err)
{
	struct ex_reader r;
	struct ex_span line;

	ex_reader_init(&r, text.p, text.n);
	if (text.n == 0 || text.p[text.n - 1] != '\n')
		return ex_fail(
		    err, EX_FORMAT, "note does not end in a newline");
	while (r.left > 0) {
		if (ex_read_line(&r, &line, err) == -1 ||
		    ex_text_canonical((const char *)line.p, line.n, err) == -1)
			return ex_while(err, "note");
	}
	return 0;
}

/* SHA-256(name || 0x0A || type || key)[0..4) */
static void
set_id(struct ex_vkey *v)
{
	uint8_t tail[2 + sizeof(v->key)] = { '\n', v->type };
	uint8_t hash[EX_SHA256_LEN];

	memcpy(&tail[2], v->key, sizeof(v->key));
	ex_sha256_two(hash, v->name, strlen(v->name), tail, sizeof(tail));
	memcpy(v->id, hash, sizeof(v->id));
}

/* Name, type and raw key make a verifier key. */
static int
vkey_init(struct ex_vkey *out, struct ex_span name, uint8_t type,
    const uint8_t key[32], struct ex_err *err)
{
	if (type != EX_NOTE_ED25519 && type != EX_NOTE_COSIGNATURE)
		return ex_fail(
		    err, EX_FORMAT, "note key of unknown type 0x%02x", type);
	if (ex_note_name_check(name, err) == -1)
		return -1;
	memset(out, 0, sizeof(*out));
	memcpy(out->name, name.p, name.n);
	out->type = type;
	memcpy(out->key, key, sizeof(out->key));
	set_id(out);
	return 0;
}

int
ex_vkey_of(struct ex_vkey *out, const char *name, uint8_t type,
    const struct ex_key *key, struct ex_err *err)
{
	struct ex_span text = { (const uint8_t *)name, strlen(name) };
	struct ex_buf spki = EX_BUF_INIT;
	int rc = -1;

	if (ex_key_kind(key) != EX_KEY_ED25519)
		return ex_fail(
		    err, EX_USAGE, "notes are signed with Ed25519 keys");
	if (ex_key_public(key, &spki, err) == 0) {
		if (spki.len != EX_ED25519_SPKI)
			(void)ex_fail(
			    err, EX_FORMAT, "Ed25519 key of %zu", spki.len);
		else
			rc = vkey_init(out, text, type,
			    &spki.data[EX_ED25519_SPKI - 32], err);
	}
	ex_buf_free(&spki);
	return rc;
}

/* The parts of "name+hhhhhhhh+base64": where each plus is. */
static int
vkey_split(struct ex_span part[3], const char *text, struct ex_err *err)
{
	const char *first = strchr(text, '+');
	const char *second = first == NULL ? NULL : strchr(first + 1, '+');

	if (second == NULL)
		return ex_fail(err, EX_FORMAT, "a verifier key is name+id+key");
	part[0].p = (const uint8_t *)text;
	part[0].n = (size_t)(first - text);
	part[1].p = (const uint8_t *)first + 1;
	part[1].n = (size_t)(second - first) - 1;
	part[2].p = (const uint8_t *)second + 1;
	part[2].n = strlen(second + 1);
	return 0;
}

int
ex_vkey_read(struct ex_vkey *out, const char *text, struct ex_err *err)
{
	struct ex_buf key = EX_BUF_INIT;
	struct ex_span part[3] = { { NULL, 0 } };
	char id[2 * sizeof(out->id) + 1];
	int rc = -1;

	if (vkey_split(part, text, err) == -1 ||
	    ex_base64_read(&key, (const char *)part[2].p, part[2].n, err) == -1)
		goto out;
	if (key.len != 33) {
		(void)ex_fail(err, EX_FORMAT,
		    "verifier key of %zu bytes instead of 33", key.len);
		goto out;
	}
	if (vkey_init(out, part[0], key.data[0], &key.data[1], err) == -1)
		goto out;
	ex_hex(id, out->id, sizeof(out->id));
	if (!ex_span_is(part[1], id)) {
		(void)ex_fail(err, EX_FORMAT,
		    "verifier key's id does not belong to its name and key");
		goto out;
	}
	rc = 0;
out:
	ex_buf_free(&key);
	return rc;
}

int
ex_vkey_text(
    char out[EX_VKEY_TEXT], const struct ex_vkey *v, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	uint8_t key[33] = { v->type };
	char id[2 * sizeof(v->id) + 1];
	int rc = -1;

	memcpy(&key[1], v->key, sizeof(v->key));
	ex_hex(id, v->id, sizeof(v->id));
	if (ex_buf_addf(&text, err, "%s+%s+", v->name, id) == -1 ||
	    ex_base64(&text, key, sizeof(key), err) == -1)
		goto out;
	if (text.len >= EX_VKEY_TEXT) {
		(void)ex_fail(err, EX_LIMIT, "verifier key is too long");
		goto out;
	}
	memcpy(out, ex_buf_text(&text), text.len + 1);
	rc = 0;
out:
	ex_buf_free(&text);
	return rc;
}

void
ex_vkey_sha256(uint8_t out[EX_SHA256_LEN], const struct ex_vkey *v)
{
	uint8_t spki[EX_ED25519_SPKI];

	ex_note_spki(spki, v->key);
	ex_sha256(out, spki, sizeof(spki));
}

int
ex_vkey_pem(struct ex_buf *out, const struct ex_vkey *v, struct ex_err *err)
{
	uint8_t spki[EX_ED25519_SPKI];

	/* 44 bytes are 60 characters: one line of PEM. */
	ex_note_spki(spki, v->key);
	if (ex_buf_add_text(out, "-----BEGIN PUBLIC KEY-----\n", err) == -1 ||
	    ex_base64(out, spki, sizeof(spki), err) == -1)
		return -1;
	return ex_buf_add_text(out, "\n-----END PUBLIC KEY-----\n", err);
}

/* An origin: one line of 1 to 255 bytes. */
static int
check_origin(struct ex_span origin, struct ex_err *err)
{
	if (origin.n == 0 || origin.n >= EX_NOTE_NAME)
		return ex_fail(err, EX_FORMAT,
		    "checkpoint's origin has %zu bytes", origin.n);
	if (ex_text_canonical((const char *)origin.p, origin.n, err) == -1)
		return ex_while(err, "checkpoint's origin");
	return 0;
}

int
ex_checkpoint_text(
    struct ex_buf *out, const struct ex_checkpoint *c, struct ex_err *err)
{
	struct ex_span origin = { (const uint8_t *)c->origin,
		strlen(c->origin) };

	if (check_origin(origin, err) == -1 ||
	    ex_buf_addf(out, err, "%s\n%llu\n", c->origin,
		(unsigned long long)c->size) == -1 ||
	    ex_base64(out, c->root, sizeof(c->root), err) == -1)
		return -1;
	return ex_buf_add_byte(out, '\n', err);
}

/* The second line. */
static int
read_size(uint64_t *out, struct ex_span line, struct ex_err *err)
{
	unsigned long long size;
	char text[21]; /* UINT64_MAX has 20 digits */

	if (line.n == 0 || line.n >= sizeof(text))
		return ex_fail(
		    err, EX_FORMAT, "checkpoint's size is no number");
	memcpy(text, line.p, line.n);
	text[line.n] = '\0';
	if (strlen(text) != line.n ||
	    ex_text_number(&size, text, UINT64_MAX, err) == -1)
		return ex_fail(
		    err, EX_FORMAT, "checkpoint's size is no number");
	*out = size;
	return 0;
}

/* The third line. */
static int
read_root(uint8_t out[32], struct ex_span line, struct ex_err *err)
{
	struct ex_buf root = EX_BUF_INIT;
	int rc = -1;

	if (ex_base64_read(&root, (const char *)line.p, line.n, err) == -1)
		(void)ex_while(err, "checkpoint's root");
	else if (root.len != 32)
		(void)ex_fail(err, EX_FORMAT, "checkpoint's root has %zu bytes",
		    root.len);
	else {
		memcpy(out, root.data, 32);
		rc = 0;
	}
	ex_buf_free(&root);
	return rc;
}

int
ex_checkpoint_read(
    struct ex_checkpoint *out, struct ex_span text, struct ex_err *err)
{
	struct ex_span origin, size, root;
	struct ex_reader r;

	memset(out, 0, sizeof(*out));
	ex_reader_init(&r, text.p, text.n);
	if (ex_read_line(&r, &origin, err) == -1 ||
	    ex_read_line(&r, &size, err) == -1 ||
	    ex_read_line(&r, &root, err) == -1)
		return ex_while(err, "checkpoint");
	if (r.left != 0)
		return ex_fail(
		    err, EX_FORMAT, "checkpoint has more than three lines");
	if (check_origin(origin, err) == -1 ||
	    read_size(&out->size, size, err) == -1 ||
	    read_root(out->root, root, err) == -1)
		return -1;
	memcpy(out->origin, origin.p, origin.n);
	return 0;
}
