-- Store perfect subtrees; how many.
WITH done AS (
    INSERT INTO exhibit.node (level, index, hash)
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[])
    RETURNING 1
)
SELECT count(*) FROM done
