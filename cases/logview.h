/*
 * logview.h -- looking at the log, and taking it along.
 */
#ifndef CASES_LOGVIEW_H
#define CASES_LOGVIEW_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

struct ex_house;

/*
 * Entries in the order of the log, those that the caller may see: {"entries":
 * [{"index","stream","seq","leaf","action","time_claimed","parties":[]}],
 * "origin","size","root"}.  item may be NULL.
 */
int ex_log_show(struct ex_json **out, struct ex_house *house, const char *item,
    struct ex_err *err);

/*
 * Ask the sequencer for a heads entry, wait until a checkpoint covers it (ten
 * seconds, then EX_UNREACHABLE) and show that checkpoint, after checking it:
 * {"origin","size","root","note","heads":{"leaf","index"}}.
 */
int ex_log_checkpoint(
    struct ex_json **out, struct ex_house *house, struct ex_err *err);

/*
 * The entry that a person names by its leaf: 64 hexadecimal digits or at
 * least the first eight.  EX_USAGE when several begin so, EX_ABSENT.
 */
int ex_leaf_find(uint8_t leaf[32], struct ex_house *house, const char *event,
    struct ex_err *err);

/*
 * {"event","index","size","root","proof"}: the proof is a C2SP tlog-proof,
 * checked before it is given.
 */
int ex_log_proof(struct ex_json **out, struct ex_house *house,
    const char *event, struct ex_err *err);

/*
 * Write DIR/checkpoint and DIR/tile/... (custody/tiles.h), with entries the
 * entries too: those are confidential, EX_DENIED when the policy in force
 * names no monitor.  A DIR that holds an earlier state of this log is
 * continued; else it must not exist or be empty.  EX_DAMAGED: it is of another
 * history.  {"path","size","tiles","entries"}, tiles: files written.
 */
int ex_log_export(struct ex_json **out, struct ex_house *house, const char *dir,
    int entries, struct ex_err *err);

#endif
