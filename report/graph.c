/*
 * graph.c -- nodes, values, links.
 */
#include "report/graph.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "hashing/digest.h"

enum {
	UUID = 36, /* characters */
	UUID_BYTES = 16
};

static int
failed(const struct ex_graph *g)
{
	return g->err.code != EX_OK;
}

void
ex_graph_start(struct ex_graph *g, const char *origin)
{
	memset(g, 0, sizeof(*g));
	g->origin = origin;
	if ((g->nodes = ex_json_object()) == NULL)
		(void)ex_fail(&g->err, EX_SYSTEM, "out of memory");
}

void
ex_graph_free(struct ex_graph *g)
{
	ex_json_free(g->nodes);
	memset(g, 0, sizeof(*g));
}

/* A UUID of version 8 (RFC 9562) out of a SHA-256. */
static void
make_uuid(char out[UUID + 1], const struct ex_buf *name)
{
	uint8_t sha256[EX_SHA256_LEN];
	char hex[2 * UUID_BYTES + 1];

	ex_sha256(sha256, name->data, name->len);
	sha256[6] = (uint8_t)((sha256[6] & 0x0f) | 0x80);
	sha256[8] = (uint8_t)((sha256[8] & 0x3f) | 0x80);
	ex_hex(hex, sha256, UUID_BYTES);
	(void)snprintf(out, UUID + 1, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8,
	    hex + 12, hex + 16, hex + 20);
}

/* "kb:action-UUID" of what is named by a kind and an id. */
static int
make_iri(
    struct ex_graph *g, struct ex_buf *iri, const char *kind, const char *id)
{
	struct ex_buf name = EX_BUF_INIT;
	char uuid[UUID + 1];
	int rc = -1;

	if (ex_buf_addf(&name, &g->err, "%s\n%s\n%s", g->origin, kind, id) ==
	    0) {
		make_uuid(uuid, &name);
		rc = ex_buf_addf(iri, &g->err, "kb:%s-%s", kind, uuid);
	}
	ex_buf_free(&name);
	return rc;
}

/* A new object with its IRI and type. */
static struct ex_json *
new_node(struct ex_graph *g, const char *iri, const char *type)
{
	struct ex_json *v = ex_json_object();

	if (v == NULL) {
		(void)ex_fail(&g->err, EX_SYSTEM, "out of memory");
		return NULL;
	}
	if (ex_json_set_text(v, "@id", iri, &g->err) == -1 ||
	    ex_json_set_text(v, "@type", type, &g->err) == -1) {
		ex_json_free(v);
		return NULL;
	}
	return v;
}

struct ex_json *
ex_graph_node(
    struct ex_graph *g, const char *kind, const char *id, const char *type)
{
	struct ex_buf iri = EX_BUF_INIT;
	struct ex_json *node = NULL;

	if (failed(g) || make_iri(g, &iri, kind, id) == -1)
		goto out;
	node = ex_json_get_mutable(g->nodes, ex_buf_text(&iri));
	if (node == NULL &&
	    (node = new_node(g, ex_buf_text(&iri), type)) != NULL &&
	    ex_json_set(g->nodes, ex_buf_text(&iri), node, &g->err) == -1)
		node = NULL;
out:
	ex_buf_free(&iri);
	return node;
}

void
ex_graph_text(
    struct ex_graph *g, struct ex_json *node, const char *key, const char *text)
{
	if (failed(g) || node == NULL || text == NULL || text[0] == '\0')
		return;
	(void)ex_json_set_text(node, key, text, &g->err);
}

void
ex_graph_typed(struct ex_graph *g, struct ex_json *node, const char *key,
    const char *type, const char *text)
{
	struct ex_json *v;

	if (failed(g) || node == NULL || text == NULL || text[0] == '\0')
		return;
	if ((v = ex_json_object()) == NULL)
		(void)ex_fail(&g->err, EX_SYSTEM, "out of memory");
	else if (ex_json_set_text(v, "@type", type, &g->err) == -1 ||
		 ex_json_set_text(v, "@value", text, &g->err) == -1)
		ex_json_free(v);
	else
		(void)ex_json_set(node, key, v, &g->err);
}

void
ex_graph_time(
    struct ex_graph *g, struct ex_json *node, const char *key, int64_t at)
{
	char text[EX_TIME_TEXT];

	ex_time_text(text, at);
	ex_graph_typed(g, node, key, "xsd:dateTime", text);
}

void
ex_graph_number(
    struct ex_graph *g, struct ex_json *node, const char *key, int64_t n)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRId64, n);
	ex_graph_typed(g, node, key, "xsd:integer", text);
}

/* Add to the array under a key, which is made if need be; v is taken over. */
static void
append(struct ex_graph *g, struct ex_json *node, const char *key,
    struct ex_json *v)
{
	struct ex_json *list = ex_json_get_mutable(node, key);

	if (list == NULL) {
		list = ex_json_array();
		if (ex_json_set(node, key, list, &g->err) == -1) {
			ex_json_free(v);
			return;
		}
	}
	(void)ex_json_add(list, v, &g->err);
}

void
ex_graph_link(struct ex_graph *g, struct ex_json *node, const char *key,
    const struct ex_json *to)
{
	struct ex_json *v;

	if (failed(g) || node == NULL || to == NULL)
		return;
	if ((v = ex_json_object()) == NULL)
		(void)ex_fail(&g->err, EX_SYSTEM, "out of memory");
	else if (ex_json_set_text(
		     v, "@id", ex_json_get_text(to, "@id"), &g->err) == -1)
		ex_json_free(v);
	else
		append(g, node, key, v);
}

struct ex_json *
ex_graph_inside(struct ex_graph *g, struct ex_json *node, const char *key,
    const char *type, size_t n)
{
	struct ex_buf id = EX_BUF_INIT, iri = EX_BUF_INIT;
	const char *colon = strchr(type, ':');
	struct ex_json *v = NULL;

	if (failed(g) || node == NULL)
		return NULL;
	if (ex_buf_addf(&id, &g->err, "%s %s %zu",
		ex_json_get_text(node, "@id"), key, n) == 0 &&
	    make_iri(g, &iri, colon == NULL ? type : colon + 1,
		ex_buf_text(&id)) == 0 &&
	    (v = new_node(g, ex_buf_text(&iri), type)) != NULL)
		append(g, node, key, v);
	ex_buf_free(&id);
	ex_buf_free(&iri);
	return failed(g) ? NULL : v;
}

/* One node of many. */
static int
add_node(
    void *arg, const char *iri, const struct ex_json *node, struct ex_err *err)
{
	(void)iri;
	return ex_json_add(arg, ex_json_ref(node), err);
}

int
ex_graph_write(struct ex_buf *out, const struct ex_graph *g,
    const struct ex_json *context, struct ex_err *err)
{
	struct ex_json *file = ex_json_object(), *list = ex_json_array();
	int rc = -1;

	if (failed(g)) {
		(void)ex_fail(err, g->err.code, "%s", g->err.text);
	} else if (file == NULL || list == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
	} else if (ex_json_each(g->nodes, add_node, list, err) == 0 &&
		   ex_json_set(file, "@graph", ex_json_ref(list), err) == 0 &&
		   ex_json_set(file, "@context", ex_json_ref(context), err) ==
		       0 &&
		   ex_json_print(out, file, err) == 0) {
		rc = ex_buf_add_byte(out, '\n', err);
	}
	ex_json_free(file);
	ex_json_free(list);
	return rc;
}
