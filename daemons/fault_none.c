/*
 * fault_none.c -- the product goes on.
 */
#include "daemons/fault.h"

void
ex_fault(const char *place)
{
	(void)place;
}
