/*
 * fuzz_drive.c -- any bytes as what a drive or a bridge answers: the first
 * byte says to which question.  What is accepted can be shown and signed.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "intake/ata.h"
#include "intake/nvme.h"
#include "intake/scsi.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Printable ASCII without spaces round it. */
static void
check_text(const char *text, size_t size)
{
	size_t n = strnlen(text, size);

	if (n == size || (n > 0 && (text[0] == ' ' || text[n - 1] == ' ')))
		abort();
	for (size_t i = 0; i < n; i++)
		if (text[i] < 0x20 || text[i] > 0x7e)
			abort();
}

static void
check_smart(const struct ex_smart *s)
{
	if (s->ncounts > EX_SMART_COUNTS ||
	    (s->has_temperature &&
		(s->temperature < -40 || s->temperature > 125)))
		abort();
	for (size_t i = 0; i < s->ncounts; i++)
		if (s->count[i].value >> 53 != 0)
			abort();
}

static void
identify(struct ex_span s)
{
	struct ex_ata_identity i;

	if (ex_ata_read_identity(&i, s, NULL) == -1)
		return;
	check_text(i.model, sizeof(i.model));
	check_text(i.serial, sizeof(i.serial));
	check_text(i.firmware, sizeof(i.firmware));
	if (i.sectors >> 53 != 0 || (i.sector_size & (i.sector_size - 1)) != 0)
		abort();
	if (!i.says_features && (i.hpa || i.dco || i.smart || i.amac))
		abort();
}

static void
registers(struct ex_span s)
{
	struct ex_ata_registers r;
	uint64_t sectors;

	if (ex_ata_read_registers(&r, s, NULL) == -1)
		return;
	if (r.lba >> 48 != 0)
		abort();
	for (int wide = 0; wide < 2; wide++)
		if (ex_ata_read_native(&sectors, &r, wide, NULL) == 0 &&
		    (sectors < 2 || (wide && !r.whole)))
			abort();
	if (ex_ata_read_health(&r) != EX_HEALTH_UNKNOWN &&
	    !ex_ata_went_well(&r))
		abort();
}

static void
scsi(struct ex_span s)
{
	struct ex_scsi_inquiry q;
	char serial[24];

	if (ex_scsi_read_inquiry(&q, s, NULL) == 0) {
		check_text(q.vendor, sizeof(q.vendor));
		check_text(q.product, sizeof(q.product));
		check_text(q.revision, sizeof(q.revision));
	}
	if (ex_scsi_read_serial(serial, sizeof(serial), s, NULL) == 0)
		check_text(serial, sizeof(serial));
}

static void
nvme(struct ex_span s)
{
	struct ex_nvme_controller k;
	struct ex_nvme_namespace ns;

	if (ex_nvme_read_controller(&k, s, NULL) == 0) {
		check_text(k.model, sizeof(k.model));
		check_text(k.serial, sizeof(k.serial));
		if (k.says_capacity && k.unallocated > k.total)
			abort();
	}
	if (ex_nvme_read_namespace(&ns, s, NULL) == 0 &&
	    (ns.sector_size < 512 || ns.sectors == 0))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ex_smart smart = { .health = EX_HEALTH_UNKNOWN };
	struct ex_span s = { data, n };
	uint64_t sectors;

	if (n == 0)
		return 0;
	s.p = &data[1];
	s.n = n - 1;
	switch (data[0] % 7) {
	case 0:
		identify(s);
		break;
	case 1:
		registers(s);
		break;
	case 2:
		if (ex_ata_read_dco(&sectors, s, NULL) == 0 && sectors < 2)
			abort();
		break;
	case 3:
		if (ex_ata_read_smart(&smart, s, NULL) == 0)
			check_smart(&smart);
		break;
	case 4:
		scsi(s);
		break;
	case 5:
		nvme(s);
		break;
	default:
		if (ex_nvme_read_smart(&smart, s, NULL) == 0)
			check_smart(&smart);
	}
	return 0;
}
