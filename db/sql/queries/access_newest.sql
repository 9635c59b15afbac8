-- The newest row of the access log that can be seen now; 0: none.
SELECT coalesce(max(id), 0) FROM exhibit.access_log
