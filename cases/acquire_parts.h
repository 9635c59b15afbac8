/*
 * acquire_parts.h -- an acquisition under way; for cases/acquire*.c and
 * cases/verify.c alone.
 */
#ifndef CASES_ACQUIRE_PARTS_H
#define CASES_ACQUIRE_PARTS_H

#include "base/codec.h"
#include "cases/acquire.h"
#include "cases/act.h"
#include "intake/imaging.h"
#include "intake/extent.h"
#include "intake/reader.h"
#include "intake/source.h"

struct ex_image;

struct ex_acquiring {
	const struct ex_acquire *a;
	struct ex_house *house;
	struct ex_json *item; /* its fact, before */
	char image[EX_ITEM_MAX + 1];
	char id[EX_UUID_TEXT];	 /* of the acquisition */
	int in_vault;		 /* or in the directories asked for */
	int lock;		 /* of its file of work, or -1 */
	size_t room_from;	 /* bytes of that file, before the room */
	struct ex_acquire given; /* of a resume: with what it was begun */
	struct ex_json *work;	 /* its file of work, which lends them */
	char source_path[EX_PATH];
	unsigned resumes;	  /* times that it was gone on with */
	struct ex_json *attempts; /* leaves of starts at this medium, this
				   * one's last; NULL before the first */
	char base_name[EX_ITEM_MAX + 1]; /* image that it goes on from, or "" */
	struct ex_image *base_image;
	struct ex_imaging_base base;
	char base_serial[2 * EX_SOURCE_TEXT]; /* of its medium, as shown */
	uint64_t base_size, base_sector;      /* bytes */
	int has_left; /* files that nobody has told of yet */
	char path[EX_IMAGING_DESTINATIONS][EX_PATH]; /* absolute */
	const char *dir[EX_IMAGING_DESTINATIONS];    /* the same */
	size_t ndir;
	char label[256];   /* serial as announced, or "" */
	const char *match; /* "same", "differs", "unknown" */
	struct ex_source *source;
	char in_use[EX_ERR_TEXT]; /* for what, of a running system; or "" */
	const char *method;	  /* "physical", ... */
	const char *method_by;	  /* how that is known */
	char blocker_serial[256]; /* of the write blocker, or "" */
	struct ex_smart smart;	  /* after reading */
	struct ex_imaging job;
	struct ex_imaging_outcome out;
	/* What reading back gave, a copy each. */
	struct ex_verdict verdict[EX_IMAGING_DESTINATIONS];
	int verified; /* 1: every good copy was read back and is the same */
	double verify_seconds;
	int was_reread; /* second says what that gave */
	struct ex_imaging_second second;
};

/* Progress as the caller wants it; arg is a phase. */
struct ex_acquire_phase {
	const struct ex_acquire *a;
	const char *name;
	uint64_t before; /* bytes of copies that were read back already */
	uint64_t copies; /* that take part in it */
	/* Of reading: what is known to be bad, and how much of it was told. */
	const struct ex_ranges *bad;
	size_t told;
};
void ex_acquire_progress(void *arg, uint64_t done, uint64_t total);

/* Read every copy back and compare; the outcome is then what is left. */
void ex_acquire_check(struct ex_acquiring *q);

/* Read the source once more, where that was asked for and makes sense. */
void ex_acquire_again(struct ex_acquiring *q);

/* 1 when the source is not what it was: other bytes, or another size. */
int ex_acquire_is_unstable(const struct ex_acquiring *q);

/* Why it is not as it should be: of the run, else of the second reading. */
const struct ex_err *ex_acquire_why(const struct ex_acquiring *q);

/* What acquire_end and the summary say of it; nothing where there is none. */
int ex_acquire_put_again(
    struct ex_json *v, const struct ex_acquiring *q, struct ex_err *err);

/*
 * DIR/pending/.IMAGE.acquiring: where a run writes, held under a lock while it
 * lives.  What a run that died left in its folders is found by it.
 *
 * ex_acquiring_begin() also keeps room on the house's disk for what is to be
 * signed, EX_LIMIT when there is none; ex_acquiring_free_room() gives it back.
 */
int ex_acquiring_begin(struct ex_acquiring *q, struct ex_err *err);
void ex_acquiring_free_room(struct ex_acquiring *q);

/*
 * Of a resume: find the file of work of an acquisition, hold it, and fill in
 * what it was begun with.  EX_ABSENT: nothing of it is on this machine;
 * EX_CONFLICT: a run of it lives.
 */
int
ex_acquiring_find(struct ex_acquiring *q, const char *id, struct ex_err *err);
enum {
	EX_ACQUIRING_MAX = 256 * 1024 /* bytes of such a file: long paths */
};
/* What it keeps for that, put into it. */
int ex_acquiring_put_job(
    struct ex_json *v, const struct ex_acquiring *q, struct ex_err *err);
/* A path as it keeps them, in hexadecimal; -1 when it is none. */
int ex_acquiring_path(char out[EX_PATH], const struct ex_json *v);
/* The image whose file of work has this name; 0 when it is none. */
int ex_acquiring_image_of(char image[EX_ITEM_MAX + 1], const char *name);
/*
 * The image that this imaging goes on from: found, compared with what was
 * signed of it (EX_DAMAGED), and what is known of each of its sectors;
 * acquire_base.c.  ex_acquire_base_end() releases it.
 */
int ex_acquire_base(struct ex_acquiring *q, struct ex_err *err);
/* When the source is open: it is the medium that the image is of; EX_STATE. */
int ex_acquire_base_same(const struct ex_acquiring *q, struct ex_err *err);
void ex_acquire_base_end(struct ex_acquiring *q);

/* One start of imaging more, at the end of the list; NULL is made. */
int ex_acquire_add_attempt(
    struct ex_json **attempts, const uint8_t leaf[EX_HASH], struct ex_err *err);

/* Which attempt each sector is from, where there were several. */
int ex_acquire_put_attempts(
    const struct ex_acquiring *q, struct ex_json *f, struct ex_err *err);

/* The source is the one that it was begun with: EX_STATE. */
int ex_acquiring_same(const struct ex_acquiring *q, struct ex_err *err);
/* Has the image a file of work, an import's too, or one in DIR/pending?  1, 0
 * or -1. */
int ex_acquiring_exists(
    struct ex_house *house, const char *image, struct ex_err *err);
void ex_acquiring_end(struct ex_acquiring *q);

/*
 * Remove what runs that died have left of an item: half images, whole ones
 * that were never signed, and their files of work.  Those of the acquisition
 * going (its id; may be NULL) stay.  *n is how many files and folders went.
 * EX_CONFLICT when a run of the item is alive.
 */
int ex_acquiring_clear(size_t *n, struct ex_house *house, const char *item,
    const char *going, struct ex_err *err);

/*
 * 1 when no living run holds the image, which is then held in *lock until
 * ex_acquiring_settle(); 0 when one does.  *lock may be -1.
 */
int ex_acquiring_hold(
    int *lock, struct ex_house *house, const char *image, struct ex_err *err);
/* Its end is signed: only the file of work goes.  Closes lock. */
int ex_acquiring_settle(
    struct ex_house *house, const char *image, int lock, struct ex_err *err);

/* The acquire_start entry: what is known before the first byte. */
int ex_acquire_start(struct ex_acquiring *q, struct ex_err *err);

/*
 * Open the source, and judge it: where it lies, what uses it, how much
 * of a medium it is, and the write blocker that is named; acquire_source.c.
 */
int ex_acquire_open(struct ex_acquiring *q, struct ex_err *err);

/* What is known of it, and how, in acquire_start; its personal texts. */
int ex_acquire_put_source(
    const struct ex_acquiring *q, struct ex_json *f, struct ex_err *err);
int ex_acquire_put_source_texts(
    const struct ex_acquiring *q, struct ex_json *t, struct ex_err *err);

/* How it is after reading, in acquire_end. */
int ex_acquire_put_after(
    const struct ex_acquiring *q, struct ex_json *f, struct ex_err *err);

/*
 * Flat objects: what a source says of itself without what names it alone;
 * who said each value; SMART's counts, empty when there are none.
 */
int ex_device_json(
    struct ex_json **out, const struct ex_source_info *i, struct ex_err *err);
int ex_learned_json(
    struct ex_json **out, const struct ex_source_info *i, struct ex_err *err);
int ex_smart_json(
    struct ex_json **out, const struct ex_smart *s, struct ex_err *err);

/* How much of a medium a source is: "physical", ..., and how that is known. */
void ex_method_of(
    const char **method, const char **by, struct ex_source *s, int whole);

/* Facts about this machine and program, without what is personal. */
int ex_acquire_environment(struct ex_json **out, struct ex_err *err);

/* What came of it, as DIR/pending keeps it: acquire_result.c. */
int ex_acquired_write(
    struct ex_acquiring *q, char file[EX_PATH], struct ex_err *err);

/*
 * Sign and submit what a file in DIR/pending says.  event (may be NULL) is the
 * leaf of acquire_end; all zeroes when that was done before, or something else
 * ended the acquisition.  The file stays.
 */
int ex_acquired_finish(struct ex_house *house, const char *file,
    uint8_t event[EX_HASH], struct ex_err *err);

/* It is signed: the file goes, and its file of work before it. */
int ex_acquired_remove(struct ex_house *house, const char *file,
    const char *image, int lock, struct ex_err *err);

/* It is signed, and to be gone on with: its file of work stays. */
int ex_acquired_forget(const char *file, struct ex_err *err);

/* The summary of exhibit(1), and its exit status. */
int
ex_acquire_tell(struct ex_json **out, int *status, const struct ex_acquiring *q,
    const uint8_t event[EX_HASH], struct ex_err *err);

/*
 * A list under name, or, when it is long, its digest under list_name and its
 * text in the vault; an empty one is left out.  Takes list over.
 */
int
ex_list_put(struct ex_house *house, struct ex_json *fields, const char *name,
    const char *list_name, struct ex_json *list, struct ex_err *err);

/* {alg, value} of each digest. */
int ex_digests_json(struct ex_json **out, const struct ex_digest_value *d,
    size_t n, struct ex_err *err);

/* {lba, count, attempt} of a map: where the attempt changes. */
int ex_origins_json(
    struct ex_json **out, const struct ex_ranges *map, struct ex_err *err);

/* {lba, count, status} of each range. */
int ex_ranges_json(
    struct ex_json **out, const struct ex_ranges *r, struct ex_err *err);

/* {name or path, sha256, size} of each segment: signed by name, told by path. */
int ex_segments_json(struct ex_json **out, const struct ex_image_copy *c,
    int with_path, struct ex_err *err);

/* Is the reading what the digests say?  1 or 0. */
int ex_reading_agrees(
    const struct ex_verdict *v, const struct ex_digest_value *want, size_t n);

#endif
