/*
 * acquire_finish.c -- what came of acquisitions, as DIR/pending keeps it,
 * signed.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "cases/acquire_parts.h"
#include "db/store.h"

/* A member's fields and texts out of the file. */
static int
fill(struct ex_member *m, const struct ex_json *v, const char *fields,
    const char *texts, struct ex_err *err)
{
	ex_json_free(m->fields);
	ex_json_free(m->texts);
	m->fields = ex_json_copy(ex_json_get(v, fields));
	m->texts = ex_json_copy(ex_json_get(v, texts));
	m->digests = ex_json_copy(ex_json_get(v, "digests"));
	if (m->fields == NULL || m->texts == NULL)
		return ex_fail(err, EX_FORMAT, "%s: not there", fields);
	return 0;
}

/* Does the file end an acquisition, or pause it? */
static int
is_pause(const struct ex_json *v)
{
	return ex_json_get(v, "pause") != NULL;
}

/* Is this acquisition still going on?  1, 0, or -1. */
static int
is_open(struct ex_house *house, const struct ex_json *v, struct ex_err *err)
{
	const char *item = ex_json_get_text(v, "item"), *is, *state;
	const char *id = ex_json_get_text(v, "acquisition");
	struct ex_json *fact = NULL;
	int same;

	if (item == NULL || id == NULL)
		return ex_fail(err, EX_FORMAT, "it names no acquisition");
	if (ex_house_fact(house, "item", item, &fact, err) == -1)
		return -1;
	is = ex_json_get_text(ex_json_get(fact, "acquisition"), "id");
	state = ex_json_get_text(fact, "state");
	same = is != NULL && state != NULL && strcmp(is, id) == 0 &&
	       strcmp(state, "ACQUIRING") == 0;
	ex_json_free(fact);
	return same;
}

/* acquire_end and the image's create, in one batch; or acquire_pause. */
static int
request(struct ex_request *r, const struct ex_json *v, struct ex_err *err)
{
	const char *image = ex_json_get_text(v, "image");
	int pause = is_pause(v);
	struct ex_member *m;

	ex_request_init(r);
	if (ex_request_add(r, pause ? EX_ACT_ACQUIRE_PAUSE : EX_ACT_ACQUIRE_END,
		EX_STREAM_ITEM, ex_json_get_text(v, "item"), &m, err) == -1 ||
	    fill(m, v, pause ? "pause" : "end",
		pause ? "pause_texts" : "end_texts", err) == -1)
		return -1;
	if (image == NULL)
		return 0;
	if (ex_request_add(r, EX_ACT_CREATE, EX_STREAM_ITEM, image, &m, err) ==
	    -1)
		return -1;
	return fill(m, v, "create", "create_texts", err);
}

/* By the examiner's own key. */
static int
sign_self(struct ex_outcome *o, struct ex_house *house, const struct ex_json *v,
    struct ex_err *err)
{
	struct ex_request r;
	int rc = -1;

	if (request(&r, v, err) == 0 &&
	    ex_request_seat_desk(&r, house, EX_ACT_ACQUIRE_END, err) == 0)
		rc = ex_act_do(o, house, &r, err);
	ex_request_free(&r);
	return rc;
}

/* By the station's: facts of a machine, which she will confirm. */
static int
sign_station(struct ex_outcome *o, struct ex_house *house,
    const struct ex_json *v, struct ex_err *err)
{
	const struct ex_signer *station;
	struct ex_request r;
	int rc = -1;

	if (request(&r, v, err) == 0 &&
	    ex_house_signer(house, "station", &station, err) == 0 &&
	    ex_request_seat(&r, station, "station", err) == 0)
		rc = ex_act_do(o, house, &r, err);
	ex_request_free(&r);
	return rc;
}

/*
 * Where her key cannot sign now, because nobody can give its PIN or the card
 * is not there, the station's does if she has delegated that to it; the rules
 * say whether she has.
 */
static int
sign(struct ex_house *house, const struct ex_json *v, uint8_t event[EX_HASH],
    struct ex_err *err)
{
	struct ex_outcome o = { NULL, 0, "" };
	struct ex_err why = EX_ERR_INIT;
	int rc = sign_self(&o, house, v, &why);

	if (rc == -1 && (why.code == EX_PIN || why.code == EX_ABSENT)) {
		ex_outcome_free(&o);
		rc = sign_station(&o, house, v, NULL);
	}
	if (rc == -1)
		(void)ex_fail(err, why.code, "%s", why.text);
	else if (event != NULL)
		memcpy(event, o.done[0].leaf, EX_HASH);
	ex_outcome_free(&o);
	return rc;
}

/* Was it signed before, by a run that died behind that?  1, 0 or -1. */
static int
is_spooled(struct ex_house *house, const struct ex_json *v, struct ex_err *err)
{
	const char *item = ex_json_get_text(v, "item");
	const char *act = is_pause(v) ? "acquire_pause" : "acquire_end";
	const struct ex_json *all;
	struct ex_json *list = NULL;
	int found = 0;

	if (ex_pending_list(&list, house, err) == -1)
		return -1;
	all = ex_json_get(list, "pending");
	for (size_t i = 0; !found && i < ex_json_count(all); i++) {
		const struct ex_json *e = ex_json_at(all, i);
		const char *stream = ex_json_get_text(e, "stream");
		const char *action = ex_json_get_text(e, "action");

		found = item != NULL && stream != NULL && action != NULL &&
			strcmp(action, act) == 0 &&
			strncmp(stream, "item:", 5) == 0 &&
			strcmp(&stream[5], item) == 0;
	}
	ex_json_free(list);
	return found;
}

/* Send what is signed; what is not yet is signed now. */
static int
conclude(struct ex_house *house, const struct ex_json *v,
    uint8_t event[EX_HASH], struct ex_err *err)
{
	struct ex_json *told = NULL;
	int status = 0, yes;

	if ((yes = is_spooled(house, v, err)) == -1)
		return -1;
	if (yes && ex_pending_finish(&told, &status, house, err) == -1)
		return -1;
	ex_json_free(told);
	if ((yes = is_open(house, v, err)) == -1)
		return -1;
	return yes ? sign(house, v, event, err) : 0;
}

static int
read_file(struct ex_json **out, const char *file, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	int rc;

	*out = NULL;
	rc = ex_file_read(&text, file, EX_JSON_MAX, err);
	if (rc == 0)
		rc = ex_json_read_canonical(out, text.data, text.len, err);
	ex_buf_free(&text);
	return rc;
}

int
ex_acquired_finish(struct ex_house *house, const char *file,
    uint8_t event[EX_HASH], struct ex_err *err)
{
	struct ex_json *v = NULL;
	int rc;

	if (event != NULL)
		memset(event, 0, EX_HASH);
	rc = read_file(&v, file, err);
	if (rc == 0)
		rc = conclude(house, v, event, err);
	ex_json_free(v);
	return rc;
}

int
ex_acquired_forget(const char *file, struct ex_err *err)
{
	return unlink(file) == -1 ? ex_fail_errno(err, "%s", file) : 0;
}

/* What is signed is signed: neither file is needed any more. */
int
ex_acquired_remove(struct ex_house *house, const char *file, const char *image,
    int lock, struct ex_err *err)
{
	if (ex_acquiring_settle(house, image, lock, err) == -1)
		return -1;
	return ex_acquired_forget(file, err);
}

struct pass {
	struct ex_house *house;
	const char *dir, *item;
	size_t n;
	struct ex_err why; /* of the first that could not be finished */
};

/* 1 finished, 0 of another item or of a living run, or -1. */
static int
finish_one(
    struct pass *p, const char *path, const char *image, struct ex_err *err)
{
	struct ex_json *v = NULL;
	const char *item;
	int rc, pause, lock = -1;

	if (read_file(&v, path, err) == -1)
		return p->item == NULL ? -1 : 0;
	item = ex_json_get_text(v, "item");
	rc = p->item == NULL || (item != NULL && strcmp(item, p->item) == 0);
	pause = is_pause(v);
	ex_json_free(v);
	if (rc == 1)
		rc = ex_acquiring_hold(&lock, p->house, image, err);
	if (rc != 1)
		return rc;
	rc = ex_acquired_finish(p->house, path, NULL, err);
	/* Of one that is paused the file of work stays, to be resumed by. */
	if (rc == 0 && pause)
		rc = ex_acquired_forget(path, err) == -1 ? -1 : 1;
	else if (rc == 0)
		return ex_acquired_remove(p->house, path, image, lock, err) ==
			       -1
			   ? -1
			   : 1;
	if (lock != -1)
		(void)close(lock);
	return rc;
}

/* One that cannot be finished does not keep the others waiting. */
static int
finish_file(void *arg, const char *name, struct ex_err *err)
{
	static const char end[] = ".acquired";
	struct ex_err why = EX_ERR_INIT;
	struct pass *p = arg;
	size_t n = strlen(name);
	char path[EX_PATH], image[EX_ITEM_MAX + 1];
	int rc;

	if (n < sizeof(end) || n - (sizeof(end) - 1) > EX_ITEM_MAX ||
	    strcmp(&name[n - (sizeof(end) - 1)], end) != 0)
		return 0;
	memcpy(image, name, n - (sizeof(end) - 1));
	image[n - (sizeof(end) - 1)] = '\0';
	if (ex_path_join(path, EX_PATH, p->dir, name, err) == -1)
		return -1;
	rc = finish_one(p, path, image, &why);
	if (rc == -1)
		(void)ex_fail(&p->why, why.code, "%s: %s", name, why.text);
	else
		p->n += (size_t)rc;
	return 0;
}

int
ex_acquire_finish(
    size_t *n, struct ex_house *house, const char *item, struct ex_err *err)
{
	struct pass p = { house, NULL, item, 0, EX_ERR_INIT };
	char dir[EX_PATH];
	int rc;

	*n = 0;
	if (ex_house_path(dir, house, "pending", err) == -1)
		return -1;
	p.dir = dir;
	rc = ex_dir_each(dir, finish_file, &p, err);
	*n = p.n;
	if (rc == 0 && p.why.code != EX_OK)
		rc = ex_fail(err, p.why.code, "%s", p.why.text);
	return rc;
}
