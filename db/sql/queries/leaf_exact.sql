-- The entry with this leaf.
SELECT index, stream, seq FROM exhibit.tree_leaf WHERE leaf = $1
