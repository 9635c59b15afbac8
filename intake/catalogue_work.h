/*
 * catalogue_work.h -- what the parts of exhibit-reader that catalogue an
 * image share.  Everything here runs inside the jail.
 */
#ifndef INTAKE_CATALOGUE_WORK_H
#define INTAKE_CATALOGUE_WORK_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "intake/catalogue_proto.h"
#include "intake/media.h"
#include "intake/type.h"

struct ex_cat_work {
	struct ex_cat_request request;
	const int *fd; /* the image's files, in order */
	struct ex_typer *typer;
	struct ex_reader_done done;   /* what the container says of itself */
	struct ex_media *media;	      /* the image's bytes */
	int is_vmdk;		      /* 1: they lie in a VMDK */
	struct ex_buf out;	      /* frames that were not yet sent */
	uint64_t bytes;		      /* of the media */
	uint64_t read;		      /* bytes of content, until now */
	struct ex_catalogue_place at; /* where it is */
	struct ex_file file;	      /* the line that is being made */
};

/*
 * All of them end the process when the parent does not listen any more, so
 * that a library's callback needs no way out.
 */

/* What comes next; everything before it is sent. */
void ex_work_at(struct ex_cat_work *w, enum ex_catalogue_step step,
    uint32_t volume, uint32_t folder, uint32_t entry);
/* A sign of life while a file is long. */
void ex_work_read(struct ex_cat_work *w, uint64_t bytes);
/* A finding at the place where the work is; text as printf. */
void ex_work_found(struct ex_cat_work *w, enum ex_catalogue_found what,
    const char *fmt, ...) __attribute__((__format__(__printf__, 3, 4)));
/* Is this place to be left out, because a reader before this one died there? */
int ex_work_avoids(const struct ex_cat_work *w, enum ex_catalogue_step step,
    uint32_t volume, uint32_t folder, uint32_t entry);
/* Are lines of this place wanted, or does the parent know them already? */
int ex_work_wants(const struct ex_cat_work *w, uint32_t volume, uint32_t folder,
    uint32_t entry, uint32_t stream_no);
/* Send what waits. */
void ex_work_flush(struct ex_cat_work *w);
/* Nobody listens, or memory is out. */
void ex_work_give_up(void) __attribute__((__noreturn__));

/* The whole of an image: volume_tsk.c. */
int ex_tsk_catalogue(struct ex_cat_work *w, struct ex_err *err);
/* "libtsk 4.11.1" */
const char *ex_tsk_library(void);

/*
 * What exhibit-reader does when the parent's first frame is a request of this
 * kind: the payload is p[0..n).  0 or -1, which is the exit status 1.
 */
int ex_catalogue_reader(const uint8_t *p, size_t n);

#endif
