/*
 * fake_card.c -- a PKCS#11 module for tests whose card does what no software
 * token does: it locks, lies, breaks.  FAKE_CARD in the environment says what.
 *
 *   final    the first wrong PIN leaves one try
 *   locks    the first wrong PIN locks it
 *   locked   it is locked before anybody asks
 *   device   a login fails
 *   silent   its one key says nothing about itself, and signs rubbish
 *   short    the same, and the signature is too short
 *   twins    two keys that say nothing about themselves
 *   removed  it is taken out while it signs
 */
#include <stdlib.h>
#include <string.h>

#include <p11-kit/pkcs11.h>

enum {
	SLOT = 7,
	SESSION = 11,
	KEY = 21
};

static struct {
	int wrong;   /* PINs so far */
	int in;	     /* somebody is logged in */
	CK_ULONG at; /* next object to be found */
	CK_ULONG keys;
} card;

static int
plays(const char *what)
{
	const char *part = getenv("FAKE_CARD");

	return part != NULL && strcmp(part, what) == 0;
}

static CK_RV
initialize(void *args)
{
	(void)args;
	memset(&card, 0, sizeof(card));
	return CKR_OK;
}

static CK_RV
finalize(void *reserved)
{
	(void)reserved;
	return CKR_OK;
}

static CK_RV
get_info(CK_INFO *out)
{
	memset(out, ' ', sizeof(*out));
	out->cryptokiVersion.major = 2;
	out->cryptokiVersion.minor = 20;
	out->flags = 0;
	return CKR_OK;
}

static CK_RV
get_slots(CK_BBOOL present, CK_SLOT_ID *out, CK_ULONG *n)
{
	(void)present;
	if (out != NULL && *n > 0)
		out[0] = SLOT;
	*n = 1;
	return CKR_OK;
}

static CK_RV
get_token(CK_SLOT_ID slot, CK_TOKEN_INFO *out)
{
	if (slot != SLOT)
		return CKR_SLOT_ID_INVALID;
	memset(out, 0, sizeof(*out));
	memset(out->label, ' ', sizeof(out->label));
	memcpy(out->label, "fake", 4);
	memset(out->manufacturerID, ' ', sizeof(out->manufacturerID));
	memset(out->model, ' ', sizeof(out->model));
	memset(out->serialNumber, ' ', sizeof(out->serialNumber));
	out->flags = CKF_TOKEN_INITIALIZED | CKF_LOGIN_REQUIRED |
		     CKF_USER_PIN_INITIALIZED;
	if (plays("locked") || (plays("locks") && card.wrong > 0))
		out->flags |= CKF_USER_PIN_LOCKED;
	if (plays("final") && card.wrong > 0)
		out->flags |= CKF_USER_PIN_FINAL_TRY;
	return CKR_OK;
}

static CK_RV
open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *app, CK_NOTIFY notify,
    CK_SESSION_HANDLE *out)
{
	(void)flags;
	(void)app;
	(void)notify;
	*out = SESSION;
	return slot == SLOT ? CKR_OK : CKR_SLOT_ID_INVALID;
}

static CK_RV
close_session(CK_SESSION_HANDLE s)
{
	(void)s;
	card.in = 0;
	return CKR_OK;
}

static CK_RV
login(CK_SESSION_HANDLE s, CK_USER_TYPE who, CK_UTF8CHAR *pin, CK_ULONG n)
{
	(void)s;
	(void)who;
	if (plays("device"))
		return CKR_DEVICE_ERROR;
	if (plays("locked") || (plays("locks") && card.wrong > 0))
		return CKR_PIN_LOCKED;
	if (n == 6 && memcmp(pin, "123456", 6) == 0) {
		card.in = 1;
		return CKR_OK;
	}
	card.wrong++;
	return CKR_PIN_INCORRECT;
}

static CK_RV
logout(CK_SESSION_HANDLE s)
{
	(void)s;
	card.in = 0;
	return CKR_OK;
}

/* Only private keys are here, and only after the PIN. */
static CK_RV
find_begin(CK_SESSION_HANDLE s, CK_ATTRIBUTE *want, CK_ULONG n)
{
	CK_OBJECT_CLASS class = 0;

	(void)s;
	for (CK_ULONG i = 0; i < n; i++)
		if (want[i].type == CKA_CLASS)
			memcpy(&class, want[i].pValue, sizeof(class));
	card.at = 0;
	card.keys = class != CKO_PRIVATE_KEY || !card.in ? 0
		    : plays("twins")			 ? 2
							 : 1;
	return CKR_OK;
}

static CK_RV
find(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE *out, CK_ULONG max, CK_ULONG *n)
{
	(void)s;
	for (*n = 0; *n < max && card.at < card.keys; ++*n)
		out[*n] = KEY + card.at++;
	return CKR_OK;
}

static CK_RV
find_end(CK_SESSION_HANDLE s)
{
	(void)s;
	return CKR_OK;
}

static CK_RV
get_value(
    CK_SESSION_HANDLE s, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *a, CK_ULONG n)
{
	(void)s;
	(void)object;
	for (CK_ULONG i = 0; i < n; i++)
		a[i].ulValueLen = (CK_ULONG)-1;
	return CKR_ATTRIBUTE_SENSITIVE;
}

static CK_RV
sign_begin(CK_SESSION_HANDLE s, CK_MECHANISM *how, CK_OBJECT_HANDLE key)
{
	(void)s;
	(void)key;
	return how->mechanism == CKM_ECDSA ? CKR_OK : CKR_MECHANISM_INVALID;
}

static CK_RV
sign(CK_SESSION_HANDLE s, CK_BYTE *data, CK_ULONG ndata, CK_BYTE *out,
    CK_ULONG *n)
{
	(void)s;
	(void)data;
	(void)ndata;
	if (plays("removed"))
		return CKR_DEVICE_REMOVED;
	*n = plays("short") ? 63 : 64;
	memset(out, 0x55, *n);
	return CKR_OK;
}

static CK_FUNCTION_LIST functions = {
	.version = { 2, 20 },
	.C_Initialize = initialize,
	.C_Finalize = finalize,
	.C_GetInfo = get_info,
	.C_GetFunctionList = C_GetFunctionList,
	.C_GetSlotList = get_slots,
	.C_GetTokenInfo = get_token,
	.C_OpenSession = open_session,
	.C_CloseSession = close_session,
	.C_Login = login,
	.C_Logout = logout,
	.C_FindObjectsInit = find_begin,
	.C_FindObjects = find,
	.C_FindObjectsFinal = find_end,
	.C_GetAttributeValue = get_value,
	.C_SignInit = sign_begin,
	.C_Sign = sign,
};

CK_RV
C_GetFunctionList(CK_FUNCTION_LIST **out)
{
	*out = &functions;
	return CKR_OK;
}
