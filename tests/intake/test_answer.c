/*
 * test_answer.c -- answers of SCSI and NVMe, as the standards have them, and
 * such as no device sends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "drive_line.h"
#include "intake/nvme.h"
#include "intake/scsi.h"

static struct ex_span
span(const void *p, size_t n)
{
	struct ex_span s = { p, n };

	return s;
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
scsi_says_who_it_is(void **state)
{
	static const uint8_t inquiry[36] = "\x00\x80\x06\x02\x1f\0\0\0"
					   "MAKER   A STICK         1.00";
	struct ex_scsi_inquiry q;
	uint8_t b[36];
	char serial[16];

	(void)state;
	assert_int_equal(ex_scsi_read_inquiry(&q, span(inquiry, 36), NULL), 0);
	assert_string_equal(q.vendor, "MAKER");
	assert_string_equal(q.product, "A STICK");
	assert_string_equal(q.revision, "1.00");
	assert_int_equal(q.removable, 1);
	assert_int_equal(ex_scsi_read_inquiry(&q, span(inquiry, 35), NULL), -1);
	memcpy(b, inquiry, 36);
	b[0] = 0x7f;
	assert_int_equal(ex_scsi_read_inquiry(&q, span(b, 36), NULL), -1);
	b[0] = 0;
	b[4] = 0x1e;
	assert_int_equal(ex_scsi_read_inquiry(&q, span(b, 36), NULL), -1);
#define SERIAL(bytes)        \
	ex_scsi_read_serial( \
	    serial, sizeof(serial), span(bytes, sizeof(bytes) - 1), NULL)
	assert_int_equal(SERIAL("\0\x80\0\x06 AB-1 rest"), 0);
	assert_string_equal(serial, "AB-1");
	assert_int_equal(SERIAL("\0\x80\0\x06"), -1);
	assert_int_equal(SERIAL("\0\x80\x01\x06 AB-1 "), -1);
	assert_int_equal(SERIAL("\0\x83\0\x06 AB-1 "), -1);
	assert_int_equal(SERIAL("\0\x80\0\x04    "), -1);
	assert_int_equal(SERIAL("\0\x80\0"), -1);
	assert_int_equal(SERIAL("\0\x80\0\x14"
				"ABCDEFGHIJKLMNOPQRST"),
	    0);
	assert_string_equal(serial, "ABCDEFGHIJKLMNO");
#undef SERIAL
}

/* Figures 245, 247 and 194: bytes that no controller sends. */
static void
hostile_nvme_is_not_believed(void **state)
{
	static uint8_t b[4096];
	struct ex_span s = { b, 4096 }, log = { b, 512 };
	struct ex_nvme_namespace n;
	struct ex_nvme_controller k;
	struct ex_smart smart = { .health = EX_HEALTH_UNKNOWN };

	(void)state;
	put_le(b, 8, 1000);
	b[26] = 1; /* the second format of one */
	b[134] = 9;
	assert_int_equal(ex_nvme_read_namespace(&n, s, NULL), -1);
	b[25] = 1;
	assert_int_equal(ex_nvme_read_namespace(&n, s, NULL), 0);
	assert_int_equal(n.sector_size, 512);
	b[134] = 8;
	assert_int_equal(ex_nvme_read_namespace(&n, s, NULL), -1);
	b[134] = 200;
	assert_int_equal(ex_nvme_read_namespace(&n, s, NULL), -1);
	b[134] = 12;
	put_le(b, 8, UINT64_MAX);
	assert_int_equal(ex_nvme_read_namespace(&n, s, NULL), -1);
	s.n = 4095;
	assert_int_equal(ex_nvme_read_controller(&k, s, NULL), -1);
	s.n = 4096;
	/* More than all of it is unallocated. */
	put_le(&b[280], 8, 1000);
	put_le(&b[296], 8, 1001);
	assert_int_equal(ex_nvme_read_controller(&k, s, NULL), 0);
	assert_int_equal(k.says_capacity, 0);
	memset(b, 0, 512);
	b[0] = 2; /* it is hot: that is no failing medium */
	put_le(&b[1], 2, 65535);
	put_le(&b[136], 8, 1); /* hours beyond any number */
	assert_int_equal(ex_nvme_read_smart(&smart, log, NULL), 0);
	assert_int_equal(smart.health, EX_HEALTH_PASSED);
	assert_int_equal(smart.has_temperature, 0);
	assert_int_equal(count_of(&smart, "critical_warning"), 2);
	assert_int_equal(count_of(&smart, "power_on_hours"), UINT64_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scsi_says_who_it_is),
		cmocka_unit_test(hostile_nvme_is_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
