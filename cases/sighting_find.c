/*
 * sighting_find.c -- where an indicator was seen.
 */
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/limits.h"
#include "cases/indicator.h"
#include "cases/sighting.h"
#include "cases/sighting_parts.h"
#include "db/casebook.h"

enum {
	SHOWN = 500 /* sightings of one kind */
};

/* Looking for one value. */
struct looking {
	struct ex_conn *conn;
	struct ex_json *list;
	size_t asked; /* kinds that it fitted */
};

/* The host of a canonical value. */
static struct ex_span
host_of(const char *value)
{
	const char *p = strstr(value, "://"), *at;
	struct ex_span s;

	p = p == NULL ? value : p + 3;
	s.n = strcspn(p, "/?#");
	for (at = p; at < p + s.n; at++)
		if (*at == '@') {
			s.n -= (size_t)(at + 1 - p);
			p = at + 1;
		}
	s.p = (const uint8_t *)p;
	if (s.n > 0 && *p != '[')
		for (size_t i = 0; i < s.n; i++)
			if (p[i] == ':')
				s.n = i;
	return s;
}

int
ex_sighting_rev(struct ex_buf *out, const char *value, struct ex_err *err)
{
	struct ex_span s = host_of(value);
	size_t end = s.n, start = out->len;

	if (s.n == 0 || s.p[0] == '[' ||
	    (s.p[s.n - 1] >= '0' && s.p[s.n - 1] <= '9'))
		return 0; /* an address */
	for (size_t i = s.n; i > 0; i--) {
		if (i > 1 && s.p[i - 1] != '.')
			continue;
		size_t from = s.p[i - 1] == '.' ? i : i - 1;

		if ((out->len > start &&
			ex_buf_add_byte(out, '.', err) == -1) ||
		    ex_buf_add(out, s.p + from, end - from, err) == -1)
			return -1;
		end = i - 1;
	}
	return 0;
}

/* One question; what it yields goes to the end of the list. */
static int
ask(struct looking *l, const char *how, const char *what, const char *subject,
    struct ex_err *err)
{
	struct ex_json *got;
	int rc = 0;

	l->asked++;
	if (ex_casebook_find(&got, l->conn, how, what, subject, SHOWN, err) ==
	    -1)
		return -1;
	for (size_t i = 0; rc == 0 && i < ex_json_count(got); i++)
		rc = ex_json_add(l->list, ex_json_ref(ex_json_at(got, i)), err);
	ex_json_free(got);
	return rc;
}

static int
find_exact(struct looking *l, enum ex_indicator kind, const char *typed,
    struct ex_err *err)
{
	struct ex_buf value = EX_BUF_INIT, subject = EX_BUF_INIT;
	uint8_t key[EX_IND_KEY];
	char hex[2 * EX_IND_KEY + 1];
	int rc = 0;

	if (ex_indicator_canonical(&value, kind, typed, NULL) == 0) {
		ex_indicator_key(key, kind, ex_buf_text(&value));
		ex_hex(hex, key, sizeof(key));
		rc = ex_buf_addf(&subject, err, "%s:%s",
		    ex_indicator_name(kind), ex_buf_text(&value));
		if (rc == 0)
			rc = ask(l, "key", hex, ex_buf_text(&subject), err);
		if (rc == 0 && kind == EX_IND_CIDR)
			rc = ask(l, "within", ex_buf_text(&value),
			    ex_buf_text(&subject), err);
	}
	ex_buf_free(&value);
	ex_buf_free(&subject);
	return rc;
}

/* "START*": as it would stand in a canonical value. */
static int
find_prefix(struct looking *l, enum ex_indicator kind, const char *typed,
    struct ex_err *err)
{
	struct ex_buf what = EX_BUF_INIT;
	int rc = ex_buf_addf(&what, err, "%s:", ex_indicator_name(kind));

	if (rc == 0 && (kind == EX_IND_PLATE || kind == EX_IND_CRYPTO_WALLET ||
			   kind == EX_IND_URL || kind == EX_IND_BANK_ACCOUNT))
		rc = ex_buf_add(&what, typed, strlen(typed) - 1, err);
	else if (rc == 0)
		rc = ex_text_fold(&what, typed, strlen(typed) - 1, err);
	if (rc == 0)
		rc = ask(
		    l, "prefix", ex_buf_text(&what), ex_buf_text(&what), err);
	ex_buf_free(&what);
	return rc;
}

/* "*.HOST": the host and everything below it. */
static int
find_under(struct looking *l, const char *typed, struct ex_err *err)
{
	struct ex_buf host = EX_BUF_INIT, rev = EX_BUF_INIT,
		      subject = EX_BUF_INIT;
	int rc;

	rc = ex_indicator_canonical(&host, EX_IND_DOMAIN, typed + 2, err);
	if (rc == 0)
		rc = ex_sighting_rev(&rev, ex_buf_text(&host), err);
	if (rc == 0)
		rc =
		    ex_buf_addf(&subject, err, "domain:%s", ex_buf_text(&host));
	if (rc == 0)
		rc = ask(
		    l, "under", ex_buf_text(&rev), ex_buf_text(&subject), err);
	ex_buf_free(&host);
	ex_buf_free(&rev);
	ex_buf_free(&subject);
	return rc;
}

static int
find_kinds(
    struct looking *l, const char *value, const char *kind, struct ex_err *err)
{
	size_t n = strlen(value);
	int prefix = n > 1 && value[n - 1] == '*';
	enum ex_indicator only = EX_INDICATORS;

	if (kind != NULL && ex_indicator_kind(&only, kind, err) == -1)
		return -1;
	for (unsigned k = 0; k < EX_INDICATORS; k++) {
		enum ex_indicator i = (enum ex_indicator)k;

		if (kind != NULL && i != only)
			continue;
		if ((prefix ? find_prefix(l, i, value, err)
			    : find_exact(l, i, value, err)) == -1)
			return -1;
	}
	if (l->asked > 0)
		return 0;
	return ex_fail(err, EX_USAGE,
	    "that is no value of %s: exhibit help indicator find",
	    kind == NULL ? "any kind" : kind);
}

int
ex_sighting_find(struct ex_json **out, struct ex_house *house,
    const char *value, const char *kind, struct ex_err *err)
{
	struct looking l = { NULL, ex_json_array(), 0 };
	struct ex_json *v = NULL;
	int rc = -1;

	*out = NULL;
	if (l.list == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (strlen(value) > EX_INDICATOR_MAX ||
	    !ex_text_utf8(value, strlen(value))) {
		(void)ex_fail(err, EX_USAGE,
		    "a value of more than %d bytes, or not UTF-8",
		    EX_INDICATOR_MAX);
		goto out;
	}
	if (ex_house_conn(house, &l.conn, err) == -1)
		goto out;
	rc = strncmp(value, "*.", 2) == 0 ? find_under(&l, value, err)
					  : find_kinds(&l, value, kind, err);
	if (rc == 0 && (v = ex_json_object()) == NULL)
		rc = ex_fail(err, EX_SYSTEM, "out of memory");
	if (rc == 0)
		rc = ex_json_set(v, "sightings", ex_json_ref(l.list), err);
	if (rc == 0) {
		*out = v;
		v = NULL;
	}
out:
	ex_json_free(v);
	ex_json_free(l.list);
	return rc;
}
