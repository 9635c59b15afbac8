/*
 * planview.c -- a table of facts over the database's rows.
 */
#include "cases/planview.h"

#include <stdlib.h>
#include <string.h>

enum {
	FIRST_CAP = 256 /* slots; a power of two */
};

struct slot {
	char *kind; /* NULL: free */
	char *id;
	int fetched;
	struct ex_json *base; /* the row; NULL: there is none */
	struct ex_json *over; /* what an entry made of it, or NULL */
};

struct ex_planview {
	struct ex_view view;
	const struct ex_view *under;
	struct slot *slot; /* open addressing, at most half full */
	size_t n, cap;
};

/* FNV-1a over kind, a separator and id. */
static size_t
hash(const char *kind, const char *id)
{
	const char *part[3] = { kind, "/", id };
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < 3; i++)
		for (const char *p = part[i]; *p != '\0'; p++)
			h = (h ^ (uint8_t)*p) * UINT64_C(1099511628211);
	return (size_t)h;
}

/* Where (kind, id) is, or where it would be. */
static struct slot *
find(struct slot *slot, size_t cap, const char *kind, const char *id)
{
	size_t i = hash(kind, id) & (cap - 1);

	while (slot[i].kind != NULL &&
	       (strcmp(slot[i].kind, kind) != 0 || strcmp(slot[i].id, id) != 0))
		i = (i + 1) & (cap - 1);
	return &slot[i];
}

static int
grow(struct ex_planview *v, struct ex_err *err)
{
	size_t cap = v->cap == 0 ? FIRST_CAP : 2 * v->cap;
	struct slot *more;

	if (2 * (v->n + 1) <= v->cap)
		return 0;
	if ((more = calloc(cap, sizeof(*more))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < v->cap; i++)
		if (v->slot[i].kind != NULL)
			*find(more, cap, v->slot[i].kind, v->slot[i].id) =
			    v->slot[i];
	free(v->slot);
	v->slot = more;
	v->cap = cap;
	return 0;
}

static int
slot_of(struct ex_planview *v, const char *kind, const char *id,
    struct slot **out, struct ex_err *err)
{
	struct slot *s;
	char *k, *i;

	if (grow(v, err) == -1)
		return -1;
	s = find(v->slot, v->cap, kind, id);
	if (s->kind == NULL) {
		k = strdup(kind);
		i = strdup(id);
		if (k == NULL || i == NULL) {
			free(k);
			free(i);
			return ex_fail(err, EX_SYSTEM, "out of memory");
		}
		s->kind = k;
		s->id = i;
		v->n++;
	}
	*out = s;
	return 0;
}

static int
get(void *arg, const char *kind, const char *id, struct ex_json **out,
    struct ex_err *err)
{
	struct ex_planview *v = arg;
	const struct ex_json *now;
	struct slot *s;

	*out = NULL;
	if (slot_of(v, kind, id, &s, err) == -1)
		return -1;
	if (s->over == NULL && !s->fetched) {
		if (v->under->get(v->under->arg, kind, id, &s->base, err) == -1)
			return -1;
		s->fetched = 1;
	}
	now = s->over != NULL ? s->over : s->base;
	if (now == NULL)
		return 0;
	if ((*out = ex_json_copy(now)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	return 0;
}

static int
entry(void *arg, const uint8_t leaf[EX_HASH], struct ex_entry_ref *out,
    struct ex_err *err)
{
	struct ex_planview *v = arg;

	return v->under->entry(v->under->arg, leaf, out, err);
}

int
ex_planview_new(
    struct ex_planview **out, const struct ex_view *under, struct ex_err *err)
{
	struct ex_planview *v = calloc(1, sizeof(*v));

	*out = NULL;
	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	v->under = under;
	v->view.arg = v;
	v->view.get = get;
	v->view.entry = entry;
	v->view.partial = under->partial;
	*out = v;
	return 0;
}

void
ex_planview_free(struct ex_planview *v)
{
	if (v == NULL)
		return;
	for (size_t i = 0; i < v->cap; i++) {
		free(v->slot[i].kind);
		free(v->slot[i].id);
		ex_json_free(v->slot[i].base);
		ex_json_free(v->slot[i].over);
	}
	free(v->slot);
	free(v);
}

const struct ex_view *
ex_planview_view(const struct ex_planview *v)
{
	return &v->view;
}

int
ex_planview_apply(
    struct ex_planview *v, const struct ex_facts *facts, struct ex_err *err)
{
	for (size_t i = 0; i < facts->n; i++) {
		const struct ex_fact *f = &facts->fact[i];
		struct slot *s;

		if (slot_of(v, f->kind, f->id, &s, err) == -1)
			return -1;
		ex_json_free(s->over);
		if ((s->over = ex_json_copy(f->value)) == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return 0;
}

void
ex_planview_reset(struct ex_planview *v)
{
	for (size_t i = 0; i < v->cap; i++) {
		ex_json_free(v->slot[i].over);
		v->slot[i].over = NULL;
	}
}
