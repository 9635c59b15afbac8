/*
 * world.c -- facts in memory: two hash tables that only grow.
 */
#include "custody/world.h"

#include <stdlib.h>
#include <string.h>

struct fact {
	char *kind;
	char *id;
	char *case_number; /* or NULL */
	struct ex_json *value;
	struct fact *next;
};

struct known {
	uint8_t leaf[EX_HASH];
	struct ex_entry_ref ref;
	struct known *next;
};

enum {
	BUCKETS = 65536
};

struct ex_world {
	struct ex_view view;
	struct fact *fact[BUCKETS];
	struct known *known[BUCKETS];
	size_t nfacts;
	struct ex_disputes *disputes;
};

/* FNV-1a over both texts: spread only, nothing rests on it. */
static size_t
bucket(const char *kind, const char *id)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (; *kind != '\0'; kind++)
		h = (h ^ (unsigned char)*kind) * UINT64_C(1099511628211);
	h = (h ^ '/') * UINT64_C(1099511628211);
	for (; *id != '\0'; id++)
		h = (h ^ (unsigned char)*id) * UINT64_C(1099511628211);
	return (size_t)((h ^ h >> 32) % BUCKETS);
}

static size_t
leaf_bucket(const uint8_t leaf[EX_HASH])
{
	return ((size_t)leaf[0] << 8 | leaf[1]) % BUCKETS;
}

static struct fact *
find(const struct ex_world *w, const char *kind, const char *id)
{
	struct fact *f = w->fact[bucket(kind, id)];

	while (
	    f != NULL && (strcmp(f->kind, kind) != 0 || strcmp(f->id, id) != 0))
		f = f->next;
	return f;
}

static int
get(void *arg, const char *kind, const char *id, struct ex_json **out,
    struct ex_err *err)
{
	const struct fact *f = find(arg, kind, id);

	*out = NULL;
	if (f == NULL)
		return 0;
	/* The rules change what they are given: a copy, not a reference. */
	*out = ex_json_copy(f->value);
	return *out == NULL ? ex_fail(err, EX_SYSTEM, "out of memory") : 0;
}

static int
get_entry(void *arg, const uint8_t leaf[EX_HASH], struct ex_entry_ref *out,
    struct ex_err *err)
{
	const struct ex_world *w = arg;
	const struct known *k = w->known[leaf_bucket(leaf)];

	for (; k != NULL; k = k->next) {
		if (memcmp(k->leaf, leaf, EX_HASH) == 0) {
			*out = k->ref;
			return 0;
		}
	}
	return ex_fail(err, EX_ABSENT, "the log has no such entry");
}

int
ex_world_new(struct ex_world **out, int partial, struct ex_err *err)
{
	struct ex_world *w = calloc(1, sizeof(*w));

	*out = NULL;
	if (w == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_disputes_new(&w->disputes, err) == -1) {
		free(w);
		return -1;
	}
	w->view.arg = w;
	w->view.get = get;
	w->view.entry = get_entry;
	w->view.partial = partial;
	*out = w;
	return 0;
}

static void
free_fact(struct fact *f)
{
	free(f->kind);
	free(f->id);
	free(f->case_number);
	ex_json_free(f->value);
	free(f);
}

void
ex_world_free(struct ex_world *w)
{
	if (w == NULL)
		return;
	for (size_t i = 0; i < BUCKETS; i++) {
		while (w->fact[i] != NULL) {
			struct fact *f = w->fact[i];

			w->fact[i] = f->next;
			free_fact(f);
		}
		while (w->known[i] != NULL) {
			struct known *k = w->known[i];

			w->known[i] = k->next;
			free(k);
		}
	}
	ex_disputes_free(w->disputes);
	free(w);
}

const struct ex_view *
ex_world_view(const struct ex_world *w)
{
	return &w->view;
}

/* The places that the rules left open for the index in the tree. */
static int
fill_index(struct ex_json *v, uint64_t index, struct ex_err *err)
{
	static const char *const keys[] = { "index", "revoked" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (ex_json_get_int(v, keys[i], 0) == -1 &&
		    ex_json_set_int(v, keys[i], (int64_t)index, err) == -1)
			return -1;
	return 0;
}

static int
put(struct ex_world *w, const struct ex_fact *from, uint64_t index,
    struct ex_err *err)
{
	struct ex_json *value = ex_json_copy(from->value);
	struct fact *f = find(w, from->kind, from->id);
	size_t b = bucket(from->kind, from->id);

	if (value == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (fill_index(value, index, err) == -1) {
		ex_json_free(value);
		return -1;
	}
	if (f != NULL) {
		ex_json_free(f->value);
		f->value = value;
		return 0;
	}
	if ((f = calloc(1, sizeof(*f))) == NULL) {
		ex_json_free(value);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	f->value = value;
	f->kind = strdup(from->kind);
	f->id = strdup(from->id);
	if (from->case_number != NULL)
		f->case_number = strdup(from->case_number);
	if (f->kind == NULL || f->id == NULL ||
	    (from->case_number != NULL && f->case_number == NULL)) {
		free_fact(f);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	f->next = w->fact[b];
	w->fact[b] = f;
	w->nfacts++;
	return 0;
}

int
ex_world_put(struct ex_world *w, const struct ex_fact *fact, struct ex_err *err)
{
	return put(w, fact, 0, err);
}

static int
put_entry(struct ex_world *w, const struct ex_admission *a, uint64_t index,
    const struct ex_entry_ref **out, struct ex_err *err)
{
	struct known *k = calloc(1, sizeof(*k));
	size_t b = leaf_bucket(a->leaf);

	if (k == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	memcpy(k->leaf, a->leaf, EX_HASH);
	k->ref.stream = a->event.stream;
	k->ref.seq = a->event.seq;
	k->ref.index = index;
	k->ref.act = a->event.act;
	k->ref.actor = ex_actor_tag(ex_event_actor(&a->event)->person);
	k->next = w->known[b];
	w->known[b] = k;
	*out = &k->ref;
	return 0;
}

int
ex_world_apply(struct ex_world *w, const struct ex_admission *a, uint64_t index,
    struct ex_err *err)
{
	const struct ex_entry_ref *ref;

	for (size_t i = 0; i < a->judgement.facts.n; i++)
		if (put(w, &a->judgement.facts.fact[i], index, err) == -1)
			return -1;
	if (put_entry(w, a, index, &ref, err) == -1)
		return -1;
	return ex_disputes_add(w->disputes, &a->event, ref, &w->view, err);
}

const struct ex_dispute *
ex_world_disputes(const struct ex_world *w, size_t *n)
{
	return ex_disputes_all(w->disputes, n);
}

const struct ex_dispute *
ex_world_dispute(const struct ex_world *w, uint64_t index)
{
	const struct ex_dispute *all, *worst = NULL;
	size_t n;

	all = ex_world_disputes(w, &n);
	for (size_t i = 0; i < n; i++)
		if (all[i].entry->index == index &&
		    (worst == NULL || worst->state == EX_DISPUTE_CONFIRMED ||
			all[i].state == EX_DISPUTED))
			worst = &all[i];
	return worst;
}

static int
by_kind_and_id(const void *a, const void *b)
{
	const struct fact *left = *(const struct fact *const *)a;
	const struct fact *right = *(const struct fact *const *)b;
	int order = strcmp(left->kind, right->kind);

	return order != 0 ? order : strcmp(left->id, right->id);
}

int
ex_world_each(const struct ex_world *w,
    int (*each)(void *arg, const char *kind, const char *id,
	const char *case_number, const struct ex_json *value,
	struct ex_err *err),
    void *arg, struct ex_err *err)
{
	const struct fact **all = calloc(w->nfacts + 1, sizeof(*all));
	size_t n = 0;
	int rc = 0;

	if (all == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < BUCKETS; i++)
		for (const struct fact *f = w->fact[i]; f != NULL; f = f->next)
			all[n++] = f;
	if (n > 1)
		qsort(all, n, sizeof(*all), by_kind_and_id);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = each(arg, all[i]->kind, all[i]->id, all[i]->case_number,
		    all[i]->value, err);
	free(all);
	return rc;
}
