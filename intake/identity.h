/*
 * identity.h -- what is known of a medium, and of each value how.
 *
 * A value that nobody told is unknown and never guessed: a bridge that errs,
 * answers nonsense or contradicts itself leaves it so.  Of several
 * that tell, the drive itself is believed before the bridge, and that before
 * the kernel and udev, who only repeat.
 */
#ifndef INTAKE_IDENTITY_H
#define INTAKE_IDENTITY_H

#include <stdint.h>

#include "intake/ata.h"
#include "intake/command.h"

struct ex_source;

/* A yes or no that may be unknown: never taken for either. */
enum ex_known {
	EX_UNKNOWN,
	EX_NO,
	EX_YES
};

/* Who told a value. */
enum ex_learned {
	EX_LEARNED_NOT, /* nobody */
	EX_LEARNED_FILE,
	EX_LEARNED_KERNEL, /* an ioctl of the block layer */
	EX_LEARNED_SYSFS,
	EX_LEARNED_UDEV,
	EX_LEARNED_COMMAND /* + enum ex_command: the drive, asked so */
};

/* What there is to know. */
enum ex_trait {
	EX_TRAIT_SIZE,
	EX_TRAIT_SECTOR,
	EX_TRAIT_PHYSICAL,
	EX_TRAIT_READ_ONLY,
	EX_TRAIT_REMOVABLE,
	EX_TRAIT_BY_ID,
	EX_TRAIT_TRANSPORT,
	EX_TRAIT_VENDOR,
	EX_TRAIT_MODEL,
	EX_TRAIT_SERIAL,
	EX_TRAIT_FIRMWARE,
	EX_TRAIT_DRIVE_SECTORS,
	EX_TRAIT_NATIVE,
	EX_TRAIT_FACTORY,
	EX_TRAIT_HPA,
	EX_TRAIT_DCO,
	EX_TRAIT_SECURITY,
	EX_TRAIT_SMART,
	EX_TRAIT_ROTATION,
	EX_TRAITS
};

/* ATA's security feature set: a locked drive delivers nothing. */
enum ex_security {
	EX_SECURITY_UNKNOWN,
	EX_SECURITY_NOT_SUPPORTED,
	EX_SECURITY_OFF,    /* no password is set */
	EX_SECURITY_OPEN,   /* one is set, and was given */
	EX_SECURITY_LOCKED, /* one is set: nothing can be read */
	EX_SECURITY_WORDS
};

/* What the drive itself said; sizes in its own logical sectors, 0: unknown. */
struct ex_drive_facts {
	uint64_t sectors; /* that it lets a host address */
	uint64_t native;  /* before a host protected area was cut off */
	uint64_t factory; /* before its configuration was overlaid */
	enum ex_known hpa, dco;
	enum ex_security security;
	enum ex_known frozen;
	int rotation; /* a minute; 1: nothing turns; 0: unknown */
	struct ex_smart smart;
	/* Of NVMe that can manage namespaces, bytes; 0: unknown. */
	uint64_t nvme_total, nvme_unallocated;
	enum ex_asked asked[EX_COMMANDS];
};

/*
 * Ask the drive behind a source, with commands of intake/command.h alone, and
 * put what it said into s->info.  A source without a way for commands keeps
 * what it has.  Never fails: what does not work is in info.drive.asked.
 */
void ex_identity_learn(struct ex_source *s);

/* Ask again, after reading, how it is: SMART and nothing else. */
void ex_identity_health(struct ex_smart *out, struct ex_source *s);

/* Its name in records: "serial" is "device_serial", a person's in texts. */
const char *ex_trait_name(enum ex_trait fact);

/* "file", "kernel", "sysfs", "udev", "ata_identify", ...; "unknown". */
const char *ex_learned_text(unsigned learned);

const char *ex_known_text(enum ex_known known);
/* "passed", "failing", "unknown". */
const char *ex_health_text(enum ex_health health);
/* "unknown", "not_supported", "off", "open", "locked". */
const char *ex_security_text(enum ex_security security);

/* How a serial number as read stands to the one on the label. */
enum ex_match {
	EX_MATCH_UNKNOWN, /* one of them is not known: not compared */
	EX_MATCH_SAME,
	EX_MATCH_DIFFERS
};
/* Case and spaces do not count, everything else does. */
enum ex_match ex_serial_compare(const char *label, const char *read);
/* "unknown", "same", "differs": as signed. */
const char *ex_match_text(enum ex_match match);

#endif
