/*
 * catalogue_work.c -- exhibit-reader while it catalogues an image.
 *
 * It waits to be told what, takes no rights along into its jail but those to
 * the image's files, and leaves when it has told all or when nobody listens.
 */
#include "intake/catalogue_work.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/jail.h"
#include "base/text.h"
#include "intake/container.h"
#include "intake/reader_proto.h"

enum {
	LIFE = 8 * 1024 * 1024 /* bytes of content between two signs of life */
};

void
ex_work_give_up(void)
{
	_exit(1);
}

void
ex_work_flush(struct ex_cat_work *w)
{
	if (ex_fd_write_all(STDOUT_FILENO, w->out.data, w->out.len, NULL) == -1)
		ex_work_give_up();
	ex_buf_cut(&w->out, 0);
}

static void
tell_at(struct ex_cat_work *w)
{
	if (ex_cat_put_at(&w->out, &w->at, w->read, NULL) == -1)
		ex_work_give_up();
	ex_work_flush(w);
}

void
ex_work_at(struct ex_cat_work *w, enum ex_catalogue_step step, uint32_t volume,
    uint32_t folder, uint32_t entry)
{
	w->at = (struct ex_catalogue_place){ step, volume, folder, entry };
	tell_at(w);
}

void
ex_work_read(struct ex_cat_work *w, uint64_t bytes)
{
	uint64_t before = w->read / LIFE;

	w->read += bytes;
	if (w->read / LIFE != before)
		tell_at(w);
}

void
ex_work_found(
    struct ex_cat_work *w, enum ex_catalogue_found what, const char *fmt, ...)
{
	struct ex_catalogue_finding f;
	char text[1024];
	va_list ap;

	memset(&f, 0, sizeof(f));
	f.what = what;
	f.place = w->at;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	(void)ex_text_show(f.text, sizeof(f.text), text, strlen(text));
	if (ex_cat_put_found(&w->out, &f, NULL) == -1)
		ex_work_give_up();
}

int
ex_work_avoids(const struct ex_cat_work *w, enum ex_catalogue_step step,
    uint32_t volume, uint32_t folder, uint32_t entry)
{
	const struct ex_catalogue_place p = { step, volume, folder, entry };

	for (size_t i = 0; i < w->request.navoid; i++)
		if (w->request.avoid[i].step == step &&
		    ex_catalogue_place_order(&w->request.avoid[i], &p) == 0)
			return 1;
	return 0;
}

int
ex_work_wants(const struct ex_cat_work *w, uint32_t volume, uint32_t folder,
    uint32_t entry, uint32_t stream_no)
{
	const struct ex_catalogue_place p = { EX_STEP_ENTRY, volume, folder,
		entry };
	int order = ex_catalogue_place_order(&p, &w->request.from);

	return order > 0 || (order == 0 && stream_no >= w->request.from_stream);
}

static int
say(struct ex_cat_work *w, int rc)
{
	if (rc == -1)
		ex_work_give_up();
	ex_work_flush(w);
	return 0;
}

static int
say_failed(struct ex_cat_work *w, int no_landlock, const char *text)
{
	struct ex_cat_failed m;

	memset(&m, 0, sizeof(m));
	m.no_landlock = no_landlock != 0;
	(void)ex_text_show(m.text, sizeof(m.text), text, strlen(text));
	return say(w, ex_cat_put_failed(&w->out, &m, NULL));
}

/* Everything that needs rights, then none of them. */
static int
enter(struct ex_cat_work *w, int *fd, struct ex_err *err)
{
	const struct ex_cat_request *q = &w->request;
	struct ex_cat_hello m = { .version = EX_CATALOGUE_VERSION };
	struct ex_jail jail = { .read_fd = fd,
		.nread = q->nfiles,
		.memory = q->memory,
		.cpu_seconds = q->cpu_seconds,
		.wall_seconds = q->wall_seconds,
		.without_landlock = q->without_landlock };
	enum ex_jail_kind kind;

	if (ex_typer_new(&w->typer, err) == -1)
		return -1;
	(void)ex_digest_has_kernel();
	if (ex_jail_enter(&jail, &kind, err) == -1)
		return -1;
	m.landlock = kind == EX_JAIL_FULL;
	(void)snprintf(m.tools, sizeof(m.tools), "%s, %s%s%s", ex_tsk_library(),
	    ex_typer_library(),
	    q->container == EX_CONTAINER_E01 ? ", libewf " : "",
	    q->container == EX_CONTAINER_E01 ? ex_ewf_version() : "");
	return say(w, ex_cat_put_hello(&w->out, &m, err));
}

/* The container opens, or that is the finding and all there is. */
static void
open_media(struct ex_cat_work *w)
{
	struct ex_err err = EX_ERR_INIT;

	ex_work_at(w, EX_STEP_IMAGE, 0, 0, 0);
	if (ex_work_avoids(w, EX_STEP_IMAGE, 0, 0, 0))
		return;
	if (ex_media_open(&w->media, (enum ex_container)w->request.container,
		w->fd, w->request.nfiles, &w->done, &err) == -1) {
		ex_work_found(w,
		    err.code == EX_DAMAGED ? EX_FOUND_CONTAINER
					   : EX_FOUND_UNREADABLE,
		    "%s", err.text);
		return;
	}
	w->is_vmdk = w->request.container == EX_CONTAINER_RAW
			 ? ex_media_enter_vmdk(&w->media, w->fd,
			       w->request.nfiles, &w->done, &err)
			 : 0;
	if (w->is_vmdk == -1)
		ex_work_found(w, EX_FOUND_UNREADABLE, "%s", err.text);
	if (w->done.text[0] != '\0')
		ex_work_found(w, EX_FOUND_CONTAINER, "%s", w->done.text);
}

static void
tell_bad(struct ex_cat_work *w)
{
	uint64_t bad = w->media == NULL ? 0 : ex_media_bad(w->media);

	if (bad == 0)
		return;
	w->at = (struct ex_catalogue_place){ EX_STEP_IMAGE, 0, 0, 0 };
	ex_work_found(w, EX_FOUND_CONTAINER,
	    "%llu reads met a chunk that is damaged or missing",
	    (unsigned long long)bad);
}

static int
work(struct ex_cat_work *w, struct ex_err *err)
{
	open_media(w);
	if (w->media != NULL) {
		w->bytes = ex_media_bytes(w->media);
		if (ex_tsk_catalogue(w, err) == -1)
			return -1;
		tell_bad(w);
	}
	return say(w, ex_cat_put_done(&w->out, err));
}

int
ex_catalogue_reader(const uint8_t *p, size_t n)
{
	struct ex_cat_work *w = calloc(1, sizeof(*w));
	struct ex_err err = EX_ERR_INIT;
	int *fd = NULL;
	int rc = -1;

	if (w == NULL)
		return -1;
	if (ex_cat_get_request(&w->request, p, n, &err) == 0 &&
	    (fd = calloc(w->request.nfiles, sizeof(*fd))) == NULL)
		(void)ex_fail(&err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; fd != NULL && i < w->request.nfiles; i++)
		fd[i] = EX_READER_FILES + (int)i;
	w->fd = fd;
	if (fd != NULL && enter(w, fd, &err) == 0)
		rc = work(w, &err);
	if (rc == -1)
		rc = say_failed(w, err.code == EX_UNREACHABLE, err.text);
	ex_typer_free(w->typer);
	free(fd);
	free(w);
	return rc;
}
