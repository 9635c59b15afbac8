-- What those are that answer a query.
SELECT facet, value, n FROM exhibit.facet_cases($1::jsonb)
