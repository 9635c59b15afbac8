/*
 * test_reject.c -- what should not be in the queue is named, and the log goes
 * on.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/file.h"
#include "daemons/ca.h"
#include "db/schema.h"
#include "db/store.h"
#include "signing/cert.h"
#include "tests/daemons/rig.h"

enum {
	SQL = 400000, /* bytes: an entry in hexadecimal and more */
	HEX = 131072  /* of the largest entry */
};

/* The rejected rows are as many, and each is named by one reject entry. */
static void
check_rejected(struct rig *rig, size_t n)
{
	struct ex_buf named = EX_BUF_INIT, rows = EX_BUF_INIT;
	int64_t until = ex_ticks() + 30 * EX_SECOND;
	char want[32];

	(void)snprintf(want, sizeof(want), "%zu", n);
	do {
		ex_sleep(EX_SECOND / 20);
		rig_recompute(rig, "rejects", &named);
		ex_buf_cut(&rows, 0);
		assert_int_equal(
		    bench_try(rig->bench, EX_CLUSTER_ROOT,
			"SELECT encode(sha256(e.entry), 'hex') || ' ' || "
			"r.code FROM exhibit.rejected r JOIN exhibit.entry e "
			"ON e.id = r.entry_id ORDER BY e.id",
			&rows),
		    0);
	} while (ex_ticks() < until &&
		 (rows.len != named.len ||
		     strcmp(bench_value(rig->bench,
				"SELECT count(*) FROM exhibit.rejected"),
			 want) != 0));
	assert_string_equal(ex_buf_text(&named), ex_buf_text(&rows));
	assert_string_equal(
	    bench_value(rig->bench, "SELECT count(*) FROM exhibit.rejected"),
	    want);
	ex_buf_free(&named);
	ex_buf_free(&rows);
}

/* The laboratory's stream may have moved on by a reject entry. */
static void
follow(struct rig *rig)
{
	const char *sql = "SELECT seq || ' ' || encode(leaf, 'hex') FROM "
			  "exhibit.head WHERE stream = 'lab:" RIG_ORG "'";
	const char *text = bench_value(rig->bench, sql);
	const char *hex = strchr(text, ' ');

	assert_non_null(hex);
	rig->head[0].seq = strtoull(text, NULL, 10);
	MUST(ex_hex_read(rig->head[0].leaf, EX_HASH, hex + 1, err));
}

static void
goes_on(struct rig *rig, const char *place)
{
	follow(rig);
	rig_goes_on(rig, place);
}

/* A row put there by hand, with the head as append() would leave it. */
static void
put_by_hand(const struct rig *rig, const char *columns, const char *head)
{
	static char sql[SQL];

	(void)snprintf(sql, sizeof(sql),
	    "WITH new AS (INSERT INTO exhibit.entry (stream, seq, prev, leaf, "
	    "body_sha256, entry, case_number) SELECT %s RETURNING *), q AS ("
	    "INSERT INTO exhibit.queue SELECT id FROM new) "
	    "%s",
	    columns, head);
	bench_sql(rig->bench, sql);
	bench_sql(rig->bench, "NOTIFY exhibit");
}

#define MOVE_HEAD                                                        \
	"INSERT INTO exhibit.head SELECT stream, seq, leaf FROM new "    \
	"ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, leaf = " \
	"excluded.leaf"
#define LEAVE_HEAD "SELECT 1 FROM new"

/* Rows that no door would have let in. */
static const struct {
	const char *columns, *head;
} junk[] = {
	/* noise that continues the laboratory's stream */
	{ "h.stream, h.seq + 1, h.leaf, sha256('l1'), sha256('b1'), 'noise', "
	  "'' FROM exhibit.head h WHERE stream = 'lab:" RIG_ORG "'",
	    MOVE_HEAD },
	/* a stream without a name that could be signed */
	{ "'nowhere', 1, sha256('p'), sha256('l2'), sha256('b2'), 'x', ''",
	    MOVE_HEAD },
	{ "E'item:\\x01\\x02', 1, sha256('p'), sha256('l3'), sha256('b3'), "
	  "'xx', ''",
	    LEAVE_HEAD },
	/* a number that no body can have */
	{ "'item:EX-1', 9223372036854775807, sha256('p'), sha256('l4'), "
	  "sha256('b4'), 'xxx', '" RIG_CASE "'",
	    MOVE_HEAD },
	/* the largest entry */
	{ "'case:" RIG_CASE "', 2, sha256('p'), sha256('l5'), sha256('b5'), "
	  "decode(repeat('30', 65535), 'hex'), ''",
	    MOVE_HEAD },
	/* an entry of the log once more */
	{ "e.stream, e.seq, e.prev, e.leaf, sha256('b6'), e.entry, "
	  "e.case_number FROM exhibit.entry e WHERE seq = 1 AND "
	  "stream = 'item:EX-1'",
	    LEAVE_HEAD },
};

enum {
	JUNK = sizeof(junk) / sizeof(junk[0])
};

static void
junk_is_named_and_the_log_goes_on(void **state)
{
	struct rig *rig = *state;

	rig_start(rig, NULL);
	rig_small_log(rig);
	for (size_t i = 0; i < JUNK; i++) {
		char place[16];

		put_by_hand(rig, junk[i].columns, junk[i].head);
		check_rejected(rig, i + 1);
		(void)snprintf(place, sizeof(place), "AFTER-%zu", i);
		goes_on(rig, place);
	}
	/* Streams that junk had moved take entries again. */
	assert_string_equal(
	    bench_value(rig->bench,
		"SELECT string_agg(stream || ' ' || seq, ', ' ORDER BY stream "
		"COLLATE \"C\") FROM exhibit.head WHERE stream !~ '^lab'"),
	    "case:" RIG_CASE " 1, item:EX-1 1, item:EX-2 1, nowhere 0");
}

static void
all_at_once_and_named_once_whatever_is_restarted(void **state)
{
	struct rig *rig = *state;

	rig_start(rig, NULL);
	rig_small_log(rig);
	assert_int_equal(rig_stop(rig), 0);
	for (size_t i = 0; i < JUNK; i++)
		put_by_hand(rig, junk[i].columns, junk[i].head);
	rig_start(rig, NULL);
	check_rejected(rig, JUNK);
	assert_int_equal(rig_stop(rig), 0);
	rig_start(rig, NULL);
	goes_on(rig, "VAULT-2");
	check_rejected(rig, JUNK);
}

static void
junk_before_the_first_entry_is_named_after_it(void **state)
{
	struct rig *rig = *state;
	struct rig_entry e;

	rig_start(rig, NULL);
	put_by_hand(rig,
	    "'lab:" RIG_ORG "', 1, sha256('p'), sha256('l'), sha256('b'), "
	    "'noise', ''",
	    MOVE_HEAD);
	while (strcmp(bench_value(
			  rig->bench, "SELECT count(*) FROM exhibit.rejected"),
		   "1") != 0)
		ex_sleep(EX_SECOND / 20);
	rig_found(rig, &e);
	assert_int_equal(rig_wait(rig, &e), 0);
	check_rejected(rig, 1);
	goes_on(rig, "VAULT-1");
	rig_entry_free(&e);
}

/* A good entry in a row that lies about it. */
static const struct {
	const char *stream, *seq, *prev, *leaf, *body, *of;
} lies[] = {
	{ "'item:EX-9'", NULL, NULL, NULL, NULL, NULL },
	{ NULL, "77", NULL, NULL, NULL, NULL },
	{ NULL, NULL, "sha256('p')", NULL, NULL, NULL },
	{ NULL, NULL, NULL, "sha256('l')", NULL, NULL },
	{ NULL, NULL, NULL, NULL, "sha256('b')", NULL },
	{ NULL, NULL, NULL, NULL, NULL, "'" RIG_CASE "'" },
};

/* One column: the lie, or the truth out of the entry. */
static void
add_column(struct ex_buf *sql, const char *lie, const char *truth)
{
	MUST(ex_buf_addf(sql, err, "%s%s", sql->len == 0 ? "" : ", ",
	    lie != NULL ? lie : truth));
}

static void
add_bytes(struct ex_buf *sql, const char *lie, const void *data, size_t n)
{
	static char hex[HEX];
	struct ex_buf text = EX_BUF_INIT;

	ex_hex(hex, data, n);
	MUST(ex_buf_addf(&text, err, "decode('%s', 'hex')", hex));
	add_column(sql, lie, ex_buf_text(&text));
	ex_buf_free(&text);
}

static void
put_lie(const struct rig *rig, size_t i, const struct rig_entry *e)
{
	struct ex_buf sql = EX_BUF_INIT;
	char stream[EX_STREAM_TEXT], quoted[EX_STREAM_TEXT + 8], seq[24];

	ex_stream_text(stream, &e->stream);
	(void)snprintf(quoted, sizeof(quoted), "'%s'", stream);
	(void)snprintf(seq, sizeof(seq), "%u", (unsigned)e->seq);
	add_column(&sql, lies[i].stream, quoted);
	add_column(&sql, lies[i].seq, seq);
	add_bytes(&sql, lies[i].prev, e->prev, EX_HASH);
	add_bytes(&sql, lies[i].leaf, e->leaf, EX_HASH);
	add_bytes(&sql, lies[i].body, e->body_sha256, EX_SHA256_LEN);
	add_bytes(&sql, NULL, e->entry.data, e->entry.len);
	add_column(&sql, lies[i].of, "''");
	put_by_hand(rig, ex_buf_text(&sql), MOVE_HEAD);
	ex_buf_free(&sql);
}

static void
a_row_that_says_something_else_than_its_entry_is_refused(void **state)
{
	struct rig *rig = *state;

	rig_start(rig, NULL);
	rig_small_log(rig);
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct rig_entry e;
		char place[16];

		follow(rig);
		rig_sign(rig, &e, EX_ACT_LOCATION_ADD, EX_STREAM_LAB, RIG_ORG,
		    rig_object("id", "HIDDEN", "kind", "vault", NULL), NULL);
		put_lie(rig, i, &e);
		check_rejected(rig, i + 1);
		(void)snprintf(place, sizeof(place), "AFTER-%zu", i);
		goes_on(rig, place);
		rig_entry_free(&e);
	}
}

/* The head of an item is set back, and its history is told again. */
static void
a_fork_inside_the_tree_is_refused(void **state)
{
	struct rig *rig = *state;
	struct rig_head *item;
	struct rig_entry e[2];

	rig_start(rig, NULL);
	rig_small_log(rig);
	item = &rig->head[rig->nheads - 1];
	assert_string_equal(item->stream.id, "EX-1");
	for (int i = 0; i < 2; i++) {
		struct rig_head before = *item;

		rig_sign(rig, &e[i], EX_ACT_NOTE, EX_STREAM_ITEM, "EX-1",
		    rig_object(NULL),
		    rig_object(
			"note", i == 0 ? "seal damaged" : "seal intact", NULL));
		MUST(rig_append(rig, &e[i], err));
		if (i == 1)
			break;
		assert_int_equal(rig_wait(rig, &e[i]), 5);
		*item = before;
		bench_sql(rig->bench,
		    "UPDATE exhibit.head h SET seq = e.seq, leaf = e.leaf "
		    "FROM exhibit.entry e WHERE h.stream = 'item:EX-1' AND "
		    "e.stream = h.stream AND e.seq = 1");
	}
	check_rejected(rig, 1);
	assert_string_equal(
	    bench_value(rig->bench, "SELECT code FROM exhibit.rejected"),
	    "conflict");
	/* The head is where the tree has it, and the item goes on. */
	item->seq = e[0].seq;
	memcpy(item->leaf, e[0].leaf, EX_HASH);
	rig_entry_free(&e[1]);
	rig_sign(rig, &e[1], EX_ACT_NOTE, EX_STREAM_ITEM, "EX-1",
	    rig_object(NULL), rig_object("note", "goes on", NULL));
	MUST(rig_append(rig, &e[1], err));
	(void)rig_wait(rig, &e[1]);
	rig_entry_free(&e[0]);
	rig_entry_free(&e[1]);
}

/* Which keys sign, and what becomes of it. */
static void
sign_with_a_new_key(struct rig *rig)
{
	struct ex_buf csr = EX_BUF_INIT;

	ex_key_free(rig->key[RIG_ADMIN]);
	ex_buf_free(&rig->cert[RIG_ADMIN]);
	MUST(ex_key_new(&rig->key[RIG_ADMIN], EX_KEY_P256, err));
	MUST(ex_csr_make(&csr, rig->key[RIG_ADMIN], "?", "?", err));
	MUST(ex_ca_issue(&rig->cert[RIG_ADMIN], rig_path(rig, "ca"),
	    EX_CERT_PERSON, BENCH_ALMA, RIG_ORG, csr.data, csr.len, err));
	ex_buf_free(&csr);
}

static void
a_minted_certificate_is_refused(void **state)
{
	struct rig *rig = *state;
	struct ex_key *key;
	struct ex_buf cert;
	struct rig_entry e;

	rig_start(rig, NULL);
	rig_small_log(rig);
	key = rig->key[RIG_ADMIN];
	cert = rig->cert[RIG_ADMIN];
	rig->key[RIG_ADMIN] = NULL;
	rig->cert[RIG_ADMIN] = (struct ex_buf)EX_BUF_INIT;
	sign_with_a_new_key(rig);
	rig_location(rig, &e, "MINTED");
	check_rejected(rig, 1);
	assert_string_equal(
	    bench_value(rig->bench, "SELECT code FROM exhibit.rejected"),
	    "denied");
	ex_key_free(rig->key[RIG_ADMIN]);
	ex_buf_free(&rig->cert[RIG_ADMIN]);
	rig->key[RIG_ADMIN] = key;
	rig->cert[RIG_ADMIN] = cert;
	goes_on(rig, "VAULT-2");
	rig_entry_free(&e);
}

/* What an honest machine had seen when the log was so large. */
static void
see(struct rig *rig, uint64_t size)
{
	struct ex_conn *conn = bench_conn(rig->bench, EX_ROLE_SERVICE);
	struct ex_tree_edge edge;

	MUST(ex_tree_edge_load(&edge, size, ex_store_node, conn, err));
	ex_tree_edge_root(rig->seen.root, &edge);
	rig->seen.size = size;
	ex_conn_close(conn);
}

/*
 * Somebody's machine had seen another history of this log, of every size that
 * was published; the root that this one had at that size is taken.
 */
static void
what_was_seen_of_another_history_is_refused(void **state)
{
	struct rig *rig = *state;
	struct rig_entry e;
	uint64_t newest;
	size_t n = 0;

	rig_start(rig, NULL);
	rig_small_log(rig);
	newest = rig->seen.size;
	for (uint64_t size = 1; size <= newest; size++) {
		char place[16];

		follow(rig);
		rig->seen.size = size;
		memset(rig->seen.root, 0x5a, EX_HASH);
		(void)snprintf(place, sizeof(place), "FALSE-%d", (int)size);
		rig_location(rig, &e, place);
		check_rejected(rig, ++n);
		rig_entry_free(&e);
		assert_non_null(strstr(bench_value(rig->bench,
					   "SELECT reason FROM "
					   "exhibit.rejected ORDER BY entry_id "
					   "DESC LIMIT 1"),
		    "another history"));
		see(rig, size);
		(void)snprintf(place, sizeof(place), "TRUE-%d", (int)size);
		goes_on(rig, place);
	}
	/* It remembers none of them after a start. */
	assert_int_equal(rig_stop(rig), 0);
	rig_start(rig, NULL);
	see(rig, 3);
	goes_on(rig, "AFTER");
}

/* Nodes that somebody changed prove nothing: it stops, and blames nobody. */
static void
changed_nodes_stop_it(void **state)
{
	struct rig *rig = *state;
	struct rig_entry e;

	rig_start(rig, NULL);
	rig_small_log(rig);
	assert_int_equal(rig_stop(rig), 0);
	see(rig, 3);
	rig_start(rig, NULL);
	bench_sql(rig->bench,
	    "ALTER TABLE exhibit.node DISABLE TRIGGER ALL; "
	    "UPDATE exhibit.node SET hash = sha256('x') WHERE level = 1");
	rig_location(rig, &e, "HONEST");
	assert_int_equal(rig_end(rig), 2);
	assert_string_equal(
	    bench_value(rig->bench, "SELECT count(*) FROM exhibit.rejected"),
	    "0");
	rig_entry_free(&e);
}

/* It signs nothing of its own then, says so once, and works. */
static void
without_an_enrolled_service_key_the_log_goes_on(void **state)
{
	struct rig *rig = *state;
	struct ex_buf text = EX_BUF_INIT, pem = EX_BUF_INIT;
	const char *first;

	rig_start(rig, NULL);
	rig_small_log(rig);
	assert_int_equal(rig_stop(rig), 0);
	MUST(ex_remove_tree(rig_path(rig, "log/service.key"), err));
	MUST(ex_key_save(
	    rig->key[RIG_ADMIN], rig_path(rig, "log/service.key"), NULL, err));
	MUST(ex_cert_to_pem(
	    &pem, rig->cert[RIG_ADMIN].data, rig->cert[RIG_ADMIN].len, err));
	MUST(ex_file_write(
	    rig_path(rig, "log/service.pem"), pem.data, pem.len, 0600, err));
	rig_start(rig, NULL);
	put_by_hand(rig, junk[0].columns, junk[0].head);
	while (strcmp(bench_value(
			  rig->bench, "SELECT count(*) FROM exhibit.rejected"),
		   "1") != 0)
		ex_sleep(EX_SECOND / 20);
	rig_goes_on(rig, "VAULT-2");
	rig_goes_on(rig, "VAULT-3");
	MUST(ex_file_read(
	    &text, rig_path(rig, "log/sequencer.log"), 65536, err));
	first = strstr(ex_buf_text(&text), "no entries of its own");
	assert_non_null(first);
	assert_null(strstr(first + 1, "no entries of its own"));
	ex_buf_free(&text);
	ex_buf_free(&pem);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(junk_is_named_and_the_log_goes_on),
		RIG_TEST(all_at_once_and_named_once_whatever_is_restarted),
		RIG_TEST(junk_before_the_first_entry_is_named_after_it),
		RIG_TEST(
		    a_row_that_says_something_else_than_its_entry_is_refused),
		RIG_TEST(a_fork_inside_the_tree_is_refused),
		RIG_TEST(a_minted_certificate_is_refused),
		RIG_TEST(what_was_seen_of_another_history_is_refused),
		RIG_TEST(changed_nodes_stop_it),
		RIG_TEST(without_an_enrolled_service_key_the_log_goes_on),
	};

	return cmocka_run_group_tests(tests, rig_group_open, rig_group_close);
}
