-- The newest signed checkpoint.
SELECT note, (extract(epoch FROM made_at) * 1000000)::bigint
FROM exhibit.checkpoint WHERE note IS NOT NULL
ORDER BY size DESC LIMIT 1
