/*
 * desk.c -- a real house for tests.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/cases/desk.h"

#include "base/clock.h"
#include "base/proc.h"
#include "db/cluster.h"

static int
get_pin(
    void *arg, const char *key, int why, struct ex_buf *pin, struct ex_err *err)
{
	int wrong = why == EX_PIN_WRONG;
	const struct desk *d = arg;

	(void)key;
	if (d->pin == NULL || wrong)
		return 0;
	return ex_buf_add_text(pin, d->pin, err) == -1 ? -1 : 1;
}

void
desk_programs(void)
{
	const char *build = getenv("EXHIBIT_BUILD");
	char path[4096];

	(void)snprintf(
	    path, sizeof(path), "%s/bin", build == NULL ? "build" : build);
	(void)setenv("EXHIBIT_BIN", path, 1);
}

void
desk_open(struct desk *d)
{
	struct ex_json *told = NULL;
	struct ex_init in;

	memset(d, 0, sizeof(*d));
	d->pin = DESK_PIN;
	d->seats.pins.get = get_pin;
	d->seats.pins.arg = d;
	(void)snprintf(d->dir, sizeof(d->dir), "/tmp/exhouse.XXXXXX");
	assert_non_null(mkdtemp(d->dir));
	assert_int_equal(chmod(d->dir, 0711), 0);
	memset(&in, 0, sizeof(in));
	in.dir = d->dir;
	in.name_en = "Example Laboratory";
	in.name_zh = "範例實驗室";
	in.pins = &d->seats.pins;
	MUST(ex_house_init(&told, &in, err));
	ex_json_free(told);
	desk_again(d);
}

void
desk_again(struct desk *d)
{
	ex_house_close(d->house);
	MUST(ex_house_open(&d->house, d->dir, err));
	ex_house_seat(d->house, &d->seats);
}

void
desk_close(struct desk *d)
{
	MUST(ex_house_down(d->house, err));
	ex_house_close(d->house);
	d->house = NULL;
	MUST(ex_remove_tree(d->dir, err));
}

void
desk_seat(struct desk *d, const char *as, const char *with)
{
	d->with[0] = with;
	d->seats.as = as;
	d->seats.with = d->with;
	d->seats.nwith = with == NULL ? 0 : 1;
	/* The connection is the actor's. */
	desk_again(d);
}

int
desk_lab(struct desk *d, enum ex_act act, struct ex_err *why, ...)
{
	struct ex_outcome o = { NULL, 0, "" };
	const char *name, *value;
	struct ex_member *m;
	struct ex_request r;
	va_list ap;
	int rc = 0;

	ex_request_init(&r);
	MUST(ex_request_add(
	    &r, act, EX_STREAM_LAB, ex_house_org(d->house), &m, err));
	va_start(ap, why);
	while ((name = va_arg(ap, const char *)) != NULL) {
		const struct ex_field *f = ex_act_field(ex_act(act), name);

		value = va_arg(ap, const char *);
		assert_non_null(f);
		if (f->type == EX_FIELD_NAMES) {
			struct ex_json *list = ex_json_array();

			MUST(ex_json_add(list, ex_json_string(value), err));
			MUST(ex_json_set(m->fields, name, list, err));
		} else {
			MUST(ex_json_set_text(
			    f->type == EX_FIELD_TEXT ? m->texts : m->fields,
			    name, value, err));
		}
	}
	va_end(ap);
	rc = ex_request_seat_desk(&r, d->house, act, why);
	if (rc == 0)
		rc = ex_act_do(&o, d->house, &r, why);
	ex_outcome_free(&o);
	ex_request_free(&r);
	return rc;
}

void
desk_person(struct desk *d, const char *person, const char *role)
{
	struct ex_json *out = NULL;

	desk_seat(d, "admin", NULL);
	MUST(desk_lab(d, EX_ACT_PERSON_ADD, err, "id", person, "org", "LAB",
	    "roles", role, "name_en", person, NULL));
	MUST(ex_house_add_login(d->house, person, err));
	MUST(ex_key_enrol(&out, d->house, person, person, NULL, 0, err));
	ex_json_free(out);
}

const char *
desk_sql(const struct desk *d, const char *sql)
{
	static char value[4096];
	struct ex_buf info = EX_BUF_INIT, out = EX_BUF_INIT;
	const char *argv[] = { "psql", "-X", "-q", "-A", "-t", "-v",
		"ON_ERROR_STOP=1", "-d", NULL, "-c", sql, NULL };
	struct ex_proc p = EX_PROC_INIT;
	struct ex_cluster c;
	char path[EX_PATH];
	int status = -1;

	MUST(ex_cluster_find(&c, d->dir, err));
	MUST(ex_cluster_conninfo(&info, &c, EX_CLUSTER_ROOT, "exhibit", err));
	argv[8] = ex_buf_text(&info);
	MUST(ex_path_join(path, EX_PATH, c.bin, "psql", err));
	p.path = path;
	p.argv = argv;
	MUST(ex_proc_run(&p, &out, 1 << 20, 120 * EX_SECOND, &status, err));
	assert_int_equal(status, 0);
	(void)snprintf(value, sizeof(value), "%.*s",
	    (int)strcspn(ex_buf_text(&out), "\n"), ex_buf_text(&out));
	ex_buf_free(&info);
	ex_buf_free(&out);
	return value;
}
