/*
 * hashes.c -- lists of digests, written.
 */
#include "hashing/hashes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/text.h"

/* The name as coreutils escape it. */
static int
put_name(struct ex_buf *out, const char *name, struct ex_err *err)
{
	for (const char *p = name; *p != '\0'; p++) {
		const char *as = *p == '\n'   ? "\\n"
				 : *p == '\r' ? "\\r"
				 : *p == '\\' ? "\\\\"
					      : NULL;

		if ((as != NULL ? ex_buf_add_text(out, as, err)
				: ex_buf_add(out, p, 1, err)) == -1)
			return -1;
	}
	return 0;
}

/* Coreutils 9 escapes names with these three; nothing else is special. */
static int
is_special(const char *name)
{
	return name[strcspn(name, "\n\r\\")] != '\0';
}

static int
put_hex(struct ex_buf *out, const struct ex_digest_value *d, struct ex_err *err)
{
	char hex[2 * EX_DIGEST_MAX + 1];

	ex_hex(hex, d->value, d->len);
	return ex_buf_add_text(out, hex, err);
}

int
ex_hashes_put_gnu(struct ex_buf *out, const struct ex_digest_value *d,
    const char *name, struct ex_err *err)
{
	if ((is_special(name) && ex_buf_add_byte(out, '\\', err) == -1) ||
	    put_hex(out, d, err) == -1 || ex_buf_add_text(out, "  ", err) == -1)
		return -1;
	if ((is_special(name) ? put_name(out, name, err)
			      : ex_buf_add_text(out, name, err)) == -1)
		return -1;
	return ex_buf_add_byte(out, '\n', err);
}

const char *
ex_hashes_tag(enum ex_alg alg)
{
	static const char *const tags[EX_ALGS] = { [EX_MD5] = "MD5",
		[EX_SHA1] = "SHA1",
		[EX_SHA256] = "SHA256",
		[EX_SHA512] = "SHA512",
		[EX_SHA3_256] = "SHA3-256",
		[EX_BLAKE2B] = "BLAKE2b" };

	return tags[alg];
}

int
ex_hashes_put_tagged(struct ex_buf *out, const struct ex_digest_value *d,
    const char *name, struct ex_err *err)
{
	if (ex_buf_addf(out, err, "%s%s (", is_special(name) ? "\\" : "",
		ex_hashes_tag(d->alg)) == -1 ||
	    (is_special(name) ? put_name(out, name, err)
			      : ex_buf_add_text(out, name, err)) == -1 ||
	    ex_buf_add_text(out, ") = ", err) == -1 ||
	    put_hex(out, d, err) == -1)
		return -1;
	return ex_buf_add_byte(out, '\n', err);
}

int
ex_hashes_put_name(struct ex_buf *out, const char *name, struct ex_err *err)
{
	if (strchr(name, '\n') == NULL)
		return ex_buf_add_text(out, name, err);
	if (ex_buf_add_byte(out, '\\', err) == -1)
		return -1;
	return put_name(out, name, err);
}

int
ex_hashes_put_hashdeep_head(
    struct ex_buf *out, unsigned algs, struct ex_err *err)
{
	if (ex_buf_add_text(out, "%%%% HASHDEEP-1.0\n%%%% size,", err) == -1)
		return -1;
	for (int alg = 0; alg < EX_ALGS; alg++)
		if ((algs & EX_ALG_BIT(alg)) != 0 &&
		    ex_buf_addf(
			out, err, "%s,", ex_alg_name((enum ex_alg)alg)) == -1)
			return -1;
	return ex_buf_add_text(out, "filename\n", err);
}

int
ex_hashes_put_hashdeep(struct ex_buf *out, uint64_t size,
    const struct ex_digest_value *d, size_t n, const char *name,
    struct ex_err *err)
{
	/* A backslash alone is no trouble to hashdeep and stays as it is. */
	int special = name[strcspn(name, "\n\r")] != '\0';

	if (ex_buf_addf(
		out, err, "%s%" PRIu64 ",", special ? "\\" : "", size) == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (put_hex(out, &d[i], err) == -1 ||
		    ex_buf_add_byte(out, ',', err) == -1)
			return -1;
	if ((special ? put_name(out, name, err)
		     : ex_buf_add_text(out, name, err)) == -1)
		return -1;
	return ex_buf_add_byte(out, '\n', err);
}

int
ex_hashes_put_xml(struct ex_buf *out, const char *text, struct ex_err *err)
{
	for (const char *p = text; *p != '\0'; p++) {
		const char *as = *p == '&'    ? "&amp;"
				 : *p == '<'  ? "&lt;"
				 : *p == '>'  ? "&gt;"
				 : *p == '"'  ? "&quot;"
				 : *p == '\'' ? "&apos;"
					      : NULL;

		if ((as != NULL ? ex_buf_add_text(out, as, err)
				: ex_buf_add(out, p, 1, err)) == -1)
			return -1;
	}
	return 0;
}

int
ex_hashes_put_dfxml_head(
    struct ex_buf *out, const char *program, struct ex_err *err)
{
	return ex_buf_addf(out, err,
	    "<?xml version='1.0' encoding='UTF-8'?>\n"
	    "<dfxml xmlns='http://www.forensicswiki.org/wiki/Category:"
	    "Digital_Forensics_XML' version='1.0'>\n"
	    "  <creator>\n    <program>%s</program>\n  </creator>\n",
	    program);
}

int
ex_hashes_put_dfxml_end(struct ex_buf *out, struct ex_err *err)
{
	return ex_buf_add_text(out, "</dfxml>\n", err);
}

int
ex_hashes_put_dfxml(struct ex_buf *out, uint64_t size,
    const struct ex_digest_value *d, size_t n, const char *name,
    struct ex_err *err)
{
	int plain = ex_text_canonical(name, strlen(name), NULL) == 0;
	char *shown = NULL;
	size_t room = 10 * strlen(name) + 16;
	int rc = -1;

	if ((shown = malloc(room)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	(void)ex_text_shown(shown, room, name);
	if (ex_buf_addf(out, err, "  <fileobject>\n    <filename%s>",
		plain ? "" : " escaped='1'") == -1 ||
	    ex_hashes_put_xml(out, plain ? name : shown, err) == -1 ||
	    ex_buf_addf(out, err,
		"</filename>\n    <filesize>%" PRIu64 "</filesize>\n",
		size) == -1)
		goto out;
	for (size_t i = 0; i < n; i++)
		if (ex_buf_addf(out, err, "    <hashdigest type='%s'>",
			ex_alg_name(d[i].alg)) == -1 ||
		    put_hex(out, &d[i], err) == -1 ||
		    ex_buf_add_text(out, "</hashdigest>\n", err) == -1)
			goto out;
	rc = ex_buf_add_text(out, "  </fileobject>\n", err);
out:
	free(shown);
	return rc;
}
