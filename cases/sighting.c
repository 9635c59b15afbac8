/*
 * sighting.c -- indicators seen in cases.
 */
#include "cases/sighting.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/file.h"
#include "base/limits.h"
#include "cases/csv.h"
#include "cases/indicator.h"
#include "cases/sighting_parts.h"
#include "db/casebook.h"

static const char *const roles[] = { "suspect", "victim", "mule", "witness",
	"infrastructure", "unknown", NULL };
static const char *const grades[] = { "", "A", "B", "C", "D", "E", "F", NULL };

int
ex_sighting_key(
    char out[33], const char *kind, const char *value, struct ex_err *err)
{
	struct ex_buf canonical = EX_BUF_INIT;
	enum ex_indicator k;
	uint8_t key[EX_IND_KEY];
	int rc = -1;

	if (ex_indicator_kind(&k, kind, err) == 0 &&
	    ex_indicator_canonical(&canonical, k, value, err) == 0) {
		ex_indicator_key(key, k, ex_buf_text(&canonical));
		ex_hex(out, key, sizeof(key));
		rc = 0;
	}
	ex_buf_free(&canonical);
	return rc;
}

static int
put_words(struct ex_json *row, const struct ex_sighting *s, struct ex_err *err)
{
	const char *role = s->role == NULL ? "unknown" : s->role;
	const char *grade = s->reliability == NULL ? "" : s->reliability;
	const char *source = s->source == NULL ? "" : s->source;

	if (ex_text_index(role, roles) == -1)
		return ex_fail(err, EX_USAGE,
		    "role \"%.20s\": suspect, victim, mule, witness, "
		    "infrastructure or unknown",
		    role);
	if (ex_text_index(grade, grades) == -1)
		return ex_fail(err, EX_USAGE,
		    "reliability \"%.20s\": A, B, C, D, E or F", grade);
	if (strlen(source) > 1024)
		return ex_fail(err, EX_LIMIT, "a source of over 1024 bytes");
	if (ex_json_set_text(row, "role", role, err) == -1 ||
	    ex_json_set_text(row, "reliability", grade, err) == -1 ||
	    ex_json_set_text(row, "source", source, err) == -1)
		return -1;
	if (s->from != NULL &&
	    ex_json_set_text(row, "from", s->from, err) == -1)
		return -1;
	return s->until == NULL ? 0
				: ex_json_set_text(row, "until", s->until, err);
}

/* What the database finds it by besides its key: an address, a host. */
static int
put_paths(struct ex_json *row, enum ex_indicator kind, const char *value,
    struct ex_err *err)
{
	struct ex_buf rev = EX_BUF_INIT;
	int rc = 0;

	if (kind == EX_IND_IPV4 || kind == EX_IND_IPV6 || kind == EX_IND_CIDR)
		return ex_json_set_text(row, "ip", value, err);
	if (kind != EX_IND_DOMAIN && kind != EX_IND_URL && kind != EX_IND_EMAIL)
		return 0;
	rc = ex_sighting_rev(&rev, value, err);
	if (rc == 0 && rev.len > 0)
		rc = ex_json_set_text(row, "rev", ex_buf_text(&rev), err);
	ex_buf_free(&rev);
	return rc;
}

/* A row for indicator_import(); *out is the caller's. */
static int
make_row(struct ex_json **out, const struct ex_sighting *s, struct ex_err *err)
{
	struct ex_buf value = EX_BUF_INIT;
	struct ex_json *row = NULL;
	uint8_t key[EX_IND_KEY];
	enum ex_indicator kind;
	int rc = -1;

	*out = NULL;
	if (s->kind == NULL || s->value == NULL)
		return ex_fail(err, EX_USAGE, "kind and value are needed");
	if (ex_indicator_kind(&kind, s->kind, err) == -1 ||
	    ex_indicator_canonical(&value, kind, s->value, err) == -1)
		goto out;
	if ((row = ex_json_object()) == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	ex_indicator_key(key, kind, ex_buf_text(&value));
	if (ex_json_set_text(row, "kind", ex_indicator_name(kind), err) == -1 ||
	    ex_json_set_text(row, "value", ex_buf_text(&value), err) == -1 ||
	    ex_json_set_hex(row, "key", key, sizeof(key), err) == -1 ||
	    put_paths(row, kind, ex_buf_text(&value), err) == -1 ||
	    put_words(row, s, err) == -1)
		goto out;
	*out = row;
	row = NULL;
	rc = 0;
out:
	ex_json_free(row);
	ex_buf_free(&value);
	return rc;
}

/* Send what was gathered; rows is empty afterwards. */
static int
send(struct ex_json **rows, int64_t *added, struct ex_conn *conn,
    const char *case_number, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	int64_t n = 0;
	int rc = 0;

	if (ex_json_count(*rows) > 0) {
		rc = ex_json_write(&text, *rows, err);
		if (rc == 0)
			rc = ex_casebook_import(
			    &n, conn, case_number, ex_buf_text(&text), err);
	}
	*added += n;
	ex_buf_free(&text);
	ex_json_free(*rows);
	*rows = ex_json_array();
	if (rc == 0 && *rows == NULL)
		rc = ex_fail(err, EX_SYSTEM, "out of memory");
	return rc;
}

int
ex_sighting_add(struct ex_json **out, struct ex_house *house,
    const char *case_number, const struct ex_sighting *s, struct ex_err *err)
{
	struct ex_json *rows = ex_json_array(), *row = NULL, *v = NULL;
	struct ex_conn *conn;
	int64_t added = 0;
	int rc = -1;

	*out = NULL;
	if (rows == NULL || make_row(&row, s, err) == -1)
		goto out;
	if (ex_json_add(rows, ex_json_ref(row), err) == -1 ||
	    ex_house_conn(house, &conn, err) == -1 ||
	    send(&rows, &added, conn, case_number, err) == -1 ||
	    (v = ex_json_object()) == NULL)
		goto out;
	if (ex_json_set_text(v, "case", case_number, err) == -1 ||
	    ex_json_set_text(v, "kind", ex_json_get_text(row, "kind"), err) ==
		-1 ||
	    ex_json_set_text(v, "value", ex_json_get_text(row, "value"), err) ==
		-1 ||
	    ex_json_set_int(v, "added", added, err) == -1)
		goto out;
	*out = v;
	v = NULL;
	rc = 0;
out:
	ex_json_free(v);
	ex_json_free(row);
	ex_json_free(rows);
	return rc;
}

/* What an import goes through. */
struct importing {
	struct ex_csv *csv;
	struct ex_json *rows, *refused;
	const char **field[EX_CSV_CELLS]; /* where a column's cell goes */
	size_t columns;
	struct ex_sighting s;
};

static int
read_head(struct importing *g, struct ex_err *err)
{
	const struct {
		const char *name;
		const char **field;
	} known[] = { { "kind", &g->s.kind }, { "value", &g->s.value },
		{ "role", &g->s.role }, { "source", &g->s.source },
		{ "reliability", &g->s.reliability }, { "from", &g->s.from },
		{ "until", &g->s.until } };
	size_t nknown = sizeof(known) / sizeof(known[0]);

	g->columns = g->csv->n;
	for (size_t i = 0; i < g->csv->n; i++) {
		size_t k = 0;

		while (k < nknown && strcmp(known[k].name,
					 ex_buf_text(&g->csv->cell[i])) != 0)
			k++;
		if (k == nknown)
			return ex_csv_bad(g->csv,
			    "columns are kind, value, role, source, "
			    "reliability, from, until",
			    err);
		for (size_t j = 0; j < i; j++)
			if (g->field[j] == known[k].field)
				return ex_csv_bad(
				    g->csv, "a column twice", err);
		g->field[i] = known[k].field;
	}
	return 0;
}

/* A time as RFC 3339 has it; text holds the canonical form. */
static int
read_time(const char **at, char text[EX_TIME_TEXT], struct ex_err *err)
{
	int had_offset;
	int64_t us;

	if (*at == NULL)
		return 0;
	if (ex_time_parse(&us, &had_offset, *at, err) == -1)
		return -1;
	ex_time_text(text, us);
	*at = text;
	return 0;
}

static int
read_row(struct importing *g, struct ex_err *err)
{
	char from[EX_TIME_TEXT], until[EX_TIME_TEXT];
	struct ex_json *row;

	memset(&g->s, 0, sizeof(g->s));
	if (g->csv->n != g->columns)
		return ex_fail(
		    err, EX_FORMAT, "another number of cells than the head");
	for (size_t i = 0; i < g->columns; i++)
		if (g->csv->cell[i].len > 0)
			*g->field[i] = ex_buf_text(&g->csv->cell[i]);
	if (read_time(&g->s.from, from, err) == -1 ||
	    read_time(&g->s.until, until, err) == -1 ||
	    make_row(&row, &g->s, err) == -1)
		return -1;
	return ex_json_add(g->rows, row, err);
}

static int
refuse(struct importing *g, const struct ex_err *why, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set_int(v, "line", (int64_t)g->csv->line, err) == -1 ||
	    ex_json_set_text(v, "reason", why->text, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	return ex_json_add(g->refused, v, err);
}

/* Every line; a wrong one is refused, and the rest goes on. */
static int
read_lines(struct importing *g, int64_t *added, struct ex_conn *conn,
    const char *case_number, struct ex_err *err)
{
	int rc;

	if ((rc = ex_csv_next(g->csv, err)) != 1)
		return rc == 0 ? ex_fail(err, EX_FORMAT, "the list is empty")
			       : -1;
	if (read_head(g, err) == -1)
		return -1;
	for (;;) {
		struct ex_err why = EX_ERR_INIT;

		rc = ex_csv_next(g->csv, &why);
		if (rc == 0)
			break;
		if (rc == 1)
			rc = read_row(g, &why);
		if (rc == -1 && why.code == EX_SYSTEM)
			return ex_fail(err, why.code, "%s", why.text);
		if (rc == -1 && refuse(g, &why, err) == -1)
			return -1;
		if (ex_json_count(g->rows) == EX_INDICATOR_ROWS &&
		    send(&g->rows, added, conn, case_number, err) == -1)
			return -1;
	}
	return send(&g->rows, added, conn, case_number, err);
}

static int
import(struct ex_json *v, int *status, struct ex_house *house,
    const char *case_number, const struct ex_buf *text, struct ex_err *err)
{
	struct importing g = { 0 };
	struct ex_conn *conn;
	int64_t added = 0;
	int rc = -1;

	g.rows = ex_json_array();
	g.refused = ex_json_array();
	g.csv = malloc(sizeof(*g.csv));
	if (g.csv == NULL || g.rows == NULL || g.refused == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	ex_csv_init(g.csv, text->data, text->len);
	if (ex_house_conn(house, &conn, err) == 0 &&
	    read_lines(&g, &added, conn, case_number, err) == 0 &&
	    ex_json_set_text(v, "case", case_number, err) == 0 &&
	    ex_json_set_int(v, "lines", (int64_t)g.csv->line, err) == 0 &&
	    ex_json_set_int(v, "added", added, err) == 0) {
		*status = ex_json_count(g.refused) > 0;
		rc = ex_json_set(v, "refused", ex_json_ref(g.refused), err);
	}
	ex_csv_free(g.csv);
out:
	free(g.csv);
	ex_json_free(g.rows);
	ex_json_free(g.refused);
	return rc;
}

int
ex_sighting_import(struct ex_json **out, int *status, struct ex_house *house,
    const char *case_number, const char *file, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	struct ex_json *v = ex_json_object();
	int rc = -1;

	*out = NULL;
	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_file_read(&text, file, EX_INDICATOR_FILE_MAX, err) == 0 &&
	    import(v, status, house, case_number, &text, err) == 0) {
		*out = v;
		v = NULL;
		rc = 0;
	}
	ex_buf_free(&text);
	ex_json_free(v);
	return rc;
}
