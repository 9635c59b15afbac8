-- Keep the first time-stamp of an authority over a checkpoint.
INSERT INTO exhibit.stamp (size, authority, tsr, time)
VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
