/*
 * qr_qrencode.c -- QR codes through libqrencode.
 */
#include "report/qr.h"

#include <errno.h>
#include <string.h>

#include <qrencode.h>

int
ex_qr_make(struct ex_qr *out, const char *text, struct ex_err *err)
{
	QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);

	if (code == NULL)
		return ex_fail(err, errno == ERANGE ? EX_LIMIT : EX_SYSTEM,
		    "QR code of %zu bytes: %s", strlen(text), strerror(errno));
	out->side = (size_t)code->width;
	for (size_t i = 0; i < out->side * out->side; i++)
		out->dark[i] = code->data[i] & 1;
	QRcode_free(code);
	return 0;
}
