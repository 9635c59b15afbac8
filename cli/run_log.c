/*
 * run_log.c -- looking at the log, checking it, taking it along.
 */
#include <inttypes.h>
#include <string.h>

#include "cases/anchor.h"
#include "cases/logverify.h"
#include "cases/logview.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/output.h"
#include "cli/runs.h"

/* "person (role), person (role)" of an entry. */
static void
add_parties(struct ex_buf *out, const struct ex_json *parties)
{
	for (size_t i = 0; i < ex_json_count(parties); i++) {
		const struct ex_json *p = ex_json_at(parties, i);
		const char *person = ex_json_get_text(p, "person");

		if (person == NULL)
			person = ex_json_text(p);
		(void)ex_buf_addf(out, NULL, "%s%s", i == 0 ? "" : ", ",
		    person == NULL ? "?" : person);
	}
}

static void
show_entries(struct cli *cli, const struct ex_json *entries)
{
	for (size_t i = 0; i < ex_json_count(entries); i++) {
		const struct ex_json *e = ex_json_at(entries, i);
		const char *leaf = ex_json_get_text(e, "leaf");
		const char *stream = ex_json_get_text(e, "stream");
		const char *action = ex_json_get_text(e, "action");
		struct ex_buf who = EX_BUF_INIT;

		add_parties(&who, ex_json_get(e, "parties"));
		cli_line(cli,
		    "%5" PRId64 "  %.12s  %-24s %3" PRId64 "  %-16s %s",
		    ex_json_get_int(e, "index", -1), leaf == NULL ? "?" : leaf,
		    stream == NULL ? "?" : stream, ex_json_get_int(e, "seq", 0),
		    action == NULL ? "?" : action, ex_buf_text(&who));
		ex_buf_free(&who);
	}
}

static int
show(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_json *out = NULL;

	if (ex_log_show(&out, h, cli_option(cli, "item"), err) == -1)
		return -1;
	if (cli_answer(cli, out, err) == -1)
		return -1;
	show_entries(cli, ex_json_get(cli->summary, "entries"));
	cli_show(cli, cli_say(cli, "log", "日誌"),
	    ex_json_get(cli->summary, "origin"));
	cli_show(cli, cli_say(cli, "entries", "筆數"),
	    ex_json_get(cli->summary, "size"));
	cli_show(cli, cli_say(cli, "root", "根雜湊"),
	    ex_json_get(cli->summary, "root"));
	return CLI_OK;
}

int
cli_run_log_show(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, show, err);
}

static int
checkpoint(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_json *out = NULL;

	if (ex_log_checkpoint(&out, h, err) == -1)
		return -1;
	if (cli_answer(cli, out, err) == -1)
		return -1;
	cli_text(cli, ex_json_get_text(cli->summary, "note"));
	return CLI_OK;
}

int
cli_run_log_checkpoint(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, checkpoint, err);
}

/* "w1 (EXAMPLE-MOJ): cosigned" */
static void
show_asked(struct cli *cli, const struct ex_json *asked)
{
	for (size_t i = 0; i < ex_json_count(asked); i++) {
		const struct ex_json *v = ex_json_at(asked, i);
		const char *part[4] = { ex_json_get_text(v, "name"),
			ex_json_get_text(v, "org"),
			ex_json_get_text(v, "result"),
			ex_json_get_text(v, "text") };

		for (size_t k = 0; k < 4; k++)
			part[k] = part[k] == NULL ? "?" : part[k];
		cli_line(cli, "%s (%s): %s%s%s", part[0], part[1], part[2],
		    strcmp(part[2], part[3]) == 0 ? "" : ": ",
		    strcmp(part[2], part[3]) == 0 ? "" : part[3]);
	}
}

static int
vouch(struct cli *cli, struct ex_house *h, const char *what, struct ex_err *err)
{
	struct ex_json *out = NULL;
	int status = CLI_FAILED;

	if (ex_log_vouch(&out, &status, h, what, err) == -1 ||
	    cli_answer(cli, out, err) == -1)
		return -1;
	show_asked(cli, ex_json_get(cli->summary, "asked"));
	return status;
}

static int
cosign(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	return vouch(cli, h, "cosign", err);
}

int
cli_run_log_cosign(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, cosign, err);
}

static int
stamp(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	return vouch(cli, h, "stamp", err);
}

int
cli_run_log_stamp(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, stamp, err);
}

static int
override(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_json *out = NULL;

	if (ex_log_override(&out, h, cli_option(cli, "reason"), err) == -1 ||
	    cli_answer(cli, out, err) == -1)
		return -1;
	cli_show(cli, cli_say(cli, "signed", "已簽署"),
	    ex_json_get(cli->summary, "file"));
	return CLI_OK;
}

int
cli_run_log_override(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, "admin", override, err);
}

/* "fault   CODE  index 7  item:EXH-1 3", and the text under it. */
static void
show_remarks(
    struct cli *cli, const char *severity, const struct ex_json *remarks)
{
	for (size_t i = 0; i < ex_json_count(remarks); i++) {
		const struct ex_json *m = ex_json_at(remarks, i);
		const char *code = ex_json_get_text(m, "code");
		const char *stream = ex_json_get_text(m, "stream");
		const char *text = ex_json_get_text(m, "text");
		struct ex_buf where = EX_BUF_INIT;

		if (ex_json_get(m, "index") != NULL)
			(void)ex_buf_addf(&where, NULL, "  index %" PRId64,
			    ex_json_get_int(m, "index", 0));
		if (stream != NULL)
			(void)ex_buf_addf(&where, NULL, "  %s", stream);
		if (ex_json_get(m, "seq") != NULL)
			(void)ex_buf_addf(&where, NULL, " %" PRId64,
			    ex_json_get_int(m, "seq", 0));
		cli_line(cli, "%-8s %s%s", severity, code == NULL ? "?" : code,
		    ex_buf_text(&where));
		cli_line(cli, "         %s", text == NULL ? "" : text);
		ex_buf_free(&where);
	}
}

static void
progress(void *arg, const char *phase, uint64_t done, uint64_t total)
{
	cli_progress(arg, phase, done, total);
}

static int
verify(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_log_verify v = { 0 };
	struct ex_json *out = NULL;
	const struct ex_json *s;
	int status = CLI_FAILED;

	v.policy = cli_option(cli, "policy");
	v.roots = cli_option(cli, "roots");
	v.against = cli_option(cli, "against");
	v.receipts = cli_option(cli, "receipts");
	v.progress = progress;
	v.progress_arg = cli;
	if (ex_log_verify_run(
		&out, &status, h, cli_option(cli, "database"), &v, err) == -1)
		return -1;
	if (cli_answer(cli, out, err) == -1)
		return -1;
	s = cli->summary;
	show_remarks(cli, "fault", ex_json_get(s, "faults"));
	show_remarks(cli, "finding", ex_json_get(s, "findings"));
	show_remarks(cli, "note", ex_json_get(s, "notes"));
	cli_show(
	    cli, cli_say(cli, "entries", "筆數"), ex_json_get(s, "entries"));
	cli_show(cli, cli_say(cli, "root", "根雜湊"), ex_json_get(s, "root"));
	cli_show(
	    cli, cli_say(cli, "verdict", "結論"), ex_json_get(s, "verdict"));
	cli_show(cli, "", ex_json_get(s, "text"));
	return status;
}

int
cli_run_log_verify(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, verify, err);
}

static int
proof(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_json *out = NULL;

	if (ex_log_proof(&out, h, cli->arg[0], err) == -1)
		return -1;
	if (cli_answer(cli, out, err) == -1)
		return -1;
	cli_text(cli, ex_json_get_text(cli->summary, "proof"));
	return CLI_OK;
}

int
cli_run_log_proof(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, proof, err);
}

static int export(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_json *out = NULL;

	if (ex_log_export(
		&out, h, cli->arg[0], cli_flag(cli, "entries"), err) == -1)
		return -1;
	return cli_answer(cli, out, err) == -1 ? -1 : CLI_OK;
}

int
cli_run_log_export(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, export, err);
}
