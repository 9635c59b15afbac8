/*
 * run_image.c -- images listed, shown, and on their way out.
 */
#include <inttypes.h>

#include "cases/image.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/output.h"
#include "cli/runs.h"
#include "cli/value.h"

static void
progress(void *arg, const char *phase, uint64_t done, uint64_t total)
{
	cli_progress(arg, phase, done, total);
}

static int
show_digest(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	(void)err;
	cli_show(arg, key, v);
	return 0;
}

static int
image_list(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	static const char *const column[] = { "image", "item", "case", "state",
		"bytes", "format", NULL };
	struct ex_json *out = NULL;

	if (ex_image_list(&out, h, err) == -1)
		return -1;
	if (cli_answer(cli, out, err) == -1)
		return -1;
	cli_table(cli, ex_json_get(cli->summary, "images"), column);
	return CLI_OK;
}

int
cli_run_image_list(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, image_list, err);
}

/* "EXH-1-I1.E01  12540449 bytes", a line a segment, under their folder. */
static void
show_files(struct cli *cli, const struct ex_json *s)
{
	const struct ex_json *segments = ex_json_get(s, "segments");

	cli_show(cli, cli_say(cli, "stored", "存放"), ex_json_get(s, "path"));
	for (size_t i = 0; i < ex_json_count(segments); i++) {
		const struct ex_json *part = ex_json_at(segments, i);
		const char *name = ex_json_get_text(part, "name");
		struct ex_buf line = EX_BUF_INIT;

		(void)ex_buf_addf(&line, NULL, "%s  %" PRId64 " %s",
		    name == NULL ? "?" : name, ex_json_get_int(part, "size", 0),
		    cli_say(cli, "bytes", "位元組"));
		cli_fact(cli, "", ex_buf_text(&line));
		ex_buf_free(&line);
	}
}

static void
show_image(struct cli *cli, const struct ex_json *s)
{
	cli_show(cli, cli_say(cli, "image", "映像"), ex_json_get(s, "image"));
	cli_show(cli, cli_say(cli, "item", "證物"), ex_json_get(s, "item"));
	cli_show(cli, cli_say(cli, "case", "案件"), ex_json_get(s, "case"));
	cli_show(cli, cli_say(cli, "state", "狀態"), ex_json_get(s, "state"));
	cli_show(cli, cli_say(cli, "format", "格式"), ex_json_get(s, "format"));
	cli_show(cli, cli_say(cli, "bytes", "位元組"), ex_json_get(s, "bytes"));
	(void)ex_json_each(ex_json_get(s, "digests"), show_digest, cli, NULL);
	show_files(cli, s);
}

static int
image_show(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_json *out = NULL;

	if (ex_image_show(&out, h, cli->arg[0], err) == -1 ||
	    cli_answer(cli, out, err) == -1)
		return -1;
	show_image(cli, cli->summary);
	return CLI_OK;
}

int
cli_run_image_show(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, image_show, err);
}

static int
image_export(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_image_export x = { 0 };
	struct ex_json *out = NULL;
	int status = CLI_FAILED;

	x.image = cli->arg[0];
	x.format = cli_option(cli, "format");
	if (cli_is_file_list(x.format))
		return cli_export_file_list(cli, h, err);
	if (x.format == NULL)
		x.format = "raw";
	x.to = cli_option(cli, "to");
	x.compression = cli_option(cli, "compression");
	x.recipient = cli_option(cli, "recipient");
	x.authority = cli_option(cli, "authority");
	x.purpose = cli_option(cli, "purpose");
	x.sign = ex_house_desk(h)->as != NULL;
	if (cli_size(cli, &x.segment_size, "segment-size", err) == -1)
		return -1;
	x.without_landlock = cli_flag(cli, "without-landlock");
	x.progress = progress;
	x.progress_arg = cli;
	if (ex_image_export(&out, &status, h, &x, err) == -1) {
		ex_json_free(out);
		return -1;
	}
	return cli_answer(cli, out, err) == -1 ? -1 : status;
}

int
cli_run_image_export(struct cli *cli, struct ex_err *err)
{
	return cli_at_desk(cli, NULL, image_export, err);
}
