/*
 * desk.h -- a real house for tests, and people who act in it.
 */
#ifndef TESTS_CASES_DESK_H
#define TESTS_CASES_DESK_H

#include "cases/act.h"
#include "cases/house.h"
#include "cases/init.h"

#define MUST(call)                                                      \
	do {                                                            \
		struct ex_err must_err = EX_ERR_INIT, *err = &must_err; \
		if ((call) == -1)                                       \
			fail_msg("%s: %s", #call, must_err.text);       \
	} while (0)

#define DESK_PIN "4711"

struct desk {
	char dir[64];
	struct ex_house *house;
	struct ex_desk seats;
	const char *with[2];
	const char *pin; /* what every key is opened with */
};

/* The programs that were built: first thing in main(). */
void desk_programs(void);

/* A fresh house below /tmp; nobody sits. */
void desk_open(struct desk *d);
/* Stop its services and remove it. */
void desk_close(struct desk *d);
/* The same house, opened anew: another run of the program. */
void desk_again(struct desk *d);
/* Who acts; with may be NULL. */
void desk_seat(struct desk *d, const char *as, const char *with);

/* One act of the laboratory's stream, fields as name, value, ..., NULL. */
int desk_lab(struct desk *d, enum ex_act act, struct ex_err *why, ...)
    __attribute__((__sentinel__));

/* A person with a key of the same name and these roles, comma-separated. */
void desk_person(struct desk *d, const char *person, const char *role);

/* SQL as the cluster's superuser; its output, one line. */
const char *desk_sql(const struct desk *d, const char *sql);

#endif
