/*
 * sighting.h -- indicators seen in cases: entered, imported, looked up.
 */
#ifndef CASES_SIGHTING_H
#define CASES_SIGHTING_H

#include "base/err.h"
#include "base/json.h"
#include "cases/house.h"

/* One as typed; NULL where nothing was given. */
struct ex_sighting {
	const char *kind, *value;
	const char *role;	  /* suspect, victim, ...; unknown without */
	const char *source;	  /* item, file, statement */
	const char *reliability;  /* A to F */
	const char *from, *until; /* canonical times */
};

/* {"case","kind","value","added"}: value in its canonical form. */
int ex_sighting_add(struct ex_json **out, struct ex_house *house,
    const char *case_number, const struct ex_sighting *s, struct ex_err *err);

/*
 * From CSV whose first line names the columns kind, value and any of role,
 * source, reliability, from, until.  A line that is wrong is said and left
 * out, the rest goes in: {"case","lines","added","refused":[{"line",
 * "reason"}]}; *status 1 when one was refused.
 */
int
ex_sighting_import(struct ex_json **out, int *status, struct ex_house *house,
    const char *case_number, const char *file, struct ex_err *err);

/*
 * Where a value was seen, in the cases one may see: "VALUE", "ADDRESS/N" for a
 * network, "*.HOST" for a host and what is below it, "START*".  kind NULL: of
 * every kind that the value fits.  {"sightings":[...]}: db/casebook.h.
 */
int ex_sighting_find(struct ex_json **out, struct ex_house *house,
    const char *value, const char *kind, struct ex_err *err);

/* The key of a typed value, 32 hexadecimal digits and a NUL. */
int ex_sighting_key(
    char out[33], const char *kind, const char *value, struct ex_err *err);

#endif
