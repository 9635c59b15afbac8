/*
 * keys_adopt.c -- a key that exists already: in a PEM file, on a card.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "cases/house.h"
#include "cases/keys_parts.h"
#include "db/store.h"
#include "signing/cert.h"

/* One certificate, PEM or DER. */
static int
take_cert(struct ex_signer *s, const char *path, struct ex_err *err)
{
	struct ex_buf file = EX_BUF_INIT;
	struct ex_cert_info info;
	int rc;

	rc = ex_file_read(&file, path, EX_KEYFILE_MAX, err);
	if (rc == 0 && file.len > 0 && file.data[0] == 0x30)
		rc = ex_buf_add(&s->cert, file.data, file.len, err);
	else if (rc == 0)
		rc = ex_cert_from_pem(&s->cert, file.data, file.len, err);
	if (rc == 0)
		rc = ex_cert_read(&info, s->cert.data, s->cert.len, err);
	ex_buf_free(&file);
	if (rc == -1)
		return ex_while(err, path);
	if (info.kind == EX_KEY_ED25519)
		return ex_fail(err, EX_USAGE,
		    "%s: Ed25519 keys sign notes, not entries", path);
	ex_sha256(s->cert_sha256, s->cert.data, s->cert.len);
	return 0;
}

/* eva.pem has its key in eva.key. */
static int
beside(char out[EX_PATH], const char *cert, struct ex_err *err)
{
	const char *dot = strrchr(cert, '.');
	size_t n;

	if (dot == NULL || strchr(dot, '/') != NULL)
		dot = cert + strlen(cert);
	n = (size_t)(dot - cert);
	if (n + sizeof(".key") > EX_PATH)
		return ex_fail(err, EX_USAGE, "%s: too long a path", cert);
	memcpy(out, cert, n);
	memcpy(&out[n], ".key", sizeof(".key"));
	return 0;
}

/* The PEM file as it is, under its PIN; never a key in clear beyond 0600. */
static int
copy_key(const char *to, const char *from, struct ex_err *err)
{
	struct ex_buf file = EX_BUF_INIT;
	int rc = -1;

	if (ex_file_read(&file, from, EX_KEYFILE_MAX, err) == 0)
		rc = ex_file_write(to, file.data, file.len, 0600, err);
	ex_buf_wipe(&file);
	return rc;
}

static int
adopt_file(struct ex_signer *s, const char *keys_dir,
    const struct ex_key_given *given, struct ex_err *err)
{
	char from[EX_PATH], to[EX_PATH];

	if (given->key == NULL && beside(from, given->cert, err) == -1)
		return -1;
	if (given->key == NULL && !ex_file_exists(from))
		return ex_fail(err, EX_ABSENT,
		    "%s: no such file; the key of %s lies beside it, or is "
		    "named with --key FILE, or is on a card: --pkcs11 URI",
		    from, given->cert);
	if (ex_key_file(to, keys_dir, s->name, "key", err) == -1)
		return -1;
	return copy_key(to, given->key == NULL ? from : given->key, err);
}

static int
adopt(struct ex_signer *s, const char *keys_dir, const struct ex_pins *pins,
    const struct ex_key_given *given, struct ex_err *err)
{
	if (take_cert(s, given->cert, err) == -1)
		return -1;
	if (given->uri != NULL && given->key != NULL)
		return ex_fail(err, EX_USAGE,
		    "--key FILE or --pkcs11 URI: a key is in one place");
	if (given->uri != NULL && strlen(given->uri) > EX_CARD_URI_MAX)
		return ex_fail(err, EX_FORMAT,
		    "the PKCS#11 URI has more than %d bytes", EX_CARD_URI_MAX);
	if (given->uri != NULL)
		(void)snprintf(s->uri, sizeof(s->uri), "%s", given->uri);
	s->hsm = given->hsm;
	if (ex_signer_write(s, keys_dir, err) == -1 ||
	    (given->uri == NULL && adopt_file(s, keys_dir, given, err) == -1))
		return -1;
	return ex_signer_open(s, keys_dir, pins, err);
}

int
ex_signer_adopt(struct ex_signer **out, const char *keys_dir,
    const struct ex_key_order *order, const struct ex_key_given *given,
    struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_signer *s;

	*out = NULL;
	if (ex_key_here(keys_dir, order->name))
		return ex_fail(err, EX_EXISTS,
		    "there is a key \"%s\" on this machine", order->name);
	if (ex_signer_new(&s, order, err) == -1)
		return -1;
	if (adopt(s, keys_dir, order->pins, given, &why) == -1) {
		ex_key_forget(keys_dir, order->name);
		ex_signer_free(s);
		return ex_fail(err, why.code, "%s", why.text);
	}
	*out = s;
	return 0;
}

/* DIR/trust/roots.pem, and what ca brings along behind it. */
struct anchors {
	char path[EX_PATH]; /* of roots.pem */
	struct ex_buf pem;
	struct ex_roots *known, *all;
};

static int
anchors_read(struct anchors *a, const struct ex_house *house, const char *ca,
    struct ex_err *err)
{
	struct ex_roots *given = NULL;

	if (ex_house_path(a->path, house, "trust/roots.pem", err) == -1 ||
	    ex_file_read(&a->pem, a->path, EX_ROOTS_MAX, err) == -1 ||
	    ex_roots_from_pem(&a->known, a->pem.data, a->pem.len, err) == -1)
		return -1;
	if (ca != NULL) {
		/* It must be sound by itself, before it is put behind. */
		if (ex_roots_load(&given, ca, err) == -1)
			return -1;
		ex_roots_free(given);
		if (ex_buf_add_byte(&a->pem, '\n', err) == -1 ||
		    ex_file_read(&a->pem, ca, EX_ROOTS_MAX, err) == -1)
			return -1;
	}
	return ex_roots_from_pem(&a->all, a->pem.data, a->pem.len, err);
}

static int
is_known(const struct ex_roots *roots, const uint8_t sha256[EX_SHA256_LEN])
{
	for (size_t i = 0; i < ex_roots_count(roots); i++)
		if (memcmp(ex_roots_sha256(roots, i), sha256, EX_SHA256_LEN) ==
		    0)
			return 1;
	return 0;
}

/* Is the digest in the member's list of a fact? */
static int
is_named(const struct ex_json *fact, const char *member, const char *hex)
{
	const struct ex_json *list = ex_json_get(fact, member);

	for (size_t i = 0; i < ex_json_count(list); i++) {
		const char *text = ex_json_text(ex_json_at(list, i));

		if (text != NULL && strcmp(text, hex) == 0)
			return 1;
	}
	return 0;
}

/* Every CA that is new here is one that the policy names. */
static int
anchors_keep(
    const struct anchors *a, const struct ex_json *policy, struct ex_err *err)
{
	char hex[EX_SHA256_HEX];
	int more = 0;

	for (size_t i = 0; i < ex_roots_count(a->all); i++) {
		const uint8_t *sha256 = ex_roots_sha256(a->all, i);

		if (is_known(a->known, sha256))
			continue;
		more = 1;
		ex_hex(hex, sha256, EX_SHA256_LEN);
		if (!is_named(policy, "roots", hex))
			return ex_fail(err, EX_DENIED,
			    "the policy does not name the CA %s: add it to "
			    "its \"roots\" and put that in force with exhibit "
			    "policy set",
			    hex);
	}
	return more ? ex_file_write(a->path, a->pem.data, a->pem.len, 0644, err)
		    : 0;
}

/* The laboratory's own CA says whose key it is; others have their own names. */
static int
check_subject(const struct ex_signer *s, struct ex_err *err)
{
	struct ex_cert_info info;

	if (ex_cert_read(&info, s->cert.data, s->cert.len, err) == -1)
		return -1;
	if (strcmp(info.subject_cn, s->person) == 0 &&
	    strcmp(info.subject_o, s->org) == 0)
		return 0;
	return ex_fail(err, EX_DENIED,
	    "key \"%s\": its certificate is that of %s of %s, not of %s of %s",
	    s->name, info.subject_cn, info.subject_o, s->person, s->org);
}

static int
find_ca(char out[EX_SHA256_HEX], const struct anchors *a,
    const struct ex_signer *s, const struct ex_json *log,
    const struct ex_json *policy, struct ex_err *err)
{
	uint8_t sha256[EX_SHA256_LEN];
	struct ex_err why = EX_ERR_INIT;

	if (ex_cert_issuer(sha256, a->all, s->cert.data, s->cert.len, &why) ==
		-1 ||
	    ex_cert_check_chain(
		a->all, s->cert.data, s->cert.len, ex_now(), &why) == -1)
		return ex_fail(err, EX_DENIED,
		    "key \"%s\": %s; of another body's CA give the "
		    "certificates with --ca FILE",
		    s->name, why.text);
	ex_hex(out, sha256, EX_SHA256_LEN);
	if (is_named(log, "ca", out)) {
		out[0] = '\0';
		if (check_subject(s, err) == -1)
			return -1;
	}
	return anchors_keep(a, policy, err);
}

int
ex_key_ca(char out[EX_SHA256_HEX], struct ex_house *house,
    const struct ex_signer *s, const char *ca, struct ex_err *err)
{
	struct anchors a = { "", EX_BUF_INIT, NULL, NULL };
	struct ex_json *log = NULL, *policy = NULL;
	struct ex_conn *conn;
	int rc = -1;

	if (ex_house_conn(house, &conn, err) == 0 &&
	    ex_store_fact(conn, "log", "log", &log, err) == 0 &&
	    ex_store_fact(conn, "policy", "policy", &policy, err) == 0 &&
	    anchors_read(&a, house, ca, err) == 0)
		rc = find_ca(out, &a, s, log, policy, err);
	ex_roots_free(a.known);
	ex_roots_free(a.all);
	ex_buf_free(&a.pem);
	ex_json_free(log);
	ex_json_free(policy);
	return rc;
}
