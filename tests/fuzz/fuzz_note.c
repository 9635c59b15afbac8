/*
 * fuzz_note.c -- any bytes as a note, a checkpoint or a verifier key: what is
 * accepted as one of the latter two is written the same again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "signing/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* A checkpoint has one text. */
static void
try_checkpoint(struct ex_span text)
{
	struct ex_buf again = EX_BUF_INIT;
	struct ex_checkpoint c;

	if (ex_checkpoint_read(&c, text, NULL) == 0 &&
	    (ex_checkpoint_text(&again, &c, NULL) == -1 ||
		!ex_span_equal(text, again.data, again.len)))
		abort();
	ex_buf_free(&again);
}

/* So has a verifier key. */
static void
try_vkey(const uint8_t *data, size_t n)
{
	char text[EX_VKEY_TEXT + 1], again[EX_VKEY_TEXT];
	struct ex_vkey v;

	if (n >= sizeof(text))
		return;
	memcpy(text, data, n);
	text[n] = '\0';
	if (ex_vkey_read(&v, text, NULL) == -1)
		return;
	if (ex_vkey_text(again, &v, NULL) == -1 || strcmp(text, again) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ex_span all = { data, n };
	struct ex_note note;
	uint64_t time;

	if (ex_note_parse(&note, data, n, NULL) == 0) {
		try_checkpoint(note.text);
		for (size_t i = 0; i < note.nsigs; i++) {
			struct ex_vkey v = { .type = EX_NOTE_COSIGNATURE };

			/* A key that the line names, whoever owns it. */
			memcpy(v.name, note.sig[i].name.p, note.sig[i].name.n);
			memcpy(v.id, note.sig[i].id, sizeof(v.id));
			(void)ex_note_check(&note, &v, &time, NULL);
		}
	}
	try_checkpoint(all);
	try_vkey(data, n);
	return 0;
}
