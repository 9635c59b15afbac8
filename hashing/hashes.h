/*
 * hashes.h -- lists of files' digests, as md5sum and its kin, hashdeep and
 * DFXML write them.
 *
 * Names are bytes.  As coreutils does it, a name with a newline, a carriage
 * return or a backslash before one is written with \n, \r and \\, and the
 * line begins with a backslash; hashdeep knows no escape, so such a line
 * begins with one there too and is one that hashdeep does not take for
 * another file.
 */
#ifndef HASHING_HASHES_H
#define HASHING_HASHES_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "hashing/digest.h"

enum {
	EX_HASHES_LINE_MAX = 65536 /* bytes of a line of a list */
};

/* "HEX  NAME", a newline at its end. */
int ex_hashes_put_gnu(struct ex_buf *out, const struct ex_digest_value *d,
    const char *name, struct ex_err *err);

/* "SHA256 (NAME) = HEX", as --tag writes it: for several algorithms. */
int ex_hashes_put_tagged(struct ex_buf *out, const struct ex_digest_value *d,
    const char *name, struct ex_err *err);
/*
 * A name alone, as coreutils tell it while they check: escaped, with the
 * backslash before it, where it has a newline.
 */
int
ex_hashes_put_name(struct ex_buf *out, const char *name, struct ex_err *err);
/* "SHA256", as the tag has it. */
const char *ex_hashes_tag(enum ex_alg alg);

/* "%%%% HASHDEEP-1.0" and the columns, which are those of the bits. */
int ex_hashes_put_hashdeep_head(
    struct ex_buf *out, unsigned algs, struct ex_err *err);
/* "size,HEX,...,NAME", a newline at its end. */
int ex_hashes_put_hashdeep(struct ex_buf *out, uint64_t size,
    const struct ex_digest_value *d, size_t n, const char *name,
    struct ex_err *err);

/* Text with the five that XML keeps for itself written as entities. */
int ex_hashes_put_xml(struct ex_buf *out, const char *text, struct ex_err *err);

/* What stands before the first file of a DFXML document, and behind all. */
int ex_hashes_put_dfxml_head(
    struct ex_buf *out, const char *program, struct ex_err *err);
int ex_hashes_put_dfxml_end(struct ex_buf *out, struct ex_err *err);
/*
 * One fileobject.  XML has no way to hold every byte of a name: what it
 * cannot is shown (ex_text_show()), and an attribute says so.
 */
int ex_hashes_put_dfxml(struct ex_buf *out, uint64_t size,
    const struct ex_digest_value *d, size_t n, const char *name,
    struct ex_err *err);

/* A line of a list that was read. */
struct ex_hashes_file {
	char *name; /* bytes, without the list's escapes */
	int has_size;
	uint64_t size; /* bytes */
	struct ex_digest_value digest[EX_ALGS];
	size_t ndigests;
};

struct ex_hashes {
	int hashdeep;  /* 1: a list of hashdeep, 0: of md5sum and its kin */
	unsigned algs; /* bits of all digests in it */
	struct ex_hashes_file *file;
	size_t n, cap;
	size_t nwrong; /* lines that are none */
	size_t wrong;  /* the first of them, from 1 */
};

/*
 * Read a list.  A line without an algorithm's name is judged by its length,
 * and algs (bits; 0: none) says which one of a length is meant.  EX_FORMAT:
 * nothing in it is a list.  *out starts zeroed and is released with
 * ex_hashes_free() whether it worked or not.
 */
int ex_hashes_parse(struct ex_hashes *out, const void *bytes, size_t n,
    unsigned algs, struct ex_err *err);
void ex_hashes_free(struct ex_hashes *h);

#endif
