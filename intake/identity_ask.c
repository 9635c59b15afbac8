/*
 * identity_ask.c -- a drive asked who it is and what it hides.
 *
 * First INQUIRY, which every SCSI device and bridge answers; then IDENTIFY
 * DEVICE through the bridge; and only what that says it can do is asked
 * further.  NVMe has commands of its own.
 */
#include "intake/identity.h"

#include <stdio.h>
#include <string.h>

#include "intake/nvme.h"
#include "intake/scsi.h"
#include "intake/source.h"

struct asking {
	struct ex_source *s;
	struct ex_source_info *info;
	struct ex_drive_facts *drive;
	struct ex_command_reply reply;
};

static struct ex_span
data_of(const struct ex_command_reply *r)
{
	struct ex_span span = { r->data, r->ndata };

	return span;
}

/* Send; 1 when there is an answer to read. */
static int
ask(struct asking *a, enum ex_command c)
{
	a->drive->asked[c] = ex_command_send(a->s, c, &a->reply);
	return a->drive->asked[c] == EX_ASKED_OK;
}

/* The answer could not be one. */
static void
bad(struct asking *a, enum ex_command c)
{
	a->drive->asked[c] = EX_ASKED_BAD;
}

static void
learn(struct asking *a, enum ex_trait fact, enum ex_command c)
{
	a->info->learned[fact] = (uint8_t)(EX_LEARNED_COMMAND + c);
}

/* A word, where one was said. */
static void
put(struct asking *a, char out[EX_SOURCE_TEXT], const char *text,
    enum ex_trait fact, enum ex_command c)
{
	if (text[0] == '\0')
		return;
	(void)snprintf(out, EX_SOURCE_TEXT, "%s", text);
	learn(a, fact, c);
}

/* The registers that came back; 0, or -1 and the command is noted so. */
static int
registers(struct asking *a, struct ex_ata_registers *r, enum ex_command c)
{
	struct ex_span sense = { a->reply.sense, 0 };

	if (!ask(a, c))
		return -1;
	sense.n = a->reply.nsense;
	if (ex_ata_read_registers(r, sense, NULL) == 0)
		return 0;
	/* An error without registers is a bridge that knows no such thing. */
	a->drive->asked[c] = a->reply.refused ? EX_ASKED_REFUSED : EX_ASKED_BAD;
	return -1;
}

static void
ask_inquiry(struct asking *a)
{
	struct ex_scsi_inquiry q;
	char serial[EX_SOURCE_TEXT];

	if (!ask(a, EX_COMMAND_INQUIRY))
		return;
	if (ex_scsi_read_inquiry(&q, data_of(&a->reply), NULL) == -1) {
		bad(a, EX_COMMAND_INQUIRY);
		return;
	}
	put(a, a->info->vendor, q.vendor, EX_TRAIT_VENDOR, EX_COMMAND_INQUIRY);
	put(a, a->info->model, q.product, EX_TRAIT_MODEL, EX_COMMAND_INQUIRY);
	put(a, a->info->firmware, q.revision, EX_TRAIT_FIRMWARE,
	    EX_COMMAND_INQUIRY);
	if (!ask(a, EX_COMMAND_SERIAL))
		return;
	if (ex_scsi_read_serial(
		serial, sizeof(serial), data_of(&a->reply), NULL) == -1)
		bad(a, EX_COMMAND_SERIAL);
	else
		put(a, a->info->serial, serial, EX_TRAIT_SERIAL,
		    EX_COMMAND_SERIAL);
}

static enum ex_security
security_of(const struct ex_ata_identity *i)
{
	if (!i->security)
		return EX_SECURITY_NOT_SUPPORTED;
	if (!i->security_on)
		return EX_SECURITY_OFF;
	return i->locked ? EX_SECURITY_LOCKED : EX_SECURITY_OPEN;
}

/* What IDENTIFY DEVICE says by itself. */
static void
put_identity(struct asking *a, const struct ex_ata_identity *i)
{
	const enum ex_command c = EX_COMMAND_ATA_IDENTIFY;
	struct ex_drive_facts *d = a->drive;

	put(a, a->info->model, i->model, EX_TRAIT_MODEL, c);
	put(a, a->info->serial, i->serial, EX_TRAIT_SERIAL, c);
	put(a, a->info->firmware, i->firmware, EX_TRAIT_FIRMWARE, c);
	d->sectors = i->sectors;
	if (d->sectors != 0)
		learn(a, EX_TRAIT_DRIVE_SECTORS, c);
	d->rotation =
	    i->rotation == 1 || (i->rotation > 1024 && i->rotation < 0xffff)
		? i->rotation
		: 0;
	if (d->rotation != 0)
		learn(a, EX_TRAIT_ROTATION, c);
	if (!i->says_features)
		return;
	d->security = security_of(i);
	d->frozen = i->frozen ? EX_YES : EX_NO;
	learn(a, EX_TRAIT_SECURITY, c);
}

/* The native size: none of the three commands changes it. */
static void
ask_native(struct asking *a, const struct ex_ata_identity *i)
{
	enum ex_command c = i->amac	   ? EX_COMMAND_ATA_AMAC
			    : i->has_48bit ? EX_COMMAND_ATA_NATIVE_EXT
					   : EX_COMMAND_ATA_NATIVE;
	struct ex_drive_facts *d = a->drive;
	struct ex_ata_registers r;
	uint64_t native;

	if (!i->says_features)
		return;
	if (!i->hpa && !i->amac) {
		/* Without the feature set there is no area to protect. */
		d->hpa = EX_NO;
		learn(a, EX_TRAIT_HPA, EX_COMMAND_ATA_IDENTIFY);
		return;
	}
	if (registers(a, &r, c) == -1)
		return;
	if (!ex_ata_went_well(&r)) {
		d->asked[c] = EX_ASKED_REFUSED;
		return;
	}
	/* Less than can be addressed is the word of a bridge that guesses. */
	if (ex_ata_read_native(&native, &r, c != EX_COMMAND_ATA_NATIVE, NULL) ==
		-1 ||
	    d->sectors == 0 || native < d->sectors || native >> 48 != 0) {
		bad(a, c);
		return;
	}
	d->native = native;
	d->hpa = native > d->sectors ? EX_YES : EX_NO;
	learn(a, EX_TRAIT_NATIVE, c);
	learn(a, EX_TRAIT_HPA, c);
}

static void
ask_dco(struct asking *a, const struct ex_ata_identity *i)
{
	const enum ex_command c = EX_COMMAND_ATA_DCO;
	struct ex_drive_facts *d = a->drive;
	uint64_t factory, native;

	if (!i->says_features)
		return;
	if (!i->dco) {
		d->dco = EX_NO;
		learn(a, EX_TRAIT_DCO, EX_COMMAND_ATA_IDENTIFY);
		return;
	}
	if (!ask(a, c))
		return;
	/* Behind a host protected area of unknown size nothing is known. */
	native = d->native != 0 ? d->native : d->hpa == EX_NO ? d->sectors : 0;
	if (ex_ata_read_dco(&factory, data_of(&a->reply), NULL) == -1 ||
	    factory < d->sectors || (native != 0 && factory < native)) {
		bad(a, c);
		return;
	}
	d->factory = factory;
	learn(a, EX_TRAIT_FACTORY, c);
	if (native == 0)
		return;
	d->dco = factory > native ? EX_YES : EX_NO;
	learn(a, EX_TRAIT_DCO, c);
}

/* Status and counts; 1 when the drive said anything. */
static int
ask_smart(struct asking *a, struct ex_smart *out)
{
	struct ex_ata_registers r;
	int said = 0;

	memset(out, 0, sizeof(*out));
	if (ask(a, EX_COMMAND_ATA_SMART_DATA)) {
		if (ex_ata_read_smart(out, data_of(&a->reply), NULL) == 0)
			said = 1;
		else
			bad(a, EX_COMMAND_ATA_SMART_DATA);
	}
	if (registers(a, &r, EX_COMMAND_ATA_SMART_STATUS) == -1)
		return said;
	out->health = ex_ata_read_health(&r);
	if (out->health != EX_HEALTH_UNKNOWN)
		return 1;
	a->drive->asked[EX_COMMAND_ATA_SMART_STATUS] =
	    ex_ata_went_well(&r) ? EX_ASKED_BAD : EX_ASKED_REFUSED;
	return said;
}

static void
ask_ata(struct asking *a)
{
	const enum ex_command c = EX_COMMAND_ATA_IDENTIFY;
	struct ex_ata_identity i;

	if (!ask(a, c))
		return;
	if (ex_ata_read_identity(&i, data_of(&a->reply), NULL) == -1) {
		bad(a, c);
		return;
	}
	put_identity(a, &i);
	ask_native(a, &i);
	ask_dco(a, &i);
	if (i.smart_on && ask_smart(a, &a->drive->smart))
		learn(a, EX_TRAIT_SMART,
		    a->drive->smart.health == EX_HEALTH_UNKNOWN
			? EX_COMMAND_ATA_SMART_DATA
			: EX_COMMAND_ATA_SMART_STATUS);
}

static void
ask_namespace(struct asking *a)
{
	const enum ex_command c = EX_COMMAND_NVME_NAMESPACE;
	struct ex_nvme_namespace n;

	if (!ask(a, c))
		return;
	if (ex_nvme_read_namespace(&n, data_of(&a->reply), NULL) == -1) {
		bad(a, c);
		return;
	}
	a->drive->sectors = n.sectors;
	learn(a, EX_TRAIT_DRIVE_SECTORS, c);
}

static int
ask_log(struct asking *a, struct ex_smart *out)
{
	const enum ex_command c = EX_COMMAND_NVME_SMART;

	memset(out, 0, sizeof(*out));
	if (!ask(a, c))
		return 0;
	if (ex_nvme_read_smart(out, data_of(&a->reply), NULL) == 0)
		return 1;
	memset(out, 0, sizeof(*out));
	bad(a, c);
	return 0;
}

static void
ask_nvme(struct asking *a)
{
	const enum ex_command c = EX_COMMAND_NVME_CONTROLLER;
	struct ex_drive_facts *d = a->drive;
	struct ex_nvme_controller k;

	if (!ask(a, c))
		return;
	if (ex_nvme_read_controller(&k, data_of(&a->reply), NULL) == -1) {
		bad(a, c);
		return;
	}
	put(a, a->info->model, k.model, EX_TRAIT_MODEL, c);
	put(a, a->info->serial, k.serial, EX_TRAIT_SERIAL, c);
	put(a, a->info->firmware, k.firmware, EX_TRAIT_FIRMWARE, c);
	if (k.says_capacity) {
		d->nvme_total = k.total;
		d->nvme_unallocated = k.unallocated;
	}
	/* NVMe knows neither: what it hides are namespaces. */
	d->hpa = d->dco = EX_NO;
	learn(a, EX_TRAIT_HPA, c);
	learn(a, EX_TRAIT_DCO, c);
	ask_namespace(a);
	if (ask_log(a, &d->smart))
		learn(a, EX_TRAIT_SMART, EX_COMMAND_NVME_SMART);
}

/* Those that the kernel makes up have no drive to ask. */
static int
has_drive(const struct ex_source_info *info)
{
	static const char *const made[] = { "loop", "device-mapper", "md",
		"virtio", "mmc" };

	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		if (strcmp(info->transport, made[i]) == 0)
			return 0;
	return info->kind == EX_SOURCE_BLOCK;
}

void
ex_identity_learn(struct ex_source *s)
{
	struct asking a = { .s = s, .info = &s->info, .drive = &s->info.drive };

	if (s->ops->command == NULL || !has_drive(&s->info))
		return;
	if (strcmp(s->info.transport, "nvme") == 0) {
		ask_nvme(&a);
		return;
	}
	ask_inquiry(&a);
	ask_ata(&a);
}

void
ex_identity_health(struct ex_smart *out, struct ex_source *s)
{
	/* What was asked before the start stays as it was recorded. */
	struct ex_drive_facts now = s->info.drive;
	struct asking a = { .s = s, .info = &s->info, .drive = &now };

	memset(out, 0, sizeof(*out));
	/* Only who answered before: nobody else has SMART to tell. */
	if (s->info.learned[EX_TRAIT_SMART] == EX_LEARNED_NOT)
		return;
	if (strcmp(s->info.transport, "nvme") == 0)
		(void)ask_log(&a, out);
	else
		(void)ask_smart(&a, out);
}
