/*
 * desk.h -- the house that a command works in, with its people seated.
 */
#ifndef CLI_DESK_H
#define CLI_DESK_H

#include "base/err.h"
#include "cases/house.h"
#include "cli/cli.h"

/*
 * An open house and what its desk borrows.  Starts zeroed; released with
 * cli_desk_close() whether opening worked or not.
 */
struct cli_desk {
	struct ex_house *house;
	struct ex_desk desk;
	const char **name; /* of --with, --witness, --party, in this order */
};

/*
 * Open the house of -C and seat who --as (or EXHIBIT_AS), --with, --witness
 * and --party name.  as is who acts when neither says it; NULL: nobody.
 */
int cli_desk_open(
    struct cli_desk *out, struct cli *cli, const char *as, struct ex_err *err);
void cli_desk_close(struct cli_desk *d);

/*
 * A command's work at an open desk: returns an exit status, or -1.  as is
 * who acts when the command line does not say it.
 */
typedef int cli_work(struct cli *cli, struct ex_house *h, struct ex_err *err);
int cli_at_desk(
    struct cli *cli, const char *as, cli_work *work, struct ex_err *err);

/* Who acts when the command line does not say it, in the house's own acts. */
#define CLI_ADMIN "admin"

/* EX_USAGE when nobody acts: a command that needs --as. */
int cli_actor(const struct ex_house *h, struct ex_err *err);

/*
 * As cli_at_desk(), for what is a person's business: there is no default for
 * --as, and EX_DENIED without.
 */
int cli_at_own_desk(struct cli *cli, cli_work *work, struct ex_err *err);

/*
 * PINs: --pin-file KEY=FILE, EXHIBIT_PIN_<KEY>, EXHIBIT_PIN, a prompt on the
 * terminal; never an argument.  A key that is not there yet is being made:
 * its PIN is asked for twice, and may be empty.
 */
struct ex_pins cli_pins(struct cli *cli);

#endif
