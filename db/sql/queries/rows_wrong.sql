-- Columns of entries that say something else than their place in the tree,
-- heads that no entry gives, and checkpoints whose size and root are not what
-- was signed, and cases that are searched as something else: index (-1: of a
-- head, -2: of a checkpoint, -3: of a searched case), stream, which.
SELECT l.index, l.stream,
       CASE WHEN e.stream <> l.stream OR e.seq <> l.seq THEN 'stream and seq'
            WHEN e.leaf <> l.leaf THEN 'leaf'
            WHEN e.case_number <> l.case_number THEN 'case_number'
            ELSE 'prev' END
FROM exhibit.tree_leaf l
JOIN exhibit.entry e ON e.id = l.entry_id
LEFT JOIN exhibit.tree_leaf p ON p.stream = l.stream AND p.seq = l.seq - 1
WHERE e.stream <> l.stream OR e.seq <> l.seq OR e.leaf <> l.leaf
   OR e.case_number <> l.case_number
   OR e.prev <> coalesce(p.leaf, decode(repeat('00', 32), 'hex'))
UNION ALL
SELECT -1, s.stream, 'head'
FROM (SELECT stream FROM exhibit.head
      UNION SELECT stream FROM exhibit.tree_leaf) s
LEFT JOIN exhibit.head h ON h.stream = s.stream
LEFT JOIN LATERAL (SELECT seq, leaf FROM exhibit.tree_leaf
                   WHERE stream = s.stream
                   ORDER BY seq DESC LIMIT 1) l ON true
WHERE (h.stream IS NULL
       OR NOT (h.seq = coalesce(l.seq, 0)
               AND h.leaf = coalesce(l.leaf, decode(repeat('00', 32), 'hex'))))
  AND NOT EXISTS (SELECT FROM exhibit.entry e
                  JOIN exhibit.queue q ON q.entry_id = e.id
                  WHERE e.stream = h.stream AND e.seq = h.seq
                    AND e.leaf = h.leaf)
UNION ALL
SELECT -2, size::text, 'size and root'
FROM exhibit.checkpoint
WHERE position(convert_to(E'\n' || size || E'\n' || encode(root, 'base64')
                          || E'\n', 'UTF8') IN note) = 0
UNION ALL
SELECT -3, stream, what FROM exhibit.casebook_wrong()
ORDER BY 1, 2
