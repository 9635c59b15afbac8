/*
 * house.c -- a house opened: paths, and who sits at the desk.
 */
#include "cases/house.h"

#include <stdlib.h>
#include <string.h>

#include "cases/house_parts.h"
#include "cases/kit.h"

int
ex_house_find(struct ex_house *house, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;

	if (ex_cluster_find(&house->cluster, house->dir, &why) == 0)
		return 0;
	/* Somebody else's server needs no PostgreSQL on this machine. */
	if (!ex_house_embedded(house) && why.code == EX_ABSENT &&
	    house->cluster.user[0] != '\0')
		return 0;
	return ex_fail(err, why.code, "%s", why.text);
}

static int
open_at(struct ex_house *h, const char *dir, struct ex_err *err)
{
	char path[EX_PATH];

	if (ex_path_join(path, EX_PATH, dir, "exhibit.conf", err) == -1)
		return -1;
	if (!ex_file_exists(path))
		return ex_fail(err, EX_ABSENT,
		    "no house at %s: run exhibit init, or give -C DIR", dir);
	if (realpath(dir, h->dir) == NULL)
		return ex_fail_errno(err, "%s", dir);
	if (ex_house_conf_read(&h->conf, dir, err) == -1 ||
	    ex_vkey_read(&h->log_key, h->conf.log_key, err) == -1)
		return ex_while(err, path);
	if (ex_kit_is(h->dir))
		return ex_kit_open(&h->kit, h, err);
	return ex_house_find(h, err);
}

int
ex_house_open(struct ex_house **out, const char *dir, struct ex_err *err)
{
	struct ex_house *h = calloc(1, sizeof(*h));

	*out = NULL;
	if (h == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (open_at(h, dir, err) == -1) {
		ex_house_close(h);
		return -1;
	}
	*out = h;
	return 0;
}

void
ex_house_close(struct ex_house *house)
{
	if (house == NULL)
		return;
	for (size_t i = 0; i < house->nsigners; i++)
		ex_signer_free(house->signer[i]);
	ex_house_drop(house);
	ex_kit_close(house->kit);
	free(house);
}

const char *
ex_house_dir(const struct ex_house *house)
{
	return house->dir;
}

const char *
ex_house_org(const struct ex_house *house)
{
	return house->conf.organisation;
}

const char *
ex_house_origin(const struct ex_house *house)
{
	return house->log_key.name;
}

const struct ex_vkey *
ex_house_log_key(const struct ex_house *house)
{
	return &house->log_key;
}

int
ex_house_embedded(const struct ex_house *house)
{
	return house->conf.database[0] == '\0';
}

int
ex_house_path(char out[EX_PATH], const struct ex_house *house, const char *name,
    struct ex_err *err)
{
	return ex_path_join(out, EX_PATH, house->dir, name, err);
}

void
ex_house_errand(struct ex_house *house, const char *what, const char *purpose)
{
	house->errand = what;
	house->purpose = purpose;
}

void
ex_house_seat(struct ex_house *house, const struct ex_desk *desk)
{
	house->desk = desk;
}

const struct ex_desk *
ex_house_desk(const struct ex_house *house)
{
	static const struct ex_desk nobody;

	return house->desk == NULL ? &nobody : house->desk;
}

int
ex_house_signer(struct ex_house *house, const char *name,
    const struct ex_signer **out, struct ex_err *err)
{
	struct ex_signer **slot = &house->signer[house->nsigners];
	char keys[EX_PATH];

	for (size_t i = 0; i < house->nsigners; i++) {
		if (strcmp(house->signer[i]->name, name) == 0) {
			*out = house->signer[i];
			return 0;
		}
	}
	if (house->nsigners == EX_HOUSE_SIGNERS)
		return ex_fail(err, EX_LIMIT, "more than %d keys at one desk",
		    EX_HOUSE_SIGNERS);
	if (ex_house_path(keys, house, "keys", err) == -1 ||
	    ex_signer_load(
		slot, keys, name, &ex_house_desk(house)->pins, err) == -1)
		return -1;
	house->nsigners++;
	*out = *slot;
	return 0;
}

int
ex_house_actor(
    struct ex_house *house, const struct ex_signer **out, struct ex_err *err)
{
	const struct ex_desk *desk = ex_house_desk(house);

	if (desk->as == NULL)
		return ex_fail(err, EX_USAGE,
		    "who acts?  Give --as KEY, or set EXHIBIT_AS");
	return ex_house_signer(house, desk->as, out, err);
}
