/*
 * extension.h -- what the end of a file's name promises of its content.
 */
#ifndef INTAKE_EXTENSION_H
#define INTAKE_EXTENSION_H

#include "intake/catalogue.h"

/*
 * Does the extension belong to another type than the content has?  1, or 0
 * also where either is not one of those that we know for sure.
 */
int ex_extension_differs(const struct ex_file *f);

#endif
