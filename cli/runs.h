/*
 * runs.h -- what each command runs: one function a command, in cli/run_*.c.
 */
#ifndef CLI_RUNS_H
#define CLI_RUNS_H

#include "base/err.h"

struct cli;
struct ex_house;

typedef int cli_run(struct cli *cli, struct ex_err *err);

/* run_house.c */
cli_run cli_run_init;
cli_run cli_run_up;
cli_run cli_run_down;
cli_run cli_run_status;
cli_run cli_run_config;
cli_run cli_run_migrate;
cli_run cli_run_doctor;
cli_run cli_run_pending;
cli_run cli_run_help;

/* run_field.c */
cli_run cli_run_field_pack;
cli_run cli_run_field_sync;

/* run_people.c */
cli_run cli_run_org_add;
cli_run cli_run_org_list;
cli_run cli_run_org_show;
cli_run cli_run_person_add;
cli_run cli_run_person_list;
cli_run cli_run_person_show;
cli_run cli_run_person_role;
cli_run cli_run_person_competence;
cli_run cli_run_location_add;
cli_run cli_run_location_list;
cli_run cli_run_location_show;
cli_run cli_run_tool_add;
cli_run cli_run_tool_validated;
cli_run cli_run_tool_list;
cli_run cli_run_tool_show;
cli_run cli_run_delegate;
cli_run cli_run_delegate_list;
cli_run cli_run_delegate_show;
cli_run cli_run_policy_set;
cli_run cli_run_policy_show;

/* run_keys.c */
cli_run cli_run_key_new;
cli_run cli_run_key_enrol;
cli_run cli_run_key_rotate;
cli_run cli_run_key_rotate_log;
cli_run cli_run_key_rotate_ca;
cli_run cli_run_key_list;
cli_run cli_run_key_show;
cli_run cli_run_key_revoke;

/* run_case.c */
cli_run cli_run_case_open;
cli_run cli_run_case_show;
cli_run cli_run_case_list;
cli_run cli_run_case_close;
cli_run cli_run_case_seal;
cli_run cli_run_case_change;
cli_run cli_run_case_link;
cli_run cli_run_case_assign;
cli_run cli_run_case_authorize;
cli_run cli_run_case_authorize_end;
cli_run cli_run_case_grant;

/* run_item.c */
cli_run cli_run_item_announce;
cli_run cli_run_item_derive;
cli_run cli_run_item_list;
cli_run cli_run_item_show;
cli_run cli_run_item_history;
cli_run cli_run_item_continuity;

/* run_custody.c */
cli_run cli_run_custody;

/* run_image.c */
cli_run cli_run_image_list;
cli_run cli_run_image_show;
cli_run cli_run_image_export;

/* run_media.c */
cli_run cli_run_acquire;
cli_run cli_run_verify;
cli_run cli_run_media_inspect;

/* run_catalogue.c */
cli_run cli_run_catalogue;
cli_run cli_run_files;
/* Is this a list of an image's files, not its bytes?  Then this writes it. */
int cli_is_file_list(const char *format);
int
cli_export_file_list(struct cli *cli, struct ex_house *h, struct ex_err *err);

/* run_import.c */
cli_run cli_run_import;

/* run_selftest.c */
cli_run cli_run_self_test;

/* run_hash.c */
cli_run cli_run_hash;

/* run_log.c */
cli_run cli_run_log_show;
cli_run cli_run_log_checkpoint;
cli_run cli_run_log_cosign;
cli_run cli_run_log_stamp;
cli_run cli_run_log_override;
cli_run cli_run_log_verify;
cli_run cli_run_log_proof;
cli_run cli_run_log_export;

/* run_out.c */
cli_run cli_run_report;
cli_run cli_run_bundle;
cli_run cli_run_challenge;
cli_run cli_run_case_export;

/* run_search.c */
cli_run cli_run_search;
cli_run cli_run_links;
cli_run cli_run_watch_add;
cli_run cli_run_watch_list;
cli_run cli_run_watch_end;
cli_run cli_run_case_note;
cli_run cli_run_case_notes;

/* run_indicator.c */
cli_run cli_run_indicator_add;
cli_run cli_run_indicator_import;
cli_run cli_run_indicator_find;
cli_run cli_run_indicator_lookups;
cli_run cli_run_transfer_add;
cli_run cli_run_transfer_list;

#endif
