-- Nothing is left of the openings of the entry at an index.
DELETE FROM exhibit.opening o
USING exhibit.tree_leaf l
WHERE l.index = $1 AND o.entry_id = l.entry_id
