/*
 * bundles.c -- a case with everything in it, and bundles of it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/proc.h"
#include "tests/custody/bundles.h"

/* One act on an item, by its usual fields or others. */
static void
go(struct scene *s, const char *id, enum ex_act act, const char *fields,
    const char *texts)
{
	char stream[EX_STREAM_TEXT];
	struct act a;

	(void)snprintf(stream, sizeof(stream), "item:%s", id);
	house_usual(&a, act, stream);
	if (fields != NULL)
		a.fields = fields;
	if (texts != NULL)
		a.texts = texts;
	house_do(&s->house, &a);
}

void
scene_see(struct scene *s)
{
	house_root(&s->house, &s->house.seen);
}

void
scene_push(struct scene *s, const struct act *a)
{
	struct ex_buf body = EX_BUF_INIT;
	struct house *h = &s->house;
	struct house_entry *e;
	struct ex_json *v = NULL;

	/* Room: the house grows its list by itself, and has some left. */
	if (h->nentries == h->capentries) {
		h->capentries *= 2;
		h->entry = realloc(h->entry, h->capentries * sizeof(*h->entry));
		assert_non_null(h->entry);
	}
	e = &h->entry[h->nentries++];
	memset(e, 0, sizeof(*e));
	MUST(house_write(h, a, &body, &e->openings, err));
	house_sign(h, &e->bytes, &body, a->signers);
	ex_entry_leaf(e->leaf, e->bytes.data, e->bytes.len);
	MUST(ex_stream_read(&e->stream, a->stream, err));
	MUST(ex_json_read(&v, body.data, body.len, err));
	e->seq = (uint64_t)ex_json_get_int(v, "seq", 0);
	ex_json_free(v);
	ex_buf_free(&body);
}

void
scene_pop(struct scene *s)
{
	struct house_entry *e = &s->house.entry[--s->house.nentries];

	ex_buf_free(&e->bytes);
	ex_buf_free(&e->openings);
}

/* The root that both members of a batch name. */
static struct ex_batch_member batch[2];
static uint8_t batch_root[EX_HASH];

static void
be_of_batch(struct ex_draft *d, struct ex_party *party)
{
	(void)party;
	d->batch_id = "01890000-0000-7000-8000-00000000000b";
	d->batch_count = 2;
	memcpy(d->batch_root, batch_root, EX_HASH);
}

static void
do_batch(struct scene *s)
{
	const char *const id[] = { s->item, s->other };
	char stream[EX_STREAM_TEXT];
	struct act a;

	for (int i = 0; i < 2; i++) {
		struct ex_json *v;

		(void)snprintf(stream, sizeof(stream), "item:%s", id[i]);
		v = house_fact(&s->house, "stream", stream);
		MUST(ex_stream_read(&batch[i].stream, stream, err));
		batch[i].seq = (uint64_t)ex_json_get_int(v, "seq", 0) + 1;
		MUST(ex_json_need_hex(batch[i].prev, EX_HASH, v, "leaf", err));
		batch[i].act = EX_ACT_MOVE;
		ex_json_free(v);
	}
	MUST(ex_batch_root(batch_root, batch, 2, err));
	for (int i = 0; i < 2; i++) {
		(void)snprintf(stream, sizeof(stream), "item:%s", id[i]);
		house_usual(&a, EX_ACT_MOVE, stream);
		a.tweak = be_of_batch;
		house_do(&s->house, &a);
	}
}

static void
do_report(struct scene *s)
{
	char fields[256], hex[EX_SHA256_HEX];

	ex_sha256_hex(hex, SCENE_REPORT, strlen(SCENE_REPORT));
	(void)snprintf(fields, sizeof(fields),
	    "{'sha256':'%s','size':1,'format':'html','language':'en'}", hex);
	go(s, s->item, EX_ACT_REPORT, fields, NULL);
}

static void
play(struct scene *s)
{
	struct house *h = &s->house;

	(void)snprintf(
	    s->item, sizeof(s->item), "%s", house_bring(h, EX_IN_STORE));
	scene_see(s);
	(void)snprintf(
	    s->other, sizeof(s->other), "%s", house_bring(h, EX_IN_STORE));
	do_batch(s);
	go(s, s->item, EX_ACT_NOTE, NULL, "{'note':'to be erased'}");
	go(s, s->item, EX_ACT_ERASE, NULL, NULL);
	scene_see(s);
	go(s, s->item, EX_ACT_PHOTOGRAPH, NULL, NULL);
	do_report(s);
	scene_heads(s);
}

/* Another case, of which no bundle of the first one speaks. */
static void
play_elsewhere(struct scene *s)
{
	static const struct act open = { .act = EX_ACT_CASE_OPEN,
		.stream = "case:ELSEWHERE",
		.texts = "{'title':'another case'}",
		.parties = "officer=S-OFF" };
	static const struct act announce = { .act = EX_ACT_ANNOUNCE,
		.stream = "item:ELSE-1",
		.fields = "{'case':'ELSEWHERE','seizure_record':'R',"
			  "'kind':'device'}",
		.texts = "{'description':'d'}",
		.parties = "submitter=S-OFF" };

	house_do(&s->house, &open);
	house_do(&s->house, &announce);
}

static void
write_trust(struct scene *s)
{
	struct ex_buf b = EX_BUF_INIT;
	char vkey[EX_VKEY_TEXT];

	(void)snprintf(s->roots, sizeof(s->roots), "%s/ca.pem", s->dir);
	(void)snprintf(s->log_pem, sizeof(s->log_pem), "%s/log.pem", s->dir);
	(void)snprintf(s->policy, sizeof(s->policy), "%s/policy", s->dir);
	MUST(ex_cert_to_pem(&b, s->house.ca.data, s->house.ca.len, err));
	MUST(ex_file_write(s->roots, b.data, b.len, 0644, err));
	ex_buf_cut(&b, 0);
	MUST(ex_vkey_pem(&b, &s->house.vkey, err));
	MUST(ex_file_write(s->log_pem, b.data, b.len, 0644, err));
	ex_buf_cut(&b, 0);
	MUST(ex_vkey_text(vkey, &s->house.vkey, err));
	MUST(ex_buf_addf(&b, err, "log %s\nquorum none\n", vkey));
	MUST(ex_file_write(s->policy, b.data, b.len, 0644, err));
	ex_buf_free(&b);
	MUST(ex_roots_load(&s->ca, s->roots, err));
	MUST(ex_policy_load(&s->trusted, s->policy, err));
}

void
scene_open(struct scene *s)
{
	memset(s, 0, sizeof(*s));
	(void)snprintf(s->dir, sizeof(s->dir), "/tmp/exbundle.XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	house_open_few(&s->house);
	scene_see(s);
	play_elsewhere(s);
	play(s);
	write_trust(s);
}

void
scene_close(struct scene *s)
{
	ex_roots_free(s->ca);
	ex_policy_free(s->trusted);
	house_close(&s->house);
	MUST(ex_remove_tree(s->dir, err));
}

int
scene_group_open(void **state)
{
	struct scene *s = malloc(sizeof(*s));

	assert_non_null(s);
	scene_open(s);
	*state = s;
	return 0;
}

int
scene_group_close(void **state)
{
	scene_close(*state);
	free(*state);
	return 0;
}

void
scene_heads(struct scene *s)
{
	struct house *h = &s->house;
	struct ex_head *head;
	size_t n = scene_gather(h, h->nentries, &head);
	char fields[256], hex[65];
	uint8_t root[EX_HASH];
	struct act a = { .act = EX_ACT_HEADS,
		.stream = "lab:" HOUSE_ORG,
		.fields = fields,
		.parties = "service=LOG-1" };

	MUST(ex_heads_root(root, head, n, err));
	ex_hex(hex, root, EX_HASH);
	(void)snprintf(fields, sizeof(fields),
	    "{'size':%zu,'count':%zu,'root':'%s'}", h->nentries, n, hex);
	house_do(h, &a);
	free(head);
}

int
scene_run(struct ex_buf *out, const char *const *argv)
{
	struct ex_proc p = EX_PROC_INIT;
	int quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int status = -1;

	assert_true(quiet != -1);
	p.path = argv[0];
	p.argv = argv;
	p.err = quiet;
	MUST(ex_proc_run(&p, out, 1 << 20, 600 * EX_SECOND, &status, err));
	(void)close(quiet);
	return status;
}

const char *
scene_copy(struct scene *s, const char *from)
{
	static char path[8][128];
	static size_t at;
	const char *argv[] = { "cp", "-a", from, NULL, NULL };

	at = (at + 1) % 8;
	(void)snprintf(
	    path[at], sizeof(path[at]), "%s/copy-%zu", s->dir, ++s->copies);
	argv[3] = path[at];
	assert_int_equal(scene_run(NULL, argv), 0);
	return path[at];
}

const char *
scene_first(const struct ex_bundle_result *r, enum ex_severity least)
{
	for (size_t i = 0; i < r->nremarks; i++)
		if (r->remark[i].severity >= least)
			return r->remark[i].code;
	return "";
}

int
scene_says(const struct ex_bundle_result *r, const char *code)
{
	for (size_t i = 0; i < r->nremarks; i++)
		if (strcmp(r->remark[i].code, code) == 0)
			return 1;
	return 0;
}

void
scene_check(struct scene *s, const char *path, struct ex_bundle_result *r)
{
	const struct ex_trust trust = { s->trusted, s->ca };

	MUST(ex_bundle_check(r, path, &trust, err));
}

/* A name that no bundle had. */
const char *
scene_fresh(struct scene *s)
{
	static char name[4][32];
	static size_t at;

	at = (at + 1) % 4;
	(void)snprintf(name[at], sizeof(name[at]), "bundle-%zu", ++s->copies);
	return name[at];
}

void
scene_is(const struct ex_bundle_result *r, enum ex_verdict verdict)
{
	if (r->verdict == verdict)
		return;
	for (size_t i = 0; i < r->nremarks && i < 8; i++)
		print_error("  %s %s %s %s: %s\n",
		    ex_severity_name(r->remark[i].severity), r->remark[i].code,
		    r->remark[i].file, r->remark[i].stream, r->remark[i].text);
	fail_msg("%s, not %s", ex_verdict_name(r->verdict),
	    ex_verdict_name(verdict));
}

/* It is faulty, and this is among the reasons. */
void
scene_faulty(struct scene *s, const struct bundling *b, const char *code)
{
	struct ex_bundle_result r;

	scene_check(s, scene_bundle(s, scene_fresh(s), b), &r);
	scene_is(&r, EX_FAULTY);
	if (!scene_says(&r, code))
		fail_msg("%s, not %s", scene_first(&r, EX_FINDING), code);
	ex_bundle_result_free(&r);
}
