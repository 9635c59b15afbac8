/*
 * bundle_writer.h -- the state of a bundle in the making; for bundle_write.c
 * and bundle_feed.c alone.
 */
#ifndef CUSTODY_BUNDLE_WRITER_H
#define CUSTODY_BUNDLE_WRITER_H

#include "base/file.h"
#include "custody/bundle_write.h"
#include "custody/manifest.h"

struct ex_bundle_writer {
	char dir[EX_PATH];	 /* what it will be called */
	char part[EX_PATH + 16]; /* what it is called until then */
	int made;		 /* part is there and ours */
	struct ex_buf note;
	struct ex_checkpoint checkpoint;
	struct ex_manifest manifest;
	char **path; /* the files' paths, owned; as many as manifest.file */
	size_t capfiles;
	struct ex_json *streams;  /* object: stream -> 1, to be sorted */
	struct ex_json *withheld; /* object: e0001 -> [path] */
	uint64_t last;		  /* index of the newest entry */
	uint64_t *seen;		  /* ascending */
	size_t nseen, capseen;
	uint64_t stamped; /* size of the newest stamp */
};

/* Make room for one more element of an array that may be full. */
int ex_bundle_grow(
    void **array, size_t *cap, size_t n, size_t each, struct ex_err *err);

#endif
