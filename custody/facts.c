/*
 * facts.c -- the facts that an entry changes, gathered.
 */
#include "custody/facts.h"

#include <stdlib.h>
#include <string.h>

uint64_t
ex_actor_tag(const char *person)
{
	uint8_t sha256[EX_SHA256_LEN];
	uint64_t tag = 0;

	ex_sha256(sha256, person, strlen(person));
	for (size_t i = 0; i < sizeof(tag); i++)
		tag = tag << 8 | sha256[i];
	return tag;
}

static void
clear(struct ex_fact *f)
{
	free(f->kind);
	free(f->id);
	free(f->case_number);
	ex_json_free(f->value);
	memset(f, 0, sizeof(*f));
}

static struct ex_fact *
find(const struct ex_facts *facts, const char *kind, const char *id)
{
	for (size_t i = 0; i < facts->n; i++)
		if (strcmp(facts->fact[i].kind, kind) == 0 &&
		    strcmp(facts->fact[i].id, id) == 0)
			return &facts->fact[i];
	return NULL;
}

/* Room for one more, zeroed and counted; NULL: no memory. */
static struct ex_fact *
grow(struct ex_facts *facts)
{
	if (facts->n == facts->cap) {
		size_t cap = facts->cap == 0 ? 8 : facts->cap * 2;
		struct ex_fact *more =
		    realloc(facts->fact, cap * sizeof(*more));

		if (more == NULL)
			return NULL;
		facts->fact = more;
		facts->cap = cap;
	}
	memset(&facts->fact[facts->n], 0, sizeof(*facts->fact));
	return &facts->fact[facts->n++];
}

int
ex_facts_put(struct ex_facts *facts, const char *kind, const char *id,
    const char *case_number, struct ex_json *value, struct ex_err *err)
{
	struct ex_fact *f;

	if (value == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if ((f = find(facts, kind, id)) != NULL) {
		ex_json_free(f->value);
		f->value = value;
		return 0;
	}
	if ((f = grow(facts)) == NULL) {
		ex_json_free(value);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	f->value = value;
	f->kind = strdup(kind);
	f->id = strdup(id);
	f->case_number = case_number == NULL ? NULL : strdup(case_number);
	if (f->kind == NULL || f->id == NULL ||
	    (case_number != NULL && f->case_number == NULL)) {
		clear(f);
		facts->n--;
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return 0;
}

void
ex_facts_free(struct ex_facts *facts)
{
	for (size_t i = 0; i < facts->n; i++)
		clear(&facts->fact[i]);
	free(facts->fact);
	memset(facts, 0, sizeof(*facts));
}
