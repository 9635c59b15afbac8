/*
 * reader.c -- the parent of exhibit-reader.
 */
#define _GNU_SOURCE /* O_NOATIME */
#include "intake/reader.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/proc.h"
#include "intake/reader_files.h"
#include "intake/reader_listen.h"
#include "intake/thread.h"

#define MIB UINT64_C(1048576)

enum {
	STALL = 60,	   /* seconds without a sign of life */
	WALL = 600,	   /* seconds for the smallest image */
	CPU = 600,	   /* the same, of processor time */
	TICK = 100,	   /* milliseconds between two looks at the clock */
	RECEIVE = 1 << 18, /* bytes taken at once */
	LEAVE = 10	   /* seconds to leave after the last word */
};

/* Deflate makes at most 1032 bytes of one. */
#define EXPANDS UINT64_C(1100)

struct reading {
	const struct ex_reading *r;
	struct ex_listener listener;
	int *fd; /* of segments that are there, in order */
	size_t nfds;
	uint64_t total;		       /* bytes of all files */
	const char *absent;	       /* the first path that is not there */
	struct ex_reader_files *files; /* digests of them; or NULL */
	int ask[2], answer[2];	       /* pipes; -1 when closed */
	pid_t pid;
	int64_t begun, heard; /* ticks */
};

static void
close_fd(int *fd)
{
	if (*fd != -1)
		(void)close(*fd);
	*fd = -1;
}

static int
open_one(struct reading *g, size_t i, struct ex_err *err)
{
	const char *path = g->r->path[i];
	const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	struct stat st;
	int fd = open(path, flags | O_NOATIME);

	if (fd == -1 && errno == EPERM)
		fd = open(path, flags);
	if (fd == -1 && (errno == ENOENT || errno == ENOTDIR)) {
		if (g->absent == NULL)
			g->absent = path;
		return 0;
	}
	if (fd == -1)
		return ex_fail_errno(err, "%s", path);
	g->fd[g->nfds++] = fd;
	if (g->r->file != NULL)
		g->r->file[i].fd = fd;
	if (fstat(fd, &st) == -1)
		return ex_fail_errno(err, "%s", path);
	if (!S_ISREG(st.st_mode))
		return ex_fail(err, EX_USAGE, "%s: not a file", path);
	g->total += (uint64_t)st.st_size;
	return 0;
}

static int
open_files(struct reading *g, struct ex_err *err)
{
	size_t n = g->r->npaths;

	if (n == 0 || n > EX_SEGMENTS_MAX)
		return ex_fail(err, EX_USAGE, "%zu segments", n);
	for (size_t i = 0; g->r->file != NULL && i < n; i++)
		g->r->file[i] =
		    (struct ex_reading_file){ .fd = -1, .why = ENOENT };
	if ((g->fd = calloc(n, sizeof(*g->fd))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	/* The reader opens each once more. */
	if (ex_descriptors_need(2 * n, err) == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (open_one(g, i, err) == -1)
			return -1;
	return 0;
}

static uint32_t
seconds_for(uint32_t least, uint64_t bytes, uint64_t per_second)
{
	uint64_t s = least + bytes / per_second;

	return s > INT32_MAX ? INT32_MAX : (uint32_t)s;
}

/*
 * Limits grow with the files that are really there, never with what they
 * claim.  A chunk has 58 bytes at least and costs libewf some 8.
 */
static int
write_request(struct reading *g, struct ex_err *err)
{
	struct ex_reader_request m = { .version = EX_READER_VERSION,
		.container = (uint8_t)g->r->container,
		.send_data = (uint8_t)g->listener.wants_data,
		.without_landlock = g->r->without_landlock != 0,
		.other_digests = g->r->other_digests != 0,
		.block_digests = g->r->block_digests != 0,
		.algs = g->listener.algs,
		.threads = g->r->threads,
		.nfiles = (uint32_t)g->nfds,
		.memory = 512 * MIB + g->total / 4,
		.bytes = g->r->bytes,
		.cpu_seconds = seconds_for(CPU, g->total, MIB),
		.wall_seconds = g->r->wall_seconds };
	struct ex_buf out = EX_BUF_INIT;
	int rc;

	rc = ex_reader_put_request(&out, &m, err);
	/* It fits into the pipe: nobody has to read yet. */
	if (rc == 0)
		rc = ex_fd_write_all(g->ask[1], out.data, out.len, err);
	close_fd(&g->ask[1]);
	ex_buf_free(&out);
	return rc;
}

static int
start(struct reading *g, struct ex_err *err)
{
	const char *argv[] = { "exhibit-reader", NULL };
	struct ex_proc p = EX_PROC_INIT;
	char beside[EX_PATH];
	int null, rc;

	p.path = g->r->program;
	if (p.path == NULL) {
		if (ex_proc_beside(
			beside, sizeof(beside), "exhibit-reader", err) == -1)
			return -1;
		p.path = beside;
	}
	if (pipe2(g->ask, O_CLOEXEC) == -1 || pipe2(g->answer, O_CLOEXEC) == -1)
		return ex_fail_errno(err, "pipe");
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
	g->begun = g->heard = ex_ticks();
	return rc;
}

/* How long nothing may be heard, and how long all of it may take. */
static int
is_late(const struct reading *g, char *why, size_t size)
{
	uint32_t stall = g->r->stall_seconds == 0 ? STALL : g->r->stall_seconds;
	uint32_t wall = g->r->wall_seconds;
	int64_t now = ex_ticks();

	/* Opening reads the tables of all files, without a word. */
	if (g->listener.state == EX_LISTEN_OPENED)
		stall = seconds_for(stall, g->total, 256 * MIB);
	if (wall == 0)
		wall = seconds_for(
		    WALL, g->total + g->listener.verdict->bytes, 2 * MIB);
	if (now - g->heard > stall * EX_SECOND)
		(void)snprintf(why, size,
		    "reading it hung: no sign of life for %" PRIu32 " s",
		    stall);
	else if (now - g->begun > wall * EX_SECOND)
		(void)snprintf(why, size,
		    "reading it took longer than %" PRIu32 " s", wall);
	else
		return 0;
	return 1;
}

static void
tell_progress(const struct reading *g)
{
	const struct ex_listener *l = &g->listener;
	uint64_t done = l->wants_data ? l->next : l->done;

	if (g->r->progress != NULL && l->state >= EX_LISTEN_READING)
		g->r->progress(g->r->progress_arg, done, l->verdict->bytes);
}

/* 1 when there is more to hear, 0 at the end, -1 as ex_listener_feed(). */
static int
hear(struct reading *g, uint8_t *buf, struct ex_err *err)
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
	if (ex_listener_feed(&g->listener, buf, (size_t)n, err) == -1)
		return -1;
	/* Whoever takes its data may have let it wait. */
	g->heard = ex_ticks();
	tell_progress(g);
	return 1;
}

/*
 * Listen until the reader ends, is late, or says what it may not.  why is
 * then what is found about the image; -1 only for what is ours.
 */
static int
listen_to(struct reading *g, char *why, size_t size, struct ex_err *err)
{
	uint8_t *buf = malloc(RECEIVE);
	struct ex_err said = EX_ERR_INIT;
	int more = 1, rc = 0;

	if (buf == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	while (more == 1) {
		more = hear(g, buf, &said);
		if (g->r->stop != NULL && *g->r->stop != 0) {
			rc = ex_fail(err, EX_STATE, "stopped");
			break;
		}
		if (more == 1 && is_late(g, why, size))
			break;
	}
	if (rc == 0 && g->listener.sink_err.code != EX_OK)
		rc = ex_fail(err, g->listener.sink_err.code, "%s",
		    g->listener.sink_err.text);
	else if (rc == 0 && more == -1)
		(void)snprintf(why, size,
		    said.code == EX_LIMIT ? "%s"
					  : "the reader says nonsense: %s",
		    said.text);
	free(buf);
	return rc;
}

/* See the reader off; how it went, if not well, into why. */
static void
see_off(struct reading *g, char *why, size_t size)
{
	int status = 0;

	if (why[0] != '\0' ||
	    ex_proc_wait(g->pid, LEAVE * EX_SECOND, &status, NULL) == -1) {
		ex_proc_stop(g->pid, 0);
		if (why[0] == '\0')
			(void)snprintf(why, size, "the reader did not end");
	} else if (status > 128) {
		(void)snprintf(why, size,
		    "reading it killed the reader (signal %d)", status - 128);
	} else if (status != 0 || g->listener.state < EX_LISTEN_DONE) {
		(void)snprintf(
		    why, size, "the reader ended early (status %d)", status);
	}
	g->pid = -1;
}

/* Nothing can be said of the media. */
static void
set_unreadable(
    struct ex_verdict *v, enum ex_reading_result result, const char *text)
{
	v->result = result;
	v->ndigests = 0;
	v->md5 = v->sha1 = EX_STORED_ABSENT;
	(void)snprintf(v->text, sizeof(v->text), "%s", text);
}

static int
conclude_failed(struct reading *g, struct ex_err *err)
{
	const struct ex_reader_failed *f = &g->listener.failed;
	struct ex_verdict *v = g->listener.verdict;

	if (f->why == EX_READER_NO_LANDLOCK)
		return ex_fail(err, EX_UNREACHABLE, "%s", f->text);
	/* Without a library's name it was not yet in its jail. */
	if (f->why == EX_READER_OWN_FAULT && v->library[0] == '\0')
		return ex_fail(err, EX_SYSTEM, "exhibit-reader: %s", f->text);
	set_unreadable(v,
	    f->why == EX_READER_INCOMPLETE ? EX_READING_DAMAGED
					   : EX_READING_UNREADABLE,
	    f->text);
	return 0;
}

static int
conclude(struct reading *g, const char *why, struct ex_err *err)
{
	struct ex_verdict *v = g->listener.verdict;

	if (why[0] != '\0') {
		set_unreadable(v, EX_READING_UNREADABLE, why);
		return 0;
	}
	if (g->listener.state == EX_LISTEN_FAILED)
		return conclude_failed(g, err);
	if (g->absent != NULL) {
		v->segments_missing = 1;
		if (v->text[0] == '\0')
			(void)snprintf(v->text, sizeof(v->text),
			    "%.400s is not there", g->absent);
	}
	return 0;
}

static void
release(struct reading *g)
{
	if (g->pid > 0)
		ex_proc_stop(g->pid, 0);
	ex_reader_files_end(g->files, 1);
	for (size_t i = 0; i < g->nfds; i++)
		close_fd(&g->fd[i]);
	free(g->fd);
	for (size_t i = 0; i < 2; i++) {
		close_fd(&g->ask[i]);
		close_fd(&g->answer[i]);
	}
	ex_listener_free(&g->listener);
}

/* A set that cannot even be begun; 1 when that is settled. */
static int
is_hopeless(struct reading *g)
{
	struct ex_verdict *v = g->listener.verdict;
	char text[EX_ERR_TEXT];

	if (g->absent == NULL ||
	    (g->nfds > 0 && g->r->container == EX_CONTAINER_E01))
		return 0;
	/* Of a raw image with a piece missing no byte has its place. */
	v->segments_missing = 1;
	(void)snprintf(text, sizeof(text), "%.400s is not there", g->absent);
	set_unreadable(
	    v, g->nfds == 0 ? EX_READING_UNREADABLE : EX_READING_DAMAGED, text);
	return 1;
}

/* Everything but the judgement; *done is 1 when the media was read. */
static int
read_all(struct reading *g, int *done, struct ex_err *err)
{
	struct ex_verdict *v = g->listener.verdict;
	char why[EX_ERR_TEXT] = "";

	*done = 0;
	v->segments = (uint32_t)g->r->npaths;
	if (open_files(g, err) == -1)
		return -1;
	if (is_hopeless(g))
		return 0;
	g->listener.largest = g->r->container == EX_CONTAINER_RAW
				  ? g->total
				  : g->total * EXPANDS + 64 * MIB;
	if (start(g, err) == -1 ||
	    (g->r->file != NULL && ex_reader_files_start(&g->files, g->r->file,
				       g->r->npaths, err) == -1) ||
	    listen_to(g, why, sizeof(why), err) == -1)
		return -1;
	see_off(g, why, sizeof(why));
	ex_reader_files_end(g->files, 0);
	g->files = NULL;
	if (conclude(g, why, err) == -1)
		return -1;
	*done = why[0] == '\0' && g->listener.state == EX_LISTEN_DONE;
	return 0;
}

static unsigned
algs_of(const struct ex_reading *r)
{
	return r->algs != 0 ? r->algs
			    : EX_ALG_BIT(EX_MD5) | EX_ALG_BIT(EX_SHA1) |
				  EX_ALG_BIT(EX_SHA256);
}

static void
begin(struct reading *g, struct ex_verdict *out, const struct ex_reading *r)
{
	memset(out, 0, sizeof(*out));
	out->sector_size = 1;
	*g = (struct reading){
		.r = r, .pid = -1, .ask = { -1, -1 }, .answer = { -1, -1 }
	};
	g->listener.verdict = out;
	g->listener.wants_blocks = r->block_digests;
}

int
ex_reading_verify(
    struct ex_verdict *out, const struct ex_reading *r, struct ex_err *err)
{
	struct reading g;
	int rc, done;

	begin(&g, out, r);
	g.listener.algs = algs_of(r);
	rc = read_all(&g, &done, err);
	if (rc == 0 && done)
		ex_listener_judge(&g.listener);
	release(&g);
	if (rc == -1)
		ex_verdict_free(out);
	return rc;
}

/* Where exported bytes go. */
struct export
{
	int to;
	struct ex_digest *digest;
};

static int
take(void *arg, const void *data, size_t n, struct ex_err *err)
{
	struct export *x = arg;

	if (ex_fd_write_all(x->to, data, n, err) == -1)
		return -1;
	return ex_digest_add(x->digest, data, n, err);
}

int
ex_reading_export(struct ex_verdict *out, const struct ex_reading *r, int to,
    struct ex_err *err)
{
	struct export x = { to, NULL };
	struct reading g;
	sigset_t before;
	int rc, done = 0;

	ex_thread_hold_xfsz(&before);
	begin(&g, out, r);
	g.listener.wants_data = 1;
	g.listener.sink = take;
	g.listener.sink_arg = &x;
	rc = ex_digest_new(&x.digest, algs_of(r), err);
	if (rc == 0)
		rc = read_all(&g, &done, err);
	if (rc == 0 && done) {
		rc = ex_digest_end(
		    x.digest, out->digest, &out->ndigests, NULL, err);
		ex_listener_judge(&g.listener);
	}
	ex_digest_free(x.digest);
	release(&g);
	ex_thread_release_xfsz(&before);
	if (rc == -1)
		ex_verdict_free(out);
	return rc;
}
