/*
 * reader.h -- images read back by exhibit-reader, which is in a jail.
 *
 * The parent's side.  It opens the segments, starts the reader with their
 * descriptors and nothing else, and believes no message that is not exactly
 * of the form of intake/reader_proto.h.  A reader that dies, hangs, asks for
 * too much or talks nonsense is a finding about the image ("unreadable"),
 * never an error of ours.
 */
#ifndef INTAKE_READER_H
#define INTAKE_READER_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "hashing/digest.h"
#include "intake/imaging.h"
#include "intake/range.h"

enum ex_reading_result {
	EX_READING_WHOLE,     /* container whole, every byte read */
	EX_READING_DAMAGED,   /* "container_damaged": see the verdict */
	EX_READING_UNREADABLE /* no statement about the media */
};

/* How a digest stored in the container compares: only SAME is a match. */
enum ex_stored {
	EX_STORED_ABSENT,
	EX_STORED_SAME,
	EX_STORED_DIFFERS,
	EX_STORED_UNCOMPARED /* that digest was not asked for */
};

/*
 * What the container says about itself and what reading it gave.  Equal
 * stored digests prove nothing: whoever verifies compares the computed ones
 * with a signed entry.
 */
/* A header value as the container's maker wrote it, as it is shown. */
struct ex_header_value {
	char name[32];
	char value[1024];
};

struct ex_verdict {
	enum ex_reading_result result;
	char text[EX_ERR_TEXT]; /* one line, what was found; "" when whole */
	uint64_t bytes;		/* of the media */
	uint32_t sector_size;	/* of the ranges' LBAs */
	uint32_t segments;	/* handed over */
	int corrupted;		/* the library calls segments corrupted */
	int segments_missing;	/* 1: one at least is not there */
	/* Sectors it could not vouch for: checksum or missing. */
	struct ex_ranges bad;
	enum ex_stored md5, sha1; /* stored against computed */
	uint8_t stored_md5[16], stored_sha1[20];
	struct ex_digest_value digest[EX_ALGS]; /* computed over the media,
						 * damaged parts as zeroes */
	size_t ndigests;			/* 0 when unreadable */
	/* 1: nothing but a stored digest speaks against it. */
	int digest_only;
	struct ex_buf blocks; /* SHA-256 of each block, if asked for; empty
			       * where its chunks make up no such blocks */
	struct ex_header_value *header; /* in the container's order */
	size_t nheader;
	int landlock;	  /* 1: full jail; 0: seccomp alone */
	char library[64]; /* "libewf 20140813" */
};

/* A file of the image itself, as it was while its media were read. */
struct ex_reading_file {
	int known; /* 1: size and sha256 are; why (an errno) otherwise */
	int why;   /* ENOENT when it is not there */
	uint64_t size;
	uint8_t sha256[EX_SHA256_LEN];
	int fd; /* while it is read */
};

struct ex_reading {
	enum ex_container container;
	/* Segment files, in order; E01s that are in another are a finding. */
	const char *const *path;
	size_t npaths;
	uint64_t bytes;	  /* of the media, from its beginning; 0: all.  What is
			   * missing behind them is a finding all the same */
	unsigned algs;	  /* digests to compute; 0: md5, sha1, sha256 */
	unsigned threads; /* 0: one a processor */
	int without_landlock;
	int other_digests; /* 1: by OpenSSL alone, not by what makes them in an
			    * acquisition, which this is to confirm */
	int block_digests; /* 1: of each block of EX_BLOCKMAP_BLOCK bytes */
	/* Room for what is found of each path's file; NULL: not wanted. */
	struct ex_reading_file *file;
	/* No sign of life for so long, or all of it longer: unreadable. */
	uint32_t stall_seconds; /* 0: 60 */
	uint32_t wall_seconds;	/* 0: by the size of the files */
	const char *program;	/* NULL: exhibit-reader beside this program */
	void (*progress)(void *arg, uint64_t done, uint64_t total);
	void *progress_arg;
	const volatile sig_atomic_t *stop; /* may be NULL */
};

/*
 * Read the whole image and say what is with it.  0 and a filled *out, to be
 * released with ex_verdict_free(), whatever is found; a path that is not there
 * is a missing segment.  -1: EX_ABSENT when the program is not there,
 * EX_UNREACHABLE when the kernel has no Landlock and without_landlock is 0,
 * EX_STATE when stop was set, EX_SYSTEM.
 */
int ex_reading_verify(
    struct ex_verdict *out, const struct ex_reading *r, struct ex_err *err);

/*
 * The same, and write the media's bytes to descriptor to, in order, damaged
 * parts as zeroes.  Here the digests are computed by the parent over what it
 * wrote.  -1 also when writing fails: what is in the file is worth nothing.
 */
int ex_reading_export(struct ex_verdict *out, const struct ex_reading *r,
    int to, struct ex_err *err);

void ex_verdict_free(struct ex_verdict *v);

#endif
