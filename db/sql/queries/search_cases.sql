-- The newest cases that answer a query.
SELECT case_number, title, body, level, sector, status, opened::text
FROM exhibit.search_cases($1::jsonb, $2::integer)
