-- The ledger: signed entries, their order, and what follows from them.
--
-- Entries are what counts.  Everything else here can be computed from them
-- again, and `exhibit log verify` does so and compares.
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE exhibit.entry (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream      text        NOT NULL CHECK (octet_length(stream) BETWEEN 5 AND 272),
    seq         bigint      NOT NULL CHECK (seq >= 1),
    prev        bytea       NOT NULL CHECK (octet_length(prev) = 32),
    leaf        bytea       NOT NULL CHECK (octet_length(leaf) = 32),
    body_sha256 bytea       NOT NULL UNIQUE CHECK (octet_length(body_sha256) = 32),
    entry       bytea       NOT NULL CHECK (octet_length(entry) BETWEEN 1 AND 65535),
    case_number text        NOT NULL CHECK (octet_length(case_number) <= 256),
    principal   text        NOT NULL DEFAULT session_user,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE  exhibit.entry IS 'Signed entries as they were appended; never updated or deleted';
COMMENT ON COLUMN exhibit.entry.id IS 'Order of arrival; no evidential meaning';
COMMENT ON COLUMN exhibit.entry.stream IS 'kind:id of the stream, as the body has it';
COMMENT ON COLUMN exhibit.entry.seq IS 'Number in its stream; a rejected entry''s number may come again';
COMMENT ON COLUMN exhibit.entry.prev IS 'Leaf of the stream''s entry before it; zeros at seq 1';
COMMENT ON COLUMN exhibit.entry.leaf IS 'SHA-256(0x00 || entry)';
COMMENT ON COLUMN exhibit.entry.body_sha256 IS 'SHA-256 of the signed body: the event''s identity';
COMMENT ON COLUMN exhibit.entry.entry IS 'CMS SignedData, DER';
COMMENT ON COLUMN exhibit.entry.case_number IS 'Case whose access list guards it; empty: the house''s';
COMMENT ON COLUMN exhibit.entry.principal IS 'Login role that appended it';
COMMENT ON COLUMN exhibit.entry.recorded_at IS 'The server''s clock; never printed as fact';
CREATE INDEX entry_stream ON exhibit.entry (stream, seq);

CREATE TABLE exhibit.opening (
    entry_id bigint NOT NULL PRIMARY KEY REFERENCES exhibit.entry (id),
    openings bytea  NOT NULL CHECK (octet_length(openings) BETWEEN 1 AND 16777216)
);
COMMENT ON TABLE  exhibit.opening IS 'Openings of the commitments of an entry';
COMMENT ON COLUMN exhibit.opening.entry_id IS 'The entry';
COMMENT ON COLUMN exhibit.opening.openings IS 'custody-openings/v1, canonical JSON';

CREATE TABLE exhibit.head (
    stream text   NOT NULL PRIMARY KEY,
    seq    bigint NOT NULL CHECK (seq >= 0),
    leaf   bytea  NOT NULL CHECK (octet_length(leaf) = 32)
);
COMMENT ON TABLE  exhibit.head IS 'Last appended entry of each stream; append() locks its row';
COMMENT ON COLUMN exhibit.head.stream IS 'kind:id';
COMMENT ON COLUMN exhibit.head.seq IS 'Its last number; 0: nothing stands';
COMMENT ON COLUMN exhibit.head.leaf IS 'Its last leaf';

CREATE TABLE exhibit.queue (
    entry_id bigint NOT NULL PRIMARY KEY REFERENCES exhibit.entry (id)
);
COMMENT ON TABLE  exhibit.queue IS 'Entries that wait for the sequencer';
COMMENT ON COLUMN exhibit.queue.entry_id IS 'The entry; first in, first out';

CREATE TABLE exhibit.tree_leaf (
    index       bigint NOT NULL PRIMARY KEY CHECK (index >= 0),
    entry_id    bigint NOT NULL UNIQUE REFERENCES exhibit.entry (id),
    stream      text   NOT NULL,
    seq         bigint NOT NULL,
    leaf        bytea  NOT NULL CHECK (octet_length(leaf) = 32),
    case_number text   NOT NULL,
    UNIQUE (stream, seq)
);
COMMENT ON TABLE  exhibit.tree_leaf IS 'Admitted entries in the order of the tree';
COMMENT ON COLUMN exhibit.tree_leaf.index IS 'Index of the leaf, without gaps from 0';
COMMENT ON COLUMN exhibit.tree_leaf.entry_id IS 'The entry';
COMMENT ON COLUMN exhibit.tree_leaf.stream IS 'Its stream';
COMMENT ON COLUMN exhibit.tree_leaf.seq IS 'Its number there';
COMMENT ON COLUMN exhibit.tree_leaf.leaf IS 'Its hash, computed by the sequencer';
COMMENT ON COLUMN exhibit.tree_leaf.case_number IS 'As in entry';
CREATE INDEX tree_leaf_hash ON exhibit.tree_leaf (leaf);

CREATE TABLE exhibit.node (
    level smallint NOT NULL CHECK (level BETWEEN 0 AND 63),
    index bigint   NOT NULL CHECK (index >= 0),
    hash  bytea    NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (level, index)
);
COMMENT ON TABLE  exhibit.node IS 'Perfect subtrees of the RFC 6962 tree';
COMMENT ON COLUMN exhibit.node.level IS 'Covers 2^level leaves';
COMMENT ON COLUMN exhibit.node.index IS 'From leaf index * 2^level on';
COMMENT ON COLUMN exhibit.node.hash IS 'Its hash';

CREATE TABLE exhibit.checkpoint (
    size    bigint      NOT NULL PRIMARY KEY CHECK (size >= 1),
    root    bytea       NOT NULL CHECK (octet_length(root) = 32),
    note    bytea       CHECK (octet_length(note) BETWEEN 1 AND 65536),
    made_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE  exhibit.checkpoint IS 'States of the tree that the log signed or is about to sign';
COMMENT ON COLUMN exhibit.checkpoint.size IS 'Leaves';
COMMENT ON COLUMN exhibit.checkpoint.root IS 'Root over them';
COMMENT ON COLUMN exhibit.checkpoint.note IS 'Signed note; NULL: not signed yet';
COMMENT ON COLUMN exhibit.checkpoint.made_at IS 'The server''s clock';

CREATE TABLE exhibit.rejected (
    entry_id    bigint      NOT NULL PRIMARY KEY REFERENCES exhibit.entry (id),
    code        text        NOT NULL CHECK (octet_length(code) BETWEEN 1 AND 32),
    reason      text        NOT NULL CHECK (octet_length(reason) <= 2048),
    rejected_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE  exhibit.rejected IS 'Entries that the sequencer did not admit; a signed reject entry names each';
COMMENT ON COLUMN exhibit.rejected.entry_id IS 'The entry';
COMMENT ON COLUMN exhibit.rejected.code IS 'Kind of reason, one word';
COMMENT ON COLUMN exhibit.rejected.reason IS 'Why';
COMMENT ON COLUMN exhibit.rejected.rejected_at IS 'The server''s clock';

CREATE TABLE exhibit.fact (
    kind        text NOT NULL CHECK (octet_length(kind) BETWEEN 1 AND 32),
    id          text NOT NULL CHECK (octet_length(id) BETWEEN 1 AND 300),
    case_number text NOT NULL CHECK (octet_length(case_number) <= 256),
    value       text NOT NULL CHECK (octet_length(value) <= 16777216),
    PRIMARY KEY (kind, id)
);
COMMENT ON TABLE  exhibit.fact IS 'The state of things as admitted entries make it; written by the sequencer, read by nobody who proves anything';
COMMENT ON COLUMN exhibit.fact.kind IS 'person, item, case, ...: custody/facts.h';
COMMENT ON COLUMN exhibit.fact.id IS 'Which one';
COMMENT ON COLUMN exhibit.fact.case_number IS 'Case whose access list guards it; empty: the house''s';
COMMENT ON COLUMN exhibit.fact.value IS 'Canonical JSON';
CREATE INDEX fact_case ON exhibit.fact (case_number, kind, id);

CREATE TABLE exhibit.wish (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    asked_by text        NOT NULL DEFAULT session_user,
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE  exhibit.wish IS 'Requests for a heads entry, until the sequencer has made it';
COMMENT ON COLUMN exhibit.wish.id IS 'Number';
COMMENT ON COLUMN exhibit.wish.asked_by IS 'Login role';
COMMENT ON COLUMN exhibit.wish.asked_at IS 'The server''s clock';

-- Mistakes are refused here.  Malice by a superuser is not, and shows in the
-- signed log.
CREATE FUNCTION exhibit.refuse_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% of exhibit.% is not possible: entries stay as they are',
        lower(TG_OP), TG_TABLE_NAME USING ERRCODE = 'EX001';
END $$;
CREATE TRIGGER entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON exhibit.entry
    FOR EACH STATEMENT EXECUTE FUNCTION exhibit.refuse_change();
ALTER TABLE exhibit.entry ENABLE ALWAYS TRIGGER entry_stays;
CREATE TRIGGER tree_leaf_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON exhibit.tree_leaf
    FOR EACH STATEMENT EXECUTE FUNCTION exhibit.refuse_change();
ALTER TABLE exhibit.tree_leaf ENABLE ALWAYS TRIGGER tree_leaf_stays;
CREATE TRIGGER node_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON exhibit.node
    FOR EACH STATEMENT EXECUTE FUNCTION exhibit.refuse_change();
ALTER TABLE exhibit.node ENABLE ALWAYS TRIGGER node_stays;

-- A checkpoint may only gain its note.
CREATE FUNCTION exhibit.only_sign() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.note IS NULL AND NEW.size = OLD.size AND NEW.root = OLD.root THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a signed checkpoint stays as it is' USING ERRCODE = 'EX001';
END $$;
CREATE TRIGGER checkpoint_signed BEFORE UPDATE ON exhibit.checkpoint
    FOR EACH ROW EXECUTE FUNCTION exhibit.only_sign();
ALTER TABLE exhibit.checkpoint ENABLE ALWAYS TRIGGER checkpoint_signed;
CREATE TRIGGER checkpoint_stays BEFORE DELETE OR TRUNCATE ON exhibit.checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION exhibit.refuse_change();
ALTER TABLE exhibit.checkpoint ENABLE ALWAYS TRIGGER checkpoint_stays;
