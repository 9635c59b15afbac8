/*
 * drive_line.h -- the scripted drive's other wire: commands, and a bridge
 * that passes them on, or errs.
 *
 * It takes the bytes apart by itself, as a drive does, and keeps count of
 * everything that it does not know to be harmless: whatever would write,
 * erase, lock, resize, test or change what the drive keeps, and whatever it
 * has never heard of.
 */
#ifndef TESTS_INTAKE_DRIVE_LINE_H
#define TESTS_INTAKE_DRIVE_LINE_H

#include <stddef.h>
#include <stdint.h>

#include "intake/command.h"
#include "intake/source.h"

/* What the bridge makes of a command. */
enum manner {
	ANSWERS,       /* as the drive does */
	ERRS,	       /* illegal request, and nothing else */
	ABORTS,	       /* the drive says no, in its registers */
	NO_WAY,	       /* the kernel cannot send it */
	NOT_PERMITTED, /* or may not */
	BLANK,	       /* success, and nothing but zeroes */
	SHORT,	       /* success, and half of it */
	FLIPPED,       /* success, and one bit is another */
	NO_REGISTERS,  /* success, and sense data is left out */
	FIXED_SENSE    /* the old format: 24 bits of an address */
};

struct drive_line {
	int nvme;
	const char *model, *serial, *firmware; /* of the drive */
	const char *bridge, *bridge_serial;    /* INQUIRY; NULL: as the drive */
	uint64_t sectors, native, factory;     /* native 0: as sectors; so on */
	int no_48bit, no_hpa, no_dco, amac, no_smart, no_features;
	unsigned security; /* word 128 */
	int failing, celsius;
	uint32_t pending; /* sectors */
	enum manner manner[EX_COMMANDS];
	/* What was done to it. */
	unsigned sent, harmful;
	unsigned of[EX_COMMANDS]; /* each, as the drive understood it */
};

/* Let what drive_open() gave answer commands too. */
void drive_attach(struct ex_source *s, struct drive_line *line);

/* One request as it would come over the wire. */
enum ex_asked drive_take(struct drive_line *line,
    const struct ex_command_request *r, struct ex_command_reply *reply);

/* Known answers, made by hand: word n, a text of swapped bytes, the sums. */
void put_word(uint8_t *block, size_t n, unsigned value);
void put_le(uint8_t *p, size_t nbytes, uint64_t value);
void put_swapped(uint8_t *block, size_t word, size_t nwords, const char *text);
void put_padded(uint8_t *p, size_t n, const char *text);
void put_integrity(uint8_t *block); /* A5h, and all bytes sum to zero */
void put_sum(uint8_t *block);	    /* the last byte makes them do so */

/* IDENTIFY DEVICE data of the line's drive, 512 bytes. */
void drive_identity(const struct drive_line *line, uint8_t *block);

#endif
