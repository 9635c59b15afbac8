/*
 * claims.c -- tables of what the rules say to one act, run.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/custody/claims.h"

const uint8_t claim_head[EX_HASH], claim_elsewhere[EX_HASH],
    claim_nothing[EX_HASH] = { 1 };

static const uint8_t *
leaf_for(const struct house *h, const uint8_t *given, const char *stream)
{
	if (given == claim_head)
		return house_leaf(h, stream);
	return given == claim_elsewhere ? house_leaf(h, "lab:" HOUSE_ORG)
					: given;
}

/* The usual act with the members that are given. */
static void
merge(const struct house *h, struct act *out, const struct act *given,
    const char *stream)
{
	if (given->stream != NULL) {
		*out = *given;
		return;
	}
	house_usual(out, given->act, stream);
	if (given->fields != NULL)
		out->fields = given->fields;
	if (given->texts != NULL)
		out->texts = given->texts;
	if (given->parties != NULL)
		out->parties = given->parties;
	if (given->digests != NULL)
		out->digests = given->digests;
	if (given->ago != 0)
		out->ago = given->ago;
	out->corrects = leaf_for(h, given->corrects, stream);
	out->annuls = leaf_for(h, given->annuls, stream);
	out->offline = given->offline;
	out->tweak = given->tweak;
}

static int
has_finding(const struct ex_judgement *j, const char *code)
{
	for (size_t i = 0; i < j->nfindings; i++)
		if (strcmp(j->finding[i].code, code) == 0)
			return 1;
	return 0;
}

static int
is_right(const struct claim *c, int rc, const struct ex_judgement *j,
    const struct ex_err *err)
{
	if (c->code != EX_OK)
		return rc == -1 && err->code == c->code && c->says != NULL &&
		       strstr(err->text, c->says) != NULL;
	if (rc == -1 || (c->to != NULL && strcmp(c->to, j->state_after) != 0))
		return 0;
	return c->says == NULL ? j->nfindings == 0 : has_finding(j, c->says);
}

static int
claim_holds(struct house *h, const struct claim *c)
{
	struct ex_err err = EX_ERR_INIT;
	char stream[EX_STREAM_TEXT];
	struct ex_judgement j;
	struct act a;
	int rc, right;

	(void)snprintf(
	    stream, sizeof(stream), "item:%s", house_bring(h, c->in));
	for (size_t i = 0; i < CLAIM_BEFORE; i++) {
		if (c->before[i].act == 0)
			break;
		merge(h, &a, &c->before[i], stream);
		house_do(h, &a);
	}
	merge(h, &a, &c->a, stream);
	rc = house_judge(h, &a, &j, &err);
	right = is_right(c, rc, &j, &err);
	if (!right)
		print_error("%s: %s %s %s\n", c->name,
		    rc == 0 ? "allowed," : "refused:",
		    rc == 0 ? j.state_after : ex_code_text(err.code),
		    rc == -1	       ? err.text
		    : j.nfindings == 0 ? "without a finding"
				       : j.finding[0].code);
	ex_judgement_free(&j);
	return right;
}

void
claims_hold(struct house *h, const struct claim *c, size_t n)
{
	size_t wrong = 0;

	for (size_t i = 0; i < n; i++)
		wrong += !claim_holds(h, &c[i]);
	assert_int_equal(wrong, 0);
}
