-- Store a fact.
INSERT INTO exhibit.fact (kind, id, case_number, value)
VALUES ($1, $2, $3, $4)
ON CONFLICT (kind, id) DO UPDATE
SET case_number = excluded.case_number, value = excluded.value
