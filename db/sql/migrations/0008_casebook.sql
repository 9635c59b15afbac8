-- The case database: cases as they are searched, indicators and where they
-- were seen, watches.  What stands here of a case follows from its entries and
-- can be made again from them (casebook_refresh); indicators are the
-- investigators' own notes, added to and never changed.
--
-- People have no right on these tables: they come through the doors below,
-- which know who is connected, look at the access list before they count or
-- limit, and write the access log in the same transaction.
SET LOCAL search_path = pg_catalog, pg_temp;

-- One form for what is compared: NFKC, lower case.  Its names are bound when it
-- is made, and it is not strict, so that it is inlined where it is used.
CREATE FUNCTION exhibit.norm(t text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN lower(CASE WHEN t IS NFKC NORMALIZED THEN t ELSE normalize(t, NFKC) END);

-- Runs of writing: those of Han, Kana, Hangul begin with one of theirs; those
-- of letters and digits of any other script do not.
CREATE FUNCTION exhibit.runs(t text) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT m[1] FROM regexp_matches(
        regexp_replace(exhibit.norm(t),
            '([\u2e80-\u2fdf\u3005\u3007\u3040-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+)',
            ' \1 ', 'g'),
        '([\u2e80-\u2fdf\u3005\u3007\u3040-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+|[[:alnum:]]+)',
        'g') m
$$;
CREATE FUNCTION exhibit.is_cjk(run text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT run ~ '^[\u2e80-\u2fdf\u3005\u3007\u3040-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]'
$$;

-- Han: each two neighbours and the last one alone, so that any one character
-- begins a token; other scripts: words.  No positions: the index finds, the
-- text decides.
CREATE FUNCTION exhibit.tokens(t text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r text;
    a text[] := '{}';
BEGIN
    FOR r IN SELECT exhibit.runs(t) LOOP
        IF exhibit.is_cjk(r) THEN
            FOR i IN 1..char_length(r) LOOP
                a := a || substr(r, i, 2);
            END LOOP;
        ELSE
            a := a || left(r, 255);
        END IF;
    END LOOP;
    RETURN array_to_tsvector(a);
END $$;

-- What the index is asked for one term; NULL: nothing in it to look for.
CREATE FUNCTION exhibit.term_query(t text, is_prefix boolean) RETURNS tsquery
    LANGUAGE plpgsql IMMUTABLE STRICT
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    run text[] := ARRAY(SELECT exhibit.runs(t));
    result tsquery;
    x tsquery;
    n integer;
BEGIN
    FOR i IN 1..coalesce(array_length(run, 1), 0) LOOP
        n := char_length(run[i]);
        IF NOT exhibit.is_cjk(run[i]) THEN
            x := (quote_literal(left(run[i], 255)) ||
                  CASE WHEN is_prefix AND i = array_length(run, 1)
                       THEN ':*' ELSE '' END)::tsquery;
        ELSIF n = 1 THEN
            x := (quote_literal(run[i]) || ':*')::tsquery;
        ELSE
            SELECT string_agg(quote_literal(substr(run[i], k, 2)), ' & ')::tsquery
                INTO x FROM generate_series(1, n - 1) k;
        END IF;
        result := CASE WHEN result IS NULL THEN x ELSE result && x END;
    END LOOP;
    RETURN result;
END $$;

CREATE TABLE exhibit.casebook (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_number text   COLLATE "C" NOT NULL UNIQUE CHECK (octet_length(case_number) BETWEEN 1 AND 256),
    title       text   NOT NULL DEFAULT '',
    body        text   NOT NULL DEFAULT '' CHECK (octet_length(body) <= 1048576),
    level       text   COLLATE "C" NOT NULL DEFAULT '',
    sector      text   COLLATE "C" NOT NULL DEFAULT '',
    offences    text[] COLLATE "C" NOT NULL DEFAULT '{}',
    status      text   COLLATE "C" NOT NULL DEFAULT '',
    org         text   COLLATE "C" NOT NULL DEFAULT '',
    sealed      boolean NOT NULL DEFAULT true,
    opened      date   NOT NULL DEFAULT current_date
);
COMMENT ON TABLE  exhibit.casebook IS 'Cases as they are searched; follows from their entries and openings';
COMMENT ON COLUMN exhibit.casebook.id IS 'Short name; no meaning';
COMMENT ON COLUMN exhibit.casebook.case_number IS 'The case';
COMMENT ON COLUMN exhibit.casebook.title IS 'Title as opened or last changed';
COMMENT ON COLUMN exhibit.casebook.body IS 'Summary, modus operandi, other numbers, notes: what is searched besides; its first 65,536 characters';
COMMENT ON COLUMN exhibit.casebook.level IS 'Incident level A to D; empty: none';
COMMENT ON COLUMN exhibit.casebook.sector IS 'Affected sector; empty: none';
COMMENT ON COLUMN exhibit.casebook.offences IS 'Offence codes';
COMMENT ON COLUMN exhibit.casebook.status IS 'open, closed';
COMMENT ON COLUMN exhibit.casebook.org IS 'Organisation that opened it';
COMMENT ON COLUMN exhibit.casebook.sealed IS 'Only those on its list see it';
COMMENT ON COLUMN exhibit.casebook.opened IS 'Day of its first entry, UTC';
CREATE INDEX casebook_text ON exhibit.casebook
    USING gin (exhibit.tokens(title || E'\n' || body))
    WITH (fastupdate = on, gin_pending_list_limit = 4096);
ALTER INDEX exhibit.casebook_text ALTER COLUMN 1 SET STATISTICS 1000;
CREATE INDEX casebook_opened ON exhibit.casebook (opened DESC, id DESC);
ALTER TABLE exhibit.casebook SET (autovacuum_vacuum_insert_threshold = 1000,
    autovacuum_vacuum_insert_scale_factor = 0);

CREATE TABLE exhibit.case_reader (
    case_id   bigint NOT NULL REFERENCES exhibit.casebook (id) ON DELETE CASCADE,
    principal text   COLLATE "C" NOT NULL CHECK (octet_length(principal) BETWEEN 3 AND 64),
    until     timestamptz,
    PRIMARY KEY (case_id, principal)
);
COMMENT ON TABLE  exhibit.case_reader IS 'Who may see a case, as can_see() has it';
COMMENT ON COLUMN exhibit.case_reader.case_id IS 'The case';
COMMENT ON COLUMN exhibit.case_reader.principal IS 'p: and a person, o: and an organisation';
COMMENT ON COLUMN exhibit.case_reader.until IS 'NULL: no end';

CREATE TABLE exhibit.case_note (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_number text        COLLATE "C" NOT NULL,
    corrects    bigint      REFERENCES exhibit.case_note (id),
    text        text        NOT NULL CHECK (octet_length(text) BETWEEN 1 AND 16384),
    who         text        NOT NULL DEFAULT session_user,
    at          timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE  exhibit.case_note IS 'Notes on a case; a correction stands beside what it corrects';
COMMENT ON COLUMN exhibit.case_note.id IS 'Number';
COMMENT ON COLUMN exhibit.case_note.case_number IS 'The case';
COMMENT ON COLUMN exhibit.case_note.corrects IS 'The note it corrects; NULL: none';
COMMENT ON COLUMN exhibit.case_note.text IS 'What it says';
COMMENT ON COLUMN exhibit.case_note.who IS 'Login role';
COMMENT ON COLUMN exhibit.case_note.at IS 'The server''s clock';
CREATE INDEX case_note_case ON exhibit.case_note (case_number, id);

CREATE TABLE exhibit.indicator (
    id         bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key        uuid    NOT NULL UNIQUE,
    kind       text    COLLATE "C" NOT NULL CHECK (octet_length(kind) BETWEEN 1 AND 32),
    value      text    COLLATE "C" NOT NULL CHECK (octet_length(value) BETWEEN 1 AND 2048),
    ip         inet,
    rev_host   text    COLLATE "C",
    stoplisted boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE  exhibit.indicator IS 'Distinct values that were seen in some case';
COMMENT ON COLUMN exhibit.indicator.id IS 'Short name; no meaning';
COMMENT ON COLUMN exhibit.indicator.key IS 'First 128 bits of SHA-256(kind:value)';
COMMENT ON COLUMN exhibit.indicator.kind IS 'cases/indicator.h';
COMMENT ON COLUMN exhibit.indicator.value IS 'Its canonical form';
COMMENT ON COLUMN exhibit.indicator.ip IS 'Of ipv4, ipv6, cidr; NULL: another kind';
COMMENT ON COLUMN exhibit.indicator.rev_host IS 'Labels from the top down, of domain, url, email; NULL: another kind';
COMMENT ON COLUMN exhibit.indicator.stoplisted IS 'Links nothing: it is everywhere';
CREATE INDEX indicator_value ON exhibit.indicator (kind, left(value, 512));
CREATE INDEX indicator_ip ON exhibit.indicator USING spgist (ip) WHERE ip IS NOT NULL;
CREATE INDEX indicator_host ON exhibit.indicator (rev_host) WHERE rev_host IS NOT NULL;

CREATE TABLE exhibit.sighting (
    indicator_id bigint      NOT NULL REFERENCES exhibit.indicator (id),
    case_id      bigint      NOT NULL REFERENCES exhibit.casebook (id),
    role         text        COLLATE "C" NOT NULL CHECK (role IN ('suspect', 'victim', 'mule', 'witness', 'infrastructure', 'unknown')),
    source       text        NOT NULL DEFAULT '' CHECK (octet_length(source) <= 1024),
    reliability  text        COLLATE "C" NOT NULL DEFAULT '' CHECK (reliability IN ('', 'A', 'B', 'C', 'D', 'E', 'F')),
    seen_from    timestamptz,
    seen_until   timestamptz,
    who          text        NOT NULL DEFAULT session_user,
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (indicator_id, case_id, role, source)
);
COMMENT ON TABLE  exhibit.sighting IS 'Where an indicator was seen';
COMMENT ON COLUMN exhibit.sighting.indicator_id IS 'The indicator';
COMMENT ON COLUMN exhibit.sighting.case_id IS 'The case';
COMMENT ON COLUMN exhibit.sighting.role IS 'Whose it is there';
COMMENT ON COLUMN exhibit.sighting.source IS 'Item, file, statement it comes from';
COMMENT ON COLUMN exhibit.sighting.reliability IS 'A to F, as intelligence grades sources; empty: not graded';
COMMENT ON COLUMN exhibit.sighting.seen_from IS 'NULL: not known';
COMMENT ON COLUMN exhibit.sighting.seen_until IS 'NULL: not known';
COMMENT ON COLUMN exhibit.sighting.who IS 'Login role that entered it';
COMMENT ON COLUMN exhibit.sighting.at IS 'The server''s clock';
CREATE INDEX sighting_case ON exhibit.sighting (case_id) INCLUDE (indicator_id);

CREATE TABLE exhibit.transfer (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id  bigint      NOT NULL REFERENCES exhibit.casebook (id),
    payer    bigint      NOT NULL REFERENCES exhibit.indicator (id),
    payee    bigint      NOT NULL REFERENCES exhibit.indicator (id),
    amount   numeric     NOT NULL CHECK (amount > 0 AND amount < 1e30),
    currency text        COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z0-9]{3,10}$'),
    moved_at timestamptz NOT NULL,
    source   text        NOT NULL DEFAULT '' CHECK (octet_length(source) <= 1024),
    who      text        NOT NULL DEFAULT session_user,
    at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE  exhibit.transfer IS 'Money that moved';
COMMENT ON COLUMN exhibit.transfer.id IS 'Number';
COMMENT ON COLUMN exhibit.transfer.case_id IS 'Case that knows of it';
COMMENT ON COLUMN exhibit.transfer.payer IS 'Account or wallet it left';
COMMENT ON COLUMN exhibit.transfer.payee IS 'Account or wallet it reached';
COMMENT ON COLUMN exhibit.transfer.amount IS 'In the currency''s units';
COMMENT ON COLUMN exhibit.transfer.currency IS 'ISO 4217, or a coin''s ticker';
COMMENT ON COLUMN exhibit.transfer.moved_at IS 'When, as the source has it';
COMMENT ON COLUMN exhibit.transfer.source IS 'Statement or file it comes from';
COMMENT ON COLUMN exhibit.transfer.who IS 'Login role that entered it';
COMMENT ON COLUMN exhibit.transfer.at IS 'The server''s clock';
CREATE INDEX transfer_case ON exhibit.transfer (case_id);
CREATE INDEX transfer_payee ON exhibit.transfer (payee);
CREATE INDEX transfer_payer ON exhibit.transfer (payer);

CREATE TABLE exhibit.watch (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner    text        NOT NULL DEFAULT session_user,
    name     text        NOT NULL CHECK (octet_length(name) BETWEEN 1 AND 128),
    query    jsonb       NOT NULL,
    tokens   tsquery     NOT NULL,
    made_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen     bigint      NOT NULL DEFAULT 0,
    UNIQUE (owner, name)
);
COMMENT ON TABLE  exhibit.watch IS 'Searches that are kept and run against each new or changed case';
COMMENT ON COLUMN exhibit.watch.id IS 'Number';
COMMENT ON COLUMN exhibit.watch.owner IS 'Login role whose it is';
COMMENT ON COLUMN exhibit.watch.name IS 'Its name, one a person';
COMMENT ON COLUMN exhibit.watch.query IS 'As search_cases() takes it';
COMMENT ON COLUMN exhibit.watch.tokens IS 'What the index would be asked';
COMMENT ON COLUMN exhibit.watch.made_at IS 'The server''s clock';
COMMENT ON COLUMN exhibit.watch.seen IS 'Newest alert that its owner has read';

CREATE TABLE exhibit.alert (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    watch_id bigint      NOT NULL REFERENCES exhibit.watch (id),
    case_id  bigint      NOT NULL REFERENCES exhibit.casebook (id),
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (watch_id, case_id)
);
COMMENT ON TABLE  exhibit.alert IS 'A case that matches a watch; shown to its owner once she may see the case';
COMMENT ON COLUMN exhibit.alert.id IS 'Order';
COMMENT ON COLUMN exhibit.alert.watch_id IS 'The watch';
COMMENT ON COLUMN exhibit.alert.case_id IS 'The case';
COMMENT ON COLUMN exhibit.alert.at IS 'The server''s clock';

ALTER TABLE exhibit.casebook    ENABLE ROW LEVEL SECURITY;
ALTER TABLE exhibit.case_reader ENABLE ROW LEVEL SECURITY;
ALTER TABLE exhibit.case_note   ENABLE ROW LEVEL SECURITY;
ALTER TABLE exhibit.indicator   ENABLE ROW LEVEL SECURITY;
ALTER TABLE exhibit.sighting    ENABLE ROW LEVEL SECURITY;
ALTER TABLE exhibit.transfer    ENABLE ROW LEVEL SECURITY;
ALTER TABLE exhibit.watch       ENABLE ROW LEVEL SECURITY;
ALTER TABLE exhibit.alert       ENABLE ROW LEVEL SECURITY;

CREATE TRIGGER case_note_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON exhibit.case_note
    FOR EACH STATEMENT EXECUTE FUNCTION exhibit.refuse_change();
ALTER TABLE exhibit.case_note ENABLE ALWAYS TRIGGER case_note_stays;
CREATE TRIGGER sighting_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON exhibit.sighting
    FOR EACH STATEMENT EXECUTE FUNCTION exhibit.refuse_change();
ALTER TABLE exhibit.sighting ENABLE ALWAYS TRIGGER sighting_stays;
CREATE TRIGGER transfer_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON exhibit.transfer
    FOR EACH STATEMENT EXECUTE FUNCTION exhibit.refuse_change();
ALTER TABLE exhibit.transfer ENABLE ALWAYS TRIGGER transfer_stays;

-- ---- what follows from the ledger ----

-- A condition of one term over a text that is normalised already.
CREATE FUNCTION exhibit.like_of(t text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT '%' || replace(replace(replace(exhibit.norm(t),
        '\', '\\'), '%', '\%'), '_', '\_') || '%'
$$;

-- Does a text answer a query?  {"all":[{"any":[TERM]}],"none":[TERM]} with TERM
-- {"t":text,"prefix":0 or 1}.
CREATE FUNCTION exhibit.matches(t text, q jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT NOT EXISTS (
               SELECT FROM jsonb_array_elements(q -> 'all') g
               WHERE NOT EXISTS (
                   SELECT FROM jsonb_array_elements(g -> 'any') x
                   WHERE exhibit.tokens(t) @@ exhibit.term_query(x ->> 't', (x ->> 'prefix')::boolean)
                     AND exhibit.norm(t) LIKE exhibit.like_of(x ->> 't')))
       AND NOT EXISTS (
               SELECT FROM jsonb_array_elements(q -> 'none') x
               WHERE exhibit.tokens(t) @@ exhibit.term_query(x ->> 't', (x ->> 'prefix')::boolean)
                 AND exhibit.norm(t) LIKE exhibit.like_of(x ->> 't'))
$$;

-- The watches that a case answers now, each once.
CREATE FUNCTION exhibit.run_watches(p_case bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO exhibit.alert (watch_id, case_id)
    SELECT w.id, c.id
    FROM exhibit.casebook c, exhibit.watch w
    WHERE c.id = p_case
      AND exhibit.tokens(c.title || E'\n' || c.body) @@ w.tokens
      AND exhibit.matches(c.title || E'\n' || c.body, w.query)
      AND c.level = coalesce(w.query ->> 'level', c.level)
      AND c.sector = coalesce(w.query ->> 'sector', c.sector)
      AND (NOT w.query ? 'offence' OR w.query ->> 'offence' = ANY (c.offences))
      AND c.opened >= coalesce((w.query ->> 'from')::date, c.opened)
      AND c.opened <= coalesce((w.query ->> 'until')::date, c.opened)
    ON CONFLICT DO NOTHING
$$;

-- What an entry's openings say; nothing when they are no JSON.  Whoever appends
-- gives them, and the log goes on whatever they are.
CREATE FUNCTION exhibit.opened(p_openings bytea)
    RETURNS TABLE (path text, value text)
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT x ->> 'path', x ->> 'value'
    FROM jsonb_array_elements(convert_from(p_openings, 'UTF8')::jsonb -> 'openings') x;
EXCEPTION WHEN data_exception THEN
    RETURN;
END $$;

-- Texts of a case out of the openings of its entries, in their order, and of
-- its notes.
CREATE FUNCTION exhibit.casebook_text(p_number text, OUT title text, OUT body text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    part jsonb := '{}';
    others text := '';
    o record;
BEGIN
    title := '';
    FOR o IN
        SELECT x.path, x.value
        FROM exhibit.tree_leaf l
        JOIN exhibit.opening p ON p.entry_id = l.entry_id,
        exhibit.opened(p.openings) x
        WHERE l.stream = 'case:' || p_number AND x.value IS NOT NULL
        ORDER BY l.seq, x.path
    LOOP
        IF o.path = 'title' THEN
            title := o.value;
        ELSIF o.path IN ('summary', 'modus') OR o.path LIKE 'other\_number%' THEN
            part := part || jsonb_build_object(o.path, o.value);
        ELSIF o.path IN ('question', 'note', 'reason', 'scope') THEN
            others := others || E'\n' || o.value;
        END IF;
    END LOOP;
    SELECT others || coalesce(string_agg(E'\n' || n.text, '' ORDER BY n.id), '')
        INTO others FROM exhibit.case_note n WHERE n.case_number = p_number;
    body := left(concat_ws(E'\n', part ->> 'summary', part ->> 'modus',
        (SELECT string_agg(v.value, E'\n' ORDER BY v.key) FROM jsonb_each_text(part) v
         WHERE v.key LIKE 'other\_number%'), others), 65536);
END $$;

CREATE FUNCTION exhibit.casebook_refresh(p_number text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    the_id bigint;
BEGIN
    INSERT INTO exhibit.casebook (case_number, title, body)
    SELECT p_number, t.title, t.body FROM exhibit.casebook_text(p_number) t
    ON CONFLICT (case_number) DO UPDATE
        SET title = excluded.title, body = excluded.body
        WHERE (casebook.title, casebook.body) IS DISTINCT FROM (excluded.title, excluded.body)
    RETURNING id INTO the_id;
    IF the_id IS NOT NULL THEN
        PERFORM exhibit.run_watches(the_id);
    END IF;
END $$;

CREATE FUNCTION exhibit.case_entry_came() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM exhibit.casebook_refresh(substr(NEW.stream, 6));
    RETURN NULL;
END $$;
CREATE TRIGGER case_entry_came AFTER INSERT ON exhibit.tree_leaf
    FOR EACH ROW WHEN (NEW.stream LIKE 'case:%')
    EXECUTE FUNCTION exhibit.case_entry_came();
ALTER TABLE exhibit.tree_leaf ENABLE ALWAYS TRIGGER case_entry_came;

-- What is erased is not searched either.
CREATE FUNCTION exhibit.case_opening_went() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s text;
BEGIN
    SELECT stream INTO s FROM exhibit.tree_leaf WHERE entry_id = OLD.entry_id;
    IF s LIKE 'case:%' THEN
        PERFORM exhibit.casebook_refresh(substr(s, 6));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER case_opening_went AFTER UPDATE OR DELETE ON exhibit.opening
    FOR EACH ROW EXECUTE FUNCTION exhibit.case_opening_went();
ALTER TABLE exhibit.opening ENABLE ALWAYS TRIGGER case_opening_went;

-- Who may see a case, out of its fact.
CREATE FUNCTION exhibit.readers_of(v jsonb)
    RETURNS TABLE (principal text, until timestamptz)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT p, CASE WHEN bool_or(u IS NULL) THEN NULL ELSE max(u) END FROM (
        SELECT 'p:' || (v ->> 'opener') AS p, NULL::timestamptz AS u
        UNION ALL SELECT 'p:' || (v ->> 'prosecutor'), NULL
        UNION ALL SELECT 'o:' || (v ->> 'org'), NULL WHERE coalesce(v ->> 'sealed', '0') = '0'
        UNION ALL SELECT x.p || g.key, nullif(nullif(g.value, ''), '0')::timestamptz
        FROM jsonb_each_text(coalesce(v -> 'grants', '{}')) g, (VALUES ('p:'), ('o:')) x (p)
    ) readers WHERE p IS NOT NULL GROUP BY p
$$;

-- The columns of a case that its fact gives, as one value.
CREATE FUNCTION exhibit.case_columns(v jsonb,
    OUT level text, OUT sector text, OUT offences text[], OUT status text,
    OUT org text, OUT sealed boolean)
    LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(v ->> 'level', ''), coalesce(v ->> 'sector', ''),
        ARRAY(SELECT jsonb_array_elements_text(coalesce(v -> 'offences', '[]'))),
        coalesce(v ->> 'status', ''), coalesce(v ->> 'org', ''),
        coalesce(v ->> 'sealed', '0') <> '0'
$$;

-- Facts of a case, and who may see it.
CREATE FUNCTION exhibit.case_fact_came() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v jsonb := NEW.value::jsonb;
    the_id bigint;
BEGIN
    UPDATE exhibit.casebook c
    SET (level, sector, offences, status, org, sealed) =
        (SELECT k.level, k.sector, k.offences, k.status, k.org, k.sealed
         FROM exhibit.case_columns(v) k)
    WHERE c.case_number = NEW.id
    RETURNING id INTO the_id;
    DELETE FROM exhibit.case_reader r WHERE r.case_id = the_id;
    INSERT INTO exhibit.case_reader (case_id, principal, until)
    SELECT the_id, r.principal, r.until FROM exhibit.readers_of(v) r WHERE the_id IS NOT NULL;
    PERFORM exhibit.run_watches(the_id);
    RETURN NULL;
END $$;
CREATE TRIGGER case_fact_came AFTER INSERT OR UPDATE ON exhibit.fact
    FOR EACH ROW WHEN (NEW.kind = 'case')
    EXECUTE FUNCTION exhibit.case_fact_came();
ALTER TABLE exhibit.fact ENABLE ALWAYS TRIGGER case_fact_came;

-- What came before this migration.
DO $$
DECLARE
    f record;
BEGIN
    FOR f IN SELECT id FROM exhibit.fact WHERE kind = 'case' LOOP
        PERFORM exhibit.casebook_refresh(f.id);
    END LOOP;
    UPDATE exhibit.fact SET value = value WHERE kind = 'case';
END $$;

-- Cases that are searched as something else than their entries say: stream and
-- what differs.
CREATE FUNCTION exhibit.casebook_wrong() RETURNS TABLE (stream text, what text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT 'case:' || f.id, CASE
        WHEN c.id IS NULL THEN 'searched case'
        WHEN (c.title, c.body) IS DISTINCT FROM (t.title, t.body) THEN 'searched text'
        WHEN (c.level, c.sector, c.offences, c.status, c.org, c.sealed)
             IS DISTINCT FROM (k.level, k.sector, k.offences, k.status, k.org, k.sealed)
             THEN 'searched facts'
        ELSE 'readers' END
    FROM exhibit.fact f
    CROSS JOIN LATERAL exhibit.casebook_text(f.id) t
    CROSS JOIN LATERAL exhibit.case_columns(f.value::jsonb) k
    LEFT JOIN exhibit.casebook c ON c.case_number = f.id
    WHERE f.kind = 'case'
      AND (c.id IS NULL
           OR (c.title, c.body) IS DISTINCT FROM (t.title, t.body)
           OR (c.level, c.sector, c.offences, c.status, c.org, c.sealed)
              IS DISTINCT FROM (k.level, k.sector, k.offences, k.status, k.org, k.sealed)
           OR EXISTS (SELECT r.principal, r.until FROM exhibit.case_reader r WHERE r.case_id = c.id
                      EXCEPT SELECT * FROM exhibit.readers_of(f.value::jsonb))
           OR EXISTS (SELECT * FROM exhibit.readers_of(f.value::jsonb)
                      EXCEPT SELECT r.principal, r.until FROM exhibit.case_reader r
                             WHERE r.case_id = c.id))
    UNION ALL
    SELECT 'case:' || c.case_number, 'searched case' FROM exhibit.casebook c
    WHERE NOT EXISTS (SELECT FROM exhibit.fact f WHERE f.kind = 'case' AND f.id = c.case_number)
$$;

-- ---- who asks ----

-- These three are asked at every door, and PL/pgSQL keeps its plans for the
-- session: a SQL function would be planned at each call.
CREATE FUNCTION exhibit.my_principals() RETURNS text[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT ARRAY['p:' || p.id, 'o:' || (p.value::jsonb ->> 'org')]
        FROM exhibit.fact p WHERE p.kind = 'person' AND p.id = exhibit.me());
END $$;

-- Those who work with the case database; anyone else is refused, and noted.
CREATE FUNCTION exhibit.may_search() RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM exhibit.fact p,
            jsonb_array_elements(p.value::jsonb -> 'roles') r
        WHERE p.kind = 'person' AND p.id = exhibit.me()
          AND r ->> 'role' IN ('investigator', 'prosecutor', 'examiner')
          AND coalesce((r ->> 'from')::timestamptz <= now(), true)
          AND coalesce((r ->> 'until')::timestamptz > now(), true));
END $$;

-- The case, if whoever is connected may see it; NULL: not to be told apart
-- from a case that there is not.
CREATE FUNCTION exhibit.seen_case(p_number text) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT c.id FROM exhibit.casebook c
        WHERE c.case_number = p_number
          AND EXISTS (SELECT FROM exhibit.case_reader r
                      WHERE r.case_id = c.id
                        AND r.principal = ANY ((SELECT exhibit.my_principals())::text[])
                        AND (r.until IS NULL OR r.until > now())));
END $$;

-- WHERE of a query over alias c, in two parts: by_index, which finds,
-- and by_case, what is asked of each case that it finds, access among it.  EX002
-- when there is nothing to look for.
--
-- A term that is one run of writing, and of Han no more than two characters, is
-- in the text whenever its token is in the index: the text is not asked again.
CREATE FUNCTION exhibit.where_of(q jsonb, OUT by_index text, OUT by_case text)
    LANGUAGE plpgsql STABLE STRICT
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g jsonb;
    x jsonb;
    ts tsquery;
    any_ts tsquery;
    likes text[];
    exact boolean;
    sql text := '';
BEGIN
    by_index := '';
    FOR g IN SELECT jsonb_array_elements(q -> 'all') LOOP
        any_ts := NULL;
        likes := '{}';
        exact := true;
        FOR x IN SELECT jsonb_array_elements(g -> 'any') LOOP
            ts := exhibit.term_query(x ->> 't', (x ->> 'prefix')::boolean);
            -- Marks alone are nothing to look for.
            CONTINUE WHEN ts IS NULL;
            any_ts := CASE WHEN any_ts IS NULL THEN ts ELSE any_ts || ts END;
            exact := exact AND ARRAY(SELECT exhibit.runs(x ->> 't')) = ARRAY[exhibit.norm(x ->> 't')]
                AND char_length(exhibit.norm(x ->> 't')) <=
                    CASE WHEN exhibit.is_cjk(exhibit.norm(x ->> 't')) THEN 2 ELSE 255 END;
            likes := likes || format('exhibit.norm(c.title || E''\n'' || c.body) LIKE %L',
                                     exhibit.like_of(x ->> 't'));
        END LOOP;
        IF any_ts IS NULL THEN
            CONTINUE;
        END IF;
        by_index := by_index || format(
            ' AND exhibit.tokens(c.title || E''\n'' || c.body) @@ %L::tsquery', any_ts);
        IF NOT exact THEN
            sql := sql || format(' AND (%s)', array_to_string(likes, ' OR '));
        END IF;
    END LOOP;
    IF by_index = '' THEN
        RAISE EXCEPTION 'nothing to look for' USING ERRCODE = 'EX002';
    END IF;
    FOR x IN SELECT jsonb_array_elements(q -> 'none') LOOP
        ts := exhibit.term_query(x ->> 't', (x ->> 'prefix')::boolean);
        IF ts IS NOT NULL THEN
            sql := sql || format(
                ' AND NOT (exhibit.tokens(c.title || E''\n'' || c.body) @@ %L::tsquery'
                ' AND exhibit.norm(c.title || E''\n'' || c.body) LIKE %L)',
                ts, exhibit.like_of(x ->> 't'));
        END IF;
    END LOOP;
    IF q ? 'level' THEN
        sql := sql || format(' AND c.level = %L', q ->> 'level');
    END IF;
    IF q ? 'sector' THEN
        sql := sql || format(' AND c.sector = %L', q ->> 'sector');
    END IF;
    IF q ? 'offence' THEN
        sql := sql || format(' AND c.offences @> ARRAY[%L]', q ->> 'offence');
    END IF;
    IF q ? 'from' THEN
        sql := sql || format(' AND c.opened >= %L::date', q ->> 'from');
    END IF;
    IF q ? 'until' THEN
        sql := sql || format(' AND c.opened <= %L::date', q ->> 'until');
    END IF;
    by_case := sql || format(
        ' AND EXISTS (SELECT FROM exhibit.case_reader r WHERE r.case_id = c.id'
        ' AND r.principal = ANY (%L::text[]) AND (r.until IS NULL OR r.until > now()))',
        exhibit.my_principals());
END $$;

-- ---- the doors ----

-- Every door's first step: may whoever is connected, and it is noted that they
-- asked.  A refusal is an empty answer, not an error: the note must stay.
CREATE FUNCTION exhibit.ask(p_what text, p_subject text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    allowed boolean := exhibit.may_search();
BEGIN
    PERFORM exhibit.note_access(p_what, left(p_subject, 256), '', allowed);
    RETURN allowed;
END $$;

-- The same about a case: NULL when there is none or it may not be seen.
CREATE FUNCTION exhibit.ask_case(p_what text, p_case text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    the_case bigint := CASE WHEN exhibit.may_search() THEN exhibit.seen_case(p_case) END;
BEGIN
    PERFORM exhibit.note_access(p_what, left(p_case, 256), '', the_case IS NOT NULL);
    RETURN the_case;
END $$;

-- The newest cases that answer a query, at most 500.  What the index finds is
-- put in order by its dates alone, and each is asked the rest until there are
-- enough.  Never is the table read through or walked by date: there the planner
-- would make each text's tokens anew, at a quarter of a millisecond each.
CREATE FUNCTION exhibit.search_cases(q jsonb, p_limit integer)
    RETURNS TABLE (case_number text, title text, body text, level text, sector text,
                   status text, opened date)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET jit = off SET work_mem = '64MB'
    SET enable_seqscan = off AS $$
DECLARE
    w record;
BEGIN
    IF NOT exhibit.ask('search', q::text) THEN
        RETURN;
    END IF;
    SELECT * INTO w FROM exhibit.where_of(q);
    RETURN QUERY EXECUTE
        'SELECT d.* FROM (SELECT x.id, x.opened FROM'
        ' (SELECT c.id, c.opened FROM exhibit.casebook c WHERE true' || w.by_index ||
        ' OFFSET 0) x ORDER BY x.opened DESC, x.id DESC OFFSET 0) m CROSS JOIN LATERAL'
        ' (SELECT c.case_number, c.title, c.body, c.level, c.sector, c.status, c.opened'
        ' FROM exhibit.casebook c WHERE c.id = m.id' || w.by_case || ' OFFSET 0) d'
        ' ORDER BY m.opened DESC, m.id DESC LIMIT ' || least(greatest(p_limit, 1), 500);
END $$;

-- How many there are, up to 10,001.
CREATE FUNCTION exhibit.count_cases(q jsonb) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET jit = off SET work_mem = '64MB'
    SET enable_seqscan = off AS $$
DECLARE
    w record;
    n bigint;
BEGIN
    IF NOT exhibit.ask('search count', q::text) THEN
        RETURN NULL;
    END IF;
    SELECT * INTO w FROM exhibit.where_of(q);
    EXECUTE 'SELECT count(*) FROM (SELECT FROM'
        ' (SELECT c.id FROM exhibit.casebook c WHERE true' || w.by_index || ' OFFSET 0) m'
        ' CROSS JOIN LATERAL (SELECT FROM exhibit.casebook c WHERE c.id = m.id' ||
        w.by_case || ' OFFSET 0) d LIMIT 10001) x' INTO n;
    RETURN n;
END $$;

-- What the newest 10,000 of them are, in one pass.
CREATE FUNCTION exhibit.facet_cases(q jsonb)
    RETURNS TABLE (facet text, value text, n bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET jit = off SET work_mem = '64MB'
    SET enable_seqscan = off AS $$
DECLARE
    w record;
BEGIN
    IF NOT exhibit.ask('search facets', q::text) THEN
        RETURN;
    END IF;
    SELECT * INTO w FROM exhibit.where_of(q);
    RETURN QUERY EXECUTE
        'WITH hit AS MATERIALIZED (SELECT d.* FROM (SELECT x.id, x.opened FROM'
        ' (SELECT c.id, c.opened FROM exhibit.casebook c WHERE true' || w.by_index ||
        ' OFFSET 0) x ORDER BY x.opened DESC, x.id DESC OFFSET 0) m CROSS JOIN LATERAL'
        ' (SELECT c.level, c.sector, c.status, c.org, to_char(c.opened, ''YYYY'') AS year'
        ' FROM exhibit.casebook c WHERE c.id = m.id' || w.by_case || ' OFFSET 0) d'
        ' ORDER BY m.opened DESC, m.id DESC LIMIT 10000)'
        ' SELECT CASE WHEN grouping(level) = 0 THEN ''level'' WHEN grouping(sector) = 0 THEN ''sector'''
        ' WHEN grouping(status) = 0 THEN ''status'' WHEN grouping(org) = 0 THEN ''org'' ELSE ''year'' END,'
        ' coalesce(level, sector, status, org, year), count(*) FROM hit'
        ' GROUP BY GROUPING SETS ((level), (sector), (status), (org), (year)) ORDER BY 1, 3 DESC, 2';
END $$;

-- Indicators seen in a case: [{"kind","key","value","ip"?,"rev"?,"role",
-- "source","reliability","from"?,"until"?}].  How many sightings are new in this
-- case, which is all that it tells; NULL: no such case for whoever asks.
CREATE FUNCTION exhibit.indicator_import(p_case text, p_rows jsonb)
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    the_case bigint := exhibit.ask_case('indicator add', p_case);
    n bigint;
BEGIN
    IF the_case IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO exhibit.indicator (key, kind, value, ip, rev_host)
    SELECT DISTINCT ON (x.key) x.key, x.kind, x.value, x.ip, x.rev
    FROM jsonb_to_recordset(p_rows) AS x (kind text, key uuid, value text, ip inet, rev text)
    ORDER BY x.key
    ON CONFLICT (key) DO NOTHING;
    INSERT INTO exhibit.sighting (indicator_id, case_id, role, source, reliability, seen_from, seen_until)
    SELECT i.id, the_case, x.role, x.source, x.reliability, x."from", x."until"
    FROM jsonb_to_recordset(p_rows) AS x (kind text, key uuid, value text, role text,
        source text, reliability text, "from" timestamptz, "until" timestamptz)
    JOIN exhibit.indicator i ON i.key = x.key AND i.kind = x.kind AND i.value = x.value
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;

-- Sightings of what p_how and p_what name in cases one may see, newest first.
--   key: a key of 32 hexadecimal digits   prefix: kind:value
--   within: a network                     under: a host, from the top down
-- Searching for a value is noted under "kind:value" (p_subject), so that who
-- keeps a sealed case learns who looked for it; the searcher learns nothing.
CREATE FUNCTION exhibit.indicator_find(p_how text, p_what text, p_subject text, p_limit integer)
    RETURNS TABLE (kind text, value text, case_number text, title text, role text,
                   source text, reliability text, seen_from timestamptz, seen_until timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET jit = off SET work_mem = '64MB'
    SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    pick text;
    few bigint[];
    mine text[] := exhibit.my_principals();
BEGIN
    IF NOT exhibit.ask('indicator find', p_subject) THEN
        RETURN;
    END IF;
    pick := CASE p_how
        WHEN 'key' THEN format('i.key = %L::uuid', p_what)
        WHEN 'prefix' THEN format(
            'i.kind = %L AND left(i.value, 512) >= %L AND left(i.value, 512) < %L AND starts_with(i.value, %L)',
            split_part(p_what, ':', 1), substr(p_what, strpos(p_what, ':') + 1),
            substr(p_what, strpos(p_what, ':') + 1) || U&'\+10FFFF',
            substr(p_what, strpos(p_what, ':') + 1))
        WHEN 'within' THEN format('i.ip <<= %L::inet', p_what)
        WHEN 'under' THEN format('(i.rev_host = %L OR (i.rev_host >= %L AND i.rev_host < %L))',
            p_what, p_what || '.', p_what || '/')
        ELSE 'false' END;
    -- A few values, as mostly: the join is planned once a session, since planning
    -- it takes longer than answering it.  Many: planned for what they are.
    EXECUTE 'SELECT ARRAY(SELECT i.id FROM exhibit.indicator i WHERE ' || pick || ' LIMIT 1001)' INTO few;
    IF cardinality(few) <= 1000 THEN
        RETURN QUERY
        SELECT i.kind, i.value, c.case_number, c.title, s.role, s.source, s.reliability, s.seen_from, s.seen_until
        FROM exhibit.indicator i JOIN exhibit.sighting s ON s.indicator_id = i.id
        JOIN exhibit.casebook c ON c.id = s.case_id WHERE i.id = ANY (few)
          AND EXISTS (SELECT FROM exhibit.case_reader r WHERE r.case_id = c.id
              AND r.principal = ANY (mine) AND (r.until IS NULL OR r.until > now()))
        ORDER BY c.opened DESC, c.id DESC, i.kind, i.value LIMIT least(greatest(p_limit, 1), 1000);
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format(
        'SELECT i.kind, i.value, c.case_number, c.title, s.role, s.source, s.reliability, s.seen_from, s.seen_until'
        ' FROM exhibit.indicator i JOIN exhibit.sighting s ON s.indicator_id = i.id'
        ' JOIN exhibit.casebook c ON c.id = s.case_id WHERE %s'
        ' AND EXISTS (SELECT FROM exhibit.case_reader r WHERE r.case_id = c.id'
        ' AND r.principal = ANY (%L::text[]) AND (r.until IS NULL OR r.until > now()))'
        ' ORDER BY c.opened DESC, c.id DESC, i.kind, i.value LIMIT %s',
        pick, mine, least(greatest(p_limit, 1), 1000));
END $$;

-- Who else looked for what a case holds: for those who may see the case.
CREATE FUNCTION exhibit.looked_for(p_case text)
    RETURNS TABLE (kind text, value text, org text, at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    the_case bigint;
BEGIN
    the_case := exhibit.ask_case('indicator lookups', p_case);
    IF the_case IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT i.kind, i.value, p.value::jsonb ->> 'org', a.at
    FROM exhibit.sighting s JOIN exhibit.indicator i ON i.id = s.indicator_id
    JOIN exhibit.access_log a ON a.what = 'indicator find'
         AND a.subject = left(i.kind || ':' || i.value, 256)
    JOIN exhibit.fact p ON p.kind = 'person' AND 'person_' || p.id = a.who
    WHERE s.case_id = the_case AND a.allowed
      AND NOT EXISTS (
          SELECT FROM exhibit.case_reader r WHERE r.case_id = the_case
          AND r.principal IN ('p:' || p.id, 'o:' || (p.value::jsonb ->> 'org')))
    ORDER BY a.at DESC LIMIT 1000;
END $$;
CREATE INDEX access_log_found ON exhibit.access_log (subject) WHERE what = 'indicator find';

-- Cases outside known that share a value with one of near: once for each value.
-- n: the unsealed cases that have it; more than 100 of them, or a stop-listed
-- value, link nothing.
CREATE FUNCTION exhibit.link_step(near bigint[], known bigint[], mine text[])
    RETURNS TABLE (far_id bigint, case_number text, title text, kind text, value text,
                   n bigint, by_case text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT c.id, c.case_number, c.title, i.kind, i.value, k.n, nc.case_number
    FROM (SELECT DISTINCT s.case_id, s.indicator_id FROM exhibit.sighting s
          WHERE s.case_id = ANY (near)) s1
    JOIN exhibit.indicator i ON i.id = s1.indicator_id AND NOT i.stoplisted
    CROSS JOIN LATERAL (
        SELECT count(*) AS n FROM (
            SELECT DISTINCT x.case_id FROM exhibit.sighting x
            JOIN exhibit.casebook xc ON xc.id = x.case_id AND NOT xc.sealed
            WHERE x.indicator_id = i.id LIMIT 101) y) k
    JOIN exhibit.sighting s2 ON s2.indicator_id = i.id AND s2.case_id <> ALL (known)
    JOIN exhibit.casebook c ON c.id = s2.case_id
    JOIN exhibit.casebook nc ON nc.id = s1.case_id
    WHERE k.n <= 100
      AND EXISTS (SELECT FROM exhibit.case_reader r WHERE r.case_id = c.id
                  AND r.principal = ANY (mine) AND (r.until IS NULL OR r.until > now()))
$$;

-- Cases that share indicators with one, at query time: score = sum of
-- 1/ln(2 + n).  A second hop goes on from the fifty best of the first.
CREATE FUNCTION exhibit.link_cases(p_case text, p_hops integer)
    RETURNS TABLE (case_number text, title text, hops integer, score numeric,
                   kind text, value text, by_case text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    mine text[] := exhibit.my_principals();
    near bigint[];
    known bigint[];
BEGIN
    known := ARRAY[exhibit.ask_case('links', p_case)];
    IF known[1] IS NULL THEN
        RETURN;
    END IF;
    near := known;
    FOR h IN 1..least(greatest(p_hops, 1), 2) LOOP
        RETURN QUERY
        SELECT l.case_number, l.title, h,
               round(sum(1.0 / ln(2.0 + l.n)) OVER (PARTITION BY l.far_id), 2),
               l.kind, l.value, l.by_case
        FROM exhibit.link_step(near, known, mine) l
        ORDER BY 4 DESC, 1, 5, 6, 7 LIMIT 500;
        EXIT WHEN h = p_hops;
        near := ARRAY(SELECT l.far_id FROM exhibit.link_step(near, known, mine) l
            GROUP BY l.far_id ORDER BY sum(1.0 / ln(2.0 + l.n)) DESC LIMIT 50);
        known := known || near;
    END LOOP;
END $$;

-- Money that moved, in a case that knows both ends; by their keys.
CREATE FUNCTION exhibit.transfer_add(
    p_case text, p_payer uuid, p_payee uuid, p_amount numeric, p_currency text,
    p_moved timestamptz, p_source text)
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    the_case bigint := exhibit.ask_case('transfer add', p_case);
    the_id bigint;
BEGIN
    INSERT INTO exhibit.transfer (case_id, payer, payee, amount, currency, moved_at, source)
    SELECT the_case, a.id, b.id, p_amount, p_currency, p_moved, p_source
    FROM exhibit.indicator a, exhibit.indicator b
    WHERE a.key = p_payer AND b.key = p_payee
      AND EXISTS (SELECT FROM exhibit.sighting s WHERE s.case_id = the_case AND s.indicator_id = a.id)
      AND EXISTS (SELECT FROM exhibit.sighting s WHERE s.case_id = the_case AND s.indicator_id = b.id)
    RETURNING id INTO the_id;
    RETURN the_id;
END $$;

CREATE FUNCTION exhibit.case_transfers(p_case text)
    RETURNS TABLE (payer text, payee text, amount numeric, currency text, moved_at timestamptz, source text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    the_case bigint;
BEGIN
    the_case := exhibit.ask_case('transfer list', p_case);
    IF the_case IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT a.value, b.value, t.amount, t.currency, t.moved_at, t.source
    FROM exhibit.transfer t JOIN exhibit.indicator a ON a.id = t.payer
    JOIN exhibit.indicator b ON b.id = t.payee
    WHERE t.case_id = the_case ORDER BY t.moved_at, t.id;
END $$;

CREATE FUNCTION exhibit.note_case(p_case text, p_text text, p_corrects bigint)
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    the_id bigint;
BEGIN
    IF exhibit.ask_case('case note', p_case) IS NULL OR (p_corrects IS NOT NULL AND NOT EXISTS (
        SELECT FROM exhibit.case_note n WHERE n.id = p_corrects AND n.case_number = p_case)) THEN
        RETURN NULL;
    END IF;
    INSERT INTO exhibit.case_note (case_number, text, corrects)
        VALUES (p_case, p_text, p_corrects) RETURNING id INTO the_id;
    PERFORM exhibit.casebook_refresh(p_case);
    RETURN the_id;
END $$;

CREATE FUNCTION exhibit.case_notes(p_case text)
    RETURNS TABLE (id bigint, corrects bigint, text text, who text, at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF exhibit.ask_case('case notes', p_case) IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT n.id, n.corrects, n.text, substr(n.who, 8), n.at
    FROM exhibit.case_note n WHERE n.case_number = p_case ORDER BY n.id;
END $$;

CREATE FUNCTION exhibit.watch_add(p_name text, q jsonb) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ts tsquery;
    the_id bigint;
BEGIN
    IF NOT exhibit.ask('watch add', q::text) THEN
        RETURN NULL;
    END IF;
    PERFORM exhibit.where_of(q);
    SELECT exhibit.term_query(x ->> 't', (x ->> 'prefix')::boolean) INTO ts
        FROM jsonb_array_elements(q -> 'all' -> 0 -> 'any') x LIMIT 1;
    IF jsonb_array_length(q -> 'all' -> 0 -> 'any') > 1 THEN
        FOR i IN 1..jsonb_array_length(q -> 'all' -> 0 -> 'any') - 1 LOOP
            ts := ts || exhibit.term_query(q -> 'all' -> 0 -> 'any' -> i ->> 't',
                (q -> 'all' -> 0 -> 'any' -> i ->> 'prefix')::boolean);
        END LOOP;
    END IF;
    INSERT INTO exhibit.watch (name, query, tokens) VALUES (p_name, q, ts)
        ON CONFLICT (owner, name) DO UPDATE SET query = excluded.query, tokens = excluded.tokens
        RETURNING id INTO the_id;
    RETURN the_id;
END $$;

CREATE FUNCTION exhibit.watch_end(p_name text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    the_id bigint;
BEGIN
    IF NOT exhibit.ask('watch end', p_name) THEN
        RETURN NULL;
    END IF;
    SELECT id INTO the_id FROM exhibit.watch WHERE owner = session_user AND name = p_name;
    DELETE FROM exhibit.alert WHERE watch_id = the_id;
    DELETE FROM exhibit.watch WHERE id = the_id;
    RETURN the_id IS NOT NULL;
END $$;

-- One's watches with the cases that match and that one may see; new: not seen
-- before.  Looking at them makes them seen.
CREATE FUNCTION exhibit.watch_list()
    RETURNS TABLE (name text, query jsonb, case_number text, title text, at timestamptz, is_new boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    mine text[] := exhibit.my_principals();
BEGIN
    IF NOT exhibit.ask('watch list', '') THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT w.name, w.query, c.case_number, c.title, a.at, a.id > w.seen
    FROM exhibit.watch w
    LEFT JOIN (exhibit.alert a JOIN exhibit.casebook c ON c.id = a.case_id
        AND EXISTS (SELECT FROM exhibit.case_reader r WHERE r.case_id = c.id
            AND r.principal = ANY (mine) AND (r.until IS NULL OR r.until > now())))
        ON a.watch_id = w.id
    WHERE w.owner = session_user ORDER BY w.name, a.id DESC;
    UPDATE exhibit.watch w SET seen = (SELECT coalesce(max(a.id), 0) FROM exhibit.alert a
        WHERE a.watch_id = w.id) WHERE w.owner = session_user;
END $$;

REVOKE ALL ON exhibit.casebook, exhibit.case_reader, exhibit.case_note, exhibit.indicator,
    exhibit.sighting, exhibit.transfer, exhibit.watch, exhibit.alert FROM PUBLIC;
REVOKE ALL ON FUNCTION exhibit.norm(text), exhibit.runs(text), exhibit.is_cjk(text),
    exhibit.tokens(text), exhibit.term_query(text, boolean), exhibit.like_of(text),
    exhibit.matches(text, jsonb), exhibit.run_watches(bigint), exhibit.opened(bytea),
    exhibit.casebook_text(text), exhibit.readers_of(jsonb), exhibit.case_columns(jsonb),
    exhibit.casebook_wrong(), exhibit.casebook_refresh(text),
    exhibit.case_entry_came(), exhibit.case_opening_went(), exhibit.case_fact_came(),
    exhibit.my_principals(), exhibit.may_search(), exhibit.seen_case(text), exhibit.where_of(jsonb),
    exhibit.ask(text, text), exhibit.ask_case(text, text),
    exhibit.link_step(bigint[], bigint[], text[]), exhibit.search_cases(jsonb, integer), exhibit.count_cases(jsonb),
    exhibit.facet_cases(jsonb),
    exhibit.indicator_import(text, jsonb),
    exhibit.indicator_find(text, text, text, integer), exhibit.looked_for(text),
    exhibit.link_cases(text, integer),
    exhibit.transfer_add(text, uuid, uuid, numeric, text, timestamptz, text),
    exhibit.case_transfers(text), exhibit.note_case(text, text, bigint), exhibit.case_notes(text),
    exhibit.watch_add(text, jsonb), exhibit.watch_end(text), exhibit.watch_list() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exhibit.may_search(), exhibit.seen_case(text),
    exhibit.search_cases(jsonb, integer),
    exhibit.count_cases(jsonb), exhibit.facet_cases(jsonb),
    exhibit.indicator_import(text, jsonb),
    exhibit.indicator_find(text, text, text, integer), exhibit.looked_for(text),
    exhibit.link_cases(text, integer),
    exhibit.transfer_add(text, uuid, uuid, numeric, text, timestamptz, text),
    exhibit.case_transfers(text), exhibit.note_case(text, text, bigint), exhibit.case_notes(text),
    exhibit.watch_add(text, jsonb), exhibit.watch_end(text), exhibit.watch_list()
    TO exhibit_people;
GRANT EXECUTE ON FUNCTION exhibit.casebook_wrong() TO exhibit_service;
