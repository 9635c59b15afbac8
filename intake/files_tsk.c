/*
 * files_tsk.c -- every name of a file system, folder by folder.
 *
 * libtsk's own walk is not used: it cannot be taken up again behind a folder
 * that kills it.  Folders are numbered as they come off a stack, entries as
 * libtsk lists them; both are the same in every run over the same bytes.
 * What makes a line is what makes one for fls -r: each name that is not "."
 * or "..", and on NTFS each of its streams; forks and extended attributes of
 * HFS+ and APFS are further lines.
 */
#include <stdlib.h>
#include <string.h>

#include "intake/tsk_parts_tsk.h"

enum {
	FOLDERS_MAX = 20000000, /* of one file system */
	ENTRIES_MAX = 20000000, /* of one folder */
	DEPTH_MAX = 512,	/* folders within folders */
	STREAMS_MAX = 1000,	/* of one file */
	MARK_SLOTS = 1024	/* of a set that is still small */
};

struct folder {
	TSK_INUM_T inode;
	char *path; /* raw, owned; without a slash at its end */
	unsigned depth;
	int orphans; /* what is in it has no name */
};

/* Inodes of folders that were on the stack. */
struct seen {
	TSK_INUM_T *slot; /* number + 1; 0 is free */
	size_t n, cap;
};

struct walk {
	struct ex_cat_work *w;
	TSK_FS_INFO *fs;
	uint32_t volume;
	struct folder *stack;
	size_t n, cap;
	struct seen seen;
	uint32_t folder, entry;	     /* where it is */
	const struct folder *within; /* the folder that is read */
	uint16_t stream_no;	     /* the next line's, of this entry */
};

static size_t
place_of(const struct seen *s, TSK_INUM_T inode)
{
	uint64_t h = (inode + 1) * UINT64_C(0x9e3779b97f4a7c15);
	size_t i = (size_t)(h >> 20) & (s->cap - 1);

	while (s->slot[i] != 0 && s->slot[i] != inode + 1)
		i = (i + 1) & (s->cap - 1);
	return i;
}

static void
grow(struct seen *s)
{
	struct seen larger = { NULL, s->n,
		s->cap == 0 ? MARK_SLOTS : s->cap * 2 };

	larger.slot = calloc(larger.cap, sizeof(*larger.slot));
	if (larger.slot == NULL)
		ex_work_give_up();
	for (size_t i = 0; i < s->cap; i++)
		if (s->slot[i] != 0)
			larger.slot[place_of(&larger, s->slot[i] - 1)] =
			    s->slot[i];
	free(s->slot);
	*s = larger;
}

/* 1 when it was not there before. */
static int
mark(struct seen *s, TSK_INUM_T inode)
{
	size_t i;

	if (s->n * 2 >= s->cap)
		grow(s);
	i = place_of(s, inode);
	if (s->slot[i] != 0)
		return 0;
	s->slot[i] = inode + 1;
	s->n++;
	return 1;
}

static void
push(struct walk *k, TSK_INUM_T inode, const char *path, const char *name,
    unsigned depth, int orphans)
{
	size_t npath = strlen(path), nname = strlen(name);
	struct folder *f;

	if (k->n == k->cap) {
		size_t cap = k->cap == 0 ? 64 : k->cap * 2;
		struct folder *more = realloc(k->stack, cap * sizeof(*more));

		if (more == NULL)
			ex_work_give_up();
		k->stack = more;
		k->cap = cap;
	}
	f = &k->stack[k->n];
	if ((f->path = malloc(npath + nname + 2)) == NULL)
		ex_work_give_up();
	memcpy(f->path, path, npath);
	if (npath > 0)
		f->path[npath++] = '/';
	memcpy(&f->path[npath], name, nname + 1);
	f->inode = inode;
	f->depth = depth;
	f->orphans = orphans;
	k->n++;
}

static void
fill_name(struct walk *k, const TSK_FS_NAME *name)
{
	const struct ex_catalogue_place place = { EX_STEP_ENTRY, k->volume,
		k->folder, k->entry };

	ex_tsk_fill_name(&k->w->file, &place, name, k->within->orphans);
}

static void
send(struct walk *k, struct ex_file *f)
{
	f->stream_no = k->stream_no++;
	if (ex_work_wants(k->w, k->volume, k->folder, k->entry, f->stream_no) &&
	    ex_cat_put_file(&k->w->out, f, NULL) == -1)
		ex_work_give_up();
}

/* One line: an attribute of the file, or (NULL) the file without one. */
static void
line(struct walk *k, TSK_FS_FILE *file, const TSK_FS_ATTR *attr, int is_stream)
{
	struct ex_file *f = &k->w->file;

	fill_name(k, file->name);
	if (file->meta == NULL) {
		f->flags |= EX_FILE_NO_DATA;
		send(k, f);
		return;
	}
	ex_tsk_fill_meta(f, file, k->within->orphans);
	if (ex_work_avoids(k->w, EX_STEP_RUNS, k->volume, k->folder, k->entry))
		f->flags |= EX_FILE_UNREAD;
	if (attr != NULL) {
		f->attribute = (uint32_t)attr->type & 0xffff;
		f->attribute_id = attr->id;
		if (is_stream)
			f->stream =
			    ex_tsk_span(attr->name, EX_CATALOGUE_STREAM);
		if (ex_work_wants(
			k->w, k->volume, k->folder, k->entry, k->stream_no))
			ex_tsk_content(k->w, file, attr);
	}
	send(k, f);
}

static int
is_dot(const TSK_FS_NAME *name)
{
	return name->name != NULL && TSK_FS_ISDOT(name->name);
}

/* Where its bytes lie is read now; 0 when that killed a reader before. */
static int
may_locate(struct walk *k)
{
	ex_work_at(k->w, EX_STEP_RUNS, k->volume, k->folder, k->entry);
	return !ex_work_avoids(
	    k->w, EX_STEP_RUNS, k->volume, k->folder, k->entry);
}

/* As fls: data streams, index roots; or the file when it has neither. */
static void
lines_of_ntfs(struct walk *k, TSK_FS_FILE *file)
{
	int n = may_locate(k) ? tsk_fs_file_attr_getsize(file) : 0, any = 0;

	for (int i = 0; i < n && i < STREAMS_MAX; i++) {
		const TSK_FS_ATTR *a = tsk_fs_file_attr_get_idx(file, i);
		int is_data;

		if (a == NULL)
			continue;
		is_data = a->type == TSK_FS_ATTR_TYPE_NTFS_DATA;
		if (!is_data && a->type != TSK_FS_ATTR_TYPE_NTFS_IDXROOT)
			continue;
		any = 1;
		if (is_dot(file->name) && !is_data)
			continue;
		line(k, file, a,
		    a->name != NULL && strcmp(a->name, "$Data") != 0 &&
			strcmp(a->name, "$I30") != 0);
	}
	if (!any && !is_dot(file->name))
		line(k, file, NULL, 0);
}

/* The data, then forks and extended attributes. */
static void
lines_of_others(struct walk *k, TSK_FS_FILE *file)
{
	const TSK_FS_ATTR *data = NULL;
	int n;

	if (file->meta != NULL &&
	    (file->meta->type == TSK_FS_META_TYPE_REG ||
		file->meta->type == TSK_FS_META_TYPE_UNDEF)) {
		if (!may_locate(k)) {
			line(k, file, NULL, 0);
			return;
		}
		data = tsk_fs_file_attr_get(file);
	}
	line(k, file, data, 0);
	if (file->meta == NULL || !(TSK_FS_TYPE_ISHFS(k->fs->ftype) ||
				      k->fs->ftype == TSK_FS_TYPE_APFS))
		return;
	n = tsk_fs_file_attr_getsize(file);
	for (int i = 0; i < n && i < STREAMS_MAX; i++) {
		const TSK_FS_ATTR *a = tsk_fs_file_attr_get_idx(file, i);

		if (a != NULL && a != data &&
		    (a->type == TSK_FS_ATTR_TYPE_HFS_RSRC ||
			a->type == TSK_FS_ATTR_TYPE_HFS_EXT_ATTR))
			line(k, file, a, 1);
	}
}

/* A folder to be read later, unless it was met before. */
static void
descend(struct walk *k, const TSK_FS_FILE *file)
{
	const TSK_FS_NAME *name = file->name;
	const TSK_FS_META *m = file->meta;
	int orphans = k->within->orphans;

	if (m == NULL || !TSK_FS_IS_DIR_META(m->type) || is_dot(name) ||
	    name->name == NULL)
		return;
	/* A deleted name whose folder is in use names another one. */
	if ((name->flags & TSK_FS_NAME_FLAG_UNALLOC) != 0 &&
	    (m->flags & TSK_FS_META_FLAG_ALLOC) != 0)
		return;
	if (m->addr == TSK_FS_ORPHANDIR_INUM(k->fs))
		orphans = 1;
	if (!mark(&k->seen, m->addr)) {
		if (ex_work_wants(k->w, k->volume, k->folder, k->entry, 0) &&
		    (name->flags & TSK_FS_NAME_FLAG_ALLOC) != 0)
			ex_work_found(k->w, EX_FOUND_LOOP,
			    "folder %.200s is listed twice: it is read once",
			    name->name);
		return;
	}
	if (k->within->depth >= DEPTH_MAX || k->seen.n > FOLDERS_MAX ||
	    strlen(k->within->path) + strlen(name->name) + 2 >
		EX_CATALOGUE_PATH) {
		ex_work_found(k->w, EX_FOUND_LIMIT,
		    "folder %.200s lies too deep", name->name);
		return;
	}
	push(k, m->addr, k->within->path, name->name, k->within->depth + 1,
	    orphans);
}

static void
look_at_entry(struct walk *k, const TSK_FS_DIR *dir, const struct folder *f)
{
	const TSK_FS_NAME *name = tsk_fs_dir_get_name(dir, k->entry);
	TSK_FS_FILE *file;

	k->within = f;
	k->stream_no = 0;
	if (name == NULL || (is_dot(name) && !TSK_FS_TYPE_ISNTFS(k->fs->ftype)))
		return;
	ex_work_at(k->w, EX_STEP_ENTRY, k->volume, k->folder, k->entry);
	if (ex_work_avoids(
		k->w, EX_STEP_ENTRY, k->volume, k->folder, k->entry)) {
		fill_name(k, name);
		k->w->file.flags |= EX_FILE_NO_DATA;
		send(k, &k->w->file);
		return;
	}
	if ((file = tsk_fs_dir_get(dir, k->entry)) == NULL) {
		if (is_dot(name))
			return;
		fill_name(k, name);
		k->w->file.flags |= EX_FILE_NO_DATA;
		send(k, &k->w->file);
		return;
	}
	if (TSK_FS_TYPE_ISNTFS(k->fs->ftype) && file->meta != NULL)
		lines_of_ntfs(k, file);
	else if (!is_dot(file->name))
		lines_of_others(k, file);
	descend(k, file);
	tsk_fs_file_close(file);
}

static void
tell_folder(struct walk *k, const struct folder *f)
{
	const struct ex_cat_folder m = { k->volume, k->folder,
		{ (const uint8_t *)f->path, strlen(f->path) } };

	if (ex_cat_put_folder(&k->w->out, &m, NULL) == -1)
		ex_work_give_up();
}

static void
read_folder(struct walk *k, const struct folder *f)
{
	enum ex_catalogue_step step = f->inode == TSK_FS_ORPHANDIR_INUM(k->fs)
					  ? EX_STEP_ORPHANS
					  : EX_STEP_FOLDER;
	int wanted = ex_work_wants(k->w, k->volume, k->folder, UINT32_MAX, 0);
	TSK_FS_DIR *dir;
	size_t n;

	ex_work_at(k->w, step, k->volume, k->folder, 0);
	if (ex_work_avoids(k->w, step, k->volume, k->folder, 0))
		return;
	if (step == EX_STEP_ORPHANS && k->w->request.no_orphans)
		return;
	if ((dir = tsk_fs_dir_open_meta(k->fs, f->inode)) == NULL) {
		if (wanted)
			ex_work_found(k->w, EX_FOUND_UNREADABLE,
			    "folder /%.200s: %.150s", f->path, ex_tsk_error());
		return;
	}
	if (wanted)
		tell_folder(k, f);
	n = tsk_fs_dir_getsize(dir);
	if (n > ENTRIES_MAX) {
		ex_work_found(k->w, EX_FOUND_LIMIT,
		    "folder /%.200s has %zu entries", f->path, n);
		n = ENTRIES_MAX;
	}
	for (k->entry = 0; k->entry < n; k->entry++)
		look_at_entry(k, dir, f);
	k->entry = 0;
	tsk_fs_dir_close(dir);
}

void
ex_tsk_walk(struct ex_cat_work *w, TSK_FS_INFO *fs, uint32_t volume)
{
	struct walk k;

	memset(&k, 0, sizeof(k));
	k.w = w;
	k.fs = fs;
	k.volume = volume;
	(void)mark(&k.seen, fs->root_inum);
	push(&k, fs->root_inum, "", "", 0, 0);
	while (k.n > 0) {
		struct folder f = k.stack[--k.n];

		read_folder(&k, &f);
		free(f.path);
		k.folder++;
	}
	free(k.stack);
	free(k.seen.slot);
}
