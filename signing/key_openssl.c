/*
 * key_openssl.c -- software keys, and signing through OpenSSL.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "base/file.h"
#include "base/limits.h"
#include "signing/cert_der.h"
#include "signing/ecdsa.h"
#include "signing/key.h"
#include "signing/key_evp.h"
#include "signing/key_token.h"

enum {
	/* scrypt (RFC 7914) under a PIN: 16 MiB and a fraction of a second
	 * for each guess; N and r are what stock `openssl pkcs8` can read. */
	SCRYPT_N = 1 << 14,
	SCRYPT_R = 8,
	SCRYPT_P = 5,
	SALT = 16 /* bytes */
};

struct ex_key {
	EVP_PKEY *pkey; /* of a card's key the public half */
	enum ex_key_kind kind;
	const struct ex_key_token *token; /* NULL: a software key */
	void *held;
	const char *storage;
};

int
ex_fail_openssl(struct ex_err *err, enum ex_code code, const char *what)
{
	const char *reason = ERR_reason_error_string(ERR_peek_error());

	ERR_clear_error();
	if (reason == NULL)
		return ex_fail(err, code, "%s", what);
	return ex_fail(err, code, "%s: %s", what, reason);
}

const EVP_MD *
ex_key_md(enum ex_key_kind kind)
{
	return kind == EX_KEY_ED25519 ? NULL : EVP_sha256();
}

EVP_PKEY *
ex_key_evp(const struct ex_key *key)
{
	return key->pkey;
}

/* Append the DER SubjectPublicKeyInfo of pkey. */
static int
add_public(struct ex_buf *out, const EVP_PKEY *pkey, struct ex_err *err)
{
	unsigned char *der = NULL;
	int n, rc;

	if ((n = i2d_PUBKEY(pkey, &der)) <= 0)
		return ex_fail_openssl(err, EX_SYSTEM, "public key");
	rc = ex_buf_add(out, der, (size_t)n, err);
	OPENSSL_free(der);
	return rc;
}

/* Make *out of pkey, which is taken over also on failure. */
static int
key_of(struct ex_key **out, EVP_PKEY *pkey, struct ex_err *err)
{
	struct ex_buf spki = EX_BUF_INIT;
	struct ex_key *key = NULL;
	struct ex_spki read;
	int rc = -1;

	if (add_public(&spki, pkey, err) == -1 ||
	    ex_spki_read(&read, spki.data, spki.len, err) == -1)
		goto out;
	if ((key = calloc(1, sizeof(*key))) == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	key->kind = read.kind;
	key->storage = "file";
	key->pkey = pkey;
	pkey = NULL;
	*out = key;
	rc = 0;
out:
	EVP_PKEY_free(pkey);
	ex_buf_free(&spki);
	return rc;
}

int
ex_key_new(struct ex_key **out, enum ex_key_kind kind, struct ex_err *err)
{
	EVP_PKEY *pkey = NULL;

	*out = NULL;
	if (kind == EX_KEY_P256)
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	else if (kind == EX_KEY_ED25519)
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	else
		return ex_fail(
		    err, EX_USAGE, "software keys are P-256 or Ed25519");
	if (pkey == NULL)
		return ex_fail_openssl(err, EX_SYSTEM, "cannot make a key");
	return key_of(out, pkey, err);
}

/* One PEM block of a key file. */
struct block {
	char *name;
	char *header;
	unsigned char *data;
	long n;
};

static void
block_free(struct block *b)
{
	OPENSSL_free(b->name);
	OPENSSL_free(b->header);
	OPENSSL_clear_free(b->data, b->n > 0 ? (size_t)b->n : 0);
}

/* Read the one PEM block of the file at path. */
static int
block_read(struct block *b, const char *path, struct ex_err *err)
{
	struct ex_buf file = EX_BUF_INIT;
	BIO *bio = NULL;
	int rc = -1;

	memset(b, 0, sizeof(*b));
	if (ex_file_read(&file, path, EX_KEYFILE_MAX, err) == -1)
		goto out;
	if (file.len == 0 ||
	    (bio = BIO_new_mem_buf(file.data, (int)file.len)) == NULL ||
	    PEM_read_bio(bio, &b->name, &b->header, &b->data, &b->n) != 1) {
		ERR_clear_error();
		(void)ex_fail(err, EX_FORMAT, "%s: not a PEM file", path);
		goto out;
	}
	rc = 0;
out:
	BIO_free(bio);
	ex_buf_wipe(&file);
	return rc;
}

static int
is_locked(const struct block *b)
{
	return strcmp(b->name, PEM_STRING_PKCS8) == 0;
}

/* Open the encrypted PKCS#8 in b. */
static int
unlock(PKCS8_PRIV_KEY_INFO **out, const struct block *b, const char *path,
    const char *pin, struct ex_err *err)
{
	const unsigned char *p = b->data;
	X509_SIG *sealed;

	if (pin == NULL)
		return ex_fail(err, EX_PIN, "%s: a PIN is needed", path);
	if (strlen(pin) > EX_PIN_MAX)
		return ex_fail(err, EX_PIN, "%s: wrong PIN", path);
	sealed = d2i_X509_SIG(NULL, &p, b->n);
	if (sealed == NULL) {
		ERR_clear_error();
		return ex_fail(
		    err, EX_FORMAT, "%s: not an encrypted key", path);
	}
	*out = PKCS8_decrypt(sealed, pin, (int)strlen(pin));
	X509_SIG_free(sealed);
	if (*out == NULL) {
		ERR_clear_error();
		return ex_fail(err, EX_PIN, "%s: wrong PIN", path);
	}
	return 0;
}

int
ex_key_load(
    struct ex_key **out, const char *path, const char *pin, struct ex_err *err)
{
	PKCS8_PRIV_KEY_INFO *info = NULL;
	EVP_PKEY *pkey = NULL;
	const unsigned char *p;
	struct block b;
	int rc = -1;

	*out = NULL;
	if (block_read(&b, path, err) == -1)
		return -1;
	p = b.data;
	if (is_locked(&b)) {
		if (unlock(&info, &b, path, pin, err) == -1)
			goto out;
	} else if (strcmp(b.name, PEM_STRING_PKCS8INF) == 0) {
		info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, b.n);
	}
	if (info == NULL || (pkey = EVP_PKCS82PKEY(info)) == NULL) {
		ERR_clear_error();
		(void)ex_fail(
		    err, EX_FORMAT, "%s: not a PKCS#8 private key", path);
		goto out;
	}
	if (key_of(out, pkey, err) == -1) {
		(void)ex_while(err, path);
		goto out;
	}
	rc = 0;
out:
	PKCS8_PRIV_KEY_INFO_free(info);
	block_free(&b);
	return rc;
}

int
ex_key_file_locked(const char *path, struct ex_err *err)
{
	struct block b;
	int locked;

	if (block_read(&b, path, err) == -1)
		return -1;
	locked = is_locked(&b);
	block_free(&b);
	return locked;
}

/* Write info into bio, encrypted under pin: PBES2, scrypt, AES-256-CBC. */
static int
write_locked(BIO *bio, PKCS8_PRIV_KEY_INFO *info, const char *pin)
{
	X509_ALGOR *pbe;
	X509_SIG *sealed;
	int ok;

	/* Without salt and IV given it draws its own. */
	pbe = PKCS5_pbe2_set_scrypt(
	    EVP_aes_256_cbc(), NULL, SALT, NULL, SCRYPT_N, SCRYPT_R, SCRYPT_P);
	if (pbe == NULL)
		return 0;
	sealed = PKCS8_set0_pbe(pin, (int)strlen(pin), info, pbe);
	if (sealed == NULL) {
		X509_ALGOR_free(pbe);
		return 0;
	}
	ok = PEM_write_bio_PKCS8(bio, sealed);
	X509_SIG_free(sealed);
	return ok;
}

int
ex_key_save(const struct ex_key *key, const char *path, const char *pin,
    struct ex_err *err)
{
	PKCS8_PRIV_KEY_INFO *info = NULL;
	BIO *bio = NULL;
	char *pem;
	long n;
	int ok, rc = -1;

	if (pin != NULL && (pin[0] == '\0' || strlen(pin) > EX_PIN_MAX))
		return ex_fail(
		    err, EX_PIN, "a PIN has 1 to %d bytes", EX_PIN_MAX);
	if ((bio = BIO_new(BIO_s_secmem())) == NULL ||
	    (info = EVP_PKEY2PKCS8(key->pkey)) == NULL)
		goto openssl;
	if (pin != NULL)
		ok = write_locked(bio, info, pin);
	else
		ok = PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio, info);
	if (!ok || (n = BIO_get_mem_data(bio, &pem)) <= 0)
		goto openssl;
	rc = ex_file_create(path, pem, (size_t)n, 0600, err);
	goto out;
openssl:
	(void)ex_fail_openssl(err, EX_SYSTEM, "cannot write the key");
out:
	PKCS8_PRIV_KEY_INFO_free(info);
	BIO_free(bio);
	return rc;
}

int
ex_key_of_token(struct ex_key **out, const struct ex_key_token *token,
    void *held, const char *storage, const uint8_t *spki, size_t nspki,
    struct ex_err *err)
{
	const unsigned char *p = spki;
	EVP_PKEY *pkey = d2i_PUBKEY(NULL, &p, (long)nspki);

	*out = NULL;
	if (pkey == NULL)
		(void)ex_fail_openssl(err, EX_FORMAT, "public key");
	if (pkey == NULL || key_of(out, pkey, err) == -1) {
		token->free(held);
		return -1;
	}
	(*out)->token = token;
	(*out)->held = held;
	(*out)->storage = storage;
	return 0;
}

void
ex_key_rest(const struct ex_key *key)
{
	if (key != NULL && key->token != NULL)
		key->token->rest(key->held);
}

void
ex_key_free(struct ex_key *key)
{
	if (key == NULL)
		return;
	if (key->token != NULL)
		key->token->free(key->held);
	EVP_PKEY_free(key->pkey);
	free(key);
}

enum ex_key_kind
ex_key_kind(const struct ex_key *key)
{
	return key->kind;
}

const char *
ex_key_storage(const struct ex_key *key)
{
	return key->storage;
}

int
ex_key_public(const struct ex_key *key, struct ex_buf *out, struct ex_err *err)
{
	return add_public(out, key->pkey, err);
}

/* Append the signature as OpenSSL makes it. */
static int
sign_raw(const struct ex_key *key, const void *data, size_t n,
    struct ex_buf *out, struct ex_err *err)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len = 0;
	int rc = -1;

	if (ctx == NULL ||
	    EVP_DigestSignInit(
		ctx, NULL, ex_key_md(key->kind), NULL, key->pkey) != 1 ||
	    EVP_DigestSign(ctx, NULL, &len, data, n) != 1) {
		(void)ex_fail_openssl(err, EX_SYSTEM, "cannot sign");
		goto out;
	}
	if (ex_buf_reserve(out, len, err) == -1)
		goto out;
	if (EVP_DigestSign(ctx, &out->data[out->len], &len, data, n) != 1) {
		(void)ex_fail_openssl(err, EX_SYSTEM, "cannot sign");
		goto out;
	}
	out->len += len;
	rc = 0;
out:
	EVP_MD_CTX_free(ctx);
	return rc;
}

/* What the card makes of the digest. */
static int
sign_token(const struct ex_key *key, const void *data, size_t n,
    struct ex_buf *out, struct ex_err *err)
{
	uint8_t digest[EX_SHA256_LEN];

	ex_sha256(digest, data, n);
	return key->token->sign(key->held, digest, out, err);
}

/* What came from outside is checked before anybody sees it. */
static int
check_token(const struct ex_key *key, const void *data, size_t n,
    const uint8_t *sig, size_t nsig, struct ex_err *err)
{
	struct ex_buf spki = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	int rc = -1;

	if (key->token == NULL)
		return 0;
	if (add_public(&spki, key->pkey, err) == 0)
		rc =
		    ex_key_check(spki.data, spki.len, data, n, sig, nsig, &why);
	ex_buf_free(&spki);
	if (rc == -1)
		(void)ex_fail(err, EX_DAMAGED,
		    "what the card signed does not verify: the certificate "
		    "does not belong to its key, or the card is broken");
	return rc;
}

int
ex_key_sign(const struct ex_key *key, const void *data, size_t n,
    struct ex_buf *out, struct ex_err *err)
{
	struct ex_buf raw = EX_BUF_INIT;
	size_t before = out->len;
	int rc;

	rc = key->token == NULL ? sign_raw(key, data, n, &raw, err)
				: sign_token(key, data, n, &raw, err);
	if (rc == 0)
		rc = key->kind == EX_KEY_P256
			 ? ex_ecdsa_normalise(out, raw.data, raw.len, err)
			 : ex_buf_add(out, raw.data, raw.len, err);
	if (rc == 0 && check_token(key, data, n, &out->data[before],
			   out->len - before, err) == -1) {
		ex_buf_cut(out, before);
		rc = -1;
	}
	ex_buf_free(&raw);
	return rc;
}
