-- One more was applied.
INSERT INTO exhibit.migration (version, name, sha256) VALUES ($1, $2, $3)
