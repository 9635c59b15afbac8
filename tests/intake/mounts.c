/*
 * mounts.c -- mounts and loop devices that go when the test does.
 */
#define _GNU_SOURCE /* unshare() */
#include "mounts.h"

#include <sys/ioctl.h>
#include <sys/mount.h>

#include <fcntl.h>
#include <linux/loop.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int
put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int rc;

	if (fd == -1)
		return -1;
	rc = write(fd, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : -1;
	(void)close(fd);
	return rc;
}

int
mounts_begin(void)
{
	char map[64];
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (unshare(CLONE_NEWNS) == -1) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNS) == -1)
			return -1;
		(void)snprintf(map, sizeof(map), "0 %u 1", uid);
		if (put("/proc/self/uid_map", map) == -1 ||
		    put("/proc/self/setgroups", "deny") == -1)
			return -1;
		(void)snprintf(map, sizeof(map), "0 %u 1", gid);
		if (put("/proc/self/gid_map", map) == -1)
			return -1;
	}
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

int
mount_tmpfs(const char *dir, size_t nbytes)
{
	char options[64];

	(void)snprintf(options, sizeof(options), "size=%zu", nbytes);
	return mount("tmpfs", dir, "tmpfs", 0, options);
}

int
loop_open(char *path, size_t size, const char *file, int read_only)
{
	struct loop_info64 info = { .lo_flags = LO_FLAGS_AUTOCLEAR };
	int control, number, fd, backing;

	if ((control = open("/dev/loop-control", O_RDWR | O_CLOEXEC)) == -1)
		return -1;
	number = ioctl(control, LOOP_CTL_GET_FREE);
	(void)close(control);
	if (number < 0)
		return -1;
	(void)snprintf(path, size, "/dev/loop%d", number);
	/* A loop device over a file opened to read is read-only. */
	backing = open(file, (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	fd = open(path, (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	if (fd != -1 &&
	    (backing == -1 || ioctl(fd, LOOP_SET_FD, backing) == -1 ||
		ioctl(fd, LOOP_SET_STATUS64, &info) == -1)) {
		(void)close(fd);
		fd = -1;
	}
	if (backing != -1)
		(void)close(backing);
	return fd;
}
