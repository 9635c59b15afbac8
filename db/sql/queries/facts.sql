-- Facts after ($2, $3) in order, of one kind if $1 is not null, at most $4.
SELECT kind, id, case_number, value FROM exhibit.fact
WHERE ($1::text IS NULL OR kind = $1)
  AND (kind COLLATE "C", id COLLATE "C") > ($2, $3)
ORDER BY kind COLLATE "C", id COLLATE "C"
LIMIT $4
