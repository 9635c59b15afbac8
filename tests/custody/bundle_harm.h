/*
 * bundle_harm.h -- ways to harm a bundle's folder, and what must be said.
 */
#ifndef TESTS_CUSTODY_BUNDLE_HARM_H
#define TESTS_CUSTODY_BUNDLE_HARM_H

#include "tests/custody/bundles.h"

/* What verify.sh, with stock tools, can see of it. */
enum harm_sh {
	SEES,
	ALSO, /* as the one above; not run */
	BLIND /* it looks at less */
};

/* Does the one who harms make the manifest fit again? */
enum harm_manifest {
	AS_IS,
	FITTED
};

struct harm {
	const char *name;
	/* A shell command, run in the folder.  It may use setbyte FILE
	 * OFFSET: adds one to that byte; $LAST: the number of the last
	 * entry; edit FILE SED: changes a file, and fails if nothing did. */
	const char *command;
	enum harm_manifest manifest;
	const char *code; /* one of the faults or findings */
	enum harm_sh sh;
};

extern const struct harm harms[];
extern const size_t harms_n;

/* Harm a copy of the bundle; its path. */
const char *
harm_bundle(struct scene *s, const char *bundle, const struct harm *h);

/* Make the manifest list what is there now. */
void harm_fit(const char *path);

#endif
