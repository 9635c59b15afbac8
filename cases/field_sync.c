/*
 * field_sync.c -- what was signed in a field kit comes home.
 *
 * The kit is somebody's stick: regular files of bounded size are read from
 * its folders, nothing is followed and nothing written there.  An act that
 * the log takes goes the way of every act, through DIR/pending.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/limits.h"
#include "cases/field.h"
#include "cases/field_parts.h"
#include "cases/kit.h"
#include "intake/vault.h"

#define ENDING ".act"

struct act {
	char *file;
	int settled;
};

struct sync {
	struct ex_house *house;
	const char *dir;
	char pending[EX_PATH], vault[EX_PATH];
	struct act *act;
	size_t n, cap;
	int last; /* nothing moves any more: what waits for another is late */
	struct ex_json *list;
	int64_t entered, there, late, kept;
};

static int
note_file(void *arg, const char *name, struct ex_err *err)
{
	size_t len = strlen(name), end = strlen(ENDING);
	struct sync *s = arg;

	if (len <= end || strcmp(name + len - end, ENDING) != 0)
		return 0;
	if (s->n == EX_KIT_ACTS_MAX)
		return ex_fail(err, EX_LIMIT, "%s: more than %d acts",
		    s->pending, EX_KIT_ACTS_MAX);
	if (s->n == s->cap) {
		size_t cap = s->cap == 0 ? 64 : 2 * s->cap;
		struct act *more = realloc(s->act, cap * sizeof(*more));

		if (more == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		s->act = more;
		s->cap = cap;
	}
	s->act[s->n].settled = 0;
	if ((s->act[s->n].file = strdup(name)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	s->n++;
	return 0;
}

/* A link on a stick leads nowhere. */
static int
read_plain(struct ex_buf *out, const char *dir, const char *name, size_t max,
    struct ex_err *err)
{
	char path[EX_PATH];
	int fd, rc;

	if (ex_path_join(path, sizeof(path), dir, name, err) == -1)
		return -1;
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return ex_fail(err, errno == ELOOP ? EX_FORMAT : EX_SYSTEM,
		    "%s: %s", name,
		    errno == ELOOP ? "a link, and not a file"
				   : strerror(errno));
	rc = ex_fd_read_all(out, fd, max, err);
	(void)close(fd);
	return rc;
}

/* "entered", and how many of these there are. */
static int
tell(struct sync *s, const struct ex_brought *b, const char *result,
    int64_t *count, const char *text, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	char stream[EX_STREAM_TEXT];

	++*count;
	if (ex_json_add(s->list, v, err) == -1 ||
	    ex_json_set_text(v, "file", b->file, err) == -1 ||
	    ex_json_set_text(v, "result", result, err) == -1 ||
	    (text[0] != '\0' && ex_json_set_text(v, "text", text, err) == -1))
		return -1;
	if (b->job.n == 0 || b->job.entry[0].stream.id[0] == '\0')
		return 0;
	ex_stream_text(stream, &b->job.entry[0].stream);
	if (ex_json_set_text(v, "stream", stream, err) == -1)
		return -1;
	return ex_json_set_text(
	    v, "action", ex_act(b->job.entry[0].act)->name, err);
}

/* No act of this log: nobody enters it, and it is not lost. */
static int
keep(struct sync *s, struct ex_brought *b, const char *why, struct ex_err *err)
{
	char dir[EX_PATH], path[EX_PATH], name[EX_SHA256_HEX + 16];
	char hex[EX_SHA256_HEX];
	uint8_t sha256[EX_SHA256_LEN];

	ex_sha256(sha256, b->bytes.data, b->bytes.len);
	ex_hex(hex, sha256, sizeof(sha256));
	(void)snprintf(name, sizeof(name), "%s" ENDING ".lost", hex);
	if (ex_house_path(dir, s->house, "pending", err) == -1 ||
	    ex_path_join(path, sizeof(path), dir, name, err) == -1 ||
	    (b->bytes.len > 0 && ex_file_write(path, b->bytes.data,
				     b->bytes.len, 0600, err) == -1))
		return -1;
	return tell(s, b, "kept", &s->kept, why, err);
}

/* Does one of its streams wait for an act that has not come yet? */
static int
waits(const struct ex_brought *b, struct ex_err *err)
{
	uint8_t leaf[EX_HASH];
	struct ex_view view;
	uint64_t seq;

	if (ex_house_view(b->house, &view, err) == -1)
		return -1;
	for (size_t i = 0; i < b->job.n; i++) {
		const struct ex_act_entry *e = &b->job.entry[i];

		if (ex_stream_head(&seq, leaf, &view, &e->stream, err) == -1)
			return -1;
		if (e->seq > seq + 1)
			return 1;
	}
	return 0;
}

/* The log will not have it as it is: late, or not at all. */
static int
late(struct sync *s, struct ex_brought *b, const struct ex_err *why,
    struct ex_err *err)
{
	struct ex_err not = EX_ERR_INIT;

	if (ex_brought_is_ours(b, &not ) == -1)
		return not .code == EX_UNREACHABLE || not .code == EX_SYSTEM
			   ? ex_fail(err, not .code, "%s", not .text)
			   : keep(s, b, not .text, err);
	if (ex_brought_enter_late(b, why->text, &not ) == 0)
		return tell(s, b, "late", &s->late, why->text, err);
	if (not .code == EX_ABSENT || not .code == EX_STATE ||
	    not .code == EX_DENIED)
		return keep(s, b, why->text, err);
	return ex_fail(err, not .code, "%s", not .text);
}

/* Into the log, the way of every act. */
static int
enter(struct sync *s, struct ex_brought *b, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	int final = 0;

	if (ex_spool_write(&b->job, err) == -1)
		return -1;
	if (ex_act_send(&b->job, &final, &why) == 0 &&
	    ex_act_await(&b->job, &why) == 0) {
		final = ex_act_refused(&b->job, &why) == -1;
		if (ex_spool_drop(&b->job, err) == -1)
			return -1;
		return final ? late(s, b, &why, err)
			     : tell(s, b, "entered", &s->entered, "", err);
	}
	if (!final)
		return ex_fail(err, why.code, "%s: %s", b->file, why.text);
	if (ex_spool_drop(&b->job, err) == -1)
		return -1;
	return late(s, b, &why, err);
}

/* What the log has of it. */
static int
status_of(
    struct ex_entry_status *out, const struct ex_brought *b, struct ex_err *err)
{
	struct ex_conn *conn;

	if (ex_house_conn(b->house, &conn, err) == -1)
		return -1;
	return ex_store_status(conn, b->job.entry[0].body_sha256, out, err);
}

/* 1 when it is settled, 0 when it waits for another, or -1. */
static int
settle(struct sync *s, struct ex_brought *b, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_entry_status is;
	int wait;

	if (read_plain(&b->bytes, s->pending, b->file,
		EX_PENDING_MAX + EX_SHA256_LEN, &why) == -1 ||
	    ex_spool_parse(&b->job, b->bytes.data, b->bytes.len, &why) == -1)
		return keep(s, b, why.text, err) == -1 ? -1 : 1;
	if (status_of(&is, b, err) == -1)
		return -1;
	if (is.state == EX_ENTRY_INCLUDED || is.state == EX_ENTRY_WAITING)
		return tell(s, b, "there", &s->there, "", err) == -1 ? -1 : 1;
	if (is.state == EX_ENTRY_REJECTED) {
		(void)ex_fail(&why, EX_STATE, "%s", is.reason);
		return late(s, b, &why, err) == -1 ? -1 : 1;
	}
	if ((wait = waits(b, err)) == -1)
		return -1;
	if (wait && !s->last)
		return 0;
	return enter(s, b, err) == -1 ? -1 : 1;
}

static int
bring(struct sync *s, struct act *act, struct ex_err *err)
{
	struct ex_brought b = { .house = s->house, .file = act->file };
	int rc;

	ex_act_job_init(&b.job, s->house, NULL);
	rc = settle(s, &b, err);
	ex_act_job_free(&b.job);
	ex_buf_wipe(&b.bytes);
	if (rc == 1)
		act->settled = 1;
	return rc;
}

/* Names have the clock's order, and a clock may have been set back. */
static int
bring_all(struct sync *s, struct ex_err *err)
{
	size_t left = s->n, before;

	while (left > 0) {
		before = left;
		for (size_t i = 0; i < s->n; i++) {
			int rc =
			    s->act[i].settled ? 0 : bring(s, &s->act[i], err);

			if (rc == -1)
				return -1;
			left -= (size_t)rc;
		}
		s->last = left == before;
	}
	return 0;
}

/* A file that an act names by its digest goes into the vault as well. */
static int
take_file(void *arg, const char *name, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct sync *s = arg;
	struct ex_buf bytes = EX_BUF_INIT;
	char vault[EX_PATH], kept[EX_SHA256_HEX], hex[EX_SHA256_HEX];
	uint8_t sha256[EX_SHA256_LEN];
	int rc = 0;

	if (ex_hex_read(sha256, sizeof(sha256), name, NULL) == -1)
		return 0;
	if (read_plain(&bytes, s->vault, name, EX_VAULT_FILE_MAX, &why) == 0) {
		ex_sha256(sha256, bytes.data, bytes.len);
		ex_hex(hex, sha256, sizeof(sha256));
		/* One that is another has no name that an act could mean. */
		if (strcmp(hex, name) == 0 &&
		    ((rc = ex_house_path(vault, s->house, "vault", err)) ==
			    -1 ||
			ex_vault_put(kept, vault, EX_VAULT_ATTACHMENTS, NULL,
			    bytes.data, bytes.len, err) == -1))
			rc = -1;
	}
	ex_buf_free(&bytes);
	return rc;
}

static int
sync_kit(struct sync *s, struct ex_err *err)
{
	if (ex_path_join(s->pending, EX_PATH, s->dir, "pending", err) == -1 ||
	    ex_path_join(s->vault, EX_PATH, s->dir, "vault/attachments", err) ==
		-1)
		return -1;
	if (!ex_kit_is(s->dir) || !ex_file_exists(s->pending))
		return ex_fail(err, EX_ABSENT,
		    "%s: no field kit; exhibit field pack makes one", s->dir);
	if (ex_file_exists(s->vault) &&
	    ex_dir_each(s->vault, take_file, s, err) == -1)
		return -1;
	if (ex_dir_each(s->pending, note_file, s, err) == -1)
		return -1;
	return bring_all(s, err);
}

int
ex_field_sync(struct ex_json **out, int *status, struct ex_house *house,
    const char *dir, struct ex_err *err)
{
	struct sync *s = calloc(1, sizeof(*s));
	struct ex_json *told = ex_json_object();
	const struct ex_signer *who;
	int rc = -1;

	*out = NULL;
	if (s == NULL || told == NULL || (s->list = ex_json_array()) == NULL ||
	    ex_json_set(told, "acts", s->list, err) == -1) {
		free(s);
		ex_json_free(told);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	s->house = house;
	s->dir = dir;
	if (ex_house_actor(house, &who, err) == 0 && sync_kit(s, err) == 0 &&
	    ex_json_set_int(told, "entered", s->entered, err) == 0 &&
	    ex_json_set_int(told, "there", s->there, err) == 0 &&
	    ex_json_set_int(told, "late", s->late, err) == 0 &&
	    ex_json_set_int(told, "kept", s->kept, err) == 0)
		rc = 0;
	*status = s->late + s->kept > 0;
	for (size_t i = 0; i < s->n; i++)
		free(s->act[i].file);
	free(s->act);
	free(s);
	if (rc == -1) {
		ex_json_free(told);
		return -1;
	}
	*out = told;
	return 0;
}
