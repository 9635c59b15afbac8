-- Give an entry its index.
INSERT INTO exhibit.tree_leaf (index, entry_id, stream, seq, leaf, case_number)
SELECT $2, id, stream, seq, $3, case_number FROM exhibit.entry WHERE id = $1
RETURNING index
