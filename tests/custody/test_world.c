/*
 * test_world.c -- facts follow from the entries and from nothing else: built
 * twice, they are the same.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "tests/custody/house.h"

/* All facts of a world as one text. */
static int
add_fact(void *arg, const char *kind, const char *id, const char *case_number,
    const struct ex_json *value, struct ex_err *err)
{
	struct ex_buf *out = arg;

	if (ex_buf_addf(out, err, "%s %s (%s) ", kind, id,
		case_number == NULL ? "" : case_number) == -1 ||
	    ex_json_print(out, value, err) == -1)
		return -1;
	return ex_buf_add_byte(out, '\n', err);
}

static void
print_world(struct ex_buf *out, const struct ex_world *w)
{
	MUST(ex_world_each(w, add_fact, out, err));
	MUST(ex_buf_add_byte(out, '\0', err));
}

/* Another world from the same entries. */
static struct ex_world *
replay(const struct house *h, int partial, int skip_signatures)
{
	struct ex_admit_options options = { .skip_seen = 1,
		.skip_signatures = skip_signatures };
	struct ex_admission *a = calloc(1, sizeof(*a));
	struct ex_world *w = NULL;

	assert_non_null(a);
	MUST(ex_world_new(&w, partial, err));
	for (size_t i = 0; i < h->nentries; i++) {
		const struct ex_buf *e = &h->entry[i].bytes;

		MUST(ex_admit(
		    a, e->data, e->len, ex_world_view(w), &options, err));
		MUST(ex_world_apply(w, a, i, err));
		ex_admission_free(a);
	}
	free(a);
	return w;
}

static void
every_state_is_the_same_again(void **state)
{
	static const struct {
		int partial, skip_signatures;
	} way[] = { { 0, 0 }, { 0, 1 }, { 1, 0 } };
	struct ex_buf once = EX_BUF_INIT;
	struct house *h = *state;

	for (int s = 0; s < EX_STATES; s++)
		(void)house_bring(h, (enum ex_state)s);
	print_world(&once, h->world);
	assert_true(once.len > 10000);
	for (size_t i = 0; i < sizeof(way) / sizeof(way[0]); i++) {
		struct ex_buf again = EX_BUF_INIT;
		struct ex_world *w =
		    replay(h, way[i].partial, way[i].skip_signatures);

		print_world(&again, w);
		assert_string_equal(ex_buf_text(&again), ex_buf_text(&once));
		ex_buf_free(&again);
		ex_world_free(w);
	}
	ex_buf_free(&once);
}

struct checking {
	const struct house *h;
	size_t seen; /* leaves so far */
};

static void check_leaves(struct checking *c, const struct ex_json *v);

/* Every leaf in a fact is one of the log, none is left open. */
static int
check_member(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	struct checking *c = arg;
	uint8_t leaf[EX_HASH];
	size_t i = 0;

	check_leaves(c, v);
	if (strcmp(key, "index") == 0)
		assert_in_range(ex_json_int(v), 0, c->h->nentries - 1);
	if (strcmp(key, "leaf") != 0)
		return 0;
	if (ex_hex_read(leaf, EX_HASH, ex_json_text(v), err) == -1)
		return -1;
	while (i < c->h->nentries &&
	       memcmp(c->h->entry[i].leaf, leaf, EX_HASH) != 0)
		i++;
	assert_true(i < c->h->nentries);
	c->seen++;
	return 0;
}

static void
check_leaves(struct checking *c, const struct ex_json *v)
{
	if (ex_json_is_object(v))
		MUST(ex_json_each(v, check_member, c, err));
}

static int
check_fact(void *arg, const char *kind, const char *id, const char *case_number,
    const struct ex_json *value, struct ex_err *err)
{
	(void)kind;
	(void)id;
	(void)case_number;
	(void)err;
	check_leaves(arg, value);
	return 0;
}

static void
leaves_and_places_are_those_of_the_log(void **state)
{
	struct checking c = { *state, 0 };

	MUST(ex_world_each(c.h->world, check_fact, &c, err));
	assert_true(c.seen > 100);
}

/* What belongs to a case is marked so; what is the house's is not. */
static int
check_owner(void *arg, const char *kind, const char *id,
    const char *case_number, const struct ex_json *value, struct ex_err *err)
{
	int of_case =
	    strcmp(kind, "item") == 0 || strcmp(kind, "case") == 0 ||
	    (strcmp(kind, "stream") == 0 && strncmp(id, "lab:", 4) != 0);

	(void)arg;
	(void)value;
	(void)err;
	if (of_case != (case_number != NULL))
		fail_msg("%s %s belongs to %s", kind, id,
		    case_number == NULL ? "the house" : case_number);
	return 0;
}

static void
facts_belong_to_their_case(void **state)
{
	const struct house *h = *state;

	MUST(ex_world_each(h->world, check_owner, NULL, err));
}

/* Where an entry stands, by its leaf. */
static void
entries_are_found_by_their_leaf(void **state)
{
	const struct house *h = *state;
	const struct ex_view *view = ex_world_view(h->world);
	uint8_t none[EX_HASH] = { 1 };
	struct ex_err why = EX_ERR_INIT;
	struct ex_entry_ref ref;

	for (size_t i = 0; i < h->nentries; i++) {
		MUST(view->entry(view->arg, h->entry[i].leaf, &ref, err));
		assert_int_equal(ref.index, i);
		assert_int_equal(ref.seq, h->entry[i].seq);
		assert_true(ex_stream_equal(&ref.stream, &h->entry[i].stream));
	}
	assert_int_equal(view->entry(view->arg, none, &ref, &why), -1);
	assert_int_equal(why.code, EX_ABSENT);
}

/* What the rules are given is theirs to change: the world keeps its own. */
static void
facts_that_were_asked_for_are_copies(void **state)
{
	struct house *h = *state;
	struct ex_json *v = house_fact(h, "org", "MOJ");

	MUST(ex_json_set_text(v, "kind", "bakery", err));
	ex_json_free(v);
	v = house_fact(h, "org", "MOJ");
	assert_string_equal(ex_json_get_text(v, "kind"), "ministry");
	ex_json_free(v);
	assert_null(house_fact(h, "org", "NONE"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_state_is_the_same_again),
		cmocka_unit_test(leaves_and_places_are_those_of_the_log),
		cmocka_unit_test(facts_belong_to_their_case),
		cmocka_unit_test(entries_are_found_by_their_leaf),
		cmocka_unit_test(facts_that_were_asked_for_are_copies),
	};

	return cmocka_run_group_tests(
	    tests, house_group_open, house_group_close);
}
