/*
 * verify_say.c -- the answer of exhibit-verify.
 */
#include "custody/verify_say.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/json.h"
#include "base/text.h"

enum {
	LABEL = 12 /* columns of what stands before a fact */
};

static const char *const verdict_zh[] = {
	[EX_ANCHORED] = "一切相符，且實驗室以外之見證者已共同簽署此日誌狀態。",
	[EX_FAULTY] = "有內容與其聲稱不符或有所缺漏，詳見上列各項。",
	[EX_SPLIT] = "可能存在兩套歷史：此處並無連結兩檢查點之證明。",
	[EX_CONSISTENT] =
	    "內部一致，但未與實驗室以外之任何資料比對：尚未錨定。",
};

static void
key_fingerprint(char out[EX_SHA256_HEX], const struct ex_vkey *key)
{
	uint8_t sha256[EX_SHA256_LEN];

	ex_vkey_sha256(sha256, key);
	ex_hex(out, sha256, sizeof(sha256));
}

void
ex_verify_label(
    const struct ex_verify_answer *a, const char *en, const char *zh)
{
	const char *text = a->zh ? zh : en;
	size_t w = ex_text_width(text);

	(void)fputs(text, stdout);
	for (; w < LABEL; w++)
		(void)putchar(' ');
}

/* "fault    manifest-digest  entries/e0001.p7m  item:EXH-1", then the text. */
static void
say_remark(const struct ex_remark *m)
{
	(void)printf("%-8s %s", ex_severity_name(m->severity), m->code);
	if (m->file[0] != '\0')
		(void)printf("  %s", m->file);
	if (m->stream[0] != '\0')
		(void)printf("  %s", m->stream);
	(void)printf("\n         %s\n", m->text);
}

static void
say_keys(const struct ex_verify_answer *a, const struct ex_bundle_result *r)
{
	char hex[EX_SHA256_HEX], vkey[EX_VKEY_TEXT];

	if (r->checkpoint_known) {
		key_fingerprint(hex, &r->log);
		ex_verify_label(a, "log key", "日誌金鑰");
		(void)printf("SHA-256 %s\n", hex);
		if (ex_vkey_text(vkey, &r->log, NULL) == 0) {
			ex_verify_label(a, "", "");
			(void)printf("%s\n", vkey);
		}
	}
	for (size_t i = 0; i < r->nroots; i++) {
		ex_hex(hex, r->root[i], EX_SHA256_LEN);
		ex_verify_label(a, "CA", "憑證機構");
		(void)printf("SHA-256 %s\n", hex);
	}
	if ((r->checkpoint_known && a->trust->policy == NULL) ||
	    (r->nroots > 0 && a->trust->roots == NULL)) {
		ex_verify_label(a, "", "");
		(void)puts(
		    a->zh ? "以上金鑰取自驗證包本身：請與他處取得之指紋核對"
			  : "these come from the bundle: compare them with "
			    "fingerprints from elsewhere");
	}
}

static void
say_checkpoint(
    const struct ex_verify_answer *a, const struct ex_bundle_result *r)
{
	char hex[EX_SHA256_HEX];

	if (!r->has_checkpoint)
		return;
	ex_hex(hex, r->checkpoint.root, EX_HASH);
	ex_verify_label(a, "log", "日誌");
	(void)printf("%s\n", r->checkpoint.origin);
	ex_verify_label(a, "checkpoint", "檢查點");
	(void)printf("%" PRIu64 " %s %s\n", r->checkpoint.size,
	    a->zh ? "筆，根雜湊" : "entries, root", hex);
}

static void
say_bundle(const struct ex_verify_answer *a, const char *path,
    const struct ex_bundle_result *r)
{
	char shown[512];

	if (r->tiles)
		ex_verify_label(a, "tiles", "日誌磚");
	else
		ex_verify_label(a, "bundle", "驗證包");
	(void)printf("%s\n", ex_text_shown(shown, sizeof(shown), path));
	if (r->subject[0] != '\0') {
		ex_verify_label(a, "about", "對象");
		(void)printf("%s\n", r->subject);
	}
	say_checkpoint(a, r);
	if (r->nentries > 0) {
		ex_verify_label(a, "entries", "紀錄");
		(void)printf(a->zh ? "%zu 筆，%zu 鏈；有效簽章 %zu；文字 %zu 則"
				     "（保留未附 %zu 則）\n"
				   : "%zu in %zu streams; %zu signatures hold; "
				     "%zu texts opened, %zu withheld\n",
		    r->nentries, r->nstreams, r->signatures, r->openings,
		    r->withheld);
	}
	if (r->tile_entries > 0) {
		ex_verify_label(a, "entries", "紀錄");
		(void)printf(a->zh ? "%" PRIu64 " 筆，有效簽章 %zu\n"
				   : "%" PRIu64 ", %zu signatures hold\n",
		    r->tile_entries, r->signatures);
	}
	ex_verify_say_outside(a, r);
	say_keys(a, r);
	for (size_t i = 0; i < r->nremarks; i++)
		say_remark(&r->remark[i]);
}

int
ex_verify_say_text(const struct ex_verify_answer *a, struct ex_err *err)
{
	for (size_t i = 0; i < 2; i++) {
		if (a->path[i] == NULL)
			continue;
		say_bundle(a, a->path[i], a->result[i]);
		(void)putchar('\n');
	}
	(void)printf("%s%s: %s\n", a->zh ? "結論 " : "",
	    ex_verdict_name(a->verdict),
	    a->zh ? verdict_zh[a->verdict] : ex_verdict_text(a->verdict));
	if (fflush(stdout) != 0 || ferror(stdout))
		return ex_fail_errno(err, "standard output");
	return 0;
}

static struct ex_json *
remark_json(const struct ex_remark *m, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	if (ex_json_set_text(v, "code", m->code, err) == -1 ||
	    ex_json_set_text(v, "text", m->text, err) == -1 ||
	    (m->file[0] != '\0' &&
		ex_json_set_text(v, "file", m->file, err) == -1) ||
	    (m->stream[0] != '\0' &&
		ex_json_set_text(v, "stream", m->stream, err) == -1)) {
		ex_json_free(v);
		return NULL;
	}
	return v;
}

/* The remarks of one severity under key. */
static int
set_remarks(struct ex_json *out, const char *key, enum ex_severity severity,
    const struct ex_bundle_result *r, struct ex_err *err)
{
	struct ex_json *list = ex_json_array();

	for (size_t i = 0; list != NULL && i < r->nremarks; i++) {
		if (r->remark[i].severity == severity &&
		    ex_json_add(list, remark_json(&r->remark[i], err), err) ==
			-1) {
			ex_json_free(list);
			return -1;
		}
	}
	return ex_json_set(out, key, list, err);
}

static int
set_keys(
    struct ex_json *out, const struct ex_bundle_result *r, struct ex_err *err)
{
	struct ex_json *list = ex_json_array();
	char hex[EX_SHA256_HEX], vkey[EX_VKEY_TEXT];

	for (size_t i = 0; i < r->nroots; i++) {
		ex_hex(hex, r->root[i], EX_SHA256_LEN);
		if (ex_json_add(list, ex_json_string(hex), err) == -1) {
			ex_json_free(list);
			return -1;
		}
	}
	if (ex_json_set(out, "roots", list, err) == -1)
		return -1;
	if (!r->checkpoint_known)
		return 0;
	key_fingerprint(hex, &r->log);
	if (ex_vkey_text(vkey, &r->log, err) == -1 ||
	    ex_json_set_text(out, "log_key", vkey, err) == -1)
		return -1;
	return ex_json_set_text(out, "log_key_sha256", hex, err);
}

static int
set_checkpoint(
    struct ex_json *out, const struct ex_bundle_result *r, struct ex_err *err)
{
	if (!r->has_checkpoint)
		return 0;
	if (ex_json_set_text(out, "origin", r->checkpoint.origin, err) == -1 ||
	    ex_json_set_int(out, "size", (int64_t)r->checkpoint.size, err) ==
		-1)
		return -1;
	return ex_json_set_hex(out, "root", r->checkpoint.root, EX_HASH, err);
}

/* Everything about one of them. */
static int
set_bundle(struct ex_json *out, const char *path,
    const struct ex_bundle_result *r, struct ex_err *err)
{
	const struct {
		const char *key;
		uint64_t n;
	} number[] = {
		{ "entries", r->tiles ? r->tile_entries : r->nentries },
		{ "streams", r->nstreams },
		{ "signatures", r->signatures },
		{ "openings", r->openings },
		{ "withheld", r->withheld },
	};
	char shown[512];

	(void)ex_text_shown(shown, sizeof(shown), path);
	if (ex_json_set_text(out, "path", shown, err) == -1 ||
	    (r->subject[0] != '\0' &&
		ex_json_set_text(out, "subject", r->subject, err) == -1) ||
	    set_checkpoint(out, r, err) == -1 || set_keys(out, r, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(number) / sizeof(number[0]); i++)
		if (ex_json_set_int(
			out, number[i].key, (int64_t)number[i].n, err) == -1)
			return -1;
	if (ex_verify_set_outside(out, r, err) == -1)
		return -1;
	if (set_remarks(out, "faults", EX_FAULT, r, err) == -1 ||
	    set_remarks(out, "findings", EX_FINDING, r, err) == -1)
		return -1;
	return set_remarks(out, "notes", EX_NOTED, r, err);
}

/* The members that every summary has; prints it. */
static int
say_summary(struct ex_json *v, int status, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	int rc = -1;

	if (ex_json_set_text(v, "type", "summary", err) == 0 &&
	    ex_json_set_text(v, "command", "exhibit-verify", err) == 0 &&
	    ex_json_set_int(v, "exit", status, err) == 0 &&
	    ex_json_print(&text, v, err) == 0) {
		(void)puts(ex_buf_text(&text));
		rc = 0;
	}
	ex_buf_free(&text);
	return rc;
}

int
ex_verify_say_json(const struct ex_verify_answer *a, struct ex_err *err)
{
	struct ex_json *v = ex_json_object(), *other = NULL;
	int rc = -1;

	if (ex_json_set_text(v, "verdict", ex_verdict_name(a->verdict), err) ==
		-1 ||
	    ex_json_set_text(v, "text", ex_verdict_text(a->verdict), err) ==
		-1 ||
	    set_bundle(v, a->path[0], a->result[0], err) == -1)
		goto out;
	if (a->path[1] != NULL) {
		other = ex_json_object();
		if (set_bundle(other, a->path[1], a->result[1], err) == -1 ||
		    ex_json_set(v, "other", ex_json_ref(other), err) == -1)
			goto out;
	}
	rc = say_summary(v, ex_verdict_exit(a->verdict), err);
out:
	ex_json_free(other);
	ex_json_free(v);
	return rc;
}

void
ex_verify_say_error(int status, const struct ex_err *why)
{
	struct ex_json *v = ex_json_object(), *e = ex_json_object();

	if (ex_json_set_text(e, "code", ex_code_text(why->code), NULL) == 0 &&
	    ex_json_set_text(e, "message", why->text, NULL) == 0 &&
	    ex_json_set(v, "error", ex_json_ref(e), NULL) == 0)
		(void)say_summary(v, status, NULL);
	ex_json_free(e);
	ex_json_free(v);
}
