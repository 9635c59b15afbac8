/*
 * broken_disk.c -- a file "disk" with sectors that cannot be read, in a file
 * system of its own; a loop device over it is a broken disk, exact to 512
 * bytes.
 *
 *	broken_disk FOLDER FILE DIE-AT [LBA:COUNT ...]
 *
 * DIE-AT is a byte: the first read beyond it ends the program, as a plug that
 * is pulled; 0: never.  Runs in the foreground until the folder is unmounted.
 */
#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64
#define FUSE_USE_VERSION  31
#include <fuse.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	SECTOR = 512,
	RANGES = 64
};

static struct {
	int fd;
	off_t die_at;
	struct {
		off_t from, end; /* bytes */
	} bad[RANGES];
	size_t nbad;
} disk;

static int
get_attr(const char *path, struct stat *st, struct fuse_file_info *fi)
{
	(void)fi;
	if (strcmp(path, "/") == 0) {
		memset(st, 0, sizeof(*st));
		st->st_mode = S_IFDIR | 0755;
		st->st_nlink = 2;
		return 0;
	}
	if (strcmp(path, "/disk") != 0)
		return -ENOENT;
	if (fstat(disk.fd, st) == -1)
		return -errno;
	st->st_mode = S_IFREG | 0444;
	return 0;
}

static int
open_disk(const char *path, struct fuse_file_info *fi)
{
	if (strcmp(path, "/disk") != 0)
		return -ENOENT;
	if ((fi->flags & O_ACCMODE) != O_RDONLY)
		return -EROFS;
	fi->direct_io = 1; /* whole pages are not lost for one sector */
	return 0;
}

static int
read_disk(
    const char *path, char *buf, size_t n, off_t off, struct fuse_file_info *fi)
{
	ssize_t got;

	(void)path;
	(void)fi;
	if (disk.die_at != 0 && off + (off_t)n > disk.die_at)
		_exit(0);
	for (size_t i = 0; i < disk.nbad; i++)
		if (off < disk.bad[i].end && disk.bad[i].from < off + (off_t)n)
			return -EIO;
	got = pread(disk.fd, buf, n, off);
	return got == -1 ? -errno : (int)got;
}

static const struct fuse_operations operations = {
	.getattr = get_attr,
	.open = open_disk,
	.read = read_disk,
};

int
main(int argc, char **argv)
{
	char *args[] = { argv[0], NULL, (char[]){ "-f" }, (char[]){ "-s" },
		(char[]){ "-oro" }, NULL };

	if (argc < 4 || argc > 4 + RANGES) {
		(void)fprintf(stderr, "broken_disk FOLDER FILE DIE-AT ...\n");
		return 64;
	}
	args[1] = argv[1];
	disk.fd = open(argv[2], O_RDONLY | O_CLOEXEC);
	disk.die_at = (off_t)strtoll(argv[3], NULL, 10);
	for (int i = 4; i < argc; i++) {
		char *end;
		long long lba = strtoll(argv[i], &end, 10);
		long long count = *end == ':' ? strtoll(&end[1], NULL, 10) : 1;

		disk.bad[disk.nbad].from = (off_t)lba * SECTOR;
		disk.bad[disk.nbad++].end = (off_t)(lba + count) * SECTOR;
	}
	if (disk.fd == -1) {
		perror(argv[2]);
		return 1;
	}
	return fuse_main(5, args, &operations, NULL);
}
