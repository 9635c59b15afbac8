/*
 * request.c -- what is asked for: entries, and who signs them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cases/act.h"

void
ex_request_init(struct ex_request *r)
{
	memset(r, 0, sizeof(*r));
}

void
ex_request_free(struct ex_request *r)
{
	for (size_t i = 0; i < r->nmembers; i++) {
		ex_json_free(r->member[i].fields);
		ex_json_free(r->member[i].texts);
		ex_json_free(r->member[i].digests);
	}
	for (size_t i = 0; i < EX_PARTIES_MAX; i++) {
		free(r->other_reason[i]);
		free(r->other_form[i]);
	}
	free(r->member);
	memset(r, 0, sizeof(*r));
}

static int
grow(struct ex_request *r, struct ex_err *err)
{
	size_t cap = r->capmembers == 0 ? 4 : 2 * r->capmembers;
	struct ex_member *more;

	if (r->nmembers < r->capmembers)
		return 0;
	more = realloc(r->member, cap * sizeof(*more));
	if (more == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	r->member = more;
	r->capmembers = cap;
	return 0;
}

int
ex_request_add(struct ex_request *r, enum ex_act act, enum ex_stream_kind kind,
    const char *id, struct ex_member **out, struct ex_err *err)
{
	struct ex_member *m;

	if (r->nmembers == EX_BATCH_MAX)
		return ex_fail(err, EX_LIMIT, "more than %d entries in one act",
		    EX_BATCH_MAX);
	if (grow(r, err) == -1)
		return -1;
	m = &r->member[r->nmembers];
	memset(m, 0, sizeof(*m));
	m->act = act;
	if (ex_stream_set(&m->stream, kind, id, err) == -1)
		return -1;
	m->fields = ex_json_object();
	m->texts = ex_json_object();
	if (m->fields == NULL || m->texts == NULL) {
		ex_json_free(m->fields);
		ex_json_free(m->texts);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	r->nmembers++;
	*out = m;
	return 0;
}

int
ex_request_seat(struct ex_request *r, const struct ex_signer *signer,
    const char *role, struct ex_err *err)
{
	struct ex_seat *s = &r->seat[r->nseats];

	if (r->nseats == EX_PARTIES_MAX || strlen(role) >= sizeof(s->role))
		return ex_fail(
		    err, EX_LIMIT, "more than %d parties", EX_PARTIES_MAX);
	for (size_t i = 0; i < r->nseats; i++)
		if (r->seat[i].signer == signer)
			return ex_fail(err, EX_USAGE,
			    "key \"%s\" is named twice: two parties are two "
			    "persons",
			    signer->name);
	s->signer = signer;
	memcpy(s->role, role, strlen(role) + 1);
	r->nseats++;
	return 0;
}
