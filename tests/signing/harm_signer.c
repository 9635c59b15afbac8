/*
 * harm_signer.c -- other signatures, certificates, signers, algorithms.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "signing/ecdsa.h"
#include "signing/der.h"
#include "tests/signing/harm.h"

static void
negate_s(struct harm *h, const struct harm_case *c)
{
	struct node *sig = harm_signer_at(h, c->arg)->kid[SI_SIG];
	struct ex_buf b = EX_BUF_INIT;
	uint8_t r[EX_P256], s[EX_P256];

	assert_int_equal(ex_ecdsa_read(r, s, sig->bytes, sig->nbytes, NULL), 0);
	ex_ecdsa_negate(s);
	assert_int_equal(ex_ecdsa_write(&b, r, s, NULL), 0);
	node_replace(harm_signer_at(h, c->arg), SI_SIG,
	    node_bytes(EX_DER_OCTETS, b.data, b.len));
	ex_buf_free(&b);
}

/* r with a zero in front that DER does not want. */
static void
padded_r(struct harm *h, const struct harm_case *c)
{
	struct node *sig = harm_signer_at(h, 0)->kid[SI_SIG];
	struct node *pair = node_read(sig->bytes, sig->nbytes);
	struct node *r = node_take(pair, 0);
	struct ex_buf b = EX_BUF_INIT;

	(void)c;
	(void)ex_buf_add(&b, "\0\0", 2, NULL);
	(void)ex_buf_add(&b, r->bytes, r->nbytes, NULL);
	node_insert(pair, 0, node_bytes(EX_DER_INTEGER, b.data, b.len));
	ex_buf_cut(&b, 0);
	node_write(&b, pair);
	node_replace(harm_signer_at(h, 0), SI_SIG,
	    node_bytes(EX_DER_OCTETS, b.data, b.len));
	node_free(pair);
	node_free(r);
	ex_buf_free(&b);
}

/* More bytes in the signature: arg 0 in front, 1 behind. */
static void
longer_signature(struct harm *h, const struct harm_case *c)
{
	struct node *sig = harm_signer_at(h, 0)->kid[SI_SIG];
	struct ex_buf b = EX_BUF_INIT;

	if (c->arg == 0)
		(void)ex_buf_add_byte(&b, 0, NULL);
	(void)ex_buf_add(&b, sig->bytes, sig->nbytes, NULL);
	if (c->arg == 1)
		(void)ex_buf_add_byte(&b, 0, NULL);
	node_replace(harm_signer_at(h, 0), SI_SIG,
	    node_bytes(EX_DER_OCTETS, b.data, b.len));
	ex_buf_free(&b);
}

/* An RSA signature that is no number below the modulus. */
static void
largest_signature(struct harm *h, const struct harm_case *c)
{
	struct node *sig = harm_signer_at(h, 0)->kid[SI_SIG];

	(void)c;
	memset(sig->bytes, 0xff, sig->nbytes);
}

static void
add_ca_cert(struct harm *h, const struct harm_case *c)
{
	(void)c;
	node_insert(h->sd->kid[SD_CERTS], 0, harm_of_buf(&h->lab->ca));
	harm_sort(h->sd->kid[SD_CERTS]);
}

static void
double_kid(struct harm *h, const struct harm_case *c)
{
	struct node *set = harm_target(h, c);

	node_insert(set, 0, node_copy(set->kid[0]));
}

static void
swap_kids(struct harm *h, const struct harm_case *c)
{
	h->keep_order = 1;
	node_swap(harm_target(h, c), 0, 1);
}

static void
other_kind_of_certificate(struct harm *h, const struct harm_case *c)
{
	node_insert(h->sd->kid[SD_CERTS], 2, node_new((uint8_t)c->arg));
}

/* The subjectKeyIdentifier of the certificate in its extension. */
static void
key_identifier(struct harm *h, const struct harm_case *c)
{
	static const uint8_t head[] = { 0x06, 0x03, 0x55, 0x1d, 0x0e, 0x04,
		0x16, 0x04, 0x14 };
	struct node *si = harm_signer_at(h, 0);
	const struct ex_buf *cert;
	const uint8_t *ski = NULL;
	uint8_t version = (uint8_t)c->arg;

	(void)harm_key_of(h, si, &cert);
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
	struct node *again = node_copy(harm_signer_at(h, 0));

	(void)c;
	harm_sign_again(h, again);
	node_insert(h->sd->kid[SD_SIGNERS], 0, again);
}

static void
no_signer(struct harm *h, const struct harm_case *c)
{
	(void)c;
	while (h->sd->kid[SD_SIGNERS]->nkids > 0)
		node_drop(h->sd->kid[SD_SIGNERS], 0);
}

static void
unsigned_attribute(struct harm *h, const struct harm_case *c)
{
	(void)c;
	node_insert(harm_signer_at(h, 0), SI_SIG + 1,
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
	node_insert(harm_target(h, c), 1, ELEMENT("\x05\x00"));
}

static void
rsa_with_sha256(struct harm *h, const struct harm_case *c)
{
	(void)c;
	node_replace(harm_signer_at(h, 0), SI_SIG_ALG,
	    ELEMENT("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"
		    "\x05\x00"));
}

/* A CRL of the laboratory's CA, made by openssl. */
static void
add_crl(struct harm *h, const struct harm_case *c)
{
	static const char conf[] = "[ca]\ndefault_ca=d\n[d]\n"
				   "database=/dev/null\ndefault_md=sha256\n";
	const char *key = lab_path(h->lab, "ca.key");
	struct ex_buf b = EX_BUF_INIT, der = EX_BUF_INIT;
	struct node *crls = node_new(EX_DER_CONTEXT_1);
	const char *crl, *cnf;

	(void)c;
	if (!ex_file_exists(key))
		assert_int_equal(
		    ex_key_save(h->lab->ca_key, key, NULL, NULL), 0);
	assert_int_equal(ex_buf_add_text(&b, conf, NULL), 0);
	cnf = lab_write(h->lab, "ca.cnf", &b);
	crl = lab_path(h->lab, "ca.crl");
	{
		const char *const make[] = { "openssl", "ca", "-gencrl",
			"-config", cnf, "-keyfile", key, "-cert",
			lab_path(h->lab, "ca.pem"), "-crldays", "30", "-out",
			crl, NULL };
		const char *const read[] = { "openssl", "crl", "-in", crl,
			"-outform", "DER", NULL };

		assert_int_equal(lab_run(NULL, make), 0);
		assert_int_equal(lab_run(&der, read), 0);
	}
	node_insert(crls, 0, harm_of_buf(&der));
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
	{ "a certificate missing", TWO, harm_drop_kid,
	    "certificate of a signer is missing", ANY, 0, CERTS },
	{ "no certificates", TWO, harm_drop_kid, "certificates: tag", ANY,
	    SD_CERTS, DATA },
	{ "an attribute certificate", TWO, other_kind_of_certificate,
	    "a certificate: tag", ANY, 0xa2, ROOT },
	{ "sid is a key identifier", TWO, key_identifier,
	    "sid is a subjectKeyIdentifier", ACCEPTS, 3, ROOT },
	{ "sid is a key identifier under version 1", TWO, key_identifier,
	    "sid is a subjectKeyIdentifier", ANY, 1, ROOT },
	{ "SignerInfos swapped", TWO, swap_kids,
	    "a SignerInfo is out of DER SET order", ACCEPTS, 0, SIGNERS },
	{ "a SignerInfo twice", TWO, double_kid, "a SignerInfo occurs twice",
	    ACCEPTS, 0, SIGNERS },
	{ "one signs twice", TWO, second_signature,
	    "one certificate signs twice", ANY, 0, ROOT },
	{ "nobody signs", TWO, no_signer, "nobody signed", ANY, 0, ROOT },
	{ "one signature taken away", TWO, harm_drop_kid,
	    "a certificate that nobody signs with", ACCEPTS, 0, SIGNERS },
	{ "an unsigned attribute", TWO, unsigned_attribute,
	    "there is an unsigned attribute", ACCEPTS, 0, ROOT },
	{ "SHA-512 among the digest algorithms", TWO, sha512_too,
	    "too many after the only digest algorithm", ACCEPTS, 1, ROOT },
	{ "SHA-512 first", TWO, sha512_too, "digestAlgorithms: not the only",
	    ANY, 0, ROOT },
	{ "no digest algorithm", TWO, harm_drop_kid,
	    "digestAlgorithms is missing", ANY, 0, ALGS },
	{ "NULL in digestAlgorithms", TWO, null_parameters,
	    "digestAlgorithms: not the only", ACCEPTS, 0, ALG },
	{ "NULL in a signer's digestAlgorithm", TWO, null_parameters,
	    "SignerInfo's digestAlgorithm: not the only", ACCEPTS, 0,
	    SIGNER_ALG },
	{ "NULL behind ecdsa-with-SHA256", TWO, null_parameters,
	    "signatureAlgorithm: not the only", ANY, 0, SIG_ALG },
	{ "sha256WithRSAEncryption", RSA, rsa_with_sha256,
	    "signatureAlgorithm: not the only", ANY, 0, ROOT },
	{ "rsaEncryption without NULL", RSA, harm_drop_kid,
	    "signatureAlgorithm: not the only", ANY, 1, SIG_ALG },
	{ "a CRL", TWO, add_crl, "there are CRLs", ACCEPTS, 0, ROOT },
	{ "no CRL in crls", TWO, empty_crls, "there are CRLs", ANY, 0, ROOT },
	{ "the body detached", TWO, harm_drop_kid, "the content is detached",
	    ANY, 1, CONTENT },
};

const struct harm_table harm_signer = { cases,
	sizeof(cases) / sizeof(cases[0]) };
