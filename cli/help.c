/*
 * help.c -- help texts from the table of commands.
 */
#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cases/custody.h"
#include "custody/act.h"

static const char *
in(const struct cli_text *t, int zh)
{
	return zh ? t->zh : t->en;
}

/* Text, then spaces to width columns, at least two. */
static int
add_padded(
    struct ex_buf *out, const char *text, size_t width, struct ex_err *err)
{
	size_t w = ex_text_width(text);

	if (ex_buf_add_text(out, text, err) == -1)
		return -1;
	do {
		if (ex_buf_add_byte(out, ' ', err) == -1)
			return -1;
	} while (++w < width);
	return 0;
}

static int
add_command(
    struct ex_buf *out, const struct cli_command *c, int zh, struct ex_err *err)
{
	if (ex_buf_add_text(out, "  ", err) == -1 ||
	    add_padded(out, c->name, 22, err) == -1)
		return -1;
	return ex_buf_addf(out, err, "%s\n", in(&c->help, zh));
}

int
cli_help_topic(struct ex_buf *out, const char *word, int zh, struct ex_err *err)
{
	const size_t before = out->len, len = strlen(word);
	const struct cli_group *g;
	size_t n;

	g = cli_groups(&n);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < g[i].n; k++) {
			const struct cli_command *c = &g[i].command[k];

			if (strncmp(c->name, word, len) == 0 &&
			    c->name[len] == ' ' &&
			    add_command(out, c, zh, err) == -1)
				return -1;
		}
	if (out->len > before)
		return 0;
	return ex_fail(err, EX_USAGE,
	    "there is no command \"%s\"; try \"exhibit help\"", word);
}

int
cli_help_all(struct ex_buf *out, int zh, struct ex_err *err)
{
	const struct cli_group *g;
	size_t n;

	if (ex_buf_add_text(out,
		"exhibit [-C DIR] [--json] [--lang zh-TW|en] [--as KEY] "
		"COMMAND [ARG ...]\n",
		err) == -1)
		return -1;
	g = cli_groups(&n);
	for (size_t i = 0; i < n; i++) {
		if (ex_buf_addf(out, err, "\n%s\n", in(&g[i].title, zh)) == -1)
			return -1;
		for (size_t k = 0; k < g[i].n; k++) {
			if (add_command(out, &g[i].command[k], zh, err) == -1)
				return -1;
		}
	}
	return ex_buf_addf(out, err, "\n%s\n",
	    zh ? "exhibit help COMMAND 說明單一指令；exhibit help custody "
		 "ACT 說明監管行為"
	       : "exhibit help COMMAND tells more, exhibit help custody ACT "
		 "what an act asks for");
}

static int
add_option(
    struct ex_buf *out, const struct cli_option *o, int zh, struct ex_err *err)
{
	char head[128];

	(void)snprintf(head, sizeof(head), "--%s%s%s", o->name,
	    o->arg == NULL ? "" : " ", o->arg == NULL ? "" : o->arg);
	if (ex_buf_add_text(out, "  ", err) == -1 ||
	    add_padded(out, head, 28, err) == -1 ||
	    ex_buf_add_text(out, in(&o->help, zh), err) == -1)
		return -1;
	if (o->required &&
	    ex_buf_add_text(out, zh ? "（必填）" : " (required)", err) == -1)
		return -1;
	if (o->fallback != NULL &&
	    ex_buf_addf(out, err, zh ? "（預設：%s）" : " (default: %s)",
		o->fallback) == -1)
		return -1;
	return ex_buf_add_byte(out, '\n', err);
}

/* "act  title" for each verb of an item. */
static int
add_acts(struct ex_buf *out, int zh, struct ex_err *err)
{
	if (ex_buf_addf(out, err, "\n%s\n", zh ? "行為" : "Acts") == -1)
		return -1;
	for (int a = 0; a < EX_ACTS; a++) {
		const struct ex_act_def *d = ex_act((enum ex_act)a);

		if (ex_custody_word(d) == NULL)
			continue;
		if (ex_buf_add_text(out, "  ", err) == -1 ||
		    add_padded(out, ex_custody_word(d), 20, err) == -1 ||
		    ex_buf_addf(
			out, err, "%s\n", zh ? d->title_zh : d->title_en) == -1)
			return -1;
	}
	return 0;
}

int
cli_help_command(
    struct ex_buf *out, const struct cli_command *c, int zh, struct ex_err *err)
{
	const struct cli_option *global;
	size_t n;

	if (ex_buf_addf(out, err, "exhibit %s%s%s%s\n%s\n", c->name,
		c->args[0] == '\0' ? "" : " ", c->args,
		c->noptions > 0 ? " [OPTIONS]" : "", in(&c->help, zh)) == -1)
		return -1;
	if (c->noptions > 0 && ex_buf_add_byte(out, '\n', err) == -1)
		return -1;
	for (size_t i = 0; i < c->noptions; i++)
		if (add_option(out, &c->option[i], zh, err) == -1)
			return -1;
	if (c->acts && add_acts(out, zh, err) == -1)
		return -1;
	global = cli_globals(&n);
	if (ex_buf_addf(out, err, "\n%s\n",
		zh ? "各指令通用" : "With every command") == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (add_option(out, &global[i], zh, err) == -1)
			return -1;
	return 0;
}

static int
add_field(
    struct ex_buf *out, const struct ex_field *f, int zh, struct ex_err *err)
{
	char name[80];

	(void)snprintf(name, sizeof(name), "--%s", f->name);
	for (char *p = name; *p != '\0'; p++)
		if (*p == '_')
			*p = '-';
	if (ex_buf_add_text(out, "  ", err) == -1 ||
	    add_padded(out, name, 28, err) == -1)
		return -1;
	for (size_t i = 0; f->words != NULL && f->words[i] != NULL; i++)
		if (ex_buf_addf(
			out, err, "%s%s", i == 0 ? "" : "|", f->words[i]) == -1)
			return -1;
	if (f->type == EX_FIELD_TEXT &&
	    ex_buf_add_text(out,
		zh ? "文字（以承諾值保存）" : "text (kept as a commitment)",
		err) == -1)
		return -1;
	if (f->required &&
	    ex_buf_add_text(out, zh ? "（必填）" : " (required)", err) == -1)
		return -1;
	return ex_buf_add_byte(out, '\n', err);
}

int
cli_help_act(struct ex_buf *out, const char *verb, int zh, struct ex_err *err)
{
	const struct ex_act_def *d = ex_custody_act(verb);
	const struct ex_field *common;
	size_t n;

	if (d == NULL)
		return ex_fail(err, EX_USAGE,
		    "there is no act \"%s\"; try \"exhibit help custody\"",
		    verb);
	if (ex_buf_addf(out, err, "exhibit custody %s ITEM...\n%s\n", verb,
		zh ? d->title_zh : d->title_en) == -1)
		return -1;
	for (size_t i = 0; i < EX_ACT_ROLES && d->role[i].role != NULL; i++)
		if (ex_buf_addf(out, err, "%s  %s%s\n",
			i == 0 ? "--as  " : "--with", d->role[i].role,
			d->role[i].required ? ""
			: zh		    ? "（可省略）"
					    : " (may be left out)") == -1)
			return -1;
	if (ex_buf_add_byte(out, '\n', err) == -1)
		return -1;
	for (size_t i = 0; i < d->nfields; i++)
		if (add_field(out, &d->field[i], zh, err) == -1)
			return -1;
	common = ex_act_common(&n);
	for (size_t i = 0; i < n; i++)
		if (add_field(out, &common[i], zh, err) == -1)
			return -1;
	return 0;
}
