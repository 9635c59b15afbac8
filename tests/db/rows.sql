-- Row security: which rows a person sees.
--   CASE-A   opened by S-1001 of ORG-1
--   CASE-B   the same, sealed
--   CASE-C   opened by S-1003 of ORG-2; S-1002 was granted access, and ORG-1
--            until yesterday
-- S-1001 and S-1002 are of ORG-1, S-1003 of ORG-2.
BEGIN;
SELECT plan(20);

INSERT INTO exhibit.fact (kind, id, case_number, value) VALUES
    ('person', 'S-1001', '', '{"org":"ORG-1"}'),
    ('person', 'S-1002', '', '{"org":"ORG-1"}'),
    ('person', 'S-1003', '', '{"org":"ORG-2"}'),
    ('item', 'OF-NONE', 'CASE-Z', '{}'),
    ('case', 'CASE-A', 'CASE-A',
     '{"grants":{},"opener":"S-1001","org":"ORG-1","sealed":0}'),
    ('case', 'CASE-B', 'CASE-B',
     '{"grants":{},"opener":"S-1001","org":"ORG-1","prosecutor":"S-1003","sealed":1}'),
    ('case', 'CASE-C', 'CASE-C',
     jsonb_build_object('opener', 'S-1003', 'org', 'ORG-2', 'sealed', 0,
        'grants', jsonb_build_object('S-1002', '',
            'ORG-1', to_char(now() - interval '1 day',
                             'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')))::text);
INSERT INTO exhibit.entry (stream, seq, prev, leaf, body_sha256, entry, case_number)
SELECT s, 1, sha256('p'), sha256(s::bytea), sha256(s::bytea), s::bytea, c
FROM (VALUES ('lab:L', ''), ('case:CASE-A', 'CASE-A'),
             ('case:CASE-B', 'CASE-B'), ('case:CASE-C', 'CASE-C'),
             ('item:OF-NONE', 'CASE-Z')) v (s, c);
INSERT INTO exhibit.opening SELECT id, 'o' FROM exhibit.entry;
INSERT INTO exhibit.tree_leaf (index, entry_id, stream, seq, leaf, case_number)
SELECT row_number() OVER (ORDER BY id) - 1, id, stream, seq, leaf, case_number
FROM exhibit.entry;

CREATE FUNCTION pg_temp.sees(who text, want text[]) RETURNS SETOF text
    LANGUAGE plpgsql AS $$
BEGIN
    RETURN NEXT results_eq('SELECT case_number FROM exhibit.entry ORDER BY 1',
        want, who || ' sees these entries');
    RETURN NEXT results_eq('SELECT case_number FROM exhibit.tree_leaf ORDER BY 1',
        want, 'their places');
    RETURN NEXT is((SELECT count(*) FROM exhibit.opening),
        array_length(want, 1)::bigint, 'their openings');
    RETURN NEXT results_eq('SELECT DISTINCT case_number FROM exhibit.fact ORDER BY 1',
        want, 'and their facts');
END $$;
-- In another role's session pgTAP's own tables must be reachable.
GRANT ALL ON ALL TABLES IN SCHEMA pg_temp TO PUBLIC;
GRANT ALL ON ALL SEQUENCES IN SCHEMA pg_temp TO PUBLIC;

SET SESSION AUTHORIZATION "person_S-1001";
SELECT pg_temp.sees('the opener', ARRAY['', 'CASE-A', 'CASE-B']);
SET SESSION AUTHORIZATION "person_S-1002";
SELECT pg_temp.sees('a colleague who was granted more', ARRAY['', 'CASE-A', 'CASE-C']);
SET SESSION AUTHORIZATION "person_S-1003";
SELECT pg_temp.sees('a prosecutor of another house', ARRAY['', 'CASE-B', 'CASE-C']);
SET SESSION AUTHORIZATION exhibit_service;
SELECT pg_temp.sees('the sequencer',
    ARRAY['', 'CASE-A', 'CASE-B', 'CASE-C', 'CASE-Z']);
RESET SESSION AUTHORIZATION;

-- The rows of a person whom the log does not know.
DELETE FROM exhibit.fact WHERE kind = 'person' AND id = 'S-1001';
SET SESSION AUTHORIZATION "person_S-1001";
SELECT results_eq('SELECT case_number FROM exhibit.entry', ARRAY[''],
    'who is no person sees what is the house''s');
SELECT is(exhibit.me(), 'S-1001', 'me() is who connected');
SET ROLE exhibit_people;
SELECT is(exhibit.me(), 'S-1001', 'whatever role is put on');
RESET ROLE;
SET SESSION AUTHORIZATION exhibit_service;
SELECT is(exhibit.me(), NULL, 'a service is nobody');
RESET SESSION AUTHORIZATION;

SELECT * FROM finish();
ROLLBACK;
