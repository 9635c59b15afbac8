/*
 * imaging_parts.h -- what the files of one imaging run share.
 */
#ifndef INTAKE_IMAGING_PARTS_H
#define INTAKE_IMAGING_PARTS_H

#include <pthread.h>
#include <stdint.h>

#include "intake/container.h"
#include "intake/hashers.h"
#include "intake/imaging.h"
#include "intake/pack.h"
#include "intake/ring.h"

/* What follows from a request. */
struct ex_imaging_shape {
	uint64_t length;	   /* bytes that shall be read */
	uint32_t sector_size;	   /* of the source, bytes */
	uint32_t container_sector; /* bytes, as an E01 counts */
	uint32_t chunk;		   /* bytes; 0 for raw */
	uint64_t segment_size;	   /* bytes; 0: one file */
	uint32_t granularity;	   /* sectors */
	uint64_t worst;		   /* bytes that one copy takes at most */
	uint64_t reserve;	   /* bytes that must stay free while writing */
};

/* EX_USAGE for a request that makes no sense. */
int ex_imaging_shape(struct ex_imaging_shape *shape,
    const struct ex_imaging *job, struct ex_err *err);

/* Bytes that a user may still write below a folder. */
int ex_imaging_free_bytes(uint64_t *out, const char *dir, struct ex_err *err);

/* Reading a source block by block, as exactly as it lets itself be read. */
struct ex_imaging_reader {
	const struct ex_imaging *job;
	struct ex_imaging_shape shape;
	struct ex_ranges *bad;
	uint64_t done;	    /* bytes read or given up, from the offset on */
	uint64_t delivered; /* bytes that really came */
	int ended;	    /* the source was over before its end */
	struct ex_err why;
};

/*
 * Fill buf with the next n bytes at most; *got of them came before the source
 * ended.  -1: nothing more can be done (err), EX_STATE when stopped.
 */
int ex_imaging_read(struct ex_imaging_reader *r, void *buf, size_t n,
    size_t *got, struct ex_err *err);

/* Threads that pack the chunks of blocks. */
struct ex_imaging_packers;
int ex_imaging_packers_new(struct ex_imaging_packers **out,
    struct ex_ring *ring, const struct ex_imaging_shape *shape,
    enum ex_compression compression, unsigned threads, struct ex_err *err);
int ex_imaging_packers_start(struct ex_imaging_packers *p, struct ex_err *err);
const char *ex_imaging_packers_name(const struct ex_imaging_packers *p);
/* The ring has ended or was stopped. */
void ex_imaging_packers_join(struct ex_imaging_packers *p);
void ex_imaging_packers_free(struct ex_imaging_packers *p);

/* One destination while it is written. */
struct ex_imaging_copy {
	const struct ex_imaging *job;
	const struct ex_imaging_shape *shape;
	struct ex_image_copy *out;
	struct ex_ring *ring;
	const struct ex_container_ops *ops;
	void *self;
	const struct ex_container_end *end;
	char temp[EX_PATH]; /* "" when there is none */
	int lock;	    /* descriptor that holds temp; -1 */
	int consumer;
	int is_running;
	int *alive; /* how many destinations are, under guard */
	pthread_mutex_t *guard;
	pthread_t thread;
};

/* Make the temporary folder and open the container in it. */
int ex_imaging_copy_open(struct ex_imaging_copy *c, struct ex_err *err);
/* Start writing what comes through the ring. */
int ex_imaging_copy_start(struct ex_imaging_copy *c, struct ex_err *err);
void ex_imaging_copy_join(struct ex_imaging_copy *c);
/*
 * End the container, in a thread: digests of the segments, to disk, names.
 * Failures are in out->why; ex_imaging_copy_join() waits.
 */
int ex_imaging_copy_finish(struct ex_imaging_copy *c, struct ex_err *err);
/* Remove what is left of a copy that did not become good. */
void ex_imaging_copy_close(struct ex_imaging_copy *c);

#endif
