-- Give entries their indexes; how many.
WITH done AS (
    INSERT INTO exhibit.tree_leaf (index, entry_id, stream, seq, leaf, case_number)
    SELECT v.index, e.id, e.stream, e.seq, v.leaf, e.case_number
    FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) AS v (id, index, leaf)
    JOIN exhibit.entry e ON e.id = v.id
    RETURNING 1
)
SELECT count(*) FROM done
