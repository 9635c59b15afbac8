-- Keep the first cosignature of a witness under a checkpoint.
INSERT INTO exhibit.cosignature (size, witness, line, time)
VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
