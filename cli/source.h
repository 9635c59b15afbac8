/*
 * source.h -- what is known of a medium, for people.
 */
#ifndef CLI_SOURCE_H
#define CLI_SOURCE_H

#include "base/json.h"
#include "cli/cli.h"

/*
 * What of the source stands beside the result of an acquisition: the serial
 * number against the label, hidden areas, a running system.
 */
void cli_show_source(struct cli *cli, const struct ex_json *summary);

#endif
