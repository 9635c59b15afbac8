/*
 * rotate_house.h -- the keys of the house itself replaced: the log's, the
 * CA's.  Each may be run again after it was killed, and goes on.
 */
#ifndef CASES_ROTATE_HOUSE_H
#define CASES_ROTATE_HOUSE_H

#include "base/err.h"
#include "base/json.h"

struct ex_house;

/*
 * A new key for the log.  It is made in DIR/log, the services start anew and
 * sign each checkpoint with both keys, an administrator enters `rotate_log`,
 * the checkpoint that proves it carries both lines; then this machine trusts
 * the new one (exhibit.conf, DIR/trust), and the old one is deleted.
 * {"log_key","old_key","event"?}
 */
int
ex_log_rotate(struct ex_json **out, struct ex_house *house, struct ex_err *err);

/*
 * A new CA of the laboratory: `rotate_ca` names it, DIR/trust/roots.pem has
 * both, the old one's key is deleted; what it certified stays good.
 * {"ca","old_ca","event"?}
 */
int
ex_ca_rotate(struct ex_json **out, struct ex_house *house, struct ex_err *err);

#endif
