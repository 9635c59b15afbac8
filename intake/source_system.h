/*
 * source_system.h -- what the running system does with its block devices.
 *
 * Read from /proc and /sys, or from folders of a test that look like them.
 */
#ifndef INTAKE_SOURCE_SYSTEM_H
#define INTAKE_SOURCE_SYSTEM_H

#include <sys/stat.h>
#include <sys/types.h>

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "intake/source.h"

struct ex_system {
	const char *mounts; /* as /proc/self/mountinfo */
	const char *swaps;  /* as /proc/swaps */
	const char *sys;    /* as /sys */
	const char *by_id;  /* as /dev/disk/by-id */
	const char *udev;   /* as /run/udev/data */
};

extern const struct ex_system ex_system_here;

/* A folder that is written to, and the device of its file system. */
struct ex_system_dir {
	const char *path;
	dev_t dev;
};

/*
 * Refuse (EX_STATE) a device that the system uses: itself, a part of it, the
 * whole it is a part of, or what is built upon it, mounted, as swap, or held
 * by a RAID or mapped device alone.  name is how a person calls it.
 */
int ex_system_check_use(const struct ex_system *system, dev_t dev,
    const char *name, struct ex_err *err);

/* Refuse one that carries, in the same ways, the file system of a folder. */
int ex_system_check_dirs(const struct ex_system *system, dev_t dev,
    const char *name, const struct ex_system_dir *dir, size_t ndir,
    struct ex_err *err);

/*
 * Refuse a file that carries the file system of a folder: it lies behind a
 * loop device below that.  The file is what st says.
 */
int ex_system_check_file(const struct ex_system *system, const struct stat *st,
    const char *name, const struct ex_system_dir *dir, size_t ndir,
    struct ex_err *err);

/* Both of a device: in use, or carrying a folder. */
int ex_system_check(const struct ex_system *system, dev_t dev, const char *name,
    const struct ex_system_dir *dir, size_t ndir, struct ex_err *err);

/* The disk that a partition is of; any other device is its own. */
dev_t ex_system_disk(const struct ex_system *system, dev_t dev);

/* The node of a device below /dev; -1 when none leads there. */
int
ex_system_node(char out[EX_PATH], const struct ex_system *system, dev_t dev);

/* What it says of the device's identity; what is not known stays. */
void ex_system_identify(
    const struct ex_system *system, dev_t dev, struct ex_source_info *info);

/*
 * Is the device still there, and does the kernel still talk to it?  1 or 0.
 * A SCSI disk that did not answer stays in /sys, but is taken offline: then
 * every read fails like a bad sector.
 */
int ex_system_has(const struct ex_system *system, dev_t dev);

/*
 * The first line of a file below the system's folder for a device, without
 * its newline and spaces round it.  0, or -1 when there is none.
 */
int ex_system_attr(char *out, size_t size, const struct ex_system *system,
    dev_t dev, const char *name);

#endif
