/*
 * harm_attrs.c -- other signed attributes, or none.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "signing/der.h"
#include "tests/signing/harm.h"

static const char id_data[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";

/* Without attributes a signature over them is one over a content that is
 * the same bytes: no key needed. */
static void
strip_attributes(struct harm *h, const struct harm_case *c)
{
	struct node *content = node_at(h->sd, SD_CONTENT, 1, -1);
	struct ex_buf attrs = EX_BUF_INIT;

	(void)c;
	harm_attrs_to_sign(&attrs, harm_signer_at(h, 0));
	node_replace(
	    content, 0, node_bytes(EX_DER_OCTETS, attrs.data, attrs.len));
	node_drop(harm_signer_at(h, 0), SI_ATTRS);
	ex_buf_free(&attrs);
}

/* And then any certificate of the same key does. */
static void
strip_and_swap_certificate(struct harm *h, const struct harm_case *c)
{
	struct ex_buf other = EX_BUF_INIT, issuer = EX_BUF_INIT;
	struct ex_buf serial = EX_BUF_INIT;
	const struct ex_buf *cert;
	struct node *sid;

	strip_attributes(h, c);
	lab_issue(&other, h->lab->ca_key, &h->lab->ca,
	    harm_key_of(h, harm_signer_at(h, 0), &cert), "S-6666");
	assert_int_equal(ex_cert_issuer_serial(
			     &issuer, &serial, other.data, other.len, NULL),
	    0);
	node_replace(h->sd->kid[SD_CERTS], 0, harm_of_buf(&other));
	sid = harm_signer_at(h, 0)->kid[SI_SID];
	node_replace(sid, 1, harm_of_buf(&serial));
	ex_buf_free(&other);
	ex_buf_free(&issuer);
	ex_buf_free(&serial);
}

static void
drop_attribute(struct harm *h, const struct harm_case *c)
{
	node_drop(harm_signer_at(h, 0)->kid[SI_ATTRS], (size_t)c->arg);
	harm_sign_again(h, harm_signer_at(h, 0));
}

static void
extra_attribute(struct harm *h, const struct harm_case *c)
{
	struct node *attrs = harm_signer_at(h, 0)->kid[SI_ATTRS];

	(void)c;
	/* signingDescription, longer than the others: last in order. */
	node_insert(attrs, attrs->nkids,
	    ELEMENT("\x30\x3a\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x0d"
		    "\x31\x2d\x0c\x2b"
		    "0123456789012345678901234567890123456789012"));
	harm_sign_again(h, harm_signer_at(h, 0));
}

static void
double_attribute(struct harm *h, const struct harm_case *c)
{
	struct node *attrs = harm_signer_at(h, 0)->kid[SI_ATTRS];

	node_insert(attrs, (size_t)c->arg, node_copy(attrs->kid[c->arg]));
	harm_sign_again(h, harm_signer_at(h, 0));
}

static void
swap_attributes(struct harm *h, const struct harm_case *c)
{
	node_swap(harm_signer_at(h, 0)->kid[SI_ATTRS], (size_t)c->arg,
	    (size_t)c->arg + 1);
	harm_sign_again(h, harm_signer_at(h, 0));
}

/* Another value for the attribute at c->arg of signer 0. */
static void
set_attribute(struct harm *h, int at, struct node *value)
{
	struct node *values =
	    node_at(harm_signer_at(h, 0), SI_ATTRS, at, 1, -1);

	node_replace(values, 0, value);
	harm_sign_again(h, harm_signer_at(h, 0));
}

static void
other_time(struct harm *h, const struct harm_case *c)
{
	(void)c;
	set_attribute(h, 0, node_bytes(EX_DER_UTC_TIME, "260302093001Z", 13));
}

static void
general_time(struct harm *h, const struct harm_case *c)
{
	(void)c;
	set_attribute(
	    h, 0, node_bytes(EX_DER_GENERAL_TIME, "20260302093000Z", 15));
}

static void
two_times(struct harm *h, const struct harm_case *c)
{
	struct node *values = node_at(harm_signer_at(h, 0), SI_ATTRS, 0, 1, -1);

	(void)c;
	node_insert(values, 1, node_copy(values->kid[0]));
	harm_sign_again(h, harm_signer_at(h, 0));
}

static void
other_digest(struct harm *h, const struct harm_case *c)
{
	static const uint8_t zero[EX_SHA256_LEN];

	(void)c;
	set_attribute(h, 2, node_bytes(EX_DER_OCTETS, zero, sizeof(zero)));
}

/* ESSCertIDv2 with its default hashAlgorithm written out. */
static void
ess_with_algorithm(struct harm *h, const struct harm_case *c)
{
	struct node *id =
	    node_at(harm_signer_at(h, 0), SI_ATTRS, 3, 1, 0, 0, 0, -1);

	(void)c;
	node_insert(id, 0, node_copy(harm_signer_at(h, 0)->kid[SI_ALG]));
	harm_sign_again(h, harm_signer_at(h, 0));
}

/* ESSCertIDv2 with issuerSerial, as OpenSSL itself writes it. */
static void
ess_with_issuer(struct harm *h, const struct harm_case *c)
{
	struct node *id =
	    node_at(harm_signer_at(h, 0), SI_ATTRS, 3, 1, 0, 0, 0, -1);
	struct node *sid = harm_signer_at(h, 0)->kid[SI_SID];
	struct node *names = node_new(EX_DER_SEQUENCE);
	struct node *name = node_new(0xa4), *both = node_new(EX_DER_SEQUENCE);

	(void)c;
	node_insert(name, 0, node_copy(sid->kid[0]));
	node_insert(names, 0, name);
	node_insert(both, 0, names);
	node_insert(both, 1, node_copy(sid->kid[1]));
	node_insert(id, 1, both);
	harm_sign_again(h, harm_signer_at(h, 0));
}

/* A second ESSCertIDv2, of the CA's certificate. */
static void
ess_of_chain(struct harm *h, const struct harm_case *c)
{
	struct node *ids =
	    node_at(harm_signer_at(h, 0), SI_ATTRS, 3, 1, 0, 0, -1);
	struct node *id = node_new(EX_DER_SEQUENCE);
	uint8_t sha256[EX_SHA256_LEN];

	(void)c;
	ex_sha256(sha256, h->lab->ca.data, h->lab->ca.len);
	node_insert(id, 0, node_bytes(EX_DER_OCTETS, sha256, sizeof(sha256)));
	node_insert(ids, 1, id);
	harm_sign_again(h, harm_signer_at(h, 0));
}

static void
ess_of_other_certificate(struct harm *h, const struct harm_case *c)
{
	uint8_t sha256[EX_SHA256_LEN];

	(void)c;
	ex_sha256(sha256, h->lab->ca.data, h->lab->ca.len);
	node_replace(node_at(harm_signer_at(h, 0), SI_ATTRS, 3, 1, 0, 0, 0, -1),
	    0, node_bytes(EX_DER_OCTETS, sha256, sizeof(sha256)));
	harm_sign_again(h, harm_signer_at(h, 0));
}

/* A signature made in another context: arg says whether the attribute,
 * and so the signature, says so as well. */
static void
other_content_type(struct harm *h, const struct harm_case *c)
{
	node_replace(h->sd->kid[SD_CONTENT], 0,
	    node_bytes(EX_DER_OID, id_data, sizeof(id_data) - 1));
	if (c->arg == 0)
		return;
	set_attribute(
	    h, 1, node_bytes(EX_DER_OID, id_data, sizeof(id_data) - 1));
}

static void
other_attribute_type(struct harm *h, const struct harm_case *c)
{
	(void)c;
	set_attribute(
	    h, 1, node_bytes(EX_DER_OID, id_data, sizeof(id_data) - 1));
}

static const struct harm_case cases[] = {
	{ "attributes stripped", ONE, strip_attributes,
	    "the signed attributes are missing", ACCEPTS, 0, ROOT },
	{ "attributes stripped, certificate swapped", ONE,
	    strip_and_swap_certificate, "the signed attributes are missing",
	    ACCEPTS, 0, ROOT },
	{ "no signingTime", TWO, drop_attribute,
	    "another one stands where signingTime", ANY, 0, ROOT },
	{ "no contentType", TWO, drop_attribute,
	    "another one stands where contentType", ANY, 1, ROOT },
	{ "no messageDigest", TWO, drop_attribute,
	    "another one stands where messageDigest", ANY, 2, ROOT },
	{ "no signingCertificateV2", TWO, drop_attribute,
	    "signed attribute signingCertificateV2 is missing", ANY, 3, ROOT },
	{ "a fifth signed attribute", TWO, extra_attribute,
	    "too many after the four signed attributes", ACCEPTS, 0, ROOT },
	{ "a signed attribute twice", TWO, double_attribute,
	    "another one stands where contentType", ANY, 0, ROOT },
	{ "the last signed attribute twice", TWO, double_attribute,
	    "too many after the four signed attributes", ANY, 3, ROOT },
	{ "signed attributes in another order", TWO, swap_attributes,
	    "another one stands where contentType", ANY, 1, ROOT },
	{ "two values of signingTime", TWO, two_times,
	    "too many after signingTime", ANY, 0, ROOT },
	{ "signers differ in signingTime", TWO, other_time,
	    "signingTimes differ", ACCEPTS, 0, ROOT },
	{ "GeneralizedTime before 2050", ONE, general_time,
	    "signed attribute signingTime is not the one", ACCEPTS, 0, ROOT },
	{ "the digest of another body", TWO, other_digest,
	    "signed attribute messageDigest is not the one", ANY, 0, ROOT },
	{ "hashAlgorithm in ESSCertIDv2", TWO, ess_with_algorithm,
	    "signed attribute signingCertificateV2 is not the one", ACCEPTS, 0,
	    ROOT },
	{ "issuerSerial in ESSCertIDv2", TWO, ess_with_issuer,
	    "signed attribute signingCertificateV2 is not the one", ACCEPTS, 0,
	    ROOT },
	{ "two ESSCertIDv2", TWO, ess_of_chain,
	    "signed attribute signingCertificateV2 is not the one", ANY, 0,
	    ROOT },
	{ "ESSCertIDv2 of another certificate", TWO, ess_of_other_certificate,
	    "signed attribute signingCertificateV2 is not the one", ANY, 0,
	    ROOT },
	{ "another eContentType", TWO, other_content_type,
	    "eContentType is another", ANY, 0, ROOT },
	{ "another eContentType, signed", ONE, other_content_type,
	    "eContentType is another", ANY, 1, ROOT },
	{ "another contentType attribute", TWO, other_attribute_type,
	    "signed attribute contentType is not the one", ANY, 0, ROOT },
};

const struct harm_table harm_attrs = { cases,
	sizeof(cases) / sizeof(cases[0]) };
