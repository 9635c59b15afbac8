/*
 * catalogue.c -- the parent of exhibit-reader while an image is catalogued:
 * it watches, and starts another one behind what killed or held up the last.
 */
#define _GNU_SOURCE /* O_NOATIME */
#include "intake/catalogue.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/proc.h"
#include "intake/catalogue_listen.h"
#include "intake/thread.h"

#define MIB UINT64_C(1048576)

enum {
	PATIENCE = 60,	   /* seconds without headway */
	WALL = 3600,	   /* seconds for the smallest image */
	SLOWEST = 4,	   /* MiB a second that a run may take */
	ORPHANS = 32,	   /* the same, for a search after orphans */
	TICK = 100,	   /* milliseconds between two looks at the clock */
	RECEIVE = 1 << 18, /* bytes taken at once */
	LEAVE = 10,	   /* seconds to leave after the last word */
	DEATHS = 8,	   /* on one volume, then the rest is given up */
	RESTARTS = 48	   /* of one run */
};

/* Deflate makes at most 1032 bytes of one; sparse containers hold anything. */
#define EXPANDS	   UINT64_C(1100)
#define SPARSE_MAX (UINT64_C(1) << 50)

struct cataloguing {
	const struct ex_cataloguing *c;
	struct ex_catalogue *out;
	struct ex_cat_listener listener;
	struct ex_catalogue_place avoid[EX_CATALOGUE_AVOIDED];
	size_t navoid;
	unsigned deaths[EX_CATALOGUE_VOLUMES]; /* on each volume */
	int *fd;
	size_t nfds;
	uint64_t total;	       /* bytes of all files */
	int ask[2], answer[2]; /* pipes; -1 when closed */
	pid_t pid;
	int64_t begun, heard; /* ticks */
	int over;	      /* 1: no reader is to be started any more */
};

static void
close_fd(int *fd)
{
	if (*fd != -1)
		(void)close(*fd);
	*fd = -1;
}

static int
open_files(struct cataloguing *g, struct ex_err *err)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	size_t n = g->c->npaths;

	if (n == 0 || n > EX_SEGMENTS_MAX)
		return ex_fail(err, EX_USAGE, "%zu segments", n);
	if ((g->fd = calloc(n, sizeof(*g->fd))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_descriptors_need(2 * n, err) == -1)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const char *path = g->c->path[i];
		struct stat st;
		int fd = open(path, flags | O_NOATIME);

		if (fd == -1 && errno == EPERM)
			fd = open(path, flags);
		if (fd == -1)
			return ex_fail_errno(err, "%s", path);
		g->fd[g->nfds++] = fd;
		if (fstat(fd, &st) == -1)
			return ex_fail_errno(err, "%s", path);
		if (!S_ISREG(st.st_mode))
			return ex_fail(err, EX_USAGE, "%s: not a file", path);
		g->total += (uint64_t)st.st_size;
	}
	return 0;
}

static uint32_t
seconds_for(uint32_t least, uint64_t bytes, uint64_t per_second)
{
	uint64_t s = least + bytes / per_second;

	return s > INT32_MAX ? INT32_MAX : (uint32_t)s;
}

static uint32_t
wall_of(const struct cataloguing *g)
{
	if (g->c->wall_seconds != 0)
		return g->c->wall_seconds;
	return seconds_for(WALL, g->total + g->out->bytes, SLOWEST * MIB);
}

static int
write_request(struct cataloguing *g, struct ex_err *err)
{
	struct ex_cat_request m = { .version = EX_CATALOGUE_VERSION,
		.container = (uint8_t)g->c->container,
		.without_landlock = g->c->without_landlock != 0,
		.no_orphans = g->c->no_orphans != 0,
		.no_digests = g->c->no_digests != 0,
		.nfiles = (uint32_t)g->nfds,
		.memory = 512 * MIB + g->total / 4,
		.cpu_seconds = wall_of(g),
		.wall_seconds = wall_of(g),
		.navoid = g->navoid };
	const struct ex_cat_listener *l = &g->listener;
	struct ex_buf out = EX_BUF_INIT;
	int rc;

	if (l->has_line) {
		m.from = l->line;
		m.from_stream = (uint16_t)(l->line_stream + 1);
	}
	memcpy(m.avoid, g->avoid, sizeof(m.avoid));
	rc = ex_cat_put_request(&out, &m, err);
	/* It fits into the pipe: nobody has to read yet. */
	if (rc == 0)
		rc = ex_fd_write_all(g->ask[1], out.data, out.len, err);
	close_fd(&g->ask[1]);
	ex_buf_free(&out);
	return rc;
}

static int
start(struct cataloguing *g, struct ex_err *err)
{
	const char *argv[] = { "exhibit-reader", NULL };
	struct ex_proc p = EX_PROC_INIT;
	char beside[EX_PATH];
	int null, rc;

	p.path = g->c->program;
	if (p.path == NULL) {
		if (ex_proc_beside(
			beside, sizeof(beside), "exhibit-reader", err) == -1)
			return -1;
		p.path = beside;
	}
	if (pipe2(g->ask, O_CLOEXEC) == -1 || pipe2(g->answer, O_CLOEXEC) == -1)
		return ex_fail_errno(err, "pipe");
	ex_cat_listener_begin(&g->listener);
	if (write_request(g, err) == -1)
		return -1;
	/* What a parser of hostile bytes prints is not for a terminal. */
	if ((null = open("/dev/null", O_RDWR | O_CLOEXEC)) == -1)
		return ex_fail_errno(err, "/dev/null");
	p.argv = argv;
	p.in = g->ask[0];
	p.out = g->answer[1];
	p.err = null;
	p.fds = g->fd;
	p.nfds = g->nfds;
	rc = ex_proc_start(&g->pid, &p, err);
	(void)close(null);
	close_fd(&g->ask[0]);
	close_fd(&g->answer[1]);
	g->heard = ex_ticks();
	return rc;
}

/* Seconds that this step may take without a word. */
static uint32_t
patience_of(const struct cataloguing *g)
{
	uint32_t s =
	    g->c->patience_seconds == 0 ? PATIENCE : g->c->patience_seconds;

	switch ((int)g->listener.at.step) {
	case EX_STEP_IMAGE:
		return seconds_for(s, g->total, 256 * MIB);
	case EX_STEP_ORPHANS:
		return seconds_for(2 * s, g->out->bytes, ORPHANS * MIB);
	default:
		return s;
	}
}

/* 1 when there is more to hear, 0 at the end, -1 as the listener's feed. */
static int
hear(struct cataloguing *g, uint8_t *buf, struct ex_err *err)
{
	struct pollfd p = { g->answer[0], POLLIN, 0 };
	ssize_t n;

	if (poll(&p, 1, TICK) <= 0)
		return 1;
	n = read(g->answer[0], buf, RECEIVE);
	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return 1;
	if (n <= 0)
		return 0;
	if (ex_cat_listener_feed(&g->listener, buf, (size_t)n, err) == -1)
		return -1;
	g->heard = ex_ticks();
	if (g->c->progress != NULL)
		g->c->progress(
		    g->c->progress_arg, g->out->lines, g->out->digested_bytes);
	return 1;
}

/* How a reader ended. */
struct ending {
	int is_bad;
	enum ex_catalogue_found what;
	char text[160];
};

static void end_badly(struct ending *e, enum ex_catalogue_found what,
    const char *fmt, ...) __attribute__((__format__(__printf__, 3, 4)));
static void
end_badly(struct ending *e, enum ex_catalogue_found what, const char *fmt, ...)
{
	va_list ap;

	e->is_bad = 1;
	e->what = what;
	va_start(ap, fmt);
	(void)vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
}

/* Is it late?  Then how. */
static int
is_late(struct cataloguing *g, struct ending *e)
{
	uint32_t patience = patience_of(g);
	int64_t now = ex_ticks();

	if (now - g->begun > wall_of(g) * EX_SECOND) {
		g->over = 1;
		end_badly(e, EX_FOUND_GIVEN_UP,
		    "the run took longer than %" PRIu32 " s", wall_of(g));
		return 1;
	}
	if (now - g->heard > patience * EX_SECOND) {
		end_badly(
		    e, EX_FOUND_HUNG, "no headway for %" PRIu32 " s", patience);
		return 1;
	}
	return 0;
}

/* Listen until the reader ends, is late, or says what it may not. */
static int
listen_to(struct cataloguing *g, struct ending *e, struct ex_err *err)
{
	uint8_t *buf = malloc(RECEIVE);
	struct ex_err said = EX_ERR_INIT;
	int more = 1, rc = 0;

	if (buf == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	while (more == 1 && rc == 0) {
		more = hear(g, buf, &said);
		if (g->c->stop != NULL && *g->c->stop != 0)
			rc = ex_fail(err, EX_STATE, "stopped");
		else if (more == 1 && is_late(g, e))
			break;
	}
	free(buf);
	if (rc == 0 && g->listener.file_err.code != EX_OK)
		return ex_fail(err, g->listener.file_err.code, "%s",
		    g->listener.file_err.text);
	if (rc == 0 && more == -1 && said.code == EX_SYSTEM)
		return ex_fail(err, said.code, "%s", said.text);
	if (rc == 0 && more == -1)
		end_badly(e, EX_FOUND_NONSENSE,
		    "the reader says nonsense: %.100s", said.text);
	return rc;
}

/* See the reader off. */
static void
see_off(struct cataloguing *g, struct ending *e)
{
	int status = 0;

	if (e->is_bad ||
	    ex_proc_wait(g->pid, LEAVE * EX_SECOND, &status, NULL) == -1) {
		ex_proc_stop(g->pid, 0);
		if (!e->is_bad)
			end_badly(e, EX_FOUND_HUNG, "the reader did not end");
	} else if (status > 128) {
		end_badly(e, EX_FOUND_CRASHED,
		    "it killed the reader (signal %d)", status - 128);
	} else if (g->listener.state < EX_CAT_HEARD_DONE) {
		end_badly(e, EX_FOUND_CRASHED,
		    "the reader ended early (status %d)", status);
	}
	g->pid = -1;
	for (size_t i = 0; i < 2; i++) {
		close_fd(&g->ask[i]);
		close_fd(&g->answer[i]);
	}
}

static int
is_avoided(const struct cataloguing *g, const struct ex_catalogue_place *p)
{
	for (size_t i = 0; i < g->navoid; i++)
		if (g->avoid[i].step == p->step &&
		    ex_catalogue_place_order(&g->avoid[i], p) == 0)
			return 1;
	return 0;
}

static int
find(struct cataloguing *g, enum ex_catalogue_found what,
    const struct ex_catalogue_place *place, const char *doing, const char *text,
    struct ex_err *err)
{
	struct ex_catalogue_finding f;

	memset(&f, 0, sizeof(f));
	f.what = what;
	f.place = *place;
	(void)snprintf(f.text, sizeof(f.text), "%s%s%s", doing,
	    doing[0] == '\0' ? "" : ": ", text);
	return ex_catalogue_find(g->out, &f, err);
}

/* This place is left out from now on; when there is no room, all is over. */
static void
avoid(struct cataloguing *g, const struct ex_catalogue_place *p)
{
	if (g->navoid == EX_CATALOGUE_AVOIDED)
		g->over = 1;
	else
		g->avoid[g->navoid++] = *p;
}

static const char *
doing(enum ex_catalogue_step step)
{
	static const char *const text[EX_STEPS] = { "opening the image",
		"looking for a partition table", "opening a file system",
		"opening a pool", "looking at a volume", "reading a folder",
		"searching files without a name", "reading a file's metadata",
		"reading where a file lies", "reading a file's content",
		"looking at a file's type", "" };

	return text[step];
}

/*
 * A reader died: where, and behind it the next one goes on.  A place that
 * kills it although it is left out, and a volume with too many of them, are
 * given up.
 */
static int
note_death(struct cataloguing *g, const struct ending *e, struct ex_err *err)
{
	struct ex_catalogue_place at = g->listener.at;
	struct ex_catalogue_place rest = { EX_STEP_REST, at.volume, 0, 0 };
	unsigned *deaths = &g->deaths[at.volume];

	if (find(g, e->what, &at, doing(at.step), e->text, err) == -1)
		return -1;
	if (at.step == EX_STEP_ORPHANS &&
	    find(g, EX_FOUND_ORPHANS, &at, "",
		"files without a name were not searched", err) == -1)
		return -1;
	++*deaths;
	if (!is_avoided(g, &at) && *deaths < DEATHS) {
		avoid(g, &at);
	} else if (!is_avoided(g, &rest)) {
		avoid(g, &at);
		avoid(g, &rest);
		if (find(g, EX_FOUND_GIVEN_UP, &rest, "",
			"too much went wrong on this volume: what is left "
			"of it was not read",
			err) == -1)
			return -1;
	} else {
		g->over = 1;
	}
	if (++g->out->restarts >= RESTARTS)
		g->over = 1;
	return g->over ? find(g, EX_FOUND_GIVEN_UP, &at, "",
			     "the run ended here: what is behind it was not "
			     "read",
			     err)
		       : 0;
}

/* One reader from its start to its end; *done when it told all. */
static int
run_once(struct cataloguing *g, int *done, struct ex_err *err)
{
	struct ending e = { 0, EX_FOUND_CRASHED, "" };

	*done = 0;
	if (start(g, err) == -1 || listen_to(g, &e, err) == -1)
		return -1;
	see_off(g, &e);
	if (g->listener.state == EX_CAT_HEARD_FAILED)
		return ex_fail(err,
		    g->listener.failed.no_landlock ? EX_UNREACHABLE : EX_SYSTEM,
		    "%s%s",
		    g->listener.failed.no_landlock ? "" : "exhibit-reader: ",
		    g->listener.failed.text);
	/* Before it was in its jail no byte of the image was looked at. */
	if (e.is_bad && g->listener.state == EX_CAT_HEARD_NOTHING)
		return ex_fail(err, EX_SYSTEM, "exhibit-reader: %s", e.text);
	if (!e.is_bad) {
		*done = 1;
		return 0;
	}
	return note_death(g, &e, err);
}

static void
release(struct cataloguing *g)
{
	if (g->pid > 0)
		ex_proc_stop(g->pid, 0);
	for (size_t i = 0; i < g->nfds; i++)
		close_fd(&g->fd[i]);
	free(g->fd);
	for (size_t i = 0; i < 2; i++) {
		close_fd(&g->ask[i]);
		close_fd(&g->answer[i]);
	}
	ex_cat_listener_free(&g->listener);
	free(g);
}

int
ex_catalogue_run(struct ex_catalogue *out, const struct ex_cataloguing *c,
    struct ex_err *err)
{
	struct cataloguing *g = calloc(1, sizeof(*g));
	int done = 0, rc = -1;

	memset(out, 0, sizeof(*out));
	if (g == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	g->c = c;
	g->out = out;
	g->pid = -1;
	g->ask[0] = g->ask[1] = g->answer[0] = g->answer[1] = -1;
	g->listener.out = out;
	g->listener.file = c->file;
	g->listener.file_arg = c->file_arg;
	g->begun = ex_ticks();
	if (open_files(g, err) == 0) {
		g->listener.largest = c->container == EX_CONTAINER_E01
					  ? g->total * EXPANDS + 64 * MIB
					  : SPARSE_MAX;
		rc = 0;
	}
	while (rc == 0 && !done && !g->over)
		rc = run_once(g, &done, err);
	release(g);
	if (rc == -1)
		ex_catalogue_free(out);
	return rc;
}

void
ex_catalogue_free(struct ex_catalogue *c)
{
	free(c->volume);
	free(c->finding);
	c->volume = NULL;
	c->finding = NULL;
	c->nvolumes = c->nfindings = 0;
}
