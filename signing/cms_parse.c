/*
 * cms_parse.c -- take an entry apart, and prove that it is the only encoding.
 *
 * The reader follows the structure at the top of cms.c and names the first
 * deviation it meets.  It does not have to find all: in the end the fields go
 * through ex_cms_build() again, and what that writes must be what was read.
 */
#include <string.h>

#include "base/codec.h"
#include "signing/cert_der.h"
#include "signing/cms.h"
#include "signing/cms_der.h"
#include "signing/der.h"

/* What is read on the way, before it becomes a struct ex_cms. */
struct entry {
	struct ex_span body;
	uint8_t body_sha256[EX_SHA256_LEN];
	size_t ncerts;
	struct ex_span cert[EX_PARTIES_MAX];
	struct ex_cert_parts parts[EX_PARTIES_MAX];
	int used[EX_PARTIES_MAX]; /* a signer refers to cert[i] */
};

/* An INTEGER that must have this small value. */
static int
take_version(
    struct ex_reader *r, uint8_t version, const char *what, struct ex_err *err)
{
	struct ex_der e;

	if (ex_der_take(r, EX_DER_INTEGER, &e, what, err) == -1)
		return -1;
	if (e.body.n != 1 || e.body.p[0] != version)
		return ex_fail(err, EX_FORMAT, "%s is not %u", what, version);
	return 0;
}

/* An AlgorithmIdentifier that must be exactly this. */
static int
take_alg(struct ex_reader *r, struct ex_span want, const char *what,
    struct ex_err *err)
{
	struct ex_der e;

	if (ex_der_take(r, EX_DER_SEQUENCE, &e, what, err) == -1)
		return -1;
	if (ex_der_compare(e.whole, want) != 0)
		return ex_fail(err, EX_FORMAT,
		    "%s: not the only permitted algorithm and parameters",
		    what);
	return 0;
}

static int
take_oid(struct ex_reader *r, struct ex_span want, const char *what,
    struct ex_err *err)
{
	struct ex_der e;

	if (ex_der_take(r, EX_DER_OID, &e, what, err) == -1)
		return -1;
	if (ex_der_compare(e.body, want) != 0)
		return ex_fail(
		    err, EX_FORMAT, "%s is another object identifier", what);
	return 0;
}

/* X.690 11.6, with equal elements refused as well. */
static int
check_order(struct ex_span before, struct ex_span next, const char *what,
    struct ex_err *err)
{
	int d = before.n == 0 ? -1 : ex_der_compare(before, next);

	if (d == 0)
		return ex_fail(err, EX_FORMAT, "%s occurs twice", what);
	if (d > 0)
		return ex_fail(
		    err, EX_FORMAT, "%s is out of DER SET order", what);
	return 0;
}

static int
read_digest_algs(struct ex_reader *r, struct ex_err *err)
{
	struct ex_reader set;

	if (ex_der_enter(r, EX_DER_SET, &set, "digestAlgorithms", err) == -1 ||
	    take_alg(&set, ex_cms_alg_sha256, "digestAlgorithms", err) == -1)
		return -1;
	return ex_der_done(&set, "the only digest algorithm", err);
}

/* encapContentInfo: our type, and the body inside. */
static int
read_content(struct entry *out, struct ex_reader *r, struct ex_err *err)
{
	struct ex_reader info, explicit;
	struct ex_der e;

	if (ex_der_enter(r, EX_DER_SEQUENCE, &info, "encapContentInfo", err) ==
		-1 ||
	    take_oid(&info, ex_cms_oid_entry, "eContentType", err) == -1)
		return -1;
	if (ex_der_peek(&info) == -1)
		return ex_fail(err, EX_FORMAT,
		    "the content is detached: eContent is missing");
	if (ex_der_enter(&info, EX_DER_CONTEXT_0, &explicit, "eContent", err) ==
		-1 ||
	    ex_der_done(&info, "eContent", err) == -1 ||
	    ex_der_take(&explicit, EX_DER_OCTETS, &e, "eContent", err) == -1)
		return -1;
	out->body = e.body;
	ex_sha256(out->body_sha256, e.body.p, e.body.n);
	return ex_der_done(&explicit, "the body", err);
}

static int
read_certs(struct entry *out, struct ex_reader *r, struct ex_err *err)
{
	struct ex_reader set;
	struct ex_span before = { NULL, 0 };
	struct ex_der e;

	if (ex_der_enter(r, EX_DER_CONTEXT_0, &set, "certificates", err) == -1)
		return -1;
	while (set.left > 0) {
		if (out->ncerts == EX_PARTIES_MAX)
			return ex_fail(err, EX_LIMIT,
			    "more than %d certificates", EX_PARTIES_MAX);
		if (ex_der_take(&set, EX_DER_SEQUENCE, &e, "a certificate",
			err) == -1 ||
		    check_order(before, e.whole, "a certificate", err) == -1 ||
		    ex_cert_take_apart(&out->parts[out->ncerts], e.whole.p,
			e.whole.n, err) == -1)
			return -1;
		before = e.whole;
		out->cert[out->ncerts++] = e.whole;
	}
	return 0;
}

/* sid: find the certificate it means; each is meant once. */
static int
read_sid(struct entry *in, struct ex_reader *r, struct ex_cms_signer *out,
    struct ex_err *err)
{
	struct ex_reader sid;
	struct ex_der issuer, serial;

	if (ex_der_peek(r) == 0x80 || ex_der_peek(r) == EX_DER_CONTEXT_0)
		return ex_fail(err, EX_FORMAT,
		    "sid is a subjectKeyIdentifier, not "
		    "issuerAndSerialNumber");
	if (ex_der_enter(r, EX_DER_SEQUENCE, &sid, "sid", err) == -1 ||
	    ex_der_take(&sid, EX_DER_SEQUENCE, &issuer, "sid's issuer", err) ==
		-1 ||
	    ex_der_take(&sid, EX_DER_INTEGER, &serial, "sid's serial", err) ==
		-1 ||
	    ex_der_done(&sid, "sid's serial", err) == -1)
		return -1;
	for (size_t i = 0; i < in->ncerts; i++) {
		const struct ex_cert_parts *p = &in->parts[i];

		if (ex_der_compare(issuer.whole, p->issuer) != 0 ||
		    ex_der_compare(serial.whole, p->serial) != 0)
			continue;
		if (in->used[i])
			return ex_fail(
			    err, EX_FORMAT, "one certificate signs twice");
		in->used[i] = 1;
		out->cert = in->cert[i];
		out->kind = p->key.kind;
		ex_sha256(out->cert_sha256, out->cert.p, out->cert.n);
		return 0;
	}
	return ex_fail(
	    err, EX_FORMAT, "the certificate of a signer is missing");
}

static const char *const attr_name[EX_CMS_ATTRS] = { "signingTime",
	"contentType", "messageDigest", "signingCertificateV2" };

/*
 * One attribute, with the OID that this place has, into *out; its value to
 * *time if it is the signing time.
 */
static int
read_attribute(struct ex_der *out, struct ex_reader *attrs,
    enum ex_cms_attr place, int64_t *time, struct ex_err *err)
{
	const char *name = attr_name[place];
	struct ex_reader attr, values;
	struct ex_der oid, value;

	if (ex_der_peek(attrs) == -1)
		return ex_fail(
		    err, EX_FORMAT, "signed attribute %s is missing", name);
	if (ex_der_take(
		attrs, EX_DER_SEQUENCE, out, "a signed attribute", err) == -1)
		return -1;
	ex_reader_init(&attr, out->body.p, out->body.n);
	if (ex_der_take(&attr, EX_DER_OID, &oid, "a signed attribute", err) ==
	    -1)
		return -1;
	if (ex_der_compare(oid.body, ex_cms_oid_attr[place]) != 0)
		return ex_fail(err, EX_FORMAT,
		    "signed attributes: another one stands where %s belongs",
		    name);
	if (ex_der_enter(&attr, EX_DER_SET, &values, name, err) == -1 ||
	    ex_der_done(&attr, name, err) == -1 ||
	    ex_der_next(&values, &value, name, err) == -1 ||
	    ex_der_done(&values, name, err) == -1)
		return -1;
	if (place != EX_CMS_SIGNING_TIME)
		return 0;
	return ex_cms_time_read(time, value.tag, value.body, err);
}

/* Are the attributes those of this certificate, body and time? */
static int
check_attributes(const struct ex_der attr[EX_CMS_ATTRS], const struct entry *in,
    const struct ex_cms_signer *signer, int64_t time, struct ex_err *err)
{
	struct ex_buf want = EX_BUF_INIT;
	struct ex_reader all, set;
	struct ex_der e;
	int rc = -1;

	if (ex_cms_attributes(&want, EX_DER_SET, signer->cert_sha256,
		in->body_sha256, time, err) == -1)
		goto out;
	ex_reader_init(&all, want.data, want.len);
	if (ex_der_enter(&all, EX_DER_SET, &set, "attributes", err) == -1)
		goto out;
	for (size_t i = 0; i < EX_CMS_ATTRS; i++) {
		if (ex_der_next(&set, &e, attr_name[i], err) == -1)
			goto out;
		if (ex_der_compare(e.whole, attr[i].whole) != 0) {
			(void)ex_fail(err, EX_FORMAT,
			    "signed attribute %s is not the one this body "
			    "and certificate must have",
			    attr_name[i]);
			goto out;
		}
	}
	rc = 0;
out:
	ex_buf_free(&want);
	return rc;
}

static int
read_attributes(struct entry *in, struct ex_reader *r,
    const struct ex_cms_signer *signer, int64_t *time, struct ex_err *err)
{
	struct ex_der attr[EX_CMS_ATTRS];
	struct ex_reader attrs;

	if (ex_der_peek(r) != EX_DER_CONTEXT_0)
		return ex_fail(
		    err, EX_FORMAT, "the signed attributes are missing");
	if (ex_der_enter(
		r, EX_DER_CONTEXT_0, &attrs, "signed attributes", err) == -1)
		return -1;
	for (unsigned i = 0; i < EX_CMS_ATTRS; i++)
		if (read_attribute(
			&attr[i], &attrs, (enum ex_cms_attr)i, time, err) == -1)
			return -1;
	if (ex_der_done(&attrs, "the four signed attributes", err) == -1)
		return -1;
	return check_attributes(attr, in, signer, *time, err);
}

/* One SignerInfo's contents. */
static int
read_signer(struct entry *in, struct ex_cms_signer *out, int64_t *time,
    struct ex_span info, struct ex_err *err)
{
	struct ex_reader r;
	struct ex_der e;

	ex_reader_init(&r, info.p, info.n);
	if (ex_der_peek(&r) != EX_DER_INTEGER)
		return ex_fail(
		    err, EX_FORMAT, "SignerInfo's version is missing");
	/* A key identifier goes with version 3: name it rather than the
	 * version, by looking behind it first. */
	if (info.n > 3 && info.p[1] == 1 && info.p[3] == 0x80)
		return ex_fail(err, EX_FORMAT,
		    "sid is a subjectKeyIdentifier, not "
		    "issuerAndSerialNumber");
	if (take_version(&r, 1, "SignerInfo's version", err) == -1 ||
	    read_sid(in, &r, out, err) == -1 ||
	    take_alg(&r, ex_cms_alg_sha256, "SignerInfo's digestAlgorithm",
		err) == -1 ||
	    read_attributes(in, &r, out, time, err) == -1 ||
	    take_alg(&r, ex_cms_sig_alg(out->kind), "signatureAlgorithm",
		err) == -1 ||
	    ex_der_take(&r, EX_DER_OCTETS, &e, "signature", err) == -1)
		return -1;
	if (ex_der_peek(&r) == EX_DER_CONTEXT_1)
		return ex_fail(
		    err, EX_FORMAT, "there is an unsigned attribute");
	out->sig = e.body;
	return ex_der_done(&r, "the signature", err);
}

static int
read_signers(struct entry *in, struct ex_cms *out, struct ex_reader *r,
    struct ex_err *err)
{
	struct ex_reader set;
	struct ex_span before = { NULL, 0 };
	struct ex_der e;
	int64_t time = 0;

	if (ex_der_peek(r) == EX_DER_CONTEXT_1)
		return ex_fail(err, EX_FORMAT, "there are CRLs");
	if (ex_der_enter(r, EX_DER_SET, &set, "signerInfos", err) == -1)
		return -1;
	while (set.left > 0) {
		if (out->nsigners == EX_PARTIES_MAX)
			return ex_fail(err, EX_LIMIT, "more than %d signers",
			    EX_PARTIES_MAX);
		if (ex_der_take(
			&set, EX_DER_SEQUENCE, &e, "a SignerInfo", err) == -1 ||
		    check_order(before, e.whole, "a SignerInfo", err) == -1 ||
		    read_signer(in, &out->signer[out->nsigners], &time, e.body,
			err) == -1)
			return -1;
		if (out->nsigners > 0 && time != out->signing_time)
			return ex_fail(
			    err, EX_FORMAT, "the signers' signingTimes differ");
		before = e.whole;
		out->signing_time = time;
		out->nsigners++;
	}
	if (out->nsigners == 0)
		return ex_fail(err, EX_FORMAT, "nobody signed");
	return 0;
}

/* SignedData's contents, from front to back. */
static int
read_signed_data(struct entry *in, struct ex_cms *out, struct ex_reader *r,
    struct ex_err *err)
{
	if (take_version(r, 3, "SignedData's version", err) == -1 ||
	    read_digest_algs(r, err) == -1 || read_content(in, r, err) == -1 ||
	    read_certs(in, r, err) == -1 ||
	    read_signers(in, out, r, err) == -1 ||
	    ex_der_done(r, "signerInfos", err) == -1)
		return -1;
	for (size_t i = 0; i < in->ncerts; i++)
		if (!in->used[i])
			return ex_fail(err, EX_FORMAT,
			    "there is a certificate that nobody signs with");
	out->body = in->body;
	return 0;
}

/* The backstop: write it again and compare every byte. */
static int
check_rebuilt(const struct ex_cms *cms, const uint8_t *entry, size_t n,
    struct ex_err *err)
{
	struct ex_cms_sig sig[EX_PARTIES_MAX];
	struct ex_buf again = EX_BUF_INIT;
	size_t at = 0;
	int rc = -1;

	for (size_t i = 0; i < cms->nsigners; i++) {
		const struct ex_cms_signer *s = &cms->signer[i];

		sig[i] = (struct ex_cms_sig){ s->cert.p, s->cert.n, s->kind,
			s->sig.p, s->sig.n };
	}
	if (ex_cms_build(&again, cms->body.p, cms->body.n, cms->signing_time,
		sig, cms->nsigners, err) == -1) {
		/* Any reason why it cannot be written is one of its form. */
		if (err != NULL && err->code != EX_SYSTEM)
			err->code = EX_FORMAT;
		goto out;
	}
	while (at < n && at < again.len && entry[at] == again.data[at])
		at++;
	if (at != n || at != again.len) {
		(void)ex_fail(err, EX_FORMAT,
		    "byte %zu differs from the only permitted encoding", at);
		goto out;
	}
	rc = 0;
out:
	ex_buf_free(&again);
	return rc;
}

int
ex_cms_parse(
    struct ex_cms *out, const void *entry, size_t n, struct ex_err *err)
{
	struct ex_reader all, content_info, explicit, data;
	struct entry in = { 0 };

	memset(out, 0, sizeof(*out));
	if (n > EX_ENTRY_MAX)
		return ex_fail(err, EX_LIMIT, "entry of %zu bytes, at most %d",
		    n, EX_ENTRY_MAX);
	ex_reader_init(&all, entry, n);
	if (ex_der_enter(&all, EX_DER_SEQUENCE, &content_info, "entry", err) ==
		-1 ||
	    ex_der_done(&all, "the entry", err) == -1 ||
	    take_oid(&content_info, ex_cms_oid_signed_data,
		"ContentInfo's type", err) == -1 ||
	    ex_der_enter(&content_info, EX_DER_CONTEXT_0, &explicit,
		"ContentInfo's content", err) == -1 ||
	    ex_der_done(&content_info, "ContentInfo's content", err) == -1 ||
	    ex_der_enter(
		&explicit, EX_DER_SEQUENCE, &data, "SignedData", err) == -1 ||
	    ex_der_done(&explicit, "SignedData", err) == -1 ||
	    read_signed_data(&in, out, &data, err) == -1)
		return -1;
	return check_rebuilt(out, entry, n, err);
}

/* One signature of a parsed entry. */
static int
check_signer(const struct ex_cms_signer *s,
    const uint8_t body_sha256[EX_SHA256_LEN], int64_t time, struct ex_err *err)
{
	struct ex_buf attrs = EX_BUF_INIT;
	struct ex_cert_parts cert;
	int rc = -1;

	if (ex_cert_take_apart(&cert, s->cert.p, s->cert.n, err) == 0 &&
	    ex_cms_attributes(&attrs, EX_DER_SET, s->cert_sha256, body_sha256,
		time, err) == 0)
		rc = ex_key_check(cert.spki.p, cert.spki.n, attrs.data,
		    attrs.len, s->sig.p, s->sig.n, err);
	ex_buf_free(&attrs);
	return rc;
}

int
ex_cms_check(const struct ex_cms *cms, struct ex_err *err)
{
	uint8_t body_sha256[EX_SHA256_LEN];
	char hex[2 * 8 + 1];

	ex_sha256(body_sha256, cms->body.p, cms->body.n);
	for (size_t i = 0; i < cms->nsigners; i++) {
		const struct ex_cms_signer *s = &cms->signer[i];
		struct ex_err why = EX_ERR_INIT;

		if (check_signer(s, body_sha256, cms->signing_time, &why) == 0)
			continue;
		ex_hex(hex, s->cert_sha256, 8);
		return ex_fail(err, why.code,
		    "signer %zu (certificate %s...): %s", i + 1, hex, why.text);
	}
	return 0;
}
