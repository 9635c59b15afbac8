/*
 * keys_parts.h -- what the files of a key say; for cases/house*.c and
 * cases/keys*.c alone.
 */
#ifndef CASES_KEYS_PARTS_H
#define CASES_KEYS_PARTS_H

#include "cases/keys.h"

/* Whose key this is, without opening it.  EX_ABSENT. */
int ex_key_person(char out[EX_NAME_TEXT], const char *keys_dir,
    const char *name, struct ex_err *err);

/* 1 when a key of this name is here, whole. */
int ex_key_here(const char *keys_dir, const char *name);

/* Take a key's files away again: it was made and never enrolled. */
void ex_key_forget(const char *keys_dir, const char *name);

#endif
