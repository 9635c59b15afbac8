-- Be the only sequencer while this session lasts.
SELECT pg_catalog.pg_try_advisory_lock(7310, 1)::int
