/*
 * outsiders.c -- witnesses, monitors and authorities of a policy.
 */
#include "custody/outsiders.h"

#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/text.h"

/* A name or a code. */
static int
read_name(char out[EX_OUTSIDER_NAME], const struct ex_json *v, const char *key,
    struct ex_err *err)
{
	const char *text;

	if (ex_json_need_text(&text, v, key, err) == -1)
		return -1;
	if (!ex_text_name_ok(text))
		return ex_fail(err, EX_FORMAT, "%s: no name", key);
	(void)snprintf(out, EX_OUTSIDER_NAME, "%s", text);
	return 0;
}

/* Printable ASCII, http or https, nothing behind a '?' or '#'. */
static int
url_ok(const char *text)
{
	size_t n = strlen(text);

	if (strncmp(text, "http://", 7) != 0 &&
	    strncmp(text, "https://", 8) != 0)
		return 0;
	for (const char *p = text; *p != '\0'; p++) {
		if (*p <= ' ' || *p > '~' ||
		    strchr("?#\"<>\\^`{|}", *p) != NULL)
			return 0;
	}
	return n > 8 && n < EX_OUTSIDER_URL && text[n - 1] != '/';
}

static int
read_url(struct ex_outsider *o, const struct ex_json *v, struct ex_err *err)
{
	const char *text;

	if (ex_json_need_text(&text, v, "url", err) == -1)
		return -1;
	if (!url_ok(text))
		return ex_fail(err, EX_FORMAT, "url: not http:// or https://");
	(void)snprintf(o->url, sizeof(o->url), "%s", text);
	return 0;
}

static int
read_common(struct ex_outsider *o, const struct ex_json *v, struct ex_err *err)
{
	memset(o, 0, sizeof(*o));
	if (read_name(o->name, v, "name", err) == -1 ||
	    read_name(o->org, v, "org", err) == -1)
		return -1;
	if (strcmp(o->name, "none") == 0)
		return ex_fail(err, EX_FORMAT, "name: \"none\" is not free");
	return read_url(o, v, err);
}

static int
read_witness(struct ex_outsider *o, const struct ex_json *v, struct ex_err *err)
{
	static const char *const keys[] = { "monitor", "name", "org", "url",
		"vkey" };
	const char *text;

	if (ex_json_only(v, keys, sizeof(keys) / sizeof(keys[0]), err) == -1 ||
	    read_common(o, v, err) == -1 ||
	    ex_json_need_text(&text, v, "vkey", err) == -1 ||
	    ex_vkey_read(&o->key, text, err) == -1)
		return -1;
	if (o->key.type != EX_NOTE_COSIGNATURE)
		return ex_fail(err, EX_FORMAT, "vkey: no witness's key");
	o->monitor = ex_json_get(v, "monitor") != NULL;
	if (o->monitor && ex_json_get_int(v, "monitor", 0) != 1)
		return ex_fail(err, EX_FORMAT, "monitor: 1 or absent");
	return 0;
}

static int
read_authority(
    struct ex_outsider *o, const struct ex_json *v, struct ex_err *err)
{
	static const char *const keys[] = { "name", "org", "root_sha256",
		"url" };

	if (ex_json_only(v, keys, sizeof(keys) / sizeof(keys[0]), err) == -1 ||
	    read_common(o, v, err) == -1)
		return -1;
	return ex_json_need_hex(
	    o->root, sizeof(o->root), v, "root_sha256", err);
}

/* Nobody twice, by name or by key. */
static int
check_new(const struct ex_outsider *all, size_t n, struct ex_err *err)
{
	const struct ex_outsider *o = &all[n];

	for (size_t i = 0; i < n; i++) {
		if (strcmp(all[i].name, o->name) == 0)
			return ex_fail(err, EX_FORMAT, "%s twice", o->name);
		if (memcmp(all[i].key.key, o->key.key, sizeof(o->key.key)) ==
			0 &&
		    memcmp(all[i].root, o->root, sizeof(o->root)) == 0)
			return ex_fail(err, EX_FORMAT, "%s and %s have one key",
			    all[i].name, o->name);
	}
	return 0;
}

static int
read_list(struct ex_outsider *out, size_t *n, const struct ex_json *policy,
    const char *name,
    int (*read)(
	struct ex_outsider *o, const struct ex_json *v, struct ex_err *err),
    struct ex_err *err)
{
	const struct ex_json *list = ex_json_get(policy, name);

	*n = 0;
	if (list == NULL)
		return 0;
	if (!ex_json_is_array(list) || ex_json_count(list) == 0 ||
	    ex_json_count(list) > EX_OUTSIDERS_MAX)
		return ex_fail(err, EX_FORMAT, "%s: a list of 1 to %d", name,
		    EX_OUTSIDERS_MAX);
	for (size_t i = 0; i < ex_json_count(list); i++) {
		if (read(&out[i], ex_json_at(list, i), err) == -1 ||
		    check_new(out, i, err) == -1)
			return ex_while(err, name);
	}
	*n = ex_json_count(list);
	return 0;
}

int
ex_outsiders_read(
    struct ex_outsiders *out, const struct ex_json *policy, struct ex_err *err)
{
	const char *quorum = ex_json_get_text(policy, "quorum");

	memset(out, 0, sizeof(*out));
	if (read_list(out->witness, &out->nwitnesses, policy, "witnesses",
		read_witness, err) == -1 ||
	    read_list(out->authority, &out->nauthorities, policy, "authorities",
		read_authority, err) == -1) {
		memset(out, 0, sizeof(*out));
		return -1;
	}
	out->wanted = quorum != NULL && strcmp(quorum, "none") != 0;
	if (out->wanted)
		out->quorum = strcmp(quorum, "all") == 0 ? out->nwitnesses : 1;
	return 0;
}

int
ex_outsiders_any(const struct ex_outsiders *o)
{
	return o->nwitnesses + o->nauthorities > 0;
}

/* Witness, whose it is, and what it does. */
static int
write_witness(
    struct ex_buf *out, const struct ex_outsider *w, struct ex_err *err)
{
	char vkey[EX_VKEY_TEXT];

	if (ex_vkey_text(vkey, &w->key, err) == -1 ||
	    ex_buf_addf(out, err,
		"witness %s %s %s\n#exhibit: organisation %s %s\n", w->name,
		vkey, w->url, w->name, w->org) == -1)
		return -1;
	if (!w->monitor)
		return 0;
	return ex_buf_addf(out, err, "#exhibit: monitor %s\n", w->name);
}

static int
write_quorum(
    struct ex_buf *out, const struct ex_outsiders *o, struct ex_err *err)
{
	if (!o->wanted || o->nwitnesses == 0)
		return ex_buf_add_text(out, "quorum none\n", err);
	if (ex_buf_addf(out, err, "group outside/quorum %s",
		o->quorum == 1 ? "any" : "all") == -1)
		return -1;
	for (size_t i = 0; i < o->nwitnesses; i++) {
		if (ex_buf_addf(out, err, " %s", o->witness[i].name) == -1)
			return -1;
	}
	return ex_buf_add_text(out, "\nquorum outside/quorum\n", err);
}

int
ex_outsiders_policy(struct ex_buf *out, const struct ex_outsiders *o,
    const struct ex_vkey *log, const char *operator_org, struct ex_err *err)
{
	char vkey[EX_VKEY_TEXT], hex[EX_SHA256_HEX];

	if (ex_vkey_text(vkey, log, err) == -1 ||
	    ex_buf_addf(out, err, "log %s\n", vkey) == -1)
		return -1;
	if (ex_outsiders_any(o) &&
	    ex_buf_addf(out, err, "#exhibit: operator %s\n", operator_org) ==
		-1)
		return -1;
	for (size_t i = 0; i < o->nwitnesses; i++) {
		if (write_witness(out, &o->witness[i], err) == -1)
			return -1;
	}
	for (size_t i = 0; i < o->nauthorities; i++) {
		const struct ex_outsider *a = &o->authority[i];

		ex_hex(hex, a->root, sizeof(a->root));
		if (ex_buf_addf(out, err, "#exhibit: authority %s %s %s %s\n",
			a->name, a->org, hex, a->url) == -1)
			return -1;
	}
	return write_quorum(out, o, err);
}

size_t
ex_outsiders_cosigned(const struct ex_outsiders *o, const struct ex_note *note)
{
	size_t n = 0;

	for (size_t i = 0; i < o->nwitnesses; i++)
		n += ex_note_check(note, &o->witness[i].key, NULL, NULL) == 0;
	return n;
}
