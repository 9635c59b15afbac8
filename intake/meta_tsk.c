/*
 * meta_tsk.c -- what libtsk tells of a name and of a file's metadata.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "intake/tsk_parts_tsk.h"

static enum ex_file_kind
kind_of_meta(TSK_FS_META_TYPE_ENUM type)
{
	switch ((int)type) {
	case TSK_FS_META_TYPE_REG:
		return EX_KIND_FILE;
	case TSK_FS_META_TYPE_DIR:
		return EX_KIND_FOLDER;
	case TSK_FS_META_TYPE_LNK:
		return EX_KIND_LINK;
	case TSK_FS_META_TYPE_FIFO:
		return EX_KIND_FIFO;
	case TSK_FS_META_TYPE_CHR:
		return EX_KIND_CHARACTER;
	case TSK_FS_META_TYPE_BLK:
		return EX_KIND_BLOCK;
	case TSK_FS_META_TYPE_SOCK:
		return EX_KIND_SOCKET;
	case TSK_FS_META_TYPE_SHAD:
	case TSK_FS_META_TYPE_WHT:
		return EX_KIND_OTHER;
	case TSK_FS_META_TYPE_VIRT:
	case TSK_FS_META_TYPE_VIRT_DIR:
		return EX_KIND_VIRTUAL;
	default:
		return EX_KIND_UNKNOWN;
	}
}

static enum ex_file_kind
kind_of_name(TSK_FS_NAME_TYPE_ENUM type)
{
	switch ((int)type) {
	case TSK_FS_NAME_TYPE_REG:
		return EX_KIND_FILE;
	case TSK_FS_NAME_TYPE_DIR:
		return EX_KIND_FOLDER;
	case TSK_FS_NAME_TYPE_LNK:
		return EX_KIND_LINK;
	case TSK_FS_NAME_TYPE_FIFO:
		return EX_KIND_FIFO;
	case TSK_FS_NAME_TYPE_CHR:
		return EX_KIND_CHARACTER;
	case TSK_FS_NAME_TYPE_BLK:
		return EX_KIND_BLOCK;
	case TSK_FS_NAME_TYPE_SOCK:
		return EX_KIND_SOCKET;
	case TSK_FS_NAME_TYPE_SHAD:
	case TSK_FS_NAME_TYPE_WHT:
		return EX_KIND_OTHER;
	case TSK_FS_NAME_TYPE_VIRT:
	case TSK_FS_NAME_TYPE_VIRT_DIR:
		return EX_KIND_VIRTUAL;
	default:
		return EX_KIND_UNKNOWN;
	}
}

struct ex_span
ex_tsk_span(const char *text, size_t max)
{
	struct ex_span s = { (const uint8_t *)text, 0 };

	if (text != NULL)
		s.n = strnlen(text, max);
	return s;
}

static struct ex_moment
moment(time_t seconds, uint64_t ns)
{
	struct ex_moment m = { seconds, ns < 1000000000 ? (uint32_t)ns : 0 };

	return m;
}

static void
fill_times(struct ex_file *f, const TSK_FS_INFO *fs, const TSK_FS_META *m)
{
	f->modified = moment(m->mtime, m->mtime_nano);
	f->accessed = moment(m->atime, m->atime_nano);
	f->changed = moment(m->ctime, m->ctime_nano);
	f->created = moment(m->crtime, m->crtime_nano);
	if (TSK_FS_TYPE_ISEXT(fs->ftype))
		f->deleted =
		    moment(m->time2.ext2.dtime, m->time2.ext2.dtime_nano);
}

static uint32_t
flags_of_meta(const TSK_FS_META *m, int name_deleted, int orphans)
{
	uint32_t flags = 0;

	if ((m->flags & TSK_FS_META_FLAG_UNALLOC) != 0)
		flags |= EX_FILE_FREED;
	else if (name_deleted && !orphans)
		flags |= EX_FILE_REUSED;
	if ((m->flags & TSK_FS_META_FLAG_COMP) != 0)
		flags |= EX_FILE_COMPRESSED;
	return flags;
}

static void
fill_owner(struct ex_file *f, TSK_FS_FILE *file)
{
	char *sid = NULL;

	if (file->fs_info->fread_owner_sid == NULL ||
	    tsk_fs_file_get_owner_sid(file, &sid) != 0 || sid == NULL)
		return;
	(void)snprintf(f->owner, sizeof(f->owner), "%s", sid);
	free(sid);
}

void
ex_tsk_fill_meta(struct ex_file *f, TSK_FS_FILE *file, int orphans)
{
	const TSK_FS_META *m = file->meta;

	f->kind = kind_of_meta(m->type);
	f->flags |=
	    flags_of_meta(m, (f->flags & EX_FILE_DELETED) != 0, orphans);
	f->inode = m->addr;
	f->sequence = m->seq;
	f->size = m->size < 0 ? 0 : (uint64_t)m->size;
	f->mode = (uint32_t)m->mode & 07777;
	f->links = m->nlink < 0 ? 0 : (uint32_t)m->nlink;
	f->uid = m->uid;
	f->gid = m->gid;
	f->link = ex_tsk_span(m->link, EX_CATALOGUE_LINK);
	/* On NTFS the short name is a name too. */
	if (m->nlink > 1 && f->kind == EX_KIND_FILE &&
	    !TSK_FS_TYPE_ISNTFS(file->fs_info->ftype))
		f->flags |= EX_FILE_LINKED;
	fill_times(f, file->fs_info, m);
	if (f->kind == EX_KIND_VIRTUAL)
		f->flags |= EX_FILE_VIRTUAL;
	fill_owner(f, file);
}

void
ex_tsk_fill_name(struct ex_file *f, const struct ex_catalogue_place *place,
    const TSK_FS_NAME *name, int orphans)
{
	memset(f, 0, offsetof(struct ex_file, run));
	f->nruns = 0;
	f->digested = 0;
	f->mime[0] = f->type[0] = '\0';
	f->entropy = -1;
	f->place = *place;
	f->name = ex_tsk_span(name->name, EX_CATALOGUE_NAME);
	f->kind = kind_of_name(name->type);
	f->inode = name->meta_addr;
	f->sequence = name->meta_seq;
	if ((name->flags & TSK_FS_NAME_FLAG_UNALLOC) != 0)
		f->flags |= EX_FILE_DELETED;
	if (orphans)
		f->flags |= EX_FILE_ORPHAN;
	if (f->kind == EX_KIND_VIRTUAL)
		f->flags |= EX_FILE_VIRTUAL;
}

struct ex_resolution
ex_tsk_resolution(TSK_FS_TYPE_ENUM type)
{
	const uint64_t second = UINT64_C(1000000000);
	const struct ex_resolution nothing = { 0, 0, 0, 0 };
	const struct ex_resolution fat = { 2 * second, 86400 * second, 0,
		second / 100 };
	const struct ex_resolution exfat = { second / 100, 2 * second, 0,
		second / 100 };
	const struct ex_resolution ntfs = { 100, 100, 100, 100 };
	const struct ex_resolution whole = { second, second, second, 0 };
	const struct ex_resolution hfs = { second, second, second, second };
	const struct ex_resolution fine = { 1, 1, 1, 1 };

	if (type == TSK_FS_TYPE_EXFAT)
		return exfat;
	if (TSK_FS_TYPE_ISFAT(type))
		return fat;
	if (TSK_FS_TYPE_ISNTFS(type))
		return ntfs;
	if (TSK_FS_TYPE_ISHFS(type))
		return hfs;
	if (type == TSK_FS_TYPE_EXT4 || type == TSK_FS_TYPE_APFS ||
	    type == TSK_FS_TYPE_FFS2)
		return fine;
	if (TSK_FS_TYPE_ISEXT(type) || TSK_FS_TYPE_ISFFS(type) ||
	    TSK_FS_TYPE_ISISO9660(type) || TSK_FS_TYPE_ISYAFFS2(type))
		return whole;
	return nothing;
}
