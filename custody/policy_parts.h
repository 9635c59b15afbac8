/*
 * policy_parts.h -- a policy as it is kept; for custody/policy*.c alone.
 */
#ifndef CUSTODY_POLICY_PARTS_H
#define CUSTODY_POLICY_PARTS_H

#include "custody/log.h"

/* A witness or a group: something that can witness a checkpoint. */
struct ex_policy_member {
	char name[EX_NOTE_NAME];
	int taken; /* is listed in a group */
	int is_group;
	struct ex_vkey key;	 /* of a witness */
	char org[EX_POLICY_ORG]; /* whose it is; "" */
	int monitor;		 /* sees whole streams */
	int has_until;		 /* counts up to trees of this size alone */
	uint64_t until;
	size_t threshold; /* of a group */
	size_t n;
	size_t of[EX_POLICY_KEYS + EX_POLICY_GROUPS]; /* indexes below it */
};

struct ex_policy {
	size_t nlogs, nwitnesses, ngroups, nmembers;
	struct ex_vkey log[EX_POLICY_KEYS];
	size_t witness[EX_POLICY_KEYS]; /* indexes into member */
	struct ex_policy_member member[EX_POLICY_KEYS + EX_POLICY_GROUPS];
	int has_quorum;
	int none;		      /* quorum none */
	size_t quorum;		      /* index into member, unless none */
	char operator[EX_POLICY_ORG]; /* of the logs; "": not said */
	size_t nauthorities;
	struct ex_policy_authority authority[EX_POLICY_KEYS];
};

#endif
