-- Set a stream's head to where its entries lead: to the last admitted one, or
-- to the last of those that wait and continue it.  The row is locked already.
WITH RECURSIVE chain (seq, leaf) AS (
    SELECT coalesce(l.seq, 0),
           coalesce(l.leaf, decode(repeat('00', 32), 'hex'))
    FROM (SELECT 1) one
    LEFT JOIN LATERAL (SELECT seq, leaf FROM exhibit.tree_leaf
                       WHERE stream = $1 ORDER BY seq DESC LIMIT 1) l ON true
    UNION
    SELECT e.seq, e.leaf
    FROM chain c
    JOIN exhibit.entry e
      ON e.stream = $1 AND e.seq = c.seq + 1 AND e.prev = c.leaf
    JOIN exhibit.queue q ON q.entry_id = e.id
)
UPDATE exhibit.head h
SET seq = c.seq, leaf = c.leaf
FROM (SELECT seq, leaf FROM chain ORDER BY seq DESC LIMIT 1) c
WHERE h.stream = $1
