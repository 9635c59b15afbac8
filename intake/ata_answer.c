/*
 * ata_answer.c -- registers, native size, overlay and SMART of an ATA drive.
 */
#include <string.h>

#include "intake/answer.h"
#include "intake/ata.h"

enum {
	SENSE_HEAD = 8,
	DESCRIPTOR = 14,     /* bytes of the ATA Status Return descriptor */
	DESCRIPTOR_CODE = 9, /* its code (SAT-4 12.2.2.7) */
	STATUS_ERROR = 0x21, /* ERR and DF */
	ATTRIBUTES = 30,
	ATTRIBUTE = 12 /* bytes of one */
};

/* One ATA Status Return descriptor, at a place that was checked. */
static void
read_descriptor(struct ex_ata_registers *out, struct ex_span s, size_t at)
{
	int extend = (int)(ex_answer_be(s, at + 2, 1) & 1);

	out->error = (uint8_t)ex_answer_be(s, at + 3, 1);
	out->count = (uint16_t)ex_answer_be(s, at + 5, 1);
	out->lba = ex_answer_be(s, at + 7, 1) |
		   ex_answer_be(s, at + 9, 1) << 8 |
		   ex_answer_be(s, at + 11, 1) << 16;
	if (extend) {
		out->count |= (uint16_t)(ex_answer_be(s, at + 4, 1) << 8);
		out->lba |= ex_answer_be(s, at + 6, 1) << 24 |
			    ex_answer_be(s, at + 8, 1) << 32 |
			    ex_answer_be(s, at + 10, 1) << 40;
	}
	out->device = (uint8_t)ex_answer_be(s, at + 12, 1);
	out->status = (uint8_t)ex_answer_be(s, at + 13, 1);
	out->whole = 1;
}

/* Descriptor format (SPC-5 4.5.2): a list, each with its own length. */
static int
read_list(struct ex_ata_registers *out, struct ex_span s, struct ex_err *err)
{
	size_t end = SENSE_HEAD + (size_t)ex_answer_be(s, 7, 1);
	size_t at = SENSE_HEAD;

	if (end > s.n)
		end = s.n;
	while (at + 2 <= end) {
		size_t n = 2 + (size_t)ex_answer_be(s, at + 1, 1);

		if (n > end - at)
			break;
		if (ex_answer_be(s, at, 1) == DESCRIPTOR_CODE &&
		    n == DESCRIPTOR) {
			read_descriptor(out, s, at);
			return 0;
		}
		at += n;
	}
	return ex_fail(err, EX_FORMAT, "no registers came back");
}

/*
 * Fixed format (SAT-4 12.2.2.6): 24 bits of the address, and whether there
 * would be more.  It is ATA's only where ASC/ASCQ say so.
 */
static int
read_fixed(struct ex_ata_registers *out, struct ex_span s, struct ex_err *err)
{
	if (s.n < 14 || ex_answer_be(s, 12, 2) != 0x001d)
		return ex_fail(err, EX_FORMAT, "no registers came back");
	out->error = (uint8_t)ex_answer_be(s, 3, 1);
	out->status = (uint8_t)ex_answer_be(s, 4, 1);
	out->device = (uint8_t)ex_answer_be(s, 5, 1);
	out->count = (uint16_t)ex_answer_be(s, 6, 1);
	out->lba = ex_answer_be(s, 9, 1) | ex_answer_be(s, 10, 1) << 8 |
		   ex_answer_be(s, 11, 1) << 16;
	out->more_lba = (int)(ex_answer_be(s, 8, 1) >> 5 & 1);
	return 0;
}

int
ex_ata_read_registers(
    struct ex_ata_registers *out, struct ex_span sense, struct ex_err *err)
{
	unsigned code = (unsigned)ex_answer_be(sense, 0, 1) & 0x7f;

	memset(out, 0, sizeof(*out));
	if (sense.n < SENSE_HEAD)
		return ex_fail(err, EX_FORMAT, "no registers came back");
	if (code == 0x72)
		return read_list(out, sense, err);
	if (code == 0x70)
		return read_fixed(out, sense, err);
	return ex_fail(err, EX_FORMAT, "sense data of an unknown kind");
}

int
ex_ata_went_well(const struct ex_ata_registers *r)
{
	/* A drive that is ready says so: a blank answer is none. */
	return (r->status & STATUS_ERROR) == 0 && r->status != 0;
}

int
ex_ata_read_native(uint64_t *sectors, const struct ex_ata_registers *r,
    int wide, struct ex_err *err)
{
	uint64_t last = r->lba;

	*sectors = 0;
	if (!ex_ata_went_well(r))
		return ex_fail(err, EX_FORMAT, "the drive refused it");
	if (wide && !r->whole)
		return ex_fail(err, EX_FORMAT,
		    "the address came back in part: the bridge drops the rest");
	/* Of 28 bits four are in the device register (ACS-3 7.33). */
	if (!wide)
		last = (last & 0xffffff) | (uint64_t)(r->device & 15) << 24;
	if (last == 0)
		return ex_fail(err, EX_FORMAT, "an address of zero");
	*sectors = last + 1;
	return 0;
}

int
ex_ata_read_dco(uint64_t *sectors, struct ex_span answer, struct ex_err *err)
{
	uint8_t sum = 0;
	uint64_t last;

	*sectors = 0;
	if (answer.n != EX_ATA_BLOCK || ex_answer_blank(answer))
		return ex_fail(err, EX_FORMAT,
		    "DEVICE CONFIGURATION IDENTIFY: says nothing");
	/* Word 255 is not optional here (ACS-2 table 31). */
	for (size_t i = 0; i < EX_ATA_BLOCK; i++)
		sum = (uint8_t)(sum + ex_answer_le(answer, i, 1));
	if (ex_answer_le(answer, 510, 1) != 0xa5 || sum != 0)
		return ex_fail(err, EX_FORMAT,
		    "DEVICE CONFIGURATION IDENTIFY: its checksum is wrong");
	/* Word 0 is the revision of the table: 1 or 2; words 3-6 the last
	 * address. */
	if (ex_answer_le(answer, 0, 2) < 1 || ex_answer_le(answer, 0, 2) > 2)
		return ex_fail(err, EX_FORMAT,
		    "DEVICE CONFIGURATION IDENTIFY: a table of revision %u",
		    (unsigned)ex_answer_le(answer, 0, 2));
	last = ex_answer_le(answer, 6, 8);
	if (last == 0 || last >> 48 != 0)
		return ex_fail(err, EX_FORMAT,
		    "DEVICE CONFIGURATION IDENTIFY: no last address");
	*sectors = last + 1;
	return 0;
}

enum ex_health
ex_ata_read_health(const struct ex_ata_registers *r)
{
	unsigned pattern = (unsigned)(r->lba >> 8 & 0xffff);

	if (!ex_ata_went_well(r))
		return EX_HEALTH_UNKNOWN;
	if (pattern == 0xc24f)
		return EX_HEALTH_PASSED;
	return pattern == 0x2cf4 ? EX_HEALTH_FAILING : EX_HEALTH_UNKNOWN;
}

void
ex_smart_add(struct ex_smart *s, const char *name, uint64_t value)
{
	if (s->ncounts == EX_SMART_COUNTS || value >> 53 != 0)
		return;
	for (size_t i = 0; i < s->ncounts; i++)
		if (strcmp(s->count[i].name, name) == 0)
			return;
	s->count[s->ncounts].name = name;
	s->count[s->ncounts++].value = value;
}

/* Attributes that say what state a medium is in; nbytes of the raw value. */
static const struct {
	uint8_t id, nbytes;
	const char *name;
} counted[] = {
	{ 5, 4, "reallocated_sectors" },
	{ 9, 4, "power_on_hours" },
	{ 12, 4, "power_cycles" },
	{ 187, 4, "reported_uncorrectable" },
	{ 196, 4, "reallocation_events" },
	{ 197, 4, "pending_sectors" },
	{ 198, 4, "offline_uncorrectable" },
	{ 199, 4, "interface_crc_errors" },
};

static void
read_attribute(struct ex_smart *out, struct ex_span a, size_t at)
{
	unsigned id = (unsigned)ex_answer_le(a, at, 1);
	int8_t celsius = (int8_t)ex_answer_le(a, at + 5, 1);

	for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
		if (counted[i].id == id)
			ex_smart_add(out, counted[i].name,
			    ex_answer_le(a, at + 5, counted[i].nbytes));
	/* 194 is the temperature; 190 where there is no 194. */
	if ((id != 194 && id != 190) || celsius < -40 || celsius > 125 ||
	    (id == 190 && out->has_temperature))
		return;
	out->has_temperature = 1;
	out->temperature = celsius;
}

int
ex_ata_read_smart(
    struct ex_smart *out, struct ex_span answer, struct ex_err *err)
{
	uint8_t sum = 0;

	if (answer.n != EX_ATA_BLOCK || ex_answer_blank(answer))
		return ex_fail(err, EX_FORMAT, "SMART READ DATA: says nothing");
	for (size_t i = 0; i < EX_ATA_BLOCK; i++)
		sum = (uint8_t)(sum + ex_answer_le(answer, i, 1));
	if (sum != 0)
		return ex_fail(
		    err, EX_FORMAT, "SMART READ DATA: its checksum is wrong");
	for (size_t i = 0; i < ATTRIBUTES; i++)
		read_attribute(out, answer, 2 + i * ATTRIBUTE);
	return 0;
}
