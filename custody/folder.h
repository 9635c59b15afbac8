/*
 * folder.h -- reading a folder that a stranger filled.
 *
 * Nothing outside it is ever opened: paths are relative and of safe names
 * only, and no symbolic link is followed, be it the last part of a path or
 * one before it.  The path of the folder itself is the caller's.
 */
#ifndef CUSTODY_FOLDER_H
#define CUSTODY_FOLDER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "hashing/digest.h"

enum {
	EX_FOLDER_PATH = 208, /* bytes of a path inside, with its NUL */
	EX_FOLDER_DEPTH = 4   /* names of a path at most */
};

/*
 * Is this a path that may be opened: 1 to 4 names of [A-Za-z0-9._-], each
 * beginning with a letter or digit, joined by "/"?  1 or 0.
 */
int ex_folder_path_ok(const char *path);

struct ex_folder {
	int fd;
};

#define EX_FOLDER_INIT \
	{              \
		-1     \
	}

/* EX_ABSENT, EX_FORMAT when it is not a folder. */
int ex_folder_open(struct ex_folder *out, const char *path, struct ex_err *err);
void ex_folder_close(struct ex_folder *f);

/*
 * Append a regular file.  EX_ABSENT; EX_FORMAT for a path that may not be
 * opened, a link or another kind of thing; EX_LIMIT over max bytes.
 */
int ex_folder_read(struct ex_buf *out, const struct ex_folder *f,
    const char *path, size_t max, struct ex_err *err);

/* Size and digest of a regular file of any size; errors as above. */
int ex_folder_sha256(uint8_t out[EX_SHA256_LEN], uint64_t *nbytes,
    const struct ex_folder *f, const char *path, struct ex_err *err);

enum ex_folder_kind {
	EX_FOLDER_FILE,
	EX_FOLDER_LINK,
	EX_FOLDER_OTHER, /* device, socket, pipe */
	EX_FOLDER_NAME,	 /* a name that no path may hold, or too deep */
};

/*
 * Visit everything that is not a folder, in no particular order.  path is
 * cut to EX_FOLDER_PATH and, for EX_FOLDER_NAME, must be shown escaped.
 * EX_LIMIT after EX_BUNDLE_FILES_MAX things.
 */
int ex_folder_walk(const struct ex_folder *f,
    int (*each)(void *arg, enum ex_folder_kind kind, const char *path,
	struct ex_err *err),
    void *arg, struct ex_err *err);

#endif
