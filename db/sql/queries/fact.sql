-- The value of a fact.
SELECT value FROM exhibit.fact WHERE kind = $1 AND id = $2
