/*
 * selftest_parts.h -- what the lines of the self-test share; for
 * cases/selftest*.c alone.
 */
#ifndef CASES_SELFTEST_PARTS_H
#define CASES_SELFTEST_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "cases/selftest.h"
#include "intake/imaging.h"
#include "intake/reader.h"
#include "intake/source.h"

enum ex_selftest_result {
	EX_SELFTEST_PASS,
	EX_SELFTEST_FAIL,
	EX_SELFTEST_NOT_HERE,
	EX_SELFTEST_NOT_ON_HARDWARE,
	EX_SELFTEST_RESULTS
};

struct ex_selftest_line {
	enum ex_selftest_result result; /* pass, until something is found */
	char text[EX_ERR_TEXT];
};

/* A self-test under way. */
struct ex_selftest {
	const struct ex_self_test *s;
	char dir[EX_PATH]; /* its temporary folder */
	unsigned folders;  /* made in it so far */
	/* The house that was founded for it: NULL until a line asks. */
	struct ex_json *trial;
	int has_trial;		   /* 1: it was tried */
	char why_not[EX_ERR_TEXT]; /* why there is none */
};

typedef void ex_selftest_fn(struct ex_selftest *t, struct ex_selftest_line *l);

struct ex_selftest_check {
	const char *line;
	const char *en, *zh;
	ex_selftest_fn *run;
};

/* The checklist, in its order: selftest_table.c. */
extern const struct ex_selftest_check ex_selftest_table[];
extern const size_t ex_selftest_n;

/*
 * What is wanted: when it is not so, the line fails with this text; the first
 * such text stays.  Returns truth.
 */
int ex_selftest_want(struct ex_selftest_line *l, int truth, const char *fmt,
    ...) __attribute__((__format__(__printf__, 3, 4)));
/* The line's result and text, unless it failed. */
void ex_selftest_say(struct ex_selftest_line *l, enum ex_selftest_result r,
    const char *fmt, ...) __attribute__((__format__(__printf__, 3, 4)));

/* A new folder of its own; fails the line when there is none. */
int ex_selftest_folder(
    char out[EX_PATH], struct ex_selftest *t, struct ex_selftest_line *l);

enum {
	EX_SELFTEST_FAULTS = 8
};

/* A drive that does what it is told; every sector carries its number. */
struct ex_selftest_drive {
	uint64_t sectors;
	uint32_t sector_size;
	int noise; /* 1: contents that do not compress */
	struct {
		uint64_t lba, count;
	} fault[EX_SELFTEST_FAULTS]; /* sectors that cannot be read */
	size_t nfaults;
	uint64_t vanishes_at;  /* bytes; 0: never: it goes away there, once */
	const char *back_as;   /* serial number that then comes; NULL: none */
	uint64_t changes_from; /* sectors that read otherwise a second time */
	uint64_t changes_count;
	/* Called once, when a read goes over byte hook_at. */
	uint64_t hook_at;
	void (*hook)(void *arg);
	void *hook_arg;
	/* What happened. */
	int is_away, has_vanished;
	int second; /* 1: it is being read a second time */
};

struct ex_source *ex_selftest_drive_open(struct ex_selftest_drive *d);
/* What sector lba holds. */
void ex_selftest_sector(
    const struct ex_selftest_drive *d, uint8_t *out, uint64_t lba);
/* Is it one of those that cannot be read? */
int ex_selftest_is_bad(const struct ex_selftest_drive *d, uint64_t lba);
/* Digests of its bytes from off on, bad sectors as zeroes. */
int ex_selftest_truth(struct ex_digest_value out[EX_ALGS], size_t *n,
    const struct ex_selftest_drive *d, uint64_t off, uint64_t length);

/* An image that was made for a line. */
struct ex_selftest_image {
	char dir[EX_PATH];
	struct ex_imaging_outcome out;
	struct ex_verdict verdict;
	enum ex_container container;
};

/*
 * Image what job says into a new folder: source is closed, dir and name are
 * put in.  -1 and a failed line when there is no good copy.  Released with
 * ex_selftest_image_free() whether it worked or not.
 */
int ex_selftest_make(struct ex_selftest_image *i, struct ex_selftest *t,
    struct ex_selftest_line *l, struct ex_imaging *job,
    struct ex_source *source);
void ex_selftest_image_free(struct ex_selftest_image *i);

/* A job as usual: E01, fast, no segment size. */
struct ex_imaging ex_selftest_job(void);

/* Have exhibit-reader read it back; -1 and a failed line without verdict. */
int ex_selftest_read(struct ex_selftest_image *i, struct ex_selftest *t,
    struct ex_selftest_line *l);
/* Its media as raw bytes in path, by exhibit-reader. */
int ex_selftest_raw(const char *path, const struct ex_selftest_image *i,
    struct ex_selftest *t, struct ex_selftest_line *l);

/* Are these digests among those?  1 or 0. */
int ex_selftest_same(const struct ex_digest_value *a, size_t na,
    const struct ex_digest_value *b, size_t nb);

/*
 * Run a program of others, its words into out (may be NULL).  Its status, or
 * -1 when it is not installed or did not end.
 */
int ex_selftest_program(const char *const *argv, struct ex_buf *out);
/* Are two files the same, as cmp(1) says?  1, 0, or -1: no cmp. */
int ex_selftest_cmp(const char *a, const char *b);
/* A file of n bytes that begins anew at each seed. */
int ex_selftest_file(
    const char *path, uint64_t n, unsigned seed, struct ex_selftest_line *l);
/* Change a bit of a byte of a read-only file. */
int ex_selftest_flip(const char *path, uint64_t at, struct ex_selftest_line *l);

/*
 * What the trial house has: {"acquire":SUMMARY,"verify","tampered","history",
 * "report","status":[...]}; NULL, and a line that is not applicable here,
 * when no house can be founded.
 */
const struct ex_json *
ex_selftest_trial(struct ex_selftest *t, struct ex_selftest_line *l);

/* Lines, one function each; which is which stands in selftest_table.c. */
ex_selftest_fn ex_selftest_interface, ex_selftest_sizes,
    ex_selftest_environment, ex_selftest_visible, ex_selftest_hidden,
    ex_selftest_accurate, ex_selftest_errors, ex_selftest_fill,
    ex_selftest_second_reader, ex_selftest_formats, ex_selftest_write_fault,
    ex_selftest_no_room, ex_selftest_segments, ex_selftest_unchanged,
    ex_selftest_changed, ex_selftest_where, ex_selftest_conversion,
    ex_selftest_subset, ex_selftest_log_true, ex_selftest_source_unchanged,
    ex_selftest_destinations, ex_selftest_protection, ex_selftest_container,
    ex_selftest_unstable, ex_selftest_other_serial, ex_selftest_refusals,
    ex_selftest_vanishes, ex_selftest_digest_equal, ex_selftest_tampered,
    ex_selftest_progress, ex_selftest_verdicts, ex_selftest_resume,
    ex_selftest_head, ex_selftest_bridge, ex_selftest_blocks, ex_selftest_hpa,
    ex_selftest_nvme, ex_selftest_smart;

#endif
