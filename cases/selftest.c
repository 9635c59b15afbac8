/*
 * selftest.c -- the checklist run, told and signed.
 */
#include "cases/selftest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "cases/acquire_parts.h"
#include "cases/lab.h"
#include "cases/selftest_parts.h"
#include "db/store.h"

static const char *const words[EX_SELFTEST_RESULTS] = {
	[EX_SELFTEST_PASS] = "pass",
	[EX_SELFTEST_FAIL] = "fail",
	[EX_SELFTEST_NOT_HERE] = "not_applicable_here",
	[EX_SELFTEST_NOT_ON_HARDWARE] = "not_validated_on_hardware",
};

static int
add_line(struct ex_json *lines, const struct ex_selftest_check *c,
    const struct ex_selftest_line *l, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	char shown[2 * EX_ERR_TEXT];

	if (v == NULL || ex_json_set_text(v, "line", c->line, err) == -1 ||
	    ex_json_set_text(v, "title", c->en, err) == -1 ||
	    ex_json_set_text(v, "title_zh", c->zh, err) == -1 ||
	    ex_json_set_text(v, "result", words[l->result], err) == -1 ||
	    ex_json_set_text(v, "text",
		ex_text_shown(shown, sizeof(shown), l->text), err) == -1) {
		ex_json_free(v);
		return -1;
	}
	return ex_json_add(lines, v, err);
}

static int
run_lines(struct ex_json *lines, size_t counts[EX_SELFTEST_RESULTS],
    struct ex_selftest *t, struct ex_err *err)
{
	for (size_t i = 0; i < ex_selftest_n; i++) {
		const struct ex_selftest_check *c = &ex_selftest_table[i];
		struct ex_selftest_line l = { EX_SELFTEST_PASS, "" };

		if (t->s->only != NULL && strcmp(t->s->only, c->line) != 0)
			continue;
		if (t->s->begins != NULL)
			t->s->begins(t->s->begins_arg, c->line, c->en);
		c->run(t, &l);
		counts[l.result]++;
		if (add_line(lines, c, &l, err) == -1)
			return -1;
	}
	return 0;
}

static int
put_time(struct ex_json *v, const char *name, struct ex_err *err)
{
	char text[EX_TIME_TEXT];

	ex_time_text(text, ex_now());
	return ex_json_set_text(v, name, text, err);
}

static int
put_counts(struct ex_json *v, const size_t counts[EX_SELFTEST_RESULTS],
    struct ex_err *err)
{
	struct ex_json *set = ex_json_object();

	for (int r = 0; r < EX_SELFTEST_RESULTS; r++)
		if (ex_json_set_int(set, words[r], (int64_t)counts[r], err) ==
		    -1) {
			ex_json_free(set);
			return -1;
		}
	return ex_json_set(v, "counts", set, err);
}

/* A folder for everything; it goes with all of it. */
static int
make_folder(struct ex_selftest *t, struct ex_err *err)
{
	const char *tmp = t->s->tmp;

	if (tmp == NULL && (tmp = getenv("TMPDIR")) == NULL)
		tmp = "/tmp";
	if (ex_path_join(t->dir, sizeof(t->dir), tmp,
		"exhibit-self-test.XXXXXX", err) == -1)
		return -1;
	if (mkdtemp(t->dir) == NULL)
		return ex_fail_errno(err, "%s", t->dir);
	return 0;
}

int
ex_self_test_run(struct ex_json **out, int *status,
    const struct ex_self_test *s, struct ex_err *err)
{
	size_t counts[EX_SELFTEST_RESULTS] = { 0 }, all = 0;
	struct ex_selftest *t = calloc(1, sizeof(*t));
	struct ex_json *v = ex_json_object(), *lines = ex_json_array(), *set;
	int rc = -1;

	*out = NULL;
	if (t == NULL || v == NULL || lines == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	t->s = s;
	if (make_folder(t, err) == -1)
		goto out;
	if (put_time(v, "started", err) == 0 &&
	    run_lines(lines, counts, t, err) == 0 &&
	    put_time(v, "ended", err) == 0 &&
	    ex_acquire_environment(&set, err) == 0 &&
	    ex_json_set(v, "environment", set, err) == 0 &&
	    put_counts(v, counts, err) == 0)
		rc = ex_json_set(v, "lines", ex_json_ref(lines), err);
	(void)ex_remove_tree(t->dir, NULL);
	for (int r = 0; r < EX_SELFTEST_RESULTS; r++)
		all += counts[r];
	if (rc == 0 && all == 0)
		rc = ex_fail(err, EX_USAGE, "there is no line %.20s", s->only);
	*status = counts[EX_SELFTEST_FAIL] > 0;
out:
	if (t != NULL)
		ex_json_free(t->trial);
	free(t);
	ex_json_free(lines);
	if (rc == 0)
		*out = v;
	else
		ex_json_free(v);
	return rc;
}

/* A tool of that name; entered as this program when the log has none. */
static int
need_tool(struct ex_house *house, const char *tool, struct ex_err *err)
{
	const struct ex_given given[] = { { "id", tool },
		{ "kind", "software" }, { "version", EX_VERSION },
		{ "name_en", "Exhibit" } };
	struct ex_json *fact = NULL, *told;
	struct ex_conn *conn;
	int status = 0, rc;

	if (ex_house_conn(house, &conn, err) == -1 ||
	    ex_store_fact(conn, "tool", tool, &fact, err) == -1)
		return -1;
	if (fact != NULL) {
		ex_json_free(fact);
		return 0;
	}
	if ((told = ex_json_object()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	rc = ex_lab_do(told, &status, house, EX_ACT_TOOL_ADD, given,
	    sizeof(given) / sizeof(given[0]), err);
	ex_json_free(told);
	return rc;
}

/* The report as a file, whose digest is signed. */
static int
write_report(
    char path[EX_PATH], const struct ex_json *report, struct ex_err *err)
{
	const char *tmp = getenv("TMPDIR");
	struct ex_buf text = EX_BUF_INIT;
	int fd, rc;

	if (ex_path_join(path, EX_PATH, tmp == NULL ? "/tmp" : tmp,
		"exhibit-report.XXXXXX", err) == -1)
		return -1;
	if ((fd = mkstemp(path)) == -1)
		return ex_fail_errno(err, "%s", path);
	rc = ex_json_write(&text, report, err);
	if (rc == 0)
		rc = ex_fd_write_all(fd, text.data, text.len, err);
	if (close(fd) == -1 && rc == 0)
		rc = ex_fail_errno(err, "%s", path);
	ex_buf_free(&text);
	if (rc == -1)
		(void)unlink(path);
	return rc;
}

int
ex_self_test_sign(struct ex_json *summary, struct ex_house *house,
    const struct ex_json *report, const char *tool, const char *until,
    struct ex_err *err)
{
	uint8_t sha256[EX_SHA256_LEN];
	char path[EX_PATH];
	struct ex_json *told;
	const char *leaf;
	int status = 0, rc = -1;

	if (ex_json_get_int(
		ex_json_get(report, "counts"), words[EX_SELFTEST_FAIL], 0) > 0)
		return ex_fail(err, EX_STATE,
		    "a line failed: nothing is signed; the lines say which");
	if ((told = ex_json_object()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (write_report(path, report, err) == -1) {
		ex_json_free(told);
		return -1;
	}
	if (ex_sha256_file(sha256, NULL, path, err) == 0 &&
	    need_tool(house, tool, err) == 0 &&
	    ex_tool_validated(told, &status, house, tool, path, until, err) ==
		0 &&
	    ex_json_set_text(summary, "tool", tool, err) == 0 &&
	    ex_json_set_text(summary, "until", until, err) == 0 &&
	    ex_json_set_hex(summary, "report", sha256, sizeof(sha256), err) ==
		0) {
		leaf = ex_json_get_text(
		    ex_json_at(ex_json_get(told, "events"), 0), "leaf");
		rc = ex_json_set_text(
		    summary, "event", leaf == NULL ? "" : leaf, err);
	}
	(void)unlink(path);
	ex_json_free(told);
	return rc;
}
