-- Roles, schema and the list of migrations: what migrations stand on.
DO $do$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'exhibit_owner') THEN
        CREATE ROLE exhibit_owner NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'exhibit_people') THEN
        CREATE ROLE exhibit_people NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'exhibit_service') THEN
        CREATE ROLE exhibit_service LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'exhibit_anchor') THEN
        CREATE ROLE exhibit_anchor LOGIN;
    END IF;
END
$do$;
CREATE SCHEMA IF NOT EXISTS exhibit AUTHORIZATION exhibit_owner;
CREATE TABLE IF NOT EXISTS exhibit.migration (
    version    integer     NOT NULL PRIMARY KEY,
    name       text        NOT NULL,
    sha256     text        NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
ALTER TABLE exhibit.migration OWNER TO exhibit_owner;
COMMENT ON SCHEMA exhibit IS 'Evidence intake and chain of custody';
COMMENT ON TABLE  exhibit.migration IS 'Migrations that were applied, each once and as it was then';
COMMENT ON COLUMN exhibit.migration.version IS 'Number, without gaps from 1';
COMMENT ON COLUMN exhibit.migration.name IS 'Name of its file';
COMMENT ON COLUMN exhibit.migration.sha256 IS 'SHA-256 of its file, hexadecimal; a program with another refuses to run';
COMMENT ON COLUMN exhibit.migration.applied_at IS 'The server''s clock';
