/*
 * sequencer_main.c -- exhibit-sequencer: admits entries and signs the log.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "daemons/sequencer.h"

static volatile int stop;

static void
on_term(int sig)
{
	(void)sig;
	stop = 1;
}

static void
catch_signals(void)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = on_term;
	(void)sigaction(SIGTERM, &sa, NULL);
	(void)sigaction(SIGINT, &sa, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
}

int
main(int argc, char **argv)
{
	struct ex_sequencer *s = NULL;
	struct ex_err err = EX_ERR_INIT;
	int rc;

	if (argc != 3) {
		(void)fprintf(stderr,
		    "usage: exhibit-sequencer LOG-DIRECTORY CONNINFO\n"
		    "exhibit starts it; see exhibit-sequencer(8)\n");
		return 64;
	}
	catch_signals();
	ex_log_level(EX_INFO);
	rc = ex_sequencer_open(&s, argv[1], argv[2], &err);
	if (rc == 0) {
		ex_log(EX_INFO, "sequencer", "at size %llu of %s",
		    (unsigned long long)s->edge.size, s->vkey.name);
		rc = ex_sequencer_run(s, &stop, &err);
	}
	if (rc == -1)
		ex_log_err("sequencer", &err);
	ex_sequencer_close(s);
	return rc == -1 ? 2 : 0;
}
