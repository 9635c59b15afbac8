-- One at a time.
SELECT pg_catalog.pg_advisory_xact_lock(7310, 2)
