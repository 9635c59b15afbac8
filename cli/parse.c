/*
 * parse.c -- the command line, taken apart by the table of commands.
 *
 * `exhibit [global options] COMMAND [arguments and options]`: global options
 * may stand on either side of the command, its own options behind it only.
 */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cases/custody.h"
#include "custody/act.h"

static const struct cli_option *
find_option(const struct cli_option *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0)
			return &list[i];
	return NULL;
}

/* An option by its long name, of the command or a global one. */
static const struct cli_option *
option_named(const struct cli *cli, const char *name)
{
	const struct cli_option *o = NULL;
	const struct cli_option *global;
	size_t n;

	if (cli->command != NULL)
		o = find_option(
		    cli->command->option, cli->command->noptions, name);
	global = cli_globals(&n);
	return o != NULL ? o : find_option(global, n, name);
}

/* Of a command over acts: is it a field that its act may carry? */
static int
field_named(const struct cli *cli, const char *name)
{
	char field[64];
	const struct ex_act_def *def;
	size_t n = strlen(name);

	if (cli->command == NULL || !cli->command->acts || cli->nargs == 0 ||
	    n >= sizeof(field))
		return 0;
	if ((def = ex_custody_act(cli->arg[0])) == NULL)
		return 0;
	for (size_t i = 0; i <= n; i++)
		field[i] = (char)(name[i] == '-' ? '_' : name[i]);
	/* Any act may be entered late. */
	return ex_act_field(def, field) != NULL ||
	       ex_act_field(ex_act(EX_ACT_LATE_ENTRY), field) != NULL;
}

static int
add_value(struct cli *cli, const struct cli_option *o, const char *name,
    const char *value, struct ex_err *err)
{
	struct cli_value *more;

	if (o != NULL && !o->repeat)
		for (size_t i = 0; i < cli->nvalues; i++)
			if (strcmp(cli->value[i].name, name) == 0)
				return ex_fail(
				    err, EX_USAGE, "--%s is given twice", name);
	more = realloc(cli->value, (cli->nvalues + 1) * sizeof(*more));
	if (more == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	cli->value = more;
	more[cli->nvalues].name = name;
	more[cli->nvalues].value = value;
	cli->nvalues++;
	return 0;
}

/*
 * --name, --name=value or --name value at argv[*i].  The name in argv is cut
 * at its "=".
 */
static int
take_long(struct cli *cli, int argc, char **argv, int *i, struct ex_err *err)
{
	char *name = argv[*i] + 2;
	char *value = strchr(name, '=');
	const struct cli_option *o;

	if (value != NULL)
		*value++ = '\0';
	o = option_named(cli, name);
	if (o == NULL && !field_named(cli, name))
		return ex_fail(err, EX_USAGE,
		    "unknown option --%s; try \"exhibit help%s%s\"", name,
		    cli->command == NULL ? "" : " ",
		    cli->command == NULL ? "" : cli->command->name);
	if (o != NULL && o->arg == NULL) {
		if (value != NULL)
			return ex_fail(
			    err, EX_USAGE, "--%s takes no value", name);
		return add_value(cli, o, name, NULL, err);
	}
	if (value == NULL) {
		if (*i + 1 >= argc)
			return ex_fail(
			    err, EX_USAGE, "--%s needs a value", name);
		value = argv[++*i];
	}
	return add_value(cli, o, name, value, err);
}

/* The short options: -C DIR, and -a LIST, -r of `hash`. */
static int
take_short(struct cli *cli, int argc, char **argv, int *i, struct ex_err *err)
{
	static const struct {
		const char *shown;
		const char *name;
	} brief[] = {
		{ "-C", "data" },
		{ "-h", "help" },
		{ "-a", "algorithms" },
		{ "-r", "recursive" },
	};

	for (size_t k = 0; k < sizeof(brief) / sizeof(brief[0]); k++) {
		const struct cli_option *o = option_named(cli, brief[k].name);

		if (strcmp(argv[*i], brief[k].shown) != 0 || o == NULL)
			continue;
		if (o->arg == NULL)
			return add_value(cli, o, o->name, NULL, err);
		if (*i + 1 >= argc)
			return ex_fail(
			    err, EX_USAGE, "%s needs a value", argv[*i]);
		return add_value(cli, o, o->name, argv[++*i], err);
	}
	return ex_fail(
	    err, EX_USAGE, "unknown option %s; try \"exhibit help\"", argv[*i]);
}

/* Recognise the command in the words from argv[*i] on; *i moves behind it. */
static int
take_command(struct cli *cli, int argc, char **argv, int *i, struct ex_err *err)
{
	const char *word[2] = { argv[*i], NULL };
	size_t n = 1, used = 0;

	if (*i + 1 < argc && argv[*i + 1][0] != '-')
		word[n++] = argv[*i + 1];
	cli->command = cli_command_find(word, n, &used);
	if (cli->command == NULL)
		return ex_fail(err, EX_USAGE,
		    "there is no command \"%s%s%s\"; try \"exhibit help%s%s\"",
		    word[0], n == 2 ? " " : "", n == 2 ? word[1] : "",
		    cli_topic(word[0]) ? " " : "",
		    cli_topic(word[0]) ? word[0] : "");
	*i += (int)used - 1;
	return 0;
}

static int
take_all(struct cli *cli, int argc, char **argv, struct ex_err *err)
{
	int only_args = 0;

	for (int i = 1; i < argc; i++) {
		int rc = 0;

		if (!only_args && strcmp(argv[i], "--") == 0)
			only_args = 1;
		else if (!only_args && strncmp(argv[i], "--", 2) == 0)
			rc = take_long(cli, argc, argv, &i, err);
		else if (!only_args && argv[i][0] == '-' && argv[i][1] != '\0')
			rc = take_short(cli, argc, argv, &i, err);
		else if (cli->command == NULL)
			rc = take_command(cli, argc, argv, &i, err);
		else
			cli->arg[cli->nargs++] = argv[i];
		if (rc == -1)
			return -1;
	}
	return 0;
}

/* An absolute path: services that are started stand in another folder. */
static int
keep_directory(struct cli *cli, const char *dir, struct ex_err *err)
{
	char here[EX_PATH];

	if (dir[0] == '/')
		return ex_path_join(cli->dir, EX_PATH, NULL, dir, err);
	if (getcwd(here, sizeof(here)) == NULL)
		return ex_fail_errno(err, "the current folder");
	return ex_path_join(cli->dir, EX_PATH, here, dir, err);
}

static int
set_directory(struct cli *cli, struct ex_err *err)
{
	const char *dir = cli_option(cli, "data");
	const char *home;
	char under[EX_PATH];

	if (dir == NULL)
		dir = getenv("EXHIBIT_DATA");
	if (dir != NULL && dir[0] != '\0')
		return keep_directory(cli, dir, err);
	home = getenv("HOME");
	if (home == NULL || home[0] != '/')
		return ex_fail(err, EX_USAGE,
		    "no data directory: give -C DIR or set EXHIBIT_DATA");
	if (ex_path_join(under, EX_PATH, home, ".local/share", err) == -1)
		return -1;
	return ex_path_join(cli->dir, EX_PATH, under, "exhibit", err);
}

static int
set_language(struct cli *cli, struct ex_err *err)
{
	const char *lang = cli_option(cli, "lang");

	if (lang == NULL) {
		lang = getenv("LC_ALL");
		if (lang == NULL || lang[0] == '\0')
			lang = getenv("LC_MESSAGES");
		if (lang == NULL || lang[0] == '\0')
			lang = getenv("LANG");
		cli->zh = lang != NULL && strncmp(lang, "zh", 2) == 0;
		return 0;
	}
	cli->zh = strcmp(lang, "zh-TW") == 0;
	if (!cli->zh && strcmp(lang, "en") != 0)
		return ex_fail(
		    err, EX_USAGE, "--lang is zh-TW or en, not \"%s\"", lang);
	return 0;
}

/* Arguments and required options are those that the table says. */
static int
check_shape(const struct cli *cli, struct ex_err *err)
{
	const struct cli_command *c = cli->command;

	if (c == NULL)
		return ex_fail(
		    err, EX_USAGE, "no command given; try \"exhibit help\"");
	if (cli->nargs < c->min_args || cli->nargs > c->max_args)
		return ex_fail(err, EX_USAGE,
		    "%s arguments; it is: exhibit %s%s%s",
		    cli->nargs < c->min_args ? "too few" : "too many", c->name,
		    c->args[0] == '\0' ? "" : " ", c->args);
	for (size_t i = 0; i < c->noptions; i++)
		if (c->option[i].required &&
		    cli_option(cli, c->option[i].name) == NULL)
			return ex_fail(err, EX_USAGE,
			    "--%s %s is missing; try \"exhibit help %s\"",
			    c->option[i].name, c->option[i].arg, c->name);
	return 0;
}

int
cli_parse(struct cli *cli, int argc, char **argv, struct ex_err *err)
{
	cli->summary = ex_json_object();
	cli->arg = calloc((size_t)argc + 1, sizeof(*cli->arg));
	if (cli->arg == NULL || cli->summary == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	/* Known before anything can fail: how to say so. */
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--") == 0)
			break;
		if (strcmp(argv[i], "--json") == 0)
			cli->json = 1;
	}
	if (take_all(cli, argc, argv, err) == -1)
		return -1;
	cli->quiet = cli_flag(cli, "quiet");
	cli->help = cli_flag(cli, "help");
	if (set_language(cli, err) == -1)
		return -1;
	if (cli->help || cli_flag(cli, "version"))
		return 0;
	if (check_shape(cli, err) == -1)
		return -1;
	return set_directory(cli, err);
}

void
cli_free(struct cli *cli)
{
	free(cli->arg);
	free(cli->value);
	ex_json_free(cli->summary);
	memset(cli, 0, sizeof(*cli));
}

const char *
cli_option_at(const struct cli *cli, const char *name, size_t i)
{
	for (size_t k = 0; k < cli->nvalues; k++)
		if (strcmp(cli->value[k].name, name) == 0 && i-- == 0)
			return cli->value[k].value;
	return NULL;
}

const char *
cli_option(const struct cli *cli, const char *name)
{
	const char *last = NULL;

	for (size_t k = 0; k < cli->nvalues; k++)
		if (strcmp(cli->value[k].name, name) == 0)
			last = cli->value[k].value;
	return last;
}

int
cli_flag(const struct cli *cli, const char *name)
{
	/* `tool add --version 1.2` does not ask for ours. */
	for (size_t k = 0; k < cli->nvalues; k++)
		if (strcmp(cli->value[k].name, name) == 0 &&
		    cli->value[k].value == NULL)
			return 1;
	return 0;
}

const char *
cli_say(const struct cli *cli, const char *en, const char *zh)
{
	return cli->zh ? zh : en;
}

int
cli_exit_of(const struct ex_err *err)
{
	return err->code == EX_USAGE ? CLI_USAGE : CLI_FAILED;
}
