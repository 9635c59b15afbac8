/*
 * cataloguer.c -- an image catalogued from a script, with nothing round it.
 *
 *	cataloguer FORMAT PATIENCE SEGMENT...
 *		prints "image CONTAINER BYTES", a line a volume, a line a
 *		finding, a line a file, "done ALLOCATED DELETED ...";
 *		exits with 1 when there is a finding
 *	CATALOGUER_QUIET=1 leaves the files out
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/text.h"
#include "intake/catalogue.h"

enum {
	FAILED = 2,
	FILES = 1024
};

static int
print_file(void *arg, const struct ex_file *f, struct ex_err *err)
{
	char folder[4096], name[2048], stream[2048], hex[65] = "-";

	(void)arg;
	(void)err;
	(void)ex_text_show(
	    folder, sizeof(folder), (const char *)f->folder.p, f->folder.n);
	(void)ex_text_show(
	    name, sizeof(name), (const char *)f->name.p, f->name.n);
	(void)ex_text_show(
	    stream, sizeof(stream), (const char *)f->stream.p, f->stream.n);
	if (f->digested)
		ex_hex(hex, f->sha256, EX_SHA256_LEN);
	(void)printf("file %" PRIu32 " %s %#" PRIx32 " %" PRIu64 " %" PRIu64
		     " %s /%s%s%s%s%s mtime %" PRId64 " %s; %s\n",
	    f->place.volume, ex_file_kind_text(f->kind), f->flags, f->inode,
	    f->size, hex, folder, folder[0] == '\0' ? "" : "/", name,
	    stream[0] == '\0' ? "" : ":", stream, f->modified.seconds, f->mime,
	    f->type);
	return 0;
}

static void
print(const struct ex_catalogue *c)
{
	(void)printf("image %s %" PRIu64 "\n", c->container, c->bytes);
	for (size_t i = 0; i < c->nvolumes; i++) {
		const struct ex_volume *v = &c->volume[i];

		(void)printf("volume %" PRIu32 " %s %" PRIu64 " %" PRIu64
			     " table=%s system=%s %" PRIu64 "/%" PRIu64 " %s\n",
		    v->no, ex_volume_kind_text(v->kind), v->start, v->bytes,
		    v->table, v->system, v->allocated, v->deleted,
		    v->description);
	}
	for (size_t i = 0; i < c->nfindings; i++)
		(void)printf("finding %s %d %" PRIu32 ".%" PRIu32 ".%" PRIu32
			     " %s\n",
		    ex_catalogue_found_text(c->finding[i].what),
		    (int)c->finding[i].place.step, c->finding[i].place.volume,
		    c->finding[i].place.folder, c->finding[i].place.entry,
		    c->finding[i].text);
	(void)printf("done %" PRIu64 " %" PRIu64 " digested %" PRIu64
		     " bytes %" PRIu64 " findings %" PRIu64
		     " restarts %u landlock %d\n",
	    c->allocated, c->deleted, c->digested, c->digested_bytes, c->found,
	    c->restarts, c->landlock);
}

int
main(int argc, char **argv)
{
	const char *build = getenv("EXHIBIT_BUILD"), *path[FILES];
	char program[EX_PATH];
	struct ex_cataloguing c = { .path = path, .program = program };
	struct ex_err err = EX_ERR_INIT;
	struct ex_catalogue out;
	int status;

	if (argc < 4 || argc - 3 > FILES ||
	    ex_container_parse(&c.container, argv[1], &err) == -1)
		return 64;
	c.patience_seconds = (uint32_t)strtoul(argv[2], NULL, 10);
	for (int i = 3; i < argc; i++)
		path[c.npaths++] = argv[i];
	(void)snprintf(program, sizeof(program), "%s/bin/exhibit-reader",
	    build == NULL ? "build" : build);
	if (getenv("CATALOGUER_QUIET") == NULL)
		c.file = print_file;
	c.no_digests = getenv("CATALOGUER_NO_DIGESTS") != NULL;
	if (ex_catalogue_run(&out, &c, &err) == -1) {
		(void)fprintf(stderr, "cataloguer: %s\n", err.text);
		return FAILED;
	}
	print(&out);
	status = out.found > 0;
	ex_catalogue_free(&out);
	return status;
}
