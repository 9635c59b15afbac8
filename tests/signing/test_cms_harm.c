/*
 * test_cms_harm.c -- every way we know to encode an entry differently, each
 * refused by name.
 *
 * Most of these need no key at all, and those marked ACCEPTS pass
 * `openssl cms -verify -cades`: they are why an entry has one encoding.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "dertree.h"
#include "lab.h"
#include "signing/der.h"
#include "signing/ecdsa.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
	PATH = 6, /* places of a path, and its -1 */
	END = -1
};

/* What is being harmed. */
struct harm {
	struct node *root;  /* the entry */
	struct node *sd;    /* SignedData */
	int keep_order;	    /* do not sort signerInfos again */
	struct ex_buf tail; /* put behind the entry */
};

struct harm_case {
	const char *name;
	enum {
		TWO, /* signers with P-256 */
		ONE,
		RSA
	} who;
	void (*harm)(struct harm *h, const struct harm_case *c);
	const char *says; /* part of our refusal */
	enum {
		ANY,
		ACCEPTS /* CMS_verify() with CAdES still does */
	} openssl;
	int arg;
	int path[PATH];
};

/* SignedData's and SignerInfo's elements. */
enum {
	SD_VERSION,
	SD_ALGS,
	SD_CONTENT,
	SD_CERTS,
	SD_SIGNERS
};
enum {
	SI_VERSION,
	SI_SID,
	SI_ALG,
	SI_ATTRS,
	SI_SIG_ALG,
	SI_SIG
};

static struct lab lab;

static int
setup(void **state)
{
	(void)state;
	lab_open(&lab);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	lab_close(&lab);
	return 0;
}

static struct node *
signer(struct harm *h, int i)
{
	return node_at(h->sd, SD_SIGNERS, i, END);
}

/* Whose SignerInfo is this?  By its sid. */
static const struct ex_key *
key_of(const struct node *si, const struct ex_buf **cert)
{
	struct ex_buf sid = EX_BUF_INIT;
	const struct ex_key *key = NULL;

	for (size_t i = 0; i < si->kid[SI_SID]->nkids; i++)
		node_write(&sid, si->kid[SI_SID]->kid[i]);
	for (int i = 0; i < LAB_SIGNERS; i++) {
		struct ex_buf b = EX_BUF_INIT, serial = EX_BUF_INIT;

		assert_int_equal(ex_cert_issuer_serial(&b, &serial,
				     lab.cert[i].data, lab.cert[i].len, NULL),
		    0);
		assert_int_equal(
		    ex_buf_add(&b, serial.data, serial.len, NULL), 0);
		if (b.len == sid.len && memcmp(b.data, sid.data, b.len) == 0) {
			key = lab.key[i];
			*cert = &lab.cert[i];
		}
		ex_buf_free(&b);
		ex_buf_free(&serial);
	}
	ex_buf_free(&sid);
	assert_non_null(key);
	return key;
}

/* The signed attributes as they are signed. */
static void
attrs_to_sign(struct ex_buf *out, struct node *si)
{
	struct node *attrs = si->kid[SI_ATTRS];

	attrs->tag = EX_DER_SET;
	node_write(out, attrs);
	attrs->tag = EX_DER_CONTEXT_0;
}

/* Sign the changed attributes again: harm by a key's own holder. */
static void
sign_again(struct node *si)
{
	struct ex_buf attrs = EX_BUF_INIT, sig = EX_BUF_INIT;
	const struct ex_buf *cert;

	attrs_to_sign(&attrs, si);
	assert_int_equal(
	    ex_key_sign(key_of(si, &cert), attrs.data, attrs.len, &sig, NULL),
	    0);
	node_replace(si, SI_SIG, node_bytes(EX_DER_OCTETS, sig.data, sig.len));
	ex_buf_free(&attrs);
	ex_buf_free(&sig);
}

/* A tree of hexadecimal-free literals: the bytes of one element. */
static struct node *
element(const char *bytes, size_t n)
{
	return node_read((const uint8_t *)bytes, n);
}
#define ELEMENT(s) element((s), sizeof(s) - 1)

static struct node *
of_buf(const struct ex_buf *b)
{
	return node_read(b->data, b->len);
}

/* DER order of a SET, bubble by bubble. */
static void
sort_set(struct node *set)
{
	for (size_t n = set->nkids; n > 1; n--)
		for (size_t i = 1; i < n; i++) {
			struct ex_buf a = EX_BUF_INIT, b = EX_BUF_INIT;
			struct ex_span sa, sb;

			node_write(&a, set->kid[i - 1]);
			node_write(&b, set->kid[i]);
			sa = (struct ex_span){ a.data, a.len };
			sb = (struct ex_span){ b.data, b.len };
			if (ex_der_compare(sa, sb) > 0)
				node_swap(set, i - 1, i);
			ex_buf_free(&a);
			ex_buf_free(&b);
		}
}

/* The element at c->path. */
static struct node *
target(struct harm *h, const struct harm_case *c)
{
	struct node *node = h->root;

	for (size_t i = 0; c->path[i] != END; i++)
		node = node_at(node, c->path[i], END);
	return node;
}

static void
negate_s(struct harm *h, const struct harm_case *c)
{
	struct node *sig = signer(h, c->arg)->kid[SI_SIG];
	struct ex_buf b = EX_BUF_INIT;
	uint8_t r[EX_P256], s[EX_P256];

	assert_int_equal(ex_ecdsa_read(r, s, sig->bytes, sig->nbytes, NULL), 0);
	ex_ecdsa_negate(s);
	assert_int_equal(ex_ecdsa_write(&b, r, s, NULL), 0);
	node_replace(signer(h, c->arg), SI_SIG,
	    node_bytes(EX_DER_OCTETS, b.data, b.len));
	ex_buf_free(&b);
}

static void
add_ca_cert(struct harm *h, const struct harm_case *c)
{
	(void)c;
	node_insert(h->sd->kid[SD_CERTS], 0, of_buf(&lab.ca));
	sort_set(h->sd->kid[SD_CERTS]);
}

static void
double_kid(struct harm *h, const struct harm_case *c)
{
	struct node *set = target(h, c);

	node_insert(set, 0, node_copy(set->kid[0]));
}

static void
swap_kids(struct harm *h, const struct harm_case *c)
{
	h->keep_order = 1;
	node_swap(target(h, c), 0, 1);
}

static void
drop_kid(struct harm *h, const struct harm_case *c)
{
	node_drop(target(h, c), (size_t)c->arg);
}

/* The subjectKeyIdentifier of the certificate in its extension. */
static void
key_identifier(struct harm *h, const struct harm_case *c)
{
	static const uint8_t head[] = { 0x06, 0x03, 0x55, 0x1d, 0x0e, 0x04,
		0x16, 0x04, 0x14 };
	struct node *si = signer(h, 0);
	const struct ex_buf *cert;
	const uint8_t *ski = NULL;
	uint8_t version = (uint8_t)c->arg;

	(void)key_of(si, &cert);
	for (size_t i = 0; i + sizeof(head) + 20 < cert->len; i++)
		if (memcmp(&cert->data[i], head, sizeof(head)) == 0)
			ski = &cert->data[i + sizeof(head)];
	assert_non_null(ski);
	node_replace(si, SI_VERSION, node_bytes(EX_DER_INTEGER, &version, 1));
	node_replace(si, SI_SID, node_bytes(0x80, ski, 20));
}

static void
second_signature(struct harm *h, const struct harm_case *c)
{
	struct node *again = node_copy(signer(h, 0));

	(void)c;
	sign_again(again);
	node_insert(h->sd->kid[SD_SIGNERS], 0, again);
}

static void
unsigned_attribute(struct harm *h, const struct harm_case *c)
{
	(void)c;
	node_insert(signer(h, 0), SI_SIG + 1,
	    ELEMENT("\xa1\x10\x30\x0e\x06\x08\x2a\x86\x48\x86\xf7\x0d\x01\x02"
		    "\x31\x02\x05\x00"));
}

static void
sha512_too(struct harm *h, const struct harm_case *c)
{
	node_insert(h->sd->kid[SD_ALGS], (size_t)c->arg,
	    ELEMENT("\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03"));
}

static void
null_parameters(struct harm *h, const struct harm_case *c)
{
	node_insert(target(h, c), 1, ELEMENT("\x05\x00"));
}

static void
rsa_with_sha256(struct harm *h, const struct harm_case *c)
{
	(void)c;
	node_replace(signer(h, 0), SI_SIG_ALG,
	    ELEMENT("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"
		    "\x05\x00"));
}

static void
indefinite(struct harm *h, const struct harm_case *c)
{
	target(h, c)->indefinite = 1;
}

static void
long_length(struct harm *h, const struct harm_case *c)
{
	target(h, c)->long_by = (size_t)c->arg;
}

/* The body in two strings inside a constructed one. */
static void
body_in_parts(struct harm *h, const struct harm_case *c)
{
	struct node *content = node_at(h->sd, SD_CONTENT, 1, END);
	struct node *body = node_take(content, 0), *parts = node_new(0x24);

	parts->indefinite = c->arg;
	node_insert(parts, 0, node_bytes(EX_DER_OCTETS, body->bytes, 3));
	node_insert(parts, 1,
	    node_bytes(EX_DER_OCTETS, &body->bytes[3], body->nbytes - 3));
	node_insert(content, 0, parts);
	node_free(body);
}

static void
trailing_byte(struct harm *h, const struct harm_case *c)
{
	assert_int_equal(ex_buf_add_byte(&h->tail, (uint8_t)c->arg, NULL), 0);
}

static void
entry_twice(struct harm *h, const struct harm_case *c)
{
	(void)c;
	node_write(&h->tail, h->root);
}

static void
extra_element(struct harm *h, const struct harm_case *c)
{
	struct node *node = target(h, c);

	node_insert(node, node->nkids, ELEMENT("\x05\x00"));
}

/* Without attributes a signature over them is one over a content that is
 * the same bytes: no key needed. */
static void
strip_attributes(struct harm *h, const struct harm_case *c)
{
	struct node *content = node_at(h->sd, SD_CONTENT, 1, END);
	struct ex_buf attrs = EX_BUF_INIT;

	(void)c;
	attrs_to_sign(&attrs, signer(h, 0));
	node_replace(
	    content, 0, node_bytes(EX_DER_OCTETS, attrs.data, attrs.len));
	node_drop(signer(h, 0), SI_ATTRS);
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
	lab_issue(
	    &other, lab.ca_key, &lab.ca, key_of(signer(h, 0), &cert), "S-6666");
	assert_int_equal(ex_cert_issuer_serial(
			     &issuer, &serial, other.data, other.len, NULL),
	    0);
	node_replace(h->sd->kid[SD_CERTS], 0, of_buf(&other));
	sid = signer(h, 0)->kid[SI_SID];
	node_replace(sid, 1, of_buf(&serial));
	ex_buf_free(&other);
	ex_buf_free(&issuer);
	ex_buf_free(&serial);
}

static void
drop_attribute(struct harm *h, const struct harm_case *c)
{
	node_drop(signer(h, 0)->kid[SI_ATTRS], (size_t)c->arg);
	sign_again(signer(h, 0));
}

static void
extra_attribute(struct harm *h, const struct harm_case *c)
{
	struct node *attrs = signer(h, 0)->kid[SI_ATTRS];

	(void)c;
	/* signingDescription, longer than the others: last in order. */
	node_insert(attrs, attrs->nkids,
	    ELEMENT("\x30\x3a\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x0d"
		    "\x31\x2d\x0c\x2b"
		    "0123456789012345678901234567890123456789012"));
	sign_again(signer(h, 0));
}

static void
double_attribute(struct harm *h, const struct harm_case *c)
{
	struct node *attrs = signer(h, 0)->kid[SI_ATTRS];

	node_insert(attrs, (size_t)c->arg, node_copy(attrs->kid[c->arg]));
	sign_again(signer(h, 0));
}

static void
swap_attributes(struct harm *h, const struct harm_case *c)
{
	node_swap(
	    signer(h, 0)->kid[SI_ATTRS], (size_t)c->arg, (size_t)c->arg + 1);
	sign_again(signer(h, 0));
}

/* Another value for the attribute at c->arg of signer 0. */
static void
set_attribute(struct harm *h, int at, struct node *value)
{
	struct node *values = node_at(signer(h, 0), SI_ATTRS, at, 1, END);

	node_replace(values, 0, value);
	sign_again(signer(h, 0));
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
	struct node *values = node_at(signer(h, 0), SI_ATTRS, 0, 1, END);

	(void)c;
	node_insert(values, 1, node_copy(values->kid[0]));
	sign_again(signer(h, 0));
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
	struct node *id = node_at(signer(h, 0), SI_ATTRS, 3, 1, 0, 0, 0, END);

	(void)c;
	node_insert(id, 0, node_copy(signer(h, 0)->kid[SI_ALG]));
	sign_again(signer(h, 0));
}

/* ESSCertIDv2 with issuerSerial, as OpenSSL itself writes it. */
static void
ess_with_issuer(struct harm *h, const struct harm_case *c)
{
	struct node *id = node_at(signer(h, 0), SI_ATTRS, 3, 1, 0, 0, 0, END);
	struct node *sid = signer(h, 0)->kid[SI_SID];
	struct node *names = node_new(EX_DER_SEQUENCE);
	struct node *name = node_new(0xa4), *both = node_new(EX_DER_SEQUENCE);

	(void)c;
	node_insert(name, 0, node_copy(sid->kid[0]));
	node_insert(names, 0, name);
	node_insert(both, 0, names);
	node_insert(both, 1, node_copy(sid->kid[1]));
	node_insert(id, 1, both);
	sign_again(signer(h, 0));
}

/* A second ESSCertIDv2, of the CA's certificate. */
static void
ess_of_chain(struct harm *h, const struct harm_case *c)
{
	struct node *ids = node_at(signer(h, 0), SI_ATTRS, 3, 1, 0, 0, END);
	struct node *id = node_new(EX_DER_SEQUENCE);
	uint8_t sha256[EX_SHA256_LEN];

	(void)c;
	ex_sha256(sha256, lab.ca.data, lab.ca.len);
	node_insert(id, 0, node_bytes(EX_DER_OCTETS, sha256, sizeof(sha256)));
	node_insert(ids, 1, id);
	sign_again(signer(h, 0));
}

static void
ess_of_other_certificate(struct harm *h, const struct harm_case *c)
{
	uint8_t sha256[EX_SHA256_LEN];

	(void)c;
	ex_sha256(sha256, lab.ca.data, lab.ca.len);
	node_replace(node_at(signer(h, 0), SI_ATTRS, 3, 1, 0, 0, 0, END), 0,
	    node_bytes(EX_DER_OCTETS, sha256, sizeof(sha256)));
	sign_again(signer(h, 0));
}

static const char id_data[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";

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

static void
other_outer_type(struct harm *h, const struct harm_case *c)
{
	(void)c;
	node_replace(
	    h->root, 0, node_bytes(EX_DER_OID, id_data, sizeof(id_data) - 1));
}

static void
version(struct harm *h, const struct harm_case *c)
{
	uint8_t v = (uint8_t)c->arg;
	struct node *node = target(h, c);

	node_replace(node, 0, node_bytes(EX_DER_INTEGER, &v, 1));
}

/* A CRL of the laboratory's CA, made by openssl. */
static void
add_crl(struct harm *h, const struct harm_case *c)
{
	static const char conf[] = "[ca]\ndefault_ca=d\n[d]\n"
				   "database=/dev/null\ndefault_md=sha256\n";
	const char *key = lab_path(&lab, "ca.key");
	struct ex_buf b = EX_BUF_INIT, der = EX_BUF_INIT;
	struct node *crls = node_new(EX_DER_CONTEXT_1);
	const char *crl, *cnf;

	(void)c;
	if (!ex_file_exists(key))
		assert_int_equal(ex_key_save(lab.ca_key, key, NULL, NULL), 0);
	assert_int_equal(ex_buf_add_text(&b, conf, NULL), 0);
	cnf = lab_write(&lab, "ca.cnf", &b);
	crl = lab_path(&lab, "ca.crl");
	{
		const char *const make[] = { "openssl", "ca", "-gencrl",
			"-config", cnf, "-keyfile", key, "-cert",
			lab_path(&lab, "ca.pem"), "-crldays", "30", "-out", crl,
			NULL };
		const char *const read[] = { "openssl", "crl", "-in", crl,
			"-outform", "DER", NULL };

		assert_int_equal(lab_run(NULL, make), 0);
		assert_int_equal(lab_run(&der, read), 0);
	}
	node_insert(crls, 0, of_buf(&der));
	node_insert(h->sd, SD_SIGNERS, crls);
	ex_buf_free(&b);
	ex_buf_free(&der);
}

static void
empty_crls(struct harm *h, const struct harm_case *c)
{
	(void)c;
	node_insert(h->sd, SD_SIGNERS, node_new(EX_DER_CONTEXT_1));
}

static void
other_kind_of_certificate(struct harm *h, const struct harm_case *c)
{
	node_insert(h->sd->kid[SD_CERTS], 2, node_new((uint8_t)c->arg));
}

static void
no_signer(struct harm *h, const struct harm_case *c)
{
	(void)c;
	while (h->sd->kid[SD_SIGNERS]->nkids > 0)
		node_drop(h->sd->kid[SD_SIGNERS], 0);
}

/* More bytes in the signature: arg 0 in front, 1 behind. */
static void
longer_signature(struct harm *h, const struct harm_case *c)
{
	struct node *sig = signer(h, 0)->kid[SI_SIG];
	struct ex_buf b = EX_BUF_INIT;

	if (c->arg == 0)
		(void)ex_buf_add_byte(&b, 0, NULL);
	(void)ex_buf_add(&b, sig->bytes, sig->nbytes, NULL);
	if (c->arg == 1)
		(void)ex_buf_add_byte(&b, 0, NULL);
	node_replace(
	    signer(h, 0), SI_SIG, node_bytes(EX_DER_OCTETS, b.data, b.len));
	ex_buf_free(&b);
}

/* An RSA signature that is no number below the modulus. */
static void
largest_signature(struct harm *h, const struct harm_case *c)
{
	struct node *sig = signer(h, 0)->kid[SI_SIG];

	(void)c;
	memset(sig->bytes, 0xff, sig->nbytes);
}

/* r with a zero in front that DER does not want. */
static void
padded_r(struct harm *h, const struct harm_case *c)
{
	struct node *sig = signer(h, 0)->kid[SI_SIG];
	struct node *pair = node_read(sig->bytes, sig->nbytes);
	struct node *r = node_take(pair, 0);
	struct ex_buf b = EX_BUF_INIT;

	(void)c;
	(void)ex_buf_add(&b, "\0\0", 2, NULL);
	(void)ex_buf_add(&b, r->bytes, r->nbytes, NULL);
	node_insert(pair, 0, node_bytes(EX_DER_INTEGER, b.data, b.len));
	ex_buf_cut(&b, 0);
	node_write(&b, pair);
	node_replace(
	    signer(h, 0), SI_SIG, node_bytes(EX_DER_OCTETS, b.data, b.len));
	node_free(pair);
	node_free(r);
	ex_buf_free(&b);
}

#define ROOT        \
	{           \
		END \
	}
#define EXPLICIT       \
	{              \
		1, END \
	}
#define DATA              \
	{                 \
		1, 0, END \
	}
#define ALGS                       \
	{                          \
		1, 0, SD_ALGS, END \
	}
#define ALG                           \
	{                             \
		1, 0, SD_ALGS, 0, END \
	}
#define CONTENT                       \
	{                             \
		1, 0, SD_CONTENT, END \
	}
#define ECONTENT                         \
	{                                \
		1, 0, SD_CONTENT, 1, END \
	}
#define BODY                                \
	{                                   \
		1, 0, SD_CONTENT, 1, 0, END \
	}
#define CERTS                       \
	{                           \
		1, 0, SD_CERTS, END \
	}
#define CERT                           \
	{                              \
		1, 0, SD_CERTS, 0, END \
	}
#define SIGNERS                       \
	{                             \
		1, 0, SD_SIGNERS, END \
	}
#define SIGNER                           \
	{                                \
		1, 0, SD_SIGNERS, 0, END \
	}
#define SIGNER_(x)                          \
	{                                   \
		1, 0, SD_SIGNERS, 0, x, END \
	}

static const struct harm_case cases[] = {
	{ "s becomes n - s", TWO, negate_s, "ECDSA s is larger than n/2",
	    ACCEPTS, 0, ROOT },
	{ "s of the second signer becomes n - s", TWO, negate_s,
	    "ECDSA s is larger than n/2", ACCEPTS, 1, ROOT },
	{ "r is padded", TWO, padded_r, "ECDSA r: integer is not minimal", ANY,
	    0, ROOT },
	{ "a byte behind s", TWO, longer_signature,
	    "too many after the ECDSA signature", ANY, 1, ROOT },
	{ "a zero before an RSA signature", RSA, longer_signature,
	    "RSA signature of 257 bytes", ANY, 0, ROOT },
	{ "an RSA signature beyond the modulus", RSA, largest_signature,
	    "not smaller than the modulus", ANY, 0, ROOT },

	{ "the CA's certificate as well", TWO, add_ca_cert,
	    "a certificate that nobody signs with", ACCEPTS, 0, ROOT },
	{ "a certificate twice", TWO, double_kid, "a certificate occurs twice",
	    ACCEPTS, 0, CERTS },
	{ "certificates swapped", TWO, swap_kids,
	    "a certificate is out of DER SET order", ANY, 0, CERTS },
	{ "a certificate missing", TWO, drop_kid,
	    "certificate of a signer is missing", ANY, 0, CERTS },
	{ "no certificates", TWO, drop_kid, "certificates: tag", ANY, SD_CERTS,
	    DATA },
	{ "an attribute certificate", TWO, other_kind_of_certificate,
	    "a certificate: tag", ANY, 0xa2, ROOT },
	{ "BER inside a certificate", TWO, long_length,
	    "certificate's signed part: length is not minimal", ANY, 1,
	    { 1, 0, SD_CERTS, 0, 0, END } },

	{ "sid is a key identifier", TWO, key_identifier,
	    "sid is a subjectKeyIdentifier", ACCEPTS, 3, ROOT },
	{ "sid is a key identifier under version 1", TWO, key_identifier,
	    "sid is a subjectKeyIdentifier", ANY, 1, ROOT },
	{ "sid has another element", TWO, extra_element,
	    "too many after sid's serial", ANY, 0, SIGNER_(SI_SID) },

	{ "SignerInfos swapped", TWO, swap_kids,
	    "a SignerInfo is out of DER SET order", ACCEPTS, 0, SIGNERS },
	{ "a SignerInfo twice", TWO, double_kid, "a SignerInfo occurs twice",
	    ACCEPTS, 0, SIGNERS },
	{ "one signs twice", TWO, second_signature,
	    "one certificate signs twice", ANY, 0, ROOT },
	{ "nobody signs", TWO, no_signer, "nobody signed", ANY, 0, ROOT },
	{ "one signature taken away", TWO, drop_kid,
	    "a certificate that nobody signs with", ACCEPTS, 0, SIGNERS },

	{ "an unsigned attribute", TWO, unsigned_attribute,
	    "there is an unsigned attribute", ACCEPTS, 0, ROOT },
	{ "an element behind the signature", TWO, extra_element,
	    "too many after the signature", ANY, 0, SIGNER },

	{ "SHA-512 among the digest algorithms", TWO, sha512_too,
	    "too many after the only digest algorithm", ACCEPTS, 1, ROOT },
	{ "SHA-512 first", TWO, sha512_too, "digestAlgorithms: not the only",
	    ANY, 0, ROOT },
	{ "no digest algorithm", TWO, drop_kid, "digestAlgorithms is missing",
	    ANY, 0, ALGS },
	{ "NULL in digestAlgorithms", TWO, null_parameters,
	    "digestAlgorithms: not the only", ACCEPTS, 0, ALG },
	{ "NULL in a signer's digestAlgorithm", TWO, null_parameters,
	    "SignerInfo's digestAlgorithm: not the only", ACCEPTS, 0,
	    SIGNER_(SI_ALG) },
	{ "NULL behind ecdsa-with-SHA256", TWO, null_parameters,
	    "signatureAlgorithm: not the only", ANY, 0, SIGNER_(SI_SIG_ALG) },
	{ "sha256WithRSAEncryption", RSA, rsa_with_sha256,
	    "signatureAlgorithm: not the only", ANY, 0, ROOT },
	{ "rsaEncryption without NULL", RSA, drop_kid,
	    "signatureAlgorithm: not the only", ANY, 1, SIGNER_(SI_SIG_ALG) },

	{ "indefinite ContentInfo", TWO, indefinite, "entry: indefinite length",
	    ACCEPTS, 0, ROOT },
	{ "indefinite content", TWO, indefinite,
	    "ContentInfo's content: indefinite length", ACCEPTS, 0, EXPLICIT },
	{ "indefinite SignedData", TWO, indefinite,
	    "SignedData: indefinite length", ACCEPTS, 0, DATA },
	{ "indefinite digestAlgorithms", TWO, indefinite,
	    "digestAlgorithms: indefinite length", ACCEPTS, 0, ALGS },
	{ "indefinite encapContentInfo", TWO, indefinite,
	    "encapContentInfo: indefinite length", ACCEPTS, 0, CONTENT },
	{ "indefinite eContent", TWO, indefinite, "eContent: indefinite length",
	    ACCEPTS, 0, ECONTENT },
	{ "body in parts", TWO, body_in_parts, "eContent: tag is 0x24", ACCEPTS,
	    0, ROOT },
	{ "body in parts, indefinite", TWO, body_in_parts,
	    "eContent: tag is 0x24", ACCEPTS, 1, ROOT },
	{ "indefinite certificates", TWO, indefinite,
	    "certificates: indefinite length", ACCEPTS, 0, CERTS },
	{ "indefinite signerInfos", TWO, indefinite,
	    "signerInfos: indefinite length", ACCEPTS, 0, SIGNERS },
	{ "indefinite SignerInfo", TWO, indefinite,
	    "a SignerInfo: indefinite length", ACCEPTS, 0, SIGNER },
	{ "indefinite signed attributes", TWO, indefinite,
	    "signed attributes: indefinite length", ACCEPTS, 0,
	    SIGNER_(SI_ATTRS) },

	{ "long length of ContentInfo", TWO, long_length,
	    "entry: length is not minimal", ACCEPTS, 1, ROOT },
	{ "long length of SignedData", TWO, long_length,
	    "SignedData: length is not minimal", ACCEPTS, 2, DATA },
	{ "long length of the body", TWO, long_length,
	    "eContent: length is not minimal", ACCEPTS, 1, BODY },
	{ "long length of certificates", TWO, long_length,
	    "certificates: length is not minimal", ACCEPTS, 1, CERTS },
	{ "long length of signerInfos", TWO, long_length,
	    "signerInfos: length is not minimal", ACCEPTS, 1, SIGNERS },
	{ "long length of a version", TWO, long_length,
	    "SignerInfo's version: length is not minimal", ACCEPTS, 1,
	    SIGNER_(SI_VERSION) },
	{ "long length of signed attributes", TWO, long_length,
	    "signed attributes: length is not minimal", ACCEPTS, 1,
	    SIGNER_(SI_ATTRS) },
	{ "long length of a signature", TWO, long_length,
	    "signature: length is not minimal", ACCEPTS, 1, SIGNER_(SI_SIG) },

	{ "a zero behind the entry", TWO, trailing_byte,
	    "1 bytes too many after the entry", ACCEPTS, 0x00, ROOT },
	{ "a newline behind the entry", TWO, trailing_byte,
	    "1 bytes too many after the entry", ACCEPTS, 0x0a, ROOT },
	{ "the entry twice", TWO, entry_twice, "too many after the entry",
	    ACCEPTS, 0, ROOT },
	{ "an element more in ContentInfo", TWO, extra_element,
	    "too many after ContentInfo's content", ANY, 0, ROOT },
	{ "an element more around SignedData", TWO, extra_element,
	    "too many after SignedData", ANY, 0, EXPLICIT },
	{ "an element more in SignedData", TWO, extra_element,
	    "too many after signerInfos", ANY, 0, DATA },
	{ "an element more in encapContentInfo", TWO, extra_element,
	    "too many after eContent", ANY, 0, CONTENT },
	{ "an element more behind the body", TWO, extra_element,
	    "too many after the body", ANY, 0, ECONTENT },

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

	{ "a CRL", TWO, add_crl, "there are CRLs", ACCEPTS, 0, ROOT },
	{ "no CRL in crls", TWO, empty_crls, "there are CRLs", ANY, 0, ROOT },

	{ "another eContentType", TWO, other_content_type,
	    "eContentType is another", ANY, 0, ROOT },
	{ "another eContentType, signed", ONE, other_content_type,
	    "eContentType is another", ANY, 1, ROOT },
	{ "another contentType attribute", TWO, other_attribute_type,
	    "signed attribute contentType is not the one", ANY, 0, ROOT },
	{ "another type of ContentInfo", TWO, other_outer_type,
	    "ContentInfo's type is another", ANY, 0, ROOT },
	{ "the body detached", TWO, drop_kid, "the content is detached", ANY, 1,
	    CONTENT },

	{ "SignedData version 1", TWO, version, "SignedData's version is not 3",
	    ANY, 1, DATA },
	{ "SignedData version 4", TWO, version, "SignedData's version is not 3",
	    ANY, 4, DATA },
	{ "SignedData version 5", TWO, version, "SignedData's version is not 3",
	    ANY, 5, DATA },
	{ "SignerInfo version 0", TWO, version, "SignerInfo's version is not 1",
	    ANY, 0, SIGNER },
	{ "SignerInfo version 3", TWO, version, "SignerInfo's version is not 1",
	    ANY, 3, SIGNER },
};

static void
make(struct ex_buf *out, int who)
{
	static const int two[] = { LAB_ALMA, LAB_BRUNO }, rsa[] = { LAB_RSA };

	if (who == RSA)
		lab_entry(&lab, out, "{\"n\":1}", rsa, 1);
	else
		lab_entry(&lab, out, "{\"n\":1}", two, who == TWO ? 2 : 1);
}

/* Good entry in, harmed entry out. */
static void
harm(struct ex_buf *out, const struct ex_buf *good, const struct harm_case *c)
{
	struct harm h = { 0 };
	struct ex_buf same = EX_BUF_INIT;

	h.root = node_read(good->data, good->len);
	h.sd = node_at(h.root, 1, 0, END);
	/* The tree itself changes nothing. */
	node_write(&same, h.root);
	assert_int_equal(same.len, good->len);
	assert_memory_equal(same.data, good->data, same.len);

	c->harm(&h, c);
	if (!h.keep_order && h.sd->nkids > SD_SIGNERS)
		sort_set(h.sd->kid[h.sd->nkids - 1]->tag == EX_DER_SET
			     ? h.sd->kid[h.sd->nkids - 1]
			     : h.sd->kid[SD_SIGNERS]);
	node_write(out, h.root);
	assert_int_equal(ex_buf_add(out, h.tail.data, h.tail.len, NULL), 0);
	node_free(h.root);
	ex_buf_free(&h.tail);
	ex_buf_free(&same);
}

static void
every_other_encoding_is_refused_by_name(void **state)
{
	size_t accepted = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct harm_case *c = &cases[i];
		struct ex_buf good = EX_BUF_INIT, bad = EX_BUF_INIT;
		struct ex_err err = EX_ERR_INIT, why = EX_ERR_INIT;
		struct ex_cms cms;
		int openssl;

		make(&good, (int)c->who);
		assert_int_equal(
		    ex_cms_parse(&cms, good.data, good.len, &err), 0);
		assert_int_equal(ex_cms_check(&cms, &err), 0);

		harm(&bad, &good, c);
		assert_false(bad.len == good.len &&
			     memcmp(bad.data, good.data, bad.len) == 0);
		openssl = ex_cms_check_openssl(bad.data, bad.len, &why);
		if (ex_cms_parse(&cms, bad.data, bad.len, &err) != -1)
			fail_msg("%s: accepted", c->name);
		print_message("  %s: %s (OpenSSL: %s)\n", c->name, err.text,
		    openssl == 0 ? "accepts" : why.text);
		assert_int_equal(err.code, EX_FORMAT);
		assert_non_null(strstr(err.text, c->says));
		if (c->openssl == ACCEPTS)
			assert_int_equal(openssl, 0);
		accepted += openssl == 0;
		ex_buf_free(&good);
		ex_buf_free(&bad);
	}
	print_message("  %zu cases, OpenSSL accepts %zu of them\n",
	    COUNT(cases), accepted);
}

/* One certificate over the limit; signers cannot be more than these. */
static void
too_many_certificates_are_refused(void **state)
{
	struct ex_buf good = EX_BUF_INIT, bad = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_cms cms;
	struct node *root, *certs;

	(void)state;
	make(&good, ONE);
	root = node_read(good.data, good.len);
	certs = node_at(root, 1, 0, SD_CERTS, END);
	for (int n = 0; n < EX_PARTIES_MAX; n++) {
		struct ex_buf cert = EX_BUF_INIT;

		lab_issue(&cert, lab.ca_key, &lab.ca, lab.key[LAB_ALMA], "S-1");
		node_insert(certs, 0, of_buf(&cert));
		ex_buf_free(&cert);
	}
	sort_set(certs);
	node_write(&bad, root);
	assert_int_equal(ex_cms_parse(&cms, bad.data, bad.len, &err), -1);
	assert_int_equal(err.code, EX_LIMIT);
	assert_non_null(strstr(err.text, "more than 16 certificates"));
	node_free(root);
	ex_buf_free(&good);
	ex_buf_free(&bad);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_other_encoding_is_refused_by_name),
		cmocka_unit_test(too_many_certificates_are_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
