/*
 * witness_main.c -- exhibit-witness: cosigns logs that only grow.
 *
 * Run by somebody else than the laboratory, behind a web server; no database.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "daemons/monitor.h"
#include "daemons/statement.h"
#include "daemons/witness.h"

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
}

static int
usage(void)
{
	(void)fprintf(stderr,
	    "usage: exhibit-witness DIR make NAME     a key of its own; prints "
	    "the verifier key\n"
	    "       exhibit-witness DIR follow VKEY   cosign this log\n"
	    "       exhibit-witness DIR rotate        a new key; the old one "
	    "cosigns, too\n"
	    "       exhibit-witness DIR retire        ... until now\n"
	    "       exhibit-witness DIR serve [SOCKET]\n"
	    "       exhibit-witness --monitor DIR serve [SOCKET]\n"
	    "       exhibit-witness --monitor DIR check   all of DIR/tiles\n"
	    "       exhibit-witness --monitor DIR statement --month YYYY-MM "
	    "[--person ID]\n"
	    "SOCKET, default DIR/socket, is for a web server's scgi_pass: "
	    "exhibit-witness(8)\n");
	return EXIT_USAGE;
}

static int
make(const char *dir, const char *name, struct ex_err *err)
{
	char text[EX_VKEY_TEXT];

	if (ex_witness_make(text, dir, name, err) == -1)
		return -1;
	(void)printf("%s\n", text);
	return 0;
}

static int
rotate(const char *dir, struct ex_err *err)
{
	char text[EX_VKEY_TEXT];

	if (ex_witness_rotate(text, dir, err) == -1)
		return -1;
	(void)printf("%s\n", text);
	return 0;
}

/* Open the folder; a monitor looks at tiles, which must stay. */
static int
open_folder(struct ex_witness_folder *f, const char *dir, char tiles[EX_PATH],
    int monitor, struct ex_err *err)
{
	if (ex_witness_open(f, dir, err) == -1 ||
	    ex_path_join(tiles, EX_PATH, dir, "tiles", err) == -1)
		return -1;
	if (f->witness.nlogs == 0)
		return ex_fail(err, EX_USAGE,
		    "%s follows no log: exhibit-witness DIR follow VKEY", dir);
	if (monitor) {
		f->witness.examine = ex_monitor_examine;
		f->witness.examine_arg = tiles;
	}
	return 0;
}

/* All entries, once; the cosignature on standard output. */
static int
check(const char *dir, struct ex_err *err)
{
	struct ex_witness_folder f;
	struct ex_answer a = { 0 };
	char tiles[EX_PATH];
	int rc = -1;

	if (open_folder(&f, dir, tiles, 1, err) == -1 ||
	    ex_monitor_check(&a, &f.witness, tiles,
		(uint64_t)(ex_now() / EX_SECOND), err) == -1)
		goto out;
	if (a.status == 200) {
		(void)fputs(ex_buf_text(&a.body), stdout);
		rc = 0;
	} else {
		(void)ex_fail(err, a.status == 503 ? EX_ABSENT : EX_DAMAGED,
		    "not cosigned (%d): %.*s", a.status,
		    (int)strcspn(ex_buf_text(&a.body), "\n"),
		    ex_buf_text(&a.body));
	}
out:
	ex_buf_free(&a.body);
	ex_witness_close(&f);
	return rc;
}

static int
serve(const char *dir, const char *at, int monitor, struct ex_err *err)
{
	struct ex_witness_folder f;
	char path[EX_PATH], tiles[EX_PATH];
	int rc = -1;

	if (open_folder(&f, dir, tiles, monitor, err) == -1)
		goto out;
	if (ex_path_join(path, EX_PATH, at == NULL ? dir : NULL,
		at == NULL ? "socket" : at, err) == -1)
		goto out;
	catch_signals();
	ex_log(EX_INFO, "witness", "ready: %s follows %zu logs",
	    f.witness.own.name, f.witness.nlogs);
	rc = ex_scgi_serve(path, ex_witness_handle, &f.witness, &stop, err);
out:
	ex_witness_close(&f);
	return rc;
}

/* statement --month YYYY-MM [--person ID], from argv[2] on. */
static int
state(int argc, char **argv, struct ex_err *err)
{
	const char *month = NULL, *person = NULL;
	struct ex_witness_folder f;
	int rc = -1;

	for (int i = 3; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--month") == 0)
			month = argv[i + 1];
		else if (strcmp(argv[i], "--person") == 0)
			person = argv[i + 1];
		else
			month = "";
	}
	if (month == NULL || argc % 2 == 0)
		return ex_fail(
		    err, EX_USAGE, "statement --month YYYY-MM [--person ID]");
	if (ex_witness_open(&f, argv[1], err) == 0)
		rc = ex_statement_make(&f, month, person, err);
	ex_witness_close(&f);
	return rc;
}

int
main(int argc, char **argv)
{
	struct ex_err err = EX_ERR_INIT;
	int monitor = argc > 1 && strcmp(argv[1], "--monitor") == 0;
	int rc;

	argc -= monitor;
	argv += monitor;
	ex_log_level(EX_INFO);
	if (argc == 4 && strcmp(argv[2], "make") == 0)
		rc = make(argv[1], argv[3], &err);
	else if (argc == 4 && strcmp(argv[2], "follow") == 0)
		rc = ex_witness_follow(argv[1], argv[3], &err);
	else if (argc == 3 && strcmp(argv[2], "rotate") == 0)
		rc = rotate(argv[1], &err);
	else if (argc == 3 && strcmp(argv[2], "retire") == 0)
		rc = ex_witness_retire(argv[1], &err);
	else if ((argc == 3 || argc == 4) && strcmp(argv[2], "serve") == 0)
		rc = serve(argv[1], argc == 4 ? argv[3] : NULL, monitor, &err);
	else if (monitor && argc == 3 && strcmp(argv[2], "check") == 0)
		rc = check(argv[1], &err);
	else if (monitor && argc > 3 && strcmp(argv[2], "statement") == 0)
		rc = state(argc, argv, &err);
	else
		return usage();
	if (rc == 0 && fflush(stdout) == 0)
		return 0;
	(void)fprintf(stderr, "exhibit-witness: %s\n", err.text);
	if (err.code == EX_USAGE)
		return EXIT_USAGE;
	return err.code == EX_DAMAGED ? EXIT_DIFFERS : EXIT_CANNOT;
}
