/*
 * bench.h -- a workbench: a house with people, a case, and disks on the desk
 * of its examiner.
 */
#ifndef TESTS_CASES_BENCH_H
#define TESTS_CASES_BENCH_H

#include "tests/cases/desk.h"

#include "cases/acquire.h"

enum {
	BENCH_BYTES = 5 * 1024 * 1024 + 512 /* of the medium */
};

struct bench {
	struct desk desk;
	char work[64];	   /* a folder for media and copies */
	char medium[4096]; /* a file in it */
	char sha256[65];   /* of the medium */
};

/*
 * A house with an officer, a custodian and an examiner, case "C-1" under one
 * warrant, and a medium.  The examiner sits.
 */
void bench_open(struct bench *b);
void bench_close(struct bench *b);

/* The same for a group of cmocka: one bench that all its tests share. */
int bench_setup(void **state);
int bench_teardown(void **state);
extern struct bench bench;

/* A disk of case C-1, opened, with the examiner: ready to be imaged. */
void bench_disk(struct bench *b, const char *item);
/* The same, but its seal is not broken. */
void bench_sealed_disk(struct bench *b, const char *item);

/*
 * An act of custody by the key as (and with; may be NULL), its fields as name,
 * value, ..., NULL; these people sit afterwards.
 */
void bench_custody(struct bench *b, const char *act, const char *item,
    const char *as, const char *with, ...) __attribute__((__sentinel__));

/* work/name, made; borrowed until the fourth call from now. */
const char *bench_dir(struct bench *b, const char *name);

/* An ordinary request; the caller changes it. */
struct ex_acquire bench_request(struct bench *b, const char *item);

/* State of an item, as `item show` has it; borrowed until the next call. */
const char *bench_state(struct bench *b, const char *item);

/* `exhibit verify IMAGE` finds nothing. */
void bench_verified(struct bench *b, const char *image);

/* An acquisition that comes to this exit status; the caller's. */
struct ex_json *
bench_acquire(struct bench *b, const struct ex_acquire *a, int want);

/* Entries of an item of this act. */
int bench_count(struct bench *b, const char *item, const char *act);

/* Files and folders in a folder, hidden ones too; 0 when it is not there. */
int bench_files(const char *dir);
/* DIR/name of the house; borrowed until the fourth call from now. */
const char *bench_house(struct bench *b, const char *name);

/* A read-only copy of a file. */
void bench_copy(const char *from, const char *to);
/* Change one byte of a file that is read-only. */
void bench_flip(const char *path, long off);

#endif
