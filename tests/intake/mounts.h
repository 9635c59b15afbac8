/*
 * mounts.h -- file systems and loop devices of a test, in a mount namespace
 * of its own: nothing of it is left when the test ends.
 */
#ifndef TESTS_INTAKE_MOUNTS_H
#define TESTS_INTAKE_MOUNTS_H

#include <stddef.h>

/*
 * Leave the common mount namespace; as an ordinary user with a user namespace
 * where the kernel lets one have that.  0, or -1 when this machine gives
 * neither.
 */
int mounts_begin(void);

/* A tmpfs of so many bytes at a folder.  0 or -1. */
int mount_tmpfs(const char *dir, size_t nbytes);

/*
 * A loop device over a file; its path, and its descriptor, which keeps it:
 * closing that ends it.  -1 when there are none here.
 */
int loop_open(char *path, size_t size, const char *file, int read_only);

#endif
