/*
 * redact.c -- the profiles of redaction, one table.
 */
#include "report/redact.h"

#include <string.h>

#include "base/json.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	C = 1 << EX_PROFILE_COURT,
	D = 1 << EX_PROFILE_DEFENCE,
	O = 1 << EX_PROFILE_OWNER
};

static const char *const profile_name[] = {
	[EX_PROFILE_NONE] = "none",
	[EX_PROFILE_COURT] = "court",
	[EX_PROFILE_DEFENCE] = "defence",
	[EX_PROFILE_OWNER] = "owner",
};

/* Why a text is left out. */
enum why {
	ASSUMED,
	PERSONAL,
	HOUSE,
	OTHERS,
	INQUIRY
};

static const struct {
	const char *en, *zh;
} why_text[] = {
	[ASSUMED] = { "what the inquiry assumes is no fact of the evidence",
	    "偵查假設並非證物事實" },
	[PERSONAL] = { "personal data of people who are no party of the case",
	    "非本案當事人之個人資料" },
	[HOUSE] = { "would help whoever attacks the laboratory",
	    "可能危及實驗室安全" },
	[OTHERS] = { "numbers and names of other agencies' cases",
	    "其他機關案件之編號與名稱" },
	[INQUIRY] = { "concerns the inquiry, not this exhibit",
	    "涉及偵查內容，與本證物無關" },
};

/*
 * The profiles.  of: a text of this act alone, by the act's name; NULL: of
 * every act.
 */
static const struct rule {
	unsigned whom;
	const char *field;
	const char *of;
	enum why why;
} rule[] = {
	{ C | D | O, "summary", NULL, ASSUMED },
	{ C | D | O, "modus", NULL, ASSUMED },
	{ C | D | O, "other_number", NULL, OTHERS },
	{ D | O, "question", NULL, ASSUMED },
	{ D | O, "name_en", "person_add", PERSONAL },
	{ D | O, "name_zh", "person_add", PERSONAL },
	{ D | O, "title", "person_add", PERSONAL },
	{ D | O, "name_en", "location_add", HOUSE },
	{ D | O, "name_zh", "location_add", HOUSE },
	{ D | O, "workstation", NULL, HOUSE },
	{ D | O, "command", NULL, HOUSE },
	{ D | O, "destinations", NULL, HOUSE },
	{ D | O, "serial", "tool_add", HOUSE },
	{ D | O, "write_blocker_serial", NULL, HOUSE },
	{ O, "title", NULL, INQUIRY },
	{ O, "scope", NULL, INQUIRY },
	{ O, "issuer", NULL, INQUIRY },
	{ O, "purpose", NULL, INQUIRY },
	{ O, "recipient", NULL, INQUIRY },
	{ O, "note", NULL, INQUIRY },
	{ O, "reason", NULL, INQUIRY },
	{ O, "parties", NULL, PERSONAL },
};

int
ex_profile_parse(enum ex_profile *out, const char *name, struct ex_err *err)
{
	*out = EX_PROFILE_NONE;
	if (name == NULL)
		return 0;
	for (size_t i = EX_PROFILE_COURT; i < COUNT(profile_name); i++) {
		if (strcmp(profile_name[i], name) != 0)
			continue;
		*out = (enum ex_profile)i;
		return 0;
	}
	return ex_fail(err, EX_USAGE,
	    "\"%.40s\": no profile; there are court, defence and owner", name);
}

const char *
ex_profile_name(enum ex_profile p)
{
	return profile_name[p];
}

/* The rule that withholds it, or NULL: the first one counts. */
static const struct rule *
find(enum ex_profile p, enum ex_act act, const char *path)
{
	size_t n = strcspn(path, "/");

	for (size_t i = 0; i < COUNT(rule); i++) {
		const struct rule *r = &rule[i];

		if ((r->whom & (1U << p)) != 0 && strlen(r->field) == n &&
		    strncmp(r->field, path, n) == 0 &&
		    (r->of == NULL || strcmp(r->of, ex_act(act)->name) == 0))
			return r;
	}
	return NULL;
}

int
ex_profile_withholds(enum ex_profile p, enum ex_act act, const char *path)
{
	return find(p, act, path) != NULL;
}

/* What is handed to closes(). */
struct closing {
	enum ex_profile profile;
	enum ex_act act;
	uint64_t *count; /* for each rule; NULL: not asked */
};

static int
closes(void *arg, const char *path)
{
	struct closing *c = arg;
	const struct rule *r = find(c->profile, c->act, path);

	if (r != NULL && c->count != NULL)
		c->count[r - rule]++;
	return r != NULL;
}

static int
close_entry(struct ex_record_entry *e, enum ex_profile p, struct ex_err *err)
{
	struct closing c = { p, e->admission.event.act, NULL };
	struct ex_openings left = { NULL, 0 };
	struct ex_buf text = EX_BUF_INIT;
	int rc = -1;

	if (ex_openings_redact(&text, &e->openings, closes, &c, err) == 0 &&
	    ex_openings_read(
		&left, &e->admission.event, text.data, text.len, err) == 0)
		rc = 0;
	if (rc == 0) {
		ex_openings_free(&e->openings);
		e->openings = left;
	} else {
		ex_openings_free(&left);
	}
	ex_buf_free(&text);
	return rc;
}

int
ex_redact_record(struct ex_record *r, enum ex_profile p, struct ex_err *err)
{
	for (size_t i = 0; p != EX_PROFILE_NONE && i < r->nentries; i++) {
		if (close_entry(r->entry[i], p, err) == -1)
			return -1;
	}
	return 0;
}

/* How many texts each rule withholds. */
static int
count_all(uint64_t count[COUNT(rule)], const struct ex_record *r,
    enum ex_profile p, struct ex_err *err)
{
	for (size_t i = 0; i < r->nentries; i++) {
		const struct ex_record_entry *e = r->entry[i];
		struct closing c = { p, e->admission.event.act, count };
		struct ex_openings whole = { NULL, 0 };
		struct ex_buf ignored = EX_BUF_INIT;
		int rc = ex_openings_read(&whole, &e->admission.event,
		    e->openings_text.data, e->openings_text.len, err);

		if (rc == 0)
			rc = ex_openings_redact(
			    &ignored, &whole, closes, &c, err);
		ex_openings_free(&whole);
		ex_buf_free(&ignored);
		if (rc == -1)
			return -1;
	}
	return 0;
}

static int
add_rule(struct ex_json *list, const struct rule *r, uint64_t count,
    struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set_text(v, "field", r->field, err) == -1 ||
	    (r->of != NULL && ex_json_set_text(v, "of", r->of, err) == -1) ||
	    ex_json_set_int(v, "count", (int64_t)count, err) == -1 ||
	    ex_json_set_text(v, "why_en", why_text[r->why].en, err) == -1 ||
	    ex_json_set_text(v, "why_zh", why_text[r->why].zh, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	return ex_json_add(list, v, err);
}

int
ex_redact_list(struct ex_buf *out, const struct ex_record *r, enum ex_profile p,
    struct ex_err *err)
{
	uint64_t count[COUNT(rule)] = { 0 };
	struct ex_json *v = ex_json_object(), *list;
	int rc = -1;

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (count_all(count, r, p, err) == -1 ||
	    ex_json_set_text(v, "schema", EX_REDACTION_SCHEMA, err) == -1 ||
	    ex_json_set_text(v, "profile", profile_name[p], err) == -1 ||
	    ex_json_set(v, "rules", ex_json_array(), err) == -1)
		goto out;
	list = ex_json_get_mutable(v, "rules");
	for (size_t i = 0; i < COUNT(rule); i++) {
		if ((rule[i].whom & (1U << p)) != 0 &&
		    add_rule(list, &rule[i], count[i], err) == -1)
			goto out;
	}
	rc = ex_json_write(out, v, err);
out:
	ex_json_free(v);
	return rc;
}
