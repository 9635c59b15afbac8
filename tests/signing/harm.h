/*
 * harm.h -- entries encoded in other ways: one table for each part of them.
 */
#ifndef TESTS_SIGNING_HARM_H
#define TESTS_SIGNING_HARM_H

#include "base/buf.h"
#include "tests/signing/dertree.h"
#include "tests/signing/lab.h"

/* Who signs the entry that is harmed. */
enum harm_who {
	TWO, /* two with P-256 */
	ONE, /* one with P-256 */
	RSA  /* one with RSA */
};

/* Does CMS_verify() with CAdES checks still accept it? */
enum harm_openssl {
	ANY,	/* does not matter */
	ACCEPTS /* it does, and that is why the case is here */
};

/* What is being harmed. */
struct harm {
	const struct lab *lab;
	struct node *root;  /* the entry */
	struct node *sd;    /* SignedData */
	int keep_order;	    /* do not sort signerInfos again */
	struct ex_buf tail; /* put behind the entry */
};

struct harm_case {
	const char *name;
	enum harm_who who;
	void (*harm)(struct harm *h, const struct harm_case *c);
	const char *says; /* part of our refusal */
	enum harm_openssl openssl;
	int arg;
	const char *path; /* places from the root down, a digit each */
};

struct harm_table {
	const struct harm_case *c;
	size_t n;
};

/* Lengths, elements and types; signatures, certificates and signers; signed
 * attributes. */
extern const struct harm_table harm_bytes, harm_signer, harm_attrs;

/* Elements of SignedData and of SignerInfo. */
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

/* Paths. */
#define ROOT	   ""
#define EXPLICIT   "1"
#define DATA	   "10"
#define ALGS	   "101"
#define ALG	   "1010"
#define CONTENT	   "102"
#define ECONTENT   "1021"
#define BODY	   "10210"
#define CERTS	   "103"
#define TBS	   "10300"
#define SIGNERS	   "104"
#define SIGNER	   "1040"
#define VERSION	   "10400"
#define SID	   "10401"
#define SIGNER_ALG "10402"
#define ATTRS	   "10403"
#define SIG_ALG	   "10404"
#define SIG	   "10405"

/* An entry of the lab for a case, and what its harm makes of it. */
void harm_good(struct ex_buf *out, const struct lab *lab, enum harm_who who);
void harm_make(struct ex_buf *out, const struct lab *lab,
    const struct ex_buf *good, const struct harm_case *c);

/* The element at c->path; the SignerInfo at a place. */
struct node *harm_target(struct harm *h, const struct harm_case *c);
struct node *harm_signer_at(struct harm *h, int i);

/* Whose SignerInfo is this?  By its sid; *cert is borrowed. */
const struct ex_key *harm_key_of(
    const struct harm *h, const struct node *si, const struct ex_buf **cert);

/* The signed attributes as they are signed; sign them again as changed:
 * harm by a key's own holder. */
void harm_attrs_to_sign(struct ex_buf *out, struct node *si);
void harm_sign_again(const struct harm *h, struct node *si);

/* Another signature value. */
void harm_set_sig(struct harm *h, int i, const struct ex_buf *value);

/* DER order of a SET. */
void harm_sort(struct node *set);

/* A tree from literal bytes, and from a buffer. */
#define ELEMENT(s) node_read((const uint8_t *)(s), sizeof(s) - 1)
struct node *harm_of_buf(const struct ex_buf *b);

/* Harms of use in every table: take the kid at arg out, put NULL behind. */
void harm_drop_kid(struct harm *h, const struct harm_case *c);

#endif
