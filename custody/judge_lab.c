/*
 * judge_lab.c -- acts of the laboratory: its people, places, tools, policy.
 */
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/text.h"
#include "custody/judging.h"

static const char *const grants[] = { "examiner", "evidence_custodian",
	"lab_head", "duty_officer", "technical_reviewer", "quality_manager",
	"investigator", "prosecutor", "judge", "court_clerk", "defence_counsel",
	"defence_expert", "interpreter", "courier", "witness", "owner",
	"operator_contact", "registrar", "administrator", "auditor", NULL };

static const char *
text_of(const struct ex_judging *j, const char *name)
{
	return ex_event_text(j->e, name);
}

int
ex_lab_put(struct ex_judging *j, const char *kind, const char *id,
    struct ex_json *v, struct ex_err *err)
{
	if (ex_json_set_text(v, "leaf", "", err) == -1) {
		ex_json_free(v);
		return -1;
	}
	return ex_facts_put(&j->out->facts, kind, id, NULL, v, err);
}

/* Copy clear fields of the event into a value, where they are there. */
static int
take(struct ex_judging *j, struct ex_json *v, const char *const *names,
    struct ex_err *err)
{
	for (; *names != NULL; names++) {
		const struct ex_json *f = ex_json_get(j->e->fields, *names);

		if (f != NULL &&
		    ex_json_set(v, *names, ex_json_copy(f), err) == -1)
			return -1;
	}
	return 0;
}

/* Something that must be new, of these fields. */
static int
add_new(struct ex_judging *j, const char *kind, const char *const *names,
    struct ex_err *err)
{
	const char *id = text_of(j, "id");
	struct ex_json *v;
	int has = ex_judging_has(j, kind, id, err);

	if (has == -1)
		return -1;
	if (has)
		return ex_fail(
		    err, EX_STATE, "%s \"%s\" is there already", kind, id);
	v = ex_json_object();
	if (v == NULL || take(j, v, names, err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return ex_lab_put(j, kind, id, v, err);
}

/* Change one fact in place; EX_ABSENT when it is not there. */
static int
load(struct ex_judging *j, const char *kind, const char *id,
    struct ex_json **out, struct ex_err *err)
{
	if (ex_judging_fact(j, kind, id, out, err) == -1)
		return -1;
	if (*out == NULL)
		return ex_fail(
		    err, EX_ABSENT, "the log knows no %s \"%s\"", kind, id);
	return 0;
}

static int
check_grant(const char *name, struct ex_err *err)
{
	if (name == NULL || ex_text_index(name, grants) == -1)
		return ex_fail(err, EX_FORMAT, "\"%s\" is no role",
		    name == NULL ? "" : name);
	return 0;
}

/* From the first head of the laboratory on, policies are the head's. */
static int
note_head(struct ex_judging *j, const char *grant, struct ex_err *err)
{
	struct ex_json *log = NULL;

	if (strcmp(grant, "lab_head") != 0)
		return 0;
	if (load(j, "log", "log", &log, err) == -1)
		return -1;
	if (ex_json_set_int(log, "lab_head", 1, err) == -1) {
		ex_json_free(log);
		return -1;
	}
	return ex_facts_put(&j->out->facts, "log", "log", NULL, log, err);
}

/* Append {role, until?} to a person's roles. */
static int
add_role(struct ex_judging *j, struct ex_json *roles, const char *grant,
    const char *until, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	if (v == NULL || ex_json_set_text(v, "role", grant, err) == -1 ||
	    (until != NULL && ex_json_set_text(v, "until", until, err) == -1)) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	if (ex_json_add(roles, v, err) == -1)
		return -1;
	return note_head(j, grant, err);
}

int
ex_lab_roles(struct ex_judging *j, struct ex_json *person,
    const struct ex_json *list, struct ex_err *err)
{
	struct ex_json *roles;

	if (ex_json_set(person, "roles", ex_json_array(), err) == -1)
		return -1;
	roles = ex_json_get_mutable(person, "roles");
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const char *name = ex_json_text(ex_json_at(list, i));

		if (check_grant(name, err) == -1 ||
		    add_role(j, roles, name, NULL, err) == -1)
			return -1;
	}
	return 0;
}

static int
person_add(struct ex_judging *j, struct ex_err *err)
{
	static const char *const none[] = { "org", NULL };
	const char *id = text_of(j, "id");
	struct ex_json *v = NULL;

	if (ex_judging_need(j, "org", text_of(j, "org"), err) == -1 ||
	    add_new(j, "person", none, err) == -1 ||
	    load(j, "person", id, &v, err) == -1)
		return -1;
	if (ex_lab_roles(j, v, ex_json_get(j->e->fields, "roles"), err) == -1) {
		ex_json_free(v);
		return -1;
	}
	return ex_facts_put(&j->out->facts, "person", id, NULL, v, err);
}

/* The person's roles without one of them. */
static int
without_role(
    struct ex_json *person, const char *grant, int *had, struct ex_err *err)
{
	const struct ex_json *old = ex_json_get(person, "roles");
	struct ex_json *kept = ex_json_array();

	*had = 0;
	for (size_t i = 0; i < ex_json_count(old); i++) {
		const struct ex_json *r = ex_json_at(old, i);
		const char *name = ex_json_get_text(r, "role");

		if (name != NULL && strcmp(name, grant) == 0) {
			*had = 1;
			continue;
		}
		if (ex_json_add(kept, ex_json_copy(r), err) == -1) {
			ex_json_free(kept);
			return -1;
		}
	}
	return ex_json_set(person, "roles", kept, err);
}

static int
change_role(struct ex_judging *j, int add, struct ex_err *err)
{
	const char *person = text_of(j, "person");
	const char *grant = text_of(j, "grant");
	struct ex_json *v = NULL;
	int had;

	if (check_grant(grant, err) == -1 ||
	    load(j, "person", person, &v, err) == -1)
		return -1;
	if (without_role(v, grant, &had, err) == -1)
		goto fail;
	if (!add && !had) {
		(void)ex_fail(err, EX_STATE, "%s does not have the role %s",
		    person, grant);
		goto fail;
	}
	if (add && add_role(j, ex_json_get_mutable(v, "roles"), grant,
		       text_of(j, "until"), err) == -1)
		goto fail;
	return ex_facts_put(&j->out->facts, "person", person, NULL, v, err);
fail:
	ex_json_free(v);
	return -1;
}

static int
competence(struct ex_judging *j, struct ex_err *err)
{
	static const char *const names[] = { "until", NULL };
	struct ex_json *v;
	char id[128];
	size_t n;

	if (ex_judging_need(j, "person", text_of(j, "person"), err) == -1)
		return -1;
	n = strlen(text_of(j, "person"));
	memcpy(id, text_of(j, "person"), n);
	id[n] = '/';
	memcpy(
	    id + n + 1, text_of(j, "method"), strlen(text_of(j, "method")) + 1);
	v = ex_json_object();
	if (v == NULL || take(j, v, names, err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return ex_lab_put(j, "competence", id, v, err);
}

static int
tool_validated(struct ex_judging *j, struct ex_err *err)
{
	const char *id = text_of(j, "id");
	struct ex_json *v = NULL;

	if (load(j, "tool", id, &v, err) == -1)
		return -1;
	if (ex_json_set_text(v, "validated_until", text_of(j, "until"), err) ==
	    -1) {
		ex_json_free(v);
		return -1;
	}
	return ex_lab_put(j, "tool", id, v, err);
}

static int
location_add(struct ex_judging *j, struct ex_err *err)
{
	static const char *const names[] = { "kind", "in", NULL };
	const char *in = text_of(j, "in");

	if (in != NULL && ex_judging_need(j, "location", in, err) == -1)
		return -1;
	return add_new(j, "location", names, err);
}

/* Its digest is that of its canonical text; what a founder's paper shows. */
static int
check_policy_digest(struct ex_judging *j, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	char hex[EX_SHA256_HEX];
	int rc = -1;

	if (ex_json_write(&text, ex_json_get(j->e->fields, "policy"), err) ==
	    0) {
		ex_sha256_hex(hex, text.data, text.len);
		rc = strcmp(hex, text_of(j, "policy_sha256")) == 0
			 ? 0
			 : ex_fail(err, EX_FORMAT,
			       "policy_sha256 is not the policy's");
	}
	ex_buf_free(&text);
	return rc;
}

int
ex_lab_policy(struct ex_judging *j, int64_t version, struct ex_err *err)
{
	struct ex_json *v;

	if (check_policy_digest(j, err) == -1)
		return -1;
	v = ex_json_copy(ex_json_get(j->e->fields, "policy"));
	if (v == NULL || ex_json_set_int(v, "version", version, err) == -1 ||
	    ex_json_set_int(v, "index", -1, err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return ex_lab_put(j, "policy", "policy", v, err);
}

static int
policy_set(struct ex_judging *j, struct ex_err *err)
{
	static const char *const head[] = { "lab_head", NULL };
	int has_head = ex_json_get_int(j->log, "lab_head", 0) == 1;
	const struct ex_party *p =
	    ex_event_party(j->e, has_head ? "lab_head" : "administrator");
	int granted;

	if (p == NULL)
		return ex_fail(err, EX_DENIED, "a policy is set by the %s",
		    has_head ? "head of the laboratory" : "administrator");
	granted = has_head ? ex_judging_granted(j, p->person, head, err) : 1;
	if (granted == -1)
		return -1;
	if (!granted)
		return ex_fail(err, EX_DENIED,
		    "%s is not head of the laboratory", p->person);
	return ex_lab_policy(
	    j, ex_json_get_int(j->policy, "version", 0) + 1, err);
}

/* The newest statement of all streams' heads. */
static int
heads(struct ex_judging *j, struct ex_err *err)
{
	static const char *const names[] = { "size", "count", "root", NULL };
	struct ex_json *v = ex_json_object();

	if (v == NULL || take(j, v, names, err) == -1 ||
	    ex_json_set_int(v, "index", -1, err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return ex_lab_put(j, "heads", "heads", v, err);
}

/* Rows that the log closes: from where the entry before ended, no gap. */
static int
anchor_tables(struct ex_judging *j, struct ex_err *err)
{
	static const char *const names[] = { "to", "count", "root", NULL };
	const char *table = text_of(j, "table");
	const struct ex_json *f = j->e->fields;
	int64_t from = ex_json_get_int(f, "from", 0);
	int64_t to = ex_json_get_int(f, "to", 0);
	int64_t count = ex_json_get_int(f, "count", 0), before = 0;
	struct ex_json *v = NULL;

	if (ex_judging_fact(j, "anchored", table, &v, err) == -1)
		return -1;
	before = ex_json_get_int(v, "to", 0);
	ex_json_free(v);
	if (from != before + 1 || to < from || count < 1 ||
	    count > to - from + 1)
		return ex_fail(err, EX_STATE,
		    "rows of %s are closed up to %lld, this closes %lld to "
		    "%lld",
		    table, (long long)before, (long long)from, (long long)to);
	v = ex_json_object();
	if (v == NULL || take(j, v, names, err) == -1 ||
	    ex_json_set_int(v, "at", j->e->time_claimed / EX_SECOND, err) ==
		-1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return ex_lab_put(j, "anchored", table, v, err);
}

static int
judge_lab(struct ex_judging *j, struct ex_err *err)
{
	static const char *const org[] = { "kind", "sector", NULL };
	static const char *const tool[] = { "kind", "version", NULL };

	switch ((int)j->e->act) {
	case EX_ACT_GENESIS:
		return ex_judge_genesis(j, err);
	case EX_ACT_ORG_ADD:
		return add_new(j, "org", org, err);
	case EX_ACT_PERSON_ADD:
		return person_add(j, err);
	case EX_ACT_ROLE_GRANT:
		return change_role(j, 1, err);
	case EX_ACT_ROLE_END:
		return change_role(j, 0, err);
	case EX_ACT_COMPETENCE:
		return competence(j, err);
	case EX_ACT_LOCATION_ADD:
		return location_add(j, err);
	case EX_ACT_TOOL_ADD:
		return add_new(j, "tool", tool, err);
	case EX_ACT_TOOL_VALIDATED:
		return tool_validated(j, err);
	case EX_ACT_POLICY_SET:
		return policy_set(j, err);
	case EX_ACT_HEADS:
		return heads(j, err);
	case EX_ACT_ANCHOR_TABLES:
		return anchor_tables(j, err);
	case EX_ACT_KEY_ENROL:
	case EX_ACT_KEY_REVOKE:
	case EX_ACT_ROTATE:
	case EX_ACT_DELEGATE:
		return ex_judge_keys(j, err);
	case EX_ACT_ROTATE_LOG:
	case EX_ACT_ROTATE_CA:
		return ex_judge_rotate(j, err);
	default:
		/* Statements that change no fact. */
		return 0;
	}
}

int
ex_judge_lab(struct ex_judging *j, struct ex_err *err)
{
	const char *org = j->e->act == EX_ACT_GENESIS
			      ? text_of(j, "org")
			      : ex_json_get_text(j->log, "org");

	if (org == NULL || strcmp(org, j->e->stream.id) != 0)
		return ex_fail(err, EX_DENIED,
		    "this log is not that of laboratory %s", j->e->stream.id);
	return judge_lab(j, err);
}
