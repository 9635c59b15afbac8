/*
 * log.c -- proofs as texts: C2SP tlog-proof, and the body of C2SP
 * tlog-witness add-checkpoint.
 */
#include <inttypes.h>
#include <string.h>

#include "base/codec.h"
#include "base/text.h"
#include "custody/log.h"

static const char magic[] = "c2sp.org/tlog-proof@v1";

enum {
	HASH_LINE = 44,	    /* characters of base64 for 32 bytes */
	EXTRA_MAX = 4096,   /* characters of a stranger's extra line */
	NUMBER_LINE = 40,   /* characters of a line "index N" */
	PROOF_TEXT = 131072 /* bytes: note, extra line and hashes fit */
};

/* Hashes one a line, a blank line, the note. */
static int
write_tail(struct ex_buf *out, const struct ex_tree_proof *proof,
    const void *note, size_t nnote, struct ex_err *err)
{
	for (size_t i = 0; i < proof->n; i++) {
		if (ex_base64(out, proof->hash[i], EX_HASH, err) == -1 ||
		    ex_buf_add_byte(out, '\n', err) == -1)
			return -1;
	}
	if (ex_buf_add_byte(out, '\n', err) == -1)
		return -1;
	return ex_buf_add(out, note, nnote, err);
}

static int
read_hash(struct ex_tree_proof *proof, struct ex_span line, struct ex_err *err)
{
	struct ex_buf bytes = EX_BUF_INIT;
	int rc = -1;

	if (proof->n > EX_PROOF_MAX)
		return ex_fail(err, EX_LIMIT, "proof of too many hashes");
	if (line.n != HASH_LINE)
		return ex_fail(err, EX_FORMAT, "proof: a line is no hash");
	if (ex_base64_read(&bytes, (const char *)line.p, line.n, err) == -1) {
		(void)ex_while(err, "proof");
		goto out;
	}
	if (bytes.len != EX_HASH) {
		(void)ex_fail(err, EX_FORMAT, "proof: a line is no hash");
		goto out;
	}
	memcpy(proof->hash[proof->n++], bytes.data, EX_HASH);
	rc = 0;
out:
	ex_buf_free(&bytes);
	return rc;
}

/* Reads what write_tail() writes; what is left is the note. */
static int
read_tail(struct ex_tree_proof *proof, struct ex_span *note,
    struct ex_reader *r, struct ex_err *err)
{
	struct ex_span line;

	for (;;) {
		if (ex_read_line(r, &line, err) == -1)
			return ex_while(err, "proof");
		if (line.n == 0)
			break;
		if (read_hash(proof, line, err) == -1)
			return -1;
	}
	if (r->left == 0)
		return ex_fail(err, EX_FORMAT, "proof without a checkpoint");
	return ex_read_span(r, r->left, note, err);
}

/* A line "word N". */
static int
read_number_line(
    uint64_t *out, const char *word, struct ex_span line, struct ex_err *err)
{
	char text[NUMBER_LINE + 1];
	size_t n = strlen(word);
	unsigned long long value;

	if (line.n > NUMBER_LINE || line.n < n + 2)
		return ex_fail(err, EX_FORMAT, "proof: no line \"%s N\"", word);
	memcpy(text, line.p, line.n);
	text[line.n] = '\0';
	if (memcmp(text, word, n) != 0 || text[n] != ' ' ||
	    strlen(text) != line.n)
		return ex_fail(err, EX_FORMAT, "proof: no line \"%s N\"", word);
	if (ex_text_number(&value, &text[n + 1], INT64_MAX, err) == -1)
		return ex_while(err, "proof");
	*out = value;
	return 0;
}

/*
 * The line after the first: index, or a line of extra data before it, which
 * C2SP permits and nobody should trust; it is checked for form and dropped.
 */
static int
read_index_line(uint64_t *out, struct ex_reader *r, struct ex_err *err)
{
	static const char extra[] = "extra ";
	const size_t n = sizeof(extra) - 1;
	struct ex_buf bytes = EX_BUF_INIT;
	struct ex_span line;
	int rc;

	if (ex_read_line(r, &line, err) == -1)
		return ex_while(err, "proof");
	if (line.n < n || memcmp(line.p, extra, n) != 0)
		return read_number_line(out, "index", line, err);
	if (line.n > EXTRA_MAX)
		return ex_fail(err, EX_LIMIT, "proof: extra line too long");
	rc = ex_base64_read(&bytes, (const char *)&line.p[n], line.n - n, err);
	ex_buf_free(&bytes);
	if (rc == -1 || ex_read_line(r, &line, err) == -1)
		return ex_while(err, "proof");
	return read_number_line(out, "index", line, err);
}

/* Writes what ex_tlog_proof_read() reads. */
int
ex_tlog_proof_write(struct ex_buf *out, uint64_t index,
    const struct ex_tree_proof *proof, const void *note, size_t nnote,
    struct ex_err *err)
{
	if (ex_buf_addf(out, err, "%s\nindex %" PRIu64 "\n", magic, index) ==
	    -1)
		return -1;
	return write_tail(out, proof, note, nnote, err);
}

int
ex_tlog_proof_read(
    struct ex_tlog_proof *out, const void *text, size_t n, struct ex_err *err)
{
	struct ex_reader r;
	struct ex_span line;

	memset(out, 0, sizeof(*out));
	if (n > PROOF_TEXT)
		return ex_fail(err, EX_LIMIT, "proof of %zu bytes", n);
	ex_reader_init(&r, text, n);
	if (ex_read_line(&r, &line, err) == -1)
		return ex_while(err, "proof");
	if (!ex_span_is(line, magic))
		return ex_fail(
		    err, EX_FORMAT, "proof: first line is not %s", magic);
	if (read_index_line(&out->index, &r, err) == -1)
		return -1;
	return read_tail(&out->proof, &out->note, &r, err);
}

int
ex_checkpoint_check(struct ex_checkpoint *out, const void *note, size_t n,
    const struct ex_vkey *log, struct ex_err *err)
{
	struct ex_note parsed;

	memset(out, 0, sizeof(*out));
	if (ex_note_parse(&parsed, note, n, err) == -1 ||
	    ex_note_check(&parsed, log, NULL, err) == -1 ||
	    ex_checkpoint_read(out, parsed.text, err) == -1)
		return -1;
	if (strcmp(out->origin, log->name) != 0)
		return ex_fail(err, EX_DAMAGED,
		    "checkpoint of %s under the key of %s", out->origin,
		    log->name);
	return 0;
}

int
ex_tlog_proof_check(const struct ex_tlog_proof *p, const uint8_t leaf[EX_HASH],
    const struct ex_vkey *log, struct ex_checkpoint *checkpoint,
    struct ex_err *err)
{
	struct ex_checkpoint c;

	if (ex_checkpoint_check(&c, p->note.p, p->note.n, log, err) == -1)
		return -1;
	if (checkpoint != NULL)
		*checkpoint = c;
	return ex_tree_check_inclusion(
	    &p->proof, leaf, p->index, c.size, c.root, err);
}

/* Writes what ex_tlog_consistency_read() reads. */
int
ex_tlog_consistency_write(struct ex_buf *out, uint64_t old,
    const struct ex_tree_proof *proof, const void *note, size_t nnote,
    struct ex_err *err)
{
	if (ex_buf_addf(out, err, "old %" PRIu64 "\n", old) == -1)
		return -1;
	return write_tail(out, proof, note, nnote, err);
}

int
ex_tlog_consistency_read(struct ex_tlog_consistency *out, const void *text,
    size_t n, struct ex_err *err)
{
	struct ex_reader r;
	struct ex_span line;

	memset(out, 0, sizeof(*out));
	if (n > PROOF_TEXT)
		return ex_fail(err, EX_LIMIT, "proof of %zu bytes", n);
	ex_reader_init(&r, text, n);
	if (ex_read_line(&r, &line, err) == -1)
		return ex_while(err, "proof");
	if (read_number_line(&out->old, "old", line, err) == -1)
		return -1;
	return read_tail(&out->proof, &out->note, &r, err);
}
