/*
 * event_party.c -- parties of an event: the objects in the body, read and
 * written.
 */
#include <string.h>

#include "base/codec.h"
#include "base/text.h"
#include "custody/event_party.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const mode_name[] = {
	[EX_MODE_SIGNED] = "signed",
	[EX_MODE_PAPER] = "paper",
	[EX_MODE_REFUSED] = "refused",
	[EX_MODE_ABSENT] = "absent",
	[EX_MODE_STATION] = "station",
	[EX_MODE_SERVICE] = "service",
	[EX_MODE_PORTAL] = "portal",
	[EX_MODES] = NULL,
};

static const char *const storage_name[] = { "file", "card", "hsm", NULL };

const char *
ex_mode_name(enum ex_mode mode)
{
	return mode_name[mode];
}

int
ex_mode_parse(enum ex_mode *out, const char *name, struct ex_err *err)
{
	int i = ex_text_index(name, mode_name);

	if (i == -1)
		return ex_fail(
		    err, EX_FORMAT, "\"%.40s\" is not a party's mode", name);
	*out = (enum ex_mode)i;
	return 0;
}

int
ex_mode_signs(enum ex_mode mode)
{
	return mode == EX_MODE_SIGNED || mode == EX_MODE_STATION ||
	       mode == EX_MODE_SERVICE;
}

/* Copy a member that must pass ok() into a fixed field. */
static int
read_name(char out[EX_NAME_TEXT], const struct ex_json *v, const char *key,
    int (*ok)(const char *), struct ex_err *err)
{
	const char *text;

	if (ex_json_need_text(&text, v, key, err) == -1)
		return -1;
	if (strlen(text) >= EX_NAME_TEXT || !ok(text))
		return ex_fail(
		    err, EX_FORMAT, "%s: \"%.80s\" is not a name", key, text);
	memcpy(out, text, strlen(text) + 1);
	return 0;
}

/* A party's function: lower-case letters and "_". */
static int
role_ok(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz_");

	return n > 0 && text[n] == '\0';
}

/* {"root", "size"}: the newest checkpoint its own machine verified. */
static int
read_seen(struct ex_party *p, const struct ex_json *v, struct ex_err *err)
{
	static const char *const keys[] = { "root", "size" };
	uint8_t empty[EX_HASH];
	int64_t size;

	if (!ex_json_is_object(v))
		return ex_fail(err, EX_FORMAT, "seen: missing or no object");
	if (ex_json_only(v, keys, COUNT(keys), err) == -1 ||
	    ex_json_need_int(&size, v, "size", err) == -1 ||
	    ex_json_need_hex(p->seen_root, EX_HASH, v, "root", err) == -1)
		return ex_while(err, "seen");
	if (size < 0)
		return ex_fail(err, EX_FORMAT, "seen: size: negative");
	/* The empty tree has one root (RFC 6962, 2.1). */
	ex_tree_empty(empty);
	if (size == 0 && memcmp(p->seen_root, empty, EX_HASH) != 0)
		return ex_fail(
		    err, EX_FORMAT, "seen: not the root of the empty tree");
	p->seen_size = (uint64_t)size;
	return 0;
}

static int
read_signing(struct ex_party *p, const struct ex_json *v, struct ex_err *err)
{
	static const char *const keys[] = { "cert_sha256", "mode", "org",
		"person", "role", "seen", "storage" };
	const char *storage;

	if (ex_json_only(v, keys, COUNT(keys), err) == -1 ||
	    ex_json_need_hex(p->cert_sha256, sizeof(p->cert_sha256), v,
		"cert_sha256", err) == -1 ||
	    ex_json_need_text(&storage, v, "storage", err) == -1)
		return -1;
	if (ex_text_index(storage, storage_name) == -1)
		return ex_fail(err, EX_FORMAT,
		    "storage: \"%.40s\" is not file, card or hsm", storage);
	memcpy(p->storage, storage, strlen(storage) + 1);
	return read_seen(p, ex_json_get(v, "seen"), err);
}

static int
read_paper(struct ex_party *p, const struct ex_json *v, struct ex_err *err)
{
	static const char *const keys[] = { "form", "mode", "org", "person",
		"recorder", "role" };

	if (ex_json_only(v, keys, COUNT(keys), err) == -1 ||
	    read_name(p->recorder, v, "recorder", ex_text_name_ok, err) == -1)
		return -1;
	p->has_form = ex_json_get(v, "form") != NULL;
	if (!p->has_form)
		return 0;
	return ex_json_need_hex(
	    p->form_sha256, sizeof(p->form_sha256), v, "form", err);
}

static int
read_refused(struct ex_party *p, const struct ex_json *v, struct ex_err *err)
{
	static const char *const keys[] = { "mode", "org", "person", "recorder",
		"role" };

	if (ex_json_only(v, keys, COUNT(keys), err) == -1)
		return -1;
	return read_name(p->recorder, v, "recorder", ex_text_name_ok, err);
}

static int
read_by_mode(struct ex_party *p, const struct ex_json *v, struct ex_err *err)
{
	static const char *const absent[] = { "mode", "org", "person", "role" };

	switch (p->mode) {
	case EX_MODE_SIGNED:
	case EX_MODE_STATION:
	case EX_MODE_SERVICE:
		return read_signing(p, v, err);
	case EX_MODE_PAPER:
		return read_paper(p, v, err);
	case EX_MODE_REFUSED:
		return read_refused(p, v, err);
	case EX_MODE_ABSENT:
		return ex_json_only(v, absent, COUNT(absent), err);
	case EX_MODE_PORTAL:
	case EX_MODES:
	default:
		/* Its assertion has no place in this schema yet. */
		return ex_fail(err, EX_FORMAT,
		    "mode: %s is not part of custody-event/v1",
		    ex_mode_name(p->mode));
	}
}

/* Reads what ex_party_write() writes. */
int
ex_party_read(struct ex_party *out, const struct ex_json *v, struct ex_err *err)
{
	const char *mode;

	memset(out, 0, sizeof(*out));
	if (!ex_json_is_object(v))
		return ex_fail(err, EX_FORMAT, "no object");
	if (ex_json_need_text(&mode, v, "mode", err) == -1 ||
	    ex_mode_parse(&out->mode, mode, err) == -1 ||
	    read_name(out->person, v, "person", ex_text_name_ok, err) == -1 ||
	    read_name(out->org, v, "org", ex_text_name_ok, err) == -1 ||
	    read_name(out->role, v, "role", role_ok, err) == -1)
		return -1;
	return read_by_mode(out, v, err);
}

static int
write_signing(struct ex_json *v, const struct ex_party *p, struct ex_err *err)
{
	struct ex_json *seen = ex_json_object();

	if (ex_json_set(v, "seen", ex_json_ref(seen), err) == -1 ||
	    ex_json_set_int(seen, "size", (int64_t)p->seen_size, err) == -1 ||
	    ex_json_set_hex(seen, "root", p->seen_root, EX_HASH, err) == -1 ||
	    ex_json_set_text(v, "storage", p->storage, err) == -1 ||
	    ex_json_set_hex(v, "cert_sha256", p->cert_sha256,
		sizeof(p->cert_sha256), err) == -1) {
		ex_json_free(seen);
		return -1;
	}
	ex_json_free(seen);
	return 0;
}

static int
write_by_mode(struct ex_json *v, const struct ex_party *p, struct ex_err *err)
{
	if (ex_mode_signs(p->mode))
		return write_signing(v, p, err);
	if (p->mode != EX_MODE_PAPER && p->mode != EX_MODE_REFUSED)
		return 0;
	if (ex_json_set_text(v, "recorder", p->recorder, err) == -1)
		return -1;
	if (p->mode == EX_MODE_REFUSED || !p->has_form)
		return 0;
	return ex_json_set_hex(
	    v, "form", p->form_sha256, sizeof(p->form_sha256), err);
}

/* Writes what ex_party_read() reads. */
int
ex_party_write(
    struct ex_json *array, const struct ex_party *p, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set_text(v, "person", p->person, err) == -1 ||
	    ex_json_set_text(v, "role", p->role, err) == -1 ||
	    ex_json_set_text(v, "org", p->org, err) == -1 ||
	    ex_json_set_text(v, "mode", ex_mode_name(p->mode), err) == -1 ||
	    write_by_mode(v, p, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	return ex_json_add(array, v, err);
}
