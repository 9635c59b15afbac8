/*
 * catalogue.h -- what is on an image: its volumes, file systems and files,
 * found by exhibit-reader in its jail.
 *
 * The parent's side.  It starts the reader with the image's descriptors and
 * nothing else, and believes no message that is not exactly of the form of
 * intake/catalogue_proto.h.  A reader that dies, hangs or talks nonsense is
 * started again behind the place where that happened; the place becomes a
 * finding, and the run goes on.
 */
#ifndef INTAKE_CATALOGUE_H
#define INTAKE_CATALOGUE_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "hashing/digest.h"
#include "intake/imaging.h"

enum {
	EX_CATALOGUE_NAME = 1024,    /* bytes of a name, at most */
	EX_CATALOGUE_PATH = 32768,   /* bytes of a folder's path */
	EX_CATALOGUE_STREAM = 1024,  /* bytes of a stream's name */
	EX_CATALOGUE_LINK = 4096,    /* bytes of a link's target */
	EX_CATALOGUE_MIME = 127,     /* bytes */
	EX_CATALOGUE_TYPE = 255,     /* bytes of what libmagic says */
	EX_CATALOGUE_TEXT = 400,     /* bytes of a finding, or a description */
	EX_CATALOGUE_RUNS = 512,     /* of one file; more are counted */
	EX_CATALOGUE_OWNER = 127,    /* bytes of a SID */
	EX_CATALOGUE_VOLUMES = 1024, /* of one image */
	EX_CATALOGUE_FINDINGS = 1000 /* kept; more are counted */
};

/* Where a run is: a step, on a volume, in its n-th folder, at its n-th entry.
 */
enum ex_catalogue_step {
	EX_STEP_IMAGE,	 /* the image is opened */
	EX_STEP_TABLE,	 /* a partition table is looked for */
	EX_STEP_SYSTEM,	 /* a file system is opened */
	EX_STEP_POOL,	 /* a pool of volumes is opened */
	EX_STEP_TELL,	 /* libmagic looks at a volume */
	EX_STEP_FOLDER,	 /* a folder is read */
	EX_STEP_ORPHANS, /* files without a name are searched */
	EX_STEP_ENTRY,	 /* what is known of a file is read */
	EX_STEP_RUNS,	 /* where its bytes lie is read */
	EX_STEP_CONTENT, /* its bytes are read */
	EX_STEP_TYPE,	 /* libmagic looks at them */
	EX_STEP_REST,	 /* nothing: what is left of a volume, given up */
	EX_STEPS
};

struct ex_catalogue_place {
	enum ex_catalogue_step step;
	uint32_t volume;
	uint32_t folder;
	uint32_t entry;
};

enum ex_volume_kind {
	EX_VOLUME_WHOLE,       /* all of the image */
	EX_VOLUME_PARTITION,   /* an entry of a partition table */
	EX_VOLUME_UNALLOCATED, /* sectors that no entry has */
	EX_VOLUME_TABLE,       /* sectors of a partition table itself */
	EX_VOLUME_POOLED,      /* a volume of an APFS container */
	EX_VOLUME_KINDS
};

/* How finely a file system keeps each time, in nanoseconds; 0: not at all. */
struct ex_resolution {
	uint64_t modified, accessed, changed, created;
};

struct ex_volume {
	uint32_t no;
	uint32_t parent; /* of the whole image its own number */
	enum ex_volume_kind kind;
	uint64_t start;	      /* byte of the image */
	uint64_t bytes;	      /* that it claims to have */
	char description[96]; /* of the table's entry; shown */
	char table[16]; /* "dos", "gpt", "bsd", "sun", "mac", "apfs", "" */
	uint32_t sector_size; /* of that table, bytes; 0 without one */
	char system[16];      /* "ntfs", "ext4", ...; "" without one */
	uint32_t block_size;  /* bytes */
	uint64_t blocks;
	struct ex_resolution times;
	char id[65]; /* of the file system, hexadecimal; may be "" */
	/* Counted as its lines come. */
	uint64_t allocated, deleted, virtuals;
	int done; /* 1: all of it was looked at, or given up with a finding */
};

/* Flags of a file. */
enum {
	EX_FILE_DELETED = 1 << 0,     /* its name is not in use */
	EX_FILE_FREED = 1 << 1,	      /* its metadata are not in use */
	EX_FILE_REUSED = 1 << 2,      /* name deleted, metadata another's */
	EX_FILE_ORPHAN = 1 << 3,      /* found without a name */
	EX_FILE_VIRTUAL = 1 << 4,     /* libtsk's own, not on the medium */
	EX_FILE_COMPRESSED = 1 << 5,  /* kept packed; digests of the content */
	EX_FILE_ENCRYPTED = 1 << 6,   /* digests are of what is stored */
	EX_FILE_SPARSE = 1 << 7,      /* with holes, read as zeroes */
	EX_FILE_RESIDENT = 1 << 8,    /* kept in its metadata */
	EX_FILE_LINKED = 1 << 9,      /* one of several hard links */
	EX_FILE_RUNS_CUT = 1 << 10,   /* has more runs than are listed */
	EX_FILE_HOLES_ONLY = 1 << 11, /* nothing but holes: not digested */
	EX_FILE_UNREAD = 1 << 12,     /* its content could not be read */
	EX_FILE_TOO_LARGE = 1 << 13,  /* larger than can be: not digested */
	EX_FILE_NO_DATA = 1 << 14,    /* its metadata could not be read */
	EX_FILE_RECOVERED = 1 << 15,  /* where its bytes lie is a guess */
	EX_FILE_MISMATCH = 1 << 16,   /* its extension is another type's */
	EX_FILE_FLAGS = 1 << 17	      /* no flag: the first that is none */
};

enum ex_file_kind {
	EX_KIND_UNKNOWN,
	EX_KIND_FILE,
	EX_KIND_FOLDER,
	EX_KIND_LINK,
	EX_KIND_FIFO,
	EX_KIND_CHARACTER,
	EX_KIND_BLOCK,
	EX_KIND_SOCKET,
	EX_KIND_OTHER,
	EX_KIND_VIRTUAL,
	EX_KINDS
};

struct ex_moment {
	int64_t seconds; /* since 1970, UTC; 0 with 0 ns: none is kept */
	uint32_t ns;
};

enum {
	EX_RUN_HOLE = 1,
	EX_RUN_GUESSED = 2
};

/* Where bytes of a file lie. */
struct ex_run {
	uint64_t at;	/* byte of the image; of a hole 0 */
	uint64_t bytes; /* whole blocks */
	uint8_t kind;	/* 0, EX_RUN_HOLE, EX_RUN_GUESSED */
};

/* One line of a catalogue: a name, or a stream of one. */
struct ex_file {
	struct ex_catalogue_place place;   /* its step is EX_STEP_ENTRY */
	uint16_t stream_no;		   /* of this entry, from 0 */
	struct ex_span folder;		   /* path, raw; "" is the root */
	struct ex_span name, stream, link; /* raw; may be empty */
	enum ex_file_kind kind;
	uint32_t flags;
	uint64_t inode, sequence;
	uint32_t attribute, attribute_id; /* libtsk's type and number */
	uint64_t size;
	uint64_t room; /* bytes of blocks that it has */
	struct ex_moment modified, accessed, changed, created, deleted;
	uint32_t mode, links;
	uint32_t uid, gid;
	char owner[EX_CATALOGUE_OWNER + 1]; /* SID, of NTFS */
	struct ex_run run[EX_CATALOGUE_RUNS];
	size_t nruns;
	int digested; /* 1: the three digests are of size bytes */
	uint8_t md5[16], sha1[20], sha256[EX_SHA256_LEN];
	char mime[EX_CATALOGUE_MIME + 1];
	char type[EX_CATALOGUE_TYPE + 1];
	int32_t entropy; /* thousandths of a bit a byte, of the beginning; -1 */
};

enum ex_catalogue_found {
	EX_FOUND_UNREADABLE,  /* the image, a volume, a folder, a file */
	EX_FOUND_UNSUPPORTED, /* a container or file system we know no way in */
	EX_FOUND_NO_SYSTEM,   /* no file system that anybody here knows */
	EX_FOUND_ENCRYPTED,   /* a volume that needs a key */
	EX_FOUND_HUNG,	      /* reading made no headway */
	EX_FOUND_CRASHED,     /* reading it killed the reader */
	EX_FOUND_NONSENSE,    /* the reader said what it may not */
	EX_FOUND_GIVEN_UP,    /* too much went wrong here */
	EX_FOUND_LIMIT,	      /* more than we list */
	EX_FOUND_ORPHANS,     /* files without a name were not searched */
	EX_FOUND_CONTAINER,   /* the container is damaged or incomplete */
	EX_FOUND_LOOP,	      /* a folder that is its own ancestor */
	EX_FOUNDS
};

struct ex_catalogue_finding {
	enum ex_catalogue_found what;
	struct ex_catalogue_place place;
	char text[EX_CATALOGUE_TEXT + 1]; /* shown */
};

struct ex_cataloguing {
	enum ex_container container;
	const char *const *path; /* segment files, in order */
	size_t npaths;
	int without_landlock;
	int no_orphans; /* 1: files without a name are not searched */
	int no_digests; /* 1: neither digests nor types */
	uint32_t patience_seconds; /* without headway, then killed; 0: 60 */
	uint32_t wall_seconds;	   /* of the whole run; 0: by its size */
	const char *program;	   /* NULL: exhibit-reader beside this one */
	/* Every line in order; -1 ends the run with that error. */
	int (*file)(void *arg, const struct ex_file *f, struct ex_err *err);
	void *file_arg;
	void (*progress)(void *arg, uint64_t files, uint64_t bytes);
	void *progress_arg;
	const volatile sig_atomic_t *stop; /* may be NULL */
};

struct ex_catalogue {
	char container[16]; /* "raw", "e01", "vmdk", "vhd", "" */
	uint64_t bytes;	    /* of the media */
	uint32_t sector_size;
	struct ex_volume *volume;
	size_t nvolumes;
	struct ex_catalogue_finding *finding;
	size_t nfindings; /* kept ones */
	uint64_t found;	  /* all of them */
	uint64_t lines, allocated, deleted, virtuals, digested, digested_bytes;
	unsigned restarts;
	int landlock;	 /* 1: full jail; 0: seccomp alone */
	char tools[192]; /* "libtsk 4.11.1, libmagic 544, libewf 20140813" */
};

/*
 * Catalogue an image.  0 and a filled *out, to be released with
 * ex_catalogue_free(), whatever is found.  -1: EX_ABSENT when the program is
 * not there, EX_UNREACHABLE when the kernel has no Landlock and
 * without_landlock is 0, EX_STATE when stop was set, EX_SYSTEM, and what
 * file() says.
 */
int ex_catalogue_run(struct ex_catalogue *out, const struct ex_cataloguing *c,
    struct ex_err *err);
void ex_catalogue_free(struct ex_catalogue *c);

/* Keep a finding, once. */
int ex_catalogue_find(struct ex_catalogue *c,
    const struct ex_catalogue_finding *f, struct ex_err *err);

/* "unreadable", "unsupported", ...: the words of a finding's code. */
const char *ex_catalogue_found_text(enum ex_catalogue_found what);
/* "whole", "partition", "unallocated", "table", "pooled". */
const char *ex_volume_kind_text(enum ex_volume_kind kind);
/* "file", "folder", "link", ... */
const char *ex_file_kind_text(enum ex_file_kind kind);

#endif
