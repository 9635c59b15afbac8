/*
 * hardware.h -- what is tested on the scripted drive alone, because no machine
 * that builds this has the hardware; said wherever validation is told.
 */
#ifndef INTAKE_HARDWARE_H
#define INTAKE_HARDWARE_H

#include <stddef.h>

/* The mark itself, as machines read it. */
#define EX_HARDWARE_MARK "not_validated_on_hardware"

struct ex_hardware_mark {
	const char *id;	   /* "hpa": stable, for machines */
	const char *check; /* of the checklist of imaging: "A-07" */
	const char *en, *zh;
};

/* All of them, *n long.  Borrowed for ever. */
const struct ex_hardware_mark *ex_hardware_marks(size_t *n);

/* The one of this id, or NULL: it was validated, or there is no such thing. */
const struct ex_hardware_mark *ex_hardware_mark(const char *id);

#endif
