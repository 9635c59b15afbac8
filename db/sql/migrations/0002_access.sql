-- Who may see and do what: people through one door each for writing and
-- asking, and rows of cases by the case's access list.
SET LOCAL search_path = pg_catalog, pg_temp;

-- The person behind a login role, or NULL.
CREATE FUNCTION exhibit.me() RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN session_user LIKE 'person\_%'
                THEN substr(session_user::text, 8) END
$$;

-- May the person who is connected see this case?  The opener's organisation
-- may; of a sealed case only its opener, its prosecutor and those granted.
CREATE FUNCTION exhibit.can_see(wanted text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT wanted = '' OR EXISTS (
        SELECT FROM exhibit.fact c, exhibit.fact p
        WHERE c.kind = 'case' AND c.id = wanted
          AND p.kind = 'person' AND p.id = exhibit.me()
          AND (c.value::jsonb ->> 'opener' = p.id
               OR c.value::jsonb ->> 'prosecutor' = p.id
               OR (c.value::jsonb ->> 'sealed' = '0'
                   AND c.value::jsonb ->> 'org' = p.value::jsonb ->> 'org')
               OR EXISTS (
                   SELECT FROM jsonb_each_text(c.value::jsonb -> 'grants') g
                   WHERE g.key IN (p.id, p.value::jsonb ->> 'org')
                     AND (g.value = '' OR g.value::timestamptz > now()))))
$$;

-- Receipt 1: the entry is committed, not yet admitted.
CREATE FUNCTION exhibit.append(
    p_stream text, p_seq bigint, p_prev bytea, p_leaf bytea,
    p_body_sha256 bytea, p_entry bytea, p_openings bytea, p_case text)
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    head exhibit.head%ROWTYPE;
    known exhibit.entry%ROWTYPE;
    new_id bigint;
BEGIN
    SELECT * INTO known FROM exhibit.entry WHERE body_sha256 = p_body_sha256;
    IF FOUND THEN
        IF known.entry = p_entry THEN
            RETURN known.id;
        END IF;
        RAISE EXCEPTION 'this event is there in another encoding'
            USING ERRCODE = '23505';
    END IF;
    IF EXISTS (SELECT FROM exhibit.fact WHERE kind = 'case' AND id = p_case)
       AND exhibit.me() IS NOT NULL AND NOT exhibit.can_see(p_case) THEN
        RAISE EXCEPTION 'no access to this case' USING ERRCODE = '42501';
    END IF;
    INSERT INTO exhibit.head (stream, seq, leaf)
        VALUES (p_stream, 0, decode(repeat('00', 32), 'hex'))
        ON CONFLICT (stream) DO NOTHING;
    SELECT * INTO head FROM exhibit.head WHERE stream = p_stream FOR UPDATE;
    IF head.seq + 1 <> p_seq OR head.leaf <> p_prev THEN
        RAISE EXCEPTION 'the stream has moved' USING ERRCODE = '40001';
    END IF;
    INSERT INTO exhibit.entry
        (stream, seq, prev, leaf, body_sha256, entry, case_number)
        VALUES (p_stream, p_seq, p_prev, p_leaf, p_body_sha256, p_entry, p_case)
        RETURNING id INTO new_id;
    IF octet_length(p_openings) > 0 THEN
        INSERT INTO exhibit.opening VALUES (new_id, p_openings);
    END IF;
    INSERT INTO exhibit.queue VALUES (new_id);
    UPDATE exhibit.head SET seq = p_seq, leaf = p_leaf WHERE stream = p_stream;
    NOTIFY exhibit;
    RETURN new_id;
END $$;

-- What became of an event: state, index, code, reason.
CREATE FUNCTION exhibit.status(p_body_sha256 bytea)
    RETURNS TABLE (state text, index bigint, code text, reason text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN l.index IS NOT NULL THEN 'included'
                WHEN r.code IS NOT NULL THEN 'rejected'
                ELSE 'waiting' END,
           coalesce(l.index, -1), coalesce(r.code, ''), coalesce(r.reason, '')
    FROM exhibit.entry e
    LEFT JOIN exhibit.tree_leaf l ON l.entry_id = e.id
    LEFT JOIN exhibit.rejected r ON r.entry_id = e.id
    WHERE e.body_sha256 = p_body_sha256
$$;

-- Ask for a heads entry.
CREATE FUNCTION exhibit.ask_heads() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO exhibit.wish DEFAULT VALUES;
    NOTIFY exhibit;
END $$;

-- Numbers of waiting and rejected entries.
CREATE FUNCTION exhibit.counts(OUT queued bigint, OUT rejected bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT (SELECT count(*) FROM exhibit.queue),
           (SELECT count(*) FROM exhibit.rejected)
$$;

ALTER TABLE exhibit.entry     ENABLE ROW LEVEL SECURITY;
ALTER TABLE exhibit.opening   ENABLE ROW LEVEL SECURITY;
ALTER TABLE exhibit.tree_leaf ENABLE ROW LEVEL SECURITY;
ALTER TABLE exhibit.fact      ENABLE ROW LEVEL SECURITY;
CREATE POLICY people ON exhibit.entry FOR SELECT TO exhibit_people
    USING (exhibit.can_see(case_number));
CREATE POLICY people ON exhibit.tree_leaf FOR SELECT TO exhibit_people
    USING (exhibit.can_see(case_number));
CREATE POLICY people ON exhibit.fact FOR SELECT TO exhibit_people
    USING (exhibit.can_see(case_number));
CREATE POLICY people ON exhibit.opening FOR SELECT TO exhibit_people
    USING (EXISTS (SELECT FROM exhibit.entry e
                   WHERE e.id = entry_id AND exhibit.can_see(e.case_number)));
CREATE POLICY service ON exhibit.entry     TO exhibit_service USING (true) WITH CHECK (true);
CREATE POLICY service ON exhibit.opening   TO exhibit_service USING (true) WITH CHECK (true);
CREATE POLICY service ON exhibit.tree_leaf TO exhibit_service USING (true) WITH CHECK (true);
CREATE POLICY service ON exhibit.fact      TO exhibit_service USING (true) WITH CHECK (true);

REVOKE ALL ON ALL TABLES IN SCHEMA exhibit FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA exhibit FROM PUBLIC;
GRANT USAGE ON SCHEMA exhibit TO exhibit_people, exhibit_service;
GRANT SELECT ON exhibit.entry, exhibit.opening, exhibit.tree_leaf,
    exhibit.fact, exhibit.node, exhibit.checkpoint, exhibit.migration
    TO exhibit_people;
GRANT EXECUTE ON FUNCTION
    exhibit.append(text, bigint, bytea, bytea, bytea, bytea, bytea, text),
    exhibit.status(bytea), exhibit.ask_heads(), exhibit.counts(),
    exhibit.me(), exhibit.can_see(text)
    TO exhibit_people, exhibit_service;
GRANT SELECT ON ALL TABLES IN SCHEMA exhibit TO exhibit_service;
GRANT INSERT ON exhibit.tree_leaf, exhibit.node, exhibit.checkpoint,
    exhibit.rejected, exhibit.fact TO exhibit_service;
GRANT UPDATE ON exhibit.head, exhibit.fact TO exhibit_service;
GRANT UPDATE (note, made_at) ON exhibit.checkpoint TO exhibit_service;
GRANT DELETE ON exhibit.queue, exhibit.wish TO exhibit_service;

-- A person's login role, once.  For whoever may make roles.
CREATE FUNCTION exhibit.add_person(p_role text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = p_role) THEN
        EXECUTE format('CREATE ROLE %I LOGIN', p_role);
    END IF;
    EXECUTE format('GRANT exhibit_people TO %I', p_role);
END $$;
REVOKE ALL ON FUNCTION exhibit.add_person(text) FROM PUBLIC;
