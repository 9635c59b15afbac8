-- Keys, bounds and words: what a row cannot be.
BEGIN;
SELECT plan(31);

SELECT col_is_pk('exhibit', 'entry', 'id', 'entry has its number');
SELECT col_is_unique('exhibit', 'entry', ARRAY['body_sha256'],
    'an event is there once');
SELECT col_is_pk('exhibit', 'opening', 'entry_id', 'openings are an entry''s');
SELECT col_is_pk('exhibit', 'head', 'stream', 'a stream has one head');
SELECT col_is_pk('exhibit', 'queue', 'entry_id', 'an entry waits once');
SELECT col_is_pk('exhibit', 'tree_leaf', 'index', 'an index is given once');
SELECT col_is_unique('exhibit', 'tree_leaf', ARRAY['entry_id'],
    'and an entry has one');
SELECT col_is_unique('exhibit', 'tree_leaf', ARRAY['stream', 'seq'],
    'a place in a stream is given once');
SELECT is_empty(
    $$SELECT FROM pg_index i WHERE i.indrelid = 'exhibit.entry'::regclass
      AND i.indisunique AND pg_get_indexdef(i.indexrelid) LIKE '%(stream, seq)%'$$,
    'a rejected entry''s number may come again');
SELECT col_is_pk('exhibit', 'node', ARRAY['level', 'index'],
    'a node has one hash');
SELECT col_is_pk('exhibit', 'checkpoint', 'size', 'a size has one root');
SELECT col_is_pk('exhibit', 'rejected', 'entry_id', 'rejected once');
SELECT col_is_pk('exhibit', 'fact', ARRAY['kind', 'id'], 'a fact has one value');
SELECT col_is_pk('exhibit', 'migration', 'version', 'applied once');
SELECT fk_ok('exhibit', 'tree_leaf', 'entry_id', 'exhibit', 'entry', 'id');
SELECT fk_ok('exhibit', 'rejected', 'entry_id', 'exhibit', 'entry', 'id');

CREATE FUNCTION pg_temp.put(stream text, seq bigint, prev bytea, leaf bytea,
    sha bytea, entry bytea, of text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO exhibit.entry
        (stream, seq, prev, leaf, body_sha256, entry, case_number)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
$$;
CREATE FUNCTION pg_temp.bad(args text, why text) RETURNS text LANGUAGE sql AS $$
    SELECT throws_ok('SELECT pg_temp.put(' || args || ')', '23514', NULL, why)
$$;
SELECT pg_temp.bad($$'l:', 1, sha256('p'), sha256('l'), sha256('b'), 'e', ''$$,
    'a stream has a name');
SELECT pg_temp.bad($$repeat('x', 273), 1, sha256('p'), sha256('l'), sha256('b'), 'e', ''$$,
    'not too long');
SELECT pg_temp.bad($$'lab:L', 0, sha256('p'), sha256('l'), sha256('b'), 'e', ''$$,
    'numbers begin with 1');
SELECT pg_temp.bad($$'lab:L', 1, 'p', sha256('l'), sha256('b'), 'e', ''$$,
    'prev is a hash');
SELECT pg_temp.bad($$'lab:L', 1, sha256('p'), 'l', sha256('b'), 'e', ''$$,
    'leaf is a hash');
SELECT pg_temp.bad($$'lab:L', 1, sha256('p'), sha256('l'), 'b', 'e', ''$$,
    'the body has a digest');
SELECT pg_temp.bad($$'lab:L', 1, sha256('p'), sha256('l'), sha256('b'), '', ''$$,
    'an entry is not empty');
SELECT pg_temp.bad($$'lab:L', 1, sha256('p'), sha256('l'), sha256('b'),
                     decode(repeat('00', 65536), 'hex'), ''$$,
    'nor larger than 65,535 bytes');
SELECT lives_ok($$SELECT pg_temp.put('lab:L', 1, sha256('p'), sha256('l'),
                  sha256('b'), decode(repeat('00', 65535), 'hex'), '')$$,
    'that many are permitted');
SELECT throws_ok($$INSERT INTO exhibit.checkpoint (size, root) VALUES (1, 'r')$$,
    '23514', NULL, 'a root is a hash');
SELECT throws_ok($$INSERT INTO exhibit.node (level, index, hash) VALUES (64, 0, sha256('x'))$$,
    '23514', NULL, 'a tree has 64 levels');

SELECT is_empty(
    $$SELECT c.relname FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'exhibit' AND c.relkind IN ('r', 'p', 'v')
        AND coalesce(obj_description(c.oid, 'pg_class'), '') = ''$$,
    'every table says what it is');
SELECT is_empty(
    $$SELECT (c.relname || '.' || a.attname) COLLATE "default" FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE n.nspname = 'exhibit' AND c.relkind IN ('r', 'p', 'v')
        AND a.attnum > 0 AND NOT a.attisdropped
        AND coalesce(col_description(c.oid, a.attnum), '') = ''$$,
    'every column says what it is');
SELECT results_eq(
    $$SELECT (c.relname || '.' || a.attname) COLLATE "default" FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE n.nspname = 'exhibit' AND c.relkind = 'r'
        AND a.attnum > 0 AND NOT a.attisdropped AND NOT a.attnotnull
      ORDER BY 1$$,
    ARRAY['case_note.corrects', 'case_reader.until',
          'catalogue.ended_at', 'catalogue.sha256', 'catalogue.summary',
          'checkpoint.note', 'indicator.ip', 'indicator.rev_host',
          'sighting.seen_from', 'sighting.seen_until'],
    'a value is always there, but of what has no end or is not known');
SELECT is_empty(
    $$SELECT (c.relname || '.' || a.attname) COLLATE "default" FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE n.nspname = 'exhibit' AND c.relkind = 'r'
        AND a.atttypid IN ('timestamp'::regtype, 'varchar'::regtype,
                           'float8'::regtype, 'json'::regtype)$$,
    'times have their zone, and texts no hidden length');

SELECT * FROM finish();
ROLLBACK;
