/*
 * bundle_log.c -- the checkpoint of a bundle: whose it is, and that earlier
 * states of the log are prefixes of it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "custody/bundle_checking.h"

enum {
	PREFIX_FILE_MAX = 131072 /* bytes: a note and 65 hashes fit */
};

/* The manifest names the same checkpoint. */
static int
compare_manifest(struct ex_bundle_checking *c, struct ex_err *err)
{
	const struct ex_checkpoint *p = &c->r->checkpoint;
	const struct ex_manifest *m = &c->manifest;

	if (!c->has_manifest ||
	    (strcmp(m->origin, p->origin) == 0 && m->size == p->size &&
		memcmp(m->root, p->root, EX_HASH) == 0))
		return 0;
	return ex_bundle_remark(c->r, err, EX_FAULT, "manifest-checkpoint",
	    EX_BUNDLE_MANIFEST, NULL,
	    "names another checkpoint than " EX_BUNDLE_CHECKPOINT);
}

int
ex_bundle_read_checkpoint(struct ex_bundle_checking *c, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_note note;

	if (ex_folder_read(&c->note, &c->folder, EX_BUNDLE_CHECKPOINT,
		EX_NOTE_MAX, &why) == -1 ||
	    ex_note_parse(&note, c->note.data, c->note.len, &why) == -1 ||
	    ex_checkpoint_read(&c->r->checkpoint, note.text, &why) == -1)
		return ex_bundle_fault(
		    c->r, err, &why, "checkpoint", EX_BUNDLE_CHECKPOINT, NULL);
	c->r->has_checkpoint = 1;
	return compare_manifest(c, err);
}

/* The log's key as the genesis entry names it: a hint, but a signed one. */
static int
genesis_key(struct ex_bundle_checking *c, int *has, struct ex_vkey *out,
    struct ex_err *err)
{
	const struct ex_view *view = ex_world_view(c->world);
	struct ex_err why = EX_ERR_INIT;
	struct ex_json *v = NULL;
	const char *text;
	int rc = 0;

	*has = 0;
	if (view->get(view->arg, "log", "log", &v, err) == -1)
		return -1;
	if (v == NULL)
		return ex_bundle_remark(c->r, err, EX_FAULT, "genesis", NULL,
		    NULL, "the log's first entry is not in this bundle");
	if (ex_json_need_text(&text, v, "vkey", &why) == 0 &&
	    ex_vkey_read(out, text, &why) == 0)
		*has = 1;
	else
		rc = ex_bundle_fault(c->r, err, &why, "genesis", NULL, NULL);
	ex_json_free(v);
	return rc;
}

/* Whose cosignatures hold: to be told. */
static int
keep_cosigners(struct ex_bundle_checking *c, const struct ex_note *note,
    struct ex_err *err)
{
	const struct ex_policy *p = c->trust->policy;
	size_t n = ex_policy_witnesses(p);

	c->r->cosigner = calloc(n + 1, sizeof(*c->r->cosigner));
	if (c->r->cosigner == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < n; i++) {
		struct ex_bundle_cosigner *w =
		    &c->r->cosigner[c->r->ncosigners];

		if (!ex_policy_in_time(p, i, c->r->checkpoint.size) ||
		    ex_note_check(
			note, ex_policy_witness(p, i), &w->time, NULL) == -1)
			continue;
		(void)snprintf(w->name, sizeof(w->name), "%s",
		    ex_policy_witness_name(p, i));
		(void)snprintf(
		    w->org, sizeof(w->org), "%s", ex_policy_org(p, i));
		w->monitor = ex_policy_monitor(p, i);
		c->r->ncosigners++;
	}
	return 0;
}

/* The verifier's policy decides whose line counts, and whether others'. */
int
ex_bundle_ask_policy(
    struct ex_bundle_checking *c, const char *file, struct ex_err *err)
{
	const struct ex_policy *policy = c->trust->policy;
	struct ex_err why = EX_ERR_INIT;
	struct ex_note note;

	if (ex_note_parse(&note, c->note.data, c->note.len, &why) == -1 ||
	    ex_policy_met(policy, &note, &c->r->quorum, &c->r->other, &why) ==
		-1)
		return ex_bundle_fault(c->r, err, &why, "policy", file, NULL);
	if (keep_cosigners(c, &note, err) == -1)
		return -1;
	for (size_t i = 0; i < ex_policy_logs(policy); i++) {
		struct ex_checkpoint ignored;

		c->r->log = *ex_policy_log(policy, i);
		if (ex_checkpoint_check(&ignored, c->note.data, c->note.len,
			&c->r->log, NULL) == 0)
			break;
	}
	c->r->checkpoint_known = 1;
	if (c->r->quorum)
		return 0;
	return ex_bundle_remark(c->r, err, EX_NOTED, "quorum", file, NULL,
	    ex_policy_quorum_none(policy)
		? "the policy asks for no cosignature of others"
		: "the cosignatures do not meet the policy's quorum");
}

int
ex_bundle_check_log(struct ex_bundle_checking *c, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_checkpoint ignored;
	struct ex_vkey key;
	int has;

	if (genesis_key(c, &has, &key, err) == -1)
		return -1;
	if (!c->r->has_checkpoint)
		return 0;
	if (c->trust->policy != NULL) {
		if (ex_bundle_ask_policy(c, EX_BUNDLE_CHECKPOINT, err) == -1)
			return -1;
		if (has && c->r->checkpoint_known &&
		    memcmp(key.key, c->r->log.key, sizeof(key.key)) != 0)
			return ex_bundle_remark(c->r, err, EX_FAULT, "log-key",
			    NULL, NULL,
			    "the log's entries name another key than the "
			    "policy");
		return 0;
	}
	if (!has)
		return 0;
	if (ex_checkpoint_check(
		&ignored, c->note.data, c->note.len, &key, &why) == -1)
		return ex_bundle_fault(c->r, err, &why, "checkpoint-signature",
		    EX_BUNDLE_CHECKPOINT, NULL);
	c->r->log = key;
	c->r->checkpoint_known = 1;
	return 0;
}

int
ex_bundle_keep_prefix(struct ex_bundle_result *r, uint64_t size,
    const struct ex_tree_proof *proof, struct ex_err *err)
{
	void *array = r->prefix;

	if (ex_bundle_grow(&array, &r->capprefixes, r->nprefixes,
		sizeof(*r->prefix), err) == -1)
		return -1;
	r->prefix = array;
	r->prefix[r->nprefixes].size = size;
	r->prefix[r->nprefixes++].proof = *proof;
	return 0;
}

/* The file that leads from what a party had seen to the checkpoint. */
static int
read_prefix(struct ex_bundle_checking *c, const struct ex_bundle_seen *s,
    const char *path, struct ex_buf *text, struct ex_err *err)
{
	const struct ex_checkpoint *p = &c->r->checkpoint;
	struct ex_tlog_consistency proof;
	struct ex_err why = EX_ERR_INIT;

	if (ex_folder_read(text, &c->folder, path, PREFIX_FILE_MAX, &why) ==
		-1 ||
	    ex_tlog_consistency_read(&proof, text->data, text->len, &why) == -1)
		return ex_bundle_fault(
		    c->r, err, &why, "consistency", path, NULL);
	if (proof.old != s->size ||
	    !ex_span_equal(proof.note, c->note.data, c->note.len))
		return ex_bundle_remark(c->r, err, EX_FAULT, "consistency",
		    path, NULL, "is a proof of something else");
	if (ex_tree_check_consistency(
		&proof.proof, s->size, s->root, p->size, p->root, &why) == -1) {
		(void)ex_fail(&why, EX_DAMAGED, "?");
		return ex_bundle_remark(c->r, err, EX_FAULT, "seen-root", path,
		    NULL,
		    "what the signers of e%04zu had seen at size %" PRIu64
		    " is no prefix of the checkpoint: %s",
		    s->n, s->size, why.text);
	}
	return ex_bundle_keep_prefix(c->r, s->size, &proof.proof, err);
}

static int
check_prefix(struct ex_bundle_checking *c, const struct ex_bundle_seen *s,
    struct ex_err *err)
{
	const struct ex_checkpoint *p = &c->r->checkpoint;
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_BUNDLE_PATH];
	int rc;

	ex_bundle_consistency_path(path, s->size);
	if (s->size == 0)
		return 0;
	if (s->size > p->size)
		return ex_bundle_remark(c->r, err, EX_FAULT, "seen-future",
		    NULL, NULL,
		    "the signers of e%04zu had seen %" PRIu64
		    " entries; the checkpoint has %" PRIu64,
		    s->n, s->size, p->size);
	if (s->size == p->size && memcmp(s->root, p->root, EX_HASH) != 0)
		return ex_bundle_remark(c->r, err, EX_FAULT, "seen-root", NULL,
		    NULL,
		    "the signers of e%04zu had seen another root of this "
		    "size: two histories",
		    s->n);
	if (s->size == p->size)
		return 0;
	rc = read_prefix(c, s, path, &text, err);
	ex_buf_free(&text);
	return rc;
}

int
ex_bundle_prefix_holds(int *holds, struct ex_bundle_checking *c,
    const struct ex_checkpoint *old, struct ex_err *err)
{
	const struct ex_checkpoint *p = &c->r->checkpoint;
	struct ex_buf text = EX_BUF_INIT;
	struct ex_tlog_consistency proof;
	struct ex_err why = EX_ERR_INIT;
	char path[EX_BUNDLE_PATH];
	int rc = 0;

	*holds =
	    old->size == p->size && memcmp(old->root, p->root, EX_HASH) == 0;
	if (*holds || old->size >= p->size)
		return 0;
	ex_bundle_consistency_path(path, old->size);
	if (ex_folder_read(&text, &c->folder, path, PREFIX_FILE_MAX, &why) ==
		0 &&
	    ex_tlog_consistency_read(&proof, text.data, text.len, &why) == 0 &&
	    proof.old == old->size &&
	    ex_tree_check_consistency(&proof.proof, old->size, old->root,
		p->size, p->root, &why) == 0)
		*holds = 1;
	if (why.code == EX_SYSTEM)
		rc = ex_fail(err, EX_SYSTEM, "%s", why.text);
	ex_buf_free(&text);
	return rc;
}

int
ex_bundle_check_prefixes(struct ex_bundle_checking *c, struct ex_err *err)
{
	if (!c->r->has_checkpoint)
		return 0;
	for (size_t i = 0; i < c->nseen; i++) {
		if (check_prefix(c, &c->seen[i], err) == -1)
			return -1;
	}
	return 0;
}
