-- Store a checkpoint that is about to be signed.
INSERT INTO exhibit.checkpoint (size, root) VALUES ($1, $2)
