/*
 * house_parts.h -- what the parts of the house share; for cases/house*.c and
 * cases/init*.c alone.
 */
#ifndef CASES_HOUSE_PARTS_H
#define CASES_HOUSE_PARTS_H

#include "cases/house.h"
#include "db/cluster.h"

enum {
	EX_HOUSE_SIGNERS = 24 /* keys that one command loads at most */
};

/* DIR/exhibit.conf, read. */
struct ex_house_conf {
	char organisation[EX_NAME_TEXT];
	char database[EX_PATH]; /* conninfo; "": the private cluster */
	char log_key[EX_VKEY_TEXT];
};

struct ex_house {
	char dir[EX_PATH];
	struct ex_house_conf conf;
	struct ex_vkey log_key;
	struct ex_cluster cluster; /* also without: whom services run as */
	const struct ex_desk *desk;
	struct ex_signer *signer[EX_HOUSE_SIGNERS];
	size_t nsigners;
	struct ex_conn *person, *service, *admin;
	const char *errand, *purpose; /* or NULL: see ex_house_errand() */
	char noted[512];	      /* last noted in the access log */
	struct ex_kit *kit;	      /* no database: NULL in a laboratory */
};

int ex_house_conf_read(
    struct ex_house_conf *out, const char *dir, struct ex_err *err);
int ex_house_conf_write(
    const struct ex_house_conf *c, const char *dir, struct ex_err *err);

/* Whom services run as, and where a private cluster is. */
int ex_house_find(struct ex_house *house, struct ex_err *err);

/*
 * Lock DIR/name, waiting for whoever has it; who: "starts the services", for
 * the message.  The descriptor to close, or -1.
 */
int ex_house_turn(const struct ex_house *house, const char *name,
    const char *who, struct ex_err *err);

/* Start the private cluster if there is one and it does not run. */
int ex_house_cluster_up(struct ex_house *house, struct ex_err *err);

/* The sequencer's process, or 0 when none is ready. */
pid_t ex_house_sequencer(const struct ex_house *house);

/* exhibit-anchor's, or 0. */
pid_t ex_house_anchor(const struct ex_house *house);

/*
 * Start it, when the policy in force names somebody outside and it does not
 * run.  It is not waited for.
 */
int ex_house_anchor_up(struct ex_house *house, struct ex_err *err);

/* What to connect with as a role, appended. */
int ex_house_conninfo(struct ex_buf *out, const struct ex_house *house,
    const char *role, struct ex_err *err);

/* A fresh connection as a role; EX_HOUSE_ROOT: with an owner's rights. */
#define EX_HOUSE_ROOT ""
int ex_house_connect(struct ex_house *house, const char *role,
    struct ex_conn **out, struct ex_err *err);

/* The key of the laboratory's own processes: DIR/log/service.key. */
#define EX_SERVICE_KEY "service"

/* A file becomes the services' own, where they run as another user. */
int ex_house_give(
    const struct ex_house *house, const char *path, struct ex_err *err);

/* Stop the services and start them again: they read their keys anew. */
int ex_house_restart(struct ex_house *house, struct ex_err *err);

/* EX_STATE in a field kit: what only the laboratory can do. */
int ex_house_need_database(const struct ex_house *house, struct ex_err *err);

/* Close what is connected: the database went away, or is about to. */
void ex_house_drop(struct ex_house *house);

/* Write pg_ident.conf anew out of the roles that may log in. */
int ex_house_map(struct ex_house *house, struct ex_err *err);

#endif
