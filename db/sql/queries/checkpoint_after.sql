-- When the first signed checkpoint larger than a size was made.
SELECT (extract(epoch FROM made_at) * 1000000)::bigint
FROM exhibit.checkpoint WHERE size > $1 AND note IS NOT NULL
ORDER BY size LIMIT 1
