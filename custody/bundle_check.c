/*
 * bundle_check.c -- an offline bundle, checked from the outside in: files,
 * checkpoint, entries, then what the bundle as a whole must satisfy.
 */
#include <stdlib.h>
#include <string.h>

#include "custody/bundle_checking.h"

/* The numbers that the manifest claims. */
static int
check_counts(struct ex_bundle_checking *c, struct ex_err *err)
{
	const struct ex_manifest *m = &c->manifest;

	if (!c->has_manifest ||
	    (m->entries == c->nnumbers && m->openings == c->r->openings))
		return 0;
	return ex_bundle_remark(c->r, err, EX_FAULT, "manifest-counts",
	    EX_BUNDLE_MANIFEST, NULL,
	    "claims %llu entries and %llu openings; there are %zu and %zu",
	    (unsigned long long)m->entries, (unsigned long long)m->openings,
	    c->nnumbers, c->r->openings);
}

/* Streams that the manifest lists and that have no entry. */
static int
check_listed(struct ex_bundle_checking *c, struct ex_err *err)
{
	const struct ex_json *list = c->manifest.streams;

	for (size_t i = 0; i < ex_json_count(list); i++) {
		const char *text = ex_json_text(ex_json_at(list, i));
		char stream[EX_STREAM_TEXT] = "";
		size_t k = 0;

		for (; k < c->nchains; k++) {
			ex_stream_text(stream, &c->chain[k].stream);
			if (strcmp(stream, text) == 0)
				break;
		}
		if (k == c->nchains &&
		    ex_bundle_remark(c->r, err, EX_FAULT, "stream-missing",
			EX_BUNDLE_MANIFEST, text,
			"listed in the manifest, but without an entry") == -1)
			return -1;
	}
	return 0;
}

/* Both directions again, with streams. */
static int
check_streams(struct ex_bundle_checking *c, struct ex_err *err)
{
	c->r->nstreams = c->nchains;
	if (!c->has_manifest)
		return 0;
	for (size_t i = 0; i < c->nchains; i++) {
		char stream[EX_STREAM_TEXT];
		size_t k = 0, n = ex_json_count(c->manifest.streams);

		ex_stream_text(stream, &c->chain[i].stream);
		while (k < n &&
		       strcmp(ex_json_text(ex_json_at(c->manifest.streams, k)),
			   stream) != 0)
			k++;
		if (k == n &&
		    ex_bundle_remark(c->r, err, EX_FAULT, "stream-extra",
			EX_BUNDLE_MANIFEST, stream,
			"not among the streams of the manifest") == -1)
			return -1;
	}
	return check_listed(c, err);
}

/* The file of the entry at this index; "" when it is not here. */
static void
file_at(
    char out[EX_BUNDLE_PATH], const struct ex_bundle_result *r, uint64_t index)
{
	out[0] = '\0';
	for (size_t i = 0; i < r->nentries; i++)
		if (r->entry[i].proven && r->entry[i].index == index)
			ex_bundle_entry_path(out, r->entry[i].n);
}

/*
 * What a compromised key has signed and nobody answered for, or what its
 * owner disowned.  Of items it is a finding; to those of the laboratory and
 * the case no answer can be entered, so they are told.
 */
int
ex_bundle_say_disputes(struct ex_bundle_checking *c, struct ex_err *err)
{
	const struct ex_dispute *d;
	char file[EX_BUNDLE_PATH], stream[EX_STREAM_TEXT];
	size_t n;

	d = ex_world_disputes(c->world, &n);
	for (size_t i = 0; i < n; i++) {
		int item = d[i].entry->stream.kind == EX_STREAM_ITEM;

		if (d[i].state == EX_DISPUTE_CONFIRMED)
			continue;
		file_at(file, c->r, d[i].entry->index);
		ex_stream_text(stream, &d[i].entry->stream);
		if (ex_bundle_remark(c->r, err, item ? EX_FINDING : EX_NOTED,
			ex_dispute_word(d[i].state), file, stream,
			"the key of %s was revoked as compromised before this "
			"entry: %s",
			d[i].person,
			d[i].state == EX_DISPUTED
			    ? "neither confirmed nor disowned"
			    : "disowned by its owner") == -1)
			return -1;
	}
	return 0;
}

static int
run(struct ex_bundle_checking *c, struct ex_err *err)
{
	static int (*const step[])(
	    struct ex_bundle_checking * c, struct ex_err * err) = {
		ex_bundle_check_files,
		ex_bundle_read_checkpoint,
		ex_bundle_check_entries,
		check_counts,
		check_streams,
		ex_bundle_check_log,
		ex_bundle_check_prefixes,
		ex_bundle_check_stamps,
		ex_bundle_check_heads,
		ex_bundle_check_certs,
		ex_bundle_check_batches,
		ex_bundle_check_missing,
		ex_bundle_check_reports,
		ex_bundle_say_disputes,
	};

	for (size_t i = 0; i < sizeof(step) / sizeof(step[0]); i++) {
		if (step[i](c, err) == -1)
			return -1;
	}
	return 0;
}

void
ex_bundle_set_verdict(struct ex_bundle_checking *c)
{
	struct ex_bundle_result *r = c->r;

	if (r->faults > 0 || r->findings > 0)
		r->verdict = EX_FAULTY;
	else if (r->quorum && r->other && r->checkpoint_known &&
		 (c->trust->roots != NULL || (c->tiles && r->signatures == 0)))
		r->verdict = EX_ANCHORED;
	else
		r->verdict = EX_CONSISTENT;
}

static void
release(struct ex_bundle_checking *c)
{
	for (size_t i = 0; i < c->ncerts; i++)
		ex_buf_free(&c->cert[i].der);
	free(c->cert);
	free(c->number);
	free(c->chain);
	free(c->seen);
	free(c->batch);
	free(c->missing);
	free(c->report);
	ex_json_free(c->erased);
	ex_json_free(c->stamps);
	ex_world_free(c->world);
	ex_buf_free(&c->note);
	ex_manifest_free(&c->manifest);
	ex_folder_close(&c->folder);
}

int
ex_bundle_check(struct ex_bundle_result *out, const char *path,
    const struct ex_trust *trust, struct ex_err *err)
{
	struct ex_bundle_checking c = { 0 };
	int rc = -1;

	memset(out, 0, sizeof(*out));
	out->verdict = EX_FAULTY;
	c.r = out;
	c.trust = trust;
	if (ex_folder_open(&c.folder, path, err) == -1)
		return -1;
	if (ex_world_new(&c.world, 1, err) == -1)
		goto out;
	if ((c.erased = ex_json_object()) == NULL ||
	    (c.stamps = ex_json_object()) == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	if (run(&c, err) == -1)
		goto out;
	ex_bundle_set_verdict(&c);
	rc = 0;
out:
	release(&c);
	return rc;
}
