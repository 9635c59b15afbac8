/*
 * image_blocks.c -- the map of an image's blocks, in the vault and signed.
 */
#include "cases/image_blocks.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cases/house.h"
#include "hashing/tree.h"
#include "intake/blockmap.h"
#include "intake/vault.h"

enum {
	HEAD_MAX = 128,	     /* bytes before the digests */
	BLOCKS_MAX = 1 << 26 /* of 1 MiB: 64 TiB */
};

static void
map_of(struct ex_blockmap *m, const struct ex_verdict *v)
{
	m->block = EX_BLOCKMAP_BLOCK;
	m->bytes = v->bytes;
	m->n = v->blocks.len / EX_SHA256_LEN;
	m->digest = v->blocks.data;
}

/* {"block_size", "blocks", "root", "sha256"} */
static int
describe(struct ex_json *o, const struct ex_blockmap *m, const char *sha256,
    struct ex_err *err)
{
	uint8_t root[EX_SHA256_LEN];

	if (ex_blockmap_root(root, m, err) == -1 ||
	    ex_json_set_int(o, "block_size", (int64_t)m->block, err) == -1 ||
	    ex_json_set_int(o, "blocks", (int64_t)m->n, err) == -1 ||
	    ex_json_set_hex(o, "root", root, sizeof(root), err) == -1)
		return -1;
	return ex_json_set_text(o, "sha256", sha256, err);
}

int
ex_blocks_keep(struct ex_house *house, struct ex_json *fields,
    const struct ex_verdict *v, struct ex_err *err)
{
	char vault[EX_PATH], sha256[EX_SHA256_HEX];
	struct ex_buf file = EX_BUF_INIT;
	struct ex_json *o = NULL;
	struct ex_blockmap m;
	int rc = -1;

	if (v->blocks.len == 0)
		return 0;
	map_of(&m, v);
	if (ex_blockmap_write(&file, &m, err) == -1 ||
	    ex_house_path(vault, house, "vault", err) == -1 ||
	    ex_vault_put(sha256, vault, EX_VAULT_ATTACHMENTS, NULL, file.data,
		file.len, err) == -1)
		goto out;
	if ((o = ex_json_object()) == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	if (describe(o, &m, sha256, err) == 0) {
		rc = ex_json_set(fields, "block_map", o, err);
		o = NULL;
	}
out:
	ex_json_free(o);
	ex_buf_free(&file);
	return rc;
}

static const struct ex_json *
signed_map(const struct ex_image *i)
{
	return i->create == NULL
		   ? NULL
		   : ex_json_get(
			 i->create->admission.event.fields, "block_map");
}

int
ex_blocks_signed(const struct ex_image *i)
{
	return signed_map(i) != NULL;
}

/*
 * The signed map out of the vault into file; "ok", or what is wrong with it.
 * m borrows from file.
 */
static const char *
load(struct ex_blockmap *m, struct ex_buf *file, struct ex_house *house,
    const struct ex_json *says, const struct ex_verdict *v)
{
	uint8_t root[EX_SHA256_LEN], want[EX_SHA256_LEN];
	const char *sha256 = ex_json_get_text(says, "sha256");
	char vault[EX_PATH];
	int64_t blocks;
	int fd = -1, rc;

	if (sha256 == NULL ||
	    ex_json_need_hex(want, sizeof(want), says, "root", NULL) == -1 ||
	    ex_house_path(vault, house, "vault", NULL) == -1 ||
	    ex_vault_open(
		&fd, vault, EX_VAULT_ATTACHMENTS, NULL, sha256, NULL) == -1)
		return "missing";
	blocks = ex_json_get_int(says, "blocks", 0);
	rc = blocks < 1 || blocks > BLOCKS_MAX
		 ? -1
		 : ex_fd_read_all(file, fd,
		       (size_t)blocks * EX_SHA256_LEN + HEAD_MAX, NULL);
	(void)close(fd);
	/* The root is signed, so nothing else need be believed. */
	if (rc == -1 ||
	    ex_blockmap_read(m, file->data, file->len, NULL) == -1 ||
	    ex_blockmap_root(root, m, NULL) == -1 ||
	    memcmp(root, want, sizeof(root)) != 0 ||
	    (int64_t)m->block != ex_json_get_int(says, "block_size", 0))
		return "damaged";
	return m->block == EX_BLOCKMAP_BLOCK && m->bytes == v->bytes
		   ? "ok"
		   : "unusable";
}

static int
put_range(struct ex_json *list, uint64_t from, uint64_t to, uint32_t sector,
    struct ex_err *err)
{
	struct ex_json *o = ex_json_object();

	if (o == NULL ||
	    ex_json_set_int(o, "lba", (int64_t)(from / sector), err) == -1 ||
	    ex_json_set_int(o, "count",
		(int64_t)((to - from + sector - 1) / sector), err) == -1 ||
	    ex_json_set_int(o, "from", (int64_t)from, err) == -1 ||
	    ex_json_set_int(o, "to", (int64_t)to, err) == -1) {
		ex_json_free(o);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return ex_json_add(list, o, err);
}

static int
put_changes(struct ex_json *told, const struct ex_blockmap *was,
    const struct ex_verdict *v, struct ex_err *err)
{
	struct ex_json *list = ex_json_array();
	struct ex_blockmap is;
	uint64_t from, to;
	size_t at = 0;

	if (list == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	map_of(&is, v);
	while (ex_blockmap_differs(was, &is, &at, &from, &to))
		if (put_range(list, from, to, v->sector_size, err) == -1) {
			ex_json_free(list);
			return -1;
		}
	return ex_json_set(told, "changed_ranges", list, err);
}

int
ex_blocks_locate(struct ex_json *told, struct ex_house *house,
    const struct ex_image *i, const struct ex_verdict *v, struct ex_err *err)
{
	const struct ex_json *says = signed_map(i);
	struct ex_buf file = EX_BUF_INIT;
	struct ex_blockmap was;
	const char *state = "none";
	int rc = 0;

	if (says != NULL)
		state = load(&was, &file, house, says, v);
	if (strcmp(state, "ok") == 0 && v->blocks.len > 0)
		rc = put_changes(told, &was, v, err);
	if (rc == 0)
		rc = ex_json_set_text(told, "block_map", state, err);
	ex_buf_free(&file);
	return rc;
}
