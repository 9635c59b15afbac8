/*
 * image_tsk.c -- images handed to libtsk: raw and E01 bytes come from us and
 * fail where they are damaged; VMDK and VHD it opens by their descriptor.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "intake/tsk_parts_tsk.h"

enum {
	PIECE = 4096 /* bytes that are tried for when more cannot be read */
};

/* libtsk's image, and ours behind it. */
struct image {
	TSK_IMG_INFO tsk; /* first: libtsk knows this one alone */
	struct ex_media *media;
};

static ssize_t
read_media(TSK_IMG_INFO *tsk, TSK_OFF_T off, char *to, size_t n)
{
	struct image *i = (struct image *)(void *)tsk;
	uint64_t bytes = ex_media_bytes(i->media);

	size_t done = 0;

	if (off < 0 || (uint64_t)off >= bytes)
		return -1;
	if (n > bytes - (uint64_t)off)
		n = (size_t)(bytes - (uint64_t)off);
	if (ex_media_read(i->media, to, n, (uint64_t)off) == 0)
		return (ssize_t)n;
	/* libtsk asks for more than it wants: what comes before the damage. */
	while (done < n) {
		size_t some = n - done < PIECE ? n - done : PIECE;

		if (ex_media_read(
			i->media, &to[done], some, (uint64_t)off + done) == -1)
			break;
		done += some;
	}
	return done == 0 ? -1 : (ssize_t)done;
}

static void
close_media(TSK_IMG_INFO *tsk)
{
	(void)tsk; /* the media are their owner's to close */
}

static void
say_nothing(TSK_IMG_INFO *tsk, FILE *to)
{
	(void)tsk;
	(void)to;
}

TSK_IMG_INFO *
ex_tsk_image(struct ex_cat_work *w)
{
	struct image *i = calloc(1, sizeof(*i));

	if (i == NULL)
		return NULL;
	i->media = w->media;
	return tsk_img_open_external(i, (TSK_OFF_T)ex_media_bytes(w->media),
	    ex_media_sector_size(w->media), read_media, close_media,
	    say_nothing);
}

/* Containers that libtsk opens, by how they begin or end. */
static const char *
its_own(struct ex_cat_work *w, TSK_IMG_TYPE_ENUM *type)
{
	uint64_t bytes = ex_media_bytes(w->media);
	uint8_t mark[8];

	if (w->request.nfiles != 1 || bytes < 1024 ||
	    w->request.container != EX_CONTAINER_RAW)
		return "";
	/* A fixed VHD has nothing but a footer. */
	if ((ex_media_read(w->media, mark, sizeof(mark), 0) == 0 &&
		memcmp(mark, "conectix", 8) == 0) ||
	    (ex_media_read(w->media, mark, sizeof(mark), bytes - 512) == 0 &&
		memcmp(mark, "conectix", 8) == 0)) {
		*type = TSK_IMG_TYPE_VHD_VHD;
		return "vhd";
	}
	return "";
}

TSK_IMG_INFO *
ex_tsk_image_of_its_own(struct ex_cat_work *w, char name[16])
{
	TSK_IMG_TYPE_ENUM type = TSK_IMG_TYPE_DETECT;
	char path[32];

	(void)snprintf(name, 16, "%s", its_own(w, &type));
	if (name[0] == '\0')
		return NULL;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", w->fd[0]);
	return tsk_img_open_utf8_sing(path, type, 0);
}

const char *
ex_tsk_error(void)
{
	const char *text = tsk_error_get();

	return text == NULL ? "" : text;
}

const char *
ex_tsk_library(void)
{
	static char text[32];

	(void)snprintf(text, sizeof(text), "libtsk %s", tsk_version_get_str());
	return text;
}
