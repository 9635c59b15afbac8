/*
 * cms_openssl.c -- the second opinion: OpenSSL's own CMS_verify().
 */
#include <limits.h>

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509_vfy.h>

#include "signing/cms.h"
#include "signing/key_evp.h"

/*
 * A store in which every certificate of the entry is trusted for its own
 * sake, whenever it was valid: CAdES checks insist on a chain, and whose the
 * keys are is asked elsewhere.
 */
static X509_STORE *
store_of(CMS_ContentInfo *cms)
{
	STACK_OF(X509) *certs = CMS_get1_certs(cms);
	X509_STORE *store = X509_STORE_new();
	int ok;

	ok = store != NULL &&
	     X509_STORE_set_flags(store,
		 X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME) == 1;
	for (int i = 0; ok && i < sk_X509_num(certs); i++)
		ok = X509_STORE_add_cert(store, sk_X509_value(certs, i));
	sk_X509_pop_free(certs, X509_free);
	if (ok)
		return store;
	X509_STORE_free(store);
	return NULL;
}

/* Is the content of our type? */
static int
check_type(CMS_ContentInfo *cms, struct ex_err *err)
{
	char text[128];

	if (OBJ_obj2txt(text, sizeof(text), CMS_get0_eContentType(cms), 1) <=
		0 ||
	    ex_span_is((struct ex_span){ (const uint8_t *)EX_CMS_ENTRY_OID,
			   sizeof(EX_CMS_ENTRY_OID) - 1 },
		text) != 1)
		return ex_fail(
		    err, EX_FORMAT, "OpenSSL: eContentType is not an entry's");
	return 0;
}

int
ex_cms_check_openssl(const void *entry, size_t n, struct ex_err *err)
{
	CMS_ContentInfo *cms = NULL;
	X509_STORE *store = NULL;
	BIO *in, *out = NULL;
	int rc = -1;

	if (n > INT_MAX)
		return ex_fail(err, EX_LIMIT, "entry of %zu bytes", n);
	if ((in = BIO_new_mem_buf(entry, (int)n)) == NULL ||
	    (cms = d2i_CMS_bio(in, NULL)) == NULL) {
		(void)ex_fail_openssl(err, EX_FORMAT, "OpenSSL: not CMS");
		goto out;
	}
	if (check_type(cms, err) == -1)
		goto out;
	if ((store = store_of(cms)) == NULL ||
	    (out = BIO_new(BIO_s_null())) == NULL) {
		(void)ex_fail_openssl(err, EX_SYSTEM, "OpenSSL");
		goto out;
	}
	if (CMS_verify(cms, NULL, store, NULL, out, CMS_BINARY | CMS_CADES) !=
	    1) {
		(void)ex_fail_openssl(err, EX_DAMAGED, "OpenSSL");
		goto out;
	}
	rc = 0;
out:
	BIO_free(out);
	X509_STORE_free(store);
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	ERR_clear_error();
	return rc;
}
