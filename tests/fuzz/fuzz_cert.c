/*
 * fuzz_cert.c -- any bytes as a certificate: our own reader and OpenSSL's
 * agree about where things lie.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "signing/cert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ex_buf issuer = EX_BUF_INIT, serial = EX_BUF_INIT;
	struct ex_buf spki = EX_BUF_INIT, der = EX_BUF_INIT;
	struct ex_cert_info info;
	int ours;

	ours = ex_cert_issuer_serial(&issuer, &serial, data, n, NULL) == 0 &&
	       ex_cert_public(&spki, data, n, NULL) == 0;
	if (ex_cert_read(&info, data, n, NULL) == 0) {
		/* Two characters a byte, without tag, length and sign. */
		if (!ours || 2 * serial.len < strlen(info.serial_hex))
			abort();
	}
	(void)ex_cert_from_pem(&der, data, n, NULL);
	ex_buf_free(&issuer);
	ex_buf_free(&serial);
	ex_buf_free(&spki);
	ex_buf_free(&der);
	return 0;
}
