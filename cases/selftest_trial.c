/*
 * selftest_trial.c -- a house that is founded for the self-test alone: one
 * acquisition in it by the program as it is installed, from the first entry
 * to the report.
 */
#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/proc.h"
#include "cases/selftest_parts.h"

enum {
	WORDS = 24,	      /* arguments of a command */
	OUTPUT_MAX = 4 << 20, /* bytes of its answer */
	PATIENCE = 180,	      /* seconds for a command */
	SOURCE = 3000017      /* bytes of what is imaged */
};

struct trial {
	char program[EX_PATH];
	char house[EX_PATH], source[EX_PATH], report[EX_PATH];
	struct ex_json *v;
};

/* The last line of an answer as JSON; earlier ones go into status. */
static int
take_answer(struct ex_json **last, struct ex_json *status,
    const struct ex_buf *out, struct ex_err *err)
{
	const char *text = ex_buf_text(out);
	size_t at = 0;

	*last = NULL;
	while (at < out->len) {
		const char *end = strchr(&text[at], '\n');
		size_t n =
		    end == NULL ? out->len - at : (size_t)(end - &text[at]);

		if (*last != NULL && status != NULL &&
		    ex_json_add(status, *last, err) == -1)
			return -1;
		if (status == NULL)
			ex_json_free(*last);
		*last = NULL;
		if (ex_json_read(last, &text[at], n, err) == -1)
			return -1;
		at += n + 1;
	}
	return *last == NULL ? ex_fail(err, EX_FORMAT, "no answer") : 0;
}

/* Run `exhibit` with these words; its summary becomes name in the trial. */
static int
ask(struct trial *k, const char *name, int want, struct ex_json *status,
    const char *const *word, struct ex_err *err)
{
	static const char *const env[] = { "EXHIBIT_PIN=", NULL };
	const char *argv[WORDS + 8] = { "exhibit", "--json", "-C", k->house };
	struct ex_buf out = EX_BUF_INIT;
	struct ex_proc p = EX_PROC_INIT;
	struct ex_json *last = NULL;
	int got = -1, rc;
	size_t n = 4;

	for (size_t i = 0; word[i] != NULL && i < WORDS; i++)
		argv[n++] = word[i];
	p.path = k->program;
	p.argv = argv;
	p.setenv = env;
	rc = ex_proc_run(
	    &p, &out, OUTPUT_MAX, PATIENCE * INT64_C(1000000), &got, err);
	if (rc == 0)
		rc = take_answer(&last, status, &out, err);
	if (rc == 0 && got != want) {
		const char *why =
		    ex_json_get_text(ex_json_get(last, "error"), "message");

		rc = ex_fail(err, EX_STATE, "%s %s ended with %d: %.200s",
		    word[0], word[1] == NULL ? "" : word[1], got,
		    why == NULL ? "" : why);
	}
	if (rc == 0 && name != NULL)
		rc = ex_json_set(k->v, name, last, err);
	else
		ex_json_free(last);
	ex_buf_free(&out);
	return rc;
}

#define ASK(k, name, want, status, err, ...)                                   \
	ask(k, name, want, status, (const char *const[]){ __VA_ARGS__, NULL }, \
	    err)

static int
found_house(struct trial *k, struct ex_err *err)
{
	if (ASK(k, NULL, 0, NULL, err, "init", "--name-en", "Self-test") ==
		-1 ||
	    ASK(k, NULL, 0, NULL, err, "person", "add", "tester", "--org",
		"LAB", "--role", "examiner,investigator", "--name-en",
		"Self-test") == -1 ||
	    ASK(k, NULL, 0, NULL, err, "key", "new", "tester", "--person",
		"tester") == -1 ||
	    ASK(k, NULL, 0, NULL, err, "case", "open", "SELF-TEST", "--as",
		"tester", "--title", "Self-test", "--authority",
		"warrant:W-1") == -1)
		return -1;
	return ASK(k, NULL, 0, NULL, err, "custody", "seize", "TEST-1", "--as",
	    "tester", "--case", "SELF-TEST", "--seizure-record", "R-1",
	    "--authority", "W-1", "--place", "self-test", "--kind",
	    "physical_medium", "--description", "測試媒體");
}

static int
image_it(struct trial *k, struct ex_err *err)
{
	struct ex_json *status = ex_json_array();
	struct ex_buf text = EX_BUF_INIT;
	int rc;

	if (ex_json_set(k->v, "status", status, err) == -1)
		return -1;
	rc = ASK(k, "acquire", 0, status, err, "acquire", "TEST-1", k->source,
	    "--as", "tester");
	if (rc == 0)
		rc = ASK(k, "verify", 0, NULL, err, "verify", "TEST-1-I1",
		    "--as", "tester");
	if (rc == 0)
		rc = ASK(
		    k, "history", 0, NULL, err, "item", "history", "TEST-1");
	if (rc == 0)
		rc = ASK(k, "image_history", 0, NULL, err, "item", "history",
		    "TEST-1-I1");
	if (rc == 0)
		rc = ASK(k, NULL, 0, NULL, err, "report", "TEST-1", "--to",
		    k->report, "--as", "tester");
	if (rc == 0)
		rc = ASK(k, "log", 3, NULL, err, "log", "verify");
	if (rc == 0)
		rc = ex_file_read(&text, k->report, OUTPUT_MAX, err);
	if (rc == 0)
		rc = ex_json_set_text(k->v, "report", ex_buf_text(&text), err);
	ex_buf_free(&text);
	return rc;
}

/* Another image under the same name, whole and with digests of its own. */
static int
replace_image(struct trial *k, const char *dir, struct ex_err *err)
{
	struct ex_imaging job = ex_selftest_job();
	struct ex_imaging_outcome out;
	char there[EX_PATH];
	int rc;

	memset(&out, 0, sizeof(out));
	job.name = "TEST-1-I1";
	job.dir = &dir;
	job.ndir = 1;
	if (ex_path_join(there, EX_PATH, k->house,
		"vault/images/TEST-1-I1/TEST-1-I1.E01", err) == -1 ||
	    ex_source_open(&job.source, k->source, err) == -1)
		return -1;
	rc = ex_imaging_run(&out, &job, err);
	ex_source_close(job.source);
	if (rc == 0 && (!out.copy[0].good ||
			   rename(out.copy[0].segment[0].path, there) == -1))
		rc = ex_fail_errno(err, "%s", there);
	ex_imaging_outcome_free(&out);
	return rc;
}

/* The source's last byte is another, and the vault's image is of that. */
static int
tamper(struct trial *k, struct ex_selftest *t, struct ex_err *err)
{
	struct ex_selftest_line l = { EX_SELFTEST_PASS, "" };
	char dir[EX_PATH];

	if (ex_selftest_folder(dir, t, &l) == -1 ||
	    ex_selftest_flip(k->source, SOURCE - 1, &l) == -1)
		return ex_fail(err, EX_SYSTEM, "%s", l.text);
	if (replace_image(k, dir, err) == -1)
		return -1;
	return ASK(k, "tampered", 1, NULL, err, "verify", "TEST-1-I1", "--as",
	    "tester");
}

static int
run_trial(struct trial *k, struct ex_selftest *t, struct ex_err *err)
{
	struct ex_selftest_line l = { EX_SELFTEST_PASS, "" };
	uint8_t sha256[EX_SHA256_LEN];

	if (ex_proc_beside(k->program, sizeof(k->program), "exhibit", err) ==
		-1 ||
	    ex_path_join(k->house, EX_PATH, t->dir, "house", err) == -1 ||
	    ex_path_join(k->source, EX_PATH, t->dir, "source", err) == -1 ||
	    ex_path_join(k->report, EX_PATH, t->dir, "report.txt", err) == -1)
		return -1;
	/* The services' own user has to reach it. */
	if (chmod(t->dir, 0711) == -1)
		return ex_fail_errno(err, "%s", t->dir);
	if (ex_selftest_file(k->source, SOURCE, 9, &l) == -1)
		return ex_fail(err, EX_SYSTEM, "%s", l.text);
	if (ex_sha256_file(sha256, NULL, k->source, err) == -1 ||
	    ex_json_set_hex(k->v, "truth", sha256, sizeof(sha256), err) == -1 ||
	    found_house(k, err) == -1 || image_it(k, err) == -1)
		return -1;
	return tamper(k, t, err);
}

const struct ex_json *
ex_selftest_trial(struct ex_selftest *t, struct ex_selftest_line *l)
{
	struct ex_err err = EX_ERR_INIT;
	struct trial *k = NULL;

	if (!t->has_trial && !t->s->no_trial) {
		t->has_trial = 1;
		k = calloc(1, sizeof(*k));
		if (k == NULL || (k->v = ex_json_object()) == NULL) {
			(void)ex_fail(&err, EX_SYSTEM, "out of memory");
		} else if (run_trial(k, t, &err) == 0) {
			t->trial = k->v;
			k->v = NULL;
		}
		if (k != NULL && k->house[0] != '\0')
			(void)ASK(k, NULL, 0, NULL, NULL, "down");
		if (k != NULL)
			ex_json_free(k->v);
		free(k);
		(void)snprintf(t->why_not, sizeof(t->why_not), "%s", err.text);
	}
	if (t->trial == NULL && t->why_not[0] != '\0')
		ex_selftest_say(l, EX_SELFTEST_NOT_HERE,
		    "no house could be founded for it: %.350s", t->why_not);
	else if (t->trial == NULL)
		ex_selftest_say(l, EX_SELFTEST_NOT_HERE,
		    "left out: it founds a house for itself");
	return t->trial;
}
