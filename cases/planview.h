/*
 * planview.h -- the state of things while an act is planned: rows of the
 * database, each read once, and over them what earlier entries of the same
 * act change.
 */
#ifndef CASES_PLANVIEW_H
#define CASES_PLANVIEW_H

#include "base/err.h"
#include "custody/facts.h"

struct ex_planview;

/* under is what lies below; it must outlive the view. */
int ex_planview_new(
    struct ex_planview **out, const struct ex_view *under, struct ex_err *err);
void ex_planview_free(struct ex_planview *v);

/* How the rules look at it; borrowed. */
const struct ex_view *ex_planview_view(const struct ex_planview *v);

/* What an entry changes is so for those after it. */
int ex_planview_apply(
    struct ex_planview *v, const struct ex_facts *facts, struct ex_err *err);

/* Back to the rows alone. */
void ex_planview_reset(struct ex_planview *v);

#endif
