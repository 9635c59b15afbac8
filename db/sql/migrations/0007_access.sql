-- Who looked at what, or tried to.  The rows are closed by anchor_tables
-- entries of the log: what was closed cannot be changed without it showing.
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE exhibit.access_log (
    id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    who     text        NOT NULL DEFAULT session_user,
    what    text        NOT NULL CHECK (octet_length(what) BETWEEN 1 AND 64),
    subject text        NOT NULL CHECK (octet_length(subject) <= 1024),
    purpose text        NOT NULL CHECK (octet_length(purpose) <= 1024),
    origin  text        NOT NULL CHECK (octet_length(origin) <= 64),
    allowed boolean     NOT NULL,
    salt    uuid        NOT NULL DEFAULT gen_random_uuid()
);
COMMENT ON TABLE  exhibit.access_log IS 'Who looked at what, or tried to; closed by anchor_tables entries';
COMMENT ON COLUMN exhibit.access_log.id IS 'Order; a number that was never used is no row that is missing';
COMMENT ON COLUMN exhibit.access_log.at IS 'The server''s clock';
COMMENT ON COLUMN exhibit.access_log.who IS 'Login role';
COMMENT ON COLUMN exhibit.access_log.what IS 'What was done: a command''s name';
COMMENT ON COLUMN exhibit.access_log.subject IS 'With which item, case or words';
COMMENT ON COLUMN exhibit.access_log.purpose IS 'What for, as far as it was said';
COMMENT ON COLUMN exhibit.access_log.origin IS 'Address of the client, local on a Unix socket';
COMMENT ON COLUMN exhibit.access_log.allowed IS 'False: there is none, or it may not be seen';
COMMENT ON COLUMN exhibit.access_log.salt IS 'So that nobody guesses a row from a root that bundles show';

CREATE TRIGGER access_log_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON exhibit.access_log
    FOR EACH STATEMENT EXECUTE FUNCTION exhibit.refuse_change();
ALTER TABLE exhibit.access_log ENABLE ALWAYS TRIGGER access_log_stays;

-- The one door for writing it.
CREATE FUNCTION exhibit.note_access(
    p_what text, p_subject text, p_purpose text, p_allowed boolean)
    RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO exhibit.access_log (what, subject, purpose, origin, allowed)
    VALUES (p_what, p_subject, p_purpose,
            coalesce(host(inet_client_addr()), 'local'), p_allowed);
END $$;

-- The newest row, and nobody adds any until the end of the transaction: whoever
-- has a number already has committed or never will.
CREATE FUNCTION exhibit.access_settled() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    LOCK TABLE exhibit.access_log IN SHARE MODE;
    RETURN (SELECT coalesce(max(id), 0) FROM exhibit.access_log);
END $$;

REVOKE ALL ON FUNCTION
    exhibit.note_access(text, text, text, boolean),
    exhibit.access_settled() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exhibit.note_access(text, text, text, boolean)
    TO exhibit_people, exhibit_service;
GRANT EXECUTE ON FUNCTION exhibit.access_settled() TO exhibit_service;
GRANT SELECT ON exhibit.access_log TO exhibit_service;
