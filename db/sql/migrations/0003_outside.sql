-- What others say about the log: cosignatures and time-stamps.  Each proves
-- itself; a row that is missing is asked for again.
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE exhibit.cosignature (
    size    bigint NOT NULL REFERENCES exhibit.checkpoint (size),
    witness text   NOT NULL CHECK (octet_length(witness) BETWEEN 1 AND 40),
    line    bytea  NOT NULL CHECK (octet_length(line) BETWEEN 1 AND 1024),
    time    bigint NOT NULL CHECK (time >= 0),
    PRIMARY KEY (size, witness)
);
COMMENT ON TABLE  exhibit.cosignature IS 'Witnesses'' lines under signed checkpoints, the first of each';
COMMENT ON COLUMN exhibit.cosignature.size IS 'The checkpoint';
COMMENT ON COLUMN exhibit.cosignature.witness IS 'Name in the policy';
COMMENT ON COLUMN exhibit.cosignature.line IS 'Its line of the signed note, type 0x04';
COMMENT ON COLUMN exhibit.cosignature.time IS 'When it says that it signed, seconds since 1970';

CREATE TABLE exhibit.stamp (
    size      bigint NOT NULL REFERENCES exhibit.checkpoint (size),
    authority text   NOT NULL CHECK (octet_length(authority) BETWEEN 1 AND 40),
    tsr       bytea  NOT NULL CHECK (octet_length(tsr) BETWEEN 1 AND 65536),
    time      bigint NOT NULL,
    PRIMARY KEY (size, authority)
);
COMMENT ON TABLE  exhibit.stamp IS 'Time-stamps (RFC 3161) over the three lines of signed checkpoints';
COMMENT ON COLUMN exhibit.stamp.size IS 'The checkpoint';
COMMENT ON COLUMN exhibit.stamp.authority IS 'Name in the policy';
COMMENT ON COLUMN exhibit.stamp.tsr IS 'TimeStampResp, DER';
COMMENT ON COLUMN exhibit.stamp.time IS 'genTime, microseconds since 1970';

CREATE TRIGGER cosignature_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON exhibit.cosignature
    FOR EACH STATEMENT EXECUTE FUNCTION exhibit.refuse_change();
ALTER TABLE exhibit.cosignature ENABLE ALWAYS TRIGGER cosignature_stays;
CREATE TRIGGER stamp_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON exhibit.stamp
    FOR EACH STATEMENT EXECUTE FUNCTION exhibit.refuse_change();
ALTER TABLE exhibit.stamp ENABLE ALWAYS TRIGGER stamp_stays;

-- The anchor has a network: it sees the tree and the policy, no entry.
CREATE POLICY anchor ON exhibit.fact FOR SELECT TO exhibit_anchor
    USING (kind = 'policy');
GRANT USAGE ON SCHEMA exhibit TO exhibit_anchor;
GRANT SELECT ON exhibit.checkpoint, exhibit.node, exhibit.fact,
    exhibit.migration, exhibit.cosignature, exhibit.stamp TO exhibit_anchor;
GRANT INSERT ON exhibit.cosignature, exhibit.stamp TO exhibit_anchor;
GRANT SELECT ON exhibit.cosignature, exhibit.stamp
    TO exhibit_people, exhibit_service;
