-- Store a checkpoint's signature.
UPDATE exhibit.checkpoint SET note = $2, made_at = clock_timestamp()
WHERE size = $1 AND note IS NULL
RETURNING size
