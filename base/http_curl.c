/*
 * http_curl.c -- HTTP through libcurl.
 */
#include "base/http.h"

#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

#include "base/limits.h"

/* Where an answer goes. */
struct taking {
	struct ex_buf *body;
	size_t max;
	int full;
};

static size_t
take(char *data, size_t size, size_t n, void *arg)
{
	struct taking *t = arg;

	if (size * n > t->max - t->body->len ||
	    ex_buf_add(t->body, data, size * n, NULL) == -1) {
		t->full = 1;
		return 0;
	}
	return size * n;
}

/* Everything that could lead elsewhere is off. */
static int
set_up(CURL *c, const struct ex_http *r, struct curl_slist *headers,
    struct taking *t)
{
	int ok = curl_easy_setopt(c, CURLOPT_URL, r->url) == CURLE_OK &&
		 curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") ==
		     CURLE_OK &&
		 curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
		 curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
		 curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)EX_HTTP_SECONDS) ==
		     CURLE_OK &&
		 curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
		 curl_easy_setopt(c, CURLOPT_WRITEDATA, t) == CURLE_OK &&
		 curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers) == CURLE_OK;

	if (ok && r->type != NULL)
		ok = curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE,
			 (curl_off_t)r->nbody) == CURLE_OK &&
		     curl_easy_setopt(c, CURLOPT_POSTFIELDS,
			 r->body == NULL ? "" : r->body) == CURLE_OK;
	return ok;
}

/* "text/plain; charset=utf-8" -> "text/plain" */
static void
read_type(struct ex_http_answer *out, CURL *c)
{
	char *type = NULL;

	out->type[0] = '\0';
	if (curl_easy_getinfo(c, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK &&
	    type != NULL)
		(void)snprintf(out->type, sizeof(out->type), "%.*s",
		    (int)strcspn(type, "; "), type);
}

static int
perform(struct ex_http_answer *out, CURL *c, const struct ex_http *r,
    struct curl_slist *headers, struct ex_err *err)
{
	struct taking t = { &out->body, r->max, 0 };
	long status = 0;
	CURLcode rc;

	if (!set_up(c, r, headers, &t))
		return ex_fail(err, EX_SYSTEM, "libcurl cannot be set up");
	rc = curl_easy_perform(c);
	if (t.full)
		return ex_fail(err, EX_LIMIT,
		    "%s: an answer of more than %zu bytes", r->url, r->max);
	if (rc != CURLE_OK)
		return ex_fail(err, EX_UNREACHABLE, "%s: %s", r->url,
		    curl_easy_strerror(rc));
	(void)curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	out->status = (int)status;
	read_type(out, c);
	return 0;
}

int
ex_http_ask(struct ex_http_answer *out, const struct ex_http *request,
    struct ex_err *err)
{
	struct curl_slist *headers = NULL;
	char line[128];
	CURL *c;
	int rc = -1;

	memset(out, 0, sizeof(*out));
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0 ||
	    (c = curl_easy_init()) == NULL)
		return ex_fail(err, EX_SYSTEM, "libcurl cannot be set up");
	(void)snprintf(line, sizeof(line), "Content-Type: %s",
	    request->type == NULL ? "" : request->type);
	headers = curl_slist_append(NULL, line);
	if (headers == NULL)
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
	else
		rc = perform(out, c, request, headers, err);
	curl_slist_free_all(headers);
	curl_easy_cleanup(c);
	return rc;
}
