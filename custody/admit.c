/*
 * admit.c -- the one gate that clients, the sequencer and verifiers share.
 */
#include "custody/admit.h"

#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "custody/judging.h"
#include "signing/cert.h"

static const struct ex_cms_signer *
signer_of(const struct ex_cms *cms, const struct ex_party *p)
{
	for (size_t i = 0; i < cms->nsigners; i++)
		if (memcmp(cms->signer[i].cert_sha256, p->cert_sha256,
			EX_SHA256_LEN) == 0)
			return &cms->signer[i];
	return NULL;
}

/*
 * The signers are exactly the parties that sign: no certificate is twice in
 * an entry (signing/cms.h) nor in a body (event.c), so counting and finding
 * each makes them equal as multisets.
 */
static int
check_signers(const struct ex_admission *a, struct ex_err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < a->event.nparties; i++) {
		const struct ex_party *p = &a->event.party[i];

		if (!ex_mode_signs(p->mode))
			continue;
		n++;
		if (signer_of(&a->cms, p) == NULL)
			return ex_fail(err, EX_DENIED,
			    "%s is named as signing and did not", p->person);
	}
	if (n != a->cms.nsigners)
		return ex_fail(err, EX_DENIED,
		    "somebody signed who is no party: %zu signatures, %zu "
		    "parties that sign",
		    a->cms.nsigners, n);
	return 0;
}

/* signingTime has whole seconds: that of time_claimed. */
static int
check_time(const struct ex_admission *a, struct ex_err *err)
{
	int64_t claimed = a->event.time_claimed;

	if (a->cms.signing_time == claimed - claimed % EX_SECOND)
		return 0;
	return ex_fail(
	    err, EX_FORMAT, "signingTime is not that of time_claimed");
}

/*
 * A key comes in with a certificate for signing acts and for nothing else:
 * not a CA's, not a web server's.
 */
static int
check_cert(const struct ex_cms_signer *s, struct ex_err *err)
{
	struct ex_cert_info info;

	if (ex_cert_read(&info, s->cert.p, s->cert.n, err) == -1)
		return -1;
	if (info.is_ca || info.server_auth || !info.non_repudiation ||
	    !info.key_usage_critical)
		return ex_fail(err, EX_DENIED,
		    "the certificate of %s is not for signing acts: %s",
		    info.subject_cn,
		    info.is_ca	       ? "it is a CA's"
		    : info.server_auth ? "it is a server's"
				       : "keyUsage is not nonRepudiation, "
					 "critical");
	return 0;
}

static int
check_certs(const struct ex_admission *a, struct ex_err *err)
{
	enum ex_act act = a->event.act;

	if (act != EX_ACT_GENESIS && act != EX_ACT_KEY_ENROL &&
	    act != EX_ACT_ROTATE)
		return 0;
	for (size_t i = 0; i < a->cms.nsigners; i++)
		if (check_cert(&a->cms.signer[i], err) == -1)
			return -1;
	return 0;
}

/* Put the leaf where the rules left room for it, at most so deep. */
enum {
	LEAF_DEPTH = 4
};

struct filling {
	struct ex_json *into;
	const char *hex;
	int depth;
};

/* Bounded by LEAF_DEPTH; facts are our own values. */
static int
fill(void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	const struct filling *f = arg;
	struct filling deeper = { ex_json_get_mutable(f->into, key), f->hex,
		f->depth + 1 };
	const char *text = ex_json_text(v);

	if (strcmp(key, "leaf") == 0 && text != NULL && text[0] == '\0')
		return ex_json_set_text(f->into, key, f->hex, err);
	if (!ex_json_is_object(v) || f->depth == LEAF_DEPTH)
		return 0;
	return ex_json_each(deeper.into, fill, &deeper, err);
}

static int
fill_leaves(struct ex_admission *a, struct ex_err *err)
{
	char hex[2 * EX_HASH + 1];

	ex_hex(hex, a->leaf, EX_HASH);
	for (size_t i = 0; i < a->judgement.facts.n; i++) {
		struct filling f = { a->judgement.facts.fact[i].value, hex, 0 };

		if (ex_json_each(f.into, fill, &f, err) == -1)
			return -1;
	}
	return 0;
}

int
ex_admit(struct ex_admission *out, const void *entry, size_t n,
    const struct ex_view *view, const struct ex_admit_options *options,
    struct ex_err *err)
{
	memset(out, 0, sizeof(*out));
	if (n > EX_ENTRY_MAX)
		return ex_fail(err, EX_LIMIT,
		    "an entry of %zu bytes; %d are permitted", n, EX_ENTRY_MAX);
	ex_entry_leaf(out->leaf, entry, n);
	if (ex_cms_parse(&out->cms, entry, n, err) == -1)
		return ex_while(err, "encoding");
	if (ex_event_parse(
		&out->event, out->cms.body.p, out->cms.body.n, err) == -1)
		return ex_while(err, "body");
	if (check_signers(out, err) == -1 || check_time(out, err) == -1 ||
	    check_certs(out, err) == -1)
		return -1;
	if (!options->skip_signatures && ex_cms_check(&out->cms, err) == -1)
		return ex_while(err, "signature");
	if (ex_judge(&out->judgement, &out->event, view, options, err) == -1)
		return -1;
	return fill_leaves(out, err);
}

void
ex_admission_free(struct ex_admission *a)
{
	ex_event_free(&a->event);
	ex_judgement_free(&a->judgement);
	memset(a, 0, sizeof(*a));
}
