/*
 * test_ata.c -- answers of ATA, word for word as the standards have
 * them, and the same harmed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "drive_line.h"
#include "intake/ata.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static struct ex_span
span(const void *p, size_t n)
{
	struct ex_span s = { p, n };

	return s;
}

/* A disk of 2,000,000 sectors that has every feature set. */
static void
make_identity(uint8_t *b)
{
	static const struct drive_line disk = { .model = "SAMPLE DISK 1T",
		.serial = "SN-000042",
		.firmware = "A1B2C3",
		.sectors = 2000000 };

	drive_identity(&disk, b);
}

static void
identify_is_read_word_by_word(void **state)
{
	struct ex_ata_identity i;
	uint8_t b[512];

	(void)state;
	make_identity(b);
	/* The bytes of a pair are the other way round: "SN" is 'N', 'S'. */
	assert_memory_equal(&b[20], "NS0-0", 5);
	assert_int_equal(ex_ata_read_identity(&i, span(b, 512), NULL), 0);
	assert_string_equal(i.serial, "SN-000042");
	assert_string_equal(i.model, "SAMPLE DISK 1T");
	assert_string_equal(i.firmware, "A1B2C3");
	assert_int_equal(i.sectors, 2000000);
	assert_int_equal(i.sector_size, 512);
	assert_int_equal(i.physical_sector_size, 4096);
	assert_int_equal(i.rotation, 7200);
	assert_true(i.says_features && i.has_48bit && i.hpa && i.dco);
	assert_true(i.smart && i.smart_on && i.checked && !i.amac);
	assert_false(i.security || i.security_on || i.locked || i.frozen);
}

/* One word changed; the integrity word is made right again. */
static const struct {
	const char *name;
	size_t word;
	unsigned value;
	size_t at; /* of the member in struct ex_ata_identity */
	int is;
} words[] = {
#define AT(member) offsetof(struct ex_ata_identity, member)
	{ "no SMART", 82, 0x0400, AT(smart), 0 },
	{ "SMART, switched off", 85, 0x0000, AT(smart_on), 0 },
	{ "word 87 says nothing: is it on?", 87, 0x0000, AT(smart_on), 0 },
	{ "no protected area", 82, 0x0001, AT(hpa), 0 },
	{ "no overlay", 83, 0x4400, AT(dco), 0 },
	{ "28 bits", 83, 0x4800, AT(has_48bit), 0 },
	{ "word 84 says nothing", 84, 0x0000, AT(says_features), 0 },
	{ "word 87 says nothing", 87, 0xc000, AT(says_features), 0 },
	{ "word 83 says nothing: overlay", 83, 0x0c00, AT(dco), 0 },
	{ "word 83 says nothing", 83, 0xcc00, AT(says_features), 0 },
	{ "accessible max address", 119, 0x4100, AT(amac), 1 },
	{ "word 119 says nothing", 119, 0x0100, AT(amac), 0 },
	{ "security, off", 128, 0x0001, AT(security), 1 },
	{ "security, on", 128, 0x0003, AT(security_on), 1 },
	{ "locked", 128, 0x0007, AT(locked), 1 },
	{ "locked, but there is no security", 128, 0x0006, AT(locked), 0 },
	{ "frozen", 128, 0x0009, AT(frozen), 1 },
	{ "count expired", 128, 0x0017, AT(count_expired), 1 },
	{ "nothing turns", 217, 1, AT(rotation), 1 },
#undef AT
};

static void
each_word_says_what_the_standard_says(void **state)
{
	(void)state;
	for (size_t k = 0; k < COUNT(words); k++) {
		struct ex_ata_identity i;
		uint8_t b[512];
		int is;

		print_message("  %s\n", words[k].name);
		make_identity(b);
		put_word(b, words[k].word, words[k].value);
		put_integrity(b);
		assert_int_equal(
		    ex_ata_read_identity(&i, span(b, 512), NULL), 0);
		memcpy(&is, (const uint8_t *)&i + words[k].at, sizeof(is));
		assert_int_equal(is, words[k].is);
	}
}

static void
sizes_that_no_disk_has_are_not_believed(void **state)
{
	struct ex_ata_identity i;
	uint8_t b[512];

	(void)state;
	/* Words 117-118: 2048 words of two bytes; word 106 says to look. */
	make_identity(b);
	put_word(b, 106, 0x5000);
	put_le(&b[234], 4, 2048);
	put_integrity(b);
	assert_int_equal(ex_ata_read_identity(&i, span(b, 512), NULL), 0);
	assert_int_equal(i.sector_size, 4096);
	assert_int_equal(i.physical_sector_size, 4096);
	put_le(&b[234], 4, 2047);
	put_integrity(b);
	assert_int_equal(ex_ata_read_identity(&i, span(b, 512), NULL), 0);
	assert_int_equal(i.sector_size, 0);
	/* 28 bits at most, and those of 48 before them. */
	make_identity(b);
	put_le(&b[200], 8, 0);
	put_le(&b[120], 4, 0xffffffff);
	put_integrity(b);
	assert_int_equal(ex_ata_read_identity(&i, span(b, 512), NULL), 0);
	assert_int_equal(i.sectors, 0x0fffffff);
	put_le(&b[200], 8, UINT64_MAX);
	put_integrity(b);
	assert_int_equal(ex_ata_read_identity(&i, span(b, 512), NULL), 0);
	assert_int_equal(i.sectors, 0);
	/* A size that cannot be shifted so far stays what it is. */
	put_word(b, 106, 0x600f);
	put_integrity(b);
	assert_int_equal(ex_ata_read_identity(&i, span(b, 512), NULL), 0);
	assert_int_equal(i.physical_sector_size, 512);
}

static void
an_old_disk_has_no_integrity_word(void **state)
{
	struct ex_ata_identity i;
	uint8_t b[512];

	(void)state;
	make_identity(b);
	put_word(b, 255, 0);
	assert_int_equal(ex_ata_read_identity(&i, span(b, 512), NULL), 0);
	assert_int_equal(i.checked, 0);
	assert_int_equal(i.sectors, 2000000);
	/* But then it has a name, and not the noise of a bridge. */
	b[60] = 0x9b;
	assert_int_equal(ex_ata_read_identity(&i, span(b, 512), NULL), -1);
	memset(&b[54], ' ', 40);
	assert_int_equal(ex_ata_read_identity(&i, span(b, 512), NULL), -1);
	/* Two hundred patterns with the marks of every valid word in them. */
	for (unsigned n = 1; n < 200; n++) {
		uint32_t x = n;

		for (size_t k = 0; k < 510; k++) {
			x = x * 1664525u + 1013904223u;
			b[k] = (uint8_t)(x >> 24);
		}
		put_word(b, 0, 0x0040);
		put_word(b, 83, 0x4c00);
		put_word(b, 84, 0x4000);
		put_word(b, 87, 0x4000);
		put_word(b, 255, 0);
		assert_int_equal(
		    ex_ata_read_identity(&i, span(b, 512), NULL), -1);
	}
}

static void
hostile_words_are_shown_harmless(void **state)
{
	struct ex_ata_identity i;
	uint8_t b[512];

	(void)state;
	make_identity(b);
	memset(&b[54], 0x1b, 40);
	memset(&b[20], 0, 20);
	put_integrity(b);
	assert_int_equal(ex_ata_read_identity(&i, span(b, 512), NULL), 0);
	assert_string_equal(
	    i.model, "????????????????????????????????????????");
	assert_string_equal(i.serial, "");
}

/* Every bit of an answer with a checksum; every length but the right one. */
static void
a_harmed_answer_is_no_answer(void **state)
{
	struct ex_ata_identity i;
	uint8_t b[513];
	uint64_t n;

	(void)state;
	make_identity(b);
	for (size_t bit = 0; bit < 8 * 512; bit++) {
		/* Without its mark the word is not there at all. */
		if (bit / 8 == 510)
			continue;
		b[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(
		    ex_ata_read_identity(&i, span(b, 512), NULL), -1);
		assert_int_equal(ex_ata_read_dco(&n, span(b, 512), NULL), -1);
		b[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	b[512] = 0;
	for (size_t len = 0; len <= 513; len++)
		assert_int_equal(ex_ata_read_identity(&i, span(b, len), NULL),
		    len == 512 ? 0 : -1);
	memset(b, 0, 512);
	assert_int_equal(ex_ata_read_identity(&i, span(b, 512), NULL), -1);
	memset(b, 0xff, 512);
	assert_int_equal(ex_ata_read_identity(&i, span(b, 512), NULL), -1);
	/* An ATAPI device is not asked further. */
	make_identity(b);
	put_word(b, 0, 0x8580);
	put_integrity(b);
	assert_int_equal(ex_ata_read_identity(&i, span(b, 512), NULL), -1);
}

/* SAT-4 table 178: 48 bits in six bytes, none of them in a row. */
static const uint8_t descriptor[] = { 0x72, 0x01, 0x00, 0x1d, 0, 0, 0, 14, 0x09,
	0x0c, 0x01, 0x00, 0x11, 0x22, 0x33, 0xaf, 0x44, 0x6d, 0x55, 0x70, 0x40,
	0x50 };

static void
registers_come_out_of_sense_data(void **state)
{
	struct ex_ata_registers r;
	uint8_t s[64];
	uint64_t n;

	(void)state;
	assert_int_equal(
	    ex_ata_read_registers(&r, span(descriptor, 22), NULL), 0);
	assert_int_equal(r.lba, UINT64_C(0x554433706daf));
	assert_int_equal(r.count, 0x1122);
	assert_int_equal(r.status, 0x50);
	assert_int_equal(r.device, 0x40);
	assert_int_equal(r.whole, 1);
	/* Not EXTEND: the high bytes mean nothing. */
	memcpy(s, descriptor, 22);
	s[10] = 0;
	assert_int_equal(ex_ata_read_registers(&r, span(s, 22), NULL), 0);
	assert_int_equal(r.lba, 0x706daf);
	assert_int_equal(r.count, 0x22);
	assert_int_equal(ex_ata_read_native(&n, &r, 0, NULL), 0);
	assert_int_equal(n, 0x706db0);
	/* Behind another descriptor. */
	memcpy(s, descriptor, 8);
	s[7] = 14 + 12;
	memset(&s[8], 0, 12);
	s[9] = 10;
	memcpy(&s[20], &descriptor[8], 14);
	assert_int_equal(ex_ata_read_registers(&r, span(s, 34), NULL), 0);
	assert_int_equal(r.lba, UINT64_C(0x554433706daf));
}

static void
sense_that_is_cut_or_another_is_none(void **state)
{
	struct ex_ata_registers r;
	uint8_t s[64];

	(void)state;
	for (size_t n = 0; n < 22; n++)
		assert_int_equal(
		    ex_ata_read_registers(&r, span(descriptor, n), NULL), -1);
	for (unsigned code = 0; code < 256; code++) {
		memcpy(s, descriptor, 22);
		s[0] = (uint8_t)code;
		assert_int_equal(ex_ata_read_registers(&r, span(s, 22), NULL),
		    (code & 0x7f) == 0x72 ? 0 : -1);
	}
	/* The list ends before the descriptor does. */
	memcpy(s, descriptor, 22);
	s[7] = 13;
	assert_int_equal(ex_ata_read_registers(&r, span(s, 22), NULL), -1);
	/* Descriptors of no length go on for ever nowhere. */
	memset(s, 0, sizeof(s));
	s[0] = 0x72;
	s[7] = 56;
	assert_int_equal(ex_ata_read_registers(&r, span(s, 64), NULL), -1);
}

static void
the_old_format_has_part_of_an_address(void **state)
{
	static const uint8_t fixed[18] = { 0x70, 0, 1, 0, 0x50, 0x40, 0, 10,
		0xa0, 0xaf, 0x6d, 0x70, 0, 0x1d, 0, 0, 0, 0 };
	struct ex_ata_registers r;
	uint8_t s[18];
	uint64_t n;

	(void)state;
	assert_int_equal(ex_ata_read_registers(&r, span(fixed, 18), NULL), 0);
	assert_int_equal(r.lba, 0x706daf);
	assert_int_equal(r.whole, 0);
	assert_int_equal(r.more_lba, 1);
	/* Three bytes of six are no native size. */
	assert_int_equal(ex_ata_read_native(&n, &r, 1, NULL), -1);
	assert_int_equal(n, 0);
	/* Sense data of something else than a passed-through command. */
	memcpy(s, fixed, 18);
	s[13] = 0;
	assert_int_equal(ex_ata_read_registers(&r, span(s, 18), NULL), -1);
}

static void
an_address_without_a_good_end_is_none(void **state)
{
	struct ex_ata_registers r;
	uint64_t n;

	(void)state;
	memset(&r, 0, sizeof(r));
	r.lba = 999;
	r.whole = 1;
	r.status = 0x50;
	assert_int_equal(ex_ata_read_native(&n, &r, 1, NULL), 0);
	assert_int_equal(n, 1000);
	r.status = 0x51;
	assert_int_equal(ex_ata_read_native(&n, &r, 1, NULL), -1);
	r.status = 0x70; /* device fault */
	assert_int_equal(ex_ata_read_native(&n, &r, 1, NULL), -1);
	r.status = 0;
	assert_int_equal(ex_ata_read_native(&n, &r, 1, NULL), -1);
	r.status = 0x50;
	r.lba = 0;
	assert_int_equal(ex_ata_read_native(&n, &r, 1, NULL), -1);
	/* Of 28 bits, four are the device's. */
	r.lba = 0xffffff;
	r.device = 0x4f;
	assert_int_equal(ex_ata_read_native(&n, &r, 0, NULL), 0);
	assert_int_equal(n, 0x10000000);
}

static void
an_overlay_tells_the_size_it_was_made_with(void **state)
{
	uint8_t b[512] = { 0 };
	uint64_t n;

	(void)state;
	put_word(b, 0, 1);
	put_le(&b[6], 8, 3000000 - 1);
	put_integrity(b);
	assert_int_equal(ex_ata_read_dco(&n, span(b, 512), NULL), 0);
	assert_int_equal(n, 3000000);
	put_word(b, 0, 3);
	put_integrity(b);
	assert_int_equal(ex_ata_read_dco(&n, span(b, 512), NULL), -1);
	put_word(b, 0, 2);
	put_le(&b[6], 8, 0);
	put_integrity(b);
	assert_int_equal(ex_ata_read_dco(&n, span(b, 512), NULL), -1);
	put_le(&b[6], 8, UINT64_MAX);
	put_integrity(b);
	assert_int_equal(ex_ata_read_dco(&n, span(b, 512), NULL), -1);
	/* Its checksum is not optional. */
	put_le(&b[6], 8, 2999999);
	put_word(b, 255, 0);
	assert_int_equal(ex_ata_read_dco(&n, span(b, 512), NULL), -1);
	assert_int_equal(n, 0);
}

static void
put_attribute(uint8_t *b, size_t n, uint8_t id, uint64_t raw)
{
	b[2 + 12 * n] = id;
	put_le(&b[2 + 12 * n + 5], 6, raw);
	put_sum(b);
}

static uint64_t
count_of(const struct ex_smart *s, const char *name)
{
	for (size_t i = 0; i < s->ncounts; i++)
		if (strcmp(s->count[i].name, name) == 0)
			return s->count[i].value;
	return UINT64_MAX;
}

static void
smart_counts_what_makers_count(void **state)
{
	struct ex_smart s = { .health = EX_HEALTH_UNKNOWN };
	uint8_t b[512] = { 0 };

	(void)state;
	put_word(b, 0, 16);
	put_attribute(b, 0, 5, 7);
	put_attribute(b, 1, 197, 0x123400000008); /* the rest is the maker's */
	put_attribute(b, 2, 190, 99);
	put_attribute(b, 3, 194, 0x0030001100000021);
	put_attribute(b, 29, 199, 4);
	assert_int_equal(ex_ata_read_smart(&s, span(b, 512), NULL), 0);
	assert_int_equal(count_of(&s, "reallocated_sectors"), 7);
	assert_int_equal(count_of(&s, "pending_sectors"), 8);
	assert_int_equal(count_of(&s, "interface_crc_errors"), 4);
	assert_int_equal(count_of(&s, "power_on_hours"), UINT64_MAX);
	assert_true(s.has_temperature);
	assert_int_equal(s.temperature, 0x21);
	assert_int_equal(s.health, EX_HEALTH_UNKNOWN);
	b[7] ^= 1;
	assert_int_equal(ex_ata_read_smart(&s, span(b, 512), NULL), -1);
}

static void
a_temperature_is_one(void **state)
{
	static const struct {
		uint8_t raw;
		int has, is;
	} raw[] = { { 0xec, 1, -20 }, { 0x00, 1, 0 }, { 0x7d, 1, 125 },
		{ 0x7e, 0, 0 }, { 0x80, 0, 0 } };

	(void)state;
	for (size_t i = 0; i < COUNT(raw); i++) {
		struct ex_smart s = { .health = EX_HEALTH_UNKNOWN };
		uint8_t b[512] = { 0 };

		put_attribute(b, 0, 194, raw[i].raw);
		put_attribute(b, 1, 5, 1);
		assert_int_equal(ex_ata_read_smart(&s, span(b, 512), NULL), 0);
		assert_int_equal(s.has_temperature, raw[i].has);
		if (raw[i].has)
			assert_int_equal(s.temperature, raw[i].is);
	}
}

static void
health_is_one_of_two_patterns(void **state)
{
	struct ex_ata_registers r = { .status = 0x50, .lba = 0xc24f01 };

	(void)state;
	assert_int_equal(ex_ata_read_health(&r), EX_HEALTH_PASSED);
	r.lba = 0x2cf4ff;
	assert_int_equal(ex_ata_read_health(&r), EX_HEALTH_FAILING);
	r.lba = 0xc2f400;
	assert_int_equal(ex_ata_read_health(&r), EX_HEALTH_UNKNOWN);
	r.lba = 0;
	assert_int_equal(ex_ata_read_health(&r), EX_HEALTH_UNKNOWN);
	r.lba = 0xc24f00;
	r.status = 0x51;
	assert_int_equal(ex_ata_read_health(&r), EX_HEALTH_UNKNOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identify_is_read_word_by_word),
		cmocka_unit_test(each_word_says_what_the_standard_says),
		cmocka_unit_test(sizes_that_no_disk_has_are_not_believed),
		cmocka_unit_test(an_old_disk_has_no_integrity_word),
		cmocka_unit_test(hostile_words_are_shown_harmless),
		cmocka_unit_test(a_harmed_answer_is_no_answer),
		cmocka_unit_test(registers_come_out_of_sense_data),
		cmocka_unit_test(sense_that_is_cut_or_another_is_none),
		cmocka_unit_test(the_old_format_has_part_of_an_address),
		cmocka_unit_test(an_address_without_a_good_end_is_none),
		cmocka_unit_test(an_overlay_tells_the_size_it_was_made_with),
		cmocka_unit_test(smart_counts_what_makers_count),
		cmocka_unit_test(a_temperature_is_one),
		cmocka_unit_test(health_is_one_of_two_patterns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
