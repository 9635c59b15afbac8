/*
 * source_direct.c -- a file once more, past the page cache.
 */
#define _GNU_SOURCE /* O_DIRECT, O_NOATIME */
#include "intake/source_direct.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "intake/source.h"

int
ex_source_direct(int fd)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_DIRECT;
	void *page = NULL;
	char name[32];
	int direct;

	(void)snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	if (posix_memalign(&page, EX_SOURCE_ALIGN, EX_SOURCE_ALIGN) != 0)
		return -1;
	direct = open(name, flags | O_NOATIME);
	if (direct == -1 && errno == EPERM)
		direct = open(name, flags);
	/* Some say so only when they are asked. */
	if (direct != -1 && pread(direct, page, EX_SOURCE_ALIGN, 0) == -1 &&
	    errno == EINVAL) {
		(void)close(direct);
		direct = -1;
	}
	free(page);
	return direct;
}
