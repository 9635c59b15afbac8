/*
 * home.h -- a house for tests: real cluster, real sequencer, real keys.
 */
#ifndef TESTS_CASES_HOME_H
#define TESTS_CASES_HOME_H

#include "base/file.h"
#include "cases/house.h"
#include "cases/init.h"
#include "tests/db/bench.h"

struct home {
	char root[64];	/* a temporary folder that the services can reach */
	char data[128]; /* the data directory in it; may be changed */
};

/* A folder and nothing in it. */
void home_new(struct home *h);
/* Stops whatever runs there and removes it. */
void home_end(struct home *h);

/* DIR/name; the same buffer every fourth call. */
const char *home_path(const struct home *h, const char *name);

/* ex_house_init() with a private cluster and no PIN; it must work. */
struct ex_json *home_init(const struct home *h);

/* Open it as --as key would; NULL: nobody acts. */
struct ex_house *home_open(const struct home *h, const char *key);

/* Wait until every entry that was appended is in a signed checkpoint. */
void home_settle(struct ex_house *house, struct ex_checkpoint *seen);

/* For cmocka: a house for each test, in *state; made already or not. */
int home_setup(void **state);
int home_setup_made(void **state);
int home_teardown(void **state);
#define HOME_TEST(f) \
	cmocka_unit_test_setup_teardown(f, home_setup, home_teardown)
#define HOME_TEST_MADE(f) \
	cmocka_unit_test_setup_teardown(f, home_setup_made, home_teardown)

/* The process of the sequencer, 0 when none is ready; of the postmaster. */
pid_t home_sequencer(const struct home *h);
pid_t home_postmaster(const struct home *h);

/* Everything below the data directory but what services write, as one
 * digest: names, modes, owners, bytes. */
void home_print(const struct home *h, char hex[EX_SHA256_HEX]);

/* A PIN, always the same; counts how often it was asked for. */
struct home_pin {
	const char *pin; /* NULL: none */
	int always;	 /* 1: again although it was wrong, as at a terminal */
	int asked, wrong;
};
struct ex_pins home_pins(struct home_pin *p);

/* err has this code, one line, and says these words. */
void home_says(
    const struct ex_err *err, enum ex_code code, const char *const *words);
#define HOME_SAYS(e, code, ...) \
	home_says(e, code, (const char *const[]){ __VA_ARGS__, NULL })

#endif
