-- Name an entry as rejected.
INSERT INTO exhibit.rejected (entry_id, code, reason) VALUES ($1, $2, $3)
