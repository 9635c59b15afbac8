/*
 * case_uco.c -- facts of a case as CASE/UCO nodes.
 */
#include "report/case_uco.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "report/graph.h"

#define CASE_ONTOLOGY "https://ontology.caseontology.org/case/"
#define UCO_ONTOLOGY  "https://ontology.unifiedcyberontology.org/uco/"

static const struct {
	const char *prefix, *iri;
} context[] = {
	{ "kb", "urn:exhibit:kb:" },
	{ "exhibit", "urn:exhibit:custody:v1:" },
	{ "xsd", "http://www.w3.org/2001/XMLSchema#" },
	{ "case-investigation", CASE_ONTOLOGY "investigation/" },
	{ "case-vocabulary", CASE_ONTOLOGY "vocabulary/" },
	{ "uco-action", UCO_ONTOLOGY "action/" },
	{ "uco-core", UCO_ONTOLOGY "core/" },
	{ "uco-identity", UCO_ONTOLOGY "identity/" },
	{ "uco-location", UCO_ONTOLOGY "location/" },
	{ "uco-observable", UCO_ONTOLOGY "observable/" },
	{ "uco-tool", UCO_ONTOLOGY "tool/" },
	{ "uco-types", UCO_ONTOLOGY "types/" },
	{ "uco-vocabulary", UCO_ONTOLOGY "vocabulary/" },
};

/* A digest's name here and in UCO's HashNameVocab. */
static const struct {
	const char *alg, *uco;
} hash_name[] = {
	{ "md5", "MD5" },
	{ "sha1", "SHA1" },
	{ "sha256", "SHA256" },
	{ "sha512", "SHA512" },
	{ "sha3-256", "SHA3-256" },
};

/* One export. */
struct uco {
	struct ex_graph g;
	const struct ex_report_facts *f;
	struct ex_json *investigation;
};

static const char *
said(const struct ex_record_entry *e, const char *name, char number[24])
{
	return e == NULL ? NULL : ex_report_value(e, name, number);
}

static struct ex_json *
person(struct uco *u, const struct ex_party *p)
{
	struct ex_json *org = ex_graph_node(
	    &u->g, "organization", p->org, "uco-identity:Organization");
	struct ex_json *v =
	    ex_graph_node(&u->g, "person", p->person, "uco-identity:Person");

	ex_graph_text(&u->g, org, "uco-core:name", p->org);
	ex_graph_text(&u->g, v, "uco-core:name", p->person);
	if (v != NULL && ex_json_get(v, "exhibit:organization") == NULL)
		ex_graph_link(&u->g, v, "exhibit:organization", org);
	return v;
}

static struct ex_json *
place(struct uco *u, const char *code)
{
	struct ex_json *v;

	if (code == NULL || code[0] == '\0')
		return NULL;
	v = ex_graph_node(&u->g, "location", code, "uco-location:Location");
	ex_graph_text(&u->g, v, "uco-core:name", code);
	return v;
}

static struct ex_json *
observable(struct uco *u, const struct ex_report_item *item)
{
	return ex_graph_node(&u->g, "object", item->item,
	    item->digital ? "uco-observable:File" : "uco-observable:Device");
}

/* The first entry of the item that says it. */
static const char *
first_said(const struct ex_report_item *item, const char *name, char number[24])
{
	const char *text = NULL;

	for (size_t i = 0; i < item->nentries && text == NULL; i++)
		text = ex_report_value(item->entry[i], name, number);
	return text;
}

static void
add_device(struct uco *u, const struct ex_report_item *item)
{
	struct ex_json *v = observable(u, item), *facet;
	char n[24];

	ex_graph_text(&u->g, v, "uco-core:description",
	    first_said(item, "description", n));
	facet = ex_graph_inside(
	    &u->g, v, "uco-core:hasFacet", "uco-observable:DeviceFacet", 0);
	ex_graph_text(
	    &u->g, facet, "exhibit:maker", first_said(item, "maker", n));
	ex_graph_text(
	    &u->g, facet, "uco-observable:model", first_said(item, "model", n));
	ex_graph_text(&u->g, facet, "uco-observable:serialNumber",
	    first_said(item, "serial", n));
}

static const char *
uco_hash(const char *alg)
{
	for (size_t i = 0; i < sizeof(hash_name) / sizeof(hash_name[0]); i++)
		if (strcmp(hash_name[i].alg, alg) == 0)
			return hash_name[i].uco;
	return NULL;
}

/* The digests that its newest entry with digests gives. */
static void
add_hashes(struct uco *u, struct ex_json *facet, const struct ex_json *list)
{
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *d = ex_json_at(list, i);
		const char *alg = ex_json_get_text(d, "alg");
		const char *name = alg == NULL ? NULL : uco_hash(alg);
		struct ex_json *hash;

		if (name == NULL)
			continue;
		hash = ex_graph_inside(
		    &u->g, facet, "uco-observable:hash", "uco-types:Hash", i);
		ex_graph_typed(&u->g, hash, "uco-types:hashMethod",
		    "uco-vocabulary:HashNameVocab", name);
		ex_graph_typed(&u->g, hash, "uco-types:hashValue",
		    "xsd:hexBinary", ex_json_get_text(d, "value"));
	}
}

static void
add_file(struct uco *u, const struct ex_report_item *item)
{
	struct ex_json *v = observable(u, item), *facet;
	const struct ex_json *digests = NULL;

	for (size_t i = 0; i < item->nentries; i++)
		if (ex_json_count(item->entry[i]->admission.event.digests) > 0)
			digests = item->entry[i]->admission.event.digests;
	ex_graph_text(&u->g, v, "uco-core:name", item->item);
	if (digests == NULL)
		return;
	facet = ex_graph_inside(&u->g, v, "uco-core:hasFacet",
	    "uco-observable:ContentDataFacet", 0);
	add_hashes(u, facet, digests);
}

/* The item's provenance record, with what it speaks of. */
static struct ex_json *
provenance(struct uco *u, const struct ex_report_item *item)
{
	struct ex_json *v = ex_graph_node(&u->g, "provenance-record",
	    item->item, "case-investigation:ProvenanceRecord");
	const char *parent = ex_json_get_text(item->fact, "parent");
	const char *root = ex_json_get_text(item->fact, "root");

	if (root == NULL)
		root = parent != NULL ? parent : item->item;
	ex_graph_text(&u->g, v, "case-investigation:exhibitNumber", item->item);
	ex_graph_text(&u->g, v, "case-investigation:rootExhibitNumber", root);
	ex_graph_text(
	    &u->g, v, "exhibit:state", ex_json_get_text(item->fact, "state"));
	ex_graph_text(&u->g, v, "exhibit:custodian",
	    ex_json_get_text(item->fact, "custodian"));
	ex_graph_text(
	    &u->g, v, "exhibit:seal", ex_json_get_text(item->fact, "seal"));
	return v;
}

static void
add_parties(struct uco *u, struct ex_json *action, const struct ex_event *e)
{
	for (size_t i = 0; i < e->nparties; i++) {
		const struct ex_party *p = &e->party[i];
		char cert[EX_SHA256_HEX];
		struct ex_json *v = ex_graph_inside(
		    &u->g, action, "exhibit:party", "exhibit:Party", i);

		ex_graph_link(&u->g, v, "exhibit:person", person(u, p));
		ex_graph_text(&u->g, v, "exhibit:role", p->role);
		ex_graph_text(&u->g, v, "exhibit:mode", ex_mode_name(p->mode));
		if (!ex_mode_signs(p->mode))
			continue;
		ex_hex(cert, p->cert_sha256, EX_SHA256_LEN);
		ex_graph_typed(&u->g, v, "exhibit:certificateSha256",
		    "xsd:hexBinary", cert);
	}
}

/* What made an image: this program, as it named itself. */
static void
add_instrument(
    struct uco *u, struct ex_json *action, const struct ex_record_entry *e)
{
	const struct ex_json *env =
	    ex_json_get(e->admission.event.fields, "environment");
	const char *program = ex_json_get_text(env, "program");
	const char *sha256 = ex_json_get_text(env, "program_sha256");
	struct ex_json *tool;

	if (program == NULL)
		return;
	tool = ex_graph_node(
	    &u->g, "tool", sha256 != NULL ? sha256 : program, "uco-tool:Tool");
	ex_graph_text(&u->g, tool, "uco-core:name", program);
	ex_graph_typed(&u->g, tool, "exhibit:sha256", "xsd:hexBinary", sha256);
	ex_graph_link(&u->g, action, "uco-action:instrument", tool);
}

/* When it began and ended: of an imaging as it says, else when it happened. */
static void
add_times(
    struct uco *u, struct ex_json *action, const struct ex_record_entry *e)
{
	const struct ex_event *event = &e->admission.event;
	const char *from = ex_event_text(event, "started");
	const char *to = ex_event_text(event, "ended");

	if (from != NULL && to != NULL) {
		ex_graph_typed(&u->g, action, "uco-action:startTime",
		    "xsd:dateTime", from);
		ex_graph_typed(
		    &u->g, action, "uco-action:endTime", "xsd:dateTime", to);
		return;
	}
	ex_graph_time(
	    &u->g, action, "uco-action:startTime", event->occurred_at);
	ex_graph_time(&u->g, action, "uco-action:endTime", event->occurred_at);
}

/* Where the entry stands, and what it says of a seal. */
static void
add_place_in_log(
    struct uco *u, struct ex_json *action, const struct ex_record_entry *e)
{
	char leaf[2 * EX_HASH + 1], n[24];

	ex_hex(leaf, e->admission.leaf, EX_HASH);
	ex_graph_text(
	    &u->g, action, "exhibit:act", e->admission.event.def->name);
	ex_graph_typed(&u->g, action, "exhibit:leaf", "xsd:hexBinary", leaf);
	ex_graph_number(
	    &u->g, action, "exhibit:sequence", (int64_t)e->admission.event.seq);
	ex_graph_number(&u->g, action, "exhibit:index", (int64_t)e->index);
	ex_graph_text(&u->g, action, "exhibit:seal", said(e, "seal", n));
	ex_graph_text(
	    &u->g, action, "exhibit:sealState", said(e, "seal_state", n));
}

/* One entry as an action; what went before it informed it. */
static struct ex_json *
add_action(struct uco *u, const struct ex_report_item *item,
    const struct ex_record_entry *e, const struct ex_json *before)
{
	const struct ex_event *event = &e->admission.event;
	char id[EX_CASE_MAX + 32], n[24];
	struct ex_json *v;

	(void)snprintf(
	    id, sizeof(id), "%s %" PRIu64, event->stream.id, event->seq);
	v = ex_graph_node(
	    &u->g, "action", id, "case-investigation:InvestigativeAction");
	ex_graph_text(&u->g, v, "uco-core:name", event->def->title_en);
	ex_graph_text(&u->g, v, "uco-core:description", said(e, "note", n));
	add_times(u, v, e);
	if (event->nparties > 0)
		ex_graph_link(&u->g, v, "uco-action:performer",
		    person(u, &event->party[0]));
	ex_graph_link(&u->g, v, "uco-action:object", observable(u, item));
	ex_graph_link(&u->g, v, "uco-action:result", provenance(u, item));
	ex_graph_link(&u->g, v, "uco-action:location",
	    place(u, ex_event_text(event, "location")));
	ex_graph_link(&u->g, v, "case-investigation:wasInformedBy", before);
	add_instrument(u, v, e);
	add_place_in_log(u, v, e);
	add_parties(u, v, event);
	ex_graph_link(&u->g, u->investigation, "uco-core:object", v);
	return v;
}

static void
add_item(struct uco *u, const struct ex_report_item *item)
{
	const struct ex_json *before = NULL;

	if (item->digital)
		add_file(u, item);
	else
		add_device(u, item);
	ex_graph_link(
	    &u->g, provenance(u, item), "uco-core:object", observable(u, item));
	ex_graph_link(
	    &u->g, u->investigation, "uco-core:object", provenance(u, item));
	ex_graph_link(
	    &u->g, u->investigation, "uco-core:object", observable(u, item));
	for (size_t i = 0; i < item->nentries; i++)
		before = add_action(u, item, item->entry[i], before);
}

static void
add_authority(struct uco *u, const char *number, const char *kind,
    const char *from, const char *until)
{
	struct ex_json *v;

	if (number == NULL)
		return;
	v = ex_graph_node(
	    &u->g, "authorization", number, "case-investigation:Authorization");
	ex_graph_text(
	    &u->g, v, "case-investigation:authorizationIdentifier", number);
	ex_graph_text(&u->g, v, "case-investigation:authorizationType", kind);
	ex_graph_typed(&u->g, v, "uco-core:startTime", "xsd:dateTime", from);
	ex_graph_typed(&u->g, v, "uco-core:endTime", "xsd:dateTime", until);
	ex_graph_link(&u->g, u->investigation,
	    "case-investigation:relevantAuthorization", v);
}

/* What an entry says of authorities: one, or those a case is opened with. */
static void
add_authorities(struct uco *u, const struct ex_record_entry *e)
{
	const struct ex_json *list =
	    ex_json_get(e->admission.event.fields, "authorities");
	char n[4][24];

	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *a = ex_json_at(list, i);

		add_authority(u, ex_json_get_text(a, "number"),
		    ex_json_get_text(a, "kind"), ex_json_get_text(a, "from"),
		    ex_json_get_text(a, "until"));
	}
	if (e->admission.event.act == EX_ACT_AUTHORIZE)
		add_authority(u, said(e, "number", n[0]), said(e, "kind", n[1]),
		    said(e, "from", n[2]), said(e, "until", n[3]));
}

static void
add_investigation(struct uco *u)
{
	const struct ex_report_facts *f = u->f;
	const char *form, *status = ex_json_get_text(f->the_case, "status");
	char n[24];

	u->investigation = ex_graph_node(&u->g, "investigation",
	    f->record->case_number, "case-investigation:Investigation");
	ex_graph_text(
	    &u->g, u->investigation, "uco-core:name", f->record->case_number);
	ex_graph_text(&u->g, u->investigation, "uco-core:description",
	    said(f->opened, "title", n));
	form = said(f->opened, "form", n);
	if (form != NULL && strcmp(form, "suspicious_activity") == 0)
		form = "suspicious-activity";
	ex_graph_typed(&u->g, u->investigation,
	    "case-investigation:investigationForm",
	    "case-vocabulary:InvestigationFormVocab",
	    form != NULL ? form : "case");
	ex_graph_text(&u->g, u->investigation,
	    "case-investigation:investigationStatus",
	    status != NULL ? status : "open");
	if (f->opened != NULL)
		ex_graph_time(&u->g, u->investigation, "uco-core:startTime",
		    f->opened->admission.event.occurred_at);
}

static struct ex_json *
make_context(struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	for (size_t i = 0;
	     v != NULL && i < sizeof(context) / sizeof(context[0]); i++) {
		if (ex_json_set_text(
			v, context[i].prefix, context[i].iri, err) == -1) {
			ex_json_free(v);
			v = NULL;
		}
	}
	if (v == NULL)
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
	return v;
}

int
ex_case_uco(
    struct ex_buf *out, const struct ex_report_facts *f, struct ex_err *err)
{
	struct uco u = { .f = f };
	struct ex_json *names;
	int rc = -1;

	ex_graph_start(&u.g, f->record->checkpoint.origin);
	add_investigation(&u);
	for (size_t i = 0; i < f->nauthorities; i++)
		add_authorities(&u, f->authority[i]);
	for (size_t i = 0; i < f->nitems; i++)
		add_item(&u, &f->item[i]);
	if ((names = make_context(err)) != NULL)
		rc = ex_graph_write(out, &u.g, names, err);
	ex_json_free(names);
	ex_graph_free(&u.g);
	return rc;
}
