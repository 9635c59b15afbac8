/*
 * disputes.c -- which entries a compromised key has signed, and who has
 * answered for them since.
 */
#include "custody/disputes.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* One signature. */
struct row {
	int64_t time; /* claimed, microseconds UTC */
	const struct ex_entry_ref *entry;
	size_t key; /* index into key */
};

struct key {
	uint8_t cert[EX_SHA256_LEN];
	char person[EX_NAME_TEXT];
	enum ex_mode mode;
};

struct ex_disputes {
	struct row *row;
	size_t nrows, caprows;
	struct key *key;
	size_t nkeys, capkeys;
	struct ex_dispute *dispute;
	size_t n, cap;
};

const char *
ex_dispute_word(enum ex_dispute_state state)
{
	static const char *const word[] = { "disputed", "confirmed",
		"disowned" };

	return word[state];
}

int
ex_disputes_new(struct ex_disputes **out, struct ex_err *err)
{
	*out = calloc(1, sizeof(**out));
	return *out == NULL ? ex_fail(err, EX_SYSTEM, "out of memory") : 0;
}

void
ex_disputes_free(struct ex_disputes *d)
{
	if (d == NULL)
		return;
	free(d->row);
	free(d->key);
	free(d->dispute);
	free(d);
}

/* Room for one more element of an array. */
static int
grow(void **array, size_t *cap, size_t n, size_t each, struct ex_err *err)
{
	size_t want = *cap == 0 ? 64 : 2 * *cap;
	void *p;

	if (n < *cap)
		return 0;
	if (want > SIZE_MAX / each ||
	    (p = realloc(*array, want * each)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	*array = p;
	*cap = want;
	return 0;
}

/* The key of a signing party: known, or new. */
static int
key_of(size_t *out, struct ex_disputes *d, const struct ex_party *p,
    struct ex_err *err)
{
	void *array = d->key;
	struct key *k;

	for (*out = d->nkeys; *out > 0; --*out)
		if (memcmp(d->key[*out - 1].cert, p->cert_sha256,
			EX_SHA256_LEN) == 0)
			break;
	if (*out > 0) {
		--*out;
		return 0;
	}
	if (grow(&array, &d->capkeys, d->nkeys, sizeof(*k), err) == -1)
		return -1;
	d->key = array;
	k = &d->key[d->nkeys];
	memcpy(k->cert, p->cert_sha256, EX_SHA256_LEN);
	memcpy(k->person, p->person, sizeof(k->person));
	k->mode = p->mode;
	*out = d->nkeys++;
	return 0;
}

static int
keep(struct ex_disputes *d, const struct ex_event *e,
    const struct ex_entry_ref *ref, struct ex_err *err)
{
	for (size_t i = 0; i < e->nparties; i++) {
		void *array = d->row;
		struct row *r;

		if (!ex_mode_signs(e->party[i].mode))
			continue;
		if (grow(&array, &d->caprows, d->nrows, sizeof(*r), err) == -1)
			return -1;
		d->row = array;
		r = &d->row[d->nrows];
		r->time = e->time_claimed;
		r->entry = ref;
		if (key_of(&r->key, d, &e->party[i], err) == -1)
			return -1;
		d->nrows++;
	}
	return 0;
}

static int
dispute(struct ex_disputes *d, const struct row *r, uint64_t revoked,
    struct ex_err *err)
{
	const struct key *k = &d->key[r->key];
	void *array = d->dispute;
	struct ex_dispute *one;

	if (grow(&array, &d->cap, d->n, sizeof(*one), err) == -1)
		return -1;
	d->dispute = array;
	one = &d->dispute[d->n++];
	memset(one, 0, sizeof(*one));
	one->entry = r->entry;
	memcpy(one->cert, k->cert, EX_SHA256_LEN);
	memcpy(one->person, k->person, sizeof(one->person));
	one->mode = k->mode;
	one->revoked = revoked;
	one->state = EX_DISPUTED;
	return 0;
}

/* A key ends here and was somebody else's from a time on. */
static int
revoke(struct ex_disputes *d, const struct ex_event *e, uint64_t index,
    struct ex_err *err)
{
	const char *text = ex_event_text(e, "compromised_since");
	uint8_t cert[EX_SHA256_LEN];
	int64_t since;
	int begun = 0;

	if (text == NULL)
		return 0;
	if (ex_time_read(&since, text, err) == -1 ||
	    ex_json_need_hex(
		cert, EX_SHA256_LEN, e->fields, "cert_sha256", err) == -1)
		return -1;
	for (size_t i = 0; i < d->nrows; i++) {
		const struct row *r = &d->row[i];

		begun |= r->time >= since;
		if (begun &&
		    memcmp(d->key[r->key].cert, cert, EX_SHA256_LEN) == 0 &&
		    dispute(d, r, index, err) == -1)
			return -1;
	}
	return 0;
}

/* May this party answer for what that key signed? */
static int
may_answer(const struct ex_party *p, const struct ex_dispute *d)
{
	if (p->mode != EX_MODE_SIGNED ||
	    memcmp(p->cert_sha256, d->cert, EX_SHA256_LEN) == 0)
		return 0;
	/* For a machine anybody can who signs as a person. */
	return d->mode != EX_MODE_SIGNED || strcmp(p->person, d->person) == 0;
}

static int
answer(struct ex_disputes *d, const struct ex_event *e, uint64_t index,
    const struct ex_view *view, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_entry_ref about;
	uint8_t leaf[EX_HASH];

	if (ex_json_need_hex(leaf, EX_HASH, e->fields, "entry", err) == -1)
		return -1;
	if (view->entry(view->arg, leaf, &about, &why) == -1)
		return why.code == EX_ABSENT
			   ? 0
			   : ex_fail(err, why.code, "%s", why.text);
	for (size_t i = 0; i < d->n; i++) {
		struct ex_dispute *one = &d->dispute[i];
		int may = 0;

		for (size_t k = 0; k < e->nparties; k++)
			may |= may_answer(&e->party[k], one);
		if (!may || one->entry->index != about.index)
			continue;
		one->state = e->act == EX_ACT_CONFIRM ? EX_DISPUTE_CONFIRMED
						      : EX_DISPUTE_DISOWNED;
		one->answer = index;
	}
	return 0;
}

int
ex_disputes_add(struct ex_disputes *d, const struct ex_event *e,
    const struct ex_entry_ref *ref, const struct ex_view *view,
    struct ex_err *err)
{
	if (e->act == EX_ACT_KEY_REVOKE && revoke(d, e, ref->index, err) == -1)
		return -1;
	if ((e->act == EX_ACT_CONFIRM || e->act == EX_ACT_DISOWN) && d->n > 0 &&
	    answer(d, e, ref->index, view, err) == -1)
		return -1;
	return keep(d, e, ref, err);
}

const struct ex_dispute *
ex_disputes_all(const struct ex_disputes *d, size_t *n)
{
	*n = d->n;
	return d->dispute;
}
