/*
 * kit.c -- what a field kit knows: its facts, and its own acts on top.
 */
#include "cases/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "cases/act_parts.h"
#include "cases/custody_parts.h"
#include "cases/house_parts.h"
#include "custody/world.h"

struct ex_kit {
	struct ex_house *house;
	struct ex_world *world; /* NULL: to be read */
};

/* Acts that are put upon each other until none is left. */
struct replay {
	struct ex_kit *kit;
	uint64_t index; /* the next that the log could give */
	char (*todo)[EX_UUID_TEXT + 16];
	size_t n, cap;
};

int
ex_kit_is(const char *dir)
{
	char path[EX_PATH];

	return ex_path_join(path, sizeof(path), dir, EX_KIT_FACTS, NULL) == 0 &&
	       ex_file_exists(path);
}

int
ex_kit_open(struct ex_kit **out, struct ex_house *house, struct ex_err *err)
{
	struct ex_kit *kit = calloc(1, sizeof(*kit));

	*out = NULL;
	if (kit == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	kit->house = house;
	*out = kit;
	return 0;
}

void
ex_kit_close(struct ex_kit *kit)
{
	if (kit == NULL)
		return;
	ex_world_free(kit->world);
	free(kit);
}

static int
read_facts(struct ex_kit *kit, struct ex_err *err)
{
	struct ex_buf bytes = EX_BUF_INIT;
	char path[EX_PATH];
	int rc;

	if (ex_house_path(path, kit->house, EX_KIT_FACTS, err) == -1)
		return -1;
	rc = ex_file_read(&bytes, path, EX_KIT_MAX, err);
	if (rc == 0)
		rc = ex_kit_read(kit->world, bytes.data, bytes.len, err);
	ex_buf_free(&bytes);
	return rc == -1 ? ex_while(err, path) : 0;
}

static int
note_act(void *arg, const char *name, struct ex_err *err)
{
	struct replay *p = arg;

	if (p->n == EX_KIT_ACTS_MAX)
		return ex_fail(err, EX_LIMIT,
		    "%d acts are as many as a field kit holds: sync it",
		    EX_KIT_ACTS_MAX);
	if (strlen(name) >= sizeof(*p->todo))
		return ex_fail(err, EX_FORMAT, "%.80s: not an act", name);
	if (p->n == p->cap) {
		size_t cap = p->cap == 0 ? 64 : 2 * p->cap;
		void *more = realloc(p->todo, cap * sizeof(*p->todo));

		if (more == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		p->todo = more;
		p->cap = cap;
	}
	memcpy(p->todo[p->n++], name, strlen(name) + 1);
	return 0;
}

/* A serial number that was read in the field. */
static int
put_serial(struct ex_world *w, const struct ex_event *e,
    const struct ex_act_entry *from, struct ex_err *err)
{
	struct ex_openings o = { NULL, 0 };
	const char *serial;
	struct ex_fact fact = { .kind = (char *)(uintptr_t)EX_KIT_SERIAL,
		.id = (char *)(uintptr_t)e->stream.id };
	int rc;

	rc = ex_openings_read(
	    &o, e, from->openings.data, from->openings.len, err);
	if (rc == 0 && (serial = ex_serial_in(e, &o)) != NULL) {
		fact.value = ex_json_object();
		rc = ex_json_set_text(fact.value, "serial", serial, err);
		if (rc == 0)
			rc = ex_world_put(w, &fact, err);
		ex_json_free(fact.value);
	}
	ex_openings_free(&o);
	return rc;
}

static int
put_entry(struct replay *p, const struct ex_act_entry *e, struct ex_err *err)
{
	struct ex_admit_options options = { .skip_seen = 1 };
	struct ex_admission *a = calloc(1, sizeof(*a));
	struct ex_world *w = p->kit->world;
	int rc;

	if (a == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	rc = ex_admit(
	    a, e->entry.data, e->entry.len, ex_world_view(w), &options, err);
	if (rc == 0)
		rc = ex_world_apply(w, a, p->index++, err);
	if (rc == 0)
		rc = put_serial(w, &a->event, e, err);
	ex_admission_free(a);
	free(a);
	return rc;
}

/* 1 when its turn came, 0 when another act comes before it, or -1. */
static int
put_act(struct replay *p, const char *name, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_act_job job;
	int rc;

	ex_act_job_init(&job, p->kit->house, NULL);
	rc = ex_spool_look(&job, name, &why);
	for (size_t i = 0; rc == 0 && i < job.n; i++) {
		rc = put_entry(p, &job.entry[i], &why);
		/* In the middle of a batch it is not a matter of order. */
		if (rc == -1 && i == 0 && why.code == EX_CONFLICT) {
			ex_act_job_free(&job);
			return 0;
		}
	}
	ex_act_job_free(&job);
	return rc == 0 ? 1 : ex_fail(err, why.code, "%s: %s", name, why.text);
}

/* Names have the clock's order, and a clock may have been set back. */
static int
put_acts(struct replay *p, struct ex_err *err)
{
	while (p->n > 0) {
		size_t left = 0;

		for (size_t i = 0; i < p->n; i++) {
			int rc = put_act(p, p->todo[i], err);

			if (rc == -1)
				return -1;
			if (rc == 0)
				memmove(p->todo[left++], p->todo[i],
				    sizeof(*p->todo));
		}
		if (left == p->n)
			return ex_fail(err, EX_DAMAGED,
			    "%s: it follows no act in this kit", p->todo[0]);
		p->n = left;
	}
	return 0;
}

static int
load(struct ex_kit *kit, struct ex_err *err)
{
	struct replay p = { .kit = kit };
	struct ex_checkpoint seen;
	int rc = -1;

	if (ex_world_new(&kit->world, 0, err) == -1)
		return -1;
	if (ex_house_seen(kit->house, &seen, NULL, err) == 0 &&
	    read_facts(kit, err) == 0 &&
	    ex_spool_each(kit->house, note_act, &p, err) == 0) {
		p.index = seen.size;
		rc = put_acts(&p, err);
	}
	free(p.todo);
	return rc;
}

int
ex_kit_view(struct ex_kit *kit, struct ex_view *out, struct ex_err *err)
{
	if (kit->world == NULL && load(kit, err) == -1) {
		ex_kit_forget(kit);
		return ex_while(err, "field kit");
	}
	*out = *ex_world_view(kit->world);
	return 0;
}

void
ex_kit_forget(struct ex_kit *kit)
{
	ex_world_free(kit->world);
	kit->world = NULL;
}

struct counting {
	struct ex_house *house;
	const char *acquisition;
	unsigned *n;
};

static int
count_starts(void *arg, const char *name, struct ex_err *err)
{
	struct counting *c = arg;
	struct ex_act_job job;
	int rc;

	ex_act_job_init(&job, c->house, NULL);
	rc = ex_spool_look(&job, name, err);
	for (size_t i = 0; rc == 0 && i < job.n; i++) {
		struct ex_opened *o = NULL;
		const char *id;

		if (job.entry[i].act != EX_ACT_ACQUIRE_START)
			continue;
		if ((rc = ex_act_open(&o, &job.entry[i], err)) == 0) {
			id = ex_event_text(&o->event, "acquisition");
			*c->n +=
			    id != NULL && strcmp(id, c->acquisition) == 0 &&
			    ex_json_get_int(o->event.fields, "resumed", 0) == 1;
		}
		ex_opened_free(o);
	}
	ex_act_job_free(&job);
	return rc;
}

int
ex_kit_resumes(unsigned *n, struct ex_house *house, const char *acquisition,
    struct ex_err *err)
{
	struct counting c = { house, acquisition, n };

	return ex_spool_each(house, count_starts, &c, err);
}

int
ex_kit_serial(struct ex_buf *out, struct ex_house *house, const char *item,
    struct ex_err *err)
{
	struct ex_json *fact = NULL;
	const char *serial;
	int rc = 0;

	if (ex_house_fact(house, EX_KIT_SERIAL, item, &fact, err) == -1)
		return -1;
	if ((serial = ex_json_get_text(fact, "serial")) != NULL)
		rc = ex_buf_add_text(out, serial, err);
	ex_json_free(fact);
	return rc;
}
