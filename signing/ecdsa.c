/*
 * ecdsa.c -- the one form of a P-256 signature.
 */
#include <string.h>

#include "signing/der.h"
#include "signing/ecdsa.h"

/* The order n of P-256 (SEC 2, section 2.4.2), and floor(n / 2). */
static const uint8_t order[EX_P256] = { 0xff, 0xff, 0xff, 0xff, 0x00, 0x00,
	0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6,
	0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63,
	0x25, 0x51 };
static const uint8_t half[EX_P256] = { 0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00,
	0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xde, 0x73, 0x7d,
	0x56, 0xd3, 0x8b, 0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92,
	0xa8 };

/* One of the two INTEGERs, within 1..n-1. */
static int
read_scalar(struct ex_reader *r, uint8_t out[EX_P256], const char *what,
    struct ex_err *err)
{
	static const uint8_t zero[EX_P256];
	struct ex_der e;

	if (ex_der_take(r, EX_DER_INTEGER, &e, what, err) == -1 ||
	    ex_der_read_unsigned(out, EX_P256, e.body, what, err) == -1)
		return -1;
	if (memcmp(out, zero, EX_P256) == 0 || memcmp(out, order, EX_P256) >= 0)
		return ex_fail(err, EX_FORMAT, "%s is outside 1..n-1", what);
	return 0;
}

int
ex_ecdsa_read(uint8_t r[EX_P256], uint8_t s[EX_P256], const uint8_t *sig,
    size_t nsig, struct ex_err *err)
{
	struct ex_reader all, inside;

	ex_reader_init(&all, sig, nsig);
	if (ex_der_enter(
		&all, EX_DER_SEQUENCE, &inside, "ECDSA signature", err) == -1 ||
	    ex_der_done(&all, "the ECDSA signature", err) == -1 ||
	    read_scalar(&inside, r, "ECDSA r", err) == -1 ||
	    read_scalar(&inside, s, "ECDSA s", err) == -1)
		return -1;
	return ex_der_done(&inside, "ECDSA s", err);
}

int
ex_ecdsa_write(struct ex_buf *out, const uint8_t r[EX_P256],
    const uint8_t s[EX_P256], struct ex_err *err)
{
	struct ex_der_writer w;

	ex_der_start(&w, out, err);
	ex_der_open(&w, EX_DER_SEQUENCE);
	ex_der_unsigned(&w, r, EX_P256);
	ex_der_unsigned(&w, s, EX_P256);
	ex_der_close(&w);
	return ex_der_finish(&w);
}

int
ex_ecdsa_is_low(const uint8_t s[EX_P256])
{
	return memcmp(s, half, EX_P256) <= 0;
}

void
ex_ecdsa_negate(uint8_t s[EX_P256])
{
	unsigned borrow = 0;

	for (size_t i = EX_P256; i-- > 0;) {
		unsigned d = 0x100u + order[i] - s[i] - borrow;

		s[i] = (uint8_t)(d & 0xff);
		borrow = d < 0x100u;
	}
}

int
ex_ecdsa_normalise(
    struct ex_buf *out, const uint8_t *sig, size_t nsig, struct ex_err *err)
{
	uint8_t r[EX_P256], s[EX_P256];

	if (ex_ecdsa_read(r, s, sig, nsig, err) == -1)
		return -1;
	if (!ex_ecdsa_is_low(s))
		ex_ecdsa_negate(s);
	return ex_ecdsa_write(out, r, s, err);
}

int
ex_ecdsa_check_form(const uint8_t *sig, size_t nsig, struct ex_err *err)
{
	uint8_t r[EX_P256], s[EX_P256];

	if (ex_ecdsa_read(r, s, sig, nsig, err) == -1)
		return -1;
	if (!ex_ecdsa_is_low(s))
		return ex_fail(err, EX_FORMAT, "ECDSA s is larger than n/2");
	return 0;
}
