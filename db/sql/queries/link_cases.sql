-- Cases that share indicators with one.
SELECT case_number, title, hops, score::text, kind, value, by_case
FROM exhibit.link_cases($1, $2::integer)
