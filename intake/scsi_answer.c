/*
 * scsi_answer.c -- INQUIRY data and the page with the serial number.
 */
#include <string.h>

#include "intake/answer.h"
#include "intake/scsi.h"

enum {
	INQUIRY = 36,
	PAGE_HEAD = 4
};

int
ex_scsi_read_inquiry(
    struct ex_scsi_inquiry *out, struct ex_span answer, struct ex_err *err)
{
	memset(out, 0, sizeof(*out));
	if (answer.n < INQUIRY || ex_answer_blank(answer))
		return ex_fail(err, EX_FORMAT, "INQUIRY: says nothing");
	/* Qualifier 0: something is connected here (6.7.2). */
	if (ex_answer_be(answer, 0, 1) >> 5 != 0)
		return ex_fail(err, EX_FORMAT, "INQUIRY: no device is there");
	if (ex_answer_be(answer, 4, 1) + 5 < INQUIRY)
		return ex_fail(err, EX_FORMAT, "INQUIRY: cut short");
	out->type = (int)(ex_answer_be(answer, 0, 1) & 31);
	out->removable = (int)(ex_answer_be(answer, 1, 1) >> 7);
	ex_answer_text(out->vendor, sizeof(out->vendor), answer, 8, 8, 0);
	ex_answer_text(out->product, sizeof(out->product), answer, 16, 16, 0);
	ex_answer_text(out->revision, sizeof(out->revision), answer, 32, 4, 0);
	return 0;
}

int
ex_scsi_read_serial(
    char *out, size_t size, struct ex_span answer, struct ex_err *err)
{
	size_t n;

	out[0] = '\0';
	if (answer.n < PAGE_HEAD || ex_answer_be(answer, 1, 1) != 0x80)
		return ex_fail(err, EX_FORMAT, "not the page asked for");
	n = (size_t)ex_answer_be(answer, 2, 2);
	if (n > answer.n - PAGE_HEAD)
		return ex_fail(err, EX_FORMAT, "serial number: cut short");
	ex_answer_text(out, size, answer, PAGE_HEAD, n, 0);
	/* Spaces alone: the device has none to tell (7.7.19). */
	return out[0] != '\0'
		   ? 0
		   : ex_fail(err, EX_FORMAT, "serial number: says nothing");
}
