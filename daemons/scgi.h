/*
 * scgi.h -- one request as a web server hands it over: SCGI, a netstring of
 * headers and the body.
 *
 * Ours reads what nginx sends and refuses the rest: every header once,
 * CONTENT_LENGTH first, SCGI 1.
 */
#ifndef DAEMONS_SCGI_H
#define DAEMONS_SCGI_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct ex_scgi {
	struct ex_span method; /* "GET", "POST"; inside the parsed bytes */
	struct ex_span path;   /* REQUEST_URI up to a '?' */
	struct ex_span body;
};

/*
 * Take a request apart.  *whole is 0, and nothing else is set, while n bytes
 * are only its beginning.  EX_FORMAT; EX_LIMIT when headers or body are larger
 * than base/limits.h allows.
 */
int ex_scgi_read(struct ex_scgi *out, int *whole, const void *bytes, size_t n,
    struct ex_err *err);

/* What is sent back. */
struct ex_answer {
	int status;	  /* HTTP */
	const char *type; /* of the body; static */
	struct ex_buf body;
};

/* Append it as a CGI answer. */
int ex_scgi_write(
    struct ex_buf *out, const struct ex_answer *a, struct ex_err *err);

/* Answer one request; -1 ends the server. */
typedef int ex_scgi_handle(void *arg, const struct ex_scgi *request,
    struct ex_answer *answer, struct ex_err *err);

/*
 * Listen on a Unix socket at path (replaced if it is there; group may
 * connect) and answer, one after the other, until *stop.  A request that is
 * none is answered 400, one that comes too slowly is dropped.
 */
int ex_scgi_serve(const char *path, ex_scgi_handle *handle, void *arg,
    volatile sig_atomic_t *stop, struct ex_err *err);

#endif
