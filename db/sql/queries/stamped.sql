-- The newest time-stamp of an authority: checkpoint and time; 0 when none.
SELECT coalesce(max(size), 0), coalesce(max(time), 0)
FROM exhibit.stamp WHERE authority = $1
