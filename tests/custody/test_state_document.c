/*
 * test_state_document.c -- docs/formats.md says of states what custody/state.c says:
 * its table is compared line by line.
 *
 * Run with "--print" it writes the table, for the next edit of the document.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "custody/judging.h"

static struct ex_err err;

#define ADD(b, ...) assert_int_equal(ex_buf_addf(b, &err, __VA_ARGS__), 0)

static void
write_states(struct ex_buf *b)
{
	ADD(b, "| act | from | to |\n|---|---|---|\n");
	for (int a = EX_ACT_SEIZE; a < EX_ACTS; a++) {
		const struct ex_rule *r = ex_rule((enum ex_act)a);
		int any = 0;

		ADD(b, "| %s | ", ex_act((enum ex_act)a)->name);
		for (int s = 0; s < EX_STATES; s++) {
			if ((r->from & EX_STATE_BIT(s)) == 0)
				continue;
			ADD(b, "%s%s", any++ ? ", " : "",
			    s == EX_NOWHERE ? "–"
					    : ex_state_name((enum ex_state)s));
		}
		ADD(b, " | %s |\n",
		    r->to == EX_TO_SAME	    ? "same"
		    : r->to == EX_TO_BEFORE ? "the state before"
		    : r->to == EX_TO_COMPUTED
			? "see below"
			: ex_state_name((enum ex_state)r->to));
	}
}

static void
is_in_document(void (*write)(struct ex_buf *b))
{
	struct ex_buf table = EX_BUF_INIT, doc = EX_BUF_INIT;
	char path[EX_PATH];

	(void)snprintf(
	    path, sizeof(path), "%s/docs/formats.md", getenv("EXHIBIT_SOURCE"));
	write(&table);
	assert_int_equal(ex_file_read(&doc, path, 1 << 20, &err), 0);
	ADD(&doc, "%c", '\0');
	ADD(&table, "%c", '\0');
	for (char *line = (char *)table.data, *end;
	     (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		if (strstr((const char *)doc.data, line) == NULL)
			fail_msg("docs/formats.md lacks: %s", line);
		*end = '\n';
	}
	/* And in one piece, with nothing between. */
	assert_non_null(
	    strstr((const char *)doc.data, (const char *)table.data));
	ex_buf_free(&table);
	ex_buf_free(&doc);
}

static void
states_stand_in_the_document(void **state)
{
	(void)state;
	is_in_document(write_states);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states_stand_in_the_document),
	};

	if (argc > 1 && strcmp(argv[1], "--print") == 0) {
		struct ex_buf b = EX_BUF_INIT;

		write_states(&b);
		(void)fwrite(b.data, 1, b.len, stdout);
		ex_buf_free(&b);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
