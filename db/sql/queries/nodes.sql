-- Perfect subtrees after ($1, $2) in order, at most $3.
SELECT level, index, hash FROM exhibit.node
WHERE (level, index) > ($1, $2)
ORDER BY level, index
LIMIT $3
