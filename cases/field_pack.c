/*
 * field_pack.c -- what a field kit takes along.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/limits.h"
#include "cases/access.h"
#include "cases/custody_parts.h"
#include "cases/field.h"
#include "cases/history.h"
#include "cases/house_parts.h"
#include "cases/keys_parts.h"
#include "cases/kit.h"
#include "db/store.h"

struct packing {
	struct ex_house *house;
	const struct ex_field_order *order;
	struct ex_conn *conn;
	struct ex_buf facts;
	struct ex_stream *subject;
	char (*number)[EX_CASE_MAX + 1]; /* the subject's case */
	int64_t n;
	struct ex_json *serial; /* items whose number is to be looked up */
};

static int
find_subject(struct packing *p, size_t i, struct ex_err *err)
{
	struct ex_stream *s = &p->subject[i];
	struct ex_json *item = NULL;
	const char *number = s->id;

	if (ex_subject_find(s, p->house, p->order->subject[i], err) == -1)
		return -1;
	if (s->kind == EX_STREAM_ITEM &&
	    ex_house_fact(p->house, "item", s->id, &item, err) == -1)
		return -1;
	if (s->kind == EX_STREAM_ITEM)
		number = ex_json_get_text(item, "case");
	(void)snprintf(p->number[i], sizeof(p->number[i]), "%s",
	    number == NULL ? "" : number);
	ex_json_free(item);
	return ex_access_note(
	    p->house, ex_stream_kind_name(s->kind), s->id, 1, err);
}

/* Is it, or what its stream is, the item of that name? */
static int
is_of_item(const char *kind, const char *id, const char *item)
{
	if (strcmp(kind, "stream") == 0 && strncmp(id, "item:", 5) == 0)
		return strcmp(id + 5, item) == 0;
	return strcmp(kind, "item") == 0 && strcmp(id, item) == 0;
}

/* The house's own facts; of a case all, for an item its case and itself. */
static int
is_wanted(const struct packing *p, const char *kind, const char *id,
    const char *number)
{
	int other =
	    strcmp(kind, "item") != 0 &&
	    !(strcmp(kind, "stream") == 0 && strncmp(id, "item:", 5) == 0);

	if (number[0] == '\0')
		return 1;
	for (size_t i = 0; i < p->order->nsubjects; i++) {
		if (strcmp(p->number[i], number) != 0)
			continue;
		if (other || p->subject[i].kind == EX_STREAM_CASE ||
		    is_of_item(kind, id, p->subject[i].id))
			return 1;
	}
	return 0;
}

/* Is it a seal of an item that does not go along? */
static int
is_other_seal(const struct packing *p, const char *kind, struct ex_span value)
{
	struct ex_json *v = NULL;
	const char *item;
	int ours = 0;

	if (strcmp(kind, "seal") != 0 ||
	    ex_json_read(&v, value.p, value.n, NULL) == -1)
		return 0;
	item = ex_json_get_text(v, "item");
	/* Facts come by kind: the items were before. */
	for (size_t i = 0; !ours && i < ex_json_count(p->serial); i++)
		ours =
		    item != NULL &&
		    strcmp(item, ex_json_text(ex_json_at(p->serial, i))) == 0;
	ex_json_free(v);
	return !ours;
}

static int
take_fact(void *arg, const char *kind, const char *id, const char *number,
    struct ex_span value, struct ex_err *err)
{
	struct packing *p = arg;

	if (!is_wanted(p, kind, id, number) || is_other_seal(p, kind, value))
		return 0;
	p->n++;
	if (strcmp(kind, "item") == 0 &&
	    ex_json_add(p->serial, ex_json_string(id), err) == -1)
		return -1;
	return ex_kit_add(&p->facts, kind, id, number, value, err);
}

/* The serial number that somebody will compare with a label. */
static int
take_serial(struct packing *p, const char *item, struct ex_err *err)
{
	struct ex_buf serial = EX_BUF_INIT, text = EX_BUF_INIT;
	struct ex_json *v = ex_json_object();
	struct ex_span value;
	int rc = ex_serial_announced(&serial, p->house, item, err);

	if (rc == 0 && serial.len > 0) {
		rc = -1;
		if (ex_json_set_text(v, "serial", ex_buf_text(&serial), err) ==
			0 &&
		    ex_json_write(&text, v, err) == 0) {
			value.p = text.data;
			value.n = text.len;
			rc = ex_kit_add(
			    &p->facts, EX_KIT_SERIAL, item, "", value, err);
		}
	}
	ex_json_free(v);
	ex_buf_free(&text);
	ex_buf_free(&serial);
	return rc;
}

static int
gather(struct packing *p, struct ex_err *err)
{
	int rc;

	if (ex_kit_begin(&p->facts, err) == -1 ||
	    ex_store_facts(p->conn, NULL, take_fact, p, err) == -1)
		return -1;
	rc = 0;
	for (size_t i = 0; rc == 0 && i < ex_json_count(p->serial); i++)
		rc =
		    take_serial(p, ex_json_text(ex_json_at(p->serial, i)), err);
	return rc == -1 ? -1 : ex_kit_end(&p->facts, err);
}

static int
put(const char *dir, const char *name, const void *data, size_t n, mode_t mode,
    struct ex_err *err)
{
	char path[EX_PATH];

	if (ex_path_join(path, sizeof(path), dir, name, err) == -1)
		return -1;
	return ex_file_write(path, data, n, mode, err);
}

/* A file of the house as it is; where there is none, nothing. */
static int
copy(struct packing *p, const char *name, mode_t mode, struct ex_err *err)
{
	struct ex_buf bytes = EX_BUF_INIT;
	char path[EX_PATH];
	int rc = 0;

	if (ex_house_path(path, p->house, name, err) == -1)
		return -1;
	if (!ex_file_exists(path))
		return 0;
	rc = ex_file_read(&bytes, path, EX_JSON_MAX, err);
	if (rc == 0)
		rc = put(p->order->to, name, bytes.data, bytes.len, mode, err);
	ex_buf_wipe(&bytes);
	return rc;
}

static int
copy_key(struct packing *p, const char *key, int secret, struct ex_err *err)
{
	static const char *const ending[] = { "json", "pem", "key" };
	char path[EX_PATH], name[EX_NAME_TEXT + 16];

	if (ex_house_path(path, p->house, "keys", err) == -1)
		return -1;
	if (!ex_key_here(path, key))
		return ex_fail(err, EX_ABSENT,
		    "there is no key \"%.64s\" on this machine", key);
	for (size_t i = 0; i < (secret ? 3 : 2); i++) {
		(void)snprintf(
		    name, sizeof(name), "keys/%s.%s", key, ending[i]);
		if (copy(p, name, i == 2 ? 0600 : 0644, err) == -1)
			return -1;
	}
	return 0;
}

static int
copy_keys(struct packing *p, struct ex_json *told, struct ex_err *err)
{
	const char *as = ex_house_desk(p->house)->as;

	if (copy_key(p, as, 0, err) == -1)
		return -1;
	for (size_t i = 0; i < p->order->nkeys; i++) {
		const char *key = p->order->key[i];

		if (copy_key(p, key, 1, err) == -1 ||
		    ex_json_add(told, ex_json_string(key), err) == -1)
			return -1;
	}
	return 0;
}

static int
make_folders(const char *to, struct ex_err *err)
{
	static const char *const name[] = { "keys", "pending", "receipts",
		"vault", "trust" };
	char path[EX_PATH];

	if (mkdir(to, 0700) == -1)
		return errno == EEXIST
			   ? ex_fail(err, EX_EXISTS,
				 "%s is there: a field kit is packed into a "
				 "new folder",
				 to)
			   : ex_fail_errno(err, "%s", to);
	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++)
		if (ex_path_join(path, sizeof(path), to, name[i], err) == -1 ||
		    ex_dir_make(path, 0700, err) == -1)
			return -1;
	return 0;
}

/* The facts come last: with them it is a kit. */
static int
write_kit(struct packing *p, const struct ex_buf *note, struct ex_json *keys,
    struct ex_err *err)
{
	static const char *const trust[] = { "trust/policy", "trust/roots.pem",
		"trust/log.pem" };
	const char *to = p->order->to;
	struct ex_house_conf conf = p->house->conf;

	conf.database[0] = '\0';
	if (make_folders(to, err) == -1 ||
	    ex_house_conf_write(&conf, to, err) == -1 ||
	    put(to, "seen", note->data, note->len, 0644, err) == -1 ||
	    copy_keys(p, keys, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(trust) / sizeof(trust[0]); i++)
		if (copy(p, trust[i], 0644, err) == -1)
			return -1;
	return put(to, EX_KIT_FACTS, p->facts.data, p->facts.len, 0600, err);
}

/* At one moment: heads, facts and the checkpoint that they belong to. */
static int
pack(struct packing *p, struct ex_json *told, struct ex_err *err)
{
	struct ex_json *keys = ex_json_array();
	struct ex_buf note = EX_BUF_INIT;
	struct ex_checkpoint seen;
	int rc = -1;

	if (ex_json_set(told, "keys", keys, err) == -1 ||
	    ex_house_conn(p->house, &p->conn, err) == -1)
		return -1;
	for (size_t i = 0; i < p->order->nsubjects; i++)
		if (find_subject(p, i, err) == -1)
			return -1;
	if (ex_conn_begin_snapshot(p->conn, err) == -1)
		return -1;
	rc = gather(p, err);
	ex_conn_rollback(p->conn);
	if (rc == 0 && ex_house_seen(p->house, &seen, &note, err) == 0 &&
	    ex_json_set_text(told, "path", p->order->to, err) == 0 &&
	    ex_json_set_int(told, "facts", p->n, err) == 0 &&
	    ex_json_set_int(told, "size", (int64_t)seen.size, err) == 0)
		rc = write_kit(p, &note, keys, err);
	else
		rc = -1;
	ex_buf_free(&note);
	return rc;
}

int
ex_field_pack(struct ex_json **out, struct ex_house *house,
    const struct ex_field_order *order, struct ex_err *err)
{
	struct packing p = { .house = house, .order = order };
	struct ex_json *told = ex_json_object();
	const struct ex_signer *who;
	int rc = -1;

	*out = NULL;
	p.serial = ex_json_array();
	p.subject = calloc(order->nsubjects + 1, sizeof(*p.subject));
	p.number = calloc(order->nsubjects + 1, sizeof(*p.number));
	if (told == NULL || p.serial == NULL || p.subject == NULL ||
	    p.number == NULL)
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
	else if (ex_house_actor(house, &who, err) == 0)
		rc = pack(&p, told, err);
	ex_buf_free(&p.facts);
	ex_json_free(p.serial);
	free(p.subject);
	free(p.number);
	if (rc == -1) {
		ex_json_free(told);
		return -1;
	}
	*out = told;
	return 0;
}
