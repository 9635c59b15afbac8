/*
 * The table of commands, help and manual say the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cases/custody.h"
#include "cli/command.h"
#include "cli/help.h"
#include "custody/act.h"

/* Names that other programs rely on. */
static const char *const promised[] = {
	"init",
	"up",
	"down",
	"status",
	"config",
	"migrate",
	"doctor",
	"pending",
	"org add",
	"org list",
	"org show",
	"person add",
	"person list",
	"person show",
	"person role",
	"person competence",
	"key new",
	"key list",
	"key show",
	"key revoke",
	"location add",
	"tool add",
	"tool validated",
	"delegate",
	"policy set",
	"case open",
	"case show",
	"case list",
	"case close",
	"case seal",
	"case authorize",
	"case authorize-end",
	"case grant",
	"item announce",
	"item derive",
	"item show",
	"item history",
	"item continuity",
	"custody",
	"acquire",
	"verify",
	"image list",
	"image show",
	"image export",
	"media inspect",
	"hash",
	"log show",
	"log checkpoint",
	"log verify",
	"log proof",
	"log export",
	"report",
	"bundle",
};

static const char *const promised_acts[] = {
	"seize",
	"package",
	"receive",
	"refuse-receipt",
	"store",
	"move",
	"check-out",
	"check-in",
	"hand-over",
	"take-over",
	"seal-apply",
	"seal-check",
	"seal-break",
	"external-seal",
	"photograph",
	"inspect",
	"connect",
	"examine-start",
	"examine-end",
	"note",
	"deviation",
	"transfer-offer",
	"transfer-accept",
	"transfer-refuse",
	"transfer-cancel",
	"pick-up",
	"court-return",
	"entrust",
	"recall",
	"quarantine-on",
	"quarantine-off",
	"missing",
	"found",
	"hold-on",
	"hold-off",
	"return",
	"dispose-approve",
	"dispose-done",
	"disposed-elsewhere",
	"confirm",
	"disown",
	"correct",
	"annul",
	"split",
	"component-in",
	"inventory",
	"finding-explain",
	"erase",
	"scope-stop",
	"scope-extend",
	"privilege-hold",
	"copy",
	"view",
	"share",
	"share-receipt",
	"late",
};

static const struct cli_command *
find(const char *name)
{
	const char *word[2];
	char copy[64];
	char *space;
	size_t used;

	(void)snprintf(copy, sizeof(copy), "%s", name);
	word[0] = copy;
	space = strchr(copy, ' ');
	if (space == NULL)
		return cli_command_find(word, 1, &used);
	*space = '\0';
	word[1] = space + 1;
	return cli_command_find(word, 2, &used);
}

static void
every_promised_command_is_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(promised) / sizeof(promised[0]); i++) {
		const struct cli_command *c = find(promised[i]);

		print_message("  %s\n", promised[i]);
		assert_non_null(c);
		assert_string_equal(c->name, promised[i]);
	}
}

static void
every_promised_act_is_there(void **state)
{
	size_t n = sizeof(promised_acts) / sizeof(promised_acts[0]);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		print_message("  %s\n", promised_acts[i]);
		assert_non_null(ex_custody_act(promised_acts[i]));
	}
}

/* Calls each() with every command of the table. */
static void
each_command(void (*each)(const struct cli_command *c))
{
	const struct cli_group *g;
	size_t n;

	g = cli_groups(&n);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < g[i].n; k++)
			each(&g[i].command[k]);
}

static void
is_whole(const struct cli_command *c)
{
	print_message("  %s\n", c->name);
	assert_ptr_equal(find(c->name), c);
	assert_non_null(c->run);
	assert_true(strlen(c->help.en) > 0);
	assert_true(strlen(c->help.zh) > 0);
	assert_true(c->min_args <= c->max_args);
	for (size_t i = 0; i < c->noptions; i++) {
		const struct cli_option *o = &c->option[i];

		assert_true(strlen(o->help.en) > 0);
		assert_true(strlen(o->help.zh) > 0);
		/* A flag cannot be missing. */
		assert_true(!o->required || o->arg != NULL);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(o->name, c->option[k].name);
	}
}

static void
every_row_is_whole(void **state)
{
	(void)state;
	each_command(is_whole);
}

static struct ex_buf manual = EX_BUF_INIT;
static struct ex_buf all = EX_BUF_INIT;

static void
is_documented(const struct cli_command *c)
{
	struct ex_buf help = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	char item[128];

	print_message("  %s\n", c->name);
	(void)snprintf(item, sizeof(item), "\n.It Cm %s%s%s\n", c->name,
	    c->args[0] == '\0' ? "" : " ", c->args);
	assert_non_null(strstr(ex_buf_text(&manual), item));
	(void)snprintf(item, sizeof(item), "\n  %s ", c->name);
	assert_non_null(strstr(ex_buf_text(&all), item));
	assert_int_equal(cli_help_command(&help, c, 0, &err), 0);
	for (size_t i = 0; i < c->noptions; i++) {
		(void)snprintf(
		    item, sizeof(item), ".It Fl -%s", c->option[i].name);
		assert_non_null(strstr(ex_buf_text(&manual), item));
		(void)snprintf(item, sizeof(item), "--%s", c->option[i].name);
		assert_non_null(strstr(ex_buf_text(&help), item));
	}
	ex_buf_free(&help);
}

static void
help_and_manual_show_every_command(void **state)
{
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	assert_int_equal(cli_manual(&manual, &err), 0);
	assert_int_equal(cli_help_all(&all, 0, &err), 0);
	each_command(is_documented);
	ex_buf_free(&manual);
	ex_buf_free(&all);
}

static void
every_act_has_help_in_both_languages(void **state)
{
	(void)state;
	for (int a = 0; a < EX_ACTS; a++) {
		const struct ex_act_def *d = ex_act((enum ex_act)a);
		struct ex_err err = EX_ERR_INIT;
		struct ex_buf out = EX_BUF_INIT;

		const char *word = ex_custody_word(d);

		if (word == NULL)
			continue;
		print_message("  %s\n", word);
		for (int zh = 0; zh < 2; zh++) {
			ex_buf_cut(&out, 0);
			assert_int_equal(cli_help_act(&out, word, zh, &err), 0);
			assert_non_null(strstr(
			    ex_buf_text(&out), zh ? d->title_zh : d->title_en));
		}
		ex_buf_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_promised_command_is_there),
		cmocka_unit_test(every_promised_act_is_there),
		cmocka_unit_test(every_row_is_whole),
		cmocka_unit_test(help_and_manual_show_every_command),
		cmocka_unit_test(every_act_has_help_in_both_languages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
