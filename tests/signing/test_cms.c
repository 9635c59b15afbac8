/*
 * test_cms.c -- entries that we build: what is read back, what is refused.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "tests/signing/lab.h"
#include "signing/cms_der.h"
#include "signing/der.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char body[] = "{\"action\":\"receive\",\"seq\":1}";

/* Every combination of signers that matters. */
static const struct {
	const char *name;
	int signer[LAB_SIGNERS];
	size_t n;
} who[] = {
	{ "one P-256", { LAB_ALMA }, 1 },
	{ "one RSA", { LAB_RSA }, 1 },
	{ "two P-256", { LAB_ALMA, LAB_BRUNO }, 2 },
	{ "P-256 and RSA", { LAB_RSA, LAB_BRUNO }, 2 },
	{ "three", { LAB_BRUNO, LAB_RSA, LAB_ALMA }, 3 },
};

static struct lab lab;

static int
setup(void **state)
{
	(void)state;
	lab_open(&lab);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	lab_close(&lab);
	return 0;
}

static void
what_is_built_is_read_back_and_checks(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(who); i++) {
		struct ex_buf entry = EX_BUF_INIT;
		struct ex_err err = EX_ERR_INIT;
		struct ex_cms cms;
		size_t found = 0;

		lab_entry(&lab, &entry, body, who[i].signer, who[i].n);
		assert_int_equal(
		    ex_cms_parse(&cms, entry.data, entry.len, &err), 0);
		assert_int_equal(ex_cms_check(&cms, &err), 0);
		assert_int_equal(
		    ex_cms_check_openssl(entry.data, entry.len, &err), 0);
		assert_true(ex_span_is(cms.body, body));
		assert_true(cms.signing_time == LAB_TIME);
		assert_int_equal(cms.nsigners, who[i].n);
		for (size_t s = 0; s < who[i].n; s++)
			for (size_t k = 0; k < cms.nsigners; k++) {
				const struct ex_buf *cert =
				    &lab.cert[who[i].signer[s]];

				found += (size_t)ex_span_equal(
				    cms.signer[k].cert, cert->data, cert->len);
			}
		assert_int_equal(found, who[i].n);
		ex_buf_free(&entry);
	}
}

/* The same signatures in another order of arguments. */
static void
the_order_of_arguments_does_not_matter(void **state)
{
	struct ex_buf entry = EX_BUF_INIT, again = EX_BUF_INIT;
	struct ex_cms_sig sig[LAB_SIGNERS] = { 0 };
	struct ex_err err = EX_ERR_INIT;
	struct ex_cms cms;

	(void)state;
	lab_entry(&lab, &entry, body, who[4].signer, who[4].n);
	assert_int_equal(ex_cms_parse(&cms, entry.data, entry.len, &err), 0);
	for (size_t turn = 0; turn < LAB_SIGNERS; turn++) {
		for (size_t i = 0; i < LAB_SIGNERS; i++) {
			const struct ex_cms_signer *s =
			    &cms.signer[(i + turn) % LAB_SIGNERS];

			sig[i] = (struct ex_cms_sig){ s->cert.p, s->cert.n,
				s->kind, s->sig.p, s->sig.n };
		}
		ex_buf_cut(&again, 0);
		assert_int_equal(ex_cms_build(&again, body, strlen(body),
				     LAB_TIME + 999999, sig, LAB_SIGNERS, &err),
		    0);
		assert_int_equal(again.len, entry.len);
		assert_memory_equal(again.data, entry.data, entry.len);
	}
	ex_buf_free(&entry);
	ex_buf_free(&again);
}

static void
any_changed_byte_is_noticed(void **state)
{
	struct ex_buf entry = EX_BUF_INIT;
	struct ex_cms cms;

	(void)state;
	lab_entry(&lab, &entry, body, who[2].signer, who[2].n);
	for (size_t i = 0; i < entry.len; i++) {
		struct ex_err err = EX_ERR_INIT;

		entry.data[i] ^= (uint8_t)(1u << i % 8);
		if (ex_cms_parse(&cms, entry.data, entry.len, &err) == 0)
			assert_int_equal(ex_cms_check(&cms, &err), -1);
		assert_int_not_equal(err.code, EX_OK);
		assert_int_not_equal(err.code, EX_SYSTEM);
		entry.data[i] ^= (uint8_t)(1u << i % 8);
	}
	ex_buf_free(&entry);
}

static void
any_shorter_entry_is_refused(void **state)
{
	struct ex_buf entry = EX_BUF_INIT;
	struct ex_cms cms;

	(void)state;
	lab_entry(&lab, &entry, body, who[3].signer, who[3].n);
	for (size_t n = 0; n < entry.len; n++) {
		struct ex_err err = EX_ERR_INIT;
		uint8_t *exact = malloc(n + 1);

		/* A copy of its own: sanitizers see what is read beyond. */
		assert_non_null(exact);
		memcpy(exact, entry.data, n);
		assert_int_equal(ex_cms_parse(&cms, exact, n, &err), -1);
		assert_int_equal(err.code, EX_FORMAT);
		free(exact);
	}
	ex_buf_free(&entry);
}

/* The wrong signature under the right form: parse accepts, check names. */
static void
a_signature_of_other_bytes_names_its_signer(void **state)
{
	struct ex_buf entry = EX_BUF_INIT, other = EX_BUF_INIT;
	struct ex_buf mixed = EX_BUF_INIT;
	struct ex_cms_sig sig[2];
	struct ex_err err = EX_ERR_INIT;
	struct ex_cms a, b, cms;

	(void)state;
	lab_entry(&lab, &entry, body, who[2].signer, 1);
	lab_entry(&lab, &other, "{}", &who[2].signer[1], 1);
	assert_int_equal(ex_cms_parse(&a, entry.data, entry.len, &err), 0);
	assert_int_equal(ex_cms_parse(&b, other.data, other.len, &err), 0);
	sig[0] = (struct ex_cms_sig){ a.signer[0].cert.p, a.signer[0].cert.n,
		EX_KEY_P256, a.signer[0].sig.p, a.signer[0].sig.n };
	sig[1] = (struct ex_cms_sig){ b.signer[0].cert.p, b.signer[0].cert.n,
		EX_KEY_P256, b.signer[0].sig.p, b.signer[0].sig.n };
	assert_int_equal(
	    ex_cms_build(&mixed, body, strlen(body), LAB_TIME, sig, 2, &err),
	    0);
	assert_int_equal(ex_cms_parse(&cms, mixed.data, mixed.len, &err), 0);
	assert_int_equal(ex_cms_check(&cms, &err), -1);
	assert_int_equal(err.code, EX_DAMAGED);
	assert_non_null(strstr(err.text, "signer "));
	assert_non_null(strstr(err.text, "certificate "));
	ex_err_clear(&err);
	assert_int_equal(ex_cms_check_openssl(mixed.data, mixed.len, &err), -1);
	assert_int_equal(err.code, EX_DAMAGED);
	ex_buf_free(&entry);
	ex_buf_free(&other);
	ex_buf_free(&mixed);
}

static void
what_cannot_be_an_entry_is_not_built(void **state)
{
	static char huge[EX_ENTRY_MAX + 2];
	struct ex_buf entry = EX_BUF_INIT, out = EX_BUF_INIT;
	struct ex_cms_sig sig[EX_PARTIES_MAX + 1];
	struct ex_err err = EX_ERR_INIT;
	struct ex_cms cms;

	(void)state;
	lab_entry(&lab, &entry, body, who[0].signer, 1);
	assert_int_equal(ex_cms_parse(&cms, entry.data, entry.len, &err), 0);
	for (size_t i = 0; i < COUNT(sig); i++)
		sig[i] = (struct ex_cms_sig){ cms.signer[0].cert.p,
			cms.signer[0].cert.n, EX_KEY_P256, cms.signer[0].sig.p,
			cms.signer[0].sig.n };

#define REFUSED(want, ...)                                                   \
	do {                                                                 \
		ex_err_clear(&err);                                          \
		assert_int_equal(ex_cms_build(&out, __VA_ARGS__, &err), -1); \
		assert_int_equal(err.code, want);                            \
		assert_int_equal(out.len, 0);                                \
	} while (0)

	REFUSED(EX_USAGE, body, 2, LAB_TIME, sig, 0);
	REFUSED(EX_LIMIT, body, 2, LAB_TIME, sig, EX_PARTIES_MAX + 1);
	REFUSED(EX_EXISTS, body, 2, LAB_TIME, sig, 2);
	REFUSED(EX_LIMIT, huge, sizeof(huge), LAB_TIME, sig, 1);
	REFUSED(EX_LIMIT, huge, EX_ENTRY_MAX - 100, LAB_TIME, sig, 1);
	REFUSED(EX_USAGE, body, 2, -EX_SECOND, sig, 1);
	REFUSED(EX_USAGE, body, 2, INT64_MAX, sig, 1);
	sig[0].kind = EX_KEY_RSA;
	REFUSED(EX_USAGE, body, 2, LAB_TIME, sig, 1);
	sig[0].kind = EX_KEY_P256;
	sig[0].nsig--;
	REFUSED(EX_FORMAT, body, 2, LAB_TIME, sig, 1);
	sig[0].nsig++;
	sig[0].ncert--;
	REFUSED(EX_FORMAT, body, 2, LAB_TIME, sig, 1);
#undef REFUSED
	ex_buf_free(&entry);
	ex_buf_free(&out);
}

/* A self-signed certificate of a chosen name and serial number. */
static void
namesake(struct ex_buf *der, const char *name)
{
	const char *key = lab_path(&lab, "namesake.key");
	const char *pem = lab_path(&lab, name);
	const char *const argv[] = { "openssl", "req", "-x509", "-newkey", "ec",
		"-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
		"-out", pem, "-subj", "/CN=S-1", "-set_serial", "5", NULL };
	struct ex_buf text = EX_BUF_INIT;

	assert_int_equal(lab_run(NULL, argv), 0);
	assert_int_equal(ex_file_read(&text, pem, EX_CERT_MAX, NULL), 0);
	assert_int_equal(ex_cert_from_pem(der, text.data, text.len, NULL), 0);
	ex_buf_free(&text);
}

/* Which of the two signed would be anybody's guess. */
static void
two_certificates_of_one_name_and_serial_are_refused(void **state)
{
	static const uint8_t sig[] = { 0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01,
		0x01 };
	struct ex_buf a = EX_BUF_INIT, b = EX_BUF_INIT, out = EX_BUF_INIT;
	struct ex_cms_sig sigs[2];
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	namesake(&a, "a.pem");
	namesake(&b, "b.pem");
	sigs[0] =
	    (struct ex_cms_sig){ a.data, a.len, EX_KEY_P256, sig, sizeof(sig) };
	sigs[1] =
	    (struct ex_cms_sig){ b.data, b.len, EX_KEY_P256, sig, sizeof(sig) };
	assert_int_equal(
	    ex_cms_build(&out, body, 2, LAB_TIME, sigs, 1, &err), 0);
	ex_buf_cut(&out, 0);
	assert_int_equal(
	    ex_cms_build(&out, body, 2, LAB_TIME, sigs, 2, &err), -1);
	assert_int_equal(err.code, EX_EXISTS);
	assert_non_null(strstr(err.text, "issuer and serial"));
	ex_buf_free(&a);
	ex_buf_free(&b);
	ex_buf_free(&out);
}

static void
the_largest_entry_goes_through(void **state)
{
	char *large = malloc(EX_ENTRY_MAX);
	struct ex_buf entry = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_cms cms;
	size_t n;

	(void)state;
	assert_non_null(large);
	memset(large, 'x', EX_ENTRY_MAX);
	/* As much as fits beside certificate and signature. */
	n = 64000;
	large[n] = '\0';
	lab_entry(&lab, &entry, large, who[0].signer, 1);
	assert_int_equal(ex_cms_parse(&cms, entry.data, entry.len, &err), 0);
	assert_int_equal(cms.body.n, n);
	assert_int_equal(ex_cms_check(&cms, &err), 0);
	free(large);
	ex_buf_free(&entry);
}

static void
an_ed25519_certificate_does_not_sign_entries(void **state)
{
	const char *key = lab_path(&lab, "ed.key");
	const char *pem = lab_path(&lab, "ed.pem");
	const char *const argv[] = { "openssl", "req", "-x509", "-newkey",
		"ed25519", "-nodes", "-keyout", key, "-out", pem, "-subj",
		"/CN=x", NULL };
	struct ex_buf text = EX_BUF_INIT, der = EX_BUF_INIT;
	struct ex_buf out = EX_BUF_INIT;
	static const uint8_t bytes[64];
	struct ex_err err = EX_ERR_INIT;
	struct ex_cms_sig sig;

	(void)state;
	assert_int_equal(lab_run(NULL, argv), 0);
	assert_int_equal(ex_file_read(&text, pem, EX_CERT_MAX, &err), 0);
	assert_int_equal(ex_cert_from_pem(&der, text.data, text.len, &err), 0);
	sig = (struct ex_cms_sig){ der.data, der.len, EX_KEY_ED25519, bytes,
		sizeof(bytes) };
	assert_int_equal(
	    ex_cms_build(&out, body, 2, LAB_TIME, &sig, 1, &err), -1);
	assert_int_equal(err.code, EX_FORMAT);
	assert_non_null(strstr(err.text, "Ed25519"));
	ex_buf_free(&text);
	ex_buf_free(&der);
	ex_buf_free(&out);
}

static void
times_are_written_as_cms_wants_them(void **state)
{
	static const struct {
		int64_t seconds;
		uint8_t tag;
		const char *text;
	} cases[] = {
		{ 0, EX_DER_UTC_TIME, "700101000000Z" },
		{ 951782400, EX_DER_UTC_TIME, "000229000000Z" },
		{ 1772443800, EX_DER_UTC_TIME, "260302093000Z" },
		{ 2524607999, EX_DER_UTC_TIME, "491231235959Z" },
		{ 2524608000, EX_DER_GENERAL_TIME, "20500101000000Z" },
		{ 253402300799, EX_DER_GENERAL_TIME, "99991231235959Z" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[EX_CMS_TIME_TEXT];
		struct ex_err err = EX_ERR_INIT;
		struct ex_span span;
		int64_t back;

		assert_int_equal(
		    ex_cms_time_text(text, cases[i].seconds * EX_SECOND + 7),
		    cases[i].tag);
		assert_string_equal(text, cases[i].text);
		span = (struct ex_span){ (const uint8_t *)text, strlen(text) };
		assert_int_equal(
		    ex_cms_time_read(&back, cases[i].tag, span, &err), 0);
		assert_true(back == cases[i].seconds * EX_SECOND);
	}
}

static void
times_of_other_forms_are_refused(void **state)
{
	static const struct {
		uint8_t tag;
		const char *text;
	} cases[] = {
		{ EX_DER_UTC_TIME, "" },
		{ EX_DER_UTC_TIME, "Z" },
		{ EX_DER_UTC_TIME, "2603020930Z" },
		{ EX_DER_UTC_TIME, "260302093000+0000" },
		{ EX_DER_UTC_TIME, "260302093000z" },
		{ EX_DER_UTC_TIME, "260302093060Z" },
		{ EX_DER_UTC_TIME, "260230093000Z" },
		{ EX_DER_UTC_TIME, "261302093000Z" },
		{ EX_DER_UTC_TIME, "2603020930 0Z" },
		{ EX_DER_UTC_TIME, "500101000000Z" },
		{ EX_DER_UTC_TIME, "691231235959Z" },
		{ EX_DER_GENERAL_TIME, "260302093000Z" },
		{ EX_DER_GENERAL_TIME, "20260302093000.5Z" },
		{ EX_DER_GENERAL_TIME, "19690302093000Z" },
		{ EX_DER_OCTETS, "260302093000Z" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ex_span span = { (const uint8_t *)cases[i].text,
			strlen(cases[i].text) };
		struct ex_err err = EX_ERR_INIT;
		int64_t back;

		assert_int_equal(
		    ex_cms_time_read(&back, cases[i].tag, span, &err), -1);
		assert_int_equal(err.code, EX_FORMAT);
	}
}

/* From 2050 on with GeneralizedTime, the whole way. */
static void
an_entry_of_2050_goes_through(void **state)
{
	const int64_t time = INT64_C(2524608000) * EX_SECOND;
	const struct ex_buf *cert = &lab.cert[LAB_ALMA];
	struct ex_buf attrs = EX_BUF_INIT, value = EX_BUF_INIT;
	struct ex_buf entry = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_cms_sig sig;
	struct ex_cms cms;

	(void)state;
	assert_int_equal(ex_cms_to_sign(&attrs, cert->data, cert->len, body,
			     strlen(body), time, &err),
	    0);
	assert_int_equal(ex_der_check(attrs.data, attrs.len, "attrs", &err), 0);
	assert_int_equal(
	    ex_key_sign(lab.key[LAB_ALMA], attrs.data, attrs.len, &value, &err),
	    0);
	sig = (struct ex_cms_sig){ cert->data, cert->len, EX_KEY_P256,
		value.data, value.len };
	assert_int_equal(
	    ex_cms_build(&entry, body, strlen(body), time, &sig, 1, &err), 0);
	assert_int_equal(ex_cms_parse(&cms, entry.data, entry.len, &err), 0);
	assert_true(cms.signing_time == time);
	assert_int_equal(ex_cms_check(&cms, &err), 0);
	assert_int_equal(ex_cms_check_openssl(entry.data, entry.len, &err), 0);
	ex_buf_free(&attrs);
	ex_buf_free(&value);
	ex_buf_free(&entry);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_built_is_read_back_and_checks),
		cmocka_unit_test(the_order_of_arguments_does_not_matter),
		cmocka_unit_test(any_changed_byte_is_noticed),
		cmocka_unit_test(any_shorter_entry_is_refused),
		cmocka_unit_test(a_signature_of_other_bytes_names_its_signer),
		cmocka_unit_test(what_cannot_be_an_entry_is_not_built),
		cmocka_unit_test(
		    two_certificates_of_one_name_and_serial_are_refused),
		cmocka_unit_test(the_largest_entry_goes_through),
		cmocka_unit_test(an_ed25519_certificate_does_not_sign_entries),
		cmocka_unit_test(times_are_written_as_cms_wants_them),
		cmocka_unit_test(times_of_other_forms_are_refused),
		cmocka_unit_test(an_entry_of_2050_goes_through),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
