-- The run is whole.
SELECT exhibit.catalogue_end($1::bigint, $2, $3)
