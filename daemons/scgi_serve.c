/*
 * scgi_serve.c -- a Unix socket, one request after the other.
 *
 * What a web server in front buffers comes at once; a peer that is slow is
 * dropped, so that it keeps nobody waiting.
 */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "daemons/scgi.h"

enum {
	BACKLOG = 64,
	PIECE = 65536,
	LOOK_MS = 200 /* between looks at *stop */
};

static int
listen_at(const char *path, struct ex_err *err)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(a.sun_path))
		return ex_fail(err, EX_LIMIT,
		    "%s: a socket's path holds %zu bytes", path,
		    sizeof(a.sun_path) - 1);
	memcpy(a.sun_path, path, strlen(path));
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		return ex_fail_errno(err, "socket");
	if (unlink(path) == -1 && errno != ENOENT) {
		(void)ex_fail_errno(err, "%s", path);
		goto fail;
	}
	if (bind(fd, (const struct sockaddr *)&a, sizeof(a)) == -1 ||
	    chmod(path, 0660) == -1 || listen(fd, BACKLOG) == -1) {
		(void)ex_fail_errno(err, "%s", path);
		goto fail;
	}
	return fd;
fail:
	(void)close(fd);
	return -1;
}

/* Is there something to do before the deadline?  1 or 0. */
static int
ready(int fd, short what, int64_t until)
{
	struct pollfd p = { .fd = fd, .events = what };

	while (ex_ticks() < until) {
		int n = poll(&p, 1, LOOK_MS);

		if (n == 1)
			return 1;
		if (n == -1 && errno != EINTR)
			return 0;
	}
	return 0;
}

/* More bytes of a request; 0 when no more will come. */
static int
more(struct ex_buf *in, int fd, int64_t until)
{
	ssize_t n;

	if (!ready(fd, POLLIN, until) || ex_buf_reserve(in, PIECE, NULL) == -1)
		return 0;
	n = read(fd, &in->data[in->len], PIECE);
	if (n == -1 && errno == EINTR)
		return 1;
	if (n <= 0)
		return 0;
	in->len += (size_t)n;
	in->data[in->len] = 0;
	return 1;
}

static void
send_answer(int fd, const struct ex_answer *a, int64_t until)
{
	struct ex_buf out = EX_BUF_INIT;
	size_t done = 0;

	if (ex_scgi_write(&out, a, NULL) == 0) {
		while (done < out.len && ready(fd, POLLOUT, until)) {
			ssize_t n = send(
			    fd, &out.data[done], out.len - done, MSG_NOSIGNAL);

			if (n == -1 && errno != EINTR)
				break;
			done += n > 0 ? (size_t)n : 0;
		}
	}
	ex_buf_free(&out);
}

/* Read until a request is whole, or is none. */
static int
receive(struct ex_scgi *request, struct ex_buf *in, int fd, int64_t until,
    struct ex_err *err)
{
	int whole = 0;

	do {
		if (!more(in, fd, until))
			return ex_fail(
			    err, EX_UNREACHABLE, "a request broke off");
		if (ex_scgi_read(request, &whole, in->data, in->len, err) == -1)
			return -1;
	} while (!whole);
	return 0;
}

static int
serve_one(int fd, ex_scgi_handle *handle, void *arg, struct ex_err *err)
{
	int64_t until = ex_ticks() + EX_SCGI_SECONDS * EX_SECOND;
	struct ex_answer a = { .status = 400 };
	struct ex_buf in = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	struct ex_scgi request;
	int rc = 0, send_it = 1;

	if (receive(&request, &in, fd, until, &why) == 0) {
		rc = handle(arg, &request, &a, err);
		send_it = rc == 0;
	} else {
		a.status = why.code == EX_LIMIT ? 413 : 400;
		send_it = why.code != EX_UNREACHABLE;
		ex_log(EX_WARN, "scgi", "%s", why.text);
	}
	if (send_it)
		send_answer(fd, &a, until);
	ex_buf_free(&a.body);
	ex_buf_free(&in);
	return rc;
}

int
ex_scgi_serve(const char *path, ex_scgi_handle *handle, void *arg,
    volatile sig_atomic_t *stop, struct ex_err *err)
{
	int listener = listen_at(path, err), rc = 0;

	if (listener == -1)
		return -1;
	while (rc == 0 && !*stop) {
		int fd;

		if (!ready(
			listener, POLLIN, ex_ticks() + (int64_t)LOOK_MS * 1000))
			continue;
		fd = accept(listener, NULL, NULL);
		if (fd == -1)
			continue;
		rc = serve_one(fd, handle, arg, err);
		(void)close(fd);
	}
	(void)close(listener);
	(void)unlink(path);
	return rc;
}
