/*
 * lab.h -- the laboratory's own acts: organisations, persons, roles,
 * competence, places, tools, delegates, policy; and what there is of them.
 */
#ifndef CASES_LAB_H
#define CASES_LAB_H

#include <stddef.h>

#include "base/err.h"
#include "base/json.h"
#include "cases/given.h"

struct ex_house;

/*
 * An act of the laboratory's stream out of its fields.  *status as in
 * ex_outcome_json().
 */
int ex_lab_do(struct ex_json *summary, int *status, struct ex_house *house,
    enum ex_act act, const struct ex_given *given, size_t n,
    struct ex_err *err);

/*
 * Enter a person and give it a login role.  After a run that was killed in
 * between, the same again makes the login: "event" is then missing from the
 * summary.  EX_STATE when the person is there with a login.
 */
int ex_person_add(struct ex_json *summary, int *status, struct ex_house *house,
    const struct ex_given *given, size_t n, struct ex_err *err);

/* A tool's validation; the report goes into the vault. */
int ex_tool_validated(struct ex_json *summary, int *status,
    struct ex_house *house, const char *tool, const char *report,
    const char *until, struct ex_err *err);

/* Put the policy of a JSON file in force. */
int ex_policy_set(struct ex_json *summary, int *status, struct ex_house *house,
    const char *path, struct ex_err *err);

/* {"version","policy":{}} */
int ex_policy_show(
    struct ex_json **out, struct ex_house *house, struct ex_err *err);

enum ex_lab_kind {
	EX_LAB_ORGS,
	EX_LAB_PERSONS,
	EX_LAB_LOCATIONS,
	EX_LAB_TOOLS,
	EX_LAB_DELEGATES
};

/*
 * What the log knows of a kind: an array of {"org","kind","sector"?},
 * {"person","org","roles":[],"competence":[]}, {"location","kind","in"?} or
 * {"tool","kind","version"?,"validated_until"?}, each with the texts that
 * are at hand: "name_en", "name_zh", "title", "serial".  A delegate's id is
 * STATION/PERSON: {"delegate","until"?}.
 */
int ex_lab_list(struct ex_json **out, struct ex_house *house,
    enum ex_lab_kind kind, struct ex_err *err);

/* One of them.  EX_ABSENT. */
int ex_lab_show(struct ex_json **out, struct ex_house *house,
    enum ex_lab_kind kind, const char *id, struct ex_err *err);

#endif
