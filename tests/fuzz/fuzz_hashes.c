/*
 * fuzz_hashes.c -- lists of digests that others wrote: what is taken of them
 * comes out as it went in.  The first byte says which algorithms are meant.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "hashing/hashes_audit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int
count(void *arg, enum ex_audited what, const char *name, const char *listed,
    struct ex_err *err)
{
	size_t *sum = arg;

	(void)err;
	if (what >= EX_AUDIT_WORDS || name == NULL ||
	    (listed != NULL) !=
		(what == EX_AUDIT_KNOWN || what == EX_AUDIT_MOVED))
		abort();
	(*sum)++;
	return 0;
}

/* Written again and read again it is the same file. */
static void
again(const struct ex_hashes_file *f)
{
	struct ex_buf out = EX_BUF_INIT;
	struct ex_hashes h = { 0 };
	unsigned meant = EX_ALG_BIT(f->digest[0].alg);

	if (ex_hashes_put_gnu(&out, &f->digest[0], f->name, NULL) == -1 ||
	    ex_hashes_parse(&h, out.data, out.len, meant, NULL) == -1 ||
	    h.n != 1 || strcmp(h.file[0].name, f->name) != 0 ||
	    memcmp(h.file[0].digest[0].value, f->digest[0].value,
		f->digest[0].len) != 0)
		abort();
	ex_hashes_free(&h);
	ex_buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ex_hashes h = { 0 };
	struct ex_audit *a = NULL;
	size_t told = 0;

	if (n == 0)
		return 0;
	if (ex_hashes_parse(&h, &data[1], n - 1, data[0], NULL) == 0) {
		for (size_t i = 0; i < h.n; i++)
			again(&h.file[i]);
		if (ex_audit_new(&a, &h, "/fuzz", NULL) == 0)
			for (size_t i = 0; i < h.n; i += 2)
				(void)ex_audit_file(a, h.file[i].name,
				    h.file[i].size, h.file[i].digest,
				    h.file[i].ndigests, NULL);
		if (ex_audit_tell(a, count, &told, NULL) == -1 ||
		    told < (h.n + 1) / 2)
			abort();
	}
	ex_audit_free(a);
	ex_hashes_free(&h);
	return 0;
}
