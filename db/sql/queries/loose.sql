-- Entries without an index, after an id, at most $2 of them.
SELECT e.id, e.stream, e.seq, e.entry, (q.entry_id IS NOT NULL)::int,
       (r.entry_id IS NOT NULL)::int, coalesce(r.code, ''),
       coalesce(r.reason, '')
FROM exhibit.entry e
LEFT JOIN exhibit.tree_leaf l ON l.entry_id = e.id
LEFT JOIN exhibit.queue q ON q.entry_id = e.id
LEFT JOIN exhibit.rejected r ON r.entry_id = e.id
WHERE l.entry_id IS NULL AND e.id > $1
ORDER BY e.id
LIMIT $2
