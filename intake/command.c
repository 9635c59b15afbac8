/*
 * command.c -- the bytes of every command that a drive may be sent.
 *
 * ATA commands travel as ATA PASS-THROUGH (16) (SAT-4 12.2.2):
 *   1 protocol << 1 | extend   2 flags   3,4 features   5,6 count
 *   7-12 LBA 31:24 7:0 39:32 15:8 47:40 23:16   13 device   14 command
 */
#include "intake/command.h"

#include <string.h>

#include "intake/source.h"

enum {
	PASS = 0x85, /* ATA PASS-THROUGH (16) */
	NON_DATA = 3 << 1,
	PIO_IN = 4 << 1,
	EXTEND = 1,
	/* One block of 512 bytes from the device, counted in "count". */
	ONE_BLOCK = 0x0e,
	REGISTERS = 0x20 /* CK_COND: give the registers back */
};

#define SCSI(...)           \
	{                   \
		__VA_ARGS__ \
	}

static const struct {
	const char *name, *title;
	struct ex_command_request r;
} table[EX_COMMANDS] = {
	[EX_COMMAND_INQUIRY] = { "scsi_inquiry", "INQUIRY",
	    { .cdb = SCSI(0x12, 0, 0, 0, 96), .ncdb = 6, .ndata = 96 } },
	[EX_COMMAND_SERIAL] = { "scsi_serial", "unit serial number page",
	    { .cdb = SCSI(0x12, 1, 0x80, 0, 252), .ncdb = 6, .ndata = 252 } },
	[EX_COMMAND_ATA_IDENTIFY] = { "ata_identify", "IDENTIFY DEVICE",
	    { .cdb = { PASS, PIO_IN, ONE_BLOCK, [6] = 1, [14] = 0xec },
		.ncdb = 16,
		.ndata = 512 } },
	[EX_COMMAND_ATA_NATIVE] = { "ata_native_max", "READ NATIVE MAX ADDRESS",
	    { .cdb = { PASS, NON_DATA, REGISTERS, [13] = 0x40, [14] = 0xf8 },
		.ncdb = 16 } },
	[EX_COMMAND_ATA_NATIVE_EXT] = { "ata_native_max_ext",
	    "READ NATIVE MAX ADDRESS EXT",
	    { .cdb = { PASS, NON_DATA | EXTEND,
		  REGISTERS, [13] = 0x40, [14] = 0x27 },
		.ncdb = 16 } },
	/* Features 0000h: GET.  0001h would set it. */
	[EX_COMMAND_ATA_AMAC] = { "ata_accessible_max",
	    "GET NATIVE MAX ADDRESS EXT",
	    { .cdb = { PASS, NON_DATA | EXTEND,
		  REGISTERS, [13] = 0x40, [14] = 0x78 },
		.ncdb = 16 } },
	/* Features C2h: IDENTIFY.  C0h, C1h and C3h change the drive. */
	[EX_COMMAND_ATA_DCO] = { "ata_dco", "DEVICE CONFIGURATION IDENTIFY",
	    { .cdb = { PASS, PIO_IN,
		  ONE_BLOCK, [4] = 0xc2, [6] = 1, [14] = 0xb1 },
		.ncdb = 16,
		.ndata = 512 } },
	/* Features D0h and DAh; others of B0h test, enable and write logs. */
	[EX_COMMAND_ATA_SMART_DATA] = { "ata_smart_data", "SMART READ DATA",
	    { .cdb = { PASS, PIO_IN, ONE_BLOCK, [4] = 0xd0, [6] = 1,
		  [10] = 0x4f, [12] = 0xc2, [14] = 0xb0 },
		.ncdb = 16,
		.ndata = 512 } },
	[EX_COMMAND_ATA_SMART_STATUS] = { "ata_smart_status",
	    "SMART RETURN STATUS",
	    { .cdb = { PASS, NON_DATA, REGISTERS, [4] = 0xda, [10] = 0x4f,
		  [12] = 0xc2, [14] = 0xb0 },
		.ncdb = 16 } },
	[EX_COMMAND_NVME_CONTROLLER] = { "nvme_identify", "Identify Controller",
	    { .nvme = 1, .opcode = 6, .cdw10 = 1, .ndata = 4096 } },
	[EX_COMMAND_NVME_NAMESPACE] = { "nvme_namespace", "Identify Namespace",
	    { .nvme = 1,
		.opcode = 6,
		.cdw10 = 0,
		.one_namespace = 1,
		.ndata = 4096 } },
	/* 128 words of log 02h, of the whole controller. */
	[EX_COMMAND_NVME_SMART] = { "nvme_smart", "SMART / Health log",
	    { .nvme = 1,
		.opcode = 2,
		.cdw10 = 127u << 16 | 2,
		.nsid = 0xffffffff,
		.ndata = 512 } },
};

const char *
ex_asked_text(enum ex_asked asked)
{
	static const char *const text[] = { "not_asked", "ok", "refused",
		"bad_answer", "not_permitted", "no_way" };

	return text[asked];
}

const char *
ex_command_name(enum ex_command c)
{
	return table[c].name;
}

const char *
ex_command_title(enum ex_command c)
{
	return table[c].title;
}

void
ex_command_make(struct ex_command_request *out, enum ex_command c)
{
	*out = table[c].r;
}

static int
is_same(const struct ex_command_request *a, const struct ex_command_request *b)
{
	return a->nvme == b->nvme && a->ncdb == b->ncdb &&
	       memcmp(a->cdb, b->cdb, sizeof(a->cdb)) == 0 &&
	       a->opcode == b->opcode && a->cdw10 == b->cdw10 &&
	       a->one_namespace == b->one_namespace && a->nsid == b->nsid &&
	       a->ndata == b->ndata;
}

int
ex_command_allowed(const struct ex_command_request *r)
{
	for (int c = 0; c < EX_COMMANDS; c++)
		if (is_same(r, &table[c].r))
			return 1;
	return 0;
}

enum ex_asked
ex_command_send(
    struct ex_source *s, enum ex_command c, struct ex_command_reply *reply)
{
	struct ex_command_request r;
	enum ex_asked asked;

	memset(reply, 0, sizeof(*reply));
	if (s->ops->command == NULL)
		return EX_ASKED_NO_WAY;
	ex_command_make(&r, c);
	asked = s->ops->command(s->self, &r, reply);
	if (asked != EX_ASKED_OK)
		return asked;
	/* Nobody believes a length beyond what was asked for. */
	if (reply->ndata > r.ndata)
		reply->ndata = r.ndata;
	if (reply->nsense > sizeof(reply->sense))
		reply->nsense = sizeof(reply->sense);
	/* Registers come back as an error that is none: its reader tells. */
	return reply->refused && r.ndata > 0 ? EX_ASKED_REFUSED : EX_ASKED_OK;
}
