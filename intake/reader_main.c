/*
 * reader_main.c -- exhibit-reader: bytes of evidence are parsed here and
 * nowhere else.
 *
 * The contract: be told once what to read; give up every right but to read
 * the files that were handed over, to write to the parent and to use memory
 * and time within limits; read; say what was found; leave.
 * It is started by its parent with descriptors and nothing else.
 */
#define _GNU_SOURCE /* prctl's signal at the parent's death */
#include <sys/prctl.h>
#include <sys/stat.h>

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/jail.h"
#include "intake/catalogue_work.h"
#include "intake/imaging.h"
#include "intake/reader_parts.h"

enum {
	STATUS_USAGE = 64,
	REQUEST_MAX = 4096 /* bytes of what is asked */
};

struct reader {
	struct ex_reader_request request;
	int *fd; /* the files, in order */
	const struct ex_reader_image_ops *ops;
	struct ex_reading_run *run;
	struct ex_reader_image image;
	struct ex_reader_done done;
};

static int
is_pipe(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

/* Exactly n bytes of what the parent asks. */
static int
read_exact(uint8_t *to, size_t n, struct ex_err *err)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = read(STDIN_FILENO, &to[done], n - done);

		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0)
			return ex_fail(err, EX_FORMAT, "no request");
		done += (size_t)got;
	}
	return 0;
}

/* What is asked: a request of ours, or (*kind) one for a catalogue. */
static int
read_request(
    uint32_t *kind, uint8_t *body, size_t size, uint32_t *n, struct ex_err *err)
{
	uint8_t head[EX_READER_HEAD];
	struct ex_reader r;
	size_t largest;

	if (read_exact(head, sizeof(head), err) == -1)
		return -1;
	ex_reader_init(&r, head, sizeof(head));
	if (ex_read_u32(&r, kind, err) == -1 || ex_read_u32(&r, n, err) == -1)
		return -1;
	largest = *kind == EX_CAT_REQUEST ? ex_cat_largest(*kind)
					  : ex_reader_largest(*kind);
	if ((*kind != EX_READER_REQUEST && *kind != EX_CAT_REQUEST) ||
	    *n > largest || *n > size)
		return ex_fail(err, EX_FORMAT, "no request");
	return read_exact(body, *n, err);
}

static int
say(struct ex_buf *out, int rc, struct ex_err *err)
{
	if (rc == 0)
		rc = ex_fd_write_all(STDOUT_FILENO, out->data, out->len, err);
	ex_buf_free(out);
	return rc;
}

static int
say_failed(enum ex_reader_failure why, const char *text)
{
	struct ex_reader_failed m = { .why = (uint8_t)why };
	struct ex_buf out = EX_BUF_INIT;

	(void)snprintf(m.text, sizeof(m.text), "%s", text);
	return say(&out, ex_reader_put_failed(&out, &m, NULL), NULL);
}

static int
say_hello(const struct reader *r, enum ex_jail_kind kind, struct ex_err *err)
{
	struct ex_reader_hello m = { .version = EX_READER_VERSION,
		.landlock = kind == EX_JAIL_FULL };
	struct ex_buf out = EX_BUF_INIT;

	(void)snprintf(m.library, sizeof(m.library), "%s%.40s",
	    r->request.container == EX_CONTAINER_E01 ? "libewf " : "",
	    r->ops->library());
	return say(&out, ex_reader_put_hello(&out, &m, err), err);
}

/* Everything that needs rights. */
static int
prepare(struct reader *r, const uint8_t *body, size_t nbody, struct ex_err *err)
{
	size_t n;

	if (ex_reader_get_request(&r->request, body, nbody, err) == -1)
		return -1;
	n = r->request.nfiles;
	if ((r->fd = calloc(n, sizeof(*r->fd))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < n; i++)
		r->fd[i] = EX_READER_FILES + (int)i;
	r->ops = r->request.container == EX_CONTAINER_E01 ? &ex_reader_ewf
							  : &ex_reader_raw;
	return ex_reading_run_new(&r->run, &r->request, STDOUT_FILENO, err);
}

/* Files first, then threads, then everything else: base/jail.h. */
static int
enter_jail(const struct reader *r, enum ex_jail_kind *kind, struct ex_err *err)
{
	struct ex_jail jail = { .read_fd = r->fd,
		.nread = r->request.nfiles,
		.memory = r->request.memory,
		.cpu_seconds = r->request.cpu_seconds,
		.wall_seconds = r->request.wall_seconds,
		.without_landlock = r->request.without_landlock };

	if (ex_jail_begin(&jail, err) == -1 ||
	    ex_reading_run_start(r->run, err) == -1)
		return -1;
	return ex_jail_enter(&jail, kind, err);
}

static int
open_image(struct reader *r, struct ex_err *err)
{
	struct ex_reader_opened m;
	struct ex_buf out = EX_BUF_INIT;

	r->image.ops = r->ops;
	if (r->ops->open(&r->image, r->fd, r->request.nfiles, &r->done, err) ==
	    -1)
		return -1;
	if (r->request.bytes != 0 && r->request.bytes < r->image.bytes)
		r->image.bytes = r->request.bytes;
	m.bytes = r->image.bytes;
	m.sector_size = r->image.sector_size;
	return say(&out, ex_reader_put_opened(&out, &m, err), err);
}

/* What its maker wrote into it: a claim, and no more. */
static int
tell_header(struct reader *r, struct ex_err *err)
{
	struct ex_buf out = EX_BUF_INIT;

	if (r->ops->tell == NULL)
		return 0;
	return say(&out, r->ops->tell(&r->image, &out, err), err);
}

static int
read_image(struct reader *r, struct ex_err *err)
{
	struct ex_buf out = EX_BUF_INIT;

	if (ex_reading_run_go(r->run, &r->image, &r->done, err) == -1)
		return -1;
	r->ops->end(&r->image, &r->done);
	return say(&out, ex_reader_put_done(&out, &r->done, err), err);
}

/* What the parent is to make of a failure while the image was opened. */
static enum ex_reader_failure
failure_of(const struct ex_err *err)
{
	if (err->code == EX_FORMAT)
		return EX_READER_UNREADABLE;
	return err->code == EX_DAMAGED ? EX_READER_INCOMPLETE
				       : EX_READER_OWN_FAULT;
}

static int
work(struct reader *r)
{
	struct ex_err err = EX_ERR_INIT;
	enum ex_jail_kind kind;
	uint8_t body[REQUEST_MAX];
	uint32_t asked = 0, n = 0;

	if (read_request(&asked, body, sizeof(body), &n, &err) == 0 &&
	    asked == EX_CAT_REQUEST)
		return ex_catalogue_reader(body, n);
	if (err.code != EX_OK || prepare(r, body, n, &err) == -1)
		return say_failed(EX_READER_OWN_FAULT, err.text);
	if (enter_jail(r, &kind, &err) == -1)
		return say_failed(err.code == EX_UNREACHABLE
				      ? EX_READER_NO_LANDLOCK
				      : EX_READER_OWN_FAULT,
		    err.text);
	if (say_hello(r, kind, &err) == -1)
		return -1;
	if (open_image(r, &err) == -1)
		return say_failed(failure_of(&err), err.text);
	if (tell_header(r, &err) == -1 || read_image(r, &err) == -1)
		return say_failed(EX_READER_OWN_FAULT, err.text);
	return 0;
}

int
main(void)
{
	struct reader r;
	int rc;

	if (!is_pipe(STDIN_FILENO) || !is_pipe(STDOUT_FILENO)) {
		(void)fprintf(stderr,
		    "exhibit-reader: started by exhibit, not by hand: see "
		    "exhibit verify\n");
		return STATUS_USAGE;
	}
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* An arena for every thread would use up the address space. */
	(void)mallopt(M_ARENA_MAX, 1);
	memset(&r, 0, sizeof(r));
	rc = work(&r);
	if (r.image.self != NULL)
		r.ops->close(&r.image);
	ex_reading_run_free(r.run);
	free(r.fd);
	/* Exit handlers of libraries want rights that are gone. */
	_exit(rc == 0 ? 0 : 1);
}
