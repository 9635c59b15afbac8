/*
 * drive.h -- a drive that does what it is told, behind the source interface.
 *
 * Every sector carries its own number, so that one that was lost, moved or
 * doubled is seen.
 */
#ifndef TESTS_INTAKE_DRIVE_H
#define TESTS_INTAKE_DRIVE_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "intake/source.h"

/* Sectors that cannot be read. */
struct fault {
	uint64_t lba, count;
	int times; /* attempts that fail; 0: every one */
};

struct drive {
	uint64_t sectors;
	uint32_t sector_size;
	const struct fault *fault;
	size_t nfaults;
	uint64_t ends_at;     /* bytes; 0: as long as it says */
	uint64_t vanishes_at; /* bytes; 0: it stays */
	uint64_t dies_at;     /* bytes; 0: never: from there on every read of
			       * every place fails like a bad sector */
	/* Having vanished or died: */
	unsigned back_after;   /* times it is looked for; 0: it never comes */
	unsigned times;	       /* more, that it does so again */
	uint64_t kills;	       /* 1 + the sector whose every read makes it
			       * vanish; 0: none */
	const char *back_as;   /* serial number that is there then */
	uint64_t back_sectors; /* 0: as many as before */
	int back_changed;      /* then it holds other contents */
	uint64_t size_after;   /* bytes that it says it has at last; 0: as is */
	/* Sectors from here on hold others when they are read again. */
	uint64_t unstable_from, unstable_count;
	int64_t slow;	   /* microseconds that each read takes */
	uint64_t errs_at;  /* bytes; 0: never: an error of another kind */
	uint64_t stops_at; /* bytes; 0: never: sets *stop */
	volatile sig_atomic_t *stop;
	int noise;	     /* contents that do not compress */
	unsigned generation; /* another one: other contents */
	/* What was done to it. */
	uint64_t reads, largest, misaligned, looks;
	int is_away, is_dead;
	uint8_t *seen;	      /* each sector, once it was read */
	unsigned tries[1024]; /* of each fault */
};

/* A source over d, which must outlive it. */
struct ex_source *drive_open(struct drive *d);

/* What the tests free. */
void drive_end(struct drive *d);

/* What sector lba of the drive holds. */
void drive_sector(const struct drive *d, uint8_t *out, uint64_t lba);

/* Is the sector one that fails for ever? */
int drive_is_bad(const struct drive *d, uint64_t lba);

#endif
