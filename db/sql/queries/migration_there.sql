-- Has this database a list of migrations?
SELECT (pg_catalog.to_regclass('exhibit.migration') IS NOT NULL)::int
