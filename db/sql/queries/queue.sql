-- Waiting entries, first in first out.
SELECT e.id, e.stream, e.seq, e.prev, e.leaf, e.body_sha256, e.entry,
       e.case_number
FROM exhibit.queue q JOIN exhibit.entry e ON e.id = q.entry_id
ORDER BY q.entry_id
LIMIT $1
