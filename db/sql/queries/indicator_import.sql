-- Indicators into a case; NULL: no such case.
SELECT exhibit.indicator_import($1, $2::jsonb)
