/*
 * card_pkcs11.c -- keys on cards and in HSMs: modules, tokens, login, C_Sign.
 */
#include "signing/card.h"

#include <stdlib.h>
#include <string.h>

#include <p11-kit/p11-kit.h>
#include <p11-kit/pkcs11.h>
#include <p11-kit/uri.h>

#include "base/limits.h"
#include "signing/cert_der.h"
#include "signing/card_find.h"
#include "signing/cert.h"
#include "signing/ecdsa.h"
#include "signing/key_token.h"

enum {
	TRIES = 3,  /* wrong PINs at one login; the card may say fewer */
	SLOTS = 64, /* readers of one module */
	SIG_MAX = EX_RSA_MAX_BITS / 8
};

struct card {
	P11KitUri *uri;
	CK_FUNCTION_LIST **all;	 /* of p11-kit's configuration, or NULL */
	CK_FUNCTION_LIST *alone; /* the one the URI names, or NULL */
	char name[EX_CARD_NAME]; /* of the key */
	struct ex_buf spki;
	struct ex_spki key; /* into spki */
	ex_card_pin ask;
	void *arg;
	struct ex_buf pin; /* between the first signature and rest() */
};

/* The token that the URI means, found anew for each use. */
struct token {
	CK_FUNCTION_LIST *module;
	CK_SLOT_ID slot;
	CK_FLAGS flags;
	char label[33];
};

/* One line: whose key, what was tried, what the module says. */
static int
fail_rv(const struct card *c, struct ex_err *err, const char *what, CK_RV rv)
{
	return ex_fail(err, EX_SYSTEM, "card of key \"%s\": %s: %s", c->name,
	    what, p11_kit_strerror(rv));
}

static void
card_free(void *held)
{
	struct card *c = held;

	if (c == NULL)
		return;
	if (c->all != NULL)
		p11_kit_modules_finalize_and_release(c->all);
	if (c->alone != NULL) {
		(void)p11_kit_module_finalize(c->alone);
		p11_kit_module_release(c->alone);
	}
	p11_kit_uri_free(c->uri);
	ex_buf_free(&c->spki);
	ex_buf_wipe(&c->pin);
	free(c);
}

static void
card_rest(void *held)
{
	struct card *c = held;

	ex_buf_wipe(&c->pin);
}

/* *out is the caller's, NULL on failure. */
static int
parse_uri(P11KitUri **out, const char *text, struct ex_err *err)
{
	P11KitUri *uri = NULL;
	int rv;

	*out = NULL;
	if (strlen(text) > EX_CARD_URI_MAX)
		return ex_fail(err, EX_FORMAT,
		    "the PKCS#11 URI has more than %d bytes", EX_CARD_URI_MAX);
	if ((uri = p11_kit_uri_new()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	rv = p11_kit_uri_parse(text, P11_KIT_URI_FOR_ANY, uri);
	if (rv != P11_KIT_URI_OK)
		(void)ex_fail(err, EX_FORMAT, "\"%.80s\" is no PKCS#11 URI: %s",
		    text, p11_kit_uri_message(rv));
	else if (p11_kit_uri_any_unrecognized(uri))
		(void)ex_fail(err, EX_FORMAT,
		    "the PKCS#11 URI has an attribute that nobody knows: "
		    "\"%.80s\"",
		    text);
	else if (p11_kit_uri_get_pin_value(uri) != NULL ||
		 p11_kit_uri_get_pin_source(uri) != NULL)
		(void)ex_fail(err, EX_FORMAT,
		    "the PKCS#11 URI speaks of a PIN: that is given with "
		    "--pin-file or typed");
	else {
		*out = uri;
		return 0;
	}
	p11_kit_uri_free(uri);
	return -1;
}

int
ex_card_check_uri(const char *text, struct ex_err *err)
{
	P11KitUri *uri;

	if (parse_uri(&uri, text, err) == -1)
		return -1;
	p11_kit_uri_free(uri);
	return 0;
}

static int
load_modules(struct card *c, struct ex_err *err)
{
	const char *path = p11_kit_uri_get_module_path(c->uri);
	CK_RV rv;

	if (path == NULL) {
		c->all = p11_kit_modules_load_and_initialize(0);
		if (c->all == NULL)
			return ex_fail(err, EX_SYSTEM, "no PKCS#11 module: %s",
			    p11_kit_message());
		return 0;
	}
	if ((c->alone = p11_kit_module_load(path, 0)) == NULL)
		return ex_fail(err, EX_ABSENT,
		    "%.200s: not a PKCS#11 module that can be loaded", path);
	if ((rv = p11_kit_module_initialize(c->alone)) == CKR_OK)
		return 0;
	p11_kit_module_release(c->alone);
	c->alone = NULL;
	return fail_rv(c, err, "module", rv);
}

/* Padded with blanks, without a NUL. */
static void
take_label(char out[33], const CK_TOKEN_INFO *info)
{
	size_t n = sizeof(info->label);

	while (n > 0 && info->label[n - 1] == ' ')
		n--;
	memcpy(out, info->label, n);
	out[n] = '\0';
}

/* Tokens of one module that the URI fits, counted; the last one in *out. */
static void
look_through(
    const struct card *c, CK_FUNCTION_LIST *module, struct token *out, int *n)
{
	CK_SLOT_ID slot[SLOTS];
	CK_ULONG slots = SLOTS;
	CK_TOKEN_INFO info;
	CK_INFO about;

	if (module->C_GetInfo(&about) != CKR_OK ||
	    !p11_kit_uri_match_module_info(c->uri, &about) ||
	    module->C_GetSlotList(CK_TRUE, slot, &slots) != CKR_OK)
		return;
	for (CK_ULONG i = 0; i < slots; i++) {
		if (module->C_GetTokenInfo(slot[i], &info) != CKR_OK ||
		    (info.flags & CKF_TOKEN_INITIALIZED) == 0 ||
		    !p11_kit_uri_match_token_info(c->uri, &info))
			continue;
		out->module = module;
		out->slot = slot[i];
		out->flags = info.flags;
		take_label(out->label, &info);
		++*n;
	}
}

static int
find_token(const struct card *c, struct token *out, struct ex_err *err)
{
	int n = 0;

	if (c->alone != NULL)
		look_through(c, c->alone, out, &n);
	for (size_t i = 0; c->all != NULL && c->all[i] != NULL; i++)
		look_through(c, c->all[i], out, &n);
	if (n == 1)
		return 0;
	if (n == 0)
		return ex_fail(err, EX_ABSENT,
		    "the card of key \"%s\" is not in a reader: no token that "
		    "its PKCS#11 URI fits; insert it and try again",
		    c->name);
	return ex_fail(err, EX_USAGE,
	    "key \"%s\": %d tokens fit its PKCS#11 URI; name one with token= "
	    "or serial=",
	    c->name, n);
}

/* What the card says about the tries that are left. */
static const char *
tries_left(CK_FLAGS flags)
{
	if ((flags & CKF_USER_PIN_LOCKED) != 0)
		return "the PIN is locked now: its issuer unlocks it";
	if ((flags & CKF_USER_PIN_FINAL_TRY) != 0)
		return "one try is left before it locks";
	if ((flags & CKF_USER_PIN_COUNT_LOW) != 0)
		return "the card counts wrong tries and locks after a few";
	return "the card does not say how many tries are left";
}

/* The flags after a wrong PIN; those from before when it cannot be asked. */
static CK_FLAGS
flags_now(const struct token *t)
{
	CK_TOKEN_INFO info;

	if (t->module->C_GetTokenInfo(t->slot, &info) != CKR_OK)
		return t->flags;
	return info.flags;
}

static int
fail_pin(
    const struct card *c, const struct token *t, CK_RV rv, struct ex_err *err)
{
	CK_FLAGS flags = flags_now(t);

	if (rv == CKR_PIN_LOCKED)
		flags |= CKF_USER_PIN_LOCKED;
	if (rv == CKR_PIN_LOCKED)
		return ex_fail(err, EX_PIN,
		    "card \"%s\" of key \"%s\": %s; nothing was signed",
		    t->label, c->name, tries_left(flags));
	return ex_fail(err, EX_PIN,
	    "wrong PIN for the card \"%s\" of key \"%s\": %s; nothing was "
	    "signed",
	    t->label, c->name, tries_left(flags));
}

/* Have a PIN in c->pin, unless the reader has a keypad of its own. */
static int
have_pin(struct card *c, const struct token *t, int wrong, struct ex_err *err)
{
	int got;

	if ((t->flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0 ||
	    c->pin.len > 0)
		return 0;
	if ((t->flags & CKF_USER_PIN_LOCKED) != 0)
		return fail_pin(c, t, CKR_PIN_LOCKED, err);
	got = c->ask == NULL ? 0 : c->ask(c->arg, wrong, &c->pin, err);
	if (got == 1 && c->pin.len > 0 && c->pin.len <= EX_PIN_MAX)
		return 0;
	ex_buf_wipe(&c->pin);
	if (got == -1)
		return -1;
	return ex_fail(err, EX_PIN,
	    "the PIN of the card \"%s\" is needed: give --pin-file %s=FILE or "
	    "type it at a terminal",
	    t->label, c->name);
}

static CK_RV
login_with(const struct card *c, const struct token *t, CK_SESSION_HANDLE s,
    CK_USER_TYPE who)
{
	int keypad = (t->flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;

	return t->module->C_Login(
	    s, who, keypad ? NULL : c->pin.data, keypad ? 0 : c->pin.len);
}

/*
 * Log in for one signature.  A login that somebody else in this process left
 * open is ended first: whoever signs has given the PIN.
 */
static int
login(struct card *c, const struct token *t, CK_SESSION_HANDLE s,
    struct ex_err *err)
{
	CK_RV rv = CKR_PIN_INCORRECT;

	for (int i = 0; i < TRIES && rv == CKR_PIN_INCORRECT; i++) {
		struct ex_err why = EX_ERR_INIT;

		if (have_pin(c, t, i > 0, &why) == -1) {
			/* Of a wrong one, what the card says tells more. */
			if (i > 0 && why.code == EX_PIN)
				return fail_pin(c, t, rv, err);
			return ex_fail(err, why.code, "%s", why.text);
		}
		rv = login_with(c, t, s, CKU_USER);
		if (rv == CKR_USER_ALREADY_LOGGED_IN) {
			(void)t->module->C_Logout(s);
			rv = login_with(c, t, s, CKU_USER);
		}
		if (rv == CKR_OK)
			return 0;
		ex_buf_wipe(&c->pin);
		if ((flags_now(t) &
			(CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED)) != 0)
			break;
	}
	if (rv == CKR_PIN_INCORRECT || rv == CKR_PIN_LOCKED ||
	    rv == CKR_PIN_LEN_RANGE || rv == CKR_PIN_INVALID)
		return fail_pin(c, t, rv, err);
	return fail_rv(c, err, "login", rv);
}

/* CKM_RSA_PKCS pads what it is given: DigestInfo of SHA-256 (RFC 8017, 9.2) */
static const uint8_t digest_info[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60,
	0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
	0x20 };

/* C_SignInit, the context's login where the key wants one, C_Sign. */
static int
sign_with(struct card *c, const struct token *t, CK_SESSION_HANDLE s,
    const struct ex_card_found *key, const uint8_t digest[EX_SHA256_LEN],
    uint8_t *sig, CK_ULONG *nsig, struct ex_err *err)
{
	int rsa = c->key.kind == EX_KEY_RSA;
	CK_MECHANISM how = { rsa ? CKM_RSA_PKCS : CKM_ECDSA, NULL, 0 };
	uint8_t data[sizeof(digest_info) + EX_SHA256_LEN];
	size_t head = rsa ? sizeof(digest_info) : 0;
	CK_RV rv;

	memcpy(data, digest_info, sizeof(digest_info));
	memcpy(&data[head], digest, EX_SHA256_LEN);
	rv = t->module->C_SignInit(s, &how, key->object);
	if (rv == CKR_OK && key->always)
		rv = login_with(c, t, s, CKU_CONTEXT_SPECIFIC);
	if (rv == CKR_OK)
		rv =
		    t->module->C_Sign(s, data, head + EX_SHA256_LEN, sig, nsig);
	return rv == CKR_OK ? 0 : fail_rv(c, err, "signing", rv);
}

/* r and s of 32 bytes each; an RSA signature as it is. */
static int
add_signature(const struct card *c, struct ex_buf *out, const uint8_t *sig,
    size_t n, struct ex_err *err)
{
	if (c->key.kind == EX_KEY_RSA)
		return ex_buf_add(out, sig, n, err);
	if (n != 2 * EX_P256)
		return ex_fail(err, EX_DAMAGED,
		    "card of key \"%s\": a signature of %zu bytes, not %d",
		    c->name, n, 2 * EX_P256);
	return ex_ecdsa_write(out, sig, &sig[EX_P256], err);
}

static int
card_sign(void *held, const uint8_t digest[EX_SHA256_LEN], struct ex_buf *out,
    struct ex_err *err)
{
	struct card *c = held;
	struct ex_card_found key;
	struct token t;
	CK_SESSION_HANDLE s;
	CK_ULONG n = SIG_MAX;
	uint8_t sig[SIG_MAX];
	CK_RV rv;
	int rc = -1;

	if (find_token(c, &t, err) == -1)
		return -1;
	rv =
	    t.module->C_OpenSession(t.slot, CKF_SERIAL_SESSION, NULL, NULL, &s);
	if (rv != CKR_OK)
		return fail_rv(c, err, "session", rv);
	if (login(c, &t, s, err) == 0) {
		if (ex_card_find(&key, t.module, s, c->uri, &c->key, c->name,
			err) == 0 &&
		    sign_with(c, &t, s, &key, digest, sig, &n, err) == 0)
			rc = add_signature(c, out, sig, n, err);
		(void)t.module->C_Logout(s);
	}
	(void)t.module->C_CloseSession(s);
	return rc;
}

static int
card_init(struct card *c, const struct ex_card_place *place, struct ex_err *err)
{
	struct token t;
	size_t n = strlen(place->name);

	memcpy(c->name, place->name,
	    n < sizeof(c->name) ? n : sizeof(c->name) - 1);
	c->ask = place->pin;
	c->arg = place->arg;
	if (parse_uri(&c->uri, place->uri, err) == -1 ||
	    ex_cert_public(&c->spki, place->cert, place->ncert, err) == -1 ||
	    ex_spki_read(&c->key, c->spki.data, c->spki.len, err) == -1)
		return -1;
	if (c->key.kind == EX_KEY_ED25519)
		return ex_fail(err, EX_USAGE,
		    "key \"%s\": Ed25519 keys sign notes, not entries",
		    c->name);
	if (load_modules(c, err) == -1)
		return -1;
	return find_token(c, &t, err);
}

int
ex_card_open(
    struct ex_key **out, const struct ex_card_place *place, struct ex_err *err)
{
	static const struct ex_key_token token = { card_sign, card_rest,
		card_free };
	struct card *c = calloc(1, sizeof(*c));

	*out = NULL;
	if (c == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (card_init(c, place, err) == -1) {
		card_free(c);
		return -1;
	}
	return ex_key_of_token(out, &token, c, place->hsm ? "hsm" : "card",
	    c->spki.data, c->spki.len, err);
}
