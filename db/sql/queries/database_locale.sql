-- What the database was made with.
SELECT pg_catalog.pg_encoding_to_char(encoding), datctype, datname
FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()
