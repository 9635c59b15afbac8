/*
 * list_parts.h -- building a list; for cases/list*.c alone.
 */
#ifndef CASES_LIST_PARTS_H
#define CASES_LIST_PARTS_H

#include "base/buf.h"
#include "cases/list.h"

/*
 * Append a row for an item, all cells empty; *out is borrowed until the next
 * call.  Refuses what is no item number, an item twice and too many.
 */
int ex_list_add(struct ex_list *list, size_t line, struct ex_span item,
    struct ex_list_row **out, struct ex_err *err);

/* A copy of the bytes as text; NULL without memory. */
char *ex_list_copy(struct ex_span s, struct ex_err *err);

/* The next line without its end; the last one may lack it. */
int ex_list_line(struct ex_reader *r, struct ex_span *out, struct ex_err *err);

#endif
