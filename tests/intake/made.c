/*
 * made.c -- images made and read back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "made.h"

const char *
reader_program(void)
{
	static char path[EX_PATH];
	const char *build = getenv("EXHIBIT_BUILD");

	(void)snprintf(path, sizeof(path), "%s/bin/exhibit-reader",
	    build == NULL ? "build" : build);
	return path;
}

void
make_image(
    struct made *m, struct ex_imaging *job, struct drive *d, const char *dir)
{
	struct ex_err err = EX_ERR_INIT;

	job->source = drive_open(d);
	job->name = "DISK-I1";
	job->dir = &dir;
	job->ndir = 1;
	if (ex_imaging_run(&m->out, job, &err) == -1)
		fail_msg("%s", err.text);
	ex_source_close(job->source);
	assert_true(m->out.copy[0].good);
	m->n = m->out.copy[0].nsegments;
	assert_true(m->n <= SEGMENTS);
	for (size_t i = 0; i < m->n; i++)
		m->path[i] = m->out.copy[0].segment[i].path;
}

void
verify_image(
    struct ex_verdict *v, const struct made *m, enum ex_container container)
{
	struct ex_reading r = { .container = container,
		.path = m->path,
		.npaths = m->n,
		.program = reader_program(),
		.stall_seconds = 20 };
	struct ex_err err = EX_ERR_INIT;

	if (ex_reading_verify(v, &r, &err) == -1)
		fail_msg("%s", err.text);
}
