/*
 * policy_check.c -- what a policy says of a note and of its keys.
 */
#include <stdlib.h>
#include <string.h>

#include "custody/policy_parts.h"

void
ex_policy_free(struct ex_policy *p)
{
	free(p);
}

size_t
ex_policy_logs(const struct ex_policy *p)
{
	return p->nlogs;
}

const struct ex_vkey *
ex_policy_log(const struct ex_policy *p, size_t i)
{
	return &p->log[i];
}

size_t
ex_policy_witnesses(const struct ex_policy *p)
{
	return p->nwitnesses;
}

const struct ex_vkey *
ex_policy_witness(const struct ex_policy *p, size_t i)
{
	return &p->member[p->witness[i]].key;
}

int
ex_policy_quorum_none(const struct ex_policy *p)
{
	return p->none;
}

/* Some log of the policy signed the note, which is of that log. */
static int
check_log(
    const struct ex_policy *p, const struct ex_note *note, struct ex_err *err)
{
	struct ex_checkpoint c;
	int found = 0;

	if (ex_checkpoint_read(&c, note->text, err) == -1)
		return -1;
	for (size_t i = 0; i < p->nlogs; i++) {
		struct ex_err why = EX_ERR_INIT;

		if (strcmp(p->log[i].name, c.origin) != 0)
			continue;
		if (ex_note_check(note, &p->log[i], NULL, &why) == 0)
			found = 1;
		else if (why.code != EX_ABSENT)
			return ex_fail(err, why.code, "%s", why.text);
	}
	if (!found)
		return ex_fail(err, EX_DENIED,
		    "no signature of a log that the policy names");
	return 0;
}

/*
 * Which members witnessed the note?  Members stand after those that they are
 * made of, so one pass is enough.
 */
static int
check_members(int *witnessed, const struct ex_policy *p,
    const struct ex_note *note, struct ex_err *err)
{
	struct ex_checkpoint c;

	if (ex_checkpoint_read(&c, note->text, err) == -1)
		return -1;
	for (size_t i = 0; i < p->nmembers; i++) {
		const struct ex_policy_member *m = &p->member[i];
		struct ex_err why = EX_ERR_INIT;
		size_t have = 0;

		/* A key that was replaced vouches for no larger tree. */
		if (m->has_until && c.size > m->until)
			continue;

		if (m->is_group) {
			for (size_t k = 0; k < m->n; k++)
				have += witnessed[m->of[k]] ? 1 : 0;
			witnessed[i] = have >= m->threshold;
		} else if (ex_note_check(note, &m->key, NULL, &why) == 0) {
			witnessed[i] = 1;
		} else if (why.code != EX_ABSENT) {
			return ex_fail(err, why.code, "%s", why.text);
		}
	}
	return 0;
}

/* Some witness of another organisation than the log's operator. */
static int
by_another(const struct ex_policy *p, const int *witnessed)
{
	for (size_t i = 0; i < p->nwitnesses; i++) {
		size_t at = p->witness[i];

		if (witnessed[at] && ex_policy_other(p, p->member[at].org))
			return 1;
	}
	return 0;
}

int
ex_policy_met(const struct ex_policy *p, const struct ex_note *note,
    int *quorum, int *other, struct ex_err *err)
{
	int witnessed[EX_POLICY_KEYS + EX_POLICY_GROUPS] = { 0 };

	*quorum = *other = 0;
	if (check_log(p, note, err) == -1 ||
	    check_members(witnessed, p, note, err) == -1)
		return -1;
	*quorum = !p->none && witnessed[p->quorum];
	*other = by_another(p, witnessed);
	return 0;
}

int
ex_policy_check(const struct ex_policy *p, const struct ex_note *note,
    int *anchored, struct ex_err *err)
{
	int quorum, other;

	*anchored = 0;
	if (ex_policy_met(p, note, &quorum, &other, err) == -1)
		return -1;
	*anchored = quorum && other;
	return 0;
}

const char *
ex_policy_org(const struct ex_policy *p, size_t i)
{
	return p->member[p->witness[i]].org;
}

int
ex_policy_monitor(const struct ex_policy *p, size_t i)
{
	return p->member[p->witness[i]].monitor;
}

int
ex_policy_in_time(const struct ex_policy *p, size_t i, uint64_t size)
{
	const struct ex_policy_member *m = &p->member[p->witness[i]];

	return !m->has_until || size <= m->until;
}

const char *
ex_policy_witness_name(const struct ex_policy *p, size_t i)
{
	return p->member[p->witness[i]].name;
}

/* Who is a witness and is not said to be the operator is another. */
int
ex_policy_other(const struct ex_policy *p, const char *org)
{
	return p->operator[0] == '\0' || strcmp(org, p->operator) != 0;
}

const struct ex_policy_authority *
ex_policy_find_authority(
    const struct ex_policy *p, const uint8_t root[EX_SHA256_LEN])
{
	for (size_t i = 0; i < p->nauthorities; i++) {
		if (memcmp(p->authority[i].root, root, EX_SHA256_LEN) == 0)
			return &p->authority[i];
	}
	return NULL;
}
