/*
 * acquire_check.c -- copies read back: one that nobody read back, or that is
 * not the same, is no good copy.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cases/acquire_parts.h"

void
ex_acquire_progress(void *arg, uint64_t done, uint64_t total)
{
	struct ex_acquire_phase *p = arg;

	/* Counted anew only when there is more of it. */
	if (p->a->bad_sectors != NULL && p->bad != NULL &&
	    p->told != p->bad->n) {
		p->told = p->bad->n;
		*p->a->bad_sectors = ex_ranges_filled(p->bad);
	}
	if (p->a->progress != NULL)
		p->a->progress(p->a->progress_arg, p->name, p->before + done,
		    total * p->copies);
}

int
ex_reading_agrees(
    const struct ex_verdict *v, const struct ex_digest_value *want, size_t n)
{
	if (v->result != EX_READING_WHOLE || n == 0)
		return 0;
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < v->ndigests && v->digest[k].alg != want[i].alg)
			k++;
		if (k == v->ndigests || v->digest[k].len != want[i].len ||
		    memcmp(v->digest[k].value, want[i].value, want[i].len) != 0)
			return 0;
	}
	return 1;
}

static unsigned
algs_of(const struct ex_digest_value *v, size_t n)
{
	unsigned set = 0;

	for (size_t i = 0; i < n; i++)
		set |= EX_ALG_BIT(v[i].alg);
	return set;
}

/* What its files are: those that were just read back. */
static int
take_files(struct ex_image_copy *c, const struct ex_reading_file *file,
    struct ex_err *err)
{
	for (size_t k = 0; k < c->nsegments; k++) {
		if (!file[k].known || file[k].size != c->segment[k].size)
			return ex_fail(err, EX_DAMAGED,
			    "%.300s: its digest could not be made: %s",
			    c->segment[k].path,
			    file[k].known ? "its size changed"
					  : strerror(file[k].why));
		memcpy(c->segment[k].sha256, file[k].sha256, EX_SHA256_LEN);
	}
	return 0;
}

/* Read one copy back; one that is not the same is no good copy. */
static int
check_copy(struct ex_acquiring *q, size_t i, struct ex_acquire_phase *phase,
    struct ex_err *err)
{
	struct ex_image_copy *c = &q->out.copy[i];
	struct ex_reading r;
	struct ex_reading_file *file = calloc(c->nsegments + 1, sizeof(*file));
	const char **path = calloc(c->nsegments + 1, sizeof(*path));
	int rc;

	if (path == NULL || file == NULL) {
		free(file);
		free(path);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	for (size_t k = 0; k < c->nsegments; k++)
		path[k] = c->segment[k].path;
	memset(&r, 0, sizeof(r));
	r.container = q->job.container;
	r.path = path;
	r.npaths = c->nsegments;
	r.algs = algs_of(q->out.digest, q->out.ndigests);
	r.threads = q->a->threads;
	r.without_landlock = q->a->without_landlock;
	r.other_digests = 1;
	r.block_digests = 1;
	r.file = file;
	r.progress = ex_acquire_progress;
	r.progress_arg = phase;
	rc = ex_reading_verify(&q->verdict[i], &r, err);
	if (rc == 0)
		rc = take_files(c, file, err);
	free(file);
	free(path);
	/* This one is through, whatever was found and last told. */
	phase->before += q->out.bytes;
	ex_acquire_progress(phase, 0, q->out.bytes);
	if (rc == 0 && !ex_reading_agrees(
			   &q->verdict[i], q->out.digest, q->out.ndigests)) {
		c->good = 0;
		ex_fail(&c->why, EX_DAMAGED, "read back, it differs: %s",
		    q->verdict[i].text[0] == '\0' ? "its digests are others"
						  : q->verdict[i].text);
	}
	return rc;
}

void
ex_acquire_check(struct ex_acquiring *q)
{
	struct ex_acquire_phase phase = { q->a, "verify", 0, 0, NULL, 0 };
	int64_t began = ex_ticks();
	size_t good = 0;

	for (size_t i = 0; i < q->out.ncopies; i++)
		phase.copies += q->out.copy[i].good ? 1 : 0;
	for (size_t i = 0; i < q->out.ncopies; i++) {
		struct ex_image_copy *c = &q->out.copy[i];
		struct ex_err why = EX_ERR_INIT;

		if (c->good && check_copy(q, i, &phase, &why) == -1) {
			c->good = 0;
			ex_fail(&c->why, why.code,
			    "it could not be read back: %s", why.text);
		}
		good += c->good ? 1 : 0;
	}
	q->verify_seconds = (double)(ex_ticks() - began) / 1e6;
	q->verified = good > 0;
	if (good == 0 && q->out.result != EX_IMAGING_ABORTED) {
		q->out.result = EX_IMAGING_FAILED;
		if (q->out.why.code == EX_OK)
			ex_fail(&q->out.why, EX_DAMAGED, "%s",
			    q->out.ncopies == 0 ? "no copy"
						: q->out.copy[0].why.text);
	}
}
