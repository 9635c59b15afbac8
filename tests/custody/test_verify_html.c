/*
 * test_verify_html.c -- verify.html, opened from disk in chromium, agrees with
 * exhibit-verify about every harm that is done to a bundle.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/proc.h"
#include "tests/custody/bundle_harm.h"

/* A bundle to be shown to the page, and what it must say. */
struct showing {
	const char *name;
	char path[128];
	const char *how; /* see verify_html.py */
	const char *verdict;
	const char *code; /* among its faults; "": any */
};

struct album {
	struct showing *showing;
	size_t n;
};

static const struct bundling whole;

/* A browser follows links and does not see pipes: other words for the same. */
static const struct {
	const char *harm, *code;
} otherwise[] = {
	{ "a link in the place of a file", "file-extra" },
	{ "a link out of the folder", "file-missing" },
	{ "a folder that is a link", "file-missing" },
	{ "a pipe", "file-size" },
};

static const char *
page_code(const struct harm *h)
{
	for (size_t i = 0; i < sizeof(otherwise) / sizeof(otherwise[0]); i++)
		if (strcmp(otherwise[i].harm, h->name) == 0)
			return otherwise[i].code;
	return h->code;
}

static void
add(struct album *a, const char *name, const char *path, const char *how,
    const char *verdict, const char *code)
{
	struct showing *s;

	a->showing = realloc(a->showing, (a->n + 1) * sizeof(*a->showing));
	assert_non_null(a->showing);
	s = &a->showing[a->n++];
	s->name = name;
	(void)snprintf(s->path, sizeof(s->path), "%s", path);
	s->how = how;
	s->verdict = verdict;
	s->code = code;
}

/* Its answers, a line of JSON for each. */
static void
show(struct scene *s, const struct album *a, const char *page,
    struct ex_buf *out)
{
	struct ex_buf list = EX_BUF_INIT;
	char file[128], command[768];
	const char *argv[] = { "sh", "-c", command, NULL };

	for (size_t i = 0; i < a->n; i++)
		MUST(ex_buf_addf(&list, err, "%s\t%s\n", a->showing[i].how,
		    a->showing[i].path));
	(void)snprintf(file, sizeof(file), "%s/album", s->dir);
	MUST(ex_file_write(file, list.data, list.len, 0644, err));
	(void)snprintf(command, sizeof(command),
	    "exec python3 %s/tests/custody/verify_html.py %s/verify.html %s "
	    "%s <%s",
	    EX_SOURCE_DIR, page, s->policy, s->roots, file);
	if (scene_run(out, argv) != 0)
		fail_msg("%.*s", (int)out->len, (const char *)out->data);
	ex_buf_free(&list);
}

static int
says(const struct ex_json *answer, const char *list, const char *code)
{
	const struct ex_json *codes = ex_json_get(answer, list);

	for (size_t i = 0; i < ex_json_count(codes); i++)
		if (strcmp(ex_json_text(ex_json_at(codes, i)), code) == 0)
			return 1;
	return 0;
}

/* Number of answers that are not what they must be. */
static size_t
compare(const struct album *a, struct ex_buf *out)
{
	char *at = (char *)out->data, *end;
	size_t wrong = 0;

	for (size_t i = 0; i < a->n; i++, at = end + 1) {
		const struct showing *s = &a->showing[i];
		struct ex_json *v = NULL;
		int good;

		end = memchr(
		    at, '\n', out->len - (size_t)(at - (char *)out->data));
		assert_non_null(end);
		MUST(ex_json_read(&v, at, (size_t)(end - at), err));
		good =
		    strcmp(ex_json_get_text(v, "verdict"), s->verdict) == 0 &&
		    (s->code[0] == '\0' || says(v, "codes", s->code));
		if (!good) {
			print_error("%s (%s): not %s %s, but %.*s\n", s->name,
			    s->how, s->verdict, s->code,
			    (int)(end - at < 600 ? end - at : 600), at);
			wrong++;
		}
		ex_json_free(v);
	}
	return wrong;
}

/* Entries that are signed well, by somebody who may not. */
static void
add_strangers(struct scene *s, struct album *a)
{
	static const int stranger[] = { H_COUR, -1 };
	char stream[EX_STREAM_TEXT];
	struct act act;

	(void)snprintf(stream, sizeof(stream), "item:%s", s->item);
	house_usual(&act, EX_ACT_NOTE, stream);
	act.parties = "officer=S-COUR";
	scene_push(s, &act);
	add(a, "a key that is not enrolled", scene_bundle(s, "minted", &whole),
	    "choose", "faulty", "entry-refused");
	scene_pop(s);
	house_usual(&act, EX_ACT_NOTE, stream);
	act.signers = stranger;
	scene_push(s, &act);
	add(a, "signed by others", scene_bundle(s, "others", &whole), "choose",
	    "faulty", "entry-refused");
	scene_pop(s);
}

static void
the_page_agrees(void **state)
{
	struct scene *s = *state;
	struct bundling redacted = { .redact = 1 }, cut = { .has_skip = 1 };
	struct ex_buf out = EX_BUF_INIT;
	struct album a = { NULL, 0 };
	char bundle[128];

	(void)snprintf(
	    bundle, sizeof(bundle), "%s", scene_bundle(s, "good", &whole));
	add(&a, "good", bundle, "choose", "consistent", "rules");
	add(&a, "good, dragged", bundle, "drag", "consistent", "rules");
	add(&a, "good, later", bundle, "later", "consistent", "rules");
	add(&a, "good, no anchors", bundle, "bare", "consistent", "rules");
	add(&a, "good, an old browser", bundle, "blind", "consistent",
	    "no-ed25519");
	add(&a, "redacted", scene_bundle(s, "redacted", &redacted), "choose",
	    "consistent", "rules");
	cut.skip_index = 12;
	add(&a, "one left out", scene_bundle(s, "cut", &cut), "choose",
	    "faulty", "");
	add_strangers(s, &a);
	for (size_t i = 0; i < harms_n; i++)
		add(&a, harms[i].name, harm_bundle(s, bundle, &harms[i]),
		    i % 8 == 0 ? "drag" : "choose",
		    harms[i].code[0] == '\0' ? "consistent" : "faulty",
		    page_code(&harms[i]));
	show(s, &a, bundle, &out);
	assert_int_equal(compare(&a, &out), 0);
	free(a.showing);
	ex_buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_agrees),
	};

	return cmocka_run_group_tests(
	    tests, scene_group_open, scene_group_close);
}
