/*
 * ewf_parts.h -- what the files that write an E01 through libewf share.
 */
#ifndef INTAKE_EWF_PARTS_H
#define INTAKE_EWF_PARTS_H

#include <stdint.h>

#include "base/file.h"
#include "intake/container.h"

struct ewf {
	intptr_t *handle; /* libewf_handle_t */
	char dir[EX_PATH];
	char name[EX_IMAGING_NAME];
	uint32_t chunk, sector_size;
	uint64_t length;      /* bytes of media that were expected */
	int is_resumed;	      /* libewf was told the length */
	unsigned first, last; /* segments: since the last mark, and of all */
	/* Lengths of the last chunks, as marks have them: all that can be
	 * without a table, and how many came since the last mark. */
	uint32_t *size;
	size_t nsizes, capsizes, since;
	uint64_t media, resumed_at; /* bytes written, and by earlier runs */
	/* Of a resumed one: chunks since libewf opened it, and the segment
	 * that it opened then. */
	size_t opened;
	unsigned reopened;
};

struct ewf *
ex_ewf_new(const struct ex_container_plan *plan, struct ex_err *err);
void ex_ewf_close(void *self);

/* Translate libewf's error, which is consumed. */
int ex_ewf_fail(intptr_t **e, struct ex_err *err, const char *what);

/* How long a chunk is in the file. */
int ex_ewf_note(struct ewf *w, const struct ex_chunk *c, struct ex_err *err);

int ex_ewf_resume(void **self, const struct ex_container_plan *plan,
    const struct ex_mark *mark, struct ex_err *err);
int ex_ewf_goes_on(uint64_t segment_size, const struct ex_mark *mark);
int ex_ewf_settle(const struct ex_container_plan *plan,
    const struct ex_mark *mark, struct ex_err *err);
int
ex_ewf_mark(void *self, struct ex_mark *mark, int closing, struct ex_err *err);

/*
 * libewf counts wrong when the segment that it goes on with gets a second
 * list of chunks: before that it is closed and opened once more.  After each
 * chunk.
 */
int ex_ewf_renew(struct ewf *w, struct ex_err *err);

struct ex_ewf_ending;
int ex_ewf_end_last(
    struct ewf *w, const struct ex_ewf_ending *end, struct ex_err *err);

/*
 * Of what was resumed libewf knows a length; when less came, it is said in
 * every segment.
 */
int ex_ewf_correct_length(struct ewf *w, uint64_t length, struct ex_err *err);

#endif
