/*
 * selftest_record.c -- lines about what is recorded: true, and the same
 * everywhere.
 */
#include <sys/utsname.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/selftest_parts.h"
#include "hashing/digest.h"
#include "intake/blockmap.h"

/* The entry of an act in a history. */
static const struct ex_json *
entry(const struct ex_json *trial, const char *history, const char *act)
{
	const struct ex_json *all =
	    ex_json_get(ex_json_get(trial, history), "entries");

	for (size_t i = 0; i < ex_json_count(all); i++) {
		const struct ex_json *e = ex_json_at(all, i);
		const char *is = ex_json_get_text(e, "action");

		if (is != NULL && strcmp(is, act) == 0)
			return e;
	}
	return NULL;
}

static const struct ex_json *
field(const struct ex_json *e, const char *name)
{
	return ex_json_get(ex_json_get(e, "fields"), name);
}

/* The text there, never NULL. */
static const char *
text(const struct ex_json *v, const char *name)
{
	const char *is = ex_json_get_text(v, name);

	return is == NULL ? "" : is;
}

static const char *
word(const struct ex_json *e, const char *name)
{
	const char *is = ex_json_text(field(e, name));

	return is == NULL ? "" : is;
}

/* A digest of an entry by its name. */
static const char *
digest(const struct ex_json *e, const char *alg)
{
	const struct ex_json *list = ex_json_get(e, "digests");

	for (size_t i = 0; i < ex_json_count(list); i++)
		if (strcmp(text(ex_json_at(list, i), "alg"), alg) == 0)
			return text(ex_json_at(list, i), "value");
	return "";
}

void
ex_selftest_environment(struct ex_selftest *t, struct ex_selftest_line *l)
{
	const struct ex_json *trial = ex_selftest_trial(t, l), *set;
	struct utsname u;

	if (trial == NULL)
		return;
	set = field(entry(trial, "history", "acquire_start"), "environment");
	(void)ex_selftest_want(l,
	    uname(&u) == 0 && strcmp(text(set, "kernel"), u.release) == 0 &&
		strcmp(text(set, "machine"), u.machine) == 0,
	    "kernel or machine is told as another");
	(void)ex_selftest_want(l,
	    strncmp(text(set, "program"), "exhibit ", 8) == 0 &&
		strlen(text(set, "program_sha256")) == 64,
	    "the program is not told");
	ex_selftest_say(l, EX_SELFTEST_PASS, "%s, kernel %s, %s, SHA-256 %.64s",
	    text(set, "program"), text(set, "kernel"), text(set, "machine"),
	    text(set, "program_sha256"));
}

/* Each of the words that may stand for a hidden area. */
static int
is_told(const char *is)
{
	return strcmp(is, "yes") == 0 || strcmp(is, "no") == 0 ||
	       strcmp(is, "unknown") == 0;
}

void
ex_selftest_hidden(struct ex_selftest *t, struct ex_selftest_line *l)
{
	const struct ex_json *trial = ex_selftest_trial(t, l), *set;

	if (trial == NULL)
		return;
	set = field(entry(trial, "history", "acquire_start"), "device");
	(void)ex_selftest_want(l,
	    is_told(text(set, "hpa")) && is_told(text(set, "dco")),
	    "hpa \"%s\", dco \"%s\"", text(set, "hpa"), text(set, "dco"));
	ex_selftest_say(l, EX_SELFTEST_NOT_ON_HARDWARE,
	    "of a file: hpa \"%s\", dco \"%s\"; no drive was asked",
	    text(set, "hpa"), text(set, "dco"));
}

void
ex_selftest_protection(struct ex_selftest *t, struct ex_selftest_line *l)
{
	const struct ex_json *trial = ex_selftest_trial(t, l);
	const char *is;

	if (trial == NULL)
		return;
	is = word(entry(trial, "history", "acquire_start"), "write_protection");
	(void)ex_selftest_want(l,
	    strcmp(is, "kernel_read_only") == 0 || strcmp(is, "none") == 0 ||
		strcmp(is, "unknown") == 0,
	    "without a write blocker it says \"%s\"", is);
	ex_selftest_say(
	    l, EX_SELFTEST_PASS, "without a write blocker it says \"%s\"", is);
}

void
ex_selftest_log_true(struct ex_selftest *t, struct ex_selftest_line *l)
{
	const struct ex_json *trial = ex_selftest_trial(t, l), *end, *made;
	const struct ex_json *segments;

	if (trial == NULL)
		return;
	end = entry(trial, "history", "acquire_end");
	made = entry(trial, "image_history", "create");
	segments = ex_json_get(ex_json_get(trial, "acquire"), "segments");
	(void)ex_selftest_want(l,
	    ex_json_int(field(end, "bytes_expected")) ==
		    ex_json_int(field(made, "size")) &&
		ex_json_int(field(end, "bytes_read")) == 3000017 &&
		ex_json_int(field(made, "size")) == 3000017,
	    "sizes are not the source's");
	(void)ex_selftest_want(l, strcmp(word(end, "result"), "complete") == 0,
	    "the result is told as \"%s\"", word(end, "result"));
	(void)ex_selftest_want(l,
	    strcmp(word(end, "image"), "TEST-1-I1") == 0 &&
		strcmp(word(made, "parent"), "TEST-1") == 0,
	    "image and item do not name each other");
	for (size_t i = 0; i < ex_json_count(segments); i++)
		(void)ex_selftest_want(l,
		    strcmp(text(ex_json_at(segments, i), "sha256"),
			text(ex_json_at(field(made, "segments"), i),
			    "sha256")) == 0,
		    "segment %zu is told otherwise than signed", i + 1);
	(void)ex_selftest_want(l,
	    strcmp(text(trial, "truth"), digest(end, "sha256")) == 0,
	    "the signed digest is not the source's");
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "sizes, result, names, segments and digest of the signed entries "
	    "are the truth");
}

void
ex_selftest_digest_equal(struct ex_selftest *t, struct ex_selftest_line *l)
{
	static const char *const algs[] = { "md5", "sha1", "sha256" };
	const struct ex_json *trial = ex_selftest_trial(t, l);
	const struct ex_json *verified, *told;

	if (trial == NULL)
		return;
	verified =
	    ex_json_at(ex_json_get(ex_json_get(trial, "verify"), "images"), 0);
	told = ex_json_get(ex_json_get(trial, "acquire"), "digests");
	for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
		const char *is =
		    digest(entry(trial, "history", "acquire_end"), algs[i]);

		(void)ex_selftest_want(l,
		    is[0] != '\0' && strcmp(is, text(told, algs[i])) == 0 &&
			strcmp(
			    is, digest(entry(trial, "image_history", "create"),
				    algs[i])) == 0 &&
			strcmp(is, text(ex_json_get(verified, "digests"),
				       algs[i])) == 0,
		    "%s is not the same in answer, entries and image", algs[i]);
		(void)ex_selftest_want(l,
		    strstr(text(trial, "report"), is) != NULL,
		    "the report does not have the %s", algs[i]);
	}
	(void)ex_selftest_want(l, strcmp(text(verified, "verdict"), "ok") == 0,
	    "verified as \"%s\"", text(verified, "verdict"));
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "MD5, SHA-1 and SHA-256 are the same in the answer, both entries, "
	    "the image read back and the report; the log verifies");
}

void
ex_selftest_tampered(struct ex_selftest *t, struct ex_selftest_line *l)
{
	const struct ex_json *trial = ex_selftest_trial(t, l), *image;

	if (trial == NULL)
		return;
	image = ex_json_at(
	    ex_json_get(ex_json_get(trial, "tampered"), "images"), 0);
	(void)ex_selftest_want(l,
	    strcmp(text(image, "verdict"), "digest_differs") == 0,
	    "an image that was exchanged for another whole one is \"%s\"",
	    text(image, "verdict"));
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "an image exchanged for another whole one, one bit apart and with "
	    "its own right digests, is \"digest_differs\"");
}

/* The trial's image was exchanged for one whose last byte is another. */
void
ex_selftest_blocks(struct ex_selftest *t, struct ex_selftest_line *l)
{
	const struct ex_json *trial = ex_selftest_trial(t, l), *image, *range;
	int64_t bytes, from, to;

	if (trial == NULL)
		return;
	bytes = ex_json_get_int(ex_json_get(trial, "acquire"), "bytes", 0);
	image = ex_json_at(
	    ex_json_get(ex_json_get(trial, "tampered"), "images"), 0);
	range = ex_json_at(ex_json_get(image, "changed_ranges"), 0);
	from = ex_json_get_int(range, "from", -1);
	to = ex_json_get_int(range, "to", -1);
	(void)ex_selftest_want(l, strcmp(text(image, "block_map"), "ok") == 0,
	    "the map of block digests is \"%s\"", text(image, "block_map"));
	(void)ex_selftest_want(l,
	    ex_json_count(ex_json_get(image, "changed_ranges")) == 1 &&
		to == bytes &&
		from == (bytes - 1) / EX_BLOCKMAP_BLOCK * EX_BLOCKMAP_BLOCK,
	    "a changed last byte of %" PRId64 " is told as %" PRId64
	    " to %" PRId64,
	    bytes, from, to);
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "a changed last byte is told as the block from %" PRId64
	    " to %" PRId64,
	    from, to);
}

void
ex_selftest_progress(struct ex_selftest *t, struct ex_selftest_line *l)
{
	const struct ex_json *trial = ex_selftest_trial(t, l), *status;
	int64_t done = 0;
	int verified = 0, left = 0;
	const char *phase = "";

	if (trial == NULL)
		return;
	status = ex_json_get(trial, "status");
	(void)ex_selftest_want(
	    l, ex_json_count(status) > 0, "no line of progress");
	for (size_t i = 0; i < ex_json_count(status); i++) {
		const struct ex_json *s = ex_json_at(status, i);
		int64_t now = ex_json_get_int(s, "bytes", -1);

		if (strcmp(phase, text(s, "phase")) != 0) {
			(void)ex_selftest_want(l, strcmp(phase, "verify") != 0,
			    "\"%s\" comes after the verification",
			    text(s, "phase"));
			done = 0;
		}
		phase = text(s, "phase");
		(void)ex_selftest_want(l, now >= done,
		    "%s goes back from %lld to %lld", phase, (long long)done,
		    (long long)now);
		(void)ex_selftest_want(l,
		    ex_json_get_int(s, "percent", 0) < 100 ||
			strcmp(phase, "verify") == 0,
		    "100 %% before the verification, in \"%s\"", phase);
		(void)ex_selftest_want(l, ex_json_get(s, "rate") != NULL,
		    "a line of \"%s\" has no rate", phase);
		left += ex_json_get(s, "left_seconds") != NULL;
		done = now;
		verified = strcmp(phase, "verify") == 0;
	}
	(void)ex_selftest_want(
	    l, verified, "the last line is of \"%s\"", phase);
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "%zu lines of JSON with their rate, never going back, 100 %% in "
	    "the verification only; %d tell the time left, the run being "
	    "a short one",
	    ex_json_count(status), left);
}

/* What an E01's header is asked to hold. */
void
ex_selftest_container(struct ex_selftest *t, struct ex_selftest_line *l)
{
	static const struct {
		const char *name, *value;
	} want[] = {
		{ "case_number", "案-114-1" },
		{ "evidence_number", "EXH-1" },
		{ "description", "扣押之隨身碟" },
		{ "examiner_name", "測試員" },
		{ "notes", "自我檢測" },
	};
	const char *argv[] = { "ewfinfo", NULL, NULL };
	struct ex_imaging job = ex_selftest_job();
	struct ex_buf words = EX_BUF_INIT;
	struct ex_selftest_drive d;
	struct ex_selftest_image i;
	int theirs = -1;

	memset(&d, 0, sizeof(d));
	d.sectors = 64;
	d.sector_size = 512;
	job.header.case_number = want[0].value;
	job.header.evidence_number = want[1].value;
	job.header.description = want[2].value;
	job.header.examiner = want[3].value;
	job.header.notes = want[4].value;
	if (ex_selftest_make(&i, t, l, &job, ex_selftest_drive_open(&d)) == 0 &&
	    ex_selftest_read(&i, t, l) == 0) {
		argv[1] = i.out.copy[0].segment[0].path;
		theirs = ex_selftest_program(argv, &words);
	}
	for (size_t k = 0; k < sizeof(want) / sizeof(want[0]); k++) {
		const char *is = "";

		for (size_t m = 0; m < i.verdict.nheader; m++)
			if (strcmp(i.verdict.header[m].name, want[k].name) == 0)
				is = i.verdict.header[m].value;
		(void)ex_selftest_want(l, strcmp(is, want[k].value) == 0,
		    "%s comes back as \"%s\"", want[k].name, is);
		(void)ex_selftest_want(l,
		    theirs != 0 ||
			strstr(ex_buf_text(&words), want[k].value) != NULL,
		    "ewfinfo does not show the %s", want[k].name);
	}
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "case, exhibit, description, examiner and notes come back as they "
	    "were put in, in Chinese%s",
	    theirs == 0 ? "; ewfinfo shows the same" : "");
	ex_buf_free(&words);
	ex_selftest_image_free(&i);
}
