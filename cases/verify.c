/*
 * verify.c -- images against themselves and against the signed entries.
 */
#include "cases/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/acquire_parts.h"
#include "cases/act.h"
#include "cases/image_blocks.h"
#include "cases/image_parts.h"

/* What is said about one image. */
struct finding {
	const char *verdict;
	char text[EX_ERR_TEXT];
	int was_read;
	struct ex_reading_file *file; /* of each path */
	struct ex_verdict reading;
};

enum {
	RANGES_SIGNED = 200 /* ranges of an entry; each is 60 bytes or so */
};

struct phase {
	const struct ex_verify *v;
};

static void
progress(void *arg, uint64_t done, uint64_t total)
{
	const struct phase *p = arg;

	if (p->v->progress != NULL)
		p->v->progress(p->v->progress_arg, "verify", done, total);
}

static void
say(struct finding *f, const char *verdict, const char *text)
{
	f->verdict = verdict;
	(void)snprintf(f->text, sizeof(f->text), "%s", text);
}

/* The files themselves are the signed ones, also where no media byte is. */
static int
check_files(struct finding *f, const struct ex_image *i, struct ex_err *err)
{
	uint8_t want[EX_SHA256_LEN];

	for (size_t k = 0; k < i->npaths; k++) {
		const struct ex_json *s = ex_json_at(i->segments, k);
		const struct ex_reading_file *got = &f->file[k];

		if (ex_json_need_hex(want, sizeof(want), s, "sha256", err) ==
		    -1)
			return -1;
		if (!got->known) {
			f->verdict = "unreadable";
			(void)snprintf(f->text, sizeof(f->text), "%.300s: %s",
			    i->path[k], strerror(got->why));
			return 0;
		}
		if (memcmp(got->sha256, want, sizeof(want)) == 0)
			continue;
		f->verdict = "digest_differs";
		(void)snprintf(f->text, sizeof(f->text),
		    "%.300s is not the file that was signed, although its "
		    "media are",
		    ex_path_base(i->path[k]));
		return 0;
	}
	return 0;
}

/* Which digest differs first, in words. */
static void
say_difference(struct finding *f, const struct ex_image *i)
{
	for (size_t k = 0; k < i->ndigests; k++) {
		const struct ex_digest_value *want = &i->digest[k];

		for (size_t m = 0; m < f->reading.ndigests; m++) {
			const struct ex_digest_value *got =
			    &f->reading.digest[m];

			if (got->alg != want->alg ||
			    memcmp(got->value, want->value, want->len) == 0)
				continue;
			f->verdict = "digest_differs";
			(void)snprintf(f->text, sizeof(f->text),
			    "%s of the media is not the signed one",
			    ex_alg_name(want->alg));
			return;
		}
	}
	say(f, "digest_differs", "the signed digests could not be computed");
}

static int
read_image(struct ex_verdict *out, struct ex_reading_file *file, int blocks,
    const struct ex_image *i, const struct ex_verify *v, struct ex_err *err)
{
	struct phase phase = { v };
	struct ex_reading r;
	const char **path = calloc(i->npaths + 1, sizeof(*path));
	int rc;

	if (path == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t k = 0; k < i->npaths; k++)
		path[k] = i->path[k];
	memset(&r, 0, sizeof(r));
	r.container = i->container;
	r.path = path;
	r.npaths = i->npaths;
	for (size_t k = 0; k < i->ndigests; k++)
		r.algs |= EX_ALG_BIT(i->digest[k].alg);
	r.without_landlock = v->without_landlock;
	r.file = file;
	r.block_digests = blocks;
	r.progress = progress;
	r.progress_arg = &phase;
	rc = ex_reading_verify(out, &r, err);
	free(path);
	return rc;
}

/*
 * It is not as it was signed: where?  Read once more, with the digest of each
 * block; and how it is with the map is told also when the image is well.
 */
static int
locate(struct ex_json *told, struct ex_house *house, const struct finding *f,
    const struct ex_image *i, const struct ex_verify *v, struct ex_err *err)
{
	struct ex_verdict blocks;
	int rc;

	if (!ex_blocks_signed(i) || !f->was_read)
		return 0;
	if (strcmp(f->verdict, "ok") == 0 ||
	    f->reading.result == EX_READING_UNREADABLE)
		return ex_blocks_locate(told, house, i, &f->reading, err);
	if (read_image(&blocks, NULL, 1, i, v, err) == -1)
		return -1;
	rc = ex_blocks_locate(told, house, i, &blocks, err);
	ex_verdict_free(&blocks);
	return rc;
}

/* Whole; and what of it is a filling, as was signed when it was made. */
static void
say_whole(struct finding *f, const struct ex_image *i)
{
	int64_t filled = 0;

	say(f, "ok", "container whole, digests are the signed ones");
	for (size_t k = 0; k < ex_json_count(i->unread); k++) {
		const struct ex_json *r = ex_json_at(i->unread, k);

		if (strcmp(ex_json_get_text(r, "status"), "missing") != 0)
			filled += ex_json_get_int(r, "count", 0);
	}
	if (filled > 0)
		(void)snprintf(f->text, sizeof(f->text),
		    "container whole, digests are the signed ones; %" PRId64
		    " sectors of the source could not be read and are a "
		    "filling, as signed",
		    filled);
}

static int
judge(struct finding *f, const struct ex_image *i, const struct ex_verify *v,
    struct ex_err *err)
{
	if (i->create == NULL || i->ndigests == 0 || i->segments == NULL) {
		say(f, "no_signed_event",
		    "no signed entry tells its segments and digests");
		return 0;
	}
	if (i->npaths == 0) {
		f->verdict = "unreadable";
		(void)snprintf(f->text, sizeof(f->text),
		    "no file of it is in %.400s", i->dir);
		return 0;
	}
	f->file = calloc(i->npaths + 1, sizeof(*f->file));
	if (f->file == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (read_image(&f->reading, f->file, 0, i, v, err) == -1)
		return -1;
	f->was_read = 1;
	if (f->reading.result == EX_READING_UNREADABLE) {
		say(f, "unreadable", f->reading.text);
	} else if (i->nabsent > 0) {
		f->verdict = "container_damaged";
		(void)snprintf(f->text, sizeof(f->text),
		    "%zu of %zu segment files are not there", i->nabsent,
		    i->npaths + i->nabsent);
	} else if (f->reading.result == EX_READING_DAMAGED) {
		say(f, "container_damaged", f->reading.text);
	} else if (!ex_reading_agrees(&f->reading, i->digest, i->ndigests)) {
		say_difference(f, i);
	} else {
		say_whole(f, i);
		return check_files(f, i, err);
	}
	return 0;
}

static int
put_values(struct ex_json *v, const char *name, const struct ex_digest_value *d,
    size_t n, struct ex_err *err)
{
	struct ex_json *set = ex_json_object();

	if (set == NULL || ex_json_set(v, name, set, err) == -1)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < n; i++)
		if (ex_json_set_hex(set, ex_alg_name(d[i].alg), d[i].value,
			d[i].len, err) == -1)
			return -1;
	return 0;
}

static int
put_finding(struct ex_json *v, const struct ex_image *i,
    const struct finding *f, struct ex_err *err)
{
	struct ex_json *ranges;

	if ((ex_json_count(i->unread) > 0 &&
		ex_json_set(v, "unread_ranges", ex_json_ref(i->unread), err) ==
		    -1) ||
	    ex_json_set_text(v, "image", i->name, err) == -1 ||
	    ex_json_set_text(v, "verdict", f->verdict, err) == -1 ||
	    ex_json_set_text(v, "text", f->text, err) == -1 ||
	    ex_json_set_text(v, "path", i->dir, err) == -1 ||
	    put_values(v, "digests", f->reading.digest, f->reading.ndigests,
		err) == -1 ||
	    put_values(v, "expected", i->digest, i->ndigests, err) == -1 ||
	    ex_ranges_json(&ranges, &f->reading.bad, err) == -1)
		return -1;
	return ex_json_set(v, "bad_ranges", ranges, err);
}

/* The digests that were computed, as an entry has them. */
static int
put_computed(
    struct ex_member *m, const struct ex_verdict *r, struct ex_err *err)
{
	if (r->ndigests == 0)
		return 0;
	return ex_digests_json(&m->digests, r->digest, r->ndigests, err);
}

/* What reading it gave: nothing is said of a reading that was not done. */
static int
put_reading(struct ex_member *m, const struct finding *f, struct ex_err *err)
{
	const struct ex_verdict *r = &f->reading;
	uint64_t bad = ex_ranges_sectors(&r->bad) * r->sector_size;
	struct ex_json *ranges;

	if (!f->was_read)
		return 0;
	if (ex_json_set_text(m->fields, "jail",
		r->landlock ? "landlock-seccomp" : "seccomp", err) == -1 ||
	    put_computed(m, r, err) == -1)
		return -1;
	if (r->result != EX_READING_UNREADABLE &&
	    ex_json_set_int(m->fields, "bytes_read",
		(int64_t)(r->bytes > bad ? r->bytes - bad : 0), err) == -1)
		return -1;
	/* A list that is too long for an entry stays in the answer. */
	if (r->bad.n == 0 || r->bad.n > RANGES_SIGNED)
		return 0;
	if (ex_ranges_json(&ranges, &r->bad, err) == -1)
		return -1;
	return ex_json_set(m->fields, "bad_ranges", ranges, err);
}

/* Where it changed, as it was told: a long list lies in the vault. */
static int
put_changed(struct ex_member *m, struct ex_house *house,
    const struct ex_json *told, struct ex_err *err)
{
	const struct ex_json *list = ex_json_get(told, "changed_ranges");

	return ex_json_count(list) == 0
		   ? 0
		   : ex_list_put(house, m->fields, "changed_ranges",
			 "changed_list", ex_json_copy(list), err);
}

/* A `verify` of the image, signed: also when it is not well. */
static int
sign(struct ex_json *v, struct ex_house *house, const struct ex_image *i,
    const struct finding *f, struct ex_err *err)
{
	struct ex_outcome o = { NULL, 0, "" };
	struct ex_request r;
	struct ex_member *m;
	struct ex_json *set;
	int rc = -1;

	ex_request_init(&r);
	if (ex_request_add(
		&r, EX_ACT_VERIFY, EX_STREAM_ITEM, i->name, &m, err) == -1 ||
	    ex_json_set_text(m->fields, "verdict", f->verdict, err) == -1 ||
	    put_reading(m, f, err) == -1 ||
	    put_changed(m, house, v, err) == -1 ||
	    ex_json_set_text(m->texts, "at", i->dir, err) == -1 ||
	    ex_acquire_environment(&set, err) == -1 ||
	    ex_json_set(m->fields, "environment", set, err) == -1 ||
	    ex_request_seat_desk(&r, house, EX_ACT_VERIFY, err) == -1 ||
	    ex_act_do(&o, house, &r, err) == -1)
		goto out;
	rc = ex_json_set_hex(v, "event", o.done[0].leaf, EX_HASH, err);
	if (rc == 0)
		rc = ex_json_set_text(v, "state", o.done[0].state, err);
out:
	ex_outcome_free(&o);
	ex_request_free(&r);
	return rc;
}

static int
verify_one(struct ex_json *list, int *status, struct ex_house *house,
    const char *name, const struct ex_verify *v, struct ex_err *err)
{
	struct ex_json *told = ex_json_object();
	struct finding *f = calloc(1, sizeof(*f));
	struct ex_image i;
	int rc = -1;

	memset(&i, 0, sizeof(i));
	if (told == NULL || f == NULL) {
		ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	if (ex_image_begin(&i, house, name, v->at, err) == 0 &&
	    ex_image_reading(&i, house, err) == 0 &&
	    judge(f, &i, v, err) == 0 && put_finding(told, &i, f, err) == 0 &&
	    locate(told, house, f, &i, v, err) == 0 &&
	    (!v->sign || i.create == NULL ||
		sign(told, house, &i, f, err) == 0)) {
		if (strcmp(f->verdict, "ok") != 0)
			*status = 1;
		rc = ex_json_add(list, told, err);
		told = NULL;
	}
out:
	if (f != NULL) {
		ex_verdict_free(&f->reading);
		free(f->file);
	}
	free(f);
	ex_json_free(told);
	ex_image_end(&i);
	return rc;
}

int
ex_verify_run(struct ex_json **summary, int *status, struct ex_house *house,
    const struct ex_verify *v, struct ex_err *err)
{
	struct ex_json *out = ex_json_object(), *list = ex_json_array();
	struct ex_json *names = NULL;
	int rc = -1;

	*summary = NULL;
	*status = 0;
	if (out == NULL || list == NULL ||
	    ex_json_set(out, "images", ex_json_ref(list), err) == -1) {
		ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	if (!v->all && v->name == NULL) {
		ex_fail(err, EX_USAGE, "which image?  Or --all");
		goto out;
	}
	rc = ex_image_names(&names, house, v->all ? NULL : v->name, err);
	for (size_t i = 0; rc == 0 && i < ex_json_count(names); i++)
		rc = verify_one(list, status, house,
		    ex_json_text(ex_json_at(names, i)), v, err);
out:
	ex_json_free(names);
	ex_json_free(list);
	if (rc == 0)
		*summary = out;
	else
		ex_json_free(out);
	return rc;
}
