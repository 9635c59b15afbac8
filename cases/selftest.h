/*
 * selftest.h -- the checklist of imaging, run on the machine it stands on.
 *
 * Lines are after NIST CFTT's assertions for digital data acquisition tools,
 * numbered by us.  Each runs a real check with real code: over a scripted
 * drive, over temporary files, and with the programs of others as second
 * readers where they are installed.  What cannot be shown here says so.
 */
#ifndef CASES_SELFTEST_H
#define CASES_SELFTEST_H

#include "base/err.h"
#include "base/json.h"

struct ex_house;

struct ex_self_test {
	const char *only; /* one line, "A-02"; NULL: all */
	const char *tmp;  /* folder for temporary files; NULL: the usual */
	int no_trial;	  /* 1: without the lines that found a house */
	int without_landlock;
	/* Called before each line.  May be NULL. */
	void (*begins)(void *arg, const char *line, const char *title);
	void *begins_arg;
};

/*
 * Run it.  *out: {"lines":[{"line","title","title_zh","result","text"}],
 * "counts":{RESULT:n},"environment","started","ended"}; results are "pass",
 * "fail", "not_applicable_here", "not_validated_on_hardware".
 * *status 1 when a line failed.
 */
int ex_self_test_run(struct ex_json **out, int *status,
    const struct ex_self_test *s, struct ex_err *err);

/*
 * Sign that this program was validated: its report, canonical JSON, goes into
 * the vault, and a `tool_validated` of tool names its digest.  A tool that
 * the log does not know is entered first, as software of this version.
 * EX_STATE when a line failed.  Puts "tool", "report", "event" and "until"
 * into the summary.
 */
int ex_self_test_sign(struct ex_json *summary, struct ex_house *house,
    const struct ex_json *report, const char *tool, const char *until,
    struct ex_err *err);

#endif
