/*
 * casebook.h -- the case database's doors: searches, indicators, links,
 * watches.
 *
 * Each door knows who is connected, shows only what they may see and writes
 * the access log in the same transaction.  Answers are arrays of objects, the
 * caller's.  What may not be seen is not there: an empty answer, and EX_ABSENT
 * where a case was named.
 */
#ifndef DB_CASEBOOK_H
#define DB_CASEBOOK_H

#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "db/conn.h"

/* EX_DENIED: the case database is not for whoever is connected. */
int ex_casebook_may(struct ex_conn *conn, struct ex_err *err);

/*
 * The newest cases that answer a query, at most limit: [{"number","title",
 * "body","level","sector","status","opened"}].  query is
 * {"all":[{"any":[{"t","prefix"}]}],"none":[{"t","prefix"}],"level"?,
 * "sector"?,"offence"?,"from"?,"until"?}.  EX_USAGE when there is nothing to
 * look for, EX_LIMIT when it takes longer than EX_SEARCH_SECONDS.
 */
int ex_casebook_search(struct ex_json **out, struct ex_conn *conn,
    const char *query, int64_t limit, struct ex_err *err);
/* How many, up to 10,001. */
int ex_casebook_count(
    int64_t *out, struct ex_conn *conn, const char *query, struct ex_err *err);
/* [{"facet","value","n"}] of the newest 10,000. */
int ex_casebook_facets(struct ex_json **out, struct ex_conn *conn,
    const char *query, struct ex_err *err);

/*
 * Enter indicators seen in a case; rows as indicator_import() takes them.
 * *added: those that were not there yet.
 */
int ex_casebook_import(int64_t *added, struct ex_conn *conn,
    const char *case_number, const char *rows, struct ex_err *err);
/* [{"kind","value","number","title","role","source","reliability","from",
 * "until"}]; how is "key", "prefix", "within" or "under". */
int
ex_casebook_find(struct ex_json **out, struct ex_conn *conn, const char *how,
    const char *what, const char *subject, int64_t limit, struct ex_err *err);
/* [{"kind","value","org","at"}]: others who looked for what a case holds. */
int ex_casebook_looked_for(struct ex_json **out, struct ex_conn *conn,
    const char *case_number, struct ex_err *err);
/* [{"number","title","hops","score","kind","value","by"}], best first. */
int ex_casebook_links(struct ex_json **out, struct ex_conn *conn,
    const char *case_number, int64_t hops, struct ex_err *err);

/* Money that moved; keys are 32 hexadecimal digits, amount a decimal. */
struct ex_transfer {
	const char *payer, *payee;
	const char *amount, *currency;
	const char *moved; /* canonical time */
	const char *source;
};
int ex_casebook_transfer(int64_t *id, struct ex_conn *conn,
    const char *case_number, const struct ex_transfer *t, struct ex_err *err);
/* [{"payer","payee","amount","currency","moved","source"}] */
int ex_casebook_transfers(struct ex_json **out, struct ex_conn *conn,
    const char *case_number, struct ex_err *err);

/* corrects 0: none. */
int ex_casebook_note(int64_t *id, struct ex_conn *conn, const char *case_number,
    const char *text, int64_t corrects, struct ex_err *err);
/* [{"note","corrects","text","who","at"}] */
int ex_casebook_notes(struct ex_json **out, struct ex_conn *conn,
    const char *case_number, struct ex_err *err);

int ex_casebook_watch(struct ex_conn *conn, const char *name, const char *query,
    struct ex_err *err);
/* EX_ABSENT when there is none of this name. */
int ex_casebook_watch_end(
    struct ex_conn *conn, const char *name, struct ex_err *err);
/* [{"watch","query","number","title","at","new"}]; without a match number "" */
int ex_casebook_watches(
    struct ex_json **out, struct ex_conn *conn, struct ex_err *err);

#endif
