/*
 * source_fd.c -- bytes of an open file or block device, and what it means
 * when they do not come.
 */
#define _GNU_SOURCE /* O_DIRECT */
#include "intake/source_fd.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "intake/source_system.h"

/* What a failed read of a device or file means. */
static enum ex_got
failed_read(const struct ex_source_fd *r, int why, struct ex_err *err)
{
	errno = why;
	(void)ex_fail_errno(err, "read");
	switch (why) {
	case ENODEV:
	case ENXIO:
	case ENOMEDIUM:
	case ESHUTDOWN:
	case ESTALE:
	case ENOTCONN:
	case ECONNABORTED:
	case EBADF:
		return EX_GOT_GONE;
	case EIO:
	case EREMOTEIO:
	case ENODATA:
	case EILSEQ:
	case EBADMSG:
	case ETIMEDOUT:
		/* A device that was pulled fails like a bad sector. */
		if (r->is_device && !ex_system_has(&ex_system_here, r->dev))
			return EX_GOT_GONE;
		return EX_GOT_BAD;
	default:
		return EX_GOT_ERROR;
	}
}

/*
 * Up to n bytes.  What is whole pages of a file goes past the page cache: a
 * bad sector then costs no page, and nobody else's files their place in
 * memory.
 */
static ssize_t
read_some(const struct ex_source_fd *r, void *buf, size_t n, uint64_t off)
{
	int fd = r->fd;

	if (r->direct != -1 &&
	    ((uintptr_t)buf | n | off) % EX_SOURCE_ALIGN == 0)
		fd = r->direct;
	return pread(fd, buf, n, (off_t)off);
}

static enum ex_got
read_all(const struct ex_source_fd *r, uint8_t *p, size_t n, uint64_t off,
    struct ex_err *err)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = read_some(r, &p[done], n - done, off + done);

		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			return failed_read(r, errno, err);
		if (got == 0) {
			(void)ex_fail(err, EX_DAMAGED,
			    "the source is shorter than it said");
			return EX_GOT_END;
		}
		done += (size_t)got;
	}
	return EX_GOT_ALL;
}

/*
 * Some devices end within a sector.  What is there of it cannot be read past
 * the page cache.
 */
static enum ex_got
read_tail(const struct ex_source_fd *r, uint8_t *p, size_t n, uint64_t off,
    struct ex_err *err)
{
	enum ex_got got;
	int flags;

	if (n == 0)
		return EX_GOT_ALL;
	flags = fcntl(r->fd, F_GETFL);
	if (flags == -1 || fcntl(r->fd, F_SETFL, flags & ~O_DIRECT) == -1)
		return failed_read(r, errno, err);
	got = read_all(r, p, n, off, err);
	if (fcntl(r->fd, F_SETFL, flags) == -1 && got == EX_GOT_ALL)
		return failed_read(r, errno, err);
	return got;
}

enum ex_got
ex_source_read_fd(const struct ex_source_fd *r, void *buf, size_t n,
    uint64_t off, struct ex_err *err)
{
	uint8_t *p = buf;
	size_t tail = r->sector == 0 ? 0 : n % r->sector;
	enum ex_got got = read_all(r, p, n - tail, off, err);

	return got != EX_GOT_ALL
		   ? got
		   : read_tail(r, &p[n - tail], tail, off + n - tail, err);
}
