-- Set a stream's head back to its last admitted entry, unless entries that
-- wait continue it already.
UPDATE exhibit.head h
SET seq = coalesce(l.seq, 0),
    leaf = coalesce(l.leaf, decode(repeat('00', 32), 'hex'))
FROM (SELECT 1) one
LEFT JOIN LATERAL (SELECT seq, leaf FROM exhibit.tree_leaf
                   WHERE stream = $1 ORDER BY seq DESC LIMIT 1) l ON true
WHERE h.stream = $1
