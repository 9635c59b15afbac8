-- Store facts, none twice; how many.
WITH done AS (
    INSERT INTO exhibit.fact (kind, id, case_number, value)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
    ON CONFLICT (kind, id) DO UPDATE
    SET case_number = excluded.case_number, value = excluded.value
    RETURNING 1
)
SELECT count(*) FROM done
