/*
 * scgi.c -- the bytes of SCGI requests and answers.
 */
#include "daemons/scgi.h"

#include <inttypes.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

enum {
	LENGTH_DIGITS = 6 /* of a netstring's length, at most */
};

/* What is taken from the headers; each has a NUL behind it. */
struct headers {
	const char *length, *scgi, *method, *uri;
};

/* "123:", where more bytes may still be on their way. */
static int
read_length(size_t *out, int *whole, struct ex_reader *r, struct ex_err *err)
{
	char text[LENGTH_DIGITS + 1];
	unsigned long long value;
	size_t n = 0;

	*whole = 0;
	while (n < r->left && n <= LENGTH_DIGITS && r->p[n] >= '0' &&
	       r->p[n] <= '9')
		n++;
	if (n > LENGTH_DIGITS || (n < r->left && r->p[n] != ':'))
		return ex_fail(err, EX_FORMAT, "no SCGI request");
	if (n == r->left)
		return 0;
	memcpy(text, r->p, n);
	text[n] = '\0';
	if (ex_text_number(&value, text, 999999, NULL) == -1)
		return ex_fail(err, EX_FORMAT, "no SCGI request");
	if (value > EX_SCGI_HEAD_MAX)
		return ex_fail(err, EX_LIMIT, "headers of %llu bytes", value);
	r->p += n + 1;
	r->left -= n + 1;
	*out = (size_t)value;
	*whole = 1;
	return 0;
}

/* A text with its NUL. */
static int
read_text(const char **out, struct ex_reader *r, struct ex_err *err)
{
	struct ex_span span;
	size_t n = 0;

	while (n < r->left && r->p[n] != '\0')
		n++;
	if (n == r->left || ex_read_span(r, n + 1, &span, err) == -1)
		return ex_fail(err, EX_FORMAT, "a header without its end");
	*out = (const char *)span.p;
	return 0;
}

/* Keep a header that matters; none of them comes twice. */
static int
keep(struct headers *h, const char *name, const char *value, int first,
    struct ex_err *err)
{
	const struct {
		const char *name;
		const char **place;
	} known[] = {
		{ "CONTENT_LENGTH", &h->length },
		{ "SCGI", &h->scgi },
		{ "REQUEST_METHOD", &h->method },
		{ "REQUEST_URI", &h->uri },
	};

	if (first && strcmp(name, known[0].name) != 0)
		return ex_fail(
		    err, EX_FORMAT, "CONTENT_LENGTH is not the first header");
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(name, known[i].name) != 0)
			continue;
		if (*known[i].place != NULL)
			return ex_fail(err, EX_FORMAT, "%s twice", name);
		*known[i].place = value;
	}
	return 0;
}

static int
read_headers(struct headers *h, struct ex_span head, struct ex_err *err)
{
	const char *name, *value;
	struct ex_reader r;

	memset(h, 0, sizeof(*h));
	ex_reader_init(&r, head.p, head.n);
	for (int first = 1; r.left > 0; first = 0) {
		if (read_text(&name, &r, err) == -1 ||
		    read_text(&value, &r, err) == -1 ||
		    keep(h, name, value, first, err) == -1)
			return -1;
	}
	if (h->length == NULL || h->scgi == NULL || h->method == NULL ||
	    h->uri == NULL || strcmp(h->scgi, "1") != 0)
		return ex_fail(err, EX_FORMAT, "a header is missing");
	return 0;
}

static struct ex_span
span_of(const char *text, size_t n)
{
	struct ex_span span = { (const uint8_t *)text, n };

	return span;
}

int
ex_scgi_read(struct ex_scgi *out, int *whole, const void *bytes, size_t n,
    struct ex_err *err)
{
	unsigned long long length;
	struct ex_span head, comma;
	struct headers h;
	struct ex_reader r;
	size_t nhead;

	ex_reader_init(&r, bytes, n);
	if (read_length(&nhead, whole, &r, err) == -1)
		return -1;
	if (!*whole || r.left < nhead + 1) {
		*whole = 0;
		return 0;
	}
	*whole = 0;
	if (ex_read_span(&r, nhead, &head, err) == -1 ||
	    ex_read_span(&r, 1, &comma, err) == -1)
		return -1;
	if (!ex_span_is(comma, ","))
		return ex_fail(err, EX_FORMAT, "headers without their end");
	if (read_headers(&h, head, err) == -1 ||
	    ex_text_number(&length, h.length, INT64_MAX, err) == -1)
		return -1;
	if (length > EX_WITNESS_BODY_MAX)
		return ex_fail(err, EX_LIMIT, "a body of %llu bytes", length);
	if (r.left < length)
		return 0;
	if (r.left > length)
		return ex_fail(err, EX_FORMAT, "bytes behind the body");
	out->method = span_of(h.method, strlen(h.method));
	out->path = span_of(h.uri, strcspn(h.uri, "?"));
	out->body.p = r.p;
	out->body.n = r.left;
	*whole = 1;
	return 0;
}

static const struct {
	int status;
	const char *text;
} reason[] = {
	{ 200, "OK" },
	{ 400, "Bad Request" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 409, "Conflict" },
	{ 413, "Content Too Large" },
	{ 422, "Unprocessable Entity" },
	{ 500, "Internal Server Error" },
	{ 503, "Service Unavailable" },
};

int
ex_scgi_write(struct ex_buf *out, const struct ex_answer *a, struct ex_err *err)
{
	const char *text = "Unknown";

	for (size_t i = 0; i < sizeof(reason) / sizeof(reason[0]); i++) {
		if (reason[i].status == a->status)
			text = reason[i].text;
	}
	if (ex_buf_addf(out, err,
		"Status: %d %s\r\nContent-Type: %s\r\n"
		"Content-Length: %zu\r\n\r\n",
		a->status, text, a->type == NULL ? "text/plain" : a->type,
		a->body.len) == -1)
		return -1;
	return ex_buf_add(out, a->body.data, a->body.len, err);
}
