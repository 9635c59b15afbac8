-- Who may do what: everything that is not listed here is refused.
BEGIN;
SELECT plan(11);

CREATE FUNCTION pg_temp.rights(who text) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT (c.relname || ' ' || p) COLLATE "default"
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace,
    unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE',
                 'REFERENCES', 'TRIGGER']) p
    WHERE n.nspname = 'exhibit' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND has_table_privilege(who, c.oid, p)
    ORDER BY 1
$$;
CREATE FUNCTION pg_temp.doors(who text) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT f.proname::text COLLATE "default"
    FROM pg_proc f
    JOIN pg_namespace n ON n.oid = f.pronamespace
    WHERE n.nspname = 'exhibit' AND has_function_privilege(who, f.oid, 'EXECUTE')
    ORDER BY 1
$$;

SELECT results_eq(
    $$SELECT pg_temp.rights('exhibit_people')$$,
    ARRAY['catalogue_file INSERT', 'checkpoint SELECT',
          'cosignature SELECT', 'entry SELECT', 'fact SELECT', 'migration SELECT', 'node SELECT', 'opening SELECT',
          'stamp SELECT', 'tree_leaf SELECT'],
    'people read what row security lets them, and add lines alone');
SELECT results_eq(
    $$SELECT pg_temp.doors('exhibit_people')$$,
    ARRAY['append', 'ask_heads', 'can_see', 'case_notes', 'case_transfers',
          'catalogue_begin', 'catalogue_end', 'catalogue_lines',
          'catalogue_newest', 'count_cases', 'counts', 'facet_cases',
          'indicator_find', 'indicator_import', 'link_cases', 'looked_for',
          'may_search', 'me', 'note_access', 'note_case', 'search_cases',
          'seen_case', 'status', 'transfer_add', 'watch_add', 'watch_end',
          'watch_list'],
    'people have these doors and no other');
SELECT results_eq(
    $$SELECT pg_temp.rights('person_S-1001')$$,
    $$SELECT pg_temp.rights('exhibit_people')$$,
    'a person has the rights of the group and no more');
SELECT results_eq(
    $$SELECT r FROM pg_temp.rights('exhibit_service') r WHERE r NOT LIKE '% SELECT'$$,
    ARRAY['awake INSERT', 'awake UPDATE', 'checkpoint INSERT',
          'fact INSERT', 'fact UPDATE', 'head UPDATE',
          'node INSERT', 'opening DELETE', 'queue DELETE', 'rejected INSERT',
          'tree_leaf INSERT', 'wish DELETE'],
    'the sequencer writes what follows from entries, never an entry');
SELECT results_eq(
    $$SELECT pg_temp.doors('exhibit_service')$$,
    ARRAY['access_settled', 'append', 'ask_heads', 'can_see',
          'casebook_wrong', 'counts', 'me',
          'note_access', 'status'],
    'the sequencer appends through the same door');
SELECT results_eq(
    $$SELECT pg_temp.rights('exhibit_anchor')$$,
    ARRAY['checkpoint SELECT', 'cosignature INSERT', 'cosignature SELECT',
          'fact SELECT', 'migration SELECT', 'node SELECT', 'stamp INSERT',
          'stamp SELECT'],
    'who has a network sees no entry');
SELECT is_empty(
    $$SELECT pg_temp.doors('exhibit_anchor')$$,
    'nor any door');
SELECT is_empty(
    $$SELECT pg_temp.rights('pg_monitor') UNION ALL SELECT pg_temp.doors('pg_monitor')$$,
    'a role that is none of ours may nothing');
SELECT is_empty(
    $$SELECT rolname FROM pg_roles
      WHERE rolname IN ('exhibit_owner', 'exhibit_people')
        AND (rolcanlogin OR rolsuper OR rolcreaterole OR rolcreatedb)$$,
    'owner and group cannot log in');
SELECT is_empty(
    $$SELECT rolname FROM pg_roles
      WHERE (rolname LIKE 'person\_%' OR rolname IN ('exhibit_service', 'exhibit_anchor'))
        AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls
             OR pg_has_role(oid, 'exhibit_owner', 'MEMBER'))$$,
    'nobody who logs in stands above row security');
SELECT is_empty(
    $$SELECT c.relname FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'exhibit' AND c.relkind IN ('r', 'S', 'v')
        AND pg_get_userbyid(c.relowner) <> 'exhibit_owner'
      UNION ALL
      SELECT f.proname FROM pg_proc f
      JOIN pg_namespace n ON n.oid = f.pronamespace
      WHERE n.nspname = 'exhibit'
        AND (pg_get_userbyid(f.proowner) <> 'exhibit_owner'
             OR (f.prosqlbody IS NULL AND NOT coalesce(f.proconfig, '{}')
                @> ARRAY['search_path=pg_catalog, pg_temp']))$$,
    'everything is the owner''s, and every function has its search path, or '
    'its names are bound');

SELECT * FROM finish();
ROLLBACK;
