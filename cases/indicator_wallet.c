/*
 * indicator_wallet.c -- wallets' addresses and their checksums.
 */
#include <string.h>

#include "cases/indicator.h"
#include "cases/indicator_parts.h"
#include "hashing/digest.h"

enum {
	BASE58_LEN = 25,      /* version, 20 bytes of a hash, 4 of a checksum */
	BASE58_TEXT_MAX = 35, /* characters that 25 bytes may take */
	BECH32_MAX = 90,      /* BIP 173 */
	BECH32 = 1,
	BECH32M = 0x2bc830a3 /* BIP 350 */
};

/* Value of text in base 58 into 25 bytes; -1 when it is none or too large. */
static int
base58(uint8_t out[BASE58_LEN], const char *text)
{
	static const char digits[] =
	    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

	memset(out, 0, BASE58_LEN);
	for (; *text != '\0'; text++) {
		const char *d = strchr(digits, *text);
		unsigned carry;

		if (d == NULL)
			return -1;
		carry = (unsigned)(d - digits);
		for (size_t i = BASE58_LEN; i-- > 0;) {
			carry += (unsigned)out[i] * 58;
			out[i] = (uint8_t)carry;
			carry >>= 8;
		}
		if (carry != 0)
			return -1;
	}
	return 0;
}

int
ex_wallet_base58(const char *address)
{
	uint8_t raw[BASE58_LEN], sha[EX_SHA256_LEN];
	size_t n = strlen(address), ones = strspn(address, "1"), zeros = 0;

	if (n < 26 || n > BASE58_TEXT_MAX || base58(raw, address) == -1)
		return 0;
	/* Each leading zero byte is one "1", or it is another address. */
	while (zeros < BASE58_LEN && raw[zeros] == 0)
		zeros++;
	if (zeros != ones)
		return 0;
	ex_sha256(sha, raw, BASE58_LEN - 4);
	ex_sha256(sha, sha, sizeof(sha));
	return memcmp(sha, raw + BASE58_LEN - 4, 4) == 0;
}

/* BIP 173's checksum, one value of five bits more. */
static uint32_t
polymod(uint32_t sum, uint32_t value)
{
	static const uint32_t generator[] = { 0x3b6a57b2, 0x26508e6d,
		0x1ea119fa, 0x3d4233dd, 0x2a1462b3 };
	uint32_t top = sum >> 25;

	sum = ((sum & 0x1ffffff) << 5) ^ value;
	for (unsigned i = 0; i < 5; i++)
		if ((top >> i) & 1)
			sum ^= generator[i];
	return sum;
}

/* Lower case of text into out; 0 when it mixes cases or has other bytes. */
static int
one_case(char out[BECH32_MAX + 1], const char *text)
{
	int upper = 0, lower = 0;
	size_t i;

	for (i = 0; text[i] != '\0'; i++) {
		char c = text[i];

		if (c < 33 || c > 126)
			return 0;
		upper |= c >= 'A' && c <= 'Z';
		lower |= c >= 'a' && c <= 'z';
		out[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	out[i] = '\0';
	return !(upper && lower);
}

int
ex_wallet_bech32(const char *address)
{
	static const char charset[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
	char text[BECH32_MAX + 1];
	uint32_t sum = 1;
	size_t n = strlen(address), sep;
	const char *last;

	if (n < 14 || n > BECH32_MAX || !one_case(text, address) ||
	    (last = strrchr(text, '1')) == NULL)
		return 0;
	sep = (size_t)(last - text);
	if (sep == 0 || n - sep - 1 < 6)
		return 0;
	for (size_t i = 0; i < sep; i++)
		sum = polymod(sum, (uint32_t)(text[i] >> 5));
	sum = polymod(sum, 0);
	for (size_t i = 0; i < sep; i++)
		sum = polymod(sum, (uint32_t)(text[i] & 31));
	for (size_t i = sep + 1; i < n; i++) {
		const char *d = strchr(charset, text[i]);

		if (d == NULL)
			return 0;
		sum = polymod(sum, (uint32_t)(d - charset));
	}
	return sum == BECH32 || sum == BECH32M;
}

/* The two that are written in hexadecimal: Ethereum and its kin. */
static int
wallet_hex(struct ex_buf *out, const char *text, struct ex_err *err)
{
	for (size_t i = 0; text[i] != '\0'; i++) {
		char c = text[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (ex_buf_add_byte(out, (uint8_t)c, err) == -1)
			return -1;
	}
	return 0;
}

int
ex_ind_crypto_wallet(struct ex_buf *out, const char *text, struct ex_err *err)
{
	size_t n = strlen(text);

	/* EIP-55's capitals are a checksum by Keccak-256, which OpenSSL 3.0
	 * has not: an address in whatever case is the same address. */
	if (n == 42 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X') &&
	    strspn(text + 2, "0123456789abcdefABCDEF") == 40)
		return wallet_hex(out, text, err);
	if (ex_wallet_bech32(text))
		return wallet_hex(out, text, err);
	if (ex_wallet_base58(text))
		return ex_buf_add_text(out, text, err);
	return ex_ind_not("wallet", text,
	    "no address whose checksum holds (base58check, bech32, 0x)", err);
}
