/*
 * house.h -- a laboratory on this machine: its data directory, its services,
 * and who sits at the desk.
 *
 * DIR/exhibit.conf, pg/, log/, ca/, keys/, receipts/, pending/, vault/,
 * trust/, seen: docs/architecture.md.
 */
#ifndef CASES_HOUSE_H
#define CASES_HOUSE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "cases/keys.h"
#include "db/conn.h"
#include "signing/note.h"

struct ex_house;

/*
 * Open the house at dir.  Starts nothing.  EX_ABSENT when there is none:
 * "run exhibit init".
 */
int ex_house_open(struct ex_house **out, const char *dir, struct ex_err *err);
void ex_house_close(struct ex_house *house);

const char *ex_house_dir(const struct ex_house *house);
const char *ex_house_org(const struct ex_house *house);
const char *ex_house_origin(const struct ex_house *house);
/* The key of its log, as trusted on this machine. */
const struct ex_vkey *ex_house_log_key(const struct ex_house *house);
/* 1: the private cluster of the embedded default. */
int ex_house_embedded(const struct ex_house *house);
/* DIR/name. */
int ex_house_path(char out[EX_PATH], const struct ex_house *house,
    const char *name, struct ex_err *err);

/* Start what does not run: cluster, sequencer.  EX_UNREACHABLE. */
int ex_house_up(struct ex_house *house, struct ex_err *err);
int ex_house_down(struct ex_house *house, struct ex_err *err);

/*
 * {"embedded","cluster","sequencer","service_user","origin","size","root",
 * "queued","rejected","pending","witnesses","one_user"}; starts nothing.
 */
int ex_house_status(
    struct ex_json **out, struct ex_house *house, struct ex_err *err);

/* [{"name","value","source"}] */
int ex_house_config(
    struct ex_json **out, struct ex_house *house, struct ex_err *err);

/*
 * Problems and their cures, looked for one by one: {"checks":[{"check",
 * "result":"ok|warning|fault","text"}]}; *status 1 when one is a fault.
 */
int ex_house_doctor(struct ex_json **out, int *status, struct ex_house *house,
    struct ex_err *err);

/*
 * Seat the people of this command: the key that acts, other parties at the
 * same desk, witnesses.  Keys are named as in DIR/keys; pins are asked for
 * when a key is first used.  All borrowed; they must outlive the house.
 */
struct ex_desk {
	const char *as; /* NULL: nobody acts */
	const char *const *with;
	size_t nwith;
	const char *const *witness;
	size_t nwitness;
	const char *const *party; /* "PERSON:ROLE:MODE[:FILE]" */
	size_t nparty;
	struct ex_pins pins;
};
void ex_house_seat(struct ex_house *house, const struct ex_desk *desk);
const struct ex_desk *ex_house_desk(const struct ex_house *house);

/*
 * What is being done, and what for (may be NULL), as the access log is to have
 * it.  Borrowed, as above.
 */
void
ex_house_errand(struct ex_house *house, const char *what, const char *purpose);

/* The signer of a name, loaded once and kept.  Borrowed. */
int ex_house_signer(struct ex_house *house, const char *name,
    const struct ex_signer **out, struct ex_err *err);

/* The one that acts; EX_USAGE without --as. */
int ex_house_actor(
    struct ex_house *house, const struct ex_signer **out, struct ex_err *err);

/*
 * The connection of the person who acts, services started if need be; kept
 * open.  Without one, as the service.  Borrowed.
 */
int
ex_house_conn(struct ex_house *house, struct ex_conn **out, struct ex_err *err);

/*
 * The state of things as this house has it: rows of its database that the
 * person who acts may see, or in a field kit what was packed and what was
 * signed there since.  The view is borrowed and valid until the next act.
 */
struct ex_view;
int
ex_house_view(struct ex_house *house, struct ex_view *out, struct ex_err *err);

/* One fact of it; *out is the caller's, NULL when there is none. */
int ex_house_fact(struct ex_house *house, const char *kind, const char *id,
    struct ex_json **out, struct ex_err *err);

/* The same among all that there is, whoever may see it. */
int ex_house_any_fact(struct ex_house *house, const char *kind, const char *id,
    struct ex_json **out, struct ex_err *err);

/* What makes it a field kit (cases/kit.h), or NULL. */
struct ex_kit;
struct ex_kit *ex_house_kit(const struct ex_house *house);

/* A connection that sees every row, for checking the log.  Borrowed. */
int ex_house_service(
    struct ex_house *house, struct ex_conn **out, struct ex_err *err);

/* A connection with a database owner's rights: roles, migrations. */
int ex_house_admin(
    struct ex_house *house, struct ex_conn **out, struct ex_err *err);

/* Bring the schema up to this program; how many steps that took. */
int
ex_house_migrate(struct ex_house *house, size_t *applied, struct ex_err *err);

/*
 * Give a person a login role and, embedded, let this machine use it.  Again:
 * nothing.
 */
int ex_house_add_login(
    struct ex_house *house, const char *person, struct ex_err *err);

/*
 * The newest checkpoint of the log, checked against the log's key and
 * consistent with the newest that this machine had verified before, which it
 * then replaces (DIR/seen).  size 0 before the first.  note may be NULL.
 * EX_DAMAGED: the log shows another history.
 */
int ex_house_seen(struct ex_house *house, struct ex_checkpoint *out,
    struct ex_buf *note, struct ex_err *err);

#endif
