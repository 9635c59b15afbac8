/*
 * bundle.c -- the offline bundle: a report, a heads entry, and everything
 * that a stranger needs to check them.
 */
#include "report/bundle.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/file.h"
#include "base/limits.h"
#include "cases/act.h"
#include "cases/anchor.h"
#include "cases/history.h"
#include "cases/house.h"
#include "cases/wait.h"
#include "custody/bundle_write.h"
#include "db/anchor.h"
#include "db/store.h"
#include "report/export.h"
#include "report/heads.h"
#include "report/manifest.h"
#include "report/number.h"
#include "report/pdf_sign.h"
#include "report/redact.h"
#include "report/report.h"
#include "report/sign.h"

/* The forms of the report in every bundle. */
static const struct {
	const char *format, *path;
} form[] = {
	{ "pdf", "report.pdf" },
	{ "html", "report.html" },
	{ "txt", "report.txt" },
};

enum {
	FORMS = sizeof(form) / sizeof(form[0])
};

/* The record for other programs. */
static const struct {
	const char *format, *path;
} export[] = {
	{ "case", "case.jsonld" },
	{ "csv", "custody.csv" },
};

enum {
	VOUCH_TRIES = 3 /* of a log that grows while it is cosigned */
};

struct bundling {
	struct ex_house *house;
	const struct ex_bundle_order *order;
	enum ex_profile profile;
	struct ex_conn *conn;
	struct ex_record record;
	struct ex_buf manifest, report[FORMS];
	struct ex_bundle_writer *w;
	size_t ncosigned, nstamps;
};

/* Write the report in all forms and have the actor sign what they are. */
static int
make_report(struct bundling *b, struct ex_err *err)
{
	struct ex_report_frame frame = { .zh = b->order->zh,
		.made_at = ex_now() };
	struct ex_report_prior supersedes;
	struct ex_pdf_hand hand = { .house = b->house };
	char number[EX_NAME_TEXT], vault[EX_PATH];
	struct ex_done done;

	if (ex_house_actor(b->house, &hand.signer, err) == -1 ||
	    ex_house_path(vault, b->house, "vault", err) == -1 ||
	    ex_record_open(&b->record, b->house, b->order->subject, err) ==
		-1 ||
	    ex_redact_record(&b->record, b->profile, err) == -1)
		return -1;
	ex_report_number(number, &b->record);
	frame.made_by = hand.signer->person;
	frame.number = number;
	frame.vault = vault;
	frame.hand = &hand;
	if (ex_report_superseded(
		&supersedes, &b->record, &frame, form[0].format))
		frame.supersedes = &supersedes;
	if (ex_report_manifest(&b->manifest, &b->record, &frame, err) == -1)
		return -1;
	frame.manifest = (struct ex_span){ b->manifest.data, b->manifest.len };
	for (size_t i = 0; i < FORMS; i++) {
		if (ex_report_write(&b->report[i], &b->record, &frame,
			form[i].format, err) == -1)
			return -1;
	}
	for (size_t i = 0; i < FORMS; i++) {
		if (ex_report_sign(&done, b->house, &b->record, &frame,
			form[i].format, &b->report[i], err) == -1)
			return -1;
	}
	return 0;
}

/*
 * Those outside vouch for the newest checkpoint.  One who does not answer is
 * no reason for no bundle: what it lacks, its verifier says.
 */
static int
vouch(struct bundling *b, struct ex_err *err)
{
	struct ex_outsiders o;
	struct ex_err why = EX_ERR_INIT;
	int status;

	if (ex_house_outsiders(&o, b->house, err) == -1)
		return -1;
	for (int i = 0; i < 2; i++) {
		struct ex_json *ignored = NULL;

		if ((i == 0 ? o.nwitnesses : o.nauthorities) > 0)
			(void)ex_log_vouch(&ignored, &status, b->house,
			    i == 0 ? "cosign" : "stamp", &why);
		ex_json_free(ignored);
	}
	return why.code == EX_SYSTEM ? ex_fail(err, EX_SYSTEM, "%s", why.text)
				     : 0;
}

/* The record at a checkpoint that they vouched for, if that can be had. */
static int
open_vouched(struct bundling *b, struct ex_err *err)
{
	for (int i = 0; i < VOUCH_TRIES; i++) {
		ex_record_free(&b->record);
		if (vouch(b, err) == -1 ||
		    ex_record_open(
			&b->record, b->house, b->order->subject, err) == -1 ||
		    ex_house_conn(b->house, &b->conn, err) == -1 ||
		    ex_log_add_cosignatures(&b->record.note, &b->ncosigned,
			b->house, b->conn, b->record.checkpoint.size,
			err) == -1)
			return -1;
		if (b->ncosigned > 0)
			break;
	}
	return 0;
}

/* Heads are entered behind the report, so that they cover it. */
static int
read_again(struct bundling *b, struct ex_err *err)
{
	struct ex_heads_seen seen;

	ex_record_free(&b->record);
	if (ex_heads_wait(&seen, NULL, b->house, err) == -1)
		return -1;
	return open_vouched(b, err);
}

/* Whose text is asked for. */
struct asking {
	enum ex_profile profile;
	enum ex_act act;
};

static int
withhold(void *arg, const char *path)
{
	const struct asking *a = arg;

	return ex_profile_withholds(a->profile, a->act, path);
}

static int
add_entries(struct bundling *b, struct ex_err *err)
{
	for (size_t i = 0; i < b->record.nentries; i++) {
		const struct ex_record_entry *e = b->record.entry[i];
		struct asking asking = { b->profile, e->admission.event.act };
		struct ex_bundle_item item = {
			.entry = e->entry.data,
			.nentry = e->entry.len,
			.openings = e->openings_text.data,
			.nopenings = e->openings_text.len,
			.index = e->index,
			.proof = &e->proof,
			.withhold = withhold,
			.arg = &asking,
		};

		if (ex_bundle_add(b->w, &item, err) == -1)
			return -1;
	}
	return 0;
}

/* A time-stamp goes in if it narrows down when an entry was signed. */
static int
each_stamp(void *arg, const struct ex_anchor_stamp *s, struct ex_err *err)
{
	struct bundling *b = arg;
	struct ex_checkpoint c;
	struct ex_note note;

	if (s->size > b->record.checkpoint.size ||
	    ex_note_parse(&note, s->note.p, s->note.n, NULL) == -1 ||
	    ex_checkpoint_read(&c, note.text, NULL) == -1 || c.size != s->size)
		return 0;
	b->nstamps++;
	return ex_bundle_add_stamp(b->w, s->authority, note.text, s->tsr, err);
}

static int
add_consistency(struct bundling *b, struct ex_err *err)
{
	const uint64_t *size;
	size_t n;

	size = ex_bundle_seen(b->w, &n);
	for (size_t i = 0; i < n; i++) {
		struct ex_tree_proof proof;

		if (ex_tree_prove_consistency(&proof, size[i],
			b->record.checkpoint.size, ex_store_node, b->conn,
			err) == -1 ||
		    ex_bundle_add_consistency(b->w, size[i], &proof, err) == -1)
			return -1;
	}
	return 0;
}

static int
add_heads(struct bundling *b, struct ex_err *err)
{
	struct ex_heads_list heads = { 0 };
	struct ex_conn *all;
	int rc = -1;

	if (ex_house_service(b->house, &all, err) == -1 ||
	    ex_heads_list(&heads, all, &b->record, err) == -1)
		goto out;
	rc = ex_bundle_add_heads(
	    b->w, heads.entry, heads.count, heads.head, heads.n, err);
out:
	ex_heads_list_free(&heads);
	return rc;
}

/* A file of DIR/trust, where there is one. */
static int
add_trust_file(
    struct bundling *b, const char *from, const char *to, struct ex_err *err)
{
	struct ex_buf data = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	char path[EX_PATH];
	int rc = -1;

	if (ex_house_path(path, b->house, from, err) == -1)
		return -1;
	if (ex_file_read(&data, path, EX_ROOTS_MAX, &why) == 0)
		rc = ex_bundle_add_file(b->w, to, data.data, data.len, err);
	else
		rc = why.code == EX_ABSENT
			 ? 0
			 : ex_fail(err, why.code, "%s", why.text);
	ex_buf_free(&data);
	return rc;
}

/* What a verifier should get from somewhere else, as a hint. */
static int
add_trust(struct bundling *b, struct ex_err *err)
{
	struct ex_buf pem = EX_BUF_INIT;
	int rc = -1;

	if (add_trust_file(b, "trust/roots.pem", EX_BUNDLE_ROOTS, err) == -1 ||
	    add_trust_file(b, "trust/tsa.pem", "trust/tsa.pem", err) == -1 ||
	    add_trust_file(b, "trust/policy", EX_BUNDLE_POLICY, err) == -1)
		return -1;
	if (ex_vkey_pem(&pem, ex_house_log_key(b->house), err) == 0)
		rc = ex_bundle_add_file(
		    b->w, "trust/log.pem", pem.data, pem.len, err);
	ex_buf_free(&pem);
	return rc;
}

/* What was withheld and why; the signed manifest has its digest. */
static int
add_redaction(struct bundling *b, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	int rc = -1;

	if (b->profile == EX_PROFILE_NONE)
		return 0;
	if (ex_redact_list(&text, &b->record, b->profile, err) == 0)
		rc = ex_bundle_add_file(
		    b->w, EX_REDACTION_FILE, text.data, text.len, err);
	ex_buf_free(&text);
	return rc;
}

static int
add_exports(struct bundling *b, struct ex_err *err)
{
	if (ex_redact_record(&b->record, b->profile, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(export) / sizeof(export[0]); i++) {
		struct ex_buf text = EX_BUF_INIT;
		int rc =
		    ex_export_write(&text, export[i].format, &b->record, err);

		if (rc == 0)
			rc = ex_bundle_add_file(
			    b->w, export[i].path, text.data, text.len, err);
		ex_buf_free(&text);
		if (rc == -1)
			return -1;
	}
	return 0;
}

static int
add_reports(struct bundling *b, struct ex_err *err)
{
	for (size_t i = 0; i < FORMS; i++) {
		if (ex_bundle_add_file(b->w, form[i].path, b->report[i].data,
			b->report[i].len, err) == -1)
			return -1;
	}
	return 0;
}

static int
write_bundle(struct bundling *b, struct ex_err *err)
{
	const struct ex_record *r = &b->record;

	if (ex_house_conn(b->house, &b->conn, err) == -1 ||
	    ex_bundle_begin(&b->w, b->order->to, &r->subject, r->note.data,
		r->note.len, err) == -1 ||
	    add_entries(b, err) == -1 ||
	    ex_anchor_stamps(b->conn, each_stamp, b, err) == -1 ||
	    add_consistency(b, err) == -1 || add_heads(b, err) == -1 ||
	    add_trust(b, err) == -1 || add_reports(b, err) == -1 ||
	    add_redaction(b, err) == -1 || add_exports(b, err) == -1)
		return -1;
	return ex_bundle_end(b->w, ex_now(), err);
}

static int
manifest_sha256(uint8_t out[EX_SHA256_LEN], const char *dir, struct ex_err *err)
{
	char path[EX_PATH];

	if (ex_path_join(path, sizeof(path), dir, EX_BUNDLE_MANIFEST, err) ==
	    -1)
		return -1;
	return ex_sha256_file(out, NULL, path, err);
}

static int
sign_bundle(struct ex_done *done, struct bundling *b, struct ex_err *err)
{
	const struct ex_record *r = &b->record;
	struct ex_member *m;
	struct ex_request q;
	uint8_t sha256[EX_SHA256_LEN];
	int rc = -1;

	ex_request_init(&q);
	if (manifest_sha256(sha256, b->order->to, err) == -1 ||
	    ex_request_add(&q, EX_ACT_BUNDLE, r->subject.kind, r->subject.id,
		&m, err) == -1 ||
	    ex_json_set_int(m->fields, "log_size", (int64_t)r->checkpoint.size,
		err) == -1 ||
	    ex_json_set_hex(m->fields, "log_root", r->checkpoint.root, EX_HASH,
		err) == -1 ||
	    ex_json_set_hex(
		m->fields, "manifest", sha256, sizeof(sha256), err) == -1 ||
	    (b->profile != EX_PROFILE_NONE &&
		ex_json_set_text(m->fields, "redaction",
		    ex_profile_name(b->profile), err) == -1))
		goto out;
	rc = ex_request_sign(done, b->house, &q, EX_ACT_BUNDLE, err);
out:
	ex_request_free(&q);
	return rc;
}

static int
set_summary(struct ex_json **out, const struct bundling *b,
    const struct ex_done *done, struct ex_err *err)
{
	const struct ex_checkpoint *p = &b->record.checkpoint;
	struct ex_json *v = ex_json_object();

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set_text(v, "path", b->order->to, err) == -1 ||
	    ex_json_set_int(v, "entries", (int64_t)b->record.nentries, err) ==
		-1 ||
	    ex_json_set_hex(v, "checkpoint", p->root, EX_HASH, err) == -1 ||
	    ex_json_set_int(v, "size", (int64_t)p->size, err) == -1 ||
	    ex_json_set_int(v, "cosigned", (int64_t)b->ncosigned, err) == -1 ||
	    ex_json_set_int(v, "stamps", (int64_t)b->nstamps, err) == -1 ||
	    (b->profile != EX_PROFILE_NONE &&
		ex_json_set_text(
		    v, "redaction", ex_profile_name(b->profile), err) == -1) ||
	    ex_json_set_hex(v, "event", done->leaf, EX_HASH, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}

/* A bundle that nobody signed for is not left lying about. */
static int
finish(struct ex_json **out, struct bundling *b, struct ex_err *err)
{
	struct ex_done done;

	if (sign_bundle(&done, b, err) == -1) {
		(void)ex_remove_tree(b->order->to, NULL);
		return -1;
	}
	return set_summary(out, b, &done, err);
}

int
ex_bundle_run(struct ex_json **out, struct ex_house *house,
    const struct ex_bundle_order *order, struct ex_err *err)
{
	struct bundling b = { .house = house, .order = order };
	int rc = -1;

	*out = NULL;
	if (ex_profile_parse(&b.profile, order->redact, err) == -1)
		return -1;
	if (ex_file_exists(order->to))
		return ex_fail(err, EX_EXISTS,
		    "%s is there already: nothing is replaced", order->to);
	if (make_report(&b, err) == 0 && read_again(&b, err) == 0 &&
	    write_bundle(&b, err) == 0)
		rc = finish(out, &b, err);
	ex_buf_free(&b.manifest);
	ex_bundle_writer_free(b.w);
	ex_record_free(&b.record);
	for (size_t i = 0; i < FORMS; i++)
		ex_buf_free(&b.report[i]);
	return rc;
}
