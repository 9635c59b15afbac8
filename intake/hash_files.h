/*
 * hash_files.h -- the digests of many files, each read once, several at a
 * time, told in order.
 */
#ifndef INTAKE_HASH_FILES_H
#define INTAKE_HASH_FILES_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "hashing/digest.h"

enum ex_hashed_result {
	EX_HASHED_OK,
	EX_HASHED_ABSENT,   /* there is no such file */
	EX_HASHED_FAILED,   /* it could not be opened or read to its end */
	EX_HASHED_LEFT_OUT, /* found in a folder, and no file: a link, a pipe */
};

struct ex_hashed {
	const char *path; /* as it was named, bytes; borrowed */
	enum ex_hashed_result result;
	struct ex_err why; /* when it is not ok */
	uint64_t bytes;
	struct ex_digest_value digest[EX_ALGS];
	size_t ndigests;
};

/* Told in the caller's thread, in order; -1 ends it. */
typedef int
ex_hashed_fn(void *arg, const struct ex_hashed *f, struct ex_err *err);

struct ex_hash_files {
	const char *const *path;
	size_t npaths;
	int recursive; /* folders with everything in them, names sorted */
	unsigned algs;
	unsigned threads; /* 0: one a processor */
	ex_hashed_fn *tell;
	void *arg;
};

/*
 * Read regular files and block devices.  What cannot be read is told and does
 * not end it; in folders symbolic links are followed to files and to nothing
 * else.  -1: memory, a thread, or what tell() said.
 */
int ex_hash_files(const struct ex_hash_files *h, struct ex_err *err);

#endif
