/*
 * harm_bytes.c -- an entry's elements written in other ways.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tests/signing/harm.h"
#include "signing/der.h"

static const char id_data[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";

static void
indefinite(struct harm *h, const struct harm_case *c)
{
	harm_target(h, c)->indefinite = 1;
}

static void
long_length(struct harm *h, const struct harm_case *c)
{
	harm_target(h, c)->long_by = (size_t)c->arg;
}

/* The body in two strings inside a constructed one. */
static void
body_in_parts(struct harm *h, const struct harm_case *c)
{
	struct node *content = node_at(h->sd, SD_CONTENT, 1, -1);
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
	struct node *node = harm_target(h, c);

	node_insert(node, node->nkids, ELEMENT("\x05\x00"));
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
	struct node *node = harm_target(h, c);

	node_replace(node, 0, node_bytes(EX_DER_INTEGER, &v, 1));
}

static const struct harm_case cases[] = {
	{ "BER inside a certificate", TWO, long_length,
	    "certificate's signed part: length is not minimal", ANY, 1, TBS },
	{ "sid has another element", TWO, extra_element,
	    "too many after sid's serial", ANY, 0, SID },
	{ "an element behind the signature", TWO, extra_element,
	    "too many after the signature", ANY, 0, SIGNER },
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
	    "signed attributes: indefinite length", ACCEPTS, 0, ATTRS },
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
	    VERSION },
	{ "long length of signed attributes", TWO, long_length,
	    "signed attributes: length is not minimal", ACCEPTS, 1, ATTRS },
	{ "long length of a signature", TWO, long_length,
	    "signature: length is not minimal", ACCEPTS, 1, SIG },
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
	{ "another type of ContentInfo", TWO, other_outer_type,
	    "ContentInfo's type is another", ANY, 0, ROOT },
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

const struct harm_table harm_bytes = { cases,
	sizeof(cases) / sizeof(cases[0]) };
