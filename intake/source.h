/*
 * source.h -- a medium or file that is read and never written.
 *
 * Behind a source stands a table of functions: the real one opens a regular
 * file or a block device O_RDONLY; the tests put a scripted drive behind it.
 * Nothing in here can write.  What a source says of itself is a claim of the
 * machine and the medium: where nobody said anything, the text is "unknown".
 */
#ifndef INTAKE_SOURCE_H
#define INTAKE_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/file.h"
#include "intake/command.h"
#include "intake/identity.h"

enum {
	EX_SOURCE_TEXT = 128, /* bytes of one word of identity, with NUL */
	EX_SECTOR = 512	      /* bytes; sectors of a regular file */
};

enum ex_source_kind {
	EX_SOURCE_FILE,
	EX_SOURCE_BLOCK
};

/*
 * What is known of a source.  Texts are never empty: "unknown" when not
 * known.  They come from the medium: show them with ex_text_show().
 */
struct ex_source_info {
	enum ex_source_kind kind;
	char path[EX_PATH];	       /* as resolved, no symbolic links */
	uint64_t size;		       /* bytes */
	uint32_t sector_size;	       /* bytes, logical; EX_SECTOR of a file */
	uint32_t physical_sector_size; /* bytes; as sector_size if unknown */
	char by_id[EX_SOURCE_TEXT];    /* name in /dev/disk/by-id */
	char vendor[EX_SOURCE_TEXT];
	char model[EX_SOURCE_TEXT];
	char serial[EX_SOURCE_TEXT];
	char firmware[EX_SOURCE_TEXT];
	char transport[EX_SOURCE_TEXT]; /* "usb", "ata", "nvme", "loop" ... */
	/*
	 * The kernel's flag of the device (BLKROGET).  It says what this
	 * kernel lets through its own door and nothing about a write blocker:
	 * EX_YES is "kernel_read_only", never "blocked".
	 */
	enum ex_known kernel_read_only;
	enum ex_known removable;
	/* 1: read past the page cache, exact to a sector; of a file that
	 * holds for its whole pages. */
	int direct;
	int is_partition; /* a part of a disk, whose identity this is */
	int is_volume;	  /* made up of others: RAID, LVM, mapped */
	struct ex_drive_facts drive; /* what the drive said, asked itself */
	uint8_t learned[EX_TRAITS];  /* enum ex_learned, of each value */
};

/* How a read ended. */
enum ex_got {
	EX_GOT_ALL,  /* every byte asked for */
	EX_GOT_BAD,  /* the medium could not deliver this range; try less */
	EX_GOT_END,  /* the source is shorter than it said */
	EX_GOT_GONE, /* it is not there any more, or answers nobody */
	EX_GOT_ERROR /* anything else; err says what */
};

/* What came of looking for a source that went away. */
enum ex_back {
	EX_BACK_NOT_YET, /* nothing there that can be read; err says why */
	EX_BACK_SAME,	 /* it is back, and is read again */
	EX_BACK_OTHER	 /* something else is there; err says what */
};

/*
 * What stands behind a source.  read() fills n bytes from byte off; n and off
 * are multiples of the sector size, but for the tail of a file whose size is
 * none.  buf is aligned to EX_SOURCE_ALIGN, and where less is read than
 * a block, to the sector size.  Unless EX_GOT_ALL comes back,
 * what is in buf is worth nothing; err is set unless EX_GOT_ALL.
 */
struct ex_source_ops {
	enum ex_got (*read)(
	    void *self, void *buf, size_t n, uint64_t off, struct ex_err *err);
	/* As ex_source_again() and ex_source_size(); NULL: never, unknown. */
	enum ex_back (*again)(
	    void *self, const struct ex_source_info *was, struct ex_err *err);
	int (*size)(void *self, uint64_t *now, struct ex_err *err);
	void (*forget)(void *self); /* as ex_source_forget(); may be NULL */
	void (*close)(void *self);  /* may be NULL */
	/*
	 * Send one of the commands of intake/command.h to the drive; NULL
	 * where there is no way.  EX_ASKED_OK: it was done, and reply says
	 * how it ended; anything else: no answer came.
	 */
	enum ex_asked (*command)(void *self, const struct ex_command_request *r,
	    struct ex_command_reply *reply);
};

enum {
	EX_SOURCE_ALIGN = 4096
};

struct ex_source {
	const struct ex_source_ops *ops;
	void *self;
	struct ex_source_info info;
};

/*
 * Open a regular file or block device to read.  A block device is claimed
 * (O_EXCL): while it is open the kernel refuses to mount it.  *out is the
 * caller's, to be released with ex_source_close().  One line each for a path
 * that is missing (EX_ABSENT), not readable (EX_SYSTEM), a folder, neither
 * file nor block device, empty, or a device in use by the system (EX_STATE,
 * mounted or swap, itself, a part or the whole of it, or what is built
 * upon it; held by a RAID or volume; the running system's disk.
 */
int
ex_source_open(struct ex_source **out, const char *path, struct ex_err *err);

/* As ex_source_open(), to look at: a device in use is opened too. */
int
ex_source_look(struct ex_source **out, const char *path, struct ex_err *err);

/* Everything that could be known of a source, not known. */
void ex_source_unknown(struct ex_source_info *i, const char *path);

/*
 * A source that is not there: what info says of it, and every read of it is
 * EX_GOT_GONE.  For ending what was begun of it.
 */
int ex_source_open_absent(struct ex_source **out,
    const struct ex_source_info *info, struct ex_err *err);

/*
 * What the system uses the source for, in one line; "" when for nothing.  0,
 * or -1 when that cannot be found out.
 */
int ex_source_in_use(
    char use[EX_ERR_TEXT], const struct ex_source *s, struct ex_err *err);

/* Release s and what stands behind it.  NULL is ignored. */
void ex_source_close(struct ex_source *s);

/* Read through the table. */
enum ex_got ex_source_read(
    struct ex_source *s, void *buf, size_t n, uint64_t off, struct ex_err *err);

/*
 * After EX_GOT_GONE: is it there again, and is it the same?  What is found is
 * opened as ex_source_open() opens it, so one that the system mounted is
 * not taken before that ends (EX_BACK_NOT_YET).  The same is: a device of the same size, sectors
 * and serial number, under whatever node; where it says no serial number, the
 * same name in by-id; a file of the same inode, size and time of change.  A
 * device that has neither serial nor name cannot be told from another, and so
 * is another.
 */
enum ex_back ex_source_again(struct ex_source *s, struct ex_err *err);

/* Is now what was?  EX_BACK_OTHER says what differs. */
enum ex_back ex_source_same(const struct ex_source_info *was,
    const struct ex_source_info *now, struct ex_err *err);

/* Bytes that it has now; -1 and EX_ABSENT when it cannot say. */
int ex_source_size(struct ex_source *s, uint64_t *now, struct ex_err *err);

/* What the kernel keeps of it shall not answer the next reads. */
void ex_source_forget(struct ex_source *s);

/* What an acquisition writes, as far as the guard of its source needs it. */
struct ex_source_avoid {
	const char *const *dir; /* folders written to, the house's included */
	size_t ndir;
	const char *image; /* name of the image set; NULL: none yet */
};

/*
 * refuse (EX_STATE, one line with the reason) a source that cannot be
 * imaged soundly into these folders:
 *  - a block device that the system uses, as ex_source_open() has it;
 *  - a block device that carries the file system of one of them: itself, a
 *    partition of it, the disk it is a partition of, or something built upon
 *    it (RAID, LVM, a loop device);
 *  - a file that lies behind a loop device which carries one;
 *  - a file that is one of an earlier or coming image set avoid->image in one
 *    of them.
 * A regular file beside its destination is fine.
 */
int ex_source_guard(const struct ex_source *s,
    const struct ex_source_avoid *avoid, struct ex_err *err);

/* The same of a running system: all but the first. */
int ex_source_guard_live(const struct ex_source *s,
    const struct ex_source_avoid *avoid, struct ex_err *err);

/* "file" or "block". */
const char *ex_source_kind_text(enum ex_source_kind kind);

#endif
