/*
 * note.c -- signed notes: C2SP signed-note with Ed25519 lines (type 0x01) and
 * tlog-cosignature lines (type 0x04).
 *
 * One thing is stricter here than in C2SP: all text of a note, signature
 * lines of strangers included, passes ex_text_canonical(), which also refuses
 * bidi controls and noncharacters.
 */
#include <string.h>

#include "base/codec.h"
#include "base/text.h"
#include "hashing/digest.h"
#include "signing/note.h"
#include "signing/note_text.h"

/* What a signature line starts with: an em dash and a space. */
static const char dash[] = "\xe2\x80\x94 ";

enum {
	DASH = sizeof(dash) - 1,
	ED25519_SIG = 64,
	COSIGNATURE = 8 + ED25519_SIG /* u64 time in front */
};

/* Name and base64 behind the dash of one line. */
static int
read_sig_line(
    struct ex_note_sig *out, struct ex_reader *line, struct ex_err *err)
{
	struct ex_buf bytes = EX_BUF_INIT;
	struct ex_reader r;
	struct ex_span start;
	size_t n = 0;
	int rc = -1;

	if (ex_read_span(line, DASH, &start, NULL) == -1 ||
	    !ex_span_is(start, dash))
		return ex_fail(err, EX_FORMAT,
		    "note: a line behind the blank one is no signature");
	while (n < line->left && line->p[n] != ' ')
		n++;
	if (ex_read_span(line, n, &out->name, err) == -1 ||
	    ex_note_name_check(out->name, err) == -1)
		return -1;
	if (ex_read_span(line, 1, &start, NULL) == -1)
		return ex_fail(
		    err, EX_FORMAT, "note: signature line without signature");
	if (ex_base64_read(&bytes, (const char *)line->p, line->left, err) ==
	    -1) {
		(void)ex_while(err, "note: signature line");
		goto out;
	}
	ex_reader_init(&r, bytes.data, bytes.len);
	if (bytes.len <= sizeof(out->id)) {
		(void)ex_fail(
		    err, EX_FORMAT, "note: signature line is too short");
		goto out;
	}
	if (ex_read_bytes(&r, out->id, sizeof(out->id), err) == -1)
		goto out;
	/* Longer ones are of types that came after us; they are kept. */
	out->nsig = r.left <= sizeof(out->sig) ? r.left : 0;
	rc = ex_read_bytes(&r, out->sig, out->nsig, err);
out:
	ex_buf_free(&bytes);
	return rc;
}

/* Every signature line of r. */
static int
read_sigs(struct ex_note *out, struct ex_reader *r, struct ex_err *err)
{
	struct ex_reader line;
	struct ex_span span;

	while (r->left > 0) {
		if (out->nsigs == EX_NOTE_SIGS_MAX)
			return ex_fail(err, EX_LIMIT,
			    "note of more than %d signatures",
			    EX_NOTE_SIGS_MAX);
		if (ex_read_line(r, &span, err) == -1)
			return ex_while(err, "note");
		ex_reader_init(&line, span.p, span.n);
		if (read_sig_line(&out->sig[out->nsigs], &line, err) == -1)
			return -1;
		out->nsigs++;
	}
	if (out->nsigs == 0)
		return ex_fail(err, EX_FORMAT, "note without signature");
	return 0;
}

int
ex_note_parse(
    struct ex_note *out, const void *note, size_t n, struct ex_err *err)
{
	struct ex_span all = { note, n }, blank;
	struct ex_reader r;
	size_t end = 0;

	memset(out, 0, sizeof(*out));
	if (n > EX_NOTE_MAX)
		return ex_fail(err, EX_LIMIT, "note of %zu bytes, at most %d",
		    n, EX_NOTE_MAX);
	if (ex_note_lines_check(all, err) == -1)
		return -1;
	/* The last blank line parts text and signatures. */
	for (size_t i = 1; i < n; i++)
		if (all.p[i - 1] == '\n' && all.p[i] == '\n')
			end = i;
	if (end == 0)
		return ex_fail(err, EX_FORMAT, "note without a blank line");
	ex_reader_init(&r, note, n);
	if (ex_read_span(&r, end, &out->text, err) == -1 ||
	    ex_read_span(&r, 1, &blank, err) == -1)
		return -1;
	return read_sigs(out, &r, err);
}

/* Append a signature line for v. */
static int
add_line(struct ex_buf *out, const struct ex_vkey *v, const uint8_t *sig,
    size_t nsig, struct ex_err *err)
{
	struct ex_buf bytes = EX_BUF_INIT;
	int rc = -1;

	if (ex_buf_add(&bytes, v->id, sizeof(v->id), err) == 0 &&
	    ex_buf_add(&bytes, sig, nsig, err) == 0 &&
	    ex_buf_add_text(out, dash, err) == 0 &&
	    ex_buf_add_text(out, v->name, err) == 0 &&
	    ex_buf_add_byte(out, ' ', err) == 0 &&
	    ex_base64(out, bytes.data, bytes.len, err) == 0)
		rc = ex_buf_add_byte(out, '\n', err);
	ex_buf_free(&bytes);
	return rc;
}

/* Is it a line of one of these keys?  It, or NULL. */
static const struct ex_vkey *
line_of(const struct ex_note_sig *s, const struct ex_vkey *v, size_t nv)
{
	for (size_t i = 0; i < nv; i++) {
		if (ex_span_is(s->name, v[i].name) &&
		    memcmp(s->id, v[i].id, sizeof(v[i].id)) == 0)
			return &v[i];
	}
	return NULL;
}

int
ex_note_keep(struct ex_buf *out, const struct ex_note *note,
    const struct ex_vkey *v, size_t nv, struct ex_err *err)
{
	size_t before = out->len;

	if (ex_buf_add(out, note->text.p, note->text.n, err) == -1 ||
	    ex_buf_add_byte(out, '\n', err) == -1)
		goto fail;
	for (size_t i = 0; i < note->nsigs; i++) {
		const struct ex_note_sig *s = &note->sig[i];
		const struct ex_vkey *of = line_of(s, v, nv);

		if (of != NULL && s->nsig > 0 &&
		    add_line(out, of, s->sig, s->nsig, err) == -1)
			goto fail;
	}
	return 0;
fail:
	ex_buf_cut(out, before);
	return -1;
}

/* Append a line of type 0x01 over text to out, which may hold text. */
static int
sign_line(struct ex_buf *out, struct ex_span text, const char *name,
    const struct ex_key *key, struct ex_err *err)
{
	struct ex_buf sig = EX_BUF_INIT;
	struct ex_vkey v;
	int rc = -1;

	if (ex_vkey_of(&v, name, EX_NOTE_ED25519, key, err) == 0 &&
	    ex_key_sign(key, text.p, text.n, &sig, err) == 0)
		rc = add_line(out, &v, sig.data, sig.len, err);
	ex_buf_free(&sig);
	return rc;
}

int
ex_note_sign(struct ex_buf *out, const void *text, size_t n, const char *name,
    const struct ex_key *key, struct ex_err *err)
{
	struct ex_span span = { text, n };
	size_t before = out->len;

	if (n == 0 || n > EX_NOTE_MAX)
		return ex_fail(err, EX_LIMIT, "text of a note of %zu bytes", n);
	if (ex_note_lines_check(span, err) == 0 &&
	    ex_buf_add(out, text, n, err) == 0 &&
	    ex_buf_add_byte(out, '\n', err) == 0 &&
	    sign_line(out, span, name, key, err) == 0)
		return 0;
	ex_buf_cut(out, before);
	return -1;
}

int
ex_note_add_sig(struct ex_buf *note, const char *name, const struct ex_key *key,
    struct ex_err *err)
{
	struct ex_note parsed;
	size_t before = note->len;

	if (ex_note_parse(&parsed, note->data, note->len, err) == -1)
		return -1;
	if (sign_line(note, parsed.text, name, key, err) == 0)
		return 0;
	ex_buf_cut(note, before);
	return -1;
}

/* What a cosigner signs (C2SP tlog-cosignature): the time, then the text. */
static int
cosigned(
    struct ex_buf *out, uint64_t time, struct ex_span text, struct ex_err *err)
{
	if (ex_buf_addf(out, err, "cosignature/v1\ntime %llu\n",
		(unsigned long long)time) == -1)
		return -1;
	return ex_buf_add(out, text.p, text.n, err);
}

int
ex_note_cosign(struct ex_buf *note, const char *name, const struct ex_key *key,
    uint64_t time, struct ex_err *err)
{
	struct ex_buf message = EX_BUF_INIT, sig = EX_BUF_INIT;
	struct ex_note parsed;
	struct ex_vkey v;
	size_t before = note->len;
	int rc = -1;

	if (ex_note_parse(&parsed, note->data, note->len, err) == 0 &&
	    ex_vkey_of(&v, name, EX_NOTE_COSIGNATURE, key, err) == 0 &&
	    cosigned(&message, time, parsed.text, err) == 0 &&
	    ex_buf_add_u64(&sig, time, err) == 0 &&
	    ex_key_sign(key, message.data, message.len, &sig, err) == 0)
		rc = add_line(note, &v, sig.data, sig.len, err);
	if (rc == -1)
		ex_buf_cut(note, before);
	ex_buf_free(&message);
	ex_buf_free(&sig);
	return rc;
}

/* A line of type 0x04: its time, and the message that it signs. */
static int
check_cosignature(const struct ex_note *note, const struct ex_note_sig *s,
    struct ex_span spki, uint64_t *time, struct ex_err *err)
{
	struct ex_buf message = EX_BUF_INIT;
	struct ex_reader r;
	struct ex_span sig;
	int rc = -1;

	ex_reader_init(&r, s->sig, s->nsig);
	if (ex_read_u64(&r, time, err) == 0 &&
	    ex_read_span(&r, r.left, &sig, err) == 0 &&
	    cosigned(&message, *time, note->text, err) == 0)
		rc = ex_key_check(spki.p, spki.n, message.data, message.len,
		    sig.p, sig.n, err);
	ex_buf_free(&message);
	return rc;
}

/* Does one line of the key v hold? */
static int
check_line(const struct ex_note *note, const struct ex_note_sig *s,
    const struct ex_vkey *v, uint64_t *time, struct ex_err *err)
{
	uint8_t der[EX_ED25519_SPKI];
	struct ex_span spki = { der, sizeof(der) };

	ex_note_spki(der, v->key);
	*time = 0;
	if (v->type == EX_NOTE_COSIGNATURE && s->nsig == COSIGNATURE)
		return check_cosignature(note, s, spki, time, err);
	if (v->type == EX_NOTE_ED25519 && s->nsig == ED25519_SIG)
		return ex_key_check(der, sizeof(der), note->text.p,
		    note->text.n, s->sig, s->nsig, err);
	return ex_fail(err, EX_DAMAGED, "signature of a wrong length");
}

int
ex_note_check(const struct ex_note *note, const struct ex_vkey *v,
    uint64_t *time, struct ex_err *err)
{
	uint64_t earliest = UINT64_MAX, t;
	size_t seen = 0;

	for (size_t i = 0; i < note->nsigs; i++) {
		const struct ex_note_sig *s = &note->sig[i];

		if (line_of(s, v, 1) == NULL)
			continue;
		if (check_line(note, s, v, &t, err) == -1)
			return ex_while(err, v->name);
		earliest = t < earliest ? t : earliest;
		seen++;
	}
	if (seen == 0)
		return ex_fail(
		    err, EX_ABSENT, "no signature line of %s", v->name);
	if (time != NULL)
		*time = earliest;
	return 0;
}
