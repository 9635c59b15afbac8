/*
 * statement.c -- a monitor's monthly statement to each person.
 */
#include "daemons/statement.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/limits.h"
#include "base/text.h"
#include "custody/tiles.h"

enum {
	PART = 400, /* lines of one note: it stays below EX_NOTE_MAX */
	LINE = 512,
	NAME = 128
};

struct stating {
	struct ex_witness_folder *f;
	const char *month;
	struct ex_checkpoint now;
	uint64_t from; /* entries before it were stated already */
	struct ex_tiles_watch watch;
	struct ex_json *keys, *acts; /* person -> [line] */
	char dir[EX_PATH];
};

/* A line under somebody's name; a name stands once under each entry. */
static int
add_line(struct ex_json *of, const char *person, const char *line,
    struct ex_err *err)
{
	const struct ex_json *had = ex_json_get(of, person);
	size_t n = ex_json_count(had);
	struct ex_json *list;
	int rc = 0;

	if (n > 0 && strcmp(ex_json_text(ex_json_at(had, n - 1)), line) == 0)
		return 0;
	list = had == NULL ? ex_json_array() : ex_json_ref(had);
	if (list == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (had == NULL)
		rc = ex_json_set(of, person, ex_json_ref(list), err);
	if (rc == 0)
		rc = ex_json_add(list, ex_json_string(line), err);
	ex_json_free(list);
	return rc;
}

/* "12  2026-11-03T10:11:12Z  item:EXH-1 2  receive  ..." */
static void
line_of(
    char out[LINE], const struct ex_event *e, uint64_t index, const char *more)
{
	char stream[EX_STREAM_TEXT], at[EX_TIME_TEXT];

	ex_stream_text(stream, &e->stream);
	ex_time_text(at, e->time_claimed);
	(void)snprintf(out, LINE,
	    "%" PRIu64 "  %.19sZ  %.200s %" PRIu64 "  %s  %s / %s%s%s", index,
	    at, stream, e->seq, e->def->name, e->def->title_en,
	    e->def->title_zh, more[0] == '\0' ? "" : "  ", more);
}

/* Whose key this certificate is of, as the log has it; "" unknown. */
static int
owner_of(char out[EX_NAME_TEXT], struct stating *s, const char *cert,
    struct ex_err *err)
{
	const struct ex_view *view = ex_world_view(s->watch.world);
	struct ex_json *key = NULL;
	const char *person;

	out[0] = '\0';
	if (cert == NULL)
		return 0;
	if (view->get(view->arg, "key", cert, &key, err) == -1)
		return -1;
	person = ex_json_get_text(key, "person");
	if (person != NULL)
		(void)snprintf(out, EX_NAME_TEXT, "%s", person);
	ex_json_free(key);
	return 0;
}

/* What an entry does to somebody: keys, roles, competence. */
static int
take_about(struct stating *s, const struct ex_event *e, uint64_t index,
    struct ex_err *err)
{
	const char *cert = ex_event_text(e, "cert_sha256");
	const char *person = ex_event_text(e, "person");
	char owner[EX_NAME_TEXT], line[LINE];

	if (e->stream.kind != EX_STREAM_LAB)
		return 0;
	if (person == NULL &&
	    (e->act == EX_ACT_KEY_REVOKE || e->act == EX_ACT_ROTATE)) {
		if (owner_of(owner, s, cert, err) == -1)
			return -1;
		person = owner;
	} else if (e->act == EX_ACT_PERSON_ADD)
		person = ex_event_text(e, "id");
	if (person == NULL || person[0] == '\0')
		return 0;
	line_of(line, e, index, cert == NULL ? "" : cert);
	return add_line(s->keys, person, line, err);
}

static int
take(
    void *arg, const struct ex_admission *a, uint64_t index, struct ex_err *err)
{
	struct stating *s = arg;
	const struct ex_event *e = &a->event;
	char line[LINE];

	if (index < s->from)
		return 0;
	for (size_t i = 0; i < e->nparties; i++) {
		const struct ex_party *p = &e->party[i];

		line_of(line, e, index, ex_mode_name(p->mode));
		if (add_line(s->acts, p->person, line, err) == -1 ||
		    (p->recorder[0] != '\0' &&
			add_line(s->acts, p->recorder, line, err) == -1))
			return -1;
	}
	return take_about(s, e, index, err);
}

/* The lines of a list that belong to a part; 1: there are more. */
static int
put_list(struct ex_buf *text, const char *title, const struct ex_json *list,
    size_t part, struct ex_err *err)
{
	size_t n = ex_json_count(list), first = part * PART;

	if (ex_buf_addf(
		text, err, "\n%s\n%s", title, n == 0 ? "  - / 無\n" : "") == -1)
		return -1;
	for (size_t i = first; i < n && i < first + PART; i++) {
		if (ex_buf_addf(text, err, "  %s\n",
			ex_json_text(ex_json_at(list, i))) == -1)
			return -1;
	}
	return n > first + PART;
}

/* One note; 1 when another must follow. */
static int
write_part(
    struct stating *s, const char *person, size_t part, struct ex_err *err)
{
	const struct ex_witness *w = &s->f->witness;
	struct ex_buf text = EX_BUF_INIT, note = EX_BUF_INIT;
	char root[2 * EX_HASH + 1], name[NAME], path[EX_PATH];
	int more = -1, acts = -1, rc = -1;

	ex_hex(root, s->now.root, EX_HASH);
	(void)snprintf(name, sizeof(name), part == 0 ? "%s.txt" : "%s-%zu.txt",
	    person, part + 1);
	if (ex_buf_addf(&text, err,
		"custody-statement/v1\nlog %s\nmonth %s\nperson %s\npart %zu\n"
		"entries %" PRIu64 " to %" PRIu64 "\nroot %s\n\n"
		"What stands in the log in your name, from the copy of the "
		"monitor %s.\n監督者依其自存之日誌副本，列出日誌中以您名義所為之紀錄。\n",
		s->now.origin, s->month, person, part + 1, s->from,
		s->now.size - 1, root, w->own.name) == -1 ||
	    (more = put_list(&text,
		 "Your keys and roles / 您的金鑰與角色 (index, time claimed, "
		 "stream, act, certificate)",
		 ex_json_get(s->keys, person), part, err)) == -1 ||
	    (acts = put_list(&text,
		 "Entries in your name / 以您名義之紀錄 (index, time claimed, "
		 "stream, act, how)",
		 ex_json_get(s->acts, person), part, err)) == -1 ||
	    ex_buf_add_text(&text,
		"\nIf one of these was not you, say so to the monitor, not to "
		"the laboratory alone.\n如有非您所為者，請告知監督者，勿僅告知實驗室。\n",
		err) == -1 ||
	    ex_note_sign(
		&note, text.data, text.len, w->own.name, w->key, err) == -1 ||
	    ex_path_join(path, sizeof(path), s->dir, name, err) == -1 ||
	    ex_file_write(path, note.data, note.len, 0644, err) == -1)
		goto out;
	(void)printf("%s\n", path);
	rc = more || acts;
out:
	ex_buf_free(&text);
	ex_buf_free(&note);
	return rc;
}

static int
write_person(struct stating *s, const char *person, struct ex_err *err)
{
	size_t part = 0;
	int more;

	/* Persons' numbers are names of files: the log lets no others in. */
	while ((more = write_part(s, person, part, err)) == 1)
		part++;
	return more;
}

static int
each_person(void *arg, const char *kind, const char *id,
    const char *case_number, const struct ex_json *value, struct ex_err *err)
{
	(void)case_number;
	(void)value;
	return strcmp(kind, "person") == 0 ? write_person(arg, id, err) : 0;
}

/* The newest checkpoint that was cosigned for the log. */
static int
load_now(struct stating *s, const char *origin, struct ex_err *err)
{
	struct ex_witness *w = &s->f->witness;
	struct ex_buf held = EX_BUF_INIT;
	struct ex_note note;
	int rc = -1;

	if (w->store.load(w->store.arg, &held, origin, err) == 0 &&
	    ex_note_parse(&note, held.data, held.len, err) == 0 &&
	    ex_note_check(&note, &w->own, NULL, err) == 0)
		rc = ex_checkpoint_read(&s->now, note.text, err);
	ex_buf_free(&held);
	return rc == 0 ? 0 : ex_while(err, "what was cosigned last");
}

/* The sizes of months before this one; the largest counts. */
static int
look_month(void *arg, const char *name, struct ex_err *err)
{
	struct stating *s = arg;
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_PATH], file[NAME];
	unsigned long long size = 0;

	if (strlen(name) != strlen("YYYY-MM") || strcmp(name, s->month) >= 0)
		return 0;
	(void)snprintf(file, sizeof(file), "statements/%s/size", name);
	if (ex_path_join(path, sizeof(path), s->f->dir, file, err) == -1)
		return -1;
	if (ex_file_read(&text, path, 32, NULL) == 0 && text.len > 1) {
		ex_buf_cut(&text, text.len - 1);
		if (ex_text_number(
			&size, ex_buf_text(&text), INT64_MAX, NULL) == 0 &&
		    size > s->from)
			s->from = size;
	}
	ex_buf_free(&text);
	return 0;
}

static int
write_file(struct stating *s, const char *name, const struct ex_buf *text,
    struct ex_err *err)
{
	char path[EX_PATH];

	if (ex_path_join(path, sizeof(path), s->f->dir, name, err) == -1)
		return -1;
	return ex_file_write(path, text->data, text->len, 0644, err);
}

/* Folders and the key; from where on. */
static int
prepare(struct stating *s, struct ex_err *err)
{
	struct ex_buf pem = EX_BUF_INIT;
	char above[EX_PATH], name[NAME];
	int rc = -1;

	(void)snprintf(name, sizeof(name), "statements/%s", s->month);
	if (ex_path_join(above, sizeof(above), s->f->dir, "statements", err) ==
		-1 ||
	    ex_path_join(s->dir, sizeof(s->dir), s->f->dir, name, err) == -1 ||
	    ex_dir_make(s->dir, 0755, err) == -1 ||
	    ex_dir_each(above, look_month, s, err) == -1 ||
	    ex_vkey_pem(&pem, &s->f->witness.own, err) == -1)
		goto out;
	rc = write_file(s, "statements/monitor.pem", &pem, err);
out:
	ex_buf_free(&pem);
	return rc;
}

static int
write_all(struct stating *s, const char *person, struct ex_err *err)
{
	const struct ex_view *view = ex_world_view(s->watch.world);
	struct ex_buf size = EX_BUF_INIT;
	struct ex_json *v = NULL;
	char name[NAME];
	int rc = -1;

	if (person != NULL) {
		if (view->get(view->arg, "person", person, &v, err) == -1)
			return -1;
		if (v == NULL)
			return ex_fail(err, EX_ABSENT,
			    "the log knows no person \"%s\"", person);
		ex_json_free(v);
		return write_person(s, person, err);
	}
	/* Only when all have theirs the next month goes on from here. */
	(void)snprintf(name, sizeof(name), "statements/%s/size", s->month);
	if (ex_world_each(s->watch.world, each_person, s, err) == 0 &&
	    ex_buf_addf(&size, err, "%" PRIu64 "\n", s->now.size) == 0)
		rc = write_file(s, name, &size, err);
	ex_buf_free(&size);
	return rc;
}

static int
month_ok(const char *month)
{
	static const char form[] = "0000-00";
	int m;

	if (strlen(month) != sizeof(form) - 1)
		return 0;
	for (size_t i = 0; form[i] != '\0'; i++) {
		if (form[i] == '-' ? month[i] != '-'
				   : month[i] < '0' || month[i] > '9')
			return 0;
	}
	m = (month[5] - '0') * 10 + month[6] - '0';
	return m >= 1 && m <= 12;
}

int
ex_statement_make(struct ex_witness_folder *f, const char *month,
    const char *person, struct ex_err *err)
{
	static const struct ex_checkpoint none;
	struct stating s = { .f = f, .month = month };
	char tiles[EX_PATH];
	int rc = -1;

	if (!month_ok(month))
		return ex_fail(
		    err, EX_USAGE, "--month is YYYY-MM, not \"%s\"", month);
	if (f->witness.nlogs == 0)
		return ex_fail(err, EX_USAGE, "%s follows no log", f->dir);
	s.keys = ex_json_object();
	s.acts = ex_json_object();
	s.watch.dir = tiles;
	s.watch.old = &none;
	s.watch.now = &s.now;
	s.watch.each = take;
	s.watch.arg = &s;
	if (load_now(&s, f->witness.log[0].name, err) == 0 &&
	    ex_path_join(tiles, sizeof(tiles), f->dir, "tiles", err) == 0 &&
	    prepare(&s, err) == 0 && ex_tiles_examine(&s.watch, err) == 0)
		rc = write_all(&s, person, err);
	ex_world_free(s.watch.world);
	ex_json_free(s.keys);
	ex_json_free(s.acts);
	return rc;
}
