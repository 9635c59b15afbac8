/*
 * run_hash.h -- what the two halves of exhibit hash share.
 */
#ifndef CLI_RUN_HASH_H
#define CLI_RUN_HASH_H

#include <stddef.h>

#include "base/err.h"

struct cli;
struct ex_hash_files;

/* What could not be read: told when all the rest is done. */
struct hash_trouble {
	size_t n;
	struct ex_err first;
};
void cli_hash_trouble(
    struct cli *cli, struct hash_trouble *t, const struct ex_err *why);
/* -1 when there was any. */
int cli_hash_troubled(const struct hash_trouble *t, struct ex_err *err);

/* A name as it is, but on a terminal as it may be shown there. */
const char *cli_hash_name(char *shown, size_t size, const char *name);

/* Arguments, algorithms, -r and threads. */
int
cli_hash_options(struct cli *cli, struct ex_hash_files *h, struct ex_err *err);

/* exhibit hash --check LIST [FILE...] */
int cli_hash_check(struct cli *cli, struct ex_err *err);

#endif
