/*
 * bundles.h -- a case with everything in it, bundled, for tests that harm it.
 */
#ifndef TESTS_CUSTODY_BUNDLES_H
#define TESTS_CUSTODY_BUNDLES_H

#include "custody/bundle.h"
#include "custody/bundle_write.h"
#include "tests/custody/house.h"

/* What the report event of every scene has the digest of. */
#define SCENE_REPORT "<html>the report</html>\n"

/* Files of a bundle are changed in a copy of its folder. */
struct scene {
	struct house house;
	char dir[64];	   /* holds everything */
	char item[64];	   /* "EXH-...": in store, part of a batch */
	char other[64];	   /* the other item of the case */
	char roots[128];   /* ca.pem */
	char log_pem[128]; /* the log's public key */
	char policy[128];  /* names the log, quorum none */
	struct ex_roots *ca;
	struct ex_policy *trusted;
	size_t copies;
};

/*
 * A house, a case with two items, a batch over both, an erased text, a
 * report, another case; heads; parties that had seen earlier checkpoints.
 */
void scene_open(struct scene *s);
void scene_close(struct scene *s);

/* For cmocka's groups. */
int scene_group_open(void **state);
int scene_group_close(void **state);

/* What a bundle is made of besides its subject; zero: everything. */
struct bundling {
	const char *subject;	 /* "case:...", "item:..."; NULL: the case */
	const char *skip_stream; /* leave this one out */
	uint64_t skip_index;	 /* leave this entry out, when has_skip */
	int has_skip;
	size_t size;	    /* of the checkpoint; 0: all entries */
	int redact;	    /* withhold "condition" and names */
	const char *cosign; /* name of a witness, with witness_key */
	const struct ex_key *witness_key;
	const char *report; /* another text than its event says; "": none */
	struct ex_span stamped, tsr; /* lines of a checkpoint and their stamp */
};

/* Write it to DIR/name; its path, the same buffer every eighth call. */
const char *
scene_bundle(struct scene *s, const char *name, const struct bundling *b);

/* A copy of a folder; its path, likewise. */
const char *scene_copy(struct scene *s, const char *from);

/* Heads of all streams among the first size entries, in order; the caller
 * frees them.  Their number. */
size_t scene_gather(const struct house *h, size_t size, struct ex_head **out);

/* A heads entry over everything so far. */
void scene_heads(struct scene *s);

/*
 * An entry that the log has though no gate would let it in, or that is taken
 * out again: it changes no facts of the house.
 */
void scene_push(struct scene *s, const struct act *a);
void scene_pop(struct scene *s);

/* From now on parties name the newest checkpoint as seen. */
void scene_see(struct scene *s);

/* Run a program; its exit status, all that it printed in out. */
int scene_run(struct ex_buf *out, const char *const *argv);

/* The first remark of this severity and above, "" when there is none. */
const char *
scene_first(const struct ex_bundle_result *r, enum ex_severity least);

/* Is there a remark with this code? */
int scene_says(const struct ex_bundle_result *r, const char *code);

/* Check with the house's own roots and policy. */
void scene_check(struct scene *s, const char *path, struct ex_bundle_result *r);

/* A name that no bundle had; the same buffer every fourth call. */
const char *scene_fresh(struct scene *s);

/* It has this verdict; else what it said is printed. */
void scene_is(const struct ex_bundle_result *r, enum ex_verdict verdict);

/* Written so it is faulty, and this is among the reasons. */
void scene_faulty(struct scene *s, const struct bundling *b, const char *code);

#endif
