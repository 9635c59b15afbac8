-- What an admitted erase entry names is taken out of the openings: by the
-- sequencer, and by nobody else.
SET LOCAL search_path = pg_catalog, pg_temp;

GRANT UPDATE (openings), DELETE ON exhibit.opening TO exhibit_service;
