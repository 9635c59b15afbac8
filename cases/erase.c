/*
 * erase.c -- what an erase entry names is there, and goes from this
 * machine's receipts as it goes from the database.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/limits.h"
#include "cases/custody_parts.h"
#include "cases/house.h"
#include "custody/openings.h"
#include "db/store.h"
#include "signing/cms.h"

enum {
	OPENINGS_MAX = 16777216 /* bytes, as the database permits */
};

struct erasing {
	const struct ex_json *paths;
	char tail[64]; /* "-0123456789abcdef.openings.json" */
	const char *dir;
	int found;
};

/* Each path is a commitment of that entry. */
static int
check_paths(void *arg, const struct ex_entry_row *row, struct ex_err *err)
{
	struct erasing *g = arg;
	struct ex_cms *cms = calloc(1, sizeof(*cms));
	struct ex_event *e = calloc(1, sizeof(*e));
	int rc = -1;

	g->found = 1;
	if (cms == NULL || e == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	if (ex_cms_parse(cms, row->entry.p, row->entry.n, err) == -1 ||
	    ex_event_parse(e, cms->body.p, cms->body.n, err) == -1)
		goto out;
	for (size_t i = 0; i < ex_json_count(g->paths); i++) {
		const char *path = ex_json_text(ex_json_at(g->paths, i));

		if (ex_json_get(e->pii, path) != NULL)
			continue;
		(void)ex_fail(err, EX_USAGE,
		    "--paths: that entry commits to no \"%s\"; item history "
		    "lists its texts",
		    path);
		goto out;
	}
	rc = 0;
out:
	if (e != NULL)
		ex_event_free(e);
	free(e);
	free(cms);
	return rc;
}

int
ex_making_erase(
    struct ex_making *k, const struct ex_member *m, struct ex_err *err)
{
	struct erasing g = { .paths = ex_json_get(m->fields, "paths") };
	struct ex_entry_ref ref;
	struct ex_conn *conn;
	struct ex_view view;
	uint8_t leaf[EX_HASH];

	/* What is missing is said where the fields are looked at. */
	if (g.paths == NULL ||
	    ex_json_need_hex(leaf, EX_HASH, m->fields, "entry", NULL) == -1)
		return 0;
	if (ex_house_conn(k->house, &conn, err) == -1)
		return -1;
	ex_store_view(&view, conn);
	if (view.entry(view.arg, leaf, &ref, err) == -1)
		return -1;
	return ex_store_entry(conn, ref.index, check_paths, &g, err);
}

static int
is_named(void *arg, const char *path)
{
	const struct erasing *g = arg;

	for (size_t i = 0; i < ex_json_count(g->paths); i++)
		if (strcmp(ex_json_text(ex_json_at(g->paths, i)), path) == 0)
			return 1;
	return 0;
}

/* Write what is left of one receipt's openings. */
static int
cut_receipt(
    struct erasing *g, const char *path, const char *entry, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT, bytes = EX_BUF_INIT;
	struct ex_buf left = EX_BUF_INIT;
	struct ex_cms *cms = calloc(1, sizeof(*cms));
	struct ex_event *e = calloc(1, sizeof(*e));
	struct ex_openings o = { NULL, 0 };
	int rc = -1;

	if (cms == NULL || e == NULL)
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
	else if (ex_file_read(&text, path, OPENINGS_MAX, err) == 0 &&
		 ex_file_read(&bytes, entry, EX_ENTRY_MAX, err) == 0 &&
		 ex_cms_parse(cms, bytes.data, bytes.len, err) == 0 &&
		 ex_event_parse(e, cms->body.p, cms->body.n, err) == 0 &&
		 ex_openings_read(&o, e, text.data, text.len, err) == 0 &&
		 ex_openings_redact(&left, &o, is_named, g, err) == 0)
		rc = ex_file_write(path, left.data, left.len, 0600, err);
	ex_openings_free(&o);
	if (e != NULL)
		ex_event_free(e);
	free(e);
	free(cms);
	ex_buf_free(&text);
	ex_buf_free(&bytes);
	ex_buf_free(&left);
	return rc;
}

static int
look(void *arg, const char *name, struct ex_err *err)
{
	struct erasing *g = arg;
	size_t n = strlen(name), tail = strlen(g->tail);
	char path[EX_PATH], entry[EX_PATH];

	if (n <= tail || strcmp(name + n - tail, g->tail) != 0)
		return 0;
	if (ex_path_join(path, sizeof(path), g->dir, name, err) == -1)
		return -1;
	(void)snprintf(entry, sizeof(entry), "%.*s.p7m",
	    (int)(strlen(path) - strlen(".openings.json")), path);
	return cut_receipt(g, path, entry, err);
}

int
ex_receipts_erase(
    struct ex_house *house, const struct ex_member *m, struct ex_err *err)
{
	struct erasing g = { .paths = ex_json_get(m->fields, "paths") };
	const char *leaf = ex_json_get_text(m->fields, "entry");
	char dir[EX_PATH];

	if (leaf == NULL || ex_house_path(dir, house, "receipts", err) == -1)
		return -1;
	if (!ex_file_exists(dir))
		return 0;
	g.dir = dir;
	(void)snprintf(g.tail, sizeof(g.tail), "-%.16s.openings.json", leaf);
	return ex_dir_each(dir, look, &g, err);
}
