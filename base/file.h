/*
 * file.h -- whole files, written so that a power cut leaves the old or the
 * new one.
 *
 * Writing goes to a temporary name in the same folder, then fsync, rename,
 * fsync of the folder.  Nothing here ever writes to a path it was given for
 * reading.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * Append the contents of a regular file to out.  EX_ABSENT when it does not
 * exist, EX_LIMIT when it is larger than max bytes, else EX_SYSTEM.
 */
int ex_file_read(
    struct ex_buf *out, const char *path, size_t max, struct ex_err *err);

/* As ex_file_read(), from a descriptor, to its end. */
int ex_fd_read_all(struct ex_buf *out, int fd, size_t max, struct ex_err *err);

/* Replace path atomically and durably by these bytes. */
int ex_file_write(const char *path, const void *data, size_t n, mode_t mode,
    struct ex_err *err);

/* As ex_file_write(), but EX_EXISTS if path is there: nothing is replaced. */
int ex_file_create(const char *path, const void *data, size_t n, mode_t mode,
    struct ex_err *err);

/* Write all n bytes to fd. */
int ex_fd_write_all(int fd, const void *data, size_t n, struct ex_err *err);

/* Make path and what is missing above it; those there already stay as is. */
int ex_dir_make(const char *path, mode_t mode, struct ex_err *err);

/* fsync a folder, or the folder that holds a file. */
int ex_dir_sync(const char *path, struct ex_err *err);
int ex_dir_sync_of(const char *file, struct ex_err *err);

/*
 * Call each() for every name in a folder, sorted bytewise, "." and ".." left
 * out.  Stops at the first -1.  EX_ABSENT when the folder does not exist.
 */
int ex_dir_each(const char *path,
    int (*each)(void *arg, const char *name, struct ex_err *err), void *arg,
    struct ex_err *err);

/* Remove a file or a folder with everything in it; absent is success. */
int ex_remove_tree(const char *path, struct ex_err *err);

/* 1 if something is at path, else 0. */
int ex_file_exists(const char *path);

/*
 * Open (creating it 0600) and lock path exclusively without waiting.
 * Returns the descriptor to keep, or -1: EX_CONFLICT when another process
 * holds it.
 */
int ex_file_lock(const char *path, struct ex_err *err);

/*
 * Write a path made of dir "/" name, or name alone when it is absolute or dir
 * is NULL.  EX_LIMIT when it does not fit.
 */
int ex_path_join(char *out, size_t size, const char *dir, const char *name,
    struct ex_err *err);

/* The part of path after its last '/'.  Borrowed. */
const char *ex_path_base(const char *path);

enum {
	EX_PATH = 4096
}; /* bytes of a path, with its NUL */

#endif
