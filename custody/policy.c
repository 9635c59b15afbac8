/*
 * policy.c -- what a verifier trusts: C2SP tlog-policy.
 *
 * Stricter than C2SP in three things: names and keys are those that a signed
 * note may carry, the key of a log cannot be its witness, and there are at
 * most 32 logs, 32 witnesses and 32 groups.
 */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "custody/log.h"

enum {
	WORDS_MAX = EX_POLICY_KEYS + EX_POLICY_GROUPS + 3,
	NAME_BYTES = EX_NOTE_NAME
};

/* A witness or a group: something that can witness a checkpoint. */
struct member {
	char name[NAME_BYTES];
	int taken; /* is listed in a group */
	int is_group;
	struct ex_vkey key; /* of a witness */
	size_t threshold;   /* of a group */
	size_t n;
	size_t of[EX_POLICY_KEYS + EX_POLICY_GROUPS]; /* indexes below it */
};

struct ex_policy {
	size_t nlogs, nwitnesses, ngroups, nmembers;
	struct ex_vkey log[EX_POLICY_KEYS];
	size_t witness[EX_POLICY_KEYS]; /* indexes into member */
	struct member member[EX_POLICY_KEYS + EX_POLICY_GROUPS];
	int has_quorum;
	int none;      /* quorum none */
	size_t quorum; /* index into member, unless none */
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
name_member(struct member **out, struct ex_policy *p, const struct line *l,
    struct ex_err *err)
{
	struct member *m = &p->member[p->nmembers];

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
	struct member *m;

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
	struct member *m;

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

static const struct {
	const char *word;
	int (*read)(
	    struct ex_policy *p, const struct line *l, struct ex_err *err);
} kind[] = {
	{ "log", read_log },
	{ "witness", read_witness },
	{ "group", read_group },
	{ "quorum", read_quorum },
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

/* Cut a line into words; a comment has none. */
static int
split(struct line *l, struct ex_span text, struct ex_err *err)
{
	size_t i = 0, start;

	l->n = 0;
	for (;;) {
		while (i < text.n && is_space(text.p[i]))
			i++;
		if (i == text.n || (l->n == 0 && text.p[i] == '#'))
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
	l->number++;
	if (check_bytes(l, text, err) == -1 || split(l, text, err) == -1)
		return -1;
	if (l->n == 0)
		return 0;
	for (size_t i = 0; i < sizeof(kind) / sizeof(kind[0]); i++) {
		if (ex_span_is(l->word[0], kind[i].word))
			return kind[i].read(p, l, err);
	}
	return bad(l, err, "not a log, witness, group or quorum line");
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
	for (size_t i = 0; i < p->nmembers; i++) {
		const struct member *m = &p->member[i];
		struct ex_err why = EX_ERR_INIT;
		size_t have = 0;

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

int
ex_policy_check(const struct ex_policy *p, const struct ex_note *note,
    int *anchored, struct ex_err *err)
{
	int witnessed[EX_POLICY_KEYS + EX_POLICY_GROUPS] = { 0 };

	*anchored = 0;
	if (check_log(p, note, err) == -1 ||
	    check_members(witnessed, p, note, err) == -1)
		return -1;
	*anchored = !p->none && witnessed[p->quorum];
	return 0;
}
