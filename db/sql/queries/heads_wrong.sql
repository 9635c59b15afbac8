-- Streams whose head is neither their last admitted entry nor one that waits.
SELECT h.stream
FROM exhibit.head h
LEFT JOIN LATERAL (SELECT seq, leaf FROM exhibit.tree_leaf
                   WHERE stream = h.stream
                   ORDER BY seq DESC LIMIT 1) l ON true
WHERE NOT (h.seq = coalesce(l.seq, 0)
           AND h.leaf = coalesce(l.leaf, decode(repeat('00', 32), 'hex')))
  AND NOT EXISTS (SELECT FROM exhibit.entry e
                  JOIN exhibit.queue q ON q.entry_id = e.id
                  WHERE e.stream = h.stream AND e.seq = h.seq
                    AND e.leaf = h.leaf)
ORDER BY h.stream
