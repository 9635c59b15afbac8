/*
 * watch.h -- somebody watches a long piece of work: how far it is, how fast,
 * how long still; and may ask (SIGUSR1) or stop it (SIGINT, SIGTERM).
 */
#ifndef CLI_WATCH_H
#define CLI_WATCH_H

#include <signal.h>
#include <stdint.h>

#include "cli/cli.h"

struct cli_watch {
	struct cli *cli;
	uint64_t bad_sectors; /* so far; whoever reads counts them */
	char phase[16];
	int64_t began;	  /* of the phase, ticks */
	uint64_t first;	  /* bytes that it began with */
	int64_t shown;	  /* when it was told last, ticks */
	unsigned percent; /* the highest that was told */
};

/*
 * From here on the first SIGINT or SIGTERM sets what cli_watch_stop() points
 * to, the second one kills, and SIGUSR1 has one line printed.
 */
void cli_watch_begin(struct cli_watch *w, struct cli *cli);
const volatile sig_atomic_t *cli_watch_stop(void);

/*
 * As ex_progress_fn, w as arg.  On a terminal a bar; with --json a status
 * line {"phase","bytes","total","percent","rate","left_seconds",
 * "bad_sectors"}; twice a second, the beginning of a phase and its end.
 * percent is of the whole work, never falls, and is below 100 until the last
 * phase has ended and been found good, which the summary says.
 */
void
cli_watch_progress(void *arg, const char *phase, uint64_t done, uint64_t total);

/* As ex_notice_fn. */
void cli_watch_notice(void *arg, const char *line);

/* Percent of an acquisition: reading, then reading back, then the rest. */
unsigned cli_watch_percent(const char *phase, uint64_t done, uint64_t total);

#endif
