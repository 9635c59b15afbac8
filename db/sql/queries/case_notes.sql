-- Notes on a case.
SELECT id, coalesce(corrects, 0), text, who,
       to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM exhibit.case_notes($1)
