-- What is left of the openings of the entry at an index.
UPDATE exhibit.opening o SET openings = $2
FROM exhibit.tree_leaf l
WHERE l.index = $1 AND o.entry_id = l.entry_id
