-- Keep it no longer; 0: there was none.
SELECT coalesce(exhibit.watch_end($1), false)::integer
