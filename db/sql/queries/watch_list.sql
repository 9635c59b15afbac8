-- One's watches and the cases that match.
SELECT name, query::text, coalesce(case_number, ''), coalesce(title, ''),
       coalesce(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), ''),
       coalesce(is_new, false)::integer
FROM exhibit.watch_list()
