/*
 * record.c -- entries that prove themselves, in the order of the tree.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "cases/record_parts.h"
#include "custody/log.h"

static int
grow(struct ex_record *r, struct ex_err *err)
{
	size_t want = r->capentries == 0 ? 64 : 2 * r->capentries;
	struct ex_record_entry **p;

	if (r->nentries < r->capentries)
		return 0;
	if (want > SIZE_MAX / sizeof(*p) ||
	    (p = realloc(r->entry, want * sizeof(*p))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	r->entry = p;
	r->capentries = want;
	return 0;
}

static void
free_entry(struct ex_record_entry *e)
{
	if (e == NULL)
		return;
	ex_admission_free(&e->admission);
	ex_openings_free(&e->openings);
	ex_json_free(e->erased);
	ex_buf_free(&e->entry);
	ex_buf_free(&e->openings_text);
	free(e);
}

int
ex_record_start(struct ex_record *out, const struct ex_vkey *log,
    const struct ex_stream *subject, struct ex_err *err)
{
	memset(out, 0, sizeof(*out));
	out->log = *log;
	out->subject = *subject;
	return ex_world_new(&out->world, 1, err);
}

void
ex_record_free(struct ex_record *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->nentries; i++)
		free_entry(r->entry[i]);
	free(r->entry);
	for (size_t i = 0; i < r->nitems; i++)
		free(r->item[i]);
	free(r->item);
	ex_world_free(r->world);
	ex_buf_free(&r->note);
	memset(r, 0, sizeof(*r));
}

int
ex_record_checkpoint(struct ex_record *r, struct ex_err *err)
{
	if (ex_checkpoint_check(
		&r->checkpoint, r->note.data, r->note.len, &r->log, err) == -1)
		return ex_while(err, "the newest checkpoint");
	return 0;
}

/* Admit the entry over what came before it, and take its facts over. */
static int
admit(struct ex_record *r, struct ex_record_entry *e, struct ex_err *err)
{
	static const struct ex_admit_options options = { .skip_seen = 1 };

	if (ex_admit(&e->admission, e->entry.data, e->entry.len,
		ex_world_view(r->world), &options, err) == -1)
		return -1;
	if (ex_tree_check_inclusion(&e->proof, e->admission.leaf, e->index,
		r->checkpoint.size, r->checkpoint.root, err) == -1)
		return -1;
	if (ex_openings_read(&e->openings, &e->admission.event,
		e->openings_text.data, e->openings_text.len, err) == -1)
		return -1;
	return ex_world_apply(r->world, &e->admission, e->index, err);
}

/* An erasure comes after what it erases, which keeps its number. */
static int
mark_erased(struct ex_record *r, const struct ex_event *e, struct ex_err *err)
{
	const struct ex_json *paths = ex_json_get(e->fields, "paths");
	struct ex_record_entry *of = NULL;
	uint8_t leaf[EX_HASH];
	char words[64];

	if (e->act != EX_ACT_ERASE ||
	    ex_json_need_hex(leaf, EX_HASH, e->fields, "entry", NULL) == -1)
		return 0;
	for (size_t i = 0; i < r->nentries && of == NULL; i++)
		if (memcmp(r->entry[i]->admission.leaf, leaf, EX_HASH) == 0)
			of = r->entry[i];
	if (of == NULL)
		return 0;
	if (of->erased == NULL && (of->erased = ex_json_object()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	(void)snprintf(
	    words, sizeof(words), "erased by entry %" PRIu64, e->seq);
	for (size_t i = 0; i < ex_json_count(paths); i++) {
		const char *path = ex_json_text(ex_json_at(paths, i));

		if (path != NULL &&
		    ex_json_set_text(of->erased, path, words, err) == -1)
			return -1;
	}
	return 0;
}

int
ex_record_add(
    struct ex_record *r, const struct ex_record_source *s, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_record_entry *e;

	if (r->nentries > 0 && s->index <= r->entry[r->nentries - 1]->index)
		return ex_fail(err, EX_DAMAGED,
		    "entry %" PRIu64 " is in the log twice", s->index);
	if (grow(r, err) == -1)
		return -1;
	if ((e = calloc(1, sizeof(*e))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	e->index = s->index;
	e->recorded_at = s->recorded_at;
	e->proof = *s->proof;
	if (ex_buf_add(&e->entry, s->entry, s->nentry, &why) == -1 ||
	    ex_buf_add(&e->openings_text, s->openings, s->nopenings, &why) ==
		-1 ||
	    admit(r, e, &why) == -1) {
		free_entry(e);
		/* Whatever is wrong with it: it stands in the log and should
		 * not. */
		return ex_fail(err,
		    why.code == EX_SYSTEM ? EX_SYSTEM : EX_DAMAGED,
		    "entry %" PRIu64 ": %s", s->index, why.text);
	}
	r->entry[r->nentries++] = e;
	return mark_erased(r, &e->admission.event, err);
}

const struct ex_record_entry *
ex_record_by_leaf(const struct ex_record *r, const uint8_t leaf[EX_HASH])
{
	for (size_t i = 0; i < r->nentries; i++) {
		if (memcmp(r->entry[i]->admission.leaf, leaf, EX_HASH) == 0)
			return r->entry[i];
	}
	return NULL;
}

const struct ex_record_entry *
ex_record_by_seq(
    const struct ex_record *r, const struct ex_stream *stream, uint64_t seq)
{
	for (size_t i = 0; i < r->nentries; i++) {
		const struct ex_event *e = &r->entry[i]->admission.event;

		if (e->seq == seq && ex_stream_equal(&e->stream, stream))
			return r->entry[i];
	}
	return NULL;
}

int
ex_record_fact(struct ex_json **out, const struct ex_record *r,
    const char *kind, const char *id, struct ex_err *err)
{
	const struct ex_view *view = ex_world_view(r->world);

	return view->get(view->arg, kind, id, out, err);
}

const char *
ex_record_erased(const struct ex_record_entry *e, const char *path)
{
	return ex_json_get_text(e->erased, path);
}

const char *
ex_record_text(const struct ex_record_entry *e, const char *path)
{
	return ex_openings_text(&e->openings, path);
}

const struct ex_json *
ex_record_after(
    const struct ex_record_entry *e, const char *kind, const char *id)
{
	const struct ex_facts *facts = &e->admission.judgement.facts;

	for (size_t i = facts->n; i-- > 0;) {
		const struct ex_fact *f = &facts->fact[i];

		if (strcmp(f->kind, kind) == 0 && strcmp(f->id, id) == 0)
			return f->value;
	}
	return NULL;
}

/* Does the entry belong to the item's own stream? */
int
ex_record_of_item(const struct ex_record_entry *e, const char *item)
{
	const struct ex_stream *s = &e->admission.event.stream;

	return s->kind == EX_STREAM_ITEM && strcmp(s->id, item) == 0;
}

static const char *
key_assurance(const char *storage, int own_ca, int zh)
{
	int card = strcmp(storage, "file") != 0;

	if (card && !own_ca)
		return zh ? "自有卡片，他機關憑證"
			  : "own card, other body's CA";
	if (card)
		return zh ? "卡片，實驗室憑證" : "card, laboratory CA";
	if (!own_ca)
		return zh ? "軟體金鑰，他機關憑證"
			  : "software key, other body's CA";
	return zh ? "軟體金鑰，實驗室憑證" : "software key, laboratory CA";
}

const char *
ex_assurance(enum ex_mode mode, const char *storage, int own_ca, int zh)
{
	switch (mode) {
	case EX_MODE_SIGNED:
	case EX_MODE_STATION:
	case EX_MODE_SERVICE:
		return key_assurance(storage, own_ca, zh);
	case EX_MODE_PORTAL:
		return zh ? "經入口網站確認" : "confirmed in the portal";
	case EX_MODE_PAPER:
		return zh ? "紙本簽名，由他人登錄"
			  : "on paper, recorded by another";
	case EX_MODE_REFUSED:
		return zh ? "拒絕簽名" : "refused to sign";
	case EX_MODE_ABSENT:
		return zh ? "未到場" : "not present";
	case EX_MODES:
		break;
	}
	return zh ? "不明" : "unknown";
}

const char *
ex_record_assurance(const struct ex_record *r, const struct ex_party *p, int zh)
{
	char hex[EX_SHA256_HEX];
	struct ex_json *key = NULL;
	int own = 1;

	if (ex_mode_signs(p->mode)) {
		ex_hex(hex, p->cert_sha256, sizeof(p->cert_sha256));
		if (ex_record_fact(&key, r, "key", hex, NULL) == 0)
			own = ex_json_get(key, "ca") == NULL;
		ex_json_free(key);
	}
	return ex_assurance(p->mode, p->storage, own, zh);
}
