-- Sightings of an indicator.
SELECT kind, value, case_number, title, role, source, reliability,
       coalesce(to_char(seen_from AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), ''),
       coalesce(to_char(seen_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '')
FROM exhibit.indicator_find($1, $2, $3, $4::integer)
