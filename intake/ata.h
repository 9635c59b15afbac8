/*
 * ata.h -- what an ATA drive answers, read.
 *
 * Pure functions over bytes and their length: no device, no state.  The bytes
 * come from a drive or a bridge and are hostile.  Each returns 0 with *out
 * filled, or -1 and EX_FORMAT when the answer is not what it should be; then
 * nothing may be concluded from it.  Word n is bytes 2n and 2n+1,
 * little-endian.  Paragraphs are those of ACS-4 (INCITS 529) and SAT-4.
 */
#ifndef INTAKE_ATA_H
#define INTAKE_ATA_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum {
	EX_ATA_BLOCK = 512, /* bytes of IDENTIFY, DCO and SMART data */
	EX_SMART_COUNTS = 12
};

/* IDENTIFY DEVICE (7.13). */
struct ex_ata_identity {
	char model[41], serial[21], firmware[9];
	uint64_t sectors; /* that a host may address now; 0: not said */
	uint32_t sector_size, physical_sector_size; /* bytes */
	int has_48bit;
	/* Words 82-87 are valid: without, no feature is known. */
	int says_features;
	int hpa;      /* host protected area feature set supported */
	int amac;     /* accessible max address configuration supported */
	int dco;      /* device configuration overlay supported */
	int smart;    /* supported */
	int smart_on; /* enabled */
	int rotation; /* 1: no rotating medium; > 1024: a minute; 0: not said */
	int checked;  /* its own checksum was there and right */
	/* Word 128. */
	int security, security_on, locked, frozen, count_expired;
};
int ex_ata_read_identity(
    struct ex_ata_identity *out, struct ex_span answer, struct ex_err *err);

/* The registers that come back with sense data (SAT-4 12.2.2.7). */
struct ex_ata_registers {
	uint8_t error, status, device;
	uint16_t count;
	uint64_t lba;
	/* 1: all 48 bits are there; 0: fixed-format sense, 24 bits of them,
	 * more_lba when others are not zero. */
	int whole;
	int more_lba;
};

/*
 * Out of sense data, in descriptor or fixed format.  A command that the drive
 * aborted is told in status and error, with 0.
 */
int ex_ata_read_registers(
    struct ex_ata_registers *out, struct ex_span sense, struct ex_err *err);

/* Did the command that left these end without an error?  1 or 0. */
int ex_ata_went_well(const struct ex_ata_registers *r);

/*
 * READ NATIVE MAX ADDRESS (EXT) and GET NATIVE MAX ADDRESS EXT: sectors of the
 * native area, one more than the address in the registers.  wide: 48-bit.
 */
int ex_ata_read_native(uint64_t *sectors, const struct ex_ata_registers *r,
    int wide, struct ex_err *err);

/* DEVICE CONFIGURATION IDENTIFY (ACS-2 7.10.3): sectors as it was made. */
int
ex_ata_read_dco(uint64_t *sectors, struct ex_span answer, struct ex_err *err);

enum ex_health {
	EX_HEALTH_UNKNOWN,
	EX_HEALTH_PASSED,
	EX_HEALTH_FAILING /* the drive says that it will fail, or has */
};

/* What a drive counts of itself; names are ours, values as it says. */
struct ex_smart {
	enum ex_health health;
	int has_temperature;
	int temperature; /* degrees Celsius */
	struct {
		const char *name;
		uint64_t value;
	} count[EX_SMART_COUNTS];
	size_t ncounts;
};

/* SMART RETURN STATUS (7.48.8): the two patterns; anything else is unknown. */
enum ex_health ex_ata_read_health(const struct ex_ata_registers *r);

/*
 * SMART READ DATA (7.48.6).  The standard defines the checksum and leaves the
 * attributes to the makers; read here is the table that all of them use:
 * thirty entries of twelve bytes from byte 2.  Adds to *out.
 */
int ex_ata_read_smart(
    struct ex_smart *out, struct ex_span answer, struct ex_err *err);

/* Add a count, where there is room; a value over 2^53 cannot be signed. */
void ex_smart_add(struct ex_smart *s, const char *name, uint64_t value);

#endif
