-- The case database: what stands in a text is found, and nothing that may not
-- be seen.
BEGIN;
SELECT plan(13);

INSERT INTO exhibit.fact (kind, id, case_number, value) VALUES
    ('person', 'S-1001', '', '{"leaf":"","org":"LAB","roles":[{"role":"investigator"}]}'),
    ('person', 'S-1002', '', '{"leaf":"","org":"X","roles":[{"role":"courier"}]}');

-- Three hundred made-up texts in three scripts, the same each time.
SELECT setseed(0.5);
INSERT INTO exhibit.casebook (case_number, title, body, opened, sealed, level)
SELECT 'G' || n, 'case ' || n,
    b || ' ' || (ARRAY['bitcoin', 'LockBit', 'Москва', 'phishing', 'ＬＩＮＥ'])[1 + n % 5] || ' ' || n,
    date '2020-01-01' + n, n % 7 = 0, CASE WHEN n % 2 = 0 THEN 'A' ELSE '' END
FROM (SELECT n, string_agg(substr(
          '詐騙投資圈存比特幣錢包警示帳戶駭客勒索軟體一二三四五六七八九十，。 𠮷堃',
          1 + floor(random() * 39)::int, 1), '') AS b
      FROM generate_series(1, 300) n, generate_series(1, 60) GROUP BY n) texts;
INSERT INTO exhibit.case_reader (case_id, principal)
SELECT id, CASE WHEN sealed THEN 'p:S-9' ELSE 'o:LAB' END FROM exhibit.casebook;

CREATE FUNCTION pg_temp.q(t text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('none', '[]'::jsonb, 'all', jsonb_build_array(
        jsonb_build_object('any', jsonb_build_array(jsonb_build_object('t', t, 'prefix', 0)))))
$$;
CREATE TEMP TABLE probe AS
SELECT DISTINCT t FROM (
    SELECT substr(c.body, 1 + floor(random() * 55)::int, 1 + floor(random() * 4)::int) AS t
    FROM exhibit.casebook c) x
WHERE t ~ '^[^，。 0-9a-zA-ZА-яＡ-Ｚ]+$' ORDER BY t LIMIT 200;
CREATE TEMP TABLE want AS
SELECT p.t, c.case_number FROM probe p JOIN exhibit.casebook c
    ON NOT c.sealed AND strpos(exhibit.norm(c.title || E'\n' || c.body), exhibit.norm(p.t)) > 0;
CREATE TEMP TABLE got (t text, case_number text);
CREATE TEMP TABLE counted (t text, n bigint);
CREATE TEMP TABLE words (w text, n bigint);
CREATE TEMP TABLE facets (facet text, value text, n bigint);
CREATE TEMP TABLE courier (case_number text);
CREATE TEMP TABLE injected (n bigint);
GRANT ALL ON probe, got, counted, words, facets, courier, injected TO PUBLIC;
SELECT cmp_ok((SELECT count(*) FROM probe), '>', 100::bigint, 'there is enough to look for');

SET SESSION AUTHORIZATION "person_S-1001";
INSERT INTO got
SELECT p.t, s.case_number FROM probe p, exhibit.search_cases(pg_temp.q(p.t), 500) s;
INSERT INTO counted SELECT p.t, exhibit.count_cases(pg_temp.q(p.t)) FROM probe p;
INSERT INTO words
SELECT w, (SELECT count(*) FROM exhibit.search_cases(pg_temp.q(w), 500))
FROM unnest(ARRAY['bitcoin', 'BITCOIN', 'lockbit', 'москва', 'line', 'ｌｉｎｅ', 'bitcoi']) w;
INSERT INTO facets SELECT * FROM exhibit.facet_cases(pg_temp.q('詐'));
-- A query that is a program is data.
INSERT INTO injected SELECT count(*) FROM exhibit.search_cases(
    pg_temp.q($$x') OR true; DROP TABLE exhibit.entry; --$$), 500);
RESET SESSION AUTHORIZATION;
SELECT is_empty('SELECT * FROM want EXCEPT SELECT * FROM got',
    'every text that a scan finds is found');
SELECT is_empty('SELECT * FROM got EXCEPT SELECT * FROM want',
    'and nothing else, no sealed case among it');
SELECT is_empty('SELECT t, n FROM counted EXCEPT
    SELECT p.t, (SELECT count(*) FROM want w WHERE w.t = p.t) FROM probe p',
    'counts count what may be seen');
SELECT results_eq($$SELECT n FROM words WHERE w IN ('bitcoin', 'BITCOIN') GROUP BY n$$,
    $$SELECT count(*) FROM exhibit.casebook WHERE NOT sealed AND body LIKE '%bitcoin%'$$,
    'capitals are no other word');
SELECT results_eq($$SELECT n FROM words WHERE w IN ('line', 'ｌｉｎｅ') GROUP BY n$$,
    $$SELECT count(*) FROM exhibit.casebook WHERE NOT sealed AND body LIKE '%ＬＩＮＥ%'$$,
    'nor are full-width letters');
SELECT cmp_ok((SELECT n FROM words WHERE w = 'москва'), '>', 0::bigint,
    'another script has words');
SELECT is((SELECT n FROM words WHERE w = 'bitcoi'), 0::bigint, 'half a word is none');
SELECT is((SELECT sum(n) FROM facets WHERE facet = 'level'),
    (SELECT count(*)::numeric FROM exhibit.casebook WHERE NOT sealed AND body LIKE '%詐%'),
    'facets count what may be seen');
SELECT is((SELECT n FROM injected), 0::bigint, 'quotation marks do not get out');

-- Who has no such role gets nothing, and it is noted.
SET SESSION AUTHORIZATION "person_S-1002";
INSERT INTO courier SELECT case_number FROM exhibit.search_cases(pg_temp.q('詐'), 500);
RESET SESSION AUTHORIZATION;
SELECT is_empty('SELECT * FROM courier', 'a courier finds nothing');
SELECT results_eq($$SELECT what FROM exhibit.access_log WHERE NOT allowed AND who = 'person_S-1002'$$,
    ARRAY['search'], 'and that is noted');
SELECT throws_ok($$SELECT exhibit.where_of('{"all":[],"none":[]}')$$, 'EX002', NULL,
    'an empty query is none');
SELECT finish();
ROLLBACK;
