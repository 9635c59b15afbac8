/*
 * selftest_bridge.c -- bridges that err, asked as a real one is.
 */
#include <stdlib.h>
#include <string.h>

#include "cases/selftest_parts.h"

/* Refuses everything, as a bridge that knows no pass-through does. */
static enum ex_asked
refuse(void *self, const struct ex_command_request *r,
    struct ex_command_reply *reply)
{
	(void)self;
	(void)r;
	reply->sense[0] = 0x70;
	reply->sense[2] = 5; /* illegal request */
	reply->sense[12] = 0x20;
	reply->nsense = 18;
	reply->refused = 1;
	return EX_ASKED_OK;
}

/* Succeeds with nothing in it. */
static enum ex_asked
blank(void *self, const struct ex_command_request *r,
    struct ex_command_reply *reply)
{
	(void)self;
	reply->ndata = r->ndata;
	return EX_ASKED_OK;
}

/* Succeeds with bytes that mean nothing. */
static enum ex_asked
babble(void *self, const struct ex_command_request *r,
    struct ex_command_reply *reply)
{
	(void)self;
	for (size_t i = 0; i < r->ndata; i++)
		reply->data[i] = (uint8_t)(i * 31 + 7);
	reply->ndata = r->ndata;
	memset(reply->sense, 0x72, sizeof(reply->sense));
	reply->nsense = sizeof(reply->sense);
	reply->refused = r->ndata == 0;
	return EX_ASKED_OK;
}

/* What is known of the drive behind one; 1 when nothing is. */
static int is_unknown(enum ex_asked (*command)(void *self,
    const struct ex_command_request *r, struct ex_command_reply *reply))
{
	struct ex_selftest_drive d = { .sectors = 64, .sector_size = 512 };
	struct ex_source *s = ex_selftest_drive_open(&d);
	struct ex_source_ops ops;
	int unknown;

	if (s == NULL)
		return 0;
	ops = *s->ops;
	ops.command = command;
	s->ops = &ops;
	ex_identity_learn(s);
	unknown = s->info.drive.hpa == EX_UNKNOWN &&
		  s->info.drive.dco == EX_UNKNOWN &&
		  s->info.drive.security == EX_SECURITY_UNKNOWN &&
		  s->info.drive.smart.health == EX_HEALTH_UNKNOWN &&
		  s->info.drive.native == 0;
	ex_source_close(s);
	return unknown;
}

void
ex_selftest_bridge(struct ex_selftest *t, struct ex_selftest_line *l)
{
	static const struct {
		const char *what;
		enum ex_asked (*command)(void *self,
		    const struct ex_command_request *r,
		    struct ex_command_reply *reply);
	} bridge[] = {
		{ "refuses", refuse },
		{ "answers with zeroes", blank },
		{ "answers with nonsense", babble },
	};

	(void)t;
	for (size_t i = 0; i < sizeof(bridge) / sizeof(bridge[0]); i++)
		(void)ex_selftest_want(l, is_unknown(bridge[i].command),
		    "of a bridge that %s something is known", bridge[i].what);
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "hidden areas, security and health are unknown behind scripted "
	    "bridges that refuse, answer with zeroes and with nonsense");
}
