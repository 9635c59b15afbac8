/*
 * picture.c -- photographs out of the vault.
 */
#include "report/picture.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/proc.h"
#include "hashing/digest.h"
#include "intake/picture.h"
#include "intake/vault.h"

static const uint8_t png[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };

void
ex_picture_free(struct ex_picture *p)
{
	ex_buf_free(&p->data);
}

/* The file, if it is the one that was signed. */
static int
read_file(struct ex_buf *out, int fd, const char *sha256, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	char is[EX_SHA256_HEX];

	if (ex_fd_read_all(out, fd, EX_PICTURE_BYTES_MAX, &why) == -1)
		return ex_fail(err, why.code, "%s",
		    why.code == EX_LIMIT ? "more bytes than a photograph has"
					 : why.text);
	ex_sha256_hex(is, out->data, out->len);
	if (strcmp(is, sha256) != 0)
		return ex_fail(err, EX_DAMAGED,
		    "the file in the vault is another than was signed");
	return 0;
}

/* What exhibit-picture said of it: pixels, or why there are none. */
static int
take(struct ex_picture *out, const struct ex_buf *said, int status,
    struct ex_err *err)
{
	struct ex_picture_head head;
	struct ex_span pixels;

	if (status != 0 ||
	    ex_picture_take(&head, &pixels, said->data, said->len, NULL) == -1)
		return ex_fail(err, EX_FORMAT, "%.120s",
		    status == EX_PICTURE_REFUSED && said->len > 0
			? ex_buf_text(said)
			: "a PNG that cannot be decoded");
	out->kind = EX_PICTURE_PIXELS;
	out->width = head.width;
	out->height = head.height;
	out->was_wide = head.was_wide;
	out->was_high = head.was_high;
	return ex_buf_add(&out->data, pixels.p, pixels.n, err);
}

static int
decode(struct ex_picture *out, int fd, struct ex_err *err)
{
	const char *const argv[] = { "exhibit-picture", NULL };
	struct ex_buf said = EX_BUF_INIT;
	struct ex_proc p = EX_PROC_INIT;
	struct ex_err why = EX_ERR_INIT;
	char path[EX_PATH];
	int status = -1, rc = -1;

	if (ex_proc_beside(path, EX_PATH, argv[0], err) == -1)
		return -1;
	if (lseek(fd, 0, SEEK_SET) == -1)
		return ex_fail_errno(err, "photograph");
	p.path = path;
	p.argv = argv;
	p.in = fd;
	if (ex_proc_run(&p, &said, EX_PICTURE_ANSWER_MAX,
		(EX_PICTURE_SECONDS + 5) * EX_SECOND, &status, &why) == -1)
		(void)ex_fail(err, EX_FORMAT,
		    "a PNG that cannot be decoded: %.120s", why.text);
	else
		rc = take(out, &said, status, err);
	ex_buf_free(&said);
	return rc;
}

int
ex_picture_load(struct ex_picture *out, const char *vault, const char *sha256,
    struct ex_err *err)
{
	int fd = -1, rc = -1;

	memset(out, 0, sizeof(*out));
	if (ex_vault_open(
		&fd, vault, EX_VAULT_ATTACHMENTS, NULL, sha256, err) == -1)
		return -1;
	if (read_file(&out->data, fd, sha256, err) == -1)
		goto out;
	if (out->data.len > sizeof(png) &&
	    memcmp(out->data.data, png, sizeof(png)) == 0) {
		ex_buf_free(&out->data);
		rc = decode(out, fd, err);
	} else {
		out->kind = EX_PICTURE_JPEG;
		rc = ex_picture_jpeg(&out->width, &out->height, out->data.data,
		    out->data.len, err);
		out->was_wide = out->width;
		out->was_high = out->height;
	}
out:
	(void)close(fd);
	return rc;
}
