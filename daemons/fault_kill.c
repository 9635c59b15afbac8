/*
 * fault_kill.c -- the test build dies where it is told to.
 */
#include "daemons/fault.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

void
ex_fault(const char *place)
{
	const char *name = getenv("EXHIBIT_FAULT");

	if (name != NULL && strcmp(name, place) == 0)
		(void)raise(SIGKILL);
}
