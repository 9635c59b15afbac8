/*
 * test_identity.c -- a drive asked over good and bad bridges: what is known,
 * how, and what stays unknown; NVMe; serial numbers compared.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "drive.h"
#include "drive_line.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const struct drive_line disk = { .model = "SAMPLE DISK 1T",
	.serial = "SN-000042",
	.firmware = "A1B2C3",
	.sectors = 900000,
	.native = 1000000,
	.factory = 1000000,
	.celsius = 31,
	.pending = 8 };

/* Ask a drive; what is known of it afterwards. */
static struct ex_source_info
ask(struct drive_line *l, struct ex_smart *after)
{
	static struct drive d = { .sectors = 64, .sector_size = 512 };
	struct ex_source *s = drive_open(&d);
	struct ex_source_info info;
	struct ex_smart smart;

	drive_attach(s, l);
	(void)snprintf(s->info.serial, EX_SOURCE_TEXT, "unknown");
	(void)snprintf(
	    s->info.transport, EX_SOURCE_TEXT, "%s", l->nvme ? "nvme" : "usb");
	ex_identity_learn(s);
	ex_identity_health(after != NULL ? after : &smart, s);
	info = s->info;
	ex_source_close(s);
	assert_int_equal(l->harmful, 0);
	return info;
}

static const char *
how(const struct ex_source_info *info, enum ex_trait trait)
{
	return ex_learned_text(info->learned[trait]);
}

static void
a_drive_says_what_it_hides_and_who_said_it(void **state)
{
	struct drive_line l = disk;
	struct ex_source_info i;

	(void)state;
	l.bridge = "USB BRIDGE";
	l.bridge_serial = "BRIDGE-7";
	i = ask(&l, NULL);
	/* The drive is believed before the bridge. */
	assert_string_equal(i.serial, "SN-000042");
	assert_string_equal(how(&i, EX_TRAIT_SERIAL), "ata_identify");
	assert_string_equal(i.model, "SAMPLE DISK 1T");
	assert_string_equal(i.firmware, "A1B2C3");
	assert_string_equal(i.vendor, "BRIDGE");
	assert_string_equal(how(&i, EX_TRAIT_VENDOR), "scsi_inquiry");
	assert_int_equal(i.drive.sectors, 900000);
	assert_int_equal(i.drive.native, 1000000);
	assert_int_equal(i.drive.factory, 1000000);
	assert_int_equal(i.drive.hpa, EX_YES);
	assert_string_equal(how(&i, EX_TRAIT_HPA), "ata_native_max_ext");
	assert_int_equal(i.drive.dco, EX_NO);
	assert_string_equal(how(&i, EX_TRAIT_DCO), "ata_dco");
	assert_int_equal(i.drive.security, EX_SECURITY_NOT_SUPPORTED);
	assert_int_equal(i.drive.smart.health, EX_HEALTH_PASSED);
	assert_int_equal(i.drive.smart.temperature, 31);
	assert_int_equal(i.drive.rotation, 7200);
}

static const struct {
	const char *name;
	uint64_t sectors, native, factory;
	int no_48bit, no_hpa, no_dco, amac;
	enum ex_known hpa, dco;
} sizes[] = {
	{ "nothing hidden", 1000, 1000, 1000, 0, 0, 0, 0, EX_NO, EX_NO },
	{ "a protected area", 900, 1000, 1000, 0, 0, 0, 0, EX_YES, EX_NO },
	{ "one sector of it", 999, 1000, 1000, 0, 0, 0, 0, EX_YES, EX_NO },
	{ "an overlay", 1000, 1000, 1100, 0, 0, 0, 0, EX_NO, EX_YES },
	{ "both", 900, 1000, 1100, 0, 0, 0, 0, EX_YES, EX_YES },
	{ "of 28 bits", 900, 1000, 1000, 1, 0, 0, 0, EX_YES, EX_NO },
	{ "large, of 28 bits", 200000000, 268435455, 268435455, 1, 0, 0, 0,
	    EX_YES, EX_NO },
	{ "larger than 32 bits", UINT64_C(5000000000), UINT64_C(6000000000),
	    UINT64_C(6000000000), 0, 0, 0, 0, EX_YES, EX_NO },
	{ "the newer command", 900, 1000, 1000, 0, 1, 0, 1, EX_YES, EX_NO },
	{ "a drive that can do neither", 1000, 1000, 1000, 0, 1, 1, 0, EX_NO,
	    EX_NO },
	{ "no protected area, an overlay", 1000, 1000, 1100, 0, 1, 0, 0, EX_NO,
	    EX_YES },
};

static void
hidden_sectors_are_found(void **state)
{
	(void)state;
	for (size_t k = 0; k < COUNT(sizes); k++) {
		struct drive_line l = disk;
		struct ex_source_info i;

		print_message("  %s\n", sizes[k].name);
		l.sectors = sizes[k].sectors;
		l.native = sizes[k].native;
		l.factory = sizes[k].factory;
		l.no_48bit = sizes[k].no_48bit;
		l.no_hpa = sizes[k].no_hpa;
		l.no_dco = sizes[k].no_dco;
		l.amac = sizes[k].amac;
		i = ask(&l, NULL);
		assert_int_equal(i.drive.hpa, sizes[k].hpa);
		assert_int_equal(i.drive.dco, sizes[k].dco);
		assert_int_equal(l.of[EX_COMMAND_ATA_AMAC], sizes[k].amac);
	}
}

/* one command that does not work, and what is not known then. */
static const struct {
	const char *name;
	enum ex_command c;
	enum manner manner;
	enum ex_known hpa, dco;
	enum ex_health health;
	const char *serial;
	enum ex_asked asked;
} bridges[] = {
#define U      EX_UNKNOWN
#define ID     EX_COMMAND_ATA_IDENTIFY
#define MAX    EX_COMMAND_ATA_NATIVE_EXT
#define DCO    EX_COMMAND_ATA_DCO
#define STATUS EX_COMMAND_ATA_SMART_STATUS
#define DATA   EX_COMMAND_ATA_SMART_DATA
#define GOOD   EX_HEALTH_PASSED
#define BAD    EX_HEALTH_UNKNOWN
	{ "knows no pass-through", ID, ERRS, U, U, BAD, "BRIDGE-7",
	    EX_ASKED_REFUSED },
	{ "the kernel cannot", ID, NO_WAY, U, U, BAD, "BRIDGE-7",
	    EX_ASKED_NO_WAY },
	{ "the user may not", ID, NOT_PERMITTED, U, U, BAD, "BRIDGE-7",
	    EX_ASKED_DENIED },
	{ "IDENTIFY of zeroes", ID, BLANK, U, U, BAD, "BRIDGE-7",
	    EX_ASKED_BAD },
	{ "IDENTIFY cut short", ID, SHORT, U, U, BAD, "BRIDGE-7",
	    EX_ASKED_BAD },
	{ "IDENTIFY with another bit", ID, FLIPPED, U, U, BAD, "BRIDGE-7",
	    EX_ASKED_BAD },
	{ "native size refused", MAX, ERRS, U, U, GOOD, "SN-000042",
	    EX_ASKED_REFUSED },
	{ "native size aborted", MAX, ABORTS, U, U, GOOD, "SN-000042",
	    EX_ASKED_REFUSED },
	{ "registers of zeroes", MAX, BLANK, U, U, GOOD, "SN-000042",
	    EX_ASKED_REFUSED },
	{ "no registers", MAX, NO_REGISTERS, U, U, GOOD, "SN-000042",
	    EX_ASKED_BAD },
	{ "half the registers", MAX, FIXED_SENSE, U, U, GOOD, "SN-000042",
	    EX_ASKED_BAD },
	{ "overlay refused", DCO, ERRS, EX_YES, U, GOOD, "SN-000042",
	    EX_ASKED_REFUSED },
	{ "overlay aborted", DCO, ABORTS, EX_YES, U, GOOD, "SN-000042",
	    EX_ASKED_REFUSED },
	{ "overlay of zeroes", DCO, BLANK, EX_YES, U, GOOD, "SN-000042",
	    EX_ASKED_BAD },
	{ "overlay with another bit", DCO, FLIPPED, EX_YES, U, GOOD,
	    "SN-000042", EX_ASKED_BAD },
	{ "SMART status refused", STATUS, ERRS, EX_YES, EX_NO, BAD, "SN-000042",
	    EX_ASKED_REFUSED },
	{ "SMART status without registers", STATUS, NO_REGISTERS, EX_YES, EX_NO,
	    BAD, "SN-000042", EX_ASKED_BAD },
	/* Its pattern fits into 24 bits: the old format does for it. */
	{ "SMART status the old way", STATUS, FIXED_SENSE, EX_YES, EX_NO, GOOD,
	    "SN-000042", EX_ASKED_OK },
	{ "SMART data with another bit", DATA, FLIPPED, EX_YES, EX_NO, GOOD,
	    "SN-000042", EX_ASKED_BAD },
#undef U
#undef ID
#undef MAX
#undef DCO
#undef STATUS
#undef DATA
#undef GOOD
#undef BAD
};

static void
a_bridge_that_errs_leaves_it_unknown(void **state)
{
	(void)state;
	for (size_t k = 0; k < COUNT(bridges); k++) {
		struct drive_line l = disk;
		struct ex_source_info i;

		print_message("  %s\n", bridges[k].name);
		l.bridge_serial = "BRIDGE-7";
		l.manner[bridges[k].c] = bridges[k].manner;
		i = ask(&l, NULL);
		assert_int_equal(i.drive.hpa, bridges[k].hpa);
		assert_int_equal(i.drive.dco, bridges[k].dco);
		assert_int_equal(i.drive.smart.health, bridges[k].health);
		assert_string_equal(i.serial, bridges[k].serial);
		assert_int_equal(i.drive.asked[bridges[k].c], bridges[k].asked);
		/* Unknown and how are never at odds. */
		assert_true((i.drive.hpa == EX_UNKNOWN) ==
			    (i.learned[EX_TRAIT_HPA] == EX_LEARNED_NOT));
		assert_true((i.drive.dco == EX_UNKNOWN) ==
			    (i.learned[EX_TRAIT_DCO] == EX_LEARNED_NOT));
	}
}

/* A bridge that answers for the drive, and contradicts it. */
static void
a_bridge_that_contradicts_itself_is_not_believed(void **state)
{
	struct drive_line l = disk;
	struct ex_source_info i;

	(void)state;
	l.native = 800000; /* less than can be addressed */
	i = ask(&l, NULL);
	assert_int_equal(i.drive.hpa, EX_UNKNOWN);
	assert_int_equal(i.drive.native, 0);
	assert_int_equal(
	    i.drive.asked[EX_COMMAND_ATA_NATIVE_EXT], EX_ASKED_BAD);
	l = disk;
	l.factory = 950000; /* made smaller than it is */
	i = ask(&l, NULL);
	assert_int_equal(i.drive.hpa, EX_YES);
	assert_int_equal(i.drive.dco, EX_UNKNOWN);
	assert_int_equal(i.drive.factory, 0);
	/* It does not say which words count: nothing is concluded. */
	l = disk;
	l.no_features = 1;
	i = ask(&l, NULL);
	assert_int_equal(i.drive.hpa, EX_UNKNOWN);
	assert_int_equal(i.drive.dco, EX_UNKNOWN);
	assert_int_equal(i.drive.security, EX_SECURITY_UNKNOWN);
	assert_int_equal(i.drive.smart.health, EX_HEALTH_UNKNOWN);
	assert_string_equal(i.serial, "SN-000042");
}

static void
security_is_told(void **state)
{
	static const struct {
		unsigned word;
		enum ex_security is;
		enum ex_known frozen;
	} words[] = {
		{ 0x0000, EX_SECURITY_NOT_SUPPORTED, EX_NO },
		{ 0x0001, EX_SECURITY_OFF, EX_NO },
		{ 0x0009, EX_SECURITY_OFF, EX_YES },
		{ 0x0003, EX_SECURITY_OPEN, EX_NO },
		{ 0x0007, EX_SECURITY_LOCKED, EX_NO },
	};

	(void)state;
	for (size_t k = 0; k < COUNT(words); k++) {
		struct drive_line l = disk;
		struct ex_source_info i;

		l.security = words[k].word;
		i = ask(&l, NULL);
		assert_int_equal(i.drive.security, words[k].is);
		assert_int_equal(i.drive.frozen, words[k].frozen);
	}
}

static uint64_t
count_of(const struct ex_smart *s, const char *name)
{
	for (size_t i = 0; i < s->ncounts; i++)
		if (strcmp(s->count[i].name, name) == 0)
			return s->count[i].value;
	return UINT64_MAX;
}

/* What it was before stays; what it is afterwards is asked again. */
static void
health_is_asked_before_and_after(void **state)
{
	static struct drive d = { .sectors = 64, .sector_size = 512 };
	struct drive_line l = disk;
	struct ex_source *s = drive_open(&d);
	struct ex_smart after;

	(void)state;
	drive_attach(s, &l);
	ex_identity_learn(s);
	l.failing = 1;
	l.celsius = 44;
	l.pending = 90;
	ex_identity_health(&after, s);
	assert_int_equal(s->info.drive.smart.health, EX_HEALTH_PASSED);
	assert_int_equal(s->info.drive.smart.temperature, 31);
	assert_int_equal(count_of(&s->info.drive.smart, "pending_sectors"), 8);
	assert_int_equal(after.health, EX_HEALTH_FAILING);
	assert_int_equal(after.temperature, 44);
	assert_int_equal(count_of(&after, "pending_sectors"), 90);
	/* Gone meanwhile: nothing is known, and nothing made up. */
	l.manner[EX_COMMAND_ATA_SMART_DATA] = NO_WAY;
	l.manner[EX_COMMAND_ATA_SMART_STATUS] = NO_WAY;
	ex_identity_health(&after, s);
	assert_int_equal(after.health, EX_HEALTH_UNKNOWN);
	assert_int_equal(after.has_temperature, 0);
	assert_int_equal(after.ncounts, 0);
	ex_source_close(s);
}

static void
without_smart_nobody_asks_for_it(void **state)
{
	struct drive_line l = disk;
	struct ex_smart after;
	struct ex_source_info i;

	(void)state;
	l.no_smart = 1;
	i = ask(&l, &after);
	assert_int_equal(l.of[EX_COMMAND_ATA_SMART_DATA], 0);
	assert_int_equal(l.of[EX_COMMAND_ATA_SMART_STATUS], 0);
	assert_int_equal(i.drive.smart.health, EX_HEALTH_UNKNOWN);
	assert_int_equal(after.health, EX_HEALTH_UNKNOWN);
}

static void
nvme_says_who_it_is_and_what_no_namespace_has(void **state)
{
	struct drive_line l = disk;
	struct ex_smart after;
	struct ex_source_info i;

	(void)state;
	l.nvme = 1;
	i = ask(&l, &after);
	assert_string_equal(i.serial, "SN-000042");
	assert_string_equal(how(&i, EX_TRAIT_SERIAL), "nvme_identify");
	assert_string_equal(i.model, "SAMPLE DISK 1T");
	assert_int_equal(i.drive.sectors, 900000);
	assert_int_equal(i.drive.hpa, EX_NO);
	assert_int_equal(i.drive.dco, EX_NO);
	assert_int_equal(i.drive.nvme_total, 1000000 * 512);
	assert_int_equal(i.drive.nvme_unallocated, 100000 * 512);
	assert_int_equal(i.drive.smart.health, EX_HEALTH_PASSED);
	assert_int_equal(i.drive.smart.temperature, 31);
	assert_int_equal(count_of(&after, "power_on_hours"), 4711);
	assert_int_equal(count_of(&after, "media_errors"), 8);
	/* No ATA command goes to it. */
	assert_int_equal(l.of[EX_COMMAND_ATA_IDENTIFY], 0);
	for (int c = EX_COMMAND_NVME_CONTROLLER; c < EX_COMMANDS; c++) {
		l = disk;
		l.nvme = 1;
		l.manner[c] = BLANK;
		i = ask(&l, NULL);
		assert_int_equal(i.drive.asked[c], EX_ASKED_BAD);
		assert_int_equal(i.drive.hpa,
		    c == EX_COMMAND_NVME_CONTROLLER ? EX_UNKNOWN : EX_NO);
	}
}

/* What the kernel makes up is not asked; nor is what has no wire. */
static void
only_drives_are_asked(void **state)
{
	static const char *const made[] = { "loop", "device-mapper", "md",
		"virtio" };
	static struct drive d = { .sectors = 64, .sector_size = 512 };

	(void)state;
	for (size_t k = 0; k < COUNT(made); k++) {
		struct drive_line l = disk;
		struct ex_source *s = drive_open(&d);

		drive_attach(s, &l);
		(void)snprintf(
		    s->info.transport, EX_SOURCE_TEXT, "%s", made[k]);
		ex_identity_learn(s);
		assert_int_equal(l.sent, 0);
		ex_source_close(s);
	}
}

static const struct {
	const char *label, *read;
	enum ex_match is;
} serials[] = {
	{ "SN-1", "SN-1", EX_MATCH_SAME },
	{ "sn-1", "SN-1", EX_MATCH_SAME },
	{ " SN -1 ", "SN-1", EX_MATCH_SAME },
	{ "SN-1", "SN-2", EX_MATCH_DIFFERS },
	{ "SN-1", "SN-12", EX_MATCH_DIFFERS },
	{ "SN-12", "SN-1", EX_MATCH_DIFFERS },
	{ "SN1", "SN-1", EX_MATCH_DIFFERS },
	{ "0", "O", EX_MATCH_DIFFERS },
	{ "SN-1", "unknown", EX_MATCH_UNKNOWN },
	{ "SN-1", "", EX_MATCH_UNKNOWN },
	{ "", "SN-1", EX_MATCH_UNKNOWN },
	{ "  ", "SN-1", EX_MATCH_UNKNOWN },
	{ "unknown", "unknown", EX_MATCH_UNKNOWN },
	{ NULL, "SN-1", EX_MATCH_UNKNOWN },
};

static void
serial_numbers_are_compared(void **state)
{
	(void)state;
	for (size_t k = 0; k < COUNT(serials); k++)
		assert_int_equal(
		    ex_serial_compare(serials[k].label, serials[k].read),
		    serials[k].is);
}

static void
everything_has_a_name(void **state)
{
	(void)state;
	for (int t = 0; t < EX_TRAITS; t++)
		assert_non_null(ex_trait_name((enum ex_trait)t));
	for (int c = 0; c < EX_COMMANDS; c++) {
		assert_non_null(ex_command_name((enum ex_command)c));
		assert_non_null(ex_command_title((enum ex_command)c));
	}
	assert_string_equal(ex_learned_text(EX_LEARNED_NOT), "unknown");
	assert_string_equal(ex_learned_text(255), "unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_drive_says_what_it_hides_and_who_said_it),
		cmocka_unit_test(hidden_sectors_are_found),
		cmocka_unit_test(a_bridge_that_errs_leaves_it_unknown),
		cmocka_unit_test(
		    a_bridge_that_contradicts_itself_is_not_believed),
		cmocka_unit_test(security_is_told),
		cmocka_unit_test(health_is_asked_before_and_after),
		cmocka_unit_test(without_smart_nobody_asks_for_it),
		cmocka_unit_test(nvme_says_who_it_is_and_what_no_namespace_has),
		cmocka_unit_test(only_drives_are_asked),
		cmocka_unit_test(serial_numbers_are_compared),
		cmocka_unit_test(everything_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
