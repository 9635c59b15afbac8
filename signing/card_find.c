/*
 * card_find.c -- which of a card's keys a URI and a certificate mean.
 */
#include "signing/card_find.h"

#include <string.h>

#include <p11-kit/p11-kit.h>

enum {
	KEYS = 64,    /* of one kind on one card that are looked at */
	ID_MAX = 256, /* bytes of CKA_ID */
	VALUE_MAX = EX_RSA_MAX_BITS / 8 + 16
};

struct search {
	CK_FUNCTION_LIST *module;
	CK_SESSION_HANDLE session;
	const struct ex_spki *key;
};

/* Objects of a class and the wanted kind of key: how many, at most KEYS. */
static CK_RV
list(const struct search *s, CK_OBJECT_CLASS class, const CK_ATTRIBUTE *more,
    size_t nmore, CK_OBJECT_HANDLE out[KEYS], CK_ULONG *n)
{
	CK_KEY_TYPE type = s->key->kind == EX_KEY_RSA ? CKK_RSA : CKK_EC;
	CK_ATTRIBUTE want[4] = {
		{ CKA_CLASS, &class, sizeof(class) },
		{ CKA_KEY_TYPE, &type, sizeof(type) },
	};
	CK_RV rv;

	*n = 0;
	for (size_t i = 0; i < nmore; i++)
		want[2 + i] = more[i];
	rv = s->module->C_FindObjectsInit(s->session, want, 2 + nmore);
	if (rv != CKR_OK)
		return rv;
	rv = s->module->C_FindObjects(s->session, out, KEYS, n);
	(void)s->module->C_FindObjectsFinal(s->session);
	return rv;
}

/* An attribute's bytes; 0 when the object does not tell it. */
static size_t
value_of(const struct search *s, CK_OBJECT_HANDLE object,
    CK_ATTRIBUTE_TYPE type, uint8_t *out, size_t size)
{
	CK_ATTRIBUTE a = { type, out, size };

	if (s->module->C_GetAttributeValue(s->session, object, &a, 1) !=
		CKR_OK ||
	    a.ulValueLen == (CK_ULONG)-1 || a.ulValueLen > size)
		return 0;
	return a.ulValueLen;
}

/*
 * Is what the object says the key's?  1, 0, or -1 when it says nothing.  A
 * modulus may have zeroes before it, a point its OCTET STRING around it.
 */
static int
says_key(const struct search *s, CK_OBJECT_HANDLE object)
{
	CK_ATTRIBUTE_TYPE type =
	    s->key->kind == EX_KEY_RSA ? CKA_MODULUS : CKA_EC_POINT;
	const struct ex_span *want = &s->key->key;
	uint8_t value[VALUE_MAX];
	size_t n = value_of(s, object, type, value, sizeof(value));

	if (n == 0)
		return -1;
	return n >= want->n && n <= want->n + 4 &&
	       memcmp(&value[n - want->n], want->p, want->n) == 0;
}

/* The same, of a private key or the public one that has its id. */
static int
belongs(const struct search *s, CK_OBJECT_HANDLE private)
{
	CK_OBJECT_HANDLE public[KEYS];
	uint8_t id[ID_MAX];
	CK_ATTRIBUTE same = { CKA_ID, id, 0 };
	int said = says_key(s, private);
	CK_ULONG n;

	if (said != -1)
		return said;
	same.ulValueLen = value_of(s, private, CKA_ID, id, sizeof(id));
	if (same.ulValueLen == 0 ||
	    list(s, CKO_PUBLIC_KEY, &same, 1, public, &n) != CKR_OK)
		return -1;
	for (CK_ULONG i = 0; i < n; i++) {
		int one = says_key(s, public[i]);

		if (one == 1)
			return 1;
		if (one == 0)
			said = 0;
	}
	return said;
}

static int
is_always(const struct search *s, CK_OBJECT_HANDLE object)
{
	CK_BBOOL yes = CK_FALSE;

	return value_of(s, object, CKA_ALWAYS_AUTHENTICATE, &yes,
		   sizeof(yes)) == sizeof(yes) &&
	       yes != CK_FALSE;
}

/* The URI's own id= and object=, as far as it has them. */
static size_t
of_uri(CK_ATTRIBUTE out[2], P11KitUri *uri)
{
	static const CK_ATTRIBUTE_TYPE type[] = { CKA_ID, CKA_LABEL };
	size_t n = 0;

	for (size_t i = 0; i < 2; i++) {
		const CK_ATTRIBUTE *a = p11_kit_uri_get_attribute(uri, type[i]);

		if (a != NULL)
			out[n++] = *a;
	}
	return n;
}

int
ex_card_find(struct ex_card_found *out, CK_FUNCTION_LIST *module,
    CK_SESSION_HANDLE session, P11KitUri *uri, const struct ex_spki *key,
    const char *name, struct ex_err *err)
{
	struct search s = { module, session, key };
	CK_OBJECT_HANDLE object[KEYS];
	CK_ATTRIBUTE more[2];
	size_t silent = 0, nmore = of_uri(more, uri);
	int found = 0;
	CK_ULONG n;
	CK_RV rv = list(&s, CKO_PRIVATE_KEY, more, nmore, object, &n);

	if (rv != CKR_OK)
		return ex_fail(err, EX_SYSTEM, "card of key \"%s\": %s", name,
		    p11_kit_strerror(rv));
	for (CK_ULONG i = 0; i < n && found != 1; i++) {
		int one = belongs(&s, object[i]);

		silent += one == -1;
		if (one == 1 || (one == -1 && found == 0)) {
			found = one;
			out->object = object[i];
		}
	}
	if (n == 0)
		return ex_fail(err, EX_ABSENT,
		    "key \"%s\": no such %s private key on the card; see "
		    "id= and object= of its PKCS#11 URI",
		    name, key->kind == EX_KEY_RSA ? "RSA" : "P-256");
	if (found == 0)
		return ex_fail(err, EX_DAMAGED,
		    "key \"%s\": the certificate does not belong to the key on "
		    "the card",
		    name);
	if (found == -1 && silent > 1)
		return ex_fail(err, EX_USAGE,
		    "key \"%s\": %zu keys on the card fit; name one with id= "
		    "in the PKCS#11 URI",
		    name, silent);
	out->always = is_always(&s, out->object);
	return 0;
}
