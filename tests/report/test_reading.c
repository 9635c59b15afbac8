/*
 * test_reading.c -- what the report says of bad sectors and of a second
 * reading: every number that was signed, and nothing where nothing was.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "report/compose.h"
#include "report/render.h"

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* Fields of acquire_end, single quotes; words that must and must not be. */
static const struct {
	const char *name, *fields, *must[7], *never[3];
} cases[] = {
	{ "nothing was lost, nothing read twice", "{'bad_sectors':0}",
	    { "filling", "0", "none recorded", "not recorded" },
	    { "not stable", "another size", "could not be read" } },
	{ "bad, skipped and late ones",
	    "{'bad_sectors':912,'bad_ranges':["
	    "{'lba':17,'count':12,'status':'bad'},"
	    "{'lba':4711,'count':900,'status':'skipped'},"
	    "{'lba':81234,'count':2,'status':'recovered','tries':345}]}",
	    { "912", "17", "could not be read", "4711", "not tried", "81234",
		"345" },
	    { "none recorded" } },
	{ "too many for an entry",
	    "{'bad_sectors':5000,'range_list':'" SHA "'}",
	    { "5000", "too many", SHA }, { "none recorded" } },
	{ "read again, the same", "{'verify_source':{'result':'same'}}",
	    { "yes, the same digests" }, { "not stable", "not recorded" } },
	{ "read again, and another",
	    "{'verify_source':{'result':'differs','sha256':'" SHA "'}}",
	    { "not stable", SHA }, { "the same digests" } },
	{ "not to be read again", "{'verify_source':{'result':'unreadable'}}",
	    { "could not be read again" }, { "the same digests" } },
	{ "it grew", "{'size_after':987654321}",
	    { "another size", "987654321" }, { "not stable" } },
};

static void
render(struct ex_buf *out, const char *fields, int zh)
{
	struct ex_document doc;
	struct ex_json *v = NULL;
	char json[1024];

	(void)snprintf(json, sizeof(json), "%s", fields);
	for (char *p = json; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	assert_int_equal(ex_json_read(&v, json, strlen(json), NULL), 0);
	ex_doc_start(&doc, zh, "t", "s");
	ex_doc_section(&doc, "a", 0);
	ex_compose_reading(&doc, v);
	assert_int_equal(ex_doc_end(&doc, NULL), 0);
	assert_int_equal(ex_render_text(out, &doc, NULL), 0);
	ex_doc_free(&doc);
	ex_json_free(v);
}

static void
the_reading_is_told_as_it_was_signed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ex_buf out = EX_BUF_INIT;

		print_message("  %s\n", cases[i].name);
		render(&out, cases[i].fields, 0);
		for (size_t k = 0; k < 7 && cases[i].must[k] != NULL; k++)
			if (strstr(ex_buf_text(&out), cases[i].must[k]) == NULL)
				fail_msg("no \"%s\" in: %s", cases[i].must[k],
				    ex_buf_text(&out));
		for (size_t k = 0; k < 3 && cases[i].never[k] != NULL; k++)
			if (strstr(ex_buf_text(&out), cases[i].never[k]) !=
			    NULL)
				fail_msg("\"%s\" in: %s", cases[i].never[k],
				    ex_buf_text(&out));
		ex_buf_free(&out);
	}
}

static void
in_chinese_too(void **state)
{
	struct ex_buf out = EX_BUF_INIT;

	(void)state;
	render(&out,
	    "{'bad_sectors':1,'bad_ranges':[{'lba':5,'count':1,"
	    "'status':'skipped'}],'verify_source':{'result':'differs'}}",
	    1);
	assert_non_null(strstr(ex_buf_text(&out), "略過"));
	assert_non_null(strstr(ex_buf_text(&out), "來源不穩定"));
	assert_null(strstr(ex_buf_text(&out), "skipped"));
	ex_buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_reading_is_told_as_it_was_signed),
		cmocka_unit_test(in_chinese_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
