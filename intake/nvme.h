/*
 * nvme.h -- what an NVMe controller answers, read.
 *
 * As ata.h: pure functions over hostile bytes.  Figures are those of the NVMe
 * base specification 1.4.
 */
#ifndef INTAKE_NVME_H
#define INTAKE_NVME_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "intake/ata.h"

enum {
	EX_NVME_IDENTIFY = 4096, /* bytes */
	EX_NVME_LOG = 512
};

/* Identify Controller (figure 247). */
struct ex_nvme_controller {
	char model[41], serial[21], firmware[9];
	int says_capacity;    /* namespaces can be managed: both are told */
	uint64_t total;	      /* bytes of the medium */
	uint64_t unallocated; /* bytes that no namespace has */
	uint32_t namespaces;  /* numbers that a namespace may have */
};
int ex_nvme_read_controller(
    struct ex_nvme_controller *out, struct ex_span answer, struct ex_err *err);

/* Identify Namespace (figure 245). */
struct ex_nvme_namespace {
	uint64_t sectors;     /* that a host may address */
	uint32_t sector_size; /* bytes */
	uint32_t metadata; /* bytes beside each, that reading does not give */
};
int ex_nvme_read_namespace(
    struct ex_nvme_namespace *out, struct ex_span answer, struct ex_err *err);

/* SMART / Health Information log (figure 194).  Adds to *out. */
int ex_nvme_read_smart(
    struct ex_smart *out, struct ex_span answer, struct ex_err *err);

#endif
