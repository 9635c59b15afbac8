/*
 * media.h -- the bytes of an image at any place of it, in the jail.
 *
 * What is damaged or missing is never given as zeroes: reading it fails.
 */
#ifndef INTAKE_MEDIA_H
#define INTAKE_MEDIA_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "intake/imaging.h"
#include "intake/reader_proto.h"

struct ex_media;

/*
 * Open what lies at fd[0..n), in order; it stays the caller's.  Errors as of
 * struct ex_reader_image_ops.  done: what was found on the way, which must
 * outlive it.
 */
int ex_media_open(struct ex_media **out, enum ex_container container,
    const int *fd, size_t n, struct ex_reader_done *done, struct ex_err *err);
/*
 * Is it a VMDK, by its first bytes?  Then its media take the place of its own
 * bytes, and 1; else 0.  -1: it cannot be opened, and *m stays.
 */
int ex_media_enter_vmdk(struct ex_media **m, const int *fd, size_t n,
    struct ex_reader_done *done, struct ex_err *err);
void ex_media_close(struct ex_media *m);

uint64_t ex_media_bytes(const struct ex_media *m);
uint32_t ex_media_sector_size(const struct ex_media *m);

/* n bytes from off, all of them or -1: damaged, missing, or behind the end. */
int ex_media_read(struct ex_media *m, void *to, size_t n, uint64_t off);

/* Chunks that reading came across and that are damaged or missing. */
uint64_t ex_media_bad(const struct ex_media *m);

#endif
