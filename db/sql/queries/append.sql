-- Append an entry; its id.
SELECT exhibit.append($1, $2, $3, $4, $5, $6, $7, $8)
