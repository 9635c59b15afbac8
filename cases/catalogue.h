/*
 * catalogue.h -- what is on an image: read in the jail, into the database,
 * and out of it again.
 *
 * A run is an examination of the image item: `examine_start` before the first
 * byte is read, `examine_end` with what was found, with which libraries, and
 * with the digest of the list that `image export --format csv` writes.
 */
#ifndef CASES_CATALOGUE_H
#define CASES_CATALOGUE_H

#include <signal.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "cases/acquire.h"

struct ex_house;

struct ex_catalogue_job {
	const char *name; /* an image, or an item: then all its images */
	int without_landlock;
	int no_orphans;
	int no_digests;
	uint32_t patience; /* seconds; 0: the usual */
	ex_progress_fn *progress;
	void *progress_arg;
	const volatile sig_atomic_t *stop; /* may be NULL */
};

/*
 * *summary: {"images":[{"image","container","bytes","volumes":[...],"files":
 * {"lines","allocated","deleted","digested","known_good","known_bad"},
 * "findings":[{"code","volume","text"}],"found","sha256","tools","jail",
 * "restarts","event"}]}, and the members of the only image at the top as well.
 * *status 1 when there is a finding.
 */
int ex_catalogue_images(struct ex_json **summary, int *status,
    struct ex_house *house, const struct ex_catalogue_job *job,
    struct ex_err *err);

/* A question about the lines of an image's newest catalogue. */
struct ex_files_query {
	const char *image;
	const char *name;   /* glob of the name or the path; NULL: any */
	const char *mime;   /* glob */
	int deleted;	    /* 1: only those */
	const char *known;  /* "good", "bad"; NULL: any */
	const char *sha256; /* hexadecimal; NULL: any */
	uint64_t limit;
};

/* {"image","files":[{"no","path",...}],"more":0|1} */
int ex_files_find(struct ex_json **out, struct ex_house *house,
    const struct ex_files_query *q, struct ex_err *err);

/*
 * The lines of a catalogue as a file: "csv", "dfxml", "bodyfile".
 * {"image","path","format","lines","bytes","sha256"}; EX_EXISTS,
 * EX_DAMAGED when a csv is not the list that was signed.
 */
int ex_catalogue_export(struct ex_json **out, struct ex_house *house,
    const char *image, const char *format, const char *to, struct ex_err *err);

#endif
