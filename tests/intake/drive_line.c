/*
 * drive_line.c -- a drive's answers, built word by word from the standards.
 */
#include "drive_line.h"

#include <stdlib.h>
#include <string.h>

#include "drive.h"

void
put_le(uint8_t *p, size_t nbytes, uint64_t value)
{
	for (size_t i = 0; i < nbytes; i++)
		p[i] = (uint8_t)(value >> 8 * i);
}

void
put_word(uint8_t *block, size_t n, unsigned value)
{
	put_le(&block[2 * n], 2, value);
}

void
put_padded(uint8_t *p, size_t n, const char *text)
{
	memset(p, ' ', n);
	memcpy(p, text, strlen(text) < n ? strlen(text) : n);
}

void
put_swapped(uint8_t *block, size_t word, size_t nwords, const char *text)
{
	uint8_t *p = &block[2 * word];

	put_padded(p, 2 * nwords, text);
	for (size_t i = 0; i < 2 * nwords; i += 2) {
		uint8_t c = p[i];

		p[i] = p[i + 1];
		p[i + 1] = c;
	}
}

void
put_sum(uint8_t *block)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < 511; i++)
		sum = (uint8_t)(sum + block[i]);
	block[511] = (uint8_t)(0x100 - sum);
}

void
put_integrity(uint8_t *block)
{
	block[510] = 0xa5;
	put_sum(block);
}

static uint64_t
native_of(const struct drive_line *l)
{
	return l->native != 0 ? l->native : l->sectors;
}

void
drive_identity(const struct drive_line *l, uint8_t *b)
{
	memset(b, 0, 512);
	put_word(b, 0, 0x0040);
	put_swapped(b, 10, 10, l->serial);
	put_swapped(b, 23, 4, l->firmware);
	put_swapped(b, 27, 20, l->model);
	put_word(b, 49, 0x0200); /* LBA */
	put_le(&b[120], 4, l->sectors < 0x0fffffff ? l->sectors : 0x0fffffff);
	put_word(b, 106, 0x6003); /* eight logical sectors in a physical one */
	put_word(b, 128, l->security);
	put_word(b, 217, 7200);
	if (!l->no_features) {
		put_word(b, 82,
		    (l->no_smart ? 0u : 1u) | (l->no_hpa ? 0u : 1u << 10));
		put_word(b, 83,
		    1u << 14 | (l->no_48bit ? 0u : 1u << 10) |
			(l->no_dco ? 0u : 1u << 11));
		put_word(b, 84, 1u << 14);
		put_word(b, 85, l->no_smart ? 0u : 1u);
		put_word(b, 87, 1u << 14);
		put_word(b, 119, 1u << 14 | (l->amac ? 1u << 8 : 0u));
	}
	if (!l->no_48bit)
		put_le(&b[200], 8, l->sectors);
	put_integrity(b);
}

static void
put_dco(const struct drive_line *l, uint8_t *b)
{
	uint64_t n = l->factory != 0 ? l->factory : native_of(l);

	memset(b, 0, 512);
	put_word(b, 0, 2);
	put_word(b, 1, 7);
	put_le(&b[6], 8, n - 1);
	put_integrity(b);
}

static void
put_attribute(uint8_t *b, size_t n, uint8_t id, uint64_t raw)
{
	uint8_t *p = &b[2 + 12 * n];

	p[0] = id;
	put_le(&p[1], 2, 0x0032);
	p[3] = 100;
	p[4] = 99;
	put_le(&p[5], 6, raw);
}

static void
put_smart(const struct drive_line *l, uint8_t *b)
{
	memset(b, 0, 512);
	put_word(b, 0, 16);
	put_attribute(b, 0, 5, 3);
	put_attribute(b, 1, 9, 12345);
	/* Least and most ever stand beside the temperature. */
	put_attribute(b, 2, 194,
	    (uint64_t)(uint8_t)l->celsius | (uint64_t)17 << 16 |
		(uint64_t)48 << 32);
	put_attribute(b, 3, 197, l->pending);
	put_attribute(b, 4, 190, 99);
	put_sum(b);
}

static void
put_inquiry(const struct drive_line *l, uint8_t *b)
{
	memset(b, 0, 96);
	b[2] = 6;
	b[4] = 91;
	put_padded(&b[8], 8, l->bridge != NULL ? "BRIDGE" : "ATA");
	put_padded(&b[16], 16, l->bridge != NULL ? l->bridge : l->model);
	put_padded(&b[32], 4, "1.00");
}

static void
put_serial(const struct drive_line *l, uint8_t *b)
{
	const char *s = l->bridge_serial != NULL ? l->bridge_serial : l->serial;

	memset(b, 0, 252);
	b[1] = 0x80;
	b[3] = (uint8_t)strlen(s);
	memcpy(&b[4], s, strlen(s));
}

static void
put_controller(const struct drive_line *l, uint8_t *b)
{
	memset(b, 0, 4096);
	put_word(b, 0, 0x1234);
	put_padded(&b[4], 20, l->serial);
	put_padded(&b[24], 40, l->model);
	put_padded(&b[64], 8, l->firmware);
	put_le(&b[280], 8, native_of(l) * 512);
	put_le(&b[296], 8, (native_of(l) - l->sectors) * 512);
	put_le(&b[516], 4, 32);
}

static void
put_namespace(const struct drive_line *l, uint8_t *b)
{
	memset(b, 0, 4096);
	put_le(&b[0], 8, l->sectors);
	put_le(&b[8], 8, l->sectors);
	b[25] = 1;
	b[26] = 1; /* the second of two formats */
	b[130] = 12;
	b[134] = 9;
}

static void
put_log(const struct drive_line *l, uint8_t *b)
{
	memset(b, 0, 512);
	b[0] = l->failing ? 4 : 0;
	put_le(&b[1], 2, (uint64_t)(l->celsius + 273));
	b[3] = 100;
	b[5] = 2;
	put_le(&b[128], 8, 4711);
	put_le(&b[160], 8, l->pending);
}

/* Which of the harmless ones it is; EX_COMMANDS: none of them. */
static enum ex_command
understand_ata(const uint8_t *c)
{
	static const struct {
		uint8_t command, feature, high; /* and features 15:8 */
		enum ex_command is;
	} known[] = {
		{ 0xec, 0, 0, EX_COMMAND_ATA_IDENTIFY },
		{ 0xf8, 0, 0, EX_COMMAND_ATA_NATIVE },
		{ 0x27, 0, 0, EX_COMMAND_ATA_NATIVE_EXT },
		{ 0x78, 0, 0, EX_COMMAND_ATA_AMAC },
		{ 0xb1, 0xc2, 0, EX_COMMAND_ATA_DCO },
		{ 0xb0, 0xd0, 0, EX_COMMAND_ATA_SMART_DATA },
		{ 0xb0, 0xda, 0, EX_COMMAND_ATA_SMART_STATUS },
	};
	unsigned protocol = c[1] >> 1 & 15;

	/* Data in, or none; any other protocol may carry data out. */
	if ((protocol != 3 && protocol != 4) ||
	    (protocol == 4 && (c[2] & 0x08) == 0))
		return EX_COMMANDS;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].command == c[14] && known[i].feature == c[4] &&
		    known[i].high == c[3])
			return known[i].is;
	return EX_COMMANDS;
}

static enum ex_command
understand(const struct ex_command_request *r)
{
	if (r->nvme && r->opcode == 6 && r->cdw10 == 1)
		return EX_COMMAND_NVME_CONTROLLER;
	if (r->nvme && r->opcode == 6 && r->cdw10 == 0)
		return EX_COMMAND_NVME_NAMESPACE;
	if (r->nvme && r->opcode == 2 && (r->cdw10 & 0xff) == 2)
		return EX_COMMAND_NVME_SMART;
	if (!r->nvme && r->cdb[0] == 0x12)
		return r->cdb[1] & 1 ? EX_COMMAND_SERIAL : EX_COMMAND_INQUIRY;
	if (!r->nvme && r->cdb[0] == 0x85)
		return understand_ata(r->cdb);
	return EX_COMMANDS;
}

/* Registers as sense data: "ATA pass through information available". */
static void
put_registers(struct ex_command_reply *reply, uint64_t lba, int wide,
    uint8_t status, uint8_t error)
{
	uint8_t *s = reply->sense, *d = &s[8];

	s[0] = 0x72;
	s[1] = 1;
	s[3] = 0x1d;
	s[7] = 14;
	d[0] = 9;
	d[1] = 12;
	d[2] = wide ? 1 : 0;
	d[3] = error;
	d[6] = wide ? (uint8_t)(lba >> 24) : 0;
	d[7] = (uint8_t)lba;
	d[8] = wide ? (uint8_t)(lba >> 32) : 0;
	d[9] = (uint8_t)(lba >> 8);
	d[10] = wide ? (uint8_t)(lba >> 40) : 0;
	d[11] = (uint8_t)(lba >> 16);
	d[12] = wide ? 0x40 : (uint8_t)(0x40 | (lba >> 24 & 15));
	d[13] = status;
	reply->nsense = 22;
	reply->refused = 1;
}

/* The same in the old format. */
static void
put_fixed(struct ex_command_reply *reply, uint64_t lba)
{
	uint8_t *s = reply->sense;

	s[0] = 0x70;
	s[2] = 1;
	s[4] = 0x50;
	s[5] = 0x40;
	s[7] = 10;
	s[8] = (uint8_t)(0x80 | (lba >> 24 != 0 ? 0x20 : 0));
	s[9] = (uint8_t)lba;
	s[10] = (uint8_t)(lba >> 8);
	s[11] = (uint8_t)(lba >> 16);
	s[13] = 0x1d;
	reply->nsense = 18;
	reply->refused = 1;
}

static void
put_illegal(struct ex_command_reply *reply)
{
	reply->sense[0] = 0x70;
	reply->sense[2] = 5;
	reply->sense[7] = 10;
	reply->sense[12] = 0x20;
	reply->nsense = 18;
	reply->ndata = 0;
	reply->refused = 1;
}

static void
answer_registers(const struct drive_line *l, enum ex_command c,
    enum manner manner, struct ex_command_reply *reply)
{
	int wide = c == EX_COMMAND_ATA_NATIVE_EXT || c == EX_COMMAND_ATA_AMAC;
	uint64_t lba = native_of(l) - 1;

	if (c == EX_COMMAND_ATA_SMART_STATUS)
		lba = l->failing ? 0x2cf400 : 0xc24f00;
	if (manner == NO_REGISTERS)
		return;
	if (manner == FIXED_SENSE)
		put_fixed(reply, lba);
	else if (manner == BLANK)
		put_registers(reply, 0, wide, 0, 0);
	else if (manner == ABORTS)
		put_registers(reply, 0, wide, 0x51, 0x04);
	else
		put_registers(reply, lba, wide, 0x50, 0);
}

static void
answer_data(const struct drive_line *l, enum ex_command c, uint8_t *b)
{
	switch ((int)c) {
	case EX_COMMAND_INQUIRY:
		put_inquiry(l, b);
		break;
	case EX_COMMAND_SERIAL:
		put_serial(l, b);
		break;
	case EX_COMMAND_ATA_IDENTIFY:
		drive_identity(l, b);
		break;
	case EX_COMMAND_ATA_DCO:
		put_dco(l, b);
		break;
	case EX_COMMAND_ATA_SMART_DATA:
		put_smart(l, b);
		break;
	case EX_COMMAND_NVME_CONTROLLER:
		put_controller(l, b);
		break;
	case EX_COMMAND_NVME_NAMESPACE:
		put_namespace(l, b);
		break;
	default:
		put_log(l, b);
	}
}

enum ex_asked
drive_take(struct drive_line *l, const struct ex_command_request *r,
    struct ex_command_reply *reply)
{
	enum ex_command c = understand(r);
	enum manner manner;

	l->sent++;
	if (c == EX_COMMANDS) {
		l->harmful++;
		put_illegal(reply);
		return EX_ASKED_OK;
	}
	l->of[c]++;
	manner = l->manner[c];
	if (manner == NO_WAY || l->nvme != r->nvme)
		return EX_ASKED_NO_WAY;
	if (manner == NOT_PERMITTED)
		return EX_ASKED_DENIED;
	if (manner == ERRS) {
		put_illegal(reply);
		return EX_ASKED_OK;
	}
	if (r->ndata == 0) {
		answer_registers(l, c, manner, reply);
		return EX_ASKED_OK;
	}
	if (manner == ABORTS) {
		put_registers(reply, 0, 0, 0x51, 0x04);
		return EX_ASKED_OK;
	}
	reply->ndata = r->ndata;
	answer_data(l, c, reply->data);
	if (manner == BLANK)
		memset(reply->data, 0, reply->ndata);
	if (manner == SHORT)
		reply->ndata /= 2;
	if (manner == FLIPPED)
		reply->data[25] ^= 4;
	return EX_ASKED_OK;
}

/* What the source was before, and the other wire beside it. */
struct attached {
	const struct ex_source_ops *ops;
	void *self;
	struct drive_line *line;
};

static enum ex_got
attached_read(void *self, void *buf, size_t n, uint64_t off, struct ex_err *err)
{
	struct attached *a = self;

	return a->ops->read(a->self, buf, n, off, err);
}

static enum ex_back
attached_again(void *self, const struct ex_source_info *was, struct ex_err *err)
{
	struct attached *a = self;

	return a->ops->again(a->self, was, err);
}

static int
attached_size(void *self, uint64_t *now, struct ex_err *err)
{
	struct attached *a = self;

	return a->ops->size(a->self, now, err);
}

static void
attached_forget(void *self)
{
	struct attached *a = self;

	if (a->ops->forget != NULL)
		a->ops->forget(a->self);
}

static enum ex_asked
attached_command(void *self, const struct ex_command_request *r,
    struct ex_command_reply *reply)
{
	struct attached *a = self;

	return drive_take(a->line, r, reply);
}

static void
attached_close(void *self)
{
	struct attached *a = self;

	if (a->ops->close != NULL)
		a->ops->close(a->self);
	free(a);
}

static const struct ex_source_ops attached_ops = { .read = attached_read,
	.again = attached_again,
	.size = attached_size,
	.forget = attached_forget,
	.close = attached_close,
	.command = attached_command };

void
drive_attach(struct ex_source *s, struct drive_line *line)
{
	struct attached *a = calloc(1, sizeof(*a));

	if (a == NULL)
		abort();
	a->ops = s->ops;
	a->self = s->self;
	a->line = line;
	s->ops = &attached_ops;
	s->self = a;
}
