-- Is the house's database there?
SELECT count(*) FROM pg_catalog.pg_database WHERE datname = 'exhibit'
