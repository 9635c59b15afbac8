/*
 * search.h -- the case database: what is looked for, and what is shown of it.
 *
 * Arguments are ANDed.  In one: words are ANDed, "a phrase" is taken as it is,
 * -word must not be there, A OR B is either, bitcoin* begins with it.  Han is
 * found by any characters that follow each other, other scripts by words.
 */
#ifndef CASES_SEARCH_H
#define CASES_SEARCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "cases/house.h"

struct ex_search {
	const char *const *text; /* as typed */
	size_t ntext;
	const char *level, *sector, *offence; /* NULL: any */
	const char *from, *until;	      /* YYYY-MM-DD; NULL: open */
	size_t limit;			      /* of the answer */
	int facets;
};

/*
 * The query of a search, for db/casebook.h.  EX_USAGE when there is nothing
 * to look for, EX_LIMIT.
 */
int ex_search_query(
    struct ex_json **out, const struct ex_search *s, struct ex_err *err);

/*
 * {"cases":[{"number","title","snippet","opened","level","status"}],"total",
 * "total_capped","facets"?}: the newest EX_SEARCH_MAX that answer, best
 * first.
 */
int ex_search_run(struct ex_json **out, struct ex_house *house,
    const struct ex_search *s, struct ex_err *err);

/*
 * How well a case answers, higher is better; only compares cases of one
 * answer.  newness counts from 0 for the newest.
 */
int64_t ex_search_score(const struct ex_json *query, const char *title,
    const char *body, const char *level, size_t newness);

/*
 * The part of body around the first place that answers, about as long as a
 * line, cut between characters; the caller's.
 */
char *ex_search_snippet(const struct ex_json *query, const char *body);

#endif
