/*
 * run_catalogue.c -- what is on an image, and questions about it.
 */
#include <inttypes.h>
#include <string.h>

#include "cases/catalogue.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/output.h"
#include "cli/runs.h"
#include "cli/value.h"
#include "cli/watch.h"

enum {
	LIMIT_MAX = 100000
};

static void
progress(void *arg, const char *phase, uint64_t done, uint64_t total)
{
	(void)total; /* of the media; content may be more and less */
	cli_progress(arg, phase, done, 0);
}

/* "3 partition ntfs 43/0  at 1048576, 10485760 bytes" */
static void
show_volume(struct cli *cli, const struct ex_json *v)
{
	const char *system = ex_json_get_text(v, "system");
	const char *table = ex_json_get_text(v, "table");
	struct ex_buf line = EX_BUF_INIT;

	(void)ex_buf_addf(&line, NULL, "%s %s, %s %" PRId64 " +%" PRId64,
	    ex_json_get_text(v, "kind"),
	    system != NULL  ? system
	    : table != NULL ? table
			    : "-",
	    cli_say(cli, "at", "位於"), ex_json_get_int(v, "start", 0),
	    ex_json_get_int(v, "bytes", 0));
	if (system != NULL)
		(void)ex_buf_addf(&line, NULL,
		    ", %" PRId64 " %s, %" PRId64 " %s",
		    ex_json_get_int(v, "allocated", 0),
		    cli_say(cli, "names", "檔名"),
		    ex_json_get_int(v, "deleted", 0),
		    cli_say(cli, "deleted", "已刪除"));
	cli_fact(cli, cli_say(cli, "volume", "磁區"), ex_buf_text(&line));
	ex_buf_free(&line);
}

static void
show_findings(struct cli *cli, const struct ex_json *list)
{
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *f = ex_json_at(list, i);
		struct ex_buf line = EX_BUF_INIT;

		(void)ex_buf_addf(&line, NULL, "%s (%s %" PRId64 "): %s",
		    ex_json_get_text(f, "code"), cli_say(cli, "volume", "磁區"),
		    ex_json_get_int(f, "volume", 0),
		    ex_json_get_text(f, "text"));
		cli_fact(
		    cli, cli_say(cli, "finding", "發現"), ex_buf_text(&line));
		ex_buf_free(&line);
	}
}

static int
show_count(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	(void)err;
	cli_show(arg, key, v);
	return 0;
}

static void
show_image(struct cli *cli, const struct ex_json *s)
{
	const struct ex_json *volumes = ex_json_get(s, "volumes");

	cli_show(cli, cli_say(cli, "image", "映像"), ex_json_get(s, "image"));
	for (size_t i = 0; i < ex_json_count(volumes); i++)
		show_volume(cli, ex_json_at(volumes, i));
	(void)ex_json_each(ex_json_get(s, "files"), show_count, cli, NULL);
	show_findings(cli, ex_json_get(s, "findings"));
	cli_show(cli, "sha256", ex_json_get(s, "sha256"));
	cli_show(cli, cli_say(cli, "tools", "工具"), ex_json_get(s, "tools"));
	cli_show(cli, cli_say(cli, "event", "紀錄"), ex_json_get(s, "event"));
}

static int
catalogue(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_catalogue_job job = { .name = cli->arg[0],
		.without_landlock = cli_flag(cli, "without-landlock"),
		.no_orphans = cli_flag(cli, "no-orphans"),
		.no_digests = cli_flag(cli, "no-digests"),
		.progress = progress,
		.progress_arg = cli };
	const struct ex_json *images;
	struct ex_json *summary = NULL;
	struct cli_watch watch;
	uint64_t patience = 0;
	int status = CLI_FAILED;

	if (cli_actor(h, err) == -1 ||
	    cli_number(cli, &patience, "patience", 86400, err) == -1)
		return -1;
	job.patience = (uint32_t)patience;
	cli_watch_begin(&watch, cli);
	job.stop = cli_watch_stop();
	if (ex_catalogue_images(&summary, &status, h, &job, err) == -1)
		return -1;
	if (cli_answer(cli, summary, err) == -1)
		return -1;
	images = ex_json_get(cli->summary, "images");
	for (size_t i = 0; i < ex_json_count(images); i++)
		show_image(cli, ex_json_at(images, i));
	return status;
}

int
cli_run_catalogue(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, catalogue, err);
}

static int
files(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	static const char *const column[] = { "kind", "size", "modified",
		"flags", "path", "stream", "mime", NULL };
	struct ex_files_query q = { .image = cli->arg[0],
		.name = cli_option(cli, "name"),
		.mime = cli_option(cli, "type"),
		.deleted = cli_flag(cli, "deleted"),
		.known = cli_option(cli, "known"),
		.sha256 = cli_option(cli, "sha256") };
	struct ex_json *out = NULL;

	if (cli_number(cli, &q.limit, "limit", LIMIT_MAX, err) == -1 ||
	    ex_files_find(&out, h, &q, err) == -1 ||
	    cli_answer(cli, out, err) == -1)
		return -1;
	cli_table(cli, ex_json_get(cli->summary, "files"), column);
	return CLI_OK;
}

int
cli_run_files(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, files, err);
}

int
cli_export_file_list(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_json *out = NULL;

	if (ex_catalogue_export(&out, h, cli->arg[0], cli_option(cli, "format"),
		cli_option(cli, "to"), err) == -1)
		return -1;
	return cli_answer(cli, out, err) == -1 ? -1 : CLI_OK;
}

int
cli_is_file_list(const char *format)
{
	return format != NULL &&
	       (strcmp(format, "csv") == 0 || strcmp(format, "dfxml") == 0 ||
		   strcmp(format, "bodyfile") == 0);
}
