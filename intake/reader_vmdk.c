/*
 * reader_vmdk.c -- VMDK containers through libvmdk, for reading, in the jail.
 *
 * libtsk opens them by name and looks for the extents where the descriptor
 * says that they lie, which is no place in here: the extents are handed over
 * by descriptor, in order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off: libvmdk.h wants it first */
#include <libbfio.h>
#include <libvmdk.h>
/* clang-format on */

#include "base/text.h"
#include "intake/reader_parts.h"
#include "intake/source.h"

struct vmdk {
	libvmdk_handle_t *handle;
	libbfio_pool_t *pool; /* its extents; the handle borrows it */
};

static int
fail(struct ex_err *err, libvmdk_error_t **e)
{
	char text[200] = "";

	if (*e == NULL || libvmdk_error_sprint(*e, text, sizeof(text)) == -1)
		text[0] = '\0';
	libvmdk_error_free(e);
	return ex_fail(err, EX_FORMAT, "libvmdk cannot open it: %s", text);
}

static int
add_extent(libbfio_pool_t *pool, int fd)
{
	libbfio_handle_t *file = NULL;
	char path[32];
	int entry = 0;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (libbfio_file_initialize(&file, NULL) != 1)
		return -1;
	if (libbfio_file_set_name(file, path, strlen(path), NULL) == 1 &&
	    libbfio_pool_append_handle(
		pool, &entry, file, LIBBFIO_OPEN_READ, NULL) == 1)
		return 0;
	(void)libbfio_handle_free(&file, NULL);
	return -1;
}

static int
open_extents(struct vmdk *v, const int *fd, size_t n, struct ex_err *err)
{
	libvmdk_error_t *e = NULL;

	if (libbfio_pool_initialize(&v->pool, 0,
		LIBBFIO_POOL_UNLIMITED_NUMBER_OF_OPEN_HANDLES, NULL) != 1)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < n; i++)
		if (add_extent(v->pool, fd[i]) == -1)
			return ex_fail(err, EX_SYSTEM, "out of memory");
	if (libvmdk_handle_open_extent_data_files_file_io_pool(
		v->handle, v->pool, &e) != 1)
		return fail(err, &e);
	return 0;
}

static int
vmdk_open(struct ex_reader_image *image, const int *fd, size_t n,
    struct ex_reader_done *done, struct ex_err *err)
{
	struct vmdk *v = calloc(1, sizeof(*v));
	libvmdk_error_t *e = NULL;
	size64_t bytes = 0;
	char path[32];

	(void)done;
	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	image->self = v;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd[0]);
	if (libvmdk_handle_initialize(&v->handle, &e) != 1 ||
	    libvmdk_handle_open(v->handle, path, LIBVMDK_OPEN_READ, &e) != 1)
		return fail(err, &e);
	if (open_extents(v, fd, n, err) == -1)
		return -1;
	if (libvmdk_handle_get_media_size(v->handle, &bytes, &e) != 1)
		return fail(err, &e);
	if (bytes == 0 || bytes > INT64_MAX)
		return ex_fail(err, EX_DAMAGED, "it holds no media");
	image->bytes = bytes;
	image->sector_size = EX_SECTOR;
	image->chunk = EX_READER_BLOCK;
	return 0;
}

static void
vmdk_read(struct ex_reader_image *image, struct ex_chunk *c, uint8_t *room,
    uint64_t off)
{
	struct vmdk *v = image->self;
	libvmdk_error_t *e = NULL;
	ssize_t n;

	n = libvmdk_handle_read_buffer_at_offset(
	    v->handle, room, c->plain, (off64_t)off, &e);
	libvmdk_error_free(&e);
	c->bytes = room;
	c->n = n < 0 ? 0 : (size_t)n;
	c->state = c->n == c->plain ? EX_CHUNK_UNCHECKED : EX_CHUNK_MISSING;
}

static void
vmdk_end(struct ex_reader_image *image, struct ex_reader_done *done)
{
	(void)image;
	(void)done;
}

static void
vmdk_close(struct ex_reader_image *image)
{
	struct vmdk *v = image->self;

	if (v->handle != NULL) {
		(void)libvmdk_handle_close(v->handle, NULL);
		(void)libvmdk_handle_free(&v->handle, NULL);
	}
	if (v->pool != NULL)
		(void)libbfio_pool_free(&v->pool, NULL);
	free(v);
	image->self = NULL;
}

static const char *
vmdk_library(void)
{
	return libvmdk_get_version();
}

const struct ex_reader_image_ops ex_reader_vmdk = { vmdk_open, vmdk_read, NULL,
	vmdk_end, vmdk_close, vmdk_library };
