/*
 * tsk_parts_tsk.h -- what the files of exhibit-reader that know libtsk share.
 */
#ifndef INTAKE_TSK_PARTS_TSK_H
#define INTAKE_TSK_PARTS_TSK_H

#include <tsk/libtsk.h>

#include "intake/catalogue_work.h"

/* An image of ours as libtsk sees it; NULL: out of memory. */
TSK_IMG_INFO *ex_tsk_image(struct ex_cat_work *w);

/*
 * One that libtsk itself opens by its descriptor: "vhd"; name is "" when it is
 * none.  NULL with a name: libtsk cannot open it.
 */
TSK_IMG_INFO *ex_tsk_image_of_its_own(struct ex_cat_work *w, char name[16]);

/* All files of a file system: files_tsk.c. */
void ex_tsk_walk(struct ex_cat_work *w, TSK_FS_INFO *fs, uint32_t volume);

/*
 * A line out of what the name alone tells, and with what its metadata do;
 * orphans: it lies among those without a name.  Texts borrow from libtsk.
 */
void ex_tsk_fill_name(struct ex_file *f, const struct ex_catalogue_place *place,
    const TSK_FS_NAME *name, int orphans);
void ex_tsk_fill_meta(struct ex_file *f, TSK_FS_FILE *file, int orphans);
struct ex_span ex_tsk_span(const char *text, size_t max);

/*
 * Content, runs, digests, type of a file's attribute into w->file, whose
 * place, kind and flags are set: content_tsk.c.
 */
void ex_tsk_content(
    struct ex_cat_work *w, TSK_FS_FILE *file, const TSK_FS_ATTR *attr);

/* How finely a kind of file system keeps times. */
struct ex_resolution ex_tsk_resolution(TSK_FS_TYPE_ENUM type);

/* libtsk's last words, one line; "" when it said nothing. */
const char *ex_tsk_error(void);

#endif
