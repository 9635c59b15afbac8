/*
 * vault.h -- the write-once store: image segments, attachments, reports.
 *
 *	VAULT/images/NAME/		segments of image NAME
 *	VAULT/attachments/SHA256	any file, by its digest
 *	VAULT/reports/SHA256.FORMAT	reports, by their digest
 *
 * Files get their name when they are whole and on disk, mode 0444, and are
 * never written again.  Digests that count are in signed entries.
 */
#ifndef INTAKE_VAULT_H
#define INTAKE_VAULT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/file.h"
#include "hashing/digest.h"

enum ex_vault_part {
	EX_VAULT_ATTACHMENTS,
	EX_VAULT_REPORTS
};

/*
 * The folder for the segments of an image, made when it is not there.
 * EX_USAGE when the name is no ITEM.
 */
int ex_vault_image_dir(char out[EX_PATH], const char *vault, const char *image,
    struct ex_err *err);

/*
 * Keep these bytes; sha256 is their digest in hexadecimal.  ext is "html",
 * "txt" ... or NULL.  The same bytes again are success, another file under
 * that name is EX_DAMAGED.
 */
int ex_vault_put(char sha256[EX_SHA256_HEX], const char *vault,
    enum ex_vault_part part, const char *ext, const void *data, size_t n,
    struct ex_err *err);

/*
 * Keep a copy of a regular file, read once; *size its bytes (may be NULL).
 * EX_ABSENT, EX_LIMIT above EX_VAULT_FILE_MAX.
 */
int ex_vault_put_file(char sha256[EX_SHA256_HEX], uint64_t *size,
    const char *vault, enum ex_vault_part part, const char *ext,
    const char *path, struct ex_err *err);

/* Open what is kept, to read.  EX_ABSENT.  *fd is the caller's. */
int ex_vault_open(int *fd, const char *vault, enum ex_vault_part part,
    const char *ext, const char *sha256, struct ex_err *err);

#endif
