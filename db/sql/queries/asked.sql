-- Take the requests for a heads entry.
WITH gone AS (DELETE FROM exhibit.wish RETURNING 1)
SELECT count(*) FROM gone
