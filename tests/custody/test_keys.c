/*
 * test_keys.c -- keys come in before witnesses, are replaced by their owners
 * and end at a place in the log.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/custody/house.h"
#include "tests/signing/lab.h"

static struct lab lab;
static struct house house;
static char item[EX_STREAM_TEXT]; /* of which anybody may say something */

/* What the test holds while somebody in the house uses another key. */
struct spare {
	struct ex_key *key;
	struct ex_buf cert;
};

static int
setup(void **state)
{
	(void)state;
	lab_open(&lab);
	house_open(&house);
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

/* A fresh key with a certificate of the house's CA. */
static void
make_spare(struct spare *s, const char *cn)
{
	MUST(ex_key_new(&s->key, EX_KEY_P256, err));
	memset(&s->cert, 0, sizeof(s->cert));
	lab_issue(&s->cert, house.ca_key, &house.ca, s->key, cn);
}

static void
free_spare(struct spare *s)
{
	ex_key_free(s->key);
	ex_buf_free(&s->cert);
}

/* From now on this person signs with it; what was used before is in s. */
static void
exchange(int who, struct spare *s)
{
	struct house_key *k = &house.key[who];
	struct spare old = { k->key, k->cert };

	k->key = s->key;
	k->cert = s->cert;
	*s = old;
}

static const char *
hex_of(const struct ex_buf *cert)
{
	static char hex[4][EX_SHA256_HEX];
	static size_t at;

	at = (at + 1) % 4;
	ex_sha256_hex(hex[at], cert->data, cert->len);
	return hex[at];
}

/* key_enrol of what this person signs with now. */
static void
enrolment(
    struct act *a, char *fields, size_t size, int who, const char *parties)
{
	memset(a, 0, sizeof(*a));
	a->act = EX_ACT_KEY_ENROL;
	a->stream = "lab:" HOUSE_ORG;
	a->fields = fields;
	a->parties = parties;
	(void)snprintf(fields, size,
	    "{'person':'%s','use':'person','cert_sha256':'%s',"
	    "'storage':'file','key_name':'k'}",
	    house.key[who].id, hex_of(&house.key[who].cert));
}

static void
refused(const struct act *a, enum ex_code code, const char *says)
{
	struct ex_err why = EX_ERR_INIT;

	if (house_try(&house, a, &why) == 0)
		fail_msg("allowed, and should say: %s", says);
	if (why.code != code || strstr(why.text, says) == NULL)
		fail_msg("%s: %s (should say: %s)", ex_code_text(why.code),
		    why.text, says);
}

/* Anybody's act that anyone enrolled may do. */
static void
case_note(struct act *a, const char *who)
{
	static char parties[64];

	house_usual(a, EX_ACT_NOTE, item);
	(void)snprintf(parties, sizeof(parties), "officer=%s", who);
	a->parties = parties;
}

/* A certificate of the very CA, for the very person: worth nothing. */
static void
a_minted_certificate_signs_nothing(void **state)
{
	struct spare s;
	struct act a;

	(void)state;
	make_spare(&s, "S-OFF");
	exchange(H_OFF, &s);
	case_note(&a, "S-OFF");
	refused(&a, EX_DENIED, "a key that is not enrolled");
	exchange(H_OFF, &s);
	house_do(&house, &a);
	free_spare(&s);
}

static void
a_first_key_takes_the_registrars_of_the_policy(void **state)
{
	static const struct {
		const char *parties, *says;
		enum ex_code code;
	} c[] = {
		{ "holder=S-NEW", "takes 2 registrars, 0 signed", EX_DENIED },
		{ "registrar=S-1001 holder=S-NEW",
		    "takes 2 registrars, 1 signed", EX_DENIED },
		{ "registrar=S-1001 witness=S-REG holder=S-NEW",
		    "takes 2 registrars, 1 signed", EX_DENIED },
		{ "registrar=S-1001 registrar=S-AUD holder=S-NEW",
		    "takes the role registrar", EX_DENIED },
		{ "registrar=S-1001 registrar=S-REG", "needs its holder",
		    EX_DENIED },
		{ "registrar=S-1001 registrar=S-REG holder=S-OFF",
		    "the new key must sign", EX_DENIED },
	};
	static const struct act person = { .act = EX_ACT_PERSON_ADD,
		.stream = "lab:" HOUSE_ORG,
		.fields = "{'id':'S-NEW','org':'UNIT-9','roles':['witness']}",
		.texts = "{'name_en':'Somebody New'}",
		.parties = "administrator=S-1001" };
	const char *id = house.key[H_OWN].id;
	struct spare s;
	char fields[512];
	struct act a;

	(void)state;
	house_do(&house, &person);
	make_spare(&s, "S-NEW");
	exchange(H_OWN, &s);
	house.key[H_OWN].id = "S-NEW";
	for (size_t i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		enrolment(&a, fields, sizeof(fields), H_OWN, c[i].parties);
		refused(&a, c[i].code, c[i].says);
	}
	enrolment(&a, fields, sizeof(fields), H_OWN,
	    "registrar=S-1001 registrar=S-REG holder=S-NEW");
	house_do(&house, &a);
	refused(&a, EX_STATE, "enrolled already");
	case_note(&a, "S-NEW");
	house_do(&house, &a);
	house.key[H_OWN].id = id;
	exchange(H_OWN, &s);
	free_spare(&s);
}

static void
one_word_differs(void **state)
{
	static const struct {
		const char *from, *to, *says;
		enum ex_code code;
	} c[] = {
		{ "S-EXA2", "S-CUS2", "signs as S-EXA2", EX_DENIED },
		{ "'person','c", "'station','c", "signs as \"signed\"",
		    EX_FORMAT },
		{ "'person','c", "'service','c", "signs as \"signed\"",
		    EX_FORMAT },
		{ "'file'", "'card'", "two different words", EX_FORMAT },
	};
	struct spare s;
	char fields[512], changed[512];
	struct act a;

	(void)state;
	make_spare(&s, "S-EXA2");
	exchange(H_EXA2, &s);
	for (size_t i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		const char *at;

		enrolment(&a, fields, sizeof(fields), H_EXA2,
		    "registrar=S-1001 registrar=S-REG holder=S-EXA2");
		at = strstr(fields, c[i].from);
		assert_non_null(at);
		(void)snprintf(changed, sizeof(changed), "%.*s%s%s",
		    (int)(at - fields), fields, c[i].to,
		    at + strlen(c[i].from));
		a.fields = changed;
		refused(&a, c[i].code, c[i].says);
	}
	exchange(H_EXA2, &s);
	free_spare(&s);
}

/* Two keys of one person: H_OWN's place holds the older one meanwhile. */
static void
sign_with_both(struct ex_draft *d, struct ex_party *party)
{
	party[d->nparties] = party[0];
	ex_sha256(party[d->nparties].cert_sha256, house.key[H_OWN].cert.data,
	    house.key[H_OWN].cert.len);
	d->nparties++;
}

/* The second key as the other side. */
static void
receive_with_both(struct ex_draft *d, struct ex_party *party)
{
	sign_with_both(d, party);
	memcpy(party[1].role, "receiver", sizeof("receiver"));
}

static void
rotation(struct act *a, char *fields, size_t size, const struct ex_buf *old)
{
	memset(a, 0, sizeof(*a));
	a->act = EX_ACT_ROTATE;
	a->stream = "lab:" HOUSE_ORG;
	a->fields = fields;
	a->parties = "holder=S-JUDG";
	(void)snprintf(fields, size,
	    "{'old_cert':'%s','cert_sha256':'%s','storage':'file',"
	    "'key_name':'k'}",
	    hex_of(old), hex_of(&house.key[H_JUDGE].cert));
}

static void
a_key_is_replaced_by_both(void **state)
{
	static const int both[] = { H_JUDGE, H_OWN, -1 };
	struct spare new, own;
	char fields[512];
	struct act a;

	(void)state;
	make_spare(&new, "S-JUDG");
	exchange(H_JUDGE, &new); /* new holds the old key */
	own.key = house.key[H_OWN].key;
	own.cert = house.key[H_OWN].cert;
	house.key[H_OWN].key = new.key;
	house.key[H_OWN].cert = new.cert;

	rotation(&a, fields, sizeof(fields), &new.cert);
	refused(&a, EX_DENIED, "the old key must sign");
	a.tweak = sign_with_both;
	a.signers = both;
	house_do(&house, &a);

	house.key[H_OWN].key = own.key;
	house.key[H_OWN].cert = own.cert;
	case_note(&a, "S-JUDG");
	house_do(&house, &a);
	exchange(H_JUDGE, &new);
	case_note(&a, "S-JUDG");
	refused(&a, EX_DENIED, "a key that was revoked");
	exchange(H_JUDGE, &new);
	free_spare(&new);
}

/* Two keys, both enrolled, one person: not two parties. */
static void
two_keys_of_one_person_are_one_person(void **state)
{
	static const int both[] = { H_CUST, H_OWN, -1 };
	struct spare second, own;
	char fields[512];
	struct ex_err why = EX_ERR_INIT;
	struct act a;

	(void)state;
	make_spare(&second, "S-CUST");
	/* Enrolled on the word of the first key. */
	own.key = house.key[H_OWN].key;
	own.cert = house.key[H_OWN].cert;
	house.key[H_OWN].key = house.key[H_CUST].key;
	house.key[H_OWN].cert = house.key[H_CUST].cert;
	house.key[H_CUST].key = second.key;
	house.key[H_CUST].cert = second.cert;
	enrolment(&a, fields, sizeof(fields), H_CUST, "holder=S-CUST");
	a.tweak = sign_with_both;
	a.signers = both;
	house_do(&house, &a);
	/* And now both as the two sides of a check_out. */
	house_usual(&a, EX_ACT_CHECK_OUT, item);
	a.parties = "custodian=S-CUST";
	a.tweak = receive_with_both;
	a.signers = both;
	assert_int_equal(house_try(&house, &a, &why), -1);
	assert_int_equal(why.code, EX_DENIED);
	assert_non_null(strstr(why.text, "cannot be custodian and receiver"));
	second.key = house.key[H_CUST].key;
	second.cert = house.key[H_CUST].cert;
	house.key[H_CUST].key = house.key[H_OWN].key;
	house.key[H_CUST].cert = house.key[H_OWN].cert;
	house.key[H_OWN].key = own.key;
	house.key[H_OWN].cert = own.cert;
	free_spare(&second);
}

static void
revocation(struct act *a, char *fields, size_t size, const struct ex_buf *cert,
    const char *parties)
{
	memset(a, 0, sizeof(*a));
	a->act = EX_ACT_KEY_REVOKE;
	a->stream = "lab:" HOUSE_ORG;
	a->fields = fields;
	a->texts = "{'reason':'lost on a train'}";
	a->parties = parties;
	(void)snprintf(fields, size,
	    "{'cert_sha256':'%s',"
	    "'compromised_since':'2026-03-01T00:00:00.000000Z'}",
	    hex_of(cert));
}

static void
a_key_ends_at_its_revocation(void **state)
{
	struct spare unknown;
	struct ex_json *v;
	char fields[256];
	struct act a;

	(void)state;
	make_spare(&unknown, "S-X");
	revocation(
	    &a, fields, sizeof(fields), &unknown.cert, "registrar=S-1001");
	refused(&a, EX_ABSENT, "no such key");
	free_spare(&unknown);
	revocation(&a, fields, sizeof(fields), &house.key[H_COUR].cert,
	    "holder=S-OFF");
	refused(&a, EX_DENIED, "not a key of S-OFF");
	revocation(&a, fields, sizeof(fields), &house.key[H_COUR].cert,
	    "registrar=S-OFF");
	refused(&a, EX_DENIED, "takes the role registrar");
	case_note(&a, "S-COUR");
	house_do(&house, &a);
	revocation(&a, fields, sizeof(fields), &house.key[H_COUR].cert,
	    "holder=S-COUR");
	house_do(&house, &a);
	v = house_fact(&house, "key", hex_of(&house.key[H_COUR].cert));
	assert_int_equal(ex_json_get_int(v, "revoked", -2), house.nentries - 1);
	assert_string_equal(ex_json_get_text(v, "compromised_since"),
	    "2026-03-01T00:00:00.000000Z");
	ex_json_free(v);
	case_note(&a, "S-COUR");
	refused(&a, EX_DENIED, "a key that was revoked");
	revocation(&a, fields, sizeof(fields), &house.key[H_COUR].cert,
	    "registrar=S-1001");
	refused(&a, EX_STATE, "revoked already");
	/* A registrar ends the key of another. */
	revocation(&a, fields, sizeof(fields), &house.key[H_DUTY].cert,
	    "registrar=S-1001");
	house_do(&house, &a);
	case_note(&a, "S-DUTY");
	refused(&a, EX_DENIED, "a key that was revoked");
}

/* Certificates that are for something else, though somebody has the key. */
static void
a_certificate_is_for_signing_acts(void **state)
{
	static const struct {
		const char *name, *ext[2], *says;
	} c[] = {
		{ "a web server's",
		    { "keyUsage=critical,nonRepudiation",
			"extendedKeyUsage=serverAuth" },
		    "it is a server's" },
		{ "a CA's",
		    { "keyUsage=critical,nonRepudiation,keyCertSign",
			"basicConstraints=critical,CA:TRUE" },
		    "it is a CA's" },
		{ "for logging in",
		    { "keyUsage=critical,digitalSignature",
			"extendedKeyUsage=clientAuth" },
		    "keyUsage is not" },
		{ "not saying so critically",
		    { "keyUsage=nonRepudiation", "basicConstraints=CA:FALSE" },
		    "keyUsage is not" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		const char *key = lab_path(&lab, "tls.pem");
		const char *const make[] = { "openssl", "genpkey", "-algorithm",
			"EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out",
			key, NULL };
		const char *const sign[] = { "openssl", "req", "-x509", "-key",
			key, "-subj", "/O=UNIT-9/CN=S-OFF", "-days", "3650",
			"-addext", c[i].ext[0], "-addext", c[i].ext[1], NULL };
		struct ex_buf pem = EX_BUF_INIT;
		char fields[512];
		struct spare s;
		struct act a;

		assert_int_equal(lab_run(NULL, make), 0);
		assert_int_equal(lab_run(&pem, sign), 0);
		MUST(ex_key_load(&s.key, key, NULL, err));
		memset(&s.cert, 0, sizeof(s.cert));
		MUST(ex_cert_from_pem(&s.cert, pem.data, pem.len, err));
		exchange(H_OFF, &s);
		enrolment(&a, fields, sizeof(fields), H_OFF,
		    "registrar=S-1001 registrar=S-REG holder=S-OFF");
		refused(&a, EX_DENIED, c[i].says);
		exchange(H_OFF, &s);
		free_spare(&s);
		ex_buf_free(&pem);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_minted_certificate_signs_nothing),
		cmocka_unit_test(
		    a_first_key_takes_the_registrars_of_the_policy),
		cmocka_unit_test(one_word_differs),
		cmocka_unit_test(a_certificate_is_for_signing_acts),
		cmocka_unit_test(two_keys_of_one_person_are_one_person),
		cmocka_unit_test(a_key_is_replaced_by_both),
		cmocka_unit_test(a_key_ends_at_its_revocation),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
