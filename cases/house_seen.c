/*
 * house_seen.c -- the newest checkpoint that this machine has verified.
 *
 * DIR/seen is the signed note itself.  Whatever the database shows later must
 * continue it: that is what makes every machine a witness.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cases/house_parts.h"
#include "custody/log.h"
#include "db/store.h"
#include "hashing/tree.h"

static int
read_seen(const struct ex_house *house, const char *path,
    struct ex_checkpoint *out, struct ex_err *err)
{
	struct ex_buf note = EX_BUF_INIT;
	int rc;

	memset(out, 0, sizeof(*out));
	if (!ex_file_exists(path))
		return 0;
	rc = ex_file_read(&note, path, EX_NOTE_MAX, err);
	if (rc == 0)
		rc = ex_checkpoint_check(
		    out, note.data, note.len, &house->log_key, err);
	ex_buf_free(&note);
	return rc == -1 ? ex_while(err, path) : 0;
}

/* The newer continues the older, by a proof out of the database's nodes. */
static int
continues(struct ex_conn *conn, const struct ex_checkpoint *old,
    const struct ex_checkpoint *now, struct ex_err *err)
{
	struct ex_tree_proof proof;
	struct ex_err why = EX_ERR_INIT;

	if (now->size < old->size)
		return ex_fail(err, EX_DAMAGED,
		    "the log shows %llu entries, this machine has seen %llu: "
		    "it was put back to an earlier state, or is another one",
		    (unsigned long long)now->size,
		    (unsigned long long)old->size);
	if (ex_tree_prove_consistency(
		&proof, old->size, now->size, ex_store_node, conn, &why) == 0 &&
	    ex_tree_check_consistency(
		&proof, old->size, old->root, now->size, now->root, &why) == 0)
		return 0;
	if (why.code == EX_UNREACHABLE || why.code == EX_SYSTEM)
		return ex_fail(err, why.code, "%s", why.text);
	return ex_fail(err, EX_DAMAGED,
	    "the log shows another history than this machine has seen up to "
	    "entry %llu: run exhibit log verify",
	    (unsigned long long)old->size);
}

/* Keep the newest: commands run side by side, and a slow one must not put
 * an older note over a newer one. */
static int
keep(const struct ex_house *house, const char *path,
    const struct ex_checkpoint *new, const struct ex_buf *note,
    struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_checkpoint held;
	char lock[EX_PATH];
	int fd, rc;

	if (ex_house_path(lock, house, "seen.lock", err) == -1)
		return -1;
	/* Whoever holds it is writing one that is as good. */
	if ((fd = ex_file_lock(lock, &why)) == -1)
		return why.code == EX_CONFLICT
			   ? 0
			   : ex_fail(err, why.code, "%s", why.text);
	rc = read_seen(house, path, &held, err);
	if (rc == 0 && held.size < new->size)
		rc = ex_file_write(path, note->data, note->len, 0644, err);
	(void)close(fd);
	return rc;
}

/* Compare what the database has now and keep it. */
static int
look(struct ex_house *house, struct ex_checkpoint *out, struct ex_buf *now,
    struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_checkpoint old;
	struct ex_conn *conn;
	char path[EX_PATH];
	int rc;

	memset(out, 0, sizeof(*out));
	if (ex_house_path(path, house, "seen", err) == -1 ||
	    read_seen(house, path, &old, err) == -1)
		return -1;
	/* Nothing newer comes to a field kit. */
	if (house->kit != NULL) {
		*out = old;
		return ex_file_read(now, path, EX_NOTE_MAX, err);
	}
	if (ex_house_conn(house, &conn, err) == -1)
		return -1;
	rc = ex_store_checkpoint(conn, now, NULL, &why);
	if (rc == -1 && why.code == EX_ABSENT && old.size == 0) {
		(void)snprintf(out->origin, sizeof(out->origin), "%s",
		    house->log_key.name);
		ex_tree_empty(out->root);
		return 0;
	}
	if (rc == -1 && why.code == EX_ABSENT)
		return ex_fail(err, EX_DAMAGED,
		    "the log is empty, this machine has seen %llu entries",
		    (unsigned long long)old.size);
	if (rc == -1)
		return ex_fail(err, why.code, "%s", why.text);
	if (ex_checkpoint_check(
		out, now->data, now->len, &house->log_key, err) == -1)
		return ex_while(err, "the log's newest checkpoint");
	if (old.size > 0 && continues(conn, &old, out, err) == -1)
		return -1;
	return out->size > old.size ? keep(house, path, out, now, err) : 0;
}

int
ex_house_seen(struct ex_house *house, struct ex_checkpoint *out,
    struct ex_buf *note, struct ex_err *err)
{
	struct ex_buf now = EX_BUF_INIT;
	int rc = look(house, out, &now, err);

	if (rc == 0 && note != NULL)
		rc = ex_buf_add(note, now.data, now.len, err);
	ex_buf_free(&now);
	return rc;
}
