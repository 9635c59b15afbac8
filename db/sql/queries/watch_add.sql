-- Keep a search; NULL: not for whoever asks.
SELECT exhibit.watch_add($1, $2::jsonb)
