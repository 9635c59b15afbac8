/*
 * fuzz_sections.c -- any bytes as a segment of an E01: the walk through its
 * sections ends, and whatever it finds is one line.
 */
#define _GNU_SOURCE /* memfd_create() */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "intake/reader_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ex_reader_done done = { .bytes = 0 };
	int fd = memfd_create("segment", MFD_CLOEXEC), is_last = -1;

	if (fd == -1 || ex_fd_write_all(fd, data, n, NULL) == -1)
		abort();
	ex_reader_walk(&done, fd, 1, &is_last);
	/* What has no end is a finding, always. */
	if (is_last != 1 && is_last != 0)
		abort();
	if (n < 13 + 76 && done.text[0] == '\0')
		abort();
	if (memchr(done.text, '\0', sizeof(done.text)) == NULL ||
	    strchr(done.text, '\n') != NULL)
		abort();
	(void)close(fd);
	return 0;
}
