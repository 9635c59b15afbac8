-- What is on an image: one run of a catalogue, and a line for each file.
--
-- Lines lie in partitions of a thousand runs each; never one partition a run.
-- They are written by COPY and read through functions that ask once whether
-- the caller may see the case.
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE exhibit.catalogue (
    run         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    image       text        NOT NULL CHECK (octet_length(image) BETWEEN 1 AND 64),
    case_number text        NOT NULL CHECK (octet_length(case_number) <= 256),
    principal   text        NOT NULL DEFAULT session_user,
    begun_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at    timestamptz,
    summary     text        CHECK (octet_length(summary) <= 16777216),
    sha256      bytea       CHECK (octet_length(sha256) = 32)
);
COMMENT ON TABLE  exhibit.catalogue IS 'Runs of exhibit catalogue';
COMMENT ON COLUMN exhibit.catalogue.run IS 'Number of the run';
COMMENT ON COLUMN exhibit.catalogue.image IS 'The image item';
COMMENT ON COLUMN exhibit.catalogue.case_number IS 'Case whose access list guards it';
COMMENT ON COLUMN exhibit.catalogue.principal IS 'Login role that ran it';
COMMENT ON COLUMN exhibit.catalogue.begun_at IS 'The server''s clock';
COMMENT ON COLUMN exhibit.catalogue.ended_at IS 'The server''s clock; NULL: it did not come to its end';
COMMENT ON COLUMN exhibit.catalogue.summary IS 'JSON: volumes, counts, findings; NULL until the end';
COMMENT ON COLUMN exhibit.catalogue.sha256 IS 'Digest of the canonical list, as the entry has it; NULL until the end';
CREATE INDEX catalogue_image ON exhibit.catalogue (image, run);

CREATE TABLE exhibit.catalogue_file (
    run          bigint   NOT NULL,
    no           bigint   NOT NULL,
    volume       integer  NOT NULL,
    stream_no    integer  NOT NULL,
    folder       text     COLLATE "C" NOT NULL,
    name         text     COLLATE "C" NOT NULL,
    stream       text     COLLATE "C" NOT NULL,
    link         text     COLLATE "C" NOT NULL,
    folder_raw   bytea,
    name_raw     bytea,
    stream_raw   bytea,
    link_raw     bytea,
    kind         smallint NOT NULL,
    flags        integer  NOT NULL,
    inode        bigint   NOT NULL,
    sequence     bigint   NOT NULL,
    attribute    integer  NOT NULL,
    attribute_id integer  NOT NULL,
    size         bigint   NOT NULL CHECK (size >= 0),
    room         bigint   NOT NULL CHECK (room >= 0),
    modified     bigint   NOT NULL,
    modified_ns  integer  NOT NULL,
    accessed     bigint   NOT NULL,
    accessed_ns  integer  NOT NULL,
    changed      bigint   NOT NULL,
    changed_ns   integer  NOT NULL,
    created      bigint   NOT NULL,
    created_ns   integer  NOT NULL,
    deleted      bigint   NOT NULL,
    deleted_ns   integer  NOT NULL,
    mode         integer  NOT NULL,
    links        bigint   NOT NULL,
    uid          bigint   NOT NULL,
    gid          bigint   NOT NULL,
    owner        text     NOT NULL,
    runs         bytea    NOT NULL,
    md5          bytea    CHECK (octet_length(md5) = 16),
    sha1         bytea    CHECK (octet_length(sha1) = 20),
    sha256       bytea    CHECK (octet_length(sha256) = 32),
    mime         text     NOT NULL,
    type         text     NOT NULL,
    entropy      smallint NOT NULL,
    known        smallint NOT NULL DEFAULT 0
) PARTITION BY RANGE (run);
COMMENT ON TABLE  exhibit.catalogue_file IS 'Lines of catalogues: docs/catalogue.md';
COMMENT ON COLUMN exhibit.catalogue_file.run IS 'The run';
COMMENT ON COLUMN exhibit.catalogue_file.no IS 'Number of the line, from 1';
COMMENT ON COLUMN exhibit.catalogue_file.volume IS 'Number of the volume';
COMMENT ON COLUMN exhibit.catalogue_file.stream_no IS 'Which line of its name, from 0';
COMMENT ON COLUMN exhibit.catalogue_file.folder IS 'Path of its folder, as it is shown';
COMMENT ON COLUMN exhibit.catalogue_file.name IS 'Its name, as it is shown';
COMMENT ON COLUMN exhibit.catalogue_file.stream IS 'Name of the stream or fork, as it is shown; empty: the content';
COMMENT ON COLUMN exhibit.catalogue_file.link IS 'Target of a symbolic link, as it is shown';
COMMENT ON COLUMN exhibit.catalogue_file.folder_raw IS 'Its bytes; NULL: those of the shown text';
COMMENT ON COLUMN exhibit.catalogue_file.name_raw IS 'Its bytes; NULL: those of the shown text';
COMMENT ON COLUMN exhibit.catalogue_file.stream_raw IS 'Its bytes; NULL: those of the shown text';
COMMENT ON COLUMN exhibit.catalogue_file.link_raw IS 'Its bytes; NULL: those of the shown text';
COMMENT ON COLUMN exhibit.catalogue_file.kind IS 'enum ex_file_kind';
COMMENT ON COLUMN exhibit.catalogue_file.flags IS 'EX_FILE_...';
COMMENT ON COLUMN exhibit.catalogue_file.inode IS 'Number of its metadata';
COMMENT ON COLUMN exhibit.catalogue_file.sequence IS 'How often that number was used (NTFS)';
COMMENT ON COLUMN exhibit.catalogue_file.attribute IS 'libtsk''s type of the attribute; 0: none';
COMMENT ON COLUMN exhibit.catalogue_file.attribute_id IS 'Number of the attribute';
COMMENT ON COLUMN exhibit.catalogue_file.size IS 'Bytes of the content';
COMMENT ON COLUMN exhibit.catalogue_file.room IS 'Bytes of the blocks that it has';
COMMENT ON COLUMN exhibit.catalogue_file.modified IS 'Seconds since 1970, UTC; 0 with 0 ns: none';
COMMENT ON COLUMN exhibit.catalogue_file.modified_ns IS 'Nanoseconds of it';
COMMENT ON COLUMN exhibit.catalogue_file.accessed IS 'Seconds since 1970, UTC';
COMMENT ON COLUMN exhibit.catalogue_file.accessed_ns IS 'Nanoseconds of it';
COMMENT ON COLUMN exhibit.catalogue_file.changed IS 'Change of its metadata, seconds since 1970, UTC';
COMMENT ON COLUMN exhibit.catalogue_file.changed_ns IS 'Nanoseconds of it';
COMMENT ON COLUMN exhibit.catalogue_file.created IS 'Seconds since 1970, UTC';
COMMENT ON COLUMN exhibit.catalogue_file.created_ns IS 'Nanoseconds of it';
COMMENT ON COLUMN exhibit.catalogue_file.deleted IS 'Deletion (ext), seconds since 1970, UTC';
COMMENT ON COLUMN exhibit.catalogue_file.deleted_ns IS 'Nanoseconds of it';
COMMENT ON COLUMN exhibit.catalogue_file.mode IS 'Permissions, as Unix has them';
COMMENT ON COLUMN exhibit.catalogue_file.links IS 'Names that its metadata count';
COMMENT ON COLUMN exhibit.catalogue_file.uid IS 'Owner';
COMMENT ON COLUMN exhibit.catalogue_file.gid IS 'Group';
COMMENT ON COLUMN exhibit.catalogue_file.owner IS 'Owner''s SID (NTFS)';
COMMENT ON COLUMN exhibit.catalogue_file.runs IS 'Where its bytes lie: 17 bytes each, place, length, kind';
COMMENT ON COLUMN exhibit.catalogue_file.md5 IS 'Of its content; NULL: not digested, flags say why';
COMMENT ON COLUMN exhibit.catalogue_file.sha1 IS 'The same';
COMMENT ON COLUMN exhibit.catalogue_file.sha256 IS 'The same';
COMMENT ON COLUMN exhibit.catalogue_file.mime IS 'MIME type, by libmagic';
COMMENT ON COLUMN exhibit.catalogue_file.type IS 'What libmagic says';
COMMENT ON COLUMN exhibit.catalogue_file.entropy IS 'Thousandths of a bit a byte, of the beginning; -1: none';
COMMENT ON COLUMN exhibit.catalogue_file.known IS '0: not looked up, 1: unknown, 2: known good, 3: known bad';
CREATE UNIQUE INDEX catalogue_file_no ON exhibit.catalogue_file (run, no);
CREATE INDEX catalogue_file_sha256 ON exhibit.catalogue_file (sha256);

-- A new run over an image that the person may see; its number.
CREATE FUNCTION exhibit.catalogue_begin(p_image text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    the_case text;
    new_run bigint;
    part bigint;
BEGIN
    SELECT case_number INTO the_case FROM exhibit.fact
        WHERE kind = 'item' AND id = p_image;
    IF NOT FOUND OR exhibit.me() IS NULL OR NOT exhibit.can_see(the_case) THEN
        RAISE EXCEPTION 'no access to this image' USING ERRCODE = '42501';
    END IF;
    INSERT INTO exhibit.catalogue (image, case_number)
        VALUES (p_image, the_case) RETURNING run INTO new_run;
    part := new_run / 1000;
    IF to_regclass(format('exhibit.catalogue_file_%s', part)) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('exhibit.catalogue_file'));
        EXECUTE format('CREATE TABLE IF NOT EXISTS exhibit.%I
            PARTITION OF exhibit.catalogue_file FOR VALUES FROM (%s) TO (%s)',
            'catalogue_file_' || part, part * 1000, (part + 1) * 1000);
    END IF;
    RETURN new_run;
END $$;

-- Lines come only into an open run of the one who brings them.
CREATE FUNCTION exhibit.catalogue_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT run FROM fresh) f
        WHERE NOT EXISTS (
            SELECT FROM exhibit.catalogue c
            WHERE c.run = f.run AND c.principal = session_user
              AND c.ended_at IS NULL)) THEN
        RAISE EXCEPTION 'not an open run of yours' USING ERRCODE = '42501';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER guard AFTER INSERT ON exhibit.catalogue_file
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION exhibit.catalogue_guard();
ALTER TABLE exhibit.catalogue_file ENABLE ALWAYS TRIGGER guard;

-- The run is whole.
CREATE FUNCTION exhibit.catalogue_end(
    p_run bigint, p_summary text, p_sha256 bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE exhibit.catalogue
        SET ended_at = clock_timestamp(), summary = p_summary,
            sha256 = p_sha256
        WHERE run = p_run AND principal = session_user AND ended_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'not an open run of yours' USING ERRCODE = '42501';
    END IF;
END $$;

-- The newest whole run over an image.
CREATE FUNCTION exhibit.catalogue_newest(p_image text)
    RETURNS TABLE (run bigint, summary text, sha256 bytea)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.run, c.summary, c.sha256 FROM exhibit.catalogue c
    WHERE c.image = p_image AND c.ended_at IS NOT NULL
      AND exhibit.can_see(c.case_number)
    ORDER BY c.run DESC LIMIT 1
$$;

-- Lines of a run behind one of them, at most so many.  NULL: any.
CREATE FUNCTION exhibit.catalogue_lines(
    p_run bigint, p_after bigint, p_max integer, p_like text, p_mime text,
    p_deleted boolean, p_known smallint, p_sha256 bytea)
    RETURNS SETOF exhibit.catalogue_file
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM exhibit.catalogue c
                   WHERE c.run = p_run AND exhibit.can_see(c.case_number)) THEN
        RAISE EXCEPTION 'no access to this image' USING ERRCODE = '42501';
    END IF;
    RETURN QUERY SELECT * FROM exhibit.catalogue_file f
        WHERE f.run = p_run AND f.no > p_after
          AND (p_like IS NULL OR f.name LIKE p_like
               OR f.folder || '/' || f.name LIKE p_like)
          AND (p_mime IS NULL OR f.mime LIKE p_mime)
          AND (p_deleted IS NULL OR (f.flags & 1 = 1) = p_deleted)
          AND (p_known IS NULL OR f.known = p_known)
          AND (p_sha256 IS NULL OR f.sha256 = p_sha256)
        ORDER BY f.no LIMIT p_max;
END $$;

REVOKE ALL ON exhibit.catalogue, exhibit.catalogue_file FROM PUBLIC;
REVOKE ALL ON FUNCTION
    exhibit.catalogue_begin(text), exhibit.catalogue_guard(),
    exhibit.catalogue_end(bigint, text, bytea),
    exhibit.catalogue_newest(text),
    exhibit.catalogue_lines(bigint, bigint, integer, text, text, boolean,
        smallint, bytea) FROM PUBLIC;
GRANT INSERT ON exhibit.catalogue_file TO exhibit_people;
GRANT EXECUTE ON FUNCTION
    exhibit.catalogue_begin(text),
    exhibit.catalogue_end(bigint, text, bytea),
    exhibit.catalogue_newest(text),
    exhibit.catalogue_lines(bigint, bigint, integer, text, text, boolean,
        smallint, bytea) TO exhibit_people;
GRANT SELECT ON exhibit.catalogue TO exhibit_service;
