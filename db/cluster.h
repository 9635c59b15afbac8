/*
 * cluster.h -- the private PostgreSQL of the embedded default.
 *
 * A cluster in DIR/pg, reachable through a Unix socket only, with checksums,
 * run by an unprivileged user: the caller itself, or, for root, the user
 * `exhibit` if there is one, else `postgres`.
 */
#ifndef DB_CLUSTER_H
#define DB_CLUSTER_H

#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"

struct ex_cluster {
	char dir[EX_PATH];    /* DIR/pg */
	char socket[EX_PATH]; /* folder of the socket */
	char bin[EX_PATH];    /* folder of initdb and pg_ctl */
	char user[64];	      /* operating-system user that runs it */
	int own_user;	      /* 1: another user than the caller */
	uid_t uid;
	gid_t gid;
};

/* The name of the superuser of a private cluster. */
#define EX_CLUSTER_ROOT "exhibit_root"

/* The operating-system user that services run as, and where initdb is. */
int ex_cluster_find(
    struct ex_cluster *out, const char *data_dir, struct ex_err *err);

/*
 * Make the cluster if it is not there: initdb, settings, maps of users.  Can
 * be called again after it was killed half-way.  Refuses a folder that the
 * user cannot reach, naming one that works.
 */
int ex_cluster_make(struct ex_cluster *c, struct ex_err *err);

/* 1: it answers, 0: it does not run. */
int ex_cluster_running(const struct ex_cluster *c);
int ex_cluster_start(const struct ex_cluster *c, struct ex_err *err);
int ex_cluster_stop(const struct ex_cluster *c, struct ex_err *err);

/* A conninfo for a role and a database of it, appended. */
int ex_cluster_conninfo(struct ex_buf *out, const struct ex_cluster *c,
    const char *role, const char *database, struct ex_err *err);

/*
 * Let the caller and the service user connect as these roles: writes
 * pg_ident.conf and has it read again when the cluster runs.
 */
int ex_cluster_map(const struct ex_cluster *c, const char *const *roles,
    size_t n, struct ex_err *err);

#endif
