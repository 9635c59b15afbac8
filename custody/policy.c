/*
 * policy.c -- what a verifier trusts: C2SP tlog-policy.
 *
 * Comments that begin with "#exhibit:" say whose the keys are, which C2SP has
 * no word for; to others they are comments.
 *
 * Stricter than C2SP in three things: names and keys are those that a signed
 * note may carry, the key of a log cannot be its witness, and there are at
 * most 32 logs, 32 witnesses and 32 groups.
 */
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/text.h"
#include "custody/policy_parts.h"

enum {
	WORDS_MAX = EX_POLICY_KEYS + EX_POLICY_GROUPS + 3
};

/* The words of one line. */
struct line {
	size_t number;
	size_t n;
	struct ex_span word[WORDS_MAX];
};

static int
bad(const struct line *l, struct ex_err *err, const char *what)
{
	return ex_fail(err, EX_FORMAT, "policy, line %zu: %s", l->number, what);
}

/* A word as text of at most size - 1 bytes. */
static int
word_text(
    char *out, size_t size, const struct line *l, size_t i, struct ex_err *err)
{
	if (l->word[i].n >= size)
		return bad(l, err, "a word is too long");
	memcpy(out, l->word[i].p, l->word[i].n);
	out[l->word[i].n] = '\0';
	return 0;
}

/* Index of the member with this name, or nmembers. */
static size_t
find(const struct ex_policy *p, struct ex_span name)
{
	size_t i = 0;

	while (i < p->nmembers && !ex_span_is(name, p->member[i].name))
		i++;
	return i;
}

/* A key of this type that no line before has, be it a log or a witness. */
static int
read_key(struct ex_vkey *out, const struct ex_policy *p, const struct line *l,
    size_t i, uint8_t type, struct ex_err *err)
{
	char text[EX_VKEY_TEXT];

	if (word_text(text, sizeof(text), l, i, err) == -1)
		return -1;
	if (ex_vkey_read(out, text, err) == -1)
		return ex_while(err, "policy");
	if (out->type != type)
		return bad(l, err, "a key of another type");
	for (size_t k = 0; k < p->nlogs; k++) {
		if (memcmp(p->log[k].key, out->key, sizeof(out->key)) == 0)
			return bad(l, err, "the key is that of a log above");
	}
	for (size_t k = 0; k < p->nwitnesses; k++) {
		const struct ex_vkey *v = &p->member[p->witness[k]].key;

		if (memcmp(v->key, out->key, sizeof(out->key)) == 0)
			return bad(
			    l, err, "the key is that of a witness above");
	}
	return 0;
}

/* "log VKEY [URL]" */
static int
read_log(struct ex_policy *p, const struct line *l, struct ex_err *err)
{
	if (l->n < 2 || l->n > 3)
		return bad(l, err, "expected: log VKEY [URL]");
	if (p->nlogs == EX_POLICY_KEYS)
		return bad(l, err, "too many logs");
	if (read_key(&p->log[p->nlogs], p, l, 1, EX_NOTE_ED25519, err) == -1)
		return -1;
	p->nlogs++;
	return 0;
}

/* A new member under the name in word 1; it counts once it is complete. */
static int
name_member(struct ex_policy_member **out, struct ex_policy *p,
    const struct line *l, struct ex_err *err)
{
	struct ex_policy_member *m = &p->member[p->nmembers];

	if (ex_span_is(l->word[1], "none"))
		return bad(l, err, "\"none\" is not a free name");
	if (find(p, l->word[1]) < p->nmembers)
		return bad(l, err, "this name is taken");
	memset(m, 0, sizeof(*m));
	if (word_text(m->name, sizeof(m->name), l, 1, err) == -1)
		return -1;
	*out = m;
	return 0;
}

/* "witness NAME VKEY [URL]" */
static int
read_witness(struct ex_policy *p, const struct line *l, struct ex_err *err)
{
	struct ex_policy_member *m;

	if (l->n < 3 || l->n > 4)
		return bad(l, err, "expected: witness NAME VKEY [URL]");
	if (p->nwitnesses == EX_POLICY_KEYS)
		return bad(l, err, "too many witnesses");
	if (name_member(&m, p, l, err) == -1 ||
	    read_key(&m->key, p, l, 2, EX_NOTE_COSIGNATURE, err) == -1)
		return -1;
	p->witness[p->nwitnesses++] = p->nmembers++;
	return 0;
}

static int
read_threshold(size_t *out, const struct line *l, size_t n, struct ex_err *err)
{
	unsigned long long k;
	char text[8];

	*out = n;
	if (ex_span_is(l->word[2], "all"))
		return 0;
	*out = 1;
	if (ex_span_is(l->word[2], "any"))
		return 0;
	if (word_text(text, sizeof(text), l, 2, err) == -1)
		return -1;
	if (ex_text_number(&k, text, n, NULL) == -1 || k == 0)
		return bad(l, err, "the threshold is not all, any or 1 to N");
	*out = (size_t)k;
	return 0;
}

/* "group NAME all|any|K NAME..." */
static int
read_group(struct ex_policy *p, const struct line *l, struct ex_err *err)
{
	struct ex_policy_member *m;

	if (l->n < 4)
		return bad(l, err, "expected: group NAME all|any|K NAME...");
	if (p->ngroups == EX_POLICY_GROUPS)
		return bad(l, err, "too many groups");
	if (name_member(&m, p, l, err) == -1)
		return -1;
	m->is_group = 1;
	for (size_t i = 3; i < l->n; i++) {
		size_t at = find(p, l->word[i]);

		if (at == p->nmembers)
			return bad(l, err, "a member is not defined above");
		if (p->member[at].taken)
			return bad(l, err, "a member is in a group already");
		p->member[at].taken = 1;
		m->of[m->n++] = at;
	}
	if (read_threshold(&m->threshold, l, m->n, err) == -1)
		return -1;
	p->ngroups++;
	p->nmembers++;
	return 0;
}

/* "quorum NAME" or "quorum none" */
static int
read_quorum(struct ex_policy *p, const struct line *l, struct ex_err *err)
{
	if (l->n != 2)
		return bad(l, err, "expected: quorum NAME");
	if (p->has_quorum)
		return bad(l, err, "a second quorum");
	p->has_quorum = 1;
	p->none = ex_span_is(l->word[1], "none");
	if (p->none)
		return 0;
	if ((p->quorum = find(p, l->word[1])) == p->nmembers)
		return bad(l, err, "this name is not defined above");
	return 0;
}

/* A word as an organisation's code. */
static int
read_org(
    char out[EX_POLICY_ORG], const struct line *l, size_t i, struct ex_err *err)
{
	if (word_text(out, EX_POLICY_ORG, l, i, err) == -1)
		return -1;
	if (!ex_text_name_ok(out))
		return bad(l, err, "no code of an organisation");
	return 0;
}

/* "#exhibit: operator ORG" */
static int
read_operator(struct ex_policy *p, const struct line *l, struct ex_err *err)
{
	if (l->n != 3)
		return bad(l, err, "expected: operator ORG");
	if (p->operator[0] != '\0')
		return bad(l, err, "a second operator");
	return read_org(p->operator, l, 2, err);
}

/* "#exhibit: organisation WITNESS ORG" */
static int
read_organisation(struct ex_policy *p, const struct line *l, struct ex_err *err)
{
	struct ex_policy_member *m;
	size_t at;

	if (l->n != 4)
		return bad(l, err, "expected: organisation WITNESS ORG");
	at = find(p, l->word[2]);
	if (at == p->nmembers || p->member[at].is_group)
		return bad(l, err, "no witness above has this name");
	m = &p->member[at];
	if (m->org[0] != '\0')
		return bad(l, err, "its organisation is named above");
	return read_org(m->org, l, 3, err);
}

/* "#exhibit: monitor WITNESS" */
static int
read_monitor(struct ex_policy *p, const struct line *l, struct ex_err *err)
{
	size_t at;

	if (l->n != 3)
		return bad(l, err, "expected: monitor WITNESS");
	at = find(p, l->word[2]);
	if (at == p->nmembers || p->member[at].is_group)
		return bad(l, err, "no witness above has this name");
	p->member[at].monitor = 1;
	return 0;
}

/* "#exhibit: until WITNESS SIZE": of a key that was replaced. */
static int
read_until(struct ex_policy *p, const struct line *l, struct ex_err *err)
{
	unsigned long long size;
	char text[32];
	size_t at;

	if (l->n != 4 || word_text(text, sizeof(text), l, 3, err) == -1 ||
	    ex_text_number(&size, text, INT64_MAX, NULL) == -1)
		return bad(l, err, "expected: until WITNESS SIZE");
	at = find(p, l->word[2]);
	if (at == p->nmembers || p->member[at].is_group)
		return bad(l, err, "no witness above has this name");
	p->member[at].has_until = 1;
	p->member[at].until = size;
	return 0;
}

/* "#exhibit: authority NAME ORG SHA256 [URL]" */
static int
read_authority(struct ex_policy *p, const struct line *l, struct ex_err *err)
{
	char hex[EX_SHA256_HEX];
	struct ex_policy_authority *a = &p->authority[p->nauthorities];

	if (l->n < 5 || l->n > 6)
		return bad(l, err, "expected: authority NAME ORG SHA256 [URL]");
	if (p->nauthorities == EX_POLICY_KEYS)
		return bad(l, err, "too many authorities");
	if (word_text(a->name, sizeof(a->name), l, 2, err) == -1 ||
	    read_org(a->org, l, 3, err) == -1 ||
	    word_text(hex, sizeof(hex), l, 4, err) == -1)
		return -1;
	if (ex_hex_read(a->root, EX_SHA256_LEN, hex, NULL) == -1)
		return bad(l, err, "no SHA-256");
	if (ex_policy_find_authority(p, a->root) != NULL)
		return bad(l, err, "this authority is named above");
	p->nauthorities++;
	return 0;
}

struct kind {
	const char *word;
	int (*read)(
	    struct ex_policy *p, const struct line *l, struct ex_err *err);
};

static const struct kind kind[] = {
	{ "log", read_log },
	{ "witness", read_witness },
	{ "group", read_group },
	{ "quorum", read_quorum },
};

/* Behind "#exhibit:", a comment to everybody else. */
static const char mark[] = "#exhibit:";
static const struct kind marked[] = {
	{ "operator", read_operator },
	{ "organisation", read_organisation },
	{ "monitor", read_monitor },
	{ "until", read_until },
	{ "authority", read_authority },
};

/* Tab is the one control character of a policy, comments included. */
static int
check_bytes(const struct line *l, struct ex_span text, struct ex_err *err)
{
	for (size_t i = 0; i < text.n; i++) {
		uint8_t byte = text.p[i];

		if ((byte < ' ' && byte != '\t') || byte == 0x7f)
			return bad(l, err, "a control character");
	}
	return 0;
}

static int
is_space(uint8_t byte)
{
	return byte == ' ' || byte == '\t';
}

/* A comment, unless it is one of ours. */
static int
is_comment(const struct ex_span *text, size_t i)
{
	const size_t n = sizeof(mark) - 1;

	return text->p[i] == '#' &&
	       (text->n - i < n || memcmp(&text->p[i], mark, n) != 0);
}

/* Cut a line into words; a comment has none. */
static int
split(struct line *l, struct ex_span text, struct ex_err *err)
{
	size_t i = 0, start;

	l->n = 0;
	for (;;) {
		while (i < text.n && is_space(text.p[i]))
			i++;
		if (i == text.n || (l->n == 0 && is_comment(&text, i)))
			return 0;
		if (l->n == WORDS_MAX)
			return bad(l, err, "too many words");
		for (start = i; i < text.n && !is_space(text.p[i]);)
			i++;
		l->word[l->n].p = &text.p[start];
		l->word[l->n++].n = i - start;
	}
}

static int
read_line(struct ex_policy *p, struct line *l, struct ex_span text,
    struct ex_err *err)
{
	const struct kind *k = kind;
	size_t n = sizeof(kind) / sizeof(kind[0]), at = 0;

	l->number++;
	if (check_bytes(l, text, err) == -1 || split(l, text, err) == -1)
		return -1;
	if (l->n == 0)
		return 0;
	if (ex_span_is(l->word[0], mark)) {
		k = marked;
		n = sizeof(marked) / sizeof(marked[0]);
		at = 1;
	}
	for (size_t i = 0; l->n > at && i < n; i++) {
		if (ex_span_is(l->word[at], k[i].word))
			return k[i].read(p, l, err);
	}
	return bad(l, err,
	    at == 0 ? "not a log, witness, group or quorum line"
		    : "not an operator, organisation, monitor, until or "
		      "authority line");
}

/* Where the operator is named, so is everybody else. */
static int
check_organisations(const struct ex_policy *p, struct ex_err *err)
{
	for (size_t i = 0; i < p->nwitnesses; i++) {
		const struct ex_policy_member *m = &p->member[p->witness[i]];

		if ((p->operator[0] == '\0') != (m->org[0] == '\0'))
			return ex_fail(err, EX_FORMAT,
			    "policy: operator and the organisation of %s are "
			    "named together or not at all",
			    m->name);
	}
	if (p->nauthorities > 0 && p->operator[0] == '\0')
		return ex_fail(err, EX_FORMAT,
		    "policy: an authority, but no operator of the log");
	return 0;
}

int
ex_policy_read(
    struct ex_policy **out, const void *text, size_t n, struct ex_err *err)
{
	struct ex_policy *p = NULL;
	struct line l = { 0 };
	struct ex_reader r;
	struct ex_span span;
	int rc = -1;

	*out = NULL;
	if (n > EX_POLICY_MAX)
		return ex_fail(err, EX_LIMIT, "policy of more than %d bytes",
		    EX_POLICY_MAX);
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	ex_reader_init(&r, text, n);
	while (r.left > 0) {
		if (ex_read_line(&r, &span, err) == -1) {
			(void)ex_while(err, "policy");
			goto out;
		}
		if (read_line(p, &l, span, err) == -1)
			goto out;
	}
	if (!p->has_quorum) {
		(void)ex_fail(err, EX_FORMAT, "policy without a quorum line");
		goto out;
	}
	if (check_organisations(p, err) == -1)
		goto out;
	*out = p;
	p = NULL;
	rc = 0;
out:
	ex_policy_free(p);
	return rc;
}

int
ex_policy_load(struct ex_policy **out, const char *path, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	int rc = -1;

	*out = NULL;
	if (ex_file_read(&text, path, EX_POLICY_MAX, err) == 0)
		rc = ex_policy_read(out, text.data, text.len, err);
	ex_buf_free(&text);
	return rc == -1 ? ex_while(err, path) : 0;
}
