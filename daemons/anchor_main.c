/*
 * anchor_main.c -- exhibit-anchor: has the log witnessed and stamped.
 */
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/log.h"
#include "daemons/anchor.h"

enum {
	EXIT_DIFFERS = 1,
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
read_once(struct ex_anchor_options *o, const char *word)
{
	if (strcmp(word, "cosign") == 0)
		o->mode = EX_ANCHOR_COSIGN;
	else if (strcmp(word, "stamp") == 0)
		o->mode = EX_ANCHOR_STAMP;
	else if (strncmp(word, "token:", 6) == 0 &&
		 ex_hex_read(o->sha256, EX_SHA256_LEN, &word[6], NULL) == 0)
		o->mode = EX_ANCHOR_TOKEN;
	else
		return -1;
	return 0;
}

static int
read_options(struct ex_anchor_options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "data", required_argument, NULL, 'd' },
		{ "conninfo", required_argument, NULL, 'c' },
		{ "once", required_argument, NULL, '1' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (c == 'd')
			o->data = optarg;
		else if (c == 'c')
			o->conninfo = optarg;
		else if (c != '1' || read_once(o, optarg) == -1)
			return -1;
	}
	return o->data == NULL || optind != argc ? -1 : 0;
}

/* What serves speaks to DIR/log/anchor.log. */
static int
open_log(const struct ex_anchor_options *o, struct ex_err *err)
{
	char path[EX_PATH];
	int fd;

	if (o->mode != EX_ANCHOR_SERVE)
		return 0;
	if (ex_path_join(path, EX_PATH, o->data, "log/anchor.log", err) == -1)
		return -1;
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd == -1)
		return ex_fail_errno(err, "%s", path);
	if (dup2(fd, STDERR_FILENO) == -1)
		(void)ex_fail_errno(err, "%s", path);
	(void)close(fd);
	return err->code == EX_OK ? 0 : -1;
}

int
main(int argc, char **argv)
{
	struct ex_anchor_options options = { .stop = &stop };
	struct ex_err err = EX_ERR_INIT;

	if (read_options(&options, argc, argv) == -1) {
		(void)fprintf(stderr,
		    "usage: exhibit-anchor --data DIR [--conninfo TEXT] "
		    "[--once cosign|stamp|token:SHA256]\n"
		    "exhibit starts it; see exhibit-anchor(8)\n");
		return EXIT_USAGE;
	}
	catch_signals();
	ex_log_level(EX_INFO);
	ex_log_times();
	if (open_log(&options, &err) == 0 &&
	    ex_anchor_run(&options, &err) == 0 && fflush(stdout) == 0)
		return 0;
	(void)fprintf(stderr, "exhibit-anchor: %s\n", err.text);
	return err.code == EX_DAMAGED ? EXIT_DIFFERS : EXIT_CANNOT;
}
