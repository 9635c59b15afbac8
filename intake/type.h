/*
 * type.h -- what kind of content bytes are, by libmagic, in the jail.
 */
#ifndef INTAKE_TYPE_H
#define INTAKE_TYPE_H

#include <stddef.h>

#include "base/err.h"

enum {
	EX_TYPE_HEAD = 64 * 1024 /* bytes of a beginning that are looked at */
};

struct ex_typer;

/* Load the rules: before the jail, which they lie outside of.  EX_SYSTEM. */
int ex_typer_new(struct ex_typer **out, struct ex_err *err);
void ex_typer_free(struct ex_typer *t);

/*
 * Type and MIME type of content that begins with these n bytes; "" where
 * libmagic gives up.  Both may quote the content.
 */
void ex_typer_look(struct ex_typer *t, const void *head, size_t n, char *mime,
    size_t mime_size, char *type, size_t type_size);

/* "libmagic 544" */
const char *ex_typer_library(void);

#endif
