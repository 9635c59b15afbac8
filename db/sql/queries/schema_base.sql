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
