/*
 * test_disputes.c -- what a stolen key has signed is disputed from a place in
 * the log on, until its owner answers with another key.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "tests/custody/house.h"
#include "tests/signing/lab.h"

static struct lab lab;
static struct house house;
/* Of which anybody may say something; nothing happens to the quiet one. */
static char item[EX_STREAM_TEXT], quiet[EX_STREAM_TEXT];

static int
setup(void **state)
{
	(void)state;
	lab_open(&lab);
	house_open(&house);
	(void)snprintf(
	    quiet, sizeof(quiet), "item:%s", house_bring(&house, EX_IN_STORE));
	(void)snprintf(
	    item, sizeof(item), "item:%s", house_bring(&house, EX_IN_STORE));
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	house_close(&house);
	lab_close(&lab);
	return 0;
}

/* Both times five minutes, that is five acts, before they are true. */
static void
back_date(struct ex_draft *d, struct ex_party *party)
{
	(void)party;
	d->time_claimed -= 5 * 60 * EX_SECOND;
	d->occurred_at = d->time_claimed;
}

/* A remark on an item; its index. */
static uint64_t
note_on(const char *stream, const char *who,
    void (*tweak)(struct ex_draft *d, struct ex_party *party))
{
	char parties[64];
	struct act a;

	house_usual(&a, EX_ACT_NOTE, stream);
	(void)snprintf(parties, sizeof(parties), "officer=%s", who);
	a.parties = parties;
	a.tweak = tweak;
	house_do(&house, &a);
	return house.nentries - 1;
}

static uint64_t
note(const char *who)
{
	return note_on(item, who, NULL);
}

/* Somebody says that the entry is theirs, or is not. */
static void
answer(enum ex_act act, const char *who, uint64_t index)
{
	char fields[128], hex[2 * EX_HASH + 1], parties[64];
	struct act a;

	house_usual(&a, act, item);
	ex_hex(hex, house.entry[index].leaf, EX_HASH);
	(void)snprintf(fields, sizeof(fields), "{'entry':'%s'}", hex);
	(void)snprintf(parties, sizeof(parties), "officer=%s", who);
	a.fields = fields;
	a.parties = parties;
	house_do(&house, &a);
}

static void
revoke(int who, const char *since)
{
	char fields[256], hex[EX_SHA256_HEX];
	struct act a = { .act = EX_ACT_KEY_REVOKE,
		.stream = "lab:" HOUSE_ORG,
		.fields = fields,
		.texts = "{'reason':'stolen'}",
		.parties = "registrar=S-1001" };

	ex_sha256_hex(hex, house.key[who].cert.data, house.key[who].cert.len);
	(void)snprintf(fields, sizeof(fields),
	    since == NULL ? "{'cert_sha256':'%s'}"
			  : "{'cert_sha256':'%s','compromised_since':'%s'}",
	    hex, since);
	house_do(&house, &a);
}

/* A new key for somebody whose old one is no good any more. */
static void
enrol_again(int who)
{
	struct house_key *k = &house.key[who];
	char fields[256], hex[EX_SHA256_HEX], parties[96];
	struct act a = { .act = EX_ACT_KEY_ENROL,
		.stream = "lab:" HOUSE_ORG,
		.fields = fields,
		.parties = parties };

	ex_key_free(k->key);
	ex_buf_free(&k->cert);
	MUST(ex_key_new(&k->key, EX_KEY_P256, err));
	lab_issue(&k->cert, house.ca_key, &house.ca, k->key, k->id);
	ex_sha256_hex(hex, k->cert.data, k->cert.len);
	(void)snprintf(fields, sizeof(fields),
	    "{'person':'%s','use':'person','cert_sha256':'%s',"
	    "'storage':'file','key_name':'k'}",
	    k->id, hex);
	(void)snprintf(parties, sizeof(parties),
	    "registrar=S-1001 registrar=S-REG holder=%s", k->id);
	house_do(&house, &a);
}

/* What is said about an entry; -1: nothing. */
static int
stands(uint64_t index)
{
	const struct ex_dispute *d = ex_world_dispute(house.world, index);

	return d == NULL ? -1 : (int)d->state;
}

static void
now_text(char out[EX_TIME_TEXT])
{
	ex_time_text(out, house.now);
}

static void
only_from_the_theft_on(void **state)
{
	char since[EX_TIME_TEXT];
	uint64_t before, other, after, dated_back;

	(void)state;
	before = note("S-COUR");
	now_text(since);
	other = note("S-OFF");
	after = note("S-COUR");
	dated_back = note_on(quiet, "S-COUR", back_date);
	assert_int_equal(stands(after), -1);
	revoke(H_COUR, since);
	assert_int_equal(stands(before), -1);
	assert_int_equal(stands(other), -1);
	assert_int_equal(stands(after), EX_DISPUTED);
	assert_int_equal(stands(dated_back), EX_DISPUTED);
	assert_string_equal(
	    ex_world_dispute(house.world, after)->person, "S-COUR");
	assert_int_equal(
	    ex_world_dispute(house.world, after)->revoked, house.nentries - 1);
}

static void
only_the_owner_answers_with_another_key(void **state)
{
	char since[EX_TIME_TEXT];
	uint64_t first, second, third, fourth;

	(void)state;
	now_text(since);
	first = note("S-OFF");
	second = note("S-OFF");
	third = note("S-OFF");
	fourth = note("S-OFF");
	/* Before the revocation a thief says so as well. */
	answer(EX_ACT_CONFIRM, "S-OFF", fourth);
	revoke(H_OFF, since);
	answer(EX_ACT_CONFIRM, "S-EXAM", first);
	assert_int_equal(stands(first), EX_DISPUTED);
	assert_int_equal(stands(fourth), EX_DISPUTED);
	enrol_again(H_OFF);
	answer(EX_ACT_CONFIRM, "S-OFF", first);
	answer(EX_ACT_DISOWN, "S-OFF", second);
	assert_int_equal(stands(first), EX_DISPUTE_CONFIRMED);
	assert_int_equal(stands(second), EX_DISPUTE_DISOWNED);
	assert_int_equal(stands(third), EX_DISPUTED);
	assert_int_equal(
	    ex_world_dispute(house.world, second)->answer, house.nentries - 1);
	/* The newest word counts. */
	answer(EX_ACT_DISOWN, "S-OFF", first);
	assert_int_equal(stands(first), EX_DISPUTE_DISOWNED);
}

static void
a_mere_end_disputes_nothing(void **state)
{
	uint64_t one = note("S-DUTY");

	(void)state;
	revoke(H_DUTY, NULL);
	assert_int_equal(stands(one), -1);
}

static void
each_state_has_its_word(void **state)
{
	(void)state;
	assert_string_equal(ex_dispute_word(EX_DISPUTED), "disputed");
	assert_string_equal(ex_dispute_word(EX_DISPUTE_CONFIRMED), "confirmed");
	assert_string_equal(ex_dispute_word(EX_DISPUTE_DISOWNED), "disowned");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_from_the_theft_on),
		cmocka_unit_test(only_the_owner_answers_with_another_key),
		cmocka_unit_test(a_mere_end_disputes_nothing),
		cmocka_unit_test(each_state_has_its_word),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
