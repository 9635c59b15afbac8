/*
 * bad_reader.c -- stands where exhibit-reader should and misbehaves, as
 * BAD_READER in its environment says.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "intake/reader_proto.h"

enum {
	BYTES = 4096
};

static void
put(struct ex_buf *out)
{
	if (ex_fd_write_all(STDOUT_FILENO, out->data, out->len, NULL) == -1)
		_exit(3);
	ex_buf_free(out);
}

static void
hello(void)
{
	struct ex_reader_hello m = { EX_READER_VERSION, 1, "libbad 1" };
	struct ex_buf out = EX_BUF_INIT;

	(void)ex_reader_put_hello(&out, &m, NULL);
	put(&out);
}

static void
opened(uint64_t bytes)
{
	struct ex_reader_opened m = { bytes, 512 };
	struct ex_buf out = EX_BUF_INIT;

	(void)ex_reader_put_opened(&out, &m, NULL);
	put(&out);
}

static void
done(void)
{
	struct ex_reader_done m = { .bytes = BYTES };
	struct ex_buf out = EX_BUF_INIT;

	(void)ex_reader_put_done(&out, &m, NULL);
	put(&out);
}

static void
raw(const void *p, size_t n)
{
	if (ex_fd_write_all(STDOUT_FILENO, p, n, NULL) == -1)
		_exit(3);
}

static int
is(const char *mode)
{
	const char *want = getenv("BAD_READER");

	return want != NULL && strcmp(want, mode) == 0;
}

static void
hang(void)
{
	for (;;)
		(void)pause();
}

int
main(void)
{
	static const uint8_t large[] = { 0, 0, 0, 2, 0xff, 0xff, 0xff, 0xff };
	static const uint8_t noise[64] = { 0x7f, 'E', 'L', 'F', 1, 2, 3 };

	if (is("silent"))
		hang();
	if (is("noise"))
		raw(noise, sizeof(noise));
	if (is("large"))
		raw(large, sizeof(large));
	if (is("done at once"))
		done();
	hello();
	if (is("dies"))
		(void)raise(SIGKILL);
	if (is("leaves"))
		return 0;
	if (is("claims"))
		opened(UINT64_C(1) << 50);
	else
		opened(BYTES);
	if (is("hangs"))
		hang();
	if (is("hello twice"))
		hello();
	if (is("no digests"))
		done();
	if (is("half a message"))
		raw(large, 3);
	if (is("status"))
		return 5;
	hang();
}
