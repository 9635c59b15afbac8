-- Take entries off the queue; how many.
WITH gone AS (
    DELETE FROM exhibit.queue WHERE entry_id = ANY ($1::bigint[]) RETURNING 1
)
SELECT count(*) FROM gone
