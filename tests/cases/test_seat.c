/*
 * test_seat.c -- who at the desk has which part in an act, and those who have
 * no key there.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hashing/digest.h"
#include "tests/cases/acts.h"

static const struct {
	const char *claim;
	enum ex_act act;
	int emergency;
	const char *as, *with, *witness;
	const char *roles; /* in their order; NULL: refused */
	enum ex_code code;
} seats[] = {
	{ "the custodian receives from the submitter", EX_ACT_RECEIVE, 0,
	    ACTS_CUSTODIAN, ACTS_OFFICER, NULL, "custodian submitter ", EX_OK },
	{ "who may not be custodian is the submitter", EX_ACT_RECEIVE, 0,
	    ACTS_OFFICER, ACTS_CUSTODIAN, NULL, "submitter custodian ", EX_OK },
	{ "the holder checks in", EX_ACT_CHECK_IN, 0, ACTS_EXAMINER,
	    ACTS_CUSTODIAN, NULL, "holder custodian ", EX_OK },
	{ "the custodian checks out", EX_ACT_CHECK_OUT, 0, ACTS_CUSTODIAN,
	    ACTS_EXAMINER, NULL, "custodian receiver ", EX_OK },
	{ "an examiner reports as examiner", EX_ACT_REPORT, 0, ACTS_EXAMINER,
	    NULL, NULL, "examiner ", EX_OK },
	{ "a prosecutor reports as prosecutor", EX_ACT_REPORT, 0,
	    ACTS_PROSECUTOR, NULL, NULL, "prosecutor ", EX_OK },
	{ "who may do neither is left to the rules", EX_ACT_REPORT, 0,
	    ACTS_CUSTODIAN, NULL, NULL, "examiner ", EX_OK },
	{ "a witness may always be there", EX_ACT_STORE, 0, ACTS_CUSTODIAN,
	    NULL, ACTS_EXAMINER, "custodian witness ", EX_OK },
	{ "a duty officer stands in for the submitter", EX_ACT_RECEIVE, 1,
	    ACTS_CUSTODIAN, ACTS_DUTY, NULL, "custodian duty_officer ", EX_OK },
	{ "a duty officer who acts stands in for the custodian", EX_ACT_STORE,
	    1, ACTS_DUTY, NULL, NULL, "duty_officer ", EX_OK },
	{ "a duty officer is nobody special otherwise", EX_ACT_RECEIVE, 0,
	    ACTS_CUSTODIAN, ACTS_DUTY, NULL, "custodian submitter ", EX_OK },
	{ "an emergency alone excuses nobody", EX_ACT_RECEIVE, 1,
	    ACTS_CUSTODIAN, NULL, NULL, NULL, EX_USAGE },
	{ "one party is missing", EX_ACT_CHECK_OUT, 0, ACTS_CUSTODIAN, NULL,
	    NULL, NULL, EX_USAGE },
	{ "there is no second part", EX_ACT_STORE, 0, ACTS_CUSTODIAN,
	    ACTS_EXAMINER, NULL, NULL, EX_USAGE },
	{ "one key is not two parties", EX_ACT_RECEIVE, 0, ACTS_CUSTODIAN,
	    ACTS_CUSTODIAN, NULL, NULL, EX_USAGE },
	{ "nobody acts", EX_ACT_RECEIVE, 0, NULL, ACTS_OFFICER, NULL, NULL,
	    EX_USAGE },
	{ "no such key", EX_ACT_STORE, 0, "NOBODY", NULL, NULL, NULL,
	    EX_ABSENT },
};

static void
roles_of(const struct ex_request *r, char out[256])
{
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < r->nseats; i++)
		n += (size_t)snprintf(out + n, 256 - n, "%s ", r->seat[i].role);
}

static void
each_has_the_part_that_is_theirs(void **state)
{
	struct desk *d = *state;

	for (size_t i = 0; i < sizeof(seats) / sizeof(seats[0]); i++) {
		struct ex_err why = EX_ERR_INIT;
		struct ex_request r;
		char roles[256];
		int rc;

		ex_request_init(&r);
		acts_receive(&r, "SEAT-1");
		if (seats[i].emergency)
			MUST(ex_json_set_int(
			    r.member[0].fields, "emergency", 1, err));
		desk_seat(d, seats[i].as, seats[i].with);
		d->seats.witness = &seats[i].witness;
		d->seats.nwitness = seats[i].witness != NULL;
		rc = ex_request_seat_desk(&r, d->house, seats[i].act, &why);
		d->seats.nwitness = 0;
		roles_of(&r, roles);
		if ((rc == 0) != (seats[i].roles != NULL) ||
		    why.code != seats[i].code ||
		    (rc == 0 && strcmp(roles, seats[i].roles) != 0))
			fail_msg("%s: %s%s", seats[i].claim, roles, why.text);
		ex_request_free(&r);
	}
}

/* From the first head of the laboratory on. */
static void
a_policy_is_set_by_the_head(void **state)
{
	struct desk *d = *state;
	struct ex_request r;
	char roles[256];

	for (int head = 0; head < 2; head++) {
		desk_seat(d, "admin", NULL);
		if (head)
			MUST(desk_lab(d, EX_ACT_ROLE_GRANT, err, "person",
			    "admin", "grant", "lab_head", NULL));
		ex_request_init(&r);
		MUST(
		    ex_request_seat_desk(&r, d->house, EX_ACT_POLICY_SET, err));
		roles_of(&r, roles);
		assert_string_equal(
		    roles, head ? "lab_head " : "administrator ");
		ex_request_free(&r);
	}
}

/* --party, one or none. */
static void
name_party(struct desk *d, const char **party)
{
	d->seats.party = party;
	d->seats.nparty = *party != NULL;
}

static const struct {
	const char *party;
	enum ex_code code;
} malformed[] = {
	{ "", EX_USAGE },
	{ "OFF-1", EX_USAGE },
	{ "OFF-1:submitter", EX_USAGE },
	{ "OFF-1:submitter:", EX_USAGE },
	{ ":submitter:paper", EX_USAGE },
	{ "OFF-1::paper", EX_USAGE },
	{ "OFF-1:submitter:signed", EX_USAGE },
	{ "OFF-1:submitter:gone", EX_USAGE },
	{ "OFF-1@:submitter:paper", EX_USAGE },
	{ "@LAB:submitter:paper", EX_USAGE },
	{ "a b:submitter:paper", EX_USAGE },
	{ "OFF-1:submitter:absent:/etc/hostname", EX_USAGE },
	{ "STRANGER:submitter:paper", EX_ABSENT },
	{ "OFF-1:submitter:paper:/nowhere/form.png", EX_ABSENT },
	{ "OFF-1:submitter:refused:/nowhere/why.txt", EX_ABSENT },
};

static void
what_party_means_is_said(void **state)
{
	struct desk *d = *state;

	desk_seat(d, ACTS_CUSTODIAN, NULL);
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		struct ex_err why = EX_ERR_INIT;
		const char *party = malformed[i].party;
		struct ex_request r;

		ex_request_init(&r);
		acts_receive(&r, "SEAT-1");
		name_party(d, &party);
		d->seats.nparty = 1;
		if (ex_request_seat_desk(&r, d->house, EX_ACT_RECEIVE, &why) ==
			0 ||
		    why.code != malformed[i].code)
			fail_msg("\"%s\": %s", party, why.text);
		d->seats.nparty = 0;
		ex_request_free(&r);
	}
}

/* A file in the house's folder; the same buffer each time. */
static const char *
write_file(const struct desk *d, const char *name, const char *text)
{
	static char path[EX_PATH];

	(void)snprintf(path, sizeof(path), "%s/%s", d->dir, name);
	MUST(ex_file_write(path, text, strlen(text), 0644, err));
	return path;
}

/* Receive an item from somebody who has no key at this desk. */
static int
receive_from(struct desk *d, const char *item, const char *party,
    struct ex_outcome *out, struct ex_err *why)
{
	struct ex_request r;
	int rc;

	ex_request_init(&r);
	acts_receive(&r, item);
	desk_seat(d, ACTS_CUSTODIAN, NULL);
	name_party(d, &party);
	rc = acts_do(d, &r, EX_ACT_RECEIVE, out, why);
	d->seats.nparty = 0;
	return rc;
}

/* Is there an attachment of these bytes in the vault? */
static int
in_vault(const struct desk *d, const char *text)
{
	char path[EX_PATH], hex[EX_SHA256_HEX];

	ex_sha256_hex(hex, text, strlen(text));
	(void)snprintf(
	    path, sizeof(path), "%s/vault/attachments/%s", d->dir, hex);
	return ex_file_exists(path);
}

static void
a_form_on_paper_is_kept_when_the_act_is_permitted(void **state)
{
	static const char form[] = "a scan of the signed form";
	struct desk *d = *state;
	struct ex_err why = EX_ERR_INIT;
	struct ex_outcome o;
	char party[EX_PATH + 64];

	acts_announced(d, "PAPER-1");
	(void)snprintf(party, sizeof(party), ACTS_OFFICER ":submitter:paper:%s",
	    write_file(d, "form.png", form));
	/* There is no such item. */
	assert_int_equal(receive_from(d, "PAPER-9", party, NULL, &why), -1);
	assert_int_equal(why.code, EX_ABSENT);
	assert_int_equal(in_vault(d, form), 0);
	MUST(receive_from(d, "PAPER-1", party, &o, err));
	assert_string_equal(o.done[0].state, "RECEIVED");
	assert_int_equal(in_vault(d, form), 1);
	ex_outcome_free(&o);
}

static void
who_records_and_acts_needs_the_form(void **state)
{
	struct desk *d = *state;
	struct ex_err why = EX_ERR_INIT;

	acts_announced(d, "PAPER-2");
	assert_int_equal(receive_from(d, "PAPER-2",
			     ACTS_OFFICER ":submitter:paper", NULL, &why),
	    -1);
	assert_int_equal(why.code, EX_DENIED);
	assert_non_null(strstr(why.text, "scanned form"));
	acts_clean(d);
}

/* Does a receipt's openings hold this text? */
static int
is_opened(const struct desk *d, const struct ex_done *done, const char *text)
{
	struct ex_buf b = EX_BUF_INIT;
	char path[EX_PATH], hex[17];
	int found;

	for (size_t i = 0; i < 8; i++)
		(void)snprintf(&hex[2 * i], 3, "%02x", done->leaf[i]);
	(void)snprintf(path, sizeof(path),
	    "%s/receipts/item-%s-%d-%s.openings.json", d->dir, done->stream.id,
	    (int)done->seq, hex);
	MUST(ex_file_read(&b, path, EX_JSON_MAX, err));
	found = strstr(ex_buf_text(&b), text) != NULL;
	ex_buf_free(&b);
	return found;
}

/* The recorder's word is not alone: a witness signs as well. */
static void
who_would_not_sign_is_a_finding_with_the_reason(void **state)
{
	static const char *const witness = ACTS_EXAMINER;
	struct desk *d = *state;
	struct ex_outcome o;
	char party[EX_PATH + 64];

	acts_announced(d, "REFUSED-1");
	(void)snprintf(party, sizeof(party),
	    ACTS_OFFICER ":submitter:refused:%s",
	    write_file(d, "why.txt", "wants a receipt of their own\n\n"));
	d->seats.witness = &witness;
	d->seats.nwitness = 1;
	MUST(receive_from(d, "REFUSED-1", party, &o, err));
	d->seats.nwitness = 0;
	assert_int_equal(o.done[0].nfindings, 1);
	assert_string_equal(o.done[0].finding[0].code, "party-refused");
	assert_true(
	    is_opened(d, &o.done[0], "\"wants a receipt of their own\""));
	ex_outcome_free(&o);
}

static void
a_stranger_comes_with_an_organisation(void **state)
{
	const char *party = "CITIZEN-1@LAB:witness:absent";
	struct desk *d = *state;
	struct ex_request r;

	desk_seat(d, ACTS_CUSTODIAN, ACTS_OFFICER);
	ex_request_init(&r);
	acts_receive(&r, "SEAT-1");
	name_party(d, &party);
	MUST(ex_request_seat_desk(&r, d->house, EX_ACT_RECEIVE, err));
	d->seats.nparty = 0;
	assert_string_equal(r.other[0].person, "CITIZEN-1");
	assert_string_equal(r.other[0].org, "LAB");
	assert_string_equal(r.other[0].recorder, "");
	ex_request_free(&r);
}

static void
an_emergency_is_done_with_the_duty_officer(void **state)
{
	struct desk *d = *state;
	struct ex_outcome o;
	struct ex_request r;

	acts_announced(d, "FIRE-1");
	ex_request_init(&r);
	acts_receive(&r, "FIRE-1");
	MUST(ex_json_set_int(r.member[0].fields, "emergency", 1, err));
	MUST(ex_json_set_text(
	    r.member[0].texts, "reason", "fire in the building", err));
	desk_seat(d, ACTS_CUSTODIAN, ACTS_DUTY);
	MUST(acts_do(d, &r, EX_ACT_RECEIVE, &o, err));
	assert_string_equal(o.done[0].state, "RECEIVED");
	ex_outcome_free(&o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_has_the_part_that_is_theirs),
		cmocka_unit_test(a_policy_is_set_by_the_head),
		cmocka_unit_test(what_party_means_is_said),
		cmocka_unit_test(
		    a_form_on_paper_is_kept_when_the_act_is_permitted),
		cmocka_unit_test(who_records_and_acts_needs_the_form),
		cmocka_unit_test(
		    who_would_not_sign_is_a_finding_with_the_reason),
		cmocka_unit_test(a_stranger_comes_with_an_organisation),
		cmocka_unit_test(an_emergency_is_done_with_the_duty_officer),
	};

	desk_programs();
	return cmocka_run_group_tests(tests, acts_group_open, acts_group_close);
}
