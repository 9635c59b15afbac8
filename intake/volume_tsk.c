/*
 * volume_tsk.c -- which volumes an image has, and what lies on each.
 *
 * Volumes are numbered in the order they are found: the whole image, then
 * what the tables of those before it list.  On each a file system, a table of
 * its own and a pool are looked for; where there is none, libmagic says what
 * it is, so that nothing we know no way into passes for empty.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "intake/tsk_parts_tsk.h"

enum {
	HEAD = 68 * 1024, /* bytes that libmagic is shown: Btrfs is at 64 KiB */
	NESTED = 4,	  /* tables within tables */
	LARGE_SECTOR = 4096
};

struct volume {
	struct ex_volume v;
	unsigned depth;
	int has_system, has_table, has_pool;
	const TSK_POOL_INFO *pool; /* it is a volume of */
	uint64_t pool_block;
};

struct volumes {
	struct ex_cat_work *w;
	TSK_IMG_INFO *img;
	struct volume *at;
	uint32_t n;
	int is_full; /* that was told */
};

static void
send_volume(struct volumes *all, const struct volume *v)
{
	if (ex_cat_put_volume(&all->w->out, &v->v, NULL) == -1)
		ex_work_give_up();
}

/* A new one; NULL when there are too many, which is told once. */
static struct volume *
add(struct volumes *all, uint32_t parent, enum ex_volume_kind kind,
    uint64_t start, uint64_t bytes, const char *description)
{
	struct volume *v = &all->at[all->n];

	if (all->n == EX_CATALOGUE_VOLUMES || start > INT64_MAX ||
	    bytes > INT64_MAX) {
		if (!all->is_full)
			ex_work_found(all->w, EX_FOUND_LIMIT,
			    "more than %d volumes", EX_CATALOGUE_VOLUMES);
		all->is_full = 1;
		return NULL;
	}
	memset(v, 0, sizeof(*v));
	v->v.no = all->n++;
	v->v.parent = parent;
	v->v.kind = kind;
	v->v.start = start;
	v->v.bytes = bytes;
	v->depth = v->v.no == 0 ? 0 : all->at[parent].depth + 1;
	(void)snprintf(v->v.description, sizeof(v->v.description), "%s",
	    description == NULL ? "" : description);
	send_volume(all, v);
	return v;
}

static enum ex_volume_kind
kind_of(const TSK_VS_PART_INFO *p)
{
	if ((p->flags & TSK_VS_PART_FLAG_META) != 0)
		return EX_VOLUME_TABLE;
	return (p->flags & TSK_VS_PART_FLAG_ALLOC) != 0 ? EX_VOLUME_PARTITION
							: EX_VOLUME_UNALLOCATED;
}

/* The entries of a table, and the gaps between them. */
static void
list_table(struct volumes *all, uint32_t parent, const TSK_VS_INFO *vs)
{
	struct volume *v = &all->at[parent];

	(void)snprintf(v->v.table, sizeof(v->v.table), "%s",
	    tsk_vs_type_toname(vs->vstype));
	v->v.sector_size = vs->block_size;
	v->has_table = 1;
	if (ex_cat_put_table(&all->w->out, &v->v, NULL) == -1)
		ex_work_give_up();
	for (const TSK_VS_PART_INFO *p = vs->part_list; p != NULL;
	     p = p->next) {
		uint64_t start, bytes;

		if (__builtin_mul_overflow(p->start, vs->block_size, &start) ||
		    __builtin_add_overflow(start, vs->offset, &start) ||
		    __builtin_mul_overflow(p->len, vs->block_size, &bytes))
			start = UINT64_MAX;
		if (start == UINT64_MAX)
			ex_work_found(all->w, EX_FOUND_UNREADABLE,
			    "a partition lies behind every possible end");
		else if (add(all, parent, kind_of(p), start, bytes, p->desc) ==
			 NULL)
			break;
	}
}

/* libtsk is not sure: GPT before DOS, whose table protects it. */
static TSK_VS_INFO *
open_table(TSK_IMG_INFO *img, uint64_t start)
{
	static const TSK_VS_TYPE_ENUM kind[] = { TSK_VS_TYPE_GPT,
		TSK_VS_TYPE_DOS, TSK_VS_TYPE_BSD, TSK_VS_TYPE_SUN,
		TSK_VS_TYPE_MAC };
	TSK_VS_INFO *vs = tsk_vs_open(img, start, TSK_VS_TYPE_DETECT);

	/* "GPT or DOS at 0": the only way that it says so. */
	if (vs != NULL || strstr(ex_tsk_error(), " or ") == NULL)
		return vs;
	for (size_t i = 0; vs == NULL && i < sizeof(kind) / sizeof(kind[0]);
	     i++)
		vs = tsk_vs_open(img, start, kind[i]);
	return vs;
}

static void
try_table(struct volumes *all, uint32_t no)
{
	struct volume *v = &all->at[no];
	unsigned sector = all->img->sector_size;
	TSK_VS_INFO *vs;

	/* An entry that is the whole of its table shows the same table. */
	if (v->pool != NULL || v->depth >= NESTED ||
	    (no != 0 && all->at[v->v.parent].v.start == v->v.start))
		return;
	ex_work_at(all->w, EX_STEP_TABLE, no, 0, 0);
	if (ex_work_avoids(all->w, EX_STEP_TABLE, no, 0, 0))
		return;
	vs = open_table(all->img, v->v.start);
	if (vs == NULL && no == 0 && !v->has_system && sector != LARGE_SECTOR) {
		all->img->sector_size = LARGE_SECTOR;
		vs = open_table(all->img, v->v.start);
		all->img->sector_size = sector;
	}
	if (vs == NULL)
		return;
	list_table(all, no, vs);
	tsk_vs_close(vs);
}

/* A volume that begins where its parent does, whose file system is known. */
static int
is_covered(const struct volumes *all, const struct volume *v)
{
	const struct volume *p = &all->at[v->v.parent];

	return v->v.no != 0 && v->pool == NULL && p->v.start == v->v.start &&
	       p->has_system;
}

static void
tell_system(struct volumes *all, struct volume *v, const TSK_FS_INFO *fs)
{
	const char *name = tsk_fs_type_toname(fs->ftype);
	size_t n = fs->fs_id_used;

	if (fs->ftype == TSK_FS_TYPE_HFS)
		name = "hfs+"; /* libtsk says "hfsp" */
	(void)snprintf(v->v.system, sizeof(v->v.system), "%s",
	    name == NULL ? "unknown" : name);
	if (n > sizeof(fs->fs_id))
		n = sizeof(fs->fs_id);
	ex_hex(v->v.id, fs->fs_id, n);
	v->v.block_size = fs->block_size;
	v->v.blocks = fs->block_count;
	v->v.times = ex_tsk_resolution(fs->ftype);
	if (ex_cat_put_system(&all->w->out, &v->v, NULL) == -1)
		ex_work_give_up();
}

/* A pool gives an image of its own for each of its volumes. */
static TSK_FS_INFO *
open_system(struct volumes *all, const struct volume *v)
{
	TSK_IMG_INFO *img;

	if (v->pool == NULL)
		return tsk_fs_open_img(
		    all->img, (TSK_OFF_T)v->v.start, TSK_FS_TYPE_DETECT);
	img = v->pool->get_img_info(v->pool, v->pool_block);
	return img == NULL
		   ? NULL
		   : tsk_fs_open_img(
			 img, (TSK_OFF_T)v->pool->img_offset, TSK_FS_TYPE_APFS);
}

static void
try_system(struct volumes *all, uint32_t no)
{
	struct volume *v = &all->at[no];
	TSK_FS_INFO *fs;

	if (is_covered(all, v)) {
		v->has_system = 1;
		return;
	}
	ex_work_at(all->w, EX_STEP_SYSTEM, no, 0, 0);
	if (ex_work_avoids(all->w, EX_STEP_SYSTEM, no, 0, 0)) {
		v->has_system = 1; /* that it is not known was told */
		return;
	}
	fs = open_system(all, v);
	if (fs == NULL) {
		if (tsk_error_get_errno() == TSK_ERR_FS_ENCRYPTED) {
			v->has_system = 1;
			ex_work_found(
			    all->w, EX_FOUND_ENCRYPTED, "%s", ex_tsk_error());
		}
		return;
	}
	v->has_system = 1;
	tell_system(all, v, fs);
	if (no >= all->w->request.from.volume &&
	    !ex_work_avoids(all->w, EX_STEP_REST, no, 0, 0))
		ex_tsk_walk(all->w, fs, no);
	tsk_fs_close(fs);
}

static void
list_pool(struct volumes *all, uint32_t no, const TSK_POOL_INFO *pool)
{
	for (const TSK_POOL_VOLUME_INFO *p = pool->vol_list; p != NULL;
	     p = p->next) {
		uint64_t bytes;
		struct volume *v;

		if (__builtin_mul_overflow(
			p->num_blocks, pool->block_size, &bytes))
			bytes = 0;
		v = add(all, no, EX_VOLUME_POOLED, all->at[no].v.start, bytes,
		    p->desc);
		if (v == NULL)
			return;
		v->pool = pool;
		v->pool_block = p->block;
	}
}

/* It stays open as long as the process: its volumes need it. */
static void
try_pool(struct volumes *all, uint32_t no)
{
	struct volume *v = &all->at[no];
	const TSK_POOL_INFO *pool;

	if (v->pool != NULL || v->has_system)
		return;
	ex_work_at(all->w, EX_STEP_POOL, no, 0, 0);
	if (ex_work_avoids(all->w, EX_STEP_POOL, no, 0, 0)) {
		v->has_pool = 1;
		return;
	}
	pool = tsk_pool_open_img_sing(
	    all->img, (TSK_OFF_T)v->v.start, TSK_POOL_TYPE_APFS);
	if (pool == NULL)
		return;
	v->has_pool = 1;
	(void)snprintf(v->v.table, sizeof(v->v.table), "apfs");
	v->v.sector_size = pool->block_size;
	if (ex_cat_put_table(&all->w->out, &v->v, NULL) == -1)
		ex_work_give_up();
	list_pool(all, no, pool);
}

static int
is_zero(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != 0)
			return 0;
	return 1;
}

/* What libmagic calls by its name is no mystery: we know no way into it. */
static enum ex_catalogue_found
judge(const char *type)
{
	static const char *const locked[] = { "LUKS", "BitLocker", "-FVE-FS-",
		"VeraCrypt", NULL };
	static const char *const vague[] = { "data", "empty", "",
		"DOS/MBR boot sector", NULL };

	for (size_t i = 0; locked[i] != NULL; i++)
		if (strstr(type, locked[i]) != NULL)
			return EX_FOUND_ENCRYPTED;
	for (size_t i = 0; vague[i] != NULL; i++)
		if (strcmp(type, vague[i]) == 0)
			return EX_FOUND_NO_SYSTEM;
	return EX_FOUND_UNSUPPORTED;
}

/* Nothing of ours opened it: what is it? */
static void
tell(struct volumes *all, uint32_t no)
{
	const struct volume *v = &all->at[no];
	uint64_t left = all->w->bytes - v->v.start;
	size_t n = HEAD;
	char mime[EX_CATALOGUE_MIME + 1], type[EX_CATALOGUE_TYPE + 1];
	uint8_t *head;

	ex_work_at(all->w, EX_STEP_TELL, no, 0, 0);
	if (ex_work_avoids(all->w, EX_STEP_TELL, no, 0, 0))
		return;
	if (v->v.start >= all->w->bytes) {
		ex_work_found(all->w, EX_FOUND_UNREADABLE,
		    "it begins behind the end of the image");
		return;
	}
	if (n > left)
		n = (size_t)left;
	if (v->v.bytes > 0 && n > v->v.bytes)
		n = (size_t)v->v.bytes;
	if ((head = malloc(HEAD)) == NULL)
		ex_work_give_up();
	if (tsk_img_read(all->img, (TSK_OFF_T)v->v.start, (char *)head, n) !=
	    (ssize_t)n) {
		ex_work_found(all->w, EX_FOUND_UNREADABLE,
		    "its first %zu bytes cannot be read", n);
	} else if (is_zero(head, n)) {
		ex_work_found(all->w, EX_FOUND_NO_SYSTEM,
		    "no file system is known here; its first %zu bytes are "
		    "zero",
		    n);
	} else {
		/* Signatures lie as far as 64 KiB, so all of it is shown. */
		ex_typer_look(all->w->typer, head, n, mime, sizeof(mime), type,
		    sizeof(type));
		ex_work_found(all->w, judge(type),
		    "no file system or container that is supported here; "
		    "libmagic says: %s",
		    type);
	}
	free(head);
}

static void
look_at(struct volumes *all, uint32_t no)
{
	const struct volume *v = &all->at[no];

	if (v->v.kind != EX_VOLUME_UNALLOCATED &&
	    v->v.kind != EX_VOLUME_TABLE) {
		try_system(all, no);
		try_table(all, no);
		if (!v->has_system && !v->has_table)
			try_pool(all, no);
		if (!v->has_system && !v->has_table && !v->has_pool &&
		    no >= all->w->request.from.volume)
			tell(all, no);
	}
	if (ex_cat_put_volume_done(&all->w->out, no, NULL) == -1)
		ex_work_give_up();
	ex_work_flush(all->w);
}

/* Bytes of ours, or a container that libtsk knows. */
static int
open_image(struct volumes *all, struct ex_cat_image *m, struct ex_err *err)
{
	struct ex_cat_work *w = all->w;

	all->img = ex_tsk_image_of_its_own(w, m->container);
	if (all->img != NULL) {
		w->bytes = (uint64_t)all->img->size;
	} else {
		if (m->container[0] != '\0')
			ex_work_found(w, EX_FOUND_UNREADABLE,
			    "libtsk cannot open this %s: %s", m->container,
			    ex_tsk_error());
		(void)snprintf(m->container, sizeof(m->container), "%s",
		    w->request.container == EX_CONTAINER_E01 ? "e01"
		    : w->is_vmdk == 1			     ? "vmdk"
							     : "raw");
		all->img = ex_tsk_image(w);
	}
	if (all->img == NULL)
		return ex_fail(err, EX_SYSTEM, "libtsk: %s", ex_tsk_error());
	m->bytes = w->bytes;
	m->sector_size = all->img->sector_size;
	return 0;
}

int
ex_tsk_catalogue(struct ex_cat_work *w, struct ex_err *err)
{
	struct volumes all = { w, NULL, NULL, 0, 0 };
	struct ex_cat_image m;

	memset(&m, 0, sizeof(m));
	all.at = calloc(EX_CATALOGUE_VOLUMES + 1, sizeof(*all.at));
	if (all.at == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (open_image(&all, &m, err) == -1) {
		free(all.at);
		return -1;
	}
	if (ex_cat_put_image(&w->out, &m, err) == -1)
		ex_work_give_up();
	(void)add(&all, 0, EX_VOLUME_WHOLE, 0, w->bytes, "");
	for (uint32_t i = 0; i < all.n; i++)
		look_at(&all, i);
	/* What libtsk holds ends with the process. */
	free(all.at);
	return 0;
}
