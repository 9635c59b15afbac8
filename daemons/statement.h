/*
 * statement.h -- what a monitor tells each person every month: which keys
 * were enrolled, replaced or revoked, and what was entered, in that name.
 *
 * From the monitor's own copy alone (DIR/tiles, up to what it cosigned last),
 * so that a laboratory which mints a key in somebody's name cannot keep it
 * from that person.  A statement lists what came into the log since the month
 * before, whatever time it claims: nothing falls between two of them.
 *
 *   DIR/statements/YYYY-MM/PERSON.txt      signed note: text, Ed25519 line
 *   DIR/statements/YYYY-MM/PERSON-2.txt    ... where one note is too short
 *   DIR/statements/YYYY-MM/size            up to which tree size
 *   DIR/statements/monitor.pem             the key, for openssl
 */
#ifndef DAEMONS_STATEMENT_H
#define DAEMONS_STATEMENT_H

#include "base/err.h"
#include "daemons/witness.h"

/*
 * Write them for the log whose copy f has, for all persons or one (NULL: all),
 * and print each path to standard output.  month is YYYY-MM.  EX_ABSENT:
 * nothing was cosigned yet, or there is no such person; EX_DAMAGED: the copy
 * does not stand.
 */
int ex_statement_make(struct ex_witness_folder *f, const char *month,
    const char *person, struct ex_err *err);

#endif
