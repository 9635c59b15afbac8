/*
 * acquire.h -- imaging an item: from the guard of the source to the signed
 * image.
 *
 * The order, each step on disk before the next:
 *  1  the source is looked at and refused where reading it could be wrong
 *     the item, its state and its authority are judged
 *  2  acquire_start is signed and in the log
 *  3  the bytes are read once, into every destination
 *  4  exhibit-reader reads each image back; its digests are compared, and if
 *     that is wanted the source is read once more
 *  5  what came of it lies in DIR/pending before anybody is asked to sign
 *  6  one batch: acquire_end on the item, create on the image item
 * A run that dies before 5 leaves the item ACQUIRING and no image in the
 * vault; --resume goes on with it and --abandon ends it.  One that dies after 5
 * is finished by ex_acquire_finish().  One that is stopped, or finds no room,
 * signs an acquire_pause instead of 6.
 */
#ifndef CASES_ACQUIRE_H
#define CASES_ACQUIRE_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"

struct ex_house;

/* How far it has come, in bytes; phase is "acquire", "verify", "reread". */
typedef void
ex_progress_fn(void *arg, const char *phase, uint64_t done, uint64_t total);

/* One line for the person who waits, while it goes on. */
typedef void ex_notice_fn(void *arg, const char *line);

struct ex_acquire {
	const char *item;
	const char *source;    /* path; NULL with abandon */
	const char *image;     /* NULL: ITEM-I1, -I2, ... */
	const char *const *to; /* directories; none: the vault */
	size_t nto;
	const char *format;	 /* "e01" or "raw"; NULL: e01 */
	const char *compression; /* "none", "fast", "best"; NULL: fast */
	uint64_t segment_size;	 /* bytes; 0: the usual one */
	unsigned algs;		 /* bits of further digests */
	uint64_t offset, length; /* length 0: to the end */
	int has_retries;
	unsigned retries;
	unsigned granularity; /* sectors given up together; 0: one */
	uint64_t bad_limit;   /* sectors lost before regions are skipped; 0 */
	int has_wait;
	unsigned wait;		   /* seconds for a source that goes away */
	unsigned fill;		   /* a byte, for what cannot be read */
	int reread;		   /* read the source again and compare */
	const char *write_blocker; /* an enrolled tool */
	const char *method;	   /* stated; NULL: as it is found */
	/* What the examiner states of it, in acquire_start; NULL: nothing.
	 * The last two go together; neither is the secret itself. */
	const char *device_state; /* as it was found: on, off, locked, ... */
	const char *changes;	  /* made on it to read it */
	const char *credential;	  /* which was used: code, key, biometry */
	const char *credential_right; /* by what right */
	int live; /* a running system: in use is no refusal; needs reason */
	const char *authority; /* NULL: the case's one valid authority */
	unsigned threads;      /* 0: one a processor */
	/* Go on with what was begun and has no end: its name, folders and
	 * options are those that it was begun with; source may be NULL. */
	int resume;
	int abandon;
	/* Of a failing medium: what was read before comes from the half copy,
	 * not from the source once more. */
	int head_from_copy;
	/* What could not be read before is tried again: of a resume in the
	 * half copy, else in base (NULL: the item's newest image); a new image
	 * is written of both. */
	int retry_bad;
	const char *base;
	int end_here; /* with resume: its source is not looked for any more */
	int without_landlock;
	const char *reason;
	ex_progress_fn *progress; /* may be NULL */
	void *progress_arg;
	ex_notice_fn *notice; /* may be NULL; has progress_arg, and is
				* called from any thread */
	/* Sectors without their bytes so far: before each call of progress.
	 * May be NULL. */
	uint64_t *bad_sectors;
	int truncate; /* a source that is gone ends the image there; else it
		       * is paused */
	/* Set by a signal handler: what is read is kept, and the imaging is
	 * paused.  May be NULL. */
	const volatile sig_atomic_t *stop;
	unsigned room_seconds; /* that a full disk is waited for */
	uint64_t mark_bytes;   /* between marks of a half image; 0: usual */
};

/*
 * Image an item, or end an acquisition that was begun.  *summary (the
 * caller's) is the outcome as exhibit(1) prints it; *status is the command's
 * exit status: 0 complete, 1 complete with errors, truncated, a source that
 * is not stable or one of several destinations failed, 2 no good copy, or
 * paused.  -1 when nothing was begun or
 * what was begun could not be signed; the text then says what to do.
 */
int ex_acquire_run(struct ex_json **summary, int *status,
    struct ex_house *house, const struct ex_acquire *a, struct ex_err *err);

/*
 * Sign and submit what finished acquisitions left in DIR/pending for this
 * item (NULL: for all).  *n is how many were finished.
 */
int ex_acquire_finish(
    size_t *n, struct ex_house *house, const char *item, struct ex_err *err);

/* What `media inspect` says about a source, read-only. */
int
ex_media_inspect(struct ex_json **out, const char *source, struct ex_err *err);

#endif
