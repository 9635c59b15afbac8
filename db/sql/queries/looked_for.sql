-- Who else looked for what a case holds.
SELECT kind, value, org,
       to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM exhibit.looked_for($1)
