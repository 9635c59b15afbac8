/*
 * house_conf.c -- DIR/exhibit.conf: "name = value" lines, # comments.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cases/house_parts.h"

enum {
	CONF_MAX = 64 * 1024
};

/* Where a name's value goes; NULL: no such name. */
static char *
slot(struct ex_house_conf *c, struct ex_span name, size_t *size)
{
	if (ex_span_is(name, "organisation")) {
		*size = sizeof(c->organisation);
		return c->organisation;
	}
	if (ex_span_is(name, "database")) {
		*size = sizeof(c->database);
		return c->database;
	}
	if (ex_span_is(name, "log_key")) {
		*size = sizeof(c->log_key);
		return c->log_key;
	}
	return NULL;
}

/* Without the spaces around it. */
static struct ex_span
trimmed(const char *p, size_t n)
{
	struct ex_span s = { (const uint8_t *)p, n };

	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
		s.p = &s.p[1];
		s.n--;
	}
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

static int
read_line(struct ex_house_conf *c, const char *line, size_t n, size_t number,
    struct ex_err *err)
{
	const char *equals = memchr(line, '=', n);
	struct ex_span name, value;
	size_t size, left;
	char *to;

	if (trimmed(line, n).n == 0 || trimmed(line, n).p[0] == '#')
		return 0;
	if (equals == NULL)
		return ex_fail(
		    err, EX_FORMAT, "line %zu: expected NAME = VALUE", number);
	left = (size_t)(equals - line);
	name = trimmed(line, left);
	value = trimmed(equals + 1, n - left - 1);
	to = slot(c, name, &size);
	if (to == NULL)
		return ex_fail(err, EX_FORMAT, "line %zu: no setting \"%.*s\"",
		    number, (int)(name.n < 40 ? name.n : 40),
		    (const char *)name.p);
	if (value.n >= size || memchr(value.p, '\0', value.n) != NULL)
		return ex_fail(
		    err, EX_FORMAT, "line %zu: the value is too long", number);
	memcpy(to, value.p, value.n);
	to[value.n] = '\0';
	return 0;
}

int
ex_house_conf_read(
    struct ex_house_conf *out, const char *dir, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_PATH];
	const char *p, *end;
	size_t number = 0;
	int rc;

	memset(out, 0, sizeof(*out));
	if (ex_path_join(path, EX_PATH, dir, "exhibit.conf", err) == -1 ||
	    ex_file_read(&text, path, CONF_MAX, err) == -1) {
		ex_buf_free(&text);
		return -1;
	}
	rc = 0;
	for (p = ex_buf_text(&text); rc == 0 && *p != '\0'; p = end) {
		size_t n = strcspn(p, "\n");

		rc = read_line(out, p, n, ++number, err);
		end = p[n] == '\0' ? &p[n] : &p[n + 1];
	}
	if (rc == 0 &&
	    (out->organisation[0] == '\0' || out->log_key[0] == '\0'))
		rc = ex_fail(
		    err, EX_FORMAT, "organisation and log_key must be there");
	ex_buf_free(&text);
	return rc;
}

int
ex_house_conf_write(
    const struct ex_house_conf *c, const char *dir, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_PATH];
	int rc = -1;

	if (ex_path_join(path, EX_PATH, dir, "exhibit.conf", err) == 0 &&
	    ex_buf_addf(&text, err,
		"# Exhibit.  `exhibit config` shows what is in force.\n"
		"\n"
		"# the laboratory, as its log names it\n"
		"organisation = %s\n"
		"\n"
		"# libpq conninfo; nothing: the private cluster in pg/\n"
		"database = %s\n"
		"\n"
		"# the key of the log that this machine trusts\n"
		"log_key = %s\n",
		c->organisation, c->database, c->log_key) == 0)
		rc = ex_file_write(path, text.data, text.len, 0644, err);
	ex_buf_free(&text);
	return rc;
}

static int
add(struct ex_json *list, const char *name, const char *value,
    const char *source, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	if (v == NULL || ex_json_set_text(v, "name", name, err) == -1 ||
	    ex_json_set_text(v, "value", value, err) == -1 ||
	    ex_json_set_text(v, "source", source, err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return ex_json_add(list, v, err);
}

int
ex_house_config(
    struct ex_json **out, struct ex_house *house, struct ex_err *err)
{
	const char *given = getenv("EXHIBIT_PGBIN");
	struct ex_json *list = ex_json_array();
	int embedded = ex_house_embedded(house);

	*out = NULL;
	if (list == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (add(list, "data", house->dir, "-C or EXHIBIT_DATA", err) == -1 ||
	    add(list, "organisation", house->conf.organisation, "exhibit.conf",
		err) == -1 ||
	    add(list, "database",
		embedded ? "private cluster" : house->conf.database,
		embedded ? "default" : "exhibit.conf", err) == -1 ||
	    add(list, "log_key", house->conf.log_key, "exhibit.conf", err) ==
		-1 ||
	    add(list, "postgresql", house->cluster.bin,
		given == NULL ? "found" : "EXHIBIT_PGBIN", err) == -1 ||
	    add(list, "socket", embedded ? house->cluster.socket : "",
		"pg.socket", err) == -1 ||
	    add(list, "service_user", house->cluster.user,
		house->cluster.own_user ? "found" : "who runs exhibit",
		err) == -1) {
		ex_json_free(list);
		return -1;
	}
	*out = list;
	return 0;
}
