/*
 * verify_main.c -- exhibit-verify: is this bundle what it claims to be?
 *
 * A stranger's program: no database, no network, nothing opened but what the
 * command line names.  Every fault is told; the exit status is the verdict.
 */
#include <sys/stat.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "custody/bundle.h"
#include "custody/tiles.h"
#include "custody/verify_say.h"

enum {
	COULD_NOT = 2,
	USAGE = 64
};

static const char usage[] =
    "usage: exhibit-verify PATH [PATH2] [--policy FILE --roots FILE] "
    "[--json]\n"
    "                      [--lang zh-TW|en]\n"
    "\n"
    "  PATH           a bundle, or a log as tiles (C2SP tlog-tiles)\n"
    "  PATH2          another of them or a signed checkpoint: one history?\n"
    "  --policy FILE  the logs and witnesses that you trust (C2SP "
    "tlog-policy)\n"
    "  --roots FILE   the CA certificates that you trust, PEM\n"
    "  --json         answer for programs; the last line is the summary\n"
    "  --lang LANG    zh-TW or en; the locale decides without it\n"
    "\n"
    "exit status: 0 anchored, 1 a fault, 2 could not be checked, or possibly "
    "two\nhistories, 3 consistent, compared with nothing outside, 64 usage\n";

struct request {
	const char *path[2]; /* NULL: not given */
	const char *policy, *roots, *lang;
	int json, help, zh;
};

/* Where the value of an option goes; NULL: it takes none. */
static const char **
place_of(struct request *r, const char *name, size_t n)
{
	const struct {
		const char *name;
		const char **place;
	} option[] = {
		{ "--policy", &r->policy },
		{ "--roots", &r->roots },
		{ "--lang", &r->lang },
	};

	for (size_t i = 0; i < sizeof(option) / sizeof(option[0]); i++)
		if (n == strlen(option[i].name) &&
		    memcmp(name, option[i].name, n) == 0)
			return option[i].place;
	return NULL;
}

/* One option at argv[*i], and its value. */
static int
take_option(
    struct request *r, int argc, char **argv, int *i, struct ex_err *err)
{
	const char *word = argv[*i];
	const char *value = strchr(word, '=');
	const char **place = place_of(
	    r, word, value == NULL ? strlen(word) : (size_t)(value - word));

	if (place != NULL) {
		if (value == NULL && *i + 1 >= argc)
			return ex_fail(err, EX_USAGE, "%s needs a value", word);
		*place = value == NULL ? argv[++*i] : &value[1];
		return 0;
	}
	if (strcmp(word, "--json") == 0)
		r->json = 1;
	else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
		r->help = 1;
	else
		return ex_fail(err, EX_USAGE,
		    "unknown option %s; try exhibit-verify --help", word);
	return 0;
}

static int
set_language(struct request *r, struct ex_err *err)
{
	const char *lang = r->lang;

	if (lang != NULL) {
		r->zh = strcmp(lang, "zh-TW") == 0;
		if (r->zh || strcmp(lang, "en") == 0)
			return 0;
		return ex_fail(
		    err, EX_USAGE, "--lang is zh-TW or en, not \"%s\"", lang);
	}
	lang = getenv("LC_ALL");
	if (lang == NULL || lang[0] == '\0')
		lang = getenv("LC_MESSAGES");
	if (lang == NULL || lang[0] == '\0')
		lang = getenv("LANG");
	r->zh = lang != NULL && strncmp(lang, "zh", 2) == 0;
	return 0;
}

static int
take_words(struct request *r, int argc, char **argv, struct ex_err *err)
{
	int only_paths = 0;

	for (int i = 1; i < argc; i++) {
		if (!only_paths && strcmp(argv[i], "--") == 0)
			only_paths = 1;
		else if (!only_paths && argv[i][0] == '-') {
			if (take_option(r, argc, argv, &i, err) == -1)
				return -1;
		} else if (r->path[0] == NULL)
			r->path[0] = argv[i];
		else if (r->path[1] == NULL)
			r->path[1] = argv[i];
		else
			return ex_fail(err, EX_USAGE,
			    "%s: a third path; two can be compared", argv[i]);
	}
	if (r->path[0] == NULL && !r->help)
		return ex_fail(
		    err, EX_USAGE, "which bundle?  Try exhibit-verify --help");
	return set_language(r, err);
}

/* A signed checkpoint as the second path, by the key of the first's log. */
static int
check_note(struct ex_bundle_result *out, const char *path,
    const struct ex_bundle_result *first, struct ex_err *err)
{
	struct ex_buf note = EX_BUF_INIT;
	int rc = -1;

	if (!first->checkpoint_known)
		(void)ex_fail(err, EX_DAMAGED,
		    "%s: the first bundle shows no key to check this "
		    "checkpoint with",
		    path);
	else if (ex_file_read(&note, path, EX_NOTE_MAX, err) == 0)
		rc = ex_bundle_note(out, note.data, note.len, &first->log, err);
	ex_buf_free(&note);
	return rc;
}

static int
check_folder(struct ex_bundle_result *out, const char *path,
    const struct ex_trust *trust, struct ex_err *err)
{
	return ex_tiles_is(path) ? ex_tiles_check(out, path, trust, err)
				 : ex_bundle_check(out, path, trust, err);
}

/* The second path against the first; *verdict is over both. */
static int
compare(enum ex_verdict *verdict, struct ex_bundle_result *first,
    struct ex_bundle_result *second, const char *const path[2],
    const struct ex_trust *trust, struct ex_err *err)
{
	struct stat st;
	int rc;

	if (stat(path[1], &st) == 0 && S_ISREG(st.st_mode))
		rc = check_note(second, path[1], first, err);
	else
		rc = check_folder(second, path[1], trust, err);
	/* Tiles prove whatever is asked of them. */
	if (rc == 0 && first->tiles)
		rc = ex_tiles_prefix(
		    first, path[0], second->checkpoint.size, err);
	if (rc == 0 && second->tiles)
		rc = ex_tiles_prefix(
		    second, path[1], first->checkpoint.size, err);
	if (rc == -1)
		return -1;
	return ex_bundle_compare(verdict, first, second, err);
}

static int
check(const struct request *r, const struct ex_trust *trust,
    enum ex_verdict *verdict, struct ex_err *err)
{
	struct ex_bundle_result result[2] = { 0 };
	struct ex_verify_answer answer = { 0 };
	int rc = -1;

	answer.trust = trust;
	answer.zh = r->zh;
	answer.path[0] = r->path[0];
	answer.result[0] = &result[0];
	if (check_folder(&result[0], r->path[0], trust, err) == -1)
		goto out;
	*verdict = result[0].verdict;
	if (r->path[1] != NULL) {
		if (compare(verdict, &result[0], &result[1], r->path, trust,
			err) == -1)
			goto out;
		answer.path[1] = r->path[1];
		answer.result[1] = &result[1];
	}
	answer.verdict = *verdict;
	rc = r->json ? ex_verify_say_json(&answer, err)
		     : ex_verify_say_text(&answer, err);
out:
	ex_bundle_result_free(&result[0]);
	ex_bundle_result_free(&result[1]);
	return rc;
}

static int
run(const struct request *r, enum ex_verdict *verdict, struct ex_err *err)
{
	struct ex_policy *policy = NULL;
	struct ex_roots *roots = NULL;
	struct ex_trust trust;
	int rc = -1;

	if (r->policy != NULL && ex_policy_load(&policy, r->policy, err) == -1)
		goto out;
	if (r->roots != NULL && ex_roots_load(&roots, r->roots, err) == -1)
		goto out;
	trust.policy = policy;
	trust.roots = roots;
	rc = check(r, &trust, verdict, err);
out:
	ex_policy_free(policy);
	ex_roots_free(roots);
	return rc;
}

int
main(int argc, char **argv)
{
	struct ex_err err = EX_ERR_INIT;
	struct request r = { 0 };
	enum ex_verdict verdict = EX_FAULTY;
	int status = COULD_NOT;

	(void)signal(SIGPIPE, SIG_IGN);
	/* How to answer is known before anything can fail. */
	for (int i = 1; i < argc; i++)
		r.json |= strcmp(argv[i], "--json") == 0;
	if (take_words(&r, argc, argv, &err) == -1) {
		status = USAGE;
	} else if (r.help) {
		(void)fputs(usage, stdout);
		return fflush(stdout) == 0 ? 0 : COULD_NOT;
	} else if (run(&r, &verdict, &err) == 0) {
		status = ex_verdict_exit(verdict);
	}
	if (err.code != EX_OK) {
		(void)fprintf(stderr, "exhibit-verify: %s\n", err.text);
		if (r.json)
			ex_verify_say_error(status, &err);
	}
	if (fflush(stdout) != 0 || ferror(stdout))
		return COULD_NOT;
	return status;
}
