/*
 * custody_part.c -- split and component-out: parts taken from one item.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cases/custody_parts.h"

enum {
	PARTS = 1000 /* of one lot, in one act */
};

/* Numbers of parts as they are gathered. */
struct parts {
	char *child[PARTS];
	const char *borrowed[PARTS]; /* the same, as they are passed on */
	size_t n;
	struct ex_given *given; /* what is given for each of them */
	size_t ngiven;
};

int
ex_custody_is_part(const struct ex_custody *c)
{
	const struct ex_act_def *d = ex_custody_act(c->act);

	return d != NULL && !c->late &&
	       (d->act == EX_ACT_SPLIT || d->act == EX_ACT_COMPONENT_OUT);
}

static int
add_part(void *arg, const char *part, size_t n, struct ex_err *err)
{
	struct parts *p = arg;
	char *copy;

	if (p->n == PARTS)
		return ex_fail(err, EX_LIMIT, "more than %d parts", PARTS);
	if ((copy = malloc(n + 1)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	memcpy(copy, part, n);
	copy[n] = '\0';
	p->child[p->n] = copy;
	p->borrowed[p->n++] = copy;
	return 0;
}

static int
take(
    struct parts *p, const struct ex_given *given, size_t n, struct ex_err *err)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(given[i].name, "children") != 0) {
			p->given[p->ngiven++] = given[i];
			continue;
		}
		if (ex_text_split(given[i].value, ',', add_part, p, err) == -1)
			return -1;
	}
	return 0;
}

static int
derive(struct ex_json *summary, int *status, struct ex_house *house,
    const struct ex_custody *c, struct parts *p, struct ex_err *err)
{
	struct ex_derivation d = { .parent = c->line[0].item,
		.relation = "sample_of",
		.occurred_at = c->occurred_at };

	if (take(p, c->line[0].given, c->line[0].n, err) == -1 ||
	    take(p, c->common, c->ncommon, err) == -1)
		return -1;
	if (p->n == 0)
		return ex_fail(err, EX_USAGE,
		    "%s needs --children ITEM[,ITEM...]: the numbers of what "
		    "is taken out",
		    c->act);
	if (ex_custody_act(c->act)->act == EX_ACT_COMPONENT_OUT)
		d.relation = "component";
	d.child = p->borrowed;
	d.nchildren = p->n;
	d.given = p->given;
	d.n = p->ngiven;
	return ex_item_derive(summary, status, house, &d, err);
}

int
ex_custody_part(struct ex_json *summary, int *status, struct ex_house *house,
    const struct ex_custody *c, struct ex_err *err)
{
	struct parts *p;
	int rc = -1;

	if (c->nlines != 1)
		return ex_fail(err, EX_USAGE,
		    "%s is about one item: what is taken out goes into "
		    "--children",
		    c->act);
	if (c->emergency)
		return ex_fail(err, EX_USAGE, "%s is no emergency act", c->act);
	p = calloc(1, sizeof(*p));
	if (p != NULL)
		p->given =
		    calloc(c->line[0].n + c->ncommon + 1, sizeof(*p->given));
	if (p == NULL || p->given == NULL)
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
	else
		rc = derive(summary, status, house, c, p, err);
	for (size_t i = 0; p != NULL && i < p->n; i++)
		free(p->child[i]);
	if (p != NULL)
		free(p->given);
	free(p);
	return rc;
}
