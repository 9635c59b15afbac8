-- The newest checkpoint, signed or not.
SELECT size, root, (note IS NOT NULL)::int FROM exhibit.checkpoint
ORDER BY size DESC LIMIT 1
