/*
 * imaging.h -- a source read once, into digests and image containers.
 *
 * Reader, digests, compression and writing run side by side over a ring of
 * blocks of bounded memory; every destination has a writer of its own and
 * gets its chunks in order.  A source is never written.  Nothing but the
 * whole segments of a finished set ever has its name in a destination: they
 * are made under a temporary name, synced, made read-only and renamed, the
 * first segment last.
 */
#ifndef INTAKE_IMAGING_H
#define INTAKE_IMAGING_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/file.h"
#include "hashing/digest.h"
#include "intake/range.h"
#include "intake/source.h"

enum ex_container {
	EX_CONTAINER_E01, /* EnCase 6, NAME.E01, NAME.E02 ... */
	EX_CONTAINER_RAW, /* NAME.raw, or NAME.001 ... with a segment size */
	EX_CONTAINERS
};

enum ex_compression {
	EX_COMPRESSION_NONE,
	EX_COMPRESSION_FAST,
	EX_COMPRESSION_BEST,
	EX_COMPRESSIONS
};

enum {
	EX_IMAGING_RETRIES = 2,	     /* further tries at a bad sector */
	EX_IMAGING_WAIT = 300,	     /* seconds for one that went away */
	EX_IMAGING_DESTINATIONS = 8, /* at most */
	EX_IMAGING_BLOCK = 1 << 20,  /* bytes read at once; marks lie at one's
				      * end */
	EX_IMAGING_NAME = 48	     /* bytes of an image's name with its NUL */
};

/*
 * What stands in an E01's header: UTF-8, any language; NULL leaves one out.
 * A raw image has no place for them.
 */
struct ex_image_header {
	const char *case_number;
	const char *evidence_number;
	const char *description;
	const char *examiner;
	const char *notes;
	const char *serial; /* of the medium */
	const char *model;
};

/* An image of the same medium that an earlier acquisition came to. */
struct ex_imaging_base {
	const char *name;
	enum ex_container container;
	const char *const *path; /* its segments, in order */
	size_t npaths;
	uint64_t bytes;	      /* of its media, from the same offset on */
	struct ex_ranges map; /* all of its sectors, by their attempt */
};

struct ex_imaging {
	struct ex_source *source;
	uint64_t offset;	/* first byte; a multiple of the sector size */
	uint64_t length;	/* bytes; 0: to the end */
	const char *name;	/* of the image set: [A-Z0-9-]+, no extension */
	const char *const *dir; /* folders that get a copy each; they exist */
	size_t ndir;
	enum ex_container container;
	enum ex_compression compression;
	uint64_t segment_size; /* bytes, no segment is larger; 0: the usual */
	unsigned algs;	       /* digests of the media; md5, sha1 and sha256
				* are always made */
	unsigned retries;      /* EX_IMAGING_RETRIES is usual */
	unsigned granularity;  /* sectors given up together; 0: one */
	uint64_t bad_limit;    /* sectors lost after which the inside of a bad
				* region is skipped; 0: everything is tried */
	unsigned wait;	  /* seconds for a source that goes away; 0: none */
	uint8_t fill;	  /* stands for what could not be read; 0 is usual */
	unsigned threads; /* compressing; 0: one a processor */
	struct ex_image_header header;
	int digest_later; /* 1: the segments' sha256 is left to the reading
			   * back, which has them open anyway */

	/* Called now and then in the caller's thread: bytes of total. */
	void (*progress)(void *arg, uint64_t done, uint64_t total);
	void *progress_arg;

	/* One line for the person who waits, from any thread.  May be NULL. */
	void (*notice)(void *arg, const char *line);
	void *notice_arg;

	/* Set by a signal handler: end soon, as aborted, or paused where keep
	 * says so.  May be NULL. */
	const volatile sig_atomic_t *stop;

	/*
	 * What does not come to its end stays, beside a journal of how far it
	 * is on disk, and a later run with resume goes on with it: it reads
	 * the head again from the source for the digests, and writes on where
	 * each copy ends.  A folder that has nothing of use is begun anew.
	 */
	int keep;
	int resume;
	int truncate;	  /* with keep: a source that is gone ends the image */
	unsigned attempt; /* at this medium, counted from 1; 0: the first */
	/* What earlier attempts read is taken from what they wrote: of a resume
	 * from its copies, else from base.  The source is asked for the rest
	 * alone; with retry_bad also for what they had to fill. */
	int head_from_copy;
	int retry_bad;
	const struct ex_imaging_base *base; /* NULL: none */
	const char *reader;   /* program that reads them; NULL: the usual */
	int without_landlock; /* for it */
	uint64_t mark_bytes;  /* between marks in the journal; 0: the usual */
	/* How long a full disk is waited for; 0: not at all. */
	unsigned room_seconds;
};

enum ex_imaging_result {
	EX_IMAGING_COMPLETE,
	EX_IMAGING_WITH_ERRORS, /* sectors were not read: bad lists them */
	EX_IMAGING_TRUNCATED,	/* the source ended or went away before its
				 * end; the image holds what came before */
	EX_IMAGING_ABORTED,	/* stopped; nothing is kept */
	EX_IMAGING_PAUSED,	/* stopped, without room, or its source went
				 * away, and kept: can be resumed */
	EX_IMAGING_FAILED	/* no destination has a whole copy */
};

struct ex_segment {
	char path[EX_PATH];	       /* as it lies now */
	uint64_t size;		       /* bytes */
	uint8_t sha256[EX_SHA256_LEN]; /* unless digest_later */
};

/* What one destination has got. */
struct ex_image_copy {
	char dir[EX_PATH];
	int good;		    /* 1: whole, durable, read-only */
	int full;		    /* 1: its disk was */
	int kept;		    /* 1: half, and a run can go on with it */
	struct ex_err why;	    /* when it is not good */
	uint64_t from;		    /* bytes of media that earlier runs wrote */
	char note[EX_ERR_TEXT];	    /* what a resume did with them; or "" */
	struct ex_segment *segment; /* in order; none when not good */
	size_t nsegments;
};

struct ex_imaging_outcome {
	enum ex_imaging_result result;
	struct ex_err why;	 /* of truncated, aborted, failed */
	uint64_t bytes_expected; /* that the source said it had */
	uint64_t bytes;		 /* of the image's media, zero fill included */
	/* Bytes that an earlier attempt knew, read by this one once more: of
	 * the source, for the digests, or of what it had written. */
	uint64_t read_again, read_from_copy;
	uint32_t sector_size; /* of the ranges' LBAs */
	/* Ascending by algorithm, over the media as it stands in the image. */
	struct ex_digest_value digest[EX_ALGS];
	size_t ndigests;
	/* Sectors of the source, counted from its own beginning: filled in the
	 * image because they could not be read (bad) or were not tried
	 * (skipped), left out at its end (missing); or read after all
	 * (recovered). */
	struct ex_ranges bad;
	/* Every sector of it, by the attempt that it is from; of a run that is
	 * paused all that is kept, also of earlier ones: to byte kept. */
	struct ex_ranges map;
	uint64_t kept;
	uint64_t failed_reads; /* of the source */
	int64_t slowest_read;  /* microseconds */
	unsigned returns;      /* times it went away and came back */
	uint64_t size_after;   /* bytes it has at the end; 0: not known */
	struct ex_image_copy copy[EX_IMAGING_DESTINATIONS]; /* as in dir */
	size_t ncopies;
	int64_t started, ended; /* UTC, microseconds */
	double seconds;		/* that it took */
	unsigned chunk_size;	/* bytes; 0 for raw */
	uint64_t segment_size;	/* bytes, no segment is larger; 0: one file */
	char writer[64];	/* "libewf 20140813"; "raw" */
	char compressor[64];	/* "isa-l 2.30.0"; "none" */
	char digester[64];	/* ex_digest_maker() */
};

/*
 * Everything that can be known before anybody signs: the request makes sense
 * (EX_USAGE), every folder is there and can be written (EX_ABSENT, EX_SYSTEM),
 * holds nothing of that name (EX_EXISTS) and may have room for the image:
 * EX_LIMIT with both figures when it surely has not.  How far an E01 packs
 * nobody knows before; where it may not fit, a notice says so and a full disk
 * is waited for.  Writes nothing.
 */
int ex_imaging_check(const struct ex_imaging *job, struct ex_err *err);

/*
 * Run it.  0 with *out filled whatever became of it, also when it failed; it
 * is released with ex_imaging_outcome_free().  -1 when ex_imaging_check()
 * refuses or nothing could be begun: then no destination was touched.
 * ex_source_guard() is the caller's, who knows more folders than these.
 */
int ex_imaging_run(struct ex_imaging_outcome *out, const struct ex_imaging *job,
    struct ex_err *err);

void ex_imaging_outcome_free(struct ex_imaging_outcome *out);

/* What a second reading of a source gave. */
enum ex_second_result {
	EX_SECOND_SAME,
	EX_SECOND_DIFFERS,   /* the source is not stable */
	EX_SECOND_UNREADABLE /* what was read once did not come again */
};

struct ex_imaging_second {
	enum ex_second_result result;
	struct ex_err why; /* when it is not the same */
	uint64_t bytes;	   /* compared, without what was filled before */
	struct ex_digest_value digest[EX_ALGS]; /* none when unreadable */
	size_t ndigests;
	double seconds;
};

/*
 * Read the source of a finished run once more, past what the kernel keeps of
 * it, and compare: by digests that are made in one thread by another way than
 * the first ones.  Sectors that were filled are not tried again; the filling
 * stands for them.  0 with *out, whatever was found.  -1: EX_STATE when
 * stopped, EX_USAGE for a run without digests.
 */
int
ex_imaging_again(struct ex_imaging_second *out, const struct ex_imaging *job,
    const struct ex_imaging_outcome *first, struct ex_err *err);

/* "same", "differs", "unreadable": words of signed entries. */
const char *ex_second_text(enum ex_second_result result);

/*
 * A whole copy that was kept (ex_imaging.keep) is settled: its journal goes,
 * and no run goes on with it any more.  EX_CONFLICT as ex_imaging_clear().
 */
int ex_imaging_settled(const char *dir, const char *name, struct ex_err *err);

/*
 * Remove what a run that died left of image set name in a folder: the
 * temporary one and segments that have their names already.  The caller knows
 * that nobody has signed them.  *n grows by what went; a folder that is not
 * there holds nothing.  EX_CONFLICT when a living run is writing.
 */
int ex_imaging_clear(
    size_t *n, const char *dir, const char *name, struct ex_err *err);

/* "complete", "complete_with_errors", "truncated", "aborted", "paused",
 * "failed". */
const char *ex_imaging_result_text(enum ex_imaging_result result);

/* "e01", "raw"; -1 and EX_USAGE names the known ones. */
const char *ex_container_text(enum ex_container container);
int ex_container_parse(
    enum ex_container *out, const char *text, struct ex_err *err);

/* "none", "fast", "best". */
const char *ex_compression_text(enum ex_compression compression);
int ex_compression_parse(
    enum ex_compression *out, const char *text, struct ex_err *err);

#endif
