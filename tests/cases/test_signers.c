/*
 * test_signers.c -- people's keys: made, opened, enrolled, revoked.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "cases/lab.h"
#include "db/cluster.h"
#include "signing/cert.h"
#include "tests/cases/home.h"

/* --- without a house: a folder and a CA --- */

static int
make(const struct home *h, const char *name, const struct ex_pins *pins,
    struct ex_signer **out, struct ex_err *err)
{
	const struct ex_key_order order = { name, "P-7", "LAB", EX_MODE_SIGNED,
		pins };

	return ex_signer_make(out, h->data, home_path(h, "keys"), &order, err);
}

static int
load(const struct home *h, const char *name, const struct ex_pins *pins,
    struct ex_signer **out, struct ex_err *err)
{
	return ex_signer_load(out, home_path(h, "keys"), name, pins, err);
}

static void
a_key_is_certified_and_loaded_again(void **state)
{
	const struct home *h = *state;
	struct ex_signer *made, *loaded;
	struct ex_cert_info info;
	struct ex_roots *roots;
	struct stat st;

	MUST(make(h, "seven", NULL, &made, err));
	MUST(load(h, "seven", NULL, &loaded, err));
	assert_string_equal(loaded->name, "seven");
	assert_string_equal(loaded->person, "P-7");
	assert_string_equal(loaded->org, "LAB");
	assert_string_equal(loaded->storage, "file");
	assert_int_equal(loaded->mode, EX_MODE_SIGNED);
	assert_memory_equal(
	    loaded->cert_sha256, made->cert_sha256, EX_SHA256_LEN);
	MUST(ex_cert_read(&info, loaded->cert.data, loaded->cert.len, err));
	assert_string_equal(info.subject_cn, "P-7");
	assert_true(info.non_repudiation && !info.is_ca);
	MUST(ex_roots_load(&roots, home_path(h, "trust/roots.pem"), err));
	MUST(ex_cert_check_chain(
	    roots, loaded->cert.data, loaded->cert.len, info.not_before, err));
	assert_int_equal(stat(home_path(h, "keys/seven.key"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	ex_roots_free(roots);
	ex_signer_free(made);
	ex_signer_free(loaded);
}

static void
a_name_is_taken_once(void **state)
{
	const struct home *h = *state;
	struct ex_err why = EX_ERR_INIT;
	struct ex_signer *s;

	assert_int_equal(make(h, "admin", NULL, &s, &why), -1);
	assert_null(s);
	HOME_SAYS(&why, EX_EXISTS, "\"admin\"");
}

static void
a_name_that_is_no_name_reaches_no_other_folder(void **state)
{
	static const char *const wrong[] = { "", "../admin", "a/b", ".x",
		"with space", "12345678901234567890123456789012345678901" };
	const struct home *h = *state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct ex_err why = EX_ERR_INIT;
		struct ex_signer *s;

		assert_int_equal(load(h, wrong[i], NULL, &s, &why), -1);
		assert_int_equal(why.code, EX_USAGE);
		ex_err_clear(&why);
		assert_int_equal(make(h, wrong[i], NULL, &s, &why), -1);
		assert_null(s);
	}
}

static void
a_pin_is_asked_for_and_a_wrong_one_told_in_one_line(void **state)
{
	static const struct {
		struct home_pin pin;
		int asked; /* so often */
		enum ex_code code;
		const char *says;
	} claim[] = {
		{ { .pin = "right" }, 1, EX_OK, "" },
		{ { .pin = "wrong" }, 2, EX_PIN, "wrong PIN for the key" },
		{ { .pin = "wrong", .always = 1 }, 3, EX_PIN,
		    "wrong PIN for the key" },
		{ { .pin = "" }, 2, EX_PIN, "wrong PIN" },
		{ { .pin = NULL }, 1, EX_PIN, "--pin-file seven=FILE" },
	};
	const struct home *h = *state;
	struct home_pin right = { .pin = "right" };
	struct ex_pins pins = home_pins(&right);
	struct ex_signer *s;

	MUST(make(h, "seven", &pins, &s, err));
	ex_signer_free(s);
	for (size_t i = 0; i < sizeof(claim) / sizeof(claim[0]); i++) {
		struct home_pin pin = claim[i].pin;
		struct ex_pins given = home_pins(&pin);
		struct ex_err why = EX_ERR_INIT;

		(void)load(h, "seven", &given, &s, &why);
		HOME_SAYS(&why, claim[i].code, claim[i].says);
		assert_int_equal(s != NULL, claim[i].code == EX_OK);
		assert_int_equal(pin.asked, claim[i].asked);
		ex_signer_free(s);
	}
	/* nobody to ask */
	{
		struct ex_err why = EX_ERR_INIT;

		assert_int_equal(load(h, "seven", NULL, &s, &why), -1);
		HOME_SAYS(&why, EX_PIN, "seven");
	}
}

static void
files_that_do_not_fit_together_are_refused(void **state)
{
	static const struct {
		const char *name, *bytes, *says;
		enum ex_code code;
	} harm[] = {
		{ "keys/one.json", "{}", "one.json", EX_FORMAT },
		{ "keys/one.json", "nothing", "one.json", EX_FORMAT },
		{ "keys/one.json",
		    "{\"person\":\"a b\",\"org\":\"LAB\",\"mode\":\"signed\"}",
		    "one.json", EX_FORMAT },
		{ "keys/one.pem", "-----BEGIN", "", EX_FORMAT },
		{ "keys/one.key", "-----BEGIN", "", EX_FORMAT },
	};
	const struct home *h = *state;
	struct ex_buf pem = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	struct ex_signer *s;

	MUST(make(h, "two", NULL, &s, err));
	ex_signer_free(s);
	for (size_t i = 0; i < sizeof(harm) / sizeof(harm[0]); i++) {
		MUST(make(h, "one", NULL, &s, err));
		ex_signer_free(s);
		MUST(ex_file_write(home_path(h, harm[i].name), harm[i].bytes,
		    strlen(harm[i].bytes), 0600, err));
		ex_err_clear(&why);
		assert_int_equal(load(h, "one", NULL, &s, &why), -1);
		HOME_SAYS(&why, harm[i].code, harm[i].says);
		assert_int_equal(unlink(home_path(h, "keys/one.key")), 0);
	}
	/* another key's certificate */
	MUST(make(h, "one", NULL, &s, err));
	ex_signer_free(s);
	MUST(ex_file_read(&pem, home_path(h, "keys/two.pem"), 1 << 16, err));
	MUST(ex_file_write(
	    home_path(h, "keys/one.pem"), pem.data, pem.len, 0644, err));
	ex_err_clear(&why);
	assert_int_equal(load(h, "one", NULL, &s, &why), -1);
	HOME_SAYS(&why, EX_DAMAGED, "\"one\"");
	ex_buf_free(&pem);
}

/* --- keys in the log --- */

static struct ex_desk desk;

static struct ex_house *
sit(const struct home *h, const char *as)
{
	struct ex_house *house = NULL;

	MUST(ex_house_open(&house, h->data, err));
	desk.as = as;
	ex_house_seat(house, &desk);
	return house;
}

static void
enter_person(struct ex_house *house, const char *id)
{
	const struct ex_given given[] = { { "id", id }, { "org", "LAB" },
		{ "roles", "examiner" }, { "name_en", "A Person" } };
	struct ex_json *summary = ex_json_object();
	int status;

	MUST(ex_person_add(summary, &status, house, given, 4, err));
	ex_json_free(summary);
}

/* What the log says of a key, as text. */
static void
says_log(struct ex_house *house, const char *key, const char *member,
    const char *want)
{
	struct ex_json *v = NULL;
	const char *have;

	MUST(ex_key_show(&v, house, key, 0, err));
	have = ex_json_get_text(v, member);
	assert_string_equal(have == NULL ? "" : have, want);
	ex_json_free(v);
}

static void
an_enrolled_key_acts_and_a_revoked_one_does_not(void **state)
{
	const struct home *h = *state;
	struct ex_house *house = sit(h, "admin");
	struct ex_err why = EX_ERR_INIT;
	struct ex_json *out = NULL;
	struct ex_conn *conn;

	enter_person(house, "P-7");
	MUST(ex_key_enrol(&out, house, "seven", "P-7", NULL, 0, err));
	assert_string_equal(ex_json_get_text(out, "key"), "seven");
	assert_non_null(ex_json_get_text(out, "event"));
	ex_json_free(out);
	says_log(house, "seven", "person", "P-7");
	says_log(house, "seven", "use", "person");
	ex_house_close(house);

	/* its person has a login, and may replace the key alone */
	house = sit(h, "seven");
	MUST(ex_house_conn(house, &conn, err));
	assert_string_equal(ex_conn_user(conn), "person_P-7");
	MUST(ex_key_enrol(&out, house, "seven-2", "P-7", NULL, 0, err));
	ex_json_free(out);
	ex_house_close(house);

	house = sit(h, "admin");
	MUST(ex_key_revoke(&out, house, "seven", "left on a train", NULL, err));
	ex_json_free(out);
	assert_int_equal(
	    ex_key_revoke(&out, house, "seven", "again", NULL, &why), -1);
	HOME_SAYS(&why, EX_STATE, "revoked already");
	ex_house_close(house);

	house = sit(h, "seven");
	ex_err_clear(&why);
	assert_int_equal(
	    ex_key_enrol(&out, house, "seven-3", "P-7", NULL, 0, &why), -1);
	HOME_SAYS(&why, EX_DENIED, "revoked");
	assert_false(ex_file_exists(home_path(h, "keys/seven-3.key")));
	ex_house_close(house);
}

static void
of_a_refused_enrolment_no_key_stays(void **state)
{
	static const struct {
		const char *as, *person;
		enum ex_code code;
		const char *says;
	} claim[] = {
		{ "admin", "nobody", EX_ABSENT, "nobody" },
		{ "seven", "P-8", EX_DENIED, "registrar" },
		{ "stranger", "P-8", EX_ABSENT, "stranger" },
		{ NULL, "P-8", EX_USAGE, "--as" },
	};
	const struct home *h = *state;
	struct ex_house *house = sit(h, "admin");
	struct ex_json *out = NULL;

	enter_person(house, "P-7");
	enter_person(house, "P-8");
	MUST(ex_key_enrol(&out, house, "seven", "P-7", NULL, 0, err));
	ex_json_free(out);
	ex_house_close(house);
	for (size_t i = 0; i < sizeof(claim) / sizeof(claim[0]); i++) {
		struct ex_err why = EX_ERR_INIT;

		house = sit(h, claim[i].as);
		assert_int_equal(ex_key_enrol(&out, house, "eight",
				     claim[i].person, NULL, 0, &why),
		    -1);
		HOME_SAYS(&why, claim[i].code, claim[i].says);
		assert_false(ex_file_exists(home_path(h, "keys/eight.key")));
		assert_false(ex_file_exists(home_path(h, "keys/eight.json")));
		ex_house_close(house);
	}
}

/* Made, and then its maker was killed: the same again enrols it. */
static void
a_key_that_was_never_enrolled_is_enrolled_by_the_next_run(void **state)
{
	const struct home *h = *state;
	struct ex_house *house = sit(h, "admin");
	struct ex_err why = EX_ERR_INIT;
	struct ex_json *out = NULL;
	struct ex_signer *s;
	char hex[EX_SHA256_HEX];

	enter_person(house, "P-7");
	MUST(make(h, "seven", NULL, &s, err));
	ex_hex(hex, s->cert_sha256, EX_SHA256_LEN);
	ex_signer_free(s);
	MUST(ex_key_enrol(&out, house, "seven", "P-7", NULL, 0, err));
	assert_string_equal(ex_json_get_text(out, "cert_sha256"), hex);
	ex_json_free(out);
	assert_int_equal(
	    ex_key_enrol(&out, house, "seven", "P-7", NULL, 0, &why), -1);
	HOME_SAYS(&why, EX_EXISTS, "seven");
	assert_true(ex_file_exists(home_path(h, "keys/seven.key")));
	ex_house_close(house);
}

/* Whoever entered the person was killed before the login was made. */
static void
a_login_that_was_never_made_is_made_up_for(void **state)
{
	static const char *const before[] = { EX_CLUSTER_ROOT,
		"exhibit_service", "person_admin" };
	const struct home *h = *state;
	struct ex_house *house = sit(h, "admin");
	struct ex_json *out = NULL;
	struct ex_conn *conn;
	struct bench b = { .database = "exhibit" };

	enter_person(house, "P-7");
	MUST(ex_key_enrol(&out, house, "seven", "P-7", NULL, 0, err));
	ex_json_free(out);
	MUST(ex_cluster_find(&b.cluster, h->data, err));
	MUST(ex_cluster_map(&b.cluster, before, 3, err));
	bench_sql(&b, "DROP ROLE \"person_P-7\"");
	ex_house_close(house);
	house = sit(h, "seven");
	MUST(ex_house_conn(house, &conn, err));
	assert_string_equal(ex_conn_user(conn), "person_P-7");
	ex_house_close(house);
}

/* The key is there, the person is not known: a key from elsewhere. */
static void
who_is_not_in_the_log_does_not_get_in(void **state)
{
	const struct home *h = *state;
	struct ex_err why = EX_ERR_INIT;
	struct ex_house *house;
	struct ex_conn *conn;
	struct ex_signer *s;

	MUST(make(h, "seven", NULL, &s, err));
	ex_signer_free(s);
	house = sit(h, "seven");
	assert_int_equal(ex_house_conn(house, &conn, &why), -1);
	HOME_SAYS(&why, EX_DENIED, "P-7");
	ex_house_close(house);
}

static void
the_list_says_which_keys_are_here(void **state)
{
	const struct home *h = *state;
	struct ex_house *house = sit(h, "admin");
	struct ex_json *out = NULL;
	const struct ex_json *keys;
	int here = 0;

	MUST(ex_key_list(&out, house, 0, err));
	keys = ex_json_get(out, "keys");
	assert_int_equal(ex_json_count(keys), 3);
	for (size_t i = 0; i < ex_json_count(keys); i++)
		here +=
		    ex_json_is_true(ex_json_get(ex_json_at(keys, i), "here"));
	assert_int_equal(here, 2); /* the service's lies with the log */
	ex_json_free(out);
	ex_house_close(house);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HOME_TEST_MADE(a_key_is_certified_and_loaded_again),
		HOME_TEST_MADE(a_name_is_taken_once),
		HOME_TEST_MADE(a_name_that_is_no_name_reaches_no_other_folder),
		HOME_TEST_MADE(
		    a_pin_is_asked_for_and_a_wrong_one_told_in_one_line),
		HOME_TEST_MADE(files_that_do_not_fit_together_are_refused),
		HOME_TEST_MADE(an_enrolled_key_acts_and_a_revoked_one_does_not),
		HOME_TEST_MADE(of_a_refused_enrolment_no_key_stays),
		HOME_TEST_MADE(
		    a_key_that_was_never_enrolled_is_enrolled_by_the_next_run),
		HOME_TEST_MADE(a_login_that_was_never_made_is_made_up_for),
		HOME_TEST_MADE(who_is_not_in_the_log_does_not_get_in),
		HOME_TEST_MADE(the_list_says_which_keys_are_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
