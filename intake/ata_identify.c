/*
 * ata_identify.c -- IDENTIFY DEVICE data (ACS-4 7.13.6).
 */
#include <string.h>

#include "intake/answer.h"
#include "intake/ata.h"

enum {
	SECTORS_MAX = 53 /* bits: the largest size that can be signed */
};

static unsigned
word(struct ex_span a, size_t n)
{
	return (unsigned)ex_answer_le(a, 2 * n, 2);
}

static int
bit(struct ex_span a, size_t n, unsigned b)
{
	return (int)(word(a, n) >> b & 1);
}

/* Bits 15 and 14 are 0 and 1 where a word means what it says. */
static int
is_valid(struct ex_span a, size_t n)
{
	return word(a, n) >> 14 == 1;
}

/*
 * Word 255 (7.13.6.92): A5h in its low byte says that the sum of all bytes is
 * zero.  1 right, 0 not there, -1 wrong.
 */
static int
check_sum(struct ex_span a)
{
	uint8_t sum = 0;

	if (ex_answer_le(a, 510, 1) != 0xa5)
		return 0;
	for (size_t i = 0; i < EX_ATA_BLOCK; i++)
		sum = (uint8_t)(sum + ex_answer_le(a, i, 1));
	return sum == 0 ? 1 : -1;
}

/* Words 106, 117-118: of one logical and one physical sector. */
static void
read_sector_sizes(struct ex_ata_identity *out, struct ex_span a)
{
	uint64_t size = 512;

	if (is_valid(a, 106) && bit(a, 106, 12))
		size = 2 * ex_answer_le(a, 234, 4);
	/* Neither odd sizes nor such as no disk has. */
	if (size < 512 || size > 65536 || (size & (size - 1)) != 0)
		size = 0;
	out->sector_size = (uint32_t)size;
	out->physical_sector_size = out->sector_size;
	if (is_valid(a, 106) && bit(a, 106, 13) && (word(a, 106) & 15) <= 8)
		out->physical_sector_size <<= word(a, 106) & 15;
}

/* Words 60-61, 100-103 and 230-233, each where the drive says it counts. */
static void
read_sectors(struct ex_ata_identity *out, struct ex_span a)
{
	if (bit(a, 49, 9))
		out->sectors = ex_answer_le(a, 120, 4) & 0x0fffffff;
	if (out->has_48bit && ex_answer_le(a, 200, 8) != 0)
		out->sectors = ex_answer_le(a, 200, 8);
	if (out->has_48bit && bit(a, 69, 3) && ex_answer_le(a, 460, 8) != 0)
		out->sectors = ex_answer_le(a, 460, 8);
	if (out->sectors >> SECTORS_MAX != 0)
		out->sectors = 0;
}

/* Words 82-87 and 119: 83, 84 and 87 tell whether they mean anything. */
static void
read_features(struct ex_ata_identity *out, struct ex_span a)
{
	out->says_features =
	    is_valid(a, 83) && is_valid(a, 84) && is_valid(a, 87);
	if (!out->says_features)
		return;
	out->smart = bit(a, 82, 0);
	out->hpa = bit(a, 82, 10);
	out->has_48bit = bit(a, 83, 10);
	out->dco = bit(a, 83, 11);
	out->smart_on = out->smart && bit(a, 85, 0);
	out->amac = is_valid(a, 119) && bit(a, 119, 8);
}

/* Word 128: the security feature set's state (7.13.6.61). */
static void
read_security(struct ex_ata_identity *out, struct ex_span a)
{
	out->security = bit(a, 128, 0);
	out->security_on = out->security && bit(a, 128, 1);
	out->locked = out->security && bit(a, 128, 2);
	out->frozen = out->security && bit(a, 128, 3);
	out->count_expired = out->security && bit(a, 128, 4);
}

/* A name of printable characters, as every disk has one. */
static int
has_name(struct ex_span a)
{
	int letters = 0;

	for (size_t i = 54; i < 94; i++) {
		uint64_t c = ex_answer_le(a, i, 1);

		if (c != 0 && (c < 0x20 || c > 0x7e))
			return 0;
		letters |= c > 0x20;
	}
	return letters;
}

int
ex_ata_read_identity(
    struct ex_ata_identity *out, struct ex_span answer, struct ex_err *err)
{
	int sum;

	memset(out, 0, sizeof(*out));
	if (answer.n != EX_ATA_BLOCK)
		return ex_fail(err, EX_FORMAT,
		    "IDENTIFY DEVICE: %zu bytes, not 512", answer.n);
	if (ex_answer_blank(answer))
		return ex_fail(err, EX_FORMAT, "IDENTIFY DEVICE: says nothing");
	/* Word 0: bit 15 is zero of an ATA device (7.13.6.2). */
	if (bit(answer, 0, 15))
		return ex_fail(
		    err, EX_FORMAT, "IDENTIFY DEVICE: not of an ATA device");
	if ((sum = check_sum(answer)) == -1)
		return ex_fail(
		    err, EX_FORMAT, "IDENTIFY DEVICE: its checksum is wrong");
	/* Without a checksum, noise of a bridge would pass for an answer. */
	if (sum == 0 && !has_name(answer))
		return ex_fail(err, EX_FORMAT,
		    "IDENTIFY DEVICE: neither a checksum nor a name");
	out->checked = sum;
	ex_answer_text(out->serial, sizeof(out->serial), answer, 20, 20, 1);
	ex_answer_text(out->firmware, sizeof(out->firmware), answer, 46, 8, 1);
	ex_answer_text(out->model, sizeof(out->model), answer, 54, 40, 1);
	read_features(out, answer);
	read_sectors(out, answer);
	read_sector_sizes(out, answer);
	read_security(out, answer);
	out->rotation = (int)word(answer, 217);
	return 0;
}
