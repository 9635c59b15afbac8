/*
 * scsi.h -- what a SCSI device or a bridge answers, read.
 *
 * As ata.h: pure functions over hostile bytes.  Paragraphs of SPC-5.
 */
#ifndef INTAKE_SCSI_H
#define INTAKE_SCSI_H

#include "base/buf.h"
#include "base/err.h"

struct ex_scsi_inquiry {
	char vendor[9], product[17], revision[5];
	int removable;
	int type; /* peripheral device type: 0 is a disk */
};

/* Standard INQUIRY data (6.7.2), 36 bytes at least. */
int ex_scsi_read_inquiry(
    struct ex_scsi_inquiry *out, struct ex_span answer, struct ex_err *err);

/* Vital product data page 80h, unit serial number (7.7.19), into size bytes. */
int ex_scsi_read_serial(
    char *out, size_t size, struct ex_span answer, struct ex_err *err);

#endif
