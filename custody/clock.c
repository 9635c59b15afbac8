/*
 * clock.c -- what the kernel knows about this machine's clock: a claim that
 * goes into every event beside the time itself.
 */
#include <sys/timex.h>

#include <string.h>

#include "custody/event.h"

static const char *const name[] = {
	[EX_CLOCK_SYSTEM] = "system",
	[EX_CLOCK_NTP] = "ntp",
	[EX_CLOCK_UNSYNCED] = "unsynced",
};

const char *
ex_clock_source_name(enum ex_clock_source source)
{
	return name[source];
}

void
ex_clock_state(enum ex_clock_source *source, int64_t *offset_ms)
{
	struct timex t;
	int64_t unit;
	int state;

	memset(&t, 0, sizeof(t)); /* modes 0: only ask */
	*source = EX_CLOCK_SYSTEM;
	*offset_ms = 0;
	/* A container may forbid even the question: then nothing is known. */
	if ((state = adjtimex(&t)) == -1)
		return;
	if (state == TIME_ERROR || (t.status & STA_UNSYNC) != 0) {
		*source = EX_CLOCK_UNSYNCED;
		return;
	}
	*source = EX_CLOCK_NTP;
	unit = (t.status & STA_NANO) != 0 ? 1000000 : 1000;
	*offset_ms = t.offset / unit;
}
