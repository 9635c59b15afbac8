/*
 * http.h -- one request to a server outside, one answer.
 *
 * HTTP and HTTPS, no redirects, no cookies, the system's CA certificates for
 * https.  What an answer says is checked by whoever asked: nothing here is
 * trusted because of where it came from.
 */
#ifndef BASE_HTTP_H
#define BASE_HTTP_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct ex_http {
	const char *url;
	const char *type; /* Content-Type of the body; NULL: GET */
	const void *body;
	size_t nbody;
	size_t max; /* bytes of an answer, at most */
};

struct ex_http_answer {
	int status;
	char type[64];	    /* media type, without parameters */
	struct ex_buf body; /* the caller's to release */
};

/*
 * Ask, waiting at most EX_HTTP_SECONDS.  Whatever status comes is an answer.
 * EX_UNREACHABLE: none came; EX_LIMIT: it was too long.
 */
int ex_http_ask(struct ex_http_answer *out, const struct ex_http *request,
    struct ex_err *err);

#endif
