/*
 * logcheck_openings.c -- texts against their commitments; certificates
 * against the verifier's roots.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "cases/logcheck.h"

/* What is handed to keep_missing(). */
struct keeping {
	struct ex_logcheck *c;
	const struct ex_openings *o;
	const struct ex_logcheck_row *row;
	char leaf[2 * EX_HASH + 1];
};

static int
keep_missing(
    void *arg, const char *path, const struct ex_json *v, struct ex_err *err)
{
	struct keeping *k = arg;
	struct ex_json *place = ex_json_object();
	char key[192];

	(void)v;
	if (ex_openings_text(k->o, path) != NULL) {
		ex_json_free(place);
		return 0;
	}
	(void)snprintf(key, sizeof(key), "%.64s %.112s", k->leaf, path);
	if (ex_json_set_int(place, "index", (int64_t)k->row->index, err) ==
		-1 ||
	    ex_json_set_int(place, "seq", (int64_t)k->row->seq, err) == -1 ||
	    ex_json_set_text(place, "stream", k->row->stream, err) == -1) {
		ex_json_free(place);
		return -1;
	}
	return ex_json_set(k->c->missing, key, place, err);
}

int
ex_logcheck_openings(struct ex_logcheck *c, const struct ex_event *e,
    const struct ex_logcheck_row *row, struct ex_err *err)
{
	struct ex_logcheck_at at = { (int64_t)row->index, row->stream,
		row->seq };
	struct ex_openings o = { NULL, 0 };
	struct ex_err why = EX_ERR_INIT;
	struct keeping k = { c, &o, row, "" };
	int rc = -1;

	ex_hex(k.leaf, row->leaf, EX_HASH);
	if (ex_openings_read(&o, e, row->openings, row->nopenings, &why) ==
	    -1) {
		rc = ex_logcheck_fault(c, err, &why, "opening-differs", &at);
		goto out;
	}
	c->r->openings += ex_json_count(e->pii) - o.missing;
	rc = o.missing == 0 ? 0 : ex_json_each(e->pii, keep_missing, &k, err);
out:
	ex_openings_free(&o);
	return rc;
}

static int
say_missing(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	struct ex_logcheck *c = arg;
	struct ex_logcheck_at at = { ex_json_get_int(v, "index", -1),
		ex_json_get_text(v, "stream"),
		(uint64_t)ex_json_get_int(v, "seq", 0) };

	if (ex_json_get(c->erased, key) != NULL)
		return ex_logcheck_say(c, err, EX_NOTED, "erased", &at,
		    "the text of \"%s\" was erased by entry %" PRId64,
		    strlen(key) > 65 ? key + 65 : "",
		    ex_json_get_int(c->erased, key, -1));
	return ex_logcheck_say(c, err, EX_FINDING, "opening-missing", &at,
	    "the text of \"%s\" is not there, and no entry says that it was "
	    "erased",
	    strlen(key) > 65 ? key + 65 : "");
}

int
ex_logcheck_missing(struct ex_logcheck *c, struct ex_err *err)
{
	return ex_json_each(c->missing, say_missing, c, err);
}

/* Its chain; and of a key that comes in here the CA that it names. */
static int
check_cert(const struct ex_logcheck *c, const struct ex_cms_signer *s,
    const char *hex, const struct ex_admission *a, struct ex_err *err)
{
	const char *ca = ex_event_text(&a->event, "ca");
	const char *own = ex_event_text(&a->event, "cert_sha256");

	if (ex_cert_check_chain(
		c->roots, s->cert.p, s->cert.n, a->cms.signing_time, err) == -1)
		return -1;
	if (ca == NULL || own == NULL || strcmp(own, hex) != 0)
		return 0;
	return ex_cert_check_issuer(c->roots, s->cert.p, s->cert.n, ca, err);
}

int
ex_logcheck_certs(struct ex_logcheck *c, const struct ex_admission *a,
    const struct ex_logcheck_at *at, struct ex_err *err)
{
	for (size_t i = 0; c->roots != NULL && i < a->cms.nsigners; i++) {
		const struct ex_cms_signer *s = &a->cms.signer[i];
		struct ex_err why = EX_ERR_INIT;
		char hex[EX_SHA256_HEX];

		ex_hex(hex, s->cert_sha256, EX_SHA256_LEN);
		if (ex_json_get(c->certs, hex) != NULL)
			continue;
		if (ex_json_set_int(c->certs, hex, 1, err) == -1)
			return -1;
		if (check_cert(c, s, hex, a, &why) == -1 &&
		    ex_logcheck_fault(c, err, &why, "certificate", at) == -1)
			return -1;
	}
	return 0;
}
