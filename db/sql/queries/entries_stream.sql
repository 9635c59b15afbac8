-- Indexed entries of a stream from a number on, at most $3 of them.
SELECT l.index, l.stream, l.seq, l.leaf, e.entry,
       coalesce(o.openings, ''::bytea), l.case_number,
       (extract(epoch FROM e.recorded_at) * 1000000)::bigint,
       e.body_sha256
FROM exhibit.tree_leaf l
JOIN exhibit.entry e ON e.id = l.entry_id
LEFT JOIN exhibit.opening o ON o.entry_id = e.id
WHERE l.stream = $1 AND l.seq >= $2
ORDER BY l.seq
LIMIT $3
