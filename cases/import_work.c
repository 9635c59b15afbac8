/*
 * import_work.c -- where an import copies to, and how what died goes again.
 *
 * DIR/pending/.IMAGE.importing is empty, and locked while a run lives.  It is
 * made when no files and no item have that name, and before the copy gets it:
 * so VAULT/images/IMAGE of a run that died is nobody else's.
 */
#define _GNU_SOURCE /* renameat2() */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cases/acquire_parts.h"
#include "cases/import_parts.h"
#include "db/store.h"

#define TAIL ".importing"

enum {
	IMAGES_MAX = 9999 /* of one item: "-I" and four digits */
};

static int
work_path(char out[EX_PATH], struct ex_house *house, const char *image,
    struct ex_err *err)
{
	char dir[EX_PATH], name[EX_ITEM_MAX + 32];

	(void)snprintf(name, sizeof(name), ".%.40s" TAIL, image);
	if (ex_house_path(dir, house, "pending", err) == -1)
		return -1;
	return ex_path_join(out, EX_PATH, dir, name, err);
}

/* VAULT/images/.IMAGE.importing and VAULT/images/IMAGE. */
static int
vault_paths(char temp[EX_PATH], char dir[EX_PATH], const char *vault,
    const char *image, struct ex_err *err)
{
	char name[EX_ITEM_MAX + 32];

	(void)snprintf(name, sizeof(name), ".%.40s" TAIL, image);
	if (ex_path_join(temp, EX_PATH, vault, name, err) == -1)
		return -1;
	return ex_path_join(dir, EX_PATH, vault, image, err);
}

/* Is there an item of that name?  1, 0 or -1; every case is looked at. */
static int
is_item(struct ex_house *house, const char *image, struct ex_err *err)
{
	struct ex_json *fact = NULL;
	struct ex_conn *conn;
	int is;

	if (ex_house_service(house, &conn, err) == -1 ||
	    ex_store_fact(conn, "item", image, &fact, err) == -1)
		return -1;
	is = fact != NULL;
	ex_json_free(fact);
	return is;
}

/* Does a signed act about it wait in DIR/pending?  1, 0 or -1. */
static int
is_spooled(struct ex_house *house, const char *image, struct ex_err *err)
{
	const struct ex_json *all;
	struct ex_json *list = NULL;
	int found = 0;

	if (ex_pending_list(&list, house, err) == -1)
		return -1;
	all = ex_json_get(list, "pending");
	for (size_t i = 0; !found && i < ex_json_count(all); i++) {
		const char *stream =
		    ex_json_get_text(ex_json_at(all, i), "stream");

		/* One that cannot be read may be about anything. */
		found = stream == NULL || (strncmp(stream, "item:", 5) == 0 &&
					      strcmp(&stream[5], image) == 0);
	}
	ex_json_free(list);
	return found;
}

struct sweep {
	struct ex_house *house;
	const char *vault, *pending;
};

/* Of a run that died, under its lock. */
static int
clear(struct sweep *s, const char *path, const char *image, struct ex_err *err)
{
	char temp[EX_PATH], dir[EX_PATH];
	int there = is_item(s->house, image, err), waits = 0;

	if (there == 0)
		waits = is_spooled(s->house, image, err);
	if (there == -1 || waits == -1 ||
	    vault_paths(temp, dir, s->vault, image, err) == -1)
		return -1;
	if (waits)
		return 0;
	if (ex_remove_tree(temp, err) == -1 ||
	    (!there && ex_remove_tree(dir, err) == -1))
		return -1;
	return unlink(path) == 0 ? 0 : ex_fail_errno(err, "%s", path);
}

static int
clear_name(void *arg, const char *name, struct ex_err *err)
{
	const size_t tail = sizeof(TAIL) - 1, n = strlen(name);
	char path[EX_PATH], image[EX_ITEM_MAX + 1];
	struct sweep *s = arg;
	int lock, rc;

	if (n <= tail + 1 || n - tail - 1 > EX_ITEM_MAX || name[0] != '.' ||
	    strcmp(&name[n - tail], TAIL) != 0)
		return 0;
	memcpy(image, &name[1], n - tail - 1);
	image[n - tail - 1] = '\0';
	if (!ex_text_item_ok(image))
		return 0;
	if (ex_path_join(path, EX_PATH, s->pending, name, err) == -1)
		return -1;
	/* A run that lives keeps its own. */
	if ((lock = ex_file_lock(path, NULL)) == -1)
		return 0;
	rc = clear(s, path, image, err);
	(void)close(lock);
	return rc;
}

static int
sweep(struct ex_importing *q, struct ex_err *err)
{
	char pending[EX_PATH];
	struct sweep s = { q->house, q->vault, pending };

	if (ex_house_path(pending, q->house, "pending", err) == -1)
		return -1;
	return ex_dir_each(pending, clear_name, &s, err);
}

/* 1 when the name is taken by an item, files or work of any kind. */
static int
is_taken(struct ex_importing *q, const char *image, struct ex_err *err)
{
	char work[EX_PATH], temp[EX_PATH], dir[EX_PATH];
	int taken;

	if ((taken = is_item(q->house, image, err)) != 0 ||
	    (taken = ex_acquiring_exists(q->house, image, err)) != 0)
		return taken;
	if (work_path(work, q->house, image, err) == -1 ||
	    vault_paths(temp, dir, q->vault, image, err) == -1)
		return -1;
	return ex_file_exists(work) || ex_file_exists(dir);
}

/* A name that was said must be free. */
static int
take_name(struct ex_importing *q, const char *image, struct ex_err *err)
{
	int taken;

	if (!ex_text_item_ok(image))
		return ex_fail(err, EX_USAGE,
		    "\"%.60s\": an item is named with A-Z, 0-9 and -, at most "
		    "%d of them",
		    image, EX_ITEM_MAX);
	memcpy(q->image, image, strlen(image) + 1);
	if ((taken = is_taken(q, image, err)) == -1)
		return -1;
	return !taken ? 0
		      : ex_fail(err, EX_EXISTS,
			    "there is an item %s already, or files of that "
			    "name in the vault",
			    image);
}

static int
choose_name(struct ex_importing *q, struct ex_err *err)
{
	int taken;

	if (q->in->image != NULL || q->parent == NULL)
		return take_name(
		    q, q->in->image != NULL ? q->in->image : q->in->item, err);
	if (strlen(q->in->item) > EX_ITEM_IMAGED_MAX)
		return ex_fail(err, EX_USAGE,
		    "%s is too long for -I1: name the import with --image",
		    q->in->item);
	for (int i = 1; i <= IMAGES_MAX; i++) {
		(void)snprintf(
		    q->image, sizeof(q->image), "%.34s-I%d", q->in->item, i);
		if ((taken = is_taken(q, q->image, err)) != 1)
			return taken;
	}
	return ex_fail(
	    err, EX_LIMIT, "%s has %d images", q->in->item, IMAGES_MAX);
}

int
ex_importing_begin(struct ex_importing *q, struct ex_err *err)
{
	char vault[EX_PATH], work[EX_PATH];

	if (ex_house_path(vault, q->house, "vault", err) == -1 ||
	    ex_path_join(q->vault, EX_PATH, vault, "images", err) == -1 ||
	    ex_dir_make(q->vault, 0755, err) == -1 || sweep(q, err) == -1 ||
	    choose_name(q, err) == -1 ||
	    vault_paths(q->temp, q->dir, q->vault, q->image, err) == -1 ||
	    work_path(work, q->house, q->image, err) == -1 ||
	    (q->lock = ex_file_lock(work, err)) == -1 ||
	    ex_dir_sync_of(work, err) == -1)
		return -1;
	return ex_dir_make(q->temp, 0755, err);
}

int
ex_importing_place(struct ex_importing *q, struct ex_err *err)
{
	if (renameat2(AT_FDCWD, q->temp, AT_FDCWD, q->dir, RENAME_NOREPLACE) ==
	    -1)
		return errno == EEXIST
			   ? ex_fail(err, EX_CONFLICT,
				 "%s came into being meanwhile", q->dir)
			   : ex_fail_errno(err, "%s", q->dir);
	q->placed = 1;
	return ex_dir_sync(q->vault, err);
}

void
ex_importing_end(struct ex_importing *q, int keep)
{
	char work[EX_PATH];

	if (q->lock == -1)
		return;
	(void)ex_remove_tree(q->temp, NULL);
	if (!keep && q->placed)
		(void)ex_remove_tree(q->dir, NULL);
	/* What waits to be sent is looked after by the next import. */
	if (keep != EX_IMPORT_WAITS &&
	    work_path(work, q->house, q->image, NULL) == 0)
		(void)unlink(work);
	(void)close(q->lock);
	q->lock = -1;
}
