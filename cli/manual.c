/*
 * manual.c -- exhibit(1) in mdoc, from the table of commands.
 */
#include "cli/help.h"

#include <string.h>

#include "cases/custody.h"
#include "custody/act.h"

static const char head[] = ".Dd $Mdocdate$\n"
			   ".Dt EXHIBIT 1\n"
			   ".Os\n"
			   ".Sh NAME\n"
			   ".Nm exhibit\n"
			   ".Nd evidence intake and chain of custody\n"
			   ".Sh SYNOPSIS\n"
			   ".Nm\n"
			   ".Op Ar options\n"
			   ".Ar command\n"
			   ".Op Ar argument ...\n"
			   ".Sh DESCRIPTION\n"
			   ".Nm\n"
			   "takes seized media into a laboratory, images and "
			   "hashes them, and records\n"
			   "every act of custody as an entry that the persons "
			   "who acted sign.\n"
			   "A command is done when its entries are in the log "
			   "and the log's signed\n"
			   "checkpoint proves it.\n";

static const char tail[] =
    ".Sh ENVIRONMENT\n"
    ".Bl -tag -width Ds\n"
    ".It Ev EXHIBIT_DATA\n"
    "The data directory.\n"
    ".It Ev EXHIBIT_AS\n"
    "The key that acts.\n"
    ".It Ev EXHIBIT_PIN_ Ns Ar KEY , Ev EXHIBIT_PIN\n"
    "The PIN of a key, its name in upper case with\n"
    ".Ql _\n"
    "for\n"
    ".Ql - ;\n"
    "the PIN of any key.\n"
    "Without either it is asked for on the terminal.\n"
    ".El\n"
    ".Sh EXIT STATUS\n"
    ".Bl -tag -width Ds\n"
    ".It 0\n"
    "Done.\n"
    ".It 1\n"
    "Evidence or log differs, or a finding was recorded.\n"
    ".It 2\n"
    "It could not be done.\n"
    ".It 3\n"
    "Consistent, but compared with nothing outside.\n"
    ".It 64\n"
    "The request makes no sense.\n"
    ".El\n"
    ".Sh SEE ALSO\n"
    ".Xr exhibit-verify 1 ,\n"
    ".Xr exhibit-ca 8 ,\n"
    ".Xr exhibit-reader 8 ,\n"
    ".Xr exhibit-sequencer 8\n";

enum {
	COLUMNS = 72 /* of a text line, before it is broken at a space */
};

/* Text as mdoc: lines of bounded length, quoted where roff would read it. */
static int
add_line(struct ex_buf *out, const char *text, struct ex_err *err)
{
	size_t start = out->len;

	for (; *text != '\0'; text++) {
		const char *as = NULL;
		char c = *text;

		if (c == ' ' &&
		    out->len - start + strcspn(&text[1], " ") >= COLUMNS)
			c = '\n';
		else if (c == '\\')
			as = "\\e";
		else if ((c == '.' || c == '\'') && out->len == start)
			as = c == '.' ? "\\&." : "\\&'";
		if (as != NULL ? ex_buf_add_text(out, as, err) == -1
			       : ex_buf_add_byte(out, (uint8_t)c, err) == -1)
			return -1;
		if (c == '\n')
			start = out->len;
	}
	return ex_buf_add_byte(out, '\n', err);
}

/* What an option is for, whether it must be given, and what holds without. */
static int
add_option_text(
    struct ex_buf *out, const struct cli_option *o, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	int rc;

	rc = ex_buf_add_text(&text, o->help.en, err);
	if (rc == 0 && o->required)
		rc = ex_buf_add_text(&text, " (required)", err);
	if (rc == 0 && o->fallback != NULL)
		rc = ex_buf_addf(&text, err, " (default: %s)", o->fallback);
	if (rc == 0)
		rc = add_line(out, ex_buf_text(&text), err);
	ex_buf_free(&text);
	return rc;
}

static int
add_options(struct ex_buf *out, const struct cli_option *o, size_t n,
    struct ex_err *err)
{
	if (n == 0)
		return 0;
	if (ex_buf_add_text(out, ".Bl -tag -width Ds -compact\n", err) == -1)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (ex_buf_addf(out, err, ".It Fl -%s", o[i].name) == -1 ||
		    (o[i].arg != NULL &&
			ex_buf_addf(out, err, " Ar %s", o[i].arg) == -1) ||
		    ex_buf_add_byte(out, '\n', err) == -1 ||
		    add_option_text(out, &o[i], err) == -1)
			return -1;
	}
	return ex_buf_add_text(out, ".El\n", err);
}

/* The fields of an act as a list, the required ones first in bold. */
static int
add_act(struct ex_buf *out, const struct ex_act_def *d, struct ex_err *err)
{
	if (ex_buf_addf(out, err, ".It Cm %s\n", ex_custody_word(d)) == -1 ||
	    add_line(out, d->title_en, err) == -1)
		return -1;
	for (size_t i = 0; i < d->nfields; i++) {
		char name[64];
		size_t n = strlen(d->field[i].name);

		if (n >= sizeof(name))
			return ex_fail(err, EX_LIMIT, "%s: field name too long",
			    d->field[i].name);
		for (size_t k = 0; k <= n; k++)
			name[k] = (char)(d->field[i].name[k] == '_'
					     ? '-'
					     : d->field[i].name[k]);
		if (ex_buf_addf(out, err, ".Fl -%s%s\n", name,
			d->field[i].required ? " (required)" : "") == -1)
			return -1;
	}
	return 0;
}

static int
add_acts(struct ex_buf *out, struct ex_err *err)
{
	if (ex_buf_add_text(out,
		"The acts and the fields of each, as options:\n"
		".Bl -tag -width Ds\n",
		err) == -1)
		return -1;
	for (int a = 0; a < EX_ACTS; a++) {
		const struct ex_act_def *d = ex_act((enum ex_act)a);

		if (ex_custody_word(d) == NULL)
			continue;
		if (add_act(out, d, err) == -1)
			return -1;
	}
	return ex_buf_add_text(out, ".El\n", err);
}

static int
add_command(struct ex_buf *out, const struct cli_command *c, struct ex_err *err)
{
	if (ex_buf_addf(out, err, ".It Cm %s", c->name) == -1)
		return -1;
	if (c->args[0] != '\0' && ex_buf_addf(out, err, " %s", c->args) == -1)
		return -1;
	if (ex_buf_add_byte(out, '\n', err) == -1 ||
	    add_line(out, c->help.en, err) == -1 ||
	    add_options(out, c->option, c->noptions, err) == -1)
		return -1;
	return c->acts ? add_acts(out, err) : 0;
}

int
cli_manual(struct ex_buf *out, struct ex_err *err)
{
	const struct cli_option *global;
	const struct cli_group *g;
	size_t n, nglobals;

	global = cli_globals(&nglobals);
	if (ex_buf_add_text(out, head, err) == -1 ||
	    ex_buf_add_text(out, ".Pp\nOptions of every command:\n", err) ==
		-1 ||
	    add_options(out, global, nglobals, err) == -1)
		return -1;
	g = cli_groups(&n);
	for (size_t i = 0; i < n; i++) {
		if (ex_buf_addf(out, err, ".Sh %s\n.Bl -tag -width Ds\n",
			g[i].title.en) == -1)
			return -1;
		for (size_t k = 0; k < g[i].n; k++)
			if (add_command(out, &g[i].command[k], err) == -1)
				return -1;
		if (ex_buf_add_text(out, ".El\n", err) == -1)
			return -1;
	}
	return ex_buf_add_text(out, tail, err);
}
