/*
 * fuzz_cms.c -- any bytes as an entry: what is accepted is written the same
 * again from its fields.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "signing/cms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ex_cms_sig sig[EX_PARTIES_MAX] = { 0 };
	struct ex_buf again = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_cms cms;

	if (ex_cms_parse(&cms, data, n, &err) == -1) {
		if (err.code != EX_FORMAT && err.code != EX_LIMIT)
			abort();
		return 0;
	}
	for (size_t i = 0; i < cms.nsigners; i++)
		/* Last first: order is the builder's business. */
		sig[cms.nsigners - 1 - i] =
		    (struct ex_cms_sig){ cms.signer[i].cert.p,
			    cms.signer[i].cert.n, cms.signer[i].kind,
			    cms.signer[i].sig.p, cms.signer[i].sig.n };
	if (ex_cms_build(&again, cms.body.p, cms.body.n, cms.signing_time, sig,
		cms.nsigners, &err) == -1 ||
	    again.len != n || memcmp(again.data, data, n) != 0)
		abort();
	/* Whatever we accept and find well signed, OpenSSL does too. */
	if (ex_cms_check(&cms, NULL) == 0 &&
	    ex_cms_check_openssl(data, n, NULL) == -1)
		abort();
	ex_buf_free(&again);
	return 0;
}
