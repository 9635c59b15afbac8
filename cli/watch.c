/*
 * watch.c -- progress of an acquisition, and the signals that ask for it.
 */
#include "cli/watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "cli/output.h"

enum {
	BAR = 20,     /* columns */
	READING = 60, /* percent when all is read */
	MOST = 99,    /* percent before the command is at its end */
	LINE = 256
};

/* Handlers can reach nothing else. */
static volatile sig_atomic_t stopped, asked;

static void
on_stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static void
on_ask(int signal)
{
	(void)signal;
	asked = 1;
}

void
cli_watch_begin(struct cli_watch *w, struct cli *cli)
{
	struct sigaction once = { .sa_handler = on_stop,
		.sa_flags = SA_RESTART | (int)SA_RESETHAND };
	struct sigaction ask = { .sa_handler = on_ask, .sa_flags = SA_RESTART };

	memset(w, 0, sizeof(*w));
	w->cli = cli;
	stopped = asked = 0;
	(void)sigemptyset(&once.sa_mask);
	(void)sigemptyset(&ask.sa_mask);
	(void)sigaction(SIGINT, &once, NULL);
	(void)sigaction(SIGTERM, &once, NULL);
	(void)sigaction(SIGUSR1, &ask, NULL);
}

const volatile sig_atomic_t *
cli_watch_stop(void)
{
	return &stopped;
}

unsigned
cli_watch_percent(const char *phase, uint64_t done, uint64_t total)
{
	/* In parts of 1024, so that no disk is too large to be multiplied. */
	uint64_t part = total < 1024 ? 1 : total / 1024;
	uint64_t of = total == 0 ? 0 : done / part;

	if (of > 1024)
		of = 1024;
	if (strcmp(phase, "acquire") == 0)
		return (unsigned)(of * READING / 1024);
	if (strcmp(phase, "verify") == 0)
		return (unsigned)(READING + of * (MOST - READING) / 1024);
	return MOST;
}

struct told {
	uint64_t rate; /* bytes a second; 0: not known yet */
	int64_t left;  /* seconds of the phase; -1: not known yet */
};

static struct told
estimate(const struct cli_watch *w, uint64_t done, uint64_t total)
{
	int64_t us = ex_ticks() - w->began;
	struct told t = { 0, -1 };

	if (us < EX_SECOND / 4 || done <= w->first)
		return t;
	t.rate = (uint64_t)((double)(done - w->first) * 1e6 / (double)us);
	if (t.rate > 0 && total >= done)
		t.left = (int64_t)((total - done) / t.rate);
	return t;
}

/* "1234 of 2345 MiB, 37 %, 123 MB/s, 0:12 left, 3 bad sectors" */
static void
describe(char out[LINE], const struct cli_watch *w, uint64_t done,
    uint64_t total, const struct told *t)
{
	char rate[64] = "", bad[64] = "";

	if (t->left >= 0)
		(void)snprintf(rate, sizeof(rate),
		    ", %" PRIu64 " MB/s, %" PRId64 ":%02" PRId64 ":%02" PRId64
		    " left",
		    t->rate / 1000000, t->left / 3600, t->left / 60 % 60,
		    t->left % 60);
	if (w->bad_sectors > 0)
		(void)snprintf(bad, sizeof(bad), ", %" PRIu64 " bad sectors",
		    w->bad_sectors);
	(void)snprintf(out, LINE, "%" PRIu64 " of %" PRIu64 " MiB, %u %%%s%s",
	    done >> 20, total >> 20, w->percent, rate, bad);
}

static void
show_json(const struct cli_watch *w, uint64_t done, uint64_t total,
    const struct told *t)
{
	struct ex_buf text = EX_BUF_INIT;
	struct ex_json *v = ex_json_object();

	if (ex_json_set_text(v, "type", "status", NULL) == 0 &&
	    ex_json_set_text(v, "phase", w->phase, NULL) == 0 &&
	    ex_json_set_int(v, "bytes", (int64_t)done, NULL) == 0 &&
	    ex_json_set_int(v, "total", (int64_t)total, NULL) == 0 &&
	    ex_json_set_int(v, "percent", w->percent, NULL) == 0 &&
	    ex_json_set_int(v, "rate", (int64_t)t->rate, NULL) == 0 &&
	    ex_json_set_int(v, "bad_sectors", (int64_t)w->bad_sectors, NULL) ==
		0 &&
	    (t->left < 0 ||
		ex_json_set_int(v, "left_seconds", t->left, NULL) == 0) &&
	    ex_json_print(&text, v, NULL) == 0) {
		(void)puts(ex_buf_text(&text));
		(void)fflush(stdout);
	}
	ex_json_free(v);
	ex_buf_free(&text);
}

static void
show_bar(const struct cli_watch *w, const char *line, int ended)
{
	char bar[BAR + 1];
	unsigned full = w->percent * BAR / 100;

	memset(bar, '-', BAR);
	memset(bar, '#', full < BAR ? full : BAR);
	bar[BAR] = '\0';
	(void)fprintf(stderr, "\r%-8s[%s] %s\033[K%s", w->phase, bar, line,
	    ended ? "\n" : "");
}

/* A phase begins with what is done of it by then: its rate is its own. */
static int
turn(struct cli_watch *w, const char *phase, uint64_t done)
{
	if (strcmp(w->phase, phase) == 0)
		return 0;
	(void)snprintf(w->phase, sizeof(w->phase), "%s", phase);
	w->began = ex_ticks();
	w->first = done;
	return 1;
}

void
cli_watch_progress(void *arg, const char *phase, uint64_t done, uint64_t total)
{
	struct cli_watch *w = arg;
	int begins = turn(w, phase, done), ended = total != 0 && done >= total;
	unsigned percent = cli_watch_percent(phase, done, total);
	int64_t now = ex_ticks();
	struct told t;
	char line[LINE];

	if (!begins && !ended && !asked && now - w->shown < EX_SECOND / 2)
		return;
	w->shown = now;
	if (percent > w->percent)
		w->percent = percent;
	t = estimate(w, done, total);
	describe(line, w, done, total, &t);
	if (asked) {
		asked = 0;
		(void)fprintf(stderr, "%s%s: %s\n",
		    isatty(STDERR_FILENO) ? "\n" : "", phase, line);
	}
	if (w->cli->json)
		show_json(w, done, total, &t);
	else if (!w->cli->quiet && isatty(STDERR_FILENO))
		show_bar(w, line, ended);
}

void
cli_watch_notice(void *arg, const char *line)
{
	struct cli_watch *w = arg;

	cli_notice(w->cli, line);
}
