/*
 * sequencer_main.c -- exhibit-sequencer: admits entries and signs the log.
 */
#include <sys/stat.h>

#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "daemons/sequencer.h"

enum {
	EXIT_DIFFERS = 1, /* log, store and keys do not fit together */
	EXIT_CANNOT = 2,
	EXIT_USAGE = 64
};

static volatile sig_atomic_t stop;

static void
on_term(int sig)
{
	(void)sig;
	stop = 1;
}

/* A terminal that closes, or a reader that goes away, ends nothing. */
static void
catch_signals(void)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = on_term;
	(void)sigaction(SIGTERM, &sa, NULL);
	(void)sigaction(SIGINT, &sa, NULL);
	sa.sa_handler = SIG_IGN;
	(void)sigaction(SIGPIPE, &sa, NULL);
	(void)sigaction(SIGHUP, &sa, NULL);
}

static int
read_options(struct ex_sequencer_options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "data", required_argument, NULL, 'd' },
		{ "conninfo", required_argument, NULL, 'c' },
		{ "origin", required_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (c == 'd')
			o->data = optarg;
		else if (c == 'c')
			o->conninfo = optarg;
		else if (c == 'o')
			o->only_origin = optarg;
		else
			return -1;
	}
	return o->data == NULL || optind != argc ? -1 : 0;
}

/* What another user made could not be replaced by it, or the reverse. */
static int
check_owner(const char *data, struct ex_err *err)
{
	char path[EX_PATH];
	struct stat st;

	if (ex_path_join(path, EX_PATH, data, "log", err) == -1)
		return -1;
	if (stat(path, &st) == -1)
		return ex_fail_errno(err, "%s", path);
	if (st.st_uid != geteuid())
		return ex_fail(err, EX_DENIED,
		    "%s belongs to another user, as whom exhibit up starts "
		    "this",
		    path);
	return 0;
}

/*
 * From now on standard error is DIR/log/sequencer.log; *starter is where it
 * went before.
 */
static int
open_log(int *starter, const char *data, struct ex_err *err)
{
	char path[EX_PATH];
	int fd;

	if (ex_path_join(path, EX_PATH, data, "log/sequencer.log", err) == -1)
		return -1;
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd == -1)
		return ex_fail_errno(err, "%s", path);
	*starter = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (dup2(fd, STDERR_FILENO) == -1) {
		(void)close(fd);
		return ex_fail_errno(err, "%s", path);
	}
	(void)close(fd);
	return 0;
}

int
main(int argc, char **argv)
{
	struct ex_sequencer_options options = { .stop = &stop };
	struct ex_err err = EX_ERR_INIT;
	int starter = STDERR_FILENO;

	if (read_options(&options, argc, argv) == -1) {
		(void)fprintf(stderr,
		    "usage: exhibit-sequencer --data DIR [--conninfo TEXT] "
		    "[--origin NAME]\n"
		    "exhibit starts it; see exhibit-sequencer(8)\n");
		return EXIT_USAGE;
	}
	catch_signals();
	ex_log_level(EX_INFO);
	ex_log_times();
	if (check_owner(options.data, &err) == 0 &&
	    open_log(&starter, options.data, &err) == 0 &&
	    ex_sequencer_run(&options, &err) == 0)
		return 0;
	if (starter != STDERR_FILENO)
		ex_log_err("sequencer", &err);
	(void)dprintf(starter, "exhibit-sequencer: %s\n", err.text);
	return err.code == EX_DAMAGED ? EXIT_DIFFERS : EXIT_CANNOT;
}
