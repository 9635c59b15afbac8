-- May whoever is connected see the case?
SELECT (exhibit.seen_case($1) IS NOT NULL)::integer
