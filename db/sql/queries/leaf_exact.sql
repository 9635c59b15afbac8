-- The entry with this leaf.
SELECT l.index, l.stream, l.seq, e.entry
FROM exhibit.tree_leaf l
JOIN exhibit.entry e ON e.id = l.entry_id
WHERE l.leaf = $1
