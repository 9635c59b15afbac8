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
#include "intake/journal.h"
#include "intake/pack.h"
#include "intake/ring.h"

/* Which attempt at the medium a request is, counted from 1. */
unsigned ex_imaging_attempt(const struct ex_imaging *job);

/* What earlier attempts have come to, in sectors of the source. */
struct ex_imaging_known {
	struct ex_ranges map; /* each sector before end, none behind */
	uint64_t end;
	uint64_t retry_from; /* those filled from here on are tried again */
};

/*
 * Append the map of sectors from..end: as they are known; tried again or never
 * known, as the list says which this attempt found.
 */
int ex_imaging_map(struct ex_ranges *out, const struct ex_imaging_known *k,
    unsigned attempt, const struct ex_ranges *found, uint64_t from,
    uint64_t end, struct ex_err *err);

/* What follows from a request. */
struct ex_imaging_shape {
	uint64_t length;	   /* bytes that shall be read */
	uint32_t sector_size;	   /* of the source, bytes */
	uint32_t container_sector; /* bytes, as an E01 counts */
	uint32_t chunk;		   /* bytes; 0 for raw */
	uint64_t segment_size;	   /* bytes; 0: one file */
	uint32_t granularity;	   /* sectors */
	uint64_t worst;		   /* bytes that one copy takes at most */
	uint64_t least;		   /* and at least */
	uint64_t reserve;	   /* bytes that must stay free while writing */
};

/* EX_USAGE for a request that makes no sense. */
int ex_imaging_shape(struct ex_imaging_shape *shape,
    const struct ex_imaging *job, struct ex_err *err);

/* Say which folders may turn out too small. */
void ex_imaging_doubt(
    const struct ex_imaging *job, const struct ex_imaging_shape *shape);

/* Bytes that a user may still write below a folder. */
int ex_imaging_free_bytes(uint64_t *out, const char *dir, struct ex_err *err);

enum {
	EX_IMAGING_WINDOW = 4
			    << 20, /* bytes settled together after a failure */
	EX_IMAGING_PROBE = 4096	   /* bytes of a place read again */
};

/* A place that was read well, to be read again when the source is doubted. */
struct ex_imaging_probe {
	uint64_t off; /* in the source */
	size_t n;     /* bytes; 0: none yet */
	uint8_t bytes[EX_IMAGING_PROBE];
};

struct ex_imaging_window;

/* Reading a source block by block, as exactly as it lets itself be read. */
struct ex_imaging_reader {
	const struct ex_imaging *job;
	struct ex_imaging_shape shape;
	struct ex_ranges *bad;
	uint64_t done;	    /* bytes read or given up, from the offset on */
	uint64_t delivered; /* bytes that really came */
	int ended;	    /* the source was over before its end */
	int ends;	    /* it will have, when the window is handed out */
	int gone;	    /* because it went away, and may come another day */
	struct ex_err why;
	/* The rest starts as zeroes. */
	struct ex_imaging_window *window; /* NULL before the first trouble */
	struct ex_imaging_probe first, last;
	struct ex_source *asked; /* by probes; NULL: the job's */
	uint64_t probe_from;	 /* byte that probes may be taken from */
	uint64_t limit_from; /* byte of the source that bad_limit begins at */
	uint64_t lost;	     /* sectors given up so far */
	uint64_t failed;     /* reads that failed */
	int64_t slowest;     /* microseconds of the slowest read */
	unsigned returns;    /* times that the source went and came back */
	uint64_t gone_at;    /* where it went away last, and how often */
	unsigned gone_there; /* in a row */
};

/*
 * Fill buf with the next n bytes at most; *got of them came before the source
 * ended.  -1: nothing more can be done (err), EX_STATE when stopped.
 */
int ex_imaging_read(struct ex_imaging_reader *r, void *buf, size_t n,
    size_t *got, struct ex_err *err);
/* What it holds beside itself. */
void ex_imaging_reader_free(struct ex_imaging_reader *r);

/* One read of the source, counted and timed; EX_GOT_ERROR when stopped. */
enum ex_got ex_imaging_read_once(struct ex_imaging_reader *r, void *buf,
    size_t n, uint64_t off, struct ex_err *err);

/*
 * Settle the bytes from off of the source on, at most max of them, a read of
 * the first n having failed; see imaging_window.c.  Afterwards
 * ex_imaging_window_take() hands them out in order: how many bytes it put
 * into buf; 0 when no more are there.  -1 as ex_imaging_read().
 */
int ex_imaging_settle(struct ex_imaging_reader *r, uint64_t off, size_t n,
    uint64_t max, struct ex_err *err);
size_t ex_imaging_window_take(struct ex_imaging_window *w, void *buf, size_t n);
size_t ex_imaging_window_left(const struct ex_imaging_window *w);
void ex_imaging_window_free(struct ex_imaging_window *w);

/* The image ends where the source has ended or went away for good. */
void ex_imaging_note_end(struct ex_imaging_reader *r, const struct ex_err *why);

/* Remember a place of a block that came at once. */
void ex_imaging_probe_note(
    struct ex_imaging_reader *r, const uint8_t *buf, size_t n, uint64_t off);

/*
 * The same of a run whose first bytes are not the source's: a place of its
 * map that the source gives now.  From here on s itself is asked.
 */
void ex_imaging_probe_known(struct ex_imaging_reader *r, struct ex_source *s,
    const struct ex_ranges *map);

/*
 * Does the source still answer where it did?  1; 0; -1 and EX_CONFLICT when
 * it gives other bytes there.  1 when nothing is known of it yet.
 */
int ex_imaging_answers(struct ex_imaging_reader *r, struct ex_err *err);

/*
 * The source went away: wait for it as long as the request says.  1: it is
 * back and the same; 0: it is not, err says what became of it; -1: stopped.
 */
int ex_imaging_wait(struct ex_imaging_reader *r, struct ex_err *err);

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

/* What the destinations and the reader of one run share. */
struct ex_imaging_shared {
	pthread_mutex_t guard;
	int alive;		/* destinations that still take blocks */
	int pausing;		/* nothing more comes; keep what there is */
	struct ex_ranges noted; /* ranges of the source, as far as read */
	const struct ex_imaging_known *known;
};

/* One destination while it is written. */
struct ex_imaging_copy {
	const struct ex_imaging *job;
	const struct ex_imaging_shape *shape;
	struct ex_image_copy *out;
	struct ex_ring *ring;
	const struct ex_container_ops *ops;
	void *self;
	const struct ex_container_end *end;
	struct ex_imaging_shared *shared;
	char temp[EX_PATH]; /* "" when there is none */
	int lock;	    /* descriptor that holds temp; -1 */
	int consumer;
	int is_running;
	pthread_t thread;
	/* How far it is; bytes of the media. */
	int journal;   /* descriptor, or -1 */
	int is_broken; /* a write failed: its last mark is what holds */
	uint64_t written, marked;
	struct ex_ranges known; /* map of the source, by the journal */
};

/*
 * The journal of a copy: begun, or read and gone on with.  Of a resume *mark
 * is where the copy stands, its chunks borrowed from *j; EX_STATE when it is
 * of another source or of another request, else it is of no use.
 */
int ex_imaging_state_begin(struct ex_imaging_copy *c, struct ex_err *err);
int ex_imaging_state_resume(
    struct ex_imaging_copy *c, struct ex_journal *j, struct ex_err *err);
/* What the journal of a half image says; nothing is changed. */
int ex_imaging_state_look(struct ex_journal *j, const struct ex_imaging *job,
    const struct ex_imaging_shape *shape, const char *folder,
    struct ex_err *err);

/* All that was written is on disk, and the journal says so. */
int ex_imaging_state_mark(
    struct ex_imaging_copy *c, int closing, struct ex_err *err);

/* A copy that is begun anew: what it was goes, but for what is read of it. */
int
ex_imaging_clear_copy(const char *dir, const char *name, struct ex_err *err);

/* Segments that have their names already go back into the folder. */
int ex_imaging_take_back(
    const char *dir, const char *name, const char *temp, struct ex_err *err);

/*
 * An image that was written before, read back in order up to that many bytes:
 * of a half one in a folder, which is read through first (EX_DAMAGED), or of
 * job->base.  ex_imaging_layer_read(): 1; 0 when that is not at hand (any
 * more); -1.  The job outlives it.
 */
struct ex_imaging_layer;
int ex_imaging_layer_folder(struct ex_imaging_layer **out,
    const struct ex_imaging *job, const char *dir, uint64_t bytes,
    struct ex_err *err);
int ex_imaging_layer_base(struct ex_imaging_layer **out,
    const struct ex_imaging *job, struct ex_err *err);
int ex_imaging_layer_read(struct ex_imaging_layer *l, void *buf, size_t n,
    uint64_t at, struct ex_err *err);
void ex_imaging_layer_close(struct ex_imaging_layer *l);

enum {
	EX_IMAGING_BEFORES = 4, /* half images that are written anew */
	/* The copy that goes on, those, and an image of before. */
	EX_IMAGING_LAYERS = 1 + EX_IMAGING_BEFORES + 1
};

/* A half image that stepped aside to be written anew. */
struct ex_imaging_before {
	char path[EX_PATH];
	uint64_t bytes;	      /* of its media */
	struct ex_ranges map; /* of them */
};

/* What a run that goes on takes from those before it.  Starts as zeroes. */
struct ex_imaging_resumed {
	struct ex_imaging_known known;
	int is_layered; /* what is known comes from what was written */
	struct ex_imaging_layer *layer[EX_IMAGING_LAYERS];
	uint64_t layer_end[EX_IMAGING_LAYERS]; /* byte of the source; rising */
	size_t nlayers;
	struct ex_imaging_before before[EX_IMAGING_BEFORES]; /* rising */
	size_t nbefore;
	struct ex_source *head; /* NULL: nothing is known */
	struct ex_imaging job;	/* over it */
};

/*
 * Before the copies are opened: what of the half images is to be written
 * anew, and steps aside.  EX_STATE: they are of another medium or request.
 */
int ex_imaging_resume_begin(struct ex_imaging_resumed *z,
    const struct ex_imaging *job, const struct ex_imaging_shape *shape,
    const struct ex_container_ops *ops, struct ex_err *err);
/*
 * And when they are open: what is known, by the map of the furthest copy,
 * which is in folder temp and goes on from that byte, and by what is below;
 * and the source that gives it.  z->head is NULL when nothing is known.
 */
int ex_imaging_resume_head(struct ex_imaging_resumed *z,
    const struct ex_imaging *job, const struct ex_ranges *copy,
    const char *temp, uint64_t from, struct ex_err *err);
void ex_imaging_resume_end(struct ex_imaging_resumed *z);

/*
 * What came of every sector, put into the outcome of a run that has ended;
 * of one that is paused with all that earlier ones kept.
 */
int ex_imaging_map_outcome(struct ex_imaging_outcome *out,
    const struct ex_imaging_resumed *z, const struct ex_imaging_reader *r,
    int paused, struct ex_err *err);

/*
 * The source with what is known of it: of that, sectors that were filled are
 * not tried again, unless they are to be; others that fail now are an error,
 * since the image has their bytes.  Job and z outlive it.
 */
int ex_imaging_head(struct ex_source **out, const struct ex_imaging *job,
    const struct ex_imaging_resumed *z, struct ex_err *err);

/* Name of the which-th place for those, from 0 on: "before1", ... */
const char *ex_imaging_before_name(size_t which);

/* DIR/.NAME.WHICH, which is "partial" or one of these. */
int ex_imaging_folder(char out[EX_PATH], const char *dir, const char *name,
    const char *which, struct ex_err *err);

/* Hold a folder; -1 and no err when it is not there, EX_CONFLICT when a run
 * does. */
int ex_imaging_lock(const char *path, struct ex_err *err);

/* The container of a request in a folder; borrows from all of them. */
void ex_imaging_plan_container(struct ex_container_plan *plan,
    const struct ex_imaging *job, const struct ex_imaging_shape *shape,
    const char *folder);

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
/* The run ends before the source does: keep what is there.  When joined. */
void ex_imaging_copy_keep(struct ex_imaging_copy *c);
/* Segments of a copy that is not good go again. */
void ex_imaging_copy_forget(struct ex_imaging_copy *c);
/* Remove what is left of a copy that is neither good nor to be kept. */
void ex_imaging_copy_close(struct ex_imaging_copy *c);

#endif
