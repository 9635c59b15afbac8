-- How many answer a query, up to 10,001.
SELECT coalesce(exhibit.count_cases($1::jsonb), 0)
