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

enum {
	TERM = 30 /* columns of an option with what stands before it */
};

/* An option and the room up to its text, which has a line of its own if the
 * option takes so much. */
static int
add_term(struct ex_buf *out, const char *term, struct ex_err *err)
{
	if (ex_buf_add_text(out, "  ", err) == -1)
		return -1;
	if (ex_text_width(term) < TERM - 3)
		return add_padded(out, term, TERM - 2, err);
	return ex_buf_addf(out, err, "%s\n%*s", term, TERM, "");
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
	if (add_term(out, head, err) == -1 ||
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

/* What a field takes, by its type. */
static const struct cli_text takes[] = {
	[EX_FIELD_TEXT] = { "TEXT, kept as a commitment",
	    "文字（以承諾值保存）" },
	[EX_FIELD_NAME] = { "NAME", "名稱" },
	[EX_FIELD_ITEM] = { "ITEM", "證物編號" },
	[EX_FIELD_CASE] = { "NUMBER", "字號" },
	[EX_FIELD_SEAL] = { "NUMBER", "號碼" },
	[EX_FIELD_CODE] = { "CODE", "代碼" },
	[EX_FIELD_INT] = { "N", "數字" },
	[EX_FIELD_SIGNED] = { "N", "數字" },
	[EX_FIELD_TIME] = { "TIME", "時間" },
	[EX_FIELD_SHA256] = { "FILE or its SHA-256", "檔案或其 SHA-256" },
	[EX_FIELD_UUID] = { "UUID", "UUID" },
	[EX_FIELD_NAMES] = { "NAME[,NAME...]", "名稱，以逗號分隔" },
	[EX_FIELD_ITEMS] = { "ITEM[,ITEM...]", "證物編號，以逗號分隔" },
	[EX_FIELD_SHA256S] = { "SHA-256[,...]", "SHA-256，以逗號分隔" },
	[EX_FIELD_OBJECT] = { "", "" },
	[EX_FIELD_ARRAY] = { "", "" },
};

static int
add_words(struct ex_buf *out, const struct ex_field *f, struct ex_err *err)
{
	for (size_t i = 0; f->words[i] != NULL; i++)
		if (ex_buf_addf(
			out, err, "%s%s", i == 0 ? "" : "|", f->words[i]) == -1)
			return -1;
	return 0;
}

static int
add_field(struct ex_buf *out, enum ex_act act, const struct ex_field *f, int zh,
    struct ex_err *err)
{
	int filled = ex_custody_fills(act, f->name);
	char name[80];

	(void)snprintf(name, sizeof(name), "--%s", f->name);
	for (char *p = name; *p != '\0'; p++)
		if (*p == '_')
			*p = '-';
	if (add_term(out, name, err) == -1 ||
	    (f->words != NULL
		    ? add_words(out, f, err)
		    : ex_buf_add_text(out, in(&takes[f->type], zh), err)) == -1)
		return -1;
	if (filled)
		return ex_buf_addf(out, err, "%s\n",
		    zh ? "（未給定時自動帶入）" : " (filled in when left out)");
	return ex_buf_addf(out, err, "%s\n",
	    !f->required ? ""
	    : zh	 ? "（必填）"
			 : " (required)");
}

/* Fields that options of `custody` stand for: --photo, --attach and others. */
static int
is_option(const struct ex_field *f)
{
	static const char *const files[] = { "attachments", "photos", NULL };
	const char *const word[] = { "custody" };
	const struct cli_command *c;
	size_t used;

	c = cli_command_find(word, 1, &used);
	for (size_t i = 0; c != NULL && i < c->noptions; i++)
		if (strcmp(c->option[i].name, f->name) == 0)
			return 1;
	return ex_text_index(f->name, files) != -1;
}

/* Its own fields, then those of every act. */
static int
add_fields(
    struct ex_buf *out, const struct ex_act_def *d, int zh, struct ex_err *err)
{
	const struct ex_field *common;
	size_t n;

	for (size_t i = 0; i < d->nfields; i++)
		if (add_field(out, d->act, &d->field[i], zh, err) == -1)
			return -1;
	common = ex_act_common(&n);
	for (size_t i = 0; i < n; i++)
		if (ex_act_field(d, common[i].name) == &common[i] &&
		    !is_option(&common[i]) &&
		    add_field(out, d->act, &common[i], zh, err) == -1)
			return -1;
	return 0;
}

int
cli_help_act(struct ex_buf *out, const char *verb, int zh, struct ex_err *err)
{
	const struct ex_act_def *d = ex_custody_act(verb);

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
	if (add_fields(out, d, zh, err) == -1)
		return -1;
	return ex_buf_addf(out, err, "\n%s\n",
	    zh ? "其他選項：exhibit help custody"
	       : "exhibit help custody shows what any act may carry besides");
}
