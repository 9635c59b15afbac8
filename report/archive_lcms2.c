/*
 * archive_lcms2.c -- what the colours of a report mean: sRGB.
 */
#include <string.h>

#include <lcms2.h>

#include "report/archive.h"

enum {
	DATE = 24, /* of the profile, in its header (ICC.1, 7.2) */
	NDATE = 12,
	ID = 84, /* MD5 of the profile; zeros: none */
	NID = 16,
	HEADER = 128
};

int
ex_archive_srgb(struct ex_buf *out, struct ex_err *err)
{
	static const uint8_t day[NDATE] = { 0x07, 0xe8, 0, 1, 0, 1 };
	cmsHPROFILE p = cmsCreate_sRGBProfile();
	size_t at = out->len;
	cmsUInt32Number n = 0;
	int ok = p != NULL && cmsSaveProfileToMem(p, NULL, &n) && n > HEADER &&
		 ex_buf_reserve(out, n, err) == 0 &&
		 cmsSaveProfileToMem(p, &out->data[at], &n);

	if (p != NULL)
		(void)cmsCloseProfile(p);
	if (!ok)
		return ex_fail(err, EX_SYSTEM, "sRGB: no colour profile");
	/* It would carry the hour of this run. */
	memcpy(&out->data[at + DATE], day, NDATE);
	memset(&out->data[at + ID], 0, NID);
	out->len += n;
	out->data[out->len] = '\0';
	return 0;
}
