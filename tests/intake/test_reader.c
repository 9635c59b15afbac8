/*
 * test_reader.c -- images read back in the jail: what is whole is called
 * whole, and nothing else is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/proc.h"
#include "folder.h"
#include "intake/reader_proto.h"
#include "made.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void
check_digests(const struct ex_verdict *v, const struct ex_imaging_outcome *out)
{
	assert_int_equal(v->ndigests, out->ndigests);
	for (size_t i = 0; i < v->ndigests; i++)
		assert_memory_equal(
		    v->digest[i].value, out->digest[i].value, v->digest[i].len);
}

static const struct {
	const char *name;
	enum ex_container container;
	enum ex_compression compression;
	uint64_t sectors;
	uint32_t sector_size;
	uint64_t segment_size;
	int noise;
} images[] = {
	{ "one sector", EX_CONTAINER_E01, EX_COMPRESSION_FAST, 1, 512, 0, 0 },
	{ "one chunk", EX_CONTAINER_E01, EX_COMPRESSION_FAST, 64, 512, 0, 0 },
	{ "a chunk and a sector", EX_CONTAINER_E01, EX_COMPRESSION_FAST, 65,
	    512, 0, 0 },
	{ "a block", EX_CONTAINER_E01, EX_COMPRESSION_FAST, 2048, 512, 0, 0 },
	{ "blocks and a bit", EX_CONTAINER_E01, EX_COMPRESSION_FAST, 7001, 512,
	    0, 0 },
	{ "best", EX_CONTAINER_E01, EX_COMPRESSION_BEST, 7001, 512, 0, 0 },
	{ "none", EX_CONTAINER_E01, EX_COMPRESSION_NONE, 7001, 512, 0, 0 },
	{ "4096-byte sectors", EX_CONTAINER_E01, EX_COMPRESSION_FAST, 999, 4096,
	    0, 0 },
	{ "noise", EX_CONTAINER_E01, EX_COMPRESSION_FAST, 7001, 512, 0, 1 },
	{ "many segments", EX_CONTAINER_E01, EX_COMPRESSION_FAST, 90001, 512,
	    1 << 20, 1 },
	{ "raw", EX_CONTAINER_RAW, EX_COMPRESSION_NONE, 7001, 512, 0, 0 },
	{ "raw in pieces", EX_CONTAINER_RAW, EX_COMPRESSION_NONE, 9001, 512,
	    (1 << 20) + 1, 0 },
};

static void
what_was_written_is_read_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(images); i++) {
		struct drive d = { .sectors = images[i].sectors,
			.sector_size = images[i].sector_size,
			.noise = images[i].noise };
		struct ex_imaging job = { .container = images[i].container,
			.compression = images[i].compression,
			.segment_size = images[i].segment_size };
		struct ex_verdict v;
		struct made m;

		print_message("  %s\n", images[i].name);
		make_image(&m, &job, &d, fresh("a"));
		verify_image(&v, &m, images[i].container);
		if (v.result != EX_READING_WHOLE)
			fail_msg("%s", v.text);
		assert_int_equal(v.bytes, d.sectors * d.sector_size);
		assert_int_equal(v.segments, m.n);
		assert_int_equal(v.bad.n, 0);
		check_digests(&v, &m.out);
		if (images[i].container == EX_CONTAINER_E01) {
			assert_int_equal(v.md5, EX_STORED_SAME);
			assert_int_equal(v.sha1, EX_STORED_SAME);
			assert_int_equal(v.sector_size, d.sector_size);
		} else {
			assert_int_equal(v.md5, EX_STORED_ABSENT);
			assert_int_equal(v.sha1, EX_STORED_ABSENT);
		}
		ex_verdict_free(&v);
		ex_imaging_outcome_free(&m.out);
	}
}

static void
an_export_gives_the_sources_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(images); i++) {
		struct drive d = { .sectors = images[i].sectors,
			.sector_size = images[i].sector_size,
			.noise = images[i].noise };
		struct ex_imaging job = { .container = images[i].container,
			.compression = images[i].compression,
			.segment_size = images[i].segment_size };
		struct ex_err err = EX_ERR_INIT;
		struct ex_buf bytes = EX_BUF_INIT;
		const char *to = in_folder("out.raw");
		uint8_t want[4096];
		struct ex_verdict v;
		struct made m;
		int fd;

		make_image(&m, &job, &d, fresh("a"));
		fd = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		assert_true(fd >= 0);
		if (ex_reading_export(&v,
			&(struct ex_reading){ .container = images[i].container,
			    .path = m.path,
			    .npaths = m.n,
			    .program = reader_program() },
			fd, &err) == -1)
			fail_msg("%s", err.text);
		assert_int_equal(close(fd), 0);
		assert_int_equal(v.result, EX_READING_WHOLE);
		check_digests(&v, &m.out);
		read_whole(&bytes, to);
		assert_int_equal(bytes.len, d.sectors * d.sector_size);
		for (uint64_t lba = 0; lba < d.sectors; lba++) {
			drive_sector(&d, want, lba);
			assert_memory_equal(want,
			    &bytes.data[lba * d.sector_size], d.sector_size);
		}
		ex_buf_free(&bytes);
		ex_verdict_free(&v);
		ex_imaging_outcome_free(&m.out);
	}
}

static void
bad_sectors_of_the_source_do_not_damage_the_image(void **state)
{
	static const struct fault three[] = { { 0, 1, 0 }, { 1000, 5, 0 },
		{ 6999, 2, 0 } };
	struct drive d = { .sectors = 7001,
		.sector_size = 512,
		.fault = three,
		.nfaults = COUNT(three) };
	struct ex_imaging job = { .container = EX_CONTAINER_E01 };
	struct ex_verdict v;
	struct made m;

	(void)state;
	make_image(&m, &job, &d, fresh("a"));
	assert_int_equal(m.out.result, EX_IMAGING_WITH_ERRORS);
	verify_image(&v, &m, EX_CONTAINER_E01);
	assert_int_equal(v.result, EX_READING_WHOLE);
	check_digests(&v, &m.out);
	ex_verdict_free(&v);
	ex_imaging_outcome_free(&m.out);
}

static void
a_raw_piece_that_is_missing_is_damage(void **state)
{
	struct drive d = { .sectors = 9001, .sector_size = 512 };
	struct ex_imaging job = { .container = EX_CONTAINER_RAW,
		.segment_size = 1 << 20 };
	struct ex_verdict v;
	struct made m;

	(void)state;
	make_image(&m, &job, &d, fresh("a"));
	assert_int_equal(unlink(m.path[1]), 0);
	verify_image(&v, &m, EX_CONTAINER_RAW);
	assert_int_equal(v.result, EX_READING_DAMAGED);
	assert_int_equal(v.ndigests, 0);
	assert_non_null(strstr(v.text, "is not there"));
	ex_verdict_free(&v);
	ex_imaging_outcome_free(&m.out);
}

/* The files' own digests are made beside the reading, by whom it is. */
static void
the_files_are_digested_meanwhile(void **state)
{
	struct drive d = { .sectors = 90001, .sector_size = 512, .noise = 1 };
	struct ex_imaging job = { .container = EX_CONTAINER_E01,
		.segment_size = 1 << 20,
		.digest_later = 1 };
	struct ex_reading_file *file;
	struct ex_reading r;
	struct ex_verdict v;
	struct made m;

	(void)state;
	make_image(&m, &job, &d, fresh("a"));
	assert_true(m.n > 10);
	file = calloc(m.n, sizeof(*file));
	assert_non_null(file);
	assert_int_equal(unlink(m.path[m.n - 1]), 0);
	r = (struct ex_reading){ .container = EX_CONTAINER_E01,
		.path = m.path,
		.npaths = m.n,
		.file = file,
		.program = reader_program() };
	assert_int_equal(ex_reading_verify(&v, &r, NULL), 0);
	assert_int_equal(v.result, EX_READING_DAMAGED);
	for (size_t i = 0; i + 1 < m.n; i++) {
		uint8_t want[EX_SHA256_LEN];

		assert_int_equal(file[i].known, 1);
		assert_int_equal(file[i].size, m.out.copy[0].segment[i].size);
		assert_int_equal(
		    ex_sha256_file(want, NULL, m.path[i], NULL), 0);
		assert_memory_equal(file[i].sha256, want, sizeof(want));
	}
	assert_int_equal(file[m.n - 1].known, 0);
	assert_int_equal(file[m.n - 1].why, ENOENT);
	ex_verdict_free(&v);
	ex_imaging_outcome_free(&m.out);
	free(file);
}

static const struct {
	const char *mode, *text;
} bad_readers[] = {
	{ "silent", "no sign of life" },
	{ "hangs", "no sign of life" },
	{ "noise", "nonsense" },
	{ "large", "nonsense" },
	{ "done at once", "nonsense" },
	{ "hello twice", "nonsense" },
	{ "no digests", "nonsense" },
	{ "dies", "killed the reader" },
	{ "leaves", "ended early" },
	{ "half a message", "no sign of life" },
	{ "status", "ended early" },
	{ "claims", "cannot hold" },
};

static void
a_reader_that_misbehaves_is_a_finding(void **state)
{
	char path[EX_PATH];
	const char *file = in_folder("some.E01");
	const char *build = getenv("EXHIBIT_BUILD");

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/tests/bad_reader",
	    build == NULL ? "build" : build);
	assert_int_equal(ex_file_write(file, "x", 1, 0600, NULL), 0);
	for (size_t i = 0; i < COUNT(bad_readers); i++) {
		struct ex_reading r = { .path = &file,
			.npaths = 1,
			.program = path,
			.stall_seconds = 1 };
		struct ex_err err = EX_ERR_INIT;
		int64_t begun = ex_ticks();
		struct ex_verdict v;

		print_message("  %s\n", bad_readers[i].mode);
		assert_int_equal(
		    setenv("BAD_READER", bad_readers[i].mode, 1), 0);
		if (ex_reading_verify(&v, &r, &err) == -1)
			fail_msg("%s", err.text);
		assert_int_equal(v.result, EX_READING_UNREADABLE);
		if (strstr(v.text, bad_readers[i].text) == NULL)
			fail_msg("%s", v.text);
		assert_int_equal(v.ndigests, 0);
		assert_true(ex_ticks() - begun < 15 * EX_SECOND);
		ex_verdict_free(&v);
	}
}

static void
what_is_ours_is_an_error(void **state)
{
	const char *path[] = { in_folder("some.E01") };
	struct ex_reading r = {
		.path = path, .npaths = 1, .program = "/nowhere/exhibit-reader"
	};
	volatile sig_atomic_t stop = 1;
	struct ex_err err = EX_ERR_INIT;
	struct ex_verdict v;

	(void)state;
	assert_int_equal(ex_file_write(path[0], "x", 1, 0600, NULL), 0);
	assert_int_equal(ex_reading_verify(&v, &r, &err), -1);
	assert_int_equal(err.code, EX_ABSENT);
	ex_err_clear(&err);
	r.program = reader_program();
	r.stop = &stop;
	assert_int_equal(ex_reading_verify(&v, &r, &err), -1);
	assert_int_equal(err.code, EX_STATE);
	ex_err_clear(&err);
	r.npaths = 0;
	assert_int_equal(ex_reading_verify(&v, &r, &err), -1);
	assert_int_equal(err.code, EX_USAGE);
	ex_err_clear(&err);
	path[0] = folder();
	r.npaths = 1;
	assert_int_equal(ex_reading_verify(&v, &r, &err), -1);
	assert_int_equal(err.code, EX_USAGE);
}

static void
an_export_that_cannot_be_written_is_an_error(void **state)
{
	struct drive d = { .sectors = 9001, .sector_size = 512 };
	struct ex_imaging job = { .container = EX_CONTAINER_E01 };
	struct ex_err err = EX_ERR_INIT;
	struct ex_verdict v;
	struct made m;
	int full = open("/dev/full", O_WRONLY);

	(void)state;
	assert_true(full >= 0);
	make_image(&m, &job, &d, fresh("a"));
	assert_int_equal(ex_reading_export(&v,
			     &(struct ex_reading){ .path = m.path,
				 .npaths = m.n,
				 .program = reader_program() },
			     full, &err),
	    -1);
	assert_non_null(strstr(err.text, "No space left"));
	assert_int_equal(close(full), 0);
	ex_imaging_outcome_free(&m.out);
}

/* The value of a line "Name: value" of /proc/PID/status. */
static void
status_of(char *out, size_t size, pid_t pid, const char *name)
{
	struct ex_buf text = EX_BUF_INIT;
	char path[64], *line;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	assert_int_equal(ex_file_read(&text, path, 65536, NULL), 0);
	line = strstr((char *)text.data, name);
	assert_non_null(line);
	line = &line[strlen(name)];
	line = &line[strspn(line, ":\t ")];
	(void)snprintf(out, size, "%.*s", (int)strcspn(line, "\n"), line);
	ex_buf_free(&text);
}

/* A reader that has begun to send data to nobody, and waits. */
static pid_t
start_blocked(const struct made *m, int *answer)
{
	struct ex_reader_request q = { .version = EX_READER_VERSION,
		.container = EX_CONTAINER_RAW,
		.send_data = 1,
		.threads = 1,
		.nfiles = 1,
		.memory = 1 << 30,
		.cpu_seconds = 60,
		.wall_seconds = 60 };
	const char *argv[] = { "exhibit-reader", NULL };
	struct ex_buf frame = EX_BUF_INIT;
	struct ex_proc p = EX_PROC_INIT;
	int ask[2], out[2], file = open(m->path[0], O_RDONLY);
	struct ex_err err = EX_ERR_INIT;
	pid_t pid;

	assert_true(file >= 0);
	assert_int_equal(pipe(ask), 0);
	assert_int_equal(pipe(out), 0);
	assert_int_equal(ex_reader_put_request(&frame, &q, NULL), 0);
	assert_int_equal(
	    ex_fd_write_all(ask[1], frame.data, frame.len, NULL), 0);
	ex_buf_free(&frame);
	p.path = reader_program();
	p.argv = argv;
	p.in = ask[0];
	p.out = out[1];
	p.fds = &file;
	p.nfds = 1;
	if (ex_proc_start(&pid, &p, &err) == -1)
		fail_msg("%s", err.text);
	assert_int_equal(close(ask[0]), 0);
	assert_int_equal(close(ask[1]), 0);
	assert_int_equal(close(out[1]), 0);
	assert_int_equal(close(file), 0);
	*answer = out[0];
	return pid;
}

static void
the_reader_reads_in_its_jail(void **state)
{
	struct drive d = { .sectors = 9001, .sector_size = 512 };
	struct ex_imaging job = { .container = EX_CONTAINER_RAW };
	char text[64], path[64];
	uint8_t head[EX_READER_HEAD];
	struct made m;
	pid_t pid;
	int answer;

	(void)state;
	make_image(&m, &job, &d, fresh("a"));
	pid = start_blocked(&m, &answer);
	/* It speaks only when it is in there. */
	assert_int_equal(read(answer, head, sizeof(head)), sizeof(head));
	assert_int_equal(head[3], EX_READER_HELLO);
	status_of(text, sizeof(text), pid, "Seccomp");
	assert_string_equal(text, "2");
	status_of(text, sizeof(text), pid, "NoNewPrivs");
	assert_string_equal(text, "1");
	/* Every thread of it, not only the first. */
	(void)snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	assert_true(count_names(path) > 1);
	/* Two pipes, no terminal's but the error's, and the one file. */
	(void)snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	if (access(path, R_OK | X_OK) == 0)
		assert_int_equal(count_names(path), 4);
	ex_proc_stop(pid, 0);
	assert_int_equal(close(answer), 0);
	ex_imaging_outcome_free(&m.out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_read_back),
		cmocka_unit_test(an_export_gives_the_sources_bytes),
		cmocka_unit_test(
		    bad_sectors_of_the_source_do_not_damage_the_image),
		cmocka_unit_test(the_reader_reads_in_its_jail),
		cmocka_unit_test(a_raw_piece_that_is_missing_is_damage),
		cmocka_unit_test(the_files_are_digested_meanwhile),
		cmocka_unit_test(a_reader_that_misbehaves_is_a_finding),
		cmocka_unit_test(what_is_ours_is_an_error),
		cmocka_unit_test(an_export_that_cannot_be_written_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
