-- Entries, their places, nodes and signed checkpoints stay as they are, for
-- the superuser too, as long as he disables no trigger.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT plan(43);

INSERT INTO exhibit.entry (stream, seq, prev, leaf, body_sha256, entry, case_number)
VALUES ('lab:L', 1, sha256('p'), sha256('l'), sha256('b'), 'entry', '');
INSERT INTO exhibit.tree_leaf (index, entry_id, stream, seq, leaf, case_number)
SELECT 0, id, stream, seq, leaf, case_number FROM exhibit.entry;
INSERT INTO exhibit.node (level, index, hash) VALUES (0, 0, sha256('l'));
INSERT INTO exhibit.checkpoint (size, root) VALUES (1, sha256('l'));

CREATE FUNCTION pg_temp.refuses(what text, how text) RETURNS SETOF text
    LANGUAGE plpgsql AS $$
BEGIN
    RETURN NEXT throws_ok(format('UPDATE exhibit.%I SET %s', what, how),
        'EX001', NULL, what || ' is not updated');
    RETURN NEXT throws_ok(format('DELETE FROM exhibit.%I', what),
        'EX001', NULL, what || ' is not deleted');
    RETURN NEXT throws_ok(format('TRUNCATE exhibit.%I CASCADE', what),
        'EX001', NULL, what || ' is not truncated');
END $$;

SELECT pg_temp.refuses('entry', 'seq = 2');
SELECT pg_temp.refuses('tree_leaf', 'index = 1');
SELECT pg_temp.refuses('node', 'index = 1');
SELECT pg_temp.refuses('cosignature', 'time = 2');
SELECT pg_temp.refuses('stamp', 'time = 2');
SELECT throws_ok('UPDATE exhibit.checkpoint SET root = sha256(''x'')', 'EX001',
    NULL, 'a checkpoint keeps its root');
SELECT throws_ok('UPDATE exhibit.checkpoint SET size = 2', 'EX001',
    NULL, 'and its size');
SELECT throws_ok('DELETE FROM exhibit.checkpoint', 'EX001', NULL,
    'a checkpoint is not deleted');
SELECT throws_ok('TRUNCATE exhibit.checkpoint CASCADE', 'EX001', NULL,
    'nor truncated');
SELECT lives_ok('UPDATE exhibit.checkpoint SET note = ''n''',
    'a checkpoint gains its note');
SELECT throws_ok('UPDATE exhibit.checkpoint SET note = ''m''', 'EX001', NULL,
    'and keeps it');

-- Plain triggers are skipped for who calls himself a replica.
SET LOCAL session_replication_role = replica;
SELECT pg_temp.refuses('entry', 'seq = 2');
SELECT pg_temp.refuses('tree_leaf', 'index = 1');
SELECT pg_temp.refuses('node', 'index = 1');
SELECT pg_temp.refuses('cosignature', 'time = 2');
SELECT pg_temp.refuses('stamp', 'time = 2');
SELECT throws_ok('UPDATE exhibit.checkpoint SET note = ''m''', 'EX001', NULL,
    'a replica keeps a note');
SELECT throws_ok('DELETE FROM exhibit.checkpoint', 'EX001', NULL,
    'and the checkpoint');
SET LOCAL session_replication_role = origin;

SELECT is_empty(
    $$SELECT t.tgname FROM pg_trigger t
      JOIN pg_class c ON c.oid = t.tgrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'exhibit' AND NOT t.tgisinternal AND t.tgenabled <> 'A'$$,
    'every trigger is always on');
SELECT is((SELECT count(*) FROM exhibit.entry), 1::bigint, 'the entry is there');
SELECT is((SELECT entry FROM exhibit.entry), 'entry'::bytea, 'as it was');
SELECT is((SELECT count(*) FROM exhibit.tree_leaf), 1::bigint, 'and its place');

SELECT ok((SELECT bool_and(tgenabled = 'A') FROM pg_trigger
           WHERE tgname IN ('entry_stays', 'tree_leaf_stays', 'node_stays',
                            'checkpoint_signed', 'checkpoint_stays')),
    'the triggers have these names, which the documents give');
SELECT * FROM finish();
ROLLBACK;
