/*
 * sequencer_heads.c -- where every stream ends, for a heads entry.
 */
#include "custody/log.h"
#include "custody/world.h"
#include "daemons/sequencer_parts.h"

int
ex_sequencer_heads(
    struct ex_json **out, struct ex_sequencer *s, struct ex_err *err)
{
	uint8_t root[EX_HASH];
	uint64_t count;

	if ((*out = ex_json_object()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_world_heads(root, &count, s->world, err) == 0 &&
	    ex_json_set_int(*out, "size", (int64_t)s->edge.size, err) == 0 &&
	    ex_json_set_int(*out, "count", (int64_t)count, err) == 0 &&
	    ex_json_set_hex(*out, "root", root, EX_HASH, err) == 0)
		return 0;
	ex_json_free(*out);
	*out = NULL;
	return -1;
}
