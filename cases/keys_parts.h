/*
 * keys_parts.h -- what the files of a key say; for cases/house*.c and
 * cases/keys*.c alone.
 */
#ifndef CASES_KEYS_PARTS_H
#define CASES_KEYS_PARTS_H

#include "base/codec.h"
#include "base/file.h"
#include "cases/keys.h"

/* DIR/NAME.ending; EX_USAGE when name is no key's name. */
int ex_key_file(char out[EX_PATH], const char *keys_dir, const char *name,
    const char *ending, struct ex_err *err);

/* A signer of this order, without key and certificate. */
int ex_signer_new(struct ex_signer **out, const struct ex_key_order *order,
    struct ex_err *err);

/* Write NAME.json and NAME.pem; before the key itself, which is last. */
int ex_signer_write(
    const struct ex_signer *s, const char *keys_dir, struct ex_err *err);

/* Open the key: its file, or its card with who answers for the PIN. */
int ex_signer_open(struct ex_signer *s, const char *keys_dir,
    const struct ex_pins *pins, struct ex_err *err);

/*
 * Which CA certified the signer's key: "" the laboratory's, else the SHA-256
 * of another body's, which the policy names and which then stands in
 * DIR/trust/roots.pem.  ca: a file of CAs that are new here, or NULL.
 * EX_DENIED.
 */
int ex_key_ca(char out[EX_SHA256_HEX], struct ex_house *house,
    const struct ex_signer *s, const char *ca, struct ex_err *err);

/* Whose key this is, without opening it.  EX_ABSENT. */
int ex_key_person(char out[EX_NAME_TEXT], const char *keys_dir,
    const char *name, struct ex_err *err);

/* 1 when a key of this name is here, whole. */
int ex_key_here(const char *keys_dir, const char *name);

/* Take a key's files away again: it was made and never enrolled. */
void ex_key_forget(const char *keys_dir, const char *name);

#endif
