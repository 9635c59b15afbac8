/*
 * act_tables.h -- the tables of acts, one a kind of stream (internal).
 */
#ifndef CUSTODY_ACT_TABLES_H
#define CUSTODY_ACT_TABLES_H

#include <stddef.h>

#include "custody/act.h"
#include "custody/event.h"

/* Sets of modes that a party may have. */
enum {
	EX_BY_KEY = 1 << EX_MODE_SIGNED,
	EX_BY_STATION = 1 << EX_MODE_STATION,
	EX_BY_SERVICE = 1 << EX_MODE_SERVICE,
	/* a person of another house, who may have no key */
	EX_BY_PAPER = EX_BY_KEY | 1 << EX_MODE_PAPER | 1 << EX_MODE_REFUSED,
	EX_BY_ANY = EX_BY_PAPER | 1 << EX_MODE_ABSENT
};

enum {
	EX_ON_ITEM = 1 << EX_STREAM_ITEM,
	EX_ON_CASE = 1 << EX_STREAM_CASE,
	EX_ON_LAB = 1 << EX_STREAM_LAB
};

#define EX_FIELDS(list) list, sizeof(list) / sizeof((list)[0])

/* Rows in no particular order; ex_act() finds them by act. */
extern const struct ex_act_def ex_acts_lab[];
extern const size_t ex_acts_lab_n;
extern const struct ex_act_def ex_acts_case[];
extern const size_t ex_acts_case_n;
extern const struct ex_act_def ex_acts_item[];
extern const size_t ex_acts_item_n;
extern const struct ex_act_def ex_acts_item_quiet[];
extern const size_t ex_acts_item_quiet_n;

/* Words that several tables use. */
extern const char *const ex_words_seal_state[];
extern const char *const ex_words_authority[];
extern const char *const ex_words_method[];

/* Checks of objects and arrays (act_check.c). */
int ex_check_flag(const struct ex_json *v, struct ex_err *err);
int ex_check_policy(const struct ex_json *v, struct ex_err *err);
int ex_check_founders(const struct ex_json *v, struct ex_err *err);
int ex_check_machines(const struct ex_json *v, struct ex_err *err);
int ex_check_codes(const struct ex_json *v, struct ex_err *err);
int ex_check_facts(const struct ex_json *v, struct ex_err *err);
int ex_check_segments(const struct ex_json *v, struct ex_err *err);
int ex_check_authorities(const struct ex_json *v, struct ex_err *err);
int ex_check_scans(const struct ex_json *v, struct ex_err *err);

/* The same of what was read (act_check_reading.c). */
int ex_check_ranges(const struct ex_json *v, struct ex_err *err);
int ex_check_changes(const struct ex_json *v, struct ex_err *err);
int ex_check_origins(const struct ex_json *v, struct ex_err *err);
int ex_check_attempts(const struct ex_json *v, struct ex_err *err);
int ex_check_block_map(const struct ex_json *v, struct ex_err *err);
int ex_check_second(const struct ex_json *v, struct ex_err *err);

#endif
