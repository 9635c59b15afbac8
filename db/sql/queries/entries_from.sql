-- Indexed entries from an index on, at most $2 of them.
SELECT l.index, l.stream, l.seq, l.leaf, e.entry,
       coalesce(o.openings, ''::bytea), l.case_number,
       (extract(epoch FROM e.recorded_at) * 1000000)::bigint,
       e.body_sha256
FROM exhibit.tree_leaf l
JOIN exhibit.entry e ON e.id = l.entry_id
LEFT JOIN exhibit.opening o ON o.entry_id = e.id
WHERE l.index >= $1
ORDER BY l.index
LIMIT $2
