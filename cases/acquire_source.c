/*
 * acquire_source.c -- the source of an acquisition opened and judged, and
 * what is signed of it.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cases/acquire_parts.h"
#include "cases/lab.h"

/*
 * Of a device the kernel says what it is.  Of a file only its bytes can: that
 * it was a file is recorded beside.
 */
void
ex_method_of(
    const char **method, const char **by, struct ex_source *s, int whole)
{
	enum ex_extent extent;

	*by = "sysfs";
	if (s->info.kind == EX_SOURCE_BLOCK) {
		/* A volume made of others is no medium either. */
		*method = s->info.is_partition || s->info.is_volume || !whole
			      ? "partition"
			      : "physical";
		return;
	}
	extent = ex_extent_read(s);
	*by = extent == EX_EXTENT_DISK	   ? "partition_table"
	      : extent == EX_EXTENT_VOLUME ? "file_system"
					   : "file";
	*method = extent == EX_EXTENT_UNKNOWN	      ? "logical"
		  : extent == EX_EXTENT_DISK && whole ? "physical"
						      : "partition";
}

static int
choose_method(struct ex_acquiring *q, struct ex_err *err)
{
	const struct ex_act_def *def = ex_act(EX_ACT_ACQUIRE_START);
	int whole = q->a->offset == 0 && q->a->length == 0;
	const char *const *words = ex_act_field(def, "method")->words;

	ex_method_of(&q->method, &q->method_by, q->source, whole);
	if (q->a->method == NULL)
		return 0;
	if (ex_text_index(q->a->method, words) == -1)
		return ex_fail(err, EX_USAGE,
		    "%s is no method: physical, partition, logical, "
		    "full_file_system, ... (docs/formats.md has all)",
		    q->a->method);
	if (strcmp(q->method, q->a->method) != 0)
		q->method_by = "stated";
	q->method = q->a->method;
	return 0;
}

/* Its serial number, out of the entry that enrolled it. */
static int
find_blocker(struct ex_acquiring *q, struct ex_err *err)
{
	const char *kind, *serial;
	struct ex_json *tool = NULL;

	if (q->a->write_blocker == NULL)
		return 0;
	/* A field kit knows that it is enrolled, and not its number. */
	if (ex_house_kit(q->house) != NULL
		? ex_house_fact(
		      q->house, "tool", q->a->write_blocker, &tool, err) == -1
		: ex_lab_show(&tool, q->house, EX_LAB_TOOLS,
		      q->a->write_blocker, err) == -1)
		return -1;
	kind = ex_json_get_text(tool, "kind");
	serial = ex_json_get_text(tool, "serial");
	if (serial != NULL)
		(void)snprintf(
		    q->blocker_serial, sizeof(q->blocker_serial), "%s", serial);
	/* An imager may have one inside; a computer or a program has not. */
	if (kind == NULL || (strcmp(kind, "write_blocker") != 0 &&
				strcmp(kind, "imager") != 0)) {
		(void)ex_fail(err, EX_USAGE,
		    "%s is enrolled as \"%s\": that protects no source",
		    q->a->write_blocker, kind == NULL ? "" : kind);
		ex_json_free(tool);
		return -1;
	}
	ex_json_free(tool);
	return 0;
}

/*
 * An imaging that is ended without its source: as it was begun with, and
 * nothing of it is read.
 */
static int
stand_in(struct ex_acquiring *q, struct ex_err *err)
{
	const struct ex_json *job = ex_json_get(q->work, "job");
	const char *serial = ex_json_get_text(job, "serial");
	const char *model = ex_json_get_text(job, "model");
	struct ex_source_info i;

	ex_source_unknown(&i, q->a->source);
	i.kind = ex_json_get_int(job, "block", 0) == 1 ? EX_SOURCE_BLOCK
						       : EX_SOURCE_FILE;
	i.size = (uint64_t)ex_json_get_int(job, "size", 0);
	i.sector_size = i.physical_sector_size =
	    (uint32_t)ex_json_get_int(job, "sector_size", EX_SECTOR);
	if (serial != NULL)
		(void)snprintf(i.serial, sizeof(i.serial), "%s", serial);
	if (model != NULL)
		(void)snprintf(i.model, sizeof(i.model), "%s", model);
	if (i.size == 0 || i.sector_size == 0)
		return ex_fail(err, EX_FORMAT, "nothing says how large it was");
	q->method = ex_json_get_text(job, "found_method");
	q->method_by = "stated";
	if (q->method == NULL)
		q->method = "physical";
	if (ex_source_open_absent(&q->source, &i, err) == -1)
		return -1;
	return find_blocker(q, err);
}

int
ex_acquire_open(struct ex_acquiring *q, struct ex_err *err)
{
	const char *dir[EX_IMAGING_DESTINATIONS + 1];
	struct ex_source_avoid avoid = { dir, 0, q->image };
	int rc;

	if (q->a->end_here)
		return stand_in(q, err);
	if (q->a->live && (q->a->reason == NULL || q->a->reason[0] == '\0'))
		return ex_fail(err, EX_USAGE,
		    "--live reads a running system: say why with --reason");
	rc = q->a->live ? ex_source_look(&q->source, q->a->source, err)
			: ex_source_open(&q->source, q->a->source, err);
	if (rc == -1)
		return -1;
	for (size_t i = 0; i < q->ndir; i++)
		dir[avoid.ndir++] = q->dir[i];
	dir[avoid.ndir++] = ex_house_dir(q->house);
	rc = q->a->live ? ex_source_guard_live(q->source, &avoid, err)
			: ex_source_guard(q->source, &avoid, err);
	if (rc == -1 ||
	    (q->a->live && ex_source_in_use(q->in_use, q->source, err) == -1) ||
	    choose_method(q, err) == -1)
		return -1;
	return find_blocker(q, err);
}

/* A flag of the kernel is never called a write blocker. */
static const char *
protection(const struct ex_acquiring *q)
{
	if (q->a->write_blocker != NULL)
		return "hardware";
	switch (q->source->info.kernel_read_only) {
	case EX_YES:
		return "kernel_read_only";
	case EX_NO:
		return "none";
	case EX_UNKNOWN:
	default:
		return "unknown";
	}
}

/* An object, where it says anything; taken over. */
static int
set_object(
    struct ex_json *f, const char *name, struct ex_json *v, struct ex_err *err)
{
	if (ex_json_count(v) > 0)
		return ex_json_set(f, name, v, err);
	ex_json_free(v);
	return 0;
}

int
ex_acquire_put_source(
    const struct ex_acquiring *q, struct ex_json *f, struct ex_err *err)
{
	const struct ex_source_info *i = &q->source->info;
	struct ex_json *device, *learned, *smart;

	if (ex_json_set_text(f, "method", q->method, err) == -1 ||
	    ex_json_set_text(f, "write_protection", protection(q), err) == -1 ||
	    (q->a->live && ex_json_set_int(f, "live", 1, err) == -1) ||
	    ex_device_json(&device, i, err) == -1 ||
	    ex_json_set(f, "device", device, err) == -1)
		return -1;
	if (ex_smart_json(&smart, &i->drive.smart, err) == -1 ||
	    set_object(f, "smart", smart, err) == -1 ||
	    ex_learned_json(&learned, i, err) == -1)
		return -1;
	if (ex_json_set_text(learned, "method", q->method_by, err) == -1) {
		ex_json_free(learned);
		return -1;
	}
	return ex_json_set(f, "learned", learned, err);
}

/* What the examiner states of the device, each where she does. */
static int
put_stated(const struct ex_acquire *a, struct ex_json *t, struct ex_err *err)
{
	const struct {
		const char *name, *text;
	} stated[] = {
		{ "device_state", a->device_state },
		{ "changes", a->changes },
		{ "credential", a->credential },
		{ "credential_right", a->credential_right },
	};

	for (size_t i = 0; i < sizeof(stated) / sizeof(stated[0]); i++)
		if (stated[i].text != NULL &&
		    ex_json_set_text(t, stated[i].name, stated[i].text, err) ==
			-1)
			return -1;
	return 0;
}

int
ex_acquire_put_source_texts(
    const struct ex_acquiring *q, struct ex_json *t, struct ex_err *err)
{
	if (q->blocker_serial[0] != '\0' &&
	    ex_json_set_text(
		t, "write_blocker_serial", q->blocker_serial, err) == -1)
		return -1;
	if (put_stated(q->a, t, err) == -1)
		return -1;
	if (!q->a->live)
		return 0;
	if (ex_json_set_text(t, "reason", q->a->reason, err) == -1)
		return -1;
	return q->in_use[0] == '\0'
		   ? 0
		   : ex_json_set_text(t, "in_use", q->in_use, err);
}

int
ex_acquire_put_after(
    const struct ex_acquiring *q, struct ex_json *f, struct ex_err *err)
{
	struct ex_json *smart;

	if (ex_smart_json(&smart, &q->smart, err) == -1)
		return -1;
	return set_object(f, "smart", smart, err);
}
