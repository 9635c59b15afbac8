/*
 * type_magic.c -- libmagic, which looks at bytes it is given and opens
 * nothing: no archive is unpacked, no program is started.
 */
#include "intake/type.h"

#include <ctype.h>
#include <magic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TEXT_HEAD = 1024 /* bytes of a text that libmagic is shown */
};

struct ex_typer {
	magic_t type, mime;
};

static int
load(magic_t *out, int flags, struct ex_err *err)
{
	*out = magic_open(flags | MAGIC_NO_CHECK_COMPRESS);
	if (*out == NULL)
		return ex_fail(err, EX_SYSTEM, "libmagic: out of memory");
	if (magic_load(*out, NULL) != 0)
		return ex_fail(err, EX_SYSTEM, "libmagic: %.200s",
		    magic_error(*out) == NULL ? "no rules" : magic_error(*out));
	return 0;
}

int
ex_typer_new(struct ex_typer **out, struct ex_err *err)
{
	struct ex_typer *t = calloc(1, sizeof(*t));

	*out = NULL;
	if (t == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (load(&t->type, MAGIC_NONE, err) == -1 ||
	    load(&t->mime, MAGIC_MIME_TYPE, err) == -1) {
		ex_typer_free(t);
		return -1;
	}
	*out = t;
	return 0;
}

void
ex_typer_free(struct ex_typer *t)
{
	if (t == NULL)
		return;
	if (t->type != NULL)
		magic_close(t->type);
	if (t->mime != NULL)
		magic_close(t->mime);
	free(t);
}

static void
look(magic_t m, const void *head, size_t n, char *out, size_t size)
{
	const char *text = magic_buffer(m, head, n);

	(void)snprintf(
	    out, size, "%.*s", (int)size - 1, text == NULL ? "" : text);
}

/*
 * Rules for text cost libmagic a millisecond and more, growing with what it
 * is shown.  What a text is, its first lines tell; only JSON is judged whole.
 */
static size_t
shown_of(const uint8_t *p, size_t n)
{
	size_t i = 0;

	if (n <= TEXT_HEAD)
		return n;
	while (i < TEXT_HEAD && isspace(p[i]))
		i++;
	if (p[i] == '{' || p[i] == '[')
		return n;
	for (i = 0; i < TEXT_HEAD; i++)
		if (p[i] < ' ' && !isspace(p[i]) && p[i] != 0x1b)
			return n;
	return TEXT_HEAD;
}

/* The MIME type that libmagic has for what it calls so; NULL: ask it. */
static const char *
plain_mime(const char *type)
{
	static const char *const text[] = { "ASCII text", "Unicode text, UTF-8",
		"ISO-8859 text", "Non-ISO extended-ASCII text", NULL };

	if (strcmp(type, "data") == 0)
		return "application/octet-stream";
	for (size_t i = 0; text[i] != NULL; i++)
		if (strncmp(type, text[i], strlen(text[i])) == 0)
			return "text/plain";
	return NULL;
}

void
ex_typer_look(struct ex_typer *t, const void *head, size_t n, char *mime,
    size_t mime_size, char *type, size_t type_size)
{
	const char *plain;

	if (n > EX_TYPE_HEAD)
		n = EX_TYPE_HEAD;
	n = shown_of(head, n);
	look(t->type, head, n, type, type_size);
	plain = plain_mime(type);
	if (plain != NULL)
		(void)snprintf(mime, mime_size, "%s", plain);
	else
		look(t->mime, head, n, mime, mime_size);
}

const char *
ex_typer_library(void)
{
	static char text[32];

	(void)snprintf(text, sizeof(text), "libmagic %d", magic_version());
	return text;
}
