/*
 * source_fd.h -- bytes of an open file or block device; for source.c alone.
 */
#ifndef INTAKE_SOURCE_FD_H
#define INTAKE_SOURCE_FD_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

#include "intake/source.h"

struct ex_source_fd {
	int fd;	    /* -1: it went away */
	int direct; /* of a file, once more, past the page cache; or -1 */
	int is_device;
	uint32_t sector; /* bytes; 0: reads of any size are possible */
	dev_t dev;
};

/* As the read of struct ex_source_ops. */
enum ex_got ex_source_read_fd(const struct ex_source_fd *r, void *buf, size_t n,
    uint64_t off, struct ex_err *err);

#endif
