/*
 * catalogue_listen.h -- the parent's ear: bytes of a reader that may be
 * hostile, into a catalogue.
 */
#ifndef INTAKE_CATALOGUE_LISTEN_H
#define INTAKE_CATALOGUE_LISTEN_H

#include <stddef.h>
#include <stdint.h>

#include "intake/catalogue.h"
#include "intake/catalogue_proto.h"

enum ex_cat_hearing {
	EX_CAT_HEARD_NOTHING,
	EX_CAT_HEARD_HELLO, /* it is in its jail and opens the image */
	EX_CAT_HEARD_IMAGE, /* it lists */
	EX_CAT_HEARD_DONE,
	EX_CAT_HEARD_FAILED
};

struct ex_cat_listener {
	enum ex_cat_hearing state; /* of this reader */
	struct ex_catalogue *out;  /* the caller's; of all readers */
	size_t volumes;		   /* that this reader told */
	uint64_t largest; /* bytes of media that its files could hold */
	uint64_t read;	  /* bytes of content, of this reader */
	struct ex_catalogue_place at; /* what it said it would do */
	/* The last line of all readers. */
	int has_line;
	struct ex_catalogue_place line;
	uint16_t line_stream;
	/* The folder that its lines are in. */
	int in_folder;
	uint32_t folder_volume, folder;
	struct ex_buf path;
	int (*file)(void *arg, const struct ex_file *f, struct ex_err *err);
	void *file_arg;
	struct ex_err file_err; /* what file() said, not the reader */
	struct ex_cat_failed failed;
	struct ex_file line_buf;
	struct ex_buf buf; /* a frame that is not yet whole */
};

/* A reader is started, perhaps another one: nothing was heard of it yet. */
void ex_cat_listener_begin(struct ex_cat_listener *l);
void ex_cat_listener_free(struct ex_cat_listener *l);

/*
 * Take n more bytes.  -1 with EX_FORMAT when the reader says what it may not;
 * what file() says is passed on, and in file_err.
 */
int ex_cat_listener_feed(
    struct ex_cat_listener *l, const void *data, size_t n, struct ex_err *err);

#endif
