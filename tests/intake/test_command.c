/*
 * test_command.c -- the commands that may be sent, and that no other one can.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "drive.h"
#include "drive_line.h"
#include "intake/source_line.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static struct drive_line
a_disk(void)
{
	struct drive_line l = { .model = "SAMPLE DISK",
		.serial = "SN-1",
		.firmware = "1.0",
		.sectors = 1000000,
		.celsius = 30 };

	return l;
}

/* Each of the list, byte for byte as its standard has it. */
static const struct {
	enum ex_command c;
	uint8_t cdb[16];
	size_t ndata;
} cdbs[] = {
	{ EX_COMMAND_INQUIRY, { 0x12, 0, 0, 0, 96, 0 }, 96 },
	{ EX_COMMAND_SERIAL, { 0x12, 1, 0x80, 0, 252, 0 }, 252 },
	{ EX_COMMAND_ATA_IDENTIFY,
	    { 0x85, 0x08, 0x0e, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xec, 0 },
	    512 },
	{ EX_COMMAND_ATA_NATIVE,
	    { 0x85, 0x06, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0xf8, 0 },
	    0 },
	{ EX_COMMAND_ATA_NATIVE_EXT,
	    { 0x85, 0x07, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x27, 0 },
	    0 },
	{ EX_COMMAND_ATA_AMAC,
	    { 0x85, 0x07, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x78, 0 },
	    0 },
	{ EX_COMMAND_ATA_DCO,
	    { 0x85, 0x08, 0x0e, 0, 0xc2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xb1, 0 },
	    512 },
	{ EX_COMMAND_ATA_SMART_DATA,
	    { 0x85, 0x08, 0x0e, 0, 0xd0, 0, 1, 0, 0, 0, 0x4f, 0, 0xc2, 0, 0xb0,
		0 },
	    512 },
	{ EX_COMMAND_ATA_SMART_STATUS,
	    { 0x85, 0x06, 0x20, 0, 0xda, 0, 0, 0, 0, 0, 0x4f, 0, 0xc2, 0, 0xb0,
		0 },
	    0 },
};

static void
every_command_is_what_its_standard_says(void **state)
{
	struct ex_command_request r;
	size_t seen = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(cdbs); i++) {
		ex_command_make(&r, cdbs[i].c);
		assert_int_equal(r.nvme, 0);
		assert_memory_equal(r.cdb, cdbs[i].cdb, 16);
		assert_int_equal(r.ncdb, cdbs[i].cdb[0] == 0x12 ? 6 : 16);
		assert_int_equal(r.ndata, cdbs[i].ndata);
		seen++;
	}
	for (int c = 0; c < EX_COMMANDS; c++) {
		ex_command_make(&r, (enum ex_command)c);
		seen += r.nvme ? 1 : 0;
	}
	/* None was added without its bytes here. */
	assert_int_equal(seen, EX_COMMANDS);
	ex_command_make(&r, EX_COMMAND_NVME_SMART);
	assert_int_equal(r.opcode, 0x02);
	assert_int_equal(r.cdw10, 0x007f0002);
	assert_int_equal(r.nsid, 0xffffffff);
	ex_command_make(&r, EX_COMMAND_NVME_CONTROLLER);
	assert_int_equal(r.opcode, 0x06);
	assert_int_equal(r.cdw10, 1);
	ex_command_make(&r, EX_COMMAND_NVME_NAMESPACE);
	assert_int_equal(r.opcode, 0x06);
	assert_int_equal(r.cdw10, 0);
	assert_int_equal(r.one_namespace, 1);
}

/* A drive that takes bytes apart by itself calls each of them harmless. */
static void
a_drive_knows_every_command_as_harmless(void **state)
{
	struct drive_line l = a_disk(), n = a_disk();
	struct ex_command_reply reply;
	struct ex_command_request r;

	(void)state;
	n.nvme = 1;
	for (int c = 0; c < EX_COMMANDS; c++) {
		ex_command_make(&r, (enum ex_command)c);
		assert_int_equal(ex_command_allowed(&r), 1);
		memset(&reply, 0, sizeof(reply));
		(void)drive_take(r.nvme ? &n : &l, &r, &reply);
		assert_int_equal((r.nvme ? n : l).of[c], 1);
	}
	assert_int_equal(l.harmful + n.harmful, 0);
	assert_int_equal(l.sent + n.sent, EX_COMMANDS);
}

/* What changes a drive, made of an allowed one by a byte or two. */
static const struct {
	const char *name;
	enum ex_command from;
	uint8_t at1, value1, at2, value2;
} harmful[] = {
	{ "SET ACCESSIBLE MAX ADDRESS EXT", EX_COMMAND_ATA_AMAC, 4, 1, 0,
	    0x85 },
	{ "FREEZE ACCESSIBLE MAX ADDRESS EXT", EX_COMMAND_ATA_AMAC, 4, 2, 0,
	    0x85 },
	{ "SET MAX ADDRESS", EX_COMMAND_ATA_NATIVE, 14, 0xf9, 0, 0x85 },
	{ "SET MAX ADDRESS EXT", EX_COMMAND_ATA_NATIVE_EXT, 14, 0x37, 0, 0x85 },
	{ "DEVICE CONFIGURATION RESTORE", EX_COMMAND_ATA_DCO, 4, 0xc0, 0,
	    0x85 },
	{ "DEVICE CONFIGURATION FREEZE LOCK", EX_COMMAND_ATA_DCO, 4, 0xc1, 0,
	    0x85 },
	{ "DEVICE CONFIGURATION SET", EX_COMMAND_ATA_DCO, 4, 0xc3, 1, 0x0a },
	{ "SMART EXECUTE OFF-LINE", EX_COMMAND_ATA_SMART_STATUS, 4, 0xd4, 0,
	    0x85 },
	{ "SMART WRITE LOG", EX_COMMAND_ATA_SMART_DATA, 4, 0xd6, 1, 0x0a },
	{ "SMART ENABLE OPERATIONS", EX_COMMAND_ATA_SMART_STATUS, 4, 0xd8, 0,
	    0x85 },
	{ "SMART DISABLE OPERATIONS", EX_COMMAND_ATA_SMART_STATUS, 4, 0xd9, 0,
	    0x85 },
	{ "SECURITY ERASE PREPARE", EX_COMMAND_ATA_NATIVE, 14, 0xf3, 0, 0x85 },
	{ "SECURITY ERASE UNIT", EX_COMMAND_ATA_IDENTIFY, 14, 0xf4, 1, 0x0a },
	{ "SECURITY FREEZE LOCK", EX_COMMAND_ATA_NATIVE, 14, 0xf5, 0, 0x85 },
	{ "SANITIZE", EX_COMMAND_ATA_NATIVE_EXT, 14, 0xb4, 0, 0x85 },
	{ "DATA SET MANAGEMENT", EX_COMMAND_ATA_IDENTIFY, 14, 0x06, 1, 0x0c },
	{ "WRITE SECTORS", EX_COMMAND_ATA_IDENTIFY, 14, 0x30, 1, 0x0a },
	{ "WRITE DMA EXT", EX_COMMAND_ATA_IDENTIFY, 14, 0x35, 1, 0x0d },
	{ "FLUSH CACHE", EX_COMMAND_ATA_NATIVE, 14, 0xe7, 0, 0x85 },
	{ "STANDBY IMMEDIATE", EX_COMMAND_ATA_NATIVE, 14, 0xe0, 0, 0x85 },
	{ "SET FEATURES", EX_COMMAND_ATA_NATIVE, 14, 0xef, 4, 0x02 },
	{ "IDENTIFY, data going out", EX_COMMAND_ATA_IDENTIFY, 1, 0x0a, 2,
	    0x06 },
	{ "SCSI WRITE (10)", EX_COMMAND_INQUIRY, 0, 0x2a, 0, 0x2a },
	{ "SCSI WRITE (16)", EX_COMMAND_ATA_IDENTIFY, 0, 0x8a, 0, 0x8a },
	{ "SCSI FORMAT UNIT", EX_COMMAND_INQUIRY, 0, 0x04, 0, 0x04 },
	{ "SCSI UNMAP", EX_COMMAND_INQUIRY, 0, 0x42, 0, 0x42 },
	{ "SCSI START STOP UNIT", EX_COMMAND_INQUIRY, 0, 0x1b, 0, 0x1b },
	{ "SCSI MODE SELECT", EX_COMMAND_INQUIRY, 0, 0x15, 0, 0x15 },
};

static void
what_changes_a_drive_is_not_on_the_list(void **state)
{
	struct ex_command_reply reply;
	struct ex_command_request r;
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)state;
	for (size_t i = 0; i < COUNT(harmful); i++) {
		struct drive_line l = a_disk();

		print_message("  %s\n", harmful[i].name);
		ex_command_make(&r, harmful[i].from);
		r.cdb[harmful[i].at1] = harmful[i].value1;
		r.cdb[harmful[i].at2] = harmful[i].value2;
		assert_int_equal(ex_command_allowed(&r), 0);
		assert_int_equal(
		    ex_line_send(null, &r, &reply), EX_ASKED_NO_WAY);
		/* And this test's drive would have noticed it. */
		memset(&reply, 0, sizeof(reply));
		(void)drive_take(&l, &r, &reply);
		assert_int_equal(l.harmful, 1);
	}
	(void)close(null);
}

/* Any single bit of any command: another command, and not sent. */
static void
a_bit_more_or_less_is_not_sent(void **state)
{
	struct ex_command_request r;

	(void)state;
	for (int c = 0; c < EX_COMMANDS; c++)
		for (size_t b = 0; b < 8 * EX_COMMAND_BYTES; b++) {
			ex_command_make(&r, (enum ex_command)c);
			r.cdb[b / 8] ^= (uint8_t)(1u << b % 8);
			assert_int_equal(ex_command_allowed(&r), 0);
		}
	for (unsigned op = 0; op < 256; op++) {
		ex_command_make(&r, EX_COMMAND_NVME_SMART);
		r.opcode = (uint8_t)op;
		assert_int_equal(ex_command_allowed(&r), op == 2);
	}
	ex_command_make(&r, EX_COMMAND_ATA_IDENTIFY);
	r.ndata++;
	assert_int_equal(ex_command_allowed(&r), 0);
}

/* Whoever opens a source, asks it and reads it, sends nothing that harms. */
static void
asking_a_drive_never_harms_it(void **state)
{
	static const struct drive script = { .sectors = 64,
		.sector_size = 512 };

	(void)state;
	for (unsigned i = 0; i < 32; i++) {
		struct drive d = script;
		struct drive_line l = a_disk();
		struct ex_smart smart;
		struct ex_source *s = drive_open(&d);

		l.nvme = i & 1;
		l.amac = i >> 1 & 1;
		l.no_48bit = i >> 2 & 1;
		l.no_hpa = i >> 3 & 1;
		l.no_smart = i >> 4 & 1;
		drive_attach(s, &l);
		(void)snprintf(s->info.transport, EX_SOURCE_TEXT, "%s",
		    l.nvme ? "nvme" : "ata");
		ex_identity_learn(s);
		ex_identity_health(&smart, s);
		assert_true(l.sent > 0);
		assert_int_equal(l.harmful, 0);
		ex_source_close(s);
	}
}

/* A descriptor that is no disk: nothing is claimed to have been asked. */
static void
what_is_no_disk_answers_nothing(void **state)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)state;
	for (int c = 0; c < EX_COMMANDS; c++) {
		struct ex_command_reply reply;
		struct ex_command_request r;

		ex_command_make(&r, (enum ex_command)c);
		assert_int_equal(
		    ex_line_send(null, &r, &reply), EX_ASKED_NO_WAY);
	}
	(void)close(null);
	assert_int_equal(ex_line_open(0), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_is_what_its_standard_says),
		cmocka_unit_test(a_drive_knows_every_command_as_harmless),
		cmocka_unit_test(what_changes_a_drive_is_not_on_the_list),
		cmocka_unit_test(a_bit_more_or_less_is_not_sent),
		cmocka_unit_test(asking_a_drive_never_harms_it),
		cmocka_unit_test(what_is_no_disk_answers_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
