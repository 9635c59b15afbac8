/*
 * bench_report.c -- a report of many events on paper: laid out, packed by
 * qpdf, signed; says what that took.  For `./dev bench report`.
 */
#include <sys/resource.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/codec.h"
#include "cases/keys.h"
#include "report/archive.h"
#include "report/pdf_sign.h"
#include "report/render.h"
#include "signing/cert.h"

enum {
	COLUMNS = 10,
	EVENTS = 10000,
	YEARS = 10
};

#define NOW INT64_C(1770000000000000)

static double
seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

/* A custody table as ex_compose_custody() makes it, of both languages. */
static void
fill(struct ex_document *doc, int events, struct ex_buf *manifest)
{
	const char *head[COLUMNS] = { "序號", "時間", "行為", "交付人",
		"保管人", "處所", "目的", "封緘檢視", "備註", "簽署人" };
	char number[24], seal[40], leaf[65];
	uint8_t random[32];
	const char *row[COLUMNS] = { number, "2026-05-04 09:12:33 UTC", "入庫",
		"examiner", "custodian", "VAULT-2-14", "製作映像", seal,
		"外觀: clean, no damage seen; 依據: W-2026-0143",
		"custodian (保管人), examiner (鑑識人員)" };

	ex_doc_start(doc, 1, "證物監管報告", "EXH-1");
	ex_doc_section(doc, "三、監管歷程", 0);
	ex_doc_table(doc, "EXH-1", head, COLUMNS);
	for (int i = 1; i <= events; i++) {
		(void)snprintf(number, sizeof(number), "%d", i);
		(void)snprintf(seal, sizeof(seal), "S-%06d 完整", i);
		ex_doc_row(doc, row);
		ex_random(random, sizeof(random));
		ex_hex(leaf, random, sizeof(random));
		(void)ex_buf_addf(
		    manifest, &doc->err, "%s\"%s\"", i == 1 ? "[" : ",", leaf);
	}
	(void)ex_buf_add_text(manifest, "]", &doc->err);
}

/* A key with a certificate of its own making. */
static int
make_signer(struct ex_signer *s, struct ex_err *err)
{
	(void)snprintf(s->person, sizeof(s->person), "examiner");
	if (ex_key_new(&s->key, EX_KEY_P256, err) == -1)
		return -1;
	return ex_cert_make_ca(
	    &s->cert, s->key, "examiner", "LAB", NOW, YEARS, err);
}

static int
run(int events, struct ex_err *err)
{
	struct ex_buf manifest = EX_BUF_INIT, raw = EX_BUF_INIT;
	struct ex_buf pdf = EX_BUF_INIT;
	struct ex_signer signer = { 0 };
	struct ex_pdf_hand hand = { .signer = &signer };
	struct ex_archive_about about = { .zh = 1,
		.title = "證物監管報告",
		.subject = "EXH-1",
		.made_at = NOW,
		.signer = "examiner",
		.reason = "證物監管報告" };
	struct ex_archive_hole hole;
	struct ex_document doc;
	struct rusage use;
	double paper, packed;
	long peak;
	int rc = -1;

	fill(&doc, events, &manifest);
	about.manifest = (struct ex_span){ manifest.data, manifest.len };
	if (make_signer(&signer, err) == -1 ||
	    ex_render_pdf(&raw, &doc, NOW, err) == -1)
		goto out;
	paper = seconds();
	(void)getrusage(RUSAGE_SELF, &use);
	peak = use.ru_maxrss / 1024;
	if (ex_archive_pdf(&pdf, &hole, &raw, &about, err) == -1)
		goto out;
	packed = seconds();
	if (ex_pdf_sign(&pdf, &hole, &hand, NULL, err) == -1)
		goto out;
	(void)getrusage(RUSAGE_SELF, &use);
	(void)printf("%d events: %.1f s CPU (paper %.1f, qpdf %.1f, signature "
		     "%.1f), peak %ld MiB (paper %ld), %.1f MB, %.1f MB before "
		     "qpdf\n",
	    events, seconds(), paper, packed - paper, seconds() - packed,
	    use.ru_maxrss / 1024, peak, (double)pdf.len / 1e6,
	    (double)raw.len / 1e6);
	rc = 0;
out:
	ex_key_free(signer.key);
	ex_buf_free(&signer.cert);
	ex_buf_free(&pdf);
	ex_buf_free(&raw);
	ex_buf_free(&manifest);
	ex_doc_free(&doc);
	return rc;
}

int
main(int argc, char **argv)
{
	struct ex_err err = EX_ERR_INIT;

	if (run(argc > 1 ? (int)strtol(argv[1], NULL, 10) : EVENTS, &err) == 0)
		return 0;
	(void)fprintf(stderr, "bench_report: %s\n", err.text);
	return 2;
}
