/*
 * text.c -- names, lists and numbers out of text.
 */
#include "base/text.h"

#include <string.h>

#include "base/limits.h"

char *
ex_text_shown(char *out, size_t size, const char *text)
{
	return ex_text_show(out, size, text, strlen(text));
}

/* Does text consist of 1 to max of these characters? */
static int
made_of(const char *text, const char *set, size_t max)
{
	size_t n = strlen(text);

	return n >= 1 && n <= max && strspn(text, set) == n;
}

int
ex_text_item_ok(const char *text)
{
	return made_of(
	    text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", EX_ITEM_MAX);
}

int
ex_text_name_ok(const char *text)
{
	return made_of(text,
		   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		   "0123456789._-",
		   40) &&
	       strchr("._-", text[0]) == NULL;
}

int
ex_text_index(const char *text, const char *const *list)
{
	for (int i = 0; list[i] != NULL; i++)
		if (strcmp(text, list[i]) == 0)
			return i;
	return -1;
}

int
ex_text_split(const char *text, char sep,
    int (*each)(void *arg, const char *part, size_t n, struct ex_err *err),
    void *arg, struct ex_err *err)
{
	const char *end;

	while ((end = strchr(text, sep)) != NULL && sep != '\0') {
		if (each(arg, text, (size_t)(end - text), err) == -1)
			return -1;
		text = end + 1;
	}
	return each(arg, text, strlen(text), err);
}

int
ex_text_number(unsigned long long *out, const char *text,
    unsigned long long max, struct ex_err *err)
{
	unsigned long long v = 0;

	if (text[0] == '\0' || (text[0] == '0' && text[1] != '\0'))
		return ex_fail(err, EX_FORMAT, "\"%s\" is no number", text);
	for (const char *p = text; *p != '\0'; p++) {
		unsigned d = (unsigned)(*p - '0');

		if (*p < '0' || *p > '9')
			return ex_fail(
			    err, EX_FORMAT, "\"%s\" is no number", text);
		if (d > max || v > (max - d) / 10)
			return ex_fail(err, EX_FORMAT, "%s is larger than %llu",
			    text, max);
		v = v * 10 + d;
	}
	*out = v;
	return 0;
}
