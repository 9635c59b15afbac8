/*
 * house_conn.c -- connections: as the person who acts, as the service, as
 * the owner; and the roles that people connect as.
 */
#include <sys/stat.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cases/house_parts.h"
#include "cases/keys_parts.h"
#include "db/schema.h"
#include "db/store.h"

enum {
	ROLES_MAX = 16384 /* people of one laboratory, more than enough */
};

/* A fresh role is known to the server a moment after its map was read. */
#define ROLE_PATIENCE (5 * EX_SECOND)
#define ROLE_PAUSE    (EX_SECOND / 50)

/* One more setting of a conninfo of either kind; libpq takes the last. */
static int
add_setting(
    struct ex_buf *out, const char *name, const char *value, struct ex_err *err)
{
	const char *text = ex_buf_text(out);

	if (strncmp(text, "postgresql://", 13) != 0 &&
	    strncmp(text, "postgres://", 11) != 0)
		return ex_buf_addf(out, err, " %s='%s'", name, value);
	return ex_buf_addf(out, err, "%c%s=%s",
	    strchr(text, '?') == NULL ? '?' : '&', name, value);
}

int
ex_house_conninfo(struct ex_buf *out, const struct ex_house *house,
    const char *role, struct ex_err *err)
{
	if (ex_house_embedded(house))
		return ex_cluster_conninfo(out, &house->cluster,
		    role[0] == '\0' ? EX_CLUSTER_ROOT : role, "exhibit", err);
	if (ex_buf_add_text(out, house->conf.database, err) == -1)
		return -1;
	if (strstr(house->conf.database, "connect_timeout") == NULL &&
	    add_setting(out, "connect_timeout", "10", err) == -1)
		return -1;
	return role[0] == '\0' ? 0 : add_setting(out, "user", role, err);
}

int
ex_house_connect(struct ex_house *house, const char *role, struct ex_conn **out,
    struct ex_err *err)
{
	struct ex_buf conninfo = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	int rc = -1;

	if (ex_house_conninfo(&conninfo, house, role, &why) == 0)
		rc = ex_conn_open(out, ex_buf_text(&conninfo), &why);
	ex_buf_free(&conninfo);
	if (rc == -1 && !ex_house_embedded(house) && why.code == EX_UNREACHABLE)
		return ex_fail(err, why.code,
		    "%s; start it, or correct \"database\" in "
		    "%s/exhibit.conf",
		    why.text, house->dir);
	return rc == -1 ? ex_fail(err, why.code, "%s", why.text) : 0;
}

/* Services are started by the first command that needs them. */
static int
connect_up(struct ex_house *house, const char *role, struct ex_conn **out,
    struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;

	if (*out != NULL)
		return 0;
	if (ex_house_need_database(house, err) == -1)
		return -1;
	if (ex_house_sequencer(house) != 0 &&
	    ex_house_connect(house, role, out, &why) == 0)
		return 0;
	if (why.code != EX_OK && why.code != EX_UNREACHABLE)
		return ex_fail(err, why.code, "%s", why.text);
	if (ex_house_up(house, err) == -1)
		return -1;
	return ex_house_connect(house, role, out, err);
}

/*
 * Whoever entered the person was killed before the login was made.  1 when
 * the log knows the person and there is one now.
 */
static int
make_up_for_login(
    struct ex_house *house, const char *person, struct ex_err *err)
{
	struct ex_json *fact = NULL;
	struct ex_conn *conn;
	int known;

	if (!ex_house_embedded(house))
		return 0;
	if (ex_house_service(house, &conn, err) == -1 ||
	    ex_store_fact(conn, "person", person, &fact, err) == -1)
		return -1;
	known = fact != NULL;
	ex_json_free(fact);
	if (known && ex_house_add_login(house, person, err) == -1)
		return -1;
	return known;
}

/* What an unknown role means to a person. */
static int
connect_person(struct ex_house *house, const char *key, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	char role[EX_ROLE_TEXT], person[EX_NAME_TEXT], keys[EX_PATH];
	int made;

	if (ex_house_need_database(house, err) == -1 ||
	    ex_house_path(keys, house, "keys", err) == -1 ||
	    ex_key_person(person, keys, key, err) == -1 ||
	    ex_role_of(role, person, err) == -1)
		return -1;
	if (connect_up(house, role, &house->person, &why) == 0)
		return 0;
	if (why.code != EX_DENIED)
		return ex_fail(err, why.code, "%s", why.text);
	if ((made = make_up_for_login(house, person, err)) == -1)
		return -1;
	if (made)
		return connect_up(house, role, &house->person, err);
	return ex_fail(err, EX_DENIED, "%s may not connect to the database: %s",
	    person, why.text);
}

void
ex_house_drop(struct ex_house *house)
{
	ex_conn_close(house->person);
	ex_conn_close(house->service);
	ex_conn_close(house->admin);
	house->person = house->service = house->admin = NULL;
}

int
ex_house_conn(struct ex_house *house, struct ex_conn **out, struct ex_err *err)
{
	const char *as = ex_house_desk(house)->as;

	if (as == NULL)
		return ex_house_service(house, out, err);
	if (house->person == NULL && connect_person(house, as, err) == -1)
		return -1;
	*out = house->person;
	return 0;
}

int
ex_house_service(
    struct ex_house *house, struct ex_conn **out, struct ex_err *err)
{
	if (connect_up(house, EX_ROLE_SERVICE, &house->service, err) == -1)
		return -1;
	*out = house->service;
	return 0;
}

int
ex_house_admin(struct ex_house *house, struct ex_conn **out, struct ex_err *err)
{
	if (ex_house_need_database(house, err) == -1)
		return -1;
	if (house->admin == NULL && (ex_house_cluster_up(house, err) == -1 ||
					ex_house_connect(house, EX_HOUSE_ROOT,
					    &house->admin, err) == -1))
		return -1;
	*out = house->admin;
	return 0;
}

int
ex_house_migrate(struct ex_house *house, size_t *applied, struct ex_err *err)
{
	struct ex_conn *conn;
	size_t n = 0;

	if (ex_house_admin(house, &conn, err) == -1 ||
	    ex_schema_migrate(conn, &n, err) == -1)
		return -1;
	if (applied != NULL)
		*applied = n;
	/* A service that is new may log in, too. */
	return n > 0 && ex_house_embedded(house) ? ex_house_map(house, err) : 0;
}

struct roles {
	char (*name)[EX_ROLE_TEXT];
	size_t n, cap;
};

static int
add_role(void *arg, const char *role, struct ex_err *err)
{
	struct roles *r = arg;

	if (r->n == ROLES_MAX || strlen(role) >= EX_ROLE_TEXT)
		return ex_fail(err, EX_LIMIT, "too many roles");
	if (r->n == r->cap) {
		size_t cap = r->cap == 0 ? 32 : 2 * r->cap;
		char(*more)[EX_ROLE_TEXT] =
		    realloc(r->name, cap * sizeof(*more));

		if (more == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		r->name = more;
		r->cap = cap;
	}
	memcpy(r->name[r->n++], role, strlen(role) + 1);
	return 0;
}

static int
write_map(struct ex_house *house, struct ex_err *err)
{
	struct roles r = { NULL, 0, 0 };
	const char **list = NULL;
	struct ex_conn *conn;
	int rc = -1;

	if (ex_house_admin(house, &conn, err) == -1 ||
	    ex_schema_roles(conn, add_role, &r, err) == -1)
		goto out;
	list = calloc(r.n + 1, sizeof(*list));
	if (list == NULL) {
		ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	for (size_t i = 0; i < r.n; i++)
		list[i] = r.name[i];
	rc = ex_cluster_map(&house->cluster, list, r.n, err);
out:
	free(r.name);
	free(list);
	return rc;
}

int
ex_house_map(struct ex_house *house, struct ex_err *err)
{
	int turn, rc;

	if (!ex_house_embedded(house))
		return 0;
	turn =
	    ex_house_turn(house, "map.lock", "writes down who may log in", err);
	if (turn == -1)
		return -1;
	rc = write_map(house, err);
	(void)close(turn);
	return rc;
}

/* Until the server lets the role in. */
static int
wait_for_role(struct ex_house *house, const char *role, struct ex_err *err)
{
	int64_t until = ex_ticks() + ROLE_PATIENCE;
	struct ex_err why = EX_ERR_INIT;
	struct ex_conn *conn = NULL;

	while (ex_house_connect(house, role, &conn, &why) == -1) {
		if (why.code != EX_DENIED || ex_ticks() > until)
			return ex_fail(err, why.code, "%s", why.text);
		ex_err_clear(&why);
		ex_sleep(ROLE_PAUSE);
	}
	ex_conn_close(conn);
	return 0;
}

int
ex_house_add_login(
    struct ex_house *house, const char *person, struct ex_err *err)
{
	char role[EX_ROLE_TEXT];
	struct ex_conn *conn;

	if (ex_role_of(role, person, err) == -1 ||
	    ex_house_admin(house, &conn, err) == -1 ||
	    ex_schema_add_person(conn, person, err) == -1)
		return -1;
	/* On a server of somebody else's, its administrator lets people in. */
	if (!ex_house_embedded(house))
		return 0;
	if (ex_house_map(house, err) == -1)
		return -1;
	return wait_for_role(house, role, err);
}
