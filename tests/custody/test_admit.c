/*
 * test_admit.c -- the one gate: no other encoding, no other signers, no
 * other place than the entry's own.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "tests/custody/house.h"
#include "tests/signing/harm.h"

static struct lab lab;
static struct house house;

/* Give somebody a key of the lab, enrolled as two registrars have seen. */
static void
give_key(int who, int lab_key)
{
	struct house_key *k = &house.key[who];
	char hex[EX_SHA256_HEX], fields[512], parties[128];
	struct act a = { .act = EX_ACT_KEY_ENROL,
		.stream = "lab:" HOUSE_ORG,
		.fields = fields,
		.parties = parties };

	ex_key_free(k->key);
	ex_buf_free(&k->cert);
	k->key = lab.key[lab_key];
	MUST(ex_buf_add(
	    &k->cert, lab.cert[lab_key].data, lab.cert[lab_key].len, err));
	lab.key[lab_key] = NULL;
	ex_sha256_hex(hex, k->cert.data, k->cert.len);
	(void)snprintf(fields, sizeof(fields),
	    "{'person':'%s','use':'person','cert_sha256':'%s',"
	    "'storage':'file','key_name':'second'}",
	    k->id, hex);
	(void)snprintf(parties, sizeof(parties),
	    "registrar=S-1001 registrar=S-REG holder=%s", k->id);
	house_do(&house, &a);
}

static int
setup(void **state)
{
	(void)state;
	lab_open(&lab);
	house_open(&house);
	give_key(H_CUST, LAB_ALMA);
	give_key(H_EXAM, LAB_BRUNO);
	give_key(H_AUD, LAB_RSA);
	/* Both have them; the house frees them. */
	lab.key[LAB_ALMA] = house.key[H_CUST].key;
	lab.key[LAB_BRUNO] = house.key[H_EXAM].key;
	lab.key[LAB_RSA] = house.key[H_AUD].key;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	for (int i = 0; i < LAB_SIGNERS; i++)
		lab.key[i] = NULL;
	lab_close(&lab);
	house_close(&house);
	return 0;
}

static char item[EX_STREAM_TEXT];

/* An act that is allowed now, of these signers. */
static void
good_act(struct act *a, enum harm_who who)
{
	if (item[0] == '\0')
		(void)snprintf(item, sizeof(item), "item:%s",
		    house_bring(&house, EX_IN_STORE));
	house_usual(a, who == TWO ? EX_ACT_CHECK_OUT : EX_ACT_NOTE, item);
	if (who != TWO)
		a->parties = who == RSA ? "officer=S-AUD" : "officer=S-CUST";
}

static void
good_entry(struct ex_buf *out, enum harm_who who)
{
	struct ex_buf body = EX_BUF_INIT, openings = EX_BUF_INIT;
	struct act a;

	good_act(&a, who);
	MUST(house_write(&house, &a, &body, &openings, err));
	house_sign(&house, out, &body, NULL);
	ex_buf_free(&body);
	ex_buf_free(&openings);
}

/* Admit and forget. */
static int
admit(const struct ex_buf *entry, struct ex_err *why)
{
	struct ex_admission *a = calloc(1, sizeof(*a));
	int rc;

	assert_non_null(a);
	rc = ex_admit(a, entry->data, entry->len, ex_world_view(house.world),
	    &house.options, why);
	ex_admission_free(a);
	free(a);
	return rc;
}

static size_t
try_table(const struct harm_table *table)
{
	size_t wrong = 0;

	for (size_t i = 0; i < table->n; i++) {
		const struct harm_case *c = &table->c[i];
		struct ex_buf good = EX_BUF_INIT, bad = EX_BUF_INIT;
		struct ex_err why = EX_ERR_INIT;

		good_entry(&good, c->who);
		assert_int_equal(admit(&good, &why), 0);
		harm_make(&bad, &lab, &good, c);
		if (admit(&bad, &why) == 0 || why.code != EX_FORMAT ||
		    strncmp(why.text, "encoding: ", 10) != 0) {
			print_error("%s: %s\n", c->name, why.text);
			wrong++;
		}
		ex_buf_free(&good);
		ex_buf_free(&bad);
	}
	return wrong;
}

static void
no_other_encoding_is_admitted(void **state)
{
	(void)state;
	assert_true(harm_bytes.n + harm_signer.n + harm_attrs.n > 40);
	assert_int_equal(try_table(&harm_bytes), 0);
	assert_int_equal(try_table(&harm_signer), 0);
	assert_int_equal(try_table(&harm_attrs), 0);
}

/* Every single byte matters. */
static void
no_changed_byte_is_admitted(void **state)
{
	struct ex_buf good = EX_BUF_INIT;
	size_t admitted = 0;

	(void)state;
	good_entry(&good, TWO);
	for (size_t i = 0; i < good.len; i++) {
		good.data[i] ^= (uint8_t)(1u << i % 8);
		if (admit(&good, NULL) == 0) {
			print_error("byte %zu does not matter\n", i);
			admitted++;
		}
		good.data[i] ^= (uint8_t)(1u << i % 8);
	}
	MUST(admit(&good, err));
	assert_int_equal(admitted, 0);
	ex_buf_free(&good);
}

static void
no_cut_or_longer_entry_is_admitted(void **state)
{
	struct ex_buf good = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	size_t whole;

	(void)state;
	good_entry(&good, ONE);
	whole = good.len;
	for (size_t n = 0; n < whole; n += 7) {
		struct ex_buf part = { good.data, n, good.cap };

		assert_int_equal(admit(&part, NULL), -1);
	}
	while (good.len <= EX_ENTRY_MAX)
		MUST(ex_buf_add_byte(&good, 0, err));
	assert_int_equal(admit(&good, &why), -1);
	assert_int_equal(why.code, EX_LIMIT);
	ex_buf_free(&good);
}

/* Signers other than the parties, in every way. */
static void
signers_are_the_parties(void **state)
{
	static const struct {
		const char *name;
		int signers[4];
		const char *says;
	} c[] = {
		{ "one is missing", { H_CUST, -1 }, "did not" },
		{ "one too many", { H_CUST, H_EXAM, H_OFF, -1 },
		    "is no party" },
		{ "another in the place of one", { H_CUST, H_OFF, -1 },
		    "S-EXAM is named as signing and did not" },
		{ "two others", { H_OFF, H_PROS, -1 }, "did not" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		struct ex_err why = EX_ERR_INIT;
		struct act a;

		good_act(&a, TWO);
		a.signers = c[i].signers;
		assert_int_equal(house_try(&house, &a, &why), -1);
		assert_int_equal(why.code, EX_DENIED);
		if (strstr(why.text, c[i].says) == NULL)
			fail_msg("%s: %s", c[i].name, why.text);
	}
}

/* A signature over another body, under this one: taken from an entry that
 * the same people signed at the same second. */
static void
a_signature_is_for_one_body(void **state)
{
	struct ex_buf one = EX_BUF_INIT, other = EX_BUF_INIT;
	struct ex_buf forged = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	struct ex_cms_sig sig;
	struct ex_cms a, b;

	(void)state;
	good_entry(&one, ONE);
	good_entry(&other, ONE);
	MUST(ex_cms_parse(&a, one.data, one.len, err));
	MUST(ex_cms_parse(&b, other.data, other.len, err));
	sig = (struct ex_cms_sig){ b.signer[0].cert.p, b.signer[0].cert.n,
		b.signer[0].kind, b.signer[0].sig.p, b.signer[0].sig.n };
	MUST(ex_cms_build(
	    &forged, a.body.p, a.body.n, a.signing_time, &sig, 1, err));
	assert_int_equal(admit(&forged, &why), -1);
	assert_int_equal(why.code, EX_DAMAGED);
	assert_non_null(strstr(why.text, "signature"));
	/* Who replays what was admitted before may skip that, and only that. */
	house.options.skip_signatures = 1;
	MUST(admit(&forged, err));
	house.options.skip_signatures = 0;
	ex_buf_free(&one);
	ex_buf_free(&other);
	ex_buf_free(&forged);
}

static void
the_time_signed_is_the_time_claimed(void **state)
{
	struct ex_buf body = EX_BUF_INIT, openings = EX_BUF_INIT;
	struct ex_buf attrs = EX_BUF_INIT, value = EX_BUF_INIT;
	struct ex_buf entry = EX_BUF_INIT;
	const struct house_key *k = &house.key[H_CUST];
	int64_t time = house.now + EX_SECOND;
	struct ex_err why = EX_ERR_INIT;
	struct ex_cms_sig sig;
	struct act a;

	(void)state;
	good_act(&a, ONE);
	MUST(house_write(&house, &a, &body, &openings, err));
	MUST(ex_cms_to_sign(
	    &attrs, k->cert.data, k->cert.len, body.data, body.len, time, err));
	MUST(ex_key_sign(k->key, attrs.data, attrs.len, &value, err));
	sig = (struct ex_cms_sig){ k->cert.data, k->cert.len, EX_KEY_P256,
		value.data, value.len };
	MUST(ex_cms_build(&entry, body.data, body.len, time, &sig, 1, err));
	assert_int_equal(admit(&entry, &why), -1);
	assert_int_equal(why.code, EX_FORMAT);
	assert_non_null(strstr(why.text, "signingTime"));
	ex_buf_free(&body);
	ex_buf_free(&openings);
	ex_buf_free(&attrs);
	ex_buf_free(&value);
	ex_buf_free(&entry);
}

static void
an_entry_is_admitted_once(void **state)
{
	struct ex_buf entry = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;

	(void)state;
	good_entry(&entry, ONE);
	MUST(house_admit(&house, &entry, NULL, err));
	assert_int_equal(admit(&entry, &why), -1);
	assert_int_equal(why.code, EX_CONFLICT);
	ex_buf_free(&entry);
}

/* Everything of one laboratory, given to another: not one is taken. */
static void
no_entry_is_of_two_logs(void **state)
{
	struct ex_err why = EX_ERR_INIT;
	struct house other;
	size_t taken = 0;

	(void)state;
	house_open(&other);
	for (size_t i = 0; i < other.nentries; i++)
		taken += admit(&other.entry[i].bytes, NULL) == 0;
	assert_int_equal(taken, 0);
	assert_int_equal(admit(&other.entry[0].bytes, &why), -1);
	assert_int_equal(why.code, EX_STATE);
	house_close(&other);
}

/* A body that was really signed, in another context: as plain CMS data. */
static void
another_content_type_is_no_entry(void **state)
{
	struct ex_buf good = EX_BUF_INIT, key = EX_BUF_INIT;
	struct ex_buf pem = EX_BUF_INIT, entry = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	struct ex_cms cms;
	struct ex_buf body;
	const char *argv[] = { "openssl", "cms", "-sign", "-binary",
		"-nodetach", "-nosmimecap", "-cades", "-md", "sha256",
		"-outform", "DER", "-signer", "", "-inkey", "", "-in", "", NULL,
		NULL, NULL };

	(void)state;
	good_entry(&good, ONE);
	MUST(ex_cms_parse(&cms, good.data, good.len, err));
	body = (struct ex_buf){ NULL, 0, 0 };
	MUST(ex_buf_add(&body, cms.body.p, cms.body.n, err));
	MUST(ex_cert_to_pem(&pem, house.key[H_CUST].cert.data,
	    house.key[H_CUST].cert.len, err));
	MUST(ex_key_save(
	    house.key[H_CUST].key, lab_path(&lab, "k.pem"), NULL, err));
	argv[12] = lab_write(&lab, "c.pem", &pem);
	argv[14] = lab_path(&lab, "k.pem");
	argv[16] = lab_write(&lab, "body", &body);
	assert_int_equal(lab_run(&entry, argv), 0);
	assert_true(entry.len > body.len);
	assert_int_equal(admit(&entry, &why), -1);
	assert_int_equal(why.code, EX_FORMAT);
	ex_buf_free(&good);
	ex_buf_free(&key);
	ex_buf_free(&pem);
	ex_buf_free(&body);
	ex_buf_free(&entry);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_other_encoding_is_admitted),
		cmocka_unit_test(no_changed_byte_is_admitted),
		cmocka_unit_test(no_cut_or_longer_entry_is_admitted),
		cmocka_unit_test(signers_are_the_parties),
		cmocka_unit_test(a_signature_is_for_one_body),
		cmocka_unit_test(the_time_signed_is_the_time_claimed),
		cmocka_unit_test(an_entry_is_admitted_once),
		cmocka_unit_test(no_entry_is_of_two_logs),
		cmocka_unit_test(another_content_type_is_no_entry),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
