/*
 * command.h -- the commands that a drive is ever sent: a closed list.
 *
 * Nobody can send another one: callers name a command of this list, its bytes
 * stand in one table, and the same table is asked again where they go out to
 * the kernel.  None of them writes to the medium or changes what the drive
 * keeps; each may be refused, and then something stays unknown.
 */
#ifndef INTAKE_COMMAND_H
#define INTAKE_COMMAND_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct ex_source;

enum ex_command {
	EX_COMMAND_INQUIRY,
	EX_COMMAND_SERIAL,	 /* vital product data page 80h */
	EX_COMMAND_ATA_IDENTIFY, /* IDENTIFY DEVICE */
	EX_COMMAND_ATA_NATIVE,	 /* READ NATIVE MAX ADDRESS */
	EX_COMMAND_ATA_NATIVE_EXT,
	EX_COMMAND_ATA_AMAC, /* GET NATIVE MAX ADDRESS EXT */
	EX_COMMAND_ATA_DCO,  /* DEVICE CONFIGURATION IDENTIFY */
	EX_COMMAND_ATA_SMART_DATA,
	EX_COMMAND_ATA_SMART_STATUS,
	EX_COMMAND_NVME_CONTROLLER, /* Identify, CNS 01h */
	EX_COMMAND_NVME_NAMESPACE,  /* Identify, CNS 00h */
	EX_COMMAND_NVME_SMART,	    /* Get Log Page 02h */
	EX_COMMANDS
};

enum {
	EX_COMMAND_BYTES = 16,
	EX_COMMAND_DATA = 4096, /* bytes of the longest answer */
	EX_COMMAND_SENSE = 64,
	EX_COMMAND_MS = 15000 /* a drive that sleeps takes ten seconds */
};

/* As it goes out. */
struct ex_command_request {
	int nvme; /* an admin command of NVMe; else a CDB for SG_IO */
	uint8_t cdb[EX_COMMAND_BYTES];
	size_t ncdb;
	uint8_t opcode; /* of NVMe */
	uint32_t cdw10;
	int one_namespace; /* nsid is the device's own; else all, or none */
	uint32_t nsid;	   /* unless one_namespace */
	size_t ndata;	   /* bytes that may come back; nothing goes out */
};

/* As it comes back. */
struct ex_command_reply {
	uint8_t data[EX_COMMAND_DATA];
	size_t ndata; /* bytes that came */
	uint8_t sense[EX_COMMAND_SENSE];
	size_t nsense;
	int refused; /* the device ended it with an error */
};

/* What became of a question; EX_ASKED_NOT is 0. */
enum ex_asked {
	EX_ASKED_NOT,	  /* nobody asked: it is not that kind of drive */
	EX_ASKED_OK,	  /* the answer is what it should be */
	EX_ASKED_REFUSED, /* the drive or the bridge does not do it */
	EX_ASKED_BAD,	  /* an answer came that cannot be one */
	EX_ASKED_DENIED,  /* this user may not ask */
	EX_ASKED_NO_WAY	  /* no such commands can be sent there */
};
/* "not_asked", "ok", "refused", "bad_answer", "not_permitted", "no_way". */
const char *ex_asked_text(enum ex_asked asked);

/* "ata_identify": as it is recorded. */
const char *ex_command_name(enum ex_command c);
/* "IDENTIFY DEVICE": as its standard calls it. */
const char *ex_command_title(enum ex_command c);

/* The bytes of a command. */
void ex_command_make(struct ex_command_request *out, enum ex_command c);

/*
 * Is the request, byte for byte, one of the list?  1 or 0.  Asked last, right
 * before the kernel gets it.
 */
int ex_command_allowed(const struct ex_command_request *r);

/*
 * Send one to what stands behind the source.  EX_ASKED_OK when an answer
 * came, which may still be wrong: the caller reads it.  For those that answer
 * in registers reply->sense has them.
 */
enum ex_asked ex_command_send(
    struct ex_source *s, enum ex_command c, struct ex_command_reply *reply);

#endif
