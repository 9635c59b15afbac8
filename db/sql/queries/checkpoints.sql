-- Signed checkpoints larger than a size, at most $2.
SELECT size, note FROM exhibit.checkpoint
WHERE size > $1 AND note IS NOT NULL
ORDER BY size LIMIT $2
