/*
 * folder.h -- a temporary folder of a test, and files in it.
 */
#ifndef TESTS_INTAKE_FOLDER_H
#define TESTS_INTAKE_FOLDER_H

#include <stddef.h>

#include "base/buf.h"
#include "base/file.h"

/* Make a folder that is removed when the program ends; its path. */
const char *folder(void);

/* The path of a name in it, in one of a few buffers that take turns. */
const char *in_folder(const char *name);

/* Make, or make anew, an empty folder of that name in it; its path. */
const char *fresh(const char *name);

/* Names in a folder, "." and ".." left out. */
size_t count_names(const char *path);

/* The whole of a file; fails the test when it cannot be read. */
void read_whole(struct ex_buf *out, const char *path);

#endif
