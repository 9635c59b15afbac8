/*
 * lab.c -- acts of the laboratory's stream.
 */
#include "cases/lab.h"

#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "cases/house_parts.h"
#include "cases/perform.h"
#include "custody/outsiders.h"
#include "db/schema.h"
#include "db/store.h"

/* The request for one act, its fields put in and complete. */
static int
fill(struct ex_request *r, struct ex_house *house, enum ex_act act,
    const struct ex_given *given, size_t n, struct ex_err *err)
{
	struct ex_member *m;

	if (ex_request_add(
		r, act, EX_STREAM_LAB, ex_house_org(house), &m, err) == -1 ||
	    ex_given_put_all(m, given, n, err) == -1)
		return -1;
	return ex_given_complete(m, err);
}

int
ex_lab_do(struct ex_json *summary, int *status, struct ex_house *house,
    enum ex_act act, const struct ex_given *given, size_t n, struct ex_err *err)
{
	struct ex_request r;
	int rc = -1;

	ex_request_init(&r);
	if (fill(&r, house, act, given, n, err) == 0)
		rc = ex_perform(summary, status, house, &r, act, NULL, err);
	ex_request_free(&r);
	return rc;
}

/* Looking for a login role. */
struct login {
	char role[EX_ROLE_TEXT];
	int found;
};

static int
is_login(void *arg, const char *role, struct ex_err *err)
{
	struct login *l = arg;

	(void)err;
	if (strcmp(role, l->role) == 0)
		l->found = 1;
	return 0;
}

/* 1: the log knows the person and it cannot log in yet; 0: all else. */
static int
lacks_login(struct ex_house *house, const char *person, struct ex_err *err)
{
	struct login l = { "", 0 };
	struct ex_json *fact = NULL;
	struct ex_conn *conn;
	int known;

	if (ex_role_of(l.role, person, err) == -1 ||
	    ex_house_fact(house, "person", person, &fact, err) == -1)
		return -1;
	known = fact != NULL;
	ex_json_free(fact);
	if (!known)
		return 0;
	if (ex_house_admin(house, &conn, err) == -1 ||
	    ex_schema_roles(conn, is_login, &l, err) == -1)
		return -1;
	return !l.found;
}

int
ex_person_add(struct ex_json *summary, int *status, struct ex_house *house,
    const struct ex_given *given, size_t n, struct ex_err *err)
{
	const char *person = ex_given_get(given, n, "id");
	struct ex_request r;
	int lacking = -1;

	ex_request_init(&r);
	*status = 0;
	if (fill(&r, house, EX_ACT_PERSON_ADD, given, n, err) == 0)
		lacking = lacks_login(house, person, err);
	if (lacking == 0 && ex_perform(summary, status, house, &r,
				EX_ACT_PERSON_ADD, NULL, err) == -1)
		lacking = -1;
	ex_request_free(&r);
	if (lacking == -1 || ex_house_add_login(house, person, err) == -1)
		return -1;
	return ex_json_set_text(summary, "person", person, err);
}

int
ex_tool_validated(struct ex_json *summary, int *status, struct ex_house *house,
    const char *tool, const char *report, const char *until, struct ex_err *err)
{
	struct ex_given given[] = { { "id", tool }, { "until", until },
		{ "report", NULL } };
	struct ex_files files = { 0 };
	char sha256[EX_SHA256_HEX];
	struct ex_request r;
	int rc = -1;

	ex_request_init(&r);
	given[2].value = sha256;
	if (ex_files_name(&files, report, sha256, err) == 0 &&
	    fill(&r, house, EX_ACT_TOOL_VALIDATED, given, 3, err) == 0)
		rc = ex_perform(summary, status, house, &r,
		    EX_ACT_TOOL_VALIDATED, &files, err);
	ex_files_free(&files);
	ex_request_free(&r);
	return rc;
}

/* The policy and its digest; takes over policy. */
static int
put_policy(struct ex_member *m, struct ex_json *policy, struct ex_err *err)
{
	const struct ex_field *f = ex_act_field(ex_act(m->act), "policy");
	struct ex_buf text = EX_BUF_INIT;
	char sha256[EX_SHA256_HEX];
	int rc = -1;

	if (ex_json_set(m->fields, "policy", policy, err) == 0 &&
	    ex_field_check(f, policy, err) == 0 &&
	    ex_json_write(&text, policy, err) == 0) {
		ex_sha256_hex(sha256, text.data, text.len);
		rc = ex_json_set_text(m->fields, "policy_sha256", sha256, err);
	}
	ex_buf_free(&text);
	return rc;
}

/* What no verifier could ever find met is not put in force here. */
static int
check_quorum(const struct ex_json *policy, struct ex_err *err)
{
	struct ex_outsiders o;

	if (ex_outsiders_read(&o, policy, err) == -1)
		return -1;
	if (o.wanted && o.nwitnesses == 0)
		return ex_fail(err, EX_FORMAT,
		    "quorum \"%s\", but no witnesses: name them or set none",
		    ex_json_get_text(policy, "quorum"));
	return 0;
}

/*
 * The hint for verifiers, as the policy in force has it; and whoever it names
 * is asked from now on.
 */
static int
write_hint(struct ex_house *house, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	struct ex_json *policy = NULL;
	struct ex_outsiders o;
	struct ex_conn *conn;
	char path[EX_PATH];
	int rc = -1;

	if (ex_house_anchor_up(house, err) == 0 &&
	    ex_house_conn(house, &conn, err) == 0 &&
	    ex_store_fact(conn, "policy", "policy", &policy, err) == 0 &&
	    ex_outsiders_read(&o, policy, err) == 0 &&
	    ex_outsiders_policy(&text, &o, ex_house_log_key(house),
		ex_house_org(house), err) == 0 &&
	    ex_house_path(path, house, "trust/policy", err) == 0)
		rc = ex_file_write(path, text.data, text.len, 0644, err);
	ex_json_free(policy);
	ex_buf_free(&text);
	return rc;
}

int
ex_policy_set(struct ex_json *summary, int *status, struct ex_house *house,
    const char *path, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	struct ex_json *policy = NULL;
	struct ex_request r;
	struct ex_member *m;
	int rc = -1;

	ex_request_init(&r);
	if (ex_file_read(&text, path, EX_POLICY_MAX, err) == -1)
		goto out;
	if (ex_json_read(&policy, text.data, text.len, err) == -1) {
		(void)ex_while(err, path);
		goto out;
	}
	if (ex_request_add(&r, EX_ACT_POLICY_SET, EX_STREAM_LAB,
		ex_house_org(house), &m, err) == -1) {
		ex_json_free(policy);
		goto out;
	}
	/* The member has it now. */
	if (put_policy(m, policy, err) == -1 ||
	    check_quorum(ex_json_get(m->fields, "policy"), err) == -1) {
		(void)ex_while(err, path);
		goto out;
	}
	if (ex_perform(
		summary, status, house, &r, EX_ACT_POLICY_SET, NULL, err) == 0)
		rc = write_hint(house, err);
out:
	ex_buf_free(&text);
	ex_request_free(&r);
	return rc;
}

int
ex_policy_show(struct ex_json **out, struct ex_house *house, struct ex_err *err)
{
	struct ex_json *policy = NULL, *v;
	int64_t version;

	*out = NULL;
	if (ex_house_fact(house, "policy", "policy", &policy, err) == -1)
		return -1;
	if (policy == NULL)
		return ex_fail(err, EX_ABSENT, "the log knows no policy");
	version = ex_json_get_int(policy, "version", 0);
	/* What the log adds to it. */
	ex_json_unset(policy, "version");
	ex_json_unset(policy, "index");
	ex_json_unset(policy, "leaf");
	v = ex_json_object();
	if (ex_json_set(v, "policy", policy, err) == -1 ||
	    ex_json_set_int(v, "version", version, err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	*out = v;
	return 0;
}
