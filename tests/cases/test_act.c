/*
 * test_act.c -- an act is done with its receipt, or leaves nothing behind.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/log.h"
#include "signing/cms.h"
#include "tests/cases/acts.h"

enum {
	BATCH = 40
};

/* An entry's file among the receipts. */
static void
read_receipt(const struct desk *d, const struct ex_done *done,
    const char *ending, struct ex_buf *out)
{
	char path[EX_PATH], hex[17];

	for (size_t i = 0; i < 8; i++)
		(void)snprintf(&hex[2 * i], 3, "%02x", done->leaf[i]);
	(void)snprintf(path, sizeof(path), "%s/receipts/%s-%s-%d-%s.%s", d->dir,
	    ex_stream_kind_name(done->stream.kind), done->stream.id,
	    (int)done->seq, hex, ending);
	MUST(ex_file_read(out, path, EX_JSON_MAX, err));
}

/* The receipt proves the entry to whoever trusts the log's key. */
static void
check_receipt(const struct desk *d, const struct ex_done *done, size_t signers)
{
	struct ex_buf entry = EX_BUF_INIT, proof = EX_BUF_INIT;
	struct ex_tlog_proof p;
	uint8_t leaf[EX_HASH];
	struct ex_cms *cms = calloc(1, sizeof(*cms));

	assert_non_null(cms);
	read_receipt(d, done, "p7m", &entry);
	read_receipt(d, done, "tlog-proof", &proof);
	ex_entry_leaf(leaf, entry.data, entry.len);
	assert_memory_equal(leaf, done->leaf, EX_HASH);
	MUST(ex_tlog_proof_read(&p, proof.data, proof.len, err));
	MUST(ex_tlog_proof_check(
	    &p, leaf, ex_house_log_key(d->house), NULL, err));
	assert_int_equal(p.index, done->index);
	MUST(ex_cms_parse(cms, entry.data, entry.len, err));
	MUST(ex_cms_check(cms, err));
	assert_int_equal(cms->nsigners, signers);
	free(cms);
	ex_buf_free(&entry);
	ex_buf_free(&proof);
}

static void
one_act_is_one_entry_with_its_receipt(void **state)
{
	struct desk *d = *state;
	size_t before = acts_files(d, "receipts", ".tlog-proof");
	struct ex_buf openings = EX_BUF_INIT;
	long entries = acts_entries(d);
	struct ex_outcome o;
	struct ex_request r;

	ex_request_init(&r);
	acts_announce(&r, "ONE-1");
	desk_seat(d, ACTS_OFFICER, NULL);
	MUST(acts_do(d, &r, EX_ACT_ANNOUNCE, &o, err));
	assert_int_equal(o.n, 1);
	assert_string_equal(o.batch, "");
	assert_string_equal(o.done[0].state, "ANNOUNCED");
	assert_int_equal(o.done[0].seq, 1);
	check_receipt(d, &o.done[0], 1);
	read_receipt(d, &o.done[0], "openings.json", &openings);
	assert_non_null(strstr(ex_buf_text(&openings), "a disk of a test"));
	assert_int_equal(acts_entries(d), entries + 1);
	assert_int_equal(acts_files(d, "receipts", ".tlog-proof"), before + 1);
	acts_clean(d);
	ex_buf_free(&openings);
	ex_outcome_free(&o);
}

static void
forty_items_are_one_batch_of_two_signers(void **state)
{
	struct desk *d = *state;
	long entries = acts_entries(d);
	struct ex_outcome o;
	struct ex_request r;

	ex_request_init(&r);
	for (size_t i = 0; i < BATCH; i++)
		acts_announce(&r, acts_item("FORTY", i));
	desk_seat(d, ACTS_OFFICER, NULL);
	MUST(acts_do(d, &r, EX_ACT_ANNOUNCE, &o, err));
	ex_outcome_free(&o);
	ex_request_init(&r);
	for (size_t i = 0; i < BATCH; i++)
		acts_receive(&r, acts_item("FORTY", i));
	desk_seat(d, ACTS_CUSTODIAN, ACTS_OFFICER);
	MUST(acts_do(d, &r, EX_ACT_RECEIVE, &o, err));
	assert_int_equal(o.n, BATCH);
	assert_int_equal(strlen(o.batch), 36);
	for (size_t i = 0; i < o.n; i++) {
		assert_string_equal(o.done[i].stream.id, acts_item("FORTY", i));
		assert_string_equal(o.done[i].state, "RECEIVED");
		check_receipt(d, &o.done[i], 2);
	}
	assert_int_equal(acts_entries(d), entries + 2 * BATCH);
	assert_int_equal(acts_rejected(d), 0);
	acts_clean(d);
	ex_outcome_free(&o);
}

static void
what_came_of_it_is_told(void **state)
{
	struct desk *d = *state;
	struct ex_json *v = ex_json_object();
	const struct ex_json *event;
	struct ex_outcome o;
	struct ex_request r;
	int status = 0;

	ex_request_init(&r);
	acts_announce(&r, "TOLD-1");
	desk_seat(d, ACTS_OFFICER, NULL);
	MUST(acts_do(d, &r, EX_ACT_ANNOUNCE, &o, err));
	MUST(ex_outcome_json(v, &status, &o, err));
	assert_int_equal(status, 0);
	event = ex_json_at(ex_json_get(v, "events"), 0);
	assert_string_equal(ex_json_get_text(event, "item"), "TOLD-1");
	assert_string_equal(ex_json_get_text(event, "state"), "ANNOUNCED");
	/* With one event its members stand at the top as well. */
	assert_string_equal(
	    ex_json_get_text(v, "leaf"), ex_json_get_text(event, "leaf"));
	assert_int_equal(ex_json_get_int(v, "seq", 0), 1);
	o.done[0].nfindings = 1;
	MUST(ex_outcome_json(v, &status, &o, err));
	assert_int_equal(status, 1);
	ex_outcome_free(&o);
	ex_json_free(v);
}

static void
asking_beforehand_changes_nothing(void **state)
{
	struct desk *d = *state;
	long entries = acts_entries(d);
	struct ex_err why = EX_ERR_INIT;
	struct ex_request r;

	desk_seat(d, ACTS_OFFICER, NULL);
	ex_request_init(&r);
	acts_announce(&r, "ASK-1");
	MUST(ex_request_seat_desk(&r, d->house, EX_ACT_ANNOUNCE, err));
	MUST(ex_act_check(d->house, &r, err));
	acts_announce(&r, "ONE-1");
	assert_int_equal(ex_act_check(d->house, &r, &why), -1);
	assert_int_equal(why.code, EX_STATE);
	ex_request_free(&r);
	assert_int_equal(acts_entries(d), entries);
	acts_clean(d);
}

/* What the rules refuse, and what the one line must say. */
static const struct {
	const char *claim;
	enum ex_act act;
	const char *item[2]; /* NULL: no more */
	const char *as, *with;
	enum ex_code code;
	const char *says[3];
} refused[] = {
	{ "an item is not received twice", EX_ACT_RECEIVE, { "NO-2", NULL },
	    ACTS_CUSTODIAN, ACTS_OFFICER, EX_STATE,
	    { "receive", "NO-2", "RECEIVED" } },
	{ "one of two that may not stops both", EX_ACT_RECEIVE,
	    { "NO-1", "NO-2" }, ACTS_CUSTODIAN, ACTS_OFFICER, EX_STATE,
	    { "receive", "NO-2", "RECEIVED" } },
	{ "there is no such item", EX_ACT_RECEIVE, { "NO-9", NULL },
	    ACTS_CUSTODIAN, ACTS_OFFICER, EX_ABSENT,
	    { "receive", "NO-9", "no item" } },
	{ "one item is not twice in an act", EX_ACT_RECEIVE, { "NO-1", "NO-1" },
	    ACTS_CUSTODIAN, ACTS_OFFICER, EX_USAGE, { "twice", "NO-1", "" } },
	{ "it takes the submitter", EX_ACT_RECEIVE, { "NO-1", NULL },
	    ACTS_CUSTODIAN, NULL, EX_USAGE,
	    { "receive", "submitter", "--with" } },
	{ "an examiner does not receive", EX_ACT_RECEIVE, { "NO-1", NULL },
	    ACTS_EXAMINER, ACTS_OFFICER, EX_DENIED,
	    { "NO-1", "evidence_custodian", "ANNOUNCED" } },
	{ "one person is not two", EX_ACT_RECEIVE, { "NO-1", NULL },
	    ACTS_CUSTODIAN, ACTS_CUSTODIAN, EX_USAGE,
	    { ACTS_CUSTODIAN, "twice", "" } },
	{ "nobody acts", EX_ACT_RECEIVE, { "NO-1", NULL }, NULL, NULL, EX_USAGE,
	    { "--as", "", "" } },
	{ "no key of that name is here", EX_ACT_RECEIVE, { "NO-1", NULL },
	    ACTS_CUSTODIAN, "NOBODY", EX_ABSENT, { "NOBODY", "key", "" } },
	{ "nothing is asked for", EX_ACT_RECEIVE, { NULL, NULL },
	    ACTS_CUSTODIAN, ACTS_OFFICER, EX_USAGE, { "", "", "" } },
};

/* Everything that an act could leave behind. */
struct traces {
	long entries;
	size_t pending, receipts, vault;
};

static void
look_around(const struct desk *d, struct traces *t)
{
	t->entries = acts_entries(d);
	t->pending = acts_files(d, "pending", "");
	t->receipts = acts_files(d, "receipts", "");
	t->vault = acts_files(d, "vault/attachments", "");
}

static void
same_traces(const struct desk *d, const struct traces *t)
{
	struct traces now;

	look_around(d, &now);
	assert_int_equal(now.entries, t->entries);
	assert_int_equal(now.pending, t->pending);
	assert_int_equal(now.receipts, t->receipts);
	assert_int_equal(now.vault, t->vault);
}

static void
a_refused_act_leaves_nothing_behind(void **state)
{
	struct desk *d = *state;
	struct traces before;

	acts_announced(d, "NO-1");
	acts_received(d, "NO-2");
	look_around(d, &before);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct ex_err why = EX_ERR_INIT;
		struct ex_request r;

		ex_request_init(&r);
		for (size_t k = 0; k < 2 && refused[i].item[k] != NULL; k++)
			acts_receive(&r, refused[i].item[k]);
		desk_seat(d, refused[i].as, refused[i].with);
		if (acts_do(d, &r, refused[i].act, NULL, &why) == 0 ||
		    why.code != refused[i].code)
			fail_msg("%s: %s", refused[i].claim, why.text);
		for (size_t k = 0; k < 3; k++)
			if (strstr(why.text, refused[i].says[k]) == NULL)
				fail_msg("%s: \"%s\" does not say \"%s\"",
				    refused[i].claim, why.text,
				    refused[i].says[k]);
		same_traces(d, &before);
	}
}

static void
a_wrong_pin_leaves_nothing_behind(void **state)
{
	struct desk *d = *state;
	struct ex_err why = EX_ERR_INIT;
	struct traces before;
	struct ex_request r;

	look_around(d, &before);
	ex_request_init(&r);
	acts_announce(&r, "PIN-1");
	desk_seat(d, ACTS_OFFICER, NULL);
	d->pin = "0000";
	assert_int_equal(acts_do(d, &r, EX_ACT_ANNOUNCE, NULL, &why), -1);
	d->pin = DESK_PIN;
	assert_int_equal(why.code, EX_PIN);
	same_traces(d, &before);
}

/* The log's own key signs another history of the same length. */
static void
forge_seen(const struct desk *d, const char *path)
{
	char file[EX_PATH];
	struct ex_buf text = EX_BUF_INIT, note = EX_BUF_INIT;
	const char *origin = ex_house_origin(d->house);
	struct ex_checkpoint c = { .size = 2 };
	struct ex_key *key;

	(void)snprintf(c.origin, sizeof(c.origin), "%s", origin);
	memset(c.root, 0x5a, sizeof(c.root));
	(void)snprintf(file, sizeof(file), "%s/log/log.key", d->dir);
	MUST(ex_key_load(&key, file, NULL, err));
	MUST(ex_checkpoint_text(&text, &c, err));
	MUST(ex_note_sign(&note, text.data, text.len, origin, key, err));
	MUST(ex_file_write(path, note.data, note.len, 0644, err));
	ex_key_free(key);
	ex_buf_free(&text);
	ex_buf_free(&note);
}

static void
a_log_with_another_history_is_not_signed_for(void **state)
{
	struct desk *d = *state;
	struct ex_err why = EX_ERR_INIT;
	struct ex_buf seen = EX_BUF_INIT;
	struct traces before;
	struct ex_request r;
	char path[EX_PATH];

	(void)snprintf(path, sizeof(path), "%s/seen", d->dir);
	MUST(ex_file_read(&seen, path, EX_NOTE_MAX, err));
	forge_seen(d, path);
	look_around(d, &before);
	ex_request_init(&r);
	acts_announce(&r, "FORGED-1");
	desk_seat(d, ACTS_OFFICER, NULL);
	assert_int_equal(acts_do(d, &r, EX_ACT_ANNOUNCE, NULL, &why), -1);
	assert_int_equal(why.code, EX_DAMAGED);
	assert_non_null(strstr(why.text, "another history"));
	same_traces(d, &before);
	MUST(ex_file_write(path, seen.data, seen.len, 0644, err));
	ex_buf_free(&seen);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_act_is_one_entry_with_its_receipt),
		cmocka_unit_test(forty_items_are_one_batch_of_two_signers),
		cmocka_unit_test(what_came_of_it_is_told),
		cmocka_unit_test(asking_beforehand_changes_nothing),
		cmocka_unit_test(a_refused_act_leaves_nothing_behind),
		cmocka_unit_test(a_wrong_pin_leaves_nothing_behind),
		cmocka_unit_test(a_log_with_another_history_is_not_signed_for),
	};

	desk_programs();
	return cmocka_run_group_tests(tests, acts_group_open, acts_group_close);
}
