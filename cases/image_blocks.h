/*
 * image_blocks.h -- the map of an image's blocks: kept when it is made, asked
 * when its digest differs.
 */
#ifndef CASES_IMAGE_BLOCKS_H
#define CASES_IMAGE_BLOCKS_H

#include "base/json.h"
#include "cases/image_parts.h"
#include "intake/reader.h"

struct ex_house;

/*
 * Keep the block digests of a reading in the vault, and what is signed of
 * them as "block_map" in fields.  Nothing when the reading has none.
 */
int ex_blocks_keep(struct ex_house *house, struct ex_json *fields,
    const struct ex_verdict *v, struct ex_err *err);

/*
 * How it is with the signed map, and, when the reading has block digests,
 * where it differs from it: into told
 * "block_map" ("none", "ok", "missing", "damaged", "unusable") and
 * "changed_ranges" [{"lba", "count", "from", "to"}], bytes from inclusive, to
 * exclusive.  What is wrong with the map is told there and is no error.
 */
int ex_blocks_locate(struct ex_json *told, struct ex_house *house,
    const struct ex_image *i, const struct ex_verdict *v, struct ex_err *err);

/* Has the image a signed map?  1 or 0. */
int ex_blocks_signed(const struct ex_image *i);

#endif
