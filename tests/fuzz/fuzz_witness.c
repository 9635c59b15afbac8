/*
 * fuzz_witness.c -- any bytes as an SCGI request to a witness that holds a
 * checkpoint: nothing but a request that its log signed is cosigned.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "daemons/witness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* The public key of the corpus's log; nobody has the private one any more. */
static const char log_key[] =
    "lab.example/custody/7f3a90c1d2e4b586+"
    "aa27a15f+Afv+Zme31ks8UwedwrLioJ3qxrT54dHhDVrcyJNn1LAM";

static size_t saved;

static int
load(void *arg, struct ex_buf *out, const char *origin, struct ex_err *err)
{
	(void)arg;
	(void)out;
	(void)origin;
	return ex_fail(err, EX_ABSENT, "nothing yet");
}

static int
save(void *arg, const char *origin, const void *note, size_t n,
    struct ex_err *err)
{
	struct ex_note parsed;

	(void)origin;
	saved++;
	/* What is stored is a note that it can read again. */
	if (ex_note_parse(&parsed, note, n, err) == -1 ||
	    ex_note_check(&parsed, arg, NULL, err) == -1)
		abort();
	return 0;
}

static int
keep(void *arg, int status, const void *note, size_t n, struct ex_err *err)
{
	(void)arg;
	(void)note;
	(void)n;
	(void)err;
	if (status == 200)
		abort();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ex_witness w = { .nlogs = 1 };
	struct ex_scgi request;
	struct ex_answer a = { 0 };
	struct ex_buf out = EX_BUF_INIT;
	int whole;

	if (ex_vkey_read(&w.log[0], log_key, NULL) == -1 ||
	    ex_key_new(&w.key, EX_KEY_ED25519, NULL) == -1 ||
	    ex_vkey_of(&w.own, "witness.example/w", EX_NOTE_COSIGNATURE, w.key,
		NULL) == -1)
		abort();
	w.store.arg = &w.log[0];
	w.store.load = load;
	w.store.save = save;
	w.store.keep = keep;
	saved = 0;
	if (ex_scgi_read(&request, &whole, data, n, NULL) == 0 && whole) {
		if (ex_witness_handle(&w, &request, &a, NULL) == -1 ||
		    ex_scgi_write(&out, &a, NULL) == -1)
			abort();
		if (saved > 0 && a.status != 200)
			abort();
	}
	ex_buf_free(&a.body);
	ex_buf_free(&out);
	ex_key_free(w.key);
	return 0;
}
