-- append() with fewer steps, and announced only while nobody looks.
--
-- Commits that NOTIFY wait for each other, disk and all: one entry a flush,
-- however many people write.  So the sequencer says for how long it will look
-- at the queue anyway.  Functions are plpgsql, which keeps their plans.
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE UNLOGGED TABLE exhibit.awake (
    one   boolean     NOT NULL PRIMARY KEY DEFAULT true CHECK (one),
    until timestamptz NOT NULL
);
COMMENT ON TABLE  exhibit.awake IS 'Until when the sequencer looks at the queue without being told';
COMMENT ON COLUMN exhibit.awake.one IS 'There is one row';
COMMENT ON COLUMN exhibit.awake.until IS 'The server''s clock';
GRANT SELECT, INSERT, UPDATE ON exhibit.awake TO exhibit_service;

ALTER TABLE exhibit.head SET (fillfactor = 70);
ALTER TABLE exhibit.fact SET (fillfactor = 80);

-- A usual entry fits into its row; certificates and signatures do not shrink.
ALTER TABLE exhibit.entry ALTER entry SET STORAGE EXTERNAL;
ALTER TABLE exhibit.entry SET (toast_tuple_target = 8160);
ALTER TABLE exhibit.opening ALTER openings SET STORAGE EXTERNAL;
ALTER TABLE exhibit.opening SET (toast_tuple_target = 8160);

-- The server reads the text of each CHECK anew at each statement: one, and a
-- short one.  Heads are written out of entries alone, and so are the rows
-- that lead to them: append() puts them in together.
CREATE FUNCTION exhibit.fits(stream text, seq bigint, prev bytea, leaf bytea,
    body_sha256 bytea, entry bytea, case_number text)
    RETURNS boolean LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN octet_length(stream) BETWEEN 5 AND 272 AND seq >= 1
        AND octet_length(prev) = 32 AND octet_length(leaf) = 32
        AND octet_length(body_sha256) = 32
        AND octet_length(entry) BETWEEN 1 AND 65535
        AND octet_length(case_number) <= 256;
END $$;
ALTER TABLE exhibit.entry
    DROP CONSTRAINT entry_stream_check,
    DROP CONSTRAINT entry_seq_check,
    DROP CONSTRAINT entry_prev_check,
    DROP CONSTRAINT entry_leaf_check,
    DROP CONSTRAINT entry_body_sha256_check,
    DROP CONSTRAINT entry_entry_check,
    DROP CONSTRAINT entry_case_number_check,
    ADD CONSTRAINT entry_fits CHECK (exhibit.fits(
        stream, seq, prev, leaf, body_sha256, entry, case_number));
REVOKE ALL ON FUNCTION exhibit.fits(
    text, bigint, bytea, bytea, bytea, bytea, text) FROM PUBLIC;
ALTER TABLE exhibit.head
    DROP CONSTRAINT head_seq_check,
    DROP CONSTRAINT head_leaf_check;
ALTER TABLE exhibit.queue DROP CONSTRAINT queue_entry_id_fkey;
ALTER TABLE exhibit.opening DROP CONSTRAINT opening_entry_id_fkey;

CREATE OR REPLACE FUNCTION exhibit.can_see(wanted text) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who text := exhibit.me();
    seen_case jsonb;
    person jsonb;
BEGIN
    IF wanted = '' THEN
        RETURN true;
    END IF;
    SELECT value INTO person FROM exhibit.fact WHERE kind = 'person' AND id = who;
    SELECT value INTO seen_case FROM exhibit.fact WHERE kind = 'case' AND id = wanted;
    IF person IS NULL OR seen_case IS NULL THEN
        RETURN false;
    END IF;
    RETURN coalesce(seen_case ->> 'opener' = who
        OR seen_case ->> 'prosecutor' = who
        OR (seen_case ->> 'sealed' = '0'
            AND seen_case ->> 'org' = person ->> 'org')
        OR EXISTS (
            SELECT FROM jsonb_each_text(seen_case -> 'grants') g
            WHERE g.key IN (who, person ->> 'org')
              AND (g.value = '' OR g.value::timestamptz > now())), false);
END $$;

-- Receipt 1: the entry is committed, not yet admitted.
CREATE OR REPLACE FUNCTION exhibit.append(
    p_stream text, p_seq bigint, p_prev bytea, p_leaf bytea,
    p_body_sha256 bytea, p_entry bytea, p_openings bytea, p_case text)
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known record;
    new_id bigint;
BEGIN
    IF session_user LIKE 'person\_%' AND NOT exhibit.can_see(p_case)
       AND EXISTS (SELECT FROM exhibit.fact WHERE kind = 'case' AND id = p_case) THEN
        RAISE EXCEPTION 'no access to this case' USING ERRCODE = '42501';
    END IF;
    -- Whoever holds the row is waited for, and what it says then counts.
    UPDATE exhibit.head SET seq = p_seq, leaf = p_leaf
        WHERE stream = p_stream AND seq = p_seq - 1 AND leaf = p_prev;
    IF NOT FOUND AND p_seq = 1
       AND p_prev = '\x0000000000000000000000000000000000000000000000000000000000000000' THEN
        INSERT INTO exhibit.head (stream, seq, leaf)
            VALUES (p_stream, p_seq, p_leaf) ON CONFLICT (stream) DO NOTHING;
    END IF;
    IF NOT FOUND THEN
        SELECT id, entry = p_entry AS same INTO known
            FROM exhibit.entry WHERE body_sha256 = p_body_sha256;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the stream has moved' USING ERRCODE = '40001';
        ELSIF known.same THEN
            RETURN known.id;
        END IF;
        RAISE EXCEPTION 'this event is there in another encoding'
            USING ERRCODE = '23505';
    END IF;
    WITH put AS (
        INSERT INTO exhibit.entry
            (stream, seq, prev, leaf, body_sha256, entry, case_number)
            VALUES (p_stream, p_seq, p_prev, p_leaf, p_body_sha256, p_entry, p_case)
            RETURNING id
    ), opened AS (
        INSERT INTO exhibit.opening
            SELECT id, p_openings FROM put WHERE octet_length(p_openings) > 0
    ), queued AS (
        INSERT INTO exhibit.queue SELECT id FROM put
    )
    SELECT id INTO new_id FROM put;
    IF NOT EXISTS (SELECT FROM exhibit.awake WHERE until > clock_timestamp()) THEN
        NOTIFY exhibit;
    END IF;
    RETURN new_id;
END $$;
