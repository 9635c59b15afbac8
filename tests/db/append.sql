-- append(): the one door by which entries come.
BEGIN;
SELECT plan(22);

INSERT INTO exhibit.fact (kind, id, case_number, value) VALUES
    ('person', 'S-1001', '', '{"org":"ORG-1"}'),
    ('case', 'CASE-A', 'CASE-A',
     '{"grants":{},"opener":"S-1001","org":"ORG-1","sealed":1}');
GRANT ALL ON ALL TABLES IN SCHEMA pg_temp TO PUBLIC;
GRANT ALL ON ALL SEQUENCES IN SCHEMA pg_temp TO PUBLIC;

CREATE FUNCTION pg_temp.go(stream text, seq bigint, prev text, leaf text,
    of text DEFAULT '', openings bytea DEFAULT '') RETURNS bigint
    LANGUAGE sql AS $$
    SELECT exhibit.append(stream, seq,
        CASE WHEN prev = '' THEN decode(repeat('00', 32), 'hex')
             ELSE sha256(prev::bytea) END,
        sha256(leaf::bytea), sha256(('body of ' || leaf)::bytea),
        leaf::bytea, openings, of)
$$;

SET SESSION AUTHORIZATION "person_S-1001";
SELECT lives_ok($$SELECT pg_temp.go('lab:L', 1, '', 'one', openings => 'o')$$,
    'the first entry of a stream');
SELECT lives_ok($$SELECT pg_temp.go('lab:L', 2, 'one', 'two')$$,
    'and one that continues it');
SELECT throws_ok($$SELECT pg_temp.go('lab:L', 2, 'one', 'other')$$, '40001',
    NULL, 'who is late has lost');
SELECT throws_ok($$SELECT pg_temp.go('lab:L', 3, 'one', 'other')$$, '40001',
    NULL, 'the number is not enough');
SELECT throws_ok($$SELECT pg_temp.go('lab:L', 4, 'two', 'other')$$, '40001',
    NULL, 'nor is prev');
SELECT throws_ok($$SELECT pg_temp.go('lab:M', 2, 'two', 'other')$$, '40001',
    NULL, 'an empty stream begins with 1');
SELECT throws_ok($$SELECT pg_temp.go('lab:M', 1, 'two', 'other')$$, '40001',
    NULL, 'and with zeros');
SELECT is(pg_temp.go('lab:L', 1, '', 'one'), pg_temp.go('lab:L', 1, '', 'one'),
    'the same again is the same row, long after');
SELECT throws_ok(
    $$SELECT exhibit.append('lab:L', 3, sha256('two'), sha256('x'),
             sha256('body of one'), 'x', '', '')$$,
    '23505', NULL, 'an event in another encoding is not taken');
SELECT lives_ok($$SELECT pg_temp.go('case:CASE-A', 1, '', 'a', 'CASE-A')$$,
    'its opener appends to a sealed case');
SELECT lives_ok($$SELECT pg_temp.go('case:CASE-N', 1, '', 'n', 'CASE-N')$$,
    'a case that is new has no list yet');
SELECT throws_ok('INSERT INTO exhibit.queue VALUES (1)', '42501', NULL,
    'there is no way beside the door');
SELECT throws_ok(
    $$INSERT INTO exhibit.entry (stream, seq, prev, leaf, body_sha256, entry, case_number)
      VALUES ('lab:L', 9, sha256('p'), sha256('l'), sha256('b'), 'e', '')$$,
    '42501', NULL, 'not for entries');
SELECT throws_ok('UPDATE exhibit.head SET seq = 0', '42501', NULL,
    'nor for heads');
SET SESSION AUTHORIZATION "person_S-1002";
SELECT throws_ok($$SELECT pg_temp.go('case:CASE-A', 2, 'a', 'b', 'CASE-A')$$,
    '42501', NULL, 'a stranger does not');
RESET SESSION AUTHORIZATION;

SELECT results_eq(
    'SELECT stream, seq, leaf FROM exhibit.head ORDER BY stream COLLATE "C"',
    $$VALUES ('case:CASE-A', 1::bigint, sha256('a')),
             ('case:CASE-N', 1::bigint, sha256('n')),
             ('lab:L', 2::bigint, sha256('two'))$$,
    'heads are where entries left them');
SELECT is((SELECT count(*) FROM exhibit.queue), 4::bigint, 'all wait');
SELECT is((SELECT count(*) FROM exhibit.opening), 1::bigint,
    'openings are kept, and no empty ones');
SELECT is((SELECT DISTINCT principal FROM exhibit.entry), 'person_S-1001',
    'and who brought it');
SELECT results_eq(
    $$SELECT state, index FROM exhibit.status(sha256('body of two'))$$,
    $$VALUES ('waiting', -1::bigint)$$, 'it waits');
SELECT is_empty($$SELECT * FROM exhibit.status(sha256('never'))$$,
    'what never came has no state');
SELECT results_eq('SELECT queued, rejected FROM exhibit.counts()',
    $$VALUES (4::bigint, 0::bigint)$$, 'and is counted');

SELECT * FROM finish();
ROLLBACK;
