/*
 * desk.c -- the house, opened, and who sits at the desk.
 */
#include "cli/desk.h"

#include <stdlib.h>
#include <string.h>

/* Values of a repeatable option from *next on. */
static size_t
gather(const struct cli *cli, const char *option, const char **next)
{
	const char *value;
	size_t n = 0;

	while ((value = cli_option_at(cli, option, n)) != NULL)
		next[n++] = value;
	return n;
}

static int
seat(struct cli_desk *d, struct cli *cli, const char *as, struct ex_err *err)
{
	const char *actor = cli_option(cli, "as");
	const char **next;

	if (actor == NULL)
		actor = getenv("EXHIBIT_AS");
	if (actor == NULL || actor[0] == '\0')
		actor = as;
	d->name = calloc(cli->nvalues + 1, sizeof(*d->name));
	if (d->name == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	next = d->name;
	d->desk.as = actor;
	d->desk.with = next;
	next += d->desk.nwith = gather(cli, "with", next);
	d->desk.witness = next;
	next += d->desk.nwitness = gather(cli, "witness", next);
	d->desk.party = next;
	d->desk.nparty = gather(cli, "party", next);
	d->desk.pins = cli_pins(cli);
	ex_house_errand(
	    d->house, cli->command->name, cli_option(cli, "purpose"));
	ex_house_seat(d->house, &d->desk);
	return 0;
}

int
cli_desk_open(
    struct cli_desk *out, struct cli *cli, const char *as, struct ex_err *err)
{
	memset(out, 0, sizeof(*out));
	if (ex_house_open(&out->house, cli->dir, err) == -1)
		return -1;
	return seat(out, cli, as, err);
}

void
cli_desk_close(struct cli_desk *d)
{
	ex_house_close(d->house);
	free(d->name);
	memset(d, 0, sizeof(*d));
}

int
cli_at_desk(struct cli *cli, const char *as, cli_work *work, struct ex_err *err)
{
	struct cli_desk d;
	int status = -1;

	if (cli_desk_open(&d, cli, as, err) == 0)
		status = work(cli, d.house, err);
	cli_desk_close(&d);
	return status;
}

int
cli_actor(const struct ex_house *h, struct ex_err *err)
{
	if (ex_house_desk(h)->as != NULL)
		return 0;
	return ex_fail(
	    err, EX_USAGE, "who acts?  Give --as KEY, or set EXHIBIT_AS");
}

int
cli_at_own_desk(struct cli *cli, cli_work *work, struct ex_err *err)
{
	struct cli_desk d;
	int status = -1;

	if (cli_desk_open(&d, cli, NULL, err) == 0)
		status = ex_house_desk(d.house)->as != NULL
			     ? work(cli, d.house, err)
			     : ex_fail(err, EX_DENIED,
				   "who acts?  Give --as KEY, or set "
				   "EXHIBIT_AS");
	cli_desk_close(&d);
	return status;
}
