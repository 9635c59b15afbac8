/*
 * test_source_system.c -- devices in use, over a system made of files, and
 * over this one's loop devices where it has any.
 *
 * The system of files: sda with two partitions, sdb with one, a RAID md0 over
 * sda2 and sdb1, a volume dm-0 on md0, sdc untouched, and loop devices over a
 * file and over devices.  Devices that a path must lead to are made with
 * mknod, which only root may: those cases are left out elsewhere, and said.
 */
#define _GNU_SOURCE /* mknod() */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "folder.h"
#include "intake/source_system.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static char mounts[EX_PATH], swaps[EX_PATH], sys[EX_PATH], by_id[EX_PATH],
    udev[EX_PATH];
static const struct ex_system fake = { mounts, swaps, sys, by_id, udev };

static void
put_text(const char *name, const char *text)
{
	const char *path = in_folder(name);
	char dir[EX_PATH];

	(void)snprintf(dir, sizeof(dir), "%s", path);
	*strrchr(dir, '/') = '\0';
	assert_int_equal(ex_dir_make(dir, 0755, NULL), 0);
	assert_int_equal(
	    ex_file_write(path, text, strlen(text), 0644, NULL), 0);
}

/* A device of the system: where it lies below devices/, and its number. */
static void
put_device(const char *place, const char *number, const char *partition)
{
	char name[256], to[256];

	(void)snprintf(name, sizeof(name), "sys/devices/%s/dev", place);
	put_text(name, number);
	if (partition != NULL) {
		(void)snprintf(
		    name, sizeof(name), "sys/devices/%s/partition", place);
		put_text(name, partition);
	}
	(void)snprintf(name, sizeof(name), "sys/dev/block/%s", number);
	(void)snprintf(to, sizeof(to), "../../devices/%s", place);
	assert_int_equal(symlink(to, in_folder(name)), 0);
}

static void
put_slave(const char *of, const char *name, const char *number)
{
	char path[256];

	(void)snprintf(
	    path, sizeof(path), "sys/devices/%s/slaves/%s/dev", of, name);
	put_text(path, number);
}

static int
make_system(void **state)
{
	(void)state;
	(void)snprintf(sys, sizeof(sys), "%s", fresh("sys"));
	(void)fresh("sys/dev/block");
	(void)snprintf(by_id, sizeof(by_id), "%s", fresh("by-id"));
	(void)snprintf(udev, sizeof(udev), "%s", fresh("udev"));
	(void)snprintf(mounts, sizeof(mounts), "%s", in_folder("mounts"));
	(void)snprintf(swaps, sizeof(swaps), "%s", in_folder("swaps"));
	put_device("ata1/sda", "8:0", NULL);
	put_device("ata1/sda/sda1", "8:1", "1\n");
	put_device("ata1/sda/sda2", "8:2", "2\n");
	put_device("usb2/sdb", "8:16", NULL);
	put_device("usb2/sdb/sdb1", "8:17", "1\n");
	put_device("usb2/sdc", "8:32", NULL);
	put_device("usb2/sdc/sdc1", "8:33", "1\n");
	put_device("virtual/block/md0", "9:0", NULL);
	put_slave("virtual/block/md0", "sda2", "8:2");
	put_slave("virtual/block/md0", "sdb1", "8:17");
	put_device("virtual/block/dm-0", "253:0", NULL);
	put_slave("virtual/block/dm-0", "md0", "9:0");
	put_device("virtual/block/loop0", "7:0", NULL);
	put_text("sys/devices/virtual/block/loop0/loop/backing_file",
	    "/some/file.img\n");
	put_text("swaps", "Filename\tType\tSize\tUsed\tPriority\n");
	return 0;
}

#define ROOT_ON(number) \
	"21 1 " number " / / rw,relatime - ext4 /dev/nothing rw\n"
#define MOUNT(number, point) \
	"30 21 " number " / " point " rw shared:1 - ext4 /dev/nothing rw\n"

static const struct {
	const char *name;
	const char *mounts;
	unsigned major, minor; /* of the source */
	const char *text;      /* NULL: it may be imaged */
} cases[] = {
	{ "nothing is mounted", "", 8, 0, NULL },
	{ "itself", MOUNT("8:32", "/mnt"), 8, 32, "mounted" },
	{ "a partition of it", MOUNT("8:1", "/mnt"), 8, 0, "at /mnt" },
	{ "another partition of its disk", MOUNT("8:1", "/mnt"), 8, 2, NULL },
	{ "the disk it is a part of", MOUNT("8:32", "/mnt"), 8, 33, "mounted" },
	{ "another disk", MOUNT("8:1", "/mnt"), 8, 32, NULL },
	{ "a disk of a mounted RAID", MOUNT("9:0", "/mnt"), 8, 16, "mounted" },
	{ "a member of a mounted RAID", MOUNT("9:0", "/mnt"), 8, 2, "mounted" },
	{ "beside a member of one", MOUNT("9:0", "/mnt"), 8, 1, NULL },
	{ "a disk below a mounted volume", MOUNT("253:0", "/mnt"), 8, 16,
	    "mounted" },
	{ "a RAID below a mounted volume", MOUNT("253:0", "/mnt"), 9, 0,
	    "mounted" },
	{ "a volume over a mounted partition", MOUNT("8:2", "/mnt"), 253, 0,
	    "mounted" },
	{ "the system's disk", ROOT_ON("8:1"), 8, 0,
	    "holds the running system" },
	{ "a disk of the system's volume", ROOT_ON("253:0"), 8, 0,
	    "holds the running system" },
	{ "a loop device over a file", MOUNT("8:1", "/mnt"), 7, 0, NULL },
	{ "a mounted loop device", MOUNT("7:0", "/mnt"), 7, 0, "mounted" },
	{ "a point with a space", MOUNT("8:32", "/mnt/my\\040disk"), 8, 32,
	    "at /mnt/my disk" },
	{ "a line that is none", "what is this\n\n1 2\n" MOUNT("8:32", "/m"), 8,
	    32, "at /m" },
	{ "a file system without a device",
	    "30 21 0:40 / /tmp rw - tmpfs tmpfs rw\n", 8, 0, NULL },
};

static void
a_device_in_use_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ex_err err = EX_ERR_INIT;
		int rc;

		print_message("  %s\n", cases[i].name);
		put_text("mounts", cases[i].mounts);
		rc = ex_system_check(&fake,
		    makedev(cases[i].major, cases[i].minor), "/dev/it", NULL, 0,
		    &err);
		assert_int_equal(rc, cases[i].text == NULL ? 0 : -1);
		if (cases[i].text == NULL)
			continue;
		assert_int_equal(err.code, EX_STATE);
		if (strstr(err.text, cases[i].text) == NULL)
			fail_msg("%s", err.text);
	}
}

static void
a_device_that_carries_a_destination_is_refused(void **state)
{
	static const struct {
		unsigned dest_major, dest_minor, major, minor;
		int refused;
	} dests[] = {
		{ 8, 1, 8, 0, 1 },    /* a partition of it */
		{ 8, 1, 8, 1, 1 },    /* itself */
		{ 8, 1, 8, 2, 0 },    /* its neighbour */
		{ 8, 32, 8, 33, 1 },  /* the disk, and it is a part of that */
		{ 253, 0, 8, 16, 1 }, /* a volume on a RAID on it */
		{ 253, 0, 8, 32, 0 }, { 0, 40, 8, 0, 0 }, /* no device at all */
	};

	(void)state;
	put_text("mounts", "");
	for (size_t i = 0; i < COUNT(dests); i++) {
		struct ex_system_dir dir = { "/evidence",
			makedev(dests[i].dest_major, dests[i].dest_minor) };
		struct ex_err err = EX_ERR_INIT;
		int rc = ex_system_check(&fake,
		    makedev(dests[i].major, dests[i].minor), "/dev/it", &dir, 1,
		    &err);

		assert_int_equal(rc, dests[i].refused ? -1 : 0);
		if (dests[i].refused)
			assert_non_null(strstr(
			    err.text, "carries the file system of /evidence"));
	}
}

/* Paths that lead to devices: swap, loop over a device, mounted by path. */
static void
paths_are_followed_to_their_devices(void **state)
{
	char text[EX_PATH + 128];
	struct ex_err err = EX_ERR_INIT;
	const char *node = in_folder("node");

	(void)state;
	(void)unlink(node);
	if (mknod(node, S_IFBLK | 0600, makedev(8, 33)) == -1) {
		print_message("LEFT OUT: only root can make device nodes\n");
		skip();
	}
	put_text("mounts", "");
	(void)snprintf(text, sizeof(text),
	    "Filename\tType\n%s\tpartition\t1\t0\t-2\n", node);
	put_text("swaps", text);
	assert_int_equal(
	    ex_system_check(&fake, makedev(8, 32), "/dev/it", NULL, 0, &err),
	    -1);
	assert_non_null(strstr(err.text, "swap"));
	put_text("swaps", "Filename\n");
	/* A file system whose own number is no device's, as btrfs has it. */
	(void)snprintf(
	    text, sizeof(text), "30 21 0:99 / /mnt rw - btrfs %s rw\n", node);
	put_text("mounts", text);
	ex_err_clear(&err);
	assert_int_equal(
	    ex_system_check(&fake, makedev(8, 32), "/dev/it", NULL, 0, &err),
	    -1);
	/* A loop device over a partition, mounted. */
	(void)snprintf(text, sizeof(text), "%s\n", node);
	put_text("sys/devices/virtual/block/loop0/loop/backing_file", text);
	put_text("mounts", MOUNT("7:0", "/mnt"));
	ex_err_clear(&err);
	assert_int_equal(
	    ex_system_check(&fake, makedev(8, 32), "/dev/it", NULL, 0, &err),
	    -1);
	/* And read through, while what is below is mounted. */
	put_text("mounts", MOUNT("8:33", "/mnt"));
	ex_err_clear(&err);
	assert_int_equal(
	    ex_system_check(&fake, makedev(7, 0), "/dev/it", NULL, 0, &err),
	    -1);
	put_text("sys/devices/virtual/block/loop0/loop/backing_file",
	    "/some/file.img\n");
}

/* A part of a RAID or a volume is not still, mounted or not. */
static void
what_holds_a_device_is_named(void **state)
{
	static const struct {
		unsigned major, minor;
		const char *by;
	} held[] = {
		{ 8, 2, "md0" },  /* itself */
		{ 8, 0, "md0" },  /* the disk, of which a part is held */
		{ 8, 16, "md0" }, /* the same, another disk */
		{ 9, 0, "dm-0" }, /* a RAID below a volume */
		{ 8, 1, NULL },	  /* the part beside it */
		{ 8, 32, NULL },  /* untouched */
		{ 253, 0, NULL }, /* what is on top is held by nobody */
	};

	(void)state;
	put_text("mounts", "");
	put_text("sys/devices/ata1/sda/sda2/holders/md0", "");
	put_text("sys/devices/usb2/sdb/sdb1/holders/md0", "");
	put_text("sys/devices/virtual/block/md0/holders/dm-0", "");
	for (size_t i = 0; i < COUNT(held); i++) {
		struct ex_err err = EX_ERR_INIT;
		int rc = ex_system_check_use(&fake,
		    makedev(held[i].major, held[i].minor), "/dev/it", &err);

		assert_int_equal(rc, held[i].by == NULL ? 0 : -1);
		if (held[i].by == NULL)
			continue;
		assert_int_equal(err.code, EX_STATE);
		if (strstr(err.text, held[i].by) == NULL)
			fail_msg("%s", err.text);
	}
	assert_int_equal(
	    ex_remove_tree(
		in_folder("sys/devices/ata1/sda/sda2/holders"), NULL),
	    0);
	assert_int_equal(
	    ex_remove_tree(
		in_folder("sys/devices/usb2/sdb/sdb1/holders"), NULL),
	    0);
	assert_int_equal(
	    ex_remove_tree(
		in_folder("sys/devices/virtual/block/md0/holders"), NULL),
	    0);
}

/* Written through a loop device, the file behind it is a destination. */
static void
a_file_that_carries_a_destination_is_refused(void **state)
{
	struct ex_system_dir dir = { "/evidence", makedev(7, 0) };
	struct ex_err err = EX_ERR_INIT;
	char text[EX_PATH + 2];
	struct stat file, other;

	(void)state;
	put_text("behind.img", "x");
	put_text("other.img", "x");
	assert_int_equal(stat(in_folder("behind.img"), &file), 0);
	assert_int_equal(stat(in_folder("other.img"), &other), 0);
	(void)snprintf(text, sizeof(text), "%s\n", in_folder("behind.img"));
	put_text("sys/devices/virtual/block/loop0/loop/backing_file", text);
	assert_int_equal(
	    ex_system_check_file(&fake, &file, "behind.img", &dir, 1, &err),
	    -1);
	assert_int_equal(err.code, EX_STATE);
	assert_non_null(
	    strstr(err.text, "carries the file system of /evidence"));
	assert_int_equal(
	    ex_system_check_file(&fake, &other, "other.img", &dir, 1, NULL), 0);
	dir.dev = makedev(8, 1);
	assert_int_equal(
	    ex_system_check_file(&fake, &file, "behind.img", &dir, 1, NULL), 0);
	put_text("sys/devices/virtual/block/loop0/loop/backing_file",
	    "/some/file.img\n");
}

/* A name in /sys leads to /dev and nowhere else. */
static void
a_devices_node_is_below_dev(void **state)
{
	char path[EX_PATH];

	(void)state;
	put_text("sys/devices/ata1/sda/uevent", "MAJOR=8\nDEVNAME=sda\n");
	assert_int_equal(ex_system_node(path, &fake, makedev(8, 0)), 0);
	assert_string_equal(path, "/dev/sda");
	put_text("sys/devices/ata1/sda/uevent", "DEVNAME=../etc/passwd\n");
	assert_int_equal(ex_system_node(path, &fake, makedev(8, 0)), -1);
	put_text("sys/devices/ata1/sda/uevent", "MAJOR=8\n");
	assert_int_equal(ex_system_node(path, &fake, makedev(8, 0)), -1);
	assert_int_equal(ex_system_node(path, &fake, makedev(8, 99)), -1);
	assert_int_equal(ex_system_disk(&fake, makedev(8, 2)), makedev(8, 0));
	assert_int_equal(ex_system_disk(&fake, makedev(8, 0)), makedev(8, 0));
}

static void
set_unknown(struct ex_source_info *info)
{
	char *const text[] = { info->by_id, info->vendor, info->model,
		info->serial, info->firmware, info->transport };

	memset(info, 0, sizeof(*info));
	for (size_t i = 0; i < COUNT(text); i++)
		(void)snprintf(text[i], EX_SOURCE_TEXT, "unknown");
}

static void
identity_is_what_somebody_said(void **state)
{
	struct ex_source_info info;

	(void)state;
	put_text("sys/devices/ata1/sda/device/vendor", "ATA     \n");
	put_text("sys/devices/ata1/sda/device/model", "SAMPLE DISK 1T\x01\n");
	put_text("sys/devices/ata1/sda/device/rev", "A1B2\n");
	put_text("sys/devices/ata1/sda/removable", "0\n");
	/* Four bytes of a page's head come before the number. */
	put_text("sys/devices/ata1/sda/device/vpd_pg80", "");
	assert_int_equal(
	    ex_file_write(in_folder("sys/devices/ata1/sda/device/vpd_pg80"),
		"\0\x80\0\x09SN-000042", 13, 0644, NULL),
	    0);
	set_unknown(&info);
	ex_system_identify(&fake, makedev(8, 1), &info);
	assert_string_equal(info.vendor, "ATA");
	assert_string_equal(info.model, "SAMPLE DISK 1T?");
	assert_string_equal(info.serial, "SN-000042");
	assert_string_equal(info.firmware, "A1B2");
	assert_string_equal(info.transport, "ata");
	assert_int_equal(info.removable, EX_NO);
	assert_string_equal(info.by_id, "unknown");
	assert_true(info.is_partition);
	/* And of each value who said so. */
	assert_int_equal(info.learned[EX_TRAIT_SERIAL], EX_LEARNED_SYSFS);
	assert_int_equal(info.learned[EX_TRAIT_REMOVABLE], EX_LEARNED_SYSFS);
	assert_int_equal(info.learned[EX_TRAIT_BY_ID], EX_LEARNED_NOT);
	/* A bridge that says nothing: udev may know, or nobody. */
	put_text("udev/b8:16", "E:ID_MODEL=Stick\nE:ID_SERIAL_SHORT=77\n");
	set_unknown(&info);
	ex_system_identify(&fake, makedev(8, 16), &info);
	assert_string_equal(info.serial, "77");
	assert_string_equal(info.model, "Stick");
	assert_string_equal(info.vendor, "unknown");
	assert_string_equal(info.transport, "usb");
	assert_int_equal(info.removable, EX_UNKNOWN);
	assert_false(info.is_partition);
	assert_int_equal(info.learned[EX_TRAIT_SERIAL], EX_LEARNED_UDEV);
	assert_int_equal(info.learned[EX_TRAIT_VENDOR], EX_LEARNED_NOT);
	set_unknown(&info);
	ex_system_identify(&fake, makedev(8, 32), &info);
	assert_string_equal(info.serial, "unknown");
}

static void
a_device_that_is_gone_is_known_to_be(void **state)
{
	(void)state;
	assert_true(ex_system_has(&fake, makedev(8, 32)));
	assert_false(ex_system_has(&fake, makedev(8, 48)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_in_use_is_refused),
		cmocka_unit_test(
		    a_device_that_carries_a_destination_is_refused),
		cmocka_unit_test(paths_are_followed_to_their_devices),
		cmocka_unit_test(what_holds_a_device_is_named),
		cmocka_unit_test(a_file_that_carries_a_destination_is_refused),
		cmocka_unit_test(a_devices_node_is_below_dev),
		cmocka_unit_test(identity_is_what_somebody_said),
		cmocka_unit_test(a_device_that_is_gone_is_known_to_be),
	};

	return cmocka_run_group_tests(tests, make_system, NULL);
}
