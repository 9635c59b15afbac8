/*
 * stream.c -- names of streams.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "custody/event.h"

enum {
	CASE_CHARS = 64 /* characters of a case number (docs/formats.md) */
};

/* Characters of UTF-8 text: bytes that do not continue one. */
static size_t
count_chars(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		if (((unsigned char)*text & 0xc0) != 0x80)
			n++;
	}
	return n;
}

/* A case number: 1 to 64 characters of any text that may be signed. */
static int
check_case(const char *id, struct ex_err *err)
{
	size_t n = strlen(id);

	if (n == 0)
		return ex_fail(err, EX_FORMAT, "an empty case number");
	if (n > EX_CASE_MAX || count_chars(id) > CASE_CHARS)
		return ex_fail(err, EX_FORMAT,
		    "a case number of more than %d characters", CASE_CHARS);
	return ex_text_canonical(id, n, err) == -1
		   ? ex_while(err, "case number")
		   : 0;
}

static int
check_id(enum ex_stream_kind kind, const char *id, struct ex_err *err)
{
	switch (kind) {
	case EX_STREAM_ITEM:
		if (!ex_text_item_ok(id))
			return ex_fail(err, EX_FORMAT,
			    "\"%.80s\" is not an item number", id);
		return 0;
	case EX_STREAM_CASE:
		return check_case(id, err);
	case EX_STREAM_LAB:
	case EX_STREAM_RELEASE:
		if (!ex_text_name_ok(id))
			return ex_fail(
			    err, EX_FORMAT, "\"%.80s\" is not a name", id);
		return 0;
	case EX_STREAM_KINDS:
	default:
		return ex_fail(err, EX_USAGE, "no such kind of stream");
	}
}

int
ex_stream_set(struct ex_stream *out, enum ex_stream_kind kind, const char *id,
    struct ex_err *err)
{
	memset(out, 0, sizeof(*out));
	if (check_id(kind, id, err) == -1)
		return -1;
	out->kind = kind;
	memcpy(out->id, id, strlen(id) + 1);
	return 0;
}

void
ex_stream_text(char out[EX_STREAM_TEXT], const struct ex_stream *s)
{
	(void)snprintf(
	    out, EX_STREAM_TEXT, "%s:%s", ex_stream_kind_name(s->kind), s->id);
}

int
ex_stream_read(struct ex_stream *out, const char *text, struct ex_err *err)
{
	char word[16];
	const char *colon = strchr(text, ':');
	enum ex_stream_kind kind;
	size_t n;

	memset(out, 0, sizeof(*out));
	n = colon == NULL ? 0 : (size_t)(colon - text);
	if (n == 0 || n >= sizeof(word))
		return ex_fail(
		    err, EX_FORMAT, "\"%.80s\" is not a stream's name", text);
	memcpy(word, text, n);
	word[n] = '\0';
	if (ex_stream_kind_parse(&kind, word, err) == -1)
		return -1;
	return ex_stream_set(out, kind, &text[n + 1], err);
}

int
ex_stream_equal(const struct ex_stream *a, const struct ex_stream *b)
{
	return a->kind == b->kind && strcmp(a->id, b->id) == 0;
}
