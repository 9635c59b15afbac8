-- Store a perfect subtree.
INSERT INTO exhibit.node (level, index, hash) VALUES ($1, $2, $3)
