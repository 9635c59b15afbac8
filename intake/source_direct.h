/*
 * source_direct.h -- a file once more, past the page cache.
 */
#ifndef INTAKE_SOURCE_DIRECT_H
#define INTAKE_SOURCE_DIRECT_H

/*
 * The regular file that is open at fd, opened for reads of whole pages that go
 * past the page cache; -1 where its file system has no such reads.  The
 * descriptor is the caller's.
 */
int ex_source_direct(int fd);

#endif
