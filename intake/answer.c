/*
 * answer.c -- numbers and texts out of a drive's answer.
 */
#include "intake/answer.h"

static uint8_t
byte_at(struct ex_span answer, size_t at)
{
	return at < answer.n ? answer.p[at] : 0;
}

uint64_t
ex_answer_le(struct ex_span answer, size_t at, size_t nbytes)
{
	uint64_t v = 0;

	for (size_t i = nbytes; i-- > 0;)
		v = v << 8 | byte_at(answer, at + i);
	return v;
}

uint64_t
ex_answer_be(struct ex_span answer, size_t at, size_t nbytes)
{
	uint64_t v = 0;

	for (size_t i = 0; i < nbytes; i++)
		v = v << 8 | byte_at(answer, at + i);
	return v;
}

void
ex_answer_text(char *out, size_t size, struct ex_span answer, size_t at,
    size_t n, int swapped)
{
	size_t len = 0;

	for (size_t i = 0; i < n && len + 1 < size; i++) {
		uint8_t c = byte_at(answer, at + (swapped ? i ^ 1 : i));

		if (c == 0)
			break;
		if (len == 0 && c == ' ')
			continue;
		out[len++] = c < 0x20 || c > 0x7e ? '?' : (char)c;
	}
	while (len > 0 && out[len - 1] == ' ')
		len--;
	if (size > 0)
		out[len] = '\0';
}

int
ex_answer_blank(struct ex_span answer)
{
	for (size_t i = 1; i < answer.n; i++)
		if (answer.p[i] != answer.p[0])
			return 0;
	return 1;
}
