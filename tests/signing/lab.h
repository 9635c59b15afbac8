/*
 * lab.h -- a laboratory for tests: a CA and three signers, made afresh.
 */
#ifndef TESTS_SIGNING_LAB_H
#define TESTS_SIGNING_LAB_H

#include "base/buf.h"
#include "base/clock.h"
#include "signing/cert.h"
#include "signing/cms.h"
#include "signing/key.h"

/* 2026-03-02T09:30:00Z, the time of everything here. */
#define LAB_TIME (INT64_C(1772443800) * EX_SECOND)

enum {
	LAB_ALMA,  /* P-256 */
	LAB_BRUNO, /* P-256 */
	LAB_RSA,   /* RSA, as an organisation's card has it */
	LAB_SIGNERS,
	LAB_PATH = 256
};

struct lab {
	char dir[64];
	struct ex_key *ca_key;
	struct ex_buf ca; /* DER */
	struct ex_roots *roots;
	struct ex_key *key[LAB_SIGNERS];
	struct ex_buf cert[LAB_SIGNERS]; /* DER */
};

/* Make it, with ca.pem in its folder; asserts that everything works. */
void lab_open(struct lab *lab);
void lab_close(struct lab *lab);

/* A certificate of a CA for this key. */
void lab_issue(struct ex_buf *out, const struct ex_key *ca_key,
    const struct ex_buf *ca, const struct ex_key *key, const char *cn);

/* Append an entry of these signers over body at LAB_TIME. */
void lab_entry(const struct lab *lab, struct ex_buf *out, const char *body,
    const int *signer, size_t n);

/* The path of name in the lab's folder; the same buffer every fourth call. */
const char *lab_path(const struct lab *lab, const char *name);

/* Write a file into the lab's folder; returns its path. */
const char *
lab_write(const struct lab *lab, const char *name, const struct ex_buf *b);

/* Run a program with these arguments to its end; its exit status.  What it
 * prints on standard output goes to out, which may be NULL. */
int lab_run(struct ex_buf *out, const char *const *argv);

#endif
