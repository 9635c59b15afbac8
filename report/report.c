/*
 * report.c -- a report on its way out: written, kept, signed.
 */
#include "report/report.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/file.h"
#include "cases/history.h"
#include "cases/house.h"
#include "cases/wait.h"
#include "intake/vault.h"
#include "report/manifest.h"
#include "report/number.h"
#include "report/pdf_sign.h"
#include "report/sign.h"

struct reporting {
	struct ex_house *house;
	const struct ex_report_order *order;
	struct ex_report_frame frame;
	const char *format; /* "pdf", "html", "txt" */
	struct ex_record record;
	char number[EX_NAME_TEXT], vault[EX_PATH];
	struct ex_report_prior supersedes, since;
	struct ex_pdf_hand hand;
	struct ex_buf manifest, file;
	char sha256[EX_SHA256_HEX];
};

static const char *
format_of(const char *path)
{
	const char *dot = strrchr(ex_path_base(path), '.');

	static const char *const known[] = { "pdf", "html", "txt" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (dot != NULL && strcmp(dot + 1, known[i]) == 0)
			return known[i];
	}
	return NULL;
}

/* Number, and the reports before it that it refers to. */
static int
place(struct reporting *g, struct ex_err *err)
{
	ex_report_number(g->number, &g->record);
	g->frame.number = g->number;
	if (ex_report_superseded(
		&g->supersedes, &g->record, &g->frame, g->format))
		g->frame.supersedes = &g->supersedes;
	if (g->order->since != NULL) {
		if (ex_report_find(
			&g->since, &g->record, g->order->since, err) == -1)
			return -1;
		g->frame.since = &g->since;
	}
	if (ex_report_manifest(&g->manifest, &g->record, &g->frame, err) == -1)
		return -1;
	g->frame.manifest =
	    (struct ex_span){ g->manifest.data, g->manifest.len };
	return 0;
}

static int
make(struct reporting *g, struct ex_err *err)
{
	const struct ex_signer *actor;
	struct ex_heads_seen seen;
	struct ex_stream subject;

	/* Heads and closed tables first: a report rests on both. */
	if (ex_house_actor(g->house, &actor, err) == -1 ||
	    ex_house_path(g->vault, g->house, "vault", err) == -1 ||
	    ex_subject_find(&subject, g->house, g->order->subject, err) == -1 ||
	    ex_heads_wait(&seen, NULL, g->house, err) == -1 ||
	    ex_record_open(&g->record, g->house, g->order->subject, err) == -1)
		return -1;
	g->hand = (struct ex_pdf_hand){ .house = g->house, .signer = actor };
	g->frame = (struct ex_report_frame){
		.zh = g->order->zh,
		.made_at = ex_now(),
		.made_by = actor->person,
		.recipient = g->order->recipient,
		.purpose = g->order->purpose,
		.vault = g->vault,
		.hand = &g->hand,
	};
	if (place(g, err) == -1 ||
	    ex_report_check_sign(
		g->house, &g->record, &g->frame, g->format, err) == -1 ||
	    ex_report_write(&g->file, &g->record, &g->frame, g->format, err) ==
		-1)
		return -1;
	ex_sha256_hex(g->sha256, g->file.data, g->file.len);
	return 0;
}

/* A copy in the vault, under its own digest. */
static int
keep(struct reporting *g, struct ex_err *err)
{
	char sha256[EX_SHA256_HEX];

	return ex_vault_put(sha256, g->vault, EX_VAULT_REPORTS, g->format,
	    g->file.data, g->file.len, err);
}

/* The file has its name only while its entry can still be signed. */
static int
publish(struct reporting *g, struct ex_done *done, struct ex_err *err)
{
	const char *to = g->order->to;

	if (keep(g, err) == -1 ||
	    ex_file_create(to, g->file.data, g->file.len, 0644, err) == -1)
		return -1;
	if (ex_report_sign(done, g->house, &g->record, &g->frame, g->format,
		&g->file, err) == 0)
		return 0;
	(void)unlink(to);
	return -1;
}

static int
set_summary(struct ex_json **out, const struct reporting *g,
    const struct ex_done *done, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set_text(v, "report", g->order->to, err) == -1 ||
	    ex_json_set_text(v, "number", g->number, err) == -1 ||
	    (g->frame.supersedes != NULL &&
		ex_json_set_text(v, "supersedes", g->supersedes.number, err) ==
		    -1) ||
	    ex_json_set(v, "stamped", ex_json_bool(g->hand.stamped), err) ==
		-1 ||
	    ex_json_set_text(v, "sha256", g->sha256, err) == -1 ||
	    ex_json_set_hex(v, "event", done->leaf, EX_HASH, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}

int
ex_report_run(struct ex_json **out, struct ex_house *house,
    const struct ex_report_order *order, struct ex_err *err)
{
	struct reporting g = { .house = house, .order = order };
	struct ex_done done;
	int rc = -1;

	*out = NULL;
	if ((g.format = format_of(order->to)) == NULL)
		return ex_fail(err, EX_USAGE,
		    "%s: a report is written as .pdf, .html or .txt",
		    order->to);
	if (ex_file_exists(order->to))
		return ex_fail(err, EX_EXISTS,
		    "%s is there already: nothing is replaced", order->to);
	if (make(&g, err) == 0 && publish(&g, &done, err) == 0)
		rc = set_summary(out, &g, &done, err);
	ex_record_free(&g.record);
	ex_buf_free(&g.manifest);
	ex_buf_free(&g.file);
	return rc;
}
