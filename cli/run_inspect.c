/*
 * run_inspect.c -- exhibit media inspect: what is known of a medium, and how.
 */
#include <inttypes.h>
#include <string.h>

#include "cases/acquire.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/runs.h"
#include "cli/source.h"
#include "report/words.h"

/* In this order; learned is the key under which it is told who said so. */
static const struct {
	const char *key, *learned;
} row[] = {
	{ "path", NULL },
	{ "kind", NULL },
	{ "method", "method" },
	{ "size", "size" },
	{ "vendor", "vendor" },
	{ "model", "model" },
	{ "serial", "device_serial" },
	{ "firmware", "firmware" },
	{ "transport", "transport" },
	{ "by_id", "name_by_id" },
	{ "sector_size", "sector_size" },
	{ "physical_sector_size", "physical_sector_size" },
	{ "visible_sectors", "size" },
	{ "drive_sectors", "drive_sectors" },
	{ "native_sectors", "native_sectors" },
	{ "factory_sectors", "factory_sectors" },
	{ "nvme_total_bytes", "hpa" },
	{ "nvme_unallocated_bytes", "hpa" },
	{ "hpa", "hpa" },
	{ "dco", "dco" },
	{ "security", "security" },
	{ "frozen", "security" },
	{ "smart", "smart" },
	{ "rotation", "rotation" },
	{ "kernel_read_only", "kernel_read_only" },
	{ "removable", "removable" },
	{ "in_use", NULL },
};

/* The words of a list's code, of the list of its own name first. */
static const char *
word_of(const struct cli *cli, const char *key, const char *text)
{
	return ex_word(ex_word_known(key, text) ? key : "value", text, cli->zh);
}

/* "VALUE  (who said so)" */
static void
show_row(struct cli *cli, const struct ex_json *s, const char *key,
    const char *learned)
{
	const struct ex_json *v = ex_json_get(s, key);
	const char *by =
	    learned == NULL
		? NULL
		: ex_json_get_text(ex_json_get(s, "learned"), learned);
	const char *text = ex_json_text(v);
	struct ex_buf line = EX_BUF_INIT;

	if (v == NULL)
		return;
	if (text != NULL)
		(void)ex_buf_add_text(&line, word_of(cli, key, text), NULL);
	else
		(void)ex_buf_addf(&line, NULL, "%" PRId64, ex_json_int(v));
	if (by != NULL)
		(void)ex_buf_addf(
		    &line, NULL, "  (%s)", ex_word("learned", by, cli->zh));
	cli_fact(cli, ex_word_label(key, cli->zh), ex_buf_text(&line));
	ex_buf_free(&line);
}

static int
show_count(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	struct cli *cli = arg;

	(void)err;
	if (strcmp(key, "status") != 0)
		cli_show(cli, ex_word_label(key, cli->zh), v);
	return 0;
}

/* Of what was asked, only what went wrong: it explains an unknown. */
static int
show_asked(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	static const char head[] = "asked_";
	const size_t n = sizeof(head) - 1;
	const char *text = ex_json_text(v);
	struct cli *cli = arg;

	(void)err;
	if (strncmp(key, head, n) == 0 && text != NULL &&
	    strcmp(text, "ok") != 0)
		cli_fact(cli, ex_word("learned", &key[n], cli->zh),
		    ex_word("asked", text, cli->zh));
	return 0;
}

/* Needs no house: it looks and records nothing. */
int
cli_run_media_inspect(struct cli *cli, struct ex_err *err)
{
	struct ex_json *out = NULL;

	if (ex_media_inspect(&out, cli->arg[0], err) == -1 ||
	    cli_answer(cli, out, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		show_row(cli, cli->summary, row[i].key, row[i].learned);
	(void)ex_json_each(
	    ex_json_get(cli->summary, "smart_data"), show_count, cli, NULL);
	(void)ex_json_each(cli->summary, show_asked, cli, NULL);
	return CLI_OK;
}

void
cli_show_source(struct cli *cli, const struct ex_json *s)
{
	static const char *const key[] = { "serial", "serial_on_label",
		"serial_match", "hpa", "dco", "live_reason", "in_use" };

	for (size_t i = 0; i < sizeof(key) / sizeof(key[0]); i++)
		show_row(cli, s, key[i], NULL);
}
