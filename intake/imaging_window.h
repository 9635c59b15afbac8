/*
 * imaging_window.h -- a window of the source and its units; for
 * imaging_window.c and imaging_passes.c alone.
 */
#ifndef INTAKE_IMAGING_WINDOW_H
#define INTAKE_IMAGING_WINDOW_H

#include <stddef.h>
#include <stdint.h>

#include "intake/imaging_parts.h"

enum {
	EX_WINDOW_SPANS = 256, /* larger reads that failed, in one window */
	EX_UNIT_GONE_MAX = 3   /* times it may go away over one unit */
};

enum ex_unit {
	EX_UNIT_UNTRIED,
	EX_UNIT_SUSPECT, /* a larger read over it failed */
	EX_UNIT_GOOD,
	EX_UNIT_FAILED
};

struct ex_imaging_window {
	uint8_t *buf, *scratch;
	uint64_t off; /* in the source */
	size_t n;     /* bytes of it */
	size_t taken; /* bytes handed out */
	size_t unit;  /* bytes */
	size_t nunits;
	size_t piece;	 /* units */
	uint8_t *state;	 /* enum ex_unit, of each unit */
	uint16_t *tries; /* reads of it alone that failed */
	uint8_t *gone;	 /* times the source went away over it */
	size_t at, to;	 /* units of the last read */
	int is_over;	 /* the source ends where the window does */
	struct ex_err over;
	/* Larger reads that failed: units. */
	struct {
		size_t from, to;
	} span[EX_WINDOW_SPANS];
	size_t nspans;
};

/* Bytes of units from..to. */
size_t ex_imaging_window_bytes(
    const struct ex_imaging_window *w, size_t from, size_t to);

void ex_imaging_window_mark(
    struct ex_imaging_window *w, size_t from, size_t to, enum ex_unit state);

/*
 * Try everything that is not settled yet.  EX_GOT_ALL: each unit is settled,
 * well or not; EX_GOT_GONE and EX_GOT_ERROR end it in the middle.
 */
enum ex_got ex_imaging_passes(struct ex_imaging_reader *r, struct ex_err *err);

#endif
