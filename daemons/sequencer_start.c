/*
 * sequencer_start.c -- from the entries to a state that may be signed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "custody/log.h"
#include "daemons/outside.h"
#include "daemons/sequencer.h"
#include "signing/cert.h"

static int
load_vkey(struct ex_sequencer *s, const char *dir, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_PATH];
	int rc = -1;

	if (ex_path_join(path, EX_PATH, dir, "log.vkey", err) == -1 ||
	    ex_file_read(&text, path, EX_VKEY_TEXT, err) == -1)
		goto out;
	while (text.len > 0 && text.data[text.len - 1] == '\n')
		ex_buf_cut(&text, text.len - 1);
	rc = ex_vkey_read(&s->vkey, ex_buf_text(&text), err);
out:
	ex_buf_free(&text);
	return rc;
}

static int
load_service(struct ex_sequencer *s, const char *dir, struct ex_err *err)
{
	struct ex_buf pem = EX_BUF_INIT;
	struct ex_cert_info *info = calloc(1, sizeof(*info));
	char path[EX_PATH];
	int rc = -1;

	if (info == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	if (ex_path_join(path, EX_PATH, dir, "service.key", err) == -1 ||
	    ex_key_load(&s->service_key, path, NULL, err) == -1 ||
	    ex_path_join(path, EX_PATH, dir, "service.pem", err) == -1 ||
	    ex_file_read(&pem, path, EX_KEYFILE_MAX, err) == -1 ||
	    ex_cert_from_pem(&s->service_cert, pem.data, pem.len, err) == -1 ||
	    ex_cert_read(
		info, s->service_cert.data, s->service_cert.len, err) == -1)
		goto out;
	memcpy(s->service_sha256, info->sha256, EX_SHA256_LEN);
	(void)snprintf(s->service_name, sizeof(s->service_name), "%.60s",
	    info->subject_cn);
	(void)snprintf(s->org, sizeof(s->org), "%.60s", info->subject_o);
	rc = 0;
out:
	free(info);
	ex_buf_free(&pem);
	return rc;
}

static int
load_keys(struct ex_sequencer *s, const char *dir, struct ex_err *err)
{
	char path[EX_PATH];

	if (ex_path_join(path, EX_PATH, dir, "log.key", err) == -1 ||
	    ex_key_load(&s->log_key, path, NULL, err) == -1)
		return -1;
	if (load_vkey(s, dir, err) == -1)
		return -1;
	return load_service(s, dir, err);
}

/* One indexed entry, replayed: leaf and place are computed again. */
static int
replay(void *arg, const struct ex_entry_row *row, struct ex_err *err)
{
	/* Signatures were checked when it was admitted, and the root over
	 * these very bytes is compared with what was signed then. */
	static const struct ex_admit_options options = { .skip_signatures = 1,
		.skip_seen = 1 };
	struct ex_sequencer *s = arg;
	struct ex_admission *a = calloc(1, sizeof(*a));
	int rc = -1;

	if (a == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (row->index != s->edge.size) {
		(void)ex_fail(err, EX_DAMAGED,
		    "entry %llu is missing from the database",
		    (unsigned long long)s->edge.size);
		goto out;
	}
	if (ex_admit(a, row->entry.p, row->entry.n, ex_world_view(s->world),
		&options, err) == -1 ||
	    ex_world_apply(s->world, a, row->index, err) == -1)
		goto out;
	if (a->event.act == EX_ACT_HEADS)
		s->heads_at = a->event.time_claimed;
	if (ex_tree_append(&s->edge, a->leaf, NULL, NULL, err) == -1)
		goto out;
	rc = 0;
	/* The history that the store knows is a beginning of this one. */
	if (s->edge.size == s->stored.size) {
		uint8_t root[EX_HASH];

		ex_tree_edge_root(root, &s->edge);
		if (memcmp(root, s->stored.root, EX_HASH) != 0)
			rc = ex_fail(err, EX_DAMAGED,
			    "at size %llu the database shows another history "
			    "than the store outside it",
			    (unsigned long long)s->edge.size);
	}
out:
	ex_admission_free(a);
	free(a);
	if (rc == -1 && err->code != EX_DAMAGED && err->code != EX_SYSTEM) {
		struct ex_err why = *err;

		ex_err_clear(err);
		(void)ex_fail(err, EX_DAMAGED,
		    "entry %llu of the database can not be replayed: %s",
		    (unsigned long long)row->index, why.text);
	}
	return rc;
}

/*
 * Where the last round stopped.  Ahead of the store: it goes on from (b).
 * Behind it, or another root: somebody put back or rewrote the database.
 */
static int
compare(struct ex_sequencer *s, struct ex_err *err)
{
	uint8_t root[EX_HASH], row[EX_HASH];
	struct ex_err none = EX_ERR_INIT;
	uint64_t size = 0;
	int is_signed = 1;

	if (ex_sequence_newest(s->conn, &size, row, &is_signed, &none) == -1 &&
	    none.code != EX_ABSENT)
		return ex_fail(err, none.code, "%s", none.text);
	ex_tree_edge_root(root, &s->edge);
	if (s->stored.size > s->edge.size)
		return ex_fail(err, EX_DAMAGED,
		    "the database has %llu entries, %llu were signed: an "
		    "older database was put back",
		    (unsigned long long)s->edge.size,
		    (unsigned long long)s->stored.size);
	if (size != s->edge.size ||
	    (size > 0 && memcmp(row, root, EX_HASH) != 0))
		return ex_fail(err, EX_DAMAGED,
		    "the newest checkpoint in the database is not that of its "
		    "entries");
	if (size > 0 && !is_signed) {
		ex_log(EX_INFO, "sequencer",
		    "a round was cut off at size %llu; it is finished now",
		    (unsigned long long)size);
		return ex_sequencer_publish(s, err);
	}
	if (size > 0 && s->stored.size < size)
		return ex_fail(err, EX_DAMAGED,
		    "checkpoint %llu is signed and the store outside does not "
		    "know it",
		    (unsigned long long)size);
	s->published = size;
	return ex_store_published_after(
	    s->conn, size == 0 ? 0 : size - 1, &s->published_at, err);
}

static int
open_all(struct ex_sequencer *s, const char *dir, const char *conninfo,
    struct ex_err *err)
{
	char path[EX_PATH];

	if (ex_path_join(path, EX_PATH, dir, "sequencer.lock", err) == -1 ||
	    (s->lock = ex_file_lock(path, err)) == -1)
		return -1;
	if (load_keys(s, dir, err) == -1 ||
	    ex_path_join(s->outside, EX_PATH, dir, EX_OUTSIDE_NAME, err) ==
		-1 ||
	    ex_outside_read(&s->stored, s->outside, err) == -1)
		return -1;
	if (strcmp(s->stored.origin, s->vkey.name) != 0)
		return ex_fail(err, EX_DAMAGED, "%s is of another log: %s",
		    s->outside, s->stored.origin);
	if (ex_conn_open(&s->conn, conninfo, err) == -1 ||
	    ex_sequence_lock(s->conn, err) == -1 ||
	    ex_sequence_listen(s->conn, err) == -1 ||
	    ex_world_new(&s->world, 0, err) == -1)
		return -1;
	if (ex_store_entries(s->conn, 0, replay, s, err) == -1)
		return -1;
	return compare(s, err);
}

int
ex_sequencer_open(struct ex_sequencer **out, const char *log_dir,
    const char *conninfo, struct ex_err *err)
{
	struct ex_sequencer *s = calloc(1, sizeof(*s));

	*out = NULL;
	if (s == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	s->lock = -1;
	if (open_all(s, log_dir, conninfo, err) == -1) {
		ex_sequencer_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

void
ex_sequencer_close(struct ex_sequencer *s)
{
	if (s == NULL)
		return;
	ex_conn_close(s->conn);
	ex_world_free(s->world);
	ex_key_free(s->log_key);
	ex_key_free(s->service_key);
	ex_buf_free(&s->service_cert);
	if (s->lock != -1)
		(void)close(s->lock);
	free(s);
}
