/*
 * imager.c -- images made and read back from a script, with nothing round it.
 *
 *	imager make SOURCE FORMAT COMPRESSION SEGMENT-SIZE DIR...
 *		prints the result, "sha256 HEX", the first folder's segments,
 *		"range LBA COUNT STATUS", "returned TIMES" and why; waits
 *		IMAGER_WAIT seconds for a source that goes away
 *	imager read FORMAT SEGMENT...
 *		prints the verdict, its text and the SHA-256
 *	imager confirm FORMAT SEGMENT...
 *		the same with OpenSSL's digests alone
 *	imager export FORMAT TO SEGMENT...
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/text.h"
#include "intake/imaging.h"
#include "intake/reader.h"

enum {
	FAILED = 2
};

static int
fail(const struct ex_err *err)
{
	(void)fprintf(stderr, "imager: %s\n", err->text);
	return FAILED;
}

static void
print_sha256(const struct ex_digest_value *d, size_t n)
{
	char hex[2 * EX_DIGEST_MAX + 1];

	for (size_t i = 0; i < n; i++) {
		if (d[i].alg != EX_SHA256)
			continue;
		ex_hex(hex, d[i].value, d[i].len);
		(void)printf("sha256 %s\n", hex);
	}
}

static void
print_reading(const struct ex_imaging_outcome *out)
{
	for (size_t i = 0; i < out->bad.n; i++)
		(void)printf("range %" PRIu64 " %" PRIu64 " %s\n",
		    out->bad.at[i].lba, out->bad.at[i].count,
		    ex_range_status_text(out->bad.at[i].status));
	if (out->returns > 0)
		(void)printf("returned %u\n", out->returns);
	if (out->why.code != EX_OK)
		(void)printf("%s\n", out->why.text);
}

static int
make(char **arg, size_t n)
{
	struct ex_imaging job = { .name = "DISK-I1",
		.ndir = n - 4,
		.header = { .case_number = "113年度偵字第42號",
		    .evidence_number = "扣押物-001",
		    .description = "水廠控制主機硬碟\twith a tab",
		    .examiner = "鑑識員甲",
		    .notes = "備註：測試",
		    .serial = "SN-1",
		    .model = "型號A" } };
	struct ex_imaging_outcome out;
	struct ex_err err = EX_ERR_INIT;
	const char *dirs[EX_IMAGING_DESTINATIONS];
	unsigned long long size;

	for (size_t i = 4; i < n && i < 4 + EX_IMAGING_DESTINATIONS; i++)
		dirs[i - 4] = arg[i];
	job.dir = dirs;
	if (ex_container_parse(&job.container, arg[1], &err) == -1 ||
	    ex_compression_parse(&job.compression, arg[2], &err) == -1 ||
	    ex_text_number(&size, arg[3], INT64_MAX, &err) == -1)
		return fail(&err);
	job.segment_size = size;
	job.digest_later = getenv("IMAGER_DIGEST_LATER") != NULL;
	if (getenv("IMAGER_WAIT") != NULL)
		job.wait = (unsigned)strtoul(getenv("IMAGER_WAIT"), NULL, 10);
	if (ex_source_open(&job.source, arg[0], &err) == -1 ||
	    ex_imaging_run(&out, &job, &err) == -1)
		return fail(&err);
	(void)printf("%s\n", ex_imaging_result_text(out.result));
	print_sha256(out.digest, out.ndigests);
	for (size_t i = 0; i < out.copy[0].nsegments; i++)
		(void)printf("%s\n", out.copy[0].segment[i].path);
	print_reading(&out);
	ex_imaging_outcome_free(&out);
	ex_source_close(job.source);
	return 0;
}

static int
read_back(const char *format, const char *to, int confirm, char **arg, size_t n)
{
	static const char *const words[] = { "whole", "damaged", "unreadable" };
	const char *build = getenv("EXHIBIT_BUILD");
	const char *path[64];
	char program[EX_PATH];
	struct ex_reading r = { .path = path,
		.npaths = n < 64 ? n : 64,
		.program = program,
		.other_digests = confirm,
		.stall_seconds = 20 };
	struct ex_err err = EX_ERR_INIT;
	struct ex_verdict v;
	int fd = -1, rc;

	(void)snprintf(program, sizeof(program), "%s/bin/exhibit-reader",
	    build == NULL ? "build" : build);
	for (size_t i = 0; i < r.npaths; i++)
		path[i] = arg[i];
	if (ex_container_parse(&r.container, format, &err) == -1)
		return fail(&err);
	if (to != NULL)
		fd = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	rc = to == NULL ? ex_reading_verify(&v, &r, &err)
			: ex_reading_export(&v, &r, fd, &err);
	if (fd != -1)
		(void)close(fd);
	if (rc == -1)
		return fail(&err);
	(void)printf("%s\t%s\n", words[v.result], v.text);
	print_sha256(v.digest, v.ndigests);
	rc = v.result == EX_READING_WHOLE ? 0 : 1;
	ex_verdict_free(&v);
	return rc;
}

int
main(int argc, char **argv)
{
	size_t n = (size_t)argc;

	if (n >= 7 && strcmp(argv[1], "make") == 0)
		return make(&argv[2], n - 2);
	if (n >= 4 && strcmp(argv[1], "read") == 0)
		return read_back(argv[2], NULL, 0, &argv[3], n - 3);
	if (n >= 4 && strcmp(argv[1], "confirm") == 0)
		return read_back(argv[2], NULL, 1, &argv[3], n - 3);
	if (n >= 5 && strcmp(argv[1], "export") == 0)
		return read_back(argv[2], argv[3], 0, &argv[4], n - 4);
	(void)fprintf(stderr, "imager: make, read or export\n");
	return 64;
}
