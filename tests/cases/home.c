/*
 * home.c -- a house for tests.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "cases/house_parts.h"
#include "db/store.h"
#include "tests/cases/home.h"

#define PATIENCE (30 * EX_SECOND)
#define PAUSE	 (EX_SECOND / 50)

void
home_new(struct home *h)
{
	const char *build = getenv("EXHIBIT_BUILD");
	char bin[EX_PATH];

	(void)snprintf(
	    bin, sizeof(bin), "%s/bin", build == NULL ? "build" : build);
	assert_int_equal(setenv("EXHIBIT_BIN", bin, 1), 0);
	(void)snprintf(h->root, sizeof(h->root), "/tmp/exho.XXXXXX");
	assert_non_null(mkdtemp(h->root));
	assert_int_equal(chmod(h->root, 0711), 0);
	(void)snprintf(h->data, sizeof(h->data), "%s/data", h->root);
}

/* A house that never came to be may have a running cluster all the same. */
static void
stop_all(const struct home *h)
{
	struct ex_house *house = NULL;
	struct ex_cluster c;

	if (ex_house_open(&house, h->data, NULL) == 0)
		(void)ex_house_down(house, NULL);
	ex_house_close(house);
	if (ex_cluster_find(&c, h->data, NULL) == 0 && ex_file_exists(c.dir))
		(void)ex_cluster_stop(&c, NULL);
}

void
home_end(struct home *h)
{
	stop_all(h);
	MUST(ex_remove_tree(h->root, err));
}

const char *
home_path(const struct home *h, const char *name)
{
	static char path[4][256];
	static size_t at;

	at = (at + 1) % 4;
	(void)snprintf(path[at], sizeof(path[at]), "%s/%s", h->data, name);
	return path[at];
}

struct ex_json *
home_init(const struct home *h)
{
	struct ex_init in = {
		.dir = h->data, .name_en = "A Laboratory", .name_zh = "實驗室"
	};
	struct ex_json *out = NULL;

	MUST(ex_house_init(&out, &in, err));
	assert_non_null(out);
	return out;
}

struct ex_house *
home_open(const struct home *h, const char *key)
{
	static struct ex_desk desk;
	struct ex_house *house = NULL;

	MUST(ex_house_open(&house, h->data, err));
	desk.as = key;
	ex_house_seat(house, &desk);
	return house;
}

void
home_settle(struct ex_house *house, struct ex_checkpoint *seen)
{
	int64_t until = ex_ticks() + PATIENCE;
	uint64_t queued = 1, rejected;
	struct ex_conn *conn;

	MUST(ex_house_service(house, &conn, err));
	while (queued > 0 && ex_ticks() < until) {
		MUST(ex_store_counts(conn, &queued, &rejected, err));
		if (queued > 0)
			ex_sleep(PAUSE);
	}
	assert_int_equal(queued, 0);
	/* indexed is not yet signed */
	ex_sleep(EX_SECOND / 5);
	MUST(ex_house_seen(house, seen, NULL, err));
}

static int
setup(void **state, int made)
{
	struct home *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	home_new(h);
	*state = h;
	if (made)
		ex_json_free(home_init(h));
	return 0;
}

int
home_setup(void **state)
{
	return setup(state, 0);
}

int
home_setup_made(void **state)
{
	return setup(state, 1);
}

int
home_teardown(void **state)
{
	if (*state != NULL)
		home_end(*state);
	free(*state);
	return 0;
}

static pid_t
number_in(const char *path)
{
	struct ex_buf text = EX_BUF_INIT;
	unsigned long long n = 0;
	char line[32];

	if (ex_file_read(&text, path, 4096, NULL) == 0) {
		(void)snprintf(line, sizeof(line), "%.*s",
		    (int)strcspn(ex_buf_text(&text), "\n"), ex_buf_text(&text));
		(void)ex_text_number(&n, line, 1 << 30, NULL);
	}
	ex_buf_free(&text);
	return (pid_t)n;
}

pid_t
home_sequencer(const struct home *h)
{
	return number_in(home_path(h, "log/sequencer.pid"));
}

pid_t
home_postmaster(const struct home *h)
{
	return number_in(home_path(h, "pg/postmaster.pid"));
}

struct printing {
	struct ex_buf *all;
	const char *dir;
	int depth;
};

/* What the services write while they run, and locks. */
static int
is_living(const char *name)
{
	static const char *const living[] = { "pg", "run", "outside",
		"sequencer.pid", "sequencer.log", "seen", NULL };
	const char *dot = strrchr(name, '.');

	return ex_text_index(name, living) != -1 ||
	       (dot != NULL && strcmp(dot, ".lock") == 0);
}

/* Bounded by the depth of the data directory. */
static int
add_file(void *arg, const char *name, struct ex_err *err)
{
	struct printing *p = arg;
	char path[EX_PATH];
	struct printing below = { p->all, path, p->depth + 1 };
	struct ex_buf bytes = EX_BUF_INIT;
	struct stat st;
	int rc;

	if (is_living(name))
		return 0;
	if (ex_path_join(path, sizeof(path), p->dir, name, err) == -1)
		return -1;
	if (lstat(path, &st) == -1)
		return ex_fail_errno(err, "%s", path);
	if (ex_buf_addf(p->all, err, "%s %o %ld %lld.%ld\n", path,
		(unsigned)st.st_mode, (long)st.st_uid,
		(long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec) == -1)
		return -1;
	if (S_ISDIR(st.st_mode) && p->depth < 8)
		return ex_dir_each(path, add_file, &below, err);
	rc = ex_file_read(&bytes, path, 1 << 20, err);
	if (rc == 0)
		rc = ex_buf_add(p->all, bytes.data, bytes.len, err);
	ex_buf_free(&bytes);
	return rc;
}

void
home_print(const struct home *h, char hex[EX_SHA256_HEX])
{
	struct ex_buf all = EX_BUF_INIT;
	struct printing p = { &all, h->data, 0 };

	MUST(ex_dir_each(h->data, add_file, &p, err));
	assert_true(all.len > 1000);
	ex_sha256_hex(hex, all.data, all.len);
	ex_buf_free(&all);
}

static int
get_pin(
    void *arg, const char *key, int why, struct ex_buf *pin, struct ex_err *err)
{
	int wrong = why == EX_PIN_WRONG;
	struct home_pin *p = arg;

	(void)key;
	p->asked++;
	p->wrong += wrong;
	if (p->pin == NULL || (wrong && !p->always))
		return 0;
	return ex_buf_add_text(pin, p->pin, err) == -1 ? -1 : 1;
}

struct ex_pins
home_pins(struct home_pin *p)
{
	struct ex_pins pins = { get_pin, p };

	return pins;
}

void
home_says(const struct ex_err *err, enum ex_code code, const char *const *words)
{
	if (err->code != code)
		fail_msg("%s, not %s: %s", ex_code_text(err->code),
		    ex_code_text(code), err->text);
	assert_null(strchr(err->text, '\n'));
	for (; *words != NULL; words++)
		if (strstr(err->text, *words) == NULL)
			fail_msg("\"%s\" is not in: %s", *words, err->text);
}
