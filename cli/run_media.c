/*
 * run_media.c -- imaging and verifying.
 */
#include <inttypes.h>
#include <string.h>

#include "cases/acquire.h"
#include "cases/verify.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/output.h"
#include "cli/runs.h"
#include "cli/source.h"
#include "cli/value.h"
#include "cli/watch.h"
#include "hashing/digest.h"

enum {
	DESTINATIONS = 16,
	ROOM_SECONDS = 3600 /* that a full disk is waited for */
};

static void
progress(void *arg, const char *phase, uint64_t done, uint64_t total)
{
	cli_progress(arg, phase, done, total);
}

/* An unsigned option of at most max. */
static int
take_unsigned(const struct cli *cli, unsigned *out, const char *option,
    unsigned max, struct ex_err *err)
{
	uint64_t n = *out;

	if (cli_number(cli, &n, option, max, err) == -1)
		return -1;
	*out = (unsigned)n;
	return 0;
}

/* What is done about media that fail or go away. */
static int
take_broken(const struct cli *cli, struct ex_acquire *a, struct ex_err *err)
{
	a->has_wait = cli_option(cli, "wait") != NULL;
	a->reread = cli_flag(cli, "reread");
	if (take_unsigned(cli, &a->room_seconds, "room-wait", 86400 * 7, err) ==
		-1 ||
	    cli_number(cli, &a->bad_limit, "bad-limit", INT64_MAX, err) == -1 ||
	    take_unsigned(cli, &a->wait, "wait", 86400, err) == -1)
		return -1;
	return take_unsigned(cli, &a->fill, "fill", 255, err);
}

static int
take_numbers(const struct cli *cli, struct ex_acquire *a, struct ex_err *err)
{
	const char *algs = cli_option(cli, "digest");

	if (algs != NULL && ex_alg_parse_list(&a->algs, algs, err) == -1)
		return -1;
	a->has_retries = cli_option(cli, "retries") != NULL;
	if (cli_size(cli, &a->segment_size, "segment-size", err) == -1 ||
	    cli_size(cli, &a->offset, "offset", err) == -1 ||
	    cli_size(cli, &a->length, "length", err) == -1 ||
	    take_unsigned(cli, &a->retries, "retries", 1000, err) == -1 ||
	    take_unsigned(cli, &a->granularity, "granularity", 1 << 20, err) ==
		-1 ||
	    take_unsigned(cli, &a->threads, "threads", 1024, err) == -1)
		return -1;
	return take_broken(cli, a, err);
}

/* What makes no sense together. */
static int
check_acquire(struct cli *cli, const struct ex_acquire *a, struct ex_err *err)
{
	static const char *const begun[] = { "image", "to", "format",
		"compression", "segment-size", "digest", "offset", "length",
		"granularity", NULL };

	if (a->end_here && (a->retry_bad || a->head_from_copy))
		return ex_fail(err, EX_USAGE,
		    "--truncate alone reads nothing of the source");
	if (a->head_from_copy && !a->resume)
		return ex_fail(err, EX_USAGE, "--from-copy goes with --resume");
	if (a->base != NULL && (a->resume || !a->retry_bad))
		return ex_fail(err, EX_USAGE, "--base goes with --retry-bad");
	if (a->source == NULL && !a->abandon && !a->resume)
		return ex_fail(err, EX_USAGE,
		    "which source?  It is: exhibit acquire ITEM SOURCE");
	if (a->source != NULL && a->abandon)
		return ex_fail(err, EX_USAGE,
		    "--abandon reads nothing: leave %s out", a->source);
	if ((a->credential == NULL) != (a->credential_right == NULL))
		return ex_fail(err, EX_USAGE,
		    "--credential and --credential-right go together: which "
		    "was used, and by what right");
	if (a->resume && a->abandon)
		return ex_fail(
		    err, EX_USAGE, "--resume or --abandon, not both");
	for (size_t i = 0; a->resume && begun[i] != NULL; i++)
		if (cli_option(cli, begun[i]) != NULL)
			return ex_fail(err, EX_USAGE,
			    "--resume goes on as it was begun: leave --%s out",
			    begun[i]);
	return 0;
}

static void
take_watch(struct ex_acquire *a, struct cli_watch *w)
{
	a->progress = cli_watch_progress;
	a->progress_arg = w;
	a->notice = cli_watch_notice;
	a->bad_sectors = &w->bad_sectors;
	a->stop = cli_watch_stop();
}

static int
take_acquire(
    struct cli *cli, struct ex_acquire *a, const char **to, struct ex_err *err)
{
	size_t n = 0;

	memset(a, 0, sizeof(*a));
	a->room_seconds = ROOM_SECONDS;
	a->item = cli->arg[0];
	a->source = cli->nargs > 1 ? cli->arg[1] : NULL;
	a->image = cli_option(cli, "image");
	a->format = cli_option(cli, "format");
	a->compression = cli_option(cli, "compression");
	a->write_blocker = cli_option(cli, "write-blocker");
	a->method = cli_option(cli, "method");
	a->device_state = cli_option(cli, "device-state");
	a->changes = cli_option(cli, "changes");
	a->credential = cli_option(cli, "credential");
	a->credential_right = cli_option(cli, "credential-right");
	a->live = cli_flag(cli, "live");
	a->authority = cli_option(cli, "authority");
	a->resume = cli_flag(cli, "resume");
	a->truncate = cli_flag(cli, "truncate");
	a->abandon = cli_flag(cli, "abandon");
	a->head_from_copy = cli_flag(cli, "from-copy");
	a->retry_bad = cli_flag(cli, "retry-bad");
	a->base = cli_option(cli, "base");
	a->end_here =
	    a->truncate && a->source == NULL && !a->resume && !a->abandon;
	a->resume = a->resume || a->end_here;
	a->without_landlock = cli_flag(cli, "without-landlock");
	a->reason = cli_option(cli, "reason");
	while ((to[n] = cli_option_at(cli, "to", n)) != NULL)
		if (++n == DESTINATIONS)
			return ex_fail(err, EX_USAGE, "at most %d destinations",
			    DESTINATIONS - 1);
	a->to = to;
	a->nto = n;
	if (check_acquire(cli, a, err) == -1)
		return -1;
	return take_numbers(cli, a, err);
}

static int
show_digest(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	(void)err;
	cli_show(arg, key, v);
	return 0;
}

/* Where the image lies: "PATH  SIZE bytes", a line a segment. */
static void
show_segments(struct cli *cli, const struct ex_json *segments)
{
	for (size_t i = 0; i < ex_json_count(segments); i++) {
		const struct ex_json *s = ex_json_at(segments, i);

		cli_fact(cli, i == 0 ? cli_say(cli, "stored", "存放") : "",
		    ex_json_get_text(s, "path"));
	}
}

/* What came of each place that it was written to, where that is not all. */
static void
show_destinations(struct cli *cli, const struct ex_json *list)
{
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *d = ex_json_at(list, i);
		const char *result = ex_json_get_text(d, "result");

		if (result == NULL || strncmp(result, "complete", 8) == 0)
			continue;
		cli_fact(cli, cli_say(cli, "at", "位置"),
		    ex_json_get_text(d, "path"));
		cli_fact(cli, "", result);
		if (ex_json_get_text(d, "why") != NULL)
			cli_fact(cli, "", ex_json_get_text(d, "why"));
	}
}

/* "LBA 7, 2 sectors, recovered, failed reads before 3" */
static void
show_range(struct cli *cli, const char *label, const struct ex_json *r)
{
	const char *status = ex_json_get_text(r, "status");
	int64_t tries = ex_json_get_int(r, "tries", 0);
	struct ex_buf line = EX_BUF_INIT;

	(void)ex_buf_addf(&line, NULL, "LBA %" PRId64 ", %" PRId64 " %s, %s",
	    ex_json_get_int(r, "lba", 0), ex_json_get_int(r, "count", 0),
	    cli_say(cli, "sectors", "磁區"), status == NULL ? "?" : status);
	if (tries > 0)
		(void)ex_buf_addf(&line, NULL, ", %s %" PRId64,
		    cli_say(cli, "failed reads before", "先前讀取失敗次數"),
		    tries);
	cli_fact(cli, label, ex_buf_text(&line));
	ex_buf_free(&line);
}

static void
show_ranges(struct cli *cli, const char *label, const struct ex_json *ranges)
{
	for (size_t i = 0; i < ex_json_count(ranges); i++)
		show_range(cli, label, ex_json_at(ranges, i));
}

/* The second reading, and why something is not as it should be. */
static void
show_source(struct cli *cli, const struct ex_json *s)
{
	const struct ex_json *second = ex_json_get(s, "verify_source");

	if (second != NULL)
		cli_show(cli, cli_say(cli, "source read again", "來源重讀"),
		    ex_json_get(second, "result"));
	if (ex_json_get(s, "size_after") != NULL)
		cli_show(cli, cli_say(cli, "source's size now", "來源現大小"),
		    ex_json_get(s, "size_after"));
	if (ex_json_get(s, "why") != NULL)
		cli_show(
		    cli, cli_say(cli, "why", "原因"), ex_json_get(s, "why"));
}

static void
show_acquired(struct cli *cli, const struct ex_json *s)
{
	cli_show(cli, cli_say(cli, "image", "映像"), ex_json_get(s, "image"));
	cli_show(cli, cli_say(cli, "result", "結果"), ex_json_get(s, "result"));
	if (ex_json_get(s, "bytes") != NULL)
		cli_show(cli, cli_say(cli, "bytes", "位元組"),
		    ex_json_get(s, "bytes"));
	if (ex_json_get(s, "seconds") != NULL)
		cli_show(cli, cli_say(cli, "seconds", "秒"),
		    ex_json_get(s, "seconds"));
	(void)ex_json_each(ex_json_get(s, "digests"), show_digest, cli, NULL);
	show_segments(cli, ex_json_get(s, "segments"));
	show_destinations(cli, ex_json_get(s, "destinations"));
	show_ranges(cli, cli_say(cli, "bad range", "壞軌"),
	    ex_json_get(s, "bad_ranges"));
	show_source(cli, s);
	cli_show_source(cli, s);
	cli_show(cli, cli_say(cli, "event", "紀錄"), ex_json_get(s, "event"));
}

static int
acquire(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	const char *to[DESTINATIONS + 1] = { NULL };
	struct ex_json *summary = NULL;
	struct cli_watch watch;
	struct ex_acquire a;
	int status = CLI_FAILED;

	if (cli_actor(h, err) == -1 || take_acquire(cli, &a, to, err) == -1)
		return -1;
	cli_watch_begin(&watch, cli);
	take_watch(&a, &watch);
	if (ex_acquire_run(&summary, &status, h, &a, err) == -1) {
		ex_json_free(summary);
		return -1;
	}
	if (cli_answer(cli, summary, err) == -1)
		return -1;
	show_acquired(cli, cli->summary);
	return status;
}

int
cli_run_acquire(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, acquire, err);
}

struct comparing {
	struct cli *cli;
	const struct ex_json *should;
};

/* "  md5     is ...", and what the signed entry says where that differs. */
static int
show_compared(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	struct comparing *c = arg;
	const char *should = ex_json_get_text(c->should, key);
	const char *is = ex_json_text(v);
	struct ex_buf line = EX_BUF_INIT;

	(void)err;
	if (should == NULL || is == NULL || strcmp(should, is) == 0)
		return 0;
	cli_fact(c->cli, key, is);
	(void)ex_buf_addf(&line, NULL, "%s  %s", should,
	    cli_say(c->cli, "in the signed entry", "（簽署紀錄）"));
	cli_fact(c->cli, "", ex_buf_text(&line));
	ex_buf_free(&line);
	return 0;
}

static void
show_digests(struct cli *cli, const struct ex_json *image)
{
	struct comparing c = { cli, ex_json_get(image, "expected") };

	(void)ex_json_each(
	    ex_json_get(image, "digests"), show_compared, &c, NULL);
}

/* A map of blocks that is not as it was signed. */
static void
show_map(struct cli *cli, const struct ex_json *image)
{
	const char *map = ex_json_get_text(image, "block_map");

	if (map != NULL && strcmp(map, "ok") != 0 && strcmp(map, "none") != 0)
		cli_fact(cli, cli_say(cli, "  block map", "  區塊對照檔"), map);
}

static void
show_verdicts(struct cli *cli, const struct ex_json *images)
{
	for (size_t i = 0; i < ex_json_count(images); i++) {
		const struct ex_json *image = ex_json_at(images, i);
		const char *verdict = ex_json_get_text(image, "verdict");
		const char *name = ex_json_get_text(image, "image");

		cli_fact(cli, name == NULL ? "?" : name, verdict);
		if (ex_json_get_text(image, "text") != NULL)
			cli_fact(cli, "", ex_json_get_text(image, "text"));
		if (verdict == NULL || strcmp(verdict, "ok") != 0)
			show_digests(cli, image);
		show_ranges(cli, cli_say(cli, "bad range", "壞軌"),
		    ex_json_get(image, "bad_ranges"));
		show_ranges(cli, cli_say(cli, "  changed", "  變更處"),
		    ex_json_get(image, "changed_ranges"));
		show_map(cli, image);
		show_ranges(cli, cli_say(cli, "  not read", "  未讀得"),
		    ex_json_get(image, "unread_ranges"));
		if (ex_json_get_text(image, "event") != NULL)
			cli_fact(cli, cli_say(cli, "  event", "  紀錄"),
			    ex_json_get_text(image, "event"));
	}
}

static int
verify(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_json *summary = NULL;
	struct ex_verify v = { 0 };
	int status = CLI_FAILED;

	v.name = cli->nargs > 0 ? cli->arg[0] : NULL;
	v.all = cli_flag(cli, "all");
	v.at = cli_option(cli, "at");
	v.sign = ex_house_desk(h)->as != NULL;
	v.without_landlock = cli_flag(cli, "without-landlock");
	v.progress = progress;
	v.progress_arg = cli;
	if (v.all == (v.name != NULL))
		return ex_fail(err, EX_USAGE,
		    v.all ? "--all is every image: leave %s out"
			  : "which image?  Give ITEM, IMAGE or --all%s",
		    v.all ? v.name : "");
	if (ex_verify_run(&summary, &status, h, &v, err) == -1) {
		ex_json_free(summary);
		return -1;
	}
	if (cli_answer(cli, summary, err) == -1)
		return -1;
	show_verdicts(cli, ex_json_get(cli->summary, "images"));
	return status;
}

int
cli_run_verify(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, verify, err);
}
