/*
 * content_tsk.c -- what a file holds: where its bytes lie, their digests,
 * their type and how even they are.
 *
 * Content is read in pieces and never held whole.  Nothing is digested of
 * what cannot be the file's: a deleted name whose metadata are another's.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hashing/digest.h"
#include "intake/tsk_parts_tsk.h"

enum {
	PIECE = 1 << 20,       /* bytes that are read at once */
	RUNS_LOOKED = 1 << 24, /* of one file: a list may be a ring */
	KNOWN = 4096	       /* hard links whose content is remembered */
};

#define GIB (UINT64_C(1) << 30)

static uint8_t piece[PIECE];

/* Content of a file with several names, by its inode and attribute. */
struct known {
	uint32_t volume;
	uint64_t inode;
	uint32_t attribute, attribute_id;
	int used;
	uint8_t md5[16], sha1[20], sha256[EX_SHA256_LEN];
	char mime[EX_CATALOGUE_MIME + 1], type[EX_CATALOGUE_TYPE + 1];
	int32_t entropy;
};

static struct known known[KNOWN];

static struct known *
slot_of(const struct ex_file *f)
{
	uint64_t h = (f->inode * 31 + f->attribute_id + f->place.volume) *
		     UINT64_C(0x9e3779b97f4a7c15);

	return &known[(h >> 32) % KNOWN];
}

static int
recall(struct ex_file *f)
{
	const struct known *k = slot_of(f);

	if (!k->used || k->volume != f->place.volume || k->inode != f->inode ||
	    k->attribute != f->attribute || k->attribute_id != f->attribute_id)
		return 0;
	f->digested = 1;
	memcpy(f->md5, k->md5, sizeof(f->md5));
	memcpy(f->sha1, k->sha1, sizeof(f->sha1));
	memcpy(f->sha256, k->sha256, sizeof(f->sha256));
	memcpy(f->mime, k->mime, sizeof(f->mime));
	memcpy(f->type, k->type, sizeof(f->type));
	f->entropy = k->entropy;
	return 1;
}

static void
remember(const struct ex_file *f)
{
	struct known *k = slot_of(f);

	k->used = 1;
	k->volume = f->place.volume;
	k->inode = f->inode;
	k->attribute = f->attribute;
	k->attribute_id = f->attribute_id;
	memcpy(k->md5, f->md5, sizeof(k->md5));
	memcpy(k->sha1, f->sha1, sizeof(k->sha1));
	memcpy(k->sha256, f->sha256, sizeof(k->sha256));
	memcpy(k->mime, f->mime, sizeof(k->mime));
	memcpy(k->type, f->type, sizeof(k->type));
	k->entropy = f->entropy;
}

static void
add_run(struct ex_file *f, const TSK_FS_INFO *fs, const TSK_FS_ATTR_RUN *r,
    uint64_t bytes)
{
	struct ex_run *run = &f->run[f->nruns];
	uint64_t at = 0;

	if (f->nruns == EX_CATALOGUE_RUNS) {
		f->flags |= EX_FILE_RUNS_CUT;
		return;
	}
	run->kind = 0;
	if ((r->flags & (TSK_FS_ATTR_RUN_FLAG_SPARSE |
			    TSK_FS_ATTR_RUN_FLAG_FILLER)) != 0) {
		run->kind = EX_RUN_HOLE;
	} else if (__builtin_mul_overflow(r->addr, fs->block_size, &at) ||
		   __builtin_add_overflow(at, (uint64_t)fs->offset, &at) ||
		   at > INT64_MAX) {
		at = 0;
		run->kind = EX_RUN_HOLE;
	}
	run->at = at;
	run->bytes = bytes;
	f->nruns++;
}

/* Where its bytes lie; how many there really are of it. */
static uint64_t
fill_runs(struct ex_file *f, const TSK_FS_INFO *fs, const TSK_FS_ATTR *attr)
{
	uint64_t stored = 0;
	size_t n = 0;

	if ((attr->flags & TSK_FS_ATTR_NONRES) == 0) {
		f->flags |= EX_FILE_RESIDENT;
		return f->size;
	}
	for (const TSK_FS_ATTR_RUN *r = attr->nrd.run;
	     r != NULL && n < RUNS_LOOKED; r = r->next, n++) {
		uint64_t bytes;

		if (__builtin_mul_overflow(r->len, fs->block_size, &bytes) ||
		    bytes > INT64_MAX)
			bytes = INT64_MAX;
		add_run(f, fs, r, bytes);
		if ((r->flags & (TSK_FS_ATTR_RUN_FLAG_SPARSE |
				    TSK_FS_ATTR_RUN_FLAG_FILLER)) != 0)
			/* Room behind the end is no hole of the content. */
			f->flags |= r->offset < f->size / fs->block_size
					? EX_FILE_SPARSE
					: 0;
		else if (__builtin_add_overflow(stored, bytes, &stored))
			stored = INT64_MAX;
	}
	f->room = attr->nrd.allocsize < 0 ? 0 : (uint64_t)attr->nrd.allocsize;
	return stored;
}

/* Thousandths of a bit that a byte of these carries (Shannon). */
static int32_t
entropy_of(const uint8_t *p, size_t n)
{
	uint32_t count[256] = { 0 };
	double bits = 0;

	for (size_t i = 0; i < n; i++)
		count[p[i]]++;
	for (size_t i = 0; i < 256; i++)
		if (count[i] != 0)
			bits -= (double)count[i] *
				log2((double)count[i] / (double)n);
	return (int32_t)(bits / (double)n * 1000 + 0.5);
}

static void
look_at_head(struct ex_cat_work *w, const uint8_t *head, size_t n)
{
	struct ex_file *f = &w->file;
	const struct ex_catalogue_place *p = &f->place;

	if (n > EX_TYPE_HEAD)
		n = EX_TYPE_HEAD;
	f->entropy = entropy_of(head, n);
	if (ex_work_avoids(w, EX_STEP_TYPE, p->volume, p->folder, p->entry))
		return;
	ex_work_at(w, EX_STEP_TYPE, p->volume, p->folder, p->entry);
	ex_typer_look(w->typer, head, n, f->mime, sizeof(f->mime), f->type,
	    sizeof(f->type));
	ex_work_at(w, EX_STEP_CONTENT, p->volume, p->folder, p->entry);
}

/* All bytes through the digests; -1 when one of them cannot be read. */
static int
read_through(
    struct ex_cat_work *w, const TSK_FS_ATTR *attr, struct ex_digest *d)
{
	const struct ex_file *f = &w->file;
	uint64_t off = 0;

	while (off < f->size) {
		size_t want =
		    f->size - off < PIECE ? (size_t)(f->size - off) : PIECE;
		ssize_t n = tsk_fs_attr_read(attr, (TSK_OFF_T)off,
		    (char *)piece, want, TSK_FS_FILE_READ_FLAG_NONE);

		if (n <= 0 || (size_t)n > want)
			return -1;
		if (off == 0)
			look_at_head(w, piece, (size_t)n);
		if (ex_digest_add(d, piece, (size_t)n, NULL) == -1)
			ex_work_give_up();
		off += (uint64_t)n;
		ex_work_read(w, (uint64_t)n);
	}
	return 0;
}

static void
take_digests(struct ex_file *f, struct ex_digest *d)
{
	struct ex_digest_value v[EX_ALGS];
	size_t n;

	if (ex_digest_end(d, v, &n, NULL, NULL) == -1 || n != 3)
		ex_work_give_up();
	memcpy(f->md5, v[0].value, sizeof(f->md5));
	memcpy(f->sha1, v[1].value, sizeof(f->sha1));
	memcpy(f->sha256, v[2].value, sizeof(f->sha256));
	f->digested = 1;
}

static void
digest(struct ex_cat_work *w, const TSK_FS_ATTR *attr)
{
	struct ex_file *f = &w->file;
	struct ex_digest *d = NULL;

	if (ex_digest_new_fast(&d,
		EX_ALG_BIT(EX_MD5) | EX_ALG_BIT(EX_SHA1) |
		    EX_ALG_BIT(EX_SHA256),
		NULL) == -1)
		ex_work_give_up();
	if (read_through(w, attr, d) == 0) {
		take_digests(f, d);
		if (f->size == 0) {
			memcpy(f->mime, "inode/x-empty", 14);
			memcpy(f->type, "empty", 6);
		}
	} else {
		f->flags |= EX_FILE_UNREAD;
		/* Of a deleted file that is usual. */
		if ((f->flags & (EX_FILE_DELETED | EX_FILE_FREED)) == 0)
			ex_work_found(w, EX_FOUND_UNREADABLE,
			    "the content of %.*s: %.200s",
			    f->name.n > 100 ? 100 : (int)f->name.n,
			    (const char *)f->name.p, ex_tsk_error());
	}
	ex_digest_free(d);
}

/*
 * What a run reads is bounded by the media: files that share their bytes, or
 * claim bytes that nobody has, would make it endless.
 */
static int
is_too_much(struct ex_cat_work *w)
{
	struct ex_file *f = &w->file;
	uint64_t one = w->bytes * 4 > 4 * GIB ? w->bytes * 4 : 4 * GIB;
	uint64_t all = w->bytes * 8 + 16 * GIB;

	if (f->size <= one && w->read < all)
		return 0;
	f->flags |= EX_FILE_TOO_LARGE;
	if ((f->flags & (EX_FILE_DELETED | EX_FILE_FREED)) == 0)
		ex_work_found(w, EX_FOUND_LIMIT,
		    "%.*s is not digested: it claims more than the image can "
		    "hold",
		    f->name.n > 100 ? 100 : (int)f->name.n,
		    (const char *)f->name.p);
	return 1;
}

void
ex_tsk_content(
    struct ex_cat_work *w, TSK_FS_FILE *file, const TSK_FS_ATTR *attr)
{
	struct ex_file *f = &w->file;
	const struct ex_catalogue_place *p = &f->place;
	uint64_t stored;

	f->size = attr->size < 0 ? 0 : (uint64_t)attr->size;
	stored = fill_runs(f, file->fs_info, attr);
	if ((attr->flags & TSK_FS_ATTR_ENC) != 0)
		f->flags |= EX_FILE_ENCRYPTED;
	if ((attr->flags & TSK_FS_ATTR_COMP) != 0)
		f->flags |= EX_FILE_COMPRESSED;
	if ((attr->flags & TSK_FS_ATTR_RECOVERY) != 0)
		f->flags |= EX_FILE_RECOVERED;
	if (w->request.no_digests || (f->flags & EX_FILE_REUSED) != 0 ||
	    (f->flags & EX_FILE_VIRTUAL) != 0 ||
	    attr->type == TSK_FS_ATTR_TYPE_NTFS_IDXROOT)
		return;
	if (stored == 0 && f->size > PIECE) {
		f->flags |= EX_FILE_HOLES_ONLY;
		return;
	}
	if (ex_work_avoids(
		w, EX_STEP_CONTENT, p->volume, p->folder, p->entry)) {
		f->flags |= EX_FILE_UNREAD;
		return;
	}
	if (((f->flags & EX_FILE_LINKED) != 0 && recall(f)) || is_too_much(w))
		return;
	ex_work_at(w, EX_STEP_CONTENT, p->volume, p->folder, p->entry);
	digest(w, attr);
	if (f->digested && (f->flags & EX_FILE_LINKED) != 0)
		remember(f);
}
