/*
 * source_identity.c -- what sysfs and udev say a device is.
 *
 * Only what somebody said is told: a bridge that does not pass a serial
 * number on leaves it "unknown".
 */
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "intake/scsi.h"
#include "intake/source_system.h"

enum {
	UDEV = 64 * 1024, /* bytes of udev's record of a device */
	PAGE = 512	  /* bytes of a vital product data page */
};

/* Printable ASCII, as the standards have it, without spaces round it. */
static void
set(char out[EX_SOURCE_TEXT], const char *text)
{
	size_t n = 0;

	text = &text[strspn(text, " \t")];
	for (; text[n] != '\0' && n < EX_SOURCE_TEXT - 1; n++)
		out[n] = text[n] < 0x20 || text[n] > 0x7e ? '?' : text[n];
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	if (n == 0)
		(void)snprintf(out, EX_SOURCE_TEXT, "unknown");
}

static int
is_unknown(const char *text)
{
	return strcmp(text, "unknown") == 0;
}

static char *
place_of(struct ex_source_info *info, enum ex_trait fact)
{
	switch ((int)fact) {
	case EX_TRAIT_BY_ID:
		return info->by_id;
	case EX_TRAIT_TRANSPORT:
		return info->transport;
	case EX_TRAIT_VENDOR:
		return info->vendor;
	case EX_TRAIT_MODEL:
		return info->model;
	case EX_TRAIT_SERIAL:
		return info->serial;
	default:
		return info->firmware;
	}
}

/* What somebody said, unless somebody else said it before. */
static void
tell(struct ex_source_info *info, enum ex_trait fact, enum ex_learned how,
    const char *text)
{
	char *out = place_of(info, fact);

	if (!is_unknown(out))
		return;
	set(out, text);
	if (!is_unknown(out))
		info->learned[fact] = (uint8_t)how;
}

/* The first of several files that is there. */
static void
set_attr(struct ex_source_info *info, enum ex_trait fact,
    const struct ex_system *system, dev_t dev, const char *const *name)
{
	char text[EX_SOURCE_TEXT];

	for (; *name != NULL; name++)
		if (ex_system_attr(text, sizeof(text), system, dev, *name) == 0)
			tell(info, fact, EX_LEARNED_SYSFS, text);
}

/* SCSI's unit serial number page, as the kernel has kept it. */
static void
set_page80(
    struct ex_source_info *info, const struct ex_system *system, dev_t dev)
{
	struct ex_buf page = EX_BUF_INIT;
	char path[EX_PATH], serial[EX_SOURCE_TEXT];
	struct ex_span span;
	int n =
	    snprintf(path, sizeof(path), "%s/dev/block/%u:%u/device/vpd_pg80",
		system->sys, major(dev), minor(dev));

	if (n > 0 && (size_t)n < sizeof(path) &&
	    ex_file_read(&page, path, PAGE, NULL) == 0) {
		span.p = page.data;
		span.n = page.len;
		if (ex_scsi_read_serial(serial, sizeof(serial), span, NULL) ==
		    0)
			tell(info, EX_TRAIT_SERIAL, EX_LEARNED_SYSFS, serial);
	}
	ex_buf_free(&page);
}

/* One line "E:NAME=value" of udev's record. */
static void
set_udev_line(struct ex_source_info *info, const char *line)
{
	static const struct {
		const char *name;
		enum ex_trait fact;
	} known[] = {
		{ "E:ID_SERIAL_SHORT=", EX_TRAIT_SERIAL },
		{ "E:ID_VENDOR=", EX_TRAIT_VENDOR },
		{ "E:ID_MODEL=", EX_TRAIT_MODEL },
		{ "E:ID_REVISION=", EX_TRAIT_FIRMWARE },
		{ "E:ID_BUS=", EX_TRAIT_TRANSPORT },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t n = strlen(known[i].name);

		if (strncmp(line, known[i].name, n) == 0)
			tell(info, known[i].fact, EX_LEARNED_UDEV, &line[n]);
	}
}

static void
set_udev(struct ex_source_info *info, const struct ex_system *system, dev_t dev)
{
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_PATH], *save = NULL, *all;
	int n = snprintf(path, sizeof(path), "%s/b%u:%u", system->udev,
	    major(dev), minor(dev));

	if (n < 0 || (size_t)n >= sizeof(path) ||
	    ex_file_read(&text, path, UDEV, NULL) == -1) {
		ex_buf_free(&text);
		return;
	}
	all = ex_buf_take_text(&text);
	for (char *line = all == NULL ? NULL : strtok_r(all, "\n", &save);
	     line != NULL; line = strtok_r(NULL, "\n", &save))
		set_udev_line(info, line);
	free(all);
}

/* By the place of the device in the tree of buses. */
static void
set_transport(
    struct ex_source_info *info, const struct ex_system *system, dev_t dev)
{
	static const struct {
		const char *part, *name;
	} bus[] = {
		{ "/usb", "usb" },
		{ "/nvme", "nvme" },
		{ "/ata", "ata" },
		{ "/mmc", "mmc" },
		{ "/virtio", "virtio" },
		{ "/block/loop", "loop" },
		{ "/block/dm-", "device-mapper" },
		{ "/block/md", "md" },
	};
	char path[EX_PATH], *real;
	int n = snprintf(path, sizeof(path), "%s/dev/block/%u:%u", system->sys,
	    major(dev), minor(dev));

	if (n < 0 || (size_t)n >= sizeof(path) ||
	    (real = realpath(path, NULL)) == NULL)
		return;
	for (size_t i = 0; i < sizeof(bus) / sizeof(bus[0]); i++)
		if (strstr(real, bus[i].part) != NULL)
			tell(info, EX_TRAIT_TRANSPORT, EX_LEARNED_SYSFS,
			    bus[i].name);
	free(real);
}

struct by_id {
	const char *dir;
	dev_t dev;
	struct ex_source_info *info;
};

/* A name that says more than a number is preferred. */
static int
try_by_id(void *arg, const char *name, struct ex_err *err)
{
	struct by_id *b = arg;
	char path[EX_PATH];
	struct stat st;

	if (ex_path_join(path, sizeof(path), b->dir, name, err) == -1)
		return -1;
	if (stat(path, &st) == 0 && S_ISBLK(st.st_mode) &&
	    st.st_rdev == b->dev &&
	    (is_unknown(b->info->by_id) ||
		strncmp(b->info->by_id, "wwn-", 4) == 0)) {
		set(b->info->by_id, name);
		b->info->learned[EX_TRAIT_BY_ID] = EX_LEARNED_UDEV;
	}
	return 0;
}

dev_t
ex_system_disk(const struct ex_system *system, dev_t dev)
{
	char text[64];
	unsigned ma, mi;

	if (ex_system_attr(text, sizeof(text), system, dev, "partition") ==
		-1 ||
	    ex_system_attr(text, sizeof(text), system, dev, "../dev") == -1 ||
	    sscanf(text, "%u:%u", &ma, &mi) != 2)
		return dev;
	return makedev(ma, mi);
}

void
ex_system_identify(
    const struct ex_system *system, dev_t dev, struct ex_source_info *info)
{
	static const char *const vendor[] = { "device/vendor", NULL };
	static const char *const model[] = { "device/model", "device/name",
		NULL };
	static const char *const serial[] = { "device/serial", "serial", NULL };
	static const char *const firmware[] = { "device/firmware_rev",
		"device/rev", "device/fwrev", NULL };
	dev_t disk = ex_system_disk(system, dev);
	struct by_id names = { system->by_id, dev, info };
	char text[16];

	info->is_partition = disk != dev;
	/* By its place first: udev calls a disk behind USB "ata" at times. */
	set_transport(info, system, disk);
	set_attr(info, EX_TRAIT_VENDOR, system, disk, vendor);
	set_attr(info, EX_TRAIT_MODEL, system, disk, model);
	set_attr(info, EX_TRAIT_SERIAL, system, disk, serial);
	set_attr(info, EX_TRAIT_FIRMWARE, system, disk, firmware);
	set_page80(info, system, disk);
	set_udev(info, system, disk);
	info->is_volume = strcmp(info->transport, "device-mapper") == 0 ||
			  strcmp(info->transport, "md") == 0;
	(void)ex_dir_each(system->by_id, try_by_id, &names, NULL);
	if (ex_system_attr(text, sizeof(text), system, disk, "removable") ==
	    0) {
		info->removable = strcmp(text, "1") == 0 ? EX_YES : EX_NO;
		info->learned[EX_TRAIT_REMOVABLE] = EX_LEARNED_SYSFS;
	}
}
