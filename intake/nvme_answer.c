/*
 * nvme_answer.c -- Identify data and the health log of an NVMe controller.
 */
#include <string.h>

#include "intake/answer.h"
#include "intake/nvme.h"

enum {
	SIZE_BITS = 53, /* the largest number that can be signed */
	KELVIN = 273,
	MEDIUM = 0x1d /* spare low, degraded, read-only, backup failed */
};

/* A number of sixteen bytes, where it can be signed; -1. */
static int
wide(uint64_t *out, struct ex_span a, size_t at)
{
	*out = ex_answer_le(a, at, 8);
	return *out >> SIZE_BITS == 0 && ex_answer_le(a, at + 8, 8) == 0 ? 0
									 : -1;
}

int
ex_nvme_read_controller(
    struct ex_nvme_controller *out, struct ex_span answer, struct ex_err *err)
{
	memset(out, 0, sizeof(*out));
	if (answer.n != EX_NVME_IDENTIFY || ex_answer_blank(answer))
		return ex_fail(
		    err, EX_FORMAT, "Identify Controller: says nothing");
	ex_answer_text(out->serial, sizeof(out->serial), answer, 4, 20, 0);
	ex_answer_text(out->model, sizeof(out->model), answer, 24, 40, 0);
	ex_answer_text(out->firmware, sizeof(out->firmware), answer, 64, 8, 0);
	out->says_capacity = wide(&out->total, answer, 280) == 0 &&
			     wide(&out->unallocated, answer, 296) == 0 &&
			     out->total != 0 && out->unallocated <= out->total;
	out->namespaces = (uint32_t)ex_answer_le(answer, 516, 4);
	return 0;
}

int
ex_nvme_read_namespace(
    struct ex_nvme_namespace *out, struct ex_span answer, struct ex_err *err)
{
	uint64_t format;
	unsigned shift;

	memset(out, 0, sizeof(*out));
	if (answer.n != EX_NVME_IDENTIFY || ex_answer_blank(answer))
		return ex_fail(
		    err, EX_FORMAT, "Identify Namespace: says nothing");
	/* FLBAS names one of NLBAF + 1 formats of four bytes from byte 128. */
	format = ex_answer_le(answer, 26, 1) & 15;
	if (format > ex_answer_le(answer, 25, 1))
		return ex_fail(
		    err, EX_FORMAT, "Identify Namespace: a format beyond all");
	shift = (unsigned)ex_answer_le(answer, 128 + 4 * format + 2, 1);
	if (shift < 9 || shift > 16)
		return ex_fail(err, EX_FORMAT,
		    "Identify Namespace: sectors of 2^%u bytes", shift);
	out->sectors = ex_answer_le(answer, 0, 8);
	if (out->sectors == 0 || out->sectors >> (SIZE_BITS - 9) != 0)
		return ex_fail(
		    err, EX_FORMAT, "Identify Namespace: no such size");
	out->sector_size = UINT32_C(1) << shift;
	out->metadata = (uint32_t)ex_answer_le(answer, 128 + 4 * format, 2);
	return 0;
}

int
ex_nvme_read_smart(
    struct ex_smart *out, struct ex_span answer, struct ex_err *err)
{
	static const struct {
		size_t at;
		const char *name;
	} counted[] = {
		{ 112, "power_cycles" },
		{ 128, "power_on_hours" },
		{ 144, "unsafe_shutdowns" },
		{ 160, "media_errors" },
		{ 176, "error_log_entries" },
	};
	uint64_t v, kelvin;

	if (answer.n != EX_NVME_LOG || ex_answer_blank(answer))
		return ex_fail(err, EX_FORMAT, "health log: says nothing");
	v = ex_answer_le(answer, 0, 1);
	/* Bit 1 is the temperature alone; 5 to 7 say nothing of the medium. */
	out->health = (v & MEDIUM) == 0 ? EX_HEALTH_PASSED : EX_HEALTH_FAILING;
	ex_smart_add(out, "critical_warning", v);
	kelvin = ex_answer_le(answer, 1, 2);
	if (kelvin > KELVIN - 40 && kelvin < KELVIN + 126) {
		out->has_temperature = 1;
		out->temperature = (int)kelvin - KELVIN;
	}
	ex_smart_add(
	    out, "available_spare_percent", ex_answer_le(answer, 3, 1));
	ex_smart_add(out, "used_percent", ex_answer_le(answer, 5, 1));
	for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
		if (wide(&v, answer, counted[i].at) == 0)
			ex_smart_add(out, counted[i].name, v);
	return 0;
}
