/*
 * fault.h -- places where a test kills the sequencer, in their order.
 *
 * Only exhibit-sequencer-fault, which is never installed, has them: there the
 * environment's EXHIBIT_FAULT names the one where it kills itself, as a power
 * cut would.
 */
#ifndef DAEMONS_FAULT_H
#define DAEMONS_FAULT_H

#define EX_FAULT_ADMITTED "admitted" /* a round is written, not committed */
#define EX_FAULT_INDEXED  "indexed"  /* committed; the store knows nothing */
#define EX_FAULT_STORED	  "stored"   /* the store has it; not signed */
#define EX_FAULT_SIGNED	  "signed"   /* signed; the note is nowhere */
#define EX_FAULT_NOTED	  "noted"    /* the note is committed */

#ifdef EX_FAULTS
void ex_fault(const char *name);
#else
static inline void
ex_fault(const char *name)
{
	(void)name;
}
#endif

#endif
